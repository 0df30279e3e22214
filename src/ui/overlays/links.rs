//! Draws the links of the article, each with its key and address.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{FrameInfo, LinkList};
use crate::feed::clean;
use crate::text::hyperlinks::{self, LinkSource};
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &LinkList, info: &mut FrameInfo) {
    let styles = view.styles;
    let row = |row: usize, columns: usize| {
        let Some(link) = list.links().get(row) else { return Vec::new() };
        let hint = LinkList::hint(row).map(String::from).unwrap_or_default();
        let room = columns.saturating_sub(6);
        let number = clean::run(&format!("[{}] ", row + 1));
        let refused = if link.link.address().is_none() { " (not opened)" } else { "" };
        let name_room = room.saturating_sub(text::width(number.as_str()) + text::width(refused));
        let first = vec![
            selection_mark(row == list.cursor.at, view),
            span(clean::run(&format!("{hint:1} ")), styles.accent),
            span(number, styles.dim),
            span(text::cut(&link.name, name_room), styles.text),
            span(refused, styles.warning),
        ];
        let style = hyperlinks::tag(styles.link, LinkSource::List, row + 1);
        let second = vec![repeat(" ", 4, styles.dim), span(text::cut(&link.link.shown_with_real_host(), room), style)];
        vec![Line::from(first), Line::from(second)]
    };
    let list_box = ListBox {
        title: "Links",
        columns: 100,
        count: list.links().len(),
        cursor: list.cursor,
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
