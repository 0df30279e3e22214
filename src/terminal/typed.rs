//! What a terminal sends, read from its bytes: answers to questions, and keys as crossterm would read them.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// What stands before text that is pasted, and behind it.
pub const PASTE: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";
/// Bytes of the longest sequence that is waited for.
const LONGEST: usize = 64;

/// Something that a terminal sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// The colour of the background, each part from 0 to 1.
    Background([f64; 3]),
    /// It has the keyboard protocol of kitty.
    Kitty,
    /// What kind of terminal it is.
    Kind,
    /// Where the cursor stands: row and column, from 1.
    Cursor([u16; 2]),
    /// Something that was typed or pasted.
    Typed(Event),
    /// Nothing of interest.
    Nothing,
}

/// The first of some bytes, and how many they are; none when more must come.
pub fn next(bytes: &[u8]) -> Option<(usize, Token)> {
    match bytes {
        [] | [0x1b] => None,
        [0x1b, 0x1b, ..] => Some((1, typed(KeyCode::Esc, KeyModifiers::NONE))),
        [0x1b, b']', ..] => answer(bytes),
        [0x1b, b'[', ..] => sequence(bytes),
        [0x1b, b'O', last, ..] => Some((3, cursor_key(*last, KeyModifiers::NONE))),
        [0x1b, b'O'] => None,
        // Held down with Alt, which means nothing here.
        [0x1b, rest @ ..] => key(rest).map(|(length, _)| (1 + length, Token::Nothing)),
        _ => key(bytes),
    }
}

/// Whether bytes may be the beginning of an answer.
pub fn may_be_answer(bytes: &[u8]) -> bool {
    if let Some(rest) = bytes.strip_prefix(b"\x1b[") {
        let numbers = rest.strip_prefix(b"?").unwrap_or(rest);
        let is_private = rest.is_empty() || numbers.len() < rest.len();
        return is_private && rest.len() < LONGEST && numbers.iter().all(|b| b.is_ascii_digit() || *b == b';');
    }
    let Some(rest) = bytes.strip_prefix(b"\x1b]") else { return false };
    let rest = rest.strip_suffix(b"\x1b").unwrap_or(rest);
    let colour = b"11;rgb";
    let (head, tail) = rest.split_at(rest.len().min(colour.len()));
    let of_colour = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b'a' | b':' | b'/');
    colour.starts_with(head) && tail.len() < LONGEST && tail.iter().all(of_colour)
}

fn typed(code: KeyCode, modifiers: KeyModifiers) -> Token {
    Token::Typed(Event::Key(KeyEvent::new(code, modifiers)))
}

/// A command of the operating system (OSC), up to its end.
fn answer(bytes: &[u8]) -> Option<(usize, Token)> {
    let body = bytes.get(2..).unwrap_or_default();
    let Some(end) = body.iter().position(|b| *b < 0x20) else {
        // Nobody answers at such length: somebody pressed Alt-].
        return (body.len() > LONGEST).then_some((2, Token::Nothing));
    };
    if end > LONGEST {
        return Some((2, Token::Nothing));
    }
    let (text, rest) = body.split_at(end);
    let length = match rest {
        [0x07, ..] => 1,
        [0x1b] => return None,
        [0x1b, b'\\', ..] => 2,
        // An answer that was cut off, else Alt-] and what was typed behind it.
        _ => return Some((if text.starts_with(b"11;") { 2 + end } else { 2 }, Token::Nothing)),
    };
    let token = std::str::from_utf8(text).ok().and_then(colour).map_or(Token::Nothing, Token::Background);
    Some((2 + end + length, token))
}

/// `11;rgb:1e1e/1e1e/1e1e`: each part with one to four digits.
fn colour(text: &str) -> Option<[f64; 3]> {
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

/// A control sequence (CSI), up to its end.
fn sequence(bytes: &[u8]) -> Option<(usize, Token)> {
    if bytes.starts_with(PASTE) {
        let body = bytes.get(PASTE.len()..).unwrap_or_default();
        let end = body.windows(PASTED.len()).position(|window| window == PASTED)?;
        let text = String::from_utf8_lossy(body.get(..end).unwrap_or_default()).into_owned();
        return Some((PASTE.len() + end + PASTED.len(), Token::Typed(Event::Paste(text))));
    }
    let body = bytes.get(2..).unwrap_or_default();
    let Some(end) = body.iter().position(|b| !(0x20..0x40).contains(b)) else {
        return (body.len() > LONGEST).then_some((2, Token::Nothing));
    };
    let (parameters, rest) = body.split_at(end);
    let last = *rest.first()?;
    if !(0x40..0x7f).contains(&last) {
        return Some((2 + end, Token::Nothing));
    }
    let parameters = std::str::from_utf8(parameters).unwrap_or_default();
    let token = match (parameters.strip_prefix('?'), last) {
        (Some(_), b'u') => Token::Kitty,
        (Some(_), b'c') => Token::Kind,
        (Some(_), _) => Token::Nothing,
        (None, b'R') if let Some(place) = place(parameters) => Token::Cursor(place),
        (None, b'~') => special_key(parameters),
        (None, last) => cursor_key(last, held(parameters)),
    };
    Some((2 + end + 1, token))
}

/// Where the cursor stands. In the first row it looks like F3 with a key held down, and is taken for that.
fn place(parameters: &str) -> Option<[u16; 2]> {
    let (row, column) = parameters.split_once(';')?;
    let (row, column) = (row.parse().ok()?, column.parse().ok()?);
    (row > 1 && column > 0).then_some([row, column])
}

/// What was held down: the second number, from 1.
fn held(parameters: &str) -> KeyModifiers {
    let bits = parameters.split(';').nth(1).and_then(|number| number.parse::<u8>().ok()).unwrap_or(1).wrapping_sub(1);
    let held = [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)];
    held.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, modifier)| modifier).collect()
}

fn cursor_key(last: u8, held: KeyModifiers) -> Token {
    let code = match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        b'Z' => return typed(KeyCode::BackTab, KeyModifiers::SHIFT),
        _ => return Token::Nothing,
    };
    typed(code, held)
}

fn special_key(parameters: &str) -> Token {
    let code = match parameters.split(';').next().and_then(|number| number.parse::<u8>().ok()) {
        Some(1 | 7) => KeyCode::Home,
        Some(3) => KeyCode::Delete,
        Some(4 | 8) => KeyCode::End,
        Some(5) => KeyCode::PageUp,
        Some(6) => KeyCode::PageDown,
        Some(n @ 11..=15) => KeyCode::F(n - 10),
        Some(n @ 17..=21) => KeyCode::F(n - 11),
        Some(n @ 23..=24) => KeyCode::F(n - 12),
        _ => return Token::Nothing,
    };
    typed(code, held(parameters))
}

/// A key that is no sequence.
fn key(bytes: &[u8]) -> Option<(usize, Token)> {
    let first = *bytes.first()?;
    let letter = |first: u8, base: u8| KeyCode::Char(char::from(first.wrapping_add(base)));
    let token = match first {
        b'\r' => typed(KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => typed(KeyCode::Tab, KeyModifiers::NONE),
        0x7f => typed(KeyCode::Backspace, KeyModifiers::NONE),
        0 => typed(KeyCode::Char(' '), KeyModifiers::CONTROL),
        0x01..=0x1a => typed(letter(first, b'a' - 1), KeyModifiers::CONTROL),
        0x1c..=0x1f => typed(letter(first, b'4' - 0x1c), KeyModifiers::CONTROL),
        _ => return character(bytes),
    };
    Some((1, token))
}

fn character(bytes: &[u8]) -> Option<(usize, Token)> {
    let length = match bytes.first()? {
        0x00..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Some((1, Token::Nothing)),
    };
    let Some(bytes) = bytes.get(..length) else {
        let goes_on = bytes.iter().skip(1).all(|b| (0x80..0xc0).contains(b));
        return if goes_on { None } else { Some((1, Token::Nothing)) };
    };
    Some(match std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next()) {
        Some(c) => {
            let held = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            (length, typed(KeyCode::Char(c), held))
        }
        None => (1, Token::Nothing),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys() {
        let (none, shift, ctrl) = (KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::CONTROL);
        for (bytes, code, held) in [
            ("a", KeyCode::Char('a'), none),
            ("Ж", KeyCode::Char('Ж'), shift),
            ("😀", KeyCode::Char('😀'), none),
            ("\r", KeyCode::Enter, none),
            ("\n", KeyCode::Char('j'), ctrl),
            ("\t", KeyCode::Tab, none),
            ("\x7f", KeyCode::Backspace, none),
            ("\x04", KeyCode::Char('d'), ctrl),
            ("\x1f", KeyCode::Char('7'), ctrl),
            ("\x1b[A", KeyCode::Up, none),
            ("\x1bOB", KeyCode::Down, none),
            ("\x1b[1;5C", KeyCode::Right, ctrl),
            ("\x1b[5~", KeyCode::PageUp, none),
            ("\x1b[6;2~", KeyCode::PageDown, shift),
            ("\x1bOP", KeyCode::F(1), none),
            ("\x1b[15~", KeyCode::F(5), none),
            ("\x1b[24~", KeyCode::F(12), none),
            ("\x1b[Z", KeyCode::BackTab, shift),
        ] {
            assert_eq!(next(bytes.as_bytes()), Some((bytes.len(), typed(code, held))), "{bytes:?}");
            let cut = (1..bytes.len()).find(|cut| next(&bytes.as_bytes()[..*cut]).is_some());
            assert_eq!(cut, None, "{bytes:?}");
        }
    }

    #[test]
    fn places_of_the_cursor() {
        for (text, expected) in [
            ("\x1b[2;9R", Token::Cursor([2, 9])),
            ("\x1b[24;80R", Token::Cursor([24, 80])),
            ("\x1b[1;2R", typed(KeyCode::F(3), KeyModifiers::SHIFT)),
            ("\x1b[2;0R", typed(KeyCode::F(3), held("2;0"))),
            ("\x1b[99999;1R", typed(KeyCode::F(3), KeyModifiers::NONE)),
        ] {
            assert_eq!(next(text.as_bytes()), Some((text.len(), expected)), "{text:?}");
        }
    }

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
            assert_eq!(colour(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_to_its_end(bytes in prop::collection::vec(
            prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b']'), Just(b'?'), Just(b';')], 0..200,
        )) {
            let mut rest = bytes.as_slice();
            while let Some((length, _)) = next(rest) {
                prop_assert!(length > 0 && length <= rest.len());
                rest = &rest[length..];
            }
            prop_assert!(rest.len() <= LONGEST + 4 || rest.starts_with(PASTE), "{rest:?} waits for ever");
        }
    }
}
