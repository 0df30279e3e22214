//! What an answer changes in the record of a subscription: pure functions.

use chrono::{DateTime, TimeDelta, Utc};

use super::http_times;
use super::schedule::{self, later};
use crate::net::{Answer, FetchError, FetchErrorKind};
use crate::subscriptions::{FetchRecord, Move, RecordedProblem, Stopped, Subscription};

/// Longest validator that is stored, in bytes.
const MAX_VALIDATOR: usize = 4096;
/// Failures after which the problem says since when it fails.
const MANY_FAILURES: u32 = 10;
const MOVE_INTERVAL: TimeDelta = TimeDelta::days(1);

/// Why no articles came.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// The cause, for the user. To be cleaned before display.
    pub what: String,
    /// What the user can do.
    pub remedy: String,
    /// The status code, if the server answered.
    pub status: Option<u16>,
    /// Set if nothing is to be fetched until the user acts.
    pub stops: Option<Stopped>,
    /// How long the server wants no request.
    pub wait: Option<TimeDelta>,
    /// True if it failed before any request: it delays nothing, unless it backs off.
    pub is_before_request: bool,
    /// True if trying again costs something all the same, such as a question of a password manager.
    pub backs_off: bool,
}

impl Failure {
    /// A failure on this device, or of a document.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Failure {
        Failure { what: what.into(), remedy: remedy.into(), ..Failure::default() }
    }

    /// The failure of a request without an answer.
    pub fn of_fetch(error: &FetchError) -> Failure {
        let remedy = match (error.remedy.is_empty(), error.kind) {
            (false, _) => error.remedy.clone(),
            (true, FetchErrorKind::UnknownHost) => "check the address and the network connection".to_owned(),
            (true, _) => "it is tried again later".to_owned(),
        };
        Failure { is_before_request: error.kind.is_before_request(), ..Failure::new(error.what.clone(), remedy) }
    }

    /// The failure that a status code is. `None` for 200 and 304.
    pub fn of_status(answer: &Answer, now: DateTime<Utc>) -> Option<Failure> {
        let status = answer.status;
        let (what, remedy) = match status {
            200 | 304 => return None,
            401 => ("the server wants another user or password (401)", "set `auth` in its line of subscriptions.yaml"),
            403 => ("the server refuses the request (403)", "some servers accept another `user agent` in its line"),
            404 => ("the server has no such document (404)", "look for the new address of the channel at the site"),
            410 => ("the channel is gone for good (410)", "unsubscribe, or set a new address; its articles stay"),
            429 => ("too many requests to this server (429)", "it is asked again when the server allows it"),
            503 => ("the server is overloaded or being maintained (503)", "it is asked again later"),
            400..=499 => ("the server refuses the request", "check the address"),
            500..=599 => ("the server has failed", "it is asked again later"),
            _ => ("the server gave no document", "check the address"),
        };
        let has_number = what.ends_with(')');
        let what = if has_number { what.to_owned() } else { format!("{what} ({status})") };
        let stops = match status {
            401 => Some(Stopped::Unauthorised),
            410 => Some(Stopped::Gone),
            _ => None,
        };
        let wait = http_times::retry_after(answer, now);
        Some(Failure { status: Some(status), stops, wait, ..Failure::new(what, remedy) })
    }
}

/// The failure of a record that cannot be written.
pub fn state_failure(error: &std::io::Error) -> Failure {
    Failure::new(
        format!("the state cannot be written: {}", crate::library::io_error_text(error)),
        "make room, or make the state folder writable",
    )
}

/// The record after an attempt that brought no articles. `settings` is the hash of the settings that were used.
pub fn after_failure(
    record: FetchRecord,
    subscription: &Subscription,
    failure: &Failure,
    settings: &str,
    now: DateTime<Utc>,
) -> FetchRecord {
    let delays = !failure.is_before_request || failure.backs_off;
    let failures = record.failures.saturating_add(u32::from(delays));
    let since = record.failing_since.filter(|since| *since <= now).unwrap_or(now);
    let what = match failures >= MANY_FAILURES {
        true => format!("failing since {}: {}", since.format("%Y-%m-%d"), failure.what),
        false => failure.what.clone(),
    };
    // The program does not read the password to find out that it changed.
    let remedy = match failure.stops {
        Some(Stopped::Unauthorised) if subscription.access.login.is_some() => {
            "check the user and the password of `auth`; then `frontpage sync` with its name tries again"
        }
        _ => failure.remedy.as_str(),
    };
    let problem = Some(RecordedProblem { what, remedy: remedy.to_owned(), is_failure: true });
    let next = schedule::next_after_failure(subscription.key(), failures, now);
    if failure.is_before_request {
        // No server was asked: what it said before, and the times of requests, still hold.
        let failed_settings = record.failed_settings.filter(|_| record.stopped.is_some());
        let failed_settings = failed_settings.or_else(|| Some(settings.to_owned()));
        let next = if delays { Some(next) } else { record.next };
        let failing_since = Some(since);
        return FetchRecord { status: None, next, failures, failing_since, problem, failed_settings, ..record };
    }
    let not_before = failure.wait.map(|wait| later(now, wait));
    let next = next.max(not_before.unwrap_or(now));
    FetchRecord {
        status: failure.status,
        next: Some(next).filter(|_| failure.stops.is_none()),
        not_before,
        failing_since: Some(since),
        failures,
        problem,
        stopped: failure.stops,
        failed_settings: Some(settings.to_owned()),
        ..record
    }
}

/// The record after 304, or after a document whose articles are written. It has the validators of the answer after a document, and
/// those that a 304 names: without new ones, the old ones stay.
pub fn after_success(
    record: FetchRecord,
    subscription: &Subscription,
    answer: &Answer,
    now: DateTime<Utc>,
) -> FetchRecord {
    let is_document = answer.status != 304;
    let [etag, last_modified] = [&answer.etag, &answer.last_modified].map(|validator| {
        let is_usable =
            |text: &&String| text.len() <= MAX_VALIDATOR && text.bytes().all(|b| (b' '..=b'~').contains(&b));
        validator.as_ref().filter(is_usable).filter(|text| !text.is_empty()).cloned()
    });
    let moved = moved(record.moved.as_ref(), answer, now);
    let problem = moved.as_ref().filter(|moved| moved.is_suggested()).map(|moved| {
        let to = super::environment::shown_address(&moved.to);
        RecordedProblem {
            what: format!("the channel has moved to {to}"),
            remedy: "`frontpage subscriptions move` changes its line and keeps articles and marks".to_owned(),
            is_failure: false,
        }
    });
    FetchRecord {
        succeeded: Some(now),
        next: Some(schedule::next_after_success(subscription, &record.pace, answer, now)),
        // A server may ask for a pause with any answer.
        not_before: http_times::retry_after(answer, now).map(|wait| later(now, wait)),
        etag: if is_document { etag } else { etag.or(record.etag) },
        last_modified: if is_document { last_modified } else { last_modified.or(record.last_modified) },
        status: Some(answer.status),
        failing_since: None,
        failures: 0,
        problem,
        stopped: None,
        failed_settings: None,
        moved,
        ..record
    }
}

/// The move that servers announced until now: times at least a day apart when a channel was at the same new address.
fn moved(known: Option<&Move>, answer: &Answer, now: DateTime<Utc>) -> Option<Move> {
    let to = answer.moved_to.clone()?;
    let known = known.filter(|known| known.to == to);
    let mut seen = known.map(|known| known.seen.clone()).unwrap_or_default();
    if seen.last().is_none_or(|last| now.signed_duration_since(*last) >= MOVE_INTERVAL) {
        seen.push(now);
    }
    let excess = seen.len().saturating_sub(Move::MOST_SEEN);
    Some(Move { to, seen: seen.split_off(excess) })
}
