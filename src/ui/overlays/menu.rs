//! Draws a menu, beside the cell that was clicked: each entry with its key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{FrameInfo, Menu};
use crate::feed::{SafeText, clean};
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Columns of the borders, of the sign before an entry, and of a blank at its end.
const BESIDE: usize = 5;
/// Blanks before a key.
const GAP: usize = 2;

/// Draws the menu, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, menu: &Menu, info: &mut FrameInfo) {
    let styles = view.styles;
    let key = |row: usize| -> SafeText {
        let key = menu.entries.get(row).and_then(|entry| view.keymap.key_of(entry.action));
        clean::plain_line(&view.key_names(&key.unwrap_or_default()))
    };
    let widest = |width: &dyn Fn(usize) -> usize| (0..menu.entries.len()).map(width).max().unwrap_or_default();
    let words = widest(&|row| menu.entries.get(row).map_or(0, |entry| text::width(entry.words)));
    let keys = widest(&|row| text::width(key(row).as_str()));
    // The title and the counter must fit too.
    let columns = (BESIDE + words + GAP + keys).max(text::width(menu.subject.title()) + 12);
    let row = |row: usize, columns: usize| {
        let Some(entry) = menu.entries.get(row) else { return Vec::new() };
        let key = key(row);
        let room = columns.saturating_sub(3 + text::width(key.as_str()));
        let mut spans = vec![selection_mark(row == menu.cursor.at, view)];
        spans.extend(text::fit(&entry.words.into(), room, styles.text));
        spans.extend([span(key, styles.accent), repeat(" ", 1, styles.text)]);
        vec![Line::from(spans)]
    };
    let list_box = ListBox {
        title: menu.subject.title(),
        columns: u16::try_from(columns).unwrap_or(u16::MAX),
        count: menu.entries.len(),
        cursor: menu.cursor,
        height: 1,
        typed: None,
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    match menu.at {
        Some(cell) => list_box.draw_beside(area, cell, buf, view, info),
        None => list_box.draw(area, buf, view, info),
    }
    info.overlay.is_menu = true;
}
