//! Makes the columns of a feed from the records of its articles: puts them in order, tells them apart, leads related entries to the articles they mean, and groups stories.

use std::cmp::{Ordering, Reverse};
use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::article::ArticleId;
use super::bytes::{Bytes, Writer, column_of, u64_at};
use super::columns::{ArticleHeader, COLUMNS, Column, Columns};
use super::field_sets::COMPLETED_COUNT;
use super::hashes;
use super::last_seen::Keys;
use super::record::{Record, has};
use super::shared_identity::{self, by_path};
use super::story;
use crate::dates::Now;

/// Lists, one behind the other, and where each ends.
#[derive(Default)]
struct Lists {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn end(&mut self) {
        self.ends.push(self.items.len() as u32);
    }

    fn of(&self, list: usize) -> &[u32] {
        let start = list.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(list).copied().unwrap_or(start);
        self.items.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The folders and files of a library.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// As they were named.
    pub named: Arc<[PathBuf]>,
    /// The key of each by its path without links, see [`hashes::of_folder`].
    pub folders: Vec<u64>,
}

impl Roots {
    /// Those folders and files; `resolve` gives their paths without links.
    pub fn new(named: &[PathBuf], resolve: impl Fn(&PathBuf) -> PathBuf) -> Roots {
        let folders = named.iter().map(|root| hashes::of_folder(&resolve(root))).collect();
        Roots { named: named.into(), folders }
    }
}

/// Names, each known by a number.
#[derive(Default)]
struct Names<'a> {
    numbers: FxHashMap<&'a str, u32>,
    /// By what they are compared by.
    keys: FxHashMap<String, u32>,
    text: String,
    ends: Vec<u32>,
}

impl<'a> Names<'a> {
    /// The number of a name; names with one key are one name, as it was first written.
    fn number(&mut self, name: &'a str, key: impl Fn(&str) -> String) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = *self.keys.entry(key(name)).or_insert_with(|| {
            self.text.push_str(name);
            self.ends.push(self.text.len() as u32);
            self.ends.len() as u32 - 1
        });
        self.numbers.insert(name, number);
        number
    }
}

/// One article of the feed, with what it takes to put it in order.
#[derive(Clone, Copy)]
struct Entry<'a> {
    address: u64,
    record: Record<'a>,
    id: ArticleId,
    /// Other articles share the identity that its file gives it.
    is_twin: bool,
    /// Where its other files begin and end among those of all.
    others: (u32, u32),
}

/// Makes the columns. `addresses` lead to the records of all article files, in the order in which the files were found;
/// articles dated after now stand with those of now, and a date without a zone is one of the reader's. A damaged record is
/// left out, which the columns say.
pub fn assemble(roots: Roots, records: Vec<Bytes>, addresses: &[u64], now: Now) -> Columns {
    let Roots { named, folders } = roots;
    let base = Columns::of(named, Default::default(), records);
    let read = |&address: &u64| {
        let record = base.record(address)?;
        Some(Entry { address, record, id: record.id, is_twin: false, others: (0, 0) })
    };
    let all: Vec<Entry> = addresses.iter().filter_map(read).collect();
    let damaged = all.len() < addresses.len();
    let (kept, others) = fold_duplicates(&all, &base.roots);
    drop(all);
    let time = |entry: &Entry| Reverse(entry.record.published.map(|published| published.at(now.zone).min(now.at)));
    let mut order: Vec<_> = kept.iter().zip(0u32..).map(|(entry, number)| (time(entry), number)).collect();
    let path = |number: u32| kept.get(number as usize).map(|entry| &entry.record);
    // Newest first, those of one time by their paths, undated ones last.
    order.sort_unstable_by(|(a_time, a), (b_time, b)| {
        let by_path = || path(*a).zip(path(*b)).map_or(Ordering::Equal, |(a, b)| by_path(a, b, &base.roots));
        a_time.cmp(b_time).then_with(by_path)
    });
    let entries: Vec<Entry> = order.iter().filter_map(|(_, number)| kept.get(*number as usize).copied()).collect();
    drop(kept);
    let lacks_zone = |entry: &Entry| entry.record.published.is_some_and(|published| !published.has_zone());
    let zone_rules = if entries.iter().any(lacks_zone) { now.zone.rules() } else { 0 };
    let mut columns: [Vec<u8>; COLUMNS] = std::array::from_fn(|_| Vec::new());
    let mut put = |column: Column, bytes: Vec<u8>| {
        if let Some(slot) = columns.get_mut(column as usize) {
            *slot = bytes;
        }
    };

    let (mut topics, mut topic_names, mut provider_names) = (Lists::default(), Names::default(), Names::default());
    let mut providers: Vec<u32> = Vec::with_capacity(entries.len());
    let mut completed_names = Names::default();
    let mut completed: Vec<u32> = Vec::with_capacity(entries.len() * COMPLETED_COUNT);
    let (mut other_ends, mut other_files) = (Vec::with_capacity(entries.len()), Writer::default());
    let mut other_keys = Writer::default();
    let folder = |record: &Record| folders.get(record.root as usize).copied().unwrap_or_default();
    for entry in &entries {
        for topic in entry.record.topics() {
            topics.items.push(topic_names.number(topic, str::to_lowercase));
        }
        topics.end();
        providers.push(provider_names.number(entry.record.provider, str::to_owned));
        for name in entry.record.completed {
            completed.push(if name.is_empty() { 0 } else { completed_names.number(name, str::to_owned) + 1 });
        }
        let range = entry.others.0 as usize..entry.others.1 as usize;
        for address in others.get(range).unwrap_or_default() {
            other_files.u64(*address);
            let keys = base.record(*address).map(|record| Keys::of(&record, folder(&record))).unwrap_or_default();
            keys.write(&mut other_keys);
        }
        other_ends.push((other_files.0.len() / 8) as u32);
    }
    put(Column::TopicEnds, column_of(&topics.ends));
    put(Column::Topics, column_of(&topics.items));
    put(Column::TopicNameEnds, column_of(&topic_names.ends));
    put(Column::TopicNames, topic_names.text.into_bytes());
    put(Column::ProviderNameEnds, column_of(&provider_names.ends));
    put(Column::ProviderNames, provider_names.text.into_bytes());
    put(Column::Completed, column_of(&completed));
    put(Column::CompletedNameEnds, column_of(&completed_names.ends));
    put(Column::CompletedNames, completed_names.text.into_bytes());
    put(Column::OtherEnds, column_of(&other_ends));
    put(Column::Others, other_files.0);
    put(Column::OtherKeys, other_keys.0);

    let given = given(&entries);
    let given_by = reversed(&given, entries.len());
    let scores = |place: usize| {
        let entry = entries.get(place)?;
        Some((entry.record.role_by_scores(), entry.record.heat()))
    };
    let named = |place: usize| given.of(place).iter().filter_map(|to| to.checked_sub(1)).map(|to| to as usize);
    let stories = story::group(entries.len(), scores, named);
    let mut story_of = vec![0u32; entries.len()];
    let (mut heads, mut members) = (Vec::new(), Lists::default());
    for (number, story) in stories.iter().enumerate() {
        for &place in story.members.iter().chain([&story.head]) {
            if let Some(slot) = story_of.get_mut(place) {
                *slot = number as u32 + 1;
            }
        }
        heads.push(story.head as u32);
        members.items.extend(story.members.iter().map(|&place| place as u32));
        members.end();
    }
    let mut headers = Writer(Vec::with_capacity(entries.len() * ArticleHeader::SIZE));
    for (place, (entry, provider)) in entries.iter().zip(&providers).enumerate() {
        let mut header = ArticleHeader::of(&entry.record, entry.id, entry.address, *provider);
        if entry.others.1 > entry.others.0 {
            header.give(has::OTHER_FILES);
        }
        if entry.is_twin {
            header.give(has::TWIN);
        }
        if !given_by.of(place).is_empty() || story_of.get(place).is_some_and(|story| *story > 0) {
            header.give(has::RELATED);
        }
        header.write(&mut headers);
    }
    let mut by_id: Vec<(ArticleId, u32)> = entries.iter().zip(0..).map(|(entry, place)| (entry.id, place)).collect();
    by_id.sort_unstable();
    let by_id: Vec<u32> = by_id.into_iter().map(|(_, place)| place).collect();
    let mut keys = Writer(Vec::with_capacity(entries.len() * Keys::SIZE));
    let mut twins: Vec<(ArticleId, u64)> = Vec::new();
    for (place, entry) in (0..).zip(&entries) {
        Keys::of(&entry.record, folder(&entry.record)).write(&mut keys);
        twins.extend(entry.is_twin.then_some((entry.record.id, place)));
    }
    twins.sort_unstable();
    let twins = twins.into_iter().flat_map(|(id, place)| [id.number(), place]).flat_map(u64::to_le_bytes).collect();
    put(Column::Keys, keys.0);
    put(Column::Twins, twins);
    put(Column::Headers, headers.0);
    put(Column::ById, column_of(&by_id));
    put(Column::GivenEnds, column_of(&given.ends));
    put(Column::Given, column_of(&given.items));
    put(Column::GivenByEnds, column_of(&given_by.ends));
    put(Column::GivenBy, column_of(&given_by.items));
    put(Column::StoryOf, column_of(&story_of));
    put(Column::Heads, column_of(&heads));
    put(Column::MemberEnds, column_of(&members.ends));
    put(Column::Members, column_of(&members.items));
    drop(entries);
    let Columns { roots, records, .. } = base;
    Columns { damaged, zone_rules, ..Columns::of(roots, columns.map(Bytes::new), records) }
}

/// Each article once, with the addresses of its other files: those come second, the files of one article together.
fn fold_duplicates<'a>(all: &[Entry<'a>], roots: &[PathBuf]) -> (Vec<Entry<'a>>, Vec<u64>) {
    // Numbers are sorted, not what they stand for, which is large.
    let mut by_id: Vec<(ArticleId, u32)> = all.iter().zip(0..).map(|(entry, number)| (entry.id, number)).collect();
    by_id.sort_unstable();
    let (mut kept, mut others): (Vec<Entry>, Vec<u64>) = (Vec::with_capacity(all.len()), Vec::new());
    for same in by_id.chunk_by(|(a, _), (b, _)| a == b) {
        if let [(_, only)] = same {
            let start = others.len() as u32;
            kept.extend(all.get(*only as usize).map(|entry| Entry { others: (start, start), ..*entry }));
            continue;
        }
        let record = |number: u32| Some((number as usize, all.get(number as usize)?.record));
        let same: Vec<(usize, Record)> = same.iter().filter_map(|(_, number)| record(*number)).collect();
        for told in shared_identity::tell_apart(&same, roots) {
            let start = others.len() as u32;
            others.extend(told.copies.iter().filter_map(|copy| all.get(*copy)).map(|copy| copy.address));
            let files = (start, others.len() as u32);
            let shown = all.get(told.shown);
            kept.extend(shown.map(|entry| Entry { id: told.id, is_twin: told.is_twin, others: files, ..*entry }));
        }
    }
    (kept, others)
}

/// Where the related entries of each article lead: by link, else by title. Of two articles with one title the newer is
/// meant, and of several with one link the one that has the title, else the newest.
fn given(entries: &[Entry]) -> Lists {
    let mut by_link: FxHashMap<u64, u32> = FxHashMap::default();
    let mut by_title: FxHashMap<u64, u32> = FxHashMap::default();
    let mut twins: FxHashMap<(u64, u64), u32> = FxHashMap::default();
    by_link.reserve(entries.len());
    by_title.reserve(entries.len());
    let keys = |bytes: &[u8]| (0..bytes.len() / 8).filter_map(|at| u64_at(bytes, at)).collect::<Vec<u64>>();
    if entries.iter().any(|entry| !entry.record.related_keys.is_empty()) {
        for (place, entry) in entries.iter().enumerate() {
            for key in (0..entry.record.link_keys.len() / 8).filter_map(|at| u64_at(entry.record.link_keys, at)) {
                if key != 0 {
                    by_link.entry(key).or_insert(place as u32);
                }
                if entry.is_twin {
                    twins.entry((key, entry.record.title_key)).or_insert(place as u32);
                }
            }
            by_title.entry(entry.record.title_key).or_insert(place as u32);
        }
    }
    let mut given = Lists { ends: Vec::with_capacity(entries.len()), items: Vec::new() };
    for entry in entries {
        for pair in keys(entry.record.related_keys).chunks_exact(2) {
            let (link, title) = (pair.first().filter(|key| **key != 0), pair.last());
            let twin = link.zip(title).and_then(|(link, title)| twins.get(&(*link, *title)));
            let by_link = || link.and_then(|link| by_link.get(link));
            let found = twin.or_else(by_link).or_else(|| title.and_then(|title| by_title.get(title)));
            given.items.push(found.map_or(0, |place| place + 1));
        }
        given.end();
    }
    given
}

/// Who names each article, in the order of the feed.
fn reversed(given: &Lists, count: usize) -> Lists {
    let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(given.items.len());
    for from in 0..count {
        let named = given.of(from).iter().filter_map(|to| to.checked_sub(1));
        pairs.extend(named.filter(|to| *to as usize != from).map(|to| (to, from as u32)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut reversed = Lists { ends: Vec::with_capacity(count), items: Vec::with_capacity(pairs.len()) };
    let mut pairs = pairs.into_iter().peekable();
    for to in 0..count as u32 {
        while let Some((_, from)) = pairs.next_if(|(named, _)| *named == to) {
            reversed.items.push(from);
        }
        reversed.end();
    }
    reversed
}
