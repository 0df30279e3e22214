//! A subscription with what is known of its fetching, as lists show it.

use chrono::{DateTime, Utc};

use crate::feed::{SafeText, UntrustedText, clean};
use crate::subscriptions::{Account, FetchRecord, Stopped, Subscription, SubscriptionKey, without_secrets};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind<'a> {
    /// A subscription in the file.
    Subscription,
    /// An account in the file. Its feeds are the rows below it.
    Account(&'a Account),
    /// A feed that an account follows.
    Feed(&'a Account),
}

/// A subscription and its record.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionRow<'a> {
    /// Its key.
    pub key: SubscriptionKey,
    /// What it is about.
    pub kind: RowKind<'a>,
    /// The subscription; of an account, how its service is asked.
    pub subscription: &'a Subscription,
    /// Its line in the file, from 1. A feed has that of its account.
    pub line: u32,
    /// What is known of its fetching; `None` if it was never fetched. A feed has that of its account.
    pub record: Option<&'a FetchRecord>,
}

/// How a subscription does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// The last request succeeded.
    Fine,
    /// The last requests failed; it is fetched again.
    Failing,
    /// The server says that it is gone for good. It is not fetched until the user acts.
    Gone,
    /// The server wants another user or password. It is not fetched until the user acts.
    Unauthorised,
    /// The user has paused it.
    Paused,
    /// It was never fetched.
    NeverFetched,
}

impl Health {
    /// The word for it in lists.
    pub fn word(self) -> &'static str {
        match self {
            Health::Fine => "ok",
            Health::Failing => "failing",
            Health::Gone => "gone",
            Health::Unauthorised => "unauthorised",
            Health::Paused => "paused",
            Health::NeverFetched => "never fetched",
        }
    }
}

impl SubscriptionRow<'_> {
    /// Its title: that of the user, else of the channel, else its address.
    pub fn title(&self) -> SafeText {
        if let RowKind::Account(account) = self.kind {
            return account.title();
        }
        let of_channel = || clean::quote(self.record.map_or("", |record| record.title.as_str()));
        let titles = [self.subscription.title.clone(), of_channel()];
        titles.into_iter().find(|title| !title.as_str().trim().is_empty()).unwrap_or_else(|| self.address())
    }

    /// Its address, without user name, password and query.
    pub fn address(&self) -> SafeText {
        shown_address(&self.subscription.address)
    }

    /// How it does.
    pub fn health(&self) -> Health {
        match self.record {
            _ if self.server().is_paused => Health::Paused,
            None => Health::NeverFetched,
            Some(FetchRecord { stopped: Some(Stopped::Gone), .. }) => Health::Gone,
            Some(FetchRecord { stopped: Some(Stopped::Unauthorised), .. }) => Health::Unauthorised,
            Some(record) if record.failures > 0 || record.failing_since.is_some() => Health::Failing,
            Some(record) if record.succeeded.is_none() => Health::NeverFetched,
            Some(_) => Health::Fine,
        }
    }

    /// What is asked for it: the service of an account, or the server of a channel.
    fn server(&self) -> &Subscription {
        match self.kind {
            RowKind::Feed(account) => &account.server,
            RowKind::Subscription | RowKind::Account(_) => self.subscription,
        }
    }

    /// The account that it is or belongs to.
    pub fn account(&self) -> Option<&Account> {
        match self.kind {
            RowKind::Account(account) | RowKind::Feed(account) => Some(account),
            RowKind::Subscription => None,
        }
    }

    /// Whether it has articles of its own: an account has those of its feeds.
    pub fn has_articles(&self) -> bool {
        !matches!(self.kind, RowKind::Account(_))
    }

    /// Whether there is more to show than its row: a problem, or the state of its account.
    pub fn has_details(&self) -> bool {
        self.account().is_some() || self.problem().is_some()
    }

    /// When its last request succeeded.
    pub fn last(&self) -> Option<DateTime<Utc>> {
        self.record?.succeeded
    }

    /// When it is fetched next by itself.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        let record = self.record.filter(|_| matches!(self.health(), Health::Fine | Health::Failing))?;
        record.next.max(record.not_before)
    }

    /// What is wrong, and what the user can do. Both are cleaned.
    pub fn problem(&self) -> Option<(SafeText, SafeText)> {
        let record = self.record?;
        if let Some(to) = self.suggested_move() {
            let what = format!("the server says that it has moved to {}", shown_address(&to));
            return Some((clean::plain_line(&what), "press Enter in its problem (x) to use the new address".into()));
        }
        let recorded =
            record.problem.as_ref().map(|problem| (clean::quote(&problem.what), clean::quote(&problem.remedy)));
        recorded.filter(|(what, _)| !what.is_empty()).or_else(|| {
            let (what, remedy) = match record.stopped? {
                Stopped::Gone => ("the server says that it is gone for good (410)", "remove it; its articles stay"),
                Stopped::Unauthorised => {
                    ("the server wants another user or password (401)", "change `auth` in its line")
                }
            };
            Some((what.into(), remedy.into()))
        })
    }

    /// The new address, if the server has announced a move often enough to suggest it.
    pub fn suggested_move(&self) -> Option<UntrustedText> {
        let moved = self.record?.moved.as_ref()?;
        (moved.is_suggested() && !moved.to.is_empty()).then(|| UntrustedText::new(&moved.to))
    }
}

/// An address for the screen: without user name, password and query.
pub fn shown_address(address: &UntrustedText) -> SafeText {
    without_secrets(address.untrusted())
}
