//! A channel or an item while it is read: of several values for one thing, the best one is kept.

use super::addresses::is_web;
use super::text_kind::Text;
use super::{Content, Enclosure, Image, Item, NamedLink, Person, Source};
use crate::dates::Date;
use crate::feed::UntrustedText;
use url::Url;

/// Authors, topics, images, files and further links that are read of one item at most, each.
pub(super) const MAX_PARTS: usize = 100;

/// A value with the rank of the element that it is from.
#[derive(Clone, Debug)]
pub(super) struct Ranked<T>(Option<(u8, T)>);

impl<T> Default for Ranked<T> {
    fn default() -> Ranked<T> {
        Ranked(None)
    }
}

impl<T> Ranked<T> {
    /// Keeps a value if its rank is higher than that of the kept one.
    pub fn set(&mut self, rank: u8, value: T) {
        if self.0.as_ref().is_none_or(|(kept, _)| rank > *kept) {
            self.0 = Some((rank, value));
        }
    }

    /// Keeps a value unless its rank is lower than that of the kept one.
    pub fn replace(&mut self, rank: u8, value: T) {
        if self.0.as_ref().is_none_or(|(kept, _)| rank >= *kept) {
            self.0 = Some((rank, value));
        }
    }

    /// The kept value.
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    /// The kept value.
    pub fn take(&mut self) -> Option<T> {
        self.0.take().map(|(_, value)| value)
    }

    fn rank(&self) -> u8 {
        self.0.as_ref().map_or(0, |(rank, _)| *rank)
    }
}

/// A text with the base of its addresses.
pub(super) type BasedText = (Text, Option<Url>);

/// The texts of a channel or an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pub description: Ranked<BasedText>,
    pub summary: Ranked<BasedText>,
    pub content: Ranked<BasedText>,
}

/// Core summaries have this rank: beside one, the description is the whole text.
const CORE_SUMMARY: u8 = 4;

impl Texts {
    /// The summary and the content.
    fn finish(mut self) -> (Option<BasedText>, Option<BasedText>) {
        let is_core = self.summary.rank() >= CORE_SUMMARY;
        let (description, summary) = (self.description.take(), self.summary.take());
        match (self.content.take(), description, summary) {
            (Some(content), description, summary) => (description.or(summary), Some(content)),
            (None, Some(description), Some(summary)) if description.0 == summary.0 => (Some(description), None),
            (None, Some(description), Some(summary)) if is_core || description.0.text.len() >= summary.0.text.len() => {
                (Some(summary), Some(description))
            }
            (None, Some(description), Some(summary)) => (Some(description), Some(summary)),
            (None, description, summary) => (description.or(summary), None),
        }
    }

    /// The text that tells what a channel is about.
    pub fn about(&mut self) -> Option<Text> {
        let best = self.description.take().or_else(|| self.summary.take()).or_else(|| self.content.take());
        best.map(|(text, _)| text)
    }
}

/// An id, with what it may be used for.
#[derive(Clone, Debug)]
pub(super) struct Guid {
    pub text: String,
    /// True if it is the address of the original if it is an address.
    pub is_link: bool,
}

/// A channel or an item while it is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub title: Ranked<Text>,
    pub texts: Texts,
    pub link: Ranked<UntrustedText>,
    pub guid: Ranked<Guid>,
    pub published: Ranked<Date>,
    pub updated: Ranked<Date>,
    pub language: Ranked<String>,
    pub comments: Ranked<UntrustedText>,
    pub icon: Ranked<UntrustedText>,
    pub authors: Vec<Person>,
    pub topics: Vec<UntrustedText>,
    pub images: Vec<Image>,
    pub files: Files,
    pub source: Option<Source>,
    /// Line of the document where it begins, from 1; 0 for what is not kept.
    pub line: u32,
}

/// Files and further links of an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    pub enclosures: Vec<Enclosure>,
    pub links: Vec<NamedLink>,
    /// The length of the file in seconds.
    pub duration: Option<u32>,
}

impl Draft {
    pub fn add_author(&mut self, person: Person) {
        if self.authors.len() >= MAX_PARTS {
            return;
        }
        // The same author in two vocabularies: `author` and `dc:creator`.
        let is_same = |known: &&mut Person| {
            let has_name = !known.name.is_blank() && known.name == person.name;
            has_name || (known.email.is_some() && known.email == person.email)
        };
        match self.authors.iter_mut().find(is_same) {
            Some(known) => {
                known.email = known.email.take().or(person.email);
                known.url = known.url.take().or(person.url);
                if known.name.is_blank() {
                    known.name = person.name;
                }
            }
            None => self.authors.push(person),
        }
    }

    pub fn add_topic(&mut self, topic: &str) {
        let topic = UntrustedText::new(topic.trim());
        if !topic.is_blank() && self.topics.len() < MAX_PARTS && !self.topics.contains(&topic) {
            self.topics.push(topic);
        }
    }

    pub fn add_image(&mut self, image: Image) {
        let has_room = self.images.len() < MAX_PARTS;
        match self.images.iter_mut().find(|known| known.url == image.url) {
            Some(known) => {
                known.size = known.size.or(image.size);
                if known.title.is_blank() {
                    known.title = image.title;
                }
            }
            None if has_room => self.images.push(image),
            None => {}
        }
    }

    pub fn add_enclosure(&mut self, enclosure: Enclosure) {
        let enclosures = &mut self.files.enclosures;
        let has_room = enclosures.len() < MAX_PARTS;
        match enclosures.iter_mut().find(|known| known.url == enclosure.url) {
            Some(known) => {
                known.media_type = known.media_type.take().or(enclosure.media_type);
                known.length = known.length.or(enclosure.length);
                known.duration = known.duration.or(enclosure.duration);
            }
            None if has_room => enclosures.push(enclosure),
            None => {}
        }
    }

    /// Replaces the address of the last file, which leads over a service that counts, by its own one.
    pub fn set_original_file(&mut self, url: UntrustedText) {
        if let Some(last) = self.files.enclosures.last_mut() {
            last.url = url;
        }
    }

    pub fn add_link(&mut self, link: NamedLink) {
        if self.files.links.len() < MAX_PARTS && !self.files.links.contains(&link) {
            self.files.links.push(link);
        }
    }

    /// True if nothing is known.
    pub fn is_blank(&self) -> bool {
        let has_text = self.texts.description.get().or(self.texts.summary.get()).or(self.texts.content.get()).is_some();
        let has_name = self.title.get().is_some()
            || self.link.get().is_some()
            || self.guid.get().is_some_and(|guid| !guid.text.is_empty());
        let has_date = self.published.get().or(self.updated.get()).is_some();
        let has_part = !self.files.enclosures.is_empty() || !self.images.is_empty() || !self.topics.is_empty();
        !has_text && !has_name && !has_date && !has_part && self.authors.is_empty() && self.comments.get().is_none()
    }

    /// The title without markup.
    pub fn take_title(&mut self) -> UntrustedText {
        self.title.take().map(|title| UntrustedText::from_string(title.into_plain())).unwrap_or_default()
    }

    /// The address: the link, else an id that is one.
    pub fn take_link(&mut self) -> Option<UntrustedText> {
        let id = self.guid.get().filter(|guid| guid.is_link && is_web(&guid.text));
        let id = id.and_then(|guid| super::addresses::absolute(&guid.text, None));
        self.link.take().or(id)
    }

    /// The item. `base` is that of texts without `xml:base`.
    pub fn into_item(mut self, base: Option<&Url>) -> Item {
        let content = |(text, own): BasedText| Content {
            kind: text.kind(),
            text: without_outer_lines(text.text),
            base: own.or_else(|| base.cloned()),
        };
        let (title, link) = (self.take_title(), self.take_link());
        if let (Some(duration), Some(first)) = (self.files.duration, self.files.enclosures.first_mut()) {
            first.duration.get_or_insert(duration);
        }
        let (summary, whole) = self.texts.finish();
        Item {
            guid: self
                .guid
                .take()
                .filter(|guid| !guid.text.is_empty())
                .map(|guid| UntrustedText::from_string(guid.text)),
            title,
            link,
            published: self.published.take(),
            updated: self.updated.take(),
            authors: self.authors,
            topics: self.topics,
            summary: summary.map(content),
            content: whole.map(content),
            images: self.images,
            enclosures: self.files.enclosures,
            comments: self.comments.take(),
            links: self.files.links,
            source: self.source.filter(|source| !source.title.is_blank() || source.link.is_some()),
            line: self.line,
        }
    }
}

/// A text without line feeds around it. Long texts are not copied.
fn without_outer_lines(mut text: String) -> UntrustedText {
    text.truncate(text.trim_end_matches('\n').len());
    match text.starts_with('\n') {
        true => UntrustedText::new(text.trim_start_matches('\n')),
        false => UntrustedText::from_string(text),
    }
}
