//! Draws the topics, providers or tags with checkboxes and counts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, record_boxes, selection_mark};
use super::typed_line::TypedLine;
use crate::app::{FrameInfo, LabelPicker};
use crate::feed::clean;
use crate::query::Field;
use crate::text::{self, grouped, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, picker: &LabelPicker, info: &mut FrameInfo) {
    let styles = view.styles;
    let count = picker.rows.items().len();
    let hint = if count == 0 { "none here" } else { "type to narrow" };
    let typed = TypedLine::new(&picker.rows.input, count, hint.into()).with_picked(picker.picked_names());
    let typed = if picker.is_counting() { typed.with_note("counting …".into()) } else { typed };
    let (title, style) = match picker.field {
        Field::Topic => ("Topics: unread / all", styles.topic),
        Field::Tag => ("Tags: unread / all", styles.topic),
        _ => ("Providers: unread / all", styles.provider),
    };
    let row = |row: usize, columns: usize| {
        let Some(label) = picker.label(row) else { return Vec::new() };
        let (unread, all) = label.counts;
        let count = clean::run(&format!("{} / {}", grouped(unread), grouped(all)));
        let room = columns.saturating_sub(text::width(count.as_str()) + 8);
        let box_ = if picker.is_picked(label) { "[x] " } else { "[ ] " };
        let mut spans = vec![selection_mark(row == picker.rows.cursor.at, view), span(box_, styles.accent)];
        spans.extend(text::fit(&label.name, room, style));
        spans.extend([span(" ", styles.dim), span(count, styles.dim)]);
        vec![Line::from(spans)]
    };
    let list_box = ListBox {
        title,
        columns: 50,
        count,
        cursor: picker.rows.cursor,
        height: 1,
        typed: Some(typed),
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
    record_boxes(info);
}
