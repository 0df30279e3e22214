//! What a sync needs from outside, what it is asked to do, and what it reports.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::read_marks::ReadMarks;
use super::schedule::{LeftOut, Occasion};
use super::workers::Workers;
use crate::config::HookSetting;
use crate::feed::{Address, Problem, SafeText, clean};
use crate::file_system::FileSystem;
use crate::library::io_error_text;
use crate::query::SavedSearches;
use crate::subscriptions::{FetchRecord, ListedAccount, RecordedProblem, Subscription, SubscriptionKey};

/// What a sync needs from outside.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// The subscriptions. Each key occurs once.
    pub subscriptions: &'a [Subscription],
    /// The accounts, which may have the channels of subscriptions, too.
    pub accounts: &'a [ListedAccount],
    /// The saved searches, which the filters of subscriptions can name.
    pub saved: &'a SavedSearches,
    /// The folder with the folders of all subscriptions.
    pub articles: &'a Path,
    /// The folder with the states of this device.
    pub states: &'a Path,
    /// The folder of full texts. Without it, none are fetched.
    pub full_texts: Option<&'a Path>,
    /// The file system.
    pub fs: &'a (dyn FileSystem + Sync),
    /// What runs for new articles. Without any, they are not noted.
    pub hooks: &'a [HookSetting],
    /// The marks. Without them, no article is removed, and all articles of a first sync are unread.
    pub marks: Option<&'a ReadMarks>,
    /// Starts the processes that fetch and parse.
    pub workers: &'a dyn Workers,
    /// The time.
    pub clock: &'a (dyn Fn() -> DateTime<Utc> + Sync),
    /// Waits between two requests of a run that spreads them.
    pub pause: &'a (dyn Fn(Duration) + Sync),
}

/// What a sync is asked to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Why it runs.
    pub occasion: Occasion,
    /// The subscriptions that it concerns. `None`: all.
    pub only: Option<HashSet<SubscriptionKey>>,
    /// Spread the requests over two minutes if there are many: after sleep or a long pause all are due at once.
    pub is_spread: bool,
}

/// What a sync did for the full texts of a subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FullTextCounts {
    /// Texts that are kept.
    pub kept: usize,
    /// Pages whose text is no longer than that of the file.
    pub shorter: usize,
    /// Pages that gave none.
    pub failed: usize,
    /// Pages that wait for the next sync.
    pub waiting: usize,
    /// Why pages gave none, each reason with their number. To be cleaned before display.
    pub problems: Vec<(String, usize)>,
}

impl FullTextCounts {
    /// Counts pages that gave no text for a reason.
    pub fn add_problem(&mut self, why: String, pages: usize) {
        match self.problems.iter_mut().find(|(known, _)| *known == why) {
            Some((_, count)) => *count += pages,
            None => self.problems.push((why, pages)),
        }
    }
}

/// What happened to one subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncResult {
    /// The key of the subscription.
    pub key: SubscriptionKey,
    /// Its title: the user's, that of the channel, or its address.
    pub title: SafeText,
    /// Its address without user info and query.
    pub address: SafeText,
    /// What happened.
    pub outcome: Outcome,
    /// The status code of the server.
    pub status: Option<u16>,
    /// Articles that are new.
    pub new: usize,
    /// Articles that changed.
    pub updated: usize,
    /// Articles that the user's filter left out.
    pub left_out: usize,
    /// The results of the pages of new articles, if the subscription wants full texts.
    pub full_texts: FullTextCounts,
    /// Bytes that came through the connection.
    pub bytes: u64,
    /// Time from the request until its articles were written.
    pub took: Duration,
    /// When it is fetched next by itself.
    pub next: Option<DateTime<Utc>>,
    /// What is wrong, for the user. To be cleaned before display.
    pub problem: Option<RecordedProblem>,
}

/// What happened to one subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was asked, and it has new or changed articles.
    New,
    /// It was asked, and nothing has changed.
    Unchanged,
    /// As the first two, but the channel has moved, and the user should know.
    Moved,
    /// It was not asked.
    NotDue(LeftOut),
    /// It was asked, or was about to be, and no articles came.
    Failed,
    /// The channel is gone for good.
    Gone,
    /// No server could be reached, so nothing was asked, and nothing counts.
    Offline,
}

/// What a sync did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The result of each subscription, in the order in which they came.
    pub results: Vec<SyncResult>,
    /// True if no server could be reached: there is no network.
    pub is_offline: bool,
    /// Problems of files of the program.
    pub problems: Vec<Problem>,
}

/// Why a sync cannot run.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Another sync runs.
    #[error("another sync is running")]
    Running,
    /// The folder of the states, or the lock in it, cannot be used.
    #[error("{}: {}", clean::path(.path), io_error_text(.why))]
    States {
        /// The folder or the lock.
        path: PathBuf,
        /// The error of the system.
        why: io::Error,
    },
    /// A process or thread cannot be started.
    #[error("cannot start the process that fetches: {0}")]
    Start(io::Error),
}

impl SyncResult {
    /// A result without any news.
    pub fn new(subscription: &Subscription, record: &FetchRecord, outcome: Outcome) -> SyncResult {
        SyncResult {
            key: subscription.key(),
            title: title(subscription, record),
            address: shown_address(subscription.address.untrusted()),
            outcome,
            status: None,
            new: 0,
            updated: 0,
            left_out: 0,
            full_texts: FullTextCounts::default(),
            bytes: 0,
            took: Duration::ZERO,
            next: record.next,
            problem: record.problem.clone(),
        }
    }
}

/// The title of a subscription: the user's, that of the channel, or its address without what may be secret.
pub fn title(subscription: &Subscription, record: &FetchRecord) -> SafeText {
    if !subscription.title.is_empty() {
        return subscription.title.clone();
    }
    let of_channel = clean::plain_line(&record.title);
    if of_channel.is_empty() { shown_address(subscription.address.untrusted()) } else { of_channel }
}

/// An address without user info, query and fragment, which may be secret.
pub fn shown_address(address: &str) -> SafeText {
    match Address::of_channel(address) {
        Ok(address) => address.shown(),
        Err(_) => clean::plain_line("an address that cannot be read"),
    }
}
