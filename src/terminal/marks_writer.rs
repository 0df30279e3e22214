//! The marks writer: a thread that writes marks and the bookmark to the disk, and reads the marks of other instances and devices.

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
use crate::library::marks_log::{MarksLog, MarksSaveError, MarksUpdate};

/// How often the marks folder is checked for changes by others.
const POLL_INTERVAL: Duration = Duration::from_millis(400);
/// The longest that written marks may stay in the system's cache before they are synced to the disk.
const SYNC_INTERVAL: Duration = Duration::from_millis(500);
/// How long to wait after a failed write before the next try.
const RETRY_DELAY: Duration = Duration::from_secs(10);
/// How often a changed bookmark is written.
const BOOKMARK_INTERVAL: Duration = Duration::from_secs(2);
/// How long a key waits for its marks to be written. On a slower disk the key continues, and the write finishes later.
const WRITE_WAIT: Duration = Duration::from_millis(50);
/// How long the end of the program waits for the disk.
const FINISH_WAIT: Duration = Duration::from_secs(2);

/// A request to the thread, with the channel for its reply.
enum Request {
    Write(Vec<Change>, Sender<()>),
    /// Write everything and end. The reply says why something could not be written.
    Finish(Sender<Option<SafeText>>),
}

/// A handle to the writer thread.
#[derive(Clone)]
pub struct MarksWriter {
    requests: Sender<Request>,
    bookmark: Arc<Mutex<BookmarkToWrite>>,
}

/// The bookmark, and the file to write it to.
#[derive(Default)]
struct BookmarkToWrite {
    file: Option<PathBuf>,
    bookmark: Option<Bookmark>,
    /// The last one of the library before, and its file.
    earlier: Option<(PathBuf, Bookmark)>,
}

impl MarksWriter {
    /// Starts the thread. It sends the marks that it reads, and whether all marks are saved, as events.
    pub fn start(log: MarksLog, bookmark_file: Option<PathBuf>, send: impl Fn(Event) + Send + 'static) -> MarksWriter {
        let (requests, inbox) = channel();
        let bookmark = Arc::new(Mutex::new(BookmarkToWrite { file: bookmark_file, ..BookmarkToWrite::default() }));
        let marks_writer = MarksWriter { requests, bookmark: bookmark.clone() };
        let mut thread = WriterThread { log, inbox, bookmark, send, last_bookmark: None, has_unsaved: false };
        // If the thread cannot be started, or has panicked, the channel is closed and every mark is reported as not saved.
        let _ = thread::Builder::new().spawn(move || {
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| thread.run())) {
                let words = format!("{}; restart frontpage", panic_message::describe(&*panic));
                (thread.send)(Event::MarksSaved(Err(MarksNotSaved(clean::plain_line(&words)))));
            }
        });
        marks_writer
    }

    /// Writes changes, and waits up to 50 ms until they are written, so that marks visible on the screen are usually on the disk.
    pub fn write(&self, changes: Vec<Change>) -> Result<(), MarksNotSaved> {
        let (written, wait) = channel();
        self.requests
            .send(Request::Write(changes, written))
            .map_err(|_| MarksNotSaved("the writer thread is not running; restart frontpage".into()))?;
        let _ = wait.recv_timeout(WRITE_WAIT);
        Ok(())
    }

    /// Sets the bookmark, which the thread writes within 2 s and at the end.
    pub fn set_bookmark(&self, bookmark: Option<Bookmark>) {
        self.bookmark.lock().unwrap_or_else(PoisonError::into_inner).bookmark = bookmark;
    }

    /// Sets the file of the bookmark, after the library has changed. The thread writes the bookmark of the library before to its
    /// own file.
    pub fn set_bookmark_file(&self, file: Option<PathBuf>) {
        let mut to_write = self.bookmark.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = to_write.file.take().zip(to_write.bookmark.take());
        *to_write = BookmarkToWrite { file, bookmark: None, earlier };
    }

    /// Writes everything, and ends the thread. Returns the reason if that failed.
    pub fn finish(&self) -> Option<SafeText> {
        let (done, wait) = channel();
        self.requests.send(Request::Finish(done)).ok()?;
        wait.recv_timeout(FINISH_WAIT).unwrap_or(Some("the disk did not respond within 2 s".into()))
    }
}

struct WriterThread<T> {
    log: MarksLog,
    inbox: Receiver<Request>,
    bookmark: Arc<Mutex<BookmarkToWrite>>,
    send: T,
    last_bookmark: Option<Bookmark>,
    has_unsaved: bool,
}

impl<T: Fn(Event)> WriterThread<T> {
    fn run(&mut self) {
        #[cfg(debug_assertions)]
        if std::env::var("FRONTPAGE_TEST_PANIC").as_deref() == Ok("marks_writer") {
            panic!("requested by \u{1b}[31mFRONTPAGE_TEST_PANIC");
        }
        let MarksUpdate { marks, problems } = self.log.read_new();
        (self.send)(Event::MarksLoaded { marks, problems });
        self.log.remove_stale_temporaries(chrono::Utc::now().timestamp());
        let mut compacted = self.log.compact();
        let (mut last_sync, mut last_try, mut last_bookmark_write) = (Instant::now(), Instant::now(), Instant::now());
        loop {
            match self.inbox.recv_timeout(POLL_INTERVAL) {
                Ok(Request::Write(changes, written)) => {
                    let result = self.log.write(changes);
                    last_try = Instant::now();
                    let _ = written.send(());
                    self.report(result);
                }
                Ok(Request::Finish(done)) => {
                    // Another instance or a sync tool may just have replaced our file, without the marks that are on the screen:
                    // reading it first makes the log write them again.
                    self.log.read_new();
                    let result = self.log.write(Vec::new()).and_then(|()| self.log.sync());
                    self.save_bookmark();
                    let _ = done.send(result.err().map(message));
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if last_sync.elapsed() >= SYNC_INTERVAL {
                last_sync = Instant::now();
                let result = self.log.sync();
                self.report(result);
            }
            if last_try.elapsed() >= RETRY_DELAY && (self.log.unwritten() > 0 || compacted.is_err()) {
                last_try = Instant::now();
                let result = self.log.write(Vec::new());
                self.report(result);
                compacted = self.log.compact();
            }
            if last_bookmark_write.elapsed() >= BOOKMARK_INTERVAL {
                last_bookmark_write = Instant::now();
                self.save_bookmark();
                if self.log.unwritten() == 0 {
                    compacted = self.log.compact();
                }
            }
            let MarksUpdate { marks, problems } = self.log.read_new();
            // Marks that another copy of our file lacks are written again at once, as are marks found in a conflict copy.
            if self.log.unwritten() > 0 && !self.has_unsaved {
                let result = self.log.write(Vec::new());
                self.report(result);
            }
            if !marks.is_empty() || !problems.is_empty() {
                (self.send)(Event::MarksLoaded { marks, problems });
            }
        }
    }

    /// Sends an event when marks cannot be saved, and when they can be saved again.
    fn report(&mut self, result: Result<(), MarksSaveError>) {
        let has_unwritten = self.log.unwritten() > 0;
        match result {
            Err(error) => (self.send)(Event::MarksSaved(Err(MarksNotSaved(message(error))))),
            Ok(()) if self.has_unsaved && !has_unwritten => (self.send)(Event::MarksSaved(Ok(()))),
            Ok(()) => {}
        }
        self.has_unsaved = has_unwritten;
    }

    fn save_bookmark(&mut self) {
        let (bookmark, file, earlier) = {
            let mut to_write = self.bookmark.lock().unwrap_or_else(PoisonError::into_inner);
            (to_write.bookmark.clone(), to_write.file.clone(), to_write.earlier.take())
        };
        if let Some((file, bookmark)) = earlier {
            let _ = bookmark_file::write(&file, &bookmark);
            self.last_bookmark = None;
        }
        if let (Some(bookmark), Some(file)) = (bookmark, file)
            && self.last_bookmark.as_ref() != Some(&bookmark)
        {
            // A failure is ignored: the next session starts at the top, and nothing else is lost.
            let _ = bookmark_file::write(&file, &bookmark);
            self.last_bookmark = Some(bookmark);
        }
    }
}

fn message(error: MarksSaveError) -> SafeText {
    clean::plain_line(&error.to_string())
}
