//! Reads article files from the library's folders, which it never writes to, and stores marks and full texts in files of their own.

mod article_file;
mod article_parts;
mod articles_of_subscriptions;
mod batch_scan;
mod binary_content;
mod body;
mod changed_files;
mod channel_keys;
mod debounce;
pub mod device_id;
mod directory_entry_reader;
pub mod downloaded_files;
mod entry_count;
mod fast_flow;
mod fast_path;
mod fast_yaml;
mod file_index;
mod folded_texts_file;
mod folder_walk;
mod front_matter;
mod front_matter_fields;
pub mod fs_event;
mod full_text_folder;
mod full_texts;
mod key_positions;
mod link_check;
mod load;
mod loaded;
mod mapped_file;
mod marks_file;
pub mod marks_log;
mod marks_record;
mod nesting_limit;
mod other_names;
mod own_marks_file;
mod page_fields;
mod parallel_scan;
#[cfg(feature = "pictures")]
pub mod picture_cache;
mod picture_check;
pub mod picture_files;
pub mod picture_names;
mod real_path;
mod scalar_text;
mod scan_options;
mod section_file;
pub mod site;
mod snapshot;
mod unread_links;
mod watch_changes;
pub mod watcher;
mod watcher_handle;
mod yaml_error;
mod yaml_repair;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::dates::Now;
use crate::feed::{Bytes, Feed, SafeText, UntrustedText, clean};
use crate::file_system::{FileSystem, RealFileSystem};
use article_parts::ArticleFile;
use folder_walk::Folder;
use parallel_scan::Batch;
use real_path::resolve;

pub use articles_of_subscriptions::has_article_files;
pub use directory_entry_reader::{FileReport, Outcome};
pub use entry_count::EntryCount;
pub use folder_walk::io_error_text;
pub use full_text_folder::{FullTextFolder, KeptText, full_text_words};
pub use load::Progress;
pub use loaded::Loaded;
pub use scan_options::ScanOptions;
pub use site::{SiteAddress, Sites};
pub use snapshot::{Snapshot, SnapshotError};

/// The built-in feed: the article files of `seeds/`.
static SEEDS: Dir = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// The folders and files that articles are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Library {
    /// Folders and files on disk.
    Paths(Vec<PathBuf>),
    /// The article files compiled into the program.
    BuiltIn,
}

/// Why a library cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// A folder or file that does not exist or cannot be opened.
    #[error("cannot read {}: {why}", clean::path(.path))]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// The system's error text.
        why: String,
    },
}

impl Library {
    /// The library together with the folder of the subscriptions' articles, which is created if it does not exist. `None` if that
    /// changes nothing: the library reads the folder already; or it is the built-in feed, and the folder has no articles yet; or
    /// the folder cannot be created.
    pub fn with_subscriptions(&self, folder: &Path) -> Option<Library> {
        match self {
            Library::BuiltIn => has_article_files(folder).then(|| Library::Paths(vec![folder.to_owned()])),
            Library::Paths(roots) if roots.iter().any(|root| articles_of_subscriptions::reads(root, folder)) => None,
            Library::Paths(roots) => {
                // A link without a target is a disk that is not mounted: it is read as soon as it is there.
                let is_there = RealFileSystem.make_folder(folder).is_ok() || folder.is_symlink();
                // At the end: a snapshot knows the other folders by their index.
                is_there.then(|| Library::Paths(roots.iter().cloned().chain([folder.to_owned()]).collect()))
            }
        }
    }

    /// The library without its last folder, if it has several: its snapshot serves until the whole has one.
    fn without_last_root(&self) -> Option<Library> {
        match self {
            Library::Paths(roots) if roots.len() > 1 => {
                Some(Library::Paths(roots.iter().take(roots.len() - 1).cloned().collect()))
            }
            _ => None,
        }
    }

    /// Fails if none of the library's folders and files can be opened.
    pub fn check(&self) -> Result<(), LibraryError> {
        let Library::Paths(paths) = self else { return Ok(()) };
        let missing = self.unreadable_roots();
        let all = missing.len() == paths.len();
        missing.into_iter().next().filter(|_| all).map_or(Ok(()), Err)
    }

    /// One error for each folder or file of the library that cannot be opened. Loads skip these and read the rest.
    pub fn unreadable_roots(&self) -> Vec<LibraryError> {
        let Library::Paths(paths) = self else { return Vec::new() };
        let missing = |path: &PathBuf| {
            folder_walk::why_unreadable(path).map(|why| LibraryError::Unreadable { path: path.clone(), why })
        };
        paths.iter().filter_map(missing).collect()
    }

    /// The sites that its folders and files belong to.
    pub fn sites(&self, own: &[SiteAddress]) -> Sites {
        match self {
            Library::BuiltIn => Sites::default(),
            Library::Paths(paths) => Sites::find(paths, own),
        }
    }

    /// Whether a path, which need not exist, is that of its files, or is in its folders. Links are followed.
    pub fn has_path(&self, path: &Path) -> bool {
        let Library::Paths(roots) = self else { return false };
        let path = resolve(path);
        roots.iter().any(|root| path.starts_with(resolve(root)))
    }

    /// The names of its folders and files, for the title of the list.
    pub fn name(&self) -> SafeText {
        let name = |path: &PathBuf| clean::path(path.file_name().map_or(path.as_path(), Path::new)).to_string();
        match self {
            Library::BuiltIn => "The built-in feed".into(),
            Library::Paths(paths) => clean::plain_line(&paths.iter().map(name).collect::<Vec<_>>().join(", ")),
        }
    }

    /// A stable name for this library in file names: 16 hex digits, a hash of its paths with all links resolved.
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        match self {
            Library::BuiltIn => hash.update("built in"),
            Library::Paths(paths) => paths.iter().for_each(|path| {
                hash.update(resolve(path).as_os_str().as_encoded_bytes());
                // A separator that no path contains.
                hash.update([0]);
            }),
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads every article file, on several threads. `progress` is called as articles arrive. `now` decides which dates lie
    /// in the future.
    pub fn load(&self, now: impl Into<Now>, progress: impl FnMut(Progress)) -> Result<Loaded, LibraryError> {
        self.load_with(&ScanOptions::once(now), progress)
    }

    /// Like [`Library::load`], with options.
    pub fn load_with(&self, options: &ScanOptions, progress: impl FnMut(Progress)) -> Result<Loaded, LibraryError> {
        match self {
            Library::BuiltIn => Ok(load::built_in(built_in(options.now.at), options)),
            Library::Paths(paths) => {
                self.check_with(options)?;
                Ok(load::load(paths, options, progress))
            }
        }
    }

    /// Fails if nothing can be opened. A watcher in the options then still watches the roots, so that it reports when they
    /// appear.
    fn check_with(&self, options: &ScanOptions) -> Result<(), LibraryError> {
        let checked = self.check();
        if let (Err(_), Some(watch), Library::Paths(paths)) = (&checked, options.watch, self) {
            watch.begin_pass(paths).end_unscanned();
        }
        checked
    }

    /// Counts the entries that a load will visit, on a thread of its own. The built-in feed has none to count.
    pub fn count(&self) -> EntryCount {
        EntryCount::new(match self {
            Library::BuiltIn => &[],
            Library::Paths(paths) => paths,
        })
    }

    /// Scans the folders again and reads only the files that changed. Returns none if no file had to be read and nothing
    /// changed.
    pub fn refresh(
        &self,
        before: &Loaded,
        now: impl Into<Now>,
        progress: impl FnMut(Progress),
    ) -> Result<Option<Loaded>, LibraryError> {
        self.refresh_with(before, &ScanOptions::once(now), progress)
    }

    /// Like [`Library::refresh`], with options.
    pub fn refresh_with(
        &self,
        before: &Loaded,
        options: &ScanOptions,
        progress: impl FnMut(Progress),
    ) -> Result<Option<Loaded>, LibraryError> {
        let Library::Paths(paths) = self else {
            let is_other = options.full_texts.is_some_and(|folder| full_texts::differ(&before.feed, folder));
            return if is_other { self.load_with(options, progress).map(Some) } else { Ok(None) };
        };
        if !options.keep_last_good {
            self.check_with(options)?;
        }
        Ok(load::refresh(paths, before, options, progress))
    }

    /// Reads the links that a load has left unread, see [`ScanOptions::defers_links`], from the bodies that it has read. `None` if there
    /// are none, or if `is_stopped` returns true before the end.
    pub fn with_links(&self, loaded: &Loaded, now: Now, is_stopped: &dyn Fn() -> bool) -> Option<Loaded> {
        let Library::Paths(paths) = self else { return None };
        unread_links::complete(paths, loaded, now, is_stopped)
    }

    /// Path of this library's snapshot in the folder of all snapshots.
    fn snapshot_file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.snapshot", self.key()))
    }

    /// Opens the snapshot of this library: its state after the last load. The result is also logged.
    pub fn open_snapshot(&self, snapshots: &Path, now: DateTime<Utc>) -> Result<Snapshot, SnapshotError> {
        let Library::Paths(paths) = self else { return Err(SnapshotError::OtherLibrary) };
        let mut file = self.snapshot_file(snapshots);
        let mut opened = Snapshot::open(&file, paths, now);
        // A folder that has joined costs no new look at all files of the others.
        if opened.is_err()
            && let Some(before) = self.without_last_root()
            && let Ok(known) = Snapshot::open(&before.snapshot_file(snapshots), paths, now)
        {
            (file, opened) = (before.snapshot_file(snapshots), Ok(known));
        }
        match &opened {
            Ok(snapshot) => log::info!("{}: a snapshot of {} articles", clean::path(&file), snapshot.loaded.feed.len()),
            Err(why) => log::info!("{}: snapshot not used, all files are read: {why}", clean::path(&file)),
        }
        opened
    }

    /// Saves a snapshot for the next start. Returns the number that identifies it.
    pub fn save_snapshot(&self, snapshots: &Path, loaded: &Loaded, now: DateTime<Utc>) -> std::io::Result<u64> {
        match self {
            Library::BuiltIn => Ok(0),
            Library::Paths(_) => snapshot::write(&self.snapshot_file(snapshots), loaded, now),
        }
    }

    /// Makes a feed use the folded text saved with a snapshot. Returns false if there is none. `version` identifies the
    /// meaning of the columns.
    pub fn use_folded_texts(&self, snapshots: &Path, snapshot: u64, feed: &Feed, version: u32) -> bool {
        let kept = folded_texts_file::open(&self.texts_file(snapshots), version, snapshot);
        kept.map(|kept| feed.set_folded_text_store(kept)).is_some()
    }

    /// Saves the folded text of a feed beside its snapshot. `shape` is the number of chunks and of columns in each; `make`
    /// builds one column of one chunk.
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

    /// The saved index of similar articles, as sections; `None` if there is none. `version` identifies the meaning of the sections.
    pub fn open_similarity_index(&self, snapshots: &Path, version: u32) -> Option<Vec<Bytes>> {
        section_file::open(&self.similarity_file(snapshots), version)
    }

    /// Saves the sections of the index of similar articles.
    pub fn save_similarity_index(&self, snapshots: &Path, version: u32, sections: &[Bytes]) -> std::io::Result<()> {
        section_file::write(&self.similarity_file(snapshots), version, sections)
    }

    fn similarity_file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.similar", self.key()))
    }

    fn texts_file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.texts", self.key()))
    }

    /// Reads the library with the help of a snapshot: only files that changed since are read. Saves a new snapshot if
    /// something changed; failures to save are ignored, since a snapshot only saves time.
    pub fn read(&self, snapshots: Option<&Path>, now: impl Into<Now>) -> Result<Loaded, LibraryError> {
        self.read_with(snapshots, &ScanOptions::once(now), |_| {})
    }

    /// Like [`Library::read`], with options; `progress` is called as files are scanned.
    pub fn read_with(
        &self,
        snapshots: Option<&Path>,
        options: &ScanOptions,
        progress: impl FnMut(Progress),
    ) -> Result<Loaded, LibraryError> {
        let now = options.now;
        let known = snapshots.and_then(|folder| self.open_snapshot(folder, now.at).ok());
        let known = known.filter(Snapshot::is_intact_with_records);
        let read = match &known {
            Some(known) => self.refresh_with(&known.loaded, options, progress)?,
            None => Some(self.load_with(options, progress)?),
        };
        // Another process may have cut the file since it was checked.
        let read = match &known {
            Some(known) if read.is_none() && known.loaded.feed.is_damaged() => Some(self.load_with(options, |_| {})?),
            _ => read,
        };
        let must_save = |read: &Loaded| {
            known
                .as_ref()
                .map(|known| &known.loaded)
                .is_none_or(|known| read.must_be_saved_after(known) && read.is_worth_saving(read.changes_since(known)))
        };
        if let (Some(read), Some(folder)) = (read.as_ref().filter(|read| must_save(read)), snapshots) {
            let _ = self.save_snapshot(folder, read, now.at);
        }
        Ok(read.or(known.map(|known| known.loaded)).unwrap_or_default())
    }

    /// Reads every entry, ignores snapshots, and reports the outcome of each, sorted by path.
    pub fn report(&self, now: DateTime<Utc>) -> Result<Vec<FileReport>, LibraryError> {
        self.report_with(now, &[], |_, _| {})
    }

    /// Like [`Library::report`], with the addresses that the user's settings give to folders; `progress` gets the number of entries
    /// scanned and the number found so far.
    pub fn report_with(
        &self,
        now: DateTime<Utc>,
        sites: &[SiteAddress],
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Vec<FileReport>, LibraryError> {
        self.check()?;
        let Library::Paths(paths) = self else { return Ok(built_in(now)) };
        let sites = Sites::find(paths, sites);
        let work = |batch: &Batch| {
            let mut bytes = Vec::new();
            let read = |name| {
                let read =
                    directory_entry_reader::read(&batch.folder, name, &mut bytes, false, &sites, now)?.with_links();
                let (path, below) = (batch.folder.path_of(name), batch.folder.below_of(name));
                let (outcome, problems, article) = (read.outcome, read.problems, read.article.map(Arc::from));
                Some(FileReport { path, below, outcome, problems, article })
            };
            batch.names.iter().filter_map(read).collect::<Vec<FileReport>>()
        };
        let (reports, failed) =
            parallel_scan::scan_all(paths, &|_| {}, work, |_, counts| progress(counts.done, counts.found));
        let mut reports: Vec<FileReport> = reports.into_iter().flatten().collect();
        for (path, error) in failed {
            let problems = vec![directory_entry_reader::unlisted_folder(&path, &error)];
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
        link_check::add_missing_links(paths, &mut reports, now.into());
        picture_check::add_missing_pictures(paths, &mut reports);
        Ok(reports)
    }
}

/// Returns one line of a file, counted from 1, to quote beside a problem. None if the file cannot be read as an article file.
pub fn line_of(path: &Path, line: u32) -> Option<UntrustedText> {
    let (folder, name) = Folder::of_file(0, path);
    let mut bytes = Vec::new();
    folder_walk::read_file(&folder, &name, &mut bytes).ok()?;
    let text = article_parts::with_lf(String::from_utf8_lossy(&bytes));
    text.split('\n').nth(line.checked_sub(1)? as usize).map(UntrustedText::new)
}

/// Reads bytes as if they were the file `below` in a library folder.
pub fn read_bytes(folder: &Path, below: &Path, bytes: &[u8], now: DateTime<Utc>) -> FileReport {
    let (path, below) = (folder.join(below), below.to_owned());
    let file = ArticleFile { path: &path, below: &below, modified: None, bytes, site: None };
    let read =
        directory_entry_reader::EntryResult::of(directory_entry_reader::read_safely(&file, now), None).with_links();
    let (outcome, problems, article) = (read.outcome, read.problems, read.article.map(Arc::from));
    FileReport { path, below, outcome, problems, article }
}

/// True if the fast path reads this file: for the tests of code that writes such files.
#[cfg(all(test, feature = "sync"))]
pub(crate) fn is_plain(below: &Path, bytes: &[u8], now: DateTime<Utc>) -> bool {
    fast_path::read(&ArticleFile { path: below, below, modified: None, bytes, site: None }, now).is_some()
}

fn built_in(now: DateTime<Utc>) -> Vec<FileReport> {
    let read = |seed: &include_dir::File| read_bytes(Path::new("seeds"), seed.path(), seed.contents(), now);
    let mut reports: Vec<FileReport> = SEEDS.files().map(read).collect();
    reports.sort_by(|a, b| a.below.cmp(&b.below));
    reports
}
