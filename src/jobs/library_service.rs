//! Loads and watches the library during a session, and saves snapshots of it in the background.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::{Answer, FeedUpdate, JobError, Monitor, Progress};
use crate::dates::Now;
use crate::feed::{Feed, Problem, SafeText, Severity, clean, earlier_texts, filled_columns};
use crate::library::watcher::{LibraryWatcher, WatchEvent};
use crate::library::{self, Library, ScanOptions, SiteAddress, Snapshot};
use crate::query::{FoldedTexts, SimilarityIndex, texts_to_keep};

/// How often a load reports its progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(50);
/// How long a load runs before all files are counted, to know the total.
const COUNT_DELAY: Duration = Duration::from_millis(200);
/// With more articles than this, what was read is saved before their links are read, which takes seconds.
const MANY_UNREAD_LINKS: usize = 20_000;
/// After a save, the next one waits this many times as long as the save took, so that saving takes about 5 % of the time.
const SAVE_PAUSE_FACTOR: u32 = 20;

/// The library, what was last read of it, and its watcher.
pub struct LibraryService {
    /// The library of the last scan. It changes only while the baseline is locked.
    library: Mutex<Library>,
    /// The library that the next scan reads instead.
    next: Mutex<Option<Library>>,
    /// The folder for snapshots.
    snapshots: Option<PathBuf>,
    /// The addresses that the user's settings give to folders.
    sites: Vec<SiteAddress>,
    /// The folder of full texts.
    full_texts: Option<PathBuf>,
    /// What is known of the library. The next load reads only what has changed since.
    baseline: Mutex<Baseline>,
    /// Reports when to scan the files again.
    watch: OnceLock<LibraryWatcher>,
    /// A scan has been started.
    has_loaded: AtomicBool,
    /// The sender to the thread that saves snapshots; `None` if the thread could not be started.
    saver: OnceLock<Option<Sender<SaveRequest>>>,
    /// Number of files that have changed since the snapshot was written.
    unsaved: AtomicUsize,
    /// How often the files were scanned.
    #[cfg(test)]
    scans: AtomicUsize,
}

/// A report of the watcher.
#[derive(Clone, Debug)]
pub enum WatchStatus {
    /// Files may have changed.
    Changed,
    /// Changes are found by polling, with a message for the user.
    Polls(SafeText),
    /// Changes are not noticed, with a message for the user.
    Fails(SafeText),
}

/// What to save for the next session.
enum SaveRequest {
    /// What was last read, at this time.
    Snapshot(DateTime<Utc>),
    /// The folded text of the feed of the snapshot with this number, unless it is saved already.
    Texts(u64, Arc<Feed>),
}

/// What is known of the library before a scan.
#[derive(Default)]
enum Baseline {
    /// Nothing.
    #[default]
    Nothing,
    /// A snapshot that was not yet compared with the files.
    Snapshot(Snapshot),
    /// What was read from the files.
    Read(library::Loaded),
}

impl Baseline {
    /// Marks a snapshot as confirmed by the files. Returns the feed.
    fn confirm(&mut self) -> Option<Arc<Feed>> {
        *self = match std::mem::take(self) {
            Baseline::Snapshot(snapshot) => Baseline::Read(snapshot.loaded),
            other => other,
        };
        if let Baseline::Read(loaded) = self { Some(loaded.feed.clone()) } else { None }
    }
}

impl LibraryService {
    /// A service that has read nothing.
    pub fn new(library: Library, snapshots: Option<PathBuf>) -> LibraryService {
        LibraryService {
            library: Mutex::new(library),
            next: Mutex::default(),
            snapshots,
            sites: Vec::new(),
            full_texts: None,
            baseline: Mutex::default(),
            watch: OnceLock::new(),
            has_loaded: AtomicBool::new(false),
            saver: OnceLock::new(),
            unsaved: AtomicUsize::new(0),
            #[cfg(test)]
            scans: Default::default(),
        }
    }

    /// The service with the addresses that the user's settings give to folders.
    pub fn with_sites(self, sites: Vec<SiteAddress>) -> LibraryService {
        LibraryService { sites, ..self }
    }

    /// The service with the folder of full texts.
    pub fn with_full_texts(self, full_texts: Option<PathBuf>) -> LibraryService {
        LibraryService { full_texts, ..self }
    }

    /// The folder of full texts.
    pub fn full_texts(&self) -> Option<&Path> {
        self.full_texts.as_deref()
    }

    fn baseline(&self) -> MutexGuard<'_, Baseline> {
        // A scan replaces the baseline at its end: after a panic in a scan the earlier one is still valid.
        self.baseline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn library(&self) -> Library {
        self.library.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes the next scan read another library. Never waits for a running one.
    pub fn switch(&self, library: Library) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(library);
    }

    /// Applies a switch at the start of a scan. What is known of folders that stay is kept.
    fn apply_switch(&self, baseline: &mut Baseline) {
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(next) = next else { return };
        let mut library = self.library.lock().unwrap_or_else(PoisonError::into_inner);
        let stays = match (&*library, &next) {
            (Library::Paths(before), Library::Paths(now)) => now.starts_with(before),
            _ => false,
        };
        if !stays {
            *baseline = Baseline::Nothing;
            self.has_loaded.store(false, Ordering::Relaxed);
        }
        *library = next;
    }

    /// Opens the snapshot, from which the session starts. `None` if there is no usable one.
    pub fn open_snapshot(&self, now: DateTime<Utc>) -> Option<FeedUpdate> {
        let library = self.library();
        let snapshot = library.open_snapshot(self.snapshots.as_deref()?, now).ok()?;
        let loaded = full_update(&snapshot.loaded);
        self.set_folded_text_store(&library, snapshot.number, &snapshot.loaded.feed);
        *self.baseline() = Baseline::Snapshot(snapshot);
        Some(loaded)
    }

    /// Starts to watch the files. `send` receives the reports, on other threads.
    pub fn watch(&self, send: impl Fn(WatchStatus) + Clone + Send + 'static) {
        // The built-in feed is part of the program and never changes.
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if next.unwrap_or_else(|| self.library()) == Library::BuiltIn || self.watch.get().is_some() {
            return;
        }
        let sender = send.clone();
        let watch = LibraryWatcher::start(move |watched| match watched {
            WatchEvent::Changed => sender(WatchStatus::Changed),
            WatchEvent::Polling { every, why } => {
                let words = format!("Checking for changes every {} s: {why}", every.as_secs());
                log::info!("{words}");
                sender(WatchStatus::Polls(clean::plain_line(&words)));
            }
            WatchEvent::Watching => log::info!("all folders are watched"),
        });
        match watch {
            Ok(watch) => drop(self.watch.set(watch)),
            Err(error) => send(WatchStatus::Fails(clean::plain_line(&format!("Cannot watch for changes: {error}")))),
        }
    }

    /// Hands a request to the thread that saves, so that no edit waits for the disk. Without the thread, or if saving fails, only
    /// the next start and its first search take longer: that is not reported to the user.
    fn save_later(self: &Arc<LibraryService>, request: SaveRequest) {
        let start = || {
            let (sender, inbox) = channel();
            // Weak, because the thread ends when the service drops the sender: a strong reference would keep both.
            let service = Arc::downgrade(self);
            let run = move || run_saver(&service, &inbox);
            thread::Builder::new().name("snapshots".to_owned()).spawn(run).ok().map(|_| sender)
        };
        if let Some(saver) = self.saver.get_or_init(start) {
            let _ = saver.send(request);
        }
    }

    /// Saves what a request asks for.
    fn save_one(&self, request: SaveRequest) {
        match request {
            SaveRequest::Snapshot(now) => self.save_snapshot(now),
            SaveRequest::Texts(number, feed) if feed.folded_text_store().is_none() => {
                self.save_texts(&self.library(), number, &feed);
            }
            SaveRequest::Texts(..) => {}
        }
    }

    /// Saves what was last read.
    fn save_snapshot(&self, now: DateTime<Utc>) {
        let Some(folder) = self.snapshots.as_deref() else { return };
        // Cloned, so that the lock is free while the disk is written: loads wait for it.
        let (loaded, library, unsaved) = match &*self.baseline() {
            Baseline::Read(loaded) if !loaded.provisional => {
                (loaded.clone(), self.library(), self.unsaved.swap(0, Ordering::Relaxed))
            }
            _ => return,
        };
        match library.save_snapshot(folder, &loaded, now) {
            Ok(number) => {
                self.save_texts(&library, number, &loaded.feed);
                self.continue_from(&library, number, &loaded, now);
            }
            Err(error) => {
                self.unsaved.fetch_add(unsaved, Ordering::Relaxed);
                log::info!("no snapshot saved in {}: {error}", clean::path(folder));
            }
        }
    }

    /// Continues with the snapshot that was just saved, if nothing has changed since. Its data is in a file instead of in memory,
    /// without leftovers of replaced articles.
    fn continue_from(&self, library: &Library, number: u64, kept: &library::Loaded, now: DateTime<Utc>) {
        let snapshot = self.snapshots.as_deref().and_then(|folder| library.open_snapshot(folder, now).ok());
        let Some(snapshot) = snapshot.filter(|snapshot| snapshot.number == number) else { return };
        // A scan may have read other content while the snapshot was written.
        if let Baseline::Read(loaded) = &mut *self.baseline()
            && loaded.is_same_as(kept)
        {
            loaded.continue_from(snapshot.loaded);
            self.set_folded_text_store(library, number, &loaded.feed);
        }
    }

    /// Saves the folded text of a feed.
    fn save_texts(&self, library: &Library, snapshot: u64, feed: &Feed) {
        let Some(folder) = &self.snapshots else { return };
        if *library == Library::BuiltIn {
            return;
        }
        let make = texts_to_keep(feed);
        if library.save_folded_texts(folder, snapshot, FoldedTexts::VERSION, FoldedTexts::shape(feed), make).is_ok() {
            self.set_folded_text_store(library, snapshot, feed);
        }
    }

    /// The index of similar articles that an earlier session saved.
    pub(super) fn open_similarity_index(&self) -> Option<SimilarityIndex> {
        let sections = self.library().open_similarity_index(self.snapshots.as_deref()?, SimilarityIndex::VERSION)?;
        SimilarityIndex::of_sections(&sections)
    }

    /// Saves the index of similar articles. Returns the same index with its bytes in the file.
    pub(super) fn save_similarity_index(&self, index: &SimilarityIndex) -> Option<SimilarityIndex> {
        let (folder, library) = (self.snapshots.as_deref()?, self.library());
        if library == Library::BuiltIn {
            return None;
        }
        let saved = library.save_similarity_index(folder, SimilarityIndex::VERSION, &index.sections());
        if let Err(error) = &saved {
            log::info!("no index of similar articles saved in {}: {error}", clean::path(folder));
        }
        saved.ok().and_then(|()| self.open_similarity_index()).and_then(|saved| index.with_saved(saved))
    }

    /// Makes a feed use the folded text that is saved for it.
    fn set_folded_text_store(&self, library: &Library, snapshot: u64, feed: &Feed) {
        if let Some(folder) = &self.snapshots {
            library.use_folded_texts(folder, snapshot, feed, FoldedTexts::VERSION);
        }
    }

    /// Scans the files, reads the links that are not known yet, returns the update if anything has changed, and saves it in the
    /// background.
    pub(super) fn load(
        self: &Arc<LibraryService>,
        now: Now,
        monitor: &dyn Monitor,
    ) -> Result<Option<FeedUpdate>, JobError> {
        let LoadOutcome { mut update, mut save } = self.scan(now, monitor)?;
        if let Some((loaded, count)) = self.without_links() {
            // What was read is shown at once, and its links follow.
            update.take().into_iter().for_each(|update| monitor.partial(Answer::Load(Some(update))));
            if count > MANY_UNREAD_LINKS {
                save.take().into_iter().for_each(|request| self.save_later(request));
            }
            if let Some(with_links) = self.read_links(&loaded, now, monitor) {
                update = Some(with_links);
                if self.is_worth_saving(count, &loaded) {
                    save = Some(SaveRequest::Snapshot(now.at));
                }
            }
        }
        save.into_iter().for_each(|request| self.save_later(request));
        Ok(update)
    }

    /// Counts changes that are not saved yet. True if they are worth a new snapshot.
    fn is_worth_saving(&self, changes: usize, loaded: &library::Loaded) -> bool {
        let unsaved = self.unsaved.fetch_add(changes, Ordering::Relaxed).saturating_add(changes);
        loaded.is_worth_saving(unsaved)
    }

    /// What was read, with the number of articles whose links are not known yet. `None` if all are known.
    fn without_links(&self) -> Option<(library::Loaded, usize)> {
        let Baseline::Read(loaded) = &*self.baseline() else { return None };
        let count = loaded.unread_links();
        (count > 0).then(|| (loaded.clone(), count))
    }

    /// Reads the links of what was read. The lock is free meanwhile, so that it can be saved.
    fn read_links(&self, without: &library::Loaded, now: Now, monitor: &dyn Monitor) -> Option<FeedUpdate> {
        let loaded = self.library().with_links(without, now, &|| monitor.is_cancelled())?;
        earlier_texts::set(&loaded.feed, &without.feed);
        let update = full_update(&loaded);
        // Loads run in turn, so meanwhile at most a snapshot has taken the place of the same articles in memory.
        *self.baseline() = Baseline::Read(loaded);
        Some(update)
    }

    /// Scans the files. The first scan without a snapshot opens every file, so it runs without the watcher, followed by a scan with
    /// it.
    // The watcher is notified of every file that is opened. The second scan opens few files.
    fn scan(&self, now: Now, monitor: &dyn Monitor) -> Result<LoadOutcome, JobError> {
        self.apply_switch(&mut self.baseline());
        let has_loaded = self.has_loaded.swap(true, Ordering::Relaxed);
        let opens_every_file = !has_loaded && matches!(*self.baseline(), Baseline::Nothing);
        let mut first = LoadOutcome::default();
        if opens_every_file && self.watch.get().is_some() {
            first = self.scan_once(now, None, monitor)?;
            if let Some(loaded) = first.update.take() {
                monitor.partial(Answer::Load(Some(loaded)));
            }
        }
        let LoadOutcome { update, save } = self.scan_once(now, self.watch.get(), monitor)?;
        // The second scan usually finds no change: what the first one has read must be saved all the same.
        Ok(LoadOutcome { update, save: save.or(first.save) })
    }

    fn scan_once(
        &self,
        now: Now,
        watch: Option<&LibraryWatcher>,
        monitor: &dyn Monitor,
    ) -> Result<LoadOutcome, JobError> {
        #[cfg(test)]
        self.scans.fetch_add(1, Ordering::SeqCst);
        let mut baseline = self.baseline();
        let library = self.library();
        let before = match &*baseline {
            Baseline::Nothing => None,
            // Checked here, in the background, and not when it was opened: the first screen does not wait for it.
            Baseline::Snapshot(snapshot) => snapshot.is_intact().then_some(&snapshot.loaded),
            Baseline::Read(loaded) => Some(loaded),
        };
        let before = before.filter(|loaded| !loaded.feed.is_damaged());
        let is_first = matches!(*baseline, Baseline::Nothing);
        let mut last_report = Instant::now();
        let mut shown = 0;
        let (started, mut count) = (Instant::now(), library.count());
        let progress = |progress: library::Progress| {
            if !is_first || last_report.elapsed() < PROGRESS_INTERVAL || progress.done == progress.total {
                return;
            }
            last_report = Instant::now();
            // Most loads end within this time, and need no total.
            let total = if started.elapsed() < COUNT_DELAY { None } else { count.total(progress.total) };
            monitor.progress(Progress::of(progress.done, total.unwrap_or(0)));
            // Each early feed is more than three times as large as the one before, so all together cost less than half of the whole.
            if progress.articles > 3 * shown {
                shown = progress.articles;
                monitor.partial(Answer::Load(Some(partial_update((progress.feed)()))));
            }
        };
        // Content that a file had before it broke is kept only if it was read in this session, not if a snapshot says so.
        let keep_last_good = matches!(*baseline, Baseline::Read(_));
        let full_texts = self.full_texts.as_deref();
        let options = ScanOptions { now, watch, keep_last_good, sites: &self.sites, defers_links: true, full_texts };
        let read = match before {
            Some(before) => library.refresh_with(before, &options, progress),
            None => library.load_with(&options, progress).map(Some),
        };
        match &read {
            Ok(Some(loaded)) => {
                log::info!("{} files looked at, {} read; {} articles", loaded.looked_at, loaded.read, loaded.feed.len())
            }
            Ok(None) => log::info!("no file has changed"),
            Err(error) => log::info!("{error}"),
        }
        match read.map_err(|error| JobError::Failed(clean::plain_line(&error.to_string())))? {
            Some(loaded) => {
                let is_different = before.is_none_or(|before| loaded.looks_different_from(before));
                let problems_before = before.map_or(&[][..], |before| &before.problems);
                let update = is_different.then(|| with_folder_changes(&library, full_update(&loaded), problems_before));
                before.into_iter().for_each(|before| earlier_texts::set(&loaded.feed, &before.feed));
                let must_save = before.is_none_or(|before| {
                    loaded.must_be_saved_after(before) && self.is_worth_saving(loaded.changes_since(before), &loaded)
                });
                *baseline = Baseline::Read(loaded);
                Ok(LoadOutcome { update, save: must_save.then_some(SaveRequest::Snapshot(now.at)) })
            }
            None => {
                let number = match &*baseline {
                    Baseline::Snapshot(snapshot) => snapshot.number,
                    _ => return Ok(LoadOutcome::default()),
                };
                // The scan has confirmed the snapshot: the next scan need not check that it is intact.
                let save = baseline.confirm().map(|feed| SaveRequest::Texts(number, feed));
                Ok(LoadOutcome { update: None, save })
            }
        }
    }
}

/// The result of a scan.
#[derive(Default)]
struct LoadOutcome {
    /// The update, if the articles or the problems differ.
    update: Option<FeedUpdate>,
    /// What to save for the next session.
    save: Option<SaveRequest>,
}

/// Adds messages about the named folders that have become unreadable, or readable again.
fn with_folder_changes(library: &Library, mut loaded: FeedUpdate, before: &[Problem]) -> FeedUpdate {
    let Library::Paths(roots) = library else { return loaded };
    let of = |problems: &[Problem], root: &PathBuf| {
        let is_lost = |problem: &&Problem| problem.path == *root && problem.severity == Severity::Error;
        problems.iter().find(is_lost).cloned()
    };
    for root in roots {
        match (of(before, root), of(&loaded.problems, root)) {
            (None, Some(problem)) => loaded.lost_folders.push(problem.one_line()),
            (Some(_), None) => {
                loaded.restored_folders.push(clean::plain_line(&format!("{} is readable again", clean::path(root))))
            }
            _ => {}
        }
    }
    loaded
}

/// An update with all that was read.
fn full_update(loaded: &library::Loaded) -> FeedUpdate {
    let (feed, problems) = (loaded.feed.clone(), loaded.problems.clone());
    prepare(&feed);
    FeedUpdate { feed, problems, is_complete: true, lost_folders: Vec::new(), restored_folders: Vec::new() }
}

/// Finds out what the screen needs to know of all articles: its thread must not go through them.
fn prepare(feed: &Feed) {
    filled_columns::has_times(feed);
}

/// An update with the articles read so far.
fn partial_update(feed: Feed) -> FeedUpdate {
    prepare(&feed);
    FeedUpdate {
        feed: Arc::new(feed),
        problems: Vec::new(),
        is_complete: false,
        lost_folders: Vec::new(),
        restored_folders: Vec::new(),
    }
}

/// Runs the thread that saves, until the service is dropped.
fn run_saver(service: &Weak<LibraryService>, inbox: &Receiver<SaveRequest>) {
    let mut not_before = Instant::now();
    while let Ok(first) = inbox.recv() {
        // Sleep before the queue is emptied: requests that arrive meanwhile need no save of their own.
        if matches!(first, SaveRequest::Snapshot(_)) {
            thread::sleep(not_before.saturating_duration_since(Instant::now()));
        }
        // The last request covers those before it.
        let request = inbox.try_iter().last().unwrap_or(first);
        let Some(service) = service.upgrade() else { return };
        let started = Instant::now();
        service.save_one(request);
        not_before = Instant::now() + started.elapsed() * SAVE_PAUSE_FACTOR;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::os::unix::fs::MetadataExt;

    use super::*;
    use crate::feed::Field;
    use crate::jobs::job_runner::JobRunner;
    use crate::jobs::load_library::load;
    use crate::jobs::{JobReport, JobStatus};

    fn now() -> DateTime<Utc> {
        "2021-02-20T12:00:00Z".parse().expect("a time")
    }

    /// A session that reads a folder of articles, with a folder for snapshots.
    struct Session {
        folder: Arc<tempfile::TempDir>,
        snapshots: Arc<tempfile::TempDir>,
        service: Arc<LibraryService>,
    }

    impl Session {
        fn new() -> Session {
            let folder = || Arc::new(tempfile::tempdir().expect("a folder"));
            Session::of(folder(), folder())
        }

        fn of(folder: Arc<tempfile::TempDir>, snapshots: Arc<tempfile::TempDir>) -> Session {
            let library = Library::Paths(vec![folder.path().to_owned()]);
            let service = Arc::new(LibraryService::new(library, Some(snapshots.path().to_owned())));
            Session { folder, snapshots, service }
        }

        fn next(&self) -> Session {
            Session::of(self.folder.clone(), self.snapshots.clone())
        }

        fn write(&self, name: &str, text: &str) {
            std::fs::write(self.folder.path().join(name), text).expect("a file");
        }

        fn title(&self, name: &str, title: &str) {
            self.write(name, &format!("---\ntitle: {title}\ndate: 2020-01-01\n---\n"));
        }

        /// Scans, saves what is to be saved, and returns the titles if anything has changed.
        fn load(&mut self) -> Option<Vec<String>> {
            let LoadOutcome { update, save } = self.service.scan(now().into(), &|| false).expect("a folder");
            if let Some(request) = save {
                self.service.save_one(request);
            }
            Some(update?.feed.iter().map(|article| article.title.to_string()).collect())
        }

        fn read(&self) -> library::Loaded {
            match &*self.service.baseline() {
                Baseline::Read(loaded) => loaded.clone(),
                _ => panic!("nothing was read"),
            }
        }
    }

    fn of(titles: &[&str]) -> Option<Vec<String>> {
        Some(titles.iter().map(|title| (*title).to_owned()).collect())
    }

    #[test]
    fn a_later_load_reads_and_reports_only_changes() {
        let mut session = Session::new();
        session.title("a.md", "one");
        assert_eq!(session.load(), of(&["one"]));
        // A file that was just written is read again, because its modification time cannot rule out a later write. That is not a
        // change.
        assert_eq!((session.load(), session.read().read), (None, 1));
        assert_eq!(session.read().feed.len(), 1, "what is known stays known without changes");
        session.title("a.md", "two");
        assert_eq!(session.load(), of(&["two"]));
        // The next session starts with it.
        let next = session.next();
        let known = next.service.open_snapshot(now()).expect("a snapshot");
        assert!(known.feed.folded_text_store().is_some() && known.feed.len() == 1);
    }

    /// Keeps the feeds that a load reports before its end.
    #[derive(Default)]
    struct Partials(Mutex<Vec<FeedUpdate>>);

    impl Monitor for Partials {
        fn is_cancelled(&self) -> bool {
            false
        }

        fn partial(&self, answer: Answer) {
            let Answer::Load(Some(update)) = answer else { panic!("not a load") };
            self.0.lock().expect("no panic").push(update);
        }
    }

    #[test]
    fn links_follow_after_a_first_load_and_are_saved() {
        let session = Session::new();
        session.write("a.md", "[[b]]");
        session.write("b.md", "words");
        let linked = |feed: &Feed| (0..feed.len()).map(|index| feed.linked_from(index).count()).sum::<usize>();
        let partials = Partials::default();
        let last = session.service.load(now().into(), &partials).expect("a folder").expect("links");
        let first = partials.0.into_inner().expect("no panic");
        let [first] = first.as_slice() else { panic!("{first:?}") };
        assert!(first.is_complete && last.is_complete);
        assert_eq!((first.feed.len(), linked(&first.feed)), (2, 0));
        assert_eq!((last.feed.len(), linked(&last.feed)), (2, 1));
        let id = |feed: &Feed, index: usize| feed.id(index);
        assert!((0..2).all(|index| id(&first.feed, index) == id(&last.feed, index)));
        assert!(first.feed.iter().zip(last.feed.iter()).all(|(a, b)| a.looks_same_as(&b)), "no change is reported");
        session.service.save_one(SaveRequest::Snapshot(now()));
        let next = session.next();
        assert_eq!(linked(&next.service.open_snapshot(now()).expect("a snapshot").feed), 1);
        // What was read without links by a command gets them in the session.
        let library = session.service.library();
        let options = ScanOptions { defers_links: true, ..ScanOptions::once(now()) };
        let without = library.load_with(&options, |_| {}).expect("a folder");
        library.save_snapshot(session.snapshots.path(), &without, now()).expect("saved");
        let next = session.next();
        assert_eq!(linked(&next.service.open_snapshot(now()).expect("a snapshot").feed), 0);
        let update = next.service.load(now().into(), &Partials::default()).expect("a folder").expect("links");
        assert_eq!(linked(&update.feed), 1);
        assert!(next.service.load(now().into(), &Partials::default()).is_ok_and(|update| update.is_none()));
    }

    #[test]
    fn requests_during_a_scan_cause_one_more_scan() {
        let session = Session::new();
        session.title("a.md", "one");
        let (sender, ended) = channel();
        let held = session.service.baseline();
        let mut runner = JobRunner::new(move |report: JobReport| {
            if report.is_end() {
                sender.send(report).expect("the test");
            }
        });
        for _ in 0..10 {
            assert!(matches!(runner.run(load(&session.service, now().into())).status, JobStatus::Started));
        }
        drop(held);
        (0..10).for_each(|_| drop(ended.recv_timeout(Duration::from_secs(30)).expect("an end")));
        assert!((1..=2).contains(&session.service.scans.load(Ordering::SeqCst)));
    }

    #[test]
    fn broken_files_keep_their_content_for_this_session_only() {
        let mut session = Session::new();
        session.title("a.md", "A");
        assert_eq!(session.load(), of(&["A"]));
        session.write("a.md", "---\ntitle: A\ntags: [\n---\n");
        session.title("b.md", "B");
        assert_eq!(session.load(), of(&["A", "B"]));
        assert_eq!(session.read().problems.len(), 1);
        let mut next = session.next();
        let known = next.service.open_snapshot(now()).expect("a snapshot");
        assert_eq!(known.feed.len(), 1, "as before the file broke");
        assert_eq!(next.load(), of(&["B", "a"]), "from the files: broken front matter has no title");
        // Content that the second session kept is unknown to the third.
        assert_eq!(session.next().load(), of(&["B", "a"]));
    }

    #[test]
    fn a_snapshot_truncated_while_in_use_is_replaced_from_the_files() {
        let mut session = Session::new();
        for n in 0..100 {
            session.title(&format!("{n:02}.md"), &format!("Title {n:02}"));
        }
        let all = session.load();
        let mut next = session.next();
        assert!(next.service.open_snapshot(now()).is_some(), "a snapshot");
        let _ = next.load();
        let feed = next.read().feed;
        for entry in std::fs::read_dir(session.snapshots.path()).expect("the folder") {
            let file = std::fs::File::options().write(true).open(entry.expect("a file").path()).expect("a file");
            file.set_len(0).expect("cut");
        }
        assert!(feed.get(0).is_none() && feed.is_damaged());
        assert_eq!(next.load(), all);
        assert!(!next.read().feed.is_damaged());
        let known = next.next().service.open_snapshot(now()).expect("a snapshot");
        assert_eq!(known.feed.len(), 100);
    }

    #[test]
    fn a_change_of_a_large_library_writes_no_snapshot() {
        let mut session = Session::new();
        (0..9_000).for_each(|number| session.title(&format!("{number:04}.md"), &format!("Title {number}")));
        assert!(session.load().is_some());
        let written = |session: &Session| {
            let entries = std::fs::read_dir(session.snapshots.path()).expect("the folder");
            let number = |entry: std::io::Result<std::fs::DirEntry>| {
                entry.and_then(|entry| entry.metadata()).map(|data| data.ino())
            };
            entries.map(number).collect::<Result<Vec<u64>, _>>().expect("numbers of the files")
        };
        // Files that were just written are read again: wait until their stamps are old enough to be trusted.
        std::thread::sleep(Duration::from_millis(2_100));
        session.load();
        let saved = written(&session);
        session.service.unsaved.store(0, Ordering::SeqCst);
        for number in 0..70 {
            session.title(&format!("{number:04}.md"), &format!("Changed {number}"));
        }
        let titles = session.load().expect("a change");
        assert!(titles.iter().any(|title| title == "Changed 69") && written(&session) == saved, "kept in memory");
        // Its search reads the changed articles alone.
        let feed = session.read().feed;
        let (texts, reads) = (FoldedTexts::default(), feed.reads());
        let chunks = 0..FoldedTexts::shape(&feed).0;
        let found = chunks
            .filter_map(|chunk| texts.column(&feed, chunk, Field::Title))
            .map(|column| column.len())
            .sum::<usize>();
        assert_eq!((found, feed.reads() - reads), (9_000, 70));
        // The next session reads them again, and shows the same.
        let mut next = session.next();
        assert_eq!(next.service.open_snapshot(now()).expect("a snapshot").feed.len(), 9_000);
        assert_eq!(next.load().as_ref(), Some(&titles));
        assert!(next.read().read >= 70 && written(&next) == saved);
        // Many changes are saved.
        session.title("8999.md", "Changed");
        assert!(session.load().is_some() && written(&session) != saved);
    }

    #[test]
    fn replaced_articles_do_not_stay_in_memory() {
        let mut session = Session::new();
        session.title("b.md", "b");
        for n in 0..30 {
            session.title("a.md", &format!("a{n}"));
            assert_eq!(session.load(), of(&[&format!("a{n}"), "b"]));
            let feed = session.read().feed;
            assert_eq!(feed.columns().records.len(), 1, "it is in the snapshot");
            assert!(feed.folded_text_store().is_some());
        }
        assert_eq!(session.load(), None, "nothing has changed");
    }
}
