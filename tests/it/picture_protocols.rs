//! Pictures by the protocols of terminals: what a terminal gets that replies that it can draw them, and that it is freed of them.

use std::path::Path;

use rustix::process::Signal;

use crate::harness::command::Home;
use crate::harness::pty::{Exit, LIMIT, Pty};

const PROGRAM: &str = env!("CARGO_BIN_EXE_frontpage");
const SIZE: (u16, u16) = (90, 30);
const ABLE: (&str, &str) = ("COLORTERM", "truecolor");
const DELETED: &str = "\x1b_Ga=d,d=I,i=1,q=2\x1b\\";

/// Terminals: what they reply, and how the data of a picture begins.
const PLACEHOLDERS: (&str, &str) =
    ("\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.32.2)\x1b\\\x1b[6;20;10t\x1b[?62;c", "\x1b_Ga=T,U=1,c=5,r=2,q=2,f=100,i=1,m=");
const PLACED: (&str, &str) =
    ("\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.26.5)\x1b\\\x1b[6;20;10t\x1b[?62;c", "\x1b_Ga=t,q=2,f=100,i=1,m=");
const SIXEL: (&str, &str) = ("\x1bP>|foot(1.16.2)\x1b\\\x1b[6;20;10t\x1b[?62;4;22c", "\x1bP0;1;0q\"1;1;48;");
const ITERM: (&str, &str) =
    ("\x1b_Gi=31;OK\x1b\\\x1bP>|WezTerm 20240203\x1b\\\x1b[6;20;10t\x1b[?65;4;6c", "\x1b]1337;File=inline=1;size=");
const BLOCKS: (&str, &str) = ("\x1b[?62;22c", "▀");

/// A reader of an article with two pictures, of 48 × 32 and of 32 × 48 pixels.
fn reader(env: &[(&str, &str)], replies: &str) -> (Home, Pty) {
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: Boats\ndate: 2021-02-19\n---\n![A boat](plain.png)\n\n![Turned](turned.jpg)\n");
    let folder = home.folder.path().join("in");
    for name in ["plain.png", "turned.jpg"] {
        std::fs::copy(Path::new("tests/fixtures/pictures").join(name), folder.join(name)).expect("a fixture");
    }
    let mut pty = Pty::spawn_silent(PROGRAM, &[&folder.to_string_lossy()], &[&[ABLE], env].concat(), SIZE);
    pty.send(replies);
    pty.wait_for_text("Boats");
    (home, pty)
}

fn wrote(pty: &Pty, bytes: &str) -> usize {
    pty.raw().windows(bytes.len()).filter(|window| *window == bytes.as_bytes()).count()
}

/// Opens the viewer, and waits until the first picture was sent.
fn viewer(env: &[(&str, &str)], (replies, begin): (&str, &str)) -> (Home, Pty) {
    let (home, mut pty) = reader(env, replies);
    pty.send("I");
    pty.wait_for_text("48 × 32 · PNG");
    pty.wait_for_bytes(begin);
    (home, pty)
}

#[test]
fn each_terminal_gets_the_picture_by_the_protocol_that_it_draws_well() {
    for terminal @ (_, begin) in [PLACEHOLDERS, PLACED, SIXEL, ITERM, BLOCKS] {
        let (_home, mut pty) = viewer(&[], terminal);
        // The next picture, and a key at once.
        pty.send("n");
        pty.wait_for_text("32 × 48 · JPEG");
        for other in [PLACEHOLDERS, PLACED, SIXEL, ITERM, BLOCKS].map(|(_, begin)| begin) {
            assert!(other == begin || wrote(&pty, other) == 0, "{begin:?} {other:?}");
        }
        pty.send("+");
        pty.wait_for_text("· 2× ·");
        pty.send("q");
        pty.wait_for("the article", |screen| {
            !screen.contents().contains("JPEG") && screen.contents().contains("Boats")
        });
        pty.send("Q");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
        assert!(pty.modes_balanced());
        assert_eq!(pty.termios(), pty.termios_before());
    }
}

#[test]
fn placeholders_are_cells_of_the_screen() {
    let (_home, pty) = viewer(&[], PLACEHOLDERS);
    pty.wait_for_bytes("38;5;1");
    pty.wait_for_bytes("\u{10eeee}\u{305}\u{305}\u{10eeee}\u{10eeee}\u{10eeee}\u{10eeee}");
    pty.wait_for_bytes("\u{10eeee}\u{30d}\u{305}\u{10eeee}\u{10eeee}\u{10eeee}\u{10eeee}");
    assert_eq!(wrote(&pty, "\u{10eeee}"), 10);
}

#[test]
fn a_picture_of_the_text_is_drawn_above_its_caption_where_the_terminal_has_placeholders() {
    let (_home, mut pty) = reader(&[], PLACEHOLDERS.0);
    pty.send("\rz");
    // 48 × 32 pixels are 5 × 2 cells, and 32 × 48 pixels 4 × 3 cells.
    for keys in ["a=T,U=1,c=5,r=2,", "a=T,U=1,c=4,r=3,"] {
        pty.wait_for_bytes(keys);
    }
    pty.wait_for_bytes("\u{10eeee}\u{305}\u{305}\u{10eeee}\u{10eeee}\u{10eeee}\u{10eeee}");
    let sent = wrote(&pty, "a=T,");
    // A page of help covers them, and they come back without being sent again.
    pty.send("?");
    pty.wait_for_text("Help");
    pty.send("q");
    pty.wait_for_text("Boats");
    assert_eq!(wrote(&pty, "a=T,"), sent);
    // Other terminals get the caption only.
    for (replies, begin) in [SIXEL, PLACED, ITERM] {
        let (_home, mut pty) = reader(&[], replies);
        pty.send("\rz");
        pty.wait_for_text("A boat");
        pty.send("?");
        pty.wait_for_text("Help");
        assert_eq!(wrote(&pty, begin), 0);
    }
}

#[test]
fn every_way_out_frees_the_pictures() {
    for terminal in [PLACEHOLDERS, PLACED] {
        let (_home, mut pty) = viewer(&[], terminal);
        assert_eq!(wrote(&pty, DELETED), 0);
        pty.send("qQ");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
        // Without placeholders it is also deleted when the viewer is left.
        assert!(wrote(&pty, DELETED) >= 1);
    }
    let (_home, mut pty) = viewer(&[], PLACEHOLDERS);
    pty.signal(Signal::TERM);
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(143));
    assert_eq!(wrote(&pty, DELETED), 1);
    // In tmux, what frees them is passed on too.
    let env = [("TERM", "tmux-256color"), ("TMUX", "/tmp/x,1,0"), ("KITTY_WINDOW_ID", "1")];
    let replies = "\x1b_Gi=31;OK\x1b\\\x1bP>|tmux 3.3a\x1b\\\x1b[?1;2;c";
    let (_home, mut pty) = viewer(&env, (replies, "\x1bPtmux;\x1b\x1b_Ga=T,U=1,"));
    pty.send("qQ");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
    assert_eq!(wrote(&pty, "\x1bPtmux;\x1b\x1b_Ga=d,d=I,i=1,q=2\x1b\x1b\\\x1b\\"), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_kill_frees_the_pictures() {
    let (_home, mut pty) = viewer(&[], PLACEHOLDERS);
    let guardian = pty.await_guardian();
    pty.signal(Signal::KILL);
    crate::harness::pty::wait_for_state(guardian, &[Some('Z'), None]);
    assert!(matches!(pty.wait_exit(LIMIT), Exit::Signal(_)));
    assert_eq!(wrote(&pty, DELETED), 1);
    assert!(pty.modes_balanced());
}

#[test]
fn after_an_editor_the_picture_is_sent_again() {
    let home = Home::new();
    let editor = home.file("editor", "#!/bin/sh\necho the editor runs\nread line\n");
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("the mode");
    let (_home, mut pty) = viewer(&[("VISUAL", &editor.to_string_lossy())], PLACEHOLDERS);
    pty.send("q");
    pty.wait_for("the article", |screen| !screen.contents().contains("· PNG"));
    pty.send("e");
    pty.wait_for_text("the editor runs");
    assert_eq!(wrote(&pty, DELETED), 1);
    pty.send("\r");
    pty.wait_for("the screen", |screen| screen.alternate_screen() && screen.contents().contains("Boats"));
    pty.send("I");
    pty.wait_for_times("\x1b_Ga=T,U=1,", 2);
    // Drawn again by hand.
    pty.send("\x0c");
    pty.wait_for_times("\x1b_Ga=T,U=1,", 3);
}

#[test]
fn a_picture_follows_the_size_of_the_window() {
    for (terminal, again) in [(SIXEL, SIXEL.1), (PLACED, "\x1b_Ga=p,")] {
        let (_home, pty) = viewer(&[], terminal);
        for (number, size) in [(70, 24), (100, 40), (60, 20), (90, 30)].into_iter().enumerate() {
            pty.resize(size);
            pty.wait_for_times(again, number + 2);
        }
    }
}

#[test]
fn a_terminal_that_accepts_nothing_delays_no_key() {
    let (_home, mut pty) = viewer(&[], PLACEHOLDERS);
    pty.fill();
    pty.send("nnq?");
    pty.release();
    pty.wait_for_text("Help");
    pty.send("q");
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
}
