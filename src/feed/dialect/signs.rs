//! Which dialects a text may be written in, by signs that are rare in plain Markdown.

use super::emoji;

/// The passes that a text may need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// `{{`, `{%`.
    pub templates: bool,
    /// Signs on lines of their own.
    pub blocks: bool,
    /// Signs within lines.
    pub inline: bool,
    /// Imports, comments and components of MDX.
    pub components: bool,
}

impl Signs {
    /// Looks through a text once.
    pub fn of(source: &str) -> Signs {
        let mut signs = Signs::default();
        let bytes = source.as_bytes();
        signs.components = ["import ", "export "].iter().any(|word| source.trim_start().starts_with(word));
        // `<div markdown="1">`, `<div markdown>`: what is in it is Markdown. `<div class="note">` is a callout.
        signs.blocks = [&b" markdown"[..], b" class="].iter().any(|word| memchr::memmem::find(bytes, word).is_some());
        let mut before = b'\n';
        for (at, byte) in bytes.iter().copied().enumerate() {
            if IS_SIGN[usize::from(byte)] {
                signs.add(bytes, at, before, byte);
            }
            before = byte;
        }
        signs
    }

    fn add(&mut self, bytes: &[u8], at: usize, before: u8, byte: u8) {
        let next = bytes.get(at + 1).copied().unwrap_or_default();
        if byte == b':' && !self.inline && next != b' ' && !before.is_ascii_alphanumeric() {
            self.inline = emoji::at_start(bytes.get(at..).unwrap_or_default()).is_some();
        }
        match byte {
            b'{' => {
                self.templates |= matches!(next, b'{' | b'%');
                self.blocks |= next == b':';
                self.inline |= next == b':' || matches!(before, b')' | b']' | b'*' | b'_' | b'`');
                self.components |= next == b'/';
            }
            b'%' if next == b'%' => (self.blocks, self.inline) = (true, true),
            b'$' => {
                self.blocks |= next == b'$';
                self.inline |= !next.is_ascii_whitespace();
            }
            b'=' => {
                let third = bytes.get(at + 2).copied().unwrap_or_default();
                self.blocks |= next == b'=' && third == b'=' && bytes.get(at + 3) == Some(&b' ');
                self.inline |= next == b'=' && third != b'=' && before != b'=';
                self.inline |= before == b' ' && (next.is_ascii_digit() || next == b'x');
            }
            b'\\' => {
                self.inline |= matches!(next, b'(' | b'[');
                let is_start = before.is_ascii_whitespace() || before == b'>';
                self.blocks |= is_start && matches!(next, b'[' | b'b' | b'p' | b'n' | b'c' | b't');
            }
            b':' | b'!' | b'?' if before == byte && at.checked_sub(2).and_then(|at| bytes.get(at)) == Some(&byte) => {
                self.blocks = true;
            }
            b'!' if next == b'[' => self.inline |= bytes.get(at + 2) == Some(&b'['),
            b'[' => {
                let word = bytes.get(at + 1..at + 4).unwrap_or_default();
                let is_contents = word.eq_ignore_ascii_case(b"toc") || next == b'_' && before == b'[';
                self.blocks |= next == b'!' || before == b'*' || is_contents;
            }
            b']' => {
                let state = at.checked_sub(2).and_then(|at| bytes.get(at)) == Some(&b'[');
                self.blocks |= state && !before.is_ascii_alphanumeric() && before != b' ';
                self.inline |= bytes.get(at + 1..at + 4) == Some(b"(g)");
            }
            b'^' => self.inline |= next == b'[' || before.is_ascii_whitespace() && next.is_ascii_alphanumeric(),
            b'|' if next.is_ascii_digit() => {
                self.inline |= bytes.iter().skip(at).take(13).any(|byte| *byte == b']');
            }
            b'<' => self.components |= next.is_ascii_uppercase() && before.is_ascii_whitespace(),
            _ => {}
        }
    }
}

/// The bytes that [`Signs::add`] looks at.
const IS_SIGN: [bool; 256] = {
    let mut table = [false; 256];
    let signs = b"{%$=\\:!?[]^|<";
    let mut at = 0;
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
};
