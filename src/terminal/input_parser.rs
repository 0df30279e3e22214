//! Parses the bytes from the terminal into keys, mouse events, pasted text and replies, by their bytes and their times.
//!
//! Nothing unfinished delays what arrives a second later: it is given up. This file finds out which bytes belong together, and
//! [`input_sequence`] what they mean.

use std::time::Duration;

use super::input_sequence::{self, InputEvent};

/// How long to wait for the next byte of a sequence or a character; and after Esc, to find out whether it is a key or begins a
/// sequence.
const BYTE_TIMEOUT: Duration = Duration::from_millis(100);
/// A key that follows Esc within this time was pressed with Alt. People cannot type two keys that fast.
const ALT_WINDOW: Duration = Duration::from_millis(30);
/// How long the rest of an abandoned sequence is discarded, and how long a sequence may take that could have been typed.
const DISCARD_WINDOW: Duration = Duration::from_secs(1);
/// How long pasted text may pause.
const PASTE_TIMEOUT: Duration = Duration::from_millis(500);
/// How long the rest of a paste may still arrive after it was ended by a pause.
const PASTE_TAIL_WINDOW: Duration = Duration::from_secs(10);

const ESC: u8 = 0x1b;
const BELL: u8 = 0x07;
/// The parameter of the sequence before pasted text (`ESC [ 200 ~`), and the whole sequence after it.
const PASTE_START: &[u8] = b"200";
const PASTE_END: &[u8] = b"\x1b[201~";
/// Bytes of a sequence that are stored. No longer sequence has a meaning here.
const MAX_SEQUENCE: usize = 256;
/// Characters of a paste that are used. No query or name is longer.
const MAX_PASTE_CHARS: usize = 4000;
/// The most bytes that can arrive at once from typing.
const MAX_TYPED_BYTES: usize = 32;

/// Turns bytes into events.
#[derive(Debug, Default)]
pub struct InputParser {
    /// The bytes of an unfinished sequence or character.
    partial: Vec<u8>,
    /// When its first byte arrived, and its last.
    first_at: Duration,
    last_at: Duration,
    /// Set if the sequence was given up: until then its rest is discarded.
    discard_until: Option<Duration>,
    paste: Option<Paste>,
    /// Until when the rest of a sequence may arrive whose Esc was taken for the key.
    esc_until: Duration,
    /// Until when the rest of a paste may arrive that was ended by a pause.
    paste_tail_until: Duration,
}

/// Text being pasted.
#[derive(Debug, Default)]
struct Paste {
    text: Vec<u8>,
    /// How many bytes of `PASTE_END` have arrived.
    ended: usize,
}

/// What a byte does to the unfinished bytes.
enum Step {
    /// It belongs to them, and more bytes must follow.
    NeedMore,
    /// It completes them. Not every sequence has a meaning.
    Complete(Option<InputEvent>),
    /// It completes the start of a paste.
    StartPaste,
    /// It cannot belong to them.
    Invalid,
}

impl InputParser {
    /// Parses bytes that arrived together. `at` is a monotonic time, from any start.
    pub fn parse(&mut self, bytes: &[u8], at: Duration) -> Vec<InputEvent> {
        let mut events = self.advance_to(at);
        if self.is_idle() && at < self.paste_tail_until && is_more_of_paste(bytes) {
            self.paste = Some(Paste::default());
        }
        if self.is_idle() && at < self.esc_until && is_sequence_tail(bytes) {
            (self.partial, self.first_at, self.discard_until) = (vec![ESC], at, Some(self.esc_until));
        }
        for byte in bytes {
            self.push_byte(*byte, at, &mut events);
        }
        events
    }

    /// Sets the time: what has been unfinished for too long is given up.
    pub fn advance_to(&mut self, at: Duration) -> Vec<InputEvent> {
        let mut events = Vec::new();
        let silent = at.saturating_sub(self.last_at);
        if self.paste.is_some() {
            if silent < PASTE_TIMEOUT {
                return events;
            }
            self.paste_tail_until = self.last_at + PASTE_TAIL_WINDOW;
            self.end_paste(&mut events);
        }
        if silent >= BYTE_TIMEOUT && self.discard_until.is_none() {
            if self.partial == [ESC] {
                events.extend(input_sequence::key_of_char('\x1b'));
                self.esc_until = self.last_at + DISCARD_WINDOW;
            }
            // Only what cannot have been typed, such as Alt-[, has its rest discarded.
            let is_sequence =
                matches!(self.partial.as_slice(), [ESC, b'[' | b'O' | b']' | b'P' | b'_', ..] | [ESC, _, _, ..]);
            if is_sequence {
                self.discard_until = Some(self.last_at + DISCARD_WINDOW);
            } else {
                self.reset();
            }
        }
        // A key that is held down leaves no pause in which a sequence could time out.
        let is_old = at.saturating_sub(self.first_at) >= DISCARD_WINDOW && self.partial.len() < MAX_SEQUENCE;
        if is_old || self.discard_until.is_some_and(|until| at >= until) {
            self.reset();
        }
        events
    }

    /// When [`InputParser::advance_to`] must be called if no bytes arrive before: it will return an event then.
    pub fn deadline(&self) -> Option<Duration> {
        match &self.paste {
            Some(_) => Some(self.last_at + PASTE_TIMEOUT),
            None => (self.partial == [ESC]).then(|| self.last_at + BYTE_TIMEOUT),
        }
    }

    fn is_idle(&self) -> bool {
        self.partial.is_empty() && self.paste.is_none()
    }

    fn reset(&mut self) {
        self.partial.clear();
        self.discard_until = None;
    }

    fn push_byte(&mut self, byte: u8, at: Duration, events: &mut Vec<InputEvent>) {
        if self.paste.is_some() {
            self.last_at = at;
            return self.push_pasted(byte, events);
        }
        // Ends, because each round but the last shortens `partial`.
        loop {
            match self.step(byte, at) {
                Step::NeedMore => {
                    if self.partial.is_empty() {
                        self.first_at = at;
                    }
                    if self.partial.len() == MAX_SEQUENCE {
                        self.partial.pop();
                    }
                    self.partial.push(byte);
                    self.last_at = at;
                    return;
                }
                Step::Complete(event) => {
                    let is_answer = |event: &InputEvent| !matches!(event, InputEvent::Key(_) | InputEvent::Mouse(_));
                    let (is_cut, is_late) = (self.partial.len() == MAX_SEQUENCE, self.discard_until.is_some());
                    events.extend(event.filter(|event| !is_cut && (!is_late || is_answer(event))));
                    return self.reset();
                }
                Step::StartPaste => {
                    self.reset();
                    (self.paste, self.last_at) = (Some(Paste::default()), at);
                    return;
                }
                Step::Invalid if self.partial == [ESC] => {
                    events.extend(input_sequence::key_of_char('\x1b'));
                    self.reset();
                }
                Step::Invalid => {
                    // A string ends with `ESC \`: this ESC may instead begin the next sequence.
                    let starts_next = self.partial.len() > 2 && self.partial.ends_with(&[ESC]);
                    self.reset();
                    if starts_next {
                        (self.partial, self.first_at) = (vec![ESC], self.last_at);
                    }
                }
            }
        }
    }

    fn step(&self, byte: u8, at: Duration) -> Step {
        let is_late = self.discard_until.is_some();
        match self.partial.as_slice() {
            [] => match byte {
                ESC | 0xc2..=0xf4 => Step::NeedMore,
                0x00..0x80 => Step::Complete(input_sequence::key_of_char(char::from(byte))),
                _ => Step::Complete(None),
            },
            [ESC] => match byte {
                ESC => Step::Invalid,
                b'[' | b'O' | b']' | b'P' | b'_' | b'^' | b'X' => Step::NeedMore,
                _ if at.saturating_sub(self.last_at) > ALT_WINDOW => Step::Invalid,
                0x00..0x80 => Step::Complete(None),
                _ => Step::NeedMore,
            },
            [ESC, b'[', body @ ..] => next_csi_byte(body, byte),
            [ESC, b'O'] if is_late && !matches!(byte, b'A'..=b'D' | b'F' | b'H' | b'P'..=b'S') => Step::Invalid,
            [ESC, b'O', body @ ..] => match byte {
                b'0'..=b'9' | b';' => Step::NeedMore,
                0x40..0x7f => Step::Complete(input_sequence::ss3(body, byte)),
                _ => Step::Invalid,
            },
            [ESC, kind @ (b']' | b'P' | b'_' | b'^' | b'X'), body @ ..] => next_string_byte(*kind, body, byte, is_late),
            // A character with Alt, which has no meaning here.
            [ESC, character @ ..] => match next_utf8_byte(character, byte) {
                Step::Complete(_) => Step::Complete(None),
                step => step,
            },
            character => next_utf8_byte(character, byte),
        }
    }

    fn push_pasted(&mut self, byte: u8, events: &mut Vec<InputEvent>) {
        let Some(Paste { text, ended }) = &mut self.paste else { return };
        if PASTE_END.get(*ended) == Some(&byte) {
            *ended += 1;
            if *ended == PASTE_END.len() {
                self.paste_tail_until = Duration::ZERO;
                self.end_paste(events);
            }
            return;
        }
        // Room for that many characters of 4 bytes each.
        let room = (MAX_PASTE_CHARS * 4 + 4).saturating_sub(text.len());
        let (held, last) = (PASTE_END.iter().take(*ended), [byte]);
        *ended = usize::from(byte == ESC);
        let last = last.iter().skip(*ended);
        text.extend(held.chain(last).take(room));
    }

    fn end_paste(&mut self, events: &mut Vec<InputEvent>) {
        let Some(Paste { text, ended }) = self.paste.take() else { return };
        let text = String::from_utf8_lossy(&text);
        let text =
            text.char_indices().nth(MAX_PASTE_CHARS).map_or(&*text, |(end, _)| text.get(..end).unwrap_or_default());
        events.extend((!text.is_empty()).then(|| InputEvent::Paste(text.to_owned())));
        // The pause came in the middle of the end sequence: its other half must not become keys.
        if (2..PASTE_END.len()).contains(&ended) {
            self.partial = PASTE_END.iter().take(ended).copied().collect();
            (self.first_at, self.discard_until) = (self.last_at, Some(self.last_at + DISCARD_WINDOW));
        }
    }
}

/// Whether bytes that arrive together after a paste was ended by a pause belong to it: they contain its end, or are more than
/// typing sends at once.
fn is_more_of_paste(bytes: &[u8]) -> bool {
    bytes.len() > MAX_TYPED_BYTES && !bytes.contains(&ESC)
        || bytes.windows(PASTE_END.len()).any(|window| window == PASTE_END)
}

/// Whether bytes that arrive together after Esc was taken for the key are the rest of a sequence.
fn is_sequence_tail(bytes: &[u8]) -> bool {
    let mut parser = InputParser { partial: vec![ESC], discard_until: Some(DISCARD_WINDOW), ..InputParser::default() };
    for (index, byte) in bytes.iter().enumerate() {
        match parser.step(*byte, Duration::ZERO) {
            Step::NeedMore
                if index < MAX_SEQUENCE && (index > 0 || matches!(byte, b'[' | b'O' | b']' | b'P' | b'_')) =>
            {
                parser.partial.push(*byte);
            }
            // `[` and one more byte could have been typed.
            Step::Complete(event) => return event.is_some() || index > 1,
            Step::StartPaste => return true,
            _ => return false,
        }
    }
    bytes.len() > 2
}

/// What a byte means after `ESC [` and `body` (CSI).
fn next_csi_byte(body: &[u8], byte: u8) -> Step {
    match (body, byte) {
        ([], b'[' | b'M') => Step::NeedMore,
        ([b'['], 0x21..0x7f) => Step::Complete(input_sequence::console_function_key(byte)),
        ([b'M', button, column], 0 | 0x20..) => Step::Complete(input_sequence::x10_mouse(&[*button, *column, byte])),
        ([b'M', ..], 0 | 0x20..) => Step::NeedMore,
        ([b'[' | b'M', ..], _) => Step::Invalid,
        (number @ [_, ..], b'$') if number.iter().all(u8::is_ascii_digit) => {
            Step::Complete(input_sequence::csi(number, byte))
        }
        (_, 0x20..0x40) => Step::NeedMore,
        (PASTE_START, b'~') => Step::StartPaste,
        (_, 0x40..0x7f) => Step::Complete(input_sequence::csi(body, byte)),
        _ => Step::Invalid,
    }
}

/// What a byte means inside a string such as OSC, which continues to its end whatever it contains. If `is_late`, only strings that
/// begin like replies continue.
fn next_string_byte(kind: u8, body: &[u8], byte: u8, is_late: bool) -> Step {
    let is_answer = match kind {
        b']' => byte.is_ascii_digit(),
        b'P' => matches!(byte, 0x20..0x40),
        b'_' => byte == b'G',
        _ => false,
    };
    match (body, byte) {
        ([text @ .., ESC], b'\\') => Step::Complete(input_sequence::string_reply(kind, text)),
        ([.., ESC], _) => Step::Invalid,
        ([], _) if is_late && !is_answer => Step::Invalid,
        (_, BELL) => Step::Complete(input_sequence::string_reply(kind, body)),
        (_, ESC | 0x20..=0x7e | 0x80..) => Step::NeedMore,
        _ => Step::Invalid,
    }
}

/// What a byte means after the first bytes of a UTF-8 character.
fn next_utf8_byte(partial: &[u8], byte: u8) -> Step {
    if !matches!(byte, 0x80..0xc0) {
        return Step::Invalid;
    }
    let length = match partial.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        _ => 4,
    };
    let mut bytes = partial.to_vec();
    bytes.push(byte);
    if bytes.len() < length {
        return Step::NeedMore;
    }
    let text = std::str::from_utf8(&bytes).ok();
    Step::Complete(text.and_then(|text| text.chars().next()).and_then(input_sequence::key_of_char))
}

#[cfg(test)]
mod tests;
