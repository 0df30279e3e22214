//! Draws the state of the session on one line: what the list shows, counts, progress, and problems at the right.
//!
//! What does not fit is shortened (`1,592 unread` becomes `1.6k unread`), and then dropped, the least important part first. No number
//! and no word is cut.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::frame_input::FrameInput;
use crate::app::{Action, FrameInfo};
use crate::config::SymbolSet;
use crate::feed::{SafeText, Severity, clean};
use crate::jobs::{JobKind, Progress};
use crate::query::Sort;
use crate::text::progress_bar;
use crate::text::{self, grouped, rounded, signs, span};

/// Between two parts.
const SEPARATOR: &str = " · ";
/// The most columns of the title of an account.
const LONGEST_ACCOUNT: usize = 30;
/// Columns between the parts at the left and that at the right.
const GAP: usize = 2;

/// How long a part stays while the line gets narrower: the first kind is dropped first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Folded,
    Zen,
    Changed,
    Query,
    Count,
    New,
    Job,
    Unread,
    Unsent,
    Loading,
    Problems,
    Range,
    NotSaved,
}

impl Rank {
    const ALL: [Rank; 13] = [
        Rank::Folded,
        Rank::Zen,
        Rank::Changed,
        Rank::Query,
        Rank::Count,
        Rank::New,
        Rank::Job,
        Rank::Unread,
        Rank::Unsent,
        Rank::Loading,
        Rank::Problems,
        Rank::Range,
        Rank::NotSaved,
    ];
}

/// A part of the line.
struct Part {
    rank: Rank,
    /// Its words, from the longest to the shortest form. The first one is drawn.
    forms: Vec<Vec<Span<'static>>>,
    /// What a click on it does.
    action: Option<Action>,
}

impl Part {
    fn new(rank: Rank, forms: impl IntoIterator<Item = String>, style: Style) -> Part {
        let mut forms: Vec<String> = forms.into_iter().collect();
        forms.dedup();
        let forms = forms.into_iter().map(|form| vec![span(clean::plain_line(&form), style)]).collect();
        Part { rank, forms, action: None }
    }

    /// A number with words behind it.
    fn of_count(rank: Rank, count: usize, words: &str, style: Style) -> Part {
        Part::new(rank, [format!("{} {words}", grouped(count)), format!("{} {words}", rounded(count))], style)
    }

    fn opening(self, action: Action) -> Part {
        Part { action: Some(action), ..self }
    }

    fn spans(&self) -> &[Span<'static>] {
        self.forms.first().map_or(&[], Vec::as_slice)
    }

    fn width(&self) -> usize {
        text::spans_width(self.spans())
    }
}

/// Draws the line, and records in `info` which parts can be clicked. Returns its columns.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) -> usize {
    // One column is free at each side.
    let room = usize::from(area.width).saturating_sub(2);
    let mut parts = parts(view);
    fit(&mut parts, room);
    let mut x = area.x.saturating_add(1);
    for (number, part) in parts.iter().enumerate() {
        let columns = u16::try_from(part.width()).unwrap_or(u16::MAX);
        if part.rank == Rank::Problems {
            x = area.right().saturating_sub(columns.saturating_add(1));
        } else if number > 0 {
            buf.set_line(x, area.y, &Line::from(span(SEPARATOR, view.styles.dim)), 3);
            x = x.saturating_add(3);
        }
        let part_area = Rect { x, y: area.y, width: columns, height: 1 }.intersection(area);
        buf.set_line(x, area.y, &Line::from(part.spans().to_vec()), part_area.width);
        part.action.into_iter().for_each(|action| info.footer.buttons.add(part_area, action));
        x = x.saturating_add(columns);
    }
    usize::from(x.saturating_sub(area.x))
}

/// Columns of all parts with what is between them.
fn width(parts: &[Part]) -> usize {
    let between = match parts {
        [] => 0,
        [others @ .., last] if last.rank == Rank::Problems => {
            others.len().saturating_sub(1) * 3 + GAP.min(others.len() * GAP)
        }
        parts => (parts.len() - 1) * 3,
    };
    parts.iter().map(Part::width).sum::<usize>() + between
}

/// Shortens parts, then drops them, until all others fit.
fn fit(parts: &mut Vec<Part>, room: usize) {
    for rank in Rank::ALL {
        while width(parts) > room
            && let Some(part) = parts.iter_mut().find(|part| part.rank == rank && part.forms.len() > 1)
        {
            part.forms.remove(0);
        }
    }
    let excess = width(parts).saturating_sub(room);
    if let Some(query) = parts.iter_mut().find(|part| part.rank == Rank::Query && excess > 0) {
        // Of a query, the words at its beginning are shown.
        for form in &mut query.forms {
            let columns = text::spans_width(form).saturating_sub(excess);
            for words in form.iter_mut() {
                *words = span(text::cut_at_word(&clean::run(&words.content), columns), words.style);
            }
        }
        parts.retain(|part| part.width() > 0);
    }
    for rank in Rank::ALL {
        while width(parts) > room
            && let Some(at) = parts.iter().rposition(|part| part.rank == rank)
        {
            parts.remove(at);
        }
    }
}

/// The parts in the order in which they are drawn; problems are the last one.
fn parts(view: &FrameInput) -> Vec<Part> {
    let (app, styles) = (view.app, view.styles);
    let mut parts = Vec::new();
    if app.session_marks().save_error().is_some() {
        let forms = ["! Marks not saved yet", "! not saved"].map(str::to_owned);
        parts.push(Part::new(Rank::NotSaved, forms, styles.warning));
    }
    if app.pane_layout().zen {
        parts.push(Part::new(Rank::Zen, ["zen".to_owned()], styles.dim).opening(Action::Zen));
    }
    let found = app.list().found().len();
    let all = app.unread().all_count(app.query()).max(found);
    let shows_all = app.query().is_everything() && app.query().sort() == Some(Sort::default());
    if !shows_all {
        parts.push(Part::new(Rank::Query, [app.query().to_string()], styles.topic).opening(Action::EditQuery));
    }
    if shows_all {
        parts.push(Part::of_count(Rank::Count, found, if found == 1 { "article" } else { "articles" }, styles.dim));
    } else {
        let forms = [grouped, rounded].map(|number| format!("{} of {}", number(found), number(all)));
        parts.push(Part::new(Rank::Count, forms, styles.dim));
    }
    let (new, changed) = app.news().counts();
    let news = if app.news().are_seen() { styles.dim } else { styles.accent };
    let folded = found.saturating_sub(app.list().rows().len());
    let unread = if app.list().rows().is_empty() { None } else { Some(app.unread().count()) };
    for (rank, count, words, style, action) in [
        (Rank::Folded, folded, "folded", styles.dim, Some(Action::Stories)),
        (Rank::New, new, "new", news, None),
        (Rank::Changed, changed, "changed", news, None),
        (Rank::Range, app.list().range_rows().len(), "selected", styles.accent, Some(Action::Range)),
    ] {
        let part = (count > 0).then(|| Part::of_count(rank, count, words, style));
        parts.extend(part.map(|part| Part { action, ..part }));
    }
    let unread = unread.map(|count| Part::of_count(Rank::Unread, count, "unread", styles.dim));
    parts.extend(unread.map(|part| part.opening(Action::UnreadOnly)));
    parts.extend(unsent(view));
    parts.extend(jobs(view));
    parts.extend(problems(view));
    parts
}

/// The marks that could not be sent to an account.
fn unsent(view: &FrameInput) -> Option<Part> {
    let (count, account) = view.app.subscriptions().waiting_marks()?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let words = format!("{} {}", grouped(count), if count == 1 { "mark waits" } else { "marks wait" });
    let account = account.map(|account| text::cut(&account, LONGEST_ACCOUNT));
    let whole = account.map_or_else(|| format!("{words} for accounts"), |account| format!("{words} for {account}"));
    let short = format!("{} unsent", rounded(count));
    Some(Part::new(Rank::Unsent, [whole, words, short], view.styles.dim).opening(Action::Subscriptions))
}

/// The jobs with progress.
fn jobs(view: &FrameInput) -> Vec<Part> {
    // A server may take a while to answer: until then a sync has no progress.
    let unknown = Progress::default();
    let waits = |kind| (kind == JobKind::Sync).then_some(&unknown);
    let running = view.app.jobs().iter();
    let mut jobs: Vec<_> =
        running.filter_map(|job| Some((job.kind, job.progress.as_ref().or_else(|| waits(job.kind))?))).collect();
    // By kind, not by start: a job that starts again keeps its place in the line.
    jobs.sort_by_key(|(kind, _)| *kind);
    jobs.into_iter().filter_map(|(kind, progress)| job(kind, progress, view)).collect()
}

/// The activity and progress of a job, or `None` for a kind that the line does not show.
fn job(kind: JobKind, progress: &Progress, view: &FrameInput) -> Option<Part> {
    let style = view.styles.accent;
    if kind == JobKind::Sync {
        let words = sync_progress(progress.done, progress.total, view.settings().symbols());
        return Some(Part::new(Rank::Loading, [words], style).opening(Action::Subscriptions));
    }
    let (what, Progress { done, total, text }) = (kind.footer_label()?, progress);
    let percent = || format!("{what} {} %", progress_bar::percent(*done, *total));
    let bar = |words: &str| format!("{} {words}", progress_bar::bar(*done, *total));
    let mut forms = match (*done, *total) {
        (0, 0) => vec![format!("{what} …")],
        (done, 0) => vec![format!("{what} {} …", grouped(done))],
        (done, total) if kind.shows_counts() => {
            let words = format!("{what} {} of {}", grouped(done), grouped(total));
            vec![bar(&words), words, percent()]
        }
        _ => vec![bar(&percent()), percent()],
    };
    // An address, for example: it is dropped before the rest gets shorter.
    if let (Some(text), Some(longest)) = (text, forms.first()) {
        forms.insert(0, format!("{longest} {text}"));
    }
    let rank = if kind == JobKind::Load { Rank::Loading } else { Rank::Job };
    Some(Part::new(rank, forms, style))
}

/// The progress of a sync: `↻ 12/40`.
fn sync_progress(done: usize, total: usize, symbols: SymbolSet) -> String {
    let sign = signs::SYNC.drawn(symbols);
    match (done, total) {
        (0, 0) => format!("{sign} …"),
        (done, 0) => format!("{sign} {}", grouped(done)),
        (done, total) => format!("{sign} {}/{}", grouped(done), grouped(total)),
    }
}

/// The number of problems, with the key that lists them: `⚠ 9 · P`. Files that were not read are named, because they are missing in
/// the list.
fn problems(view: &FrameInput) -> Option<Part> {
    let problems = view.app.problems().all();
    let rejected = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let sign = signs::PROBLEMS.drawn(view.settings().symbols());
    let forms = match (rejected, problems.len()) {
        (0, 0) => return None,
        (0, count) => vec![format!("{sign} {}", grouped(count)), format!("{sign} {}", rounded(count))],
        (1, _) => vec![format!("{sign} 1 file not read"), format!("{sign} 1")],
        (count, _) => vec![format!("{sign} {} files not read", grouped(count)), format!("{sign} {}", rounded(count))],
    };
    let mut part = Part::new(Rank::Problems, forms, view.styles.warning).opening(Action::Problems);
    if let Some(key) = view.keymap.key_of(Action::Problems) {
        let key: SafeText = clean::plain_line(&view.key_names(&key));
        for form in &mut part.forms {
            form.extend([span(SEPARATOR, view.styles.dim), span(key.clone(), view.styles.accent)]);
        }
    }
    Some(part)
}
