//! Watches the folders of a library, and reports once when changes have ended that it must be scanned again.
//!
//! Each scan of the whole library registers a watch for every folder before it lists it. So no change after the listing is
//! missed, and nothing is watched that is not listed. Events only name files: a scan finds what changed. If all events since
//! the scan before were about files, the scan looks only at these, see [`LibraryWatcher::begin_look`]. Any other event leads
//! to a scan of the whole library: about a folder, a symbolic link or the settings of a site, or that events were lost.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use notify::RecursiveMode;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::debounce::Debounce;
use super::folder_walk::{self, Visit};
use super::fs_event::{self, FsEvent, FsEventKind, WatchBackend};
use super::real_path::{follow_links, resolve};
use super::watch_changes::Changes;
use super::watcher_handle::WatcherHandle;

/// How often to check that the roots are still the same folders and files. A watch follows the folder, not the path: a folder
/// that is mounted over a root causes no event.
const ROOT_CHECK_INTERVAL: Duration = Duration::from_secs(2);
/// Pause after events were read, so that many events at once wake the thread only once.
const BATCHING_PAUSE: Duration = Duration::from_millis(25);

/// Limit for queued events. Beyond it, they are replaced by one overflow event.
const MAX_QUEUED: usize = 4096;

/// An event for the owner of the watcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    /// The library must be scanned again.
    Changed,
    /// The library is scanned at intervals from now on, because not all of them cause events.
    Polling {
        /// The interval.
        every: Duration,
        /// Why, in words for the user.
        why: String,
    },
    /// All changes cause events again.
    Watching,
}

/// A watcher, which runs until it is dropped.
#[derive(Debug)]
pub struct LibraryWatcher {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    backend: WatchBackend,
    state: Mutex<State>,
    queue: Arc<EventQueue>,
}

/// Events that the thread has not processed. It has a lock of its own, since the thread of `notify` must never wait for a
/// thread that is calling `notify`: that would be a deadlock.
#[derive(Debug)]
struct EventQueue {
    events: Mutex<Vec<FsEvent>>,
    /// A byte written here wakes the thread.
    wake: UnixStream,
}

impl EventQueue {
    fn put(&self, event: FsEvent) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() >= MAX_QUEUED {
            events.truncate(1);
            events.push(FsEvent { kind: FsEventKind::Overflow, ..event });
        } else {
            events.push(event);
        }
        self.wake();
    }

    fn drain(&self) -> Vec<FsEvent> {
        std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Wakes the thread. If the socket buffer is full, it is about to wake anyway.
    fn wake(&self) {
        let _ = (&self.wake).write(&[0]);
    }
}

#[derive(Debug)]
struct State {
    handle: WatcherHandle,
    /// The watched paths, all absolute.
    watched: HashMap<PathBuf, WatchedPath>,
    /// The roots, and which folder or file each was at the last scan.
    roots: BTreeMap<PathBuf, Option<Identity>>,
    /// The roots of the last scan of the whole library, as the user named them.
    named: Vec<PathBuf>,
    /// Number of the last pass.
    pass: u64,
    debounce: Debounce,
    /// Why the library is scanned at intervals; none while watching.
    polling_reason: Option<String>,
    /// What changed since the last scan.
    changes: Changes,
    /// A scan has begun and not ended. If it is still so when the next one begins, the changes that it knew are lost.
    is_scanning: bool,
    /// Events to report.
    pending: Vec<WatchEvent>,
    stopped: bool,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// A file in a folder of the library, and nothing else.
    File,
    /// Anything else that the library depends on.
    Other,
    /// Nothing that the library depends on.
    Nothing,
}

/// A watched folder, or a file that a link points to.
#[derive(Debug, Default)]
struct WatchedPath {
    /// The scan entered it: all names count that may be articles or folders.
    entered: bool,
    /// Names that count in any case: links on the way to an article.
    names: BTreeSet<OsString>,
    /// The last pass that reached it.
    pass: u64,
}

/// Identifies a folder or file and its access rights: device, inode, mode, owner and group.
type Identity = (u64, u64, u32, u32, u32);

fn identity(path: &Path) -> Option<Identity> {
    let of = |there: Metadata| (there.dev(), there.ino(), there.mode(), there.uid(), there.gid());
    std::fs::metadata(path).ok().map(of)
}

/// The folder that contains a file.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl LibraryWatcher {
    /// Starts watching. Nothing is watched before the first pass. `on_event` is called from a thread of the watcher. Fails if the
    /// system has no socket or thread left.
    pub fn start(on_event: impl Fn(WatchEvent) + Send + 'static) -> io::Result<LibraryWatcher> {
        LibraryWatcher::start_with(WatchBackend::default(), on_event)
    }

    /// Like [`LibraryWatcher::start`] with another backend, for tests.
    pub fn start_with(
        backend: WatchBackend,
        on_event: impl Fn(WatchEvent) + Send + 'static,
    ) -> io::Result<LibraryWatcher> {
        let (wake, woken) = UnixStream::pair()?;
        // A full buffer must not block the thread of `notify`, and `wait` reads until nothing is left.
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let state = State {
            handle: WatcherHandle::default(),
            watched: HashMap::new(),
            roots: BTreeMap::new(),
            named: Vec::new(),
            pass: 0,
            debounce: Debounce::new(Instant::now()),
            polling_reason: None,
            changes: Changes::Unknown,
            is_scanning: false,
            pending: Vec::new(),
            stopped: false,
        };
        let queue = Arc::new(EventQueue { events: Mutex::default(), wake });
        let shared = Arc::new(Shared { backend, state: Mutex::new(state), queue });
        let watch = LibraryWatcher { shared: shared.clone() };
        thread::Builder::new().name("watch".to_owned()).spawn(move || shared.run(&woken, &on_event))?;
        Ok(watch)
    }

    /// Begins a pass: opens a watcher if there is none, and records which folder or file each root is. For a file, its folder is
    /// recorded; for a root that does not exist, its parent, too.
    pub fn begin_pass(&self, roots: &[PathBuf]) -> WatchPass<'_> {
        let started = Instant::now();
        let checked = roots.iter().flat_map(|root| match std::fs::metadata(root) {
            Ok(there) if there.is_dir() => vec![root.as_path()],
            Ok(_) => vec![parent(root)],
            Err(_) => vec![root, parent(root)],
        });
        let identities = checked.map(|path| (path.to_owned(), identity(path))).collect();
        let mut state = self.shared.state();
        state.pass += 1;
        (state.roots, state.named) = (identities, roots.to_vec());
        // The scan finds what caused the events so far.
        state.changes = Changes::none();
        state.is_scanning = true;
        let queue = self.shared.queue.clone();
        let open = || (self.shared.backend.open)(Box::new(move |event| queue.put(event)));
        let why = state.handle.ensure_open(open).err().map(|error| fs_event::explain(&error));
        let roots = roots.iter().map(|root| (root.clone(), resolve(root))).collect();
        WatchPass { shared: &self.shared, started, number: state.pass, roots, why: Mutex::new(why) }
    }

    /// Begins a look at the files of a library that changed since its last scan. `None` if only a scan of the whole library
    /// finds all changes: at the start, with other roots, while polling, after other events than those about files, and some
    /// time after the last scan of the whole library.
    pub fn begin_look(&self, roots: &[PathBuf]) -> Option<FileLook<'_>> {
        self.shared.drain_events();
        let started = Instant::now();
        let mut state = self.shared.state();
        if state.is_scanning
            || state.named != roots
            || state.polling_reason.is_some()
            || state.debounce.needs_whole_scan()
        {
            return None;
        }
        let Changes::Files(files) = &mut state.changes else { return None };
        let files = std::mem::take(files);
        state.is_scanning = true;
        Some(FileLook { shared: &self.shared, started, files })
    }
}

/// A look at the files that changed since the last scan. If it is dropped before its [`FileLook::end`], the next scan is one of
/// the whole library.
#[derive(Debug)]
pub struct FileLook<'a> {
    shared: &'a Shared,
    started: Instant,
    /// The files, without symbolic links in their paths. Some may not exist any more.
    pub files: BTreeSet<PathBuf>,
}

impl FileLook<'_> {
    /// Ends the look: the changes of all its files are known now.
    pub fn end(self) {
        let now = Instant::now();
        let mut state = self.shared.state();
        state.is_scanning = false;
        state.debounce.look_ended(now, now - self.started);
        self.shared.queue.wake();
    }
}

impl Drop for LibraryWatcher {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.shared.queue.wake();
    }
}

/// One scan of the library, during which everything it visits is watched.
#[derive(Debug)]
pub struct WatchPass<'a> {
    shared: &'a Shared,
    started: Instant,
    number: u64,
    /// The roots, each with its path without links. All watches use that path, since the system has one watch for each
    /// folder, whatever path leads to it.
    roots: Vec<(PathBuf, PathBuf)>,
    /// The first reason why not all changes cause events.
    why: Mutex<Option<String>>,
}

impl WatchPass<'_> {
    /// Watches what the scan lists or reads next.
    pub fn visit(&self, visit: &Visit) {
        match *visit {
            Visit::Folder(path) => self.watch_folder(&self.resolved(path), true, |entry| entry.entered = true),
            Visit::File(path) => {
                self.watch_links(path, true);
                if path.is_symlink() {
                    self.watch_path(path, false, |_| {});
                }
            }
            Visit::Link(path) => {
                let (folder, name) = (self.resolved(parent(path)), path.file_name().unwrap_or_default());
                let path = folder.join(name);
                self.watch_links(&path, false);
                // A folder is watched by its own path; a second watch would replace the first.
                if !path.is_dir() {
                    self.watch_path(&path, false, |_| {});
                }
            }
        }
    }

    /// Watches a settings file of a site, which may be above the library's folders.
    pub fn watch_settings(&self, file: &Path) {
        self.watch_links(file, false);
    }

    /// The path of a library folder without links.
    fn resolved(&self, path: &Path) -> PathBuf {
        let below = |(root, real): &(PathBuf, PathBuf)| Some(real.join(path.strip_prefix(root).ok()?));
        // Joining an empty path would append a slash.
        let is_root = self.roots.iter().find(|(root, _)| root == path).map(|(_, real)| real.clone());
        is_root.or_else(|| self.roots.iter().find_map(below)).unwrap_or_else(|| resolve(path))
    }

    /// Watches all names that a path depends on: links, links to links, and the target, whether it exists or not. A folder
    /// may contain many of them. `must`: if access is denied, polling starts.
    fn watch_links(&self, path: &Path, must: bool) {
        follow_links(path, &mut |folder, name| {
            let mut state = self.shared.state();
            match state.watched.get_mut(folder).filter(|entry| entry.pass == self.number) {
                Some(entry) => entry.names.extend([name.to_owned()]),
                None => {
                    // `watch_folder` takes the lock itself.
                    drop(state);
                    self.watch_folder(folder, must, |entry| entry.names.extend([name.to_owned()]));
                }
            }
        });
    }

    fn watch_folder(&self, path: &Path, must: bool, update: impl FnOnce(&mut WatchedPath)) {
        self.watch_path(path, must, update);
        if !fs_event::reports_remote_changes(path) {
            self.record_failure("changes by other machines are not reported there".to_owned());
        }
    }

    /// Watches a path. To watch it twice does no harm, and is needed if another folder has taken its place.
    fn watch_path(&self, path: &Path, must: bool, update: impl FnOnce(&mut WatchedPath)) {
        let Ok(path) = std::path::absolute(path) else { return };
        let mut state = self.shared.state();
        if !state.handle.is_open() {
            return;
        }
        match state.handle.call(|watcher| watcher.watch(&path, RecursiveMode::NonRecursive)) {
            Ok(()) => {
                let entry = state.watched.entry(path).or_default();
                if entry.pass != self.number {
                    *entry = WatchedPath { pass: self.number, ..WatchedPath::default() };
                }
                update(entry);
            }
            // If it was deleted, an event about its folder says so. A link may point to a folder that the user may not read.
            Err(error) if fs_event::is_gone(&error) || (!must && fs_event::is_denied(&error)) => {}
            Err(error) => self.record_failure(fs_event::explain(&error)),
        }
    }

    /// Ends a pass without a scan: the next scan is one of the whole library.
    pub fn end_unscanned(self) {
        let shared = self.shared;
        self.end();
        shared.state().changes = Changes::Unknown;
    }

    fn record_failure(&self, why: String) {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    /// Ends the pass, and stops watching all paths that it did not reach.
    pub fn end(self) {
        let why = self.why.into_inner().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mut state = self.shared.state();
        let state = &mut *state;
        state.is_scanning = false;
        state.debounce.scan_ended(now, now - self.started);
        state.debounce.set_polling(why.is_some());
        if why != state.polling_reason {
            state.pending.push(match &why {
                Some(why) => WatchEvent::Polling { every: state.debounce.poll_interval(), why: why.clone() },
                None => WatchEvent::Watching,
            });
            state.polling_reason = why;
        }
        let unreached = state.watched.extract_if(|_, entry| entry.pass != self.number);
        // An error means that the watch no longer exists, which is what we want.
        unreached.for_each(|(path, _)| drop(state.handle.call(|watcher| watcher.unwatch(&path))));
        self.shared.queue.wake();
    }
}

impl State {
    /// Applies an event.
    fn apply(&mut self, event: &FsEvent, now: Instant) {
        let subject = if event.kind == FsEventKind::Overflow { Subject::Other } else { self.subject(event) };
        match subject {
            Subject::Nothing => return,
            Subject::File => self.changes.add(&event.path),
            Subject::Other => self.changes = Changes::Unknown,
        }
        self.debounce.changed(now, event.kind == FsEventKind::Unfinished);
    }

    /// What an event is about: a visited folder, a name that counts in one, or nothing.
    fn subject(&self, event: &FsEvent) -> Subject {
        let path = event.path.as_path();
        if self.watched.contains_key(path) {
            return Subject::Other;
        }
        let folder = path.parent().and_then(|folder| self.watched.get(folder));
        let Some((name, folder)) = path.file_name().zip(folder) else { return Subject::Nothing };
        folder.subject(name, || event.is_folder.unwrap_or_else(|| path.is_dir()))
    }
}

impl WatchedPath {
    /// What an event about a name in the folder is about.
    fn subject(&self, name: &OsStr, is_folder: impl Fn() -> bool) -> Subject {
        match () {
            () if self.names.contains(name) => Subject::Other,
            () if !self.entered => Subject::Nothing,
            () => match is_folder() {
                is_folder if !folder_walk::may_be_article(name, is_folder) => Subject::Nothing,
                true => Subject::Other,
                false => Subject::File,
            },
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The loop of the thread: reads events, and reports when a scan is due.
    fn run(&self, woken: &UnixStream, on_event: &dyn Fn(WatchEvent)) {
        let mut roots_checked = Instant::now();
        loop {
            let had_events = self.drain_events();
            if roots_checked.elapsed() >= ROOT_CHECK_INTERVAL {
                roots_checked = Instant::now();
                self.check_roots();
            }
            let (at, pending) = {
                let mut state = self.state();
                if state.stopped {
                    return;
                }
                let now = Instant::now();
                let mut pending = std::mem::take(&mut state.pending);
                if state.debounce.next_scan().is_some_and(|at| at <= now) {
                    state.debounce.fired(now);
                    pending.push(WatchEvent::Changed);
                }
                (state.debounce.next_scan(), pending)
            };
            pending.into_iter().for_each(on_event);
            if had_events {
                thread::sleep(BATCHING_PAUSE);
            }
            let next = roots_checked + ROOT_CHECK_INTERVAL;
            Shared::wait(woken, at.map_or(next, |at| at.min(next)));
        }
    }

    /// Applies all queued events. Returns true if there were any.
    fn drain_events(&self) -> bool {
        let events = self.queue.drain();
        let (mut state, now) = (self.state(), Instant::now());
        events.iter().for_each(|event| state.apply(event, now));
        !events.is_empty()
    }

    /// Requests a scan if a root is now another folder or file.
    fn check_roots(&self) {
        // A copy, so that the lock is free while `stat` waits for a slow disk.
        let roots = self.state().roots.clone();
        let is_same = roots.iter().all(|(path, known)| identity(path) == *known);
        if !is_same {
            let mut state = self.state();
            state.changes = Changes::Unknown;
            state.debounce.changed(Instant::now(), false);
        }
    }

    /// Waits for a wake-up or until a time.
    fn wait(woken: &UnixStream, until: Instant) {
        // A little longer, since `poll` may return a little too early.
        let left = until.saturating_duration_since(Instant::now()) + Duration::from_micros(100);
        let _ = poll(&mut [PollFd::new(woken, PollFlags::IN)], Timespec::try_from(left).ok().as_ref());
        while matches!((&*woken).read(&mut [0; 64]), Ok(1..)) {}
    }
}
