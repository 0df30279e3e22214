//! Everything that the article files of a channel need, made of its HTML, so that the process that writes the files parses none. A parsing
//! process hands it over; what comes from there is checked again when it is written.

use std::cmp::Reverse;
use std::io::{self, Write};

use serde::{Deserialize, Deserializer, Serialize};

use super::article_body::{Body, WholeBody};
use super::fingerprint::Fingerprint;
use super::item_hash::{ItemHash, item_hash};
use super::short_text;
use super::visible_text::VisibleTexts;
use crate::channel::{Channel, Format, Item, MAX_ITEMS, Repair, UpdateHints};
use crate::dates::Date;
use crate::feed::{SafeText, UntrustedText, clean};
use crate::frames;

/// Longest items as JSON, in bytes: half of a frame.
const MAX_JSON: usize = frames::MAX_BYTES / 2;
/// Longest text about the channel itself, in bytes.
const MAX_TEXT: usize = 1 << 16;
/// Repairs that are read from a frame; [`crate::channel::read`] reports about 100.
const MAX_REPAIRS: usize = 200;

/// A channel whose items are ready to be written as articles. As JSON it fits in a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparedChannel {
    /// See [`Channel::format`].
    pub format: Format,
    /// See [`Channel::title`].
    pub title: UntrustedText,
    /// See [`Channel::link`].
    pub link: Option<UntrustedText>,
    /// See [`Channel::description`].
    pub description: UntrustedText,
    /// See [`Channel::language`].
    pub language: Option<UntrustedText>,
    /// See [`Channel::updated`].
    pub updated: Option<Date>,
    /// See [`Channel::icon`].
    pub icon: Option<UntrustedText>,
    /// See [`Channel::hints`].
    pub hints: UpdateHints,
    /// The items, in the order of the document; at most [`MAX_ITEMS`].
    #[serde(deserialize_with = "items")]
    pub items: Vec<PreparedItem>,
    /// See [`Channel::is_partial`]. Also true if items are left out because the whole is too long.
    pub is_partial: bool,
    /// See [`Channel::repairs`].
    #[serde(deserialize_with = "repairs")]
    pub repairs: Vec<Repair>,
}

/// An item that is ready to be written as an article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparedItem {
    /// What the document says of it, without its texts (`summary` and `content` are `None`).
    pub item: Item,
    /// A title that is made from the text, if the document gives none.
    pub made_title: Option<UntrustedText>,
    /// The summary without markup, unless it is the body or the body begins with it.
    pub excerpt: Option<UntrustedText>,
    /// Its text.
    pub body: Option<Body>,
    /// The whole body without markup, if it was asked for.
    pub text: Option<UntrustedText>,
    /// What it is recognised by.
    pub fingerprint: Fingerprint,
    /// What its article shows.
    pub hash: ItemHash,
}

fn items<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PreparedItem>, D::Error> {
    frames::at_most::<MAX_ITEMS, PreparedItem, D>(from)
}

fn repairs<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Repair>, D::Error> {
    frames::at_most::<MAX_REPAIRS, Repair, D>(from)
}

/// Prepares the items of a channel: all work on HTML is done here. `with_text`: also the body of each item without markup, which
/// only a preview shows.
///
/// If the whole would not fit in a frame, the newest items are kept: older ones lose their text, and are left out if that is not
/// enough. A repair says so.
pub fn prepare(channel: Channel, with_text: bool) -> PreparedChannel {
    prepare_within(channel, with_text, MAX_JSON)
}

fn prepare_within(channel: Channel, with_text: bool, limit: usize) -> PreparedChannel {
    let Channel {
        format,
        title,
        link,
        description,
        language,
        updated,
        icon,
        hints,
        items,
        mut is_partial,
        mut repairs,
    } = channel;
    let mut order: Vec<usize> = (0..items.len()).collect();
    // As in `channel`: those without a date count as newer than those with one.
    let date = |item: &Item| item.published.or(item.updated).map(|date| Reverse(date.as_utc()));
    order.sort_by_cached_key(|at| items.get(*at).map(date));
    let mut given: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let mut prepared: Vec<Option<PreparedItem>> = given.iter().map(|_| None).collect();
    let (mut left, mut without_text, mut left_out) = (limit, Lost::default(), Lost::default());
    for at in order {
        let (Some(item), Some(place)) = (given.get_mut(at).and_then(Option::take), prepared.get_mut(at)) else {
            continue;
        };
        let line = item.line;
        let mut item = PreparedItem::new(item, with_text);
        let mut size = json_size(&item);
        if size > left && item.body.is_some() {
            item.drop_text();
            size = json_size(&item);
            if size <= left {
                without_text.add(line);
            }
        }
        match left.checked_sub(size) {
            Some(rest) => (left, *place) = (rest, Some(item)),
            None => left_out.add(line),
        }
    }
    is_partial |= left_out.count > 0;
    repairs.extend(without_text.repair(true));
    repairs.extend(left_out.repair(false));
    repairs.sort_by_key(|repair| repair.line);
    let short = |text: UntrustedText| match text.untrusted() {
        long if long.len() > MAX_TEXT => {
            UntrustedText::new(long.get(..long.floor_char_boundary(MAX_TEXT)).unwrap_or_default())
        }
        _ => text,
    };
    PreparedChannel {
        format,
        title: short(title),
        link: link.map(short),
        description: short(description),
        language: language.map(short),
        updated,
        icon: icon.map(short),
        hints,
        items: prepared.into_iter().flatten().collect(),
        is_partial,
        repairs,
    }
}

/// Items that were too long.
#[derive(Default)]
struct Lost {
    count: usize,
    /// The line of the first one.
    line: u32,
}

impl Lost {
    fn add(&mut self, line: u32) {
        self.line = if self.count == 0 { line } else { self.line.min(line) };
        self.count += 1;
    }

    /// A repair that reports them: that they, or their texts, are left out.
    fn repair(&self, are_texts: bool) -> Option<Repair> {
        let (items, are) = if self.count == 1 { ("item", "is") } else { ("items", "are") };
        let what = match are_texts {
            true => format!("the text of {} older {items} is left out", self.count),
            false => format!("{} older {items} {are} left out", self.count),
        };
        let what = clean::plain_line(&format!("{what}: the channel is too long"));
        (self.count > 0).then_some(Repair { line: self.line, what })
    }
}

impl PreparedItem {
    fn new(mut item: Item, with_text: bool) -> PreparedItem {
        let texts = VisibleTexts::of(&item);
        let (fingerprint, hash) = (Fingerprint::with_texts(&item, &texts), item_hash(&item, &texts));
        drop(texts);
        let (summary, content) = (item.summary.take(), item.content.take());
        let body = WholeBody::of(content.as_ref(), summary.as_ref());
        let untrusted = |text: SafeText| UntrustedText::new(text.as_str());
        PreparedItem {
            made_title: short_text::made_title(&item.title, body.as_ref()).map(untrusted),
            excerpt: short_text::excerpt(summary.as_ref(), body.as_ref()).map(untrusted),
            text: body.as_ref().filter(|_| with_text).map(|body| UntrustedText::new(body.content.to_text().trim())),
            body: body.as_ref().map(WholeBody::within_limit),
            item,
            fingerprint,
            hash,
        }
    }

    /// Removes the text. The file says that it is cut.
    fn drop_text(&mut self) {
        self.text = None;
        self.body = Some(Body { markdown: UntrustedText::default(), is_cut: true });
    }
}

/// The length of a value as JSON, in bytes.
fn json_size(value: &impl Serialize) -> usize {
    struct Count(usize);

    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.saturating_add(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Content, ContentKind, Document, read};

    fn channel(dates: &[Option<&str>], text: &str) -> Channel {
        let mut channel =
            read(&Document { bytes: b"<rss><channel><title>T</title></channel></rss>", ..Document::default() })
                .unwrap();
        let item = |(date, line): (&Option<&str>, u32)| Item {
            title: UntrustedText::new(date.unwrap_or("none")),
            published: date.and_then(|date| date.parse().ok()),
            content: Some(Content { text: UntrustedText::new(text), kind: ContentKind::Plain, base: None }),
            line,
            ..Item::default()
        };
        channel.items = dates.iter().zip(1..).map(item).collect();
        channel
    }

    #[test]
    fn the_newest_items_keep_their_text_if_there_is_too_much() {
        let dates = [Some("2021-02-01"), Some("2021-02-04"), None, Some("2021-02-03"), Some("2021-02-02")];
        let whole = channel(&dates, &"word ".repeat(1_000));
        let one = json_size(&prepare(whole.clone(), false).items[0]);
        // Room for three with their text, and for one without.
        let prepared = prepare_within(whole.clone(), false, 3 * one + 1_000);
        let found: Vec<(&str, bool)> = prepared
            .items
            .iter()
            .map(|item| (item.item.title.untrusted(), item.body.as_ref().is_some_and(|body| body.is_cut)))
            .collect();
        assert_eq!(found, [("2021-02-04", false), ("none", false), ("2021-02-03", false), ("2021-02-02", true)]);
        assert!(prepared.is_partial);
        let repairs: Vec<(u32, &str)> =
            prepared.repairs.iter().map(|repair| (repair.line, repair.what.as_str())).collect();
        let [left_out, cut] = [
            "1 older item is left out: the channel is too long",
            "the text of 1 older item is left out: the channel is too long",
        ];
        assert_eq!(repairs, [(1, left_out), (5, cut)]);
        let hashes = |channel: &PreparedChannel| channel.items.iter().map(|item| item.hash).collect::<Vec<ItemHash>>();
        assert_eq!(hashes(&prepared), hashes(&prepare(whole, false))[1..]);
        let enough = prepare_within(channel(&dates, "short"), true, MAX_JSON);
        assert!(!enough.is_partial && enough.repairs.is_empty() && enough.items.iter().all(|item| item.text.is_some()));
    }

    #[test]
    fn texts_of_the_channel_are_cut() {
        let mut long = channel(&[], "");
        long.description = UntrustedText::new(&"é".repeat(MAX_TEXT));
        assert_eq!(prepare(long, false).description.untrusted().len(), MAX_TEXT);
    }
}
