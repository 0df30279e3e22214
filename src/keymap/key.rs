//! Keys, and how they are written in the settings: `j`, `gg`, `<ctrl-d>`, `<enter>`.

use std::fmt;

/// A key without Ctrl.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character; Shift is already applied.
    Char(char),
    /// Enter.
    Enter,
    /// Shift-Enter, which only some terminals distinguish from Enter.
    ShiftEnter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift-Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
}

/// A key that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Whether Ctrl is held.
    pub ctrl: bool,
}

/// Keys that have a name: the name in settings, the name on the screen, and the key.
const NAMES: [(&str, &str, Code); 18] = [
    ("enter", "Enter", Code::Enter),
    ("shift-enter", "Shift-Enter", Code::ShiftEnter),
    ("esc", "Esc", Code::Esc),
    ("tab", "Tab", Code::Tab),
    ("shift-tab", "Shift-Tab", Code::BackTab),
    ("backspace", "Backspace", Code::Backspace),
    ("delete", "Delete", Code::Delete),
    ("up", "↑", Code::Up),
    ("down", "↓", Code::Down),
    ("left", "←", Code::Left),
    ("right", "→", Code::Right),
    ("home", "Home", Code::Home),
    ("end", "End", Code::End),
    ("pgup", "PgUp", Code::PageUp),
    ("pgdn", "PgDn", Code::PageDown),
    ("space", "Space", Code::Char(' ')),
    ("lt", "<", Code::Char('<')),
    ("gt", ">", Code::Char('>')),
];

/// Error: a name in brackets is not a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown key `<{name}>`; keys are written like <enter>, <space>, <f5>, <ctrl-d>")]
pub struct KeyError {
    /// The text between the brackets.
    pub name: String,
}

impl Key {
    /// A key without Ctrl.
    pub const fn plain(code: Code) -> Key {
        Key { code, ctrl: false }
    }

    /// Whether it is a control character, which no key sends.
    pub fn is_control(&self) -> bool {
        matches!(self.code, Code::Char(c) if c.is_control())
    }

    /// The key that a terminal without the extended keyboard protocol sends instead of this one. `None` for keys that every
    /// terminal can send.
    pub fn without_protocol(self) -> Option<Key> {
        let code = match (self.code, self.ctrl) {
            (Code::Char('i'), true) => Code::Tab,
            (Code::Char('m'), true) | (Code::Enter, true) | (Code::ShiftEnter, _) => Code::Enter,
            (Code::Char('['), true) | (Code::Esc, true) => Code::Esc,
            (Code::Tab | Code::BackTab | Code::Backspace, true) => self.code,
            _ => return None,
        };
        Some(Key::plain(code))
    }

    /// Parses a sequence of keys.
    pub fn parse_all(text: &str) -> Result<Vec<Key>, KeyError> {
        let mut keys = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|inside| inside.split_once('>'));
            match named {
                Some((name, after)) if !name.is_empty() => {
                    keys.push(Key::named(name)?);
                    rest = after;
                }
                _ => {
                    keys.push(Key::plain(Code::Char(c)));
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        Ok(keys)
    }

    /// Parses a sequence of keys as users type it: as in the settings, or as it is shown, `g Space Ctrl-d`. Blanks only separate keys.
    pub fn parse_typed(text: &str) -> Result<Vec<Key>, KeyError> {
        let mut keys = Vec::new();
        for word in text.split_whitespace() {
            match Key::of_shown(word) {
                Some(key) => keys.push(key),
                None => keys.extend(Key::parse_all(word)?),
            }
        }
        Ok(keys)
    }

    /// The key that is shown as this word.
    fn of_shown(word: &str) -> Option<Key> {
        let (ctrl, rest) = word.strip_prefix("Ctrl-").map_or((false, word), |rest| (true, rest));
        let key = match NAMES.iter().find(|(_, shown, _)| *shown == rest) {
            Some((.., code)) => Key { code: *code, ctrl },
            None => Key::named(word).ok()?,
        };
        (key.to_string() == word).then_some(key)
    }

    fn named(name: &str) -> Result<Key, KeyError> {
        let lower = name.to_lowercase();
        let (ctrl, code) = match lower.strip_prefix("ctrl-").or_else(|| lower.strip_prefix("c-")) {
            Some(code) => (true, code),
            None => (false, lower.as_str()),
        };
        let mut chars = code.chars();
        let number = code.strip_prefix('f').and_then(|number| number.parse().ok());
        let code = match (NAMES.iter().find(|(known, ..)| *known == code), chars.next(), chars.next()) {
            (Some((.., code)), ..) => *code,
            // With Ctrl a letter is always lower case, since terminals do not report Shift; without it, the case counts.
            (None, Some(c), None) => Code::Char(name.chars().next().filter(|_| !ctrl).unwrap_or(c)),
            (None, ..) if number.is_some_and(|number| (1..=24).contains(&number)) => Code::F(number.unwrap_or(1)),
            _ => return Err(KeyError { name: name.to_owned() }),
        };
        Ok(Key { code, ctrl })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = if self.ctrl { "Ctrl-" } else { "" };
        match (NAMES.iter().find(|(_, _, code)| *code == self.code), self.code) {
            (Some((_, shown, _)), _) => write!(f, "{held}{shown}"),
            (None, Code::Char(c)) => write!(f, "{held}{c}"),
            (None, Code::F(number)) => write!(f, "{held}F{number}"),
            (None, code) => write!(f, "{held}{code:?}"),
        }
    }
}

/// A sequence as shown on the screen: `g g`.
pub fn print(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_keys_may_be_written_as_they_are_shown() {
        for (typed, shown) in [
            ("gz", "g z"),
            (" g  z ", "g z"),
            ("g<space>z", "g Space z"),
            ("g Space z", "g Space z"),
            ("Ctrl-t F7", "Ctrl-t F7"),
            ("F 7", "F 7"),
            ("Ctrl-← PgUp < >", "Ctrl-← PgUp < >"),
            ("space", "s p a c e"),
            ("", ""),
        ] {
            let keys = Key::parse_typed(typed).expect("keys");
            assert_eq!(print(&keys), shown, "{typed}");
            assert_eq!(Key::parse_typed(shown), Ok(keys), "{shown}");
        }
        assert_eq!(Key::parse_typed("Ctrl-←"), Key::parse_all("<ctrl-left>"));
        assert!(Key::parse_typed("g <nokey>").is_err());
    }

    #[test]
    fn keys_are_parsed_and_shown() {
        for (text, shown) in [
            ("j", "j"),
            ("gg", "g g"),
            ("<ctrl-d>", "Ctrl-d"),
            ("<c-d>", "Ctrl-d"),
            ("<shift-enter><ctrl-enter><ctrl-i>", "Shift-Enter Ctrl-Enter Ctrl-i"),
            ("<enter>", "Enter"),
            ("jj/rust<enter>", "j j / r u s t Enter"),
            ("<lt><", "< <"),
            ("<down><space>", "↓ Space"),
            ("ä", "ä"),
            ("<G><g><Ä><ctrl-D>", "G g Ä Ctrl-d"),
            ("<f5><ctrl-F12>f", "F5 Ctrl-F12 f"),
        ] {
            let keys = Key::parse_all(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" "), shown, "{text}");
        }
        assert!(["<nokey>", "<f0>", "<f25>", "<ctrl->"].iter().all(|text| Key::parse_all(text).is_err()));
    }
}
