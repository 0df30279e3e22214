//! The meaning of a complete sequence from the terminal: a key, a mouse event, or a reply.

use super::capabilities::Background;
use crate::keymap::{Code, Key, MouseGesture, MouseInput};
use crate::picture::Size;

/// An input from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputEvent {
    /// A key was pressed.
    Key(Key),
    /// A mouse event that has a meaning here.
    Mouse(MouseInput),
    /// Text was pasted.
    Paste(String),
    /// Whether the window got the focus or lost it.
    Focus(bool),
    /// The background, by the reported colour.
    Background(Background),
    /// The colour scheme of the desktop changed.
    ColourScheme(Background),
    /// The position of the cursor, from 0.
    CursorPosition {
        /// The column.
        column: u16,
        /// The row.
        row: u16,
    },
    /// The terminal supports kitty's keyboard protocol.
    KittyKeyboard,
    /// Whether the terminal draws pictures by kitty's graphics protocol.
    KittyGraphics(bool),
    /// The name and the version of the terminal (XTVERSION).
    TerminalName(String),
    /// The size of a cell in pixels.
    CellSize(Size),
    /// The number of colours that a picture in sixels can have.
    SixelColours(u32),
    /// The device attributes (DA1), to which every terminal replies.
    DeviceAttributes {
        /// Whether the terminal draws pictures in sixels.
        has_sixel: bool,
    },
}

impl InputEvent {
    /// Whether it is a mouse press, which refers to what the screen shows.
    pub fn is_press(&self) -> bool {
        matches!(self, InputEvent::Mouse(MouseInput { gesture: MouseGesture::Press | MouseGesture::Menu, .. }))
    }
}

/// Modifier keys that are held down.
#[derive(Clone, Copy, Default)]
struct Modifiers {
    shift: bool,
    ctrl: bool,
    /// Alt and others, with which no key has a meaning here.
    other: bool,
}

impl Modifiers {
    const NONE: Modifiers = Modifiers { shift: false, ctrl: false, other: false };
    const SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::NONE };
    const CTRL: Modifiers = Modifiers { ctrl: true, ..Modifiers::NONE };
    const BOTH: Modifiers = Modifiers { shift: true, ctrl: true, other: false };

    /// From the parameter that terminals send: the bits plus one. Caps Lock and Num Lock are ignored.
    fn from_parameter(number: u32) -> Option<Modifiers> {
        let bits = number.max(1) - 1;
        let has = |mask: u32| bits & mask != 0;
        (bits < 256).then(|| Modifiers { shift: has(1), ctrl: has(4), other: has(0b11_1010) })
    }
}

fn key_event(code: Code, modifiers: Modifiers) -> Option<InputEvent> {
    let code = match code {
        Code::Enter if modifiers.shift => Code::ShiftEnter,
        Code::Tab if modifiers.shift => Code::BackTab,
        Code::Char(c) if modifiers.ctrl => Code::Char(c.to_ascii_lowercase()),
        code => code,
    };
    (!modifiers.other).then_some(InputEvent::Key(Key { code, ctrl: modifiers.ctrl }))
}

/// The key event of a single character.
pub fn key_of_char(c: char) -> Option<InputEvent> {
    // Control characters are numbered like the letters or digits that produce them: `start` is the character for number 0.
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

// Control sequences (CSI): `ESC [`, parameters, a final byte.

/// A parameter, by its field and its part in the field, both from 0. Fields are separated by semicolons, parts by colons.
fn number(fields: &str, field: usize, part: usize) -> Option<u32> {
    fields.split(';').nth(field)?.split(':').nth(part)?.parse().ok()
}

/// A control sequence (CSI). `body` is what is between its introducer and its final byte.
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
        (Some('?'), b'c') => Some(InputEvent::DeviceAttributes { has_sixel: has_sixel(fields) }),
        (Some('?'), b'S') => match (at(0)?, at(1)?) {
            (1, 0) => Some(InputEvent::SixelColours(at(2)?)),
            _ => None,
        },
        (Some('?'), b'n') => match (at(0)?, at(1)?) {
            (997, 1) => Some(InputEvent::ColourScheme(Background::Dark)),
            (997, 2) => Some(InputEvent::ColourScheme(Background::Light)),
            _ => None,
        },
        (Some(_), _) => None,
        (None, b'M') => mouse(at(0)?.checked_sub(32)?, (at(1)?, at(2)?), false),
        (None, b'R') => Some(InputEvent::CursorPosition { row: coordinate(at(0)?)?, column: coordinate(at(1)?)? }),
        (None, b't') => match (at(0)?, Size::new(at(2)?, at(1)?)) {
            (6, cell) => is_cell(cell).then_some(InputEvent::CellSize(cell)),
            _ => None,
        },
        (None, b'I') => fields.is_empty().then_some(InputEvent::Focus(true)),
        (None, b'O') => fields.is_empty().then_some(InputEvent::Focus(false)),
        (None, b'u') => key_by_codepoint(fields, number(fields, 0, 0)?),
        (None, b'~') if at(0) == Some(27) && at(2).is_some() => key_by_codepoint(fields, at(2)?),
        (None, b'~') => key_event(key_by_number(at(0)?)?, modifiers(fields)?),
        // Modified keys of rxvt.
        (None, b'$') => key_event(key_by_number(at(0)?)?, Modifiers::SHIFT),
        (None, b'^') => key_event(key_by_number(at(0)?)?, Modifiers::CTRL),
        (None, b'@') => key_event(key_by_number(at(0)?)?, Modifiers::BOTH),
        (None, b'a'..=b'd') => key_event(key_by_letter(last.to_ascii_uppercase())?, Modifiers::SHIFT),
        (None, b'Z') => key_event(Code::BackTab, modifiers(fields)?),
        // Some terminals send the modifiers in the first field if there is only one.
        (None, last) if !fields.is_empty() && !fields.contains(';') => {
            key_event(key_by_letter(last)?, Modifiers::from_parameter(at(0)?)?)
        }
        (None, last) => key_event(key_by_letter(last)?, modifiers(fields)?),
    }
}

/// Whether device attributes name sixels. The first number is the class of the terminal.
fn has_sixel(fields: &str) -> bool {
    fields.split(';').skip(1).any(|attribute| attribute == "4")
}

/// The largest side of a cell in pixels that is believed.
const LARGEST_CELL: u32 = 200;

/// Whether a size in pixels can be that of a cell.
pub fn is_cell(cell: Size) -> bool {
    let is_side = |side: u32| (1..=LARGEST_CELL).contains(&side);
    is_side(cell.width) && is_side(cell.height)
}

/// The modifiers in the second field. `None` if the key was released.
fn modifiers(fields: &str) -> Option<Modifiers> {
    const RELEASED: u32 = 3;
    if number(fields, 1, 1) == Some(RELEASED) {
        return None;
    }
    match fields.split(';').nth(1) {
        None | Some("") => Some(Modifiers::NONE),
        Some(_) => Modifiers::from_parameter(number(fields, 1, 0)?),
    }
}

/// A cursor or function key, by its final letter.
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

/// A key, by its number before `~`.
fn key_by_number(number: u32) -> Option<Code> {
    let after = |first: u32, key: u32| u8::try_from(number - first + key).ok().map(Code::F);
    match number {
        1 | 7 => Some(Code::Home),
        3 => Some(Code::Delete),
        4 | 8 => Some(Code::End),
        5 => Some(Code::PageUp),
        6 => Some(Code::PageDown),
        // The gaps are those between the groups of function keys on a VT220 keyboard.
        11..=15 => after(11, 1),
        17..=21 => after(17, 6),
        23..=26 => after(23, 11),
        28..=29 => after(28, 15),
        31..=34 => after(31, 17),
        _ => None,
    }
}

/// A key by the code point of its character, as in kitty's protocol and in xterm's `modifyOtherKeys`.
fn key_by_codepoint(fields: &str, code: u32) -> Option<InputEvent> {
    let modifiers = modifiers(fields)?;
    let code = match code {
        9 => Code::Tab,
        13 | 57_414 => Code::Enter,
        27 => Code::Esc,
        8 | 127 => Code::Backspace,
        // kitty's code points in a private use area of Unicode: more function keys, and the keypad.
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
            // With Shift, the second part, if there is one, is the shifted character.
            let shifted = number(fields, 0, 1).filter(|_| modifiers.shift);
            Code::Char(char::from_u32(shifted.unwrap_or(code)).filter(|c| !c.is_control())?)
        }
    };
    key_event(code, modifiers)
}

fn keypad(index: u32, keys: &[u8]) -> Option<Code> {
    keys.get(index as usize).map(|key| Code::Char(char::from(*key)))
}

/// A function key of the Linux console, by the last byte of `ESC [ [ A`.
pub fn console_function_key(last: u8) -> Option<InputEvent> {
    matches!(last, b'A'..=b'E').then(|| key_event(Code::F(last - b'A' + 1), Modifiers::NONE))?
}

/// A key after `ESC O` (SS3): cursor keys and the keypad, as terminals send them in application mode.
pub fn ss3(body: &[u8], last: u8) -> Option<InputEvent> {
    let text = std::str::from_utf8(body).ok()?;
    let modifiers = match text.rsplit(';').next() {
        None | Some("") => Modifiers::NONE,
        Some(number) => Modifiers::from_parameter(number.parse().ok()?)?,
    };
    match last {
        b'M' => key_event(Code::Enter, modifiers),
        b'j'..=b'y' => key_event(keypad(u32::from(last - b'j'), b"*+,-./0123456789")?, modifiers),
        // Control and a cursor key in rxvt.
        b'a'..=b'd' => key_event(key_by_letter(last.to_ascii_uppercase())?, Modifiers::CTRL),
        last => key_event(key_by_letter(last)?, modifiers),
    }
}

// The mouse.

/// A coordinate that counts from 1, as one that counts from 0. `None` for those that no screen has.
fn coordinate(number: u32) -> Option<u16> {
    u16::try_from(number.checked_sub(1)?).ok()
}

/// A mouse event. `what` is the number for button, motion and modifiers. `None` for other buttons, and with modifiers.
fn mouse(what: u32, (column, row): (u32, u32), is_release: bool) -> Option<InputEvent> {
    let gesture = match what {
        0 if is_release => MouseGesture::Release,
        0 => MouseGesture::Press,
        2 if !is_release => MouseGesture::Menu,
        3 => MouseGesture::Release,
        32 => MouseGesture::Drag,
        64 => MouseGesture::Wheel(-1),
        65 => MouseGesture::Wheel(1),
        128 if !is_release => MouseGesture::Back,
        129 if !is_release => MouseGesture::Forward,
        _ => return None,
    };
    Some(InputEvent::Mouse(MouseInput { gesture, column: coordinate(column)?, row: coordinate(row)? }))
}

/// The oldest mouse report (X10): three bytes after `ESC [ M`, each its number plus 32.
pub fn x10_mouse(bytes: &[u8]) -> Option<InputEvent> {
    let number = |index: usize| u32::from(*bytes.get(index)?).checked_sub(32);
    mouse(number(0)?, (number(1)?, number(2)?), false)
}

// Strings: operating system commands (OSC), device control strings (DCS) and application program commands (APC).

/// The number that the query for kitty's graphics protocol gives to its picture.
pub const GRAPHICS_QUERY_ID: u32 = 31;

/// The reply in a string. `kind` is the byte after the ESC that begins it.
pub fn string_reply(kind: u8, body: &[u8]) -> Option<InputEvent> {
    let text = std::str::from_utf8(body).ok()?;
    match kind {
        b']' => parse_colour(text).map(|colour| InputEvent::Background(Background::of_colour(colour))),
        b'P' => parse_name(text).map(InputEvent::TerminalName),
        b'_' => graphics_reply(text).map(InputEvent::KittyGraphics),
        _ => None,
    }
}

/// Parses `>|kitty(0.32.0)`.
fn parse_name(text: &str) -> Option<String> {
    let name = text.strip_prefix(">|")?;
    let is_printable = |c: char| matches!(c, ' '..='~');
    (!name.is_empty() && name.chars().all(is_printable)).then(|| name.to_owned())
}

/// Parses `Gi=31;OK`, or a message in the place of `OK`, which is an error.
fn graphics_reply(text: &str) -> Option<bool> {
    let (keys, message) = text.strip_prefix('G')?.split_once(';')?;
    let id = keys.split(',').find_map(|key| key.strip_prefix("i="))?;
    (id.parse() == Ok(GRAPHICS_QUERY_ID)).then_some(message == "OK")
}

/// Parses `11;rgb:1e1e/1e1e/1e1e`, each part with one to four hex digits, into parts from 0 to 1.
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
