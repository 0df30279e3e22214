//! Loading: reads every file of the library, or only those that were changed, and makes the feed of what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::entry_reader::{self, FileReport, Outcome, unlisted_folder};
use super::file_index::{FileEntry, FileIndex, FolderKey, KnownFiles};
use super::folder_walk::{self, OnVisit};
use super::parallel_scan::{self, Batch, ScanCounts};
use super::real_path::resolve;
use super::watcher::LibraryWatcher;
use crate::dates::Now;
use crate::feed::columns_builder::{LibraryRoots, build_columns};
use crate::feed::{Bytes, Columns, Feed, Problem, columns, record};

/// How far a load has come.
pub struct Progress<'a> {
    /// FileIndex looked at so far.
    pub done: usize,
    /// FileIndex found so far.
    pub total: usize,
    /// Articles read so far.
    pub articles: usize,
    /// Makes a feed of them.
    pub feed: &'a dyn Fn() -> Feed,
}

/// How a library is looked at.
#[derive(Clone, Copy, Debug)]
pub struct ScanOptions<'a> {
    /// The present time, which tells dates in the future, and the zone of those that name none.
    pub now: Now,
    /// What watches from then on what is looked at.
    pub watch: Option<&'a LibraryWatcher>,
    /// Somebody is reading what was known: what is broken now, or cannot be reached, stays as it was, and the problem is told.
    /// Otherwise all is as the files say now.
    pub keep_last_good: bool,
}

impl ScanOptions<'_> {
    /// Looked at once, at that time.
    pub fn once(now: impl Into<Now>) -> ScanOptions<'static> {
        ScanOptions { now: now.into(), watch: None, keep_last_good: false }
    }
}

/// A library that was read.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// All articles.
    pub feed: Arc<Feed>,
    /// Everything that is wrong with the files, rejected files first.
    pub problems: Vec<Problem>,
    /// How many files were read for it; the others were known.
    pub read: usize,
    /// True when it holds what the files do not say any more, see [`ScanOptions::keeps`]: then it is not kept for the next session.
    pub provisional: bool,
    /// What became of every file, so that the next look reads only what was changed.
    pub(super) table: Bytes,
    /// When the feed was made.
    pub(super) made: DateTime<Utc>,
    /// There are problems of folders among the problems.
    pub(super) has_failed: bool,
}

impl Loaded {
    /// True when a reader sees something else than before.
    pub fn looks_different_from(&self, before: &Loaded) -> bool {
        !Arc::ptr_eq(&self.feed, &before.feed) || self.problems != before.problems
    }

    /// True when both are the same, to the state of every file.
    pub fn is_same_as(&self, other: &Loaded) -> bool {
        Arc::ptr_eq(&self.feed, &other.feed) && *self.table == *other.table
    }

    /// Goes on from what was kept of it: the next look looks for what changed since.
    pub fn continue_from(&mut self, kept: Loaded) {
        (self.feed, self.table) = (kept.feed, kept.table);
    }

    /// True when the next session would begin with something else than before.
    pub fn must_be_saved_after(&self, before: &Loaded) -> bool {
        !self.provisional && (self.looks_different_from(before) || before.provisional || *self.table != *before.table)
    }
}

/// What came of a batch of files.
struct ScannedBatch {
    folder: FolderKey,
    /// The numbers, in their folder, of the files that are as they were.
    same: Vec<u32>,
    /// The other files.
    read: Vec<ReadFile>,
    /// The records of their articles.
    records: Vec<u8>,
    articles: usize,
}

/// A file that was read.
struct ReadFile {
    entry: FileEntry,
    /// Its record is among those of the part, and the address is where it begins there.
    is_new: bool,
    /// It is as it was, but for its state.
    is_same: bool,
}

/// What is known of the library.
struct PreviousScan<'a> {
    files: KnownFiles<'a>,
    feed: Option<&'a Columns>,
    made: DateTime<Utc>,
}

/// Parts of the records, before all is read anew into fewer.
const MAX_RECORD_CHUNKS: usize = 1 << 19;
/// Bytes that most records do not exceed.
const TYPICAL_RECORD_BYTES: usize = 1200;

/// Looks at a batch of files: those that are known and have the same state are not read.
fn scan_batch(batch: &Batch, before: &PreviousScan, options: &ScanOptions) -> ScannedBatch {
    let folder = (batch.folder.root, batch.folder.below.clone());
    let mut scanned = ScannedBatch { folder, same: Vec::new(), read: Vec::new(), records: Vec::new(), articles: 0 };
    let known = before.files.folder(&scanned.folder);
    let mut bytes = Vec::new();
    for name in batch.names.iter().filter(|name| name.ignored.is_none()) {
        let (number, was) = known.as_ref().and_then(|known| known(name.bytes())).unzip();
        if let (Some(number), Some(was)) = (number, &was)
            && !was.must_reread
            && folder_walk::file_stamp(&batch.folder, name) == Some(was.stamp)
        {
            scanned.same.push(number);
            continue;
        }
        let was_article = was.as_ref().is_some_and(|was| was.address.is_some() && was.stamp.size > 0);
        let Some(read) = entry_reader::read(&batch.folder, name, &mut bytes, was_article, options.now.at) else {
            continue;
        };
        let must_reread = read.may_change(options.now);
        let last_good = was.as_ref().filter(|was| !was.has_broken_front_matter()).and_then(|was| was.address);
        let is_broken = read.outcome == Outcome::Rejected || read.broken.is_some();
        let keeps = options.keep_last_good && is_broken && last_good.is_some();
        let (outcome, problems) = match (read.outcome, read.broken) {
            (_, Some(problem)) if keeps => (Outcome::Rejected, vec![problem]),
            (outcome, Some(problem)) => (outcome, vec![problem]),
            (Outcome::Rejected, None) => (Outcome::Rejected, read.problems),
            (outcome, None) => (outcome, Vec::new()),
        };
        let problems = problems.into_iter().map(|problem| Problem { path: PathBuf::new(), ..problem }).collect();
        let published =
            read.article.as_ref().and_then(|article| article.published).map(|date| date.at(options.now.zone));
        let address = read.article.map(|article| {
            if scanned.records.capacity() == 0 {
                scanned.records.reserve(batch.names.len() * TYPICAL_RECORD_BYTES);
            }
            let start = scanned.records.len();
            let below = batch.folder.below.join(name.as_path());
            let below = if batch.folder.is_file() { PathBuf::new() } else { below };
            record::write(&article, batch.folder.root, &below, &mut scanned.records);
            start as u64
        });
        let (name, stamp) = (name.bytes().into(), read.stamp.unwrap_or_default());
        let mut entry = FileEntry { name, stamp, outcome, must_reread, address, problems };
        // An article that was dated in the future, and is not now, has another place.
        let has_arrived = published.is_some_and(|date| date > before.made && date <= options.now.at);
        let is_same = !has_arrived
            && was.as_ref().is_some_and(|was| is_unchanged(&entry, was, &scanned.records, before, options));
        if is_same || keeps {
            scanned.records.truncate(address.map_or(scanned.records.len(), |start| start as usize));
            let known = if keeps { last_good } else { was.and_then(|was| was.address) };
            (entry.address, entry.must_reread) = (known, entry.must_reread || keeps);
        }
        let is_new = entry.address.is_some() && !is_same && !keeps;
        scanned.articles += usize::from(is_new);
        scanned.read.push(ReadFile { entry, is_new, is_same });
    }
    if scanned.records.len() * 2 < scanned.records.capacity() {
        scanned.records.shrink_to_fit();
    }
    scanned
}

/// Whether a file that was read, with a record at the end of some, says what it said before.
fn is_unchanged(
    read: &FileEntry,
    was: &FileEntry,
    records: &[u8],
    before: &PreviousScan,
    options: &ScanOptions,
) -> bool {
    let record = read.address.and_then(|start| records.get(start as usize..));
    let known = was.address.zip(before.feed).and_then(|(address, feed)| feed.record_bytes(address));
    let is_same = match read.outcome {
        // What is broken may stand with its last good version.
        Outcome::Rejected => options.keep_last_good || was.address.is_none(),
        _ => record == known,
    };
    is_same && (read.outcome, &read.problems) == (was.outcome, &was.problems)
}

/// What came of all batches so far.
#[derive(Default)]
struct RecordArena {
    records: Vec<Bytes>,
    /// Where the records of the files that were read are.
    addresses: Vec<u64>,
}

impl RecordArena {
    /// Takes the records of a part, whose files then have addresses among those of all.
    fn add(&mut self, batch: &mut ScannedBatch) {
        if batch.records.is_empty() {
            return;
        }
        for file in batch.read.iter_mut().filter(|file| file.is_new) {
            let address = &mut file.entry.address;
            *address = address.map(|start| columns::address(self.records.len(), start as usize));
            self.addresses.extend(*address);
        }
        self.records.push(Bytes::new(std::mem::take(&mut batch.records)));
    }
}

type FailedFolders = Vec<(PathBuf, io::Error)>;

fn scan(
    roots: &[PathBuf],
    before: &PreviousScan,
    arena: &mut RecordArena,
    options: &ScanOptions,
    mut progress: impl FnMut(Progress),
) -> (Vec<ScannedBatch>, FailedFolders) {
    let mut articles = arena.addresses.len();
    let paths = resolved(roots);
    let take = |batch: &mut ScannedBatch, counts: ScanCounts| {
        articles += batch.articles;
        arena.add(batch);
        let feed = || Feed::of(build_columns(paths.clone(), arena.records.clone(), &arena.addresses, options.now));
        progress(Progress { done: counts.done, total: counts.found, articles, feed: &feed });
    };
    let look = options.watch.map(|watch| watch.begin_pass(roots));
    let entered: OnVisit = &|what| look.iter().for_each(|look| look.entered(&what));
    let all = parallel_scan::scan_all(roots, entered, |batch| scan_batch(batch, before, options), take);
    if let Some(look) = look {
        look.end();
    }
    all
}

/// Reads everything.
pub fn load(roots: &[PathBuf], options: &ScanOptions, progress: impl FnMut(Progress)) -> Loaded {
    let mut arena = RecordArena::default();
    let nothing = PreviousScan { files: KnownFiles::default(), feed: None, made: options.now.at };
    let mut gone = unreadable_roots(roots);
    let (batches, mut failed) = scan(roots, &nothing, &mut arena, options, progress);
    gone.append(&mut unreadable_roots(roots));
    failed.retain(|(path, _)| !is_gone(path, &gone, roots));
    let mut files = FileIndex::default();
    let mut read = 0;
    for batch in batches.into_iter().filter(|batch| !gone.contains_key(&batch.folder.0)) {
        read += batch.read.len();
        batch.read.into_iter().for_each(|file| files.add(&batch.folder, file.entry));
    }
    let mut told = unlisted_folder_problems(&failed);
    told.extend(unreadable_root_problems(roots, &gone, &BTreeSet::new()));
    Loaded { read, ..finish(roots, files, arena.records, told, options.now) }
}

/// The numbers of the folders and files that were named and cannot be read, and why.
fn unreadable_roots(roots: &[PathBuf]) -> BTreeMap<u32, String> {
    roots.iter().zip(0..).filter_map(|(root, number)| Some((number, folder_walk::why_unreadable(root)?))).collect()
}

fn is_gone(path: &Path, gone: &BTreeMap<u32, String>, roots: &[PathBuf]) -> bool {
    gone.keys().any(|&number| roots.get(number as usize).is_some_and(|root| root == path))
}

/// Looks at everything and reads what was changed. None when no file had to be read, and all is as it was. What is no news,
/// though files were read, has the feed that was there before.
pub fn refresh(
    roots: &[PathBuf],
    before: &Loaded,
    options: &ScanOptions,
    progress: impl FnMut(Progress),
) -> Option<Loaded> {
    let columns = before.feed.columns();
    // What is damaged is as good as what is not there.
    let files = KnownFiles::new(&before.table).unwrap_or_default();
    let known = PreviousScan { files, feed: Some(columns), made: before.made };
    let mut arena = RecordArena { records: columns.records.clone(), addresses: Vec::new() };
    let mut gone = unreadable_roots(roots);
    let (batches, mut failed) = scan(roots, &known, &mut arena, options, progress);
    gone.append(&mut unreadable_roots(roots));
    let same: usize = batches.iter().map(|batch| batch.same.len()).sum();
    let nothing_read = batches.iter().all(|batch| batch.read.is_empty());
    let in_order = columns.is_sorted_for(options.now.zone);
    // A snapshot does not say whether anything failed, but has the problems.
    let had_failed = before.has_failed || before.problems.iter().any(|problem| roots.contains(&problem.path));
    let is_well = failed.is_empty() && gone.is_empty() && !had_failed;
    if same == known.files.count() && nothing_read && in_order && is_well {
        return None;
    }
    failed.retain(|(path, _)| !is_gone(path, &gone, roots));
    let not_reached = |(root, below): &FolderKey| {
        let path = roots.get(*root as usize).map(|root| root.join(below)).unwrap_or_default();
        options.keep_last_good && (gone.contains_key(root) || failed.iter().any(|(failed, _)| path.starts_with(failed)))
    };
    let mut files = FileIndex::from_bytes(&before.table).unwrap_or_default();
    let kept_roots: BTreeSet<u32> =
        files.iter().map(|(folder, _)| folder).filter(|folder| not_reached(folder)).map(|(root, _)| *root).collect();
    let kept = files.iter().filter(|(folder, _)| not_reached(folder)).count();
    let mut found: BTreeMap<FolderKey, (BTreeSet<u32>, Vec<ReadFile>)> = BTreeMap::new();
    for batch in batches.into_iter().filter(|batch| !not_reached(&batch.folder) && !gone.contains_key(&batch.folder.0))
    {
        let (same, read) = found.entry(batch.folder).or_default();
        same.extend(batch.same);
        read.extend(batch.read);
    }
    let (mut read, mut as_before) = (0, kept);
    files.retain_folders(|folder| found.contains_key(folder) || not_reached(folder));
    for (folder, (same, others)) in found {
        read += others.len();
        as_before += same.len() + others.iter().filter(|file| file.is_same).count();
        let others = others.into_iter().map(|file| file.entry).collect();
        files.replace(&folder, |number| same.contains(&number), others);
    }
    let mut told = unlisted_folder_problems(&failed);
    told.extend(unreadable_root_problems(roots, &gone, &kept_roots));
    let is_same = in_order && as_before == known.files.count() && files.iter().count() == as_before;
    let breaks = |file: &FileEntry| file.outcome == Outcome::Rejected && file.address.is_some();
    let provisional = kept > 0 || files.iter().any(|(_, file)| breaks(file));
    let loaded = if is_same {
        let has_failed = !told.is_empty();
        let problems = match has_failed || had_failed {
            true => all_problems(&files, columns, told),
            false => before.problems.clone(),
        };
        Loaded { problems, table: Bytes::new(files.to_bytes()), has_failed, made: options.now.at, ..before.clone() }
    } else {
        finish(roots, files, arena.records, told, options.now)
    };
    // What was known turns out to be damaged: then nothing is known. And an address has no room for more parts than these.
    Some(match loaded.feed.is_damaged() || loaded.feed.columns().records.len() > MAX_RECORD_CHUNKS {
        true => load(roots, options, |_| {}),
        false => Loaded { read, provisional, ..loaded },
    })
}

/// The problems of folders and files that were named and cannot be read. `kept`: those of which something is shown.
fn unreadable_root_problems(roots: &[PathBuf], gone: &BTreeMap<u32, String>, kept: &BTreeSet<u32>) -> Vec<Problem> {
    let problem = |(number, why): (&u32, &String)| {
        roots.get(*number as usize).map(|root| unreadable_root(root, why, kept.contains(number)))
    };
    gone.iter().filter_map(problem).collect()
}

/// The problem of a folder or file that was named and is not there, or may not be read. `is_shown`: it was read before, and
/// that is shown.
pub fn unreadable_root(root: &Path, why: &str, is_shown: bool) -> Problem {
    let (what, hint) = match is_shown {
        true => (
            "it cannot be read any more",
            "what was read of it before is shown; it is read again as soon as it is there",
        ),
        false => ("it cannot be read", "the rest is shown; it is read as soon as it is there"),
    };
    Problem { path: root.to_owned(), ..Problem::error(None, &format!("{what}: {why}"), hint) }
}

/// The problems of folders that could not be listed.
fn unlisted_folder_problems(failed: &FailedFolders) -> Vec<Problem> {
    failed.iter().map(|(folder, error)| unlisted_folder(folder, error)).collect()
}

/// Makes the feed of the files that are there.
fn finish(roots: &[PathBuf], mut files: FileIndex, records: Vec<Bytes>, failed: Vec<Problem>, now: Now) -> Loaded {
    let addresses: Vec<u64> = files.iter().filter_map(|(_, file)| file.address).collect();
    let columns = build_columns(resolved(roots), records, &addresses, now);
    let has_failed = !failed.is_empty();
    let problems = all_problems(&files, &columns, failed);
    let (feed, table) = (Arc::new(Feed::of(columns)), Bytes::new(files.to_bytes()));
    Loaded { feed, problems, read: 0, provisional: false, table, made: now.at, has_failed }
}

/// The folders and files of a library, with what their paths without links are known by.
fn resolved(roots: &[PathBuf]) -> LibraryRoots {
    LibraryRoots::new(roots, |root| resolve(root))
}

/// What is wrong with files and folders, in order.
fn all_problems(files: &FileIndex, columns: &Columns, failed: Vec<Problem>) -> Vec<Problem> {
    let mut problems = problems(files, columns);
    problems.extend(failed);
    problems.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.path.cmp(&b.path)));
    problems
}

/// What is wrong with files.
fn problems(files: &FileIndex, columns: &Columns) -> Vec<Problem> {
    let mut problems = Vec::new();
    for ((root, below), file) in files.iter() {
        match (file.outcome, file.address) {
            (Outcome::Warning, Some(address)) => {
                let article = columns.record(address).and_then(|record| record.article(&columns.roots));
                problems.extend(article.into_iter().flat_map(|article| article.problems));
            }
            (Outcome::Rejected, _) => {
                let root = columns.roots.get(*root as usize).cloned().unwrap_or_default();
                let name: &OsStr = OsStrExt::from_bytes(&file.name);
                // A file that was named is its own root.
                let path = if root.as_os_str() == name { root } else { root.join(below).join(name) };
                problems.extend(file.problems.iter().map(|problem| Problem { path: path.clone(), ..problem.clone() }));
            }
            _ => {}
        }
    }
    problems
}

/// The library of the article files that are compiled into the program.
pub fn built_in(reports: Vec<FileReport>, now: Now) -> Loaded {
    let problems = reports.iter().filter(|report| report.outcome != Outcome::Ignored);
    let problems = problems.flat_map(|report| report.problems.clone()).collect();
    let read = reports.len();
    let articles = reports.into_iter().filter_map(|report| report.article).collect();
    Loaded { feed: Arc::new(Feed::new(articles, now)), problems, read, made: now.at, ..Loaded::default() }
}
