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

use super::debounce::Due;
use super::folder_walk::{self, Entered};
use super::fs_event::{self, Notice, System, What};
use super::real_path::{follow, real};

/// How often it is looked whether the folders that were named are still those that are watched.
const STILL_THERE: Duration = Duration::from_secs(2);
/// How long nobody listens after something was told: many changes at once wake nobody many times.
const BREATH: Duration = Duration::from_millis(25);

/// So much that was told may wait to be looked at; beyond that, something happened, and that is all that is known.
const WAITING: usize = 4096;

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watched {
    /// It is time to look again.
    Changed,
    /// From now on one looks from time to time, since not all changes are told.
    Polls {
        /// How often.
        every: Duration,
        /// Why.
        why: String,
    },
    /// All changes are told again.
    Watches,
}

/// Watches the folders of a library, as long as it is held.
#[derive(Debug)]
pub struct Watch {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    system: System,
    state: Mutex<State>,
    inbox: Arc<Inbox>,
}

/// What was told, and nobody has looked at yet. It has a lock of its own: what tells must never wait for one who speaks to it.
#[derive(Debug)]
struct Inbox {
    notices: Mutex<Vec<Notice>>,
    /// A byte here wakes the thread.
    wake: UnixStream,
}

impl Inbox {
    fn put(&self, notice: Notice) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.len() >= WAITING {
            notices.truncate(1);
            notices.push(Notice { what: What::Lost, ..notice });
        } else {
            notices.push(notice);
        }
        self.wake();
    }

    fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.notices.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Wakes the thread. When there are bytes enough, it is awake.
    fn wake(&self) {
        let _ = (&self.wake).write(&[0]);
    }
}

/// What tells of changes; none when there is none.
#[derive(Default)]
struct Teller {
    is: Option<Box<dyn Watcher + Send>>,
    /// How many were left lying.
    lost: usize,
}

/// So many may be lost. Each keeps what it has of the system.
const LOSSES: usize = 3;

fn no_thread() -> notify::Error {
    notify::Error::generic("nothing can run in the background")
}

impl Teller {
    /// Speaks to it. One that lost its thread, or never had one, panics when it is spoken to and when it is dropped: it is left
    /// lying, and there is none any more.
    fn ask<T>(&mut self, what: impl FnOnce(&mut dyn Watcher) -> notify::Result<T>) -> notify::Result<T> {
        let Some(mut teller) = self.is.take() else { return Err(no_thread()) };
        match catch_unwind(AssertUnwindSafe(|| what(&mut *teller))) {
            Ok(answer) => {
                self.is = Some(teller);
                answer
            }
            Err(_) => {
                std::mem::forget(teller);
                self.lost += 1;
                Err(no_thread())
            }
        }
    }
}

impl fmt::Debug for Teller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Teller")
    }
}

#[derive(Debug)]
struct State {
    teller: Teller,
    /// What it tells of, by their whole paths.
    places: HashMap<PathBuf, Place>,
    /// What was named, and which folder or file that was.
    named: BTreeMap<PathBuf, Option<Identity>>,
    /// The number of the last look.
    look: u64,
    due: Due,
    /// Why one looks from time to time.
    polls: Option<String>,
    /// What is to be told.
    news: Vec<Watched>,
    ended: bool,
}

/// A folder that is watched, or a file that a link leads to.
#[derive(Debug, Default)]
struct Place {
    /// All names in it count that may be articles or folders of them.
    entered: bool,
    /// These names count in any case.
    names: BTreeSet<OsString>,
    /// The look that came here last.
    look: u64,
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

impl Watch {
    /// Begins to watch. What there is to watch is known after the first look. `tell` is called from a thread of its own. The
    /// error says why there can be none.
    pub fn start(tell: impl Fn(Watched) + Send + 'static) -> io::Result<Watch> {
        Watch::start_with(System::default(), tell)
    }

    /// The same with other calls to the system, for tests.
    pub fn start_with(system: System, tell: impl Fn(Watched) + Send + 'static) -> io::Result<Watch> {
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let state = State {
            teller: Teller::default(),
            places: HashMap::new(),
            named: BTreeMap::new(),
            look: 0,
            due: Due::new(Instant::now()),
            polls: None,
            news: Vec::new(),
            ended: false,
        };
        let inbox = Arc::new(Inbox { notices: Mutex::default(), wake });
        let shared = Arc::new(Shared { system, state: Mutex::new(state), inbox });
        let watch = Watch { shared: shared.clone() };
        thread::Builder::new().name("watch".to_owned()).spawn(move || shared.run(&woken, &tell))?;
        Ok(watch)
    }

    /// Begins a look at the library.
    pub fn look(&self, roots: &[PathBuf]) -> Look<'_> {
        let begun = Instant::now();
        let named = roots.iter().flat_map(|root| match std::fs::metadata(root) {
            Ok(there) if there.is_dir() => vec![root.as_path()],
            Ok(_) => vec![parent(root)],
            Err(_) => vec![root, parent(root)],
        });
        let named = named.map(|path| (path.to_owned(), identity(path))).collect();
        let mut state = self.shared.state();
        state.look += 1;
        state.named = named;
        let mut why = None;
        if state.teller.is.is_none() {
            let inbox = self.shared.inbox.clone();
            let open = || (self.shared.system.open)(Box::new(move |notice| inbox.put(notice)));
            match if state.teller.lost < LOSSES { open() } else { Err(no_thread()) } {
                Ok(teller) => state.teller.is = Some(teller),
                Err(error) => why = Some(fs_event::why(&error)),
            }
        }
        let roots = roots.iter().map(|root| (root.clone(), real(root))).collect();
        Look { shared: &self.shared, begun, number: state.look, roots, why: Mutex::new(why) }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.inbox.wake();
    }
}

/// A look at the library, which has watched what it enters.
#[derive(Debug)]
pub struct Look<'a> {
    shared: &'a Shared,
    begun: Instant,
    number: u64,
    /// The folders and files that were named, and where these lead. What is watched goes by one path, whatever leads there: the
    /// system has one watch for each folder.
    roots: Vec<(PathBuf, PathBuf)>,
    /// Why not all changes are told.
    why: Mutex<Option<String>>,
}

impl Look<'_> {
    /// Has something watched that is listed or read next.
    pub fn entered(&self, what: &Entered) {
        match *what {
            Entered::Folder(path) => self.folder(&self.real_of(path), true, |place| place.entered = true),
            Entered::File(path) => {
                self.links_to(path, true);
                if path.is_symlink() {
                    self.add(path, false, |_| {});
                }
            }
            Entered::Link(path) => {
                let (folder, name) = (self.real_of(parent(path)), path.file_name().unwrap_or_default());
                let path = folder.join(name);
                self.links_to(&path, false);
                // A folder has one watch, which belongs to its own path.
                if !path.is_dir() {
                    self.add(&path, false, |_| {});
                }
            }
        }
    }

    /// Where a folder of the library is.
    fn real_of(&self, path: &Path) -> PathBuf {
        let below = |(root, real): &(PathBuf, PathBuf)| Some(real.join(path.strip_prefix(root).ok()?));
        // An empty rest would leave a slash at the end.
        let is_root = self.roots.iter().find(|(root, _)| root == path).map(|(_, real)| real.clone());
        is_root.or_else(|| self.roots.iter().find_map(below)).unwrap_or_else(|| real(path))
    }

    /// Has all names watched by which a path leads to a file: links, links in between, and its end, be it there or not. Many may
    /// stand in one folder. `must`: where one may not look, one looks from time to time.
    fn links_to(&self, path: &Path, must: bool) {
        follow(path, &mut |folder, name| {
            let mut state = self.shared.state();
            match state.places.get_mut(folder).filter(|place| place.look == self.number) {
                Some(place) => place.names.extend([name.to_owned()]),
                None => {
                    drop(state);
                    self.folder(folder, must, |place| place.names.extend([name.to_owned()]));
                }
            }
        });
    }

    fn folder(&self, path: &Path, must: bool, counts: impl FnOnce(&mut Place)) {
        self.add(path, must, counts);
        if !fs_event::tells_of_others(path) {
            self.fails("what other machines change there is not told".to_owned());
        }
    }

    /// Has a path watched. It may be already: then it is all the same, also when another folder stands there now.
    fn add(&self, path: &Path, must: bool, counts: impl FnOnce(&mut Place)) {
        let Ok(path) = std::path::absolute(path) else { return };
        let mut state = self.shared.state();
        if state.teller.is.is_none() {
            return;
        }
        match state.teller.ask(|teller| teller.watch(&path, RecursiveMode::NonRecursive)) {
            Ok(()) => {
                let place = state.places.entry(path).or_default();
                if place.look != self.number {
                    *place = Place { look: self.number, ..Place::default() };
                }
                counts(place);
            }
            // It went away, which is told where it was; or a link leads where one may not look.
            Err(error) if fs_event::is_gone(&error) || (!must && fs_event::is_denied(&error)) => {}
            Err(error) => self.fails(fs_event::why(&error)),
        }
    }

    fn fails(&self, why: String) {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    /// Ends the look: what it did not come to is not watched any more.
    pub fn end(self) {
        let why = self.why.into_inner().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let mut state = self.shared.state();
        let state = &mut *state;
        state.due.looked(now, now - self.begun);
        state.due.poll(why.is_some());
        if why != state.polls {
            state.news.push(match &why {
                Some(why) => Watched::Polls { every: state.due.period(), why: why.clone() },
                None => Watched::Watches,
            });
            state.polls = why;
        }
        let gone = state.places.extract_if(|_, place| place.look != self.number);
        // That it is gone for the teller too is as good.
        gone.for_each(|(path, _)| drop(state.teller.ask(|teller| teller.unwatch(&path))));
        self.shared.inbox.wake();
    }
}

impl State {
    /// Takes in what was told.
    fn take(&mut self, notice: &Notice, now: Instant) {
        if notice.what == What::Lost || self.counts(notice) {
            self.due.changed(now, notice.what == What::Begun);
        }
    }

    /// Whether it is of anything that is looked at: a folder that was entered, or a name in one.
    fn counts(&self, notice: &Notice) -> bool {
        let path = notice.path.as_path();
        let is_place = self.places.contains_key(path);
        let is_folder = || notice.is_folder.unwrap_or_else(|| is_place || path.is_dir());
        let folder = path.parent().and_then(|folder| self.places.get(folder));
        is_place || path.file_name().zip(folder).is_some_and(|(name, folder)| folder.counts(name, is_folder))
    }
}

impl Place {
    fn counts(&self, name: &OsStr, is_folder: impl Fn() -> bool) -> bool {
        self.names.contains(name) || (self.entered && folder_walk::may_be_article(name, is_folder()))
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, listens, and tells.
    fn run(&self, woken: &UnixStream, tell: &dyn Fn(Watched)) {
        let mut looked = Instant::now();
        loop {
            let listened = self.listen();
            if looked.elapsed() >= STILL_THERE {
                looked = Instant::now();
                self.look_at_named();
            }
            let (at, news) = {
                let mut state = self.state();
                if state.ended {
                    return;
                }
                let now = Instant::now();
                let mut news = std::mem::take(&mut state.news);
                if state.due.at().is_some_and(|at| at <= now) {
                    state.due.told(now);
                    news.push(Watched::Changed);
                }
                (state.due.at(), news)
            };
            news.into_iter().for_each(tell);
            if listened {
                thread::sleep(BREATH);
            }
            let next = looked + STILL_THERE;
            Shared::wait(woken, at.map_or(next, |at| at.min(next)));
        }
    }

    /// Takes in what was told. True when there was anything.
    fn listen(&self) -> bool {
        let notices = self.inbox.take();
        let (mut state, now) = (self.state(), Instant::now());
        notices.iter().for_each(|notice| state.take(notice, now));
        !notices.is_empty()
    }

    /// Looks whether what was named is still what is watched.
    fn look_at_named(&self) {
        let named = self.state().named.clone();
        let is_same = named.iter().all(|(path, known)| identity(path) == *known);
        if !is_same {
            self.state().due.changed(Instant::now(), false);
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
