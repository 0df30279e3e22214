//! Hashes of items, by which a changed item is recognised.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::visible_text::{VisibleTexts, without_query, without_tracking};
use crate::channel::{Enclosure, Image, Item, Person};
use crate::feed::UntrustedText;

/// Length of a hash in bytes.
const BYTES: usize = 32;

/// SHA-256 over what an item shows, printed as 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ItemHash([u8; BYTES]);

/// The hash of an item: of what a reader of its article calls a change. Not part of it are white space and markup, the guid, the
/// place in the document, and what many sites change at every request: the dates, tokens in the addresses of images and files, the
/// size of files, and tracking parameters. A date that appears or vanishes does count.
///
/// The state stores these hashes, so a change to this function makes every known item a changed one.
pub fn item_hash(item: &Item, texts: &VisibleTexts) -> ItemHash {
    let Item {
        guid: _,
        title,
        link,
        published,
        updated,
        authors,
        topics,
        summary: _,
        content: _,
        images,
        enclosures,
        comments,
        links,
        source,
        line: _,
    } = item;
    let mut hash = Hash(Sha256::new());
    hash.text(title);
    hash.option(link.as_ref(), Hash::link);
    hash.number(u64::from(published.or(*updated).is_some()));
    hash.list(authors, |hash, Person { name, email, url: _ }| {
        hash.text(name);
        hash.option(email.as_ref(), Hash::text);
    });
    hash.list(topics, Hash::text);
    hash.option(texts.summary.as_deref(), Hash::words);
    hash.option(texts.content.as_deref(), Hash::words);
    hash.list(images, |hash, Image { url, title, size: _ }| {
        hash.words(without_query(url.untrusted()));
        hash.text(title);
    });
    hash.list(enclosures, |hash, Enclosure { url, media_type, length: _, duration }| {
        hash.words(without_query(url.untrusted()));
        hash.option(media_type.as_ref(), Hash::text);
        hash.option(duration.as_ref(), |hash, duration| hash.number(u64::from(*duration)));
    });
    hash.option(comments.as_ref(), Hash::link);
    hash.list(links, |hash, link| {
        hash.words(link.name);
        hash.link(&link.url);
    });
    hash.option(source.as_ref(), |hash, source| hash.text(&source.title));
    ItemHash(hash.0.finalize().into())
}

/// Values as bytes, each with its length or its presence, so that different items never give the same bytes.
struct Hash(Sha256);

impl Hash {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn text(&mut self, text: &UntrustedText) {
        self.words(text.untrusted());
    }

    /// Each word ends with a line feed, which no word has, and the text with another one.
    fn words(&mut self, text: &str) {
        for word in text.split_whitespace() {
            self.0.update(word);
            self.0.update("\n");
        }
        self.0.update("\n");
    }

    fn link(&mut self, link: &UntrustedText) {
        self.words(&without_tracking(link.untrusted()));
    }

    fn option<T: ?Sized>(&mut self, value: Option<&T>, add: impl FnOnce(&mut Hash, &T)) {
        self.number(u64::from(value.is_some()));
        if let Some(value) = value {
            add(self, value);
        }
    }

    fn list<T>(&mut self, values: &[T], mut add: impl FnMut(&mut Hash, &T)) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| add(self, value));
    }
}

impl fmt::Display for ItemHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Text that is not 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hash of 64 hex digits")]
pub struct NotAnItemHash;

impl From<ItemHash> for String {
    fn from(hash: ItemHash) -> String {
        hash.to_string()
    }
}

impl TryFrom<String> for ItemHash {
    type Error = NotAnItemHash;

    fn try_from(text: String) -> Result<ItemHash, NotAnItemHash> {
        text.parse()
    }
}

impl FromStr for ItemHash {
    type Err = NotAnItemHash;

    fn from_str(text: &str) -> Result<ItemHash, NotAnItemHash> {
        let mut hash = [0; BYTES];
        if text.len() != 2 * BYTES || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAnItemHash);
        }
        for (byte, at) in hash.iter_mut().zip((0..text.len()).step_by(2)) {
            let digits = text.get(at..at + 2).ok_or(NotAnItemHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotAnItemHash)?;
        }
        Ok(ItemHash(hash))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::channel::{Content, ContentKind, NamedLink, Source};

    fn hash_of(item: &Item) -> ItemHash {
        item_hash(item, &VisibleTexts::of(item))
    }

    fn text(text: &str) -> UntrustedText {
        UntrustedText::new(text)
    }

    fn html(of: &str) -> Content {
        Content { text: text(of), kind: ContentKind::Html, base: None }
    }

    fn image(url: &str) -> Image {
        Image { url: text(url), title: text(""), size: None }
    }

    fn enclosure(url: &str) -> Enclosure {
        Enclosure { url: text(url), media_type: None, length: None, duration: None }
    }

    fn item() -> Item {
        Item {
            guid: Some(text("1")),
            title: text("A title"),
            link: Some(text("https://example.org/1")),
            published: "2026-11-29".parse().ok(),
            summary: Some(html("a summary")),
            content: Some(html("<p>one two</p>\n<p>three <img src=https://example.org/i.png?token=1></p>")),
            topics: vec![text("a"), text("b")],
            images: vec![image("https://example.org/i?token=1")],
            enclosures: vec![enclosure("https://example.org/e.mp3?token=1")],
            line: 7,
            ..Item::default()
        }
    }

    #[test]
    fn what_sites_change_at_every_request_does_not_count() {
        let changes: [&dyn Fn(&mut Item); 10] = [
            &|item| item.guid = Some(text("2")),
            &|item| item.title = text(" A\n title "),
            &|item| item.line = 8,
            &|item| item.updated = "2026-11-30".parse().ok(),
            &|item| item.published = "2026-11-30T10:00:00Z".parse().ok(),
            &|item| item.link = Some(text("http://example.org/1/?utm_source=x")),
            &|item| item.images = vec![Image { size: Some((1, 2)), ..image("http://example.org/i?token=2") }],
            &|item| item.enclosures = vec![Enclosure { length: Some(1), ..enclosure("https://example.org/e.mp3") }],
            &|item| item.content = Some(html("<p>one\r\n  two</p><p>three<img src=http://example.org/i.png></p>\n")),
            &|item| item.content.as_mut().expect("content").base = "https://example.org".parse().ok(),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut other = item();
            change(&mut other);
            assert_eq!(hash_of(&item()), hash_of(&other), "{number}");
        }
    }

    #[test]
    fn every_other_change_counts() {
        let changes: [&dyn Fn(&mut Item); 21] = [
            &|_| {},
            &|item| item.title = text("Atitle"),
            &|item| item.title = text(""),
            &|item| item.link = None,
            &|item| item.link = Some(text("https://example.org/1?id=2")),
            &|item| item.published = None,
            &|item| item.authors = vec![Person::default()],
            &|item| item.authors = vec![Person { email: Some(text("")), ..Person::default() }],
            &|item| item.topics = vec![text("a b")],
            &|item| item.topics = vec![text("b"), text("a")],
            &|item| item.summary = None,
            &|item| item.content = item.summary.take(),
            &|item| item.content = Some(html("<p>one two</p>\n<p>four <img src=https://example.org/i.png></p>")),
            &|item| item.content = Some(html("<p>one two</p>\n<p>three <img src=https://example.org/j.png></p>")),
            &|item| item.images = vec![image("https://example.org/j")],
            &|item| item.images = Vec::new(),
            &|item| item.enclosures = vec![enclosure("https://example.org/f.mp3")],
            &|item| item.enclosures.iter_mut().for_each(|file| file.duration = Some(1)),
            &|item| item.comments = Some(text("")),
            &|item| item.links = vec![NamedLink { name: "Chapters", url: text("") }],
            &|item| item.source = Some(Source::default()),
        ];
        let hashes: HashSet<ItemHash> = changes
            .iter()
            .map(|change| {
                let mut item = item();
                change(&mut item);
                hash_of(&item)
            })
            .collect();
        assert_eq!(hashes.len(), changes.len());
    }

    #[test]
    fn a_hash_never_changes_and_is_read_back() {
        let hash = hash_of(&item());
        assert_eq!(hash.to_string(), "e6c8d1d08a3913a46c34a7bb6040dbc3c1e95f2ecca5751c22c64d0383b21dea");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for bad in ["", "0", &"g".repeat(64), &"0".repeat(63), &"é".repeat(32)] {
            assert_eq!(bad.parse::<ItemHash>(), Err(NotAnItemHash), "{bad}");
        }
    }
}
