//! The processes of a sync: they end with it, are started again when they die, and two syncs do not meet.

use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::*;
use crate::harness::external_data::skipped;

/// Limit for what must happen. Tests that pass do not wait this long.
const LIMIT: Duration = Duration::from_secs(30);

/// True if the system lists its processes as Linux does.
pub fn has_proc() -> bool {
    let has_proc = Path::new("/proc/self/stat").exists();
    if !has_proc {
        skipped("this system has no /proc");
    }
    has_proc
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < end, "waited for: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Holds requests until it is opened.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    pub fn wait(&self) {
        let is_open = self.0.0.lock().unwrap();
        drop(self.0.1.wait_timeout_while(is_open, LIMIT, |is_open| !*is_open).unwrap());
    }
}

/// A running command in a process group of its own; it and its group are killed on drop.
pub struct Running(Child);

impl Running {
    pub fn start(mut command: Command) -> Running {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program"))
    }

    /// Starts a command whose stdout is a new file.
    pub fn start_to(mut command: Command, out: &Path) -> Running {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let out = std::fs::File::create(out).unwrap();
        Running(command.stdout(out).stderr(Stdio::null()).spawn().expect("the program"))
    }

    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    fn as_pid(&self) -> Pid {
        pid(self.0.id())
    }

    pub fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until("the end of the program", || {
            status = self.0.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    /// Waits until it has at least this number of children, and returns them.
    pub fn wait_for_children(&self, count: usize) -> Vec<u32> {
        wait_until("children", || children(self.pid()).len() >= count);
        children(self.pid())
    }

    /// Waits for a child whose command line ends in a word.
    fn wait_for_child(&self, word: &str) -> u32 {
        let find = || children(self.pid()).into_iter().find(|child| words(*child).ends_with(word));
        wait_until(word, || find().is_some());
        find().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = kill_process_group(self.as_pid(), Signal::KILL);
        let _ = self.0.wait();
    }
}

fn pid(id: u32) -> Pid {
    Pid::from_raw(i32::try_from(id).unwrap()).unwrap()
}

/// The fields of `/proc/PID/stat` after the name: state, parent, group.
fn stat(id: u32) -> Option<(String, u32, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut fields = text.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn all() -> impl Iterator<Item = u32> {
    std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The living children of a process.
fn children(of: u32) -> Vec<u32> {
    all().filter(|id| stat(*id).is_some_and(|(state, parent, _)| parent == of && state != "Z")).collect()
}

/// The living processes of a group.
fn group(of: u32) -> Vec<u32> {
    all().filter(|id| stat(*id).is_some_and(|(state, _, group)| group == of && state != "Z")).collect()
}

/// The command line, with blanks between its words.
fn words(id: u32) -> String {
    let text = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&text).trim_end_matches('\0').replace('\0', " ")
}

/// A user who follows channels on four servers. Requests to those in `held` wait for the gate.
fn user(held: &'static [&'static str]) -> (User, Gate) {
    let user = User::new(4);
    let gate = Gate::default();
    let passed = gate.clone();
    user.server.route_fn("*", move |request| {
        if held.contains(&request.host.as_str()) {
            passed.wait();
        }
        Reply::ok(rss(&format!("Site {}", request.host), 0..3))
    });
    let addresses: Vec<String> = (1..=4).map(|number| user.server.url_at(&host(number), "/feed.xml")).collect();
    user.follow(&addresses);
    (user, gate)
}

#[test]
fn the_processes_end_with_the_sync_however_it_ends() {
    if !has_proc() {
        return;
    }
    for (signal, is_to_all) in
        [(Signal::KILL, false), (Signal::TERM, false), (Signal::INT, true), (Signal::TERM, true), (Signal::HUP, true)]
    {
        let (mut user, gate) = user(&["127.0.0.1", "127.0.0.2"]);
        let mut sync = Running::start(user.command(&["sync"]));
        user.server.wait_for(4);
        sync.wait_for_child("--network");
        sync.wait_for_child("--digest");
        // Articles of those that are not held.
        wait_until("articles", || files(&user.path(ARTICLES)).len() >= 6);
        match is_to_all {
            true => kill_process_group(sync.as_pid(), signal).unwrap(),
            false => kill_process(sync.as_pid(), signal).unwrap(),
        }
        assert!(!sync.wait().success(), "{signal:?}");
        // The requests are still held: the processes do not wait for them.
        wait_until("the end of the children", || group(sync.pid()).is_empty());
        gate.open();
        user.pass(TimeDelta::days(2));
        let (results, code) = user.sync(&[]);
        assert_eq!((results.len(), code), (4, 0), "{signal:?}: {results:?}");
        assert_eq!(user.titles("").len(), 12);
        assert_eq!(temporary_files(user.home.folder.path()), [] as [PathBuf; 0]);
    }
}

#[test]
fn a_process_that_fetches_and_is_killed_fails_only_what_it_was_asked() {
    if !has_proc() {
        return;
    }
    let (mut user, gate) = user(&["127.0.0.3", "127.0.0.4"]);
    let out = user.path("out");
    let mut sync = Running::start_to(user.command(&["sync", "--format", "jsonl"]), &out);
    user.server.wait_for(4);
    wait_until("articles", || files(&user.path(ARTICLES)).len() >= 6);
    wait_until("results", || std::fs::read_to_string(&out).unwrap().lines().count() >= 2);
    kill_process(pid(sync.wait_for_child("--network")), Signal::KILL).unwrap();
    assert_eq!(sync.wait().code(), Some(1));
    let results = std::fs::read_to_string(&out).unwrap();
    let results: Vec<Value> = results.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |word: &str| results.iter().filter(|result| result["result"] == word).count();
    assert_eq!((count("new"), count("failed")), (2, 2), "{results:?}");
    gate.open();
    user.pass(TimeDelta::hours(2));
    let (results, code) = user.sync(&[]);
    assert_eq!((code, user.titles("").len()), (0, 12), "{results:?}");
    assert_eq!(user.run(&["subscriptions"]).code, 0);
}

#[test]
fn a_process_that_parses_and_is_killed_is_started_again() {
    if !has_proc() {
        return;
    }
    let (user, gate) = user(&["127.0.0.3", "127.0.0.4"]);
    let mut sync = Running::start(user.command(&["sync"]));
    user.server.wait_for(4);
    wait_until("articles", || files(&user.path(ARTICLES)).len() >= 6);
    let parsers = || children(sync.pid()).into_iter().filter(|child| words(*child).ends_with("--digest"));
    for parser in parsers() {
        kill_process(pid(parser), Signal::KILL).unwrap();
    }
    wait_until("their end", || parsers().count() == 0);
    gate.open();
    assert!(sync.wait().success());
    assert_eq!(user.titles("").len(), 12);
}

#[test]
fn a_second_sync_says_so_and_subscribing_works_meanwhile() {
    if !has_proc() {
        return;
    }
    let (mut user, gate) = user(&["127.0.0.1"]);
    let mut sync = Running::start(user.command(&["sync"]));
    user.server.wait_for(4);
    for arguments in [&["sync"][..], &["sync", "--all"], &["sync", "--background"], &["sync", "--progress"]] {
        let ran = user.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains("another sync is running"), "{}", ran.err);
    }
    assert_eq!(user.run(&["sync", "--dry-run"]).code, 0);
    user.server.route("/other.xml", Reply::ok(rss("Other", 0..2)));
    user.done(&["subscribe", "--private", &user.server.url_at("127.0.0.4", "/other.xml")]);
    assert_eq!(user.titles("Other").len(), 2);
    user.done(&["subscriptions"]);
    user.done(&["unsubscribe", "127.0.0.2"]);
    gate.open();
    assert!(sync.wait().success());
    assert_eq!(user.titles("").len(), 14);
    // What a sync that ends later has written does not bring the line back.
    assert!(!user.list().contains("127.0.0.2"));
    user.pass(TimeDelta::days(2));
    let (results, code) = user.sync(&[]);
    assert_eq!((results.len(), code), (4, 0), "{results:?}");
}

#[test]
fn a_reader_that_stops_reading_does_not_stop_the_sync() {
    let (user, _gate) = user(&[]);
    let mut command = user.command(&["sync", "--progress"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(user.titles("").len(), 12);
}
