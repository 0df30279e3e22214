//! The marks writer: a thread that writes marks to the disk, reads what other instances and devices wrote, and remembers where
//! the reader was.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::bookmark_file;
use crate::app::{Bookmark, Event, MarksNotSaved};
use crate::feed::{Change, SafeText, clean};
use crate::jobs::panic_message;
use crate::library::marks_log::{MarksLog, News, NotKept};

/// How often the folder of the marks is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(400);
/// How long what was written may stay in the system's memory.
const SYNC_INTERVAL: Duration = Duration::from_millis(500);
/// How long to wait after a failure.
const RETRY_DELAY: Duration = Duration::from_secs(10);
/// How often the bookmark is written, when it is another one.
const BOOKMARK_INTERVAL: Duration = Duration::from_secs(2);
/// How long a key waits for its marks to be written; a disk that takes longer is not waited for.
const WRITE_WAIT: Duration = Duration::from_millis(50);
/// How long the end waits for the disk.
const FINISH_WAIT: Duration = Duration::from_secs(2);

enum Request {
    Write(Vec<Change>, Sender<()>),
    Finish(Sender<Option<SafeText>>),
}

/// The way to the thread.
#[derive(Clone)]
pub struct MarksWriter {
    requests: Sender<Request>,
    bookmark: Arc<Mutex<Option<Bookmark>>>,
}

impl MarksWriter {
    /// Starts the thread. What it reads, and whether all marks are kept, it tells as events.
    pub fn start(log: MarksLog, bookmark_file: Option<PathBuf>, send: impl Fn(Event) + Send + 'static) -> MarksWriter {
        let (requests, inbox) = channel();
        let bookmark = Arc::new(Mutex::new(None));
        let marks_writer = MarksWriter { requests, bookmark: bookmark.clone() };
        let mut thread =
            WriterThread { log, inbox, bookmark, bookmark_file, send, last_bookmark: None, has_unsaved: false };
        // Without a thread the way leads nowhere, and every mark is told as not kept.
        let _ = thread::Builder::new().spawn(move || {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| thread.run())) {
                let words = format!("{}; start it again", panic_message::describe(&*panic));
                (thread.send)(Event::MarksSaved(Err(MarksNotSaved(clean::plain_line(&words)))));
            }
        });
        marks_writer
    }

    /// Has changes written, and waits a moment for it: what the reader sees on the screen is on its way to the disk.
    pub fn write(&self, changes: Vec<Change>) -> Result<(), MarksNotSaved> {
        let (written, wait) = channel();
        self.requests
            .send(Request::Write(changes, written))
            .map_err(|_| MarksNotSaved("nothing can run in the background".into()))?;
        let _ = wait.recv_timeout(WRITE_WAIT);
        Ok(())
    }

    /// Remembers where the reader is.
    pub fn set_bookmark(&self, bookmark: Option<Bookmark>) {
        *self.bookmark.lock().unwrap_or_else(PoisonError::into_inner) = bookmark;
    }

    /// Writes everything, for the end. The words say why that failed.
    pub fn finish(&self) -> Option<SafeText> {
        let (done, wait) = channel();
        self.requests.send(Request::Finish(done)).ok()?;
        wait.recv_timeout(FINISH_WAIT).unwrap_or(Some("the disk does not answer".into()))
    }
}

struct WriterThread<T> {
    log: MarksLog,
    inbox: Receiver<Request>,
    bookmark: Arc<Mutex<Option<Bookmark>>>,
    bookmark_file: Option<PathBuf>,
    send: T,
    last_bookmark: Option<Bookmark>,
    has_unsaved: bool,
}

impl<T: Fn(Event)> WriterThread<T> {
    fn run(&mut self) {
        #[cfg(debug_assertions)]
        if std::env::var("FRONTPAGE_TEST_PANIC").as_deref() == Ok("marks_writer") {
            panic!("asked for by \u{1b}[31mFRONTPAGE_TEST_PANIC");
        }
        let News { marks, problems } = self.log.news();
        (self.send)(Event::MarksLoaded { marks, problems });
        self.log.sweep(chrono::Utc::now().timestamp());
        let mut tidied = self.log.tidy();
        let (mut synced, mut tried, mut marked) = (Instant::now(), Instant::now(), Instant::now());
        loop {
            match self.inbox.recv_timeout(POLL_INTERVAL) {
                Ok(Request::Write(changes, written)) => {
                    let kept = self.log.keep(changes);
                    tried = Instant::now();
                    let _ = written.send(());
                    self.report(kept);
                }
                Ok(Request::Finish(done)) => {
                    // What took the place of our file in the last moment may lack what is on the screen.
                    self.log.news();
                    let kept = self.log.keep(Vec::new()).and_then(|()| self.log.sync());
                    self.save_bookmark();
                    let _ = done.send(kept.err().map(message));
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if synced.elapsed() >= SYNC_INTERVAL {
                synced = Instant::now();
                let kept = self.log.sync();
                self.report(kept);
            }
            if tried.elapsed() >= RETRY_DELAY && (self.log.waiting() > 0 || tidied.is_err()) {
                tried = Instant::now();
                let kept = self.log.keep(Vec::new());
                self.report(kept);
                tidied = self.log.tidy();
            }
            if marked.elapsed() >= BOOKMARK_INTERVAL {
                marked = Instant::now();
                self.save_bookmark();
                if self.log.waiting() == 0 {
                    tidied = self.log.tidy();
                }
            }
            let News { marks, problems } = self.log.news();
            // What another copy of our file does not hold is written again at once, and what a copy of a conflict holds.
            if self.log.waiting() > 0 && !self.has_unsaved {
                let kept = self.log.keep(Vec::new());
                self.report(kept);
            }
            if !marks.is_empty() || !problems.is_empty() {
                (self.send)(Event::MarksLoaded { marks, problems });
            }
        }
    }

    /// Tells when marks cannot be kept, and when they can again.
    fn report(&mut self, kept: Result<(), NotKept>) {
        let waits = self.log.waiting() > 0;
        match kept {
            Err(error) => (self.send)(Event::MarksSaved(Err(MarksNotSaved(message(error))))),
            Ok(()) if self.has_unsaved && !waits => (self.send)(Event::MarksSaved(Ok(()))),
            Ok(()) => {}
        }
        self.has_unsaved = waits;
    }

    fn save_bookmark(&mut self) {
        let bookmark = self.bookmark.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Some(bookmark), Some(file)) = (bookmark, &self.bookmark_file)
            && self.last_bookmark.as_ref() != Some(&bookmark)
        {
            // Nobody is told: the next session begins at the top then, and nothing is lost.
            let _ = bookmark_file::keep(file, &bookmark);
            self.last_bookmark = Some(bookmark);
        }
    }
}

fn message(error: NotKept) -> SafeText {
    clean::plain_line(&error.to_string())
}
