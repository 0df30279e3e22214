//! The list of sort orders.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;
use crate::query::{Sort, SortKey};

/// The list of sort orders.
#[derive(Clone, Copy, Debug)]
pub struct SortList {
    /// The selected row.
    pub cursor: OverlayCursor,
}

impl SortList {
    /// The sort orders, with the present one selected.
    pub fn open(session: &SessionParts) -> SortList {
        let present = session.query.sort().map(|sort| sort.key);
        let at = SortKey::ALL.iter().position(|key| Some(*key) == present).unwrap_or(0);
        SortList { cursor: OverlayCursor::on(at) }
    }
}

impl OverlayBehaviour for SortList {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, SortKey::ALL.len()))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        if action != Action::Open {
            return Outcome::Ignored;
        }
        let Some(key) = SortKey::ALL.get(self.cursor.at).copied() else { return Outcome::close() };
        // Choosing the present order again reverses it.
        let sort = match session.query.sort() {
            Some(sort) if sort.key == key => sort.reversed(),
            _ => Sort::by(key),
        };
        Outcome::Close(vec![OverlayRequest::SetQuery(session.query.sorted(sort))])
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("sort")
    }
}
