//! Draws the list of themes, at the right edge, so that most of the screen shows the selected theme.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use super::typed_line::TypedLine;
use crate::app::{FrameInfo, ThemeList};
use crate::text::{self, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &ThemeList, info: &mut FrameInfo) {
    const COLUMNS: u16 = 34;
    let styles = view.styles;
    let themes = view.app.themes();
    let row = |row: usize, columns: usize| {
        let index = list.rows.items().get(row).copied();
        let Some((index, name)) = index.and_then(|index| Some((index, themes.names().get(index)?))) else {
            return Vec::new();
        };
        let note = match index {
            index if index == themes.shown() => "in use ",
            index if index == themes.chosen() => "from settings ",
            _ => match list.is_light(index) {
                Some(true) => "light ",
                Some(false) => "dark ",
                None => "",
            },
        };
        let mut spans = vec![selection_mark(row == list.rows.cursor.at, view)];
        spans.extend(text::fit(name, columns.saturating_sub(2 + note.len()), styles.text));
        spans.push(span(note, styles.dim));
        vec![Line::from(spans)]
    };
    let typed = TypedLine::of_rows(&list.rows, "part of a name, dark or light");
    let list_box = ListBox {
        title: "Themes",
        columns: COLUMNS,
        count: list.rows.items().len(),
        cursor: list.rows.cursor,
        height: 1,
        typed,
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    let left = area.width.saturating_sub(COLUMNS + 2);
    list_box.draw(Rect { x: area.x + left, width: area.width - left, ..area }, buf, view, info);
}
