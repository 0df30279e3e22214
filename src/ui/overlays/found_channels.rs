//! Draws the channels that a page names, each with its title and address.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{FoundChannelList, FrameInfo};
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &FoundChannelList, info: &mut FrameInfo) {
    let styles = view.styles;
    let row = |row: usize, columns: usize| {
        let Some(channel) = list.channels.get(row) else { return Vec::new() };
        let title = if channel.title.is_empty() { "without a title".into() } else { channel.title.clone() };
        let mut first = vec![selection_mark(row == list.cursor.at, view)];
        first.extend(text::fit(&title, columns.saturating_sub(3), styles.text));
        let second =
            vec![repeat(" ", 4, styles.dim), span(text::cut(&channel.address, columns.saturating_sub(5)), styles.link)];
        vec![Line::from(first), Line::from(second)]
    };
    let list_box = ListBox {
        title: "Subscribe to which channel?",
        columns: 80,
        count: list.channels.len(),
        cursor: list.cursor,
        height: 2,
        typed: None,
        head: Vec::new(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
