//! The selected row of a list in an overlay.

/// The selected row of a list, and its scroll position if the mouse set one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverlayCursor {
    /// The row, from 0.
    pub at: usize,
    /// The first row shown, if a click or the wheel set it. `None`: the selected row is kept in the middle.
    pub top: Option<usize>,
}

impl OverlayCursor {
    /// A cursor on a row, without a scroll position of its own.
    pub fn on(at: usize) -> OverlayCursor {
        OverlayCursor { at, top: None }
    }

    /// Moves by `rows` among `count` rows; stops at the ends.
    pub fn step(&mut self, rows: isize, count: usize) {
        *self = OverlayCursor::on(self.at.saturating_add_signed(rows).min(count.saturating_sub(1)));
    }
}
