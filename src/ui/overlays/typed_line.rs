//! The first line of an overlay whose list is narrowed by typed text: the text, and what is picked or missing.

use ratatui::text::{Line, Span};

use crate::app::TextInput;
use crate::app::overlays::{NO_MATCH, NarrowedRows};
use crate::feed::{SafeText, clean};
use crate::text::{self, span};
use crate::ui::frame_input::FrameInput;

/// Prefix of the typed text.
const SIGN: &str = " › ";
/// Columns that words behind the text may take of a long text.
const MIN_NOTE: usize = 24;

/// The line above a list that typed text narrows.
pub struct TypedLine<'a> {
    input: &'a TextInput,
    is_typing: bool,
    note: SafeText,
    picked: Vec<SafeText>,
}

impl<'a> TypedLine<'a> {
    /// The line of a text that leaves `rows` rows. `hint` says what can be typed.
    pub fn new(input: &'a TextInput, rows: usize, hint: SafeText) -> TypedLine<'a> {
        let note = match (input.text().is_empty(), rows) {
            (true, _) => hint,
            (false, 0) => NO_MATCH.into(),
            (false, _) => SafeText::default(),
        };
        TypedLine { input, is_typing: true, note, picked: Vec::new() }
    }

    /// The line of a list in which a key begins the text; `None` before.
    pub fn of_rows(rows: &'a NarrowedRows, hint: &'static str) -> Option<TypedLine<'a>> {
        rows.is_typing.then(|| TypedLine::new(&rows.input, rows.items().len(), hint.into()))
    }

    /// The same line; without a cursor if keys do not type text.
    pub fn typing(self, is_typing: bool) -> TypedLine<'a> {
        TypedLine { is_typing, ..self }
    }

    /// The same line with other words behind the text.
    pub fn with_note(self, note: SafeText) -> TypedLine<'a> {
        TypedLine { note, ..self }
    }

    /// The same line with the names of the picked rows, which may not be on the screen.
    pub fn with_picked(self, picked: Vec<SafeText>) -> TypedLine<'a> {
        TypedLine { picked, ..self }
    }

    /// The words behind the text.
    fn words(&self) -> Vec<SafeText> {
        let picked = match self.picked.len() {
            0 => SafeText::default(),
            count => clean::run(&format!("{count} picked: {}", clean::join(&self.picked, ", "))),
        };
        // What can be typed is less important than what is picked.
        let is_hint = self.input.text().is_empty() && !picked.is_empty();
        let note = if is_hint { SafeText::default() } else { self.note.clone() };
        [note, picked].into_iter().filter(|words| !words.is_empty()).collect()
    }

    /// The part of the typed text before the cursor, and the part behind it, in at most `columns`: the end of the one, the beginning
    /// of the other.
    fn halves(&self, columns: usize) -> (SafeText, SafeText) {
        let (before, behind) = self.input.halves();
        let least = if self.words().is_empty() { 0 } else { MIN_NOTE.min(columns / 2) };
        let room = columns.saturating_sub(text::width(SIGN) + 1 + least);
        let before = text::cut_start(&before, room);
        let behind = text::cut(&behind, room.saturating_sub(text::width(before.as_str())));
        (before, behind)
    }

    /// The column of the cursor in a line of `columns`.
    pub fn cursor_column(&self, columns: usize) -> usize {
        text::width(SIGN) + text::width(self.halves(columns).0.as_str())
    }

    /// The line, cut to `columns`.
    pub fn line(&self, view: &FrameInput, columns: usize) -> Line<'static> {
        let styles = view.styles;
        let (before, behind) = self.halves(columns);
        let mut spans: Vec<Span<'static>> = vec![
            span(SIGN, styles.accent),
            span(before, styles.text),
            span(if self.is_typing { "▏" } else { "" }, styles.accent),
            span(behind, styles.text),
        ];
        let is_typed = !self.input.text().is_empty();
        for (number, words) in self.words().into_iter().enumerate() {
            let gap = if is_typed || number > 0 { "  " } else { "" };
            let room = columns.saturating_sub(text::spans_width(&spans) + gap.len());
            let style = if self.picked.is_empty() || words == self.note { styles.dim } else { styles.accent };
            spans.extend([span(gap, style), span(text::cut(&words, room), style)]);
        }
        Line::from(spans)
    }
}
