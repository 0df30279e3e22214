//! Draws the output of a program, wrapped, with the position in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
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

/// Draws the output, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, output: &ProgramOutput, info: &mut FrameInfo) {
    let columns = area.width.saturating_sub(4).min(COLUMNS + 4);
    let room = usize::from(columns.saturating_sub(4)).max(1);
    let wrapped = |line: &SafeText| -> Vec<Line<'static>> {
        if line.as_str().trim().is_empty() {
            return vec![Line::default()];
        }
        text::wrap(&[Piece { text: line.clone(), style: view.styles.text }], room, &[], &[]).collect()
    };
    let lines: Vec<Line> = output.lines.iter().flat_map(wrapped).collect();
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
