//! Watching: the feed follows every change of the folder, and no file is read without need.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use frontpage::feed::Severity;
use frontpage::library::fs_event::WatchBackend;
use frontpage::library::watcher::{LibraryWatcher, WatchEvent};
use frontpage::library::{Library, Loaded, ScanOptions};
use notify::{Config, EventHandler, RecursiveMode, Watcher, WatcherKind};
use rustix::io::Errno;
use tempfile::TempDir;

use crate::harness::pty::{Pty, SIZE};
use crate::harness::random::Random;
use crate::rounds;

/// Timeout for events that must come.
const LIMIT: Duration = Duration::from_secs(30);
/// Time after which no more events are expected: longer than the debounce.
const SILENCE: Duration = Duration::from_millis(600);

fn now() -> DateTime<Utc> {
    "2021-02-20T12:00:00Z".parse().expect("a time")
}

fn text(title: &str, link: usize) -> String {
    format!("---\ntitle: {title}\nlink: https://e.org/{link}\ndate: 2020-01-01\n---\nA body.\n")
}

/// Paths below the library, each with the title and the id of its article.
type Articles = BTreeMap<PathBuf, (String, String)>;

/// A library that is watched and read as in the terminal reader.
struct Session {
    folder: TempDir,
    library: Library,
    loaded: Loaded,
    told: Receiver<WatchEvent>,
    watch: LibraryWatcher,
    looks: usize,
    states: usize,
}

impl Session {
    fn new(files: &[(&str, &str)]) -> Session {
        let folder = TempDir::new().expect("a folder");
        let root = folder.path().join("news");
        fs::create_dir(&root).expect("the root");
        for (name, text) in files {
            write(&root.join(name), text);
        }
        Session::of(folder, &["news"], WatchBackend::default())
    }

    /// Of some folders and files in a folder.
    fn of(folder: TempDir, names: &[&str], system: WatchBackend) -> Session {
        let library = Library::Paths(names.iter().map(|name| folder.path().join(name)).collect());
        let (sender, told) = channel();
        let tell = move |watched| drop(sender.send(watched));
        let watch = LibraryWatcher::start_with(system, tell).expect("a thread");
        let options = ScanOptions {
            now: now().into(),
            watch: Some(&watch),
            keep_last_good: false,
            sites: &[],
            defers_links: false,
            full_texts: None,
        };
        let loaded = library.load_with(&options, |_| {}).expect("the library");
        Session { folder, library, loaded, told, watch, looks: 0, states: 0 }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("news")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Looks at what has changed; how many files were read.
    fn look(&mut self) -> usize {
        self.refresh(true)
    }

    /// Looks at all files, also at those whose events have not come yet.
    fn look_at_all(&mut self) {
        self.refresh(false);
    }

    fn refresh(&mut self, by_events: bool) -> usize {
        self.looks += 1;
        let options = ScanOptions {
            now: now().into(),
            watch: Some(&self.watch).filter(|_| by_events),
            keep_last_good: true,
            sites: &[],
            defers_links: false,
            full_texts: None,
        };
        let Some(loaded) = self.library.refresh_with(&self.loaded, &options, |_| {}).expect("the library") else {
            return 0;
        };
        self.states += usize::from(loaded.looks_different_from(&self.loaded));
        self.loaded = loaded;
        self.loaded.read
    }

    /// Waits for news, and looks when it is time.
    fn wait(&mut self, at_most: Duration) -> Option<WatchEvent> {
        let told = match self.told.recv_timeout(at_most) {
            Err(RecvTimeoutError::Timeout) => return None,
            told => told.expect("the thread"),
        };
        if told == WatchEvent::Changed {
            self.look();
        }
        Some(told)
    }

    /// Waits until the feed is as wanted.
    #[track_caller]
    fn until(&mut self, what: &str, wanted: impl Fn(&Loaded) -> bool) {
        let begun = Instant::now();
        while !wanted(&self.loaded) {
            let left = LIMIT.saturating_sub(begun.elapsed());
            let Some(_) = self.wait(left) else { panic!("{what}: not within {LIMIT:?}, but {:#?}", self.articles()) };
        }
    }

    #[track_caller]
    fn until_titles(&mut self, wanted: &[&str]) {
        self.until(&format!("{wanted:?}"), |loaded| titles(loaded) == wanted);
    }

    /// Waits until no more events arrive.
    #[track_caller]
    fn rest(&mut self) {
        let begun = Instant::now();
        while self.wait(SILENCE).is_some() {
            assert!(begun.elapsed() < LIMIT, "it never rests: {} looks, {} states", self.looks, self.states);
        }
    }

    fn articles(&self) -> Articles {
        articles(&self.loaded, &self.root())
    }
}

#[test]
fn settings_of_a_site_above_the_folder_are_watched() {
    let folder = TempDir::new().expect("a folder");
    let settings = folder.path().join("hugo.toml");
    fs::create_dir(folder.path().join("news")).expect("the root");
    write(&folder.path().join("news/a.md"), "---\ntitle: A\n---\n");
    write(&settings, "contentDir = 'news'\nbaseURL = 'https://example.org/'\n");
    let mut session = Session::of(folder, &["news"], WatchBackend::default());
    let has_address = |wanted: &'static str| {
        move |loaded: &Loaded| {
            let link = loaded.feed.get(0).and_then(|article| article.site.link.clone());
            link.is_some_and(|link| link.shown().as_str() == wanted)
        }
    };
    assert!(has_address("https://example.org/a/")(&session.loaded));
    session.rest();
    write(&settings, "contentDir = 'news'\nbaseURL = 'https://example.net/'\n");
    session.until("another address", has_address("https://example.net/a/"));
}

fn articles(loaded: &Loaded, root: &Path) -> Articles {
    let of = |article: Arc<frontpage::feed::Article>| {
        let below = article.path.strip_prefix(root).unwrap_or(&article.path).to_owned();
        (below, (article.title.to_string(), article.id.to_string()))
    };
    loaded.feed.iter().map(of).collect()
}

fn titles(loaded: &Loaded) -> Vec<String> {
    let mut titles: Vec<String> = loaded.feed.iter().map(|article| article.title.to_string()).collect();
    titles.sort();
    titles
}

/// The positions of problems, and whether an article was lost.
fn problems(loaded: &Loaded) -> Vec<(String, bool)> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    loaded.problems.iter().map(|problem| (name(&problem.path), problem.severity == Severity::Error)).collect()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
    fs::write(path, text).expect("a file");
}

/// A folder with random edits, and the expected contents.
struct Editor {
    root: PathBuf,
    random: Random,
    files: BTreeMap<PathBuf, (String, usize)>,
    made: usize,
}

impl Editor {
    fn folder(&mut self) -> PathBuf {
        match self.random.roll(8) {
            0 => PathBuf::new(),
            1 => format!("new{}/deep", self.random.roll(1000)).into(),
            2 => format!("a/{}", self.random.roll(3)).into(),
            n => ["a", "b", "b/c"][n % 3].into(),
        }
    }

    fn new_path(&mut self) -> PathBuf {
        self.made += 1;
        let name = format!("{}.md", self.made);
        self.folder().join(name)
    }

    fn any(&mut self) -> Option<PathBuf> {
        let at = self.random.roll(self.files.len().max(1));
        self.files.keys().nth(at).cloned()
    }

    fn write(&mut self, path: PathBuf, link: usize) {
        // Sometimes of the same size as before.
        let title = format!("T{}", 100 + self.random.roll(900));
        write(&self.root.join(&path), &text(&title, link));
        self.files.insert(path, (title, link));
    }

    fn rename(&mut self, from: &Path, to: PathBuf) {
        fs::create_dir_all(self.root.join(&to).parent().expect("a folder")).expect("the folder");
        fs::rename(self.root.join(from), self.root.join(&to)).expect("renamed");
        let file = self.files.remove(from).expect("the file");
        self.files.insert(to, file);
    }

    fn edit(&mut self) {
        let Some(path) = self.any() else {
            let (path, link) = (self.new_path(), self.made);
            return self.write(path, link);
        };
        let link = self.files[&path].1;
        match self.random.roll(10) {
            0 | 1 => {
                let (path, link) = (self.new_path(), self.made);
                self.write(path, link);
            }
            2 => self.write(path, link),
            3 => {
                self.made += 1;
                let to = path.with_file_name(format!("{}.md", self.made));
                self.rename(&path, to);
            }
            4 => {
                let (whole, half) = (self.root.join(&path), self.root.join(&path).with_extension("md.tmp"));
                let title = format!("R{}", self.random.roll(1000));
                write(&half, &text(&title, link));
                fs::rename(half, whole).expect("replaced");
                self.files.insert(path, (title, link));
            }
            5 => {
                fs::remove_file(self.root.join(&path)).expect("removed");
                self.files.remove(&path);
            }
            6 | 7 => {
                let to = self.new_path();
                self.rename(&path, to);
            }
            8 => {
                fs::File::create(self.root.join(&path)).expect("emptied");
                self.write(path, link);
            }
            _ => {
                let folder = path.parent().expect("a folder").to_owned();
                if folder.as_os_str().is_empty() {
                    return;
                }
                fs::remove_dir_all(self.root.join(&folder)).expect("removed");
                self.files.retain(|path, _| !path.starts_with(&folder));
                let name = self.made;
                self.made += 1;
                self.write(folder.join(format!("{name}.md")), self.made);
            }
        }
    }

    fn articles(&self) -> Articles {
        let of = |link: &usize| {
            let address = frontpage::feed::Address::parse(&format!("https://e.org/{link}")).expect("a link");
            frontpage::feed::ArticleId::of_link(&address).to_string()
        };
        self.files.iter().map(|(path, (title, link))| (path.clone(), (title.clone(), of(link)))).collect()
    }
}

rounds!(after_many_edits_the_feed_is_the_folder, 60, 1_000);

fn after_many_edits_the_feed_is_the_folder(total: usize) {
    let mut session = Session::new(&[]);
    let mut editor = Editor { root: session.root(), random: Random::new(7), files: BTreeMap::new(), made: 0 };
    let mut edits = 0;
    while edits < total {
        for _ in 0..1 + editor.random.roll(50) {
            editor.edit();
            edits += 1;
            if editor.random.roll(20) == 0 {
                std::thread::sleep(Duration::from_millis(editor.random.roll(150) as u64));
            }
        }
        let (wanted, root) = (editor.articles(), session.root());
        session.until("the folder", |loaded| articles(loaded, &root) == wanted);
    }
    session.rest();
    assert_eq!(session.articles(), editor.articles(), "and it stays so");
    let fresh = session.library.load(now(), |_| {}).expect("the library");
    assert_eq!(session.articles(), articles(&fresh, &session.root()));
    println!("{edits} edits, {} looks, {} states", session.looks, session.states);
    assert!(session.looks < edits / 3);
}

/// While it is held, no events of the system are delivered.
static GATE: Mutex<()> = Mutex::new(());

#[test]
#[ignore = "heavy"]
fn changes_without_events_are_found() {
    const FILES: usize = 20_000;
    let folder = TempDir::new().expect("a folder");
    for n in 0..FILES {
        write(&folder.path().join(format!("news/{}/{n}.md", n % 20)), &text(&format!("A{n}"), n));
    }
    let gated = WatchBackend {
        open: |listener| {
            (WatchBackend::default().open)(Box::new(move |notice| {
                drop(GATE.lock());
                listener(notice);
            }))
        },
    };
    let mut session = Session::of(folder, &["news"], gated);
    assert_eq!(session.loaded.feed.len(), FILES);
    session.rest();
    write(&session.path("0/first.md"), &text("First", FILES));
    assert_eq!(session.wait(LIMIT), Some(WatchEvent::Changed));
    assert_eq!(session.loaded.feed.len(), FILES + 1);
    let closed = GATE.lock().expect("the gate");
    // The queue is not read now: irrelevant events fill it, and relevant ones are lost.
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").expect("the limit");
    let limit: usize = limit.trim().parse().expect("a number");
    let names = [session.path("0/x.log"), session.path("0/y.log")];
    write(&names[0], "");
    for n in 0..limit / 2 + 10 {
        fs::rename(&names[n % 2], &names[(n + 1) % 2]).expect("renamed");
    }
    for n in 0..FILES {
        let (from, to) = (format!("{}/{n}.md", n % 20), format!("{}/{n}.md", (n + 1) % 20));
        if n % 1000 == 0 {
            fs::remove_file(session.path(&from)).expect("removed");
        } else {
            fs::rename(session.path(&from), session.path(&to)).expect("moved");
        }
    }
    drop(closed);
    let moved = |loaded: &Loaded| loaded.feed.len() == FILES + 1 - FILES / 1000;
    session.until("all", moved);
    let fresh = session.library.load(now(), |_| {}).expect("the library");
    assert_eq!(session.articles(), articles(&fresh, &session.root()));
    // Unchanged files are not read again; of changed files, only these.
    std::thread::sleep(Duration::from_secs(2));
    let settled = Instant::now();
    while session.look() > 0 {
        assert!(settled.elapsed() < LIMIT);
        std::thread::sleep(Duration::from_millis(200));
    }
    session.rest();
    write(&session.path("7/6.md"), &text("Changed", 6));
    assert_eq!(session.wait(LIMIT), Some(WatchEvent::Changed));
    assert_eq!((session.loaded.read, session.loaded.feed.len()), (1, FILES - 19));
    assert!(titles(&session.loaded).contains(&"Changed".to_owned()));
}

#[test]
fn folders_that_are_made_again_are_seen() {
    let mut session = Session::new(&[("a.md", &text("A", 1)), ("in/b.md", &text("B", 2))]);
    // An inner one.
    fs::remove_dir_all(session.path("in")).expect("removed");
    session.until_titles(&["A"]);
    write(&session.path("in/c.md"), &text("C", 3));
    session.until_titles(&["A", "C"]);
    fs::remove_dir_all(session.path("in")).expect("removed");
    write(&session.path("in/d.md"), &text("D", 4));
    session.until_titles(&["A", "D"]);
    write(&session.path("in/e.md"), &text("E", 5));
    session.until_titles(&["A", "D", "E"]);
    // The one that was named: what was there stays until it is back.
    fs::remove_dir_all(session.root()).expect("removed");
    session.until("the problem", |loaded| problems(loaded) == [("news".to_owned(), true)]);
    assert_eq!(titles(&session.loaded), ["A", "D", "E"]);
    assert!(session.loaded.provisional);
    session.rest();
    write(&session.path("n.md"), &text("N", 9));
    session.until_titles(&["N"]);
    assert!(problems(&session.loaded).is_empty() && !session.loaded.provisional);
    write(&session.path("in/m.md"), &text("M", 8));
    session.until_titles(&["M", "N"]);
    // At once, so that no look finds it missing.
    fs::remove_dir_all(session.root()).expect("removed");
    write(&session.path("o.md"), &text("O", 7));
    session.until_titles(&["O"]);
    // An empty folder is not a missing folder.
    fs::remove_file(session.path("o.md")).expect("removed");
    session.until_titles(&[]);
    assert!(problems(&session.loaded).is_empty());
}

#[test]
fn a_folder_that_is_made_again_with_those_above_it_is_seen() {
    let folder = TempDir::new().expect("a folder");
    let above = folder.path().join("above");
    write(&above.join("it/news/a.md"), &text("A", 1));
    let mut session = Session::of(folder, &["above/it/news"], WatchBackend::default());
    fs::remove_dir_all(&above).expect("removed");
    session.until("the problem", |loaded| problems(loaded) == [("news".to_owned(), true)]);
    session.rest();
    fs::create_dir(&above).expect("made again");
    session.rest();
    write(&above.join("it/news/b.md"), &text("B", 2));
    session.until_titles(&["B"]);
    // Another one is in its place, without an event.
    let other = above.with_file_name("other");
    write(&other.join("it/news/c.md"), &text("C", 3));
    fs::rename(&above, above.with_file_name("away")).and_then(|()| fs::rename(&other, &above)).expect("exchanged");
    session.until_titles(&["C"]);
    write(&above.join("it/news/d.md"), &text("D", 4));
    session.until_titles(&["C", "D"]);
}

#[test]
fn a_symbolic_link_with_a_new_target_is_noticed() {
    let folder = TempDir::new().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    write(&place("one/a.md"), &text("One", 1));
    write(&place("two/a.md"), &text("Two", 2));
    write(&place("far/a.md"), &text("Far", 3));
    symlink(place("one"), place("news")).expect("a link");
    let (news, far, two) = (place("news"), place("far/a.md"), place("two"));
    let mut session = Session::of(folder, &["news"], WatchBackend::default());
    assert_eq!(titles(&session.loaded), ["One"]);
    fs::remove_file(&news).and_then(|()| symlink(&two, &news)).expect("another link");
    session.until_titles(&["Two"]);
    write(&two.join("b.md"), &text("Three", 4));
    session.until_titles(&["Three", "Two"]);
    // A link to a file, and the file.
    symlink(&far, two.join("c.md")).expect("a link");
    session.until_titles(&["Far", "Three", "Two"]);
    write(&far, &text("Further", 3));
    session.until_titles(&["Further", "Three", "Two"]);
    let half = far.with_file_name("half");
    write(&half, &text("Furthest", 3));
    fs::rename(half, &far).expect("replaced");
    session.until_titles(&["Furthest", "Three", "Two"]);
    fs::remove_file(&far).expect("removed");
    session.until_titles(&["Furthest", "Three", "Two"]);
    session.until("a link that leads nowhere", |loaded| problems(loaded) == [("c.md".to_owned(), true)]);
}

/// Writes in place, so that the file stays the one it was.
fn write_in_place(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Replaces an entry with a link, atomically.
fn turn(target: &Path, link: &Path) {
    let half = link.with_extension("half");
    symlink(target, &half).expect("a link");
    fs::rename(half, link).expect("turned");
}

#[test]
fn chains_of_symbolic_links_are_followed() {
    let prepare = |place: &dyn Fn(&str) -> PathBuf| {
        ["far", "farther", "deep/er", "news/in"]
            .iter()
            .for_each(|name| fs::create_dir_all(place(name)).expect("folders"));
        write(&place("news/plain.md"), &text("Plain", 1));
        write(&place("far/one.md"), &text("One", 2));
        write(&place("farther/one.md"), &text("Another", 3));
    };
    // Targets and links to them, the titles then, a change, and the titles after it.
    type Case = (&'static str, &'static [(&'static str, &'static str)], Titles, fn(&dyn Fn(&str) -> PathBuf), Titles);
    type Titles = &'static [&'static str];
    let cases: [Case; 9] = [
        (
            "the end is replaced, three links away",
            &[("far/one.md", "farther/m.md"), ("farther/m.md", "deep/m.md"), ("deep/m.md", "news/in/l.md")],
            &["One", "Plain"],
            |at| write(&at("far/one.md"), &text("Edited", 2)),
            &["Edited", "Plain"],
        ),
        (
            "the end is written in place",
            &[("far/one.md", "farther/m.md"), ("farther/m.md", "news/l.md")],
            &["One", "Plain"],
            |at| write_in_place(&at("far/one.md"), &text("Edited", 2)),
            &["Edited", "Plain"],
        ),
        (
            "a link between is turned",
            &[("far/one.md", "deep/m.md"), ("deep/m.md", "news/l.md")],
            &["One", "Plain"],
            |at| turn(&at("farther/one.md"), &at("deep/m.md")),
            &["Another", "Plain"],
        ),
        (
            "a link between appears",
            &[("deep/m.md", "news/l.md")],
            &["Plain"],
            |at| turn(&at("far/one.md"), &at("deep/m.md")),
            &["One", "Plain"],
        ),
        (
            "the end appears, with its folder",
            &[("deep/er/new/x.md", "deep/m.md"), ("deep/m.md", "news/l.md")],
            &["Plain"],
            |at| write(&at("deep/er/new/x.md"), &text("Edited", 2)),
            &["Edited", "Plain"],
        ),
        (
            "a folder on the way is a link that is turned",
            &[("far", "current"), ("current/one.md", "news/l.md")],
            &["One", "Plain"],
            |at| turn(&at("farther"), &at("current")),
            &["Another", "Plain"],
        ),
        (
            "a folder on the way is another one",
            &[("far/one.md", "news/l.md")],
            &["One", "Plain"],
            |at| {
                fs::rename(at("far"), at("was")).expect("moved");
                fs::rename(at("farther"), at("far")).expect("moved");
            },
            &["Another", "Plain"],
        ),
        (
            "it led to a folder and leads to a file",
            &[("far", "deep/m.md"), ("deep/m.md", "news/l.md")],
            &["Plain"],
            |at| turn(&at("far/one.md"), &at("deep/m.md")),
            &["One", "Plain"],
        ),
        (
            "it leads into the library, whose files are still watched",
            &[("news/in/x.md", "news/l.md"), ("news", "news/loop.md")],
            &["Plain"],
            |at| write(&at("news/other.md"), &text("Edited", 2)),
            &["Edited", "Plain"],
        ),
    ];
    for (what, links, before, change, after) in cases {
        let folder = TempDir::new().expect("a folder");
        let top = folder.path().to_owned();
        let place = |name: &str| top.join(name);
        prepare(&place);
        links.iter().for_each(|(target, link)| symlink(place(target), place(link)).expect("a link"));
        println!("{what}");
        let mut session = Session::of(folder, &["news"], WatchBackend::default());
        assert_eq!(titles(&session.loaded), before, "{what}");
        change(&place);
        session.until_titles(after);
    }
}

#[test]
fn a_library_that_is_named_through_a_link_is_watched_as_one_that_is_not() {
    let folder = TempDir::new().expect("a folder");
    let top = folder.path().to_owned();
    write(&top.join("real/a.md"), &text("One", 1));
    symlink(top.join("real"), top.join("news")).expect("a link");
    // By this link the folder is reached under its own name too.
    symlink(top.join("real/gone.md"), top.join("real/l.md")).expect("a link");
    let mut session = Session::of(folder, &["news"], WatchBackend::default());
    write(&top.join("real/in/b.md"), &text("Two", 2));
    session.until_titles(&["One", "Two"]);
    fs::remove_file(top.join("real/l.md")).expect("removed");
    session.rest();
    write(&top.join("real/c.md"), &text("Three", 3));
    session.until_titles(&["One", "Three", "Two"]);
    write(&top.join("news/in/b.md"), &text("Two again", 2));
    session.until_titles(&["One", "Three", "Two again"]);
}

#[test]
fn a_missing_folder_does_not_stop_the_others() {
    let folder = TempDir::new().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    write(&place("one/a.md"), &text("One", 1));
    write(&place("two/a.md"), &text("Two", 2));
    write(&place("alone.md"), &text("Alone", 3));
    write(&place("beside.md"), &text("Beside", 4));
    let (one, two, alone, beside) = (place("one"), place("two"), place("alone.md"), place("beside.md"));
    let mut session = Session::of(folder, &["one", "two", "alone.md"], WatchBackend::default());
    assert_eq!(titles(&session.loaded), ["Alone", "One", "Two"]);
    // A file that was named, alone of its folder.
    session.looks = 0;
    write(&beside, &text("Beside it", 4));
    session.rest();
    assert_eq!(session.looks, 0);
    write(&alone, &text("All alone", 3));
    session.until_titles(&["All alone", "One", "Two"]);
    let away = one.with_file_name("away");
    fs::rename(&one, &away).expect("moved away");
    write(&two.join("b.md"), &text("Three", 5));
    session.until_titles(&["All alone", "One", "Three", "Two"]);
    session.until("the problem", |loaded| problems(loaded) == [("one".to_owned(), true)]);
    fs::remove_file(&alone).expect("removed");
    let both = [("alone.md".to_owned(), true), ("one".to_owned(), true)];
    session.until("the problem", |loaded| problems(loaded) == both);
    assert_eq!(titles(&session.loaded), ["All alone", "One", "Three", "Two"]);
    write(&away.join("c.md"), &text("Four", 6));
    fs::rename(&away, &one).expect("moved back");
    write(&alone, &text("Alone again", 3));
    session.until_titles(&["Alone again", "Four", "One", "Three", "Two"]);
    assert!(problems(&session.loaded).is_empty());
    // As a script sees it, what is gone is gone; when all is, that is an error.
    fs::remove_dir_all(&one).expect("removed");
    let loaded = session.library.refresh(&session.loaded, now(), |_| {}).expect("the rest").expect("news");
    assert_eq!(
        (titles(&loaded), problems(&loaded)),
        (vec!["Alone again".to_owned(), "Three".to_owned(), "Two".to_owned()], vec![("one".to_owned(), true)])
    );
    fs::remove_dir_all(&two).and_then(|()| fs::remove_file(&alone)).expect("removed");
    assert!(session.library.refresh(&session.loaded, now(), |_| {}).is_err());
}

static NO_INSTANCES: AtomicBool = AtomicBool::new(true);

/// A watcher without events, since no inotify watch is left.
#[derive(Debug)]
struct NoWatch;

impl Watcher for NoWatch {
    fn new<F: EventHandler>(_: F, _: Config) -> notify::Result<NoWatch> {
        Ok(NoWatch)
    }

    fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
        Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch))
    }

    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        Ok(())
    }

    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

/// Heavy: the folder is polled every 5 s.
#[test]
#[ignore = "heavy"]
fn without_events_the_folder_is_polled() {
    let no_instance = WatchBackend {
        open: |listener| match NO_INSTANCES.load(Ordering::SeqCst) {
            true => Err(notify::Error::io(io::Error::from(Errno::MFILE))),
            false => (WatchBackend::default().open)(listener),
        },
    };
    let no_watch = WatchBackend { open: |_| Ok(Box::new(NoWatch)) };
    for (system, wanted) in [(no_watch, "no inotify watches are left"), (no_instance, "no inotify instances are left")]
    {
        let folder = TempDir::new().expect("a folder");
        write(&folder.path().join("news/a.md"), &text("A", 1));
        let mut session = Session::of(folder, &["news"], system);
        let told = session.wait(LIMIT);
        let is_told = |told: &WatchEvent| matches!(told, WatchEvent::Polling { why, every } if why == wanted && every.as_secs() == 5);
        assert!(told.as_ref().is_some_and(is_told), "{told:?}");
        write(&session.path("in/b.md"), &text("B", 2));
        session.until("a change without an event", |loaded| titles(loaded) == ["A", "B"]);
        assert_eq!(session.looks, 1, "told once, looked once");
        if wanted.contains("instance") {
            // When there is one again, all is as if there always had been.
            NO_INSTANCES.store(false, Ordering::SeqCst);
            session.look();
            assert_eq!(session.wait(LIMIT), Some(WatchEvent::Watching));
            session.rest();
            session.looks = 0;
            write(&session.path("in/b.md"), &text("C", 2));
            session.until_titles(&["A", "C"]);
            assert_eq!(session.looks, 1);
        }
    }
}

#[test]
#[ignore = "heavy"]
fn the_writes_of_an_editor_are_one_change() {
    let mut session = Session::new(&[("a.md", &text("A0", 1)), ("b.md", &text("B", 2))]);
    session.rest();
    let root = session.root();
    let path = |name: &str| root.join(name);
    let (a, in_a) = (path("a.md"), text("A", 1));
    let rename = |from: &Path, to: &Path| fs::rename(from, to).expect("renamed");
    let remove = |path: &Path| fs::remove_file(path).expect("removed");
    type Step<'a> = (&'a str, Box<dyn Fn(&str) + 'a>);
    let steps: [Step; 7] = [
        (
            "vim",
            Box::new(|new| {
                write(&path(".a.md.swp"), "swap");
                write(&path("4913"), "");
                remove(&path("4913"));
                rename(&a, &path("a.md~"));
                write(&a, new);
                remove(&path("a.md~"));
                remove(&path(".a.md.swp"));
            }),
        ),
        (
            "emacs",
            Box::new(|new| {
                write(&path("#a.md#"), new);
                symlink("me@host.123:456", path(".#a.md")).expect("a lock");
                rename(&a, &path("a.md~"));
                write(&a, new);
                remove(&path("#a.md#"));
                remove(&path(".#a.md"));
            }),
        ),
        (
            "VS Code",
            Box::new(|new| {
                let mut file = fs::File::create(&a).expect("emptied");
                std::thread::sleep(Duration::from_millis(150));
                io::Write::write_all(&mut file, new.as_bytes()).expect("written");
            }),
        ),
        (
            "rsync",
            Box::new(|new| {
                write(&path(".a.md.AbCdEf"), new);
                rename(&path(".a.md.AbCdEf"), &a);
            }),
        ),
        (
            "sed -i",
            Box::new(|new| {
                write(&path("sedAbCdEf"), new);
                fs::set_permissions(path("sedAbCdEf"), fs::Permissions::from_mode(0o644)).expect("permissions");
                rename(&path("sedAbCdEf"), &a);
            }),
        ),
        (
            "a new folder",
            Box::new(|new| {
                remove(&a);
                write(&path("new/deep/a.md"), new);
            }),
        ),
        (
            "a moved folder",
            Box::new(|new| {
                rename(&path("new"), &path("newer"));
                write(&path("newer/deep/a.md"), new);
            }),
        ),
    ];
    for (number, (what, step)) in steps.iter().enumerate() {
        (session.looks, session.states) = (0, 0);
        step(&in_a.replace("title: A", &format!("title: A{}", number + 1)));
        let title = format!("A{}", number + 1);
        session.until(what, |loaded| titles(loaded) == [title.as_str(), "B"]);
        session.rest();
        assert_eq!((session.states, titles(&session.loaded)), (1, vec![title, "B".to_owned()]), "{what}");
        assert!(session.looks <= 2, "{what}: {} looks", session.looks);
    }
    // Events without a change are ignored.
    session.looks = 0;
    for name in
        [".a.md.swp", "b.md~", "#b.md#", "4913", "b.tmp", "b.part", "b.bak", "notes.org", ".git/x.md", "target/y.md"]
    {
        write(&path(name), "noise");
        fs::remove_file(path(name)).expect("removed");
    }
    session.rest();
    assert_eq!(session.looks, 0);
    // Changes of permissions are changes.
    fs::set_permissions(path("b.md"), fs::Permissions::from_mode(0o600)).expect("permissions");
    assert_eq!(session.wait(LIMIT), Some(WatchEvent::Changed));
}

#[test]
fn opening_an_article_is_not_a_content_change() {
    let mut session = Session::new(&[("a.md", &text("A", 1)), ("in/b.md", &text("B", 2))]);
    session.rest();
    for _ in 0..5 {
        session.library.load(now(), |_| {}).expect("the library");
        session.look();
    }
    assert_eq!(session.wait(Duration::from_secs(1)), None);
}

/// Front matter that cannot be read.
const BROKEN: &str = "---\ntitle: A\ntags: [a\n---\n";

/// The files that a watched library looks at for each of some changes.
#[track_caller]
fn looked_at(session: &mut Session, what: &str, change: impl Fn(&Path), wanted: impl Fn(&Loaded) -> bool) -> usize {
    session.rest();
    change(&session.root());
    session.until(what, wanted);
    session.loaded.looked_at
}

rounds!(a_change_costs_a_look_at_the_files_that_changed, 1_000, 50_000);

fn a_change_costs_a_look_at_the_files_that_changed(files: usize) {
    let folder = TempDir::new().expect("a folder");
    for n in 0..files {
        write(&folder.path().join(format!("news/{}/{n}.md", n % 10)), &text(&format!("A{n}"), n));
    }
    let mut session = Session::of(folder, &["news"], WatchBackend::default());
    let has = |title: &'static str| move |loaded: &Loaded| titles(loaded).iter().any(|other| other == title);
    let count = |count: usize| move |loaded: &Loaded| loaded.feed.len() == count;
    let changes = |session: &mut Session, folder: &str| {
        let path = |root: &Path, name: &str| root.join(folder).join(name);
        let write = |name: &'static str, title: &'static str, link| {
            move |root: &Path| write(&path(root, name), &text(title, link))
        };
        let mut counts = Vec::new();
        counts.push(looked_at(session, "written", write("0.md", "Changed", 0), has("Changed")));
        counts.push(looked_at(session, "new", write("new.md", "New", files), has("New")));
        let rename = |root: &Path| fs::rename(path(root, "new.md"), path(root, "newer.md")).expect("renamed");
        counts.push(looked_at(session, "renamed", rename, |loaded| {
            loaded.feed.iter().any(|article| article.path.ends_with("newer.md"))
        }));
        let remove = |root: &Path| fs::remove_file(path(root, "newer.md")).expect("removed");
        counts.push(looked_at(session, "removed", remove, count(files)));
        counts
    };
    assert_eq!(changes(&mut session, "0"), [1, 1, 2, 1]);
    // What the watcher cannot know leads to a look at everything, and from then on the changes are exact again.
    let make = |root: &Path| write(&root.join("made/in.md"), &text("In", files + 1));
    let of_a_new_folder = looked_at(&mut session, "a new folder", make, count(files + 1));
    assert!(of_a_new_folder >= files, "{of_a_new_folder}");
    let made = |root: &Path| write(&root.join("made/in.md"), &text("Again", files + 1));
    assert_eq!(looked_at(&mut session, "in the new folder", made, has("Again")), 1);
    let many = |root: &Path| {
        (0..1_100).for_each(|n| write(&root.join(format!("{}/{n}.md", n % 10)), &text("Same", 0)));
    };
    looked_at(&mut session, "many", many, |loaded| loaded.feed.len() < files);
    let fresh = session.library.load(now(), |_| {}).expect("the library");
    assert_eq!(session.articles(), articles(&fresh, &session.root()));
}

#[test]
fn a_file_that_is_reached_by_several_roots_changes_in_all_of_them() {
    let folder = TempDir::new().expect("a folder");
    let top = folder.path().to_owned();
    write(&top.join("news/in/a.md"), &text("A", 1));
    write(&top.join("news/.hidden/h.md"), &text("H", 2));
    symlink(top.join("news/in"), top.join("by-link")).expect("a link");
    let roots = ["news", "news/in", "by-link", "news/.hidden"];
    let mut session = Session::of(folder, &roots, WatchBackend::default());
    assert_eq!(titles(&session.loaded), ["A", "H"], "copies are one article");
    session.rest();
    write(&top.join("news/in/a.md"), &text("B", 1));
    write(&top.join("news/.hidden/h.md"), &text("I", 2));
    session.until_titles(&["B", "I"]);
    session.rest();
    let fresh = session.library.load(now(), |_| {}).expect("the library");
    let all = |loaded: &Loaded| loaded.feed.iter().map(|article| (*article).clone()).collect::<Vec<_>>();
    assert_eq!(all(&session.loaded), all(&fresh));
    fs::remove_file(top.join("news/in/a.md")).expect("removed");
    session.until_titles(&["I"]);
    // Under the folder that contains it, the hidden one is still skipped.
    write(&top.join("news/.hidden/j.md"), &text("J", 3));
    session.until_titles(&["I", "J"]);
    fs::remove_file(top.join("news/.hidden/j.md")).expect("removed");
    session.until_titles(&["I"]);
}

#[test]
fn after_a_look_without_an_end_everything_is_looked_at() {
    let mut session = Session::new(&[("a.md", &text("A", 1)), ("b.md", &text("B", 2))]);
    session.rest();
    let roots = [session.root()];
    let look = session.watch.begin_look(&roots).expect("exact");
    assert!(session.watch.begin_look(&roots).is_none(), "two looks at once");
    look.end();
    assert!(session.watch.begin_look(&[]).is_none(), "another library");
    write(&session.path("a.md"), &text("Changed", 1));
    while session.told.recv_timeout(LIMIT).expect("an event") != WatchEvent::Changed {}
    // As by a panic, or in a folder that cannot be opened.
    drop(session.watch.begin_look(&roots).expect("exact"));
    session.look();
    assert_eq!((titles(&session.loaded), session.loaded.looked_at), (vec!["B".to_owned(), "Changed".to_owned()], 2));
    assert!(session.watch.begin_look(&roots).is_some(), "exact again");
}

/// A sync of many channels: each article is written under a hidden name and renamed, in a folder of its channel.
#[test]
fn a_thousand_files_of_a_sync_cause_few_scans() {
    let mut session = Session::new(&[]);
    for number in 0..1000 {
        let folder = session.path(&format!("channel-{}", number % 50));
        fs::create_dir_all(&folder).expect("a folder");
        let hidden = folder.join(format!(".frontpage-{number}.tmp"));
        fs::write(&hidden, text("Hidden", 5000 + number)).expect("a file");
        if number % 100 == 0 {
            session.wait(Duration::from_millis(1));
            assert!(!titles(&session.loaded).contains(&"Hidden".to_owned()));
        }
        fs::write(&hidden, text("Whole", number)).expect("a file");
        fs::rename(&hidden, folder.join(format!("{number}.md"))).expect("renamed");
    }
    session.until("all articles", |loaded| loaded.feed.len() == 1000);
    session.rest();
    assert!(session.looks <= 20, "{} scans", session.looks);
    assert_eq!(titles(&session.loaded).iter().filter(|title| *title == "Whole").count(), 1000);
    session.looks = 0;
    assert!(session.wait(SILENCE).is_none() && session.looks == 0, "then all is quiet");
}

#[test]
fn a_broken_file_keeps_its_last_version_and_is_named() {
    enum Step {
        Write(&'static str, usize),
        Break,
        BreakOtherwise,
        Remove,
        Empty,
        Become(fn(&Path)),
    }
    use Step::*;
    let dangle: fn(&Path) = |path| symlink("nowhere", path).expect("a link");
    let folder: fn(&Path) = |path| fs::create_dir(path).expect("a folder");
    let good = |title: &str| vec![title.to_owned()];
    let kept = Some(true);
    // What is done to a file, and then: its titles, whether it is named, and as not read; and its titles as the files say.
    type Seen = (Vec<String>, Option<bool>, Vec<String>);
    let table: [(&str, Vec<Step>, Seen); 13] = [
        ("it breaks", vec![Write("A", 1), Break], (good("A"), kept, good("a"))),
        ("it breaks at once", vec![Break], (good("a"), Some(false), good("a"))),
        ("it is repaired", vec![Write("A", 1), Break, Write("B", 1)], (good("B"), None, good("B"))),
        ("it is repaired from the start", vec![Break, Write("B", 1)], (good("B"), None, good("B"))),
        ("it breaks again", vec![Write("A", 1), Break, Write("B", 1), Break], (good("B"), kept, good("a"))),
        ("it breaks otherwise", vec![Write("A", 1), Break, BreakOtherwise], (good("A"), kept, good("a"))),
        ("it is another one", vec![Write("A", 1), Break, Write("B", 2)], (good("B"), None, good("B"))),
        ("it is removed", vec![Write("A", 1), Break, Remove], (vec![], None, vec![])),
        ("and comes back", vec![Write("A", 1), Break, Remove, Write("B", 1)], (good("B"), None, good("B"))),
        ("and comes back broken", vec![Write("A", 1), Remove, Break], (good("a"), Some(false), good("a"))),
        ("it leads nowhere", vec![Write("A", 1), Remove, Write("A", 1), Become(dangle)], (good("A"), kept, vec![])),
        ("it is a folder", vec![Write("A", 1), Become(folder)], (vec![], None, vec![])),
        ("it is emptied", vec![Write("A", 1), Break, Empty], (good("a"), None, good("a"))),
    ];
    for (what, steps, (shown, named, said)) in table {
        let mut session = Session::new(&[("b.md", &text("Beside", 9))]);
        let path = session.path("a.md");
        for step in &steps {
            match step {
                Write(title, link) => write(&path, &text(title, *link)),
                Break => write(&path, BROKEN),
                BreakOtherwise => write(&path, "---\ntitle: \"no end\n---\n"),
                Remove => fs::remove_file(&path).expect("removed"),
                Empty => write(&path, ""),
                Become(make) => {
                    fs::remove_file(&path).expect("removed");
                    make(&path);
                }
            }
            session.look_at_all();
        }
        // It stays so after further scans.
        for _ in 0..2 {
            let mut titles = titles(&session.loaded);
            titles.retain(|title| title != "Beside");
            assert_eq!(titles, shown, "{what}");
            let wanted: Vec<_> = named.into_iter().map(|is_error| ("a.md".to_owned(), is_error)).collect();
            assert_eq!(problems(&session.loaded), wanted, "{what}");
            assert_eq!(session.loaded.provisional, shown != said, "{what}");
            session.look_at_all();
        }
        // A script sees what the files say, and so does the next session.
        let snapshots = TempDir::new().expect("a folder");
        for read in [
            session
                .library
                .refresh(&session.loaded, now(), |_| {})
                .expect("the library")
                .unwrap_or(session.loaded.clone()),
            session.library.read(Some(snapshots.path()), now()).expect("the library"),
            session.library.read(Some(snapshots.path()), now()).expect("the library"),
        ] {
            let mut titles = titles(&read);
            titles.retain(|title| title != "Beside");
            assert_eq!((titles, read.provisional), (said.clone(), false), "{what}");
            let names = |loaded: &Loaded| problems(loaded).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
            assert_eq!(names(&read), names(&session.loaded), "{what}");
        }
    }
}

#[test]
fn a_broken_file_has_its_present_problem() {
    let mut session = Session::new(&[("a.md", &text("A", 1))]);
    let line = |session: &Session| session.loaded.problems.first().and_then(|problem| problem.at).map(|at| at.line);
    write(&session.path("a.md"), BROKEN);
    session.look_at_all();
    assert_eq!(line(&session), Some(3));
    write(&session.path("a.md"), "---\nlink: https://e.org/1\ndate: 2020-01-01\ntags: [a\n---\n");
    session.look_at_all();
    assert_eq!((line(&session), titles(&session.loaded)), (Some(4), vec!["A".to_owned()]));
    // The article says where its file is, and it is still found by its id.
    let article = session.loaded.feed.get(0).expect("the article");
    assert_eq!(article.path, session.path("a.md"));
    assert!(session.loaded.feed.index_of(article.id).is_some());
}

#[test]
fn truncating_and_rewriting_a_file_keeps_its_article() {
    let mut session = Session::new(&[("a.md", &text("A", 1))]);
    let path = session.path("a.md");
    write(&path, "");
    let later = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(60));
        write(&path, &text("B", 1));
    });
    session.look_at_all();
    later.join().expect("written");
    assert_eq!(titles(&session.loaded), ["B"]);
}

#[test]
fn a_new_file_appears_by_itself_and_then_all_is_quiet() {
    let folder = TempDir::new().expect("a folder");
    let root = folder.path().join("news");
    write(&root.join("a.md"), &text("First of all", 1));
    let arguments = ["--now", "2021-02-20T12:00:00Z", root.to_str().expect("UTF-8")];
    let pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &arguments, &[], SIZE);
    pty.wait_for_text("First of all");
    pty.wait_for_text("1 of 1");
    write(&root.join("in/b.md"), &text("Second to none", 2));
    pty.wait_for_text("Second to none");
    fs::remove_dir_all(&root).expect("removed");
    pty.wait_for_text("cannot be read any more");
    assert!(pty.text().contains("First of all") && pty.text().contains("Second to none"), "{}", pty.text());
    write(&root.join("c.md"), &text("Third time lucky", 3));
    pty.wait_for("the new folder", |screen| {
        let text = screen.contents();
        text.contains("Third time lucky") && text.contains("is readable again") && !text.contains("First of all")
    });
    // A recent file is read again until its time rules out another write; then no file is read.
    std::thread::sleep(Duration::from_millis(700));
    let bytes = pty.raw().len();
    write(&root.join(".c.md.swp"), "noise");
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(pty.raw().len(), bytes, "{:?}", String::from_utf8_lossy(&pty.raw()[bytes..]));
}

/// The number of watchers opened without a thread.
static DEAD: AtomicUsize = AtomicUsize::new(0);

/// A watcher without a thread: calls to it panic, and so does dropping it.
#[derive(Debug)]
struct Dead;

impl Watcher for Dead {
    fn new<F: EventHandler>(_: F, _: Config) -> notify::Result<Dead> {
        Ok(Dead)
    }

    fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
        panic!("no thread answers")
    }

    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        panic!("no thread answers")
    }

    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

impl Drop for Dead {
    fn drop(&mut self) {
        panic!("no thread answers");
    }
}

#[test]
fn a_watcher_without_a_thread_is_abandoned_and_the_folder_is_polled() {
    let folder = TempDir::new().expect("a folder");
    write(&folder.path().join("news/a.md"), &text("A", 1));
    let system = WatchBackend {
        open: |_| {
            DEAD.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(Dead))
        },
    };
    let mut session = Session::of(folder, &["news"], system);
    let told = session.wait(LIMIT);
    let why = "cannot start a thread";
    assert!(matches!(&told, Some(WatchEvent::Polling { why: told, .. }) if told == why), "{told:?}");
    write(&session.path("b.md"), &text("B", 2));
    for _ in 0..5 {
        session.look();
    }
    assert_eq!(titles(&session.loaded), ["A", "B"]);
    assert_eq!(DEAD.load(Ordering::SeqCst), 3, "a lost watcher is not opened again and again");
}
