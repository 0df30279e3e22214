//! Background jobs: each ends in an event, also when it panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::app::{Event, Request, Wanted};
use crate::browser::Browser;
use crate::feed::{Address, Feed, Problem, Severity, clean};
use crate::library::watch::{Watch, Watched};
use crate::library::{Library, Loaded, Manner, Progress, Snapshot};
use crate::program;
use crate::query::{Texts, texts_to_keep};

/// How often a load tells how far it is.
const TELL: Duration = Duration::from_millis(50);

/// After how long a search shows what it has found so far, for the first time and again.
const SHOW: Duration = Duration::from_millis(10);
const SHOW_AGAIN: Duration = Duration::from_millis(100);
/// After how long a search says how far it is.
const TAKES_LONG: Duration = Duration::from_millis(100);

/// What is read is kept again after so many times as long as that took, so that it takes little of the time.
const REST: u32 = 20;

/// Jobs, and the channel on which they report.
pub struct Workers {
    sender: Sender<Report>,
    receiver: Receiver<Report>,
    /// Jobs that have not ended.
    busy: usize,
    /// The number of the last request of each kind: what is asked again is not wanted any more.
    latest: Arc<[AtomicU64; 7]>,
    shelf: Arc<Shelf>,
}

/// The library, and what was read of it last.
struct Shelf {
    library: Library,
    /// Where snapshots are kept.
    snapshots: Option<PathBuf>,
    /// What is wrong with the settings.
    own_problems: Vec<Problem>,
    /// What is known of the library: the next load reads only what was changed since.
    known: Mutex<Known>,
    /// Held by who writes to the disk what was read: one at a time.
    keeping: Mutex<Keeping>,
    loads: Mutex<Loads>,
    /// What says when to look again.
    watch: OnceLock<Watch>,
    /// Everything was read for the first time, or is being.
    has_begun: AtomicBool,
}

/// What is known of keeping.
#[derive(Default)]
struct Keeping {
    /// Not before that.
    not_before: Option<Instant>,
    /// A thread waits for that time.
    waits: bool,
    /// The feed that was kept last.
    last: Option<Arc<Feed>>,
}

/// Loads: one at a time, and however many are asked for while it runs, one more after it.
#[derive(Default)]
struct Loads {
    runs: bool,
    wanted: Option<DateTime<Utc>>,
}

/// A load that runs. Whatever becomes of it, others may run then.
struct Running {
    shelf: Arc<Shelf>,
    ended: bool,
}

impl Running {
    /// The time of the next load, when one is wanted; else no load runs any more.
    fn next(&mut self) -> Option<DateTime<Utc>> {
        let mut loads = self.shelf.loads();
        loads.runs = loads.wanted.is_some();
        self.ended = !loads.runs;
        loads.wanted.take()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            *self.shelf.loads() = Loads::default();
        }
    }
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
    fn keeping(&self) -> MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn loads(&self) -> MutexGuard<'_, Loads> {
        self.loads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what was read last; later, when that was done just now. A start without it takes longer, and so does the first
    /// search, that is all: nobody is told when it cannot be kept.
    fn keep(self: &Arc<Shelf>, now: DateTime<Utc>) {
        let Some(folder) = &self.snapshots else { return };
        let mut keeping = self.keeping();
        let left = keeping.not_before.map(|until| until.saturating_duration_since(Instant::now()));
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            let shelf = self.clone();
            let wait = move || {
                thread::sleep(left);
                shelf.keeping().waits = false;
                shelf.keep(now);
            };
            keeping.waits = keeping.waits || thread::Builder::new().spawn(wait).is_ok();
            return;
        }
        let loaded = match &*self.known() {
            Known::Read(loaded) if !loaded.provisional => loaded.clone(),
            _ => return,
        };
        let before = keeping.last.take();
        let begun = Instant::now();
        keeping.last = Some(loaded.feed.clone());
        match self.library.keep(folder, &loaded, now) {
            Ok(number) => {
                let with_texts = loaded.feed.kept_texts().map(|_| &*loaded.feed);
                self.keep_texts(number, &loaded.feed, with_texts.or(before.as_deref()));
                keeping.last = self.go_on_from(number, &loaded, now).or(keeping.last.take());
            }
            Err(error) => log::info!("no snapshot is kept in {}: {error}", clean::path(folder)),
        }
        keeping.not_before = Some(Instant::now() + begun.elapsed() * REST);
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
    fn use_texts(&self, snapshot: u64, feed: &Feed) {
        if let Some(folder) = &self.snapshots {
            self.library.use_texts(folder, snapshot, feed, Texts::VERSION);
        }
    }

    /// Looks at the library once, and tells what is new. True when that is to be kept for the next session.
    fn look(&self, now: DateTime<Utc>, tell: &dyn Fn(Event)) -> bool {
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
        let progress = |progress: Progress| {
            if !is_first || told.elapsed() < TELL || progress.done == progress.total {
                return;
            }
            told = Instant::now();
            tell(Event::Loading { done: progress.done, total: progress.total });
            // Each feed shown early is three times as large as the one before: all of them cost half of the last.
            if progress.articles > 3 * shown {
                shown = progress.articles;
                let feed = Arc::new((progress.feed)());
                tell(Event::FeedLoaded { feed, problems: Vec::new(), complete: false });
            }
        };
        // What the snapshot says is of another session: nobody has read it in this one.
        let keeps = matches!(*known, Known::Read(_));
        // Whoever watches is told of every file that is opened. So what is opened as a whole is watched when it is looked at
        // once more, at once.
        let opens_all = !self.has_begun.swap(true, Ordering::Relaxed) && before.is_none();
        if opens_all && self.watch.get().is_some() {
            self.loads().wanted = Some(now);
        }
        let manner = Manner { now, watch: self.watch.get().filter(|_| !opens_all), keeps };
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
                is_to_be_kept
            }
            Ok(None) => {
                let number = match &*known {
                    Known::Snapshot(snapshot) => snapshot.number,
                    _ => return false,
                };
                // That it is whole need not be looked at again.
                let feed = known.settle();
                drop(known);
                let mut keeping = self.keeping();
                let without = feed.iter().filter(|feed| feed.kept_texts().is_none());
                without.for_each(|feed| self.keep_texts(number, feed, None));
                keeping.last = feed;
                false
            }
            Err(error) => {
                tell(Event::LoadFailed(clean::decoded(&error.to_string())));
                false
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

    fn loaded(&self, loaded: &Loaded) -> Event {
        let problems = self.own_problems.iter().chain(&loaded.problems).cloned().collect();
        Event::FeedLoaded { feed: loaded.feed.clone(), problems, complete: true }
    }
}

/// The kinds of requests of which the last one counts.
fn kind(wanted: Wanted) -> usize {
    match wanted {
        Wanted::Rows => 0,
        Wanted::Labels(_) => 1,
        Wanted::Counts => 2,
        Wanted::Arrivals => 3,
        Wanted::Changes => 4,
        Wanted::Index => 5,
        Wanted::Similar => 6,
    }
}

enum Report {
    Event(Event),
    Ended,
}

impl Workers {
    /// No jobs yet.
    pub fn new(library: Library, snapshots: Option<PathBuf>, own_problems: Vec<Problem>) -> Workers {
        let (sender, receiver) = channel();
        let shelf = Arc::new(Shelf {
            library,
            snapshots,
            own_problems,
            known: Mutex::default(),
            keeping: Mutex::default(),
            loads: Mutex::default(),
            watch: OnceLock::new(),
            has_begun: AtomicBool::new(false),
        });
        Workers { sender, receiver, busy: 0, latest: Arc::default(), shelf }
    }

    /// True while a job may still report.
    pub fn are_busy(&self) -> bool {
        self.busy > 0
    }

    /// A way to report for something that runs as long as the program, and is no job.
    pub fn reporter(&self) -> impl Fn(Event) + Clone + Send + 'static {
        let sender = self.sender.clone();
        move |event| drop(sender.send(Report::Event(event)))
    }

    /// What jobs have reported since.
    pub fn events(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Ok(report) = self.receiver.try_recv() {
            events.extend(self.take(report));
        }
        events
    }

    /// Waits for a report, but not longer than that.
    pub fn wait(&mut self, at_most: Duration) -> Vec<Event> {
        let first = self.receiver.recv_timeout(at_most).ok().and_then(|report| self.take(report));
        first.into_iter().chain(self.events()).collect()
    }

    fn take(&mut self, report: Report) -> Option<Event> {
        match report {
            Report::Event(event) => Some(event),
            Report::Ended => {
                self.busy = self.busy.saturating_sub(1);
                None
            }
        }
    }

    /// Searches. It shows early what it has found, and gives up as soon as something else is wanted.
    pub fn search(&mut self, mut request: Request) {
        let latest = self.latest.clone();
        let (ticket, kind) = (request.ticket, kind(request.wanted));
        latest[kind].store(ticket, Ordering::Relaxed);
        self.start(move |tell| {
            let stop = || latest[kind].load(Ordering::Relaxed) != ticket;
            let (begun, mut told) = (Instant::now(), None::<Instant>);
            while request.step(&stop) {
                if stop() {
                    return;
                }
                let pause = if told.is_some() { SHOW_AGAIN } else { SHOW };
                if told.unwrap_or(begun).elapsed() >= pause
                    && let Some(answer) = request.so_far(begun.elapsed() >= TAKES_LONG)
                {
                    tell(Event::Found { ticket, answer });
                    told = Some(Instant::now());
                }
            }
            if !stop() {
                tell(Event::Found { ticket, answer: request.answer() });
            }
        });
    }

    /// Runs a job. Its last event tells how it ended; a panic is told as a failure.
    fn start(&mut self, job: impl FnOnce(&dyn Fn(Event)) + Send + 'static) {
        let sender = self.sender.clone();
        // A receiver that went away means that the program ends.
        let run = move || {
            let tell = |event| drop(sender.send(Report::Event(event)));
            if catch_unwind(AssertUnwindSafe(|| job(&tell))).is_err() {
                let what = super::guard::last_worker_panic().unwrap_or_default();
                tell(Event::Failed(clean::decoded(&format!("a fault in frontpage: {what}"))));
            }
            drop(sender.send(Report::Ended));
        };
        match thread::Builder::new().spawn(run) {
            Ok(_) => self.busy += 1,
            Err(error) => {
                let what = clean::decoded(&format!("nothing can run in the background: {error}"));
                drop(self.sender.send(Report::Event(Event::Failed(what))));
            }
        }
    }

    /// The library as the snapshot knows it, at once; none when there is no snapshot.
    pub fn known(&mut self, now: DateTime<Utc>) -> Option<Event> {
        let snapshot = self.shelf.library.open(self.shelf.snapshots.as_deref()?, now).ok()?;
        let event = self.shelf.loaded(&snapshot.loaded);
        self.shelf.use_texts(snapshot.number, &snapshot.loaded.feed);
        *self.shelf.known() = Known::Snapshot(snapshot);
        Some(event)
    }

    /// Has somebody told when files of the library were changed.
    pub fn watch(&self, tell: impl Fn(Event) + Clone + Send + 'static) {
        if self.shelf.library == Library::BuiltIn {
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
            Ok(watch) => drop(self.shelf.watch.set(watch)),
            Err(error) => tell(Event::Failed(clean::decoded(&format!("changes of files are not seen: {error}")))),
        }
    }

    /// Looks at the library and reads what is not known of it. While nothing is on the screen yet, articles are shown as they
    /// arrive. Is it looked at already, it will be once more after that.
    pub fn load(&mut self, now: DateTime<Utc>) {
        {
            let mut loads = self.shelf.loads();
            if loads.runs {
                loads.wanted = Some(now);
                return;
            }
            loads.runs = true;
        }
        let mut running = Running { shelf: self.shelf.clone(), ended: false };
        self.start(move |tell| {
            let shelf = running.shelf.clone();
            let (mut next, mut is_to_be_kept) = (Some(now), false);
            while let Some(now) = next {
                is_to_be_kept |= shelf.look(now, tell);
                next = running.next();
            }
            if is_to_be_kept {
                shelf.keep(now);
            }
        });
    }

    /// Hands an address to the browser.
    pub fn open(&mut self, browser: Browser, address: Address) {
        self.start(move |tell| {
            tell(match browser.open(&address) {
                Ok(()) => Event::Done(clean::decoded(&format!("opened {}", address.shown()))),
                Err(error) => Event::Failed(clean::decoded(&format!("{error}; y copies the link"))),
            });
        });
    }

    /// Pipes text into a clipboard tool.
    pub fn copy(&mut self, tool: Vec<String>, text: String, what: &'static str) {
        self.start(move |tell| {
            let name = tool.first().cloned().unwrap_or_default();
            tell(match program::pipe(&tool, &text) {
                Ok(()) => Event::Done(clean::decoded(&format!("{what} copied with {name}"))),
                Err(error) => Event::Failed(clean::decoded(&format!("{name} did not copy it: {error}"))),
            });
        });
    }

    /// A job that panics, to prove that the screen survives it.
    #[cfg(debug_assertions)]
    pub fn panic_for_a_test(&mut self) {
        self.start(|_| panic!("asked for by \u{1b}[31mFRONTPAGE_TEST_PANIC"));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    /// Loads, and tells the titles when that brought any news.
    fn load(workers: &mut Workers) -> Option<Vec<String>> {
        let now = "2021-02-20T12:00:00Z".parse().expect("a time");
        workers.load(now);
        let mut titles = None;
        while workers.are_busy() {
            for event in workers.wait(Duration::from_millis(20)) {
                if let Event::FeedLoaded { feed, complete: true, .. } = event {
                    titles = Some(feed.iter().map(|article| article.title.to_string()).collect());
                }
            }
        }
        titles
    }

    #[test]
    fn a_load_after_another_reads_what_was_changed_and_tells_only_news() {
        let (folder, snapshots) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let write = |title: &str| {
            let text = format!("---\ntitle: {title}\n---\n");
            std::fs::write(folder.path().join("a.md"), text).expect("a file");
        };
        write("one");
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let mut workers = Workers::new(library, Some(snapshots.path().to_owned()), Vec::new());
        assert_eq!(load(&mut workers), Some(vec!["one".to_owned()]));
        // What was written just now is read again until its time tells something.
        while load(&mut workers).is_some() {}
        let is_known =
            |workers: &Workers| matches!(&*workers.shelf.known(), Known::Read(loaded) if loaded.feed.len() == 1);
        assert!(is_known(&workers), "what is known stays known when there is no news");
        assert!(load(&mut workers).is_none() && is_known(&workers));
        write("two");
        assert_eq!(load(&mut workers), Some(vec!["two".to_owned()]));
        // The next session begins with it.
        let mut next = Workers::new(workers.shelf.library.clone(), Some(snapshots.path().to_owned()), Vec::new());
        let known = next.known("2021-02-20T12:00:00Z".parse().expect("a time")).expect("a snapshot");
        assert!(matches!(known, Event::FeedLoaded { feed, .. } if feed.kept_texts().is_some() && feed.len() == 1));
    }

    #[test]
    fn however_many_loads_are_asked_for_there_is_one_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |title: &str| {
            std::fs::write(folder.path().join("a.md"), format!("---\ntitle: {title}\n---\n")).expect("a file")
        };
        write("one");
        let mut workers = Workers::new(Library::Paths(vec![folder.path().to_owned()]), None, Vec::new());
        let shelf = workers.shelf.clone();
        let held = shelf.known();
        let now = "2021-02-20T12:00:00Z".parse().expect("a time");
        for _ in 0..10 {
            workers.load(now);
        }
        assert_eq!(workers.busy, 1, "one thread");
        assert!(shelf.loads().wanted.is_some(), "one more");
        drop(held);
        assert_eq!(load(&mut workers), Some(vec!["one".to_owned()]));
        assert!(!shelf.loads().runs && shelf.loads().wanted.is_none());
        write("two");
        assert_eq!(load(&mut workers), Some(vec!["two".to_owned()]));
    }

    #[test]
    fn what_breaks_stays_for_this_session_only() {
        let (folder, snapshots) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        write("a.md", "---\ntitle: A\ndate: 2020-01-01\n---\n");
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let begin = || Workers::new(library.clone(), Some(snapshots.path().to_owned()), Vec::new());
        let mut workers = begin();
        assert_eq!(load(&mut workers), Some(vec!["A".to_owned()]));
        write("a.md", "---\ntitle: A: B: [\n---\n");
        write("b.md", "---\ntitle: B\ndate: 2019-01-01\n---\n");
        let both = vec!["A".to_owned(), "B".to_owned()];
        assert_eq!(load(&mut workers), Some(both));
        assert!(matches!(&*workers.shelf.known(), Known::Read(loaded) if loaded.problems.len() == 1));
        let mut next = begin();
        let known = next.known("2021-02-20T12:00:00Z".parse().expect("a time")).expect("a snapshot");
        assert!(matches!(known, Event::FeedLoaded { feed, .. } if feed.len() == 1), "as it was when all was well");
        assert_eq!(load(&mut next), Some(vec!["B".to_owned()]), "as the files say");
        // What one saw is no longer known to the next one.
        assert_eq!(load(&mut begin()), Some(vec!["B".to_owned()]));
    }

    #[test]
    fn what_was_replaced_does_not_stay_in_memory() {
        let (folder, snapshots) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let write = |name: &str, n: usize| {
            let text = format!("---\ntitle: {name} {n}\ndate: 2020-01-01\n---\n");
            std::fs::write(folder.path().join(format!("{name}.md")), text).expect("a file")
        };
        write("b", 0);
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let mut workers = Workers::new(library, Some(snapshots.path().to_owned()), Vec::new());
        for n in 0..30 {
            write("a", n);
            assert_eq!(load(&mut workers), Some(vec![format!("a {n}"), "b 0".to_owned()]));
        }
        let parts = |workers: &Workers| match &*workers.shelf.known() {
            Known::Read(loaded) => loaded.feed.columns().records.len(),
            _ => usize::MAX,
        };
        // The last one is kept a little later.
        let begun = Instant::now();
        while parts(&workers) > 1 {
            assert!(begun.elapsed() < Duration::from_secs(30), "{} parts", parts(&workers));
            thread::sleep(Duration::from_millis(5));
        }
        while load(&mut workers).is_some() {}
        write("a", 30);
        assert_eq!(load(&mut workers), Some(vec!["a 30".to_owned(), "b 0".to_owned()]));
        let texts = |workers: &Workers| match &*workers.shelf.known() {
            Known::Read(loaded) => loaded.feed.kept_texts().is_some(),
            _ => false,
        };
        let begun = Instant::now();
        while !texts(&workers) {
            assert!(begun.elapsed() < Duration::from_secs(30));
            thread::sleep(Duration::from_millis(5));
        }
    }
}
