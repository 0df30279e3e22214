//! Draws the list of themes, at the right edge, so that most of the screen shows the selected theme.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{FrameInfo, ThemeList};
use crate::text::{self, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &ThemeList, info: &mut FrameInfo) {
    const COLUMNS: u16 = 34;
    let styles = view.styles;
    let themes = view.app.themes();
    let row = |row: usize, columns: usize| {
        let Some(name) = themes.names().get(row) else { return Vec::new() };
        let note = match row {
            row if row == themes.shown() => "in use ",
            row if row == themes.chosen() => "from settings ",
            _ => "",
        };
        let mut spans = vec![selection_mark(row == list.cursor.at, view)];
        spans.extend(text::fit(name, columns.saturating_sub(2 + note.len()), styles.text));
        spans.push(span(note, styles.dim));
        vec![Line::from(spans)]
    };
    let list_box = ListBox {
        title: "Themes",
        columns: COLUMNS,
        count: themes.names().len(),
        cursor: list.cursor,
        height: 1,
        head: Vec::new(),
        row: &row,
    };
    let left = area.width.saturating_sub(COLUMNS + 2);
    list_box.draw(Rect { x: area.x + left, width: area.width - left, ..area }, buf, view, info);
}
