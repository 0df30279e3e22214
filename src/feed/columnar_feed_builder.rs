//! Builds the columns of a feed from records: merges copies, sorts, resolves related entries, and groups stories.

use std::cmp::{Ordering, Reverse};
use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::article::ArticleId;
use super::columnar_feed::{ArticleHeader, COLUMNS, Column, Columns};
use super::field_subsets::COMPLETION_FIELD_COUNT;
use super::folders::FolderTable;
use super::last_seen_state::ArticleHashes;
use super::list_column::ListColumn;
use super::local_links::resolution::{self, LibraryFile, ResolvedLinks};
use super::record::{Record, has};
use super::shared_bytes::{ByteWriter, Bytes, column_of, u64_at};
use super::shared_identity::{self, by_path};
use super::stable_hashes;
use super::story;
use crate::dates::Now;

/// The folders and files of a library.
#[derive(Clone, Debug, Default)]
pub struct LibraryRoots {
    /// The paths as the user gave them.
    pub named: Arc<[PathBuf]>,
    /// The hash of each path with symbolic links resolved, see [`stable_hashes::of_folder`].
    pub folders: Vec<u64>,
}

impl LibraryRoots {
    /// The folders and files `named`. `resolve` resolves the symbolic links of a path.
    pub fn new(named: &[PathBuf], resolve: impl Fn(&PathBuf) -> PathBuf) -> LibraryRoots {
        let folders = named.iter().map(|root| stable_hashes::of_folder(&resolve(root))).collect();
        LibraryRoots { named: named.into(), folders }
    }
}

/// Numbers distinct names from 0 up, in the order in which they are first seen.
#[derive(Default)]
struct NameTable<'a> {
    /// The number of each spelling. Saves making the key of a spelling that was seen before.
    numbers: FxHashMap<&'a str, u32>,
    /// The number of each key, such as the name in lower case.
    keys: FxHashMap<String, u32>,
    text: String,
    ends: Vec<u32>,
}

impl<'a> NameTable<'a> {
    /// The number of a name. Names with equal keys get one number and keep the first spelling.
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

/// An article while the feed is built: its record, and the result of merging copies.
#[derive(Clone, Copy)]
struct FeedEntry<'a> {
    location: u64,
    record: Record<'a>,
    id: ArticleId,
    /// True if other articles have the id that its file gives it.
    shares_identity: bool,
    /// Start and end of its other files in the list of other files of all articles.
    others: (u32, u32),
}

/// Builds the columns of a feed. `locations` are those of the records of all article files.
///
/// Articles are sorted newest first. A date in the future sorts as `now`, and a date without a zone is in the user's zone.
/// A damaged record is left out and sets `damaged` in the result.
pub fn build_columns(roots: LibraryRoots, records: Vec<Bytes>, locations: &[u64], now: Now) -> Columns {
    let LibraryRoots { named, folders } = roots;
    let base = Columns::of(named, Default::default(), records);
    let read = |&location: &u64| {
        let record = base.record(location)?;
        Some(FeedEntry { location, record, id: record.id, shares_identity: false, others: (0, 0) })
    };
    let all: Vec<FeedEntry> = locations.iter().filter_map(read).collect();
    let damaged = all.len() < locations.len();
    let (kept, others) = merge_copies(&all, &base.roots);
    // A list of a million entries takes 296 MB, so each is freed as early as possible.
    drop(all);
    let time = |entry: &FeedEntry| Reverse(entry.record.published.map(|published| published.at(now.zone).min(now.at)));
    // Each time is computed once here, since lookups in a zone are slow and a sort compares an entry many times.
    let mut order: Vec<_> = kept.iter().zip(0u32..).map(|(entry, number)| (time(entry), number)).collect();
    let path = |number: u32| kept.get(number as usize).map(|entry| &entry.record);
    // Newest first, equal times by path, undated articles last.
    order.sort_unstable_by(|(a_time, a), (b_time, b)| {
        let by_path = || path(*a).zip(path(*b)).map_or(Ordering::Equal, |(a, b)| by_path(a, b, &base.roots));
        a_time.cmp(b_time).then_with(by_path)
    });
    let entries: Vec<FeedEntry> = order.iter().filter_map(|(_, number)| kept.get(*number as usize).copied()).collect();
    drop(kept);
    let lacks_zone = |entry: &FeedEntry| entry.record.published.is_some_and(|published| !published.has_zone());
    let zone_rules_hash = if entries.iter().any(lacks_zone) { now.zone.rules_hash() } else { 0 };
    let mut columns: [Vec<u8>; COLUMNS] = std::array::from_fn(|_| Vec::new());
    let mut put = |column: Column, bytes: Vec<u8>| {
        if let Some(slot) = columns.get_mut(column as usize) {
            *slot = bytes;
        }
    };

    let (mut topics, mut topic_names, mut provider_names) =
        (ListColumn::default(), NameTable::default(), NameTable::default());
    let mut providers: Vec<u32> = Vec::with_capacity(entries.len());
    let (mut folder_table, mut folder_of) = (FolderTable::default(), Vec::with_capacity(entries.len()));
    let mut completion_names = NameTable::default();
    let mut completion_values: Vec<u32> = Vec::with_capacity(entries.len() * COMPLETION_FIELD_COUNT);
    let (mut other_ends, mut other_files) = (Vec::with_capacity(entries.len()), ByteWriter::default());
    let mut other_hashes = ByteWriter::default();
    let folder = |record: &Record| folders.get(record.root as usize).copied().unwrap_or_default();
    for entry in &entries {
        for topic in entry.record.topics() {
            topics.items.push(topic_names.number(topic, str::to_lowercase));
        }
        topics.end();
        providers.push(provider_names.number(entry.record.provider, str::to_owned));
        folder_of.push(folder_table.number(&entry.record));
        for name in entry.record.completed {
            let value = if name.is_empty() { 0 } else { completion_names.number(name, str::to_owned) + 1 };
            completion_values.push(value);
        }
        let range = entry.others.0 as usize..entry.others.1 as usize;
        for location in others.get(range).unwrap_or_default() {
            other_files.u64(*location);
            let hashes =
                base.record(*location).map(|record| ArticleHashes::of(&record, folder(&record))).unwrap_or_default();
            hashes.write(&mut other_hashes);
        }
        other_ends.push((other_files.0.len() / 8) as u32);
    }
    put(Column::TopicEnds, column_of(&topics.ends));
    put(Column::Topics, column_of(&topics.items));
    put(Column::TopicNameEnds, column_of(&topic_names.ends));
    put(Column::TopicNames, topic_names.text.into_bytes());
    put(Column::ProviderNameEnds, column_of(&provider_names.ends));
    put(Column::ProviderNames, provider_names.text.into_bytes());
    put(Column::FolderOf, column_of(&folder_of));
    put(Column::FolderNameEnds, column_of(&folder_table.ends));
    put(Column::FolderNames, folder_table.text.into_bytes());
    put(Column::CompletionValues, column_of(&completion_values));
    put(Column::CompletionNameEnds, column_of(&completion_names.ends));
    put(Column::CompletionNames, completion_names.text.into_bytes());
    put(Column::OtherFileEnds, column_of(&other_ends));
    put(Column::OtherFiles, other_files.0);
    put(Column::OtherFileHashes, other_hashes.0);

    let listed = resolve_listed(&entries);
    let listed_by = reverse_lists(&listed, entries.len());
    let copies = entries.iter().zip(0..).flat_map(|(entry, article)| {
        let range = entry.others.0 as usize..entry.others.1 as usize;
        let records = others.get(range).unwrap_or_default().iter().filter_map(|location| base.record(*location));
        records.map(move |record| LibraryFile { article, record })
    });
    let ResolvedLinks { lists: links, with_missing } =
        resolution::resolve(entries.iter().map(|entry| &entry.record), copies, &base.roots);
    let linked_from = reverse_lists(&links, entries.len());
    let scores = |index: usize| {
        let entry = entries.get(index)?;
        Some((entry.record.role_by_scores(), entry.record.heat()))
    };
    let named = |index: usize| listed.of(index).iter().filter_map(|to| to.checked_sub(1)).map(|to| to as usize);
    let stories = story::group(entries.len(), scores, named);
    let mut story_of = vec![0u32; entries.len()];
    let (mut heads, mut members) = (Vec::new(), ListColumn::default());
    for (number, story) in stories.iter().enumerate() {
        for &index in story.members.iter().chain([&story.head]) {
            if let Some(slot) = story_of.get_mut(index) {
                *slot = number as u32 + 1;
            }
        }
        heads.push(story.head as u32);
        members.items.extend(story.members.iter().map(|&index| index as u32));
        members.end();
    }
    let mut headers = ByteWriter(Vec::with_capacity(entries.len() * ArticleHeader::SIZE));
    for (index, (entry, provider)) in entries.iter().zip(&providers).enumerate() {
        let mut header = ArticleHeader::of(&entry.record, entry.id, entry.location, *provider);
        if entry.others.1 > entry.others.0 {
            header.set(has::OTHER_FILES);
        }
        if entry.shares_identity {
            header.set(has::SHARED_IDENTITY);
        }
        let is_linked_from = !linked_from.of(index).is_empty();
        if is_linked_from {
            header.set(has::BACKLINK);
        }
        if with_missing.binary_search(&(index as u32)).is_ok() {
            header.set(has::MISSING_LINK);
        }
        let links_to = |to: &u32| *to > 0 && *to as usize != index + 1;
        let is_linked = is_linked_from || links.of(index).iter().any(links_to);
        if is_linked || !listed_by.of(index).is_empty() || story_of.get(index).is_some_and(|story| *story > 0) {
            header.set(has::RELATED);
        }
        header.write(&mut headers);
    }
    let mut by_id: Vec<(ArticleId, u32)> = entries.iter().zip(0..).map(|(entry, index)| (entry.id, index)).collect();
    by_id.sort_unstable();
    let by_id: Vec<u32> = by_id.into_iter().map(|(_, index)| index).collect();
    let mut hashes = ByteWriter(Vec::with_capacity(entries.len() * ArticleHashes::SIZE));
    let mut sharing: Vec<(ArticleId, u64)> = Vec::new();
    for (index, entry) in (0..).zip(&entries) {
        ArticleHashes::of(&entry.record, folder(&entry.record)).write(&mut hashes);
        sharing.extend(entry.shares_identity.then_some((entry.record.id, index)));
    }
    sharing.sort_unstable();
    let sharing = sharing.into_iter().flat_map(|(id, index)| [id.number(), index]).flat_map(u64::to_le_bytes).collect();
    put(Column::Hashes, hashes.0);
    put(Column::SharedIdentities, sharing);
    put(Column::Headers, headers.0);
    put(Column::ById, column_of(&by_id));
    put(Column::ListedEnds, column_of(&listed.ends));
    put(Column::Listed, column_of(&listed.items));
    put(Column::ListedByEnds, column_of(&listed_by.ends));
    put(Column::ListedBy, column_of(&listed_by.items));
    put(Column::LinkEnds, column_of(&links.ends));
    put(Column::Links, column_of(&links.items));
    put(Column::LinkedFromEnds, column_of(&linked_from.ends));
    put(Column::LinkedFrom, column_of(&linked_from.items));
    put(Column::StoryOf, column_of(&story_of));
    put(Column::Heads, column_of(&heads));
    put(Column::MemberEnds, column_of(&members.ends));
    put(Column::Members, column_of(&members.items));
    drop(entries);
    let Columns { roots, records, .. } = base;
    Columns { damaged, zone_rules_hash, ..Columns::of(roots, columns.map(Bytes::new), records) }
}

/// Merges files with the same article. Returns each article once, and the locations of all other files, grouped by article.
fn merge_copies<'a>(all: &[FeedEntry<'a>], roots: &[PathBuf]) -> (Vec<FeedEntry<'a>>, Vec<u64>) {
    // Sort indices instead of entries: an entry has 296 bytes, which a sort would move many times.
    let mut by_id: Vec<(ArticleId, u32)> = all.iter().zip(0..).map(|(entry, number)| (entry.id, number)).collect();
    by_id.sort_unstable();
    let (mut kept, mut others): (Vec<FeedEntry>, Vec<u64>) = (Vec::with_capacity(all.len()), Vec::new());
    for same in by_id.chunk_by(|(a, _), (b, _)| a == b) {
        if let [(_, only)] = same {
            let start = others.len() as u32;
            kept.extend(all.get(*only as usize).map(|entry| FeedEntry { others: (start, start), ..*entry }));
            continue;
        }
        let record = |number: u32| Some((number as usize, all.get(number as usize)?.record));
        let same: Vec<(usize, Record)> = same.iter().filter_map(|(_, number)| record(*number)).collect();
        for article in shared_identity::distinct_articles(&same, roots) {
            let start = others.len() as u32;
            others.extend(article.copies.iter().filter_map(|copy| all.get(*copy)).map(|copy| copy.location));
            let files = (start, others.len() as u32);
            let primary = all.get(article.primary);
            kept.extend(primary.map(|entry| FeedEntry {
                id: article.id,
                shares_identity: article.shares_identity,
                others: files,
                ..*entry
            }));
        }
    }
    (kept, others)
}

/// Finds the article that each related entry names: by link, else by title. Items are 1 + the index of the article, or 0 if
/// the library does not have it.
///
/// If several articles have the link, the one with the title of the entry is meant, else the newest. If several have the
/// title, the newest is meant.
fn resolve_listed(entries: &[FeedEntry]) -> ListColumn {
    let mut by_link: FxHashMap<u64, u32> = FxHashMap::default();
    let mut by_title: FxHashMap<u64, u32> = FxHashMap::default();
    let mut by_link_and_title: FxHashMap<(u64, u64), u32> = FxHashMap::default();
    by_link.reserve(entries.len());
    by_title.reserve(entries.len());
    let numbers = |bytes: &[u8]| (0..bytes.len() / 8).filter_map(|at| u64_at(bytes, at)).collect::<Vec<u64>>();
    // Most libraries have no related entries, and then the maps are not needed.
    if entries.iter().any(|entry| !entry.record.related_hashes.is_empty()) {
        // Entries are sorted newest first, so `or_insert` keeps the newest article of each key.
        for (index, entry) in entries.iter().enumerate() {
            for link in (0..entry.record.link_hashes.len() / 8).filter_map(|at| u64_at(entry.record.link_hashes, at)) {
                if link != 0 {
                    by_link.entry(link).or_insert(index as u32);
                }
                // Several articles may have one link.
                if entry.shares_identity || entry.record.flags & has::WRITTEN_ID != 0 {
                    by_link_and_title.entry((link, entry.record.title_hash)).or_insert(index as u32);
                }
            }
            by_title.entry(entry.record.title_hash).or_insert(index as u32);
        }
    }
    let mut listed = ListColumn { ends: Vec::with_capacity(entries.len()), items: Vec::new() };
    for entry in entries {
        for pair in numbers(entry.record.related_hashes).chunks_exact(2) {
            let (link, title) = (pair.first().filter(|link| **link != 0), pair.last());
            let by_both = link.zip(title).and_then(|(link, title)| by_link_and_title.get(&(*link, *title)));
            let by_link = || link.and_then(|link| by_link.get(link));
            let found = by_both.or_else(by_link).or_else(|| title.and_then(|title| by_title.get(title)));
            listed.items.push(found.map_or(0, |index| index + 1));
        }
        listed.end();
    }
    listed
}

/// Reverses the lists: for each article, the indices of the articles that list it, in the order of the feed. An article that
/// lists itself does not count.
fn reverse_lists(listed: &ListColumn, count: usize) -> ListColumn {
    let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(listed.items.len());
    for from in 0..count {
        let named = listed.of(from).iter().filter_map(|to| to.checked_sub(1));
        pairs.extend(named.filter(|to| *to as usize != from).map(|to| (to, from as u32)));
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut reversed = ListColumn { ends: Vec::with_capacity(count), items: Vec::with_capacity(pairs.len()) };
    let mut pairs = pairs.into_iter().peekable();
    for to in 0..count as u32 {
        while let Some((_, from)) = pairs.next_if(|(named, _)| *named == to) {
            reversed.items.push(from);
        }
        reversed.end();
    }
    reversed
}
