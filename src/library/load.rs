//! Loading: reads every file of the library, or only those that were changed, and makes the feed of what they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::crew::{self, Batch, Counts};
use super::files::{FileEntry, Files, FolderKey, Known};
use super::reader::{self, FileReport, Outcome, not_listed};
use super::walk;
use crate::feed::assemble::assemble;
use crate::feed::{Bytes, Columns, Feed, Problem, columns, record};

/// How far a load has come.
pub struct Progress<'a> {
    /// Files looked at so far.
    pub done: usize,
    /// Files found so far.
    pub total: usize,
    /// Articles read so far.
    pub articles: usize,
    /// Makes a feed of them.
    pub feed: &'a dyn Fn() -> Feed,
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
    /// What became of every file, so that the next look reads only what was changed.
    pub(super) table: Bytes,
}

/// What came of a batch of files.
struct Part {
    folder: FolderKey,
    /// The numbers, in their folder, of the files that are as they were.
    same: Vec<u32>,
    /// The other files.
    read: Vec<FileEntry>,
    /// The records of their articles.
    records: Vec<u8>,
    articles: usize,
}

/// Bytes that most records do not exceed.
const RECORD: usize = 1200;

/// Looks at a batch of files: those that are known and have the same state are not read.
fn look_at(batch: &Batch, known: &Known, now: DateTime<Utc>) -> Part {
    let folder = (batch.folder.root, batch.folder.below.clone());
    let mut part = Part { folder, same: Vec::new(), read: Vec::new(), records: Vec::new(), articles: 0 };
    let known = known.folder(&part.folder);
    part.records.reserve(batch.names.len() * RECORD);
    let mut bytes = Vec::new();
    for name in batch.names.iter().filter(|name| name.ignored.is_none()) {
        let before = known.as_ref().and_then(|known| known(name.bytes()));
        if let Some((number, before)) = &before
            && !before.again
            && walk::stamp(&batch.folder, name) == Some(before.stamp)
        {
            part.same.push(*number);
            continue;
        }
        let Some(read) = reader::read(&batch.folder, name, &mut bytes, now) else { continue };
        let again = read.may_change(now);
        let problems = if read.outcome == Outcome::Rejected { read.problems } else { Vec::new() };
        let address = read.article.map(|article| {
            part.articles += 1;
            let start = part.records.len();
            let below = batch.folder.below.join(name.as_path());
            let below = if batch.folder.is_file() { PathBuf::new() } else { below };
            record::write(&article, batch.folder.root, &below, &mut part.records);
            start as u64
        });
        let (name, stamp, outcome) = (name.bytes().into(), read.stamp.unwrap_or_default(), read.outcome);
        part.read.push(FileEntry { name, stamp, outcome, again, address, problems });
    }
    part
}

/// What came of all batches so far.
#[derive(Default)]
struct Gathered {
    records: Vec<Bytes>,
    /// Where the records of the files that were read are.
    addresses: Vec<u64>,
}

impl Gathered {
    /// Takes the records of a part, whose files then have addresses among those of all.
    fn take(&mut self, part: &mut Part) {
        for file in &mut part.read {
            file.address = file.address.map(|start| columns::address(self.records.len(), start as usize));
            self.addresses.extend(file.address);
        }
        self.records.push(Bytes::new(std::mem::take(&mut part.records)));
    }
}

type Failed = Vec<(PathBuf, io::Error)>;

fn look_at_all(
    roots: &[PathBuf],
    known: &Known,
    gathered: &mut Gathered,
    now: DateTime<Utc>,
    mut progress: impl FnMut(Progress),
) -> (Vec<Part>, Failed) {
    let mut articles = gathered.addresses.len();
    let paths: Arc<[PathBuf]> = roots.into();
    let take = |part: &mut Part, counts: Counts| {
        articles += part.articles;
        gathered.take(part);
        let feed = || Feed::of(assemble(paths.clone(), gathered.records.clone(), &gathered.addresses, now));
        progress(Progress { done: counts.done, total: counts.found, articles, feed: &feed });
    };
    crew::look_at_all(roots, |batch| look_at(batch, known, now), take)
}

/// Reads everything.
pub fn load(roots: &[PathBuf], now: DateTime<Utc>, progress: impl FnMut(Progress)) -> Loaded {
    let mut gathered = Gathered::default();
    let (parts, failed) = look_at_all(roots, &Known::default(), &mut gathered, now, progress);
    let mut files = Files::default();
    let mut read = 0;
    for part in parts {
        read += part.read.len();
        part.read.into_iter().for_each(|file| files.add(&part.folder, file));
    }
    Loaded { read, ..finish(roots, files, gathered.records, &failed, now) }
}

/// Looks at everything and reads what was changed. None when all is as it was.
pub fn refresh(
    roots: &[PathBuf],
    before: &Loaded,
    now: DateTime<Utc>,
    progress: impl FnMut(Progress),
) -> Option<Loaded> {
    // What is damaged is as good as what is not there.
    let known = Known::new(&before.table).unwrap_or_default();
    let records = before.feed.columns().records.clone();
    let mut gathered = Gathered { records, addresses: Vec::new() };
    let (parts, failed) = look_at_all(roots, &known, &mut gathered, now, progress);
    let same: usize = parts.iter().map(|part| part.same.len()).sum();
    if same == known.count() && parts.iter().all(|part| part.read.is_empty()) && failed.is_empty() {
        return None;
    }
    let mut files = Files::from_bytes(&before.table).unwrap_or_default();
    let mut found: BTreeMap<FolderKey, (BTreeSet<u32>, Vec<FileEntry>)> = BTreeMap::new();
    for part in parts {
        let (same, read) = found.entry(part.folder).or_default();
        same.extend(part.same);
        read.extend(part.read);
    }
    let read = found.values().map(|(_, read)| read.len()).sum();
    files.retain_folders(|folder| found.contains_key(folder));
    for (folder, (same, read)) in found {
        files.replace(&folder, |number| same.contains(&number), read);
    }
    let loaded = finish(roots, files, gathered.records, &failed, now);
    // What was known turns out to be damaged: then nothing is known.
    Some(if loaded.feed.is_damaged() { load(roots, now, |_| {}) } else { Loaded { read, ..loaded } })
}

/// Makes the feed of the files that are there.
fn finish(roots: &[PathBuf], mut files: Files, records: Vec<Bytes>, failed: &Failed, now: DateTime<Utc>) -> Loaded {
    let addresses: Vec<u64> = files.iter().filter_map(|(_, file)| file.address).collect();
    let columns = assemble(roots.into(), records, &addresses, now);
    let mut problems = problems(&files, &columns);
    problems.extend(failed.iter().map(|(folder, error)| not_listed(folder, error)));
    problems.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.path.cmp(&b.path)));
    Loaded { feed: Arc::new(Feed::of(columns)), problems, read: 0, table: Bytes::new(files.written()) }
}

/// What is wrong with files.
fn problems(files: &Files, columns: &Columns) -> Vec<Problem> {
    let mut problems = Vec::new();
    for ((root, below), file) in files.iter() {
        match (file.outcome, file.address) {
            (Outcome::Warning, Some(address)) => {
                let article = columns.record(address).and_then(|record| record.article(&columns.roots));
                problems.extend(article.into_iter().flat_map(|article| article.problems));
            }
            (Outcome::Rejected, _) => {
                let root = columns.roots.get(*root as usize).cloned().unwrap_or_default();
                let name = std::os::unix::ffi::OsStrExt::from_bytes(&file.name);
                let path = root.join(below).join::<&std::ffi::OsStr>(name);
                problems.extend(file.problems.iter().map(|problem| Problem { path: path.clone(), ..problem.clone() }));
            }
            _ => {}
        }
    }
    problems
}

/// The library of the article files that are compiled into the program.
pub fn built_in(reports: Vec<FileReport>, now: DateTime<Utc>) -> Loaded {
    let problems = reports.iter().filter(|report| report.outcome != Outcome::Ignored);
    let problems = problems.flat_map(|report| report.problems.clone()).collect();
    let read = reports.len();
    let articles = reports.into_iter().filter_map(|report| report.article).collect();
    Loaded { feed: Arc::new(Feed::new(articles, now)), problems, read, table: Bytes::default() }
}
