//! The subscriptions in the session: how they do, and when they are fetched.
//!
//! The session fetches nothing: it asks for another process (`jobs::sync_subscriptions`), and reads the records of what that did.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::action::Action;
use super::effect::{Effect, SubscriptionEffect};
use super::marks_to_send::{self, MarksToSend};
use super::notices::Notice;
use super::subscription_row::{RowKind, SubscriptionRow, shown_address};
use super::subscriptions_answer::SubscriptionsAnswer;
use super::subscriptions_update::{PrivateNetworkQuestion, SubscriptionsUpdate};
use super::sync_notice::sync_notice;
use crate::config::SyncSettings;
use crate::feed::{Position, Problem, SafeText, UntrustedText, clean};
use crate::jobs::subscribe::{FoundChannel, SubscribeEnd, SubscribeRequest};
use crate::jobs::subscription_groups::ListedAddresses;
use crate::jobs::sync_subscriptions::{MarksSent, SyncEnd, SyncFailed, SyncScope};
use crate::jobs::unfollow::UnfollowEnd;
use crate::query::{Field, Query};
use crate::subscriptions::{
    Account, FetchRecord, FetchRecords, ListedAccount, Subscription, SubscriptionKey, SubscriptionsFile,
};
use crate::text;

/// How long the session waits after its start, and after a key, before it starts the first sync by itself.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(2);
/// The most columns of a title in a notice.
const LONGEST_TITLE: usize = 40;
/// The time within which a second key fetches all subscriptions.
const SECOND_KEY: TimeDelta = TimeDelta::seconds(3);

/// The subscriptions of the user, and the syncs of this session.
#[derive(Clone, Debug)]
pub struct Subscriptions {
    file: Arc<SubscriptionsFile>,
    /// Path of the file.
    path: PathBuf,
    records: FetchRecords,
    /// The channels that a page named when the user last subscribed to it.
    found: Vec<FoundChannel>,
    /// Why the last sync could do nothing.
    failure: Option<SafeText>,
    /// The earliest time of the first sync.
    first: DateTime<Utc>,
    /// When the last sync was started.
    last: Option<DateTime<Utc>>,
    /// When the user last asked for a sync.
    asked: Option<DateTime<Utc>>,
    /// All subscriptions are to be fetched as soon as the running sync has ended.
    wants_all: bool,
    /// The records were asked for.
    has_asked_records: bool,
    /// Changes with the rows.
    revision: u64,
    /// Changes when other rows have articles.
    channels: u64,
    /// The marks that accounts have not got yet.
    marks: MarksToSend,
}

/// What the subscriptions must know of the rest of the session.
#[derive(Clone, Copy, Debug)]
pub struct SyncContext {
    /// The time of the last key or tick.
    pub moment: DateTime<Utc>,
    /// Whether a sync of this session runs.
    pub is_running: bool,
    /// Whether marks are being sent.
    pub is_sending: bool,
    /// The setting `sync`.
    pub settings: SyncSettings,
}

impl Subscriptions {
    /// The subscriptions of a session that starts now.
    pub fn new(file: Arc<SubscriptionsFile>, path: PathBuf, now: DateTime<Utc>) -> Subscriptions {
        Subscriptions {
            file,
            path,
            records: FetchRecords::default(),
            found: Vec::new(),
            failure: None,
            first: now.checked_add_signed(FIRST_WAIT).unwrap_or(now),
            last: None,
            asked: None,
            wants_all: false,
            has_asked_records: false,
            revision: 0,
            channels: 0,
            marks: MarksToSend::default(),
        }
    }

    /// The subscriptions in the order of the file, each with what is known of it; then the accounts, each before its feeds.
    pub fn rows(&self) -> impl Iterator<Item = SubscriptionRow<'_>> {
        let subscriptions = self.file.subscriptions.iter().map(|listed| {
            let (key, (line, _), kind) = (listed.key, listed.at, RowKind::Subscription);
            SubscriptionRow { key, kind, subscription: &listed.subscription, line, record: self.record(key) }
        });
        subscriptions.chain(self.file.accounts.iter().flat_map(|listed| self.rows_of(listed)))
    }

    /// The row of an account, and those of its feeds.
    fn rows_of<'a>(&'a self, listed: &'a ListedAccount) -> impl Iterator<Item = SubscriptionRow<'a>> {
        let ListedAccount { account, at: (line, _) } = listed;
        let (key, line) = (account.key(), *line);
        let record = self.record(key);
        let kind = RowKind::Account(account);
        let own = SubscriptionRow { key, kind, subscription: &account.server, line, record };
        let feeds = self.feeds(key).iter().map(move |feed| {
            let (key, kind) = (feed.key(), RowKind::Feed(account));
            SubscriptionRow { key, kind, subscription: feed, line, record }
        });
        std::iter::once(own).chain(feeds)
    }

    fn record(&self, key: SubscriptionKey) -> Option<&FetchRecord> {
        self.records.records.get(&key)
    }

    /// The feeds of an account.
    pub fn feeds(&self, account: SubscriptionKey) -> &[Subscription] {
        self.records.feeds.get(&account).map(Vec::as_slice).unwrap_or_default()
    }

    /// The accounts that were synced, with what is known of that.
    fn synced_accounts(&self) -> impl Iterator<Item = (&Account, &FetchRecord)> {
        let accounts = self.file.accounts.iter().map(|listed| &listed.account);
        accounts.filter_map(|account| Some((account, self.record(account.key())?)))
    }

    /// How many marks could not be sent to their account, and to which, if it is one.
    pub fn waiting_marks(&self) -> Option<(u64, Option<SafeText>)> {
        marks_to_send::waiting(self.synced_accounts())
    }

    /// The addresses of all channels, as articles name them.
    pub fn addresses(&self) -> ListedAddresses {
        let rows = self.rows().filter(SubscriptionRow::has_articles);
        rows.map(|row| (row.key, row.address().to_string())).collect()
    }

    /// The query for the articles of a subscription: by the addresses that they name, as the subscription may have moved. Without
    /// `addresses`, by the present one.
    pub fn query(&self, row: &SubscriptionRow, mut addresses: BTreeSet<String>) -> Query {
        if addresses.is_empty() {
            addresses.insert(row.address().to_string());
        }
        // Articles name no queries of addresses: of two channels that differ in nothing else, the folders tell.
        let is_shared = |other: &SubscriptionRow| {
            other.has_articles() && other.key != row.key && addresses.contains(other.address().as_str())
        };
        let folder = self.rows().any(|other| is_shared(&other)).then(|| row.subscription.folder_name()).flatten();
        let in_folder = folder.map(|folder| Query::in_folder(&folder)).unwrap_or_default();
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        in_folder.with_picked(Field::Feed, &addresses)
    }

    /// Changes whenever a row does.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Changes whenever other rows have articles.
    pub fn channels(&self) -> u64 {
        self.channels
    }

    /// Whether the user has neither a subscription nor an account.
    pub fn is_empty(&self) -> bool {
        self.file.subscriptions.is_empty() && self.file.accounts.is_empty()
    }

    /// What the file of the subscriptions says.
    pub fn file(&self) -> &Arc<SubscriptionsFile> {
        &self.file
    }

    /// The channels that a page named when the user last subscribed to it.
    pub fn found(&self) -> &[FoundChannel] {
        &self.found
    }

    /// Why the last sync of this session could do nothing, for example without a network. In the background nothing else says so.
    pub fn failure(&self) -> Option<&SafeText> {
        self.failure.as_ref()
    }

    /// The problems of subscriptions and accounts, each at its line, without those that keep no article away.
    pub fn problems(&self) -> Vec<Problem> {
        let problem = |row: SubscriptionRow| {
            if matches!(row.kind, RowKind::Feed(_)) || row.record.is_some_and(FetchRecord::is_problem_harmless) {
                return None;
            }
            let (what, remedy) = row.problem()?;
            let at = Some(Position { line: row.line, column: 1 });
            let warning = Problem::warning(at, &format!("{}: {what}", row.title()), remedy.as_str());
            Some(Problem { path: self.path.clone(), ..warning })
        };
        self.rows().filter_map(problem).chain(self.records.problems.iter().cloned()).collect()
    }

    /// Replaces the subscriptions.
    pub fn set_file(&mut self, file: Arc<SubscriptionsFile>) -> SubscriptionsUpdate {
        let has_changed = *self.file != *file;
        self.revision += u64::from(has_changed);
        self.channels += u64::from(has_changed);
        self.file = file;
        match has_changed && self.has_asked_records {
            true => SubscriptionsUpdate::effect(SubscriptionEffect::ReadRecords),
            false => SubscriptionsUpdate::nothing(),
        }
    }

    // When.

    /// Lets the first sync wait until the user pauses.
    pub fn key_pressed(&mut self, moment: DateTime<Utc>) {
        self.first = self.first.max(moment.checked_add_signed(FIRST_WAIT).unwrap_or(moment));
    }

    /// When the next sync is to be started by itself, or the records are to be read.
    pub fn due(&self, settings: SyncSettings) -> Option<DateTime<Utc>> {
        if self.is_empty() || !cfg!(feature = "sync") {
            return None;
        }
        if !self.has_asked_records {
            // The feeds of accounts are in them.
            return Some(if self.file.accounts.is_empty() { self.first } else { DateTime::<Utc>::MIN_UTC });
        }
        let sync = self.sync_due(settings)?;
        Some(self.marks_due().map_or(sync, |marks| sync.min(marks)))
    }

    fn sync_due(&self, settings: SyncSettings) -> Option<DateTime<Utc>> {
        let every = settings.every?;
        Some(self.last.map_or(self.first, |last| last.checked_add_signed(every).unwrap_or(DateTime::<Utc>::MAX_UTC)))
    }

    fn marks_due(&self) -> Option<DateTime<Utc>> {
        // Marks of earlier sessions go with the first sync.
        let accounts = self.synced_accounts().filter(|_| self.last.is_some());
        self.marks.due(accounts)
    }

    /// Notes that the user has set marks: accounts get them soon.
    pub fn marks_set(&mut self, moment: DateTime<Utc>) {
        if self.file.accounts.iter().any(|listed| !listed.account.server.is_paused) {
            self.marks.mark_set(moment);
        }
    }

    /// Starts what is due.
    pub fn tick(&mut self, context: &SyncContext) -> SubscriptionsUpdate {
        let mut update = SubscriptionsUpdate::nothing();
        // In turn: what is due after the records are read is another thing.
        while self.due(context.settings).is_some_and(|due| due <= context.moment) {
            if !self.has_asked_records {
                self.has_asked_records = true;
                update.effects.push(SubscriptionEffect::ReadRecords.into());
                continue;
            }
            if self.sync_due(context.settings).is_some_and(|due| due <= context.moment) {
                self.last = Some(context.moment);
                // A sync that still runs does what this one would.
                if !context.is_running {
                    update.effects.push(self.start(SyncScope::Due, true, context));
                }
            } else if context.is_running || context.is_sending {
                self.marks.sync_runs(context.moment);
            } else {
                self.marks.started(context.moment);
                update.effects.push(SubscriptionEffect::SendMarks.into());
            }
            break;
        }
        update
    }

    /// Starts a sync, which sends the marks that were set before.
    fn start(&mut self, scope: SyncScope, is_background: bool, context: &SyncContext) -> Effect {
        self.last = Some(context.moment);
        self.marks.started(context.moment);
        SubscriptionEffect::Sync { scope, is_background }.into()
    }

    // What the user asks for.

    /// Fetches, or stops fetching.
    pub fn act(&mut self, action: Action, context: &SyncContext) -> SubscriptionsUpdate {
        if action == Action::StopSync {
            self.wants_all = false;
            return match context.is_running {
                true => {
                    let mut update = SubscriptionsUpdate::effect(SubscriptionEffect::StopSync);
                    update.effects.push(SubscriptionEffect::ReadRecords.into());
                    update
                }
                false => SubscriptionsUpdate::say("No sync is running"),
            };
        }
        if !cfg!(feature = "sync") {
            return SubscriptionsUpdate::say("This build cannot sync");
        }
        if self.is_empty() {
            return SubscriptionsUpdate::say("No subscriptions: `:subscribe URL` adds one");
        }
        let is_second = self.asked.take().is_some_and(|asked| context.moment - asked <= SECOND_KEY);
        if action == Action::SyncAll || is_second {
            return self.sync(SyncScope::All, context);
        }
        self.asked = Some(context.moment);
        self.sync(SyncScope::Due, context)
    }

    fn sync(&mut self, scope: SyncScope, context: &SyncContext) -> SubscriptionsUpdate {
        if context.is_running {
            self.wants_all |= scope == SyncScope::All;
            return SubscriptionsUpdate::say(match self.wants_all {
                true => "A sync is running; all subscriptions are next",
                false => "A sync is running already",
            });
        }
        SubscriptionsUpdate { effects: vec![self.start(scope, false, context)], ..SubscriptionsUpdate::default() }
    }

    /// Subscribes to an address that the user entered.
    pub fn subscribe(&mut self, address: &str) -> SubscriptionsUpdate {
        if !cfg!(feature = "sync") {
            return SubscriptionsUpdate::say("This build cannot subscribe");
        }
        let mut update = SubscriptionsUpdate::effect(SubscriptionEffect::Subscribe(SubscribeRequest::of(address)));
        // A server may take a while to answer.
        let shown = shown_address(&UntrustedText::new(address));
        update.notices.push(Notice::of(clean::plain_line(&format!("Subscribing to {shown} …"))));
        update
    }

    // What happened.

    /// Handles the answer of a job.
    pub fn take(&mut self, answer: SubscriptionsAnswer, context: &SyncContext) -> SubscriptionsUpdate {
        match answer {
            SubscriptionsAnswer::Sync(end) => self.sync_ended(end, context),
            SubscriptionsAnswer::Subscribe(end) => self.subscribe_ended(end),
            SubscriptionsAnswer::MarksSent(MarksSent(result)) => {
                if result.is_err() {
                    self.marks.failed(context.moment);
                }
                SubscriptionsUpdate::effect(SubscriptionEffect::ReadRecords)
            }
            SubscriptionsAnswer::Unfollow(UnfollowEnd(ended)) => {
                let notice = match ended {
                    Ok(()) => Notice::of("No longer followed at the service; the articles stay".into()),
                    Err(why) => Notice::failure(clean::plain_line(&format!("Still followed: {why}"))),
                };
                let effects = vec![SubscriptionEffect::ReadRecords.into()];
                SubscriptionsUpdate { effects, notices: vec![notice], ..SubscriptionsUpdate::default() }
            }
            SubscriptionsAnswer::Records(records) => {
                self.channels += u64::from(self.records.feeds != records.feeds);
                self.records = records;
                self.revision += 1;
                SubscriptionsUpdate::nothing()
            }
        }
    }

    fn sync_ended(&mut self, end: SyncEnd, context: &SyncContext) -> SubscriptionsUpdate {
        let mut update = SubscriptionsUpdate::effect(SubscriptionEffect::ReadRecords);
        if std::mem::take(&mut self.wants_all) {
            update.effects.push(self.start(SyncScope::All, false, context));
        }
        // Their files are in a folder that is not watched.
        if end.result.as_ref().is_ok_and(|summary| summary.full_texts > 0) {
            update.effects.push(Effect::ReloadFiles);
        }
        let messages = end.result.as_ref().map(|summary| summary.messages.clone()).unwrap_or_default();
        update.effects.extend(messages.into_iter().map(Effect::ShowMessage));
        if end.result.is_err() && !self.file.accounts.is_empty() {
            self.marks.failed(context.moment);
        }
        self.failure = end.result.as_ref().err().map(|SyncFailed(why)| why.clone());
        // In the background nothing disturbs: articles are counted in the footer, and problems have their list.
        match end.result {
            _ if end.is_background => {}
            Ok(summary) => update.notices.push(sync_notice(&summary)),
            Err(why) => update.notices.push(Notice::failure(clean::plain_line(&format!("Not synced: {why}")))),
        }
        update
    }

    fn subscribe_ended(&mut self, end: SubscribeEnd) -> SubscriptionsUpdate {
        let notice = match end {
            SubscribeEnd::Subscribed { title, new, read } => {
                let s = if new == 1 { "" } else { "s" };
                let unread = if read > 0 { format!(", {} unread", new.saturating_sub(read)) } else { String::new() };
                // A channel may choose a title that leaves no room for the numbers.
                let title = text::cut(&title, LONGEST_TITLE);
                Notice::of(clean::plain_line(&format!("Subscribed to {title}: {new} article{s}{unread}")))
            }
            SubscribeEnd::Already(title) => Notice::of(clean::plain_line(&format!("Subscribed already: {title}"))),
            SubscribeEnd::Choose(channels) if channels.is_empty() => {
                Notice::failure("Not subscribed: no channel found".into())
            }
            SubscribeEnd::Choose(channels) => {
                let words = format!("{} channels found: `:subscribe` lists them", channels.len());
                self.found = channels;
                let notices = vec![Notice::of(clean::plain_line(&words))];
                return SubscriptionsUpdate {
                    notices,
                    opens: Some(Action::Subscribe),
                    ..SubscriptionsUpdate::default()
                };
            }
            SubscribeEnd::Private(why, request) => {
                let refused = format!("Not subscribed: {why}; subscribe again to permit it");
                let unasked = Notice::failure(clean::plain_line(&refused));
                let shown = shown_address(&request.address);
                let host = shown.as_str().rsplit("://").next().and_then(|rest| rest.split('/').next());
                let host = text::cut(&clean::run(host.unwrap_or_default()), LONGEST_TITLE);
                let question = format!("{host} is on a private network. Subscribe? y/n");
                let words = clean::plain_line(&question);
                let asks = Some(PrivateNetworkQuestion { words, request, unasked });
                return SubscriptionsUpdate { asks, ..SubscriptionsUpdate::default() };
            }
            SubscribeEnd::Failed(why, remedy) => {
                let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
                return SubscriptionsUpdate::notice(Notice::failure(clean::plain_line(&format!(
                    "Not subscribed: {why}{remedy}"
                ))));
            }
        };
        let reload = vec![Effect::ReloadSettings, Effect::ReloadFiles, SubscriptionEffect::ReadRecords.into()];
        SubscriptionsUpdate { effects: reload, notices: vec![notice], ..SubscriptionsUpdate::default() }
    }

    /// Forgets the channels that a page named: the user has chosen, or does not want them.
    pub fn forget_found(&mut self) -> SubscriptionsUpdate {
        self.found.clear();
        SubscriptionsUpdate::nothing()
    }
}
