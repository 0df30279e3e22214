//! Hashes of items, by which a changed item is recognised.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::channel::{Content, ContentKind, Image, Item, Person, Source};
use crate::dates::Date;
use crate::feed::UntrustedText;

/// Length of a hash in bytes.
const BYTES: usize = 32;

/// SHA-256 over what an item says, printed as 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemHash([u8; BYTES]);

/// The hash of an item: of everything that its article shows. Not part of it are runs of white space, the guid, the place in the
/// document, and the base of relative addresses: a site that moves to another address has not changed its items.
///
/// The state stores these hashes, so a change to this function makes every known item a changed one.
pub fn item_hash(item: &Item) -> ItemHash {
    let Item {
        guid: _,
        title,
        link,
        published,
        updated,
        authors,
        topics,
        summary,
        content,
        images,
        enclosures,
        comments,
        links,
        source,
        line: _,
    } = item;
    let mut hash = Hash(Sha256::new());
    hash.text(title);
    hash.option(link.as_ref(), Hash::text);
    hash.option(published.as_ref(), Hash::date);
    hash.option(updated.as_ref(), Hash::date);
    hash.list(authors, |hash, Person { name, email, url }| {
        hash.text(name);
        hash.option(email.as_ref(), Hash::text);
        hash.option(url.as_ref(), Hash::text);
    });
    hash.list(topics, Hash::text);
    hash.option(summary.as_ref(), Hash::content);
    hash.option(content.as_ref(), Hash::content);
    hash.list(images, |hash, Image { url, title, size }| {
        hash.text(url);
        hash.text(title);
        hash.option(size.as_ref(), |hash, (width, height)| {
            hash.number(u64::from(*width));
            hash.number(u64::from(*height));
        });
    });
    hash.list(enclosures, |hash, enclosure| {
        hash.text(&enclosure.url);
        hash.option(enclosure.media_type.as_ref(), Hash::text);
        hash.option(enclosure.length.as_ref(), |hash, length| hash.number(*length));
        hash.option(enclosure.duration.as_ref(), |hash, duration| hash.number(u64::from(*duration)));
    });
    hash.option(comments.as_ref(), Hash::text);
    hash.list(links, |hash, link| {
        hash.words(link.name);
        hash.text(&link.url);
    });
    hash.option(source.as_ref(), |hash, Source { title, link }| {
        hash.text(title);
        hash.option(link.as_ref(), Hash::text);
    });
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

    /// Each word ends with a line feed, which no word has, and the text with another one. `http` in addresses counts as `https`: a
    /// site that moves there has not changed its items.
    fn words(&mut self, text: &str) {
        for word in text.split_whitespace() {
            self.0.update(word.replace("http://", "https://"));
            self.0.update("\n");
        }
        self.0.update("\n");
    }

    fn date(&mut self, date: &Date) {
        let (seconds, nanos) = date.to_numbers();
        self.0.update(seconds.to_le_bytes());
        self.0.update(nanos.to_le_bytes());
    }

    fn content(&mut self, content: &Content) {
        let Content { text, kind, base: _ } = content;
        self.number(match kind {
            ContentKind::Html => 0,
            ContentKind::Plain => 1,
        });
        self.text(text);
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
    use crate::channel::{Enclosure, NamedLink};

    fn text(text: &str) -> UntrustedText {
        UntrustedText::new(text)
    }

    fn item() -> Item {
        let content = |of| Content { text: text(of), kind: ContentKind::Html, base: None };
        Item {
            guid: Some(text("1")),
            title: text("A title"),
            summary: Some(content("a summary")),
            content: Some(content("<p>one two</p>\n<p>three</p>")),
            topics: vec![text("a"), text("b")],
            line: 7,
            ..Item::default()
        }
    }

    #[test]
    fn white_space_guid_base_and_line_do_not_count() {
        let mut other = item();
        other.guid = Some(text("2"));
        other.title = text(" A\n title ");
        other.line = 8;
        let content = other.content.as_mut().expect("content");
        content.text = text("<p>one\r\n  two</p> <p>three</p>\n");
        content.base = "https://example.org".parse().ok();
        assert_eq!(item_hash(&item()), item_hash(&other));
    }

    #[test]
    fn every_other_change_counts() {
        let date = || "2026-11-29".parse().ok();
        let changes: [&dyn Fn(&mut Item); 21] = [
            &|_| {},
            &|item| item.title = text("Atitle"),
            &|item| item.title = text(""),
            &|item| item.link = Some(text("")),
            &|item| item.published = date(),
            &|item| item.updated = date(),
            &|item| item.published = "2026-11-29T00:00:00Z".parse().ok(),
            &|item| item.authors = vec![Person::default()],
            &|item| item.authors = vec![Person { email: Some(text("")), ..Person::default() }],
            &|item| item.topics = vec![text("a b")],
            &|item| item.topics = vec![text("b"), text("a")],
            &|item| item.summary = None,
            &|item| item.content = item.summary.take(),
            &|item| item.content.as_mut().expect("content").kind = ContentKind::Plain,
            &|item| item.images = vec![Image { url: text(""), title: text(""), size: None }],
            &|item| item.images = vec![Image { url: text(""), title: text(""), size: Some((1, 2)) }],
            &|item| {
                item.enclosures = vec![Enclosure { url: text(""), media_type: None, length: Some(1), duration: None }];
            },
            &|item| {
                item.enclosures = vec![Enclosure { url: text(""), media_type: None, length: None, duration: Some(1) }];
            },
            &|item| item.comments = Some(text("")),
            &|item| item.links = vec![NamedLink { name: "Chapters", url: text("") }],
            &|item| item.source = Some(Source::default()),
        ];
        let hashes: HashSet<ItemHash> = changes
            .iter()
            .map(|change| {
                let mut item = item();
                change(&mut item);
                item_hash(&item)
            })
            .collect();
        assert_eq!(hashes.len(), changes.len());
    }

    #[test]
    fn a_hash_never_changes_and_is_read_back() {
        let hash = item_hash(&item());
        assert_eq!(hash.to_string(), "d48780262dd0e944e4126e7a6357779b84690d905d60cc95627dcdd260faef72");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for bad in ["", "0", &"g".repeat(64), &"0".repeat(63), &"é".repeat(32)] {
            assert_eq!(bad.parse::<ItemHash>(), Err(NotAnItemHash), "{bad}");
        }
    }
}
