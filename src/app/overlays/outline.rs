//! The headings or the footnotes of the article, to jump to one of them. Typing narrows the list.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::narrowed_rows::NarrowedRows;
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::feed::anchors::Footnote;
use crate::feed::outline::Heading;
use crate::feed::{SafeText, clean};
use crate::query::fold;

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
    /// The headings or footnotes, by index. Parts of their texts are typed.
    pub rows: NarrowedRows,
    title: &'static str,
    all: Vec<OutlineRow>,
}

impl Outline {
    /// The notice if the article has no headings.
    pub const NOTHING: &'static str = "This article has no headings";

    /// These headings, with the one at `selected`.
    pub fn new(headings: Vec<Heading>, selected: usize) -> Outline {
        let row = |Heading { level, text, at, .. }| OutlineRow { level, text, at: Some(at) };
        Outline::with("Outline", headings.into_iter().map(row).collect(), selected)
    }

    /// These footnotes, with the one at `selected`.
    pub fn of_footnotes(footnotes: Vec<Footnote>, selected: usize) -> Outline {
        let row = |Footnote { number, text, note, reference }| OutlineRow {
            level: 1,
            text: clean::plain_line(&format!("[^{number}] {text}")),
            at: note.or(reference),
        };
        Outline::with("Footnotes", footnotes.into_iter().map(row).collect(), selected)
    }

    fn with(title: &'static str, all: Vec<OutlineRow>, selected: usize) -> Outline {
        let mut rows = NarrowedRows::of(all.iter().map(|row| fold(row.text.as_str())).collect());
        rows.select(selected.min(all.len().saturating_sub(1)));
        Outline { rows, title, all }
    }

    /// The title of the list.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// All headings or footnotes.
    pub fn all(&self) -> &[OutlineRow] {
        &self.all
    }

    /// The heading or footnote of a row.
    pub fn row(&self, row: usize) -> Option<&OutlineRow> {
        self.all.get(*self.rows.items().get(row)?)
    }
}

impl OverlayBehaviour for Outline {
    fn context(&self) -> Context {
        if self.rows.is_typing { Context::Picker } else { Context::Overlay }
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.rows.items().len();
        Some((&mut self.rows.cursor, count))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => match self.row(self.rows.cursor.at) {
                Some(row) => Outcome::Close(row.at.map(OverlayRequest::ShowPlace).into_iter().collect()),
                None => self.rows.refuse(),
            },
            action if self.rows.act(action, 0) => Outcome::stay(),
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.rows.paste(text);
        Outcome::stay()
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("go")
    }

    fn is_available(&self, action: Action) -> bool {
        self.rows.is_available(action)
    }
}
