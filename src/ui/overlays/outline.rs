//! Draws the headings of the article, each indented by its level, or its footnotes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use super::typed_line::TypedLine;
use crate::app::{FrameInfo, Outline};
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &Outline, info: &mut FrameInfo) {
    let styles = view.styles;
    // Many articles begin at the second level: the highest one that occurs has no indent.
    let highest = list.all().iter().map(|row| row.level).min().unwrap_or(1);
    let row = |row: usize, columns: usize| {
        let Some(heading) = list.row(row) else { return Vec::new() };
        let indent = 2 * heading.level.saturating_sub(highest);
        let room = columns.saturating_sub(2 + indent);
        vec![Line::from(vec![
            selection_mark(row == list.rows.cursor.at, view),
            repeat(" ", indent, styles.dim),
            span(text::cut(&heading.text, room), styles.text),
        ])]
    };
    let list_box = ListBox {
        title: list.title(),
        columns: 80,
        count: list.rows.items().len(),
        cursor: list.rows.cursor,
        height: 1,
        typed: TypedLine::of_rows(&list.rows, "part of a heading"),
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
