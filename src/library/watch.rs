//! Watching: says once, when things have come to rest, that the folders of a library are to be looked at again.
//!
//! What is watched is found by looking: each look has the folders that it enters watched, before it lists them, and so nothing
//! that happens after the listing is missed, and nothing that is never listed is watched. What changed is not believed from
//! what was told; it only says that one must look.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs::Metadata;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::due::Due;
use super::notices::{self, Kind, Notice, System, What};
use super::walk::{self, Entered};

/// How often it is looked whether the folders that were named are still those that are watched.
const STILL_THERE: Duration = Duration::from_secs(2);
/// How long nobody listens after something was told: many changes at once wake nobody many times.
const BREATH: Duration = Duration::from_millis(25);

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
    /// A byte here wakes the thread.
    wake: UnixStream,
}

#[derive(Debug)]
struct State {
    /// What tells of changes.
    teller: Option<Arc<OwnedFd>>,
    /// What it tells of, by numbers.
    places: HashMap<i32, Place>,
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
            teller: None,
            places: HashMap::new(),
            named: BTreeMap::new(),
            look: 0,
            due: Due::new(Instant::now()),
            polls: None,
            news: Vec::new(),
            ended: false,
        };
        let shared = Arc::new(Shared { system, state: Mutex::new(state), wake });
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
        if state.teller.is_none() {
            match (self.shared.system.open)() {
                Ok(teller) => state.teller = Some(Arc::new(teller)),
                Err(error) => why = Some(notices::why(&error)),
            }
        }
        Look { shared: &self.shared, begun, number: state.look, why: Mutex::new(why) }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.wake();
    }
}

/// A look at the library, which has watched what it enters.
#[derive(Debug)]
pub struct Look<'a> {
    shared: &'a Shared,
    begun: Instant,
    number: u64,
    /// Why not all changes are told.
    why: Mutex<Option<String>>,
}

impl Look<'_> {
    /// Has something watched that is listed or read next.
    pub fn entered(&self, what: &Entered) {
        match *what {
            Entered::Folder(path) => self.folder(path, |place| place.entered = true),
            Entered::File(path) => {
                let Some(name) = path.file_name() else { return };
                self.folder(parent(path), |place| place.names.extend([name.to_owned()]));
                if path.is_symlink() {
                    self.add(path, Kind::File, |_| {});
                }
            }
            Entered::Link(path) => self.add(path, Kind::File, |_| {}),
        }
    }

    fn folder(&self, path: &Path, counts: impl FnOnce(&mut Place)) {
        self.add(path, Kind::Folder, counts);
        if !notices::tells_of_others(path) {
            self.fails("what other machines change there is not told".to_owned());
        }
    }

    fn add(&self, path: &Path, kind: Kind, counts: impl FnOnce(&mut Place)) {
        let mut state = self.shared.state();
        let Some(teller) = state.teller.clone() else { return };
        match (self.shared.system.add)(teller.as_fd(), path, kind) {
            Ok(number) => {
                let place = state.places.entry(number).or_default();
                if place.look != self.number {
                    *place = Place { look: self.number, ..Place::default() };
                }
                counts(place);
            }
            // It went away, which is told where it was; or it is a link to a file that may not be read.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(error) if kind == Kind::File && error.kind() == ErrorKind::PermissionDenied => {}
            Err(error) => self.fails(notices::why(&error)),
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
        if let Some(teller) = &state.teller {
            let gone = state.places.extract_if(|_, place| place.look != self.number);
            gone.for_each(|(number, _)| notices::remove(teller.as_fd(), number));
        }
        self.shared.wake();
    }
}

impl State {
    /// Takes in what was told.
    fn take(&mut self, notice: &Notice, now: Instant) {
        let counts = match notice.what {
            What::Lost => true,
            What::Ended => {
                self.places.remove(&notice.number);
                false
            }
            What::Begun | What::Done => {
                self.places.get(&notice.number).is_some_and(|place| place.counts(notice.name, notice.is_folder))
            }
        };
        if counts {
            self.due.changed(now, notice.what == What::Begun);
        }
    }
}

impl Place {
    fn counts(&self, name: Option<&OsStr>, is_folder: bool) -> bool {
        let Some(name) = name else { return true };
        self.names.contains(name) || (self.entered && walk::may_be_article(name, is_folder))
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the thread. When there are bytes enough, it is awake.
    fn wake(&self) {
        let _ = (&self.wake).write(&[0]);
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
            let (teller, at, news) = {
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
                (state.teller.clone(), state.due.at(), news)
            };
            news.into_iter().for_each(tell);
            if listened {
                self.wait(woken, None, Some(Instant::now() + BREATH));
            }
            let next = looked + STILL_THERE;
            self.wait(woken, teller.as_deref(), Some(at.map_or(next, |at| at.min(next))));
        }
    }

    /// Takes in what was told. True when there was anything.
    fn listen(&self) -> bool {
        let mut any = false;
        let mut state = self.state();
        let Some(teller) = state.teller.clone() else { return false };
        let now = Instant::now();
        let read = notices::read(teller.as_fd(), &mut |notice| {
            any = true;
            state.take(&notice, now);
        });
        if read.is_err() {
            // The look that follows begins anew.
            (state.teller, state.places) = (None, HashMap::new());
            state.due.changed(now, false);
        }
        any
    }

    /// Looks whether what was named is still what is watched.
    fn look_at_named(&self) {
        let named = self.state().named.clone();
        let is_same = named.iter().all(|(path, known)| identity(path) == *known);
        if !is_same {
            self.state().due.changed(Instant::now(), false);
        }
    }

    /// Waits until something is told, somebody wakes the thread, or it is time.
    fn wait(&self, woken: &UnixStream, teller: Option<&OwnedFd>, until: Option<Instant>) {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        // A moment longer, so that it is not a moment too early.
        let left = left.and_then(|left| Timespec::try_from(left + Duration::from_micros(100)).ok());
        let mut waits = vec![PollFd::new(woken, PollFlags::IN)];
        waits.extend(teller.map(|teller| PollFd::new(teller, PollFlags::IN)));
        let _ = poll(&mut waits, left.as_ref());
        while matches!((&*woken).read(&mut [0; 64]), Ok(1..)) {}
    }
}
