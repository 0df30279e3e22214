//! A fake opener that records its arguments, and fake shells that must never be started.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::command::Home;
use crate::harness::pty::{LIMIT, Pty};

use super::kinds::{Must, quoted};

/// Writes the number of its arguments and the arguments, each with a NUL, and a last line. It needs no program of `PATH`.
const RECORDER: &str = "#!/bin/sh\n{ printf '%s\\0' \"$#\" \"$@\"; printf 'end\\n'; } >> \"$RECORD\"\n";
/// Records that it was started.
const SHELL: &str = "#!/bin/sh\necho \"$0 $*\" >> \"$SHELLS\"\nexit 1\n";
const SHELLS: [&str; 7] = ["sh", "bash", "dash", "zsh", "cmd", "env", "powershell.exe"];

/// Wide enough for the messages of the footer.
// Too narrow for the navigation pane, whose counts follow what is opened.
const SCREEN: (u16, u16) = (135, 24);

pub type Spawn = fn(&str, &[&str], &[(&str, &str)], (u16, u16)) -> Pty;

/// A home with articles, and a folder `bin` that is all of `PATH`.
pub struct Desk {
    pub home: Home,
    runs: usize,
}

impl Desk {
    /// With an article for each link. All programs named are recorders.
    pub fn new(links: &[(String, Must)], recorders: &[&str]) -> Desk {
        let home = Home::new();
        for (number, (link, _)) in links.iter().enumerate() {
            let text = format!("---\ntitle: Kind {number}\ndate: 2021-01-01\nlink: {}\n---\nText.\n", quoted(link));
            home.file(&format!("in/{number:02}.md"), &text);
        }
        let desk = Desk { home, runs: 0 };
        SHELLS.iter().for_each(|name| drop(desk.program(name, SHELL)));
        recorders.iter().for_each(|name| drop(desk.program(name, RECORDER)));
        desk
    }

    /// A program in `bin`.
    pub fn program(&self, name: &str, script: &str) -> PathBuf {
        let path = self.home.file(&format!("bin/{name}"), script);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("the mode");
        path
    }

    pub fn path(&self, name: &str) -> String {
        self.home.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// The environment of a run that has a record of its own.
    pub fn environment(&mut self) -> (Vec<(&'static str, String)>, PathBuf) {
        self.runs += 1;
        let record = self.path(&format!("record-{}", self.runs));
        let variables = [
            ("HOME", self.path("")),
            ("PATH", self.path("bin")),
            ("RECORD", record.clone()),
            ("SHELLS", self.path("shells")),
            ("LANG", "C.UTF-8".to_owned()),
        ];
        (variables.into(), record.into())
    }

    /// A run of the program without a terminal.
    pub fn command(&mut self) -> (Command, PathBuf) {
        let (variables, record) = self.environment();
        let mut command = self.home.command();
        command.envs(variables).current_dir(self.home.folder.path());
        (command, record)
    }

    /// A run in a terminal, when all articles are there.
    pub fn in_terminal(&mut self, more: &[(&str, &str)]) -> (Pty, PathBuf) {
        self.in_terminal_as(env!("CARGO_BIN_EXE_frontpage"), Pty::spawn, more)
    }

    /// The same, by another file or as a job.
    pub fn in_terminal_as(&mut self, program: &str, spawn: Spawn, more: &[(&str, &str)]) -> (Pty, PathBuf) {
        let (variables, record) = self.environment();
        let own = variables.iter().map(|(name, value)| (*name, value.as_str()));
        let all: Vec<(&str, &str)> = own.chain(more.iter().copied()).collect();
        let pty = spawn(program, &[&self.path("in")], &all, SCREEN);
        pty.wait_for_text("Kind ");
        pty.wait_for_text("unread");
        (pty, record)
    }

    /// Asserts that no shell was started and no command inside a link was run.
    #[track_caller]
    pub fn assert_untouched(&self) {
        let started = std::fs::read_to_string(self.path("shells")).unwrap_or_default();
        assert_eq!(started, "", "shells were started");
        assert!(!Path::new(&self.path("canary")).exists(), "a link was run");
    }
}

/// The words of each start that a record holds, whole or not.
pub fn starts(record: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read(record).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let words = |start: &str| start.split_terminator('\0').map(str::to_owned).collect();
    text.split_terminator("end\n").map(words).collect()
}

/// Waits until a record is complete: a detached program may run longer than it is watched.
#[track_caller]
pub fn await_start(record: &Path) -> Vec<Vec<String>> {
    let end = Instant::now() + LIMIT;
    while !std::fs::read(record).is_ok_and(|text| text.ends_with(b"end\n")) {
        assert!(Instant::now() < end, "nothing was started");
        std::thread::sleep(Duration::from_millis(2));
    }
    starts(record)
}
