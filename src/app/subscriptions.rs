//! The subscriptions in the session: how they do, and when they are fetched.
//!
//! The session fetches nothing: it asks for another process (`jobs::sync_subscriptions`), and reads the records of what that did.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::action::Action;
use super::effect::{Effect, SubscriptionEffect};
use super::notices::Notice;
use super::subscription_row::{SubscriptionRow, shown_address};
use crate::config::SyncSettings;
use crate::feed::{Position, Problem, SafeText, UntrustedText, clean};
use crate::jobs::subscribe::{FoundChannel, SubscribeEnd, SubscribeRequest};
use crate::jobs::subscription_groups::ListedAddresses;
use crate::jobs::sync_subscriptions::{SyncEnd, SyncFailed, SyncScope, SyncSummary};
use crate::query::{Field, Query};
use crate::subscriptions::{FetchRecord, FetchRecords, SubscriptionKey, SubscriptionsFile};
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
}

/// What the subscriptions must know of the rest of the session.
#[derive(Clone, Copy, Debug)]
pub struct SyncContext {
    /// The time of the last key or tick.
    pub moment: DateTime<Utc>,
    /// Whether a sync of this session runs.
    pub is_running: bool,
    /// The setting `sync`.
    pub settings: SyncSettings,
}

/// What the session must do after a change of the subscriptions.
#[derive(Debug, Default)]
pub struct SubscriptionsUpdate {
    /// Effects.
    pub effects: Vec<Effect>,
    /// Notices.
    pub notices: Vec<Notice>,
    /// The action of an overlay to open, if no other one is open.
    pub opens: Option<Action>,
    /// A yes/no question to ask, if no overlay is open, and what to subscribe to after yes.
    pub asks: Option<(SafeText, SubscribeRequest)>,
}

impl SubscriptionsUpdate {
    fn nothing() -> SubscriptionsUpdate {
        SubscriptionsUpdate::default()
    }

    fn effect(effect: SubscriptionEffect) -> SubscriptionsUpdate {
        SubscriptionsUpdate { effects: vec![effect.into()], ..SubscriptionsUpdate::default() }
    }

    fn notice(notice: Notice) -> SubscriptionsUpdate {
        SubscriptionsUpdate { notices: vec![notice], ..SubscriptionsUpdate::default() }
    }

    fn say(words: &'static str) -> SubscriptionsUpdate {
        SubscriptionsUpdate::notice(Notice::of(words.into()))
    }
}

/// What a job about subscriptions has found.
#[derive(Clone, Debug)]
pub enum SubscriptionsAnswer {
    /// A sync has ended.
    Sync(SyncEnd),
    /// An attempt to subscribe has ended.
    Subscribe(SubscribeEnd),
    /// The records were read.
    Records(FetchRecords),
}

impl From<SyncEnd> for SubscriptionsAnswer {
    fn from(end: SyncEnd) -> SubscriptionsAnswer {
        SubscriptionsAnswer::Sync(end)
    }
}

impl From<SubscribeEnd> for SubscriptionsAnswer {
    fn from(end: SubscribeEnd) -> SubscriptionsAnswer {
        SubscriptionsAnswer::Subscribe(end)
    }
}

impl From<FetchRecords> for SubscriptionsAnswer {
    fn from(records: FetchRecords) -> SubscriptionsAnswer {
        SubscriptionsAnswer::Records(records)
    }
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
        }
    }

    /// The subscriptions in the order of the file, each with what is known of it.
    pub fn rows(&self) -> impl Iterator<Item = SubscriptionRow<'_>> {
        let record = |key: SubscriptionKey| self.records.records.get(&key);
        self.file.subscriptions.iter().map(move |listed| {
            let (key, (line, _)) = (listed.key, listed.at);
            SubscriptionRow { key, subscription: &listed.subscription, line, record: record(key) }
        })
    }

    /// The addresses of all subscriptions, as articles name them.
    pub fn addresses(&self) -> ListedAddresses {
        self.rows().map(|row| (row.key, row.address().to_string())).collect()
    }

    /// The query for the articles of a subscription: by the addresses that they name, as the subscription may have moved. Without
    /// `addresses`, by the present one.
    pub fn query(&self, row: &SubscriptionRow, mut addresses: BTreeSet<String>) -> Query {
        if addresses.is_empty() {
            addresses.insert(row.address().to_string());
        }
        // Articles name no queries of addresses: of two channels that differ in nothing else, the folders tell.
        let is_shared = |other: &SubscriptionRow| other.key != row.key && addresses.contains(other.address().as_str());
        let folder = self.rows().any(|other| is_shared(&other)).then(|| row.subscription.folder_name()).flatten();
        let in_folder = folder.map(|folder| Query::in_folder(&folder)).unwrap_or_default();
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        in_folder.with_picked(Field::Feed, &addresses)
    }

    /// Changes whenever a row does.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the user has no subscriptions in the file. Accounts may have some.
    pub fn is_empty(&self) -> bool {
        self.file.subscriptions.is_empty()
    }

    /// Whether there is nothing to sync: neither a subscription nor an account.
    fn has_nothing_to_sync(&self) -> bool {
        self.is_empty() && self.file.accounts.is_empty()
    }

    /// The keys of all subscriptions.
    pub fn keys(&self) -> Vec<SubscriptionKey> {
        self.file.subscriptions.iter().map(|listed| listed.key).collect()
    }

    /// The keys of all records: of subscriptions and accounts.
    pub fn record_keys(&self) -> Vec<SubscriptionKey> {
        self.keys().into_iter().chain(self.file.accounts.iter().map(|listed| listed.account.key())).collect()
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
        let problem = |row: SubscriptionRow, title: SafeText| {
            if row.record.is_some_and(FetchRecord::is_problem_harmless) {
                return None;
            }
            let (what, remedy) = row.problem()?;
            let at = Some(Position { line: row.line, column: 1 });
            let warning = Problem::warning(at, &format!("{title}: {what}"), remedy.as_str());
            Some(Problem { path: self.path.clone(), ..warning })
        };
        let subscriptions = self.rows().filter_map(|row| problem(row, row.title()));
        let accounts = self.file.accounts.iter().filter_map(|listed| {
            let (key, subscription) = (listed.account.key(), &listed.account.server);
            let record = self.records.records.get(&key);
            problem(SubscriptionRow { key, subscription, line: listed.at.0, record }, listed.account.title())
        });
        subscriptions.chain(accounts).chain(self.records.problems.iter().cloned()).collect()
    }

    /// Replaces the subscriptions.
    pub fn set_file(&mut self, file: Arc<SubscriptionsFile>) -> SubscriptionsUpdate {
        let has_changed = *self.file != *file;
        self.revision += u64::from(has_changed);
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
        if self.has_nothing_to_sync() || !cfg!(feature = "sync") {
            return None;
        }
        if !self.has_asked_records {
            return Some(self.first);
        }
        let every = settings.every?;
        Some(self.last.map_or(self.first, |last| last.checked_add_signed(every).unwrap_or(DateTime::<Utc>::MAX_UTC)))
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
            self.last = Some(context.moment);
            // A sync that still runs does what this one would.
            if !context.is_running {
                update.effects.push(SubscriptionEffect::Sync { scope: SyncScope::Due, is_background: true }.into());
            }
            break;
        }
        update
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
        if self.has_nothing_to_sync() {
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
        self.last = Some(context.moment);
        SubscriptionsUpdate::effect(SubscriptionEffect::Sync { scope, is_background: false })
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
            SubscriptionsAnswer::Records(records) => {
                self.records = records;
                self.revision += 1;
                SubscriptionsUpdate::nothing()
            }
        }
    }

    fn sync_ended(&mut self, end: SyncEnd, context: &SyncContext) -> SubscriptionsUpdate {
        let mut update = SubscriptionsUpdate::effect(SubscriptionEffect::ReadRecords);
        if std::mem::take(&mut self.wants_all) {
            self.last = Some(context.moment);
            update.effects.push(SubscriptionEffect::Sync { scope: SyncScope::All, is_background: false }.into());
        }
        // Their files are in a folder that is not watched.
        if end.result.as_ref().is_ok_and(|summary| summary.full_texts > 0) {
            update.effects.push(Effect::ReloadFiles);
        }
        let messages = end.result.as_ref().map(|summary| summary.messages.clone()).unwrap_or_default();
        update.effects.extend(messages.into_iter().map(Effect::ShowMessage));
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
                let notices = vec![Notice::failure(clean::plain_line(&refused))];
                let shown = shown_address(&request.address);
                let host = shown.as_str().rsplit("://").next().and_then(|rest| rest.split('/').next());
                let host = text::cut(&clean::run(host.unwrap_or_default()), LONGEST_TITLE);
                let question = format!("{host} is on a private network. Subscribe? y/n");
                let asks = Some((clean::plain_line(&question), request));
                return SubscriptionsUpdate { notices, asks, ..SubscriptionsUpdate::default() };
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

/// The notice of a sync that the user asked for. The footer has room for about 60 characters: what failed comes first.
fn sync_notice(summary: &SyncSummary) -> Notice {
    let SyncSummary { asked, new, updated, failed, full_texts, programs_failed, message, .. } = summary;
    let programs =
        if *programs_failed == 1 { "program failed: see :problems" } else { "programs failed: see :problems" };
    let counted = [
        (*failed, "failed: see :subscriptions"),
        (*programs_failed, programs),
        (*new, "new"),
        (*updated, "updated"),
        (*full_texts, "full texts"),
    ];
    let parts = counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let mut parts: Vec<String> = parts.collect();
    match (asked, parts.is_empty()) {
        (0, true) if message.is_empty() => {
            return Notice::of("Nothing is due; `:sync-all` fetches all the same".into());
        }
        (0, true) => {}
        (_, true) => parts.push("nothing new".to_owned()),
        (_, false) => {}
    }
    parts.extend((!message.is_empty()).then(|| message.to_string()));
    let what = if *asked == 0 { "Not fetched" } else { "Synced" };
    let text: SafeText = clean::plain_line(&format!("{what}: {}", parts.join(" · ")));
    if *failed > 0 || *programs_failed > 0 { Notice::failure(text) } else { Notice::of(text) }
}
