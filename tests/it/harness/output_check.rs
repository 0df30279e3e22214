//! Checks output byte by byte: the program's own terminal commands, text, and foreign bytes.

use ratatui::buffer::Buffer;

/// The most that a cell may hold.
const BYTES_A_CELL: usize = 64;
const MARKS_A_BASE: usize = 8;

/// What in some output is neither text nor, when `commands` are allowed, one of our own commands to a terminal: to place the
/// cursor, to style, to show and hide the cursor.
pub fn foreign(bytes: &[u8], commands: bool) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return vec!["bytes that are no UTF-8".to_owned()] };
    let mut found = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    let mut is_link_open = false;
    while let Some(c) = rest.chars().next() {
        if commands && let Some((length, opens)) = link_command(rest) {
            is_link_open = opens;
            rest = &rest[length..];
            before = ' ';
            continue;
        }
        if commands && let Some(length) = own_command(rest) {
            rest = &rest[length..];
            before = ' ';
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let next = rest.chars().next().unwrap_or(' ');
        let may_stand = match c {
            '\n' => !commands,
            // In a family of emoji, and behind what has two looks.
            '\u{200d}' => is_emoji_part(before) && is_emoji_part(next),
            '\u{fe0f}' => is_emoji_part(before) || before.is_ascii_digit() || matches!(before, '#' | '*'),
            // The program's own, where a column with Arabic or Hebrew ends: a command follows.
            '\u{200e}' => commands && next == '\u{1b}',
            _ => !is_foreign(c),
        };
        if !may_stand {
            found.push(format!("{c:?} behind {before:?}"));
        }
        before = c;
    }
    if is_link_open {
        found.push("a link that is not closed".to_owned());
    }
    found
}

/// Cells of a frame that hold more than a cell may.
pub fn overfull(buffer: &Buffer) -> Vec<String> {
    let marks = |text: &str| text.chars().filter(|c| unicode_normalization::char::is_combining_mark(*c)).count();
    let cells = buffer.content.iter().map(|cell| cell.symbol()).filter(|text| text.len() > 4);
    cells.filter(|text| text.len() > BYTES_A_CELL || marks(text) > MARKS_A_BASE).map(str::to_owned).collect()
}

/// Bytes of the command at the start, when it opens or closes a link (OSC 8) as ours do, and whether it opens one: an id of six
/// digits, and an address of the web in printable ASCII without `;`.
fn link_command(text: &str) -> Option<(usize, bool)> {
    let inside = text.strip_prefix("\u{1b}]8;")?;
    let (inside, _) = inside.split_once("\u{1b}\\")?;
    let length = "\u{1b}]8;".len() + inside.len() + "\u{1b}\\".len();
    let (id, address) = inside.split_once(';')?;
    if inside == ";" {
        return Some((length, false));
    }
    let id = id.strip_prefix("id=")?;
    let is_ours = id.len() == 6
        && id.bytes().all(|b| b.is_ascii_hexdigit())
        && (address.starts_with("http://") || address.starts_with("https://"))
        && address.bytes().all(|b| (0x21..=0x7e).contains(&b) && b != b';');
    is_ours.then_some((length, true))
}

/// The texts of hyperlinks in their order, each with its address.
pub fn linked(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    for part in text.split("\u{1b}]8;id=").skip(1) {
        let (command, rest) = part.split_once("\u{1b}\\").expect("the end of the command");
        let (words, _) = rest.split_once("\u{1b}]8;;\u{1b}\\").expect("the end of the link");
        let mut words = words.to_owned();
        while let Some(at) = words.find('\u{1b}') {
            let length = own_command(&words[at..]).expect("one of our own commands");
            words.replace_range(at..at + length, "");
        }
        found.push((words, command[7..].to_owned()));
    }
    found
}

/// Bytes of the command at the start, when it is one of ours: `CSI row ; column H`, `CSI column G`, `CSI … m`, `CSI ? 25 h` and
/// `l`.
fn own_command(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("\u{1b}[")?;
    let end = inside.find(|c: char| !matches!(c, '0'..='9' | ';' | ':' | '?'))?;
    let (parameters, is_private) = (&inside[..end], inside.starts_with('?'));
    match &inside[end..=end] {
        "G" | "H" | "m" if !is_private => Some(2 + end + 1),
        "h" | "l" if parameters == "?25" => Some(2 + end + 1),
        _ => None,
    }
}

/// Controls, and what is not seen or turns text around: Unicode's Default_Ignorable_Code_Point, Bidi_Control, line and
/// paragraph separators, interlinear annotation, private use, noncharacters. Repeated here, so that a gap in the
/// program's own list is seen.
fn is_foreign(c: char) -> bool {
    let code = c as u32;
    c.is_control()
        || matches!(code,
            0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x2028..=0x202e
            | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0x1bca0..=0x1bca3
            | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff | 0xe000..=0xf8ff | 0xf0000..=0x10ffff | 0xfdd0..=0xfdef)
        || code & 0xfffe == 0xfffe
}

fn is_emoji_part(c: char) -> bool {
    matches!(c as u32, 0xa9 | 0xae | 0x203c..=0x3299 | 0xfe0f | 0x1f000..=0x1faff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_other_commands_are_loaded() {
        let ours = "\u{1b}[1;1H\u{1b}[38;5;12mtext \u{1b}[0m\u{1b}[?25l👩\u{200d}👧 1\u{fe0f}\u{20e3} ❤\u{fe0f} שלום";
        assert_eq!(foreign(ours.as_bytes(), true), [""; 0]);
        let link = "\u{1b}]8;id=00ff00;https://e.org/%3B\u{1b}\\a\u{1b}[0m\u{1b}]8;;\u{1b}\\";
        assert_eq!(foreign(link.as_bytes(), true), [""; 0]);
        assert_eq!(linked(link.as_bytes()), [("a".to_owned(), "https://e.org/%3B".to_owned())]);
        assert!(!foreign(ours.as_bytes(), false).is_empty());
        for other in [
            "\u{1b}[2J",
            "\u{1b}]0;x\u{7}",
            "\u{1b}[?1049l",
            "\u{9b}2J",
            "\u{1b}c",
            "\u{7}",
            "\n",
            "\u{202e}",
            "a\u{200d}b",
            "a\u{fe0f}",
            "\u{e0041}",
            "\u{1b}[?25m",
            "\u{200e}",
            "\u{200e}a",
            "\u{2028}",
            "\u{1b}]8;id=00ff00;https://e.org/\u{1b}\\a",
            "\u{1b}]8;id=00ff00;https://e.org/;\u{1b}\\a\u{1b}]8;;\u{1b}\\",
            "\u{1b}]8;id=00ff00;file:///etc\u{1b}\\a\u{1b}]8;;\u{1b}\\",
            "\u{1b}]8;id=00ff00;https://e.org/é\u{1b}\\a\u{1b}]8;;\u{1b}\\",
            "\u{1b}]8;;https://e.org/\u{1b}\\a\u{1b}]8;;\u{1b}\\",
            "\u{1b}]8;id=00ff00;https://e.org/\u{7}a\u{1b}]8;;\u{1b}\\",
            "\u{1b}]52;c;aaaa\u{1b}\\",
        ] {
            assert!(!foreign(other.as_bytes(), true).is_empty(), "{other:?}");
        }
    }
}
