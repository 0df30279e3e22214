//! Draws the navigation pane: the entries on the screen, each with its unread articles.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::frame_input::FrameInput;
use super::layout::offset_for;
use super::pane_frame;
use crate::app::{Command, Entry, EntryKind, Focus, FrameInfo, PresentPlace};
use crate::feed::{SafeText, clean};
use crate::text::signs::{self, Sign};
use crate::text::{self, grouped};

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
    let inner = pane_frame::draw_beside_list(area, buf, view, focused, (&title, SafeText::default()), info);
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
        draw_row(Rect { y, height: 1, ..inner }, buf, view, entry, (selected, is_present));
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

/// Draws a row: the mark, the sign of an entry that folds, the name, `!` for a problem, the keys of a saved search, and the number of
/// unread articles at the right. Each part is drawn where it is, because blanks between them would be half of the pane.
fn draw_row(row: Rect, buf: &mut Buffer, view: &FrameInput, entry: &Entry, (selected, is_present): (bool, bool)) {
    let styles = view.styles;
    let mark = match (selected, is_present) {
        (_, true) => Some(signs::PRESENT),
        (true, false) => Some(signs::FOCUS),
        (false, false) => None,
    };
    let unread = view.app.panes().navigation().unread(entry.kind).filter(|unread| *unread > 0);
    let sign = match entry.folded {
        Some(_) if matches!(entry.kind, EntryKind::More(_)) => None,
        Some(true) => Some(signs::FOLDED),
        Some(false) => Some(signs::UNFOLDED),
        None => None,
    };
    let style = match entry.kind {
        EntryKind::Section(_) => styles.title,
        EntryKind::More(_) => styles.dim,
        _ if is_present => styles.accent,
        _ if unread.is_none() && entry.kind.lists_articles() => styles.dim,
        _ => styles.text,
    };
    let columns = usize::from(row.width);
    let mut put = |column: usize, text: &SafeText, style: Style| {
        let at = u16::try_from(column).unwrap_or(u16::MAX).min(row.width);
        text::put(buf, (row.x.saturating_add(at), row.y), text, style, row.width.saturating_sub(at));
    };
    let mut put_sign = |column: usize, sign: Option<Sign>, style: Style| {
        sign.into_iter().for_each(|sign| put(column, &sign.sign.into(), style));
    };
    put_sign(0, mark, styles.accent);
    put_sign(MARK + indent(entry), sign, styles.dim);
    let before = MARK + indent(entry) + if sign.is_some() { SIGN } else { 0 };
    let (problem, keys) = (entry.has_problem.then_some(signs::PROBLEM), keys(view, entry));
    let count = unread.map(|unread| clean::run(&grouped(unread))).unwrap_or_default();
    let with_gap = |text: &SafeText| if text.is_empty() { 0 } else { 1 + text::width(text.as_str()) };
    // The name gives way to what follows it, and a blank stays at the right.
    let behind = 2 * usize::from(problem.is_some()) + with_gap(&keys) + with_gap(&count) + 1;
    let name = text::cut(&entry.label, columns.saturating_sub(before + behind));
    let mut at = before + text::width(name.as_str());
    put_sign(at + 1, problem, styles.warning);
    at += 2 * usize::from(problem.is_some());
    put(before, &name, style);
    put(at + 1, &keys, styles.dim);
    put(columns.saturating_sub(with_gap(&count)), &count, styles.dim);
}
