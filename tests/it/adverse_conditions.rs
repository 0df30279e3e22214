//! Adverse conditions: full disks, unusable folders, hostile settings, odd environments and arguments, jumping clocks, and no
//! more threads.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::app::{Bookmark, Event};
use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark};
use frontpage::file_system::RealFileSystem;
use frontpage::library::device_id::DeviceName;
use frontpage::library::marks_log::{self, MarksLog};
use frontpage::terminal::bookmark_file;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::harness::command::Ran;
use crate::harness::external_data::skipped;
use crate::harness::helper::helper;
use crate::harness::output_check::foreign;
use crate::harness::pty::{Exit, LIMIT, Pty, SIZE};
use crate::harness::reader::{Reader, now};
use crate::rounds;

/// The id of a user without rights, without an entry among the users, and without other processes.
fn user_without_rights() -> u32 {
    60_000 + std::process::id() % 5_000
}

fn is_root() -> bool {
    rustix::process::getuid().is_root()
}

/// A home with five articles in `in`, and the program beside it where everybody may start it.
struct Place {
    folder: TempDir,
    program: PathBuf,
}

impl Place {
    fn new() -> Place {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let (built, program) = (Path::new(env!("CARGO_BIN_EXE_frontpage")), folder.path().join("frontpage"));
        if fs::hard_link(built, &program).is_err() {
            fs::copy(built, &program).unwrap();
        }
        let place = Place { folder, program };
        for number in 1..=5 {
            let text = format!("---\ntitle: Article {number}\ndate: 2021-02-1{number}\n---\nText.\n");
            place.file(&format!("in/{number}.md"), text);
        }
        fs::create_dir(place.path("home")).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The program, after a line of shell.
    fn command(&self, before: &str, arguments: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", &format!("{before}\nexec \"$0\" \"$@\"")]).arg(&self.program).args(arguments);
        command
            .env_clear()
            .env("HOME", self.path("home"))
            .env("TZ", "UTC")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs as a user without rights if root runs the tests: permissions and limits of threads do not apply to root.
    fn as_user_without_rights(&self, command: &mut Command) {
        if is_root() {
            command.uid(user_without_rights()).gid(user_without_rights());
        }
    }

    /// Runs the program on the articles.
    fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command("", &[arguments, &["-L", "in", "--now", "2021-02-20T12:00:00Z"]].concat()))
    }

    fn run_after(&self, before: &str, arguments: &[&str]) -> Ran {
        ran(self.command(before, &[arguments, &["-L", "in", "--now", "2021-02-20T12:00:00Z"]].concat()))
    }

    /// The reader on the articles, in a terminal, after a line of shell.
    fn reader(&self, before: &str, arguments: &[&str], env: &[(&str, &str)]) -> Pty {
        let (script, home) = (format!("{before}\nexec \"$0\" \"$@\""), self.text("home"));
        let (program, folder) = (self.text("frontpage"), self.text("in"));
        let arguments = [&["-c", &script, &program], arguments, &[folder.as_str()]].concat();
        Pty::spawn("/bin/sh", &arguments, &[&[("HOME", home.as_str())], env].concat(), (100, 30))
    }

    fn marked(&self, query: &str) -> usize {
        self.run(&["list", query]).out.lines().count()
    }
}

/// Runs a program to its end, which must come.
fn ran(mut command: Command) -> Ran {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = |mut from: Box<dyn std::io::Read + Send>| {
        std::thread::spawn(move || {
            let mut text = String::new();
            from.read_to_string(&mut text).unwrap();
            text
        })
    };
    let (out, err) = (read(Box::new(out)), read(Box::new(err)));
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("the program hangs: {command:?}");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Ran { out: out.join().unwrap(), err: err.join().unwrap(), code: status.code().unwrap_or(-1) }
}

fn fifo(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o644), 0).unwrap();
}

#[track_caller]
fn assert_no_panic(text: &str) {
    assert!(!text.contains("panicked") && !text.contains("internal error"), "{text}");
}

// Full disks.

#[test]
fn commands_report_a_full_disk() {
    let place = Place::new();
    let ran = place.run_after("ulimit -f 0", &["mark", "read", "title:5"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(lines[0].contains("marks not saved: ") && lines[0].ends_with(".marks: file too large"), "{lines:?}");
    assert!(lines[1].contains("set another folder in the settings: marks: FOLDER") && lines.len() == 2, "{lines:?}");
    let ran = place.run_after("ulimit -f 0", &["list"]);
    assert_eq!((ran.code, ran.out.lines().count(), ran.err.as_str()), (0, 5, ""), "a missing snapshot is not an error");
    // The limit cuts inside a record: saved records are complete.
    let mut kept = 0;
    for round in 0..40 {
        let (mark, query) = (["starred", "unstarred"][round % 2], "title:1");
        match place.run_after("ulimit -f 1", &["mark", mark, query]).code {
            0 => kept += 1,
            code => {
                assert_eq!(code, 2);
                break;
            }
        }
    }
    assert!((2..40).contains(&kept), "{kept}");
    let ran = place.run(&["list", "is:starred"]);
    assert_eq!((ran.out.lines().count(), ran.err.as_str()), (kept % 2, ""));
    assert_eq!(place.run(&["mark", "read", "title:2"]).code, 0);
    let ran = place.run(&["list", "is:read"]);
    assert_eq!((ran.out.lines().count(), ran.err.as_str()), (1, ""), "half-written records are repaired");
    println!("{kept} marks before the limit");
}

#[test]
fn the_terminal_reader_reports_a_full_disk() {
    let place = Place::new();
    let mut pty = place.reader("ulimit -f 0", &["-v"], &[]);
    pty.wait_for_text("Article 5");
    pty.send("mj");
    // A message, before or after the keys, and then the footer: a key takes the message away.
    pty.wait_for_text("! Marks not saved yet");
    pty.send("j");
    pty.wait_for_text("4 unread");
    pty.send("Q");
    pty.wait_for_text("Press again to quit");
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(2));
    assert!(pty.modes_balanced() && pty.text().contains("marks not saved"), "{}", pty.text());
    assert_eq!(place.marked("is:read"), 0);
}

// Unusable folders.

const DEVICE: &str = "home/.local/state/frontpage/device";
const MARKS: &str = "home/.local/share/frontpage/marks";
const OWN: &str = "home/.local/share/frontpage/marks/test-00000001.marks";

/// A fault, and how to cause it.
type Spoilt<T> = (&'static str, fn(&T));

/// Ways in which the folder of marks can be unusable.
fn no_places() -> Vec<Spoilt<Place>> {
    fn linked(place: &Place, target: &str) {
        fs::create_dir_all(place.path("home/.local/share/frontpage")).unwrap();
        symlink(target, place.path(MARKS)).unwrap();
    }
    fn own_of(place: &Place) -> PathBuf {
        place.file(DEVICE, "test-00000001\n");
        fs::create_dir_all(place.path(MARKS)).unwrap();
        place.path(OWN)
    }
    vec![
        ("a file is the folder", |place| drop(place.file(MARKS, "a file"))),
        ("a file is above the folder", |place| drop(place.file("home/.local/share", "a file"))),
        ("a link that leads nowhere", |place| linked(place, "/none/where")),
        ("a link to itself", |place| linked(place, "marks")),
        ("below /sys", |place| linked(place, "/sys/frontpage")),
        ("/sys", |place| linked(place, "/sys/kernel")),
        ("/proc", |place| linked(place, "/proc")),
        ("a device is the folder", |place| linked(place, "/dev/full")),
        ("a full device", |place| symlink("/dev/full", own_of(place)).unwrap()),
        ("a device", |place| symlink("/dev/zero", own_of(place)).unwrap()),
        ("a pipe", |place| fifo(&own_of(place))),
        ("a folder", |place| fs::create_dir(own_of(place)).unwrap()),
        ("a link below /sys", |place| symlink("/sys/x.marks", own_of(place)).unwrap()),
    ]
}

#[test]
fn a_command_that_cannot_save_marks_fails_with_path_and_remedy() {
    for (name, spoil) in no_places() {
        let place = Place::new();
        spoil(&place);
        let ran = place.run(&["mark", "read", "title:5"]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.err);
        let told = ran.err.lines().find(|line| line.contains("marks not saved: ")).unwrap_or_default();
        assert!(told.contains("/.local/share/frontpage/marks/"), "{name}: {}", ran.err);
        assert!(!ran.err.contains("os error") && ran.err.contains("set another folder in the settings"), "{}", ran.err);
        let list = place.run(&["list"]);
        assert_eq!((list.code, list.out.lines().count()), (0, 5), "{name}: reading goes on: {}", list.err);
        assert_no_panic(&list.err);
    }
}

#[test]
fn marks_that_cannot_be_saved_are_reported_and_apply_until_the_session_ends() {
    for (name, spoil) in no_places() {
        let place = Place::new();
        spoil(&place);
        let mut pty = place.reader("", &[], &[]);
        pty.wait_for_text("Article 5");
        println!("{name}");
        pty.wait_for_text("not saved yet");
        pty.send("mj");
        pty.wait_for_text("4 unread");
        pty.wait_for_text("! Marks not saved yet");
        pty.send("uk");
        pty.wait_for_text("5 unread");
        assert_no_panic(&pty.text());
        pty.send("Q");
        pty.wait_for_text("Press again to quit");
        pty.send("Q");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(2), "{name}");
        assert!(pty.modes_balanced());
    }
}

fn reader_without_rights(place: &Place, before: &str) -> Pty {
    let script = format!("{before}\nexec \"$0\" \"$@\"");
    let (user, program, folder, home) =
        (user_without_rights().to_string(), place.text("frontpage"), place.text("in"), place.text("home"));
    let arguments = ["as-user", &user, "/bin/sh", "-c", &script, &program, &folder];
    Pty::spawn(helper(), &arguments, &[("HOME", &home)], (100, 30))
}

#[test]
fn a_read_only_home_is_reported() {
    let place = Place::new();
    for mode in [0o555, 0o000] {
        fs::set_permissions(place.path("home"), Permissions::from_mode(mode)).unwrap();
        let mut command = place.command("", &["-L", "in", "mark", "read", "title:5"]);
        place.as_user_without_rights(&mut command);
        let told = ran(command);
        assert_eq!(told.code, 2, "{}", told.err);
        assert!(told.err.contains(".marks: permission denied"), "{}", told.err);
        let mut command = place.command("", &["-L", "in", "list"]);
        place.as_user_without_rights(&mut command);
        let list = ran(command);
        assert_eq!((list.code, list.out.lines().count()), (0, 5), "{}", list.err);
        let mut pty = reader_without_rights(&place, "");
        pty.wait_for_text("Article 5");
        pty.wait_for_text("not saved yet");
        pty.send("mj");
        pty.wait_for_text("4 unread");
        pty.send("QQ");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(2));
        assert!(pty.modes_balanced());
    }
    fs::set_permissions(place.path("home"), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn pipes_and_devices_in_place_of_our_files_do_not_block() {
    for kind in ["pipe", "device", "folder"] {
        let place = Place::new();
        place.run(&["mark", "read", "title:5"]);
        let mut pty = place.reader("", &["-v"], &[]);
        pty.wait_for_text("Article 4");
        pty.send("jjQ");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
        let mut spoilt = 0;
        for folder in
            ["home/.local/state/frontpage", "home/.local/state/frontpage/bookmarks", "home/.cache/frontpage/snapshots"]
        {
            for entry in fs::read_dir(place.path(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    continue;
                }
                fs::remove_file(&path).unwrap();
                match kind {
                    "pipe" => fifo(&path),
                    "device" => symlink("/dev/zero", &path).unwrap(),
                    _ => fs::create_dir(&path).unwrap(),
                }
                spoilt += 1;
            }
        }
        assert!(spoilt >= 4, "device, log, bookmark, snapshot: {spoilt}");
        let ran = place.run(&["list", "is:read"]);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{kind}: {}", ran.err);
        assert_eq!(place.run(&["mark", "read", "title:4"]).code, 0, "{kind}");
        let mut pty = place.reader("", &["-v"], &[]);
        pty.wait_for_text("Article 3");
        pty.send("Q");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{kind}: {}", pty.text());
    }
}

/// The caches of a running session are truncated: by a full disk, another host or a cache cleaner.
#[test]
fn truncated_caches_do_not_end_the_session() {
    for length in [0, 10_000] {
        let place = Place::new();
        for n in 0..300 {
            let body = "Gravel and sand. ".repeat(40);
            place.file(
                &format!("in/stones/{n:03}.md"),
                format!("---\ntitle: Stone {n:03}\nlink: https://e.org/{n}\ndate: 2023-01-01\n---\n{body}\n"),
            );
        }
        assert_eq!(place.run(&["list", "Stone"]).code, 0);
        let mut pty = place.reader("", &[], &[]);
        pty.wait_for_text("Stone 000");
        let mut cut = 0;
        for entry in std::fs::read_dir(place.path("home/.cache/frontpage/snapshots")).expect("the caches") {
            let file = std::fs::File::options().write(true).open(entry.expect("a file").path()).expect("a file");
            file.set_len(length).expect("cut");
            cut += 1;
        }
        assert!(cut >= 1);
        pty.send("G");
        pty.wait_for_text("Stone 299");
        pty.send("/gravel\r");
        pty.wait_for_text("gravel · 300 of 305 · 300 unread");
        pty.send("Q");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
    }
}

#[test]
fn temporary_bookmark_files_of_killed_sessions_are_removed() {
    let folder = TempDir::new().unwrap();
    let mut child = Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let leftover = folder.path().join(format!(".new-{}-x", child.id()));
    fs::write(&leftover, "half").unwrap();
    let file = folder.path().join("a.json");
    let bookmark = Bookmark { query: "a".into(), ..Bookmark::default() };
    bookmark_file::write(&file, &bookmark).unwrap();
    assert_eq!(bookmark_file::read(&file), Some(bookmark));
    assert!(!leftover.exists());
}

/// Saves the search for `title:4`, which is typed already, as `mine`, and quits.
fn save_search_and_quit(pty: &mut Pty) {
    pty.wait_for_text("1 of 5");
    pty.send("\x13");
    pty.wait_for_text("save as:");
    pty.send("mine\r");
    pty.wait_for_text("Saved as mine");
    pty.wait_for("the list", |screen| !screen.contents().contains("Enter keep"));
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
}

#[test]
fn folders_that_are_links_stay_links() {
    let place = Place::new();
    for (link, target) in [
        ("home/.local/share/frontpage", "dotfiles/share"),
        ("home/.local/state/frontpage", "dotfiles/state"),
        ("home/.config/frontpage", "dotfiles/config"),
    ] {
        fs::create_dir_all(place.path(target)).unwrap();
        fs::create_dir_all(place.path(link).parent().unwrap()).unwrap();
        symlink(place.path(target), place.path(link)).unwrap();
    }
    place.file("dotfiles/searches", "old: x\n");
    symlink("../searches", place.path("dotfiles/config/searches.yaml")).unwrap();
    assert_eq!(place.run(&["mark", "read", "title:5"]).code, 0);
    let mut pty = place.reader("", &[], &[]);
    pty.wait_for_text("4 unread");
    pty.send("/title:4");
    save_search_and_quit(&mut pty);
    for link in [
        "home/.local/share/frontpage",
        "home/.local/state/frontpage",
        "home/.config/frontpage",
        "dotfiles/config/searches.yaml",
    ] {
        assert!(place.path(link).symlink_metadata().unwrap().is_symlink(), "{link}");
    }
    assert_eq!(fs::read_to_string(place.path("dotfiles/searches")).unwrap(), "old: x\nmine: \"title:4\"\n");
    let kept: Vec<_> =
        fs::read_dir(place.path("dotfiles/share/marks")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(place.marked("is:read"), 1);
}

#[test]
fn files_are_readable_only_by_their_owner() {
    let place = Place::new();
    for arguments in [&["mark", "read", "title:5"][..], &["list", "is:read"]] {
        assert_eq!(place.run_after("umask 0", arguments).code, 0);
    }
    let mut pty = place.reader("umask 0", &["-v"], &[]);
    pty.wait_for_text("4 unread");
    pty.send("mj/title:4");
    save_search_and_quit(&mut pty);
    let (mut files, mut folders, mut to_see) = (BTreeSet::new(), 0, vec![place.path("home")]);
    while let Some(folder) = to_see.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = path.symlink_metadata().unwrap();
            let mode = metadata.permissions().mode() & 0o7777;
            let wanted = if metadata.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode, wanted, "{mode:o}: {}", path.display());
            if metadata.is_dir() {
                folders += 1;
                to_see.push(path);
            } else {
                let kind = path.extension().or(path.file_name()).unwrap();
                files.insert(kind.to_string_lossy().into_owned());
            }
        }
    }
    let kinds: Vec<&str> = files.iter().map(String::as_str).collect();
    println!("{folders} folders, files: {kinds:?}");
    for kind in ["marks", "device", "json", "snapshot", "log", "yaml"] {
        assert!(files.contains(kind), "{kind}: {kinds:?}");
    }
}

// Files that grow, and clocks that jump.

#[test]
fn a_marks_file_with_few_live_records_is_rewritten() {
    let folder = TempDir::new().unwrap();
    let device = DeviceName { name: "test-00000001".into(), device: DeviceId(1) };
    let mut log = MarksLog::new(RealFileSystem, folder.path(), &device);
    let mut clock = HybridClock::new(DeviceId(1));
    let id = |number: u64| -> ArticleId { format!("{number:016x}").parse().unwrap() };
    let mut records = 0;
    for _ in 0..200 {
        let changes: Vec<Change> = (0..1000)
            .map(|number| Change {
                stamp: clock.tick(now()),
                mark: Mark::Starred((records + number) % 3 == 0),
                articles: vec![id(number % 10)],
            })
            .collect();
        records += changes.len() as u64;
        log.write(changes).unwrap();
    }
    let path = folder.path().join("test-00000001.marks");
    let bytes = || fs::metadata(&path).unwrap().len();
    let (before, marks) = (bytes(), marks_log::read(folder.path()).marks);
    assert!(before > 200_000 * 40, "{before}");
    log.read_new();
    log.compact().unwrap();
    let after = bytes();
    println!("{records} records: {before} bytes, then {after}");
    assert!(after < 2_000, "{after}");
    let again = marks_log::read(folder.path());
    assert!(again.problems.is_empty());
    let starred =
        |marks: &frontpage::feed::Marks| (0..10).filter(|number| marks.is_starred(id(*number))).collect::<Vec<_>>();
    assert_eq!(starred(&again.marks), starred(&marks));
    log.compact().unwrap();
    assert_eq!(bytes(), after, "and not again");
}

#[test]
fn copying_over_the_marks_file_loses_no_marks() {
    for wait in [false, true] {
        let place = Place::new();
        place.file(DEVICE, "test-00000001\n");
        place.run(&["mark", "starred", "title:5"]);
        let older = fs::read(place.path(OWN)).unwrap();
        for mark in ["starred", "read", "unread", "unstarred"].repeat(3) {
            place.run(&["mark", mark, "title:1"]);
        }
        let longer = [fs::read(place.path(OWN)).unwrap(), older].concat();
        fs::remove_file(place.path(OWN)).unwrap();
        place.run(&["mark", "starred", "title:5"]);
        let mut reader = place.reader("", &["--fresh"], &[]);
        reader.wait_for_text("Article 5");
        reader.send("js");
        reader.wait_for_text("undoes");
        let file = fs::OpenOptions::new().write(true).open(place.path(OWN)).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &longer, 0).unwrap();
        if wait {
            std::thread::sleep(std::time::Duration::from_millis(900));
        }
        reader.send("Q");
        assert_eq!(reader.wait_exit(LIMIT), Exit::Code(0), "{}", reader.text());
        assert_eq!(place.marked("is:starred"), 2, "waited: {wait}");
    }
}

#[test]
fn the_later_mark_wins_whatever_the_clock_says() {
    let place = Place::new();
    let mark = |mark: &str, now: &str| {
        let ran = ran(place.command("", &["-L", "in", "mark", mark, "title:5", "--now", now]));
        assert_eq!(ran.code, 0, "{mark} at {now}: {}", ran.err);
    };
    for (mark_then, at, starred) in [
        ("starred", "2030-01-01T00:00:00Z", 1),
        ("unstarred", "2021-01-01T00:00:00Z", 0),
        ("starred", "1970-01-01T00:00:00Z", 1),
        ("unstarred", "9999-12-31T23:59:59Z", 0),
        ("starred", "0001-01-01T00:00:00Z", 1),
        ("unstarred", "2021-01-01T00:00:00Z", 0),
    ] {
        mark(mark_then, at);
        assert_eq!(place.marked("is:starred"), starred, "{mark_then} at {at}");
    }
}

#[test]
fn a_clock_that_jumps_breaks_nothing() {
    let times: [DateTime<Utc>; 8] = [
        now() - TimeDelta::hours(1),
        now() - TimeDelta::days(40_000),
        "9999-12-31T23:59:59Z".parse().unwrap(),
        "0000-01-01T00:00:00Z".parse().unwrap(),
        "1969-12-31T23:59:59Z".parse().unwrap(),
        DateTime::<Utc>::MAX_UTC,
        DateTime::<Utc>::MIN_UTC,
        now(),
    ];
    let mut reader = Reader::of_news();
    for at in times {
        for keys in
            ["", "j", "<enter>", "m", "u", "s", "<esc>", "/@2w<enter>", "/date:..today<enter>", "<esc>", "f<esc>", "gg"]
        {
            reader.receive(Event::Tick(at));
            reader.press(keys);
            let text = reader.text();
            assert!(!text.contains("panicked"), "{text}");
        }
        assert!(reader.text().contains("Tide Clocks"), "{at}: {}", reader.text());
    }
    // A future date is shown as now, and no age is negative.
    let mut early = Reader::of_news_with("list: {date: age}").unfolded();
    early.receive(Event::Tick("1990-01-01T00:00:00Z".parse().unwrap()));
    assert!(early.text().lines().skip(1).take(5).all(|row| row.ends_with(" now ┃")), "{}", early.text());
    let place = Place::new();
    for at in ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "+262142-12-31T23:59:59Z", "-262143-01-01T00:00:00Z"] {
        let now = format!("--now={at}");
        for arguments in [
            &["list", "@2w OR date:today OR is:unread"][..],
            &["screen"],
            &["topics"],
            &["list", "sort:-date", "--format", "json"],
        ] {
            let ran = ran(place.command("", &[arguments, &["-L", "in", &now]].concat()));
            assert!(ran.code <= 1 && !ran.err.contains("panicked"), "{arguments:?} at {at}: {} {}", ran.code, ran.err);
        }
    }
}

// Hostile settings.

/// Ways to break a settings file, each with a part of the message.
type SpoiltFile = (&'static str, fn(&Path), &'static str);

fn spoilt_settings() -> Vec<SpoiltFile> {
    vec![
        ("not UTF-8", |path| fs::write(path, b"a: x\nb: \xff\n").unwrap(), "not UTF-8 at line 2, column 4"),
        ("binary", |path| fs::write(path, [0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0]).unwrap(), "character"),
        ("zeros", |path| fs::write(path, vec![0; 10_000_000]).unwrap(), "larger than 1 MiB"),
        ("large", |path| fs::write(path, "a: b\n".repeat(2_000_000)).unwrap(), "larger than 1 MiB"),
        ("sparse", |path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap(), "larger than 1 MiB"),
        ("deep", |path| fs::write(path, "[".repeat(100_000)).unwrap(), ":1:"),
        ("deep maps", |path| fs::write(path, "a: {".repeat(100_000)).unwrap(), ":1:"),
        (
            "deep lines",
            |path| fs::write(path, (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>()).unwrap(),
            ": ",
        ),
        (
            "aliases",
            |path| {
                fs::write(path, "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]\ng: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]\nh: [*g, *g, *g, *g, *g, *g, *g, *g, *g]\n").unwrap()
            },
            ": ",
        ),
        ("a list", |path| fs::write(path, "- a\n- b\n").unwrap(), ":1:1: "),
        (
            "many keys",
            |path| fs::write(path, (0..3000).map(|n| format!("k {n}:\n  - 3\n")).collect::<String>()).unwrap(),
            "more problems",
        ),
        ("escapes", |path| fs::write(path, "\"a\\e[2Jb\": \"\\e]0;x\\a\"\n").unwrap(), " `ab`"),
        ("a pipe", fifo, "not a regular file"),
        ("a device", |path| symlink("/dev/zero", path).unwrap(), "not a regular file"),
        ("a full device", |path| symlink("/dev/full", path).unwrap(), "not a regular file"),
        ("a terminal", |path| symlink("/dev/tty", path).unwrap(), "not a regular file"),
        ("a folder", |path| fs::create_dir(path).unwrap(), "not a regular file"),
        ("a link to itself", |path| symlink(path, path).unwrap(), "cannot be read: too many levels of symbolic links"),
        (
            "not for us",
            |path| {
                fs::write(path, "a: b\n").unwrap();
                fs::set_permissions(path, Permissions::from_mode(0o0)).unwrap()
            },
            "cannot be read: permission denied",
        ),
    ]
}

#[test]
#[ignore = "heavy"]
fn hostile_settings_and_searches_are_reported_in_one_line_and_the_program_runs() {
    let mut told = 0;
    for name in ["config.yaml", "searches.yaml"] {
        for (kind, spoil, words) in spoilt_settings() {
            let place = Place::new();
            fs::create_dir_all(place.path("home/.config/frontpage")).unwrap();
            spoil(&place.path(&format!("home/.config/frontpage/{name}")));
            let mut command = place.command("", &["-L", "in", "list"]);
            place.as_user_without_rights(&mut command);
            let ran = ran(command);
            assert_eq!((ran.code, ran.out.lines().count()), (0, 5), "{name}, {kind}: {}", ran.err);
            let lines: Vec<&str> = ran.err.lines().filter(|line| line.contains(name)).collect();
            assert!(!lines.is_empty() && lines.len() <= 21, "{name}, {kind}: {}", ran.err);
            assert!(lines.iter().any(|line| line.contains(words)), "{name}, {kind}: {}", ran.err);
            assert!(
                ran.err.lines().all(|line| line.starts_with("frontpage: ") && line.contains(": ") && line.len() < 600),
                "{}",
                ran.err
            );
            assert_eq!(foreign(ran.err.as_bytes(), false), [""; 0], "{name}, {kind}");
            assert!(!ran.err.contains("os error"), "{}", ran.err);
            told += 1;
        }
    }
    println!("{told} spoilt files");
}

rounds!(the_reader_starts_whatever_the_settings_are, 4, 1);

/// With every `step`-th broken file.
fn the_reader_starts_whatever_the_settings_are(step: usize) {
    for (kind, spoil, _) in spoilt_settings().into_iter().step_by(step) {
        let place = Place::new();
        fs::create_dir_all(place.path("home/.config/frontpage")).unwrap();
        for name in ["config.yaml", "searches.yaml"] {
            spoil(&place.path(&format!("home/.config/frontpage/{name}")));
        }
        if kind == "not for us" && is_root() {
            continue; // the one before has shown it
        }
        let mut pty = place.reader("", &[], &[]);
        pty.wait_for_text(" · P");
        pty.wait_for_text("Article 5");
        println!("{kind}");
        pty.send("P");
        pty.wait_for_text("config.yaml");
        pty.send("qQ");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{kind}: {}", pty.text());
    }
}

// Environments.

rounds!(no_environment_breaks_the_program_and_unsaved_marks_are_reported, 5, 1);

/// Every `step`-th environment.
fn no_environment_breaks_the_program_and_unsaved_marks_are_reported(step: usize) {
    let homes = [
        "unset HOME",
        "HOME=",
        "HOME=relative",
        "HOME=.",
        "HOME=/none/where",
        "HOME=/dev/null",
        "HOME='/a b\t'",
        "HOME=$(printf '/\\377')",
        "HOME=\"$PWD/home\"",
    ];
    let others = [
        "",
        "export XDG_CONFIG_HOME=relative XDG_DATA_HOME=relative XDG_STATE_HOME=relative XDG_CACHE_HOME=relative",
        "export XDG_CONFIG_HOME= XDG_DATA_HOME= XDG_STATE_HOME= XDG_CACHE_HOME=",
        "export XDG_CONFIG_HOME=\"$PWD/a b\" XDG_DATA_HOME=\"$PWD/a b\" XDG_STATE_HOME=\"$PWD/a b\" XDG_CACHE_HOME=\"$PWD/a b\"",
        "export XDG_CONFIG_HOME=/dev/null XDG_DATA_HOME=/dev/null XDG_STATE_HOME=/dev/null XDG_CACHE_HOME=/dev/null",
        "export XDG_CONFIG_HOME=\"$PWD/in/1.md\" XDG_DATA_HOME=\"$PWD/in/1.md\" XDG_STATE_HOME=\"$PWD/in/1.md\" XDG_CACHE_HOME=\"$PWD/in/1.md\"",
    ];
    let (mut kept, mut unkept) = (0, 0);
    let environments = homes.into_iter().flat_map(|home| others.map(|other| (home, other)));
    for (home, other) in environments.step_by(step) {
        let place = Place::new();
        for folder in ["home", "a b"] {
            fs::create_dir_all(place.path(folder)).unwrap();
            fs::set_permissions(place.path(folder), Permissions::from_mode(0o777)).unwrap();
        }
        let before = format!("export HOME; {home}\n{other}");
        let run = |arguments: &[&str]| {
            let mut command = place.command(&before, &[&["-L", "in"], arguments].concat());
            place.as_user_without_rights(&mut command);
            ran(command)
        };
        let list = run(&["list"]);
        assert_eq!((list.code, list.out.lines().count()), (0, 5), "{before}: {}", list.err);
        let config = run(&["config"]);
        assert!(config.code <= 1, "{before}: {}", config.err);
        let mark = run(&["mark", "read", "title:5"]);
        let said = format!("{}{}{}", list.err, config.err, mark.err);
        assert_no_panic(&said);
        assert!(mark.err.lines().count() <= 7, "{before}: {}", mark.err);
        let read = run(&["list", "is:read"]);
        match mark.code {
            0 => {
                assert_eq!(read.out.lines().count(), 1, "{before}: {}", mark.err);
                kept += 1;
            }
            code => {
                assert_eq!(code, 2, "{before}: {}", mark.err);
                let why = ["marks not saved: ", "no folder for marks"];
                assert!(why.iter().any(|why| mark.err.contains(why)), "{before}: {}", mark.err);
                unkept += 1;
            }
        }
        assert!(
            !place.path("relative").exists() && !place.path(".local").exists(),
            "{before}: kept where it was started"
        );
    }
    println!("{kept} environments in which marks are kept, {unkept} in which frontpage reports that they are not");
    assert!(kept >= 10 / step && unkept >= 10 / step, "{kept}, {unkept}");
}

#[test]
fn a_missing_home_is_reported_at_the_start_and_with_the_first_mark() {
    let place = Place::new();
    for home in ["HOME=", "unset HOME", "HOME=relative"] {
        // Without $HOME the home of the user's entry is used: root has one.
        if !is_root() && home != "HOME=relative" {
            skipped(&format!("only root runs programs of a user without an entry: {home}"));
        } else {
            let mut pty = reader_without_rights(&place, home);
            pty.wait_for_text("$HOME is not set to a folder: marks are not saved");
            pty.wait_for_text("⚠ 1 · P");
            pty.wait_for_text("5 unread");
            pty.send("mj");
            pty.wait_for_text("4 unread");
            pty.wait_for_text("! Marks not saved yet");
            pty.send("QQ");
            assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
            assert!(pty.modes_balanced());
        }
    }
}

// Arguments.

#[test]
fn wrong_paths_are_reported_with_a_remedy() {
    let place = Place::new();
    fifo(&place.path("fifo"));
    symlink("nowhere", place.path("broken")).unwrap();
    symlink("itself", place.path("itself")).unwrap();
    drop(std::os::unix::net::UnixListener::bind(place.path("socket")).unwrap());
    for (name, is_folder) in [("locked", true), ("unlisted", true), ("unread.md", false)] {
        let path = place.path(name);
        if is_folder {
            fs::create_dir(&path).unwrap()
        } else {
            fs::write(&path, "text").unwrap()
        }
        fs::set_permissions(&path, Permissions::from_mode(if name == "unlisted" { 0o311 } else { 0 })).unwrap();
    }
    let cases: [(&[u8], &str); 16] = [
        (b"missing", "cannot read missing: no such file or directory"),
        (b"broken", "cannot read broken: no such file or directory"),
        (b"itself", "cannot read itself: too many levels of symbolic links"),
        (b"in/1.md/", "cannot read in/1.md/: not a directory"),
        (b"in/1.md/x", "cannot read in/1.md/x: not a directory"),
        (b"fifo", "cannot read fifo: it is a pipe, not a regular file"),
        (b"socket", "cannot read socket: it is a socket, not a regular file"),
        (b"/dev/zero", "cannot read /dev/zero: it is a device, not a regular file"),
        (b"/dev/null", "cannot read /dev/null: it is a device, not a regular file"),
        (b"/dev/full", "cannot read /dev/full: it is a device, not a regular file"),
        (b"locked", "cannot read locked: permission denied"),
        (b"unlisted", "cannot read unlisted: permission denied"),
        (b"unread.md", "cannot read unread.md: permission denied"),
        (b"-", "cannot read -: no such file or directory"),
        (b"\xff\x1b[2J", "cannot read \u{fffd}: no such file or directory"),
        (b"~/x", "cannot read ~/x: no such file or directory"),
    ];
    let count = cases.len();
    for (path, words) in cases {
        for command in ["list", "topics", "check", "screen", "mark"] {
            let path = OsStr::from_bytes(path);
            let rest: &[&str] = if command == "mark" { &["read", "is:unread"] } else { &[] };
            let mut arguments = vec![OsStr::new("-L"), path, OsStr::new(command)];
            arguments.extend(rest.iter().map(OsStr::new));
            let mut command = place.command("", &arguments);
            place.as_user_without_rights(&mut command);
            let ran = ran(command);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{path:?}: {}", ran.err);
            assert!(ran.err.contains(words), "{path:?}: {}", ran.err);
            assert!(
                ran.err.contains("\n  name a folder of Markdown files: frontpage FOLDER\n"),
                "{path:?}: {}",
                ran.err
            );
            assert_eq!(foreign(ran.err.as_bytes(), false), [""; 0], "{path:?}");
        }
    }
    let empty = ran(place.command("", &["-L", "", "list"]));
    assert!(empty.code == 2 && empty.err.contains("--library"), "{}", empty.err);
    println!("{count} paths");
    for name in ["locked", "unlisted"] {
        fs::set_permissions(place.path(name), Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn an_empty_folder_says_how_to_fill_it() {
    let place = Place::new();
    fs::create_dir(place.path("empty")).unwrap();
    place.file("other/notes.pdf", "none");
    for folder in ["empty", "other"] {
        let list = ran(place.command("", &["-L", folder, "list"]));
        assert_eq!((list.code, list.out.as_str()), (1, ""));
        let words = format!(
            "frontpage: no articles in {folder}: put Markdown files there, or run frontpage check to see what is wrong\n"
        );
        assert_eq!(list.err, words);
        let screen = ran(place.command("", &["-L", folder, "screen"]));
        assert!(screen.code == 0 && screen.out.contains("Put Markdown files into the"), "{}", screen.out);
    }
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[&place.text("empty")], &[], SIZE);
    pty.wait_for_text("Put Markdown files into the folder");
    pty.send("jk\rms?q");
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
}

#[test]
fn wrong_paths_are_refused_before_the_screen_changes() {
    let place = Place::new();
    fifo(&place.path("fifo"));
    for path in [place.text("fifo"), place.text("missing"), "/dev/zero".to_owned()] {
        let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[&path], &[], SIZE);
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(2));
        let text = pty.text();
        assert!(text.contains("cannot read") && text.contains("name a folder of Markdown files"), "{text}");
        assert!(!String::from_utf8_lossy(&pty.raw()).contains("\u{1b}[?1049h"));
    }
}

// Threads and memory.

/// A limit of one thread, for two kinds of shell.
const ALONE: &str = "ulimit -p 1 2>/dev/null || ulimit -u 1";

#[test]
fn commands_work_without_threads() {
    let place = Place::new();
    for number in 0..300 {
        place.file(&format!("in/more/{number}.md"), format!("---\ntitle: More {number}\n---\n"));
    }
    fs::set_permissions(place.path("home"), Permissions::from_mode(0o777)).unwrap();
    for (arguments, lines) in [
        (&["list"][..], 305),
        (&["list", "more"], 300),
        (&["check"], 1),
        (&["list"], 305),
        (&["mark", "read", "title:5"], 0),
        (&["topics"], 0),
    ] {
        let mut command = place.command(ALONE, &[&["-L", "in"], arguments].concat());
        place.as_user_without_rights(&mut command);
        let ran = ran(command);
        assert!(ran.code <= 1, "{arguments:?}: {} {}", ran.code, ran.err);
        assert_eq!(ran.out.lines().count(), lines, "{arguments:?}: {}", ran.err);
        assert_no_panic(&ran.err);
    }
}

#[test]
fn without_threads_the_reader_says_so() {
    let place = Place::new();
    let mut pty = reader_without_rights(&place, ALONE);
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(2));
    let text = pty.text();
    assert!(text.contains("cannot use the terminal: "), "{text}");
    assert_no_panic(&text);
    assert!(pty.modes_balanced() && pty.termios() == pty.termios_before());
}

#[test]
fn with_few_threads_failures_are_reported() {
    let place = Place::new();
    fs::set_permissions(place.path("home"), Permissions::from_mode(0o777)).unwrap();
    let (mut read, mut refused) = (0, 0);
    for threads in 1..=8 {
        let before = format!("ulimit -p {threads} 2>/dev/null || ulimit -u {threads}");
        let mut pty = reader_without_rights(&place, &before);
        pty.wait_for("a word or an article", |screen| {
            let text = screen.contents();
            text.contains("Article 5")
                || text.contains("cannot use the terminal")
                || text.contains("Cannot start a thread")
        });
        assert_no_panic(&pty.text());
        if pty.termios() == pty.termios_before() {
            refused += 1;
            assert_eq!(pty.wait_exit(LIMIT), Exit::Code(2), "{threads}: {}", pty.text());
        } else {
            read += 1;
            pty.send("jm");
            pty.send("QQ");
            let exit = pty.wait_exit(LIMIT);
            assert!(matches!(exit, Exit::Code(0 | 2)), "{threads}: {exit:?} {}", pty.text());
        }
        assert!(pty.modes_balanced());
    }
    println!("of 8 limits the reader read with {read}, and refused with {refused}");
    assert!(read > 0 && refused > 0);
}

#[test]
fn with_little_memory_nothing_panics() {
    let place = Place::new();
    let (mut worked, mut ended) = (0, 0);
    // In KiB; below the first the program itself finds no room.
    for memory in [24_000, 32_000, 56_000, 64_000, 128_000] {
        let ran = place.run_after(&format!("ulimit -v {memory}"), &["list"]);
        assert_no_panic(&ran.err);
        match ran.code {
            0 => {
                assert_eq!(ran.out.lines().count(), 5, "{memory}: {}", ran.err);
                worked += 1;
            }
            _ => ended += 1,
        }
    }
    println!("{worked} worked, {ended} had no room");
    assert!(worked >= 3, "{worked}");
}

// The log.

#[test]
fn every_line_of_the_log_is_one_clean_line() {
    let place = Place::new();
    let odd = "in \u{1b}[2J\n\u{202e}x\r\u{9b}31m";
    fs::create_dir(place.path(odd)).unwrap();
    fs::write(place.path(odd).join("a\u{1b}]0;x\u{7}\n.md"), "---\ntitle: \"A\\e[31m\"\nlink: \"x\\e[2J\"\n---\n")
        .unwrap();
    let home = format!("home/{odd}");
    fs::create_dir(place.path(&home)).unwrap();
    let env = [("HOME", place.text(&home))];
    let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let start = || {
        let pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &["-v", &place.text(odd)], &env, (100, 30));
        pty.wait_for_text("1 article");
        pty
    };
    let log = place.path(&home).join(".local/state/frontpage/frontpage.log");
    for round in 0..3 {
        let mut pty = start();
        pty.send("jmQ");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
        if round == 1 {
            let snapshots = place.path(&home).join(".cache/frontpage/snapshots");
            fs::read_dir(snapshots).unwrap().for_each(|entry| fs::write(entry.unwrap().path(), "\u{1b}[2J\n").unwrap());
        }
    }
    let text = fs::read(&log).unwrap();
    assert_eq!(foreign(&text, false), [""; 0]);
    let text = String::from_utf8(text).unwrap();
    println!("{text}");
    assert!(text.lines().count() >= 4 && text.contains("snapshots"), "{text}");
    let is_stamped = |line: &str| line.get(..24).is_some_and(|stamp| DateTime::parse_from_rfc3339(stamp).is_ok());
    assert!(text.lines().all(is_stamped), "a line that is part of another one: {text}");
    // On stderr too.
    let mut command = place.command("", &["-v", "-L", odd, "list"]);
    command.env("HOME", place.path(&home));
    let ran = ran(command);
    assert_eq!((ran.code, foreign(ran.err.as_bytes(), false)), (0, Vec::new()), "{}", ran.err);
}

// A lock that another process keeps.

#[test]
#[ignore = "heavy"]
fn a_command_waits_for_the_lock_of_the_marks() {
    let place = Place::new();
    place.file(DEVICE, "test-00000001\n");
    let own = place.file(OWN, "");
    let file = fs::File::options().append(true).open(&own).unwrap();
    file.lock().unwrap();
    let waits = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(2_500));
        file.unlock().unwrap();
    });
    let ran = place.run(&["mark", "read", "title:5"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    waits.join().unwrap();
    assert_eq!(place.marked("is:read"), 1);
}

#[test]
fn a_suspended_session_does_not_block_commands() {
    let place = Place::new();
    let mut pty = place.reader("", &[], &[]);
    pty.wait_for_text("5 unread");
    pty.send("m");
    pty.wait_for_text("Marked read");
    pty.signal(Signal::STOP);
    let ran = place.run(&["mark", "starred", "title:1"]);
    pty.signal(Signal::CONT);
    assert_eq!(ran.code, 0, "{}", ran.err);
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
}
