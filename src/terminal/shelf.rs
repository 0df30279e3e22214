//! The shelf: the library, what was read of it last, and the threads that look at it and keep what was read for the next session.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::app::Event;
use crate::dates::Now;
use crate::feed::{Feed, Problem, Severity, clean};
use crate::library::watch::{Watch, Watched};
use crate::library::{Library, Loaded, Manner, Progress, Snapshot};
use crate::query::{Texts, texts_to_keep};

/// How often a load tells how far it is.
const TELL: Duration = Duration::from_millis(50);
/// After how long it is counted how much there is.
const COUNT: Duration = Duration::from_millis(200);
/// What is read is kept again after so many times as long as that took, so that it takes little of the time.
const REST: u32 = 20;

/// The library, and what was read of it last.
pub struct Shelf {
    library: Library,
    /// Where snapshots are kept.
    snapshots: Option<PathBuf>,
    /// What is known of the library: the next load reads only what was changed since.
    known: Mutex<Known>,
    /// What says when to look again.
    watch: OnceLock<Watch>,
    /// Somebody has looked, or does.
    has_begun: AtomicBool,
    /// How often one looked.
    #[cfg(test)]
    looks: std::sync::atomic::AtomicUsize,
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
    Read(Loaded),
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

impl Shelf {
    /// Nothing is read yet.
    pub fn new(library: Library, snapshots: Option<PathBuf>) -> Shelf {
        let (known, watch) = (Mutex::default(), OnceLock::new());
        #[cfg(test)]
        let looks = Default::default();
        Shelf {
            library,
            snapshots,
            known,
            watch,
            has_begun: AtomicBool::new(false),
            #[cfg(test)]
            looks,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with what the snapshot says; none when there is no snapshot.
    pub fn begin(&self, now: DateTime<Utc>) -> Option<Event> {
        let snapshot = self.library.open(self.snapshots.as_deref()?, now).ok()?;
        let event = self.loaded(&snapshot.loaded);
        self.use_texts(snapshot.number, &snapshot.loaded.feed);
        *self.known() = Known::Snapshot(snapshot);
        Some(event)
    }

    /// Has somebody told when files of the library were changed.
    pub fn watch(&self, tell: impl Fn(Event) + Clone + Send + 'static) {
        if self.library == Library::BuiltIn {
            return;
        }
        let told = tell.clone();
        let watch = Watch::start(move |watched| match watched {
            Watched::Changed => told(Event::FilesChanged),
            Watched::Polls { every, why } => {
                let words = format!("changes are looked for every {} s: {why}", every.as_secs());
                log::info!("{words}");
                told(Event::Done(clean::decoded(&words)));
            }
            Watched::Watches => log::info!("all changes are told"),
        });
        match watch {
            Ok(watch) => drop(self.watch.set(watch)),
            Err(error) => tell(Event::Failed(clean::decoded(&format!("changes of files are not seen: {error}")))),
        }
    }

    /// Starts the thread that looks at the library when it is asked to: once, however often it was asked meanwhile. It is one
    /// thread for all looks, since each that begins anew would have memory of its own, which others cannot use. `ended` is told
    /// how many were answered, and what went wrong.
    pub fn start(
        self: &Arc<Shelf>,
        tell: impl Fn(Event) + Send + 'static,
        ended: impl Fn(usize, bool) + Send + 'static,
    ) -> std::io::Result<Sender<Now>> {
        let (sender, inbox) = channel::<Now>();
        let shelf = self.clone();
        let keeper = shelf.start_keeper();
        let run = move || {
            while let Ok(first) = inbox.recv() {
                let others: Vec<Now> = inbox.try_iter().collect();
                let now = others.last().copied().unwrap_or(first);
                let looked = catch_unwind(AssertUnwindSafe(|| shelf.look(now, &tell)));
                let is_well = looked.is_ok();
                if let (Ok(Some(keep)), Ok(keeper)) = (looked, &keeper) {
                    // Nobody who edits a file waits for the disk.
                    let _ = keeper.send(keep);
                }
                ended(1 + others.len(), is_well);
            }
        };
        thread::Builder::new().name("loader".to_owned()).spawn(run)?;
        Ok(sender)
    }

    /// Starts the thread that keeps what was read. A start without it takes longer, and so does the first search, that is all:
    /// nobody is told when it cannot be kept.
    fn start_keeper(self: &Arc<Shelf>) -> std::io::Result<Sender<Keep>> {
        let (sender, inbox) = channel();
        let shelf = self.clone();
        thread::Builder::new().name("snapshots".to_owned()).spawn(move || shelf.keep_all(&inbox))?;
        Ok(sender)
    }

    fn keep_all(&self, inbox: &Receiver<Keep>) {
        let (mut last, mut not_before) = (None, Instant::now());
        while let Ok(first) = inbox.recv() {
            if matches!(first, Keep::All(_)) {
                thread::sleep(not_before.saturating_duration_since(Instant::now()));
            }
            // Of many, the last one is enough.
            let keep = inbox.try_iter().last().unwrap_or(first);
            let begun = Instant::now();
            last = self.keep_one(keep, last);
            not_before = Instant::now() + begun.elapsed() * REST;
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
    fn go_on_from(&self, number: u64, kept: &Loaded, now: DateTime<Utc>) -> Option<Arc<Feed>> {
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
        if self.library.keep_texts(folder, snapshot, Texts::VERSION, Texts::shape(feed), make).is_ok() {
            self.use_texts(snapshot, feed);
        }
    }

    /// Has a feed use the text that is kept for it.
    pub fn use_texts(&self, snapshot: u64, feed: &Feed) {
        if let Some(folder) = &self.snapshots {
            self.library.use_texts(folder, snapshot, feed, Texts::VERSION);
        }
    }

    /// Looks at the library, and tells what is new. Returns what is to be kept for the next session. Whoever watches is told of
    /// every file that is opened; so what is opened as a whole is watched when it is looked at once more, which opens little.
    fn look(&self, now: Now, tell: &dyn Fn(Event)) -> Option<Keep> {
        let has_begun = self.has_begun.swap(true, Ordering::Relaxed);
        let opens_all = !has_begun && matches!(*self.known(), Known::Nothing);
        let first = if opens_all && self.watch.get().is_some() { self.look_once(now, None, tell) } else { None };
        self.look_once(now, self.watch.get(), tell).or(first)
    }

    fn look_once(&self, now: Now, watch: Option<&Watch>, tell: &dyn Fn(Event)) -> Option<Keep> {
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
        let progress = |progress: Progress| {
            if !is_first || told.elapsed() < TELL || progress.done == progress.total {
                return;
            }
            told = Instant::now();
            // What takes no longer than a moment is over before all is counted.
            let total = if begun.elapsed() < COUNT { None } else { count.total(progress.total) };
            tell(Event::Loading { done: progress.done, total: total.unwrap_or(0) });
            // Each feed shown early is three times as large as the one before: all of them cost half of the last.
            if progress.articles > 3 * shown {
                shown = progress.articles;
                let feed = Arc::new((progress.feed)());
                tell(Event::FeedLoaded { feed, problems: Vec::new(), complete: false });
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
        match read {
            Ok(Some(loaded)) => {
                if before.is_none_or(|before| loaded.is_news_after(before)) {
                    tell(self.loaded(&loaded));
                    self.tell_of_roots(before.map_or(&[], |before| &before.problems), &loaded.problems, tell);
                }
                let is_to_be_kept = before.is_none_or(|before| loaded.is_to_be_kept_after(before));
                *known = Known::Read(loaded);
                is_to_be_kept.then_some(Keep::All(now.at))
            }
            Ok(None) => {
                let number = match &*known {
                    Known::Snapshot(snapshot) => snapshot.number,
                    _ => return None,
                };
                // That it is whole need not be looked at again.
                known.settle().map(|feed| Keep::Texts(number, feed))
            }
            Err(error) => {
                tell(Event::LoadFailed(clean::decoded(&error.to_string())));
                None
            }
        }
    }

    /// Tells which of the folders that were named went away, and which came back.
    fn tell_of_roots(&self, before: &[Problem], now: &[Problem], tell: &dyn Fn(Event)) {
        let Library::Paths(roots) = &self.library else { return };
        let of = |problems: &[Problem], root: &PathBuf| {
            let is_lost = |problem: &&Problem| problem.path == *root && problem.severity == Severity::Error;
            problems.iter().find(is_lost).cloned()
        };
        for root in roots {
            match (of(before, root), of(now, root)) {
                (None, Some(problem)) => tell(Event::Failed(problem.one_line())),
                (Some(_), None) => tell(Event::Done(clean::decoded(&format!("{} is read again", clean::path(root))))),
                _ => {}
            }
        }
    }

    /// What was read, as it is told.
    pub fn loaded(&self, loaded: &Loaded) -> Event {
        Event::FeedLoaded { feed: loaded.feed.clone(), problems: loaded.problems.clone(), complete: true }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    fn now() -> DateTime<Utc> {
        "2021-02-20T12:00:00Z".parse().expect("a time")
    }

    /// A folder of articles and one of snapshots, and a session that reads them.
    struct Session {
        folder: Arc<tempfile::TempDir>,
        snapshots: Arc<tempfile::TempDir>,
        shelf: Arc<Shelf>,
        last: Option<Arc<Feed>>,
    }

    impl Session {
        fn new() -> Session {
            let folder = || Arc::new(tempfile::tempdir().expect("a folder"));
            Session::of(folder(), folder())
        }

        fn of(folder: Arc<tempfile::TempDir>, snapshots: Arc<tempfile::TempDir>) -> Session {
            let library = Library::Paths(vec![folder.path().to_owned()]);
            let shelf = Arc::new(Shelf::new(library, Some(snapshots.path().to_owned())));
            Session { folder, snapshots, shelf, last: None }
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
            let told = Mutex::new(None);
            let tell = |event| {
                if let Event::FeedLoaded { feed, complete: true, .. } = event {
                    let titles = feed.iter().map(|article| article.title.to_string()).collect();
                    *told.lock().expect("whole") = Some(titles);
                }
            };
            if let Some(keep) = self.shelf.look(now().into(), &tell) {
                self.last = self.shelf.keep_one(keep, self.last.take());
            }
            told.into_inner().expect("whole")
        }

        fn read(&self) -> Loaded {
            match &*self.shelf.known() {
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
        let known = next.shelf.begin(now()).expect("a snapshot");
        assert!(matches!(known, Event::FeedLoaded { feed, .. } if feed.kept_texts().is_some() && feed.len() == 1));
    }

    #[test]
    fn however_often_it_is_asked_while_it_looks_it_looks_once_more() {
        let session = Session::new();
        session.title("a.md", "one");
        let (sender, ended) = channel();
        let held = session.shelf.known();
        let ended_of = move |answered, _| sender.send(answered).expect("the test");
        let loader = session.shelf.start(|_| {}, ended_of).expect("a thread");
        for _ in 0..10 {
            loader.send(now().into()).expect("the thread");
        }
        drop(held);
        let mut answered = 0;
        while answered < 10 {
            answered += ended.recv_timeout(Duration::from_secs(30)).expect("an answer");
        }
        assert!((1..=2).contains(&session.shelf.looks.load(Ordering::SeqCst)));
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
        let known = next.shelf.begin(now()).expect("a snapshot");
        assert!(matches!(known, Event::FeedLoaded { feed, .. } if feed.len() == 1), "as it was when all was well");
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
        assert!(next.shelf.begin(now()).is_some(), "a snapshot");
        let _ = next.load();
        let feed = next.read().feed;
        for entry in std::fs::read_dir(session.snapshots.path()).expect("the folder") {
            let file = std::fs::File::options().write(true).open(entry.expect("a file").path()).expect("a file");
            file.set_len(0).expect("cut");
        }
        assert!(feed.get(0).is_none() && feed.is_damaged());
        assert_eq!(next.load(), all);
        assert!(!next.read().feed.is_damaged());
        let known = next.next().shelf.begin(now()).expect("a snapshot");
        assert!(matches!(known, Event::FeedLoaded { feed, .. } if feed.len() == 100));
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
