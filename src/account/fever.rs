//! The Fever API, as FreshRSS, Tiny Tiny RSS, coldsweat and others speak it: requests, and what their answers say.
//!
//! Source: the documentation that its author published, <https://feedafever.com/api>, kept at
//! <https://github.com/DigitalDJ/tinytinyrss-fever-plugin/blob/master/fever-api.md>. A service gives no more than 50 articles at once.

use std::collections::{HashMap, HashSet};

use md5::{Digest, Md5};
use serde_json::Value;
use url::Url;

use super::answers::{self, NotAnAnswer, json, list, number, text, text_or_number, title};
use super::requests::ApiRequest;
use super::service::{Field, ItemState, Listing, ServiceFeed, ServiceItems};
use super::service_id::ServiceId;
use crate::channel::{Content, ContentKind, Item};
use crate::feed::UntrustedText;

/// Articles in an answer.
pub const ITEMS_AT_ONCE: usize = 50;

/// The key of a user: MD5 over name, colon and password, which the protocol demands.
pub fn api_key(user: &str, password: &str) -> String {
    let hash = Md5::digest(format!("{user}:{password}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Asks for something. The key is in the form, never in the address.
fn ask(what: &str, key: &str, form: &[(&str, &str)]) -> ApiRequest {
    ApiRequest::post(&format!("?api&{what}"), &[&[("api_key", key)], form].concat())
}

/// Asks for all feeds and folders.
pub fn feeds(key: &str) -> ApiRequest {
    ask("feeds&groups", key, &[])
}

/// Asks for the ids of unread and of starred articles.
pub fn listing(key: &str) -> ApiRequest {
    ask("unread_item_ids&saved_item_ids", key, &[])
}

/// Asks for articles.
pub fn items(ids: &[ServiceId], key: &str) -> ApiRequest {
    let ids: Vec<&str> = ids.iter().map(ServiceId::as_str).collect();
    ask(&format!("items&with_ids={}", ids.join(",")), key, &[])
}

/// The word for a mark. `None` for labels, which this API lacks.
pub fn mark_value(field: &Field, is_on: bool) -> Option<&'static str> {
    match (field, is_on) {
        (Field::Read, true) => Some("read"),
        (Field::Read, false) => Some("unread"),
        (Field::Starred, true) => Some("saved"),
        (Field::Starred, false) => Some("unsaved"),
        (Field::Label(_), _) => None,
    }
}

/// Sets or removes a mark of one article, by a word of [`mark_value`].
pub fn mark(value: &str, id: &ServiceId, key: &str) -> ApiRequest {
    ask("", key, &[("mark", "item"), ("as", value), ("id", id.as_str())])
}

/// Reads any answer.
fn answer(bytes: &[u8]) -> Result<Value, NotAnAnswer> {
    let answer = json(bytes)?;
    match number(&answer, "auth") {
        Some(1) => Ok(answer),
        Some(_) => Err(NotAnAnswer::Denied),
        None => Err(NotAnAnswer::Other),
    }
}

/// Reads an answer to a request that changes something.
pub fn accepted(bytes: &[u8]) -> Result<(), NotAnAnswer> {
    answer(bytes).map(drop)
}

/// Reads an answer to [`feeds`].
pub fn feeds_of(bytes: &[u8]) -> Result<Vec<ServiceFeed>, NotAnAnswer> {
    let answer = answer(bytes)?;
    let names: HashMap<String, &str> = list(&answer, "groups")?
        .iter()
        .filter_map(|group| Some((text_or_number(group, "id")?, text(group, "title"))))
        .collect();
    let mut folders: HashMap<String, Vec<UntrustedText>> = HashMap::new();
    for row in list(&answer, "feeds_groups").unwrap_or_default() {
        let Some(name) = text_or_number(row, "group_id").and_then(|id| names.get(&id).copied()) else { continue };
        for feed in text_or_number(row, "feed_ids").unwrap_or_default().split(',') {
            folders.entry(feed.trim().to_owned()).or_default().push(title(name));
        }
    }
    let feeds = list(&answer, "feeds")?.iter().filter_map(|feed| {
        let id = text_or_number(feed, "id")?;
        Some(ServiceFeed {
            title: title(text(feed, "title")),
            address: UntrustedText::new(text(feed, "url")),
            folders: folders.remove(&id).unwrap_or_default(),
            id,
        })
    });
    Ok(feeds.collect())
}

/// Reads an answer to [`listing`].
pub fn listing_of(bytes: &[u8]) -> Result<Listing, NotAnAnswer> {
    let answer = answer(bytes)?;
    let (unread, starred) = (ids_of(&answer, "unread_item_ids")?, ids_of(&answer, "saved_item_ids")?);
    Ok(Listing { unread, starred, ..Listing::default() })
}

/// A list of ids, separated by commas. An id that cannot be read is an error: without it, the list is not complete.
fn ids_of(answer: &Value, name: &str) -> Result<HashSet<ServiceId>, NotAnAnswer> {
    let ids = text_or_number(answer, name).ok_or(NotAnAnswer::Other)?;
    let ids = ids.split(',').map(str::trim).filter(|id| !id.is_empty());
    ids.map(|id| ServiceId::parse(id).ok_or(NotAnAnswer::Other)).collect()
}

/// Reads an answer to [`items`].
pub fn items_of(bytes: &[u8]) -> Result<ServiceItems, NotAnAnswer> {
    let answer = answer(bytes)?;
    answers::items(&answer, ITEMS_AT_ONCE, |one, id| {
        let feed = text_or_number(one, "feed_id").unwrap_or_default();
        let is = |name: &str| number(one, name) == Some(1);
        let item = item_of(one, &id);
        let (is_read, is_starred) = (is("is_read"), is("is_saved"));
        (ItemState { id, feed, is_read, is_starred, labels: Vec::new() }, item)
    })
}

fn item_of(one: &Value, id: &ServiceId) -> Item {
    let link = Some(text(one, "url")).filter(|url| !url.is_empty());
    let base = link.and_then(|link| Url::parse(link).ok());
    Item {
        guid: Some(UntrustedText::new(id.as_str())),
        title: title(text(one, "title")),
        link: link.map(UntrustedText::new),
        published: answers::date(number(one, "created_on_time")),
        authors: answers::authors(text(one, "author")),
        content: Some(text(one, "html")).filter(|html| !html.trim().is_empty()).map(|html| Content {
            text: UntrustedText::new(html),
            kind: ContentKind::Html,
            base,
        }),
        line: 1,
        ..Item::default()
    }
}
