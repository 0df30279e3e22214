//! What is done with an answer: the document is parsed, articles and marks are written, then the record, in this order.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::accounts;
use super::channel_search;
use super::environment::{Environment, Outcome, SyncResult};
use super::full_texts::WantedNotes;
use super::hook_notes::NewArticles;
use super::messages::ParseRequest;
use super::outcome::{self, Failure};
use super::schedule;
use super::workers::{Parser, ParserDied};
use crate::channel::{NotAChannel, Repair};
use crate::confined_process::Died;
use crate::digest::{self, Choices, Fingerprint, ItemId, LeftOutReason, Places, PreparedChannel, Report, SyncState};
use crate::feed::{Address, Article, ArticleId, Feed, Problem, Severity};
use crate::net::Answer;
use crate::query::{Query, SearchContext};
use crate::subscriptions::{self, FetchRecord, Move, RecordedProblem, Subscription};

/// Articles of a first sync that are unread: the newest ones.
pub const FIRST_UNREAD: usize = 20;
/// How the problem begins that records repairs of a document.
const READ_ALL_THE_SAME: &str = "read all the same: ";
/// Longest title of a channel in a record, in characters.
const MAX_TITLE: usize = 300;

/// What a parsing process answers.
pub type ParseAnswer = Result<PreparedChannel, NotAChannel>;

/// An answer to a request, and what is known of its subscription.
pub struct Received<'a> {
    /// The subscription.
    pub subscription: &'a Subscription,
    /// Its record before the request.
    pub record: FetchRecord,
    /// Hash of its settings.
    pub settings: String,
    /// When the request was sent.
    pub begun: Instant,
    /// The answer.
    pub answer: Answer,
    /// The document.
    pub body: Vec<u8>,
}

/// Numbers of articles.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    new: usize,
    updated: usize,
    left_out: usize,
}

/// How a document becomes a channel.
type Parse<'p> = &'p mut dyn FnMut(&ParseRequest, Vec<u8>) -> Result<ParseAnswer, ParserDied>;

/// Does what an answer asks for.
pub fn process(
    received: Received,
    environment: &Environment,
    parser: &mut Parser<ParseAnswer>,
) -> (SyncResult, Vec<Problem>) {
    process_with(received, environment, &mut |request, document| parser.parse(request, document))
}

/// Does what an answer asks for, whose document is this channel.
pub fn process_parsed(
    received: Received,
    channel: PreparedChannel,
    environment: &Environment,
) -> (SyncResult, Vec<Problem>) {
    let mut channel = Some(channel);
    process_with(received, environment, &mut |_, _| channel.take().map(Ok).ok_or(ParserDied(Died::NoAnswer)))
}

fn process_with(received: Received, environment: &Environment, parse: Parse) -> (SyncResult, Vec<Problem>) {
    let Received { subscription, record, settings, begun, answer, body } = received;
    let now = (environment.clock)();
    let mut record = FetchRecord { requested: Some(now), ..record };
    let was_conditional = record.etag.is_some() || record.last_modified.is_some();
    let (mut counts, mut problems, mut is_durable) = (Counts::default(), Vec::new(), true);
    // A document that has not changed still has the repairs of the last one.
    let mut repairs = record.problem.clone().filter(|problem| problem.what.starts_with(READ_ALL_THE_SAME));
    let failure = match answer.status {
        304 if was_conditional => {
            // If a power failure undoes it, the only loss is one request.
            is_durable = false;
            None
        }
        304 => Some(Failure::new("the server answered 304 to a request for the whole document", "check the address")),
        200 => {
            let written = document(subscription, &mut record, &answer, body, environment, parse, now);
            (counts, problems, repairs) = (written.counts, written.problems, written.repairs);
            is_durable = counts.new > 0 || counts.updated > 0;
            written.failure
        }
        _ => Failure::of_status(&answer, now),
    };
    let after = match &failure {
        None => {
            let mut after = outcome::after_success(record, subscription, &answer, now);
            // A move is more urgent, and the next document has the same repairs.
            after.problem = after.problem.or(repairs);
            after
        }
        Some(failure) => {
            let mut after = outcome::after_failure(record, subscription, failure, &settings, now);
            after.status = Some(answer.status);
            // A server that repeats them would answer 304 from now on, and articles that were not written would not come.
            if answer.status == 200 && answer.etag == after.etag && answer.last_modified == after.last_modified {
                (after.etag, after.last_modified) = (None, None);
            }
            after
        }
    };
    let key = subscription.key();
    let mut result = SyncResult {
        status: Some(answer.status),
        new: counts.new,
        updated: counts.updated,
        left_out: counts.left_out,
        bytes: answer.bytes,
        took: begun.elapsed(),
        ..SyncResult::new(subscription, &after, outcome_of(&after, failure.as_ref(), counts))
    };
    if let Err(error) = subscriptions::write_record(environment.states, key, &after, is_durable, environment.fs) {
        let failure = outcome::state_failure(&error);
        result.outcome = Outcome::Failed;
        result.problem = Some(failure_problem(&failure));
    }
    (result, problems)
}

fn outcome_of(after: &FetchRecord, failure: Option<&Failure>, counts: Counts) -> Outcome {
    match failure {
        Some(failure) if failure.stops == Some(subscriptions::Stopped::Gone) => Outcome::Gone,
        Some(_) => Outcome::Failed,
        None if after.moved.as_ref().is_some_and(Move::is_suggested) => Outcome::Moved,
        None if counts.new > 0 || counts.updated > 0 => Outcome::New,
        None => Outcome::Unchanged,
    }
}

/// A failure as it is recorded.
pub fn failure_problem(failure: &Failure) -> RecordedProblem {
    let (what, remedy) = (failure.what.clone(), failure.remedy.clone());
    RecordedProblem { what, remedy, is_failure: true }
}

/// What writing the articles of a document did.
#[derive(Default)]
struct Written {
    counts: Counts,
    problems: Vec<Problem>,
    failure: Option<Failure>,
    /// What was wrong with the document, and did no harm.
    repairs: Option<RecordedProblem>,
}

/// Parses a document and writes its articles, then the marks of a first sync. Changes the record but for what an answer alone says.
fn document(
    subscription: &Subscription,
    record: &mut FetchRecord,
    answer: &Answer,
    body: Vec<u8>,
    environment: &Environment,
    parse: Parse,
    now: DateTime<Utc>,
) -> Written {
    let request = ParseRequest {
        content_type: answer.content_type.clone(),
        content_language: answer.content_language.clone(),
        base: channel_search::base(&answer.url).map(String::from),
        is_page: false,
        of_account: None,
        with_text: false,
    };
    // Without its filter, a subscription would bring articles that the user does not want.
    let filter = subscription.only.as_deref().map(|only| Query::parse_with(only, environment.saved));
    let filter = match filter.transpose() {
        Ok(filter) => filter,
        Err(error) => {
            let what = format!("the filter `only` is not a query: {error}");
            return Written::failed(Failure::new(what, "fix `only` in its line of subscriptions.yaml"));
        }
    };
    let channel = match parse(&request, body) {
        Ok(Ok(channel)) => channel,
        Ok(Err(NotAChannel::Page(_))) => {
            return Written::failed(Failure::new(
                "HTML, not a channel (captive portal, login page?)",
                "open the address in a browser; articles stay as they are",
            ));
        }
        Ok(Err(other)) => return Written::failed(Failure::new(other.to_string(), "check the address")),
        Err(died) => {
            let what = format!("the channel could not be read: {died}");
            return Written::failed(Failure::new(what, "its articles stay as they are; report the channel to us"));
        }
    };
    let places = Places { articles: environment.articles, states: environment.states, fs: environment.fs };
    if !record.is_begun && is_of_another_device(subscription, environment) {
        record.is_begun = true;
    }
    let marks = environment.marks.filter(|_| subscription.keep.is_some()).map(|marks| marks.current());
    let is_protected =
        |article: ArticleId| marks.as_ref().is_none_or(|marks| super::read_marks::is_protected(marks, article));
    let pages = WantedNotes::new(subscription, environment, !record.is_begun);
    // A first sync brings old articles: no program runs for them.
    let has_hooks = record.is_begun && !environment.hooks.is_empty();
    let new_articles = NewArticles::new(environment.states, environment.fs, has_hooks);
    let of_accounts = match accounts::of_accounts(subscription, environment) {
        Ok(of_accounts) => of_accounts,
        Err(error) => return Written::failed(accounts::state_failure(error)),
    };
    let shown_already = Cell::new(0_usize);
    let is_wanted = |article: &Article| {
        if of_accounts.find(&print_of(article)).is_some() {
            shown_already.set(shown_already.get().saturating_add(1));
            return false;
        }
        let is_wanted = filter.as_ref().is_none_or(|filter| is_found(filter, article, now));
        if is_wanted {
            pages.add(article);
            new_articles.add(article.id);
        }
        is_wanted
    };
    let choices = Choices { is_protected: &is_protected, is_wanted: &is_wanted, ..Choices::cautious(now) };
    let report = digest::write_articles(&channel, subscription, &places, &choices);
    let mut written = Written {
        counts: counts(&report, shown_already.get()),
        repairs: repairs(&channel.repairs),
        ..Written::default()
    };
    note_channel(record, &channel, &written.counts, answer, now);
    let state_file = SyncState::path_in(environment.states, subscription);
    let is_harmless = |problem: &&Problem| problem.severity == Severity::Warning && problem.path == state_file;
    written.failure = report.problems.iter().find(|problem| !is_harmless(problem)).map(|problem| {
        let location = problem.location();
        Failure::new(format!("{location}: {}", problem.what), problem.hint.to_string())
    });
    written.problems = report.problems.iter().filter(is_harmless).cloned().collect();
    if let Some(failure) = pages.failure() {
        written.failure.get_or_insert(failure);
    }
    written.problems.extend(new_articles.problem());
    if !record.is_begun
        && let Err(failure) = begin(subscription, environment, now)
    {
        written.failure.get_or_insert(failure);
    }
    if written.failure.is_none() {
        record.is_begun = true;
    }
    written
}

impl Written {
    fn failed(failure: Failure) -> Written {
        Written { failure: Some(failure), ..Written::default() }
    }
}

/// The repairs of a document as a problem of its subscription that is not a failure.
fn repairs(repairs: &[Repair]) -> Option<RecordedProblem> {
    let first = repairs.first()?;
    let more = match repairs.len().saturating_sub(1) {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Some(RecordedProblem {
        what: format!("{READ_ALL_THE_SAME}{}, line {}{more}", first.what, first.line),
        remedy: "report it to its publisher: `frontpage preview ADDRESS` lists all repairs".to_owned(),
        is_failure: false,
    })
}

/// The counts of a report. Articles that are shown already, because an account brought them, are not left out by the user's filter.
fn counts(report: &Report, shown_already: usize) -> Counts {
    let is_unwanted = |left_out: &&digest::LeftOut| left_out.why == LeftOutReason::NotWanted;
    let left_out = report.left_out.iter().filter(is_unwanted).count().saturating_sub(shown_already);
    Counts { new: report.new.len(), updated: report.updated.len(), left_out }
}

/// What an article that is about to be written is recognised by.
fn print_of(article: &Article) -> Fingerprint {
    let link = article.link.as_ref().and_then(|link| link.address());
    let title = Some(article.title.as_str());
    Fingerprint::of_file(&ItemId::new(""), link.map(Address::as_str), title, article.published)
}

/// True if a query finds an article that is about to be written. It has no marks yet.
fn is_found(filter: &Query, article: &Article, now: DateTime<Utc>) -> bool {
    let feed = Arc::new(Feed::new(vec![Arc::new(article.clone())], now));
    !filter.select(&SearchContext::new(feed, Arc::default(), now)).is_empty()
}

/// Notes what a document says of its channel.
fn note_channel(
    record: &mut FetchRecord,
    channel: &PreparedChannel,
    counts: &Counts,
    answer: &Answer,
    now: DateTime<Utc>,
) {
    let hints = &channel.hints;
    let numbers = |flags: &[bool]| -> Vec<u8> {
        flags.iter().zip(0..).filter(|(is_set, _)| **is_set).map(|(_, number)| number).collect()
    };
    record.title = channel.title.untrusted().chars().take(MAX_TITLE).collect();
    record.site = channel.link.as_ref().map(|link| link.untrusted().to_owned());
    record.pace.minutes = hints.ttl_minutes.max(hints.period_minutes);
    (record.pace.skip_hours, record.pace.skip_days) = (numbers(&hints.skip_hours), numbers(&hints.skip_days));
    let date = |item: &digest::PreparedItem| item.item.published.or(item.item.updated);
    let published: Vec<Option<i64>> =
        channel.items.iter().map(|item| date(item).map(|date| date.as_utc().timestamp())).collect();
    let new = if record.is_begun { counts.new } else { 0 };
    schedule::note_items(&mut record.pace, &published, new, answer, now);
    record.new = u64::try_from(counts.new).unwrap_or(u64::MAX);
    record.left_out = u64::try_from(counts.left_out).unwrap_or(u64::MAX);
}

/// True if the folder has articles that this device does not know: another device shares it, and its user has decided there which
/// of them are read.
fn is_of_another_device(subscription: &Subscription, environment: &Environment) -> bool {
    let state = SyncState::path_in(environment.states, subscription);
    let is_known = environment.fs.id(&state).is_ok_and(|id| id.size > 0);
    let folder = digest::folder_name(subscription).map(|name| environment.articles.join(name));
    let has_articles = || {
        let paths = folder.ok().and_then(|folder| environment.fs.list(&folder).ok()).unwrap_or_default();
        let name = |path: &std::path::PathBuf| {
            path.file_name().is_some_and(|name| {
                let name = name.as_encoded_bytes();
                name.ends_with(b".md") && !name.starts_with(b".")
            })
        };
        paths.iter().any(name)
    };
    !is_known && has_articles()
}

/// Marks all articles but the newest as read, if the user has not marked them yet. The articles are those of the state: some may have
/// been written by a sync that was stopped.
fn begin(subscription: &Subscription, environment: &Environment, now: DateTime<Utc>) -> Result<(), Failure> {
    let Some(marks) = environment.marks else { return Ok(()) };
    let state = SyncState::open(environment.states, subscription, environment.fs)
        .map_err(|error| Failure::new(error.to_string(), "make room, or make the state folder writable"))?;
    let entries = state.entries().iter().filter(|(_, entry)| entry.has_file());
    let mut articles: Vec<(Option<i64>, ArticleId)> =
        entries.map(|(id, entry)| (entry.published(), digest::article_id(id, subscription))).collect();
    drop(state.close(environment.fs));
    // Channels have the newest first, so of two with one date the first is newer.
    articles.sort_by_key(|(published, _)| Reverse(*published));
    // As if each was read on its day: the user did not read them today.
    let mut by_day: BTreeMap<DateTime<Utc>, Vec<ArticleId>> = BTreeMap::new();
    let mut day = now;
    for (published, article) in articles.into_iter().skip(FIRST_UNREAD) {
        let own = published.and_then(|published| DateTime::from_timestamp(published, 0));
        day = own.map_or(day, |own| own.duration_trunc(TimeDelta::days(1)).unwrap_or(own)).min(now);
        by_day.entry(day).or_default().push(article);
    }
    marks.mark_read(by_day, now).map_err(|error| {
        Failure::new(format!("marks not saved: {error}"), "make room, or make the folder of the marks writable")
    })
}

/// Records a failure without an answer that can be used, and returns the result.
pub fn fail(
    subscription: &Subscription,
    record: FetchRecord,
    settings: &str,
    failure: &Failure,
    environment: &Environment,
) -> SyncResult {
    let now = (environment.clock)();
    let after = outcome::after_failure(record, subscription, failure, settings, now);
    let result = SyncResult::new(subscription, &after, Outcome::Failed);
    let key = subscription.key();
    let written = subscriptions::write_record(environment.states, key, &after, false, environment.fs);
    let problem = written.err().map(|error| failure_problem(&outcome::state_failure(&error)));
    SyncResult { problem: problem.or_else(|| result.problem.clone()), ..result }
}

/// Records that processing a document has panicked, so that it is not fetched again at once, and returns the result.
pub fn panicked(
    subscription: &Subscription,
    record: FetchRecord,
    settings: &str,
    environment: &Environment,
) -> SyncResult {
    let failure = Failure::new("the channel could not be read: an error of the program", "report the channel to us");
    let record = FetchRecord { requested: Some((environment.clock)()), ..record };
    fail(subscription, record, settings, &failure, environment)
}
