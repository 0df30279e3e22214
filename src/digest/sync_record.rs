//! One line of the state of a subscription: a JSON object.

use serde_json::{Map, Value, json};

use super::fingerprint::{DAY, Fingerprint, IdSource};
use super::item_hash::ItemHash;
use super::item_id::ItemId;
use super::subscription_folder;
use crate::dates::{self, Date};

/// The format that this version writes.
pub const VERSION: u64 = 1;
/// Value of the key [`FORMAT`] in the first line.
const FORMAT_NAME: &str = "sync state";
const FORMAT: &str = "frontpage";

/// What is known of one item.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Name of its file in the folder of the subscription.
    pub name: String,
    /// SHA-256 of the bytes that we wrote, as hex digits. `None` if the state was lost and the file may have been edited.
    pub written: Option<String>,
    /// SHA-256 of bytes that were about to replace the file. If the program was stopped in that moment, the file has these bytes or
    /// the ones before, and both are ours. An item with this and without `written` may have no file yet.
    pub pending: Option<String>,
    /// Hash of the item that the file shows.
    pub item: Option<ItemHash>,
    /// What the item was recognised by when it was seen last.
    pub fingerprint: Fingerprint,
    /// Set if there is no file any more, and must never be again.
    pub gone: Option<Gone>,
    /// Keys that this version does not know.
    pub unknown: Map<String, Value>,
}

impl Entry {
    /// An item whose file is not proven to be ours.
    pub fn of_file(name: String) -> Entry {
        let (written, pending, item, gone) = (None, None, None, None);
        Entry { name, written, pending, item, fingerprint: Fingerprint::default(), gone, unknown: Map::new() }
    }

    /// When the article was published, in seconds since 1970. Items that have only a date of change are known by that date in the
    /// name of their file: as a property of the item it would change.
    pub fn published(&self) -> Option<i64> {
        let in_name = || dates::find_in_name(&self.name).filter(|(_, range)| range.start == 0);
        // The end of that day: an article is never removed too early.
        let end = |(date, _): (Date, _)| date.as_utc().timestamp().saturating_add(DAY - 1);
        self.fingerprint.published.or_else(|| in_name().map(end))
    }

    /// True if bytes with this hash were written by us: the user did not edit them.
    pub fn is_ours(&self, hash: &str) -> bool {
        [&self.written, &self.pending].into_iter().flatten().any(|ours| ours == hash)
    }

    /// True if the item has a file, unless the user deleted it meanwhile.
    pub fn has_file(&self) -> bool {
        self.gone.is_none() && (self.written.is_some() || self.pending.is_none())
    }
}

/// Why a known item has no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// The user deleted it.
    Deleted,
    /// It was removed because of its age or number (`keep`).
    Expired,
}

impl Gone {
    const ALL: [(Gone, &'static str); 2] = [(Gone::Deleted, "deleted"), (Gone::Expired, "expired")];
}

const SOURCES: [(IdSource, &str); 4] =
    [(IdSource::Guid, "guid"), (IdSource::Link, "link"), (IdSource::Text, "text"), (IdSource::Unknown, "unknown")];

/// A line that was read.
#[derive(Debug, PartialEq)]
pub enum Line {
    /// The first line, with the version of the format.
    Version(u64),
    /// An item.
    Item(ItemId, Box<Entry>),
    /// Values of the subscription, by their keys.
    Fields(Map<String, Value>),
}

/// The first line of a file.
pub fn version_line() -> String {
    json!({ FORMAT: FORMAT_NAME, "version": VERSION }).to_string()
}

/// Reads a line. `None` if it is damaged.
pub fn read(line: &[u8]) -> Option<Line> {
    let Ok(Value::Object(mut object)) = serde_json::from_slice(line) else { return None };
    if object.get(FORMAT).and_then(Value::as_str) == Some(FORMAT_NAME) {
        return object.get("version").and_then(Value::as_u64).map(Line::Version);
    }
    let Some(id) = object.shift_remove("id") else { return Some(Line::Fields(object)) };
    let id = ItemId::new(id.as_str()?);
    let mut text = |key: &str| match object.shift_remove(key) {
        Some(Value::String(text)) => Ok(Some(text)),
        None => Ok(None),
        Some(_) => Err(()),
    };
    let name = text("name").ok()??;
    // A path would lead out of the folder.
    if !subscription_folder::is_article_name(&name) {
        return None;
    }
    let written = text("written").ok()?.map(|hash| hash.to_ascii_lowercase());
    let pending = text("pending").ok()?.map(|hash| hash.to_ascii_lowercase());
    let item = text("item").ok()?.map(|hash| hash.parse()).transpose().ok()?;
    let gone = text("gone").ok()?.map(|word| find(&Gone::ALL, &word));
    let key = text("key").ok()?.map_or_else(|| id.shared().into(), String::into_boxed_str);
    let source = text("from").ok()?.and_then(|word| find(&SOURCES, &word)).unwrap_or_default();
    let mut hash = |key: &str| text(key).ok().flatten().and_then(|hash| u64::from_str_radix(&hash, 16).ok());
    let (link, title, text) = (hash("link"), hash("title"), hash("text"));
    let published = object.shift_remove("published").and_then(|seconds| seconds.as_i64());
    let fingerprint = Fingerprint { id: key, source, link, title, published, text };
    // A reason that this version does not know is one that keeps the file away all the same.
    let gone = gone.map(|gone| gone.unwrap_or(Gone::Deleted));
    Some(Line::Item(id, Box::new(Entry { name, written, pending, item, fingerprint, gone, unknown: object })))
}

fn find<T: Copy>(words: &[(T, &str)], word: &str) -> Option<T> {
    words.iter().find(|(_, name)| *name == word).map(|(value, _)| *value)
}

fn name_of<T: Copy + PartialEq>(words: &[(T, &'static str)], value: T) -> Option<&'static str> {
    words.iter().find(|(known, _)| *known == value).map(|(_, name)| *name)
}

/// The line of an item, without its end.
pub fn item_line(id: &ItemId, entry: &Entry) -> String {
    let mut object = Map::new();
    let mut put = |key: &str, value: Option<String>| {
        value.into_iter().for_each(|value| drop(object.insert(key.to_owned(), Value::String(value))));
    };
    let hex = |hash: Option<u64>| hash.map(|hash| format!("{hash:016x}"));
    let fingerprint = &entry.fingerprint;
    put("id", Some(id.as_str().to_owned()));
    put("name", Some(entry.name.clone()));
    put("written", entry.written.clone());
    put("pending", entry.pending.clone());
    put("item", entry.item.map(|hash| hash.to_string()));
    put("gone", entry.gone.and_then(|gone| name_of(&Gone::ALL, gone)).map(str::to_owned));
    put("key", Some(fingerprint.id.to_string()).filter(|key| key != id.shared()));
    put("from", name_of(&SOURCES, fingerprint.source).map(str::to_owned));
    put("link", hex(fingerprint.link));
    put("title", hex(fingerprint.title));
    put("text", hex(fingerprint.text));
    fingerprint.published.into_iter().for_each(|seconds| drop(object.insert("published".to_owned(), seconds.into())));
    object.extend(entry.unknown.iter().map(|(key, value)| (key.clone(), value.clone())));
    Value::Object(object).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_entry_is_read_as_it_was_written(
            id in "\\PC*", key in "\\PC*", hashes in any::<[Option<u64>; 3]>(), published in any::<Option<i64>>(),
            written in proptest::option::of("[0-9a-f]{64}"), pending in proptest::option::of("[0-9a-f]{64}"), gone in 0..3_usize, source in 0..4_usize, extra in any::<Option<bool>>(),
        ) {
            let [link, title, text] = hashes;
            let fingerprint = Fingerprint { id: key.into(), source: SOURCES[source].0, link, title, published, text };
            let item = written.as_ref().map(|hash| hash.parse().unwrap());
            let gone = Gone::ALL.get(gone).map(|(gone, _)| *gone);
            let unknown = extra.into_iter().map(|extra| ("extra".to_owned(), Value::Bool(extra))).collect();
            let entry = Entry { name: "a-b.md".to_owned(), written, pending, item, fingerprint, gone, unknown };
            let line = item_line(&ItemId::new(&id), &entry);
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(read(line.as_bytes()), Some(Line::Item(ItemId::new(&id), Box::new(entry))));
        }
    }

    #[test]
    fn damaged_lines_are_recognised() {
        for damaged in [
            "",
            "{",
            "[]",
            "\0\0\0\0",
            "{\"id\":1}",
            "{\"id\":\"a\"}",
            "{\"id\":\"a\",\"name\":\"../b.md\"}",
            "{\"id\":\"a\",\"name\":\"/b.md\"}",
            "{\"id\":\"a\",\"name\":\".b.md\"}",
            "{\"id\":\"a\",\"name\":\"b\"}",
            "{\"id\":\"a\",\"name\":\"b.md\",\"item\":\"xy\"}",
            "{\"id\":\"a\",\"name\":\"b.md\",\"written\":1}",
        ] {
            assert_eq!(read(damaged.as_bytes()), None, "{damaged}");
        }
        assert_eq!(read(version_line().as_bytes()), Some(Line::Version(VERSION)));
        assert!(matches!(read(b"{\"etag\":\"x\"}"), Some(Line::Fields(fields)) if fields["etag"] == "x"));
        let newer = read(b"{\"id\":\"a\",\"name\":\"b.md\",\"gone\":\"eaten\"}");
        assert!(matches!(newer, Some(Line::Item(_, entry)) if entry.gone == Some(Gone::Deleted)));
    }
}
