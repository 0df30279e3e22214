//! Draws the suggested channels with checkboxes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, record_boxes, selection_mark};
use super::typed_line::TypedLine;
use crate::app::{ChannelPicker, FrameInfo};
use crate::feed::clean;
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, picker: &ChannelPicker, info: &mut FrameInfo) {
    const TOPIC: usize = 13;
    let styles = view.styles;
    let count = picker.rows.items().len();
    let row = |row: usize, columns: usize| {
        let Some(channel) = picker.channel(row) else { return Vec::new() };
        let topic = clean::join(&channel.topics, ", ");
        let room = columns.saturating_sub(TOPIC + 7);
        let box_ = if picker.is_picked(channel) { "[x] " } else { "[ ] " };
        let mut spans = vec![selection_mark(row == picker.rows.cursor.at, view), span(box_, styles.accent)];
        spans.extend(text::fit(&channel.title, room, styles.text));
        spans.extend([repeat(" ", 1, styles.dim), span(text::cut(&topic, TOPIC), styles.topic)]);
        vec![Line::from(spans)]
    };
    let list_box = ListBox {
        title: "Subscribe to channels",
        columns: 64,
        count,
        cursor: picker.rows.cursor,
        height: 1,
        typed: Some(
            TypedLine::new(&picker.rows.input, count, "type to narrow".into()).with_picked(picker.picked_titles()),
        ),
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
    record_boxes(info);
}
