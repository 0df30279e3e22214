//! The related pane: a selection among what goes with the article.

use super::scroll::scrolled;

/// The selected entry and the first one shown.
#[derive(Clone, Debug, Default)]
pub struct RelatedPane {
    selected: usize,
    offset: usize,
}

impl RelatedPane {
    /// The selected entry.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The first entry shown, before the frame makes sure that the selection is.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Selects one of `count` entries.
    pub fn select(&mut self, entry: usize, count: usize) {
        self.selected = entry.min(count.saturating_sub(1));
    }

    /// Moves the selection; stops at the ends.
    pub fn step(&mut self, entries: isize, count: usize) {
        self.select(self.selected.saturating_add_signed(entries), count);
    }

    /// Scrolls; the selection moves only where its row would not be among the `height` that are shown.
    pub fn scroll(&mut self, by: isize, height: usize, count: usize) {
        (self.offset, self.selected) = scrolled((self.offset, self.selected), by, height, count);
    }

    /// Goes back to the first entry, for another article.
    pub fn rewind(&mut self) {
        *self = RelatedPane::default();
    }

    /// Takes over what the frame showed.
    pub fn frame_drawn(&mut self, offset: usize) {
        self.offset = offset;
    }
}
