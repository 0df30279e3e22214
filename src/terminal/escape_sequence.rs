//! What one whole sequence from a terminal means: a key, something that the mouse does, or an answer.

use super::capabilities::Background;
use crate::keymap::{Code, Key, MouseGesture, MouseInput};

/// Something that came from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputEvent {
    /// A key was pressed.
    Key(Key),
    /// The mouse did something that means something here.
    Mouse(MouseInput),
    /// Text was pasted.
    Paste(String),
    /// The window got the focus, or lost it.
    Focus(bool),
    /// What stands behind the text, by its colour.
    Background(Background),
    /// The desktop was told to be light or dark.
    ColourScheme(Background),
    /// Where the cursor is, from 0.
    CursorPosition {
        /// The column.
        column: u16,
        /// The row.
        row: u16,
    },
    /// The terminal has the keyboard protocol of kitty.
    KittyKeyboard,
    /// What kind of terminal it is, which every one answers.
    DeviceAttributes,
}

impl InputEvent {
    /// Whether it is a press of the mouse, which means what stands on the screen.
    pub fn is_press(&self) -> bool {
        matches!(self, InputEvent::Mouse(MouseInput { gesture: MouseGesture::Press, .. }))
    }
}

/// What is held down with a key.
#[derive(Clone, Copy, Default)]
struct Modifiers {
    shift: bool,
    ctrl: bool,
    /// Alt and the like, with which no key means anything here.
    other: bool,
}

impl Modifiers {
    const NONE: Modifiers = Modifiers { shift: false, ctrl: false, other: false };
    const SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::NONE };
    const CTRL: Modifiers = Modifiers { ctrl: true, ..Modifiers::NONE };
    const BOTH: Modifiers = Modifiers { shift: true, ctrl: true, other: false };

    /// By the number that terminals send: one more than the bits. Those for Caps Lock and Num Lock do not matter.
    fn from_parameter(number: u32) -> Option<Modifiers> {
        let bits = number.max(1) - 1;
        let has = |mask: u32| bits & mask != 0;
        (bits < 256).then(|| Modifiers { shift: has(1), ctrl: has(4), other: has(0b11_1010) })
    }
}

fn key_event(code: Code, held: Modifiers) -> Option<InputEvent> {
    let code = match code {
        Code::Enter if held.shift => Code::ShiftEnter,
        Code::Tab if held.shift => Code::BackTab,
        Code::Char(c) if held.ctrl => Code::Char(c.to_ascii_lowercase()),
        code => code,
    };
    (!held.other).then_some(InputEvent::Key(Key { code, ctrl: held.ctrl }))
}

/// A key that is one character.
pub fn key_of_char(c: char) -> Option<InputEvent> {
    // A letter so far from the start of the alphabet as the control character is from the start of all.
    let letter = |c: char, start: u8| Code::Char(char::from((c as u8).wrapping_add(start)));
    match c {
        '\r' => key_event(Code::Enter, Modifiers::NONE),
        '\t' => key_event(Code::Tab, Modifiers::NONE),
        '\x1b' => key_event(Code::Esc, Modifiers::NONE),
        '\x7f' => key_event(Code::Backspace, Modifiers::NONE),
        '\0' => key_event(Code::Char(' '), Modifiers::CTRL),
        '\x01'..='\x1a' => key_event(letter(c, b'a' - 1), Modifiers::CTRL),
        '\x1c'..='\x1f' => key_event(letter(c, b'4' - 0x1c), Modifiers::CTRL),
        c => (!c.is_control()).then_some(InputEvent::Key(Key::plain(Code::Char(c)))),
    }
}

// Control sequences (CSI): `ESC [`, numbers, a last byte.

/// A number of a sequence, both counted from 0: fields stand between semicolons, parts of them between colons.
fn number(fields: &str, field: usize, part: usize) -> Option<u32> {
    fields.split(';').nth(field)?.split(':').nth(part)?.parse().ok()
}

/// A control sequence by what stands between its introducer and its last byte.
pub fn csi(body: &[u8], last: u8) -> Option<InputEvent> {
    let text = std::str::from_utf8(body).ok()?;
    let (mark, fields) = match text.strip_prefix(['<', '=', '>', '?']) {
        Some(fields) => (text.chars().next(), fields),
        None => (None, text),
    };
    if !fields.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':')) {
        return None;
    }
    let at = |field| number(fields, field, 0);
    match (mark, last) {
        (Some('<'), b'M' | b'm') => mouse(at(0)?, (at(1)?, at(2)?), last == b'm'),
        (Some('?'), b'u') => Some(InputEvent::KittyKeyboard),
        (Some('?'), b'c') => Some(InputEvent::DeviceAttributes),
        (Some('?'), b'n') => match (at(0)?, at(1)?) {
            (997, 1) => Some(InputEvent::ColourScheme(Background::Dark)),
            (997, 2) => Some(InputEvent::ColourScheme(Background::Light)),
            _ => None,
        },
        (Some(_), _) => None,
        (None, b'M') => mouse(at(0)?.checked_sub(32)?, (at(1)?, at(2)?), false),
        (None, b'R') => Some(InputEvent::CursorPosition { row: coordinate(at(0)?)?, column: coordinate(at(1)?)? }),
        (None, b'I') => fields.is_empty().then_some(InputEvent::Focus(true)),
        (None, b'O') => fields.is_empty().then_some(InputEvent::Focus(false)),
        (None, b'u') => key_by_codepoint(fields, number(fields, 0, 0)?),
        (None, b'~') if at(0) == Some(27) && at(2).is_some() => key_by_codepoint(fields, at(2)?),
        (None, b'~') => key_event(key_by_number(at(0)?)?, held(fields)?),
        // Those of rxvt.
        (None, b'$') => key_event(key_by_number(at(0)?)?, Modifiers::SHIFT),
        (None, b'^') => key_event(key_by_number(at(0)?)?, Modifiers::CTRL),
        (None, b'@') => key_event(key_by_number(at(0)?)?, Modifiers::BOTH),
        (None, b'a'..=b'd') => key_event(key_by_letter(last.to_ascii_uppercase())?, Modifiers::SHIFT),
        (None, b'Z') => key_event(Code::BackTab, held(fields)?),
        // Some say in the first field what is held down, when there is no other.
        (None, last) if !fields.is_empty() && !fields.contains(';') => {
            key_event(key_by_letter(last)?, Modifiers::from_parameter(at(0)?)?)
        }
        (None, last) => key_event(key_by_letter(last)?, held(fields)?),
    }
}

/// What is held down, by the second field. None when the key is let go.
fn held(fields: &str) -> Option<Modifiers> {
    const LET_GO: u32 = 3;
    if number(fields, 1, 1) == Some(LET_GO) {
        return None;
    }
    match fields.split(';').nth(1) {
        None | Some("") => Some(Modifiers::NONE),
        Some(_) => Modifiers::from_parameter(number(fields, 1, 0)?),
    }
}

/// A key of the cursor or of a function by its letter.
fn key_by_letter(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'F' => Code::End,
        b'H' => Code::Home,
        b'P'..=b'S' => Code::F(last - b'P' + 1),
        _ => return None,
    })
}

/// A key by its number before `~`.
fn key_by_number(number: u32) -> Option<Code> {
    let after = |first: u32, key: u32| u8::try_from(number - first + key).ok().map(Code::F);
    match number {
        1 | 7 => Some(Code::Home),
        3 => Some(Code::Delete),
        4 | 8 => Some(Code::End),
        5 => Some(Code::PageUp),
        6 => Some(Code::PageDown),
        // The gaps are those of the keyboard of a VT220.
        11..=15 => after(11, 1),
        17..=21 => after(17, 6),
        23..=26 => after(23, 11),
        28..=29 => after(28, 15),
        31..=34 => after(31, 17),
        _ => None,
    }
}

/// A key by the code of its character, as in the protocol of kitty and in that of xterm (`modifyOtherKeys`).
fn key_by_codepoint(fields: &str, code: u32) -> Option<InputEvent> {
    let held = held(fields)?;
    let code = match code {
        9 => Code::Tab,
        13 | 57_414 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        // What a private range of Unicode stands for: more function keys, and the keys beside the digits.
        57_376..=57_398 => Code::F(u8::try_from(code - 57_376 + 13).ok()?),
        57_399..=57_413 => keypad(code - 57_399, b"0123456789./*-+")?,
        57_415..=57_416 => keypad(code - 57_415, b"=,")?,
        57_417 => Code::Left,
        57_418 => Code::Right,
        57_419 => Code::Up,
        57_420 => Code::Down,
        57_421 => Code::PageUp,
        57_422 => Code::PageDown,
        57_423 => Code::Home,
        57_424 => Code::End,
        57_426 => Code::Delete,
        57_344..=63_743 => return None,
        code => {
            // With Shift the second part, where there is one, is the character itself.
            let shifted = number(fields, 0, 1).filter(|_| held.shift);
            Code::Char(char::from_u32(shifted.unwrap_or(code)).filter(|c| !c.is_control())?)
        }
    };
    key_event(code, held)
}

fn keypad(place: u32, keys: &[u8]) -> Option<Code> {
    keys.get(place as usize).map(|key| Code::Char(char::from(*key)))
}

/// A function key of the Linux console: the last byte behind `ESC [ [`.
pub fn console_function_key(last: u8) -> Option<InputEvent> {
    matches!(last, b'A'..=b'E').then(|| key_event(Code::F(last - b'A' + 1), Modifiers::NONE))?
}

/// A key behind `ESC O`: the cursor and what stands beside the digits, as terminals send them in their application modes.
pub fn ss3(body: &[u8], last: u8) -> Option<InputEvent> {
    let text = std::str::from_utf8(body).ok()?;
    let held = match text.rsplit(';').next() {
        None | Some("") => Modifiers::NONE,
        Some(number) => Modifiers::from_parameter(number.parse().ok()?)?,
    };
    match last {
        b'M' => key_event(Code::Enter, held),
        b'j'..=b'y' => key_event(keypad(u32::from(last - b'j'), b"*+,-./0123456789")?, held),
        // Those of rxvt.
        b'a'..=b'd' => key_event(key_by_letter(last.to_ascii_uppercase())?, Modifiers::CTRL),
        last => key_event(key_by_letter(last)?, held),
    }
}

// The mouse.

/// A place that counts from 1, counted from 0; none for those that no screen has.
fn coordinate(number: u32) -> Option<u16> {
    u16::try_from(number.checked_sub(1)?).ok()
}

/// What the mouse does, by the number for button, motion and what is held down; none for other buttons, and for what is held
/// down with a key.
fn mouse(what: u32, (column, row): (u32, u32), is_let_go: bool) -> Option<InputEvent> {
    let gesture = match what {
        0 if is_let_go => MouseGesture::Release,
        0 => MouseGesture::Press,
        3 => MouseGesture::Release,
        32 => MouseGesture::Drag,
        64 => MouseGesture::Wheel(-1),
        65 => MouseGesture::Wheel(1),
        _ => return None,
    };
    Some(InputEvent::Mouse(MouseInput { gesture, column: coordinate(column)?, row: coordinate(row)? }))
}

/// The oldest report of the mouse: three bytes behind `ESC [ M`, each 32 more than its number.
pub fn x10_mouse(bytes: &[u8]) -> Option<InputEvent> {
    let number = |place: usize| u32::from(*bytes.get(place)?).checked_sub(32);
    mouse(number(0)?, (number(1)?, number(2)?), false)
}

// Strings: commands of the operating system (OSC) and the like.

/// What a string says that came back, by the byte behind Esc that it began with.
pub fn string_reply(kind: u8, body: &[u8]) -> Option<InputEvent> {
    let text = std::str::from_utf8(body).ok().filter(|_| kind == b']')?;
    parse_colour(text).map(|colour| InputEvent::Background(Background::of_colour(colour)))
}

/// `11;rgb:1e1e/1e1e/1e1e`: each part with one to four digits, made a number from 0 to 1.
fn parse_colour(text: &str) -> Option<[f64; 3]> {
    let text = text.strip_prefix("11;rgb")?;
    let text = text.strip_prefix("a:").or_else(|| text.strip_prefix(':'))?;
    let part = |part: &str| {
        let most = f64::from(16_u32.checked_pow(part.len().try_into().ok()?)? - 1);
        let digits = matches!(part.len(), 1..=4) && part.bytes().all(|b| b.is_ascii_hexdigit());
        digits.then(|| u16::from_str_radix(part, 16).ok().map(|value| f64::from(value) / most))?
    };
    let mut parts = text.split('/').map(part);
    Some([parts.next()??, parts.next()??, parts.next()??])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        for (text, expected) in [
            ("11;rgb:0000/ffff/0000", Some([0.0, 1.0, 0.0])),
            ("11;rgb:f/00/fff", Some([1.0, 0.0, 1.0])),
            ("11;rgba:00/00/00/ff", Some([0.0, 0.0, 0.0])),
            ("11;rgb:00/00", None),
            ("11;rgb:00/00/", None),
            ("11;rgb:00000/0/0", None),
            ("11;rgb:+1/00/00", None),
            ("10;rgb:00/00/00", None),
            ("11;?", None),
        ] {
            assert_eq!(parse_colour(text), expected, "{text}");
        }
    }
}
