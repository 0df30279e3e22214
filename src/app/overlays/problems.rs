//! What is wrong with files, with the way to each of them.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::list_cursor::ListCursor;

/// The problems of files.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemList {
    /// The selected row.
    pub cursor: ListCursor,
}

impl ProblemList {
    /// Said where there is no problem.
    pub const NOTHING: &'static str = "No problems: all files were read";

    /// The problems; none when there is no problem.
    pub fn open(session: &SessionParts) -> Option<ProblemList> {
        (!session.problems.is_empty()).then(ProblemList::default)
    }

    /// Selects a row of `count`; none keeps the present one.
    pub fn select(&mut self, row: Option<usize>, count: usize) {
        self.cursor.at = row.unwrap_or(self.cursor.at).min(count.saturating_sub(1));
    }
}

impl OverlayBehaviour for ProblemList {
    fn selection(&mut self, session: &SessionParts) -> Option<(&mut ListCursor, usize)> {
        Some((&mut self.cursor, session.problems.len()))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        if !matches!(action, Action::Open | Action::Edit) {
            return Outcome::Ignored;
        }
        let selected = session.problems.get(self.cursor.at).map(Effect::edit_problem);
        Outcome::Close(selected.map(OverlayRequest::Perform).into_iter().collect())
    }
}
