//! Draws the related pane: the titles of related articles and links, each with provider, reason and age.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::date_display;
use super::frame_input::FrameInput;
use super::layout::offset_for;
use super::pane_frame::{self, Counter};
use crate::app::{Focus, FrameInfo};
use crate::feed::{Related, SafeText, Target, clean, related};
use crate::text::{self, repeat, signs, span};

/// Columns before the title: selection, what Enter opens, and a blank.
const SIGN_COLUMNS: usize = 3;
/// Blanks between two columns.
const GAP: usize = 2;
/// Most columns of the provider.
const PROVIDER: usize = 14;
/// Fewest columns of the provider. Fewer say nothing.
const MIN_PROVIDER: usize = 8;
/// Columns of the longest age.
const AGE: usize = 4;
/// Fewest columns of a title beside a path.
const MIN_TITLE: usize = 12;

/// The columns beside the title, the same for all rows. 0 for one that is not shown.
#[derive(Clone, Copy)]
struct Columns {
    all: usize,
    provider: usize,
    reason: usize,
    age: usize,
}

impl Columns {
    /// Divides rows. The title gets at least half; first the provider yields to it, then the age, then the reason.
    fn divide(all: usize, view: &FrameInput, entries: &[Related]) -> Columns {
        let widest = |text: fn(&Related) -> SafeText| {
            entries.iter().map(|entry| text::width(text(entry).as_str())).max().unwrap_or_default()
        };
        let mut left = all.saturating_sub(SIGN_COLUMNS + all.div_ceil(2));
        let mut take = |wanted: usize, fewest: usize| {
            let given = left.saturating_sub(GAP).min(wanted);
            let given = if given < fewest { 0 } else { given };
            left -= if given == 0 { 0 } else { given + GAP };
            given
        };
        let reason = widest(|entry| entry.reason.words());
        let reason = take(reason, reason);
        let has_age = entries.iter().any(|entry| !age(view, entry).is_empty());
        let age = if has_age { take(AGE, AGE) } else { 0 };
        let provider = widest(|entry| entry.target.provider().name.clone()).min(PROVIDER);
        Columns { all, provider: take(provider, provider.min(MIN_PROVIDER)), reason, age }
    }
}

/// Draws the related entries, or one line with their number, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, entries: &[Related], info: &mut FrameInfo) {
    if area.height == 1 {
        return fold(area, buf, view, entries);
    }
    let focused = view.app.focus() == Focus::Related;
    let pane = view.app.related();
    let selected = pane.selected().min(entries.len().saturating_sub(1));
    let counter = (!entries.is_empty()).then_some(Counter { current: selected + 1, total: entries.len() });
    let inner = pane_frame::draw_beside_list(
        area,
        buf,
        view,
        focused,
        (&"Related".into(), counter.map(Counter::text).unwrap_or_default()),
        info,
    );
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
    let columns = Columns::divide(usize::from(inner.width), view, entries);
    for (y, (row, entry)) in (inner.y..inner.bottom()).zip(entries.iter().enumerate().skip(offset)) {
        let path = paths.get(row).and_then(Option::as_ref);
        let line = line(view, entry, path, (columns, row == selected));
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

/// A row: a sign for what Enter opens (`•` unread article, `◦` read article, `↗` web page), the title, and at the right what there
/// is space for: provider, reason, age.
///
/// A `path` that tells the article apart from others of its title is behind the title, which is cut if there is not enough room.
fn line(
    view: &FrameInput,
    entry: &Related,
    path: Option<&SafeText>,
    (columns, selected): (Columns, bool),
) -> Line<'static> {
    let styles = view.styles;
    let target = &entry.target;
    let here = matches!(target, Target::InLibrary(..));
    let read = matches!(target, Target::InLibrary(_, article) if view.app.marks().is_read(article.id));
    let sign = match (here, read) {
        (true, false) => signs::RELATED_UNREAD,
        (true, true) => signs::RELATED_READ,
        (false, _) => signs::RELATED_PAGE,
    };
    let mark = if selected { signs::SELECTED.sign } else { " " };
    let mut spans = vec![span(mark, styles.accent), span(sign.sign, styles.accent), span(" ", styles.accent)];
    let style = if read { styles.dim } else { styles.text };
    let right = [columns.provider, columns.reason, columns.age].into_iter().filter(|columns| *columns > 0);
    let room = columns.all.saturating_sub(SIGN_COLUMNS + right.map(|columns| columns + GAP).sum::<usize>());
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
    let mut push_right = |text: &SafeText, columns: usize, style: Style| {
        if columns > 0 {
            let text = text::cut(text, columns);
            let blanks = (GAP + columns).saturating_sub(text::width(text.as_str()));
            spans.extend([repeat(" ", blanks, style), span(text, style)]);
        }
    };
    push_right(&target.provider().name, columns.provider, styles.provider);
    push_right(&entry.reason.words(), columns.reason, styles.dim);
    push_right(&age(view, entry), columns.age, styles.dim);
    Line::from(spans)
}

/// The age of an entry; empty without a date.
fn age(view: &FrameInput, entry: &Related) -> SafeText {
    date_display::age(entry.target.published().map(|date| date.at(view.zone())), view.app.now())
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
