//! Asks the terminal once what it can do, and reads the answers among the keys.
//!
//! Bytes that are no answer are keys that somebody typed meanwhile, and are handed on as such. An answer that comes after the
//! time is over is read by crossterm: those that are sequences of keys (CSI) it drops by itself, of the colour it makes
//! Alt-] and letters, which [`Late`] takes out again, however late they come.
//!
//! How the terminal counts columns is measured before the first frame: some clusters are written on the screen, which is cleared
//! in the same breath, and the answers are read with the others.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::stdio::stdin;

use super::capabilities::{Background, Capabilities, Widths};
use super::typed::{self, Token};

/// The colour of the background; the modes of the keyboard, which only a terminal that has them answers; and what kind of
/// terminal it is, which every one answers: so that is the end of the answers.
const QUESTION: &[u8] = b"\x1b]11;?\x1b\\\x1b[?u\x1b[c";
/// The row in which columns are measured: not the first, where the place of the cursor looks like a key.
const MEASURED_ROW: u16 = 2;
/// How long answers are waited for.
const LIMIT: Duration = Duration::from_millis(100);
/// How long the end of a paste is waited for that began meanwhile.
const PASTE: Duration = Duration::from_secs(2);

/// What came of a question.
pub struct Asked {
    /// What the terminal answered.
    pub capabilities: Capabilities,
    /// What was typed meanwhile.
    pub typed: Vec<Event>,
    /// What looks out for the answer that did not come.
    pub late: Late,
}

/// Writes clusters on the screen, and asks behind each where the cursor stands. The screen must be cleared behind them.
pub fn measure_widths(output: &mut impl Write) -> io::Result<()> {
    Widths::MEASURED.iter().try_for_each(|cluster| write!(output, "\x1b[{MEASURED_ROW};1H{cluster}\x1b[6n"))
}

/// Asks, and waits a moment for the answers.
pub fn ask(mut output: impl Write) -> io::Result<Asked> {
    output.write_all(QUESTION)?;
    output.flush()?;
    let mut answers = Answers::default();
    let begun = Instant::now();
    let mut buffer = [0; 1024];
    while !answers.are_complete() {
        let limit = if answers.in_paste() { PASTE } else { LIMIT };
        let Some(left) = limit.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) else { break };
        let left = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
        match poll(&mut [PollFd::from_borrowed_fd(stdin(), PollFlags::IN)], Some(&left)) {
            Ok(0) => break,
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        match rustix::io::read(stdin(), &mut buffer) {
            Ok(count @ 1..) => answers.take(buffer.get(..count).unwrap_or_default()),
            Err(rustix::io::Errno::INTR) => {}
            // The terminal is gone; whoever reads next will notice.
            _ => break,
        }
    }
    Ok(answers.finish())
}

/// Answers and keys as they come.
#[derive(Default)]
struct Answers {
    capabilities: Capabilities,
    typed: Vec<Event>,
    /// Of the clusters that were measured.
    columns: Vec<u16>,
    ended: bool,
    /// The beginning of a sequence.
    rest: Vec<u8>,
}

impl Answers {
    fn take(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        while let Some((length, token)) = typed::next(&self.rest) {
            self.rest.drain(..length);
            match token {
                Token::Background(colour) => self.capabilities.background = Some(Background::of_colour(colour)),
                Token::Kitty => self.capabilities.kitty = true,
                Token::Kind => self.ended = true,
                Token::Cursor([MEASURED_ROW, column]) => self.columns.push(column - 1),
                Token::Cursor(_) => {}
                Token::Typed(event) => self.typed.push(event),
                Token::Nothing => {}
            }
        }
    }

    /// The last answer is there, and nothing is half read.
    fn are_complete(&self) -> bool {
        self.ended && self.rest.is_empty()
    }

    fn in_paste(&self) -> bool {
        self.rest.starts_with(typed::PASTE)
    }

    fn finish(mut self) -> Asked {
        let owes = self.capabilities.background.is_none();
        // With an answer missing it is not known which is which.
        if let Ok(columns) = self.columns.as_slice().try_into() {
            self.capabilities.widths = Widths::of_columns(columns);
        }
        let mut late = Late { owes, ..Late::default() };
        match self.rest.as_slice() {
            b"\x1b" => self.typed.push(Event::Key(KeyCode::Esc.into())),
            rest if rest.starts_with(typed::PASTE) => {
                let text = String::from_utf8_lossy(rest.get(typed::PASTE.len()..).unwrap_or_default()).into_owned();
                self.typed.push(Event::Paste(text));
            }
            rest => late.begun = rest.to_vec(),
        }
        Asked { capabilities: self.capabilities, typed: self.typed, late }
    }
}

/// Takes an answer that comes late out of the keys.
#[derive(Debug, Default)]
pub struct Late {
    /// The answer may still come.
    owes: bool,
    /// What of a sequence has come.
    begun: Vec<u8>,
    /// The keys that crossterm made of it.
    held: Vec<Event>,
}

impl Late {
    /// Gives the events that are to be taken in now, and the answer when this was the end of it. What looks like its
    /// beginning is held back until it is known whether it is.
    pub fn take(&mut self, event: Event) -> (Vec<Event>, Option<Background>) {
        let opens =
            matches!(event, Event::Key(KeyEvent { code: KeyCode::Char(']'), modifiers: KeyModifiers::ALT, .. }));
        if self.begun.is_empty() && !(self.owes && opens) {
            return (vec![event], None);
        }
        // The window may change its size whenever it likes.
        let Event::Key(key) = event else { return (vec![event], None) };
        match bytes(key) {
            Some(bytes) => self.begun.extend(bytes),
            None => return (self.release(event), None),
        }
        self.held.push(Event::Key(key));
        match typed::next(&self.begun) {
            Some((_, Token::Background(colour))) => {
                *self = Late::default();
                (Vec::new(), Some(Background::of_colour(colour)))
            }
            Some((_, Token::Kitty | Token::Kind | Token::Cursor(_))) => {
                (self.begun, self.held) = Default::default();
                (Vec::new(), None)
            }
            // A key of which the first half was read by us.
            Some((_, Token::Typed(event))) => {
                (self.begun, self.held) = Default::default();
                (vec![event], None)
            }
            None if typed::may_be_answer(&self.begun) => (Vec::new(), None),
            _ => {
                let last = self.held.pop().unwrap_or(event);
                (self.release(last), None)
            }
        }
    }

    /// It was no answer after all.
    fn release(&mut self, last: Event) -> Vec<Event> {
        self.begun.clear();
        let mut held = std::mem::take(&mut self.held);
        held.push(last);
        held
    }
}

/// The bytes from which crossterm made a key, for those of an answer.
fn bytes(key: KeyEvent) -> Option<Vec<u8>> {
    match (key.code, key.modifiers) {
        (KeyCode::Char('g'), KeyModifiers::CONTROL) => Some(vec![0x07]),
        (KeyCode::Char(c @ (']' | '\\')), KeyModifiers::ALT) => Some(vec![0x1b, c as u8]),
        (KeyCode::Char(c), KeyModifiers::NONE | KeyModifiers::SHIFT) if c.is_ascii_graphic() => Some(vec![c as u8]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DARK: &str = "\x1b]11;rgb:1e1e/1E1E/2e2e\x1b\\";
    const LIGHT: &str = "\x1b]11;rgb:ff/ff/f0\x07";

    fn asked(parts: &[&[u8]]) -> Asked {
        let mut answers = Answers::default();
        parts.iter().for_each(|part| answers.take(part));
        answers.finish()
    }

    fn key(c: char) -> Event {
        Event::Key(KeyCode::Char(c).into())
    }

    #[test]
    fn answers_cut_anywhere_are_read_and_keys_between_them_are_kept() {
        for (text, background, kitty, keys) in [
            (format!("{DARK}\x1b[?0u\x1b[?62;22c"), Some(Background::Dark), true, ""),
            (format!("j{LIGHT}é\x1b[?1u日\x1b[?6cG"), Some(Background::Light), true, "jé日G"),
            (format!("{DARK}\x1b[?64;1;2c"), Some(Background::Dark), false, ""),
            ("a\x1b[?1;2c".to_owned(), None, false, "a"),
            ("\x1b]11;rgb:zz/\x1b[?6cx".to_owned(), None, false, "x"),
            ("\x1b]10;?\x07x\x1b]11;nonsense\x1b\\y\x1b[?6c".to_owned(), None, false, "xy"),
        ] {
            let bytes = text.as_bytes();
            for cut in 0..=bytes.len() {
                for second in [cut, (cut + 1).min(bytes.len()), bytes.len()] {
                    let Asked { capabilities, typed, .. } =
                        asked(&[&bytes[..cut], &bytes[cut..second], &bytes[second..]]);
                    let widths = Widths::default();
                    assert_eq!(capabilities, Capabilities { background, kitty, widths }, "{text:?} cut at {cut}");
                    assert_eq!(typed, keys.chars().map(key).collect::<Vec<_>>(), "{text:?} cut at {cut}");
                }
            }
        }
    }

    #[test]
    fn columns_are_known_when_all_answers_come() {
        let none = Widths::default();
        let wide = Widths { joined_are_wide: true, toned_are_wide: true, ..none };
        for (text, expected) in [
            ("\x1b[2;9R\x1b[2;5R\x1b[2;2R\x1b[2;2R", wide),
            ("\x1b[2;9Rj\x1b[2;5R\x1b[7;1R\x1b[2;2R\x1b[1;2R\x1b[2;2R", wide),
            ("\x1b[2;12R\x1b[2;5R\x1b[2;2R\x1b[2;3R", Widths { marks_take_columns: true, ..wide }),
            ("\x1b[2;3R\x1b[2;3R\x1b[2;3R\x1b[2;2R", none),
            ("\x1b[2;9R\x1b[2;5R\x1b[2;2R", none),
            ("\x1b[2;9R\x1b[2;9R\x1b[2;9R\x1b[2;9R\x1b[2;9R", none),
        ] {
            assert_eq!(asked(&[text.as_bytes(), b"\x1b[?6c"]).capabilities.widths, expected, "{text:?}");
        }
    }

    #[test]
    fn the_end_is_known() {
        let mut answers = Answers::default();
        answers.take(DARK.as_bytes());
        assert!(!answers.are_complete());
        answers.take(b"\x1b[?62c\xc3");
        assert!(!answers.are_complete(), "half a letter");
        answers.take(b"\xa9");
        assert!(answers.are_complete());
    }

    #[test]
    fn a_paste_that_began_meanwhile_is_one() {
        let text = format!("\x1b[200~qq\nq\x1b[201~{DARK}\x1b[?6c");
        let Asked { typed, capabilities, .. } = asked(&[text.as_bytes()]);
        assert_eq!(typed, [Event::Paste("qq\nq".to_owned())]);
        assert_eq!(capabilities.background, Some(Background::Dark));
        assert_eq!(asked(&[b"\x1b[200~Qq"]).typed, [Event::Paste("Qq".to_owned())]);
    }

    #[test]
    fn a_lone_escape_is_the_key() {
        assert_eq!(asked(&[b"\x1b"]).typed, [Event::Key(KeyCode::Esc.into())]);
        let Asked { typed, capabilities, .. } = asked(&[b"\x1b", DARK.as_bytes()]);
        assert_eq!(typed, [Event::Key(KeyCode::Esc.into())]);
        assert_eq!(capabilities.background, Some(Background::Dark));
    }

    /// The events that crossterm makes of a late answer.
    fn events(text: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            events.push(Event::Key(match c {
                '\x1b' => KeyEvent::new(KeyCode::Char(chars.next().expect("a letter")), KeyModifiers::ALT),
                '\x07' => KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL),
                c if c.is_uppercase() => KeyEvent::new(KeyCode::Char(c), KeyModifiers::SHIFT),
                c => KeyCode::Char(c).into(),
            }));
        }
        events
    }

    #[test]
    fn a_late_answer_does_not_become_keys() {
        for (answer, background) in [(DARK, Background::Dark), (LIGHT, Background::Light)] {
            // Cut behind its first byte, that is the key Esc.
            for cut in (0..answer.len()).filter(|cut| *cut != 1) {
                let mut late = asked(&[&answer.as_bytes()[..cut]]).late;
                let mut typed = Vec::new();
                let mut found = None;
                let before = if cut == 0 { events("jk") } else { Vec::new() };
                let after = events("G\x1b]q");
                for event in before.into_iter().chain(events(&answer[cut..])).chain(after) {
                    let (passed, answered) = late.take(event);
                    typed.extend(passed);
                    found = found.or(answered);
                }
                assert_eq!(found, Some(background), "{answer:?} cut at {cut}");
                let expected = if cut == 0 { "jkG\x1b]q" } else { "G\x1b]q" };
                assert_eq!(typed, events(expected), "{answer:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_is_no_answer_after_all_is_typed() {
        for text in ["\x1b]j", "\x1b]11q", "\x1b]11;rgb:1e1q", "\x1b]]", "\x1b]\x1b\\", "]11;rgb:0/0/0", "\x1b]1\x07j"]
        {
            let mut late = Late { owes: true, ..Late::default() };
            let typed: Vec<Event> = events(text).into_iter().flat_map(|event| late.take(event).0).collect();
            assert_eq!(typed, events(text), "{text:?}");
        }
        let mut late = asked(&[DARK.as_bytes(), b"\x1b[?6c"]).late;
        let typed: Vec<Event> = events(LIGHT).into_iter().flat_map(|event| late.take(event).0).collect();
        assert_eq!(typed.len(), events(LIGHT).len(), "nothing is owed any more");
    }
}
