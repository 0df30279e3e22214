//! The library, what was read of it last, what watches it, and the thread that keeps what was read for the next session.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::{Answer, FeedUpdate, JobError, Monitor, Progress};
use crate::dates::Now;
use crate::feed::{Feed, Problem, SafeText, Severity, clean};
use crate::library::watcher::{LibraryWatcher, WatchEvent};
use crate::library::{self, Library, ScanOptions, Snapshot};
use crate::query::{FoldedTexts, texts_to_keep};

/// How often a load tells how far it is.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(50);
/// After how long it is counted how much there is.
const COUNT_DELAY: Duration = Duration::from_millis(200);
/// What is read is kept again after so many times as long as that took, so that it takes little of the time.
const SAVE_PAUSE_FACTOR: u32 = 20;

/// The library, and what was read of it last.
pub struct LibraryService {
    library: Library,
    /// Where snapshots are kept.
    snapshots: Option<PathBuf>,
    /// What is known of the library: the next load reads only what was changed since.
    baseline: Mutex<Baseline>,
    /// What says when to look again.
    watch: OnceLock<LibraryWatcher>,
    /// The files were looked at, or are.
    has_loaded: AtomicBool,
    /// The way to the thread that keeps what was read; none where there is no such thread.
    saver: OnceLock<Option<Sender<SaveRequest>>>,
    /// How often the files were looked at.
    #[cfg(test)]
    scans: std::sync::atomic::AtomicUsize,
}

/// What watching the files tells.
#[derive(Clone, Debug)]
pub enum WatchStatus {
    /// Files may have changed.
    Changed,
    /// Changes are looked for now and then; words for the reader.
    Polls(SafeText),
    /// Changes are not seen; words for the reader.
    Fails(SafeText),
}

/// What is to be kept for the next session.
enum SaveRequest {
    /// What was read last, at that time.
    Snapshot(DateTime<Utc>),
    /// The folded text of the feed of a snapshot, unless it is kept already.
    Texts(u64, Arc<Feed>),
}

#[derive(Default)]
enum Baseline {
    /// Nothing.
    #[default]
    Nothing,
    /// What the snapshot says, which nobody has looked at as a whole.
    Snapshot(Snapshot),
    /// What was read.
    Read(library::Loaded),
}

impl Baseline {
    /// What the snapshot says is as good as what was read. Returns the feed.
    fn settle(&mut self) -> Option<Arc<Feed>> {
        *self = match std::mem::take(self) {
            Baseline::Snapshot(snapshot) => Baseline::Read(snapshot.loaded),
            other => other,
        };
        if let Baseline::Read(loaded) = self { Some(loaded.feed.clone()) } else { None }
    }
}

impl LibraryService {
    /// Nothing is read yet.
    pub fn new(library: Library, snapshots: Option<PathBuf>) -> LibraryService {
        LibraryService {
            library,
            snapshots,
            baseline: Mutex::default(),
            watch: OnceLock::new(),
            has_loaded: AtomicBool::new(false),
            saver: OnceLock::new(),
            #[cfg(test)]
            scans: Default::default(),
        }
    }

    fn baseline(&self) -> MutexGuard<'_, Baseline> {
        self.baseline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with what the snapshot says; none when there is no snapshot.
    pub fn open_snapshot(&self, now: DateTime<Utc>) -> Option<FeedUpdate> {
        let snapshot = self.library.open_snapshot(self.snapshots.as_deref()?, now).ok()?;
        let loaded = full_update(&snapshot.loaded);
        self.set_search_text_store(snapshot.number, &snapshot.loaded.feed);
        *self.baseline() = Baseline::Snapshot(snapshot);
        Some(loaded)
    }

    /// Starts to watch the files.
    pub fn watch(&self, tell: impl Fn(WatchStatus) + Clone + Send + 'static) {
        if self.library == Library::BuiltIn {
            return;
        }
        let told = tell.clone();
        let watch = LibraryWatcher::start(move |watched| match watched {
            WatchEvent::Changed => told(WatchStatus::Changed),
            WatchEvent::Polling { every, why } => {
                let words = format!("changes are looked for every {} s: {why}", every.as_secs());
                log::info!("{words}");
                told(WatchStatus::Polls(clean::plain_line(&words)));
            }
            WatchEvent::Watching => log::info!("all changes are told"),
        });
        match watch {
            Ok(watch) => drop(self.watch.set(watch)),
            Err(error) => {
                tell(WatchStatus::Fails(clean::plain_line(&format!("changes of files are not seen: {error}"))))
            }
        }
    }

    /// Has what was read kept by a thread: an edit of a file does not wait for the disk. Without the thread the next start
    /// takes longer, and so does the first search, that is all: nothing is said when it cannot be kept.
    fn save_later(self: &Arc<LibraryService>, keep: SaveRequest) {
        let start = || {
            let (sender, inbox) = channel();
            let service = Arc::downgrade(self);
            let run = move || run_saver(&service, &inbox);
            thread::Builder::new().name("snapshots".to_owned()).spawn(run).ok().map(|_| sender)
        };
        if let Some(saver) = self.saver.get_or_init(start) {
            let _ = saver.send(keep);
        }
    }

    /// Keeps something; `last` is the feed that was kept before. Returns the one that is kept now.
    fn save_one(&self, keep: SaveRequest, last: Option<Arc<Feed>>) -> Option<Arc<Feed>> {
        match keep {
            SaveRequest::Snapshot(now) => self.save_snapshot(last.as_deref(), now).or(last),
            SaveRequest::Texts(number, feed) => {
                if feed.search_text_store().is_none() {
                    self.save_texts(number, &feed, None);
                }
                Some(feed)
            }
        }
    }

    /// Keeps what was read last. Returns the feed with its text; `before` is the one that was kept before.
    fn save_snapshot(&self, before: Option<&Feed>, now: DateTime<Utc>) -> Option<Arc<Feed>> {
        let folder = self.snapshots.as_deref()?;
        let loaded = match &*self.baseline() {
            Baseline::Read(loaded) if !loaded.provisional => loaded.clone(),
            _ => return None,
        };
        match self.library.save_snapshot(folder, &loaded, now) {
            Ok(number) => {
                let with_texts = loaded.feed.search_text_store().map(|_| &*loaded.feed);
                self.save_texts(number, &loaded.feed, with_texts.or(before));
                self.go_on_from(number, &loaded, now).or(Some(loaded.feed))
            }
            Err(error) => {
                log::info!("no snapshot is kept in {}: {error}", clean::path(folder));
                Some(loaded.feed)
            }
        }
    }

    /// Has the next look begin with what was kept, which lies in a file and not in memory, with nothing that was replaced since.
    fn go_on_from(&self, number: u64, kept: &library::Loaded, now: DateTime<Utc>) -> Option<Arc<Feed>> {
        let snapshot = self.library.open_snapshot(self.snapshots.as_deref()?, now).ok()?;
        let mut known = self.baseline();
        match &mut *known {
            Baseline::Read(loaded) if snapshot.number == number && loaded.is_same_as(kept) => {
                loaded.continue_from(snapshot.loaded);
                self.set_search_text_store(number, &loaded.feed);
                Some(loaded.feed.clone())
            }
            _ => None,
        }
    }

    /// Keeps the folded text of a feed. What was not changed is not made again.
    fn save_texts(&self, snapshot: u64, feed: &Feed, before: Option<&Feed>) {
        let Some(folder) = &self.snapshots else { return };
        if self.library == Library::BuiltIn {
            return;
        }
        let make = texts_to_keep(feed, before);
        if self
            .library
            .save_folded_texts(folder, snapshot, FoldedTexts::VERSION, FoldedTexts::shape(feed), make)
            .is_ok()
        {
            self.set_search_text_store(snapshot, feed);
        }
    }

    /// Has a feed use the text that is kept for it.
    pub fn set_search_text_store(&self, snapshot: u64, feed: &Feed) {
        if let Some(folder) = &self.snapshots {
            self.library.use_folded_texts(folder, snapshot, feed, FoldedTexts::VERSION);
        }
    }

    /// Looks at the files, tells what is new, and has it kept for the next session.
    pub(super) fn load(
        self: &Arc<LibraryService>,
        now: Now,
        monitor: &dyn Monitor,
    ) -> Result<Option<FeedUpdate>, JobError> {
        let LoadOutcome { loaded, keep } = self.scan(now, monitor)?;
        keep.into_iter().for_each(|keep| self.save_later(keep));
        Ok(loaded)
    }

    /// Whoever watches is told of every file that is opened; so what is opened as a whole is watched when it is looked at once
    /// more, which opens little.
    fn scan(&self, now: Now, monitor: &dyn Monitor) -> Result<LoadOutcome, JobError> {
        let has_loaded = self.has_loaded.swap(true, Ordering::Relaxed);
        let opens_every_file = !has_loaded && matches!(*self.baseline(), Baseline::Nothing);
        let mut first = LoadOutcome::default();
        if opens_every_file && self.watch.get().is_some() {
            first = self.scan_once(now, None, monitor)?;
            if let Some(loaded) = first.loaded.take() {
                monitor.partial(Answer::Load(Some(loaded)));
            }
        }
        let LoadOutcome { loaded, keep } = self.scan_once(now, self.watch.get(), monitor)?;
        Ok(LoadOutcome { loaded, keep: keep.or(first.keep) })
    }

    fn scan_once(
        &self,
        now: Now,
        watch: Option<&LibraryWatcher>,
        monitor: &dyn Monitor,
    ) -> Result<LoadOutcome, JobError> {
        #[cfg(test)]
        self.scans.fetch_add(1, Ordering::SeqCst);
        let mut known = self.baseline();
        let before = match &*known {
            Baseline::Nothing => None,
            Baseline::Snapshot(snapshot) => snapshot.is_intact().then_some(&snapshot.loaded),
            Baseline::Read(loaded) => Some(loaded),
        };
        let before = before.filter(|loaded| !loaded.feed.is_damaged());
        let is_first = matches!(*known, Baseline::Nothing);
        let mut told = Instant::now();
        let mut shown = 0;
        let (begun, mut count) = (Instant::now(), self.library.count());
        let progress = |progress: library::Progress| {
            if !is_first || told.elapsed() < PROGRESS_INTERVAL || progress.done == progress.total {
                return;
            }
            told = Instant::now();
            // What takes no longer than a moment is over before all is counted.
            let total = if begun.elapsed() < COUNT_DELAY { None } else { count.total(progress.total) };
            monitor.progress(Progress::of(progress.done, total.unwrap_or(0)));
            // Each feed shown early is three times as large as the one before: all of them cost half of the last.
            if progress.articles > 3 * shown {
                shown = progress.articles;
                monitor.partial(Answer::Load(Some(partial_update((progress.feed)()))));
            }
        };
        // What the snapshot says is of another session: nobody has read it in this one.
        let keeps = matches!(*known, Baseline::Read(_));
        let options = ScanOptions { now, watch, keep_last_good: keeps };
        let read = match before {
            Some(before) => self.library.refresh_with(before, &options, progress),
            None => self.library.load_with(&options, progress).map(Some),
        };
        match &read {
            Ok(Some(loaded)) => log::info!("{} files read, {} articles in all", loaded.read, loaded.feed.len()),
            Ok(None) => log::info!("no file was changed"),
            Err(error) => log::info!("{error}"),
        }
        match read.map_err(|error| JobError::Failed(clean::plain_line(&error.to_string())))? {
            Some(loaded) => {
                let is_news = before.is_none_or(|before| loaded.looks_different_from(before));
                let problems_before = before.map_or(&[][..], |before| &before.problems);
                let news = is_news.then(|| self.with_folder_changes(full_update(&loaded), problems_before));
                let is_to_be_kept = before.is_none_or(|before| loaded.must_be_saved_after(before));
                *known = Baseline::Read(loaded);
                Ok(LoadOutcome { loaded: news, keep: is_to_be_kept.then_some(SaveRequest::Snapshot(now.at)) })
            }
            None => {
                let number = match &*known {
                    Baseline::Snapshot(snapshot) => snapshot.number,
                    _ => return Ok(LoadOutcome::default()),
                };
                // That it is whole need not be looked at again.
                let keep = known.settle().map(|feed| SaveRequest::Texts(number, feed));
                Ok(LoadOutcome { loaded: None, keep })
            }
        }
    }

    /// The same with the folders that were named and went away since, and those that came back.
    fn with_folder_changes(&self, mut loaded: FeedUpdate, before: &[Problem]) -> FeedUpdate {
        let Library::Paths(roots) = &self.library else { return loaded };
        let of = |problems: &[Problem], root: &PathBuf| {
            let is_lost = |problem: &&Problem| problem.path == *root && problem.severity == Severity::Error;
            problems.iter().find(is_lost).cloned()
        };
        for root in roots {
            match (of(before, root), of(&loaded.problems, root)) {
                (None, Some(problem)) => loaded.lost_folders.push(problem.one_line()),
                (Some(_), None) => {
                    loaded.restored_folders.push(clean::plain_line(&format!("{} is read again", clean::path(root))))
                }
                _ => {}
            }
        }
        loaded
    }
}

/// What came of a look at the files.
#[derive(Default)]
struct LoadOutcome {
    /// What was read, when it is news.
    loaded: Option<FeedUpdate>,
    /// What is to be kept for the next session.
    keep: Option<SaveRequest>,
}

/// All that was read.
fn full_update(loaded: &library::Loaded) -> FeedUpdate {
    let (feed, problems) = (loaded.feed.clone(), loaded.problems.clone());
    FeedUpdate { feed, problems, is_complete: true, lost_folders: Vec::new(), restored_folders: Vec::new() }
}

/// Some articles, while others are still being read.
fn partial_update(feed: Feed) -> FeedUpdate {
    FeedUpdate {
        feed: Arc::new(feed),
        problems: Vec::new(),
        is_complete: false,
        lost_folders: Vec::new(),
        restored_folders: Vec::new(),
    }
}

/// Keeps what comes, until the library is not read any more.
fn run_saver(service: &Weak<LibraryService>, inbox: &Receiver<SaveRequest>) {
    let (mut last, mut not_before) = (None, Instant::now());
    while let Ok(first) = inbox.recv() {
        if matches!(first, SaveRequest::Snapshot(_)) {
            thread::sleep(not_before.saturating_duration_since(Instant::now()));
        }
        // Of many, the last one is enough.
        let keep = inbox.try_iter().last().unwrap_or(first);
        let Some(service) = service.upgrade() else { return };
        let begun = Instant::now();
        last = service.save_one(keep, last);
        not_before = Instant::now() + begun.elapsed() * SAVE_PAUSE_FACTOR;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;
    use crate::jobs::job_runner::JobRunner;
    use crate::jobs::load_library::load;
    use crate::jobs::{JobReport, JobStatus};

    fn now() -> DateTime<Utc> {
        "2021-02-20T12:00:00Z".parse().expect("a time")
    }

    /// A folder of articles and one of snapshots, and a session that reads them.
    struct Session {
        folder: Arc<tempfile::TempDir>,
        snapshots: Arc<tempfile::TempDir>,
        service: Arc<LibraryService>,
        last: Option<Arc<Feed>>,
    }

    impl Session {
        fn new() -> Session {
            let folder = || Arc::new(tempfile::tempdir().expect("a folder"));
            Session::of(folder(), folder())
        }

        fn of(folder: Arc<tempfile::TempDir>, snapshots: Arc<tempfile::TempDir>) -> Session {
            let library = Library::Paths(vec![folder.path().to_owned()]);
            let service = Arc::new(LibraryService::new(library, Some(snapshots.path().to_owned())));
            Session { folder, snapshots, service, last: None }
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

        /// Looks, keeps what is to be kept, and tells the titles when there was any news.
        fn load(&mut self) -> Option<Vec<String>> {
            let LoadOutcome { loaded, keep } = self.service.scan(now().into(), &|| false).expect("a folder");
            if let Some(keep) = keep {
                self.last = self.service.save_one(keep, self.last.take());
            }
            Some(loaded?.feed.iter().map(|article| article.title.to_string()).collect())
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
    fn a_load_after_another_reads_what_was_changed_and_tells_only_news() {
        let mut session = Session::new();
        session.title("a.md", "one");
        assert_eq!(session.load(), of(&["one"]));
        // What was written just now is read again until its time tells something; but that is no news.
        assert_eq!((session.load(), session.read().read), (None, 1));
        assert_eq!(session.read().feed.len(), 1, "what is known stays known when there is no news");
        session.title("a.md", "two");
        assert_eq!(session.load(), of(&["two"]));
        // The next session begins with it.
        let next = session.next();
        let known = next.service.open_snapshot(now()).expect("a snapshot");
        assert!(known.feed.search_text_store().is_some() && known.feed.len() == 1);
    }

    #[test]
    fn however_often_it_is_asked_while_it_looks_it_looks_once_more() {
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
    fn what_breaks_stays_for_this_session_only() {
        let mut session = Session::new();
        session.title("a.md", "A");
        assert_eq!(session.load(), of(&["A"]));
        session.write("a.md", "---\ntitle: A\ntags: [\n---\n");
        session.title("b.md", "B");
        assert_eq!(session.load(), of(&["A", "B"]));
        assert_eq!(session.read().problems.len(), 1);
        let mut next = session.next();
        let known = next.service.open_snapshot(now()).expect("a snapshot");
        assert_eq!(known.feed.len(), 1, "as it was when all was well");
        assert_eq!(next.load(), of(&["B", "a"]), "as the files say: front matter that is broken has no title");
        // What one saw is no longer known to the next one.
        assert_eq!(session.next().load(), of(&["B", "a"]));
    }

    #[test]
    fn a_snapshot_that_is_cut_while_it_is_read_is_read_from_the_files_and_kept_again() {
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
    fn what_was_replaced_does_not_stay_in_memory() {
        let mut session = Session::new();
        session.title("b.md", "b");
        for n in 0..30 {
            session.title("a.md", &format!("a{n}"));
            assert_eq!(session.load(), of(&[&format!("a{n}"), "b"]));
            let feed = session.read().feed;
            assert_eq!(feed.columns().records.len(), 1, "it lies in the snapshot");
            assert!(feed.search_text_store().is_some());
        }
        assert_eq!(session.load(), None, "which is no news");
    }
}
