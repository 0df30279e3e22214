//! The headings of the article, to jump to one of them.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::outline::Heading;

/// The list of headings.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The selected row.
    pub cursor: OverlayCursor,
    headings: Vec<Heading>,
}

impl Outline {
    /// The notice if the article has no headings.
    pub const NOTHING: &'static str = "This article has no headings";

    /// These headings, with the one at `selected`.
    pub fn new(headings: Vec<Heading>, selected: usize) -> Outline {
        Outline { cursor: OverlayCursor::on(selected), headings }
    }

    /// The headings.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }
}

impl OverlayBehaviour for Outline {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.headings.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => {
                let heading = self.headings.get(self.cursor.at);
                Outcome::Close(heading.map(|heading| OverlayRequest::ShowHeading(heading.at)).into_iter().collect())
            }
            _ => Outcome::Ignored,
        }
    }
}
