//! Watching: says once, when things have come to rest, that the folders of a library are to be looked at again.
//!
//! What is watched is found by looking: each look has the folders that it enters watched, before it lists them, and so nothing
//! that happens after the listing is missed, and nothing that is never listed is watched. What changed is not believed from
//! what was told; it only says that one must look.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::Metadata;
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use notify::{RecursiveMode, Watcher};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::debounce::Debounce;
use super::folder_walk::{self, Visit};
use super::fs_event::{self, FsEvent, FsEventKind, WatchBackend};
use super::real_path::{follow_links, resolve};

/// How often it is looked whether the folders that were named are still those that are watched.
const ROOT_CHECK_INTERVAL: Duration = Duration::from_secs(2);
/// How long nobody listens after something was told: many changes at once wake nobody many times.
const BATCHING_PAUSE: Duration = Duration::from_millis(25);

/// So much that was told may wait to be looked at; beyond that, something happened, and that is all that is known.
const MAX_QUEUED: usize = 4096;

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    /// It is time to look again.
    Changed,
    /// From now on one looks from time to time, since not all changes are told.
    Polling {
        /// How often.
        every: Duration,
        /// Why.
        why: String,
    },
    /// All changes are told again.
    Watching,
}

/// Watches the folders of a library, as long as it is held.
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

/// What was told, and nobody has looked at yet. It has a lock of its own: what tells must never wait for one who speaks to it.
#[derive(Debug)]
struct EventQueue {
    events: Mutex<Vec<FsEvent>>,
    /// A byte here wakes the thread.
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

    /// Wakes the thread. When there are bytes enough, it is awake.
    fn wake(&self) {
        let _ = (&self.wake).write(&[0]);
    }
}

/// What tells of changes; none when there is none.
#[derive(Default)]
struct WatcherHandle {
    watcher: Option<Box<dyn Watcher + Send>>,
    /// How many were left lying.
    leaked: usize,
}

/// So many may be lost. Each keeps what it has of the system.
const MAX_LEAKED: usize = 3;

fn no_thread() -> notify::Error {
    notify::Error::generic("nothing can run in the background")
}

impl WatcherHandle {
    /// Speaks to it. One that lost its thread, or never had one, panics when it is spoken to and when it is dropped: it is left
    /// lying, and there is none any more.
    fn call<T>(&mut self, what: impl FnOnce(&mut dyn Watcher) -> notify::Result<T>) -> notify::Result<T> {
        let Some(mut watcher) = self.watcher.take() else { return Err(no_thread()) };
        match catch_unwind(AssertUnwindSafe(|| what(&mut *watcher))) {
            Ok(answer) => {
                self.watcher = Some(watcher);
                answer
            }
            Err(_) => {
                std::mem::forget(watcher);
                self.leaked += 1;
                Err(no_thread())
            }
        }
    }
}

impl fmt::Debug for WatcherHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WatcherHandle")
    }
}

#[derive(Debug)]
struct State {
    handle: WatcherHandle,
    /// What it tells of, by their whole paths.
    watched: HashMap<PathBuf, WatchedPath>,
    /// What was named, and which folder or file that was.
    roots: BTreeMap<PathBuf, Option<Identity>>,
    /// The number of the last look.
    pass: u64,
    debounce: Debounce,
    /// Why one looks from time to time.
    polling_reason: Option<String>,
    /// What is to be told.
    pending: Vec<WatchEvent>,
    stopped: bool,
}

/// A folder that is watched, or a file that a link leads to.
#[derive(Debug, Default)]
struct WatchedPath {
    /// All names in it count that may be articles or folders of them.
    entered: bool,
    /// These names count in any case.
    names: BTreeSet<OsString>,
    /// The look that came here last.
    pass: u64,
}

/// What tells whether a path leads to the same folder as before, and whether that may be read.
type Identity = (u64, u64, u32, u32, u32);

fn identity(path: &Path) -> Option<Identity> {
    let of = |there: Metadata| (there.dev(), there.ino(), there.mode(), there.uid(), there.gid());
    std::fs::metadata(path).ok().map(of)
}

/// The folder that a file is in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl LibraryWatcher {
    /// Begins to watch. What there is to watch is known after the first look. `tell` is called from a thread of its own. The
    /// error says why there can be none.
    pub fn start(tell: impl Fn(WatchEvent) + Send + 'static) -> io::Result<LibraryWatcher> {
        LibraryWatcher::start_with(WatchBackend::default(), tell)
    }

    /// The same with other calls to the system, for tests.
    pub fn start_with(backend: WatchBackend, tell: impl Fn(WatchEvent) + Send + 'static) -> io::Result<LibraryWatcher> {
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let state = State {
            handle: WatcherHandle::default(),
            watched: HashMap::new(),
            roots: BTreeMap::new(),
            pass: 0,
            debounce: Debounce::new(Instant::now()),
            polling_reason: None,
            pending: Vec::new(),
            stopped: false,
        };
        let queue = Arc::new(EventQueue { events: Mutex::default(), wake });
        let shared = Arc::new(Shared { backend, state: Mutex::new(state), queue });
        let watch = LibraryWatcher { shared: shared.clone() };
        thread::Builder::new().name("watch".to_owned()).spawn(move || shared.run(&woken, &tell))?;
        Ok(watch)
    }

    /// Begins a look at the library.
    pub fn begin_pass(&self, roots: &[PathBuf]) -> WatchPass<'_> {
        let begun = Instant::now();
        let checked = roots.iter().flat_map(|root| match std::fs::metadata(root) {
            Ok(there) if there.is_dir() => vec![root.as_path()],
            Ok(_) => vec![parent(root)],
            Err(_) => vec![root, parent(root)],
        });
        let identities = checked.map(|path| (path.to_owned(), identity(path))).collect();
        let mut state = self.shared.state();
        state.pass += 1;
        state.roots = identities;
        let mut why = None;
        if state.handle.watcher.is_none() {
            let queue = self.shared.queue.clone();
            let open = || (self.shared.backend.open)(Box::new(move |event| queue.put(event)));
            match if state.handle.leaked < MAX_LEAKED { open() } else { Err(no_thread()) } {
                Ok(watcher) => state.handle.watcher = Some(watcher),
                Err(error) => why = Some(fs_event::explain(&error)),
            }
        }
        let roots = roots.iter().map(|root| (root.clone(), resolve(root))).collect();
        WatchPass { shared: &self.shared, begun, number: state.pass, roots, why: Mutex::new(why) }
    }
}

impl Drop for LibraryWatcher {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.shared.queue.wake();
    }
}

/// A look at the library, which has watched what it enters.
#[derive(Debug)]
pub struct WatchPass<'a> {
    shared: &'a Shared,
    begun: Instant,
    number: u64,
    /// The folders and files that were named, and where these lead. What is watched goes by one path, whatever leads there: the
    /// system has one watch for each folder.
    roots: Vec<(PathBuf, PathBuf)>,
    /// Why not all changes are told.
    why: Mutex<Option<String>>,
}

impl WatchPass<'_> {
    /// Has something watched that is listed or read next.
    pub fn entered(&self, what: &Visit) {
        match *what {
            Visit::Folder(path) => self.watch_folder(&self.real_of(path), true, |place| place.entered = true),
            Visit::File(path) => {
                self.watch_links(path, true);
                if path.is_symlink() {
                    self.watch_path(path, false, |_| {});
                }
            }
            Visit::Link(path) => {
                let (folder, name) = (self.real_of(parent(path)), path.file_name().unwrap_or_default());
                let path = folder.join(name);
                self.watch_links(&path, false);
                // A folder has one watch, which belongs to its own path.
                if !path.is_dir() {
                    self.watch_path(&path, false, |_| {});
                }
            }
        }
    }

    /// Where a folder of the library is.
    fn real_of(&self, path: &Path) -> PathBuf {
        let below = |(root, real): &(PathBuf, PathBuf)| Some(real.join(path.strip_prefix(root).ok()?));
        // An empty rest would leave a slash at the end.
        let is_root = self.roots.iter().find(|(root, _)| root == path).map(|(_, real)| real.clone());
        is_root.or_else(|| self.roots.iter().find_map(below)).unwrap_or_else(|| resolve(path))
    }

    /// Has all names watched by which a path leads to a file: links, links in between, and its end, be it there or not. Many may
    /// stand in one folder. `must`: where one may not look, one looks from time to time.
    fn watch_links(&self, path: &Path, must: bool) {
        follow_links(path, &mut |folder, name| {
            let mut state = self.shared.state();
            match state.watched.get_mut(folder).filter(|place| place.pass == self.number) {
                Some(place) => place.names.extend([name.to_owned()]),
                None => {
                    drop(state);
                    self.watch_folder(folder, must, |place| place.names.extend([name.to_owned()]));
                }
            }
        });
    }

    fn watch_folder(&self, path: &Path, must: bool, counts: impl FnOnce(&mut WatchedPath)) {
        self.watch_path(path, must, counts);
        if !fs_event::reports_remote_changes(path) {
            self.record_failure("what other machines change there is not told".to_owned());
        }
    }

    /// Has a path watched. It may be already: then it is all the same, also when another folder stands there now.
    fn watch_path(&self, path: &Path, must: bool, counts: impl FnOnce(&mut WatchedPath)) {
        let Ok(path) = std::path::absolute(path) else { return };
        let mut state = self.shared.state();
        if state.handle.watcher.is_none() {
            return;
        }
        match state.handle.call(|watcher| watcher.watch(&path, RecursiveMode::NonRecursive)) {
            Ok(()) => {
                let place = state.watched.entry(path).or_default();
                if place.pass != self.number {
                    *place = WatchedPath { pass: self.number, ..WatchedPath::default() };
                }
                counts(place);
            }
            // It went away, which is told where it was; or a link leads where one may not look.
            Err(error) if fs_event::is_gone(&error) || (!must && fs_event::is_denied(&error)) => {}
            Err(error) => self.record_failure(fs_event::explain(&error)),
        }
    }

    fn record_failure(&self, why: String) {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    /// Ends the look: what it did not come to is not watched any more.
    pub fn end(self) {
        let why = self.why.into_inner().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mut state = self.shared.state();
        let state = &mut *state;
        state.debounce.scan_ended(now, now - self.begun);
        state.debounce.set_polling(why.is_some());
        if why != state.polling_reason {
            state.pending.push(match &why {
                Some(why) => WatchEvent::Polling { every: state.debounce.poll_interval(), why: why.clone() },
                None => WatchEvent::Watching,
            });
            state.polling_reason = why;
        }
        let gone = state.watched.extract_if(|_, place| place.pass != self.number);
        // That it is gone for the watcher too is as good.
        gone.for_each(|(path, _)| drop(state.handle.call(|watcher| watcher.unwatch(&path))));
        self.shared.queue.wake();
    }
}

impl State {
    /// Takes in what was told.
    fn apply(&mut self, event: &FsEvent, now: Instant) {
        if event.kind == FsEventKind::Overflow || self.is_relevant(event) {
            self.debounce.changed(now, event.kind == FsEventKind::Unfinished);
        }
    }

    /// Whether it is of anything that is looked at: a folder that was entered, or a name in one.
    fn is_relevant(&self, event: &FsEvent) -> bool {
        let path = event.path.as_path();
        let is_place = self.watched.contains_key(path);
        let is_folder = || event.is_folder.unwrap_or_else(|| is_place || path.is_dir());
        let folder = path.parent().and_then(|folder| self.watched.get(folder));
        is_place || path.file_name().zip(folder).is_some_and(|(name, folder)| folder.is_relevant(name, is_folder))
    }
}

impl WatchedPath {
    fn is_relevant(&self, name: &OsStr, is_folder: impl Fn() -> bool) -> bool {
        self.names.contains(name) || (self.entered && folder_walk::may_be_article(name, is_folder()))
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, listens, and tells.
    fn run(&self, woken: &UnixStream, tell: &dyn Fn(WatchEvent)) {
        let mut looked = Instant::now();
        loop {
            let listened = self.drain_events();
            if looked.elapsed() >= ROOT_CHECK_INTERVAL {
                looked = Instant::now();
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
            pending.into_iter().for_each(tell);
            if listened {
                thread::sleep(BATCHING_PAUSE);
            }
            let next = looked + ROOT_CHECK_INTERVAL;
            Shared::wait(woken, at.map_or(next, |at| at.min(next)));
        }
    }

    /// Takes in what was told. True when there was anything.
    fn drain_events(&self) -> bool {
        let events = self.queue.drain();
        let (mut state, now) = (self.state(), Instant::now());
        events.iter().for_each(|event| state.apply(event, now));
        !events.is_empty()
    }

    /// Looks whether what was named is still what is watched.
    fn check_roots(&self) {
        let roots = self.state().roots.clone();
        let is_same = roots.iter().all(|(path, known)| identity(path) == *known);
        if !is_same {
            self.state().debounce.changed(Instant::now(), false);
        }
    }

    /// Waits until somebody wakes the thread, or it is time.
    fn wait(woken: &UnixStream, until: Instant) {
        // A moment longer, so that it is not a moment too early.
        let left = until.saturating_duration_since(Instant::now()) + Duration::from_micros(100);
        let _ = poll(&mut [PollFd::new(woken, PollFlags::IN)], Timespec::try_from(left).ok().as_ref());
        while matches!((&*woken).read(&mut [0; 64]), Ok(1..)) {}
    }
}
