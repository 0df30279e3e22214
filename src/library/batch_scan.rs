//! Scans a batch of files of a folder: reads those that differ from what the scan before knows.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::directory_entry_reader::{self, Outcome};
use super::file_index::{FileEntry, FolderKey, KnownFiles};
use super::folder_walk;
use super::parallel_scan::Batch;
use super::scan_options::ScanOptions;
use super::site::Sites;
use crate::feed::{Bytes, Columns, Problem, columnar_feed, record};

/// The result of scanning one batch of files.
pub struct ScannedBatch {
    /// The folder.
    pub folder: FolderKey,
    /// Indices, in their folder, of the unchanged files.
    pub same: Vec<u32>,
    /// All other files.
    pub read: Vec<ReadFile>,
    /// Number of articles that were read.
    pub articles: usize,
    /// The records of their articles, one after another.
    records: Vec<u8>,
}

/// A file that was read.
pub struct ReadFile {
    /// The file as it is now.
    pub entry: FileEntry,
    /// Only its stamp changed.
    pub is_same: bool,
    /// Its record is new: `entry.location` is the offset in the records of the batch until [`RecordArenas::add`] changes it.
    is_new: bool,
}

/// What the scan before knows.
pub struct PreviousScan<'a> {
    /// The files.
    pub files: KnownFiles<'a>,
    /// The feed; `None` before the first scan.
    pub feed: Option<&'a Columns>,
    /// When the feed was built.
    pub made_at: DateTime<Utc>,
    /// The sites as they are now.
    pub sites: Sites,
    /// True if the settings of a site changed since, so that addresses may have changed.
    pub has_other_sites: bool,
}

/// Most records are not larger, so a buffer of this size per file rarely has to grow.
const TYPICAL_RECORD_BYTES: usize = 1200;

/// Scans a batch: reads the files whose stamp differs from the known one.
pub fn scan_batch(batch: &Batch, before: &PreviousScan, options: &ScanOptions) -> ScannedBatch {
    let folder = (batch.folder.root, batch.folder.below.clone());
    let mut scanned = ScannedBatch { folder, same: Vec::new(), read: Vec::new(), articles: 0, records: Vec::new() };
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
        scanned.read.push(ReadFile { entry, is_same, is_new });
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
pub struct RecordArenas {
    /// The arenas.
    pub records: Vec<Bytes>,
    /// Addresses of the articles read in this scan.
    pub locations: Vec<u64>,
}

impl RecordArenas {
    /// Moves the records of a batch here and turns the offsets of its files into locations.
    pub fn add(&mut self, batch: &mut ScannedBatch) {
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
