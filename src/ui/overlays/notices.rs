//! Draws the last notices with their times. If one is too long for a row, the selected one is shown whole below the list.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark, whole};
use crate::app::{FrameInfo, NoticeList, NoticeRecord};
use crate::feed::clean;
use crate::text::{self, Piece, span};
use crate::ui::frame_input::FrameInput;

/// Columns before the text: selection mark, time and sign.
const INDENT: usize = 10;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &NoticeList, info: &mut FrameInfo) {
    let styles = view.styles;
    let columns = area.width.saturating_sub(4).min(120);
    let notices: Vec<&NoticeRecord> = view.app.notices().history().collect();
    let text_of = |record: &NoticeRecord| match record.times {
        1 => record.notice.text.clone(),
        times => clean::plain_line(&format!("{} ({times} times)", record.notice.text)),
    };
    // The frame and a margin take two columns on each side.
    let room = usize::from(columns).saturating_sub(4);
    let is_cut = |record: &&&NoticeRecord| text::width(text_of(record).as_str()) > room.saturating_sub(INDENT);
    let foot = notices.get(list.cursor.at).filter(is_cut).map_or_else(Vec::new, |record| {
        let style = if record.notice.failed { styles.warning } else { styles.text };
        whole(&[Piece { text: text_of(record), style }], room)
    });
    let row = |row: usize, columns: usize| {
        let Some(record) = notices.get(row) else { return Vec::new() };
        let offset = view.app.zone().offset(record.at);
        let time = clean::run(&format!("{} ", record.at.with_timezone(&offset).format("%H:%M")));
        let (sign, style) = if record.notice.failed { ("! ", styles.warning) } else { ("  ", styles.text) };
        let shown = text::cut(&text_of(record), columns.saturating_sub(INDENT));
        vec![Line::from(vec![
            selection_mark(row == list.cursor.at, view),
            span(time, styles.dim),
            span(sign, style),
            span(shown, style),
        ])]
    };
    let list_box = ListBox {
        title: "Notices",
        columns,
        count: notices.len(),
        cursor: list.cursor,
        height: 1,
        typed: None,
        head: Vec::new(),
        foot,
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
