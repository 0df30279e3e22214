//! Misbehaving openers: the screen stays intact, keys reach frontpage, no process is left, and quitting is immediate.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::kinds::Must;
use super::recorder::Desk;
use crate::harness::pty::{Exit, LIMIT, Pty, state, wait_for_state};

/// Prints its process id, process group, session and terminal.
const ABOUT: &str = "#!/bin/sh
read -r _ _ _ _ group session terminal _ < /proc/$$/stat
echo $$ $group $session $terminal > \"$RECORD\"
echo known >> \"$RECORD\"
";
/// Writes over the screen, and reads all input that it gets.
const LOUD: &str = "
head -c 1000000 /dev/zero | tr '\\0' X
head -c 1000000 /dev/zero | tr '\\0' X >&2
echo \"input: $(head -c 9)\" >> \"$RECORD\"
if (printf '\\033[2J\\033[31mRUDE\\033[?1049l' > /dev/tty) 2> /dev/null; then echo 'wrote to the terminal' >> \"$RECORD\"; fi
if (read -r key < /dev/tty) 2> /dev/null; then echo 'read a key' >> \"$RECORD\"; fi
stty raw < /dev/tty 2> /dev/null && echo 'changed the line' >> \"$RECORD\"
echo done >> \"$RECORD\"
sleep 300
";

fn desk() -> Desk {
    let desk = Desk::new(&[("https://e.org/x".to_owned(), Must::Refuse(""))], &[]);
    for tool in ["readlink", "head", "tr", "stty", "sleep", "cat"] {
        let _ = std::fs::remove_file(desk.path(&format!("bin/{tool}")));
        let path = std::env::var_os("PATH").expect("a PATH");
        let mut found = std::env::split_paths(&path).map(|folder| folder.join(tool));
        let found = found.find(|path| path.is_file()).expect("a usual tool");
        std::os::unix::fs::symlink(found, desk.path(&format!("bin/{tool}"))).expect("a tool");
    }
    desk
}

/// Waits for a line in a record.
#[track_caller]
fn await_line(record: &Path, line: &str) -> String {
    let end = Instant::now() + LIMIT;
    loop {
        let text = std::fs::read_to_string(record).unwrap_or_default();
        if text.ends_with('\n') && text.lines().any(|known| known.ends_with(line)) {
            return text;
        }
        assert!(Instant::now() < end, "no {line}: {text}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The rows above the footer.
fn panes(pty: &Pty) -> Vec<String> {
    rows(&pty.text())
}

fn rows(text: &str) -> Vec<String> {
    // Without the last lines of the panes, over which notices are drawn, and the footer.
    text.lines().take(21).map(str::to_owned).collect()
}

fn children(program: Pid) -> Vec<Pid> {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", program.as_raw_pid())).expect("the program");
    let lists = tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let numbers = lists.flat_map(|list| list.split_whitespace().flat_map(str::parse).collect::<Vec<i32>>());
    numbers.filter_map(Pid::from_raw).collect()
}

#[track_caller]
fn assert_no_zombie(pty: &Pty) {
    let end = Instant::now() + LIMIT;
    while children(pty.foreground()).into_iter().any(|child| state(child) == Some('Z')) {
        assert!(Instant::now() < end, "a zombie stays");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The screen is as it was, keys come to us, and quitting waits for nothing and leaves the terminal as it was.
#[track_caller]
fn assert_unmoved(pty: &mut Pty, before: &[String]) {
    assert_eq!(panes(pty), before);
    assert!(pty.text().contains("Kind 0"));
    pty.send("?");
    pty.wait_for_text("Help");
    pty.send("\x1b");
    pty.wait_for("screen as it was", |screen| rows(&screen.contents()) == before);
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
    assert_eq!(pty.termios(), pty.termios_before());
    assert!(pty.modes_balanced());
    let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
    assert!(!raw.contains("XXXX") && !raw.contains("RUDE") && !raw.contains("[31mRUDE"), "{raw}");
}

/// The running program of a record: it has its own session, no terminal, and none of our files.
#[track_caller]
fn assert_apart(record: &Path) -> Pid {
    let text = std::fs::read_to_string(record).expect("a record");
    let words: Vec<&str> = text.lines().next().unwrap_or_default().split(' ').collect();
    let [number, group, session, terminal] = words.as_slice() else { panic!("{text}") };
    assert_eq!((group, session, *terminal), (number, number, "0"), "{text}");
    let end = Instant::now() + LIMIT;
    // The shell holds its own script, and for a moment the record.
    loop {
        let held = std::fs::read_dir(format!("/proc/{number}/fd")).expect("a running program").flatten();
        let held: Vec<_> = held.filter_map(|fd| std::fs::read_link(fd.path()).ok()).collect();
        let is_script = |to: &Path| record.parent().is_some_and(|home| to.parent() == Some(&home.join("bin")));
        let scripts = held.iter().filter(|to| is_script(to)).count();
        let nulls = held.iter().filter(|to| *to == Path::new("/dev/null")).count();
        if (scripts, nulls, held.len()) == (1, 3, 4) {
            return Pid::from_raw(number.parse().expect("a number")).expect("a process");
        }
        assert!(Instant::now() < end, "it holds {held:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn output_of_an_opener_reaches_neither_screen_nor_keys() {
    for (variable, name) in [(Some("rude"), "rude"), (None, "xdg-open")] {
        let mut desk = desk();
        desk.program(name, &[ABOUT, LOUD].concat());
        let variable: Vec<_> = variable.map(|value| ("BROWSER", value)).into_iter().collect();
        let (mut pty, record) = desk.in_terminal(&variable);
        let before = panes(&pty);
        pty.send("o");
        let text = await_line(&record, "done");
        assert_eq!(
            text.lines().skip_while(|line| *line != "known").collect::<Vec<_>>(),
            ["known", "input: ", "done"],
            "{name}"
        );
        let loud = assert_apart(&record);
        pty.wait_for_text("Opened https://e.org/x");
        assert_unmoved(&mut pty, &before);
        kill_process_group(loud, Signal::KILL).expect("the processes that this test started");
    }
}

#[test]
fn an_opener_that_never_ends_and_leaves_children_blocks_nothing() {
    let mut desk = desk();
    desk.program("slow", &[ABOUT, "sleep 300 &\nsleep 300 &\ntrap '' HUP INT TERM\nsleep 300\n"].concat());
    let (mut pty, record) = desk.in_terminal(&[("BROWSER", "slow")]);
    let before = panes(&pty);
    pty.send("o");
    await_line(&record, "known");
    let slow = assert_apart(&record);
    // Keys reach us while it is still being watched.
    pty.send("?");
    pty.wait_for_text("Help");
    pty.send("\x1b");
    pty.wait_for_text("Opened https://e.org/x");
    assert_unmoved(&mut pty, &before);
    assert!(matches!(state(slow), Some('S')), "it outlives us");
    kill_process_group(slow, Signal::KILL).expect("the processes that this test started");
    wait_for_state(slow, &[Some('Z'), None]);
}

#[test]
fn an_opener_that_ends_later_leaves_no_zombie() {
    let mut desk = desk();
    desk.program(
        "later",
        &[ABOUT, "sleep 300 &\necho $! > \"$RECORD.child\"\nsleep 1\necho gone >> \"$RECORD\"\nexit 3\n"].concat(),
    );
    let (mut pty, record) = desk.in_terminal(&[("BROWSER", "later")]);
    let before = panes(&pty);
    pty.send("o");
    pty.wait_for_text("Opened https://e.org/x");
    await_line(&record, "known");
    let later = assert_apart(&record);
    await_line(&record, "gone");
    wait_for_state(later, &[None]);
    assert_no_zombie(&pty);
    assert_unmoved(&mut pty, &before);
    kill_process_group(later, Signal::KILL).expect("the child that this test started");
}

#[test]
fn a_link_that_could_not_be_opened_is_reported_with_a_remedy() {
    let mut desk = desk();
    desk.program("fails", "#!/bin/sh\necho RUDE >&2\nexit 3\n");
    desk.home.file("bin/no-bit", "#!/bin/sh\n");
    desk.home.file("bin/folder/x", "");
    desk.program("lost", "#!/no/such/interpreter\n");
    let bin = desk.path("bin");
    let at = |name: &str| format!("{bin}/{name}");
    let remedy = "change `$BROWSER`";
    for (variable, words) in [
        ("fails".to_owned(), format!("cannot open it with fails: exit status: 3; {remedy}")),
        ("missing-1:fails:missing-2".to_owned(), format!("cannot open it with missing-2: program not found; {remedy}")),
        ("missing".to_owned(), format!("cannot open it with missing: program not found; {remedy}")),
        (at("missing"), format!("cannot open it with {}: program not found; {remedy}", at("missing"))),
        (at("folder"), format!("cannot open it with {}: not executable; {remedy}", at("folder"))),
        (at("no-bit"), format!("cannot open it with {}: not executable; {remedy}", at("no-bit"))),
        (at("fails/x"), format!("cannot open it with {}: program not found; {remedy}", at("fails/x"))),
        ("lost".to_owned(), format!("cannot open it with lost: program not found; {remedy}")),
        (String::new(), "no browser found; set `browser` or `$BROWSER`".to_owned()),
    ] {
        let (mut pty, _) = desk.in_terminal(&[("BROWSER", &variable)]);
        let before = panes(&pty);
        pty.send("o");
        // A notice begins with a capital, an error message does not.
        pty.wait_for_text(&format!("{}; copy the link instead", &words[1..]));
        assert_no_zombie(&pty);
        assert_unmoved(&mut pty, &before);
        let (mut command, _) = desk.command();
        let output =
            command.env("BROWSER", &variable).args(["-L", "in", "open", "Kind"]).output().expect("the program");
        assert_eq!(output.status.code(), Some(2));
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(err, format!("frontpage: {words}\n  the address is https://e.org/x\n"));
    }
    desk.program("xdg-open", "#!/bin/sh\nexit 4\n");
    desk.program("gio", "#!/bin/sh\nexit 2\n");
    let (mut command, _) = desk.command();
    let output = command.args(["-L", "in", "open", "Kind"]).output().expect("the program");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(err.contains("cannot open it with xdg-open: exit status: 4; set `browser` or `$BROWSER`\n"), "{err}");
    desk.home.file(".config/frontpage/config.yaml", "browser: missing --x %s\n");
    let (mut command, _) = desk.command();
    let output = command.args(["-L", "in", "open", "Kind"]).output().expect("the program");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(err.contains("program not found; change the setting `browser`\n"), "{err}");
    desk.assert_untouched();
}

#[test]
fn it_opens_also_when_our_own_file_is_gone_or_another() {
    for replaced in [None, Some("#!/bin/sh\necho usage >&2\nexit 2\n"), Some("#!/bin/sh\nexit 0\n")] {
        let mut desk = desk();
        desk.program("rude", &[ABOUT, "echo done >> \"$RECORD\"\n"].concat());
        let own = desk.path("frontpage");
        if std::fs::hard_link(env!("CARGO_BIN_EXE_frontpage"), &own).is_err() {
            std::fs::copy(env!("CARGO_BIN_EXE_frontpage"), &own).expect("a copy");
        }
        let (mut pty, record) = desk.in_terminal_as(&own, Pty::spawn, &[("BROWSER", "rude")]);
        let before = panes(&pty);
        std::fs::remove_file(&own).expect("our file");
        if let Some(script) = replaced {
            desk.program("../frontpage", script);
        }
        pty.send("o");
        pty.wait_for_text("Opened https://e.org/x");
        await_line(&record, "done");
        assert_unmoved(&mut pty, &before);
    }
}

#[test]
fn ctrl_z_stops_us_and_not_what_was_opened() {
    let mut desk = desk();
    desk.program("slow", &[ABOUT, "sleep 300\n"].concat());
    for pause in [0, 1, 2, 5, 10, 20, 100] {
        let (mut pty, record) =
            desk.in_terminal_as(env!("CARGO_BIN_EXE_frontpage"), Pty::spawn_job, &[("BROWSER", "slow")]);
        let job = pty.foreground();
        pty.send("o");
        std::thread::sleep(Duration::from_millis(pause));
        pty.send("\x1a");
        pty.wait_for_text("job stopped");
        assert_eq!(state(job), Some('T'));
        pty.send("\n");
        pty.wait_for("whole screen", |screen| screen.alternate_screen() && screen.contents().contains("Kind 0"));
        await_line(&record, "known");
        let slow = assert_apart(&record);
        pty.send("Q");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
        kill_process_group(slow, Signal::KILL).expect("the processes that this test started");
    }
}

#[test]
fn clipboard_tools_reach_neither_screen_nor_keys() {
    let takes = "head -c 99 > \"$RECORD.text\"\n";
    let rude = "(printf '\\033[2JRUDE' > /dev/tty) 2> /dev/null && echo 'wrote to the terminal' >> \"$RECORD\"\necho RUDE >&2\n";
    for (script, words) in [
        ([ABOUT, takes, rude].concat(), "Copied the link with wl-copy"),
        ([ABOUT, rude, "exit 3\n"].concat(), "Cannot copy with wl-copy: exit status: 3"),
        ([ABOUT, takes, rude, "exec sleep 300\n"].concat(), "Cannot copy with wl-copy: timed out"),
    ] {
        let mut desk = desk();
        desk.program("wl-copy", &script);
        let (mut pty, record) = desk.in_terminal(&[("WAYLAND_DISPLAY", "x")]);
        let before = panes(&pty);
        pty.send("y");
        pty.wait_for_text(words);
        let text = std::fs::read_to_string(&record).expect("a record");
        let words: Vec<&str> = text.lines().next().unwrap_or_default().split(' ').collect();
        // In the session of what watches over it, which has no terminal.
        assert!(words[1] == words[2] && words[3] == "0", "{text}");
        assert_eq!(text.lines().nth(1), Some("known"));
        assert_eq!(text.lines().count(), 2, "{text}");
        if script.contains(takes) {
            let text = std::fs::read_to_string(format!("{}.text", record.to_string_lossy())).expect("the text");
            assert_eq!(text, "https://e.org/x");
        }
        assert_no_zombie(&pty);
        assert_unmoved(&mut pty, &before);
    }
}
