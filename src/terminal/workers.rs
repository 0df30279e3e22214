//! Background jobs: each ends in an event, also when it panics.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::shelf::Shelf;
use crate::app::{Answer, Event, Request, Wanted};
use crate::browser::Browser;
use crate::dates::Now;
use crate::feed::{Address, Shown, clean};
use crate::library::Library;
use crate::program;

/// After how long a search shows what it has found so far, for the first time and again.
const SHOW: Duration = Duration::from_millis(10);
const SHOW_AGAIN: Duration = Duration::from_millis(100);
/// After how long a search says how far it is.
const TAKES_LONG: Duration = Duration::from_millis(100);
/// After how long the making of an index says how far it is: nobody waits for it.
const INDEXING: Duration = Duration::from_millis(500);

/// Jobs, and the channel on which they report.
pub struct Workers {
    sender: Sender<Report>,
    receiver: Receiver<Report>,
    /// Jobs that have not ended.
    busy: usize,
    /// The number of the last request of each kind: what is asked again is not wanted any more.
    latest: Arc<[AtomicU64; 10]>,
    shelf: Arc<Shelf>,
    /// Asks for looks at the library.
    loader: Option<Sender<Now>>,
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
        Wanted::Rules => 7,
        Wanted::Insights => 8,
        Wanted::Identities => 9,
    }
}

/// The event of a job that panicked.
fn fault() -> Event {
    let what = super::guard::last_worker_panic().unwrap_or_default();
    Event::Failed(clean::decoded(&format!("a fault in frontpage: {what}")))
}

fn no_thread(error: &std::io::Error) -> Event {
    Event::Failed(clean::decoded(&format!("nothing can run in the background: {error}")))
}

enum Report {
    Event(Event),
    Ended,
}

impl Workers {
    /// No jobs yet.
    pub fn new(library: Library, snapshots: Option<PathBuf>) -> Workers {
        let (sender, receiver) = channel();
        let shelf = Arc::new(Shelf::new(library, snapshots));
        Workers { sender, receiver, busy: 0, latest: Arc::default(), shelf, loader: None }
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
            let (begun, mut told) = (Instant::now(), None::<Instant>);
            let (asks, asked, tell_at) = (request.asks(), Cell::new(0), Cell::new(begun + INDEXING));
            let stop = || {
                let stops = latest[kind].load(Ordering::Relaxed) != ticket;
                asked.set(asked.get() + 1);
                // An index is made in one step, in which nothing else can tell how far it is.
                if let Some(all) = asks.filter(|_| !stops && Instant::now() >= tell_at.get()) {
                    tell_at.set(Instant::now() + SHOW_AGAIN);
                    tell(Event::Found { ticket, answer: Answer::Indexing { done: asked.get(), all } });
                }
                stops
            };
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
                tell(fault());
            }
            drop(sender.send(Report::Ended));
        };
        match thread::Builder::new().spawn(run) {
            Ok(_) => self.busy += 1,
            Err(error) => drop(self.sender.send(Report::Event(no_thread(&error)))),
        }
    }

    /// The library as the snapshot knows it, at once; none when there is no snapshot.
    pub fn known(&mut self, now: DateTime<Utc>) -> Option<Event> {
        self.shelf.begin(now)
    }

    /// Has somebody told when files of the library were changed.
    pub fn watch(&self, tell: impl Fn(Event) + Clone + Send + 'static) {
        self.shelf.watch(tell);
    }

    /// Looks at the library and reads what is not known of it. While nothing is on the screen yet, articles are shown as they
    /// arrive. Is it looked at already, it will be once more after that.
    pub fn load(&mut self, now: Now) {
        if self.loader.is_none() {
            let (report, sender) = (self.reporter(), self.sender.clone());
            let ended = move |answered, is_well: bool| {
                if !is_well {
                    drop(sender.send(Report::Event(fault())));
                }
                (0..answered).for_each(|_| drop(sender.send(Report::Ended)));
            };
            match self.shelf.start(report, ended) {
                Ok(loader) => self.loader = Some(loader),
                Err(error) => return drop(self.sender.send(Report::Event(no_thread(&error)))),
            }
        }
        self.busy += usize::from(self.loader.as_ref().is_some_and(|loader| loader.send(now).is_ok()));
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
    pub fn copy(&mut self, tool: Vec<String>, text: String, done: Shown) {
        self.start(move |tell| {
            let name = tool.first().cloned().unwrap_or_default();
            tell(match program::pipe(&tool, &text) {
                Ok(()) => Event::Done(done),
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

    #[test]
    fn every_load_that_was_asked_for_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.md"), "# One").expect("a file");
        let mut workers = Workers::new(Library::Paths(vec![folder.path().to_owned()]), None);
        let mut feeds = 0;
        for loads in [10, 1, 30] {
            let now: chrono::DateTime<chrono::Utc> = "2021-02-20T12:00:00Z".parse().expect("a time");
            (0..loads).for_each(|_| workers.load(now.into()));
            while workers.are_busy() {
                let events = workers.wait(Duration::from_millis(20));
                feeds += events.iter().filter(|event| matches!(event, Event::FeedLoaded { .. })).count();
            }
        }
        assert_eq!(feeds, 1, "what is no news is not told");
    }
}
