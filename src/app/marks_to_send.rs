//! Marks that the user has set and that accounts have not got yet: when they are sent, and what the footer says if they cannot be.

use chrono::{DateTime, TimeDelta, Utc};

use crate::feed::SafeText;
use crate::subscriptions::{Account, FetchRecord};

/// How long the user must pause before marks are sent.
const PAUSE: TimeDelta = TimeDelta::seconds(10);
/// How long a mark waits at most if the user does not pause.
const LONGEST: TimeDelta = TimeDelta::seconds(45);
/// How long marks wait while a sync runs, which sends those that were set before.
const WHILE_SYNCING: TimeDelta = TimeDelta::seconds(5);
/// How long marks wait after no server could be asked, for example without a network.
const AGAIN: TimeDelta = TimeDelta::minutes(5);

/// When marks are sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct MarksToSend {
    /// When the first and the last mark was set that was not sent since.
    set: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Before this time nothing is sent.
    earliest: Option<DateTime<Utc>>,
    /// When they were last to be sent.
    tried: Option<DateTime<Utc>>,
}

impl MarksToSend {
    /// Notes that the user has set a mark.
    pub fn mark_set(&mut self, moment: DateTime<Utc>) {
        let first = self.set.map_or(moment, |(first, _)| first);
        self.set = Some((first, moment));
    }

    /// When marks are to be sent next: after a pause of the user, or when an account may be asked again.
    pub fn due<'a>(&self, accounts: impl Iterator<Item = (&'a Account, &'a FetchRecord)>) -> Option<DateTime<Utc>> {
        let set = self.set.map(|(first, last)| later(last, PAUSE).min(later(first, LONGEST)));
        let again = accounts.filter_map(|(account, record)| self.again(account, record)).min();
        let due = [set, again].into_iter().flatten().min()?;
        Some(self.earliest.map_or(due, |earliest| earliest.max(due)))
    }

    /// When an account that failed may be asked again.
    fn again(&self, account: &Account, record: &FetchRecord) -> Option<DateTime<Utc>> {
        if !is_waiting(account, record) || record.stopped.is_some() {
            return None;
        }
        let at = match record.failures {
            0 => later(self.tried?, AGAIN),
            _ => record.next.max(record.not_before)?,
        };
        // Else the last attempt has changed nothing, and another one would not.
        self.tried.is_none_or(|tried| tried < at).then_some(at)
    }

    /// Notes that marks are being sent now.
    pub fn started(&mut self, moment: DateTime<Utc>) {
        (self.set, self.earliest, self.tried) = (None, None, Some(moment));
    }

    /// Lets marks wait for the end of a sync.
    pub fn sync_runs(&mut self, moment: DateTime<Utc>) {
        self.earliest = Some(later(moment, WHILE_SYNCING));
    }

    /// Lets marks wait after nothing could be done.
    pub fn failed(&mut self, moment: DateTime<Utc>) {
        self.mark_set(moment);
        self.earliest = Some(later(moment, AGAIN));
    }
}

/// True if marks could not be sent to an account.
fn is_waiting(account: &Account, record: &FetchRecord) -> bool {
    let has_failed = record.problem.as_ref().is_some_and(|problem| problem.is_failure) || record.stopped.is_some();
    !account.server.is_paused && record.unsent > 0 && has_failed
}

/// How many marks could not be sent, and the title of their account, if it is one.
pub fn waiting<'a>(accounts: impl Iterator<Item = (&'a Account, &'a FetchRecord)>) -> Option<(u64, Option<SafeText>)> {
    let waiting: Vec<_> = accounts.filter(|(account, record)| is_waiting(account, record)).collect();
    let count = waiting.iter().map(|(_, record)| record.unsent).fold(0, u64::saturating_add);
    match waiting.as_slice() {
        [] => None,
        [(account, _)] => Some((count, Some(account.short_title()))),
        _ => Some((count, None)),
    }
}

fn later(time: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(by).unwrap_or(time)
}
