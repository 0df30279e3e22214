//! Input from the terminal: no bytes end the terminal reader, block the keyboard, or are read as keys that they are not.

use std::thread::sleep;
use std::time::Duration;

use frontpage::terminal::{InputEvent, InputParser};

use crate::harness::helper::helper;
use crate::harness::pty::{Exit, LIMIT, Pty, SIZE};
use crate::rounds;

const PROGRAM: &str = env!("CARGO_BIN_EXE_frontpage");

fn start(args: &[&str]) -> Pty {
    let pty = Pty::spawn(PROGRAM, args, &[], SIZE);
    pty.wait_for_text("90 unread");
    pty
}

#[track_caller]
fn assert_quits(mut pty: Pty) {
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
    assert_eq!(pty.termios(), pty.termios_before());
    assert!(pty.modes_balanced());
}

#[test]
fn no_report_of_the_mouse_or_the_cursor_ends_it() {
    for args in [&[][..], &["--no-mouse"]] {
        let mut pty = start(args);
        for report in [
            "\x1b[M!  ",
            "\x1b[M` !",
            "\x1b[M\x01\x01\x01",
            "\x1b[<64;0;9M",
            "\x1b[<32;9;0m",
            "\x1b[<0;0;00M",
            "\x1b[<;;M",
            "\x1b[96;0;0M",
            "\x1b[35;1;0M",
            "\x1b[00;00R",
            "\x1b[7;0R",
            "\x1b[0;7R",
            "\x1b[<4294967296;99999;1M",
            "\x1b[;R",
            "\x1b[;M",
        ] {
            pty.send(report);
        }
        pty.send("j");
        pty.wait_for_text("2 of 55");
        assert_quits(pty);
    }
}

rounds!(after_any_input_the_keyboard_works_a_second_later, 2, 12);

/// The first sequences only: each takes a second.
fn after_any_input_the_keyboard_works_a_second_later(count: usize) {
    let mut pty = start(&[]);
    let mut row = 1;
    let sequences = [
        "\x1b[?1004;1$y",
        "\x1b[?6n\x1b[>",
        "\x1b[<35;1",
        "\x1b[M!",
        "\x1b[20",
        "\x1b[200~QQQ\x1b[201",
        "\x1b]52;c;UVE",
        "\x1bP1$r",
        "\x1b_Gi=1",
        "\x1bO",
        "\x1b[1;5",
        "\x1b[[",
    ];
    for bytes in sequences.into_iter().take(count) {
        pty.send(bytes);
        sleep(Duration::from_millis(1100));
        pty.send("j");
        row += 1;
        pty.wait_for_text(&format!("{row} of 55"));
    }
    pty.wait_for_text("90 unread");
    assert_quits(pty);
}

/// Pieces with any delay mark nothing and type nothing, even on a busy machine.
#[test]
fn a_sequence_in_pieces_is_not_read_as_keys() {
    let mut pty = start(&[]);
    for (one, other) in [
        ("\x1b", "[<65;9;9M"),
        ("\x1b[", "<65;9;9M"),
        ("\x1b[<65;9;", "9M"),
        ("\x1b", "[<64;9;9M"),
        ("\x1b", "OA"),
        ("\x1bO", "A"),
        ("\x1b[", "A"),
        ("\x1b[1;", "2A"),
        ("\x1b", "[200~QQ\x1b[201~"),
        ("\x1b[?2026;", "2$y"),
        ("\x1bP>|", "QmM\x1b\\"),
    ] {
        pty.send(one);
        sleep(Duration::from_millis(20));
        pty.send(other);
    }
    sleep(Duration::from_millis(1100));
    pty.send("Gj");
    pty.wait_for_text("55 of 55");
    pty.wait_for_text("90 unread");
    assert_quits(pty);
}

#[test]
fn a_paste_that_never_ends_is_text() {
    let mut pty = start(&[]);
    pty.send("/");
    pty.wait_for_text("words, topic:ai");
    pty.send("\x1b[200~lang");
    pty.wait_for_text("· lang");
    pty.send("u");
    pty.wait_for_text("· langu");
    pty.send("\x1b");
    pty.wait_for("no prompt", |screen| !screen.contents().contains("Enter keep"));
    assert_quits(pty);
}

/// Input that crossterm parses correctly.
const KNOWN: &[&str] = &[
    "a",
    "Z",
    "é",
    "Ж",
    "日",
    "😀",
    " ",
    "\r",
    "\n",
    "\t",
    "\x7f",
    "\0",
    "\x01",
    "\x08",
    "\x1a",
    "\x1c",
    "\x1f",
    "\x1bj",
    "\x1bQ",
    "\x1b\r",
    "\x1bé",
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1bOA",
    "\x1bOD",
    "\x1bOH",
    "\x1bOF",
    "\x1bOP",
    "\x1bOS",
    "\x1b[Z",
    "\x1b[P",
    "\x1b[Q",
    "\x1b[S",
    "\x1b[[A",
    "\x1b[[E",
    "\x1b[1~",
    "\x1b[2~",
    "\x1b[3~",
    "\x1b[4~",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[7~",
    "\x1b[8~",
    "\x1b[11~",
    "\x1b[15~",
    "\x1b[17~",
    "\x1b[21~",
    "\x1b[23~",
    "\x1b[24~",
    "\x1b[26~",
    "\x1b[15;5~",
    "\x1b[3;2~",
    "\x1b[6;5~",
    "\x1b[1;2A",
    "\x1b[1;5B",
    "\x1b[1;6C",
    "\x1b[1;3D",
    "\x1b[1;9H",
    "\x1b[1;5P",
    "\x1b[1;2S",
    "\x1b[5A",
    "\x1b[1;65A",
    "\x1b[97u",
    "\x1b[97;5u",
    "\x1b[65;6u",
    "\x1b[97;3u",
    "\x1b[97;1:1u",
    "\x1b[97;1:2u",
    "\x1b[97;1:3u",
    "\x1b[97:65;2u",
    "\x1b[97:65:97;2:1u",
    "\x1b[97;2;65u",
    "\x1b[27u",
    "\x1b[27;5u",
    "\x1b[13u",
    "\x1b[13;2u",
    "\x1b[9u",
    "\x1b[9;2u",
    "\x1b[127u",
    "\x1b[32;5u",
    "\x1b[57358u",
    "\x1b[57376u",
    "\x1b[57387u",
    "\x1b[57399u",
    "\x1b[57408u",
    "\x1b[57409u",
    "\x1b[57410u",
    "\x1b[57411u",
    "\x1b[57412u",
    "\x1b[57413u",
    "\x1b[57414u",
    "\x1b[57415u",
    "\x1b[57416u",
    "\x1b[57417u",
    "\x1b[57418u",
    "\x1b[57419u",
    "\x1b[57420u",
    "\x1b[57421u",
    "\x1b[57422u",
    "\x1b[57423u",
    "\x1b[57424u",
    "\x1b[57425u",
    "\x1b[57426u",
    "\x1b[57441u",
    "\x1b[1;1:3A",
    "\x1b[1;5:2A",
    "\x1b[3;5:3~",
    "\x1b[5;1:1~",
    "\x1b[<0;10;5M",
    "\x1b[<0;10;5m",
    "\x1b[<32;11;6M",
    "\x1b[<64;1;1M",
    "\x1b[<65;1;1M",
    "\x1b[<66;1;1M",
    "\x1b[<2;10;5M",
    "\x1b[<1;10;5m",
    "\x1b[<34;10;5M",
    "\x1b[<35;10;5M",
    "\x1b[<4;10;5M",
    "\x1b[<80;10;5M",
    "\x1b[<0;65535;65535M",
    "\x1b[32;10;5M",
    "\x1b[64;10;5M",
    "\x1b[35;10;5M",
    "\x1b[97;10;5M",
    "\x1b[34;10;5M",
    "\x1b[M !!",
    "\x1b[M@+%",
    "\x1b[M#+%",
    "\x1b[Ma+%",
    "\x1b[M\"+%",
    "\x1b[I",
    "\x1b[O",
    "\x1b[?1u",
    "\x1b[?62;22c",
    "\x1b[5;7R",
    "\x1b[200~pasted\rQ\x1b[A ä\x1b[201~",
];

#[test]
fn the_parser_agrees_with_crossterm() {
    let mut pty = Pty::spawn(helper(), &["read-with-crossterm"], &[], SIZE);
    pty.wait_for_bytes("reading");
    for known in KNOWN {
        pty.send(known);
    }
    pty.send("\x04");
    pty.wait_for_bytes("no more");
    let raw = String::from_utf8(pty.raw()).unwrap();
    let read: Vec<&str> = raw.split("read ").skip(1).filter_map(|rest| Some(rest.split_once(" end")?.0)).collect();
    let mut parser = InputParser::default();
    let ours: Vec<String> = KNOWN
        .iter()
        .flat_map(|known| parser.parse(known.as_bytes(), Duration::ZERO))
        // crossterm does not report these.
        .filter(|event| {
            !matches!(
                event,
                InputEvent::KittyKeyboard | InputEvent::DeviceAttributes { .. } | InputEvent::CursorPosition { .. }
            )
        })
        .map(|event| format!("{event:?}"))
        .collect();
    assert_eq!(ours, read);
    println!("{} sequences, {} events", KNOWN.len(), read.len());
    assert!(read.len() > 100);
}
