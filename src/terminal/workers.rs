//! Background jobs: each ends in an event, also when it panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::app::{Event, Request, Wanted};
use crate::browser::Browser;
use crate::feed::{Address, Feed, Problem, clean};
use crate::library::{Library, Loaded, Progress, Snapshot};
use crate::program;
use crate::query::{Texts, texts_to_keep};

/// How often a load tells how far it is.
const TELL: Duration = Duration::from_millis(50);

/// After how long a search shows what it has found so far, for the first time and again.
const SHOW: Duration = Duration::from_millis(10);
const SHOW_AGAIN: Duration = Duration::from_millis(100);
/// After how long a search says how far it is.
const TAKES_LONG: Duration = Duration::from_millis(100);

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
    keeping: Mutex<()>,
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
    fn keeping(&self) -> MutexGuard<'_, ()> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what was read. A start without it takes longer, and so does the first search, that is all: nobody is told when
    /// it cannot be kept.
    fn keep(&self, loaded: &Loaded, before: Option<&Feed>, now: DateTime<Utc>) {
        let Some(folder) = &self.snapshots else { return };
        let _one_at_a_time = self.keeping();
        match self.library.keep(folder, loaded, now) {
            Ok(number) => self.keep_texts(number, &loaded.feed, before),
            Err(error) => log::info!("no snapshot is kept in {}: {error}", clean::path(folder)),
        }
    }

    /// Keeps the folded text of a feed, unless it is kept already. What was not changed is not made again.
    fn keep_texts(&self, snapshot: u64, feed: &Feed, before: Option<&Feed>) {
        let Some(folder) = &self.snapshots else { return };
        if self.library == Library::BuiltIn || feed.kept_texts().is_some() {
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
        let shelf =
            Arc::new(Shelf { library, snapshots, own_problems, known: Mutex::default(), keeping: Mutex::default() });
        Workers { sender, receiver, busy: 0, latest: Arc::default(), shelf }
    }

    /// True while a job may still report.
    pub fn are_busy(&self) -> bool {
        self.busy > 0
    }

    /// A way to report for something that runs as long as the program, and is no job.
    pub fn reporter(&self) -> impl Fn(Event) + Send + 'static {
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

    /// Looks at the library and reads what is not known of it. While nothing is on the screen yet, articles are shown as they
    /// arrive.
    pub fn load(&mut self, now: DateTime<Utc>) {
        let shelf = self.shelf.clone();
        self.start(move |tell| {
            // One load at a time: another one waits here, and then finds little to do.
            let mut known = shelf.known();
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
            let read = match before {
                Some(before) => shelf.library.refresh(before, now, progress),
                None => shelf.library.load(now, progress).map(Some),
            };
            match &read {
                Ok(Some(loaded)) => log::info!("{} files read, {} articles in all", loaded.read, loaded.feed.len()),
                Ok(None) => log::info!("no file was changed"),
                Err(error) => log::info!("{error}"),
            }
            match read {
                Ok(Some(loaded)) => {
                    tell(shelf.loaded(&loaded));
                    let before = before.map(|before| before.feed.clone());
                    *known = Known::Read(loaded.clone());
                    // Nobody who edits a file waits for the disk.
                    drop(known);
                    shelf.keep(&loaded, before.as_deref(), now);
                }
                Ok(None) => {
                    let number = match &*known {
                        Known::Snapshot(snapshot) => snapshot.number,
                        _ => return,
                    };
                    // That it is whole need not be looked at again.
                    let feed = known.settle();
                    drop(known);
                    let _one_at_a_time = shelf.keeping();
                    feed.into_iter().for_each(|feed| shelf.keep_texts(number, &feed, None));
                }
                Err(error) => tell(Event::LoadFailed(clean::decoded(&error.to_string()))),
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
}
