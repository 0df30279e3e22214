//! Draws the list pane. Only visible rows are built.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::day_line;
use super::frame_input::FrameInput;
use super::highlights::Snippets;
use super::list_row::{Row, Rows};
use super::list_title::{self, FilterNames};
use super::pane_frame;
use crate::app::{Days, Focus, FrameInfo, ListGeometry};
use crate::dates::Now;
use crate::feed::{SafeText, clean};
use crate::text::{grouped, signs};

/// Draws the list, and records in `info` what it showed.
pub fn draw(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (snippets, filters): (&mut Snippets, &mut FilterNames),
    info: &mut FrameInfo,
) {
    let list = view.app.list();
    let count = list.rows().len();
    let focused = view.app.focus() == Focus::List;
    let inner = list_title::draw(area, buf, view, (focused, count), filters, info);
    // In a pane of one line, a row has only its first line.
    let lines = view.settings().density.row_lines().min(inner.height.max(1));
    let now = Now { at: view.app.now(), zone: view.zone() };
    let days = Days::shown(list, view.app.feed(), now, view.settings(), inner.height);
    let starts = |row: usize| days.is_some_and(|days| days.starts(row));
    let geometry = ListGeometry {
        count,
        height: inner.height.into(),
        row_lines: lines.into(),
        starts_section: if days.is_some() { Some(&starts) } else { None },
        has_top_line: days.is_some_and(|days| days.stay_visible()),
    };
    let offset = geometry.offset_for(list.offset(), list.selected());
    (info.list.area, info.list.offset, info.list.row_lines) = (inner, offset, lines);
    if count == 0 {
        return empty(inner, buf, view);
    }
    let highlighter = view.app.query().highlighter();
    let columns = (inner.width.into(), pane_frame::has_right_border(area, buf));
    let rows = Rows::new(view, &highlighter, columns, (lines > 1, days.as_ref()));
    let range = list.range_rows();
    let mut y = inner.y;
    for (row, index) in (offset..).zip(list.rows().between(offset..count)) {
        let section = days.map(|days| days.section(row));
        if let Some(days) = days.filter(|_| y < inner.bottom() && geometry.has_line_before(row, offset)) {
            info.list.day_lines.insert(usize::from(y - inner.y));
            let line = day_line::line(view, days.section(row), days.rows_of(row), inner.width.into());
            buf.set_line(inner.x, y, &line, inner.width);
            y += 1;
        }
        if y.saturating_add(lines) > inner.bottom() {
            break;
        }
        let top = y;
        y += lines;
        let Some(article) = view.app.feed().get(index) else { continue };
        info.list.rows_built += 1;
        let selected = row == list.selected();
        let sign = match () {
            () if selected => signs::SELECTED.sign,
            () if range.contains(&row) => signs::IN_RANGE.sign,
            () => " ",
        };
        let row_drawn = Row { article: &article, index, sign, branch: branch(view, row, index), section };
        let (y, drawn) = (top, rows.lines(row_drawn, snippets));
        for (y, (line, highlights)) in (y..).zip(drawn.into_iter().take(usize::from(lines))) {
            buf.set_line(inner.x, y, &line, inner.width);
            for hit in highlights {
                let (x, width) = (inner.x.saturating_add(hit.start as u16), (hit.end - hit.start) as u16);
                buf.set_style(Rect { x, y, width, height: 1 }.intersection(inner), view.styles.hit.other);
            }
        }
        // After the hits, whose colours this overrides: they stay underlined.
        let whole = Rect { y, height: lines, ..inner };
        if selected {
            if focused {
                info.cursor = Some(Position { x: inner.x, y });
            }
            let style = if focused { view.styles.selected.focused } else { view.styles.selected.other };
            buf.set_style(whole, style);
        } else if range.contains(&row) {
            buf.set_style(whole, view.styles.selected.other);
        }
    }
}

/// The sign before the title of a member that is shown below the head of its story: the last one has another. Empty for other rows.
fn branch(view: &FrameInput, row: usize, index: usize) -> &'static str {
    let (list, feed) = (view.app.list(), view.app.feed());
    let Some(head) = list.head_over(index, feed) else { return "" };
    let next = list.rows().get(row + 1).and_then(|next| list.head_over(next, feed));
    if next == Some(head) { signs::MEMBER.sign } else { signs::LAST_MEMBER.sign }
}

fn empty(area: Rect, buf: &mut Buffer, view: &FrameInput) {
    let app = view.app;
    // While files are read or searched, an empty list says nothing about the query.
    let words = if app.is_loading() {
        "Reading the article files …".into()
    } else if app.search().is_running() {
        "Searching …".into()
    } else if are_all_hidden(view) {
        all_hidden(app.feed().len())
    } else if app.context() == crate::app::Context::Prompt {
        clean::plain_line(&format!("Nothing matches {}.", app.query()))
    } else if !app.query().is_everything() {
        let key = view.keymap.key_of(crate::app::Action::Clear).unwrap_or_default();
        clean::plain_line(&format!("Nothing matches {}. {key} shows all articles again.", app.query()))
    } else if !app.problems().all().is_empty() {
        let key = view.keymap.key_of(crate::app::Action::Problems).unwrap_or_default();
        clean::plain_line(&format!("No article could be read. {key} shows why."))
    } else {
        let key = view.keymap.key_of(crate::app::Action::Palette).unwrap_or_default();
        clean::plain_line(&format!(
            "No articles here. Put Markdown files into the folder, or name another: frontpage FOLDER. {key}welcome lists other sources."
        ))
    };
    pane_frame::draw_text(area, buf, words, view.styles.dim);
}

/// Whether the list is empty because all articles are hidden. Stops at the first one that is not hidden.
fn are_all_hidden(view: &FrameInput) -> bool {
    let (feed, marks) = (view.app.feed(), view.app.marks());
    let is_hidden = |index| feed.id(index).is_some_and(|id| marks.is_hidden(id));
    !feed.is_empty() && !view.app.query().mentions_hidden() && (0..feed.len()).all(is_hidden)
}

/// The text for a library whose articles are all hidden.
fn all_hidden(count: usize) -> SafeText {
    let words = match count {
        1 => "The only article here is hidden. The query is:hidden finds it.".to_owned(),
        _ => format!("All {} articles are hidden. The query is:hidden finds them.", grouped(count)),
    };
    clean::plain_line(&words)
}
