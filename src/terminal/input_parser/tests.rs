//! The input parser: everything that terminals send, cut anywhere, and random bytes.

use proptest::prelude::*;

use super::*;
use crate::keymap::{Key, MouseGesture, MouseInput};
use crate::picture::Size;
use crate::terminal::Background;

const MS: Duration = Duration::from_millis(1);

/// The events of pieces, each a number of milliseconds after the one before, then of a long pause.
fn timed(pieces: &[(u32, &[u8])]) -> Vec<InputEvent> {
    let (mut parser, mut at, mut events) = (InputParser::default(), Duration::ZERO, Vec::new());
    for (gap, bytes) in pieces {
        at += MS * *gap;
        // As the event loop does: it wakes up at the deadline.
        if let Some(due) = parser.deadline().filter(|due| *due <= at) {
            events.extend(parser.advance_to(due));
        }
        events.extend(parser.parse(bytes, at));
    }
    events.extend(parser.advance_to(at + PASTE_TIMEOUT * 10));
    events
}

fn all(bytes: &[u8]) -> Vec<InputEvent> {
    timed(&[(0, bytes)])
}

/// Keys by their names.
fn keys(names: &str) -> Vec<InputEvent> {
    Key::parse_all(names).expect("keys").into_iter().map(InputEvent::Key).collect()
}

fn pasted(text: &str) -> InputEvent {
    InputEvent::Paste(text.to_owned())
}

fn pointer(gesture: MouseGesture, column: u16, row: u16) -> InputEvent {
    InputEvent::Mouse(MouseInput { gesture, column, row })
}

/// Checks the events of bytes that arrive whole, and cut in two at any place.
#[track_caller]
fn assert_cut(bytes: &[u8], expected: &[InputEvent]) {
    let shown = String::from_utf8_lossy(bytes);
    assert_eq!(all(bytes), expected, "{shown:?}");
    let is_alt =
        bytes.starts_with(&[ESC]) && !matches!(bytes.get(1), Some(b'[' | b'O' | b']' | b'P' | b'_' | b'X' | b'^'));
    for cut in 1..bytes.len() {
        for gap in [1, 20, if is_alt { 30 } else { 99 }] {
            let (one, other) = bytes.split_at(cut);
            assert_eq!(timed(&[(0, one), (gap, other)]), expected, "{shown:?} cut at {cut} for {gap} ms");
        }
    }
    let pieces: Vec<(u32, &[u8])> = bytes.chunks(1).map(|piece| (10, piece)).collect();
    assert_eq!(timed(&pieces), expected, "{shown:?} byte by byte");
}

#[test]
fn keys_as_terminals_send_them() {
    for (bytes, names) in [
        ("a", "a"),
        ("Ж", "Ж"),
        ("日", "日"),
        ("😀", "😀"),
        ("é", "é"),
        (" ", "<space>"),
        ("\r", "<enter>"),
        ("\n", "<ctrl-j>"),
        ("\t", "<tab>"),
        ("\x7f", "<backspace>"),
        ("\x08", "<ctrl-h>"),
        ("\0", "<ctrl-space>"),
        ("\x01\x1a\x03", "<ctrl-a><ctrl-z><ctrl-c>"),
        ("\x1c\x1d\x1e\x1f", "<ctrl-4><ctrl-5><ctrl-6><ctrl-7>"),
        // Cursor keys and those above them.
        ("\x1b[A\x1b[B\x1b[C\x1b[D", "<up><down><right><left>"),
        ("\x1bOA\x1bOB\x1bOC\x1bOD", "<up><down><right><left>"),
        ("\x1b[H\x1b[F\x1bOH\x1bOF", "<home><end><home><end>"),
        ("\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "<home><end><home><end>"),
        ("\x1b[3~\x1b[5~\x1b[6~", "<delete><pgup><pgdn>"),
        ("\x1b[1;2A\x1b[1;5C\x1b[1;6H", "<up><ctrl-right><ctrl-home>"),
        ("\x1b[6;2~\x1b[6;5~", "<pgdn><ctrl-pgdn>"),
        ("\x1b[5A\x1b[;5A\x1b[1A\x1b[1;A", "<ctrl-up><ctrl-up><up><up>"),
        ("\x1b[Z\x1b[1;2Z", "<shift-tab><shift-tab>"),
        // Caps Lock and Num Lock are not modifiers.
        ("\x1b[1;65A\x1b[1;133A\x1b[1;256~", "<up><ctrl-up>"),
        // Function keys: of xterm, of a VT220, of the Linux console.
        ("\x1bOP\x1bOQ\x1bOR\x1bOS", "<f1><f2><f3><f4>"),
        ("\x1b[P\x1b[Q\x1b[S\x1b[1;5P\x1b[1;2S", "<f1><f2><f4><ctrl-f1><f4>"),
        ("\x1b[11~\x1b[12~\x1b[13~\x1b[14~\x1b[15~", "<f1><f2><f3><f4><f5>"),
        ("\x1b[17~\x1b[18~\x1b[19~\x1b[20~\x1b[21~", "<f6><f7><f8><f9><f10>"),
        ("\x1b[23~\x1b[24~\x1b[25~\x1b[26~", "<f11><f12><f13><f14>"),
        ("\x1b[28~\x1b[29~\x1b[31~\x1b[34~", "<f15><f16><f17><f20>"),
        ("\x1b[[A\x1b[[B\x1b[[C\x1b[[D\x1b[[E", "<f1><f2><f3><f4><f5>"),
        ("\x1b[15;5~\x1b[24;2~", "<ctrl-f5><f12>"),
        // rxvt, and terminals in application mode.
        ("\x1b[7$\x1b[8^\x1b[5@\x1b[3$", "<home><ctrl-end><ctrl-pgup><delete>"),
        ("\x1b[a\x1b[d\x1bOa\x1bOd", "<up><left><ctrl-up><ctrl-left>"),
        ("\x1bO5A\x1bO1;2P", "<ctrl-up><f1>"),
        ("\x1bOM\x1bOj\x1bOk\x1bOn\x1bOp\x1bOy", "<enter>*+.09"),
        // kitty's protocol: pressed, repeated, released; other layouts; with text.
        ("\x1b[27u\x1b[13u\x1b[9u\x1b[127u", "<esc><enter><tab><backspace>"),
        ("\x1b[13;2u\x1b[13;5u\x1b[9;2u\x1b[105;5u", "<shift-enter><ctrl-enter><shift-tab><ctrl-i>"),
        ("\x1b[97;1:1u\x1b[97;1:2u\x1b[97;1:3u", "aa"),
        ("\x1b[1;1:2A\x1b[1;1:3A\x1b[3;5:1~\x1b[3;5:3~", "<up><ctrl-delete>"),
        ("\x1b[97:65;2u\x1b[97:65;6u\x1b[1072::97;5u", "A<ctrl-a><ctrl-а>"),
        ("\x1b[97;;97u\x1b[32;5u\x1b[91;5u", "a<ctrl-space><ctrl-[>"),
        ("\x1b[57399u\x1b[57408u\x1b[57409u\x1b[57413u\x1b[57414u\x1b[57416u", "09.+<enter>,"),
        ("\x1b[57417u\x1b[57420u\x1b[57421u\x1b[57424u\x1b[57426u", "<left><down><pgup><end><delete>"),
        ("\x1b[57376u\x1b[57387u", "<f13><f24>"),
        // xterm's `modifyOtherKeys`.
        ("\x1b[27;5;105~\x1b[27;2;13~\x1b[27;5;27~\x1b[27;6;65~", "<ctrl-i><shift-enter><ctrl-esc><ctrl-a>"),
        // Esc before anything else.
        ("\x1b\x1b[A", "<esc><up>"),
        ("\x1b\x1b\x1b\x1b[27u", "<esc><esc><esc><esc>"),
    ] {
        let expected = keys(names);
        if bytes.starts_with("\x1b\x1b") {
            assert_eq!(all(bytes.as_bytes()), expected, "{bytes:?}");
        } else {
            assert_cut(bytes.as_bytes(), &expected);
        }
    }
}

#[test]
fn sequences_without_a_meaning_are_skipped() {
    for bytes in [
        // With Alt and similar modifiers.
        "\x1bj",
        "\x1bQ",
        "\x1b\r",
        "\x1b\x7f",
        "\x1bé",
        "\x1b😀",
        "\x1b[1;3A",
        "\x1b[97;3u",
        "\x1b[97;9u",
        "\x1b[15;3~",
        // Keys without a meaning here.
        "\x1b[2~",
        "\x1b[57358u",
        "\x1b[57441;2u",
        "\x1b[E",
        "\x1b[10u",
        "\x1b[55296u",
        "\x1b[1114112u",
        "\x1b[99999999999u",
        "\x1b[1;300A",
        "\x1b[3;300~",
        "\x1b[999~",
        "\x1b[~",
        "\x1b[u",
        "\x1b[;;;;u",
        "\x1b[0~",
        "\x1b[16~",
        // Unsolicited replies.
        "\x1b[?2026;2$y",
        "\x1b[?1;0$y",
        "\x1b[20;2$y",
        "\x1b[?1;2n",
        "\x1b[?997;3n",
        "\x1b[0n",
        "\x1b[?13n",
        "\x1b[>0;276;0c",
        "\x1b[=1;2c",
        "\x1b[8;24;80t",
        "\x1b[4;600;800t",
        "\x1b[3;0;0t",
        "\x1b[?62;1;4;6;9;15;22;29Z",
        "\x1b[>41;0;0q",
        "\x1b[2;1;1;1;1x",
        "\x1b[1;2;3;4;5;6*y",
        "\x1b[<0;1;2;3y",
        "\x1b]10;rgb:ff/ff/ff\x1b\\",
        "\x1b]4;1;rgb:1/1/1\x07",
        "\x1b]52;c;cVFR\x1b\\",
        "\x1b]lq Q title\x1b\\",
        "\x1b]11;?\x07",
        "\x1b]11;rgb:zz/zz/zz\x1b\\",
        "\x1bP1$r0m\x1b\\",
        "\x1bP!|00000000\x1b\\",
        "\x1bP0+r\x1b\\",
        "\x1bP1+r544e=787465726d\x1b\\",
        "\x1b_Gi=1;EINVAL:q Q\x1b\\",
        "\x1b^Qq\x1b\\",
        "\x1bXQq\x1b\\",
        "\x1bPqQQ\x07",
        // The mouse: other buttons, with modifiers, and impossible coordinates.
        "\x1b[<2;5;5m",
        "\x1b[<1;5;5M",
        "\x1b[<16;5;5M",
        "\x1b[<4;5;5M",
        "\x1b[<35;5;5M",
        "\x1b[<66;5;5M",
        "\x1b[<130;5;5M",
        "\x1b[<300;5;5M",
        "\x1b[<0;0;0M",
        "\x1b[<0;5;0M",
        "\x1b[<0;0;5m",
        "\x1b[<0;70000;1M",
        "\x1b[<0;-3;5M",
        "\x1b[<0;5M",
        "\x1b[<M",
        "\x1b[<0;1;4294967297M",
        "\x1b[32;0;5M",
        "\x1b[0;5M",
        "\x1b[31;5;5M",
        "\x1b[32;5M",
        "\x1b[32;65537;1M",
        "\x1b[M   ",
        "\x1b[M  !",
        "\x1b[M ! ",
        "\x1b[M \0!",
        "\x1b[M\0!!",
        "\x1b[M!!!",
        // Impossible cursor positions.
        "\x1b[0;0R",
        "\x1b[1;0R",
        "\x1b[0;1R",
        "\x1b[R",
        "\x1b[5R",
        "\x1b[70000;1R",
        // C1 control characters.
        "\u{9b}",
        "\u{85}",
    ] {
        assert_cut(bytes.as_bytes(), &[]);
    }
    for bytes in [
        &b"\xff"[..],
        b"\xc3\x28"[..1].as_ref(),
        b"\x80",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\x1b[M\xff\xff\xff",
    ] {
        assert_eq!(all(bytes), [], "{bytes:?}");
    }
    let long = format!("\x1b[?{}c\x1b]11;{}\x07\x1bP{}\x1b\\", "1;".repeat(5000), "0".repeat(9000), "Q".repeat(9000));
    assert_eq!(all(long.as_bytes()), []);
}

#[test]
fn the_mouse_in_three_protocols() {
    use MouseGesture::{Back, Drag, Forward, Menu, Press, Release, Wheel};
    for (bytes, expected) in [
        ("\x1b[<2;10;5M\x1b[<2;10;5m", vec![(Menu, 9, 4)]),
        ("\x1b[<0;10;5M\x1b[<32;11;5M\x1b[<0;11;5m", vec![(Press, 9, 4), (Drag, 10, 4), (Release, 10, 4)]),
        ("\x1b[<64;1;1M\x1b[<65;65535;65535M", vec![(Wheel(-1), 0, 0), (Wheel(1), 65_534, 65_534)]),
        ("\x1b[<128;10;5M\x1b[<128;10;5m\x1b[<129;1;1M\x1b[<130;1;1M", vec![(Back, 9, 4), (Forward, 0, 0)]),
        (
            "\x1b[32;10;5M\x1b[64;11;5M\x1b[35;11;5M\x1b[97;1;1M",
            vec![(Press, 9, 4), (Drag, 10, 4), (Release, 10, 4), (Wheel(1), 0, 0)],
        ),
        (
            "\x1b[M *%\x1b[M@+%\x1b[M#+%\x1b[M`!!",
            vec![(Press, 9, 4), (Drag, 10, 4), (Release, 10, 4), (Wheel(-1), 0, 0)],
        ),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(gesture, x, y)| pointer(gesture, x, y)).collect();
        assert_cut(bytes.as_bytes(), &expected);
    }
    assert_eq!(all(b"\x1b[M \xff\x7f"), [pointer(Press, 222, 94)]);
}

#[test]
fn replies() {
    let (dark, light) = (InputEvent::Background(Background::Dark), InputEvent::Background(Background::Light));
    for (bytes, expected) in [
        ("\x1b]11;rgb:1e1e/1E1E/2e2e\x1b\\", dark.clone()),
        ("\x1b]11;rgb:ff/ff/f0\x07", light.clone()),
        ("\x1b]11;rgba:ffff/ffff/ffff/ffff\x1b\\", light),
        ("\x1b[?0u", InputEvent::KittyKeyboard),
        ("\x1b[?31u", InputEvent::KittyKeyboard),
        ("\x1b[?6c", InputEvent::DeviceAttributes { has_sixel: false }),
        ("\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c", InputEvent::DeviceAttributes { has_sixel: false }),
        ("\x1b[?4;6c", InputEvent::DeviceAttributes { has_sixel: false }),
        ("\x1b[?63;1;2;4;6c", InputEvent::DeviceAttributes { has_sixel: true }),
        ("\x1b_Gi=31;OK\x1b\\", InputEvent::KittyGraphics(true)),
        ("\x1b_Gi=31,p=2;OK\x1b\\", InputEvent::KittyGraphics(true)),
        ("\x1b_Gi=31;ENOTSUPPORTED:Q;q\x1b\\", InputEvent::KittyGraphics(false)),
        ("\x1bP>|kitty(0.32.2)\x1b\\", InputEvent::TerminalName("kitty(0.32.2)".to_owned())),
        ("\x1bP>|tmux 3.3a\x07", InputEvent::TerminalName("tmux 3.3a".to_owned())),
        ("\x1b[6;20;10t", InputEvent::CellSize(Size::new(10, 20))),
        ("\x1b[?1;0;256S", InputEvent::SixelColours(256)),
        ("\x1b[?997;1n", InputEvent::ColourScheme(Background::Dark)),
        ("\x1b[?997;2n", InputEvent::ColourScheme(Background::Light)),
        ("\x1b[12;34R", InputEvent::CursorPosition { column: 33, row: 11 }),
        ("\x1b[I", InputEvent::Focus(true)),
        ("\x1b[O", InputEvent::Focus(false)),
        ("\x1b[200~q\x1b[Q\x1b[20\x1b\x1b[201~", pasted("q\x1b[Q\x1b[20\x1b")),
    ] {
        assert_cut(bytes.as_bytes(), std::slice::from_ref(&expected));
        // Among keys.
        let among = [keys("j"), vec![expected], keys("Q")].concat();
        assert_cut(format!("j{bytes}Q").as_bytes(), &among);
    }
    // Replies to other questions, or with nonsense.
    for bytes in [
        "\x1b_Gi=32;OK\x1b\\",
        "\x1b_Gi=;OK\x1b\\",
        "\x1b_GOK\x1b\\",
        "\x1b_Xi=31;OK\x1b\\",
        "\x1bP>|\x1b\\",
        "\x1bP>|é\x1b\\",
        "\x1bP1+r544e\x1b\\",
        "\x1b[6;0;10t",
        "\x1b[6;20;201t",
        "\x1b[6;20t",
        "\x1b[4;600;800t",
        "\x1b[?1;3;0S",
        "\x1b[?2;0;800;600S",
    ] {
        assert_cut(format!("j{bytes}Q").as_bytes(), &keys("jQ"));
    }
    // A reply cut off by another.
    assert_eq!(all(b"\x1b]11;rgb:ff/\x1b]11;rgb:0/0/0\x07j"), [vec![dark], keys("j")].concat());
}

#[test]
fn a_byte_that_cannot_belong_to_a_sequence_ends_it() {
    for (bytes, names) in [
        (&b"\x1b[<0;1\x03Q"[..], "<ctrl-c>Q"),
        (b"\x1b[5\rQ", "<enter>Q"),
        (b"\x1b[\x1b[A", "<up>"),
        (b"\x1b[?6;\x1b[<0;1\x1bOA", "<up>"),
        (b"\x1b[1;5\xc3\xa9", "é"),
        (b"\x1b]11;rgb:\x03Q", "<ctrl-c>Q"),
        (b"\x1b]11;rgb:\x1b[AQ", "<up>Q"),
        (b"\x1bP1$r\x1bOAQ", "<up>Q"),
        (b"\x1b_Gi\x7fQ", "<backspace>Q"),
        (b"\x1bO\x03", "<ctrl-c>"),
        (b"\x1b[M !\x03Q", "<ctrl-c>Q"),
        (b"\x1b[[\x1b[[A", "<f1>"),
        (b"\xf0\x9fQ", "Q"),
        (b"\xf0\x9f\xc3\xa9", "é"),
        (b"\xe6\x97\x1b[A", "<up>"),
        (b"\x1b\xc3Q", "Q"),
        (b"\xffQ\x80", "Q"),
    ] {
        assert_eq!(all(bytes), keys(names), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn esc_is_a_key_if_nothing_follows() {
    let mut parser = InputParser::default();
    assert_eq!(parser.parse(b"j\x1b", MS), keys("j"));
    assert_eq!(parser.deadline(), Some(MS * 101));
    assert_eq!(parser.advance_to(MS * 100), []);
    assert_eq!(parser.advance_to(MS * 101), keys("<esc>"));
    assert_eq!((parser.deadline(), parser.advance_to(MS * 9999)), (None, vec![]));
    // A key within 30 ms was pressed with Alt. Later, both keys could have been typed.
    for (gap, names) in [(1, ""), (29, ""), (31, "<esc>j"), (99, "<esc>j"), (101, "<esc>j")] {
        assert_eq!(timed(&[(0, b"\x1b"), (gap, b"j")]), keys(names), "{gap}");
    }
    for (gap, names) in [(1, "<esc><esc>"), (50, "<esc><esc>"), (200, "<esc><esc>")] {
        assert_eq!(timed(&[(0, b"\x1b"), (gap, b"\x1b")]), keys(names), "{gap}");
    }
    // The parser is called late.
    let mut parser = InputParser::default();
    assert_eq!(parser.parse(b"\x1b", MS), []);
    assert_eq!(parser.parse(b"q", MS * 900), keys("<esc>q"));
}

#[test]
fn the_rest_of_an_abandoned_sequence_is_discarded() {
    for bytes in [
        "\x1b[A",
        "\x1b[1;5A",
        "\x1bOA",
        "\x1bOP",
        "\x1b[<65;10;5M",
        "\x1b[<0;10;5m",
        "\x1b[M!!!",
        "\x1b[[A",
        "\x1b[15~",
        "\x1b[97;5u",
        "\x1b[?6c",
        "\x1b[12;34R",
        "\x1b[?2026;2$y",
        "\x1bP1$r0m\x1b\\",
        "\x1b_Gi=1;OK\x1b\\",
        "\x1b]4;1;rgb:1/1/1\x07",
        "\x1bXQ\x1b\\",
    ] {
        let bytes = bytes.as_bytes();
        for cut in 2..bytes.len() {
            for gap in [100, 500, 999] {
                let (one, other) = bytes.split_at(cut);
                if one == b"\x1bX" {
                    continue; // indistinguishable from Alt-X
                }
                let events = timed(&[(0, one), (gap, other), (1001, b"Q")]);
                let is_key = |event: &&InputEvent| matches!(event, InputEvent::Key(_) | InputEvent::Mouse(_));
                let typed: Vec<_> = events.iter().filter(is_key).cloned().collect();
                assert_eq!(typed, keys("Q"), "{:?} cut at {cut} for {gap} ms", String::from_utf8_lossy(bytes));
            }
        }
    }
    // Replies and pastes are recognised even then.
    let dark = InputEvent::Background(Background::Dark);
    assert_eq!(timed(&[(0, b"\x1b]11;rgb:0"), (400, b"/0/0\x1b\\")]), [dark]);
    assert_eq!(timed(&[(0, b"\x1b[20"), (400, b"0~Q\x1b[201~j")]), [vec![pasted("Q")], keys("j")].concat());
    for (bytes, expected) in [
        ("\x1b_Gi=31;OK\x1b\\", InputEvent::KittyGraphics(true)),
        ("\x1bP>|WezTerm 2024\x1b\\", InputEvent::TerminalName("WezTerm 2024".to_owned())),
        ("\x1b[6;18;9t", InputEvent::CellSize(Size::new(9, 18))),
    ] {
        for cut in 3..bytes.len() {
            let (one, other) = bytes.as_bytes().split_at(cut);
            assert_eq!(timed(&[(0, one), (700, other)]), std::slice::from_ref(&expected), "{bytes:?} cut at {cut}");
        }
    }
    // A reply that never ends is given up, whatever its length.
    for begun in ["\x1b_Gi=31;", "\x1bP>|"] {
        let endless = [begun.as_bytes(), &[b'Q'; 9_000]].concat();
        assert_eq!(timed(&[(0, &endless), (1001, b"j")]), keys("j"));
        assert_eq!(timed(&[(0, &endless), (100, b"\x1b\\"), (1, b"j")]), keys("j"));
    }
    // What could be typed with Alt does not discard keys.
    for alt in ["\x1b]", "\x1bP", "\x1b_", "\x1bX", "\x1b^", "\x1bO"] {
        assert_eq!(timed(&[(0, alt.as_bytes()), (200, b"j")]), keys("j"), "{alt:?}");
    }
    assert_eq!(timed(&[(0, b"\x1b["), (200, b"jk")]), keys("k"));
    assert_eq!(timed(&[(0, b"\x1b["), (1001, b"jk")]), keys("jk"));
}

#[test]
fn a_sequence_may_follow_its_esc_late() {
    for tail in [
        "[A",
        "OA",
        "[<65;10;5M",
        "[<2;1;1M",
        "[1;5A",
        "[?6c",
        "[?1;2n",
        "[M!!!",
        "[15~",
        "_Gi=9;OK\x1b\\",
        "P>|\x1b\\",
    ] {
        let mut events = timed(&[(0, b"\x1b"), (150, tail.as_bytes()), (1, b"j")]);
        events.retain(|event| !matches!(event, InputEvent::DeviceAttributes { .. }));
        assert_eq!(events, keys("<esc>j"), "{tail}");
        // Much later, it must have been typed.
        assert_ne!(timed(&[(0, b"\x1b"), (1001, tail.as_bytes())]), keys("<esc>"), "{tail}");
    }
    assert_eq!(
        timed(&[(0, b"\x1b"), (150, b"[200~Q"), (1, b"\x1b[201~")]),
        [keys("<esc>"), vec![pasted("Q")]].concat()
    );
    for (tail, rest) in [("[<65;1", "0;5M"), ("P>|QQ", "Q\x1b\\"), ("]11;rgb:1/1", "/1\x07"), ("_Gi=1;Q", "Q\x1b\\")] {
        let mut events = timed(&[(0, b"\x1b"), (150, tail.as_bytes()), (50, rest.as_bytes()), (1001, b"j")]);
        events.retain(|event| matches!(event, InputEvent::Key(_)));
        assert_eq!(events, keys("<esc>j"), "{tail}");
    }
    for typed in ["[", "[j", "j[A", "O", "Oq", "]", "]jj", "Pq", "Pqq", "_j", "q", "qqq"] {
        assert_eq!(timed(&[(0, b"\x1b"), (150, typed.as_bytes())]), keys(&format!("<esc>{typed}")), "{typed}");
    }
}

#[test]
fn a_paste_ends_with_its_end_sequence_or_a_pause() {
    assert_eq!(all(b"\x1b[200~qQ\x1b[Aj\r\x03\x1b[201~k"), [vec![pasted("qQ\x1b[Aj\r\x03")], keys("k")].concat());
    assert_eq!(all(b"\x1b[200~\x1b[201~k"), keys("k"));
    let mut parser = InputParser::default();
    assert_eq!(parser.parse(b"\x1b[200~half", MS), []);
    assert_eq!(parser.deadline(), Some(MS * 501));
    assert_eq!(parser.parse(b" of it", MS * 400), []);
    assert_eq!(parser.advance_to(MS * 899), []);
    assert_eq!(parser.advance_to(MS * 900), [pasted("half of it")]);
    assert_eq!(parser.parse(b"Q", MS * 901), keys("Q"));
    // What follows is still the paste if it is more than typing sends at once, or contains the end.
    let more = "Q".repeat(MAX_TYPED_BYTES + 1);
    let events = timed(&[(0, b"\x1b[200~a"), (700, more.as_bytes()), (1, b"Q"), (700, b"Q\x1b[201~"), (1, b"k")]);
    assert_eq!(events, [vec![pasted("a"), pasted(&format!("{more}Q")), pasted("Q")], keys("k")].concat());
    let wheel = "\x1b[<65;10;5M".repeat(9);
    assert_eq!(timed(&[(0, b"\x1b[200~a"), (700, wheel.as_bytes())]).len(), 10, "mouse events are not pasted text");
    assert_eq!(timed(&[(0, b"\x1b[200~a"), (11_000, b"jk")]), [vec![pasted("a")], keys("jk")].concat());
    // The pause came in the middle of the end sequence.
    for cut in 1..PASTE_END.len() {
        let (one, other) = PASTE_END.split_at(cut);
        let events = timed(&[(0, b"\x1b[200~a"), (0, one), (700, other), (1001, b"Q")]);
        if cut > 1 {
            assert_eq!(events, [vec![pasted("a")], keys("Q")].concat(), "{cut}");
        }
    }
}

#[test]
fn a_long_paste_is_cut_between_characters() {
    for times in [MAX_PASTE_CHARS, MAX_PASTE_CHARS + 1, 2_000_000] {
        for character in ["港", "😀", "a", "\n"] {
            let bytes = format!("\x1b[200~{}\x1b[201~", character.repeat(times));
            assert_eq!(all(bytes.as_bytes()), [pasted(&character.repeat(MAX_PASTE_CHARS))]);
        }
    }
}

#[test]
fn a_key_that_is_held_down_gets_through() {
    for begun in ["\x1b[<0;1", "\x1b[", "\x1b]11;", "\x1bP1", "\x1b_G", "\x1b[?"] {
        for key in ["5", "j"] {
            let mut pieces: Vec<(u32, &[u8])> = vec![(0, begun.as_bytes())];
            pieces.extend(std::iter::repeat_n((33, key.as_bytes()), 60));
            let heard = timed(&pieces).len();
            assert!(heard >= 29, "{begun:?}: {key} arrived {heard} times");
        }
    }
}

/// Bytes that terminals send, and parts of such.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const WORDS: [&str; 45] = [
        "\x1b",
        "\x1b[",
        "\x1bO",
        "\x1b]",
        "\x1bP",
        "\x1b_",
        "\x1b^",
        "\x1bX",
        "\x1b[<",
        "\x1b[?",
        "\x1b[M",
        "\x1b[[",
        "\x1b[200~",
        "\x1b[201~",
        "\x1b[201",
        "\x1b\\",
        "\x07",
        "0",
        "1",
        ";",
        ":",
        "32",
        "997",
        "65536",
        "4294967296",
        "M",
        "m",
        "u",
        "c",
        "n",
        "R",
        "~",
        "$",
        "y",
        "A",
        "11;rgb:",
        "ff/ff/ff",
        "Gi=31",
        "OK",
        ">|",
        "t",
        "S",
        "G",
        "é",
        "😀",
    ];
    let word = prop::sample::select(WORDS.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let part = prop_oneof![3 => word, 1 => any::<u8>().prop_map(|byte| vec![byte])];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn after_any_bytes_a_key_arrives_a_second_later(
        pieces in prop::collection::vec((prop_oneof![Just(0_u32), 0..200_u32, 0..2000_u32], pieces()), 0..8),
    ) {
        let mut parser = InputParser::default();
        let mut at = Duration::ZERO;
        for (gap, bytes) in &pieces {
            at += MS * *gap;
            parser.parse(bytes, at);
            prop_assert!(parser.partial.len() <= MAX_SEQUENCE);
        }
        let mut later = parser.advance_to(at + DISCARD_WINDOW);
        later.extend(parser.parse(b"Q", at + DISCARD_WINDOW));
        prop_assert_eq!(later.pop().into_iter().collect::<Vec<_>>(), keys("Q"));
        prop_assert!(parser.is_idle() && parser.deadline().is_none());
    }

    #[test]
    fn cuts_do_not_change_the_events(bytes in pieces(), gaps in prop::collection::vec(0..=30_u32, 300)) {
        let pieces: Vec<(u32, &[u8])> = gaps.into_iter().zip(bytes.chunks(1)).collect();
        // A sequence that takes a second is given up.
        prop_assume!(pieces.iter().map(|(gap, _)| gap).sum::<u32>() < 1000);
        prop_assert_eq!(timed(&pieces), all(&bytes));
    }
}
