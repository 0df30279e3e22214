//! The keeper: a thread that writes marks to the disk, reads what other instances and devices wrote, and remembers where
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
const LOOK: Duration = Duration::from_millis(400);
/// How long what was written may stay in the system's memory.
const SYNC: Duration = Duration::from_millis(500);
/// How long to wait after a failure.
const RETRY: Duration = Duration::from_secs(10);
/// How often the bookmark is written, when it is another one.
const BOOKMARK: Duration = Duration::from_secs(2);
/// How long a key waits for its marks to be written; a disk that takes longer is not waited for.
const WRITTEN: Duration = Duration::from_millis(50);
/// How long the end waits for the disk.
const END: Duration = Duration::from_secs(2);

enum Job {
    Keep(Vec<Change>, Sender<()>),
    End(Sender<Option<SafeText>>),
}

/// The way to the thread.
#[derive(Clone)]
pub struct Keeper {
    jobs: Sender<Job>,
    bookmark: Arc<Mutex<Option<Bookmark>>>,
}

impl Keeper {
    /// Starts the thread. What it reads, and whether all marks are kept, it tells as events.
    pub fn start(log: MarksLog, bookmark_file: Option<PathBuf>, tell: impl Fn(Event) + Send + 'static) -> Keeper {
        let (jobs, inbox) = channel();
        let bookmark = Arc::new(Mutex::new(None));
        let keeper = Keeper { jobs, bookmark: bookmark.clone() };
        let mut thread = Thread { log, inbox, bookmark, bookmark_file, tell, last_bookmark: None, unkept: false };
        // Without a thread the way leads nowhere, and every mark is told as not kept.
        let _ = thread::Builder::new().spawn(move || {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| thread.run())) {
                let words = format!("{}; start it again", panic_message::describe(&*panic));
                (thread.tell)(Event::MarksSaved(Err(MarksNotSaved(clean::plain_line(&words)))));
            }
        });
        keeper
    }

    /// Has changes written, and waits a moment for it: what the reader sees on the screen is on its way to the disk.
    pub fn keep(&self, changes: Vec<Change>) -> Result<(), MarksNotSaved> {
        let (written, wait) = channel();
        self.jobs
            .send(Job::Keep(changes, written))
            .map_err(|_| MarksNotSaved("nothing can run in the background".into()))?;
        let _ = wait.recv_timeout(WRITTEN);
        Ok(())
    }

    /// Remembers where the reader is.
    pub fn remember(&self, bookmark: Option<Bookmark>) {
        *self.bookmark.lock().unwrap_or_else(PoisonError::into_inner) = bookmark;
    }

    /// Writes everything, for the end. The words say why that failed.
    pub fn end(&self) -> Option<SafeText> {
        let (done, wait) = channel();
        self.jobs.send(Job::End(done)).ok()?;
        wait.recv_timeout(END).unwrap_or(Some("the disk does not answer".into()))
    }
}

struct Thread<T> {
    log: MarksLog,
    inbox: Receiver<Job>,
    bookmark: Arc<Mutex<Option<Bookmark>>>,
    bookmark_file: Option<PathBuf>,
    tell: T,
    last_bookmark: Option<Bookmark>,
    unkept: bool,
}

impl<T: Fn(Event)> Thread<T> {
    fn run(&mut self) {
        #[cfg(debug_assertions)]
        if std::env::var("FRONTPAGE_TEST_PANIC").as_deref() == Ok("keeper") {
            panic!("asked for by \u{1b}[31mFRONTPAGE_TEST_PANIC");
        }
        let News { marks, problems } = self.log.news();
        (self.tell)(Event::MarksLoaded { marks, problems });
        self.log.sweep(chrono::Utc::now().timestamp());
        let mut tidied = self.log.tidy();
        let (mut synced, mut tried, mut marked) = (Instant::now(), Instant::now(), Instant::now());
        loop {
            match self.inbox.recv_timeout(LOOK) {
                Ok(Job::Keep(changes, written)) => {
                    let kept = self.log.keep(changes);
                    tried = Instant::now();
                    let _ = written.send(());
                    self.told(kept);
                }
                Ok(Job::End(done)) => {
                    // What took the place of our file in the last moment may lack what is on the screen.
                    self.log.news();
                    let kept = self.log.keep(Vec::new()).and_then(|()| self.log.sync());
                    self.keep_bookmark();
                    let _ = done.send(kept.err().map(words));
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if synced.elapsed() >= SYNC {
                synced = Instant::now();
                let kept = self.log.sync();
                self.told(kept);
            }
            if tried.elapsed() >= RETRY && (self.log.waiting() > 0 || tidied.is_err()) {
                tried = Instant::now();
                let kept = self.log.keep(Vec::new());
                self.told(kept);
                tidied = self.log.tidy();
            }
            if marked.elapsed() >= BOOKMARK {
                marked = Instant::now();
                self.keep_bookmark();
                if self.log.waiting() == 0 {
                    tidied = self.log.tidy();
                }
            }
            let News { marks, problems } = self.log.news();
            // What another copy of our file does not hold is written again at once, and what a copy of a conflict holds.
            if self.log.waiting() > 0 && !self.unkept {
                let kept = self.log.keep(Vec::new());
                self.told(kept);
            }
            if !marks.is_empty() || !problems.is_empty() {
                (self.tell)(Event::MarksLoaded { marks, problems });
            }
        }
    }

    /// Tells when marks cannot be kept, and when they can again.
    fn told(&mut self, kept: Result<(), NotKept>) {
        let waits = self.log.waiting() > 0;
        match kept {
            Err(error) => (self.tell)(Event::MarksSaved(Err(MarksNotSaved(words(error))))),
            Ok(()) if self.unkept && !waits => (self.tell)(Event::MarksSaved(Ok(()))),
            Ok(()) => {}
        }
        self.unkept = waits;
    }

    fn keep_bookmark(&mut self) {
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

fn words(error: NotKept) -> SafeText {
    clean::plain_line(&error.to_string())
}
