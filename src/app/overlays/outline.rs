//! The headings or the footnotes of the article, to jump to one of them.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::anchors::Footnote;
use crate::feed::outline::Heading;
use crate::feed::{SafeText, clean};

/// A row of the list.
#[derive(Clone, Debug)]
pub struct OutlineRow {
    /// The level of a heading, 1 for a footnote.
    pub level: usize,
    /// The text of the heading, or the number and the text of the footnote.
    pub text: SafeText,
    /// The byte of the body to which it leads.
    at: Option<usize>,
}

/// The list of headings or footnotes.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The selected row.
    pub cursor: OverlayCursor,
    title: &'static str,
    rows: Vec<OutlineRow>,
}

impl Outline {
    /// The notice if the article has no headings.
    pub const NOTHING: &'static str = "This article has no headings";

    /// These headings, with the one at `selected`.
    pub fn new(headings: Vec<Heading>, selected: usize) -> Outline {
        let row = |Heading { level, text, at, .. }| OutlineRow { level, text, at: Some(at) };
        Outline { cursor: OverlayCursor::on(selected), title: "Outline", rows: headings.into_iter().map(row).collect() }
    }

    /// These footnotes, with the one at `selected`.
    pub fn of_footnotes(footnotes: Vec<Footnote>, selected: usize) -> Outline {
        let row = |Footnote { number, text, note, reference }| OutlineRow {
            level: 1,
            text: clean::plain_line(&format!("[^{number}] {text}")),
            at: note.or(reference),
        };
        let rows: Vec<OutlineRow> = footnotes.into_iter().map(row).collect();
        let selected = selected.min(rows.len().saturating_sub(1));
        Outline { cursor: OverlayCursor::on(selected), title: "Footnotes", rows }
    }

    /// The title of the list.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The rows.
    pub fn rows(&self) -> &[OutlineRow] {
        &self.rows
    }
}

impl OverlayBehaviour for Outline {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.rows.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => {
                let at = self.rows.get(self.cursor.at).and_then(|row| row.at);
                Outcome::Close(at.map(OverlayRequest::ShowPlace).into_iter().collect())
            }
            _ => Outcome::Ignored,
        }
    }
}
