//! The library, what was read of it last, what watches it, and the thread that keeps what was read for the next session.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::{Answer, Loaded, Monitor, NoAnswer, Progress};
use crate::dates::Now;
use crate::feed::{Feed, Problem, SafeText, Severity, clean};
use crate::library::watcher::{Watch, Watched};
use crate::library::{self, Library, Manner, Snapshot};
use crate::query::{FoldedTexts, texts_to_keep};

/// How often a load tells how far it is.
const TELL: Duration = Duration::from_millis(50);
/// After how long it is counted how much there is.
const COUNT: Duration = Duration::from_millis(200);
/// What is read is kept again after so many times as long as that took, so that it takes little of the time.
const REST: u32 = 20;

/// The library, and what was read of it last.
pub struct LibraryService {
    library: Library,
    /// Where snapshots are kept.
    snapshots: Option<PathBuf>,
    /// What is known of the library: the next load reads only what was changed since.
    known: Mutex<Known>,
    /// What says when to look again.
    watch: OnceLock<Watch>,
    /// The files were looked at, or are.
    has_begun: AtomicBool,
    /// The way to the thread that keeps what was read; none where there is no such thread.
    keeper: OnceLock<Option<Sender<Keep>>>,
    /// How often the files were looked at.
    #[cfg(test)]
    looks: std::sync::atomic::AtomicUsize,
}

/// What watching the files tells.
#[derive(Clone, Debug)]
pub enum Watching {
    /// Files may have changed.
    Changed,
    /// Changes are looked for now and then; words for the reader.
    Polls(SafeText),
    /// Changes are not seen; words for the reader.
    Fails(SafeText),
}

/// What is to be kept for the next session.
enum Keep {
    /// What was read last, at that time.
    All(DateTime<Utc>),
    /// The folded text of the feed of a snapshot, unless it is kept already.
    Texts(u64, Arc<Feed>),
}

#[derive(Default)]
enum Known {
    /// Nothing.
    #[default]
    Nothing,
    /// What the snapshot says, which nobody has looked at as a whole.
    Snapshot(Snapshot),
    /// What was read.
    Read(library::Loaded),
}

impl Known {
    /// What the snapshot says is as good as what was read. Returns the feed.
    fn settle(&mut self) -> Option<Arc<Feed>> {
        *self = match std::mem::take(self) {
            Known::Snapshot(snapshot) => Known::Read(snapshot.loaded),
            other => other,
        };
        if let Known::Read(loaded) = self { Some(loaded.feed.clone()) } else { None }
    }
}

impl LibraryService {
    /// Nothing is read yet.
    pub fn new(library: Library, snapshots: Option<PathBuf>) -> LibraryService {
        LibraryService {
            library,
            snapshots,
            known: Mutex::default(),
            watch: OnceLock::new(),
            has_begun: AtomicBool::new(false),
            keeper: OnceLock::new(),
            #[cfg(test)]
            looks: Default::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with what the snapshot says; none when there is no snapshot.
    pub fn begin(&self, now: DateTime<Utc>) -> Option<Loaded> {
        let snapshot = self.library.open(self.snapshots.as_deref()?, now).ok()?;
        let loaded = whole(&snapshot.loaded);
        self.use_texts(snapshot.number, &snapshot.loaded.feed);
        *self.known() = Known::Snapshot(snapshot);
        Some(loaded)
    }

    /// Starts to watch the files.
    pub fn watch(&self, tell: impl Fn(Watching) + Clone + Send + 'static) {
        if self.library == Library::BuiltIn {
            return;
        }
        let told = tell.clone();
        let watch = Watch::start(move |watched| match watched {
            Watched::Changed => told(Watching::Changed),
            Watched::Polls { every, why } => {
                let words = format!("changes are looked for every {} s: {why}", every.as_secs());
                log::info!("{words}");
                told(Watching::Polls(clean::plain_line(&words)));
            }
            Watched::Watches => log::info!("all changes are told"),
        });
        match watch {
            Ok(watch) => drop(self.watch.set(watch)),
            Err(error) => tell(Watching::Fails(clean::plain_line(&format!("changes of files are not seen: {error}")))),
        }
    }

    /// Has what was read kept by a thread: an edit of a file does not wait for the disk. Without the thread the next start
    /// takes longer, and so does the first search, that is all: nothing is said when it cannot be kept.
    fn keep_later(self: &Arc<LibraryService>, keep: Keep) {
        let start = || {
            let (sender, inbox) = channel();
            let service = Arc::downgrade(self);
            let run = move || keep_all(&service, &inbox);
            thread::Builder::new().name("snapshots".to_owned()).spawn(run).ok().map(|_| sender)
        };
        if let Some(keeper) = self.keeper.get_or_init(start) {
            let _ = keeper.send(keep);
        }
    }

    /// Keeps something; `last` is the feed that was kept before. Returns the one that is kept now.
    fn keep_one(&self, keep: Keep, last: Option<Arc<Feed>>) -> Option<Arc<Feed>> {
        match keep {
            Keep::All(now) => self.keep(last.as_deref(), now).or(last),
            Keep::Texts(number, feed) => {
                if feed.kept_texts().is_none() {
                    self.keep_texts(number, &feed, None);
                }
                Some(feed)
            }
        }
    }

    /// Keeps what was read last. Returns the feed with its text; `before` is the one that was kept before.
    fn keep(&self, before: Option<&Feed>, now: DateTime<Utc>) -> Option<Arc<Feed>> {
        let folder = self.snapshots.as_deref()?;
        let loaded = match &*self.known() {
            Known::Read(loaded) if !loaded.provisional => loaded.clone(),
            _ => return None,
        };
        match self.library.keep(folder, &loaded, now) {
            Ok(number) => {
                let with_texts = loaded.feed.kept_texts().map(|_| &*loaded.feed);
                self.keep_texts(number, &loaded.feed, with_texts.or(before));
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
        let snapshot = self.library.open(self.snapshots.as_deref()?, now).ok()?;
        let mut known = self.known();
        match &mut *known {
            Known::Read(loaded) if snapshot.number == number && loaded.is_same_as(kept) => {
                loaded.go_on_from(snapshot.loaded);
                self.use_texts(number, &loaded.feed);
                Some(loaded.feed.clone())
            }
            _ => None,
        }
    }

    /// Keeps the folded text of a feed. What was not changed is not made again.
    fn keep_texts(&self, snapshot: u64, feed: &Feed, before: Option<&Feed>) {
        let Some(folder) = &self.snapshots else { return };
        if self.library == Library::BuiltIn {
            return;
        }
        let make = texts_to_keep(feed, before);
        if self.library.keep_texts(folder, snapshot, FoldedTexts::VERSION, FoldedTexts::shape(feed), make).is_ok() {
            self.use_texts(snapshot, feed);
        }
    }

    /// Has a feed use the text that is kept for it.
    pub fn use_texts(&self, snapshot: u64, feed: &Feed) {
        if let Some(folder) = &self.snapshots {
            self.library.use_texts(folder, snapshot, feed, FoldedTexts::VERSION);
        }
    }

    /// Looks at the files, tells what is new, and has it kept for the next session.
    pub(super) fn load(
        self: &Arc<LibraryService>,
        now: Now,
        monitor: &dyn Monitor,
    ) -> Result<Option<Loaded>, NoAnswer> {
        let Looked { loaded, keep } = self.look(now, monitor)?;
        keep.into_iter().for_each(|keep| self.keep_later(keep));
        Ok(loaded)
    }

    /// Whoever watches is told of every file that is opened; so what is opened as a whole is watched when it is looked at once
    /// more, which opens little.
    fn look(&self, now: Now, monitor: &dyn Monitor) -> Result<Looked, NoAnswer> {
        let has_begun = self.has_begun.swap(true, Ordering::Relaxed);
        let opens_all = !has_begun && matches!(*self.known(), Known::Nothing);
        let mut first = Looked::default();
        if opens_all && self.watch.get().is_some() {
            first = self.look_once(now, None, monitor)?;
            if let Some(loaded) = first.loaded.take() {
                monitor.so_far(Answer::Load(Some(loaded)));
            }
        }
        let Looked { loaded, keep } = self.look_once(now, self.watch.get(), monitor)?;
        Ok(Looked { loaded, keep: keep.or(first.keep) })
    }

    fn look_once(&self, now: Now, watch: Option<&Watch>, monitor: &dyn Monitor) -> Result<Looked, NoAnswer> {
        #[cfg(test)]
        self.looks.fetch_add(1, Ordering::SeqCst);
        let mut known = self.known();
        let before = match &*known {
            Known::Nothing => None,
            Known::Snapshot(snapshot) => snapshot.is_whole().then_some(&snapshot.loaded),
            Known::Read(loaded) => Some(loaded),
        };
        let before = before.filter(|loaded| !loaded.feed.is_damaged());
        let is_first = matches!(*known, Known::Nothing);
        let mut told = Instant::now();
        let mut shown = 0;
        let (begun, mut count) = (Instant::now(), self.library.count());
        let progress = |progress: library::Progress| {
            if !is_first || told.elapsed() < TELL || progress.done == progress.total {
                return;
            }
            told = Instant::now();
            // What takes no longer than a moment is over before all is counted.
            let total = if begun.elapsed() < COUNT { None } else { count.total(progress.total) };
            monitor.progress(Progress::of(progress.done, total.unwrap_or(0)));
            // Each feed shown early is three times as large as the one before: all of them cost half of the last.
            if progress.articles > 3 * shown {
                shown = progress.articles;
                monitor.so_far(Answer::Load(Some(part((progress.feed)()))));
            }
        };
        // What the snapshot says is of another session: nobody has read it in this one.
        let keeps = matches!(*known, Known::Read(_));
        let manner = Manner { now, watch, keeps };
        let read = match before {
            Some(before) => self.library.refresh_in(before, &manner, progress),
            None => self.library.load_in(&manner, progress).map(Some),
        };
        match &read {
            Ok(Some(loaded)) => log::info!("{} files read, {} articles in all", loaded.read, loaded.feed.len()),
            Ok(None) => log::info!("no file was changed"),
            Err(error) => log::info!("{error}"),
        }
        match read.map_err(|error| NoAnswer::Failed(clean::plain_line(&error.to_string())))? {
            Some(loaded) => {
                let is_news = before.is_none_or(|before| loaded.is_news_after(before));
                let problems_before = before.map_or(&[][..], |before| &before.problems);
                let news = is_news.then(|| self.with_roots(whole(&loaded), problems_before));
                let is_to_be_kept = before.is_none_or(|before| loaded.is_to_be_kept_after(before));
                *known = Known::Read(loaded);
                Ok(Looked { loaded: news, keep: is_to_be_kept.then_some(Keep::All(now.at)) })
            }
            None => {
                let number = match &*known {
                    Known::Snapshot(snapshot) => snapshot.number,
                    _ => return Ok(Looked::default()),
                };
                // That it is whole need not be looked at again.
                let keep = known.settle().map(|feed| Keep::Texts(number, feed));
                Ok(Looked { loaded: None, keep })
            }
        }
    }

    /// The same with the folders that were named and went away since, and those that came back.
    fn with_roots(&self, mut loaded: Loaded, before: &[Problem]) -> Loaded {
        let Library::Paths(roots) = &self.library else { return loaded };
        let of = |problems: &[Problem], root: &PathBuf| {
            let is_lost = |problem: &&Problem| problem.path == *root && problem.severity == Severity::Error;
            problems.iter().find(is_lost).cloned()
        };
        for root in roots {
            match (of(before, root), of(&loaded.problems, root)) {
                (None, Some(problem)) => loaded.lost.push(problem.one_line()),
                (Some(_), None) => loaded.back.push(clean::plain_line(&format!("{} is read again", clean::path(root)))),
                _ => {}
            }
        }
        loaded
    }
}

/// What came of a look at the files.
#[derive(Default)]
struct Looked {
    /// What was read, when it is news.
    loaded: Option<Loaded>,
    /// What is to be kept for the next session.
    keep: Option<Keep>,
}

/// All that was read.
fn whole(loaded: &library::Loaded) -> Loaded {
    let (feed, problems) = (loaded.feed.clone(), loaded.problems.clone());
    Loaded { feed, problems, complete: true, lost: Vec::new(), back: Vec::new() }
}

/// Some articles, while others are still being read.
fn part(feed: Feed) -> Loaded {
    Loaded { feed: Arc::new(feed), problems: Vec::new(), complete: false, lost: Vec::new(), back: Vec::new() }
}

/// Keeps what comes, until the library is not read any more.
fn keep_all(service: &Weak<LibraryService>, inbox: &Receiver<Keep>) {
    let (mut last, mut not_before) = (None, Instant::now());
    while let Ok(first) = inbox.recv() {
        if matches!(first, Keep::All(_)) {
            thread::sleep(not_before.saturating_duration_since(Instant::now()));
        }
        // Of many, the last one is enough.
        let keep = inbox.try_iter().last().unwrap_or(first);
        let Some(service) = service.upgrade() else { return };
        let begun = Instant::now();
        last = service.keep_one(keep, last);
        not_before = Instant::now() + begun.elapsed() * REST;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;
    use crate::jobs::job_runner::Runner;
    use crate::jobs::load_library::load;
    use crate::jobs::{Report, What};

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
            let Looked { loaded, keep } = self.service.look(now().into(), &|| false).expect("a folder");
            if let Some(keep) = keep {
                self.last = self.service.keep_one(keep, self.last.take());
            }
            Some(loaded?.feed.iter().map(|article| article.title.to_string()).collect())
        }

        fn read(&self) -> library::Loaded {
            match &*self.service.known() {
                Known::Read(loaded) => loaded.clone(),
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
        let known = next.service.begin(now()).expect("a snapshot");
        assert!(known.feed.kept_texts().is_some() && known.feed.len() == 1);
    }

    #[test]
    fn however_often_it_is_asked_while_it_looks_it_looks_once_more() {
        let session = Session::new();
        session.title("a.md", "one");
        let (sender, ended) = channel();
        let held = session.service.known();
        let mut runner = Runner::new(move |report: Report| {
            if report.is_end() {
                sender.send(report).expect("the test");
            }
        });
        for _ in 0..10 {
            assert!(matches!(runner.run(load(&session.service, now().into())).what, What::Started));
        }
        drop(held);
        (0..10).for_each(|_| drop(ended.recv_timeout(Duration::from_secs(30)).expect("an end")));
        assert!((1..=2).contains(&session.service.looks.load(Ordering::SeqCst)));
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
        let known = next.service.begin(now()).expect("a snapshot");
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
        assert!(next.service.begin(now()).is_some(), "a snapshot");
        let _ = next.load();
        let feed = next.read().feed;
        for entry in std::fs::read_dir(session.snapshots.path()).expect("the folder") {
            let file = std::fs::File::options().write(true).open(entry.expect("a file").path()).expect("a file");
            file.set_len(0).expect("cut");
        }
        assert!(feed.get(0).is_none() && feed.is_damaged());
        assert_eq!(next.load(), all);
        assert!(!next.read().feed.is_damaged());
        let known = next.next().service.begin(now()).expect("a snapshot");
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
            assert!(feed.kept_texts().is_some());
        }
        assert_eq!(session.load(), None, "which is no news");
    }
}
