//! A box above the footer with the keys that can complete an incomplete sequence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::frame_input::FrameInput;
use super::pane_frame;
use crate::app::{ButtonCommand, FrameInfo};
use crate::feed::clean;
use crate::text::{self, repeat, span};

/// Largest width of the box.
const MAX_COLUMNS: u16 = 64;

/// Draws the box, and records in `info` where its lines can be clicked.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
    let continuations = view.keymap.continuations(view.app.context(), view.pending.keys());
    let rows = u16::try_from(continuations.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let columns = MAX_COLUMNS.min(area.width);
    let box_area = Rect { x: area.x, y: area.bottom().saturating_sub(rows), width: columns, height: rows };
    let title = clean::plain_line(&format!("{} …", view.pending));
    let inner = pane_frame::draw_overlay(box_area, buf, view, &title, None);
    let widest = continuations.iter().map(|(keys, _)| text::width(keys)).max().unwrap_or(0);
    for (y, (number, (keys, words))) in (inner.y..inner.bottom()).zip(continuations.iter().enumerate()) {
        let room = usize::from(inner.width).saturating_sub(widest + 3);
        let line = vec![
            repeat(" ", 1, view.styles.text),
            span(clean::plain_line(keys), view.styles.accent),
            repeat(" ", widest.saturating_sub(text::width(keys)) + 2, view.styles.text),
            span(text::cut(&clean::plain_line(words), room), view.styles.text),
        ];
        buf.set_line(inner.x, y, &Line::from(line), inner.width);
        info.footer.buttons.add(Rect { y, height: 1, ..inner }, ButtonCommand::CompleteKeys(number));
    }
}
