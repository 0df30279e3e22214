//! Draws the saved searches, each with its query and counts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{Command, FrameInfo, SavedSearchList};
use crate::feed::clean;
use crate::text::{self, grouped, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &SavedSearchList, info: &mut FrameInfo) {
    const COUNTS: usize = 16;
    let styles = view.styles;
    let row = |row: usize, columns: usize| {
        let Some(saved) = list.rows.get(row) else { return Vec::new() };
        let counts = match (&saved.query, saved.counts) {
            (Err(_), _) => "invalid".into(),
            (_, None) => "…".into(),
            (_, Some((unread, all))) => clean::run(&format!("{} / {}", grouped(unread), grouped(all))),
        };
        let name = clean::plain_line(&saved.name);
        let missing = COUNTS.saturating_sub(text::width(counts.as_str()));
        let mut first = vec![selection_mark(row == list.cursor.at, view)];
        let keys = clean::plain_line(&view.keymap.keys_of(&Command::shows_saved(&saved.name)).join(" "));
        let behind = text::width(keys.as_str()) + usize::from(!keys.is_empty());
        first.extend(text::fit(&name, columns.saturating_sub(COUNTS + 3 + behind), styles.text));
        first.extend([span(keys, styles.accent), repeat(" ", usize::from(behind > 0), styles.dim)]);
        first.extend([repeat(" ", missing, styles.dim), span(counts, styles.accent)]);
        let (words, style) = match &saved.query {
            Ok(_) => (clean::plain_line(&saved.text), styles.dim),
            Err(error) => (clean::plain_line(&error.what), styles.warning),
        };
        let words = text::cut(&words, columns.saturating_sub(5));
        vec![Line::from(first), Line::from(vec![repeat(" ", 4, styles.dim), span(words, style)])]
    };
    let list_box = ListBox {
        title: "Saved searches: unread / all",
        columns: 80,
        count: list.rows.len(),
        cursor: list.cursor,
        height: 2,
        typed: None,
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
