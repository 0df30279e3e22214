//! Draws the output of a program, wrapped, with the position in it.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::FrameInfo;
use crate::app::overlays::ProgramOutput;
use crate::feed::SafeText;
use crate::text::{self, Piece};
use crate::ui::frame_input::FrameInput;
use crate::ui::layout::anchored;
use crate::ui::pane_frame::{self, Counter};

/// Most columns of the text.
const COLUMNS: u16 = 100;

/// The wrapped lines of the last output, because a frame must not wrap thousands of lines again.
#[derive(Debug, Default)]
pub struct WrappedOutput {
    /// The lines as the program printed them.
    of: Arc<[SafeText]>,
    room: usize,
    style: Style,
    lines: Vec<Line<'static>>,
}

impl WrappedOutput {
    /// The lines of an output for `room` columns. They are wrapped again only if something differs.
    fn of(&mut self, output: &Arc<[SafeText]>, room: usize, style: Style) -> &[Line<'static>] {
        if !Arc::ptr_eq(&self.of, output) || (self.room, self.style) != (room, style) {
            let wrapped = |line: &SafeText| -> Vec<Line<'static>> {
                if line.as_str().trim().is_empty() {
                    return vec![Line::default()];
                }
                // Wrapping drops blanks, and output has columns.
                if text::width(line.as_str()) <= room {
                    return vec![Line::from(text::span(line.clone(), style))];
                }
                text::wrap(&[Piece { text: line.clone(), style }], room, &[], &[]).collect()
            };
            let lines = output.iter().flat_map(wrapped).collect();
            *self = WrappedOutput { of: output.clone(), room, style, lines };
        }
        &self.lines
    }
}

/// Draws the output, and records in `info` what it showed.
pub fn draw(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (output, cache): (&ProgramOutput, &mut WrappedOutput),
    info: &mut FrameInfo,
) {
    let columns = area.width.saturating_sub(4).min(COLUMNS + 4);
    let room = usize::from(columns.saturating_sub(4)).max(1);
    let lines = cache.of(&output.lines, room, view.styles.text);
    let wanted = u16::try_from(lines.len().saturating_add(2)).unwrap_or(u16::MAX).max(4);
    let area = anchored(area, columns, wanted);
    let rows = usize::from(area.height.saturating_sub(2));
    let top = output.top.min(lines.len().saturating_sub(rows));
    let counter =
        (lines.len() > rows).then_some(Counter { current: (top + rows).min(lines.len()), total: lines.len() });
    let inner = pane_frame::draw_overlay(area, buf, view, &output.name, counter);
    let x = inner.x.saturating_add(1).min(inner.right());
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(top)) {
        buf.set_line(x, y, line, inner.width.saturating_sub(2));
    }
    info.cursor = Some(inner.as_position());
    (info.overlay.height, info.overlay.lines, info.overlay.row_lines) = (usize::from(inner.height), lines.len(), 0);
    (info.overlay.area, info.overlay.offset, info.overlay.rows) = (area, top, inner);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::clean;

    #[test]
    fn a_line_that_fits_keeps_its_blanks() {
        let lines: Arc<[SafeText]> = vec![clean::text("  a   b  c"), clean::text("d   e f")].into();
        let mut cache = WrappedOutput::default();
        let shown = |lines: &[Line]| lines.iter().map(Line::to_string).collect::<Vec<_>>();
        assert_eq!(shown(cache.of(&lines, 10, Style::new())), ["  a   b  c", "d   e f"]);
        assert_eq!(shown(cache.of(&lines, 6, Style::new())).last().map(String::as_str), Some("d e f"));
    }

    #[test]
    fn an_output_is_wrapped_once_for_each_width() {
        let output = |text: &str| -> Arc<[SafeText]> { vec![clean::plain_line(text); 5_000].into() };
        let (tides, moon) = (output("the tides of the sea"), output("the moon"));
        let mut cache = WrappedOutput::default();
        let style = Style::new();
        let first = cache.of(&tides, 10, style).as_ptr();
        assert_eq!(cache.of(&tides, 10, style).len(), 10_000);
        assert!(std::ptr::eq(first, cache.of(&tides, 10, style).as_ptr()), "wrapped again");
        assert_eq!(cache.of(&tides, 30, style).len(), 5_000, "another width");
        assert_eq!(cache.of(&moon, 30, style)[0].to_string(), "the moon", "another output");
        assert_eq!(cache.of(&moon, 30, style.bold())[0].spans[0].style, style.bold(), "another theme");
    }
}
