//! Draws the topics or providers with checkboxes and counts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use super::prompt;
use crate::app::{FrameInfo, LabelPicker};
use crate::feed::{SafeText, clean};
use crate::query::Field;
use crate::text::{self, grouped, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, picker: &LabelPicker, info: &mut FrameInfo) {
    let styles = view.styles;
    let rows = picker.rows();
    let typed = picker.input.text();
    let hint = match (picker.is_counting(), typed.is_empty(), rows.is_empty()) {
        (true, ..) => "  counting …",
        (_, true, true) => "  none here",
        (_, false, true) => "  no match",
        (_, true, _) if picker.picked().is_empty() => "type to narrow",
        _ => "",
    };
    let mut prompt = prompt::in_box(view, &picker.input, true, hint.into());
    prompt.push_span(span(picked_words(picker), styles.accent));
    let style = if picker.field == Field::Topic { styles.topic } else { styles.provider };
    let row = |row: usize, columns: usize| {
        let Some(label) = rows.get(row) else { return Vec::new() };
        let (unread, all) = label.counts;
        let count = clean::run(&format!("{} / {}", grouped(unread), grouped(all)));
        let room = columns.saturating_sub(text::width(count.as_str()) + 8);
        let box_ = if picker.is_picked(label) { "[x] " } else { "[ ] " };
        let mut spans = vec![selection_mark(row == picker.cursor.at, view), span(box_, styles.accent)];
        spans.extend(text::fit(&label.name, room, style));
        spans.extend([span(" ", styles.dim), span(count, styles.dim)]);
        vec![Line::from(spans)]
    };
    let list_box = ListBox {
        title: if picker.field == Field::Topic { "Topics: unread / all" } else { "Providers: unread / all" },
        columns: 50,
        count: rows.len(),
        cursor: picker.cursor,
        height: 1,
        head: vec![prompt],
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}

/// The picked names, because their rows may not be visible.
fn picked_words(picker: &LabelPicker) -> SafeText {
    let names = picker.picked_names();
    match names.len() {
        0 => SafeText::default(),
        count => clean::run(&format!("  {count} picked: {}", clean::join(&names, ", "))),
    }
}
