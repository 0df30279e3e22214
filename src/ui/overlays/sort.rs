//! Draws the sort orders.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{FrameInfo, SortList};
use crate::feed::clean;
use crate::query::SortKey;
use crate::text::{self, span};
use crate::ui::frame_input::FrameInput;

/// What a sort key compares, and what comes first in descending and in ascending order.
fn order(key: SortKey) -> (&'static str, &'static str, &'static str) {
    match key {
        SortKey::Date => ("date of publication", "latest", "earliest"),
        SortKey::Heat => ("score of the story", "largest", "smallest"),
        SortKey::Quality => ("score of the article", "largest", "smallest"),
        SortKey::Duration => ("length of sound or film", "longest", "shortest"),
        SortKey::Title => ("from A to Z", "Z", "A"),
        SortKey::Provider => ("from A to Z", "Z", "A"),
        SortKey::Added => ("date of arrival", "latest", "earliest"),
        SortKey::ReadAt => ("date of reading", "latest", "earliest"),
        SortKey::Score => ("score from rules", "largest", "smallest"),
    }
}

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &SortList, info: &mut FrameInfo) {
    let styles = view.styles;
    let present = view.app.query().sort();
    let best = present.is_none().then(|| Line::from(span(" now: best matches first", styles.dim)));
    let row = |row: usize, _: usize| {
        let Some(key) = SortKey::ALL.get(row) else { return Vec::new() };
        let (what, down, up) = order(*key);
        let words = match present.filter(|present| present.key == *key).map(|present| present.descending) {
            None => what.to_owned(),
            Some(true) => format!("{what}; now: {down} first"),
            Some(false) => format!("{what}; now: {up} first"),
        };
        let mut spans = vec![selection_mark(row == list.cursor.at, view)];
        spans.extend(text::fit(&key.word().into(), 10, styles.text));
        spans.push(span(clean::plain_line(&words), styles.dim));
        vec![Line::from(spans)]
    };
    let list_box = ListBox {
        title: "Sort by",
        columns: 56,
        count: SortKey::ALL.len(),
        cursor: list.cursor,
        height: 1,
        typed: None,
        head: best.into_iter().collect(),
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
