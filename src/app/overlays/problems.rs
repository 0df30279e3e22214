//! The list of problems of files; Enter opens the file in the editor.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::overlay_cursor::OverlayCursor;

/// The list of problems of files.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemList {
    /// The selected row.
    pub cursor: OverlayCursor,
}

impl ProblemList {
    /// The notice if there are no problems.
    pub const NOTHING: &'static str = "No problems: all files were read";

    /// The list; `None` if there are no problems.
    pub fn open(session: &SessionParts) -> Option<ProblemList> {
        (!session.problems.is_empty()).then(ProblemList::default)
    }

    /// Selects a row of `count` rows; `None` keeps the selected one.
    pub fn select(&mut self, row: Option<usize>, count: usize) {
        self.cursor.at = row.unwrap_or(self.cursor.at).min(count.saturating_sub(1));
    }
}

impl OverlayBehaviour for ProblemList {
    fn selection(&mut self, session: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, session.problems.len()))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        if !matches!(action, Action::Open | Action::Edit) {
            return Outcome::Ignored;
        }
        let selected = session.problems.get(self.cursor.at).map(Effect::edit_problem);
        Outcome::Close(selected.map(OverlayRequest::Perform).into_iter().collect())
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("edit")
    }
}
