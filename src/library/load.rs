//! Loads a library, whole or only what changed since the last scan, and builds the feed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::directory_entry_reader::{self, FileReport, Outcome, unlisted_folder};
use super::file_index::{FileEntry, FileIndex, FolderKey, KnownFiles};
use super::folder_walk::{self, OnVisit};
use super::full_texts;
use super::loaded::{Loaded, library_roots};
use super::parallel_scan::{self, Batch, ScanCounts};
use super::site::{SiteAddress, Sites};
use super::unread_links;
use super::watcher::LibraryWatcher;
use crate::dates::Now;
use crate::feed::columnar_feed_builder::build_columns;
use crate::feed::{Bytes, Columns, Feed, Problem, columnar_feed, record};

/// Progress of a load.
pub struct Progress<'a> {
    /// Files scanned so far.
    pub done: usize,
    /// Files found so far.
    pub total: usize,
    /// Articles read so far.
    pub articles: usize,
    /// Builds a feed of the articles read so far.
    pub feed: &'a dyn Fn() -> Feed,
}

/// How to scan a library.
#[derive(Clone, Copy, Debug)]
pub struct ScanOptions<'a> {
    /// The current time, which decides what lies in the future, and the zone for dates without one.
    pub now: Now,
    /// Watches every folder that the scan enters.
    pub watch: Option<&'a LibraryWatcher>,
    /// Set during a session. A file that breaks, or a folder that becomes unreachable, then keeps its last good articles, and
    /// a problem reports it. Otherwise the result is what the files contain now.
    pub keep_last_good: bool,
    /// The addresses that the user's settings give to folders.
    pub sites: &'a [SiteAddress],
    /// A load without a load before it leaves the links between articles unread, see [`super::Library::with_links`]. Otherwise the result has
    /// all links.
    pub defers_links: bool,
    /// The folder of full texts, which are shown in place of the texts of files.
    pub full_texts: Option<&'a Path>,
}

impl ScanOptions<'_> {
    /// One scan, without watching and without keeping broken files.
    pub fn once(now: impl Into<Now>) -> ScanOptions<'static> {
        ScanOptions {
            now: now.into(),
            watch: None,
            keep_last_good: false,
            sites: &[],
            defers_links: false,
            full_texts: None,
        }
    }
}

/// The result of scanning one batch of files.
struct ScannedBatch {
    folder: FolderKey,
    /// Indices, in their folder, of the unchanged files.
    same: Vec<u32>,
    /// All other files.
    read: Vec<ReadFile>,
    /// The records of their articles, one after another.
    records: Vec<u8>,
    articles: usize,
}

/// A file that was read.
struct ReadFile {
    entry: FileEntry,
    /// Its record is new: `entry.location` is the offset in the records of the batch until [`RecordArenas::add`] changes it.
    is_new: bool,
    /// Only its stamp changed.
    is_same: bool,
}

/// What the scan before knows.
struct PreviousScan<'a> {
    files: KnownFiles<'a>,
    feed: Option<&'a Columns>,
    made_at: DateTime<Utc>,
    /// The sites as they are now.
    sites: Sites,
    /// True if the settings of a site changed since, so that addresses may have changed.
    has_other_sites: bool,
}

/// Limit of record arenas. Each refresh adds some. A location has room for 2^20; beyond the limit, all files are read again
/// into few arenas.
const MAX_RECORD_ARENAS: usize = 1 << 19;
/// Most records are not larger, so a buffer of this size per file rarely has to grow.
const TYPICAL_RECORD_BYTES: usize = 1200;

/// Scans a batch: reads the files whose stamp differs from the known one.
fn scan_batch(batch: &Batch, before: &PreviousScan, options: &ScanOptions) -> ScannedBatch {
    let folder = (batch.folder.root, batch.folder.below.clone());
    let mut scanned = ScannedBatch { folder, same: Vec::new(), read: Vec::new(), records: Vec::new(), articles: 0 };
    let known = before.files.folder(&scanned.folder);
    let mut bytes = Vec::new();
    for name in batch.names.iter().filter(|name| name.ignored.is_none()) {
        let (number, was) = known.as_ref().and_then(|known| known(name.bytes())).unzip();
        if let (Some(number), Some(was)) = (number, &was)
            && !(was.must_reread || before.has_other_sites)
            && folder_walk::file_stamp(&batch.folder, name) == Some(was.stamp)
        {
            scanned.same.push(number);
            continue;
        }
        let was_article = was.as_ref().is_some_and(|was| was.location.is_some() && was.stamp.size > 0);
        let Some(read) =
            directory_entry_reader::read(&batch.folder, name, &mut bytes, was_article, &before.sites, options.now.at)
        else {
            continue;
        };
        let must_reread = read.may_change(options.now);
        let read = if before.feed.is_none() && options.defers_links { read } else { read.with_links() };
        // An article that is only a body is not a good version to keep.
        let last_good = was.as_ref().filter(|was| !was.has_broken_front_matter()).and_then(|was| was.location);
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
        let location = read.article.map(|article| {
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
        let mut entry = FileEntry { name, stamp, outcome, must_reread, location, problems };
        // The order of the feed depends on which articles lie in the future, so a date that has passed since is a change.
        let has_arrived = published.is_some_and(|date| date > before.made_at && date <= options.now.at);
        let is_same = !has_arrived
            && was.as_ref().is_some_and(|was| is_unchanged(&entry, was, &scanned.records, before, options));
        if is_same || keeps {
            // The known record stays in use: to keep the new one as well would only cost memory.
            scanned.records.truncate(location.map_or(scanned.records.len(), |start| start as usize));
            let known = if keeps { last_good } else { was.and_then(|was| was.location) };
            (entry.location, entry.must_reread) = (known, entry.must_reread || keeps);
        }
        let is_new = entry.location.is_some() && !is_same && !keeps;
        scanned.articles += usize::from(is_new);
        scanned.read.push(ReadFile { entry, is_new, is_same });
    }
    if scanned.records.len() * 2 < scanned.records.capacity() {
        // The buffer was reserved for the whole batch, and perhaps only one of its files changed.
        scanned.records.shrink_to_fit();
    }
    scanned
}

/// True if a file, whose record ends `records`, reads the same as before.
fn is_unchanged(
    read: &FileEntry,
    was: &FileEntry,
    records: &[u8],
    before: &PreviousScan,
    options: &ScanOptions,
) -> bool {
    let record = read.location.and_then(|start| records.get(start as usize..));
    let known = was.location.zip(before.feed).and_then(|(location, feed)| feed.record_bytes(location));
    let is_same = match read.outcome {
        // A broken file may be listed with its last good article.
        Outcome::Rejected => options.keep_last_good || was.location.is_none(),
        _ => record == known,
    };
    is_same && (read.outcome, &read.problems) == (was.outcome, &was.problems)
}

/// The records of all batches so far.
#[derive(Default)]
struct RecordArenas {
    records: Vec<Bytes>,
    /// Addresses of the articles read in this scan.
    locations: Vec<u64>,
}

impl RecordArenas {
    /// Moves the records of a batch here and turns the offsets of its files into locations.
    fn add(&mut self, batch: &mut ScannedBatch) {
        if batch.records.is_empty() {
            return;
        }
        for file in batch.read.iter_mut().filter(|file| file.is_new) {
            let location = &mut file.entry.location;
            *location = location.map(|start| columnar_feed::location(self.records.len(), start as usize));
            self.locations.extend(*location);
        }
        self.records.push(Bytes::new(std::mem::take(&mut batch.records)));
    }
}

type FailedFolders = Vec<(PathBuf, io::Error)>;

fn scan(
    roots: &[PathBuf],
    before: &PreviousScan,
    arenas: &mut RecordArenas,
    options: &ScanOptions,
    mut progress: impl FnMut(Progress),
) -> (Vec<ScannedBatch>, FailedFolders) {
    let mut articles = arenas.locations.len();
    let paths = library_roots(roots);
    let on_batch = |batch: &mut ScannedBatch, counts: ScanCounts| {
        articles += batch.articles;
        arenas.add(batch);
        let feed = || Feed::of(build_columns(paths.clone(), arenas.records.clone(), &arenas.locations, options.now));
        progress(Progress { done: counts.done, total: counts.found, articles, feed: &feed });
    };
    let pass = options.watch.map(|watch| watch.begin_pass(roots));
    pass.iter().for_each(|pass| before.sites.files().for_each(|file| pass.watch_settings(&file)));
    let on_visit: OnVisit = &|visit| pass.iter().for_each(|pass| pass.visit(&visit));
    let all = parallel_scan::scan_all(roots, on_visit, |batch| scan_batch(batch, before, options), on_batch);
    if let Some(pass) = pass {
        pass.end();
    }
    all
}

/// Reads everything.
pub fn load(roots: &[PathBuf], options: &ScanOptions, progress: impl FnMut(Progress)) -> Loaded {
    let mut arenas = RecordArenas::default();
    let (sites, has_other_sites) = (Sites::find(roots, options.sites), false);
    let nothing =
        PreviousScan { files: KnownFiles::default(), feed: None, made_at: options.now.at, sites, has_other_sites };
    let sites_hash = nothing.sites.hash();
    let mut unreadable = unreadable_roots(roots);
    let (batches, mut failed) = scan(roots, &nothing, &mut arenas, options, progress);
    // Again, since a root may disappear during the scan.
    unreadable.append(&mut unreadable_roots(roots));
    failed.retain(|(path, _)| !is_unreadable_root(path, &unreadable, roots));
    let mut files = FileIndex::default();
    let mut read = 0;
    for batch in batches.into_iter().filter(|batch| !unreadable.contains_key(&batch.folder.0)) {
        read += batch.read.len();
        batch.read.into_iter().for_each(|file| files.add(&batch.folder, file.entry));
    }
    let mut folder_problems = unlisted_folder_problems(&failed);
    folder_problems.extend(unreadable_root_problems(roots, &unreadable, &BTreeSet::new()));
    let loaded = Loaded { read, sites_hash, ..finish(roots, files, arenas.records, folder_problems, options.now) };
    with_full_texts(roots, &loaded, options).unwrap_or(loaded)
}

/// The library with the full texts of the options. `None` if it has them.
fn with_full_texts(roots: &[PathBuf], loaded: &Loaded, options: &ScanOptions) -> Option<Loaded> {
    full_texts::apply(roots, loaded, options.full_texts?, options.now)
}

/// Why a root cannot be opened, by its index in `roots`.
fn unreadable_roots(roots: &[PathBuf]) -> BTreeMap<u32, String> {
    roots.iter().zip(0..).filter_map(|(root, number)| Some((number, folder_walk::why_unreadable(root)?))).collect()
}

fn is_unreadable_root(path: &Path, unreadable: &BTreeMap<u32, String>, roots: &[PathBuf]) -> bool {
    unreadable.keys().any(|&number| roots.get(number as usize).is_some_and(|root| root == path))
}

/// Scans everything and reads what changed. Returns none if no file was read, no links, and nothing changed. If files were read without
/// a visible difference, the result has the same feed as before.
pub fn refresh(
    roots: &[PathBuf],
    before: &Loaded,
    options: &ScanOptions,
    progress: impl FnMut(Progress),
) -> Option<Loaded> {
    let read = refresh_files(roots, before, options, progress);
    let read = with_full_texts(roots, read.as_ref().unwrap_or(before), options).or(read);
    if options.defers_links {
        return read;
    }
    unread_links::complete(roots, read.as_ref().unwrap_or(before), options.now, &|| false).or(read)
}

fn refresh_files(
    roots: &[PathBuf],
    before: &Loaded,
    options: &ScanOptions,
    progress: impl FnMut(Progress),
) -> Option<Loaded> {
    let columns = before.feed.columns();
    // A damaged index is treated as an empty one: everything is read.
    let files = KnownFiles::new(&before.index).unwrap_or_default();
    let sites = Sites::find(roots, options.sites);
    let sites_hash = sites.hash();
    let has_other_sites = sites_hash != before.sites_hash;
    let known = PreviousScan { files, feed: Some(columns), made_at: before.made_at, sites, has_other_sites };
    let mut arenas = RecordArenas { records: columns.records.clone(), locations: Vec::new() };
    let mut unreadable = unreadable_roots(roots);
    let (batches, mut failed) = scan(roots, &known, &mut arenas, options, progress);
    // Again, since a root may disappear during the scan.
    unreadable.append(&mut unreadable_roots(roots));
    let same: usize = batches.iter().map(|batch| batch.same.len()).sum();
    let nothing_read = batches.iter().all(|batch| batch.read.is_empty());
    let in_order = columns.is_sorted_for(options.now.zone);
    // A snapshot stores the problems, but not whether folders failed.
    let had_folder_problems =
        before.has_folder_problems || before.problems.iter().any(|problem| roots.contains(&problem.path));
    let is_well = failed.is_empty() && unreadable.is_empty() && !had_folder_problems;
    if same == known.files.count() && nothing_read && in_order && is_well && !has_other_sites {
        return None;
    }
    failed.retain(|(path, _)| !is_unreadable_root(path, &unreadable, roots));
    let is_unreachable = |(root, below): &FolderKey| {
        let path = roots.get(*root as usize).map(|root| root.join(below)).unwrap_or_default();
        options.keep_last_good
            && (unreadable.contains_key(root) || failed.iter().any(|(failed, _)| path.starts_with(failed)))
    };
    let mut files = FileIndex::from_bytes(&before.index).unwrap_or_default();
    let kept_roots: BTreeSet<u32> =
        files.iter().map(|(folder, _)| folder).filter(|folder| is_unreachable(folder)).map(|(root, _)| *root).collect();
    let kept = files.iter().filter(|(folder, _)| is_unreachable(folder)).count();
    let mut found: BTreeMap<FolderKey, (BTreeSet<u32>, Vec<ReadFile>)> = BTreeMap::new();
    for batch in
        batches.into_iter().filter(|batch| !is_unreachable(&batch.folder) && !unreadable.contains_key(&batch.folder.0))
    {
        let (same, read) = found.entry(batch.folder).or_default();
        same.extend(batch.same);
        read.extend(batch.read);
    }
    let (mut read, mut unchanged) = (0, kept);
    files.retain_folders(|folder| found.contains_key(folder) || is_unreachable(folder));
    for (folder, (same, others)) in found {
        read += others.len();
        unchanged += same.len() + others.iter().filter(|file| file.is_same).count();
        let others = others.into_iter().map(|file| file.entry).collect();
        files.replace(&folder, |number| same.contains(&number), others);
    }
    let mut folder_problems = unlisted_folder_problems(&failed);
    folder_problems.extend(unreadable_root_problems(roots, &unreadable, &kept_roots));
    let is_same = in_order && unchanged == known.files.count() && files.iter().count() == unchanged;
    let breaks = |file: &FileEntry| file.outcome == Outcome::Rejected && file.location.is_some();
    let provisional = kept > 0 || files.iter().any(|(_, file)| breaks(file));
    let loaded = if is_same {
        let has_folder_problems = !folder_problems.is_empty();
        let problems = match has_folder_problems || had_folder_problems {
            true => all_problems(&files, columns, folder_problems),
            false => before.problems.clone(),
        };
        Loaded {
            problems,
            index: Bytes::new(files.serialise()),
            has_folder_problems,
            made_at: options.now.at,
            ..before.clone()
        }
    } else {
        finish(roots, files, arenas.records, folder_problems, options.now)
    };
    // If the records are damaged, nothing read from them can be trusted. The other case is that arena numbers run out, see
    // `MAX_RECORD_ARENAS`.
    Some(match loaded.feed.is_damaged() || loaded.feed.columns().records.len() > MAX_RECORD_ARENAS {
        true => load(roots, options, |_| {}),
        false => Loaded { read, provisional, sites_hash, ..loaded },
    })
}

/// Problems of roots that cannot be opened. `kept`: the roots whose articles are still shown.
fn unreadable_root_problems(
    roots: &[PathBuf],
    unreadable: &BTreeMap<u32, String>,
    kept: &BTreeSet<u32>,
) -> Vec<Problem> {
    let problem = |(number, why): (&u32, &String)| {
        roots.get(*number as usize).map(|root| unreadable_root(root, why, kept.contains(number)))
    };
    unreadable.iter().filter_map(problem).collect()
}

/// The problem of a root that does not exist or cannot be opened. `is_shown`: its articles were read before and are still
/// shown.
pub fn unreadable_root(root: &Path, why: &str, is_shown: bool) -> Problem {
    let (what, hint) = match is_shown {
        true => ("cannot be read any more", "its last articles are shown; it is read again once it is back"),
        false => ("cannot be read", "the rest is loaded; it is read once it exists"),
    };
    Problem { path: root.to_owned(), ..Problem::error(None, &format!("{what}: {why}"), hint) }
}

/// The problems of folders that could not be listed.
fn unlisted_folder_problems(failed: &FailedFolders) -> Vec<Problem> {
    failed.iter().map(|(folder, error)| unlisted_folder(folder, error)).collect()
}

/// Builds the feed from the files of an index.
fn finish(roots: &[PathBuf], mut files: FileIndex, records: Vec<Bytes>, failed: Vec<Problem>, now: Now) -> Loaded {
    let locations: Vec<u64> = files.iter().filter_map(|(_, file)| file.location).collect();
    let columns = build_columns(library_roots(roots), records, &locations, now);
    let has_folder_problems = !failed.is_empty();
    let problems = all_problems(&files, &columns, failed);
    let (feed, index) = (Arc::new(Feed::of(columns)), Bytes::new(files.serialise()));
    Loaded { feed, problems, index, made_at: now.at, has_folder_problems, ..Loaded::default() }
}

/// Problems of files and folders, by severity and path.
fn all_problems(files: &FileIndex, columns: &Columns, failed: Vec<Problem>) -> Vec<Problem> {
    let mut problems = problems(files, columns);
    problems.extend(failed);
    // The sort is stable, so problems of one file stay in their order.
    problems.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.path.cmp(&b.path)));
    problems
}

/// Problems of files: those of rejected files from the index, warnings from the article records.
fn problems(files: &FileIndex, columns: &Columns) -> Vec<Problem> {
    let mut problems = Vec::new();
    for ((root, below), file) in files.iter() {
        match (file.outcome, file.location) {
            (Outcome::Warning, Some(location)) => {
                let article = columns.record(location).and_then(|record| record.article(&columns.roots));
                problems.extend(article.into_iter().flat_map(|article| article.problems));
            }
            (Outcome::Rejected, _) => {
                let root = columns.roots.get(*root as usize).cloned().unwrap_or_default();
                let name: &OsStr = OsStrExt::from_bytes(&file.name);
                // A single file is a root itself, and its name in the index is the whole path.
                let path = if root.as_os_str() == name { root } else { root.join(below).join(name) };
                problems.extend(file.problems.iter().map(|problem| Problem { path: path.clone(), ..problem.clone() }));
            }
            _ => {}
        }
    }
    problems
}

/// The library of the built-in articles.
pub fn built_in(reports: Vec<FileReport>, options: &ScanOptions) -> Loaded {
    let now = options.now;
    let problems = reports.iter().filter(|report| report.outcome != Outcome::Ignored);
    let problems = problems.flat_map(|report| report.problems.clone()).collect();
    let read = reports.len();
    let articles = reports.into_iter().filter_map(|report| report.article).collect();
    let articles = match options.full_texts {
        Some(folder) => full_texts::apply_to(articles, folder),
        None => articles,
    };
    Loaded { feed: Arc::new(Feed::new(articles, now)), problems, read, made_at: now.at, ..Loaded::default() }
}
