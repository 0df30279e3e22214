//! What a service offers, whatever its API is.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Deserializer, Serialize};

use super::labels::Labels;
use super::service_id::ServiceId;
use crate::digest::PreparedChannel;
use crate::feed::{Tag, UntrustedText};
use crate::frames;

/// Feeds of an account at most; further ones are an error of the answer.
const MAX_FEEDS: usize = 20_000;
/// Articles of an answer at most.
const MAX_ITEMS: usize = 1_000;
/// Names of folders, and labels of an article, at most.
const MAX_NAMES: usize = 100;

/// A mark that services know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Read or not.
    Read,
    /// Starred or not.
    Starred,
    /// Whether it has a label, spelt as the service spells it.
    Label(Tag),
}

/// Marks of one kind that are sent to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkBatch {
    /// The mark.
    pub field: Field,
    /// True to set it.
    pub is_on: bool,
    /// The articles.
    pub ids: Vec<ServiceId>,
}

/// A feed of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFeed {
    /// The id that the service gives it.
    pub id: String,
    /// Its title.
    pub title: UntrustedText,
    /// Its address.
    pub address: UntrustedText,
    /// The names of its folders.
    #[serde(deserialize_with = "names")]
    pub folders: Vec<UntrustedText>,
}

/// A complete list of the marks of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The articles that are unread.
    pub unread: HashSet<ServiceId>,
    /// The articles that are starred.
    pub starred: HashSet<ServiceId>,
    /// The articles that have a label, for each label that was asked for.
    #[serde(skip)]
    pub labels: BTreeMap<Tag, HashSet<ServiceId>>,
    /// True if the list came in parts, between which it may have changed: an article that is missing may have fallen between two.
    pub may_lack_some: bool,
}

/// The state of an article at a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemState {
    /// The article.
    pub id: ServiceId,
    /// The feed that it is from.
    pub feed: String,
    /// True if it is read.
    pub is_read: bool,
    /// True if it is starred.
    pub is_starred: bool,
    /// The names of its labels, and of the folders of its feed.
    #[serde(deserialize_with = "label_names")]
    pub labels: Vec<String>,
}

/// Articles of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceItems {
    /// Their states.
    #[serde(deserialize_with = "states")]
    pub states: Vec<ItemState>,
    /// Their texts, ready to be written. The guid of each is its id at the service. Of those that are too long, some may be missing.
    pub channel: PreparedChannel,
}

fn names<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<UntrustedText>, D::Error> {
    frames::at_most::<MAX_NAMES, UntrustedText, D>(from)
}

fn label_names<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    frames::at_most::<MAX_NAMES, String, D>(from)
}

fn states<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ItemState>, D::Error> {
    frames::at_most::<MAX_ITEMS, ItemState, D>(from)
}

/// Reads the feeds of an account from a frame.
pub(super) fn feeds<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<ServiceFeed>, D::Error> {
    frames::at_most::<MAX_FEEDS, ServiceFeed, D>(from)
}

/// A change of the feeds at a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedChange {
    /// Follow the channel with this address.
    Follow(String),
    /// End following the feed with this id.
    Unfollow(String),
}

/// What a service answers to marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked<F> {
    /// They are set.
    Done,
    /// It refuses this request, and not all: an article may be to blame. None or some are set.
    Refused(F),
}

/// A service, and the account of the user there.
pub trait Service {
    /// Why it did not answer as wanted.
    type Failure;

    /// All feeds of the account.
    fn feeds(&mut self) -> Result<Vec<ServiceFeed>, Self::Failure>;

    /// Sets marks. An error says nothing about which of them are set.
    fn mark(&mut self, batch: &MarkBatch) -> Result<Marked<Self::Failure>, Self::Failure>;

    /// The labels of articles; `None` if the service has none.
    fn labels(&mut self) -> Result<Option<Labels>, Self::Failure>;

    /// Lists all unread and all starred articles, and those with these labels. An incomplete list is an error.
    fn listing(&mut self, labels: &[Tag]) -> Result<Listing, Self::Failure>;

    /// Articles that the service still has, of at most [`Service::items_at_once`] that are asked for.
    fn items(&mut self, ids: &[ServiceId]) -> Result<ServiceItems, Self::Failure>;

    /// Articles in a request at most.
    fn items_at_once(&self) -> usize;

    /// Marks in a request at most.
    fn marks_at_once(&self) -> usize;
}
