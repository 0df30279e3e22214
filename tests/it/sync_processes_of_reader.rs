//! The reader in a terminal while the program that it starts for its subscriptions hangs, floods, dies, or cannot be started.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::helper::helper;
use crate::harness::pty::{Exit, LIMIT, Pty};

const SIZE: (u16, u16) = (100, 30);

/// A reader of the news with one subscription, and a script in place of frontpage. The script finds its folder in `$0`.
struct Place {
    folder: Folder,
}

impl Place {
    fn new() -> Place {
        Place { folder: Folder::new().file("subscriptions.yaml", "- https://tides.example/feed.xml\n") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn reader(&self, settings: &str, program: &[&str]) -> Pty {
        let news = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/news");
        let subscriptions = self.path("subscriptions.yaml").to_string_lossy().into_owned();
        let mut arguments = vec!["read-with", news, &subscriptions, settings];
        arguments.extend(program);
        let pty = Pty::spawn(helper(), &arguments, &[], SIZE);
        pty.wait_for_text("How the Moon Pulls");
        pty
    }

    fn with_script(&self, settings: &str, script: &str) -> Pty {
        let folder = self.folder.path().to_string_lossy().into_owned();
        self.reader(settings, &["/bin/sh", "-c", script, &folder])
    }

    /// The process that a script has written to the file `pid`.
    fn process(&self) -> Pid {
        let started = Instant::now();
        loop {
            let text = std::fs::read_to_string(self.path("pid")).unwrap_or_default();
            if let Some(pid) = text.trim().parse().ok().and_then(Pid::from_raw) {
                return pid;
            }
            assert!(started.elapsed() < LIMIT, "the script did not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

const NEVER: &str = "sync: {every: never}";
const HANGS: &str = "echo $$ > $0/pid; exec sleep 1000";

/// Keys, a search and an overlay do what they do without a sync.
fn is_usable(pty: &mut Pty) {
    pty.send("/Wave Tank");
    pty.wait_for_text(" 1 of 1 ");
    pty.send("\x1b");
    // Not the absence of something, which half a frame has too: after the Esc of an open prompt `l` would be Alt-l.
    pty.wait_for_text(" 1 of 3 ");
    pty.send("l");
    pty.send("h");
    pty.send(":subscriptions\r");
    pty.wait_for_text("https://tides.example/feed.xml");
    pty.send("\x1b");
    pty.wait_for("the list closed", |screen| !screen.contents().contains("tides.example"));
}

/// A process that its parent has not waited for has ended too.
fn has_ended(process: Pid) -> bool {
    #[cfg(target_os = "linux")]
    let is_left = crate::harness::pty::state(process) == Some('Z');
    #[cfg(not(target_os = "linux"))]
    let is_left = false;
    is_left || test_kill_process(process).is_err()
}

fn quits(mut pty: Pty) {
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
    assert!(pty.modes_balanced());
}

#[test]
fn a_sync_that_hangs_disturbs_nothing_and_goes_on_after_quitting() {
    for how in ["R", ":subscribe https://e.org/\r"] {
        let place = Place::new();
        let mut pty = place.with_script(NEVER, HANGS);
        pty.send(how);
        let process = place.process();
        is_usable(&mut pty);
        if how == "R" {
            pty.wait_for_text("↻");
            pty.send("R");
            pty.wait_for_text("A sync is running");
        }
        quits(pty);
        assert!(!has_ended(process), "{how}");
        kill_process(process, Signal::KILL).unwrap();
    }
}

#[test]
fn a_sync_is_ended_by_a_command_or_by_quitting_if_the_settings_say_so() {
    for (settings, keys) in [(NEVER, "R:stop-sync\r"), ("sync: {every: never, on quit: stop}", "R")] {
        let place = Place::new();
        let mut pty = place.with_script(settings, HANGS);
        pty.send("R");
        let process = place.process();
        pty.send(&keys[1..]);
        if keys.len() > 1 {
            pty.wait_for_text("Sync ended");
        }
        quits(pty);
        let started = Instant::now();
        while !has_ended(process) {
            assert!(started.elapsed() < LIMIT, "{settings}: it still runs");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn what_a_sync_prints_and_how_it_dies_disturbs_nothing() {
    let object = r#"'{"done":3,"total":"many"}{"summary":[[[['"#;
    let flood = format!("echo $$ > $0/pid; exec yes {object}");
    let long_line = "echo $$ > $0/pid; exec tr '\\0' x < /dev/zero";
    let to_stderr = "echo $$ > $0/pid; exec yes '\u{1b}[2J\u{202e}' >&2";
    for script in [flood.as_str(), long_line, to_stderr] {
        let place = Place::new();
        let mut pty = place.with_script(NEVER, script);
        pty.send("R");
        let process = place.process();
        is_usable(&mut pty);
        quits(pty);
        // Its pipe is closed: it has ended by itself, or is about to.
        let _ = kill_process(process, Signal::KILL);
    }
    for (script, words) in [
        ("kill -KILL $$", "Not synced: `frontpage sync` was ended by a signal"),
        ("exit 3", "Not synced: `frontpage sync` ended with exit code 3"),
        ("echo 'frontpage: no \u{1b}[31mluck' >&2; exit 2", "Not synced: no luck"),
    ] {
        let place = Place::new();
        let mut pty = place.with_script(NEVER, script);
        pty.send("R");
        pty.wait_for_text(words);
        is_usable(&mut pty);
        quits(pty);
    }
}

#[test]
fn a_program_that_cannot_be_started_is_a_notice_on_request_and_nothing_in_the_background() {
    let place = Place::new();
    let mut pty = place.reader(NEVER, &["/nonexistent/frontpage"]);
    pty.send("R");
    pty.wait_for_text("Not synced: ");
    pty.wait_for_text("/nonexistent/frontpage");
    pty.send(":subscribe https://e.org/\r");
    pty.wait_for_text("/nonexistent/frontpage");
    is_usable(&mut pty);
    quits(pty);
}

#[test]
fn the_first_sync_starts_by_itself_and_its_failure_is_silent() {
    let place = Place::new();
    let script = "echo $$ > $0/pid; echo \"$@\" > $0/words; echo 'frontpage: another sync is running' >&2; exit 2";
    let mut pty = place.with_script("", script);
    place.process();
    is_usable(&mut pty);
    assert!(!pty.text().contains("Not synced"), "{}", pty.text());
    let words = std::fs::read_to_string(place.path("words")).unwrap();
    assert_eq!(words, "sync --progress --background\n");
    quits(pty);
}

#[test]
fn the_list_changes_the_file() {
    let place = Place::new();
    let list = "# mine\n- https://tides.example/feed.xml # daily\n- https://moon.example/rss\n";
    std::fs::write(place.path("subscriptions.yaml"), list).unwrap();
    let mut pty = place.with_script(NEVER, "exit 0");
    pty.send(":subscriptions\r");
    pty.wait_for_text("https://moon.example/rss");
    pty.send("jd");
    pty.wait_for_text("Unsubscribe from https://moon.example/rss?");
    pty.send("y");
    pty.wait_for_text("Unsubscribed; the articles stay");
    pty.wait_for("a list of one", |screen| !screen.contents().contains("moon.example"));
    let file = std::fs::read_to_string(place.path("subscriptions.yaml")).unwrap();
    assert_eq!(file, "# mine\n- https://tides.example/feed.xml # daily\n");
    // Another program has changed the file meanwhile.
    std::fs::write(place.path("subscriptions.yaml"), "# empty\n").unwrap();
    pty.send("dy");
    pty.wait_for_text("Not changed: the subscription is not in subscriptions.yaml any more");
    pty.send("q");
    pty.wait_for("the list closed", |screen| !screen.contents().contains("You follow nothing yet"));
    quits(pty);
}

/// What the reader reads from the real program, whose place the scripts above take.
#[test]
fn the_program_ends_its_progress_with_a_summary() {
    let home = Home::new();
    home.file(".config/frontpage/subscriptions.yaml", "- feed: https://tides.example/feed.xml\n  paused: true\n");
    for options in [vec!["sync", "--progress"], vec!["sync", "--progress", "--all"]] {
        let ran = home.run(&options);
        let last: serde_json::Value = serde_json::from_str(ran.out.lines().next_back().unwrap_or_default()).unwrap();
        let wanted = serde_json::json!({
            "asked": 0, "new": 0, "updated": 0, "failed": 0, "full_texts": 0, "marks_sent": 0, "message": "", "programs_failed": 0, "messages": [],
        });
        assert_eq!((&last["summary"], ran.code), (&wanted, 0), "{}", ran.err);
    }
    // An address on a private network, which the user may permit.
    let mut command = home.command();
    command.args(["subscribe", "--format", "json", "http://127.0.0.1:1/feed.xml"]);
    let output = command.output().expect("the program");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an object");
    assert_eq!((&answer["result"], &answer["private"]), (&"failed".into(), &true.into()), "{answer}");
}
