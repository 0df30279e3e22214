//! The selected row of a list on top of the panes.

/// A selected row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCursor {
    /// The row, from 0.
    pub at: usize,
    /// The first row shown, where a pointer has put it; none: the selected one stands in the middle.
    pub top: Option<usize>,
}

impl ListCursor {
    /// On a row.
    pub fn on(at: usize) -> ListCursor {
        ListCursor { at, top: None }
    }

    /// Moves among `count` rows; stops at the ends.
    pub fn step(&mut self, rows: isize, count: usize) {
        *self = ListCursor::on(self.at.saturating_add_signed(rows).min(count.saturating_sub(1)));
    }
}
