//! A collection: articles with a title, and the ids and times that documents with it have.

use std::io;

use chrono::{DateTime, Datelike, Utc};
use sha2::{Digest, Sha256};

use super::json::rfc3339;
use super::unreadable_article::UnreadableArticle;
use crate::dates::{Date, Zone};
use crate::feed::{Address, Article, ArticleId, SafeText};
use crate::query::SearchContext;

/// Articles with a title.
#[derive(Clone, Debug)]
pub struct Collection<'a> {
    /// The title.
    pub title: SafeText,
    /// The address at which the document will be served.
    pub address: Option<Address>,
    /// The feed, the marks, the time and its zone.
    pub context: &'a SearchContext,
    /// The indices of the articles in the feed, in their order.
    pub found: &'a [usize],
}

/// What an id is of.
#[derive(Clone, Copy, Debug)]
enum IdKind {
    Article = 0,
    Collection = 1,
    Edition = 2,
}

impl Collection<'_> {
    /// The articles, read one by one. The error of one that can no longer be read is an [`UnreadableArticle`].
    pub(super) fn articles(&self) -> impl Iterator<Item = io::Result<Article>> {
        let feed = &self.context.feed;
        let read = |index: &usize| feed.read(*index).ok_or_else(|| UnreadableArticle::of(feed, *index));
        self.found.iter().map(move |index| read(index).map_err(io::Error::other))
    }

    /// The id of the document: its address, else the same for the same title.
    pub(super) fn id(&self) -> String {
        match &self.address {
            Some(address) => address.as_str().to_owned(),
            None => urn(hash([self.title.as_str()]), IdKind::Collection),
        }
    }

    /// The id of these articles under this title.
    pub(super) fn edition_id(&self) -> String {
        let ids = self.found.iter().filter_map(|index| self.context.feed.id(*index)).map(|id| id.to_string());
        urn(hash([self.title.to_string()].into_iter().chain(ids)), IdKind::Edition)
    }

    /// When the last of the articles was published or changed; the current time if there is none.
    pub(super) fn updated(&self) -> DateTime<Utc> {
        let columns = self.context.feed.columns();
        let changed = |index: &usize| {
            let header = columns.header(*index)?;
            let updated = columns.record(header.location).and_then(|record| record.updated);
            Some(last_change(header.published, updated, header.modified, self.zone()))
        };
        self.found.iter().filter_map(changed).max().unwrap_or(self.context.now.at)
    }

    /// When an article was last published or changed.
    pub(super) fn updated_of(&self, article: &Article) -> DateTime<Utc> {
        // In whole seconds, as headers have it.
        let modified =
            article.modified.and_then(|time| DateTime::from_timestamp(DateTime::<Utc>::from(time).timestamp(), 0));
        last_change(article.published, article.updated, modified, self.zone())
    }

    /// The zone of dates without one.
    fn zone(&self) -> Zone {
        self.context.now.zone
    }

    /// A date of an article as RFC 3339.
    pub(super) fn time(&self, date: Date) -> Option<String> {
        Some(date.at(self.zone())).filter(is_in_rfc).map(rfc3339)
    }
}

/// The id of an article, which never changes.
pub(super) fn id_of(id: ArticleId) -> String {
    urn(id.number(), IdKind::Article)
}

/// The last of the dates of an article. The time of its file counts only if it has no date: it differs from device to device.
fn last_change(
    published: Option<Date>,
    updated: Option<Date>,
    modified: Option<DateTime<Utc>>,
    zone: Zone,
) -> DateTime<Utc> {
    let dates = [published, updated].into_iter().flatten().map(|date| date.at(zone));
    dates.filter(is_in_rfc).max().or(modified).unwrap_or_default()
}

/// True for the years that RFC 3339 can express. A zone may move a date beyond them.
fn is_in_rfc(date: &DateTime<Utc>) -> bool {
    (0..=9999).contains(&date.year())
}

/// A number as a UUID of version 8, whose bits have a meaning of ours: those of the number, the kind, and the name of the program.
fn urn(number: u64, kind: IdKind) -> String {
    let digits = format!("{number:016x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let (first, second, third, last) = (part(0, 8), part(8, 12), part(12, 15), part(15, 16));
    format!("urn:uuid:{first}-{second}-8{third}-8{last}{:02x}-66726f6e7470", kind as u8)
}

fn hash(parts: impl IntoIterator<Item = impl AsRef<str>>) -> u64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_ref());
        hasher.update("\0");
    }
    hasher.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_an_article_is_a_uuid_with_its_digits() {
        let id = ArticleId::of_number(0x0123_4567_89ab_cdef);
        assert_eq!(id_of(id), "urn:uuid:01234567-89ab-8cde-8f00-66726f6e7470");
        assert_eq!(urn(0xf, IdKind::Edition), "urn:uuid:00000000-0000-8000-8f02-66726f6e7470");
        assert_ne!(hash(["a", "b"]), hash(["ab"]));
    }

    #[test]
    fn the_time_of_a_file_counts_only_without_a_date() {
        let date = |text: &str| text.parse::<Date>().ok();
        let file = DateTime::from_timestamp(2_000_000_000, 0);
        let change = |published, updated| rfc3339(last_change(published, updated, file, Zone::Utc));
        assert_eq!(change(date("2021-02-18"), None), "2021-02-18T00:00:00Z");
        assert_eq!(change(date("2021-02-18"), date("2021-02-19T01:00:00+02:00")), "2021-02-18T23:00:00Z");
        assert_eq!(change(date("2021-02-18"), date("2020-01-01")), "2021-02-18T00:00:00Z");
        assert_eq!(change(None, None), "2033-05-18T03:33:20Z");
        assert_eq!(rfc3339(last_change(None, None, None, Zone::Utc)), "1970-01-01T00:00:00Z");
    }
}
