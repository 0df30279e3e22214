//! Draws the suggested channels with checkboxes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use super::prompt;
use crate::app::{Action, ChannelPicker, FrameInfo};
use crate::feed::clean;
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, picker: &ChannelPicker, info: &mut FrameInfo) {
    const TOPIC: usize = 13;
    let styles = view.styles;
    let rows = picker.rows();
    let hint = match (picker.input.text().is_empty(), rows.is_empty(), picker.picked()) {
        (false, true, _) => "  no match".into(),
        (true, _, 0) => match view.keymap.key_of(Action::Toggle) {
            Some(key) => clean::run(&format!("type to narrow; {} picks several", view.key_names(&key))),
            None => "type to narrow".into(),
        },
        (_, _, 0) => Default::default(),
        (_, _, count) => clean::run(&format!("  {count} picked")),
    };
    let row = |row: usize, columns: usize| {
        let Some(channel) = rows.get(row) else { return Vec::new() };
        let topic = clean::join(&channel.topics, ", ");
        let room = columns.saturating_sub(TOPIC + 7);
        let box_ = if picker.is_picked(channel) { "[x] " } else { "[ ] " };
        let mut spans = vec![selection_mark(row == picker.cursor.at, view), span(box_, styles.accent)];
        spans.extend(text::fit(&channel.title, room, styles.text));
        spans.extend([repeat(" ", 1, styles.dim), span(text::cut(&topic, TOPIC), styles.topic)]);
        vec![Line::from(spans)]
    };
    let list_box = ListBox {
        title: "Subscribe to channels",
        columns: 64,
        count: rows.len(),
        cursor: picker.cursor,
        height: 1,
        head: vec![prompt::in_box(view, &picker.input, true, hint)],
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
