//! The terminal is always restored: after quitting, panics, signals and stops. Also without a terminal.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::command::Home;
use crate::harness::helper::helper;
use crate::harness::pty::{Exit, LIMIT, Pty, SIZE, dismiss_welcome};
use crate::rounds;

const PROGRAM: &str = env!("CARGO_BIN_EXE_frontpage");
const REFUSAL: &str = "frontpage needs a terminal; use `frontpage list` in scripts";
/// Time after which an event counts as not happening.
const MOMENT: Duration = Duration::from_secs(1);
const DEADLY: [Signal; 7] =
    [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT, Signal::USR1, Signal::USR2, Signal::ALARM];

fn start(env: &[(&str, &str)]) -> Pty {
    let pty = Pty::spawn(PROGRAM, &[], env, SIZE);
    pty.wait_for_text("frontpage");
    pty
}

/// Starts the program by a line of shell, in which it is `$0`.
fn start_by(script: &str) -> Pty {
    Pty::spawn("/bin/sh", &["-c", script, PROGRAM], &[], SIZE)
}

#[track_caller]
fn assert_restored(pty: &Pty) {
    assert_eq!(pty.termios(), pty.termios_before());
    assert!(pty.modes_balanced(), "{:?}", String::from_utf8_lossy(&pty.raw()));
}

/// Waits for the exit, which must be the expected one.
#[track_caller]
fn assert_ends(pty: &mut Pty, wanted: Exit) {
    let exit = pty.wait_exit(LIMIT);
    assert_eq!(exit, wanted, "{}", pty.text());
}

#[track_caller]
fn assert_dies_of(pty: &mut Pty, signal: Signal) {
    pty.signal(signal);
    assert_ends(pty, Exit::Code(128 + signal.as_raw() as u32));
    assert_restored(pty);
}

fn position(haystack: &[u8], needle: &str) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle.as_bytes())
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_of_the_marks_writer_is_shown() {
    let mut pty = start(&[("FRONTPAGE_TEST_PANIC", "marks_writer")]);
    pty.wait_for_text("Marks not saved yet, retrying: internal error");
    assert_eq!(position(&pty.raw(), "\x1b[?1049l"), None, "the screen was left");
    pty.wait_for_text("1 of 55");
    pty.send("mj");
    pty.wait_for_text("2 of 55");
    pty.send("Q");
    pty.wait_for_text("Press again to quit");
    pty.send("Q");
    assert_ends(&mut pty, Exit::Code(0));
    assert_restored(&pty);
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_of_the_thread_that_waits_for_signals_ends_the_program() {
    let mut pty = start(&[("FRONTPAGE_TEST_PANIC", "signals")]);
    pty.signal(Signal::USR1);
    assert_ends(&mut pty, Exit::Code(134));
    assert_restored(&pty);
    assert!(pty.text().contains("FRONTPAGE_TEST_PANIC"), "{}", pty.text());
}

#[test]
fn quitting_restores_it() {
    let mut pty = start(&[]);
    assert_ne!(pty.termios(), pty.termios_before());
    assert!(!pty.modes_balanced());
    pty.send("q");
    assert_ends(&mut pty, Exit::Code(0));
    assert_restored(&pty);
    assert_eq!(pty.text(), "");
    assert_eq!(pty.text_without_alternate_screen(), (String::new(), (0, 0)));
    let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
    let (_, end) = raw.rsplit_once('\x18').expect("what was cut off is ended");
    assert!(end.ends_with("\x1b[2J\x1b[H\x1b[?1049l\x1b[23;2t"), "{end:?}");
}

#[test]
fn the_title_of_the_window_counts_unread_articles_and_is_given_back() {
    let home = Home::new();
    home.file("in/a\u{1b}]0;b\u{7}.md", "---\ntitle: One \u{9d}0;x\u{7}\ndate: 2021-02-19\n---\n");
    home.file("in/b.md", "---\ntitle: Two\ndate: 2021-02-18\n---\n");
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    for (name, term, settings, titles) in [
        ("xterm", "xterm", "", &["frontpage", "frontpage · 2 unread", "frontpage · 1 unread"][..]),
        ("ASCII", "xterm", "ascii: true\n", &["frontpage", "frontpage - 2 unread", "frontpage - 1 unread"]),
        ("off", "xterm", "terminal title: no\n", &[]),
        ("a console", "linux", "", &[]),
    ] {
        home.file(".config/frontpage/config.yaml", settings);
        let (home, env) = (home.folder.path().to_string_lossy().into_owned(), [("TERM", term)]);
        let env: Vec<(&str, &str)> = env.into_iter().chain([("HOME", home.as_str())]).collect();
        let mut pty = Pty::spawn(PROGRAM, &["-L", &folder], &env, SIZE);
        pty.wait_for_text("2 unread");
        pty.send("m");
        pty.wait_for_text("1 unread");
        pty.send("u");
        pty.wait_for_text("2 unread");
        pty.send("m");
        pty.wait_for_text("1 unread");
        pty.send("mq");
        assert_ends(&mut pty, Exit::Code(0));
        assert_restored(&pty);
        let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
        let mut sent: Vec<&str> =
            raw.split("\x1b]2;").skip(1).filter_map(|rest| rest.split_once("\x1b\\")).map(|(title, _)| title).collect();
        assert!(sent.windows(2).all(|pair| pair[0] != pair[1]), "{name}: only changes are sent: {sent:?}");
        assert_eq!(raw.contains("\x1b[22;2t"), !titles.is_empty(), "{name}: the title before is kept first");
        assert_eq!(raw.contains("\x1b[23;2t"), !titles.is_empty(), "{name}");
        sent.sort_unstable();
        sent.dedup();
        let mut titles = titles.to_vec();
        titles.sort_unstable();
        assert_eq!(sent, titles, "{name}");
    }
}

#[test]
fn the_title_of_the_window_follows_its_setting_and_returns_after_a_suspension() {
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: One\ndate: 2021-02-19\n---\n");
    home.file(".config/frontpage/config.yaml", "terminal title: no\n");
    let path = |name: &str| home.folder.path().join(name).to_string_lossy().into_owned();
    let (folder, place) = (path("in"), path(""));
    let mut pty = Pty::spawn_job(PROGRAM, &["-L", &folder], &[("HOME", &place), ("TERM", "xterm")], SIZE);
    pty.wait_for_text("1 unread");
    home.file(".config/frontpage/config.yaml", "");
    pty.wait_for_bytes("\x1b[22;2t\x1b]2;frontpage · 1 unread\x1b\\");
    pty.send("\x1a");
    pty.wait_for_bytes("\x1b[23;2t");
    pty.wait_for_text("job stopped");
    pty.send("\n");
    pty.wait_for_times("\x1b]2;frontpage · 1 unread\x1b\\", 2);
    pty.wait_for_times("\x1b[22;2t", 2);
    home.file(".config/frontpage/config.yaml", "terminal title: no\n");
    pty.wait_for_times("\x1b[23;2t", 2);
    pty.send("q");
    assert_ends(&mut pty, Exit::Code(0));
    let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
    assert_eq!(raw.matches("\x1b[22;2t").count(), raw.matches("\x1b[23;2t").count());
}

/// What a terminal says of the mouse: a button or the wheel at a column and a row, from 1; `M` pressed, `m` let go.
fn mouse(button: u16, (column, row): (u16, u16), end: char) -> String {
    format!("\x1b[<{button};{column};{row}{end}")
}

fn click(at: (u16, u16)) -> String {
    mouse(0, at, 'M') + &mouse(0, at, 'm')
}

#[test]
fn a_mouse_clicks_scrolls_and_drags() {
    let mut pty = Pty::spawn(PROGRAM, &[], &[], (130, 30));
    pty.wait_for_text("1 of 55");
    pty.send(&click((20, 6)));
    pty.wait_for_text("5 of 55");
    // All of a burst of wheel events is handled, and so is the key after it.
    pty.send(&(mouse(65, (20, 6), 'M').repeat(500) + "k"));
    pty.wait_for_text("32 of 55");
    let border = |screen: &vt100::Screen, column| screen.cell(0, column).is_some_and(|cell| cell.contents() == "╭");
    pty.wait_for("the article's corner", |screen| border(screen, 60));
    pty.send(
        &(mouse(0, (61, 9), 'M') + &mouse(32, (70, 9), 'M') + &mouse(32, (81, 12), 'M') + &mouse(0, (81, 12), 'm')),
    );
    pty.wait_for("another divider", |screen| border(screen, 80));
    pty.send(&(click((20, 6)) + &click((20, 6))));
    pty.wait_for("the article with the focus", |screen| screen.contents().contains("▌ Article"));
    pty.send("Q");
    assert_ends(&mut pty, Exit::Code(0));
    assert_restored(&pty);
    let raw = pty.raw();
    for mode in [1000, 1002, 1006] {
        assert!(
            position(&raw, &format!("\x1b[?{mode}h")).is_some() && position(&raw, &format!("\x1b[?{mode}l")).is_some()
        );
    }
    assert_eq!(position(&raw, "\x1b[?1003"), None, "not every motion");
}

#[test]
fn without_the_mouse_no_mouse_sequence_is_sent() {
    for kill in [false, true] {
        let mut pty = Pty::spawn(PROGRAM, &["--no-mouse"], &[], SIZE);
        pty.wait_for_text("1 of 55");
        if kill {
            assert_dies_of(&mut pty, Signal::TERM);
        } else {
            pty.send("q");
            assert_ends(&mut pty, Exit::Code(0));
            assert_restored(&pty);
        }
        for mode in ["\x1b[?1000", "\x1b[?1002", "\x1b[?1003", "\x1b[?1006"] {
            assert_eq!(position(&pty.raw(), mode), None, "{mode:?}");
        }
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_of_the_ui_thread_restores_the_terminal_and_is_printed() {
    let mut pty = Pty::spawn(PROGRAM, &[], &[("FRONTPAGE_TEST_PANIC", "main")], SIZE);
    assert_ends(&mut pty, Exit::Code(101));
    assert_restored(&pty);
    let text = pty.text();
    assert!(text.contains("FRONTPAGE_TEST_PANIC") && text.contains(".rs:"), "{text}");
    assert_eq!(position(&pty.raw(), "\x1b[31m"), None, "the message was not cleaned");
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_of_a_worker_is_shown() {
    let mut pty = start(&[("FRONTPAGE_TEST_PANIC", "worker")]);
    pty.wait_for_text("FRONTPAGE_TEST_PANIC");
    assert_eq!(position(&pty.raw(), "\x1b[?1049l"), None, "the screen was left");
    assert_ne!(pty.termios(), pty.termios_before());
    pty.send("q");
    assert_ends(&mut pty, Exit::Code(0));
    assert_restored(&pty);
    assert_eq!(pty.text(), "");
}

#[test]
fn a_signal_restores_it() {
    for signal in DEADLY {
        assert_dies_of(&mut start(&[]), signal);
    }
}

rounds!(a_signal_restores_it_whatever_the_reader_does, 1, DEADLY.len());

/// Each moment with this many of the signals, starting with a different one.
fn a_signal_restores_it_whatever_the_reader_does(signals: usize) {
    // Keys to type first, and the text on the screen after them.
    let moments = [
        ("in a prompt", "/learn", "learn"),
        ("in the help", "?", "Help"),
        ("in an article", "\r", "frontpage"),
        ("in a picker", "t", "Topics"),
        ("within a sequence of keys", "g", "frontpage"),
        ("within a paste", "/\x1b[200~half of", "frontpage"),
        ("within an escape sequence", "\x1b[", "frontpage"),
        ("with a question", "A", "frontpage"),
    ];
    let mut count = 0;
    for (number, (moment, keys, shown)) in moments.into_iter().enumerate() {
        for signal in DEADLY.into_iter().cycle().skip(number).take(signals) {
            let mut pty = start(&[]);
            pty.send(keys);
            pty.wait_for_text(shown);
            println!("{moment}: {signal:?}");
            assert_dies_of(&mut pty, signal);
            count += 1;
        }
    }
    println!("{count} signals at moments of reading");
}

#[test]
fn a_storm_of_sizes_leaves_the_right_screen() {
    let mut pty = start(&[]);
    let mut count = 0;
    for round in 0..20 {
        for columns in 1..=12 {
            for rows in 1..=12 {
                pty.resize((columns + round, rows));
                count += 1;
            }
        }
    }
    for size in [(1000, 1), (1, 1000), (300, 300)] {
        pty.resize(size);
        count += 1;
    }
    // Sizes that no terminal has: the harness's own terminal cannot be so large, the program's can be told that it is.
    for (columns, rows) in [(0, 0), (0, 24), (80, 0), (65_535, 1), (1, 65_535), (65_535, 65_535)] {
        pty.claim_size((columns, rows));
        count += 1;
    }
    pty.resize((70, 20));
    pty.wait_for("the list at its size", |screen| {
        let text = screen.contents();
        text.contains("frontpage") && text.lines().count() <= 20 && !text.contains("too small")
    });
    println!("{count} sizes");
    assert_dies_of(&mut pty, Signal::TERM);
}

rounds!(a_signal_restores_it_at_any_moment, 6, 40);

fn a_signal_restores_it_at_any_moment(moments: u16) {
    // From before the program holds the terminal to long after: the moments spread by themselves, since the first
    // signals go out at once and the others after ever more output.
    for moment in 0..moments {
        let mut pty = Pty::spawn(PROGRAM, &[], &[], SIZE);
        if moment > 0 {
            pty.wait_for("output", |screen| screen.alternate_screen());
        }
        (1..moment).for_each(|step| pty.resize((80 - step, 24)));
        pty.signal(Signal::TERM);
        match pty.wait_exit(LIMIT) {
            Exit::Signal(_) if moment == 0 => {} // before there was anything to restore
            exit => assert_eq!(exit, Exit::Code(143)),
        }
        assert_restored(&pty);
    }
}

rounds!(a_signal_restores_it_when_its_output_is_stopped, 2, DEADLY.len());

fn a_signal_restores_it_when_its_output_is_stopped(signals: usize) {
    for signal in DEADLY.into_iter().take(signals) {
        let mut pty = start(&[]);
        pty.stop_output();
        pty.resize((70, 20)); // must be drawn, and cannot
        assert_dies_of(&mut pty, signal);
    }
}

rounds!(a_signal_restores_it_when_it_takes_no_more, 2, DEADLY.len());

fn a_signal_restores_it_when_it_takes_no_more(signals: usize) {
    for signal in DEADLY.into_iter().take(signals) {
        let mut pty = start(&[]);
        pty.fill();
        pty.resize((70, 20));
        assert_dies_of(&mut pty, signal);
    }
}

#[cfg(debug_assertions)]
rounds!(a_signal_restores_it_when_the_kernel_holds_the_program_in_a_write, 2, DEADLY.len());

#[cfg(debug_assertions)]
fn a_signal_restores_it_when_the_kernel_holds_the_program_in_a_write(signals: usize) {
    for signal in DEADLY.into_iter().take(signals) {
        let mut pty = Pty::spawn(PROGRAM, &[], &[("FRONTPAGE_TEST_PANIC", "block")], SIZE);
        pty.wait_for("screen", |screen| screen.alternate_screen());
        pty.fill();
        assert_dies_of(&mut pty, signal);
    }
}

#[test]
fn the_end_of_the_terminal_is_the_end_of_the_program() {
    // A program that spins meets the limit of 5 s of CPU and dies of SIGXCPU.
    let told = "ulimit -t 5; exec \"$0\"";
    let ignoring = "ulimit -t 5; trap '' HUP; exec \"$0\"";
    // Not the leader of the session: the kernel tells such a process nothing.
    let not_told = "ulimit -t 5; trap '' HUP; \"$0\"; exit $?";
    for script in [told, ignoring, not_told] {
        for busy in [false, true] {
            let mut pty = start_by(script);
            pty.wait_for_text("frontpage");
            if busy {
                pty.fill();
                pty.resize((70, 20));
            }
            pty.close_master();
            assert_ends(&mut pty, Exit::Code(129));
        }
    }
}

#[test]
fn the_checks_notice_an_unrestored_screen() {
    let start = |script: &str| {
        let pty = Pty::spawn("/bin/sh", &["-c", script, helper(), "hold-terminal"], &[], SIZE);
        pty.wait_for("screen", |screen| screen.alternate_screen());
        pty
    };
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT, Signal::KILL] {
        let mut pty = start("exec \"$0\" \"$@\"");
        pty.signal(signal);
        assert!(matches!(pty.wait_exit(LIMIT), Exit::Signal(_)));
        assert_ne!(pty.termios(), pty.termios_before(), "{signal:?}");
        assert!(!pty.modes_balanced(), "{signal:?}");
    }
    // The kernel tells only the leader of the session of a hang-up: no flag is set.
    let mut pty = start("trap '' HUP; \"$0\" \"$@\"; exit $?");
    pty.close_master();
    assert!(!pty.ends_within(MOMENT));
}

#[test]
fn without_a_terminal_it_says_so() {
    let output = Command::new(PROGRAM).stdin(Stdio::null()).env("TERM", "xterm").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{REFUSAL}\n"));
    assert!(output.stdout.is_empty());

    for (script, words) in [
        (
            "TERM=dumb exec \"$0\"",
            "frontpage: TERM=dumb cannot draw; set TERM to the type of your terminal, or use `frontpage list`",
        ),
        (
            "TERM= exec \"$0\"",
            "frontpage: TERM is not set; set it to the type of your terminal, or use `frontpage list`",
        ),
        (
            "unset TERM; exec \"$0\"",
            "frontpage: TERM is not set; set it to the type of your terminal, or use `frontpage list`",
        ),
        ("exec \"$0\" </dev/null", REFUSAL),
        ("TERM=dumb exec \"$0\" >/dev/null", REFUSAL),
    ] {
        assert_refuses(script, words);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_not_a_terminal() {
    assert_refuses("exec \"$0\" >/dev/full", REFUSAL);
}

#[track_caller]
fn assert_refuses(script: &str, words: &str) {
    let mut pty = start_by(script);
    assert_ends(&mut pty, Exit::Code(2));
    assert_restored(&pty);
    assert_eq!(String::from_utf8_lossy(&pty.raw()), format!("{words}\r\n"), "{script}");
}

rounds!(a_failed_start_restores_the_terminal, 5, 17);

/// With this many limits of open files; the highest is enough.
fn a_failed_start_restores_the_terminal(limits: usize) {
    let mut started = 0;
    for files in (3..20).rev().step_by(17_usize.div_ceil(limits)) {
        let mut pty = start_by(&format!("ulimit -n {files}; exec \"$0\""));
        pty.wait_for("end or screen", |screen| !screen.contents().is_empty());
        if pty.termios() != pty.termios_before() {
            started += 1;
            pty.send("q");
        }
        let exit = pty.wait_exit(LIMIT);
        assert!([Exit::Code(0), Exit::Code(2), Exit::Code(127)].contains(&exit), "{exit:?} with {files} files");
        assert_restored(&pty);
    }
    assert!(started > 0);
}

type Spawn = fn(&str, &[&str], &[(&str, &str)], (u16, u16)) -> Pty;

/// Starts the program by `spawn` and has it start an editor, which waits for a line and then changes the file.
fn start_editor(spawn: Spawn) -> (Home, Pty) {
    let home = Home::new();
    home.file("in/article.md", "---\ntitle: frontpage before\n---\n");
    let script =
        "#!/bin/sh\ntrap '' INT\necho the editor runs\nread line\nprintf '%s\\n' --- 'title: corrected' --- > \"$2\"\n";
    let editor = home.file("editor", script);
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    let mut pty = spawn(PROGRAM, &[&folder], &[("VISUAL", &editor.to_string_lossy())], SIZE);
    pty.wait_for_text("frontpage before");
    pty.send("e");
    pty.wait_for_text("the editor runs");
    (home, pty)
}

#[test]
fn the_editor_gets_the_terminal_and_its_changes_are_shown() {
    let (_home, mut pty) = start_editor(Pty::spawn);
    pty.wait_for("normal screen", |screen| !screen.alternate_screen());
    assert_eq!(pty.termios(), pty.termios_before());
    assert!(pty.modes_balanced(), "the editor has a terminal without our modes");
    pty.signal(Signal::INT); // as Ctrl-C does: it means the editor
    pty.send("\r");
    pty.wait_for("screen", |screen| screen.alternate_screen() && screen.contents().contains("corrected"));
    assert_ne!(pty.termios(), pty.termios_before());
    pty.send("q");
    assert_ends(&mut pty, Exit::Code(0));
    assert_restored(&pty);
}

rounds!(pasted_text_is_never_keys_however_much_it_is, 1_000_000, 10_000_000);

fn pasted_text_is_never_keys_however_much_it_is(bytes: usize) {
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: One\nlink: https://e.org/1\n---\n");
    home.file("in/b.md", "---\ntitle: Two\nlink: https://e.org/2\n---\n");
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    let mut pty = Pty::spawn(PROGRAM, &[&folder], &[], SIZE);
    // The last words of a screen, and of the one with the articles.
    pty.wait_for("the articles", |screen| ["2 unread", "? help"].iter().all(|text| screen.contents().contains(text)));
    // Blanks at the end of a row are written or erased.
    let rows = |text: &str| text.lines().map(|row| row.trim_end().to_owned()).collect::<Vec<_>>();
    let shown = rows(&pty.text());
    pty.send(&format!("\x1b[200~qQjjo\r\x03:{}\x1b[201~", "qj港 ".repeat(bytes / 6)));
    pty.resize((80, 23)); // drawn when all of it was taken in
    pty.wait_for("smaller screen", |screen| !screen.contents().is_empty() && rows(&screen.contents()) != shown);
    pty.resize(SIZE);
    pty.wait_for(&format!("{shown:#?}"), |screen| rows(&screen.contents()) == shown);
    pty.send("q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
    assert_restored(&pty);
    let raw = pty.raw();
    assert!(position(&raw, "\x1b[?2004h") < position(&raw, "\x1b[?2004l"), "pasted text is marked while we run");
}

rounds!(a_key_that_comes_with_a_resize_is_not_lost, 3, 20);

fn a_key_that_comes_with_a_resize_is_not_lost(rounds: usize) {
    for _ in 0..rounds {
        let mut pty = start(&[]);
        (20..40).for_each(|columns| pty.resize((columns, 10)));
        pty.send("q");
        assert_ends(&mut pty, Exit::Code(0));
    }
}

#[test]
fn without_a_shell_it_is_not_suspended() {
    let mut pty = start(&[]);
    let bytes = pty.raw().len();
    pty.send("\x1a");
    pty.signal(Signal::TSTP);
    pty.send("q");
    assert_ends(&mut pty, Exit::Code(0));
    assert!(position(&pty.raw()[bytes..], "\x1b[?1049h").is_none());
}

/// Signals that no program survives: the guardian restores the screen.
#[cfg(target_os = "linux")]
mod guardian {
    use super::*;
    use crate::harness::pty::{state, wait_for_state};

    /// Waits for the end of the program, then for that of the guardian, which restores the terminal.
    fn assert_dies(pty: &mut Pty, guardian: rustix::process::Pid) {
        wait_for_state(guardian, &[Some('Z'), None]);
        assert!(matches!(pty.wait_exit(LIMIT), Exit::Signal(_)));
        assert_restored(pty);
    }

    rounds!(a_kill_leaves_the_terminal_as_it_was, 6, 60);

    fn a_kill_leaves_the_terminal_as_it_was(moments: u16) {
        let mut kills = 0;
        for moment in 0..moments {
            let mut pty = start(&[]);
            // Without this, the answer may come when the program is dead: this terminal may be slow.
            pty.wait_for_bytes("\x1b[c");
            let guardian = pty.await_guardian();
            // During continuous output.
            (0..moment).for_each(|step| pty.resize((80 - step, 24)));
            if moment % 3 == 2 {
                pty.stop_output();
                pty.resize((70, 20));
            }
            pty.signal(Signal::KILL);
            assert_dies(&mut pty, guardian);
            let (text, cursor) = pty.text_without_alternate_screen();
            assert!(text.is_empty() && cursor == (0, 0), "kill {moment}: {cursor:?}\n{text}");
            kills += 1;
        }
        println!("{kills} kills");
    }

    #[test]
    fn a_reply_that_the_program_did_not_read_is_not_input_to_the_next_one() {
        let mut pty = Pty::spawn_silent(PROGRAM, &[], &[], SIZE);
        pty.wait_for_bytes("\x1b[c");
        let guardian = pty.await_guardian();
        pty.signal(Signal::STOP);
        wait_for_state(pty.pid(), &[Some('T')]);
        let reply = "\x1b[?62;22c";
        pty.send(reply);
        let begun = Instant::now();
        while pty.unread_input() < reply.len() as u64 && begun.elapsed() < LIMIT {
            std::thread::sleep(Duration::from_millis(1)); // the kernel passes it on in the background
        }
        pty.signal(Signal::KILL);
        wait_for_state(guardian, &[Some('Z'), None]);
        assert_eq!(pty.unread_input(), 0);
        assert_dies(&mut pty, guardian);
    }

    #[cfg(debug_assertions)]
    #[test]
    fn an_abort_or_a_stack_overflow_restores_the_terminal() {
        for end in ["abort", "double", "overflow"] {
            let mut pty = start(&[("FRONTPAGE_TEST_PANIC", end)]);
            let guardian = pty.await_guardian();
            // During the queries to the terminal, keys are kept for later.
            let begun = Instant::now();
            while matches!(state(guardian), Some('S' | 'R' | 'D')) && begun.elapsed() < LIMIT {
                pty.send("x");
                std::thread::sleep(Duration::from_millis(20));
            }
            assert_dies(&mut pty, guardian);
        }
    }

    #[test]
    fn the_guardian_does_nothing_when_the_screen_is_not_ours() {
        let mut pty = Pty::spawn_job(PROGRAM, &[], &[], SIZE);
        pty.wait_for_text("frontpage");
        let guardian = pty.await_guardian();
        let job = pty.foreground();
        pty.send("\x1a");
        pty.wait_for_text("job stopped");
        let bytes = pty.raw().len();
        rustix::process::kill_process(job, Signal::KILL).unwrap();
        wait_for_state(guardian, &[Some('Z'), None]);
        assert_eq!(pty.raw().len(), bytes);
        pty.send("\n");
        pty.wait_exit(LIMIT);
        assert_restored(&pty);
    }

    #[test]
    fn the_guardian_keeps_a_mouse_mode_that_is_not_ours() {
        for (args, told) in [(&[][..], true), (&["--no-mouse"], false)] {
            let mut pty = Pty::spawn(PROGRAM, args, &[], SIZE);
            pty.wait_for_text("frontpage");
            let guardian = pty.await_guardian();
            pty.signal(Signal::KILL);
            assert_dies(&mut pty, guardian);
            assert_eq!(position(&pty.raw(), "\x1b[?1000l").is_some(), told, "{args:?}");
        }
    }

    #[test]
    fn the_guardian_ends_with_the_program() {
        let mut pty = start(&[]);
        let guardian = pty.await_guardian();
        pty.send("q");
        assert_ends(&mut pty, Exit::Code(0));
        wait_for_state(guardian, &[Some('Z'), None]);
        let bytes = pty.raw();
        assert_eq!(bytes.windows(8).filter(|bytes| bytes == b"\x1b[?1049l").count(), 1, "restored once");
    }

    #[test]
    fn the_program_runs_without_a_guardian() {
        let mut pty = start(&[]);
        let guardian = pty.await_guardian();
        rustix::process::kill_process(guardian, Signal::KILL).unwrap();
        wait_for_state(guardian, &[Some('Z'), None]);
        pty.send("?");
        pty.wait_for_text("Help");
        assert_dies_of(&mut pty, Signal::TERM);
    }
}

#[cfg(target_os = "linux")]
mod job {
    use rustix::process::{Pid, kill_process, kill_process_group};

    use super::*;
    use crate::harness::pty::{state, wait_for_state};

    fn start_job() -> (Pty, Pid) {
        let pty = Pty::spawn_job(PROGRAM, &[], &[], SIZE);
        pty.wait_for_text("frontpage");
        let job = pty.foreground();
        (pty, job)
    }

    /// The shell has the terminal, as it was before the program came.
    #[track_caller]
    fn assert_stopped(pty: &Pty, job: Pid) {
        pty.wait_for_text("job stopped");
        assert_eq!(state(job), Some('T'));
        assert_ne!(pty.foreground(), job);
        assert_restored(pty);
        pty.wait_for("normal screen", |screen| !screen.alternate_screen() && !screen.hide_cursor());
    }

    /// The shell continues the program, which paints all of its screen; then it gets the key to quit.
    #[track_caller]
    fn assert_goes_on(pty: &mut Pty, job: Pid) {
        pty.send("\n");
        pty.wait_for("whole screen", |screen| {
            let text = screen.contents();
            screen.alternate_screen() && text.contains("frontpage") && !text.contains("job stopped")
        });
        assert_eq!(pty.foreground(), job);
        assert_ne!(pty.termios(), pty.termios_before());
        pty.send("q");
        assert_ends(pty, Exit::Code(0));
        assert_restored(pty);
    }

    rounds!(ctrl_z_suspends_it_while_other_programs_are_started, 4, 40);

    /// The guardian is being started when the screen is first seen. A child that is stopped before it is another program
    /// would keep its parent from being stopped.
    fn ctrl_z_suspends_it_while_other_programs_are_started(rounds: usize) {
        for _ in 0..rounds {
            let mut pty = Pty::spawn_job(PROGRAM, &[], &[], SIZE);
            pty.wait_for("screen", |screen| screen.alternate_screen());
            let job = pty.foreground();
            pty.send("\x1a");
            assert_stopped(&pty, job);
        }
    }

    #[test]
    fn ctrl_z_suspends_it() {
        let (mut pty, job) = start_job();
        pty.send("\x1a");
        assert_stopped(&pty, job);
        let (text, _) = pty.text_without_alternate_screen();
        assert!(text.lines().count() == 1 && text.ends_with("job stopped"), "{text}");
        assert_goes_on(&mut pty, job);
    }

    #[test]
    fn sigtstp_suspends_it() {
        let (mut pty, job) = start_job();
        kill_process(job, Signal::TSTP).unwrap();
        assert_stopped(&pty, job);
        assert_goes_on(&mut pty, job);
    }

    #[test]
    fn ctrl_z_suspends_the_script_that_started_it() {
        let mut pty = Pty::spawn_job("/bin/sh", &["-c", "\"$0\"; exit $?", PROGRAM], &[], SIZE);
        pty.wait_for_text("frontpage");
        let job = pty.foreground();
        pty.send("\x1a");
        assert_stopped(&pty, job);
        assert_goes_on(&mut pty, job);
    }

    #[test]
    fn sigstop_cannot_be_handled_but_sigcont_can() {
        let (mut pty, job) = start_job();
        kill_process(job, Signal::STOP).unwrap();
        pty.wait_for_text("job stopped");
        assert_eq!(state(job), Some('T'));
        pty.scribble("\x1b[5;5Hjob stopped, says another program");
        assert_goes_on(&mut pty, job);
    }

    #[test]
    fn the_editor_is_suspended_together_with_the_program() {
        let (_home, mut pty) = start_editor(Pty::spawn_job);
        let job = pty.foreground();
        pty.send("\x1a"); // no key now: the kernel makes a signal of it for the whole group
        assert_stopped(&pty, job);
        // About once in a hundred times the terminal echoes the line and the shell never reads it, since the editor was
        // reading when it was stopped: as long as the job is stopped, no other process can have read it.
        let begun = Instant::now();
        while state(job) == Some('T') && begun.elapsed() < LIMIT {
            pty.send("\n");
            let sent = Instant::now();
            while state(job) == Some('T') && sent.elapsed() < MOMENT {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        wait_for_state(job, &[Some('S')]);
        pty.send("\n");
        pty.wait_for("screen", |screen| screen.alternate_screen() && screen.contents().contains("corrected"));
        pty.send("Q");
        assert_ends(&mut pty, Exit::Code(0));
        assert_restored(&pty);
    }

    #[test]
    fn in_the_background_it_stops_again_and_touches_nothing() {
        let (mut pty, job) = start_job();
        pty.send("\x1a");
        assert_stopped(&pty, job);
        let bytes = pty.raw().len();
        // A terminal that the program would touch stays as it is: the program runs, and stops, and is killed.
        for _ in 0..5 {
            kill_process(job, Signal::CONT).unwrap();
            wait_for_state(job, &[Some('T')]);
        }
        assert_eq!(pty.raw().len(), bytes);
        assert_restored(&pty);
        assert_goes_on(&mut pty, job);
    }

    #[test]
    fn a_suspended_program_can_be_killed() {
        let (mut pty, job) = start_job();
        pty.send("\x1a");
        assert_stopped(&pty, job);
        let bytes = pty.raw().len();
        // As the shell's `kill %1` does. It is the group that it continues: a guardian that has no session of its own yet was
        // stopped with it.
        kill_process_group(job, Signal::TERM).unwrap();
        kill_process_group(job, Signal::CONT).unwrap();
        wait_for_state(job, &[Some('Z'), None]);
        assert_eq!(pty.raw().len(), bytes);
        assert_restored(&pty);
        pty.send("\n");
        pty.wait_exit(LIMIT);
        assert_restored(&pty);
    }
}

#[test]
fn pasted_text_goes_into_a_prompt() {
    let mut pty = start(&[]);
    let paste = |text: &str| format!("\x1b[200~{text}\x1b[201~");
    pty.send("/");
    pty.wait_for_text("words, topic:ai");
    pty.send(&paste("lang\x07uage\r\nmodels"));
    pty.wait_for_text("language models");
    pty.send("\x1b");
    pty.wait_for("no prompt", |screen| !screen.contents().contains("Enter keep"));
    pty.send("q");
    assert_ends(&mut pty, Exit::Code(0));
    assert_restored(&pty);
}

#[test]
fn a_search_is_saved_on_disk_and_found_again() {
    let home = Home::new();
    dismiss_welcome(home.folder.path());
    let path = home.folder.path().to_str().expect("a path").to_owned();
    let file = home.file(".config/frontpage/searches.yaml", "# mine\nold: \"moon\"\n");
    let mut pty = start(&[("HOME", &path), ("XDG_CONFIG_HOME", "")]);
    pty.send("/lang");
    pty.wait_for_text("· lang");
    pty.send("\x13");
    pty.wait_for_text("save as:");
    pty.send("mine\r");
    pty.wait_for_text("Saved as mine");
    let text = std::fs::read_to_string(&file).expect("the file");
    assert_eq!(text, "# mine\nold: \"moon\"\nmine: \"lang\"\n");
    pty.send("f");
    pty.wait_for_text("unread / all");
    pty.wait_for_text("old");
    pty.send("qcq");
    assert_ends(&mut pty, Exit::Code(0));
    assert_restored(&pty);
}

mod marks {
    use std::path::PathBuf;

    use super::*;

    /// A home with articles, and a way to start the program in it.
    fn home() -> (Home, String) {
        let home = Home::new();
        for number in 1..=5 {
            let text = format!("---\ntitle: Article {number}\ndate: 2021-02-1{number}\n---\nText.\n");
            home.file(&format!("in/{number}.md"), &text);
        }
        let folder = home.folder.path().join("in").to_string_lossy().into_owned();
        (home, folder)
    }

    fn start_in(home: &Home, args: &[&str]) -> Pty {
        let pty = Pty::spawn(PROGRAM, args, &[("HOME", &home.folder.path().to_string_lossy())], (100, 30));
        pty.wait_for_text("Article 5");
        pty
    }

    /// The file that the device `test-00000001` writes.
    fn own_file(home: &Home) -> PathBuf {
        home.file(".local/state/frontpage/device", "test-00000001\n");
        home.file(".local/share/frontpage/marks/test-00000001.marks", "")
    }

    #[test]
    fn a_mark_on_the_screen_survives_a_kill() {
        let (home, folder) = home();
        let mut pty = start_in(&home, &[&folder]);
        pty.send("jmjs");
        pty.wait_for_text("starred");
        pty.signal(Signal::KILL);
        pty.wait_exit(LIMIT);
        let mut pty = Pty::spawn(PROGRAM, &[&folder], &[("HOME", &home.folder.path().to_string_lossy())], (100, 30));
        pty.wait_for_text("4 unread");
        let text = pty.text();
        let row = |title: &str| text.lines().find(|line| line.contains(title)).unwrap_or_default().to_owned();
        assert!(!row("Article 4").contains('●') && row("Article 3").contains("●★"), "{text}");
        pty.send("Q");
        assert_ends(&mut pty, Exit::Code(0));
    }

    #[test]
    fn two_instances_see_what_the_other_marks() {
        let (home, folder) = home();
        let (mut one, mut other) = (start_in(&home, &[&folder]), start_in(&home, &["--fresh", &folder]));
        one.send("m");
        other.wait_for_text("4 unread");
        other.send("Gmk");
        other.wait_for_text("3 unread");
        one.send("j");
        one.wait_for_text("3 unread");
        for pty in [&mut one, &mut other] {
            pty.send("Q");
            assert_ends(pty, Exit::Code(0));
            assert_restored(pty);
        }
        assert!(home.run(&["-L", &folder, "list", "is:read"]).out.lines().count() == 2);
    }

    #[test]
    fn a_full_disk_is_reported_and_the_marks_are_saved_when_there_is_room() {
        let (home, folder) = home();
        let own = own_file(&home);
        std::fs::remove_file(&own).unwrap();
        std::os::unix::fs::symlink("/dev/full", &own).unwrap();
        let mut pty = start_in(&home, &[&folder]);
        pty.send("mj");
        // A message, before or after the keys, and then the footer: a key takes the message away.
        pty.wait_for_text("! Marks not saved yet");
        pty.send("j");
        pty.wait_for_text("! Marks not saved yet · 5 articles · 4 unread");
        pty.send("q");
        pty.wait_for_text("Press again to quit and lose unsaved marks");
        std::fs::remove_file(&own).unwrap();
        // A mark is tried at once, with all that waited.
        pty.send("s");
        pty.wait_for_text("All marks saved");
        pty.send("k");
        pty.wait_for_text(" 5 articles · 4 unread");
        pty.send("q");
        assert_ends(&mut pty, Exit::Code(0));
        assert_eq!(home.run(&["-L", &folder, "list", "is:read OR is:starred"]).out.lines().count(), 2);
    }

    #[test]
    fn marks_that_cannot_be_saved_at_the_end_are_reported() {
        let (home, folder) = home();
        home.file(".local/share/frontpage/marks", "a file where the folder should be");
        let mut pty = start_in(&home, &[&folder]);
        pty.send("mj");
        pty.wait_for_text("! Marks not saved yet");
        pty.send("Q");
        pty.wait_for_text("Press again to quit and lose unsaved marks");
        pty.send("Q");
        assert_ends(&mut pty, Exit::Code(2));
        assert!(pty.text().contains("marks not saved"), "{}", pty.text());
    }

    /// A signal may come at the moment in which the frame is seen.
    #[test]
    fn the_bookmark_is_passed_to_the_writer_before_the_frame() {
        let (home, folder) = home();
        let mut pty = start_in(&home, &[&folder]);
        let bookmarks = home.folder.path().join(".local/state/frontpage/bookmarks");
        let is_known = |words: &str| {
            let files = std::fs::read_dir(&bookmarks).into_iter().flatten().flatten();
            files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).any(|text| text.contains(words))
        };
        let becomes_known = |words: &str, limit: Duration| {
            let end = Instant::now() + limit;
            while !is_known(words) && Instant::now() < end {
                std::thread::sleep(Duration::from_millis(5));
            }
            is_known(words)
        };
        // What a start draws has been drawn then.
        assert!(becomes_known("\"query\"", LIMIT), "no bookmark");
        // A frame with another cause may be waiting before the one for the keys: then look again.
        let is_handed_over = (0..4).any(|_| {
            pty.fill();
            pty.send("guj");
            let known = becomes_known("is:unread", LIMIT / 4);
            if !known {
                pty.release();
                pty.wait_for_text("is:unread");
                pty.send("ga");
                pty.wait_for("everything", |screen| !screen.contents().contains("is:unread"));
                while is_known("is:unread") {
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
            known
        });
        assert!(is_handed_over, "no bookmark says is:unread");
        assert!(!pty.text().contains("is:unread"), "the frame was seen");
        pty.release();
        pty.wait_for_text("is:unread");
        pty.send("Q");
        assert_ends(&mut pty, Exit::Code(0));
    }

    #[test]
    fn a_signal_waits_for_the_marks_and_the_place() {
        let (home, folder) = home();
        let mut pty = start_in(&home, &[&folder]);
        pty.send("gujjm");
        pty.wait_for_text("Marked read");
        assert_dies_of(&mut pty, Signal::TERM);
        let pty = Pty::spawn(PROGRAM, &[&folder], &[("HOME", &home.folder.path().to_string_lossy())], (100, 30));
        pty.wait_for("the place", |screen| {
            let text = screen.contents();
            text.contains("is:unread") && text.lines().any(|line| line.contains('▸') && line.contains("Article 3"))
        });
        let pty =
            Pty::spawn(PROGRAM, &["--fresh", &folder], &[("HOME", &home.folder.path().to_string_lossy())], (100, 30));
        pty.wait_for("the top", |screen| {
            let text = screen.contents();
            !text.contains("is:unread") && text.lines().any(|line| line.contains('▸') && line.contains("Article 5"))
        });
    }
}
