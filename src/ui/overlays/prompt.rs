//! Draws a prompt: the typed text, and below it the completions, the error, or how it is understood.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::app::{ButtonCommand, FrameInfo, PromptKind, PromptState};
use crate::feed::{SafeText, clean};
use crate::jobs::{JobKind, Progress};
use crate::text::progress_bar;
use crate::text::{self, grouped, repeat, span};
use crate::ui::frame_input::FrameInput;
use crate::ui::key_hints::KeyHints;
use crate::ui::pane_frame;

/// Most columns of a text that can be clicked.
const MAX_CHOICE: usize = 30;
/// Between the count and the query.
const SEPARATOR: &str = " · ";

/// Draws two or three lines, and records in `info` the position of the cursor: the text, what it means, and the keys, which are on
/// the second line if there is no third.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, state: &PromptState, info: &mut FrameInfo) {
    let columns = usize::from(area.width);
    let sign = match state.kind {
        PromptKind::Search => " / ",
        PromptKind::Query => " query: ",
        PromptKind::Name => " save as: ",
        PromptKind::NewName => " new name: ",
        PromptKind::SearchKeys => " keys: ",
        PromptKind::Find => " find: ",
        PromptKind::Filter => " filter: ",
        PromptKind::Note(_) => " note: ",
        PromptKind::Tag => " + tag: ",
        PromptKind::Untag => " - tag: ",
        PromptKind::Folder => " folder: ",
        PromptKind::Import => " import: ",
        PromptKind::Pipe => " pipe to: ",
        PromptKind::Write => " write to: ",
        PromptKind::Subscribe => " subscribe to: ",
    };
    let sign_columns = text::width(sign);
    let room = columns.saturating_sub(sign_columns + 1);
    let (before, after) = state.input.halves();
    let shift = text::width(before.as_str()).saturating_sub(room);
    let column = sign_columns + text::width(before.as_str()) - shift;
    let x = area.x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX)).min(area.right().saturating_sub(1));
    (info.cursor, info.is_typing) = (Some(Position { x, y: area.y }), true);
    let mut spans = vec![span(sign, view.styles.accent)];
    spans.extend(typed(view, state, &before, &after, shift, room));
    buf.set_line(area.x, area.y, &Line::from(spans), area.width);
    let second = Rect { y: area.y.saturating_add(1), height: 1, ..area }.intersection(area);
    let third = Rect { y: area.y.saturating_add(2), ..second }.intersection(area);
    let indent = sign_columns.saturating_sub(shift);
    if !third.is_empty() {
        let below = below(view, state, columns, indent);
        buf.set_line(second.x, second.y, &Line::from(below.clone()), second.width);
        draw_choices(second, buf, view, (state, text::spans_width(&below)), info);
        let keys = Rect { x: third.x.saturating_add(1), width: third.width.saturating_sub(1), ..third };
        return KeyHints::fitting(view, usize::from(keys.width)).draw(keys, buf, view, info);
    }
    // What is wrong and what can be completed is shown whole; before the rest, the keys get their place.
    let reserved = match state.error.is_some() || state.offered.is_some() {
        true => 0,
        false => KeyHints::fitting(view, columns.saturating_sub(1)).width() + 2,
    };
    let below = below(view, state, columns.saturating_sub(reserved), indent);
    let used = text::spans_width(&below);
    buf.set_line(second.x, second.y, &Line::from(below), second.width);
    let room = Rect { width: second.width.saturating_sub(u16::try_from(reserved).unwrap_or(u16::MAX)), ..second };
    let used = draw_choices(room, buf, view, (state, used), info);
    KeyHints::fitting(view, columns.saturating_sub(used + 2)).draw_right(second, buf, view, info);
}

/// Draws the texts that can be clicked, behind `used` columns of a line: as many as fit. Returns the columns in use then.
fn draw_choices(
    line: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (state, used): (&PromptState, usize),
    info: &mut FrameInfo,
) -> usize {
    let columns = usize::from(line.width);
    let mut at = used;
    // Of candidates, one before the inserted one is shown too.
    let (first, taken) = match &state.offered {
        Some((_, taken)) => (taken.saturating_sub(2), Some(*taken)),
        None => (0, None),
    };
    for (number, choice) in state.choices().iter().enumerate().skip(first) {
        let words = text::cut_at_word(&clean::plain_line(choice), MAX_CHOICE);
        let gap = match (at, taken) {
            (0, _) => " ",
            (_, Some(_)) => "  ",
            (_, None) => SEPARATOR,
        };
        let from = at + text::width(gap);
        if words.is_empty() || from + text::width(words.as_str()) > columns {
            break;
        }
        let area = pane_frame::cells(line, from, text::width(words.as_str()));
        let before = pane_frame::cells(line, at, text::width(gap));
        buf.set_span(before.x, before.y, &span(gap, view.styles.dim), before.width);
        let style = match taken {
            Some(taken) if taken == number => view.styles.accent.add_modifier(Modifier::REVERSED),
            Some(_) => view.styles.dim,
            None => view.styles.accent,
        };
        buf.set_span(area.x, area.y, &span(words, style), area.width);
        info.footer.buttons.add(area, ButtonCommand::Choose(number));
        at = from + usize::from(area.width);
    }
    at
}

/// The typed text with the cursor, and the part with an error underlined. It is scrolled left by `shift` columns.
fn typed(
    view: &FrameInput,
    state: &PromptState,
    before: &SafeText,
    after: &SafeText,
    shift: usize,
    room: usize,
) -> Vec<Span<'static>> {
    let wrong = state.error.as_ref().map(|error| error.span);
    let cursor = state.input.cursor();
    let style = |at: usize| -> Style {
        // The span of an error at the end of the text is empty: one character is marked all the same.
        let wrong = wrong.is_some_and(|(start, end)| at >= start && at < end.max(start + 1));
        let style = if wrong { view.styles.warning.add_modifier(Modifier::UNDERLINED) } else { view.styles.text };
        if at == cursor { style.add_modifier(Modifier::REVERSED) } else { style }
    };
    let mut spans: Vec<Span<'static>> = Vec::new();
    let (mut column, mut at) = (0, 0);
    let mut buffer = [0; 4];
    // By characters, not by clusters: the cursor and the spans of errors count characters.
    for c in before.as_str().chars().chain(after.as_str().chars()) {
        let width = text::width(c.encode_utf8(&mut buffer));
        if column >= shift && column + width <= shift + room {
            spans.push(span(clean::run(c.encode_utf8(&mut buffer)), style(at)));
        }
        column += width;
        at += 1;
    }
    if at == cursor {
        spans.push(repeat(" ", 1, view.styles.text.add_modifier(Modifier::REVERSED)));
    }
    if at == 0 {
        let columns = room.saturating_sub(1);
        spans.push(span(text::cut_at_word(&placeholder(state), columns), view.styles.dim));
    }
    spans
}

/// What is shown in place of an empty text.
fn placeholder(state: &PromptState) -> SafeText {
    let words = match state.kind {
        PromptKind::Search => " words, topic:ai, provider:ign, @2w, is:unread, /regex/ …",
        PromptKind::Query => " all articles",
        PromptKind::Name | PromptKind::NewName => " a name, such as my news",
        PromptKind::SearchKeys => " keys that are free, such as gm or 4",
        PromptKind::Find => " words in this article",
        PromptKind::Filter => " words of a name",
        PromptKind::Note(_) => " no note",
        PromptKind::Tag => " name",
        PromptKind::Untag => match state.only_tag() {
            Some(only) => return clean::run(&format!(" Enter removes {}", only.signed())),
            None => " name",
        },
        PromptKind::Folder => " ~/notes",
        PromptKind::Import => " ~/subscriptions.opml",
        PromptKind::Write => " ~/article.md",
        PromptKind::Pipe => " a program, such as wc -w; it reads the article as Markdown",
        PromptKind::Subscribe => " address of a channel, or of a page",
    };
    words.into()
}

/// The second line in at most `columns`: completions, or else the error, or how the text is understood.
fn below(view: &FrameInput, state: &PromptState, columns: usize, indent: usize) -> Vec<Span<'static>> {
    let styles = view.styles;
    if state.offered.is_some() {
        return Vec::new();
    }
    if let Some(error) = &state.error {
        let (start, end) = error.span;
        let typed = state.input.text();
        let in_front: String = typed.chars().take(start).collect();
        let wrong: String = typed.chars().skip(start).take(end.saturating_sub(start)).collect();
        let (at, carets) = (indent + text::width(&in_front), text::width(&wrong).clamp(1, 20));
        let words = error.what.clone();
        if at + carets + text::width(words.as_str()) + 2 <= columns {
            let carets = repeat("^", carets, styles.warning);
            return vec![repeat(" ", at, styles.dim), carets, span(" ", styles.dim), span(words, styles.warning)];
        }
        return vec![span(" ! ", styles.warning), span(text::cut(&words, columns.saturating_sub(3)), styles.warning)];
    }
    let hint = |words: &'static str| vec![span(text::cut_at_word(&words.into(), columns), styles.dim)];
    let words = match state.kind {
        PromptKind::Search | PromptKind::Query => {
            let found = view.app.list().found().len();
            let all = view.app.unread().all_count(view.app.query()).max(found);
            let counts = match view.app.jobs().progress(JobKind::Rows) {
                Some(Progress { done, total, .. }) => {
                    let percent = format!("{} %", progress_bar::percent(*done, *total));
                    [format!(" {} searching {percent}", progress_bar::bar(*done, *total)), format!(" {percent}")]
                }
                None => [format!(" {} of {}", grouped(found), grouped(all)), format!(" {} found", grouped(found))],
            };
            let query = view.app.query().to_string();
            let query = if query.is_empty() { "all articles".to_owned() } else { query };
            with_query(counts, &clean::plain_line(&query), columns)
        }
        PromptKind::NewName => clean::run(&format!(" renames {}", state.search())),
        PromptKind::SearchKeys => clean::run(&format!(" show {}; without keys: no key", state.search())),
        PromptKind::Name => match state.replaced(view.app.query(), view.app.search().saved()) {
            Some((name, before)) => {
                clean::run(&format!(" replaces {}", clean::plain_line(&format!("{name}: {before}"))))
            }
            None => clean::run(&format!(" saves {}", view.app.query())),
        },
        PromptKind::Find | PromptKind::Filter => return hint(" ignores case and accents"),
        PromptKind::Subscribe => return hint(" the page may name its channel"),
        // They are drawn behind this.
        PromptKind::Tag | PromptKind::Untag if !state.choices().is_empty() => return Vec::new(),
        PromptKind::Tag => return hint(" a new tag"),
        PromptKind::Untag if state.has_no_tags() => return hint(" no tags to remove here"),
        PromptKind::Untag => return hint(" no such tag here"),
        PromptKind::Note(_) => return hint(" one line; has:note finds it"),
        PromptKind::Folder => return hint(" a folder of Markdown files"),
        PromptKind::Import => return hint(" OPML, or urls of newsboat"),
        PromptKind::Pipe => return hint(" no shell: quotes group words; {link} and {file} are known"),
        PromptKind::Write => return hint(" .md, .txt, .html or .epub; a folder gets a file for each article"),
    };
    vec![span(text::cut_at_word(&words, columns), styles.topic)]
}

/// The longest form of a count that fits into `columns`, and as much of a query as has room behind it. No count is cut.
fn with_query(counts: [String; 2], query: &SafeText, columns: usize) -> SafeText {
    let fits = |count: &String| text::width(count) <= columns;
    let Some(count) = counts.iter().find(|count| fits(count)) else { return SafeText::default() };
    let behind = columns.saturating_sub(text::width(count) + text::width(SEPARATOR));
    let query = text::cut_at_word(query, behind);
    clean::run(&[count.as_str(), if query.is_empty() { "" } else { SEPARATOR }, query.as_str()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_a_typed_query_no_count_is_cut() {
        let counts = || [" 21 of 192".to_owned(), " 21 found".to_owned()];
        for (columns, shown) in [
            (40, " 21 of 192 · wave tank"),
            (22, " 21 of 192 · wave tank"),
            (20, " 21 of 192 · wave …"),
            (14, " 21 of 192"),
            (10, " 21 of 192"),
            (9, " 21 found"),
            (8, ""),
        ] {
            let line = with_query(counts(), &"wave tank".into(), columns);
            assert_eq!(line.as_str(), shown, "{columns}");
            assert!(text::width(line.as_str()) <= columns);
        }
    }
}
