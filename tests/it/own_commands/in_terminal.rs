//! Programs in the terminal reader: what they print, and what they cannot break by hanging, failing, printing without an end or
//! changing the terminal.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use crate::harness::pty::{Exit, LIMIT, Pty, state, wait_for_state};
use crate::open_links::kinds::Must;
use crate::open_links::recorder::{Desk, await_start};

fn desk(settings: &str) -> Desk {
    let desk = Desk::new(&[("https://e.org/x".to_owned(), Must::Refuse(""))], &["recorder"]);
    for tool in ["head", "tr", "stty", "sleep", "cat", "wc", "less"] {
        let _ = std::fs::remove_file(desk.path(&format!("bin/{tool}")));
        let path = std::env::var_os("PATH").expect("a PATH");
        let found = std::env::split_paths(&path).map(|folder| folder.join(tool)).find(|path| path.is_file());
        if let Some(found) = found {
            std::os::unix::fs::symlink(found, desk.path(&format!("bin/{tool}"))).expect("a tool");
        }
    }
    desk.home.file(".config/frontpage/config.yaml", settings);
    desk
}

/// A command with a key, which runs a program of this name in `bin`.
fn command(key: &str, run: &str, more: &str) -> String {
    format!("  - {{name: mine {key}, key: {key}, run: '{run}'{more}}}\n")
}

#[track_caller]
fn quit(pty: &mut Pty) {
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
    assert_eq!(pty.termios(), pty.termios_before());
    assert!(pty.modes_balanced());
}

/// Closes an overlay. The next key must not arrive together with Esc: they would be another key.
#[track_caller]
fn close(pty: &mut Pty) {
    pty.wait_for_text("Esc close");
    pty.send("\x1b");
    pty.wait_for("no overlay", |screen| !screen.contents().contains("Esc close"));
}

#[track_caller]
fn await_file(path: &Path) -> String {
    let end = Instant::now() + LIMIT;
    loop {
        match std::fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return text,
            _ => assert!(Instant::now() < end, "no {}", path.to_string_lossy()),
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn output_is_a_notice_an_overlay_or_in_the_pager() {
    let settings = ["commands:\n".to_owned()]
        .into_iter()
        .chain([
            command("Z", "says {link}", ""),
            command("V", "says {link}", ", output: overlay"),
            command("W", "cat", ", input: markdown, output: pager"),
        ])
        .collect::<String>();
    let mut desk = desk(&settings);
    desk.program("says", "#!/bin/sh\nprintf 'first \\033[31mred\\n\\nlast %s\\n' \"$1\"\necho why >&2\n");
    desk.program("pager", "#!/bin/sh\ncat > \"$RECORD\"\nread -r key < /dev/tty\n");
    let (mut pty, record) = desk.in_terminal(&[("PAGER", "pager")]);
    pty.send("Z");
    pty.wait_for_text("mine Z: last https://e.org/x");
    pty.send("V");
    pty.wait_for_text("first red");
    close(&mut pty);
    pty.send("W");
    let paged = await_file(&record);
    assert!(paged.starts_with("# Kind 0\n\n") && paged.contains("Text."), "{paged}");
    pty.send("\r");
    pty.wait_for_text("unread");
    pty.send(":output");
    // Until the screen is back, the terminal makes a line end of Enter.
    pty.wait_for_text("show what the last program printed");
    pty.send("\r");
    pty.wait_for_text("mine W");
    close(&mut pty);
    // The output of the last program is there too if only its last line was shown.
    pty.send("Z");
    pty.wait_for_text("mine Z: last https://e.org/x");
    pty.send(":output\r");
    pty.wait_for_text("first red");
    close(&mut pty);
    quit(&mut pty);
    desk.assert_untouched();
}

#[test]
fn failing_missing_and_hanging_programs_are_reported_and_block_nothing() {
    let settings = ["commands:\n".to_owned()]
        .into_iter()
        .chain([
            command("Z", "fails", ""),
            command("V", "missing", ", output: overlay"),
            command("W", "hangs", ", limit: 1s"),
            command("Y", "spams", ", output: overlay"),
            command("L", "closes", ", input: text"),
            command("E", "missing", ", output: takeover"),
            command("I", "missing", ", output: none"),
        ])
        .collect::<String>();
    let mut desk = desk(&settings);
    desk.program("fails", "#!/bin/sh\necho 'no network' >&2\nexit 3\n");
    desk.program("hangs", "#!/bin/sh\ntrap '' TERM\nsleep 300\nsleep 300\n");
    desk.program("spams", "#!/bin/sh\nwhile :; do echo spam; done\n");
    desk.program("closes", "#!/bin/sh\nexec <&-\necho closed it\n");
    let (mut pty, _) = desk.in_terminal(&[]);
    let missing = "cannot run missing: program not found; install it, or change `commands` in the settings";
    for (key, words) in [
        ("Z", "`mine Z`: `fails` ended with exit status: 3: no network".to_owned()),
        ("V", format!("`mine V`: {missing}")),
        ("W", "`mine W`: `hangs` did not end within 1 s".to_owned()),
        ("L", "mine L: closed it".to_owned()),
        ("E", format!("`mine E`: {missing}")),
        ("I", format!("`mine I`: {missing}")),
    ] {
        pty.send(key);
        // The end of a long notice may be on another line.
        pty.wait_for_text(&words.chars().take(60).collect::<String>());
    }
    pty.send("Y");
    pty.wait_for_text("spam");
    pty.send("\x1b[F");
    pty.send("G");
    pty.wait_for_text("(the output is longer)");
    close(&mut pty);
    quit(&mut pty);
}

#[test]
fn programs_in_the_background_end_with_the_reader_and_those_with_a_window_go_on() {
    let settings = ["commands:\n".to_owned()]
        .into_iter()
        .chain([command("Z", "stays", ""), command("V", "window {link}", ", output: none")])
        .collect::<String>();
    for signal in [None, Some(Signal::TERM), Some(Signal::KILL)] {
        let mut desk = desk(&settings);
        let body = "sleep 300 &\necho $$ $! > \"$RECORD.$NAME\"\nsleep 300\n";
        desk.program("stays", &format!("#!/bin/sh\ntrap '' TERM HUP\nNAME=stays\n{body}"));
        desk.program("window", &format!("#!/bin/sh\nNAME=window\n{body}"));
        let (mut pty, record) = desk.in_terminal(&[]);
        pty.send("ZV");
        let pids = |name: &str| -> Vec<Pid> {
            let text = await_file(Path::new(&format!("{}.{name}", record.to_string_lossy())));
            text.split_whitespace().filter_map(|word| Pid::from_raw(word.parse().ok()?)).collect()
        };
        let (stays, window) = (pids("stays"), pids("window"));
        match signal {
            None => quit(&mut pty),
            Some(signal) => {
                pty.signal(signal);
                let end = pty.wait_exit(LIMIT);
                assert_eq!(end == Exit::Code(143), signal == Signal::TERM, "{end:?}");
            }
        }
        for pid in stays {
            wait_for_state(pid, &[Some('Z'), None]);
        }
        for pid in &window {
            assert!(!matches!(state(*pid), Some('Z') | None), "a window goes on");
        }
        rustix::process::kill_process_group(window[0], Signal::KILL).expect("our own program");
    }
}

#[test]
fn a_program_with_the_terminal_cannot_leave_it_in_another_state() {
    let settings = ["commands:\n".to_owned(), command("Z", "rude {link}", ", input: text, output: takeover")].concat();
    let mut desk = desk(&settings);
    let modes = "\\033[?1000h\\033[?1003h\\033[?1006h\\033[?1h\\033=\\033[?2004l\\033[?25l\\033[?7h\\033[3;5r\\033[?6h\\033[4h\
                 \\033(0\\033[31;7m\\033[?1049l\\033]2;rude\\007";
    let script = format!(
        "#!/bin/sh\nhead -c 4 > \"$RECORD\"\nprintf '{modes}'\nstty raw -echo < /dev/tty\necho >> \"$RECORD\"\nexit 5\n"
    );
    desk.program("rude", &script);
    let (mut pty, record) = desk.in_terminal(&[]);
    let before = pty.text();
    pty.send("Z");
    assert_eq!(await_file(&record), "Kind\n");
    pty.wait_for_text("`mine Z`: `rude` ended with exit status: 5");
    let rows = |text: &str| text.lines().take(20).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&pty.text()), rows(&before));
    pty.send("?");
    pty.wait_for_text("Help");
    close(&mut pty);
    quit(&mut pty);
}

#[test]
fn links_are_opened_by_the_first_opener_that_fits() {
    let settings = "openers:\n  other.org: missing\n  e.org: recorder --quiet {link} -x\n  '*': missing\n";
    let mut desk = desk(settings);
    let (mut pty, record) = desk.in_terminal(&[("BROWSER", "missing")]);
    pty.send("o");
    assert_eq!(await_start(&record), [["3", "--quiet", "https://e.org/x", "-x"].map(str::to_owned)].map(Vec::from));
    pty.wait_for_text("recorder");
    quit(&mut pty);
    let (mut command, record) = desk.command();
    let ran = command.args(["-L", &desk.path("in"), "open", "title:Kind"]).output().expect("the program");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(await_start(&record).len(), 1);
    desk.assert_untouched();
}

#[test]
fn a_file_that_others_can_write_runs_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = desk(&["commands:\n".to_owned(), command("Z", "recorder", "")].concat());
    let file = desk.path(".config/frontpage/config.yaml");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o666)).expect("the mode");
    let (mut pty, record) = desk.in_terminal(&[]);
    pty.send("ZP");
    pty.wait_for_text("`commands` names programs, and other users can write");
    close(&mut pty);
    quit(&mut pty);
    assert!(!record.exists(), "it ran");
}

#[test]
fn articles_are_written_where_the_user_says() {
    let mut desk = desk("");
    let (mut pty, _) = desk.in_terminal(&[]);
    pty.send("w\r");
    pty.wait_for_text("kind-0.md");
    pty.wait_for_text("Wrote ");
    let written = std::fs::read_to_string(desk.path("kind-0.md")).expect("the file");
    assert!(written.starts_with("# Kind 0\n"), "{written}");
    pty.send("w\r");
    pty.wait_for_text("exists. Replace it?");
    pty.send("n");
    let inside = desk.path("in/new.md");
    pty.send(&format!("w\x15{inside}\r"));
    pty.wait_for_text("is in the library");
    quit(&mut pty);
    assert!(!Path::new(&inside).exists());
}
