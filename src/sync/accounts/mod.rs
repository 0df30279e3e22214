//! Accounts: the sync of what reader services have. Requests go through the process that fetches, answers through the one that parses.

mod connection;
mod feed_homes;
mod fever_service;
mod marked_library;
mod reader_service;
mod state;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::claims;
use super::environment::{Environment, Outcome};
use super::outcome::{self, Failure};
use super::passwords;
use super::schedule::{self, LeftOut, LeftOutReason, Occasion, Verdict};
use crate::account::{self, AccountReport, FeedChange, Interruption, Service};
use crate::feed::{ArticleId, SafeText};
use crate::net::Answer;
use crate::subscriptions::{self, Account, FetchRecord, RecordedProblem, ServiceKind, Subscription, SubscriptionKey};
use connection::Connection;
pub use feed_homes::of_accounts;
use fever_service::FeverService;
use marked_library::MarkedLibrary;
use reader_service::ReaderService;
pub use state::{failure as state_failure, known_feeds, shown_feeds};

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountResult {
    /// The key of the account.
    pub key: SubscriptionKey,
    /// Its title: the user's, or the service and the host.
    pub title: SafeText,
    /// What happened.
    pub outcome: Outcome,
    /// What was sent and received.
    pub report: AccountReport,
    /// Marks that wait for the next sync. `None` if they were not counted.
    pub unsent: Option<u64>,
    /// Articles whose marks the service refuses.
    pub refused: BTreeSet<ArticleId>,
    /// Requests that were made.
    pub requests: usize,
    /// Bytes of all answers.
    pub bytes: u64,
    /// Time that it took.
    pub took: Duration,
    /// What is wrong, for the user. To be cleaned before display.
    pub problem: Option<RecordedProblem>,
    /// Problems of articles that could not be written.
    pub problems: Vec<crate::feed::Problem>,
}

/// How often an account is synced if the user does not say, in minutes. Its service has the articles already, and a sync without
/// changes costs few requests.
const EVERY: u32 = 30;

/// The least time after a failure until an account is asked again by itself; it doubles with each further one.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(15);
/// The longest such time.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(24);

/// What a request to a service is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Articles, and marks in both directions.
    All,
    /// To send marks.
    Marks,
}

/// Syncs an account if it is due; else sends the marks that wait. An account that fails concerns no other one.
pub fn sync(account: &Account, environment: &Environment, occasion: Occasion) -> AccountResult {
    let begun = Instant::now();
    let now = (environment.clock)();
    let (states, fs, key) = (environment.states, environment.fs, account.key());
    let mut result = blank(account);
    let server = server(account);
    let settings = passwords::settings_hash(&server, fs);
    let is_due = |record: &FetchRecord| match schedule::verdict(&server, record, &settings, occasion, now) {
        Verdict::Due => Ok(()),
        Verdict::NotDue(why) => Err(why),
    };
    let record = match claims::claim(states, key, now, fs, is_due) {
        Ok(Ok(record)) => FetchRecord { requested: Some(now), ..record },
        Ok(Err(why)) => return send_waiting(account, environment, why),
        Err(error) => return failed(result, &outcome::state_failure(&error)),
    };
    let done = run(account, environment, Purpose::All, &mut result);
    result.took = begun.elapsed();
    let after = match &done {
        Ok(()) => {
            let answer = Answer { status: 200, ..Answer::default() };
            let is_begun = record.is_begun || result.report.waiting == 0;
            let problem = refusal(&result.refused);
            FetchRecord { is_begun, problem, ..outcome::after_success(record, &server, &answer, now) }
        }
        Err(failure) => after_failure(record, &server, failure, &settings, now),
    };
    let unsent = result.unsent.unwrap_or(after.unsent);
    let after = FetchRecord { unsent, ..after };
    result.problem = after.problem.clone();
    if let Err(error) = subscriptions::write_record(states, key, &after, false, fs) {
        return failed(result, &outcome::state_failure(&error));
    }
    ended(result, &done)
}

/// Sends the marks that wait, and asks for nothing else. An account that failed is synced instead, as soon as it may be asked again.
pub fn send_marks(account: &Account, environment: &Environment) -> AccountResult {
    let (fs, now) = (environment.fs, (environment.clock)());
    let server = server(account);
    let settings = passwords::settings_hash(&server, fs);
    let record = subscriptions::read_record(environment.states, account.key(), fs).0.unwrap_or_default();
    match schedule::verdict(&server, &record, &settings, Occasion::Timer, now) {
        Verdict::Due if has_failed(&record) => sync(account, environment, Occasion::Timer),
        Verdict::Due => send_waiting(account, environment, LeftOut { why: LeftOutReason::Later, until: None }),
        Verdict::NotDue(why) => send_waiting(account, environment, why),
    }
}

/// True if the last requests failed. A failure before any request is none: to try again costs no server anything.
fn has_failed(record: &FetchRecord) -> bool {
    record.failures > 0 || record.stopped.is_some()
}

/// Sends the marks that wait, or counts them if the service is not to be asked. `why` says why it is not synced.
fn send_waiting(account: &Account, environment: &Environment, why: LeftOut) -> AccountResult {
    let (begun, now) = (Instant::now(), (environment.clock)());
    let (states, fs, key) = (environment.states, environment.fs, account.key());
    let record = subscriptions::read_record(states, key, fs).0.unwrap_or_default();
    let left_out = AccountResult {
        outcome: Outcome::NotDue(why),
        problem: record.problem.clone(),
        unsent: Some(record.unsent),
        ..blank(account)
    };
    // Nothing was ever received from it, or another sync has its state and sends them.
    if record.succeeded.is_none() || environment.marks.is_none() {
        return left_out;
    }
    let Ok(unsent) = unsent(account, environment) else { return left_out };
    let is_only_later = matches!(why.why, LeftOutReason::Later | LeftOutReason::AskedRecently | LeftOutReason::Skipped);
    if unsent == 0 || !is_only_later || has_failed(&record) {
        let amended = claims::amend(states, key, fs, |record| FetchRecord { unsent, ..record });
        return match amended {
            Ok(_) => AccountResult { unsent: Some(unsent), ..left_out },
            Err(error) => failed(left_out, &outcome::state_failure(&error)),
        };
    }
    let mut result = blank(account);
    let done = run(account, environment, Purpose::Marks, &mut result);
    result.took = begun.elapsed();
    let server = server(account);
    let unsent = result.unsent.unwrap_or(unsent);
    let amended = claims::amend(states, key, fs, |record| {
        let after = match &done {
            // What failed before any request works again.
            Ok(()) => {
                let problem = refusal(&result.refused);
                FetchRecord { problem, failing_since: None, failed_settings: None, ..record }
            }
            Err(failure) => {
                let settings = passwords::settings_hash(&server, fs);
                after_failure(record, &server, failure, &settings, now)
            }
        };
        FetchRecord { unsent, ..after }
    });
    match amended {
        Ok(record) => ended(AccountResult { problem: record.problem, ..result }, &done),
        Err(error) => failed(result, &outcome::state_failure(&error)),
    }
}

/// The problem of articles whose marks the service refuses.
fn refusal(refused: &BTreeSet<ArticleId>) -> Option<RecordedProblem> {
    let first = refused.first()?;
    let what = match refused.len() {
        1 => "the service refuses the mark of an article".to_owned(),
        several => format!("the service refuses the marks of {several} articles"),
    };
    let remedy = format!("set it there; `frontpage show {first}` shows the article, and another mark is sent again");
    Some(RecordedProblem { what, remedy, is_failure: false })
}

/// The number of marks that wait.
fn unsent(account: &Account, environment: &Environment) -> Result<u64, Failure> {
    let library = MarkedLibrary::open(account, environment)?;
    let unsent = library.unsent(&library.shadow());
    drop(library.close());
    Ok(unsent as u64)
}

fn blank(account: &Account) -> AccountResult {
    AccountResult {
        key: account.key(),
        title: account.title(),
        outcome: Outcome::Unchanged,
        report: AccountReport::default(),
        unsent: None,
        refused: BTreeSet::new(),
        requests: 0,
        bytes: 0,
        took: Duration::ZERO,
        problem: None,
        problems: Vec::new(),
    }
}

fn server(account: &Account) -> Subscription {
    Subscription { every: account.server.every.or(Some(EVERY)), ..account.server.clone() }
}

/// The record after a failure. Marks wait for the service, so it is asked again sooner than a channel.
fn after_failure(
    record: FetchRecord,
    server: &Subscription,
    failure: &Failure,
    settings: &str,
    now: DateTime<Utc>,
) -> FetchRecord {
    let after = outcome::after_failure(record, server, failure, settings, now);
    if after.failures == 0 || after.next.is_none() {
        return after;
    }
    let wait = FIRST_WAIT.checked_mul(1 << after.failures.saturating_sub(1).min(7)).unwrap_or(LONGEST_WAIT);
    let next = schedule::later(now, wait.min(LONGEST_WAIT)).max(after.not_before.unwrap_or(now));
    FetchRecord { next: Some(next), ..after }
}

fn ended(result: AccountResult, done: &Result<(), Failure>) -> AccountResult {
    let AccountReport { new, sent, received, .. } = result.report;
    let outcome = match done {
        Ok(()) if new + sent + received > 0 => Outcome::New,
        Ok(()) => Outcome::Unchanged,
        Err(_) => Outcome::Failed,
    };
    AccountResult { outcome, ..result }
}

fn failed(result: AccountResult, failure: &Failure) -> AccountResult {
    let (what, remedy) = (failure.what.clone(), failure.remedy.clone());
    let problem = Some(RecordedProblem { what, remedy, is_failure: true });
    AccountResult { outcome: Outcome::Failed, problem, ..result }
}

fn run(
    account: &Account,
    environment: &Environment,
    purpose: Purpose,
    result: &mut AccountResult,
) -> Result<(), Failure> {
    let mut library = MarkedLibrary::open(account, environment)?;
    let mut shadow = library.shadow();
    let connected = Connection::start(account, environment).map(|mut connection| {
        let merged = match account.service {
            ServiceKind::Fever => {
                let mut service = FeverService::new(&mut connection);
                merge(purpose, &mut service, &mut library, &mut shadow)
            }
            ServiceKind::FreshRss | ServiceKind::Miniflux | ServiceKind::GoogleReader => {
                let has_labels = account.service == ServiceKind::FreshRss;
                let mut service = ReaderService::new(&mut connection, library.token()).with_labels(has_labels);
                let merged = merge(purpose, &mut service, &mut library, &mut shadow);
                library.keep_token(service.into_token().as_deref());
                merged
            }
        };
        (result.requests, result.bytes) = (connection.requests, connection.bytes);
        merged
    });
    result.unsent = Some(library.unsent(&shadow) as u64);
    result.refused = shadow.refused();
    result.problems = library.close();
    match connected? {
        Ok(report) => {
            result.report = report;
            Ok(())
        }
        Err(Interruption::Service(failure) | Interruption::Library(failure)) => Err(failure),
    }
}

fn merge<S: Service<Failure = Failure>>(
    purpose: Purpose,
    service: &mut S,
    library: &mut MarkedLibrary,
    shadow: &mut account::Shadow,
) -> Result<AccountReport, Interruption<Failure, Failure>> {
    let device = library.device();
    match purpose {
        Purpose::All => account::merge(service, library, shadow, device),
        Purpose::Marks => account::send(service, library, shadow, device),
    }
}

/// Removes what lets this device into an account, its token, and the list of its feeds. What is known of its articles stays: if the
/// account is added again, nothing comes twice.
pub fn forget(account: &Account, environment: &Environment) {
    state::forget_feeds(account, environment.states, environment.fs);
    state::keep_token(account, None, environment.states, environment.fs);
}

/// Removes a feed that a service no longer follows from the list of the last sync.
pub fn forget_feed(account: &Account, environment: &Environment, feed: &str) -> Result<(), Failure> {
    let Environment { states, fs, .. } = *environment;
    let left = known_feeds(account, states, fs).into_iter().filter(|known| known.id != feed).collect::<Vec<_>>();
    state::keep_feeds(account, &left, states, fs)
}

/// Checks an account before it is added: the address, the user and the password. Returns the number of its feeds.
pub fn check(account: &Account, environment: &Environment) -> Result<usize, Failure> {
    let mut connection = Connection::start(account, environment)?;
    let feeds = match account.service {
        ServiceKind::Fever => FeverService::new(&mut connection).feeds()?,
        ServiceKind::FreshRss | ServiceKind::Miniflux | ServiceKind::GoogleReader => {
            ReaderService::new(&mut connection, None).feeds()?
        }
    };
    Ok(feeds.len())
}

/// Follows a feed at a service, or ends following one there.
pub fn change_feeds(account: &Account, environment: &Environment, change: &FeedChange) -> Result<(), Failure> {
    let mut connection = Connection::start(account, environment)?;
    match account.service {
        ServiceKind::Fever => Err(Failure::new(
            "the Fever API cannot change subscriptions",
            "change them at the service; the next sync takes them over",
        )),
        ServiceKind::FreshRss | ServiceKind::Miniflux | ServiceKind::GoogleReader => {
            ReaderService::new(&mut connection, None).change_feeds(change)
        }
    }
}
