//! How often a channel changes, in its own words.

use serde::{Deserialize, Serialize};

/// How often a channel changes, in its own words. Each is a hint that many channels get wrong; what is nonsense is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateHints {
    /// For how many minutes a document may be kept (`ttl` of RSS).
    pub ttl_minutes: Option<u32>,
    /// Minutes between two changes: `sy:updatePeriod` divided by `sy:updateFrequency` (RSS module "syndication").
    pub period_minutes: Option<u32>,
    /// Hours of the day in UTC, 0 to 23, in which it is not to be fetched (`skipHours` of RSS).
    pub skip_hours: [bool; 24],
    /// Days of the week in UTC, from Monday, on which it is not to be fetched (`skipDays` of RSS).
    pub skip_days: [bool; 7],
}
