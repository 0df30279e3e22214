//! Terminal queries: their answers, late or missing, are never read as keys. Also hyperlinks and the cursor.

use frontpage::app::SessionInit;
use frontpage::keymap::{Code, Key, Keymap};
use frontpage::library::Library;
use frontpage::terminal::{FrameOptions, HeadlessUi, Screen};
use ratatui::layout::Rect;
use rustix::process::Signal;

use crate::harness::command::Home;
use crate::harness::output_check::linked;
use crate::harness::pty::{Exit, LIMIT, Pty, SIZE, dismiss_welcome};
use crate::harness::reader::{Reader, now};

const PROGRAM: &str = env!("CARGO_BIN_EXE_frontpage");
/// A terminal that has all colours.
const ABLE: (&str, &str) = ("COLORTERM", "truecolor");
const QUESTION: &str = "\x1b]11;?\x1b\\\x1b[?u\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[>0q\x1b[16t\x1b[c";
const DARK: &str = "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\";
const LIGHT: &str = "\x1b]11;rgb:ffff/ffff/f0f0\x07";
const KITTY: &str = "\x1b[?0u";
const KIND: &str = "\x1b[?62;22c";
/// Switches the keyboard to the kitty protocol.
const KEYS: &str = "\x1b[>1u";

/// Starts the program in a terminal that has sent its answers before the queries, so that no timeout matters.
fn answered(spawn: Spawn, env: &[(&str, &str)], answers: &[&str]) -> Pty {
    let mut pty = spawn(PROGRAM, &[], &[&[ABLE], env].concat(), SIZE);
    pty.send(&answers.concat());
    pty
}

type Spawn = fn(&str, &[&str], &[(&str, &str)], (u16, u16)) -> Pty;

#[track_caller]
fn assert_restored(pty: &Pty) {
    assert_eq!(pty.termios(), pty.termios_before());
    assert!(pty.modes_balanced(), "{:?}", String::from_utf8_lossy(&pty.raw()));
}

#[track_caller]
fn assert_quits(mut pty: Pty) {
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
    assert_restored(&pty);
}

fn wrote(pty: &Pty, bytes: &str) -> usize {
    pty.raw().windows(bytes.len()).filter(|window| *window == bytes.as_bytes()).count()
}

#[test]
fn keys_between_answers_are_not_lost() {
    let pty = answered(Pty::spawn_silent, &[], &["/la", DARK, "n", KITTY, "g", KIND, "uäge"]);
    pty.wait_for_text("/ languäge");
    assert_eq!((wrote(&pty, QUESTION), wrote(&pty, KEYS)), (1, 1));
    let mut pty = pty;
    // Esc as the protocol has it.
    pty.send("\x1b[27u");
    pty.wait_for("no prompt", |screen| !screen.contents().contains("Enter keep"));
    assert_quits(pty);
}

#[test]
fn columns_are_measured_before_the_first_frame_and_emoji_drawn_accordingly() {
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: Family 👨\u{200d}👩\u{200d}👧 here\n---\n");
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    for (columns, whole) in [([9, 5, 2, 2], false), ([3, 3, 3, 2], true)] {
        let mut pty = Pty::spawn_silent(PROGRAM, &[&folder], &[ABLE], SIZE);
        let answers = columns.map(|column| format!("\x1b[2;{column}R")).concat();
        pty.send(&[&answers, DARK, KIND].concat());
        pty.wait_for_bytes(QUESTION);
        pty.wait_for("the family or one of it", |screen| {
            let contents = screen.contents();
            contents.contains("👨") && contents.contains("here") && contents.contains('\u{200d}') == whole
        });
        let raw = pty.raw();
        let at = |bytes: &str| raw.windows(bytes.len()).rposition(|window| window == bytes.as_bytes());
        assert_eq!(wrote(&pty, "\x1b[6n"), 4);
        assert!(at("\x1b[6n") < at("\x1b[2J") && at("\x1b[2J") < at("Family"), "measured, cleared, drawn");
        assert_quits(pty);
    }
}

#[test]
fn a_terminal_is_asked_whatever_it_says_of_colours_unless_it_may_print_the_question() {
    for (term, times) in [("xterm", 1), ("xterm-256color", 1), ("screen", 1), ("linux", 0), ("vt100", 0)] {
        let mut pty = Pty::spawn_silent(PROGRAM, &[], &[("TERM", term)], SIZE);
        pty.wait_for_text("90 unread");
        // By then the queries are sent, or never are.
        pty.send("?");
        pty.wait_for_text("Help");
        pty.send("q");
        let asked = wrote(&pty, "\x1b]11;?\x1b\\\x1b[?u");
        assert_eq!((asked, wrote(&pty, "\x1b]11"), wrote(&pty, KEYS)), (times, times, 0), "{term}");
        assert_quits(pty);
    }
}

/// Text in the theme `light`, of 256 colours, and in `dark`.
const LIGHT_TEXT: &str = "38;5;235";
const DARK_TEXT: &str = "38;5;253";

#[test]
fn without_all_colours_the_theme_fits_the_background_in_256() {
    for (answer, text, other) in [(LIGHT, LIGHT_TEXT, DARK_TEXT), (DARK, DARK_TEXT, LIGHT_TEXT)] {
        let mut pty = Pty::spawn_silent(PROGRAM, &[], &[], SIZE);
        pty.send(&[answer, KIND].concat());
        pty.wait_for_bytes(text);
        assert_eq!((wrote(&pty, "8;2;"), wrote(&pty, other)), (0, 0), "{answer:?}");
        assert_quits(pty);
    }
}

const BACKGROUND: &str = "\x1b]11;?\x1b\\";

#[test]
fn another_background_is_followed() {
    // Redrawn by hand, and the window that has the focus again.
    for asks in ["\x0c", "\x1b[I"] {
        let mut pty = answered(Pty::spawn_silent, &[], &[DARK, KIND]);
        pty.wait_for_bytes("\x1b[?1004h\x1b[?2031h");
        pty.send(asks);
        pty.wait_for_times(BACKGROUND, 2);
        assert_eq!(wrote(&pty, "38;2;36;41;46"), 0);
        pty.send(LIGHT);
        pty.wait_for_bytes("38;2;36;41;46");
        pty.send(asks);
        pty.wait_for_times(BACKGROUND, 3);
        // Input between the query and the answer is a key.
        pty.send(&["/la", DARK, "n"].concat());
        pty.wait_for_text("/ lan");
        assert_eq!(wrote(&pty, QUESTION), 1);
        assert_quits_from_prompt(pty);
    }
    // Continued without its knowledge, by SIGCONT from another process.
    let mut pty = answered(Pty::spawn_silent, &[], &[DARK, KIND]);
    pty.wait_for_bytes("\x1b[?1004h");
    pty.signal(Signal::CONT);
    pty.wait_for_times(BACKGROUND, 2);
    pty.send(LIGHT);
    pty.wait_for_bytes("38;2;36;41;46");
    assert_quits(pty);
}

fn assert_quits_from_prompt(mut pty: Pty) {
    pty.send("\x1b");
    pty.wait_for("no prompt", |screen| !screen.contents().contains("Enter keep"));
    assert_quits(pty);
}

#[test]
fn a_terminal_that_does_not_tell_its_background_is_asked_once() {
    let mut pty = answered(Pty::spawn_silent, &[], &[KITTY, KIND]);
    pty.wait_for_bytes(KEYS);
    pty.send("\x0c\x1b[I?");
    pty.wait_for_text("Help");
    assert_eq!((wrote(&pty, "\x1b]11"), wrote(&pty, "?1004"), wrote(&pty, "?2031")), (1, 0, 0));
    pty.send("q");
    assert_quits(pty);
}

#[test]
fn where_italics_are_shown_in_reverse_they_are_underlined() {
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: One\ndate: 2021-02-19\n---\nThis is *slanted* text.\n");
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    for (env, italic) in [
        (&[("TERM", "xterm-256color")][..], true),
        (&[("TERM", "screen")], false),
        (&[("TERM", "screen-256color-bce"), ("STY", "1.x")], false),
        (&[("TERM", "screen-256color"), ("TMUX", "/tmp/x,1,0")], true),
    ] {
        let pty = Pty::spawn_silent(PROGRAM, &[&folder], env, SIZE);
        pty.wait_for(&format!("{env:?}"), |screen| {
            let rows: Vec<String> = screen.rows(0, SIZE.0).collect();
            let place =
                rows.iter().zip(0..).find_map(|(row, y)| Some((y, row.split_once("slanted")?.0.chars().count())));
            let cell = place.and_then(|(y, x)| screen.cell(y, x as u16));
            cell.is_some_and(|cell| (cell.italic(), cell.underline(), cell.inverse()) == (italic, !italic, false))
        });
        assert_quits(pty);
    }
}

#[test]
fn without_an_answer_keys_are_taken_all_the_same() {
    for answers in ["", KIND, "\x1b]11;nonsense\x1b\\", "\x1b]11;rgb:zz/\x1b[?6c"] {
        let mut pty = answered(Pty::spawn_silent, &[], &[answers]);
        pty.wait_for_bytes(QUESTION);
        pty.wait_for_text("90 unread");
        pty.send("?");
        pty.wait_for_text("Help");
        assert_eq!(wrote(&pty, KEYS), 0, "{answers:?}");
        pty.send("q");
        assert_quits(pty);
    }
}

#[test]
fn a_late_answer_is_not_read_as_keys() {
    for (answer, light) in [(DARK, "\"light\":false"), (LIGHT, "\"light\":true")] {
        let home = Home::new();
        dismiss_welcome(home.folder.path());
        let env = [ABLE, ("HOME", &*home.folder.path().to_string_lossy())];
        let mut pty = Pty::spawn_silent(PROGRAM, &[], &env, SIZE);
        pty.wait_for_bytes(QUESTION);
        pty.wait_for_text("90 unread");
        // When this is on the screen, the timeout for answers is over.
        pty.send("/lan");
        pty.wait_for_text("/ lan");
        pty.send(&[answer, KITTY, KIND, "g"].concat());
        pty.wait_for_text("/ lang");
        assert!(!pty.text().contains("rgb") && !pty.text().contains("11;"), "{}", pty.text());
        pty.send("\x1b");
        pty.wait_for("no prompt", |screen| !screen.contents().contains("Enter keep"));
        assert_quits(pty);
        // The next session starts with the answers of this one.
        let folder = home.folder.path().join(".local/state/frontpage/bookmarks");
        let kept = std::fs::read_dir(folder).expect("the folder").next().expect("a bookmark").expect("a file");
        let kept = std::fs::read_to_string(kept.path()).expect("the bookmark");
        assert!(kept.contains(light), "{kept}");
    }
}

/// Replies about pictures, and letters that would be keys.
const PICTURE_REPLIES: &str = "\x1b_Gi=31;OK\x1b\\\x1bP>|Q quits(1.2)\x1b\\\x1b[6;20;10t\x1b_Gi=31;EINVAL:Q\x1b\\";

#[test]
fn replies_about_pictures_are_never_read_as_keys() {
    // At once, between keys.
    let mut pty = answered(Pty::spawn_silent, &[], &["/la", PICTURE_REPLIES, "n", KIND, "g"]);
    pty.wait_for_text("/ lang");
    // Late, and in pieces: the program has read each piece when the key before it is on the screen.
    pty.send(PICTURE_REPLIES);
    for (piece, typed) in ["u", "a", "g", "e"].into_iter().zip(["langu", "langua", "languag", "language"]) {
        pty.send(piece);
        pty.wait_for_text(&format!("/ {typed}"));
        for byte in PICTURE_REPLIES.chars() {
            pty.send(&byte.to_string());
        }
    }
    pty.send("s");
    pty.wait_for_text("/ languages");
    assert_quits_from_prompt(pty);
    // Never ended: the program goes on a second later.
    for begun in ["\x1b_Gi=31;QQQQ", "\x1bP>|QQQQ"] {
        let mut pty = answered(Pty::spawn_silent, &[], &[DARK, KIND]);
        pty.wait_for_bytes("\x1b[?1004h");
        pty.send(begun);
        std::thread::sleep(std::time::Duration::from_millis(1_200));
        pty.send("?");
        pty.wait_for_text("Help");
        pty.send("q");
        assert_quits(pty);
    }
}

#[test]
fn tmux_passes_the_question_for_pictures_on_and_screen_is_not_asked() {
    let asked = "\x1b_Gi=31";
    for (env, direct, passed) in [
        (&[][..], 1, 0),
        (&[("TERM", "tmux-256color"), ("TMUX", "/tmp/x,1,0")], 0, 1),
        (&[("TERM", "screen"), ("STY", "1.x")], 0, 0),
    ] {
        let pty = answered(Pty::spawn_silent, env, &[DARK, KIND]);
        pty.wait_for_bytes("\x1b[16t");
        let in_tmux = format!("\x1bPtmux;\x1b{asked}");
        assert_eq!((wrote(&pty, asked) - wrote(&pty, &in_tmux), wrote(&pty, &in_tmux)), (direct, passed), "{env:?}");
        assert_quits(pty);
    }
}

#[test]
fn every_way_out_gives_the_keyboard_back() {
    let able = |spawn: Spawn, env: &[(&str, &str)]| {
        let pty = answered(spawn, env, &[DARK, KITTY, KIND]);
        pty.wait_for_bytes(KEYS);
        assert!(!pty.modes_balanced());
        pty
    };
    assert_quits(able(Pty::spawn_silent, &[]));
    let mut pty = able(Pty::spawn_silent, &[]);
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(143));
    assert_restored(&pty);
    #[cfg(debug_assertions)]
    {
        let mut pty = answered(Pty::spawn_silent, &[("FRONTPAGE_TEST_PANIC", "main")], &[DARK, KITTY, KIND]);
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(101));
        assert_eq!(wrote(&pty, KEYS), 1);
        assert_restored(&pty);
    }
    // While an editor has the terminal it has its own keyboard.
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: One\ndate: 2021-02-19\n---\n");
    let editor = home.file("editor", "#!/bin/sh\necho the editor runs\nread line\n");
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("the mode");
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    let mut pty = Pty::spawn_silent(PROGRAM, &[&folder], &[ABLE, ("VISUAL", &editor.to_string_lossy())], SIZE);
    pty.send(&[DARK, KITTY, KIND].concat());
    pty.wait_for_bytes(KEYS);
    pty.wait_for_text("1 article");
    pty.send("e");
    pty.wait_for_text("the editor runs");
    assert_restored(&pty);
    pty.send("\r");
    pty.wait_for("the screen", |screen| screen.alternate_screen() && screen.contents().contains("1 article"));
    assert_eq!(wrote(&pty, KEYS), 2);
    assert_quits(pty);
}

#[cfg(target_os = "linux")]
#[test]
fn a_kill_restores_the_keyboard() {
    let mut pty = answered(Pty::spawn_silent, &[], &[DARK, KITTY, KIND]);
    pty.wait_for_bytes(KEYS);
    let guardian = pty.await_guardian();
    pty.send("?");
    pty.wait_for_text("Help");
    pty.signal(Signal::KILL);
    crate::harness::pty::wait_for_state(guardian, &[Some('Z'), None]);
    assert!(matches!(pty.wait_exit(LIMIT), Exit::Signal(_)));
    assert_restored(&pty);
}

#[cfg(target_os = "linux")]
#[test]
fn a_shell_that_continues_it_has_the_keyboard_meanwhile() {
    let mut pty = answered(Pty::spawn_silent_job, &[], &[DARK, KITTY, KIND]);
    pty.wait_for_bytes(KEYS);
    pty.wait_for_text("90 unread");
    pty.send("\x1b[122;5u");
    pty.wait_for_text("job stopped");
    assert_restored(&pty);
    pty.send("\n");
    pty.wait_for("the screen", |screen| screen.alternate_screen() && screen.contents().contains("90 unread"));
    assert_eq!(wrote(&pty, KEYS), 2);
    assert_quits(pty);
}

#[test]
fn keys_that_few_terminals_report_fall_back_to_their_usual_form() {
    // Bound: forward again.
    let mut reader = Reader::of(Library::BuiltIn);
    let first = reader.press("jll").title();
    let second = reader.press("<enter>").title();
    assert_ne!(first, second, "a related article was opened");
    assert_eq!(reader.press("<ctrl-o>").title(), first);
    assert_eq!(reader.press("<ctrl-i>").title(), second);
    // Not bound: Tab completes, Enter keeps, Ctrl-[ leaves.
    let offered = |keys: &str| {
        let mut reader = Reader::of_news();
        reader.press("/topi").press(keys);
        reader.text()
    };
    assert_eq!(offered("<ctrl-i>"), offered("<tab>"));
    assert_eq!(offered("<ctrl-m>"), offered("<enter>"));
    assert_eq!(offered("<shift-enter>"), offered("<enter>"));
    assert_eq!(offered("<ctrl-enter>"), offered("<enter>"));
    assert_eq!(offered("<ctrl-[>"), offered("<esc>"));
    assert_ne!(offered("<tab>"), offered("<esc>"));
}

fn of_links() -> Reader {
    let home = Home::new();
    home.file(
        "in/a.md",
        "---\ntitle: Links\ndate: 2021-02-19\nlink: https://e.org/original;x\n---\n\
         Before [some words that are so long that no line of this screen has room for all of them](https://e.org/long) \
         after, [bad](javascript:x), **[bold](https://e.org/bold)**.\n\n\
         | a | b |\n|---|---|\n| [cell](https://e.org/cell) | x |\n\n> - [deep](https://e.org/%d0%b0/é)\n",
    );
    home.file("in/b.md", "---\ntitle: None\ndate: 2021-02-18\n---\nNo link.\n");
    Reader::of_folder(&home.folder.path().join("in")).sized(70, 40)
}

#[test]
fn links_are_at_their_words_and_numbers() {
    let mut reader = of_links();
    reader.press("<enter>");
    let links = reader.links();
    let of = |target: &str| -> Vec<&str> {
        links.iter().filter(|(_, to)| to == target).map(|(words, _)| words.as_str()).collect()
    };
    assert_eq!(of("https://e.org/original%3Bx"), ["https://e.org/original;x"]);
    let long = of("https://e.org/long");
    assert!(long.len() == 2, "{links:?}");
    assert_eq!(long.join(" "), "some words that are so long that no line of this screen has room for all of them[2]");
    assert_eq!(of("https://e.org/bold"), ["bold[4]"]);
    assert_eq!(of("https://e.org/cell"), ["cell[5]"]);
    assert_eq!(of("https://e.org/%d0%b0/%C3%A9"), ["deep[6]"]);
    assert_eq!(links.len(), 6, "{links:?}");

    // Overlays cover the links, and the list of links has its own.
    let covered = reader.press("U").links();
    assert!(
        covered.iter().any(|(words, to)| words == "https://e.org/long" && to == "https://e.org/long"),
        "{covered:?}"
    );
    assert!(covered.iter().all(|(words, _)| !words.contains("javascript")), "{covered:?}");
    reader.press("<esc>?");
    assert_eq!(reader.links(), []);
    reader.press("<esc>J");
    assert_eq!((reader.title().as_str(), reader.links()), ("None", Vec::new()));
}

#[test]
fn the_cursor_is_on_the_selected_row() {
    let mut reader = Reader::of_news().sized(160, 45);
    for keys in ["", "j", "G"] {
        reader.press(keys);
        assert!(reader.cursor_row().contains('▸'), "after {keys:?}: {}", reader.cursor_row());
        let left = reader.frame.list.area.x;
        assert!(reader.frame.cursor.is_some_and(|at| at.x >= left && at.x < left + 3) && !reader.frame.is_typing);
    }
    reader.press("ggt<down>");
    assert!(reader.cursor_row().contains("▸ [ ]"), "{}", reader.cursor_row());
    reader.press("<esc><enter>");
    let at = reader.frame.cursor.expect("a place");
    assert_eq!((at.y, reader.frame.detail.area.y), (reader.frame.detail.area.y, at.y), "the first line of the article");
    reader.press("h/lan");
    assert!(reader.frame.is_typing);
    assert_eq!(reader.frame.cursor.map(|at| (at.x, at.y)), Some((6, 42)), "{}", reader.cursor_row());
    reader.press("<left>");
    assert_eq!(reader.frame.cursor.map(|at| at.x), Some(5));
    let mut reader = Reader::of(Library::BuiltIn).sized(160, 45);
    reader.press("A");
    assert_eq!(reader.frame.cursor.map(|at| at.y), Some(43), "the question");
}

#[test]
fn a_visible_cursor_is_not_drawn_as_well() {
    let frame = |shows_cursor| {
        let mut session = HeadlessUi::new(SessionInit::default(), Keymap::new().expect("the keys"), now());
        let _ = session.press(Key::plain(Code::Char('/')));
        let _ = session.press(Key::plain(Code::Char('x')));
        let mut written = Vec::new();
        let mut screen = Screen::new(&mut written, Rect::new(0, 0, 80, 24));
        let options = FrameOptions { hyperlinks: true, shows_cursor, ..FrameOptions::default() };
        frontpage::terminal::draw(&mut screen, &mut session, options).expect("drawn");
        drop(screen);
        String::from_utf8(written).expect("text")
    };
    let (seen, hidden) = (frame(true), frame(false));
    assert!(seen.ends_with("\x1b[22;5H\x1b[?25h") && !seen.contains("\x1b[7m"), "{seen:?}");
    assert!(hidden.ends_with("\x1b[22;5H\x1b[?25l") && hidden.contains("\x1b[7m"), "{hidden:?}");
}

#[test]
fn a_terminal_gets_links_and_the_cursor_beside_the_selection() {
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: One\ndate: 2021-02-19\nlink: https://e.org/one\n---\n");
    home.file("in/b.md", "---\ntitle: Two\ndate: 2021-02-18\nlink: https://e.org/two\n---\n[x](https://e.org/x)\n");
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    let start = |env: &[(&str, &str)]| {
        let pty = Pty::spawn_silent(PROGRAM, &[&folder], env, SIZE);
        pty.wait_for_text("2 articles");
        pty.wait_for_text("https://e.org/one");
        pty
    };
    let mut pty = start(&[]);
    pty.send("j");
    pty.wait_for("the cursor", |screen| {
        screen.contents().contains("x[2]") && screen.hide_cursor() && screen.cursor_position().0 == 2
    });
    let links = linked(&pty.raw());
    assert!(links.contains(&("https://e.org/one".to_owned(), "https://e.org/one".to_owned())), "{links:?}");
    assert!(links.contains(&("x[2]".to_owned(), "https://e.org/x".to_owned())), "{links:?}");
    assert_quits(pty);
    for env in [("TERM", "linux"), ("TERM_PROGRAM", "Apple_Terminal"), ("STY", "1.pts-0.host")] {
        let pty = start(&[env]);
        assert_eq!(wrote(&pty, "\x1b]8"), 0, "{env:?}");
        assert_quits(pty);
    }
}

#[test]
fn copied_text_is_wrapped_for_tmux_and_screen() {
    let plain = "\x1b]52;c;aHR0cHM6Ly9lLm9yZy9vbmU=\x1b\\";
    let tmux = format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b"));
    for (env, words, bytes) in [
        (("LANG", "C.UTF-8"), "Sent the link to the terminal (OSC 52), which may ignore it", plain),
        (("TMUX", "/tmp/x,1,0"), "Sent the link to the terminal (OSC 52, tmux), which may ignore it", &tmux),
        (
            ("STY", "1.x"),
            "Sent the link to the terminal (OSC 52, screen), which may ignore it",
            "\x1bP\x1b]52;c;aHR0cHM6",
        ),
    ] {
        let home = Home::new();
        home.file("in/a.md", "---\ntitle: One\ndate: 2021-02-19\nlink: https://e.org/one\n---\n");
        let folder = home.folder.path().join("in").to_string_lossy().into_owned();
        let mut pty = Pty::spawn_silent(PROGRAM, &[&folder], &[env, ("PATH", "")], SIZE);
        pty.wait_for_text("1 article");
        pty.send("y");
        pty.wait_for_text(words);
        assert_eq!(wrote(&pty, bytes), 1, "{:?}", String::from_utf8_lossy(&pty.raw()));
        assert_quits(pty);
    }
}
