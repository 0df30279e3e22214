//! Draws the related pane: related articles and links, each with the reason, age and provider.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::date_display;
use super::frame_input::FrameInput;
use super::layout::offset_for;
use super::pane_frame::{self, Counter};
use crate::app::{Focus, FrameInfo};
use crate::feed::{Related, SafeText, Target, clean, related};
use crate::text::{self, repeat, span};

/// Width of the longest reason.
const REASON: usize = 17;
const AGE: usize = 4;
/// Columns that a title has at least beside a path.
const MIN_TITLE: usize = 12;

/// Draws the related entries, or one line with their number, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, entries: &[Related], info: &mut FrameInfo) {
    if area.height == 1 {
        return fold(area, buf, view, entries);
    }
    let focused = view.app.focus() == Focus::Related;
    let pane = view.app.related();
    let selected = pane.selected().min(entries.len().saturating_sub(1));
    let counter = (!entries.is_empty()).then_some(Counter { current: selected + 1, total: entries.len() });
    let inner = pane_frame::draw_pane(area, buf, view, focused, &"Related".into(), counter);
    let offset = offset_for(pane.offset(), selected, usize::from(inner.height), entries.len());
    (info.related.area, info.related.offset) = (inner, offset);
    // Until the similar articles are known, `No related articles` may be wrong.
    if entries.is_empty() && view.app.related().similar().is_pending() {
        return;
    }
    if entries.is_empty() {
        return pane_frame::draw_text(inner, buf, "No related articles.".into(), view.styles.dim);
    }
    let paths = related::paths_of_same_titles(entries);
    for (y, (row, entry)) in (inner.y..inner.bottom()).zip(entries.iter().enumerate().skip(offset)) {
        let path = paths.get(row).and_then(Option::as_ref);
        let line = line(view, entry, path, (usize::from(inner.width), row == selected));
        buf.set_line(inner.x, y, &line, inner.width);
        if row == selected {
            if focused {
                info.cursor = Some(Position { x: inner.x, y });
            }
            let style = if focused { view.styles.selected.focused } else { view.styles.selected.other };
            buf.set_style(Rect { y, height: 1, ..inner }, style);
        }
    }
}

/// A row: a sign for what Enter opens (`•` unread article, `◦` read article, `↗` web page), reason, age, provider, title.
///
/// A `path` that tells the article apart from others of its title is behind the title, which is cut if there is not enough room.
fn line(
    view: &FrameInput,
    entry: &Related,
    path: Option<&SafeText>,
    (columns, selected): (usize, bool),
) -> Line<'static> {
    let styles = view.styles;
    let target = &entry.target;
    let here = matches!(target, Target::InLibrary(..));
    let (reason, provider) = match columns {
        0..34 => (0, 0),
        34..64 => (REASON, 0),
        64..80 => (REASON, 12),
        _ => (REASON, 18),
    };
    let read = matches!(target, Target::InLibrary(_, article) if view.app.marks().is_read(article.id));
    let mut spans = vec![
        span(if selected { "▸" } else { " " }, styles.accent),
        span(
            match (here, read) {
                (true, false) => "• ",
                (true, true) => "◦ ",
                (false, _) => "↗ ",
            },
            styles.accent,
        ),
    ];
    let mut before = 3 + AGE + 2;
    if reason > 0 {
        spans.extend(text::fit(&entry.reason.words(), reason, styles.dim));
        before += reason;
    }
    let age = date_display::age(target.published().map(|date| date.at(view.zone())), view.app.now());
    spans.push(repeat(" ", (AGE + 1).saturating_sub(text::width(age.as_str())), styles.dim));
    spans.push(span(age, styles.dim));
    spans.push(span("  ", styles.text));
    before += 1;
    if provider > 0 {
        spans.extend(text::fit(&target.provider().name, provider, styles.provider));
        spans.push(span("  ", styles.text));
        before += provider + 2;
    }
    let style = if read { styles.dim } else { styles.text };
    let room = columns.saturating_sub(before);
    match path.filter(|_| room > MIN_TITLE) {
        Some(path) => {
            let path = text::cut(path, (room - MIN_TITLE).saturating_sub(1));
            let path_columns = text::width(path.as_str()) + 1;
            let title = text::cut(target.title(), room.saturating_sub(path_columns));
            let rest = room.saturating_sub(text::width(title.as_str()) + path_columns);
            spans.extend([span(title, style), span(" ", style), span(path, styles.dim), repeat(" ", rest, style)]);
        }
        None => spans.extend(text::fit(target.title(), room, style)),
    }
    Line::from(spans)
}

fn fold(area: Rect, buf: &mut Buffer, view: &FrameInput, entries: &[Related]) {
    let styles = view.styles;
    let Some(first) = entries.first() else { return };
    let count = clean::run(&format!(" Related {} ", text::grouped(entries.len())));
    let room = usize::from(area.width).saturating_sub(text::width(count.as_str()) + 3);
    let spans = vec![
        span(count, styles.accent),
        span("▸ ", styles.dim),
        span(text::cut(first.target.title(), room), styles.dim),
    ];
    buf.set_line(area.x, area.y, &Line::from(spans), area.width);
}
