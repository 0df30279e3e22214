//! Draws the footer: pending keys, a question, the last notice, or counts; and hints for keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::frame_input::FrameInput;
use super::overlays::confirm;
use crate::app::{Action, Context};
use crate::config::SymbolSet;
use crate::feed::{SafeText, Severity, clean};
use crate::jobs::{JobKind, Progress};
use crate::keymap;
use crate::query::Sort;
use crate::text::progress_bar;
use crate::text::{self, grouped, span};

/// Fewest columns of a screen for a progress bar.
const MIN_BAR_SCREEN: usize = 70;

/// Draws the footer: the state on the left, and on the right as many hints as fit.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput) {
    let columns = usize::from(area.width);
    let left = left(view, columns);
    let used = text::spans_width(&left);
    buf.set_line(area.x, area.y, &Line::from(left), area.width);
    let hints = hints(view, columns.saturating_sub(used + 2));
    let width = text::spans_width(&hints) as u16;
    buf.set_line(area.right().saturating_sub(width), area.y, &Line::from(hints), width);
}

fn left(view: &FrameInput, columns: usize) -> Vec<Span<'static>> {
    let (app, styles) = (view.app, view.styles);
    if !view.pending.is_empty() {
        let rest = view.keymap.continuations(app.context(), view.pending);
        let rest: Vec<String> = rest.into_iter().map(|(keys, words)| format!("{keys} {words}")).collect();
        let words = clean::run(&format!(" {} … {}", keymap::print(view.pending), rest.join(" · ")));
        return vec![span(text::cut(&words, columns), styles.accent)];
    }
    if let Some(question) = confirm::question(view, columns) {
        return question;
    }
    if let Some(notice) = app.notice() {
        let (mark, style) = if notice.failed { (" ! ", styles.warning) } else { (" ", styles.accent) };
        let offer = notice.offer.and_then(|(action, does)| Some((view.keymap.key_of(action)?, does)));
        let offer = offer.map(|(key, does)| clean::plain_line(&format!("— {} {does}", view.key_names(&key))));
        let others = other_notices(view);
        let after = |words: &SafeText| 1 + text::width(words.as_str());
        let used = 3 + offer.as_ref().map_or(0, after) + others.as_ref().map_or(0, |(words, _)| after(words));
        let spans = [span(mark, style), span(text::cut(&notice.text, columns.saturating_sub(used)), style)];
        let more = offer.map(|offer| (offer, style)).into_iter().chain(others);
        return spans
            .into_iter()
            .chain(more.flat_map(|(words, style)| [span(" ", style), span(words, style)]))
            .collect();
    }
    // Insights show their own counts and have many keys. On narrow screens the keys of an overlay matter more than counts.
    if app.context() == Context::Insights || (app.overlay().is_some() && columns < MIN_BAR_SCREEN) {
        return Vec::new();
    }
    let mut spans = Vec::new();
    let mut add = |words: SafeText, style| {
        spans.push(span(if spans.is_empty() { " " } else { " · " }, styles.dim));
        spans.push(span(words, style));
    };
    if app.pane_layout().zen {
        add("zen".into(), styles.dim);
    }
    if app.session_marks().save_error().is_some() {
        add("! Marks not saved yet".into(), styles.warning);
    }
    if let Some(welcome) = app.welcome() {
        add(text::cut(welcome, columns.saturating_sub(2)), styles.accent);
    }
    // A server may take a while to answer: until then a sync has no progress.
    let unknown = Progress::default();
    let waits = |kind| (kind == JobKind::Sync).then_some(&unknown);
    let running = app.jobs().iter();
    let mut jobs: Vec<_> =
        running.filter_map(|job| Some((job.kind, job.progress.as_ref().or_else(|| waits(job.kind))?))).collect();
    // By kind, not by start: a job that starts again keeps its place in the line.
    jobs.sort_by_key(|(kind, _)| *kind);
    let symbols = view.settings().symbols();
    let of_job = |kind: JobKind, progress: &Progress| match kind {
        JobKind::Sync => Some(sync_progress(progress.done, progress.total, symbols)),
        kind => job(kind, progress, columns),
    };
    jobs.iter().filter_map(|(kind, progress)| of_job(*kind, progress)).for_each(|words| add(words, styles.accent));
    if app.query().is_everything() && app.query().sort() == Some(Sort::default()) {
        let count = app.list().found().len();
        let words = format!("{} article{}", grouped(count), if count == 1 { "" } else { "s" });
        add(clean::plain_line(&words), styles.dim);
    } else {
        let room = columns.saturating_sub(24).max(8);
        add(text::cut(&clean::plain_line(&app.query().to_string()), room), styles.topic);
        let words = format!("{} of {}", grouped(app.list().found().len()), grouped(app.feed().len()));
        add(clean::plain_line(&words), styles.dim);
    }
    let folded = app.list().found().len().saturating_sub(app.list().rows().len());
    if folded > 0 {
        add(clean::plain_line(&format!("{} folded", grouped(folded))), styles.dim);
    }
    let counted = |(count, what)| (count > 0).then(|| format!("{} {what}", grouped(count)));
    let (new, changed) = app.news().counts();
    let news: Vec<String> = [(new, "new"), (changed, "changed")].into_iter().filter_map(counted).collect();
    if !news.is_empty() {
        let style = if app.news().are_seen() { styles.dim } else { styles.accent };
        add(clean::plain_line(&news.join(" · ")), style);
    }
    let range = app.list().range_rows().len();
    if range > 0 {
        add(clean::plain_line(&format!("{} selected", grouped(range))), styles.accent);
    }
    if !app.list().rows().is_empty() {
        add(clean::plain_line(&format!("{} unread", grouped(app.unread().count()))), styles.dim);
    }
    if let Some((words, style)) = problems(view) {
        add(words, style);
    }
    spans
}

/// The number of other notices since the last key, in the warning style if one of them is a failure.
fn other_notices(view: &FrameInput) -> Option<(SafeText, Style)> {
    let notices = view.app.notices();
    let style = if notices.others().any(|notice| notice.failed) { view.styles.warning } else { view.styles.dim };
    let count = notices.others().count();
    let where_to_read = match view.keymap.key_of(Action::Notices) {
        Some(key) => format!("{} shows", view.key_names(&key)),
        None => ":notices".to_owned(),
    };
    (count > 0).then(|| (clean::plain_line(&format!("+{count} {where_to_read}")), style))
}

/// The activity and progress of a job, or `None` for a kind that the footer does not show.
fn job(kind: JobKind, progress: &Progress, columns: usize) -> Option<SafeText> {
    let (what, Progress { done, total, text }) = (kind.footer_label()?, progress);
    let words = match (*done, *total) {
        (0, 0) => format!("{what} …"),
        (done, 0) => format!("{what} {} …", grouped(done)),
        (done, total) if kind.shows_counts() => {
            with_bar(&format!("{what} {} of {}", grouped(done), grouped(total)), done, total, columns)
        }
        (done, total) => with_bar(&format!("{what} {} %", progress_bar::percent(done, total)), done, total, columns),
    };
    let text = text.as_ref().map(|text| format!(" {text}")).unwrap_or_default();
    Some(clean::plain_line(&(words + &text)))
}

/// Text with a progress bar before it, if the screen is wide enough.
fn with_bar(words: &str, done: usize, all: usize, columns: usize) -> String {
    if columns < MIN_BAR_SCREEN { words.to_owned() } else { format!("{} {words}", progress_bar::bar(done, all)) }
}

fn problems(view: &FrameInput) -> Option<(SafeText, Style)> {
    let problems = view.app.problems().all();
    let key = view.keymap.key_of(Action::Problems)?;
    let rejected = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let (count, what) = match (rejected, problems.len()) {
        (0, 0) => return None,
        (0, 1) => (1, "warning"),
        (0, warnings) => (warnings, "warnings"),
        (1, _) => (1, "file not read"),
        (rejected, _) => (rejected, "files not read"),
    };
    Some((clean::plain_line(&format!("{} {what}, {key} shows", grouped(count))), view.styles.warning))
}

/// As many hints for keys as fit into `room` columns.
pub fn hints(view: &FrameInput, room: usize) -> Vec<Span<'static>> {
    let styles = view.styles;
    let hints = view.keymap.hints(view.app.context()).into_iter();
    let hints: Vec<(String, &str)> =
        hints.filter(|(_, action, _)| view.app.is_available(*action)).map(|(key, _, word)| (key, word)).collect();
    let width = |(key, word): &(String, &str)| text::width(key) + text::width(word) + 3;
    let mut kept: Vec<&(String, &str)> = Vec::new();
    let mut used = 0;
    // The last hint leads to the help with all other keys, so it is kept longest.
    for hint in hints.last().into_iter().chain(hints.iter().take(hints.len().saturating_sub(1))) {
        if used + width(hint) > room {
            break;
        }
        used += width(hint);
        kept.push(hint);
    }
    if !kept.is_empty() {
        // It was added first, so that it always fits, and is drawn last.
        kept.rotate_left(1);
    }
    let spans = kept.into_iter().flat_map(|(key, word)| {
        [span(clean::run(key), styles.accent), span(" ", styles.dim), span(*word, styles.dim), span("  ", styles.dim)]
    });
    spans.collect()
}

/// The progress of a sync: `↻ 12/40`.
fn sync_progress(done: usize, total: usize, symbols: SymbolSet) -> SafeText {
    let sign = match symbols {
        SymbolSet::Unicode => JobKind::Sync.footer_label().unwrap_or_default(),
        // The sign has no counterpart in ASCII.
        SymbolSet::Ascii | SymbolSet::Plain => "sync",
    };
    clean::plain_line(&match (done, total) {
        (0, 0) => format!("{sign} …"),
        (done, 0) => format!("{sign} {}", grouped(done)),
        (done, total) => format!("{sign} {}/{}", grouped(done), grouped(total)),
    })
}
