//! What an item is recognised by: the id that the document gives it, and hashes of its link, title and text.

use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use super::item_id::{ItemId, hash_of};
use super::visible_text::VisibleTexts;
use crate::channel::Item;
use crate::dates::Date;
use crate::feed::{self, UntrustedText, stable_hashes};

/// Longer ids are hashed, in bytes: an id of 1 MB would be in every file and in the state.
const MAX_ID: usize = 256;
/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

/// What an item is recognised by. The hashes are kept in the state, so they must never change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The id that the document gives the item, in the form in which equal ids are equal: the guid, else the link, else a hash of
    /// title, day and text. Items of one document may share it.
    #[serde(deserialize_with = "short_id")]
    pub id: Box<str>,
    /// What the id was made from.
    pub source: IdSource,
    /// Hash of the link.
    pub link: Option<u64>,
    /// Hash of the folded title.
    pub title: Option<u64>,
    /// When it was published, in seconds since 1970; a time without zone counts as UTC.
    pub published: Option<i64>,
    /// Hash of the visible text. `None` also if it is unknown.
    pub text: Option<u64>,
}

/// What the id of a [`Fingerprint`] was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum IdSource {
    /// The guid, `atom:id`, `rdf:about` or `id` of the item.
    Guid,
    /// The link.
    Link,
    /// Title, day and text, since the item has neither.
    Text,
    /// Not known: the state was lost.
    #[default]
    Unknown,
}

impl Fingerprint {
    /// The fingerprint of an item.
    pub fn of(item: &Item) -> Fingerprint {
        Fingerprint::with_texts(item, &VisibleTexts::of(item))
    }

    /// The fingerprint of an item with these texts.
    pub(super) fn with_texts(item: &Item, texts: &VisibleTexts) -> Fingerprint {
        let filled = |text: &Option<UntrustedText>| text.as_ref().filter(|text| !text.is_blank()).cloned();
        let (guid, link) = (filled(&item.guid), filled(&item.link));
        let title = item.title.untrusted().trim();
        let title = (!title.is_empty()).then(|| stable_hashes::of_folded_title(title));
        let text = texts.body().map(short_hash);
        let published = item.published.map(seconds);
        let (id, source) = match (&guid, &link) {
            (Some(guid), _) => (canonical_id(guid.untrusted()), IdSource::Guid),
            (None, Some(link)) => (canonical_id(link.untrusted()), IdSource::Link),
            (None, None) => (id_of_text(title, published, text), IdSource::Text),
        };
        let link = link.map(|link| hash_of_link(link.untrusted()));
        Fingerprint { id: id.into(), source, link, title, published, text }
    }

    /// What can be known of an item from its article file.
    pub fn of_file(id: &ItemId, link: Option<&str>, title: Option<&str>, published: Option<Date>) -> Fingerprint {
        let title = title.filter(|title| !title.is_empty()).map(stable_hashes::of_folded_title);
        let (link, published) = (link.map(hash_of_link), published.map(seconds));
        Fingerprint { id: id.shared().into(), source: IdSource::Unknown, link, title, published, text: None }
    }

    /// The day of publication in UTC, counted from 1970.
    pub fn day(&self) -> Option<i64> {
        self.published.map(|seconds| seconds.div_euclid(DAY))
    }

    /// The time of publication, if the document gives a time of day. Midnight counts as a day without time.
    pub fn exact_time(&self) -> Option<i64> {
        self.published.filter(|seconds| seconds.rem_euclid(DAY) != 0)
    }
}

/// The time of a date as a fingerprint has it.
fn seconds(date: Date) -> i64 {
    date.as_utc().timestamp()
}

/// The hash of a link. `http` and `https` do not differ, nor do tracking parameters, nor does a slash at the end.
pub fn hash_of_link(link: &str) -> u64 {
    short_hash(&canonical_address(link).unwrap_or_else(|| link.trim().to_owned()))
}

/// An id as it is compared: without white space around it, and if it is an address, with `https`, without tracking parameters and
/// without a slash at the end. Sites that move to https, or count visitors in another way, issue all their guids again, and their
/// articles are not new.
fn canonical_id(id: &str) -> String {
    let id = canonical_address(id).unwrap_or_else(|| id.trim().to_owned());
    shortened(id)
}

fn shortened(id: String) -> String {
    if id.len() > MAX_ID { format!("sha256:{}", hash_of(&[&id])) } else { id }
}

/// Reads an id that another process sent, which may be longer than ours are.
fn short_id<'de, D: Deserializer<'de>>(from: D) -> Result<Box<str>, D::Error> {
    Ok(shortened(String::deserialize(from)?).into())
}

fn canonical_address(address: &str) -> Option<String> {
    let address = address.trim();
    let is_web = |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if !is_web("http://") && !is_web("https://") {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let port = url.port().filter(|port| ![80, 443].contains(port)).map(|port| format!(":{port}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    let query = url.query().map(feed::link::without_tracking).filter(|query| !query.is_empty());
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    Some(format!("https://{}{port}{path}{query}{fragment}", url.host_str()?))
}

fn id_of_text(title: Option<u64>, published: Option<i64>, text: Option<u64>) -> String {
    let day =
        published.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).map(|time| time.date_naive().to_string());
    let hex = |hash: Option<u64>| hash.map(|hash| format!("{hash:016x}")).unwrap_or_default();
    format!("item:{}", hash_of(&[&hex(title), &day.unwrap_or_default(), &hex(text)]))
}

fn short_hash(text: &str) -> u64 {
    let hash = hash_of(&[text]);
    hash.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(guid: &str, link: &str) -> String {
        let text = |text: &str| Some(UntrustedText::new(text));
        Fingerprint::of(&Item { guid: text(guid), link: text(link), ..Item::default() }).id.into()
    }

    #[test]
    fn an_id_is_the_guid_else_the_link() {
        let rows = [
            (" tag:e.org,2026:1\n", "https://e.org/1", "tag:e.org,2026:1"),
            ("", "http://E.org:80/1/", "https://e.org/1"),
            ("http://e.org/1", "", "https://e.org/1"),
            ("https://e.org/1/", "", "https://e.org/1"),
            ("https://e.org:443/?p=1#2", "", "https://e.org?p=1#2"),
            ("http://e.org:8080/A/", "", "https://e.org:8080/A"),
            ("", "https://e.org/a/?utm_source=x&id=3&fbclid=y#c", "https://e.org/a?id=3#c"),
            ("https://e.org/a?utm_source=x", "", "https://e.org/a"),
            ("HTTP://e.org/a b", "", "https://e.org/a%20b"),
            ("http://", "", "http://"),
            ("é/", "", "é/"),
            (" \n", "\t", "item:"),
        ];
        for (guid, link, expected) in rows {
            let id = id(guid, link);
            assert!(if expected == "item:" { id.starts_with(expected) } else { id == expected }, "{guid}: {id}");
        }
    }

    #[test]
    fn an_id_is_never_long() {
        let (long, other) = (id(&"é".repeat(1 << 19), ""), id(&"é".repeat((1 << 19) + 1), ""));
        assert!(long.len() < MAX_ID && long != other);
        assert!(id(&format!("https://e.org/{}", "é".repeat(200)), "").len() < MAX_ID);
    }
}
