//! The article folder: all reading of article files, which are never written, and the marks, which lie apart from them.

mod article_file;
mod article_rules;
pub mod atomic_write;
mod body;
mod debounce;
pub mod device_id;
mod entry_count;
mod entry_reader;
mod fast_path;
mod fast_yaml;
mod file_index;
pub mod file_system;
mod folded_texts_file;
mod folder_walk;
mod front_matter;
mod front_matter_fields;
mod front_matter_values;
pub mod fs_event;
mod key_positions;
mod load;
mod mapped_file;
mod marks_file;
pub mod marks_log;
mod marks_record;
mod own_marks_file;
mod parallel_scan;
mod real_path;
mod scalar_text;
mod snapshot;
pub mod watcher;
mod yaml_error;
mod yaml_repair;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::dates::Now;
use crate::feed::{Feed, UntrustedText, clean};
use article_rules::ArticleFile;
use folder_walk::Folder;
use parallel_scan::Batch;
use real_path::resolve;

pub use entry_count::EntryCount;
pub use entry_reader::{FileReport, Outcome};
pub use load::{Loaded, Progress, ScanOptions};
pub use snapshot::{Snapshot, SnapshotError};

/// The built-in feed: the article files of `seeds/`.
static SEEDS: Dir = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// The folders and files that articles are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Library {
    /// These folders and files.
    Paths(Vec<PathBuf>),
    /// The article files compiled into the program.
    BuiltIn,
}

/// Why a library cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// A folder or file that is not there, or may not be looked into.
    #[error("cannot read {}: {why}", clean::path(.path))]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

impl Library {
    /// An error when none of the folders and files that the library is made of can be opened.
    pub fn check(&self) -> Result<(), LibraryError> {
        let Library::Paths(paths) = self else { return Ok(()) };
        let missing = self.unreadable_roots();
        let all = missing.len() == paths.len();
        missing.into_iter().next().filter(|_| all).map_or(Ok(()), Err)
    }

    /// The folders and files of the library that cannot be opened: the others are read without them.
    pub fn unreadable_roots(&self) -> Vec<LibraryError> {
        let Library::Paths(paths) = self else { return Vec::new() };
        let missing = |path: &PathBuf| {
            folder_walk::why_unreadable(path).map(|why| LibraryError::Unreadable { path: path.clone(), why })
        };
        paths.iter().filter_map(missing).collect()
    }

    /// A name for the library that is the same wherever it is named from: 16 hex digits.
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        match self {
            Library::BuiltIn => hash.update("built in"),
            Library::Paths(paths) => paths.iter().for_each(|path| {
                hash.update(resolve(path).as_os_str().as_encoded_bytes());
                hash.update([0]);
            }),
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads every article file, in parallel. `progress` is called as articles arrive; `now` tells dates in the future.
    pub fn load(&self, now: impl Into<Now>, progress: impl FnMut(Progress)) -> Result<Loaded, LibraryError> {
        self.load_with(&ScanOptions::once(now), progress)
    }

    /// The same in a options.
    pub fn load_with(&self, options: &ScanOptions, progress: impl FnMut(Progress)) -> Result<Loaded, LibraryError> {
        match self {
            Library::BuiltIn => Ok(load::built_in(built_in(options.now.at), options.now)),
            Library::Paths(paths) => {
                self.check_with(options)?;
                Ok(load::load(paths, options, progress))
            }
        }
    }

    /// An error unless all can be opened; who watches is told when that changes.
    fn check_with(&self, options: &ScanOptions) -> Result<(), LibraryError> {
        let checked = self.check();
        if let (Err(_), Some(watch), Library::Paths(paths)) = (&checked, options.watch, self) {
            watch.begin_pass(paths).end();
        }
        checked
    }

    /// A count of what a load looks at. What is built in is there at once.
    pub fn count(&self) -> EntryCount {
        EntryCount::new(match self {
            Library::BuiltIn => &[],
            Library::Paths(paths) => paths,
        })
    }

    /// Looks at the folders again, and reads only the files that were changed since. None when no file had to be read, and
    /// all is as it was.
    pub fn refresh(
        &self,
        before: &Loaded,
        now: impl Into<Now>,
        progress: impl FnMut(Progress),
    ) -> Result<Option<Loaded>, LibraryError> {
        self.refresh_with(before, &ScanOptions::once(now), progress)
    }

    /// The same in a options.
    pub fn refresh_with(
        &self,
        before: &Loaded,
        options: &ScanOptions,
        progress: impl FnMut(Progress),
    ) -> Result<Option<Loaded>, LibraryError> {
        let Library::Paths(paths) = self else { return Ok(None) };
        if !options.keep_last_good {
            self.check_with(options)?;
        }
        Ok(load::refresh(paths, before, options, progress))
    }

    /// The file of the snapshot, in a folder for those of all libraries.
    fn snapshot_file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.snapshot", self.key()))
    }

    /// The library as it was when it was read last, from a folder of snapshots.
    pub fn open_snapshot(&self, snapshots: &Path, now: DateTime<Utc>) -> Result<Snapshot, SnapshotError> {
        let Library::Paths(paths) = self else { return Err(SnapshotError::OtherLibrary) };
        let file = self.snapshot_file(snapshots);
        let opened = Snapshot::open(&file, paths, now);
        match &opened {
            Ok(snapshot) => log::info!("{}: a snapshot of {} articles", clean::path(&file), snapshot.loaded.feed.len()),
            Err(why) => log::info!("{}: the snapshot is not used, and the files are read: {why}", clean::path(&file)),
        }
        opened
    }

    /// Keeps a library that was read for the next start. Returns the number of the snapshot.
    pub fn save_snapshot(&self, snapshots: &Path, loaded: &Loaded, now: DateTime<Utc>) -> std::io::Result<u64> {
        match self {
            Library::BuiltIn => Ok(0),
            Library::Paths(_) => snapshot::write(&self.snapshot_file(snapshots), loaded, now),
        }
    }

    /// Has a feed use the folded text that is kept beside a snapshot. False when there is none; `version` says what is meant by
    /// its columns.
    pub fn use_folded_texts(&self, snapshots: &Path, snapshot: u64, feed: &Feed, version: u32) -> bool {
        let kept = folded_texts_file::open(&self.texts_file(snapshots), version, snapshot);
        kept.map(|kept| feed.set_search_text_store(kept)).is_some()
    }

    /// Keeps the folded text of a feed beside its snapshot: so many chunks of so many columns, each made by `make`.
    pub fn save_folded_texts(
        &self,
        snapshots: &Path,
        snapshot: u64,
        version: u32,
        shape: (usize, usize),
        make: impl FnMut(usize, usize) -> (String, Vec<u32>),
    ) -> std::io::Result<()> {
        folded_texts_file::write(&self.texts_file(snapshots), version, snapshot, shape, make)
    }

    fn texts_file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.texts", self.key()))
    }

    /// Reads the library: what the snapshot knows is read from the files only where they were changed since, and what was
    /// read is kept for the next time, where that can be done.
    pub fn read(&self, snapshots: Option<&Path>, now: impl Into<Now>) -> Result<Loaded, LibraryError> {
        self.read_with_progress(snapshots, now, |_| {})
    }

    /// The same; `progress` is called as files are looked at.
    pub fn read_with_progress(
        &self,
        snapshots: Option<&Path>,
        now: impl Into<Now>,
        progress: impl FnMut(Progress),
    ) -> Result<Loaded, LibraryError> {
        let now = now.into();
        let known = snapshots.and_then(|folder| self.open_snapshot(folder, now.at).ok());
        let known = known.filter(Snapshot::is_intact_with_records);
        let read = match &known {
            Some(known) => self.refresh(&known.loaded, now, progress)?,
            None => Some(self.load(now, progress)?),
        };
        // The snapshot may have been cut short since it was checked.
        let read = match &known {
            Some(known) if read.is_none() && known.loaded.feed.is_damaged() => Some(self.load(now, |_| {})?),
            _ => read,
        };
        let must_save = |read: &Loaded| known.as_ref().is_none_or(|known| read.must_be_saved_after(&known.loaded));
        if let (Some(read), Some(folder)) = (read.as_ref().filter(|read| must_save(read)), snapshots) {
            let _ = self.save_snapshot(folder, read, now.at);
        }
        Ok(read.or(known.map(|known| known.loaded)).unwrap_or_default())
    }

    /// What became of every directory entry, each article read anew: for reports.
    pub fn report(&self, now: DateTime<Utc>) -> Result<Vec<FileReport>, LibraryError> {
        self.report_with_progress(now, |_, _| {})
    }

    /// The same; `progress` is told how many entries were looked at, and how many were found so far.
    pub fn report_with_progress(
        &self,
        now: DateTime<Utc>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Vec<FileReport>, LibraryError> {
        self.check()?;
        let Library::Paths(paths) = self else { return Ok(built_in(now)) };
        let work = |batch: &Batch| {
            let mut bytes = Vec::new();
            let read = |name| {
                let read = entry_reader::read(&batch.folder, name, &mut bytes, false, now)?;
                let (path, below) = (batch.folder.path_of(name), batch.folder.below_of(name));
                let (outcome, problems, article) = (read.outcome, read.problems, read.article.map(Arc::new));
                Some(FileReport { path, below, outcome, problems, article })
            };
            batch.names.iter().filter_map(read).collect::<Vec<FileReport>>()
        };
        let (reports, failed) =
            parallel_scan::scan_all(paths, &|_| {}, work, |_, counts| progress(counts.done, counts.found));
        let mut reports: Vec<FileReport> = reports.into_iter().flatten().collect();
        for (path, error) in failed {
            let problems = vec![entry_reader::unlisted_folder(&path, &error)];
            let below = paths.iter().find_map(|root| path.strip_prefix(root).ok());
            let below = below.filter(|below| !below.as_os_str().is_empty()).unwrap_or(&path).to_owned();
            reports.push(FileReport { path, below, outcome: Outcome::Rejected, problems, article: None });
        }
        for LibraryError::Unreadable { path, why } in self.unreadable_roots() {
            if !reports.iter().any(|report| report.path == path) {
                let (below, problems) = (path.clone(), vec![load::unreadable_root(&path, &why, false)]);
                reports.push(FileReport { path, below, outcome: Outcome::Rejected, problems, article: None });
            }
        }
        reports.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(reports)
    }
}

/// A line of a file, counted from 1, for quoting beside a problem; none when the file cannot be read as articles are.
pub fn line_of(path: &Path, line: u32) -> Option<UntrustedText> {
    let (folder, name) = Folder::of_file(0, path);
    let mut bytes = Vec::new();
    folder_walk::read_file(&folder, &name, &mut bytes).ok()?;
    let text = article_rules::with_lf(String::from_utf8_lossy(&bytes));
    text.split('\n').nth(line.checked_sub(1)? as usize).map(UntrustedText::new)
}

/// What would become of a file with these bytes, below a library folder.
pub fn read_bytes(folder: &Path, below: &Path, bytes: &[u8], now: DateTime<Utc>) -> FileReport {
    let (path, below) = (folder.join(below), below.to_owned());
    let file = ArticleFile { path: &path, below: &below, modified: None, bytes };
    let read = entry_reader::EntryResult::of(entry_reader::read_safely(&file, now), None);
    let (outcome, problems, article) = (read.outcome, read.problems, read.article.map(Arc::new));
    FileReport { path, below, outcome, problems, article }
}

fn built_in(now: DateTime<Utc>) -> Vec<FileReport> {
    let read = |seed: &include_dir::File| read_bytes(Path::new("seeds"), seed.path(), seed.contents(), now);
    let mut reports: Vec<FileReport> = SEEDS.files().map(read).collect();
    reports.sort_by(|a, b| a.below.cmp(&b.below));
    reports
}
