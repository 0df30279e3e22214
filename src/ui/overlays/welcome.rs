//! Draws the sources of articles, which the first start shows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{ArticleSource, FrameInfo, Welcome};
use crate::feed::SafeText;
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the sources of articles, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, shown: &Welcome, info: &mut FrameInfo) {
    const COLUMNS: u16 = 60;
    let styles = view.styles;
    let room = usize::from(COLUMNS.min(area.width)).saturating_sub(4);
    let row = |row: usize, columns: usize| {
        let Some(source) = ArticleSource::ALL.get(row) else { return Vec::new() };
        let (name, about) = source.words();
        let first = vec![selection_mark(row == shown.cursor.at, view), span(name, styles.text)];
        let about = text::cut(&SafeText::from(about), columns.saturating_sub(4));
        vec![Line::from(first), Line::from(vec![repeat(" ", 4, styles.dim), span(about, styles.dim)])]
    };
    let head = |words: &'static str| {
        let words = text::cut(&SafeText::from(words), room);
        Line::from(vec![repeat(" ", 2, styles.dim), span(words, styles.text)])
    };
    let words = match (shown.is_first, view.app.feed().is_empty()) {
        (true, _) => vec!["This is the built-in feed, to try the keys.", "For articles of your own:"],
        (false, true) => vec!["There are no articles here yet. They can come from:"],
        (false, false) => vec!["Articles can come from:"],
    };
    let list_box = ListBox {
        title: "Welcome",
        columns: COLUMNS,
        count: ArticleSource::ALL.len(),
        cursor: shown.cursor,
        height: 2,
        typed: None,
        head: words.into_iter().map(head).chain([Line::default()]).collect(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
