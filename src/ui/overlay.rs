//! What lies on top of the panes: help, problems, topics, links, orders.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::frame::{self, Place, grouped};
use super::layout::{centred, offset_for};
use super::text::{self, Piece, repeat, span};
use super::view::View;
use crate::app::{Cursor, LinkList, Overlay, Picker, SavedList, Seen};
use crate::feed::{Severity, clean};
use crate::keymap::{self, Binding};
use crate::query::{Field, SortKey};

/// Draws the layer on top, and says what of it was shown.
pub fn draw(area: Rect, buf: &mut Buffer, view: &View, overlay: &Overlay, seen: &mut Seen) {
    match overlay {
        Overlay::Help(cursor) => help(area, buf, view, *cursor, seen),
        Overlay::Problems(cursor) => problems(area, buf, view, *cursor, seen),
        Overlay::Pick(picker) => pick(area, buf, view, picker, seen),
        Overlay::Saved(list) => saved(area, buf, view, list, seen),
        Overlay::Ask(_) | Overlay::Confirm(_) => {} // both stand in the footer
        Overlay::Links(list) => links(area, buf, view, list, seen),
        Overlay::Sort(cursor) => sort(area, buf, view, *cursor, seen),
        Overlay::Themes(list) => themes(area, buf, view, list.cursor, seen),
    }
}

/// A box of rows of which one is selected. Only those that can be seen are built.
struct Rows<'a> {
    title: &'static str,
    columns: u16,
    count: usize,
    selected: usize,
    /// Lines of each row.
    height: usize,
    /// Lines above the rows.
    head: Vec<Line<'static>>,
    row: &'a dyn Fn(usize, usize) -> Vec<Line<'static>>,
}

impl Rows<'_> {
    fn draw(&self, area: Rect, buf: &mut Buffer, view: &View, seen: &mut Seen) {
        let wanted = self.count * self.height + self.head.len() + 2;
        let area = centred(area, self.columns, u16::try_from(wanted).unwrap_or(u16::MAX).max(4));
        let place = (self.count > 0).then_some(Place { at: self.selected + 1, of: self.count });
        let inner = frame::draw_overlay(area, buf, view, self.title, place);
        let mut y = inner.y;
        for line in &self.head {
            if y < inner.bottom() {
                buf.set_line(inner.x, y, line, inner.width);
                y += 1;
            }
        }
        let rows = usize::from(inner.bottom().saturating_sub(y)) / self.height.max(1);
        let offset = offset_for(self.selected.saturating_sub(rows / 2), self.selected, rows, self.count);
        (seen.overlay_height, seen.overlay_lines) = (rows, self.count);
        for row in offset..self.count.min(offset + rows) {
            let lines = (self.row)(row, usize::from(inner.width));
            for (n, line) in lines.iter().take(self.height).enumerate() {
                buf.set_line(inner.x, y + n as u16, line, inner.width);
            }
            if row == self.selected {
                buf.set_style(Rect { y, height: self.height as u16, ..inner }, view.styles.selected);
            }
            y += self.height as u16;
        }
    }
}

fn mark(selected: bool, view: &View) -> Span<'static> {
    span(if selected { "▸ " } else { "  " }, view.styles.accent)
}

fn pick(area: Rect, buf: &mut Buffer, view: &View, picker: &Picker, seen: &mut Seen) {
    let styles = view.styles;
    let rows = picker.rows();
    let typed = picker.prompt.shown();
    let hint = match (picker.is_counting(), typed.is_empty(), rows.is_empty()) {
        (true, ..) => "  counting …",
        (_, true, true) => "  there are none here",
        (_, true, _) => "type to narrow",
        _ => "",
    };
    let prompt = Line::from(vec![
        span(" › ", styles.accent),
        span(typed, styles.text),
        span("▏", styles.accent),
        span(hint, styles.dim),
    ]);
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
        height: 1,
        head: vec![prompt],
        row: &row,
    };
    rows.draw(area, buf, view, seen);
}

fn saved(area: Rect, buf: &mut Buffer, view: &View, list: &SavedList, seen: &mut Seen) {
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
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    rows.draw(area, buf, view, seen);
}

fn links(area: Rect, buf: &mut Buffer, view: &View, list: &LinkList, seen: &mut Seen) {
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
        let second = vec![repeat(" ", 4, styles.dim), span(text::cut(&link.link.with_real_host(), room), styles.link)];
        vec![Line::from(first), Line::from(second)]
    };
    let rows = Rows {
        title: "Links",
        columns: 100,
        count: list.links.len(),
        selected: list.cursor.at,
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    rows.draw(area, buf, view, seen);
}

fn sort(area: Rect, buf: &mut Buffer, view: &View, cursor: Cursor, seen: &mut Seen) {
    let styles = view.styles;
    let present = view.app.query().sort();
    let best = present.is_none().then(|| Line::from(span(" now: the best hits first", styles.dim)));
    let row = |row: usize, _: usize| {
        let Some(key) = SortKey::ALL.get(row) else { return Vec::new() };
        let words = match present.filter(|present| present.key == *key).map(|present| present.descending) {
            None => "",
            Some(true) => "  now: largest, latest or last first",
            Some(false) => "  now: smallest, earliest or first first",
        };
        vec![Line::from(vec![mark(row == cursor.at, view), span(key.word(), styles.text), span(words, styles.dim)])]
    };
    let rows = Rows {
        title: "Sort by",
        columns: 56,
        count: SortKey::ALL.len(),
        selected: cursor.at,
        height: 1,
        head: best.into_iter().collect(),
        row: &row,
    };
    rows.draw(area, buf, view, seen);
}

/// At the right, where it hides the least of what the theme looks like.
fn themes(area: Rect, buf: &mut Buffer, view: &View, cursor: Cursor, seen: &mut Seen) {
    const COLUMNS: u16 = 34;
    let styles = view.styles;
    let themes = view.app.themes();
    let row = |row: usize, columns: usize| {
        let Some(name) = themes.names().get(row) else { return Vec::new() };
        let note = if row == themes.shown() { "in use " } else { "" };
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
        height: 1,
        head: Vec::new(),
        row: &row,
    };
    let left = area.width.saturating_sub(COLUMNS + 2);
    rows.draw(Rect { x: area.x + left, width: area.width - left, ..area }, buf, view, seen);
}

fn problems(area: Rect, buf: &mut Buffer, view: &View, cursor: Cursor, seen: &mut Seen) {
    let styles = view.styles;
    let problems = view.app.problems();
    let row = |row: usize, columns: usize| {
        let Some(problem) = problems.get(row) else { return Vec::new() };
        let kind = if problem.severity == Severity::Error { "not read  " } else { "warning   " };
        let room = columns.saturating_sub(12);
        let first = vec![
            mark(row == cursor.at, view),
            span(kind, styles.warning),
            span(text::cut(&problem.place(), room), styles.text),
        ];
        let hint = if problem.hint.is_empty() { String::new() } else { format!("; {}", problem.hint) };
        let what = clean::decoded(&format!("{}{hint}", problem.what));
        let second = vec![repeat(" ", 12, styles.dim), span(text::cut(&what, room), styles.dim)];
        vec![Line::from(first), Line::from(second)]
    };
    let rows = Rows {
        title: "Problems",
        columns: area.width.saturating_sub(4).min(140),
        count: problems.len(),
        selected: cursor.at,
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    rows.draw(area, buf, view, seen);
}

fn help(area: Rect, buf: &mut Buffer, view: &View, cursor: Cursor, seen: &mut Seen) {
    const KEYS: usize = 24;
    let area = centred(area, 84, area.height);
    let inner = frame::draw_overlay(area, buf, view, "Keys", None);
    let styles = view.styles;
    let columns = usize::from(inner.width.saturating_sub(2));
    let mut lines: Vec<Line<'static>> = Vec::new();
    for group in view.keymap.groups() {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(span(group.name, styles.title)));
        for (n, binding) in group.bindings.iter().enumerate() {
            // The same in another context is told once.
            let told = |earlier: &Binding| earlier.action == binding.action && earlier.help == binding.help;
            if group.bindings.iter().take(n).any(told) {
                continue;
            }
            let keys: Vec<String> = binding.keys.iter().map(|keys| keymap::print(keys)).collect();
            let keys = clean::decoded(&view.looks.keys(&keys.join(", ")));
            let mut first = text::fit(&keys, KEYS.min(columns / 2), styles.accent).to_vec();
            first.push(span(" ", styles.text));
            let rest = [repeat(" ", KEYS.min(columns / 2) + 1, styles.text)];
            let pieces = [Piece { text: binding.help.into(), style: styles.text }];
            lines.extend(text::wrap(&pieces, columns, &first, &rest));
        }
    }
    let height = usize::from(inner.height);
    let offset = cursor.at.min(lines.len().saturating_sub(height));
    (seen.overlay_height, seen.overlay_lines) = (height, lines.len());
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(offset)) {
        buf.set_line(inner.x.saturating_add(1), y, line, inner.width.saturating_sub(1));
    }
}
