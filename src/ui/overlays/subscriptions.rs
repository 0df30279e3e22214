//! Draws the subscriptions: title, state, unread and all articles, last and next fetch; or the problem of the selected one.
//!
//! On narrow screens the columns at the right go first.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use super::typed_line::TypedLine;
use crate::app::{FrameInfo, Health, RowKind, SubscriptionList, SubscriptionRow};
use crate::feed::{SafeText, clean};
use crate::text::{self, Piece, counted, grouped, repeat, signs, span};
use crate::ui::date_display::age;
use crate::ui::frame_input::FrameInput;

/// The widest box.
const MAX_COLUMNS: u16 = 110;
/// Columns of the mark of the selection.
const MARK: usize = 2;
/// The fewest columns of a title.
const MIN_TITLE: usize = 20;
/// The optional columns, the most important first: their headings and widths.
const COLUMNS: [(&str, usize); 4] = [("state", 14), ("unread/all", 14), ("last", 6), ("next", 7)];

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &SubscriptionList, info: &mut FrameInfo) {
    let styles = view.styles;
    let subscriptions = view.app.subscriptions();
    let rows = list.rows(subscriptions);
    let columns = area.width.saturating_sub(4).min(MAX_COLUMNS);
    // The frame and a margin take two columns on each side.
    let inner = usize::from(columns).saturating_sub(4);
    let shown = shown_columns(inner);
    let title_columns = inner.saturating_sub(MARK + shown.iter().map(|(_, width)| width).sum::<usize>());
    let selected = rows.get(list.cursor.at).filter(|_| list.shows_problem);
    let mut head = match selected {
        Some(row) => details(row, list, view, inner),
        None if subscriptions.is_empty() => no_subscriptions(view, inner),
        None => vec![heading(view, &shown, title_columns)],
    };
    if let Some(why) = subscriptions.failure().filter(|_| selected.is_none()) {
        let words = clean::plain_line(&format!("The last sync did nothing: {why}"));
        head.insert(0, Line::from(vec![span(text::cut(&words, inner), styles.warning)]));
    }
    let is_narrowed = list.is_typing || !list.input.text().is_empty();
    let hint = "part of a title, an address or a state";
    let typed = is_narrowed.then(|| TypedLine::new(&list.input, rows.len(), hint.into()).typing(list.is_typing));
    let row = |number: usize, _: usize| {
        let Some(row) = rows.get(number) else { return Vec::new() };
        let is_well = matches!(row.health(), Health::Fine | Health::NeverFetched | Health::Paused);
        let mut spans = vec![selection_mark(number == list.cursor.at, view)];
        let (sign, indent) = fold_sign(row, list, view);
        spans.push(span(sign, styles.dim));
        spans.extend(text::fit(&row.title(), title_columns.saturating_sub(indent), styles.text));
        for (name, width) in &shown {
            let words = text::cut(&cell(name, row, list, view), width.saturating_sub(1));
            let style = match *name {
                "state" if !is_well => styles.warning,
                "unread/all" => styles.accent,
                _ => styles.dim,
            };
            let missing = width.saturating_sub(text::width(words.as_str()));
            spans.extend([repeat(" ", missing, styles.dim), span(words, style)]);
        }
        vec![Line::from(spans)]
    };
    let count = if selected.is_some() { 0 } else { rows.len() };
    let list_box = ListBox {
        title: "Subscriptions",
        columns,
        count,
        cursor: list.cursor,
        height: 1,
        typed,
        head,
        foot: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}

/// The columns that there is room for beside the title.
fn shown_columns(inner: usize) -> Vec<(&'static str, usize)> {
    let mut room = inner.saturating_sub(MARK + MIN_TITLE);
    let mut shown = Vec::new();
    for (name, width) in COLUMNS {
        if width > room {
            break;
        }
        room -= width;
        shown.push((name, width));
    }
    shown
}

fn heading(view: &FrameInput, shown: &[(&'static str, usize)], title_columns: usize) -> Line<'static> {
    let style = view.styles.dim;
    let mut spans = vec![repeat(" ", MARK, style)];
    spans.extend(text::fit(&"title".into(), title_columns, style));
    for (name, width) in shown {
        spans.extend([repeat(" ", width.saturating_sub(name.len()), style), span(*name, style)]);
    }
    Line::from(spans)
}

fn cell(name: &str, row: &SubscriptionRow, list: &SubscriptionList, view: &FrameInput) -> SafeText {
    match name {
        // It is that of the account.
        "state" if matches!(row.kind, RowKind::Feed(_)) => SafeText::default(),
        "state" => row.health().word().into(),
        "unread/all" => match list.articles(row, view.app.subscriptions()) {
            Some(articles) => clean::plain_line(&format!("{} / {}", grouped(articles.unread), grouped(articles.all))),
            None => "…".into(),
        },
        "last" => age(row.last(), view.app.now()),
        // The time until then, written as an age.
        "next" => match row.next() {
            Some(next) if next <= view.app.now() => "due".into(),
            Some(next) => clean::plain_line(&format!("in {}", age(Some(view.app.now()), next))),
            None => SafeText::default(),
        },
        _ => SafeText::default(),
    }
}

/// The sign of an account whose feeds fold, or the indent of a feed, and its columns.
fn fold_sign(row: &SubscriptionRow, list: &SubscriptionList, view: &FrameInput) -> (SafeText, usize) {
    let subscriptions = view.app.subscriptions();
    match row.kind {
        RowKind::Subscription => (SafeText::default(), 0),
        RowKind::Account(_) if subscriptions.feeds(row.key).is_empty() => (SafeText::default(), 0),
        RowKind::Account(_) if list.is_folded(row.key, subscriptions) => {
            (clean::run(&format!("{} ", signs::FOLDED.sign)), 2)
        }
        RowKind::Account(_) => (clean::run(&format!("{} ", signs::UNFOLDED.sign)), 2),
        RowKind::Feed(_) => ("  ".into(), 2),
    }
}

/// How to add the first subscription.
fn no_subscriptions(view: &FrameInput, columns: usize) -> Vec<Line<'static>> {
    let words = "You follow nothing yet. Add a channel with a, or in a shell with frontpage subscribe URL: the address of a \
                 page is enough. frontpage subscriptions import FILE reads a list of another reader: OPML, or newsboat's urls.";
    wrapped(words.into(), view, columns)
}

fn wrapped(words: SafeText, view: &FrameInput, columns: usize) -> Vec<Line<'static>> {
    text::wrap(&[Piece { text: words, style: view.styles.text }], columns, &[], &[]).collect()
}

/// What is wrong with a subscription, and what to do; of an account and its feeds also when it was synced.
fn details(row: &SubscriptionRow, list: &SubscriptionList, view: &FrameInput, columns: usize) -> Vec<Line<'static>> {
    let (styles, now) = (view.styles, view.app.now());
    let mut lines = vec![
        Line::from(vec![span(text::cut(&row.title(), columns), styles.title)]),
        Line::from(vec![span(text::cut(&row.address(), columns), styles.link)]),
        Line::default(),
    ];
    if row.title() == row.address() {
        lines.remove(0);
    }
    if let RowKind::Feed(account) = row.kind {
        lines.extend(wrapped(clean::plain_line(&format!("A feed of {}.", account.title())), view, columns));
        lines.push(Line::default());
    }
    let (what, remedy) = row.problem().unwrap_or_else(|| ("No problem.".into(), SafeText::default()));
    lines.extend(wrapped(what, view, columns));
    if !remedy.is_empty() {
        lines.push(Line::default());
        lines.extend(wrapped(remedy, view, columns));
    }
    let mut facts = vec![row.health().word().to_owned()];
    if let Some(since) = row.record.and_then(|record| record.failing_since) {
        facts.push(format!("for {}", age(Some(since), now)));
    }
    if let Some(failures) = row.record.map(|record| record.failures).filter(|failures| *failures > 0) {
        facts.push(counted(usize::try_from(failures).unwrap_or(usize::MAX), "failed request"));
    }
    if row.account().is_some() {
        facts.extend(account_facts(row, list, view));
    }
    lines.push(Line::default());
    let facts = [Piece { text: clean::plain_line(&facts.join(" · ")), style: styles.dim }];
    lines.extend(text::wrap(&facts, columns, &[], &[]));
    lines
}

/// When an account was synced and is synced next, its feeds, and the marks that wait.
fn account_facts(row: &SubscriptionRow, list: &SubscriptionList, view: &FrameInput) -> Vec<String> {
    let (now, subscriptions) = (view.app.now(), view.app.subscriptions());
    let mut facts = Vec::new();
    facts.extend(row.last().map(|last| format!("synced {} ago", age(Some(last), now))));
    facts.extend(row.next().map(|_| cell("next", row, list, view)).map(|next| match next.as_str() {
        "due" => "due".to_owned(),
        next => format!("next {next}"),
    }));
    if !row.has_articles() {
        facts.push(counted(subscriptions.feeds(row.key).len(), "feed"));
    }
    let unsent = row.record.map_or(0, |record| record.unsent);
    let waits = if unsent == 1 { "mark waits" } else { "marks wait" };
    facts.extend((unsent > 0).then(|| format!("{unsent} {waits} to be sent")));
    facts
}
