//! The last notices, the newest first.

use super::behaviour::{Below, Layer, Outcome};
use crate::app::action::Action;
use crate::app::list_cursor::Cursor;

/// The notices of the session.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoticeList {
    /// The selected row.
    pub cursor: Cursor,
}

impl NoticeList {
    /// Said where there is no notice.
    pub const NOTHING: &'static str = "no notices yet";

    /// The notices; none when there is no notice.
    pub fn open(below: &Below) -> Option<NoticeList> {
        (below.notices.history().len() > 0).then(NoticeList::default)
    }
}

impl Layer for NoticeList {
    fn selection(&mut self, below: &Below) -> Option<(&mut Cursor, usize)> {
        Some((&mut self.cursor, below.notices.history().len()))
    }

    fn act(&mut self, action: Action, _below: &Below) -> Outcome {
        if action == Action::Open { Outcome::close() } else { Outcome::Ignored }
    }
}
