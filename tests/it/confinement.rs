//! What fetches cannot read the home, and what parses opens nothing, connects nowhere and starts nothing: attempts from inside the
//! confined processes fail, and what they need works.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use frontpage::confinement::Enforced;
use tempfile::TempDir;

use crate::harness::external_data::skipped;
use crate::harness::helper::helper;
use crate::harness::pty::{Exit, LIMIT, Pty, SIZE};

/// The result of an attempt.
#[derive(Debug)]
struct Attempt {
    enforced: Enforced,
    /// The result, or the error.
    result: Result<String, String>,
}

/// Makes an attempt in a process of its own. Its stdin has one MiB.
fn run(confinement: &str, what: &str, argument: &str) -> Output {
    let mut command = Command::new(helper());
    command.args(["attempt", confinement, what, argument]).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the helper");
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || drop(stdin.write_all(&vec![b'x'; 1 << 20])));
    let output = child.wait_with_output().expect("its output");
    writer.join().expect("written");
    output
}

fn attempt(confinement: &str, what: &str, argument: &str) -> Attempt {
    let output = run(confinement, what, argument);
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    let (first, rest) = out.split_once('\n').expect("what is enforced");
    let rest = rest.trim_start_matches('.').trim_end();
    let result = match rest.split_once(' ') {
        Some(("done", result)) => Ok(result.to_owned()),
        Some(("failed", error)) => Err(error.to_owned()),
        _ => panic!("{what} in {confinement}: {:?} {rest:?}", output.status),
    };
    Attempt { enforced: serde_json::from_str(first).expect("JSON"), result }
}

/// What this system enforces. Prints `SKIPPED` if it is not everything.
fn enforced(confinement: &str) -> Enforced {
    let enforced = attempt(confinement, "resolve", "127.0.0.1").enforced;
    if enforced != (Enforced { files: true, ports: true, system_calls: true }) {
        skipped(&format!("attempts that this system does not prevent: {enforced}"));
    }
    enforced
}

/// A folder like a home, and servers to connect to.
struct Outside {
    folder: TempDir,
    allowed: TcpListener,
    forbidden: TcpListener,
    _desktop: UnixListener,
}

impl Outside {
    fn new() -> Outside {
        // Not in the folder of the program's files, which libraries may be read from.
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("secret"), "password").expect("a file");
        let listen = || TcpListener::bind("127.0.0.1:0").expect("a port");
        let _desktop = UnixListener::bind(folder.path().join("bus")).expect("a socket");
        Outside { folder, allowed: listen(), forbidden: listen(), _desktop }
    }

    fn network(&self) -> String {
        format!("network:{}", self.allowed.local_addr().expect("its address").port())
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    fn forbidden(&self) -> String {
        self.forbidden.local_addr().expect("its address").to_string()
    }

    /// Attempts by what prevents them: files, ports, system calls.
    fn attempts(&self) -> [Vec<(&'static str, String)>; 3] {
        let secret = || self.path("secret");
        let files = vec![
            ("read", secret()),
            ("read-parent", String::new()),
            ("list", "/".to_owned()),
            ("list", self.path("")),
            ("append", secret()),
            ("rename", secret()),
            ("write", self.path("new")),
            ("link", self.path("link")),
            ("make-folder", self.path("made")),
            ("truncate", secret()),
            ("remove", secret()),
        ];
        let ports = vec![("connect", self.forbidden()), ("listen", "127.0.0.1:0".to_owned())];
        let nothing = || String::new();
        let system_calls = vec![
            ("chmod", secret()),
            ("connect-unix", self.path("bus")),
            ("connect-multipath", self.forbidden()),
            ("connect-by-sending", self.forbidden()),
            ("raw-socket", nothing()),
            ("netlink", nothing()),
            ("listen-without-bind", nothing()),
            ("exec", nothing()),
            ("spawn", nothing()),
            ("signal-parent", nothing()),
            ("signal-group", nothing()),
            ("watch-parent", nothing()),
            ("limit-parent", nothing()),
            ("trace-parent", nothing()),
            ("new-session", nothing()),
        ];
        [files, ports, system_calls]
    }

    fn unchanged(&self) {
        assert_eq!(std::fs::read_to_string(self.folder.path().join("secret")).expect("a file"), "password");
        let mut names: Vec<_> = std::fs::read_dir(self.folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("a name").file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["bus", "secret"]);
    }
}

/// Attempts that the system prevents in `confinement`.
fn prevented(outside: &Outside, confinement: &str) {
    let enforced = enforced(confinement);
    let [files, ports, system_calls] = outside.attempts();
    let groups = [(enforced.files, files), (enforced.ports, ports), (enforced.system_calls, system_calls)];
    for (what, argument) in
        groups.into_iter().filter(|(is_enforced, _)| *is_enforced).flat_map(|(_, attempts)| attempts)
    {
        let made = attempt(confinement, what, &argument);
        let error = made.result.expect_err(&format!("{what} {argument} in {confinement}"));
        assert!(error.contains("ermission denied") || error.contains("not permitted"), "{what} {argument}: {error}");
        if what != "remove" {
            outside.unchanged();
        }
    }
    assert!(attempt(confinement, "raise-limits", "").result.is_err() || rustix::process::getuid().is_root());
}

#[test]
fn the_process_that_fetches_can_leave_in_no_way() {
    let outside = Outside::new();
    prevented(&outside, &outside.network());
    outside.unchanged();
}

#[test]
fn the_process_that_parses_can_leave_in_no_way() {
    let outside = Outside::new();
    prevented(&outside, "parser");
    if enforced("parser").system_calls {
        let allowed = outside.allowed.local_addr().expect("its address").to_string();
        for (what, argument) in [
            ("connect", allowed.as_str()),
            ("datagram", ""),
            ("resolve", "localhost"),
            ("read", "/etc/hosts"),
            ("read", "/dev/null"),
            ("list", "/usr/lib"),
            ("thread", ""),
        ] {
            assert!(attempt("parser", what, argument).result.is_err(), "{what} {argument}");
        }
    }
    outside.unchanged();
}

#[test]
fn without_confinement_the_same_attempts_succeed() {
    // These need a feature of the kernel, or a right that not every user has.
    let may_fail = ["connect-multipath", "connect-by-sending", "raw-socket", "trace-parent"];
    for (what, argument) in Outside::new().attempts().into_iter().flatten() {
        let outside = Outside::new();
        let argument = outside
            .attempts()
            .into_iter()
            .flatten()
            .find(|(other, _)| *other == what && argument.starts_with('/'))
            .map_or(argument, |(_, own)| own);
        let argument = if what == "connect" { outside.forbidden() } else { argument };
        // A program that replaces the helper prints nothing.
        if what == "exec" {
            assert!(run("no", what, &argument).status.success());
            continue;
        }
        match attempt("no", what, &argument).result {
            Ok(_) => {}
            Err(error) if may_fail.contains(&what) => {
                skipped(&format!("`{what}` fails on this system without confinement too: {error}"));
            }
            Err(error) => panic!("{what} {argument}: {error}"),
        }
    }
}

#[test]
fn the_process_that_fetches_can_do_what_it_needs() {
    let outside = Outside::new();
    let allowed = outside.allowed.local_addr().expect("its address").to_string();
    for (what, argument, result) in [
        ("connect", allowed.as_str(), "it"),
        ("datagram", "", "it"),
        ("resolve", "localhost", "127.0.0.1"),
        ("thread", "", "joined"),
        ("allocate", "200", "200 MiB"),
        ("stdin", "", "1048576 bytes"),
        ("panic", "", "caught"),
    ] {
        let made = attempt(&outside.network(), what, argument).result;
        assert!(made.as_ref().is_ok_and(|made| made.contains(result)), "{what} {argument}: {made:?}");
    }
    if Path::new("/etc/hosts").exists() {
        assert!(attempt(&outside.network(), "read", "/etc/hosts").result.is_ok());
    }
}

#[test]
fn a_process_that_parses_can_do_what_it_needs() {
    for (what, argument, result) in [
        ("allocate", "100", "100 MiB"),
        ("print", "", "1048576 bytes"),
        ("stdin", "", "1048576 bytes"),
        ("panic", "", "caught"),
    ] {
        assert_eq!(attempt("parser", what, argument).result.as_deref(), Ok(result), "{what} {argument}");
    }
}

#[test]
fn a_process_that_parses_dies_of_too_much() {
    for (what, argument, signal) in
        [("allocate", "600", libc_signal::ABORT), ("abort", "", libc_signal::ABORT), ("spin", "1", libc_signal::CPU)]
    {
        let status = run("parser", what, argument).status;
        assert_eq!(status.signal(), Some(signal), "{what}: {status}");
    }
}

/// Numbers of signals.
mod libc_signal {
    pub const ABORT: i32 = rustix::process::Signal::ABORT.as_raw();
    pub const CPU: i32 = rustix::process::Signal::XCPU.as_raw();
}

#[test]
fn the_reader_works_where_no_connection_can_be_opened() {
    if !enforced("network:80").ports {
        return;
    }
    let program = env!("CARGO_BIN_EXE_frontpage");
    let mut pty = Pty::spawn(helper(), &["without-ports", program], &[], SIZE);
    pty.wait_for_text("1 of 55");
    // The search, the help and the list of subscriptions, then an article.
    pty.send("/tide\r");
    pty.wait_for("the articles that were searched", |screen| !screen.contents().contains("1 of 55"));
    pty.send("?");
    pty.wait_for_text("Help");
    pty.send("q:subscriptions\r");
    pty.wait_for_text("You follow nothing yet");
    pty.send("qcl");
    pty.wait_for_text("A Tour of frontpage");
    pty.send("Q");
    let exit = pty.wait_exit(LIMIT);
    assert_eq!(exit, Exit::Code(0), "{}", pty.text());
}
