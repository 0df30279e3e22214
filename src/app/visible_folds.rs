//! The foldable blocks of the article that the last frame showed.

use super::frame_items::FrameItems;
use crate::text::PAGE_DETAILS;

/// Limit of lines with titles of foldable blocks that can be clicked.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VisibleFolds {
    /// The lines with their titles, from top to bottom.
    pub lines: FrameItems<FoldLine, MAX_LINES>,
    /// The number of the innermost one around the first line on the screen, if its title is above the screen.
    pub around_top: Option<u32>,
}

impl VisibleFolds {
    /// The number of the block that a key means, and whether it is open: the first whose title is on the screen, else the one
    /// that the screen shows a part of.
    pub fn chosen(&self) -> Option<(u32, bool)> {
        // The details at the end of the page have a key of their own.
        let first = self.lines.iter().find(|line| line.number != PAGE_DETAILS).map(|line| (line.number, line.is_open));
        first.or(self.around_top.filter(|number| *number != PAGE_DETAILS).map(|number| (number, true)))
    }

    /// Whether a block is open, if that is known from the screen.
    pub fn state(&self, number: u32) -> Option<bool> {
        let around = self.around_top.filter(|around| *around == number).map(|_| true);
        around.or_else(|| self.lines.iter().find(|line| line.number == number).map(|line| line.is_open))
    }
}
