//! What is known of the fetching of a subscription: validators, times and problems. It is in the state folder of this device, as
//! `sync/KEY.json`, where `KEY` is the key of the subscription; `KEY.jsonl` beside it says which articles were written.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is known of the fetching of a subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FetchRecord {
    /// When the last request began, whatever its result. It is written before the request, so that a program that was stopped
    /// does not ask again at once.
    pub requested: Option<DateTime<Utc>>,
    /// When the last request succeeded (200 or 304), and its articles were written.
    pub succeeded: Option<DateTime<Utc>>,
    /// When it is fetched next by itself.
    pub next: Option<DateTime<Utc>>,
    /// Until when the server wants no request at all (`Retry-After`), also if the user asks for it.
    pub not_before: Option<DateTime<Utc>>,
    /// The validator `ETag`, byte for byte.
    pub etag: Option<String>,
    /// The validator `Last-Modified`, byte for byte.
    pub last_modified: Option<String>,
    /// The last status code.
    pub status: Option<u16>,
    /// The title of the channel.
    pub title: String,
    /// The address of the site of the channel.
    pub site: Option<String>,
    /// Since when every attempt failed.
    pub failing_since: Option<DateTime<Utc>>,
    /// Number of requests that failed since then.
    pub failures: u32,
    /// What is wrong.
    pub problem: Option<RecordedProblem>,
    /// Set if nothing is fetched until the user acts.
    pub stopped: Option<Stopped>,
    /// Hash of what the user had set when it failed: with other settings it is tried again.
    #[serde(alias = "stopped_settings")]
    pub failed_settings: Option<String>,
    /// How often the channel changes, and how often it wants to be fetched.
    pub pace: Pace,
    /// Set if the server says that the channel has moved for good.
    pub moved: Option<Move>,
    /// True once the articles of the first sync were written, and the older ones marked as read.
    pub is_begun: bool,
    /// Articles that were new in the last successful sync.
    pub new: u64,
    /// Articles that the user's filter (`only:`) has left out in the last successful sync.
    pub left_out: u64,
    /// Marks that wait to be sent to the service of an account.
    pub unsent: u64,
    /// What this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
}

impl FetchRecord {
    /// True if the problem is only that the document was not as it should be, and its articles came all the same.
    pub fn is_problem_harmless(&self) -> bool {
        let is_failure = self.problem.as_ref().is_some_and(|problem| problem.is_failure);
        !is_failure && self.stopped.is_none() && self.moved.is_none()
    }
}

/// How often a channel changes, and how often it wants to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// The least time between two requests that the channel names (`ttl`, `sy:updatePeriod`), in minutes.
    pub minutes: Option<u32>,
    /// When its newest items were published, in seconds since 1970; at most as many as an hourly channel has in a week.
    pub recent: Vec<i64>,
    /// Hours, UTC, in which it is not fetched (`skipHours`).
    pub skip_hours: Vec<u8>,
    /// Days on which it is not fetched (`skipDays`), from 0 for Monday to 6 for Sunday.
    pub skip_days: Vec<u8>,
    /// True if the document is large, and its server has no validators: each request transfers all of it.
    pub is_costly: bool,
    /// When the whole document was received last, although its server has validators: it is not asked for all of it again within a
    /// day.
    pub whole: Option<DateTime<Utc>>,
}

/// A problem of a subscription. The texts are to be cleaned before display.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordedProblem {
    /// What is wrong.
    pub what: String,
    /// What the user can do.
    pub remedy: String,
    /// True if articles did not come because of it; else they came all the same.
    pub is_failure: bool,
}

/// Why nothing is fetched until the user acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stopped {
    /// The server says that the channel is gone for good (410).
    Gone,
    /// The server wants another user or password (401); until the line in `subscriptions.yaml` changes.
    Unauthorised,
}

/// A move that the server announces (301, 308). It is suggested to the user, not applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Move {
    /// The new address.
    pub to: String,
    /// Times of syncs that were led there and found a channel, at least a day apart; the last few.
    pub seen: Vec<DateTime<Utc>>,
}

impl Move {
    /// How often a new address must have been seen before it is suggested, and how many of these times are kept.
    pub const MOST_SEEN: usize = 3;

    /// True if the user should be asked to take the new address.
    pub fn is_suggested(&self) -> bool {
        self.seen.len() >= Move::MOST_SEEN
    }
}
