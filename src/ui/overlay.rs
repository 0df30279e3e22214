//! What lies on top of the panes: help, problems, topics, links, orders.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::frame::{self, Place};
use super::insights;
use super::layout::{centred, offset_for};
use super::palette;
use super::prompt;
use super::view::View;
use crate::app::{Cursor, FrameInfo, LinkList, Overlay, Picker, SavedList};
use crate::feed::{Severity, Shown, clean};
use crate::query::{Field, SortKey};
use crate::text::links::{self, Of};
use crate::text::{self, grouped, repeat, span};

/// Draws the layer on top, and says what of it was shown.
pub fn draw(area: Rect, buf: &mut Buffer, view: &View, overlay: &Overlay, info: &mut FrameInfo) {
    match overlay {
        Overlay::Palette(palette) => palette::draw(area, buf, view, palette, info),
        Overlay::Problems(cursor) => problems(area, buf, view, *cursor, info),
        Overlay::Pick(picker) => pick(area, buf, view, picker, info),
        Overlay::Saved(list) => saved(area, buf, view, list, info),
        Overlay::Ask(_) | Overlay::Confirm(_) => {} // both stand in the footer
        Overlay::Links(list) => links(area, buf, view, list, info),
        Overlay::Sort(cursor) => sort(area, buf, view, *cursor, info),
        Overlay::Insights(shown) => insights::draw(area, buf, view, shown, info),
        Overlay::Themes(list) => themes(area, buf, view, list.cursor, info),
    }
}

/// A box of rows of which one is selected. Only those that can be seen are built.
struct Rows<'a> {
    title: &'static str,
    columns: u16,
    count: usize,
    selected: usize,
    /// The first row shown, where a pointer has put it.
    top: Option<usize>,
    /// Lines of each row.
    height: usize,
    /// Lines above the rows.
    head: Vec<Line<'static>>,
    row: &'a dyn Fn(usize, usize) -> Vec<Line<'static>>,
}

impl Rows<'_> {
    fn draw(&self, area: Rect, buf: &mut Buffer, view: &View, info: &mut FrameInfo) {
        let wanted = self.count * self.height + self.head.len() + 2;
        let area = centred(area, self.columns, u16::try_from(wanted).unwrap_or(u16::MAX).max(4));
        let place = (self.count > 0).then_some(Place { at: self.selected + 1, of: self.count });
        let inner = frame::draw_overlay(area, buf, view, &self.title.into(), place);
        let mut y = inner.y;
        info.cursor = Some(inner.as_position());
        for line in &self.head {
            if y < inner.bottom() {
                buf.set_line(inner.x, y, line, inner.width);
                y += 1;
            }
        }
        let rows = usize::from(inner.bottom().saturating_sub(y)) / self.height.max(1);
        let wanted = self.top.unwrap_or(self.selected.saturating_sub(rows / 2));
        let offset = offset_for(wanted, self.selected, rows, self.count);
        (info.overlay.height, info.overlay.lines) = (rows, self.count);
        (info.overlay.area, info.overlay.offset, info.overlay.row_lines) = (area, offset, self.height as u16);
        let drawn = (rows.min(self.count - offset.min(self.count)) * self.height) as u16;
        info.overlay.rows = Rect { y, height: drawn, ..inner };
        for row in offset..self.count.min(offset + rows) {
            let lines = (self.row)(row, usize::from(inner.width));
            for (n, line) in lines.iter().take(self.height).enumerate() {
                buf.set_line(inner.x, y + n as u16, line, inner.width);
            }
            if row == self.selected {
                info.cursor = Some(Position { x: inner.x, y });
                buf.set_style(Rect { y, height: self.height as u16, ..inner }, view.styles.selected);
            }
            y += self.height as u16;
        }
    }
}

fn mark(selected: bool, view: &View) -> Span<'static> {
    span(if selected { "▸ " } else { "  " }, view.styles.accent)
}

fn pick(area: Rect, buf: &mut Buffer, view: &View, picker: &Picker, info: &mut FrameInfo) {
    let styles = view.styles;
    let rows = picker.rows();
    let typed = picker.prompt.text();
    let hint = match (picker.is_counting(), typed.is_empty(), rows.is_empty()) {
        (true, ..) => "  counting …",
        (_, true, true) => "  there are none here",
        (_, false, true) => "  no match",
        (_, true, _) if picker.picked().is_empty() => "type to narrow",
        _ => "",
    };
    let mut prompt = prompt::in_box(view, &picker.prompt, hint.into());
    prompt.push_span(span(picked_words(picker), styles.accent));
    let style = if picker.field == Field::Topic { styles.topic } else { styles.provider };
    let row = |row: usize, columns: usize| {
        let Some(label) = rows.get(row) else { return Vec::new() };
        let (unread, all) = label.counts;
        let count = clean::run(&format!("{} / {}", grouped(unread), grouped(all)));
        let room = columns.saturating_sub(text::width(count.as_str()) + 8);
        let box_ = if picker.is_picked(label) { "[x] " } else { "[ ] " };
        let mut spans = vec![mark(row == picker.cursor.at, view), span(box_, styles.accent)];
        spans.extend(text::fit(&label.name, room, style));
        spans.extend([span(" ", styles.dim), span(count, styles.dim)]);
        vec![Line::from(spans)]
    };
    let rows = Rows {
        title: if picker.field == Field::Topic { "Topics: unread / all" } else { "Providers: unread / all" },
        columns: 50,
        count: rows.len(),
        selected: picker.cursor.at,
        top: picker.cursor.top,
        height: 1,
        head: vec![prompt],
        row: &row,
    };
    rows.draw(area, buf, view, info);
}

/// What is picked, which the rows may not show.
fn picked_words(picker: &Picker) -> Shown {
    let names = picker.picked_names();
    match names.len() {
        0 => Shown::default(),
        count => clean::run(&format!("  {count} picked: {}", clean::join(&names, ", "))),
    }
}

fn saved(area: Rect, buf: &mut Buffer, view: &View, list: &SavedList, info: &mut FrameInfo) {
    const COUNTS: usize = 16;
    let styles = view.styles;
    let row = |row: usize, columns: usize| {
        let Some(saved) = list.rows.get(row) else { return Vec::new() };
        let counts = match (&saved.query, saved.counts) {
            (Err(_), _) => "not readable".into(),
            (_, None) => "…".into(),
            (_, Some((unread, all))) => clean::run(&format!("{} / {}", grouped(unread), grouped(all))),
        };
        let name = clean::decoded(&saved.name);
        let missing = COUNTS.saturating_sub(text::width(counts.as_str()));
        let mut first = vec![mark(row == list.cursor.at, view)];
        first.extend(text::fit(&name, columns.saturating_sub(COUNTS + 3), styles.text));
        first.extend([repeat(" ", missing, styles.dim), span(counts, styles.accent)]);
        let (words, style) = match &saved.query {
            Ok(_) => (clean::decoded(&saved.text), styles.dim),
            Err(why) => (why.clone(), styles.warning),
        };
        let words = text::cut(&words, columns.saturating_sub(5));
        vec![Line::from(first), Line::from(vec![repeat(" ", 4, styles.dim), span(words, style)])]
    };
    let rows = Rows {
        title: "Saved searches: unread / all",
        columns: 80,
        count: list.rows.len(),
        selected: list.cursor.at,
        top: list.cursor.top,
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    rows.draw(area, buf, view, info);
}

fn links(area: Rect, buf: &mut Buffer, view: &View, list: &LinkList, info: &mut FrameInfo) {
    let styles = view.styles;
    let row = |row: usize, columns: usize| {
        let Some(link) = list.links.get(row) else { return Vec::new() };
        let hint = LinkList::hint(row).map(String::from).unwrap_or_default();
        let room = columns.saturating_sub(6);
        let number = clean::run(&format!("[{}] ", row + 1));
        let refused = if link.link.address().is_none() { " (not opened)" } else { "" };
        let name_room = room.saturating_sub(text::width(number.as_str()) + text::width(refused));
        let first = vec![
            mark(row == list.cursor.at, view),
            span(clean::run(&format!("{hint:1} ")), styles.accent),
            span(number, styles.dim),
            span(text::cut(&link.name, name_room), styles.text),
            span(refused, styles.warning),
        ];
        let style = links::tag(styles.link, Of::List, row + 1);
        let second = vec![repeat(" ", 4, styles.dim), span(text::cut(&link.link.with_real_host(), room), style)];
        vec![Line::from(first), Line::from(second)]
    };
    let rows = Rows {
        title: "Links",
        columns: 100,
        count: list.links.len(),
        selected: list.cursor.at,
        top: list.cursor.top,
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    rows.draw(area, buf, view, info);
}

/// What an order goes by, and what comes first when it goes down and when it goes up.
fn order(key: SortKey) -> (&'static str, &'static str, &'static str) {
    match key {
        SortKey::Date => ("when published", "latest", "earliest"),
        SortKey::Heat => ("score of the story", "largest", "smallest"),
        SortKey::Quality => ("score of the article", "largest", "smallest"),
        SortKey::Title => ("from A to Z", "Z", "A"),
        SortKey::Provider => ("from A to Z", "Z", "A"),
        SortKey::Added => ("when it came in", "latest", "earliest"),
        SortKey::ReadAt => ("when you read it", "latest", "earliest"),
        SortKey::Score => ("what rules add up to", "largest", "smallest"),
    }
}

fn sort(area: Rect, buf: &mut Buffer, view: &View, cursor: Cursor, info: &mut FrameInfo) {
    let styles = view.styles;
    let present = view.app.query().sort();
    let best = present.is_none().then(|| Line::from(span(" now: the best hits first", styles.dim)));
    let row = |row: usize, _: usize| {
        let Some(key) = SortKey::ALL.get(row) else { return Vec::new() };
        let (what, down, up) = order(*key);
        let words = match present.filter(|present| present.key == *key).map(|present| present.descending) {
            None => what.to_owned(),
            Some(true) => format!("{what}; now: {down} first"),
            Some(false) => format!("{what}; now: {up} first"),
        };
        let mut spans = vec![mark(row == cursor.at, view)];
        spans.extend(text::fit(&key.word().into(), 10, styles.text));
        spans.push(span(clean::decoded(&words), styles.dim));
        vec![Line::from(spans)]
    };
    let rows = Rows {
        title: "Sort by",
        columns: 56,
        count: SortKey::ALL.len(),
        selected: cursor.at,
        top: cursor.top,
        height: 1,
        head: best.into_iter().collect(),
        row: &row,
    };
    rows.draw(area, buf, view, info);
}

/// At the right, where it hides the least of what the theme looks like.
fn themes(area: Rect, buf: &mut Buffer, view: &View, cursor: Cursor, info: &mut FrameInfo) {
    const COLUMNS: u16 = 34;
    let styles = view.styles;
    let themes = view.app.themes();
    let row = |row: usize, columns: usize| {
        let Some(name) = themes.names().get(row) else { return Vec::new() };
        let note = match row {
            row if row == themes.shown() => "in use ",
            row if row == themes.chosen() => "by settings ",
            _ => "",
        };
        let mut spans = vec![mark(row == cursor.at, view)];
        spans.extend(text::fit(name, columns.saturating_sub(2 + note.len()), styles.text));
        spans.push(span(note, styles.dim));
        vec![Line::from(spans)]
    };
    let rows = Rows {
        title: "Themes",
        columns: COLUMNS,
        count: themes.names().len(),
        selected: cursor.at,
        top: cursor.top,
        height: 1,
        head: Vec::new(),
        row: &row,
    };
    let left = area.width.saturating_sub(COLUMNS + 2);
    rows.draw(Rect { x: area.x + left, width: area.width - left, ..area }, buf, view, info);
}

fn problems(area: Rect, buf: &mut Buffer, view: &View, cursor: Cursor, info: &mut FrameInfo) {
    let styles = view.styles;
    let problems = view.app.problems().all();
    let row = |row: usize, columns: usize| {
        let Some(problem) = problems.get(row) else { return Vec::new() };
        let kind = if problem.severity == Severity::Error { "not read  " } else { "warning   " };
        // On narrow screens the reason begins below the mark: it is what one reads.
        let indent = if columns < 60 { 2 } else { 12 };
        let room = columns.saturating_sub(12);
        let first = vec![
            mark(row == cursor.at, view),
            span(kind, styles.warning),
            span(text::cut(&problem.place(), room), styles.text),
        ];
        let hint = if problem.hint.is_empty() { String::new() } else { format!("; {}", problem.hint) };
        let what = clean::decoded(&format!("{}{hint}", problem.what));
        let reason = text::cut(&what, columns.saturating_sub(indent));
        let second = vec![repeat(" ", indent, styles.dim), span(reason, styles.dim)];
        vec![Line::from(first), Line::from(second)]
    };
    let rows = Rows {
        title: "Problems",
        columns: area.width.saturating_sub(4).min(140),
        count: problems.len(),
        selected: cursor.at,
        top: cursor.top,
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    rows.draw(area, buf, view, info);
}
