//! What is known of the fetching of a subscription: validators, times and problems. It is in the state folder of this device, as
//! `sync/KEY.json`, where `KEY` is the key of the subscription; `KEY.jsonl` beside it says which articles were written.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is known of the fetching of a subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FetchRecord {
    /// When the last request was begun, whatever came of it. It is written before the request.
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
    /// Since when every request failed.
    pub failing_since: Option<DateTime<Utc>>,
    /// Number of requests that failed since then.
    pub failures: u32,
    /// What is wrong.
    pub problem: Option<RecordedProblem>,
    /// Set if nothing is fetched until the user acts.
    pub stopped: Option<Stopped>,
    /// Set if the server says that the channel has moved for good.
    pub moved: Option<Move>,
    /// True once the articles of the first sync were written, and the older ones marked as read.
    pub is_begun: bool,
    /// Articles that were new in the last successful sync.
    pub new: u64,
    /// Articles that the user's filter (`only:`) has left out in the last successful sync.
    pub left_out: u64,
    /// What this version does not know.
    #[serde(flatten)]
    pub unknown: Map<String, Value>,
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
