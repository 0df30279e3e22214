//! Finds line and column of keys in front matter. Parsers do not keep them, but problems must name them.

use crate::feed::Position;

/// A step from a value to a value inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// To the value of a key.
    Key(&'a str),
    /// To an item of a list, counted from 0.
    Item(usize),
}

/// The lines of front matter with their indentation. Positions are exact for YAML in block style, the usual style. In other
/// styles and formats they may be those of the nearest line above.
pub struct KeyPositions<'a> {
    lines: Vec<Line<'a>>,
}

struct Line<'a> {
    text: &'a str,
    /// Width before the key or value in bytes, including the dashes of list items.
    indent: usize,
    /// Offsets of the dashes of list items in this line, outermost first.
    dashes: Vec<usize>,
    key: Option<&'a str>,
}

impl<'a> KeyPositions<'a> {
    /// Splits a text into lines.
    pub fn new(text: &'a str) -> KeyPositions<'a> {
        KeyPositions { lines: text.lines().map(Line::read).collect() }
    }

    /// The position of a value, with lines counted from 1.
    pub fn find(&self, steps: &[Step]) -> Option<Position> {
        let top = self.lines.iter().filter(|line| line.key.is_some()).map(|line| line.indent).min().unwrap_or(0);
        let (mut from, mut to) = (0, self.lines.len());
        let mut at = None;
        let mut parent_indent: Option<usize> = None;
        for step in steps {
            let found = match step {
                Step::Key(key) => (from..to).find(|&n| {
                    let line = &self.lines[n];
                    line.key == Some(*key)
                        && parent_indent.is_none_or(|indent| line.indent > indent)
                        && (parent_indent.is_some() || line.indent == top)
                }),
                Step::Item(wanted) => {
                    let outer = (from..to).find_map(|n| {
                        self.lines[n]
                            .dashes
                            .iter()
                            .copied()
                            .find(|&dash| parent_indent.is_none_or(|indent| dash >= indent))
                    });
                    outer.and_then(|dash| (from..to).filter(|&n| self.lines[n].dashes.contains(&dash)).nth(*wanted))
                }
            };
            let Some(found) = found else { return at };
            let line = &self.lines[found];
            let column = match step {
                Step::Key(_) => line.value_column(),
                Step::Item(_) => line.column_of(line.indent),
            };
            at = Some(Position { line: found as u32 + 1, column });
            match step {
                Step::Key(_) => {
                    parent_indent = Some(line.indent);
                    to = (found + 1..to)
                        .find(|&n| {
                            let below = &self.lines[n];
                            !below.text.trim().is_empty()
                                && below.start() < line.indent + usize::from(below.dashes.is_empty())
                        })
                        .unwrap_or(to);
                    from = found + usize::from(line.has_value() || line.dashes.is_empty());
                }
                Step::Item(_) => {
                    let dash = line.dashes.first().copied().unwrap_or(0);
                    parent_indent = Some(dash);
                    to = (found + 1..to).find(|&n| self.lines[n].dashes.contains(&dash)).unwrap_or(to);
                    from = found;
                }
            }
        }
        at
    }

    /// The first two occurrences of a key in the same map.
    pub fn find_duplicate(&self, key: &str) -> Option<(Position, Position)> {
        let mut known: Vec<(usize, usize)> = Vec::new();
        for (number, line) in self.lines.iter().enumerate() {
            if line.text.trim().is_empty() {
                continue;
            }
            known.retain(|&(indent, _)| indent <= line.start() && (line.dashes.is_empty() || indent < line.indent));
            if line.key == Some(key) {
                let place = |n: usize, indent: usize| Position { line: n as u32 + 1, column: indent as u32 + 1 };
                if let Some(&(_, first)) = known.iter().find(|&&(indent, _)| indent == line.indent) {
                    return Some((place(first, line.indent), place(number, line.indent)));
                }
                known.push((line.indent, number));
            }
        }
        None
    }
}

impl<'a> Line<'a> {
    fn read(text: &'a str) -> Line<'a> {
        // `{` and `,` precede keys in JSON and in the flow style of YAML.
        let mut rest = text.trim_start_matches([' ', '\t', '{', ',']);
        let mut dashes = Vec::new();
        while let Some(after) =
            rest.strip_prefix('-').filter(|after| after.is_empty() || after.starts_with([' ', '\t']))
        {
            dashes.push(text.len() - rest.len());
            rest = after.trim_start();
        }
        let indent = text.len() - rest.len();
        let unquoted = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        // One reader for all formats: keys end at `:` in YAML and JSON, and at `=` in TOML.
        let end = unquoted.find([':', '=', '"', '\'', ' ']).unwrap_or(unquoted.len());
        let (key, after) = unquoted.split_at(end);
        let after = after.trim_start_matches(['"', '\'', ' ']);
        let is_key = after.starts_with('=') || after == ":" || after.starts_with(": ") || after.starts_with(":\t");
        Line { text, indent, dashes, key: (is_key && !key.is_empty()).then_some(key) }
    }

    /// Offset of the first character that is not a blank.
    fn start(&self) -> usize {
        self.dashes.first().copied().unwrap_or(self.indent)
    }

    fn has_value(&self) -> bool {
        self.value_start() < self.text.trim_end().len()
    }

    fn value_start(&self) -> usize {
        let Some(key) = self.key else { return self.indent };
        let after_key = self.text[self.indent..].find(key).map_or(self.indent, |at| self.indent + at + key.len());
        let sign = self.text[after_key..].find([':', '=']).map_or(after_key, |at| after_key + at + 1);
        sign + self.text[sign..].len() - self.text[sign..].trim_start().len()
    }

    /// Column of the value, from 1; of the key if the value is on the lines below.
    fn value_column(&self) -> u32 {
        let start = if self.has_value() { self.value_start() } else { self.indent };
        self.column_of(start)
    }

    /// Column, from 1, of a byte offset in the line.
    fn column_of(&self, at: usize) -> u32 {
        self.text[..at].chars().count() as u32 + 1
    }
}

/// The key of a `key: value` line.
pub fn key_of(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let plain = key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key.len() <= 40
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (plain && (value.is_empty() || value.starts_with([' ', '\t', '\n']))).then_some(key)
}

/// Names of anchors (`&`) or aliases (`*`) with their offsets. Those inside quotes are included: that may reject a file in a
/// rare case, but never overlooks one.
pub fn names_after(text: &str, sign: u8) -> impl Iterator<Item = (usize, &str)> {
    text.bytes().enumerate().filter_map(move |(at, byte)| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        if byte != sign || before.is_some_and(|b| !b" \t\n[{,:?-".contains(b)) {
            return None;
        }
        let name = text[at + 1..].split(|c: char| c.is_whitespace() || ",[]{}:".contains(c)).next()?;
        (!name.is_empty()).then_some((at, name))
    })
}

/// Number of line ends.
pub fn count_lines(text: &str) -> u32 {
    text.bytes().filter(|b| *b == b'\n').count() as u32
}

/// Line and column of a byte offset, if the first line of `text` has the number `first_line`.
pub fn position(text: &str, at: usize, first_line: u32) -> Position {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Position { line: first_line + count_lines(before), column: before[line_start..].chars().count() as u32 + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Step::{Item, Key};

    const TEXT: &str = "title: \"A\"\nprovider:\n  name: Q\n  domain: q.org\ntopics:\n- AI\n- ML\nrelated:\n  - title: B\n    provider:\n      name: R\n  - title: C\n    date: soon\ndate: then # or so\n";

    #[test]
    fn positions_of_values() {
        for (steps, line, column) in [
            (&[Key("title")][..], 1, 8),
            (&[Key("provider")], 2, 1),
            (&[Key("provider"), Key("name")], 3, 9),
            (&[Key("topics"), Item(1)], 7, 3),
            (&[Key("related"), Item(0), Key("title")], 9, 12),
            (&[Key("related"), Item(0), Key("provider"), Key("name")], 11, 13),
            (&[Key("related"), Item(1), Key("date")], 13, 11),
            (&[Key("date")], 14, 7),
            (&[Key("related"), Item(1), Key("none")], 12, 5),
        ] {
            assert_eq!(KeyPositions::new(TEXT).find(steps), Some(Position { line, column }), "{steps:?}");
        }
        assert_eq!(KeyPositions::new(TEXT).find(&[Key("none")]), None);
        let toml = KeyPositions::new("title = \"A\"\ndate = soon");
        assert_eq!(toml.find(&[Key("date")]), Some(Position { line: 2, column: 8 }));
        let json = KeyPositions::new("{\n  \"title\": \"A\",\n  \"date\": 1\n}");
        assert_eq!(json.find(&[Key("date")]), Some(Position { line: 3, column: 11 }));
    }

    #[test]
    fn duplicates_are_found_within_one_map() {
        let lines = |text| KeyPositions::new(text).find_duplicate("a").map(|(first, second)| (first.line, second.line));
        assert_eq!(lines("a: 1\nb: 2\na: 3\n"), Some((1, 3)));
        assert_eq!(lines("x:\n  a: 1\ny:\n  a: 2\n"), None);
        assert_eq!(lines("x:\n  - a: 1\n  - a: 2\n    b: 1\n    a: 3\n"), Some((3, 5)));
    }
}
