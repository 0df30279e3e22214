//! What comes from the terminal as bytes, each at its time, taken apart into keys, the mouse, pasted text and answers.
//!
//! Nothing that comes can hold up what comes a second later: what is unfinished is given up. Which bytes belong together
//! is told here, and what they mean in [`sequence`].

use std::time::Duration;

use super::escape_sequence::{self, InputEvent};

/// How long the next byte of a sequence, or of a character, is waited for; and after Esc, whether it is a key or begins one.
const NEXT: Duration = Duration::from_millis(100);
/// How soon after Esc a key must come to be held down with Alt. Nobody types two keys so fast.
const ALT: Duration = Duration::from_millis(30);
/// How long the rest of a sequence that was given up is swallowed, and how long one may take that a hand could have typed.
const REST: Duration = Duration::from_secs(1);
/// How long pasted text may stop and go on.
const SILENCE: Duration = Duration::from_millis(500);
/// How long more of a paste may come that stopped without its end.
const MORE: Duration = Duration::from_secs(10);

const ESC: u8 = 0x1b;
const BELL: u8 = 0x07;
/// What stands before text that is pasted, between `ESC [` and `~`; and all of what stands behind the text.
const PASTE: &[u8] = b"200";
const PASTED: &[u8] = b"\x1b[201~";
/// Bytes of a sequence that are kept. No longer one means anything here.
const LONGEST: usize = 256;
/// The most that is taken of one paste, in characters: more is no query and no name.
const TEXT: usize = 4000;
/// Bytes that come at once from no hand.
const HAND: usize = 32;

/// Takes apart what comes.
#[derive(Debug, Default)]
pub struct InputParser {
    /// The beginning of a sequence or of a character.
    begun: Vec<u8>,
    /// When the first byte of it came, and the last.
    first: Duration,
    last: Duration,
    /// It was given up: its rest means nothing, and is looked out for until then.
    rest_until: Option<Duration>,
    paste: Option<Paste>,
    /// Until when the rest may come of a sequence whose Esc was taken for the key.
    esc_until: Duration,
    /// Until when more may come of a paste that stopped without its end.
    more_until: Duration,
}

/// Text that is being pasted.
#[derive(Debug, Default)]
struct Paste {
    text: Vec<u8>,
    /// How much of its end has come.
    ended: usize,
}

/// What a byte does to what has begun.
enum Step {
    /// It belongs to it, and more must come.
    More,
    /// It is the last one; some mean nothing.
    Whole(Option<InputEvent>),
    /// Text that is pasted follows.
    Paste,
    /// It cannot belong to it.
    Foreign,
}

impl InputParser {
    /// Takes bytes that came at once; `at` is when, since any beginning.
    pub fn take(&mut self, bytes: &[u8], at: Duration) -> Vec<InputEvent> {
        let mut events = self.time_is(at);
        if self.is_idle() && at < self.more_until && is_more_of_paste(bytes) {
            self.paste = Some(Paste::default());
        }
        if self.is_idle() && at < self.esc_until && is_tail(bytes) {
            (self.begun, self.first, self.rest_until) = (vec![ESC], at, Some(self.esc_until));
        }
        for byte in bytes {
            self.take_one(*byte, at, &mut events);
        }
        events
    }

    /// Takes note of the time: what is unfinished for too long is given up.
    pub fn time_is(&mut self, at: Duration) -> Vec<InputEvent> {
        let mut events = Vec::new();
        let silent = at.saturating_sub(self.last);
        if self.paste.is_some() {
            if silent < SILENCE {
                return events;
            }
            self.more_until = self.last + MORE;
            self.end_paste(&mut events);
        }
        if silent >= NEXT && self.rest_until.is_none() {
            if self.begun == [ESC] {
                events.extend(escape_sequence::character('\x1b'));
                self.esc_until = self.last + REST;
            }
            // What could as well be typed is not swallowed.
            let is_sequence =
                matches!(self.begun.as_slice(), [ESC, b'[' | b'O' | b']' | b'P' | b'_', ..] | [ESC, _, _, ..]);
            if is_sequence {
                self.rest_until = Some(self.last + REST);
            } else {
                self.forget();
            }
        }
        // Who holds down a key leaves no gap in which a sequence could end.
        let is_old = at.saturating_sub(self.first) >= REST && self.begun.len() < LONGEST;
        if is_old || self.rest_until.is_some_and(|until| at >= until) {
            self.forget();
        }
        events
    }

    /// When the time must be told, if no more comes until then: what has begun becomes an event by it.
    pub fn due(&self) -> Option<Duration> {
        match &self.paste {
            Some(_) => Some(self.last + SILENCE),
            None => (self.begun == [ESC]).then(|| self.last + NEXT),
        }
    }

    fn is_idle(&self) -> bool {
        self.begun.is_empty() && self.paste.is_none()
    }

    fn forget(&mut self) {
        self.begun.clear();
        self.rest_until = None;
    }

    fn take_one(&mut self, byte: u8, at: Duration, events: &mut Vec<InputEvent>) {
        if self.paste.is_some() {
            self.last = at;
            return self.take_pasted(byte, events);
        }
        // Each turn but the last makes what has begun shorter.
        loop {
            match self.step(byte, at) {
                Step::More => {
                    if self.begun.is_empty() {
                        self.first = at;
                    }
                    if self.begun.len() == LONGEST {
                        self.begun.pop();
                    }
                    self.begun.push(byte);
                    self.last = at;
                    return;
                }
                Step::Whole(event) => {
                    let is_answer = |event: &InputEvent| !matches!(event, InputEvent::Key(_) | InputEvent::Mouse(_));
                    let (is_cut, is_late) = (self.begun.len() == LONGEST, self.rest_until.is_some());
                    events.extend(event.filter(|event| !is_cut && (!is_late || is_answer(event))));
                    return self.forget();
                }
                Step::Paste => {
                    self.forget();
                    (self.paste, self.last) = (Some(Paste::default()), at);
                    return;
                }
                Step::Foreign if self.begun == [ESC] => {
                    events.extend(escape_sequence::character('\x1b'));
                    self.forget();
                }
                Step::Foreign => {
                    // A string ends with two bytes; the first of them may as well begin something else.
                    let is_begun_anew = self.begun.len() > 2 && self.begun.ends_with(&[ESC]);
                    self.forget();
                    if is_begun_anew {
                        (self.begun, self.first) = (vec![ESC], self.last);
                    }
                }
            }
        }
    }

    fn step(&self, byte: u8, at: Duration) -> Step {
        let is_late = self.rest_until.is_some();
        match self.begun.as_slice() {
            [] => match byte {
                ESC | 0xc2..=0xf4 => Step::More,
                0x00..0x80 => Step::Whole(escape_sequence::character(char::from(byte))),
                _ => Step::Whole(None),
            },
            [ESC] => match byte {
                ESC => Step::Foreign,
                b'[' | b'O' | b']' | b'P' | b'_' | b'^' | b'X' => Step::More,
                _ if at.saturating_sub(self.last) > ALT => Step::Foreign,
                0x00..0x80 => Step::Whole(None),
                _ => Step::More,
            },
            [ESC, b'[', body @ ..] => control(body, byte),
            [ESC, b'O'] if is_late && !matches!(byte, b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S') => Step::Foreign,
            [ESC, b'O', body @ ..] => match byte {
                b'0'..=b'9' | b';' => Step::More,
                0x40..0x7f => Step::Whole(escape_sequence::application(body, byte)),
                _ => Step::Foreign,
            },
            [ESC, kind @ (b']' | b'P' | b'_' | b'^' | b'X'), body @ ..] => string(*kind, body, byte, is_late),
            // Held down with Alt, which means nothing here.
            [ESC, character @ ..] => match utf8(character, byte) {
                Step::Whole(_) => Step::Whole(None),
                step => step,
            },
            character => utf8(character, byte),
        }
    }

    fn take_pasted(&mut self, byte: u8, events: &mut Vec<InputEvent>) {
        let Some(Paste { text, ended }) = &mut self.paste else { return };
        if PASTED.get(*ended) == Some(&byte) {
            *ended += 1;
            if *ended == PASTED.len() {
                self.more_until = Duration::ZERO;
                self.end_paste(events);
            }
            return;
        }
        // Enough for so many characters, however long they are.
        let room = (TEXT * 4 + 4).saturating_sub(text.len());
        let (held, last) = (PASTED.iter().take(*ended), [byte]);
        *ended = usize::from(byte == ESC);
        let last = last.iter().skip(*ended);
        text.extend(held.chain(last).take(room));
    }

    fn end_paste(&mut self, events: &mut Vec<InputEvent>) {
        let Some(Paste { text, ended }) = self.paste.take() else { return };
        let text = String::from_utf8_lossy(&text);
        let text = text.char_indices().nth(TEXT).map_or(&*text, |(end, _)| text.get(..end).unwrap_or_default());
        events.extend((!text.is_empty()).then(|| InputEvent::Paste(text.to_owned())));
        // Half of its end: the other half is no key.
        if (2..PASTED.len()).contains(&ended) {
            self.begun = PASTED.iter().take(ended).copied().collect();
            (self.first, self.rest_until) = (self.last, Some(self.last + REST));
        }
    }
}

/// Whether bytes that come at once after a paste that stopped without its end are more of it: they hold the end, or are more than a
/// hand types at once.
fn is_more_of_paste(bytes: &[u8]) -> bool {
    bytes.len() > HAND && !bytes.contains(&ESC) || bytes.windows(PASTED.len()).any(|window| window == PASTED)
}

/// Whether bytes that come at once after Esc, which was taken for the key, are the rest of a sequence after all.
fn is_tail(bytes: &[u8]) -> bool {
    let mut parser = InputParser { begun: vec![ESC], rest_until: Some(REST), ..InputParser::default() };
    for (place, byte) in bytes.iter().enumerate() {
        match parser.step(*byte, Duration::ZERO) {
            Step::More if place < LONGEST && (place > 0 || matches!(byte, b'[' | b'O' | b']' | b'P' | b'_')) => {
                parser.begun.push(*byte);
            }
            // `[` and one more byte may be typed.
            Step::Whole(event) => return event.is_some() || place > 1,
            Step::Paste => return true,
            _ => return false,
        }
    }
    bytes.len() > 2
}

/// The next byte behind `ESC [`.
fn control(body: &[u8], byte: u8) -> Step {
    match (body, byte) {
        ([], b'[' | b'M') => Step::More,
        ([b'['], 0x21..0x7f) => Step::Whole(escape_sequence::console(byte)),
        ([b'M', button, column], 0 | 0x20..) => Step::Whole(escape_sequence::mouse_of_bytes(&[*button, *column, byte])),
        ([b'M', ..], 0 | 0x20..) => Step::More,
        ([b'[' | b'M', ..], _) => Step::Foreign,
        (number @ [_, ..], b'$') if number.iter().all(u8::is_ascii_digit) => {
            Step::Whole(escape_sequence::control(number, byte))
        }
        (_, 0x20..0x40) => Step::More,
        (PASTE, b'~') => Step::Paste,
        (_, 0x40..0x7f) => Step::Whole(escape_sequence::control(body, byte)),
        _ => Step::Foreign,
    }
}

/// The next byte of a string, which goes on to its end whatever it says; late only if it begins as answers do.
fn string(kind: u8, body: &[u8], byte: u8, is_late: bool) -> Step {
    let is_answer = match kind {
        b']' => byte.is_ascii_digit(),
        b'P' => matches!(byte, 0x20..0x40),
        b'_' => byte == b'G',
        _ => false,
    };
    match (body, byte) {
        ([text @ .., ESC], b'\\') => Step::Whole(escape_sequence::string(kind, text)),
        ([.., ESC], _) => Step::Foreign,
        ([], _) if is_late && !is_answer => Step::Foreign,
        (_, BELL) => Step::Whole(escape_sequence::string(kind, body)),
        (_, ESC | 0x20..=0x7e | 0x80..) => Step::More,
        _ => Step::Foreign,
    }
}

/// The next byte of a character.
fn utf8(begun: &[u8], byte: u8) -> Step {
    if !matches!(byte, 0x80..0xc0) {
        return Step::Foreign;
    }
    let length = match begun.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        _ => 4,
    };
    let mut bytes = begun.to_vec();
    bytes.push(byte);
    if bytes.len() < length {
        return Step::More;
    }
    let text = std::str::from_utf8(&bytes).ok();
    Step::Whole(text.and_then(|text| text.chars().next()).and_then(escape_sequence::character))
}

#[cfg(test)]
mod tests;
