//! The articles and marks of this device, as the sync of an account needs them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::super::environment::Environment;
use super::super::outcome::Failure;
use super::super::read_marks::ReadMarks;
use super::feed_homes::FeedHomes;
use super::state;
use crate::account::{AddedArticle, Field, Library, ServiceFeed, ServiceItems, Shadow, unsent_marks};
use crate::digest::{self, PreparedItem, StateError, SyncState};
use crate::feed::{ArticleId, Change, DeviceId, Mark, Marks, Problem, Stamp, UntrustedText};
use crate::subscriptions::{Account, read_record};

/// Numbers of devices that belong to accounts, less one. They are less than nearly all others, so that of two changes with the same
/// time that of the user wins.
const ACCOUNT_NUMBERS: u64 = 0xfffe;

/// The articles and marks of this device.
pub struct MarkedLibrary<'a> {
    account: &'a Account,
    environment: &'a Environment<'a>,
    marks: &'a ReadMarks,
    state: SyncState,
    homes: FeedHomes<'a>,
    now: DateTime<Utc>,
    problems: Vec<Problem>,
}

impl<'a> MarkedLibrary<'a> {
    /// Opens the state of an account, which is locked until the end.
    pub fn open(account: &'a Account, environment: &'a Environment<'a>) -> Result<MarkedLibrary<'a>, Failure> {
        let marks = environment.marks.ok_or_else(|| {
            Failure::new("the marks cannot be written here", "an account needs a folder for marks: set `marks`")
        })?;
        let before = |error: StateError| Failure {
            is_before_request: true,
            ..Failure::new(
                error.to_string(),
                "make room, or make the state folder writable; another sync may be running",
            )
        };
        let state = SyncState::open(environment.states, &account.server, environment.fs).map_err(before)?;
        let now = (environment.clock)();
        let problems = state.problem().into_iter().collect();
        let homes = FeedHomes::of(account, environment);
        Ok(MarkedLibrary { account, environment, marks, state, homes, now, problems })
    }

    /// The number that the stamps of the account have.
    pub fn device(&self) -> DeviceId {
        device(self.account)
    }

    /// What is known of the articles of the account.
    pub fn shadow(&self) -> Shadow {
        state::shadow(&self.state)
    }

    /// The token of the last sync.
    pub fn token(&self) -> Option<String> {
        state::token(self.account, self.environment.states, self.environment.fs)
    }

    /// Keeps the token for the next sync.
    pub fn keep_token(&self, token: Option<&str>) {
        state::keep_token(self.account, token, self.environment.states, self.environment.fs);
    }

    /// The number of marks that wait to be sent.
    pub fn unsent(&self, shadow: &Shadow) -> usize {
        unsent_marks(shadow, &self.marks.current(), self.device())
    }

    /// Releases the state, and returns the problems.
    pub fn close(mut self) -> Vec<Problem> {
        let closed = self.state.close(self.environment.fs);
        self.problems.extend(closed.err().map(|error| Problem::warning(None, &error.to_string(), "")));
        self.problems
    }
}

/// The number of an account among the devices: the same on all devices.
fn device(account: &Account) -> DeviceId {
    let hash = u64::from_str_radix(&account.key().to_string(), 16).unwrap_or_default();
    DeviceId(u32::try_from(hash % ACCOUNT_NUMBERS).unwrap_or_default().saturating_add(1))
}

impl Library for MarkedLibrary<'_> {
    type Failure = Failure;

    fn marks(&mut self) -> Marks {
        self.marks.current()
    }

    fn follow(&mut self, feeds: &[ServiceFeed]) -> Result<(), Failure> {
        let Environment { states, fs, .. } = *self.environment;
        let record = read_record(states, self.account.key(), fs).0.unwrap_or_default();
        if record.is_begun {
            // The first articles of a feed are old ones.
            let known = state::known_feeds(self.account, states, fs);
            self.homes.note_new_articles_of(known.into_iter().map(|feed| feed.id));
        }
        state::keep_feeds(self.account, feeds, states, fs)
    }

    fn add(&mut self, feeds: &[ServiceFeed], items: ServiceItems) -> Result<Vec<AddedArticle>, Failure> {
        let ServiceItems { states: item_states, channel } = items;
        let feed_of: HashMap<&str, &str> =
            item_states.iter().map(|state| (state.id.as_str(), state.feed.as_str())).collect();
        let mut by_feed: BTreeMap<String, Vec<PreparedItem>> = BTreeMap::new();
        for item in channel.items {
            let guid = item.item.guid.as_ref().map(UntrustedText::untrusted).unwrap_or_default();
            if let Some(feed) = feed_of.get(guid) {
                by_feed.entry((*feed).to_owned()).or_default().push(item);
            }
        }
        let empty = digest::PreparedChannel { items: Vec::new(), repairs: Vec::new(), ..channel };
        let mut added = Vec::new();
        for (feed, mut items) in by_feed {
            let known = feeds.iter().find(|known| known.id == feed).cloned();
            // A starred article may be of a feed that is no longer followed: it names its feed itself.
            let feed = known.unwrap_or_else(|| {
                let source = items.first().and_then(|item| item.item.source.clone()).unwrap_or_default();
                ServiceFeed {
                    id: feed,
                    title: source.title,
                    address: source.link.unwrap_or_default(),
                    folders: Vec::new(),
                }
            });
            items.iter_mut().for_each(|item| item.item.source = None);
            let channel = digest::PreparedChannel { items, ..empty.clone() };
            let (here, problems) = self.homes.write(&feed, channel)?;
            self.problems.extend(problems);
            added.extend(here);
        }
        Ok(added)
    }

    fn stamp(&mut self) -> Stamp {
        self.marks.stamp(self.device(), (self.environment.clock)())
    }

    fn set_marks(&mut self, stamp: Stamp, field: Field, is_on: bool, articles: Vec<ArticleId>) -> Result<(), Failure> {
        let mark = match field {
            Field::Read => Mark::Read(is_on.then_some(self.now)),
            Field::Starred => Mark::Starred(is_on),
            Field::Label(tag) => Mark::Tagged(tag, is_on),
        };
        let written = self.marks.write(Change { stamp, mark, articles });
        written.map_err(|error| {
            Failure::new(format!("marks not saved: {error}"), "make room, or make the folder of the marks writable")
        })
    }

    fn save(&mut self, shadow: &mut Shadow) -> Result<(), Failure> {
        for (id, item) in shadow.take_changed() {
            state::set_item(&mut self.state, &id, &item);
        }
        // After the articles: their lines must be there when they are not being written any more.
        if let Some(ids) = shadow.take_adding() {
            state::set_adding(&mut self.state, &ids);
        }
        if let Some(labels) = shadow.take_labels() {
            state::set_labels(&mut self.state, labels.as_ref());
        }
        self.state.save(self.environment.fs).map_err(state::failure)
    }
}
