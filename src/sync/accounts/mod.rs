//! Accounts: the sync of what reader services have. Requests go through the process that fetches, answers through the one that parses.

mod connection;
mod fever_service;
mod marked_library;
mod reader_service;
mod state;

use std::time::{Duration, Instant};

use super::claims;
use super::environment::{Environment, Outcome};
use super::outcome::{self, Failure};
use super::passwords;
use super::schedule::{self, Occasion, Verdict};
use crate::account::{self, AccountReport, FeedChange, Interruption, Service};
use crate::feed::SafeText;
use crate::net::Answer;
use crate::subscriptions::{self, Account, FetchRecord, RecordedProblem, ServiceKind, Subscription, SubscriptionKey};
use connection::Connection;
use fever_service::FeverService;
use marked_library::MarkedLibrary;
use reader_service::ReaderService;
pub use state::known_feeds;

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

/// Syncs an account if it is due. An account that fails concerns no other one.
pub fn sync(account: &Account, environment: &Environment, occasion: Occasion) -> AccountResult {
    let begun = Instant::now();
    let now = (environment.clock)();
    let (states, fs, key) = (environment.states, environment.fs, account.key());
    let mut result = AccountResult {
        key,
        title: account.title(),
        outcome: Outcome::Unchanged,
        report: AccountReport::default(),
        requests: 0,
        bytes: 0,
        took: Duration::ZERO,
        problem: None,
        problems: Vec::new(),
    };
    let server = Subscription { every: account.server.every.or(Some(EVERY)), ..account.server.clone() };
    let settings = schedule::settings_hash(&server, &passwords::files_state(&server, fs));
    let is_due = |record: &FetchRecord| match schedule::verdict(&server, record, &settings, occasion, now) {
        Verdict::Due => Ok(()),
        Verdict::NotDue(why) => Err(why),
    };
    let record = match claims::claim(states, key, now, fs, is_due) {
        Ok(Ok(record)) => record,
        Ok(Err(why)) => {
            let (record, _) = subscriptions::read_record(states, key, fs);
            let problem = record.and_then(|record| record.problem);
            return AccountResult { outcome: Outcome::NotDue(why), problem, ..result };
        }
        Err(error) => return failed(result, &outcome::state_failure(&error)),
    };
    let done = run(account, environment, &mut result);
    result.took = begun.elapsed();
    let after = match &done {
        Ok(()) => {
            let answer = Answer { status: 200, ..Answer::default() };
            outcome::after_success(record, &server, &answer, now)
        }
        Err(failure) => outcome::after_failure(record, &server, failure, &settings, now),
    };
    result.problem = after.problem.clone();
    if let Err(error) = subscriptions::write_record(states, key, &after, false, fs) {
        return failed(result, &outcome::state_failure(&error));
    }
    match done {
        Ok(()) => {
            let AccountReport { new, sent, received, .. } = result.report;
            result.outcome = if new + sent + received > 0 { Outcome::New } else { Outcome::Unchanged };
        }
        Err(_) => result.outcome = Outcome::Failed,
    }
    result
}

fn failed(result: AccountResult, failure: &Failure) -> AccountResult {
    let (what, remedy) = (failure.what.clone(), failure.remedy.clone());
    let problem = Some(RecordedProblem { what, remedy, is_failure: true });
    AccountResult { outcome: Outcome::Failed, problem, ..result }
}

fn run(account: &Account, environment: &Environment, result: &mut AccountResult) -> Result<(), Failure> {
    let mut library = MarkedLibrary::open(account, environment)?;
    let mut shadow = library.shadow();
    let mut connection = Connection::start(account, environment)?;
    let merged = match account.service {
        ServiceKind::Fever => {
            let mut service = FeverService::new(&mut connection);
            merge(&mut service, &mut library, &mut shadow)
        }
        ServiceKind::FreshRss | ServiceKind::Miniflux | ServiceKind::GoogleReader => {
            let mut service = ReaderService::new(&mut connection, library.token());
            let merged = merge(&mut service, &mut library, &mut shadow);
            library.keep_token(service.into_token().as_deref());
            merged
        }
    };
    (result.requests, result.bytes) = (connection.requests, connection.bytes);
    result.problems = library.close();
    match merged {
        Ok(report) => {
            result.report = report;
            Ok(())
        }
        Err(Interruption::Service(failure) | Interruption::Library(failure)) => Err(failure),
    }
}

fn merge<S: Service<Failure = Failure>>(
    service: &mut S,
    library: &mut MarkedLibrary,
    shadow: &mut account::Shadow,
) -> Result<AccountReport, Interruption<Failure, Failure>> {
    let device = library.device();
    account::merge(service, library, shadow, device)
}

/// Removes what lets this device into an account: its token.
pub fn forget(account: &Account, environment: &Environment) {
    state::keep_token(account, None, environment.states, environment.fs);
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
