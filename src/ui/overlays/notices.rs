//! The last notices: when each came, and its words, whole as far as two lines hold them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::rows::{Rows, mark};
use crate::app::{FrameInfo, NoticeList, Told};
use crate::feed::clean;
use crate::text::{self, Piece, repeat, span};
use crate::ui::view::View;

/// Columns in front of the words: the mark, the time and a sign.
const INDENT: usize = 10;

/// Draws the list, and says what of it was shown.
pub fn draw(area: Rect, buf: &mut Buffer, view: &View, list: &NoticeList, info: &mut FrameInfo) {
    let styles = view.styles;
    let columns = area.width.saturating_sub(4).min(120);
    let notices: Vec<&Told> = view.app.notices().history().collect();
    let words = |told: &Told| match told.times {
        1 => told.notice.text.clone(),
        times => clean::decoded(&format!("{} ({times} times)", told.notice.text)),
    };
    // The frame takes two columns on each side.
    let room = usize::from(columns).saturating_sub(INDENT + 4);
    let is_wide = |told: &&Told| text::width(words(told).as_str()) > room;
    let height = if notices.iter().any(is_wide) { 2 } else { 1 };
    let row = |row: usize, columns: usize| {
        let Some(told) = notices.get(row) else { return Vec::new() };
        let offset = view.app.zone().offset(told.at);
        let time = clean::run(&format!("{} ", told.at.with_timezone(&offset).format("%H:%M")));
        let (sign, style) = if told.notice.failed { ("! ", styles.warning) } else { ("  ", styles.text) };
        let first = [mark(row == list.cursor.at, view), span(time, styles.dim), span(sign, style)];
        let rest = [repeat(" ", INDENT, styles.dim)];
        let pieces = [Piece { text: words(told), style }];
        text::wrap(&pieces, columns, &first, &rest).take(height).collect::<Vec<Line>>()
    };
    let rows = Rows {
        title: "Notices",
        columns,
        count: notices.len(),
        cursor: list.cursor,
        height,
        head: Vec::new(),
        row: &row,
    };
    rows.draw(area, buf, view, info);
}
