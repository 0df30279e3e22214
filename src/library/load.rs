//! Loads a library, whole or only what changed since the last scan, and builds the feed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::batch_scan::{PreviousScan, ReadFile, RecordArenas, ScannedBatch, scan_batch};
use super::changed_files::{self, ChangedFiles, ChangedFolder};
use super::directory_entry_reader::{FileReport, Outcome, unlisted_folder};
use super::file_index::{FileIndex, FolderKey, KnownFiles};
use super::folder_walk::{self, OnVisit};
use super::full_texts;
use super::loaded::{Loaded, library_roots};
use super::parallel_scan::{self, ScanCounts};
use super::scan_options::ScanOptions;
use super::site::Sites;
use super::unread_links;
use crate::dates::Now;
use crate::feed::columnar_feed_builder::build_columns;
use crate::feed::{Bytes, Columns, Feed, Problem};

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

/// Limit of record arenas. Each refresh adds some. A location has room for 2^20; beyond the limit, all files are read again
/// into few arenas.
const MAX_RECORD_ARENAS: usize = 1 << 19;

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
    let loaded = Loaded {
        read,
        looked_at: read,
        sites_hash,
        ..finish(roots, files, arenas.records, folder_problems, options.now)
    };
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
    let in_order = columns.is_sorted_for(options.now.zone);
    // A snapshot stores the problems, but not whether folders failed.
    let had_folder_problems =
        before.has_folder_problems || before.problems.iter().any(|problem| roots.contains(&problem.path));
    let known_records = || RecordArenas { records: columns.records.clone(), locations: Vec::new() };
    if in_order && !has_other_sites && !had_folder_problems {
        let mut arenas = known_records();
        if let Some(changed) = changed_files::look(roots, &known, &mut arenas, options) {
            return apply_changes(roots, before, changed, arenas, options);
        }
    }
    let mut arenas = known_records();
    let mut unreadable = unreadable_roots(roots);
    let (batches, mut failed) = scan(roots, &known, &mut arenas, options, progress);
    // Again, since a root may disappear during the scan.
    unreadable.append(&mut unreadable_roots(roots));
    let same: usize = batches.iter().map(|batch| batch.same.len()).sum();
    let nothing_read = batches.iter().all(|batch| batch.read.is_empty());
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
    let provisional = kept > 0 || has_kept_articles(&files);
    let loaded = if is_same {
        let has_folder_problems = !folder_problems.is_empty();
        let problems = match has_folder_problems || had_folder_problems {
            true => all_problems(&files, columns, folder_problems),
            false => before.problems.clone(),
        };
        Loaded { problems, has_folder_problems, ..with_index(before, files, options) }
    } else {
        finish(roots, files, arenas.records, folder_problems, options.now)
    };
    Some(unless_damaged(roots, Loaded { read, looked_at: same + read, provisional, sites_hash, ..loaded }, options))
}

/// What is known after a look at changed files. `None` if nothing has changed.
fn apply_changes(
    roots: &[PathBuf],
    before: &Loaded,
    changed: ChangedFiles,
    arenas: RecordArenas,
    options: &ScanOptions,
) -> Option<Loaded> {
    if changed.folders.is_empty() {
        return None;
    }
    let mut files = FileIndex::from_bytes(&before.index).unwrap_or_default();
    let (mut read, mut is_same) = (0, true);
    for (folder, ChangedFolder { gone, replaced, read: others }) in changed.folders {
        read += others.len();
        is_same &= gone.is_empty() && others.iter().all(|file| file.is_same);
        let others = others.into_iter().map(|file| file.entry).collect();
        files.replace(&folder, |number| !gone.contains(&number) && !replaced.contains(&number), others);
    }
    files.retain_folders(|_| true);
    let provisional = has_kept_articles(&files);
    let loaded = match is_same {
        true => with_index(before, files, options),
        false => finish(roots, files, arenas.records, Vec::new(), options.now),
    };
    let looked_at = changed.looked_at;
    let loaded = Loaded { read, looked_at, provisional, sites_hash: before.sites_hash, ..loaded };
    Some(unless_damaged(roots, loaded, options))
}

/// True if files that are broken now are shown as they were before.
fn has_kept_articles(files: &FileIndex) -> bool {
    files.iter().any(|(_, file)| file.outcome == Outcome::Rejected && file.location.is_some())
}

/// The same articles and problems, of files with other stamps.
fn with_index(before: &Loaded, mut files: FileIndex, options: &ScanOptions) -> Loaded {
    Loaded { index: Bytes::new(files.serialise()), made_at: options.now.at, ..before.clone() }
}

/// The result of a refresh, or all read again: if the records are damaged, nothing read from them can be trusted. The other case is
/// that arena numbers run out, see [`MAX_RECORD_ARENAS`].
fn unless_damaged(roots: &[PathBuf], loaded: Loaded, options: &ScanOptions) -> Loaded {
    match loaded.feed.is_damaged() || loaded.feed.columns().records.len() > MAX_RECORD_ARENAS {
        true => load(roots, options, |_| {}),
        false => loaded,
    }
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
