//! A box with a selectable list of rows, as most overlays are.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::typed_line::TypedLine;
use crate::app::{FrameInfo, OverlayCursor};
use crate::text::{self, Piece, repeat, span};
use crate::ui::frame_input::FrameInput;
use crate::ui::layout::{anchored, offset_for};
use crate::ui::pane_frame::{self, Counter};

/// A box with a list of rows, one of them selected. Only visible rows are built.
pub struct ListBox<'a> {
    /// Title of the box.
    pub title: &'static str,
    /// Width of the box, less on narrow screens.
    pub columns: u16,
    /// Number of rows.
    pub count: usize,
    /// Selected row.
    pub cursor: OverlayCursor,
    /// Lines of each row.
    pub height: usize,
    /// The line of the text that narrows the rows, at the top.
    pub typed: Option<TypedLine<'a>>,
    /// Lines above the rows.
    pub head: Vec<Line<'static>>,
    /// Lines below the rows.
    pub foot: Vec<Line<'static>>,
    /// Returns the lines of a row, by its index and the available columns.
    pub row: &'a dyn Fn(usize, usize) -> Vec<Line<'static>>,
}

impl ListBox<'_> {
    /// Draws the box at the top, and records in `info` what it showed.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
        self.draw_in(anchored(area, self.columns, self.rows()), buf, view, info);
    }

    /// Draws the box beside a cell: to the right of it and below it, if there is room.
    pub fn draw_beside(
        &self,
        area: Rect,
        (column, row): (u16, u16),
        buf: &mut Buffer,
        view: &FrameInput,
        info: &mut FrameInfo,
    ) {
        let (width, height) = (self.columns.min(area.width), self.rows().min(area.height));
        let x = column.clamp(area.x, area.right().saturating_sub(width).max(area.x));
        let y = row.saturating_add(1).clamp(area.y, area.bottom().saturating_sub(height).max(area.y));
        self.draw_in(Rect { x, y, width, height }, buf, view, info);
    }

    /// Rows of the box that has room for everything.
    fn rows(&self) -> u16 {
        let wanted =
            self.count * self.height + usize::from(self.typed.is_some()) + self.head.len() + self.foot.len() + 2;
        u16::try_from(wanted).unwrap_or(u16::MAX).max(4)
    }

    fn draw_in(&self, area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
        let counter = (self.count > 0).then_some(Counter { current: self.cursor.at + 1, total: self.count });
        let inner = pane_frame::draw_overlay(area, buf, view, &self.title.into(), counter);
        let mut y = inner.y;
        info.cursor = Some(inner.as_position());
        let typed = self.typed.as_ref().map(|typed| typed.line(view, usize::from(inner.width)));
        for line in typed.iter().chain(&self.head) {
            if y < inner.bottom() {
                buf.set_line(inner.x, y, line, inner.width);
                y += 1;
            }
        }
        // On a low screen half of the box is for the rows.
        let room = usize::from(inner.bottom().saturating_sub(y));
        let foot = self.foot.len().min(room.saturating_sub((self.count * self.height).min(room / 2)));
        let bottom = inner.bottom().saturating_sub(u16::try_from(foot).unwrap_or(u16::MAX));
        for (y, line) in (bottom..inner.bottom()).zip(&self.foot) {
            buf.set_line(inner.x, y, line, inner.width);
        }
        let rows = usize::from(bottom.saturating_sub(y)) / self.height.max(1);
        let wanted = self.cursor.top.unwrap_or(self.cursor.at.saturating_sub(rows / 2));
        let offset = offset_for(wanted, self.cursor.at, rows, self.count);
        (info.overlay.height, info.overlay.lines) = (rows, self.count);
        (info.overlay.area, info.overlay.offset, info.overlay.row_lines) = (area, offset, self.height as u16);
        let drawn = (rows.min(self.count - offset.min(self.count)) * self.height) as u16;
        info.overlay.rows = Rect { y, height: drawn, ..inner };
        for row in offset..self.count.min(offset + rows) {
            let lines = (self.row)(row, usize::from(inner.width));
            for (n, line) in lines.iter().take(self.height).enumerate() {
                buf.set_line(inner.x, y + n as u16, line, inner.width);
            }
            if row == self.cursor.at {
                info.cursor = Some(Position { x: inner.x, y });
                buf.set_style(Rect { y, height: self.height as u16, ..inner }, view.styles.selected.focused);
            }
            y += self.height as u16;
        }
    }
}

/// The lines that show the text of the selected row whole, below a list that cuts it, with a blank line above.
pub fn whole(pieces: &[Piece], columns: usize) -> Vec<Line<'static>> {
    let margin = [repeat(" ", 2, Style::new())];
    std::iter::once(Line::default()).chain(text::wrap(pieces, columns, &margin, &margin)).collect()
}

/// Records where the check boxes of the drawn rows are: they follow the mark of the selection.
pub fn record_boxes(info: &mut FrameInfo) {
    let rows = info.overlay.rows;
    info.overlay.boxes = Rect { x: rows.x.saturating_add(2), width: 3, ..rows }.intersection(rows);
}

/// The sign before a row: `▸` if it is selected.
pub fn selection_mark(selected: bool, view: &FrameInput) -> Span<'static> {
    span(if selected { "▸ " } else { "  " }, view.styles.accent)
}
