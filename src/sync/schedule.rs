//! When a subscription is fetched: pure functions of its line, its record and the time.
//!
//! A subscription is fetched as often as its channel changes, at least once a day, and at most once an hour. `every` in
//! `subscriptions.yaml` is the wish of the user, and counts more than what the channel says: from 15 minutes to any time. Only
//! `Retry-After` is stronger than every wish.

use chrono::{DateTime, Datelike, DurationRound, TimeDelta, Timelike, Utc};
use sha2::{Digest, Sha256};

use super::http_times;
use crate::fnv;
use crate::net::Answer;
use crate::subscriptions::{FetchRecord, Pace, Stopped, Subscription, SubscriptionKey};

/// The least time between two automatic requests.
const MIN_INTERVAL: TimeDelta = TimeDelta::hours(1);
/// The longest time between two automatic requests, if the user wants none.
const MAX_INTERVAL: TimeDelta = TimeDelta::hours(24);
/// The least value of `every`.
const MIN_EVERY: TimeDelta = TimeDelta::minutes(15);
/// The least time between two requests by hand.
const BY_HAND_INTERVAL: TimeDelta = TimeDelta::minutes(5);
/// The least time between two automatic requests for a document that is transferred whole each time and is large.
const COSTLY_INTERVAL: TimeDelta = TimeDelta::hours(6);
/// The least time between two automatic requests for a whole document, if the server has validators.
const WHOLE_INTERVAL: TimeDelta = TimeDelta::hours(24);
/// A document without validators is costly from this size, in bytes.
const COSTLY_BYTES: u64 = 200_000;
/// The time over which items are counted.
const WEEK: TimeDelta = TimeDelta::days(7);
/// Items of a week that are remembered: with more, the channel is fetched once an hour all the same.
const MAX_RECENT: usize = 168;
/// Times further in the future than planned ones can be were set with a wrong clock.
const TOLERANCE: TimeDelta = TimeDelta::hours(1);

/// Why a sync runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occasion {
    /// Without the user: a timer, or the reader in the background.
    Timer,
    /// The user wants what is due.
    #[default]
    Due,
    /// The user wants all subscriptions now, due or not.
    All,
    /// The user named these subscriptions. As all of them, and those that were stopped are tried again.
    Named,
}

impl Occasion {
    /// True if what is not due is asked all the same.
    pub fn is_by_hand(self) -> bool {
        matches!(self, Occasion::All | Occasion::Named)
    }
}

/// If a subscription is fetched now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Due,
    /// It is not.
    NotDue(LeftOut),
}

/// Why a subscription is not fetched now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The reason.
    pub why: LeftOutReason,
    /// Until when, if it ends by itself.
    pub until: Option<DateTime<Utc>>,
}

/// Why a subscription is not fetched now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOutReason {
    /// The user paused it.
    Paused,
    /// It was stopped.
    Stopped(Stopped),
    /// The server wants no request before a time.
    RetryAfter,
    /// The server of another subscription at the same host wants no request before a time.
    HostBusy,
    /// It was asked less than five minutes ago.
    AskedRecently,
    /// It is not due.
    Later,
    /// The channel names hours or days in which it is not fetched.
    Skipped,
}

impl LeftOutReason {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            LeftOutReason::Paused => "paused: remove `paused: true` from subscriptions.yaml to fetch it",
            LeftOutReason::Stopped(Stopped::Gone) => "the server says that the channel is gone for good",
            LeftOutReason::Stopped(Stopped::Unauthorised) => "the server wants another user or password",
            LeftOutReason::RetryAfter => "the server asked to wait",
            LeftOutReason::HostBusy => "its host asked to wait",
            LeftOutReason::AskedRecently => "asked less than five minutes ago",
            LeftOutReason::Later => "not due",
            LeftOutReason::Skipped => "the channel is not fetched at this hour",
        }
    }
}

/// Decides if a subscription is fetched now. `settings` is its [`settings_hash`].
pub fn verdict(
    subscription: &Subscription,
    record: &FetchRecord,
    settings: &str,
    occasion: Occasion,
    now: DateTime<Utc>,
) -> Verdict {
    let left_out = |why, until| Verdict::NotDue(LeftOut { why, until });
    if subscription.is_paused {
        return left_out(LeftOutReason::Paused, None);
    }
    let is_changed = record.failed_settings.as_deref() != Some(settings);
    if let Some(stopped) = record.stopped
        && !is_changed
        && occasion != Occasion::Named
    {
        return left_out(LeftOutReason::Stopped(stopped), None);
    }
    if let Some(until) = record.not_before.filter(|until| (now..=later(now, MAX_INTERVAL)).contains(until))
        && until > now
    {
        return left_out(LeftOutReason::RetryAfter, Some(until));
    }
    // A time in the future was set with a wrong clock.
    let last = record.requested.filter(|last| *last <= later(now, TOLERANCE));
    let has_failed = record.problem.as_ref().is_some_and(|problem| problem.is_failure);
    // Records of earlier versions have no hash of the settings unless it was stopped.
    let may_be_fixed = has_failed && is_changed && record.failed_settings.is_some();
    // By hand, or the user has changed what stopped it or let it fail.
    if occasion.is_by_hand() || record.stopped.is_some() || may_be_fixed {
        let until = last.map(|last| later(last, BY_HAND_INTERVAL)).filter(|until| *until > now);
        return until.map_or(Verdict::Due, |until| left_out(LeftOutReason::AskedRecently, Some(until)));
    }
    let by_last = last.map(|last| later(last, automatic_interval(subscription)));
    let whole = last.and_then(|_| whole_from(subscription, record));
    let earliest = [by_last, whole, planned(subscription, record, now)].into_iter().flatten().max();
    if let Some(until) = earliest.filter(|until| *until > now) {
        return left_out(LeftOutReason::Later, Some(until));
    }
    if last.is_none() {
        return Verdict::Due;
    }
    let until = if subscription.every.is_some() { now } else { first_allowed(&record.pace, now) };
    if until > now { left_out(LeftOutReason::Skipped, Some(until)) } else { Verdict::Due }
}

/// The least time between two automatic requests.
fn automatic_interval(subscription: &Subscription) -> TimeDelta {
    if subscription.every.is_some() { MIN_EVERY } else { MIN_INTERVAL }
}

/// The planned time of the next request, unless a wrong clock set it.
fn planned(subscription: &Subscription, record: &FetchRecord, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let longest = every(subscription).unwrap_or(MAX_INTERVAL).max(WEEK);
    record.next.filter(|next| *next <= later(later(now, longest), TOLERANCE))
}

/// From when the whole document may be asked for again by itself. `None` if the next request is conditional, or the server has no
/// validators.
fn whole_from(subscription: &Subscription, record: &FetchRecord) -> Option<DateTime<Utc>> {
    let is_conditional = record.etag.is_some() || record.last_modified.is_some();
    let whole = record.pace.whole.filter(|_| !is_conditional && subscription.every.is_none())?;
    Some(later(whole, WHOLE_INTERVAL))
}

/// The user's wish, at least 15 minutes.
fn every(subscription: &Subscription) -> Option<TimeDelta> {
    subscription.every.map(|minutes| TimeDelta::minutes(minutes.into()).max(MIN_EVERY))
}

/// When a subscription is fetched next by itself after an answer.
pub fn next_after_success(
    subscription: &Subscription,
    pace: &Pace,
    answer: &Answer,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let key = subscription.key();
    if let Some(every) = every(subscription) {
        // Never later than the user wants.
        return later(now, scaled(every, 900 + jitter(key, 100)).max(MIN_EVERY));
    }
    let least = [
        pace.minutes.map(|minutes| TimeDelta::minutes(minutes.into())),
        http_times::freshness(answer),
        pace.is_costly.then_some(COSTLY_INTERVAL),
    ];
    let least = least.into_iter().flatten().max().unwrap_or(MIN_INTERVAL).clamp(MIN_INTERVAL, MAX_INTERVAL);
    let first = earlier(now, WEEK).timestamp();
    let weekly = pace.recent.iter().filter(|published| **published > first).count();
    let own = i32::try_from(weekly).ok().and_then(|weekly| WEEK.checked_div(weekly)).unwrap_or(MAX_INTERVAL);
    let interval = own.clamp(least, MAX_INTERVAL);
    let interval = scaled(interval, 900 + jitter(key, 200)).clamp(least, MAX_INTERVAL);
    first_allowed(pace, later(now, interval))
}

/// When a subscription is fetched next by itself after some failures: 1, 2, 4, 8, 16, then 24 hours later.
pub fn next_after_failure(key: SubscriptionKey, failures: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let hours = 1_i64 << failures.saturating_sub(1).min(5);
    let interval = TimeDelta::hours(hours).min(MAX_INTERVAL);
    later(now, scaled(interval, 900 + jitter(key, 200)).clamp(MIN_INTERVAL, MAX_INTERVAL))
}

/// A number below another that is different for each subscription and always the same for one: requests spread over time.
fn jitter(key: SubscriptionKey, below: u32) -> u32 {
    u32::try_from(fnv::hash_bytes(fnv::OFFSET_BASIS, key.to_string().bytes()) % u64::from(below.max(1))).unwrap_or(0)
}

fn scaled(interval: TimeDelta, per_mille: u32) -> TimeDelta {
    let seconds = interval.num_seconds().saturating_mul(per_mille.into()) / 1_000;
    TimeDelta::try_seconds(seconds).unwrap_or(interval)
}

/// The first time from `at` that is not in the hours and days in which the channel is not fetched. `at` if all are.
fn first_allowed(pace: &Pace, at: DateTime<Utc>) -> DateTime<Utc> {
    let is_skipped = |time: &DateTime<Utc>| {
        let (hour, day) = (time.hour(), time.weekday().num_days_from_monday());
        pace.skip_hours.iter().any(|skipped| u32::from(*skipped) == hour)
            || pace.skip_days.iter().any(|skipped| u32::from(*skipped) == day)
    };
    if pace.skip_hours.is_empty() && pace.skip_days.is_empty() || !is_skipped(&at) {
        return at;
    }
    let hour = TimeDelta::hours(1);
    let start = at.duration_trunc(hour).unwrap_or(at);
    let hours = (1..=8 * 24).map(|hours| later(start, TimeDelta::hours(hours)));
    hours.into_iter().find(|time| !is_skipped(time)).unwrap_or(at)
}

/// Notes when items were published, and how the document was transferred.
pub fn note_items(pace: &mut Pace, published: &[Option<i64>], new: usize, answer: &Answer, now: DateTime<Utc>) {
    let (first, last) = (earlier(now, WEEK).timestamp(), now.timestamp());
    let has_dates = published.iter().any(Option::is_some);
    let mut recent: Vec<i64> = match has_dates {
        true => published.iter().flatten().map(|published| (*published).min(last)).collect(),
        // Items without dates count from when they were seen first.
        false => {
            let new = new.min(MAX_RECENT);
            pace.recent.iter().copied().chain(std::iter::repeat_n(last, new)).collect()
        }
    };
    recent.retain(|published| *published > first);
    recent.sort_unstable_by(|a, b| b.cmp(a));
    recent.truncate(MAX_RECENT);
    pace.recent = recent;
    let has_validators = answer.etag.is_some() || answer.last_modified.is_some();
    pace.is_costly = !has_validators && answer.bytes > COSTLY_BYTES;
    pace.whole = has_validators.then_some(now);
}

/// Hash of what decides if a fetch succeeds: a change of it means that a subscription that failed is tried again. `files` is what is
/// known of the files of its password and certificate without reading them, such as their times.
pub fn settings_hash(subscription: &Subscription, files: &str) -> String {
    let access = &subscription.access;
    let login = access.login.as_ref().map(|login| (login.user.untrusted(), format!("{:?}", login.password)));
    let headers: Vec<_> = access.headers.iter().map(|(name, value)| (name, value.untrusted())).collect();
    let network = (&access.user_agent, headers, login, &access.certificate, access.is_private);
    let all = format!("{:?}", (subscription.address.untrusted(), &subscription.only, network, files));
    Sha256::digest(all).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A later time; the same if there is none.
pub fn later(time: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(by).unwrap_or(time)
}

fn earlier(time: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    time.checked_sub_signed(by).unwrap_or(time)
}
