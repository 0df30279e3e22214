//! Channels: documents that sites publish (RSS, RDF, Atom, JSON Feed), read from bytes into [`Channel`] and [`Item`].
//!
//! Texts are [`UntrustedText`]: they are as the document has them, and only cleaning makes them fit to show.

mod addresses;
mod capture;
mod draft;
mod fields;
mod item_parts;
mod json_feed;
mod json_object;
mod json_text;
mod newest_items;
mod people;
mod repairs;
#[cfg(test)]
mod tests;
mod text_kind;
mod update_hints;
mod vocabularies;
pub(crate) mod wire;
mod xml_document;

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

pub use update_hints::UpdateHints;
use xml_document::XmlDocument;

use crate::dates::Date;
use crate::feed::{SafeText, UntrustedText, clean};
use crate::{html, xml};

/// Items that are read from one channel at most: the newest ones. Real channels have up to 200; 50,000 would be 50,000 files.
pub const MAX_ITEMS: usize = 1_000;

/// A document as it arrived, and what is known about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Document<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The value of the header `Content-Type`, which may name an encoding.
    pub content_type: Option<&'a str>,
    /// The value of the header `Content-Language`: the language of a channel that names none itself.
    pub content_language: Option<&'a str>,
    /// The address that the document came from. Relative addresses are resolved against it.
    pub base: Option<&'a Url>,
}

/// The format of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// RSS 0.9x to 2.0, of any version; and CDF, a format of 1997, which is read by the same rules.
    Rss,
    /// RSS 0.90, 1.0 and 1.1, which are RDF.
    Rdf,
    /// Atom 0.3 and 1.0.
    Atom,
    /// JSON Feed 1 and 1.1.
    JsonFeed,
}

/// A channel: what a document says about itself, and its items.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// The format of the document.
    pub format: Format,
    /// Title, without markup; may be empty.
    pub title: UntrustedText,
    /// Absolute address of the site.
    pub link: Option<UntrustedText>,
    /// What the channel is about, without markup; may be empty.
    pub description: UntrustedText,
    /// Language tag, such as `en-GB`.
    pub language: Option<UntrustedText>,
    /// When the channel last changed.
    pub updated: Option<Date>,
    /// Absolute address of a picture that represents the channel.
    pub icon: Option<UntrustedText>,
    /// How often it changes, in its own words.
    pub hints: UpdateHints,
    /// The items, in the order of the document; at most [`MAX_ITEMS`].
    pub items: Vec<Item>,
    /// True if the document had, or may have had, more items than were read: it ends too early, or has more than
    /// [`MAX_ITEMS`]. An item that is missing here may still be in the channel.
    pub is_partial: bool,
    /// What was wrong with the document and how it was read all the same, in the order of the lines.
    pub repairs: Vec<Repair>,
}

/// An item of a channel: what becomes an article. Between processes it is without its texts, which the prepared item has as Markdown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The id as given: `guid`, `atom:id`, `rdf:about` or the `id` of JSON Feed.
    pub guid: Option<UntrustedText>,
    /// Title, without markup; may be empty.
    pub title: UntrustedText,
    /// Absolute address of the original: `feedburner:origLink`, else the link, else a guid that is an address.
    pub link: Option<UntrustedText>,
    /// When it was published.
    pub published: Option<Date>,
    /// When it last changed, if the document says so.
    pub updated: Option<Date>,
    /// Who wrote it.
    #[serde(deserialize_with = "wire::parts")]
    pub authors: Vec<Person>,
    /// Categories, in the order of the document, without duplicates.
    #[serde(deserialize_with = "wire::parts")]
    pub topics: Vec<UntrustedText>,
    /// A short text about it.
    #[serde(skip)]
    pub summary: Option<Content>,
    /// The whole text, if the document has it besides or in place of the summary.
    #[serde(skip)]
    pub content: Option<Content>,
    /// Pictures of media extensions, enclosures and the like, not those in the content.
    #[serde(deserialize_with = "wire::parts")]
    pub images: Vec<Image>,
    /// Files: podcasts, videos, attachments.
    #[serde(deserialize_with = "wire::parts")]
    pub enclosures: Vec<Enclosure>,
    /// Absolute address of the comments.
    pub comments: Option<UntrustedText>,
    /// Further links, such as chapters and transcripts of a podcast.
    #[serde(deserialize_with = "wire::parts")]
    pub links: Vec<NamedLink>,
    /// The channel that it was taken from, if the document collects items of several (`atom:source`, `source`).
    pub source: Option<Source>,
    /// Line of the document where it begins, from 1.
    pub line: u32,
}

/// A text of an item, with what is needed to read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The text.
    pub text: UntrustedText,
    /// What the text is.
    pub kind: ContentKind,
    /// Base of relative addresses in it: `xml:base`, else the link of the channel, else the address of the document.
    pub base: Option<Url>,
}

/// What a text of an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentKind {
    /// HTML, or XHTML written as such.
    Html,
    /// Plain text.
    Plain,
}

impl Content {
    /// The text as Markdown without raw HTML. It has no hidden characters: cleaning it again creates no markup.
    pub fn to_markdown(&self) -> String {
        match self.kind {
            ContentKind::Html => {
                html::to_markdown_with(self.text.untrusted(), self.base.as_ref(), clean::text_in_parts)
            }
            ContentKind::Plain => html::plain_to_markdown(&clean::text_in_parts(self.text.untrusted())),
        }
    }

    /// The text without markup.
    pub fn to_text(&self) -> String {
        match self.kind {
            ContentKind::Html => html::to_text(self.text.untrusted()),
            ContentKind::Plain => self.text.untrusted().to_owned(),
        }
    }
}

impl Item {
    /// The text that becomes the body of the article: the content, else the summary.
    pub fn body(&self) -> Option<&Content> {
        self.content.as_ref().or(self.summary.as_ref())
    }
}

/// A person as a channel names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name; may be empty.
    pub name: UntrustedText,
    /// E-mail address.
    pub email: Option<UntrustedText>,
    /// Absolute address of a page.
    pub url: Option<UntrustedText>,
}

/// A picture of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Absolute address.
    pub url: UntrustedText,
    /// Caption; may be empty.
    pub title: UntrustedText,
    /// Width and height in pixels, if given.
    pub size: Option<(u32, u32)>,
}

/// A file that belongs to an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Absolute address.
    pub url: UntrustedText,
    /// Media type, such as `audio/mpeg`.
    pub media_type: Option<UntrustedText>,
    /// Size in bytes.
    pub length: Option<u64>,
    /// Duration in seconds.
    pub duration: Option<u32>,
}

/// A further link of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedLink {
    /// What it leads to: one of [`NamedLink::NAMES`].
    pub name: &'static str,
    /// Absolute address.
    pub url: UntrustedText,
}

impl NamedLink {
    /// All names.
    pub const NAMES: [&str; 6] = ["Chapters", "Transcript", "In reply to", "Linked page", "Related", "Via"];
}

/// The channel that an item was taken from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Title; may be empty.
    pub title: UntrustedText,
    /// Absolute address of the site or the channel.
    pub link: Option<UntrustedText>,
}

/// Something wrong with a document that was read all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// Line of the document, from 1.
    pub line: u32,
    /// What was wrong, and how it was read, in words of the program.
    #[serde(with = "wire::words")]
    pub what: SafeText,
}

/// Why a document is not a channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NotAChannel {
    /// The document is empty.
    Empty,
    /// It is a web page.
    Page(#[serde(with = "wire::page")] html::Page),
    /// It is a list of subscriptions (OPML).
    Opml,
    /// It is something else.
    Other {
        /// What it looks like, in words of the program.
        #[serde(with = "wire::words")]
        looks_like: SafeText,
    },
}

impl fmt::Display for NotAChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAChannel::Empty => f.write_str("the document is empty"),
            NotAChannel::Page(page) if page.asks_for_password => f.write_str("this is a login page, not a channel"),
            NotAChannel::Page(_) => f.write_str("this is a web page, not a channel"),
            NotAChannel::Opml => f.write_str("this is a list of subscriptions (OPML), not a channel"),
            NotAChannel::Other { looks_like } => write!(f, "this is not a channel, but {looks_like}"),
        }
    }
}

impl std::error::Error for NotAChannel {}

/// Reads a channel. What is missing is not an error, and what is damaged is repaired and reported in [`Channel::repairs`].
pub fn read(document: &Document) -> Result<Channel, NotAChannel> {
    let decoded = xml::decode(document.bytes, document.content_type);
    let text = decoded.text.as_ref();
    match text.trim_start().chars().next() {
        None => return Err(NotAChannel::Empty),
        Some('{' | '[') => return json_feed::read(text, document, decoded.damages),
        Some(_) => {}
    }
    match xml_document::read(text, document, decoded.damages) {
        XmlDocument::Channel(channel) => Ok(*channel),
        XmlDocument::Opml => Err(NotAChannel::Opml),
        XmlDocument::Other(root) => match html::page(text, document.base) {
            Some(page) => Err(NotAChannel::Page(page)),
            None => Err(NotAChannel::Other { looks_like: looks_like(root.as_deref(), document.bytes) }),
        },
    }
}

/// A language tag (BCP 47), also from the name of a locale, such as `en_US`.
fn language_tag(text: &str) -> String {
    text.trim().replace('_', "-")
}

/// What a document that is not a channel looks like.
fn looks_like(root: Option<&str>, bytes: &[u8]) -> SafeText {
    match (root, bytes) {
        (_, [0x1f, 0x8b, ..]) => "a compressed file".into(),
        (_, [b'%', b'P', b'D', b'F', ..]) => "a PDF document".into(),
        (_, bytes) if bytes.iter().take(1024).any(|byte| *byte == 0) => "a file that is not text".into(),
        (Some("urlset" | "sitemapindex"), _) => "a map of a site for search engines".into(),
        (Some(root), _) => {
            clean::plain_line(&format!("an XML document with the root element `{}`", clean::quote(root)))
        }
        (None, _) => "plain text".into(),
    }
}
