//! The state of an account on this device: its articles with their marks at the service, its feeds, and its token.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::outcome::Failure;
use crate::account::{LabelNames, Labels, ServiceFeed, ServiceId, Shadow, ShadowItem};
use crate::digest::{StateError, SyncState};
use crate::feed::clean;
use crate::file_system::FileSystem;
use crate::subscriptions::{Account, Subscription, SubscriptionKey, SubscriptionsFile, edit};

/// Before the id of an article in the names of the values of a state.
const ITEM: &str = "item:";
/// The name of the value with the articles that are being written.
const ADDING: &str = "adding";
/// The name of the value with the labels of the service.
const LABELS: &str = "labels";
/// A larger file is not a list of feeds or a token, in bytes.
const MAX_FILE: usize = 16 << 20;

/// The articles of a state.
pub fn shadow(state: &SyncState) -> Shadow {
    let item = |(name, value): (&String, &Value)| Some((ServiceId::parse(name.strip_prefix(ITEM)?)?, item_of(value)?));
    let adding = state.field(ADDING).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let adding = adding.iter().filter_map(|id| ServiceId::parse(id.as_str()?)).collect();
    let labels: Option<LabelNames> = state.field(LABELS).and_then(|value| LabelNames::deserialize(value).ok());
    let labels = labels.map(|names| Labels::of(&names));
    Shadow::of(state.fields().filter_map(item), adding).with_labels(labels)
}

/// Notes in a state which articles are being written.
pub fn set_adding(state: &mut SyncState, ids: &[ServiceId]) {
    state.set_field(ADDING, ids.iter().map(ServiceId::as_str).collect());
}

/// Notes the labels of the service in a state.
pub fn set_labels(state: &mut SyncState, labels: Option<&Labels>) {
    state.set_field(LABELS, json!(labels.map(Labels::names)));
}

/// Notes an article in a state.
pub fn set_item(state: &mut SyncState, id: &ServiceId, item: &ShadowItem) {
    state.set_field(&format!("{ITEM}{id}"), value_of(item));
}

fn value_of(item: &ShadowItem) -> Value {
    let ShadowItem { article, feed, is_read, is_starred, sent_read, sent_starred, labels, is_gone, refused } = item;
    let (sent_read, sent_starred) = (sent_read.to_string(), sent_starred.to_string());
    let mut value = json!([article.to_string(), feed, is_read, is_starred, sent_read, sent_starred, is_gone]);
    let labels: Map<String, Value> =
        labels.iter().map(|(key, (is_on, sent))| (key.to_string(), json!([is_on, sent.to_string()]))).collect();
    // Most articles have neither.
    if let Some(fields) = value.as_array_mut().filter(|_| !(labels.is_empty() && refused.is_empty())) {
        fields.push(labels.into());
        fields.push(json!(refused));
    }
    value
}

fn item_of(value: &Value) -> Option<ShadowItem> {
    let [article, feed, is_read, is_starred, sent_read, sent_starred, is_gone, rest @ ..] =
        value.as_array()?.as_slice()
    else {
        return None;
    };
    let label = |(key, value): (&String, &Value)| {
        let [is_on, sent] = value.as_array()?.as_slice() else { return None };
        Some((key.as_str().into(), (is_on.as_bool()?, sent.as_str()?.parse().ok()?)))
    };
    let labels = rest.first().and_then(Value::as_object).into_iter().flatten().filter_map(label).collect();
    let refused = rest.get(1).and_then(Value::as_array).into_iter().flatten();
    Some(ShadowItem {
        article: article.as_str()?.parse().ok()?,
        feed: feed.as_str()?.to_owned(),
        is_read: is_read.as_bool()?,
        is_starred: is_starred.as_bool()?,
        sent_read: sent_read.as_str()?.parse().ok()?,
        sent_starred: sent_starred.as_str()?.parse().ok()?,
        labels,
        is_gone: is_gone.as_bool()?,
        refused: refused.filter_map(|key| Some(key.as_str()?.into())).collect(),
    })
}

/// The subscription as which a feed of an account is written and shown: its folders are topics.
pub fn feed_subscription(account: &Account, feed: &ServiceFeed) -> Subscription {
    let topics = feed.folders.iter().map(|folder| clean::plain_line(folder.untrusted()));
    Subscription {
        address: feed.address.clone(),
        title: clean::plain_line(feed.title.untrusted()),
        topics: topics.filter(|topic| !topic.is_empty()).collect(),
        first_key: Some(account.key_of_feed(&feed.id)),
        ..Subscription::default()
    }
}

fn feeds_path(states: &Path, account: SubscriptionKey) -> PathBuf {
    states.join(format!("{account}.feeds.json"))
}

fn token_path(states: &Path, account: SubscriptionKey) -> PathBuf {
    states.join(format!("{account}.token"))
}

/// The feeds of an account as the last sync found them.
pub fn known_feeds(account: &Account, states: &Path, fs: &dyn FileSystem) -> Vec<ServiceFeed> {
    let bytes = fs.read(&feeds_path(states, account.key()), 0).unwrap_or_default();
    if bytes.len() > MAX_FILE { Vec::new() } else { serde_json::from_slice(&bytes).unwrap_or_default() }
}

/// The same, as subscriptions, without channels that the user follows too: their articles are those of the subscription.
pub fn shown_feeds(
    account: &Account,
    file: &SubscriptionsFile,
    states: &Path,
    fs: &dyn FileSystem,
) -> Vec<Subscription> {
    let followed = edit::canonical_addresses(file);
    let feeds = known_feeds(account, states, fs);
    let feeds = feeds.iter().map(|feed| feed_subscription(account, feed));
    feeds.filter(|feed| edit::canonical_of(&feed.address).is_none_or(|address| !followed.contains(&address))).collect()
}

/// Keeps the feeds of an account.
pub fn keep_feeds(account: &Account, feeds: &[ServiceFeed], states: &Path, fs: &dyn FileSystem) -> Result<(), Failure> {
    let path = feeds_path(states, account.key());
    let bytes = serde_json::to_vec(feeds).unwrap_or_default();
    if fs.read(&path, 0).is_ok_and(|known| known == bytes) {
        return Ok(());
    }
    fs.replace(&path, &bytes, true).map_err(|error| {
        let what = format!("the feeds of the account cannot be saved: {}", crate::library::io_error_text(&error));
        Failure::new(what, "the next sync tries it again")
    })
}

/// Removes the list of the feeds of an account.
pub fn forget_feeds(account: &Account, states: &Path, fs: &dyn FileSystem) {
    let _ = fs.remove(&feeds_path(states, account.key()));
}

/// The token of an account, in a file that only its user can read.
pub fn token(account: &Account, states: &Path, fs: &dyn FileSystem) -> Option<String> {
    let bytes = fs.read(&token_path(states, account.key()), 0).ok()?;
    String::from_utf8(bytes).ok().filter(|token| !token.is_empty() && token.len() <= 1_024)
}

/// Keeps the token of an account, or removes it. If it cannot be kept, the next sync sends the password again.
pub fn keep_token(account: &Account, token: Option<&str>, states: &Path, fs: &dyn FileSystem) {
    let path = token_path(states, account.key());
    match token {
        Some(token) if fs.read(&path, 0).is_ok_and(|known| known == token.as_bytes()) => {}
        Some(token) => drop(fs.replace(&path, token.as_bytes(), true)),
        None => drop(fs.remove(&path)),
    }
}

/// The failure of a state that cannot be read or written.
pub fn failure(error: StateError) -> Failure {
    Failure::new(error.to_string(), "make room, or make the state folder writable")
}
