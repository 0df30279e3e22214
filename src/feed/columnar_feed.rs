//! Columnar storage of a feed: the values that queries, sort orders and stories need of all articles.
//!
//! A column holds one value of every article, in feed order, as little-endian integers of a fixed size. So a feed of a
//! million articles opens without parsing, and pages of a mapped file that are never used take no memory. Everything else
//! about an article is in its record (see [`super::record`]); a column has its location.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::article::ArticleId;
use super::field_subsets::{COMPLETION_FIELDS, NUMBER_FIELD_COUNT, NumberValues, number_in};
use super::fields::Field;
use super::last_seen_state::ArticleHashes;
use super::link::Address;
use super::record::{Record, has, role_by_scores};
use super::shared_bytes::{ByteReader, ByteWriter, Bytes, list_in, u32_at, u64_at};
use super::story::Role;
use crate::dates::{Date, Zone};

/// The columns, in their order on disk.
///
/// A list per article is stored in two columns: the items of all lists one after the other (`Topics`), and the index at
/// which each list ends (`TopicEnds`). Names are stored the same way, as UTF-8 with the byte at which each ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The [`ArticleHeader`] of each article.
    Headers,
    /// The indices of all articles, sorted by the ids that their files give them.
    ById,
    /// End of the topics of each article in `Topics`.
    TopicEnds,
    /// Topic numbers of all articles.
    Topics,
    /// End of the related entries of each article in `Listed`.
    ListedEnds,
    /// For each related entry, 1 + the index of the article that it names; 0 if the library does not have it.
    Listed,
    /// End of the list of each article in `ListedBy`.
    ListedByEnds,
    /// For each article, the indices of the articles that list it as related.
    ListedBy,
    /// End of the links of each article in `Links`.
    LinkEnds,
    /// For each link in a body to a place where an article may be, 1 + the index of the article; 0 if the library does not have it.
    Links,
    /// End of the list of each article in `LinkedFrom`.
    LinkedFromEnds,
    /// For each article, the indices of the articles whose bodies link to it.
    LinkedFrom,
    /// For each article, 1 + the number of its story; 0 if it is in none.
    StoryOf,
    /// The index of the head of each story.
    Heads,
    /// End of the members of each story in `Members`.
    MemberEnds,
    /// The indices of the members of each story.
    Members,
    /// End of the other files of each article in `OtherFiles`.
    OtherFileEnds,
    /// The locations of the records of further files with the same article.
    OtherFiles,
    /// End of the name of each topic in `TopicNames`.
    TopicNameEnds,
    /// Topic names, each as the first article that has it spells it.
    TopicNames,
    /// End of the name of each provider in `ProviderNames`.
    ProviderNameEnds,
    /// Provider names.
    ProviderNames,
    /// The number of the folder of each article.
    FolderOf,
    /// End of the name of each folder in `FolderNames`.
    FolderNameEnds,
    /// Names of folders, see [`super::folders`].
    FolderNames,
    /// For each article and each field of [`super::field_subsets::COMPLETION_FIELDS`], 1 + the number of its name; 0 for none.
    CompletionValues,
    /// End of each name in `CompletionNames`.
    CompletionNameEnds,
    /// The names that `CompletionValues` refers to.
    CompletionNames,
    /// The [`ArticleHashes`] of each article.
    Hashes,
    /// The [`ArticleHashes`] of each record in `OtherFiles`.
    OtherFileHashes,
    /// Articles whose files give them the same id as others: that id and the index, 8 bytes each, sorted.
    SharedIdentities,
}

/// Number of columns.
pub const COLUMNS: usize = Column::SharedIdentities as usize + 1;

/// The low 44 bits of a record location are the offset in its arena (16 TiB), the high 20 bits the number of the arena.
const OFFSET_BITS: u32 = 44;

/// The location of a record: the number of its arena in [`Columns::records`], and the byte at which it starts there.
pub fn location(arena: usize, start: usize) -> u64 {
    (arena as u64) << OFFSET_BITS | start as u64
}

/// The part of an article with a fixed size: queries and sort orders read it without parsing the record.
#[derive(Clone, Copy, Debug)]
pub struct ArticleHeader {
    /// Location of the record. Valid in this feed only.
    pub location: u64,
    /// Hash of the record: equal in two feeds if the article did not change.
    pub content_hash: u64,
    /// The id of the article.
    pub id: ArticleId,
    /// When it was published.
    pub published: Option<Date>,
    /// When its file was last written, in whole seconds.
    pub modified: Option<DateTime<Utc>>,
    /// Quality, heat and other numbers of the file.
    numbers: NumberValues,
    /// Number of words in excerpt and body.
    pub words: u32,
    /// Duration of its longest enclosure in seconds; 0 if it is not known.
    duration: u32,
    /// The number of its provider in the feed.
    pub provider: u32,
    /// Flags, see [`super::record::has`].
    flags: u32,
}

/// Flags in the upper byte of `flags`, beside those of [`super::record::has`]: which optional values are present.
mod present {
    pub const PUBLISHED: u32 = 1 << 24;
    pub const MODIFIED: u32 = 1 << 25;
    /// The flag of the first number; those of the others follow.
    pub const NUMBER: u32 = 1 << 26;
}

// Bits 26 to 31 are free for the flags of numbers.
const _: () = assert!(NUMBER_FIELD_COUNT <= 6);

impl ArticleHeader {
    /// Size in bytes, a multiple of 8: ids are read without the rest.
    pub const SIZE: usize = 64 + 8 * NUMBER_FIELD_COUNT;

    /// The header of a record. `id` may differ from the id of the record, see [`super::shared_identity`].
    pub fn of(record: &Record, id: ArticleId, location: u64, provider: u32) -> ArticleHeader {
        let modified = record.modified.and_then(|time| DateTime::from_timestamp(super::record::seconds(time), 0));
        ArticleHeader {
            location,
            content_hash: record.content_hash,
            id,
            published: record.published,
            modified,
            numbers: record.numbers,
            words: record.lengths.words,
            duration: record.lengths.duration,
            provider,
            flags: record.flags,
        }
    }

    /// The value of a number field, if the file gives one.
    pub fn number(&self, field: Field) -> Option<i64> {
        number_in(&self.numbers, field)
    }

    /// Duration of its longest enclosure in seconds, if the file gives one.
    pub fn duration(&self) -> Option<u32> {
        Some(self.duration).filter(|seconds| *seconds > 0)
    }

    /// True if a flag of [`super::record::has`] is set.
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Sets a flag of [`super::record::has`].
    pub fn set(&mut self, flag: u32) {
        self.flags |= flag;
    }

    /// Its role in a story, judged by its scores alone.
    pub fn role_by_scores(&self) -> Role {
        role_by_scores(self.flags)
    }

    /// Appends the header as [`ArticleHeader::SIZE`] bytes.
    pub fn write(&self, to: &mut ByteWriter) {
        let mut present = if self.published.is_some() { present::PUBLISHED } else { 0 };
        present |= if self.modified.is_some() { present::MODIFIED } else { 0 };
        for (at, number) in self.numbers.iter().enumerate() {
            present |= if number.is_some() { present::NUMBER << at } else { 0 };
        }
        to.u64(self.location);
        to.u64(self.id.number());
        let (seconds, nanos) = self.published.map_or((0, 0), Date::to_numbers);
        to.i64(seconds);
        to.i64(self.modified.map_or(0, |time| time.timestamp()));
        self.numbers.iter().for_each(|number| to.i64(number.unwrap_or(0)));
        to.u32(self.words);
        to.u32(self.provider);
        to.u32(nanos);
        to.u32(self.flags | present);
        to.u64(self.content_hash);
        to.u64(self.duration.into());
    }

    fn read(bytes: &[u8]) -> Option<ArticleHeader> {
        let from = &mut ByteReader(bytes);
        let (location, id) = (from.u64()?, from.u64()?);
        let (published, modified) = (from.i64()?, from.i64()?);
        let mut numbers: NumberValues = [None; NUMBER_FIELD_COUNT];
        for number in &mut numbers {
            *number = Some(from.i64()?);
        }
        let (words, provider, nanos, flags) = (from.u32()?, from.u32()?, from.u32()?, from.u32()?);
        let (content_hash, duration) = (from.u64()?, u32::try_from(from.u64()?).unwrap_or(u32::MAX));
        let is = |flag: u32| flags & flag != 0;
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = number.filter(|_| is(present::NUMBER << at));
        }
        Some(ArticleHeader {
            location,
            content_hash,
            id: ArticleId::of_number(id),
            published: Date::of_numbers(published, nanos).filter(|_| is(present::PUBLISHED)),
            modified: DateTime::from_timestamp(modified, 0).filter(|_| is(present::MODIFIED)),
            numbers,
            words,
            duration,
            provider,
            flags,
        })
    }
}

/// All columns of a feed, and the records that they point to.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The folders and files of the library.
    pub roots: Arc<[PathBuf]>,
    /// The columns, indexed by [`Column`].
    pub columns: [Bytes; COLUMNS],
    /// The arenas with the records: one from the snapshot, others from threads that read files.
    pub records: Vec<Bytes>,
    /// True if a record could not be read when the columns were built, so that its article is missing.
    pub damaged: bool,
    /// [`crate::dates::Zone::rules_hash`] of the zone used to sort dates without a zone; 0 if all dates name a zone.
    pub zone_rules_hash: u64,
    /// Ids that differ from those in the columns.
    pub(super) identity_overrides: Arc<IdentityOverrides>,
}

/// Articles whose id differs from the one in the columns, because the marks know them under another id.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct IdentityOverrides {
    by_index: BTreeMap<usize, ArticleId>,
    /// The index of each new id. `None` for an old id that no article has any more.
    by_id: BTreeMap<ArticleId, Option<usize>>,
}

impl Default for Columns {
    fn default() -> Columns {
        let columns = std::array::from_fn(|_| Bytes::default());
        let (roots, identity_overrides) = Default::default();
        Columns { roots, columns, records: Vec::new(), damaged: false, zone_rules_hash: 0, identity_overrides }
    }
}

#[cfg(test)]
thread_local! {
    /// How many headers this thread has read: the thread of the screen must not read them all.
    pub static HEADERS_READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

impl Columns {
    /// Wraps columns and records as they were stored.
    pub fn of(roots: Arc<[PathBuf]>, columns: [Bytes; COLUMNS], records: Vec<Bytes>) -> Columns {
        Columns { roots, columns, records, ..Columns::default() }
    }

    /// True if the articles are in the right order for a user in `zone`.
    pub fn is_sorted_for(&self, zone: Zone) -> bool {
        self.zone_rules_hash == 0 || self.zone_rules_hash == zone.rules_hash()
    }

    /// The bytes of a column.
    pub fn bytes(&self, column: Column) -> &[u8] {
        self.columns.get(column as usize).map(|bytes| &**bytes).unwrap_or_default()
    }

    /// True if the file of a column or of a record was cut short after it was mapped, so that bytes are lost.
    pub fn is_truncated(&self) -> bool {
        self.columns.iter().chain(&self.records).any(Bytes::is_truncated)
    }

    /// Number of articles.
    pub fn count(&self) -> usize {
        self.bytes(Column::Headers).len() / ArticleHeader::SIZE
    }

    /// The header of the article at an index.
    pub fn header(&self, index: usize) -> Option<ArticleHeader> {
        #[cfg(test)]
        HEADERS_READ.with(|read| read.set(read.get() + 1));
        let header = ArticleHeader::read(self.bytes(Column::Headers).get(index.checked_mul(ArticleHeader::SIZE)?..)?)?;
        Some(ArticleHeader { id: self.identity_overrides.by_index.get(&index).copied().unwrap_or(header.id), ..header })
    }

    /// The id of the article at an index; `None` if its bytes were lost.
    pub fn id(&self, index: usize) -> Option<ArticleId> {
        self.identity_overrides.by_index.get(&index).copied().or_else(|| self.file_id(index))
    }

    /// The id that the files alone give the article at an index, without overrides.
    pub fn file_id(&self, index: usize) -> Option<ArticleId> {
        // The id is the second 8 bytes of a header. Reading it alone keeps the binary search by id fast.
        let number = u64_at(self.bytes(Column::Headers), index.checked_mul(ArticleHeader::SIZE / 8)? + 1);
        // A truncated mapped file reads as zeros.
        number.filter(|number| *number != 0 || !self.is_truncated()).map(ArticleId::of_number)
    }

    /// The index of the article with an id.
    pub fn index_of(&self, id: ArticleId) -> Option<usize> {
        self.identity_overrides.by_id.get(&id).copied().unwrap_or_else(|| self.index_of_file_id(id))
    }

    /// The index of the article to which the files alone give this id, without overrides.
    pub fn index_of_file_id(&self, id: ArticleId) -> Option<usize> {
        let order = self.bytes(Column::ById);
        let at = |index: usize| u32_at(order, index).map(|index| index as usize);
        let (mut from, mut to) = (0, self.count());
        while from < to {
            let middle = from + (to - from) / 2;
            if self.file_id(at(middle)?)? < id { from = middle + 1 } else { to = middle }
        }
        at(from).filter(|index| self.file_id(*index) == Some(id))
    }

    /// The index of the newest article whose id comes from `articleId`, and whose link leads to the page of an address.
    pub fn index_of_item(&self, address: &Address) -> Option<usize> {
        let wanted = ArticleId::of_link(address).number();
        (0..self.count()).find(|index| {
            let header = self.header(*index).filter(|header| header.has(has::WRITTEN_ID));
            let record = header.and_then(|header| self.record(header.location));
            record.is_some_and(|record| record.main_link_hash() == Some(wanted))
        })
    }

    /// The hashes by which the article at an index is recognised after an edit or a move.
    pub fn hashes(&self, index: usize) -> Option<ArticleHashes> {
        ArticleHashes::read(self.bytes(Column::Hashes).get(index.checked_mul(ArticleHashes::SIZE)?..)?)
    }

    /// The hashes of each file of the article at an index: first those of the file that is shown.
    pub fn all_hashes(&self, index: usize) -> impl Iterator<Item = ArticleHashes> {
        let others = list_in(self.bytes(Column::OtherFileEnds), index);
        let other = |index: usize| {
            ArticleHashes::read(self.bytes(Column::OtherFileHashes).get(index.checked_mul(ArticleHashes::SIZE)?..)?)
        };
        self.hashes(index).into_iter().chain(others.map_while(other))
    }

    /// The indices of the articles whose files give them this id; empty unless several have it.
    pub fn sharing(&self, shared: ArticleId) -> impl Iterator<Item = usize> {
        let column = self.bytes(Column::SharedIdentities);
        let id = move |pair: usize| u64_at(column, 2 * pair).map(ArticleId::of_number);
        let (mut from, mut to) = (0, column.len() / 16);
        while from < to {
            let middle = from + (to - from) / 2;
            if id(middle) < Some(shared) { from = middle + 1 } else { to = middle }
        }
        let index = move |pair: usize| u64_at(column, 2 * pair + 1).map(|index| index as usize);
        (from..).take_while(move |pair| id(*pair) == Some(shared)).map_while(index)
    }

    /// The ids that the files of several articles give them, each once.
    pub fn shared_ids(&self) -> impl Iterator<Item = ArticleId> {
        let column = self.bytes(Column::SharedIdentities);
        let ids = (0..column.len() / 16).filter_map(|pair| u64_at(column, 2 * pair)).map(ArticleId::of_number);
        let mut last = None;
        ids.filter(move |id| last.replace(*id) != Some(*id))
    }

    /// A copy in which the articles at some indices have other ids. `overrides` must not give an id twice.
    pub fn with_identities(&self, overrides: &BTreeMap<usize, ArticleId>) -> Columns {
        let mut by_id: BTreeMap<ArticleId, Option<usize>> =
            overrides.keys().filter_map(|index| Some((self.file_id(*index)?, None))).collect();
        // Second, because a new id may be the old id of another article, and then replaces its `None`.
        by_id.extend(overrides.iter().map(|(index, id)| (*id, Some(*index))));
        Columns {
            identity_overrides: Arc::new(IdentityOverrides { by_index: overrides.clone(), by_id }),
            ..self.clone()
        }
    }

    /// The articles whose id differs from the one that their files give them: index and id.
    pub fn identity_overrides(&self) -> &BTreeMap<usize, ArticleId> {
        &self.identity_overrides.by_index
    }

    /// The record at a location.
    pub fn record(&self, location: u64) -> Option<Record<'_>> {
        Record::read(self.bytes_from(location)?)
    }

    /// The raw bytes of the record at a location.
    pub fn record_bytes(&self, location: u64) -> Option<&[u8]> {
        let from = self.bytes_from(location)?;
        from.get(..Record::size(from)?)
    }

    fn bytes_from(&self, location: u64) -> Option<&[u8]> {
        let arena = self.records.get((location >> OFFSET_BITS) as usize)?;
        arena.get((location & ((1 << OFFSET_BITS) - 1)) as usize..)
    }

    /// The numbers of one list: `column` holds the items of all lists, `ends` the end of each.
    pub fn list(&self, ends: Column, column: Column, list: usize) -> impl Iterator<Item = u32> {
        let numbers = self.bytes(column);
        list_in(self.bytes(ends), list).map_while(move |index| u32_at(numbers, index))
    }

    /// The number at an index of a column of 4-byte numbers.
    pub fn number(&self, column: Column, index: usize) -> Option<u32> {
        u32_at(self.bytes(column), index)
    }

    /// The locations of the records of further files with the article at an index.
    pub fn others(&self, index: usize) -> impl Iterator<Item = u64> {
        list_in(self.bytes(Column::OtherFileEnds), index)
            .map_while(|index| u64_at(self.bytes(Column::OtherFiles), index))
    }

    /// The number of the name of the article at an index in a field of [`COMPLETION_FIELDS`]; `None` if it has none there.
    pub fn completion_number(&self, index: usize, field: Field) -> Option<u32> {
        let at = COMPLETION_FIELDS.iter().position(|known| *known == field)?;
        let number = index.checked_mul(COMPLETION_FIELDS.len())?.checked_add(at)?;
        self.number(Column::CompletionValues, number)?.checked_sub(1)
    }

    /// Number of names; `ends` is the column with their ends.
    pub fn count_names(&self, ends: Column) -> usize {
        self.bytes(ends).len() / 4
    }

    /// A name by its number: `names` holds all names, `ends` the end of each. Not yet cleaned for display.
    pub fn name(&self, ends: Column, names: Column, number: usize) -> &str {
        let name = self.bytes(names).get(list_in(self.bytes(ends), number)).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }
}
