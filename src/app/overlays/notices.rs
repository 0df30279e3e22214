//! The list of the last notices, the newest first.

use super::behaviour::{Outcome, OverlayBehaviour, SessionParts};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;

/// The list of the notices of the session.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoticeList {
    /// The selected row.
    pub cursor: OverlayCursor,
}

impl NoticeList {
    /// The notice if there are no notices.
    pub const NOTHING: &'static str = "No notices yet";

    /// The list; `None` if there are no notices.
    pub fn open(session: &SessionParts) -> Option<NoticeList> {
        (session.notices.history().len() > 0).then(NoticeList::default)
    }
}

impl OverlayBehaviour for NoticeList {
    fn selection(&mut self, session: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, session.notices.history().len()))
    }

    fn act(&mut self, action: Action, _session: &SessionParts) -> Outcome {
        if action == Action::Open { Outcome::close() } else { Outcome::Ignored }
    }

    /// Enter only closes the list, so the footer must not say that it chooses something.
    fn is_available(&self, action: Action) -> bool {
        !matches!(action, Action::Open | Action::Toggle | Action::Complete | Action::SaveSearch | Action::Search)
    }
}
