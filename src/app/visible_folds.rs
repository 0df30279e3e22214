//! The foldable blocks of the article that the last frame showed.

use crate::text::PAGE_DETAILS;

/// Limit of lines with titles of foldable blocks that can be clicked. A fixed array, as for links.
const MAX_LINES: usize = 64;

/// A line with the title of a foldable block, or a part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FoldLine {
    /// Its row on the screen.
    pub row: u16,
    /// The number of the block in the body.
    pub number: u32,
    /// Its content is shown.
    pub is_open: bool,
}

/// The foldable blocks on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisibleFolds {
    lines: [FoldLine; MAX_LINES],
    count: usize,
    /// The number of the innermost one around the first line on the screen, if its title is above the screen.
    pub around_top: Option<u32>,
}

impl Default for VisibleFolds {
    fn default() -> VisibleFolds {
        VisibleFolds { lines: [FoldLine::default(); MAX_LINES], count: 0, around_top: None }
    }
}

impl VisibleFolds {
    /// Adds a line; after `MAX_LINES` of them, none.
    pub fn push(&mut self, line: FoldLine) {
        if let Some(place) = self.lines.get_mut(self.count) {
            *place = line;
            self.count += 1;
        }
    }

    /// The lines, from top to bottom.
    pub fn lines(&self) -> impl Iterator<Item = &FoldLine> {
        self.lines.iter().take(self.count)
    }

    /// The number of the block that a key means, and whether it is open: the first whose title is on the screen, else the one
    /// that the screen shows a part of.
    pub fn chosen(&self) -> Option<(u32, bool)> {
        // The details at the end of the page have a key of their own.
        let first = self.lines().find(|line| line.number != PAGE_DETAILS).map(|line| (line.number, line.is_open));
        first.or(self.around_top.filter(|number| *number != PAGE_DETAILS).map(|number| (number, true)))
    }

    /// Whether a block is open, if that is known from the screen.
    pub fn state(&self, number: u32) -> Option<bool> {
        let around = self.around_top.filter(|around| *around == number).map(|_| true);
        around.or_else(|| self.lines().find(|line| line.number == number).map(|line| line.is_open))
    }
}
