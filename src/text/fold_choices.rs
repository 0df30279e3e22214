//! Which foldable blocks of an article are open.

use std::collections::BTreeMap;

use crate::feed::{PagePart, TextPosition};

/// The number of the foldable block that is not in the body: the details at the end of the page. They are folded at first.
pub const PAGE_DETAILS: u32 = u32::MAX;

/// Where the title of the details is.
pub const PAGE_DETAILS_PLACE: TextPosition = TextPosition { part: PagePart::Foot, block: 1000, inside: 0 };

/// What the user chose for the foldable blocks of an article, by their numbers. The others are as their author wants them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoldChoices {
    /// The choice for all blocks without one of their own.
    all: Option<bool>,
    of: BTreeMap<u32, bool>,
}

impl FoldChoices {
    /// All blocks are open.
    pub fn all_open() -> FoldChoices {
        FoldChoices::all(true)
    }

    /// All blocks are open, or all are folded.
    pub fn all(is_open: bool) -> FoldChoices {
        FoldChoices { all: Some(is_open), of: BTreeMap::new() }
    }

    /// Whether a block is open, which its author wants open at first or not.
    pub fn is_open(&self, number: u32, at_first: bool) -> bool {
        self.of.get(&number).copied().or(self.all).unwrap_or(at_first)
    }

    /// Opens or folds a block.
    pub fn set(&mut self, number: u32, is_open: bool) {
        self.of.insert(number, is_open);
    }

    /// Opens or folds a block for which nothing was chosen.
    pub fn set_default(&mut self, number: u32, is_open: bool) {
        if self.all.is_none() {
            self.of.entry(number).or_insert(is_open);
        }
    }
}
