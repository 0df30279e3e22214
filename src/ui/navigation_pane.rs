//! Draws the navigation pane: the entries on the screen, each with its unread articles.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::frame_input::FrameInput;
use super::layout::offset_for;
use super::pane_frame;
use crate::app::{Command, Entry, EntryKind, Focus, FrameInfo, PresentPlace};
use crate::feed::{SafeText, clean};
use crate::text::{self, grouped, repeat, signs, span};

/// Columns of the mark of the selection, or of the entry that is listed.
const MARK: usize = 1;
/// Columns of the sign of an entry that folds.
const SIGN: usize = 2;

/// Draws the pane, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
    let navigation = view.app.panes().navigation();
    let focused = view.app.focus() == Focus::Navigation;
    let title: SafeText = match navigation.filter() {
        "" => "Navigation".into(),
        filter => clean::plain_line(&format!("/{filter}")),
    };
    let inner = pane_frame::draw_pane(area, buf, view, focused, &title, None);
    (info.navigation.frame, info.navigation.area) = (area, inner);
    let (entries, height) = (navigation.entries(), usize::from(inner.height));
    let offset = offset_for(navigation.offset(), navigation.selected(), height, entries.len());
    info.navigation.offset = offset;
    if entries.is_empty() {
        let words = if navigation.filter().is_empty() { "Nothing to list yet." } else { "No match." };
        return pane_frame::draw_text(inner, buf, words.into(), view.styles.dim);
    }
    let sources = navigation.place_sources(view.app.subscriptions());
    let present = PresentPlace::of(view.app.query());
    for (y, (at, entry)) in (inner.y..inner.bottom()).zip(entries.iter().enumerate().skip(offset)) {
        let row = info.navigation.entries_built;
        info.navigation.entries_built += 1;
        if entry.folded.is_some() {
            info.navigation.put_fold_sign(row, MARK + indent(entry) + SIGN);
        }
        let selected = at == navigation.selected();
        let is_present = present.is(entry.kind, sources);
        let line = line(view, entry, usize::from(inner.width), (selected, is_present));
        buf.set_line(inner.x, y, &line, inner.width);
        if selected {
            if focused {
                info.cursor = Some(Position { x: inner.x, y });
            }
            let style = if focused { view.styles.selected.focused } else { view.styles.selected.other };
            buf.set_style(Rect { y, height: 1, ..inner }, style);
        }
    }
}

/// Columns before the sign or the name of an entry.
fn indent(entry: &Entry) -> usize {
    // Deep folders must leave room for their names.
    entry.depth.min(5)
}

/// The first keys that show a saved search.
fn keys(view: &FrameInput, entry: &Entry) -> SafeText {
    let EntryKind::Saved(at) = entry.kind else { return SafeText::default() };
    let saved = view.app.panes().navigation().saved.entries().get(at);
    let keys = saved.and_then(|saved| view.keymap.keys_of(&Command::shows_saved(&saved.name)).into_iter().next());
    clean::plain_line(&keys.unwrap_or_default())
}

/// A row: the mark, the sign of an entry that folds, the name, `!` for a problem, the keys of a saved search, and the number of unread articles.
fn line(view: &FrameInput, entry: &Entry, columns: usize, (selected, is_present): (bool, bool)) -> Line<'static> {
    let styles = view.styles;
    let mark = match (selected, is_present) {
        (_, true) => signs::PRESENT.sign,
        (true, false) => signs::FOCUS.sign,
        (false, false) => " ",
    };
    let unread = view.app.panes().navigation().unread(entry.kind).filter(|unread| *unread > 0);
    let count = unread.map(grouped).unwrap_or_default();
    let sign = match entry.folded {
        Some(_) if matches!(entry.kind, EntryKind::More(_)) => None,
        Some(true) => Some(signs::FOLDED),
        Some(false) => Some(signs::UNFOLDED),
        None => None,
    };
    let sign = sign.map_or_else(SafeText::default, |sign| clean::run(&format!("{} ", sign.sign)));
    let problem =
        if entry.has_problem { clean::run(&format!(" {}", signs::PROBLEM.sign)) } else { SafeText::default() };
    let style = match entry.kind {
        EntryKind::Section(_) => styles.title,
        EntryKind::More(_) => styles.dim,
        _ if is_present => styles.accent,
        _ if unread.is_none() && entry.kind.lists_articles() => styles.dim,
        _ => styles.text,
    };
    let keys = keys(view, entry);
    let keys_columns = if keys.is_empty() { 0 } else { text::width(keys.as_str()) + 1 };
    // The name gives way to the count, and a blank stays at the right.
    let before = MARK + indent(entry) + text::width(sign.as_str());
    let behind = text::width(problem.as_str()) + keys_columns + usize::from(!count.is_empty()) + count.len() + 1;
    let room = columns.saturating_sub(before + behind);
    let name = text::cut(&entry.label, room);
    let gap = room.saturating_sub(text::width(name.as_str())) + usize::from(!count.is_empty());
    Line::from(vec![
        span(mark, styles.accent),
        repeat(" ", indent(entry), styles.text),
        span(sign, styles.dim),
        span(name, style),
        span(problem, styles.warning),
        repeat(" ", usize::from(keys_columns > 0), styles.text),
        span(keys, styles.dim),
        repeat(" ", gap, styles.text),
        span(clean::run(&count), styles.dim),
    ])
}
