//! The columns of a feed: for each article what many are looked at for at once, and where the rest of it lies.
//!
//! A column holds one thing of all articles, in the order of their places, as numbers of a fixed size. So a feed of a million
//! articles is opened without being read, wherever its bytes are, and what nobody looks at costs no memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::article::ArticleId;
use super::bytes::{ByteReader, ByteWriter, Bytes, list_in, u32_at, u64_at};
use super::field_sets::{NUMBER_FIELD_COUNT, NumberValues, number_in};
use super::fields::Field;
use super::last_seen::ArticleHashes;
use super::record::{Record, role_by_scores};
use super::story::Role;
use crate::dates::{Date, Zone};

/// The columns, in the order in which they are kept on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A [`ArticleHeader`] each.
    Headers,
    /// Places in the order of the ids.
    ById,
    /// Where the topics of each article end.
    TopicEnds,
    /// Numbers of topics.
    Topics,
    /// Where the related entries of each article end.
    ListedEnds,
    /// The place that each entry leads to and one; 0: only on the web.
    Listed,
    /// Where the list of those that name each article ends.
    ListedByEnds,
    /// Places.
    ListedBy,
    /// The number of the story and one; 0: none.
    StoryOf,
    /// The head of each story.
    Heads,
    /// Where the members of each story end.
    MemberEnds,
    /// Places.
    Members,
    /// Where the other files of each article end.
    OtherFileEnds,
    /// Addresses of the records of those files.
    OtherFiles,
    /// Where the name of each topic ends.
    TopicNameEnds,
    /// The names, one behind the other, each as first written.
    TopicNames,
    /// Where the name of each provider ends.
    ProviderNameEnds,
    /// The names, one behind the other.
    ProviderNames,
    /// For each article and each field of [`super::field_sets::COMPLETION_FIELDS`] the number of its name and one; 0: none.
    CompletionValues,
    /// Where each of those names ends.
    CompletionNameEnds,
    /// The names, one behind the other.
    CompletionNames,
    /// The [`ArticleHashes`] of each article.
    Hashes,
    /// The [`ArticleHashes`] of each of those other files.
    OtherFileHashes,
    /// Articles that share the identity their files give them: that identity and the place, eight bytes each, in order.
    SharedIdentities,
}

/// How many columns there are.
pub const COLUMNS: usize = Column::SharedIdentities as usize + 1;

/// Bits of an address that say where in its part of the records a record begins; the others say which part.
const WITHIN: u32 = 44;

/// The address of a record: the part of the records, and where it begins there.
pub fn address(part: usize, start: usize) -> u64 {
    (part as u64) << WITHIN | start as u64
}

/// What of an article queries and orders look at: read without reading the article.
#[derive(Clone, Copy, Debug)]
pub struct ArticleHeader {
    /// Where its record is: in this feed, for it may be elsewhere in another one.
    pub address: u64,
    /// What its record says, as a number: the same in two feeds when nothing of the article was changed.
    pub content_hash: u64,
    /// Who it is.
    pub id: ArticleId,
    /// When it was published.
    pub published: Option<Date>,
    /// When its file was last written, in whole seconds.
    pub modified: Option<DateTime<Utc>>,
    /// Scores and the like.
    numbers: NumberValues,
    /// Words of excerpt and body.
    pub words: u32,
    /// The number of its provider in the feed.
    pub provider: u32,
    /// What it has, see [`super::record::has`].
    bits: u32,
}

/// Bits of a header beside those of [`super::record::has`]: which numbers are there.
mod known {
    pub const PUBLISHED: u32 = 1 << 24;
    pub const MODIFIED: u32 = 1 << 25;
    /// The first of the numbers; the others follow.
    pub const NUMBER: u32 = 1 << 26;
}

// Each has a bit.
const _: () = assert!(NUMBER_FIELD_COUNT <= 6);

impl ArticleHeader {
    /// Bytes of a header.
    pub const SIZE: usize = 56 + 8 * NUMBER_FIELD_COUNT;

    /// The header of the record of an article.
    pub fn of(record: &Record, id: ArticleId, address: u64, provider: u32) -> ArticleHeader {
        let modified = record.modified.and_then(|time| DateTime::from_timestamp(super::record::seconds(time), 0));
        ArticleHeader {
            address,
            content_hash: record.content_hash,
            id,
            published: record.published,
            modified,
            numbers: record.numbers,
            words: record.words,
            provider,
            bits: record.bits,
        }
    }

    /// The number that its file gives in a field.
    pub fn number(&self, field: Field) -> Option<i64> {
        number_in(&self.numbers, field)
    }

    /// Whether it has something, see [`super::record::has`].
    pub fn has(&self, bit: u32) -> bool {
        self.bits & bit != 0
    }

    /// Says that it has something.
    pub fn give(&mut self, bit: u32) {
        self.bits |= bit;
    }

    /// What it is in its story, by its scores alone.
    pub fn role_by_scores(&self) -> Role {
        role_by_scores(self.bits)
    }

    /// Writes it.
    pub fn write(&self, to: &mut ByteWriter) {
        let mut known = if self.published.is_some() { known::PUBLISHED } else { 0 };
        known |= if self.modified.is_some() { known::MODIFIED } else { 0 };
        for (at, number) in self.numbers.iter().enumerate() {
            known |= if number.is_some() { known::NUMBER << at } else { 0 };
        }
        to.u64(self.address);
        to.u64(self.id.number());
        let (seconds, nanos) = self.published.map_or((0, 0), Date::to_numbers);
        to.i64(seconds);
        to.i64(self.modified.map_or(0, |time| time.timestamp()));
        self.numbers.iter().for_each(|number| to.i64(number.unwrap_or(0)));
        to.u32(self.words);
        to.u32(self.provider);
        to.u32(nanos);
        to.u32(self.bits | known);
        to.u64(self.content_hash);
    }

    fn read(bytes: &[u8]) -> Option<ArticleHeader> {
        let from = &mut ByteReader(bytes);
        let (address, id) = (from.u64()?, from.u64()?);
        let (published, modified) = (from.i64()?, from.i64()?);
        let mut numbers: NumberValues = [None; NUMBER_FIELD_COUNT];
        for number in &mut numbers {
            *number = Some(from.i64()?);
        }
        let (words, provider, nanos, bits) = (from.u32()?, from.u32()?, from.u32()?, from.u32()?);
        let content_hash = from.u64()?;
        let is = |bit: u32| bits & bit != 0;
        for (at, number) in numbers.iter_mut().enumerate() {
            *number = number.filter(|_| is(known::NUMBER << at));
        }
        Some(ArticleHeader {
            address,
            content_hash,
            id: ArticleId::of_number(id),
            published: Date::of_numbers(published, nanos).filter(|_| is(known::PUBLISHED)),
            modified: DateTime::from_timestamp(modified, 0).filter(|_| is(known::MODIFIED)),
            numbers,
            words,
            provider,
            bits,
        })
    }
}

/// All columns, and the records they lead to.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The folders and files of the library.
    pub roots: Arc<[PathBuf]>,
    /// The columns, as [`Column`] numbers them.
    pub columns: [Bytes; COLUMNS],
    /// The records, in parts.
    pub records: Vec<Bytes>,
    /// A record could not be read when the columns were made, and its article is missing.
    pub damaged: bool,
    /// [`crate::dates::Zone::rules_hash`] of the zone in which articles without a zone were put in order; 0: there are none.
    pub zone_rules_hash: u64,
    /// Identities that differ from those in the columns.
    pub(super) identity_overrides: Arc<IdentityOverrides>,
}

/// Articles that have another identity than their columns say: the marks know them under it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct IdentityOverrides {
    by_index: BTreeMap<usize, ArticleId>,
    /// The place of each new identity; none where the one that had it has another now.
    by_id: BTreeMap<ArticleId, Option<usize>>,
}

impl Default for Columns {
    fn default() -> Columns {
        let columns = std::array::from_fn(|_| Bytes::default());
        let (roots, identity_overrides) = Default::default();
        Columns { roots, columns, records: Vec::new(), damaged: false, zone_rules_hash: 0, identity_overrides }
    }
}

impl Columns {
    /// The columns of some records, as they were kept.
    pub fn of(roots: Arc<[PathBuf]>, columns: [Bytes; COLUMNS], records: Vec<Bytes>) -> Columns {
        Columns { roots, columns, records, ..Columns::default() }
    }

    /// Whether articles stand in the order that they have for a reader in a zone.
    pub fn is_sorted_for(&self, zone: Zone) -> bool {
        self.zone_rules_hash == 0 || self.zone_rules_hash == zone.rules_hash()
    }

    /// The bytes of a column.
    pub fn bytes(&self, column: Column) -> &[u8] {
        self.columns.get(column as usize).map(|bytes| &**bytes).unwrap_or_default()
    }

    /// True when bytes of a column or of a record were lost: their file was cut short.
    pub fn is_truncated(&self) -> bool {
        self.columns.iter().chain(&self.records).any(Bytes::is_truncated)
    }

    /// Number of articles.
    pub fn count(&self) -> usize {
        self.bytes(Column::Headers).len() / ArticleHeader::SIZE
    }

    /// The header of the article at a place.
    pub fn header(&self, index: usize) -> Option<ArticleHeader> {
        let header = ArticleHeader::read(self.bytes(Column::Headers).get(index.checked_mul(ArticleHeader::SIZE)?..)?)?;
        Some(ArticleHeader { id: self.identity_overrides.by_index.get(&index).copied().unwrap_or(header.id), ..header })
    }

    /// The id of the article at a place; none when it was lost.
    pub fn id(&self, index: usize) -> Option<ArticleId> {
        self.identity_overrides.by_index.get(&index).copied().or_else(|| self.file_id(index))
    }

    /// The id of the article at a place, by the files alone.
    pub fn file_id(&self, index: usize) -> Option<ArticleId> {
        // Behind its address.
        let number = u64_at(self.bytes(Column::Headers), index.checked_mul(ArticleHeader::SIZE / 8)? + 1);
        // Zeros stand in the place of what was lost.
        number.filter(|number| *number != 0 || !self.is_truncated()).map(ArticleId::of_number)
    }

    /// The place of an article.
    pub fn index_of(&self, id: ArticleId) -> Option<usize> {
        self.identity_overrides.by_id.get(&id).copied().unwrap_or_else(|| self.index_of_file_id(id))
    }

    /// The place of the article with an id by the files alone.
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

    /// What tells the article at a place when it is seen again.
    pub fn hashes(&self, index: usize) -> Option<ArticleHashes> {
        ArticleHashes::read(self.bytes(Column::Hashes).get(index.checked_mul(ArticleHashes::SIZE)?..)?)
    }

    /// The same as each of its files has it, the one that is shown first.
    pub fn all_hashes(&self, index: usize) -> impl Iterator<Item = ArticleHashes> {
        let others = list_in(self.bytes(Column::OtherFileEnds), index);
        let other = |index: usize| {
            ArticleHashes::read(self.bytes(Column::OtherFileHashes).get(index.checked_mul(ArticleHashes::SIZE)?..)?)
        };
        self.hashes(index).into_iter().chain(others.map_while(other))
    }

    /// Places of the articles whose files give them one identity; none when no more than one has it.
    pub fn sharing(&self, shared: ArticleId) -> impl Iterator<Item = usize> {
        let column = self.bytes(Column::SharedIdentities);
        let id = move |twin: usize| u64_at(column, 2 * twin).map(ArticleId::of_number);
        let (mut from, mut to) = (0, column.len() / 16);
        while from < to {
            let middle = from + (to - from) / 2;
            if id(middle) < Some(shared) { from = middle + 1 } else { to = middle }
        }
        let index = move |twin: usize| u64_at(column, 2 * twin + 1).map(|index| index as usize);
        (from..).take_while(move |twin| id(*twin) == Some(shared)).map_while(index)
    }

    /// The identities that several articles share.
    pub fn shared_ids(&self) -> impl Iterator<Item = ArticleId> {
        let column = self.bytes(Column::SharedIdentities);
        let ids = (0..column.len() / 16).filter_map(|twin| u64_at(column, 2 * twin)).map(ArticleId::of_number);
        let mut last = None;
        ids.filter(move |id| last.replace(*id) != Some(*id))
    }

    /// The same articles, some with other identities: places, and the identity of each. No identity is given twice.
    pub fn with_identities(&self, names: &BTreeMap<usize, ArticleId>) -> Columns {
        let mut by_id: BTreeMap<ArticleId, Option<usize>> =
            names.keys().filter_map(|index| Some((self.file_id(*index)?, None))).collect();
        by_id.extend(names.iter().map(|(index, id)| (*id, Some(*index))));
        Columns { identity_overrides: Arc::new(IdentityOverrides { by_index: names.clone(), by_id }), ..self.clone() }
    }

    /// Articles that have another identity than by their files alone, by their places.
    pub fn identity_overrides(&self) -> &BTreeMap<usize, ArticleId> {
        &self.identity_overrides.by_index
    }

    /// The record at an address.
    pub fn record(&self, address: u64) -> Option<Record<'_>> {
        Record::read(self.from(address)?)
    }

    /// The bytes of the record at an address, as they are.
    pub fn record_bytes(&self, address: u64) -> Option<&[u8]> {
        let from = self.from(address)?;
        from.get(..Record::size(from)?)
    }

    fn from(&self, address: u64) -> Option<&[u8]> {
        let part = self.records.get((address >> WITHIN) as usize)?;
        part.get((address & ((1 << WITHIN) - 1)) as usize..)
    }

    /// NumberValues in a list of a column.
    pub fn list(&self, ends: Column, column: Column, list: usize) -> impl Iterator<Item = u32> {
        let numbers = self.bytes(column);
        list_in(self.bytes(ends), list).map_while(move |index| u32_at(numbers, index))
    }

    /// A number of a column.
    pub fn number(&self, column: Column, index: usize) -> Option<u32> {
        u32_at(self.bytes(column), index)
    }

    /// Addresses of the records of further files with the article at a place.
    pub fn others(&self, index: usize) -> impl Iterator<Item = u64> {
        list_in(self.bytes(Column::OtherFileEnds), index)
            .map_while(|index| u64_at(self.bytes(Column::OtherFiles), index))
    }

    /// How many names a column has.
    pub fn count_names(&self, ends: Column) -> usize {
        self.bytes(ends).len() / 4
    }

    /// A name.
    pub fn name(&self, ends: Column, names: Column, number: usize) -> &str {
        let name = self.bytes(names).get(list_in(self.bytes(ends), number)).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }
}
