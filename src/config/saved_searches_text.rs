//! Where the entries are in the text of the file of saved searches, and the patches that change one of them and nothing else.

use std::ops::Range;

use serde_yaml::Value;

use super::edited_file::quoted;
use super::yaml_tree::{self, Position, YamlNode, YamlValue};

/// Maximum number of `#` in a line that are tried as the start of its comment.
const MAX_SIGNS: usize = 100;

/// A name and what the file has for it.
pub type Entry = (YamlNode, YamlNode);

/// A part of the text in bytes, and what replaces it.
pub type Patch = (Range<usize>, String);

/// The text of a file with its entries.
pub struct SearchesText<'a> {
    text: &'a str,
    entries: &'a [Entry],
    /// Where each line starts, in bytes.
    lines: Vec<usize>,
}

/// The field of a value with this name.
pub fn field<'a>(value: &'a YamlNode, name: &str) -> Option<&'a Entry> {
    let YamlValue::Map(fields) = &value.value else { return None };
    fields.iter().rfind(|(key, _)| matches!(&key.value, YamlValue::Text(text) if text == name))
}

impl<'a> SearchesText<'a> {
    /// A text, and the entries that were read from it.
    pub fn new(text: &'a str, entries: &'a [Entry]) -> SearchesText<'a> {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        SearchesText { text, entries, lines: std::iter::once(0).chain(starts).collect() }
    }

    /// The text with all patches, which must not overlap.
    pub fn patched(&self, mut patches: Vec<Patch>) -> String {
        patches.sort_by_key(|(range, _)| range.start);
        let mut changed = self.text.to_owned();
        for (range, new) in patches.into_iter().rev() {
            changed.replace_range(range, &new);
        }
        changed
    }

    /// Adds a search at the end.
    pub fn appended(&self, name: &str, query: &str) -> Patch {
        let end = self.line_end();
        let last_end = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { end };
        (self.text.len()..self.text.len(), format!("{last_end}{}: {}{end}", written_name(name), quoted(query)))
    }

    /// Gives an entry another name. `None` if that is not possible with a patch, as for the functions below.
    pub fn with_name(&self, at: usize, name: &str) -> Option<Patch> {
        let (key, _) = self.entries.get(at)?;
        Some((self.key(key)?, written_name(name)))
    }

    /// Gives an entry another query.
    pub fn with_query(&self, at: usize, query: &str) -> Option<Patch> {
        let (key, value) = self.entries.get(at)?;
        match (&value.value, field(value, "query")) {
            (YamlValue::Map(_), Some((query_key, _))) if !self.is_flow(value) => {
                self.with_value(query_key, &quoted(query))
            }
            (YamlValue::Map(_), None) if !self.is_flow(value) => self.with_field(value, "query", query),
            (YamlValue::Map(_), _) => {
                let keys = field(value, "key").and_then(|(_, keys)| keys.located_text());
                self.with_value(key, &in_brackets(query, keys.as_ref().map(|keys| keys.text.as_str())))
            }
            _ => self.with_value(key, &quoted(query)),
        }
    }

    /// Pins an entry to keys, or to none; `query` is its query. The inner `None`: nothing has to change.
    pub fn with_keys(&self, at: usize, query: &str, keys: Option<&str>) -> Option<Option<Patch>> {
        let (key, value) = self.entries.get(at)?;
        let is_block = matches!(value.value, YamlValue::Map(_)) && !self.is_flow(value);
        let patch = match (is_block, field(value, "key"), keys) {
            (true, Some((key, _)), Some(keys)) => self.with_value(key, &quoted(keys)),
            (true, None, Some(keys)) => self.with_field(value, "key", keys),
            (true, Some((key, _)), None) => self.line(key.at.0).map(|line| (line, String::new())),
            (_, None, None) => return Some(None),
            (false, ..) => self.with_value(key, &in_brackets(query, keys)),
        };
        patch.map(Some)
    }

    /// Removes an entry with all of its lines. Comments and empty lines below it stay.
    pub fn without(&self, at: usize) -> Option<Patch> {
        let (key, _) = self.entries.get(at)?;
        let (first, column) = key.at;
        let next = self.entries.get(at + 1).map(|(key, _)| key.at.0);
        if column != 1 || next == Some(first) {
            return None;
        }
        let start = self.line(first)?.start;
        let below = next.and_then(|next| self.line(next)).map_or(self.text.len(), |line| line.start);
        let is_of_others = |line: &str| {
            line.trim().is_empty() || line.starts_with('#') || line.starts_with("---") || line.starts_with("...")
        };
        let mut end = start;
        let mut seen = start;
        for (number, line) in self.text.get(start..below)?.split_inclusive('\n').enumerate() {
            seen += line.len();
            if number == 0 || !is_of_others(line) {
                end = seen;
            }
        }
        Some((start..end, String::new()))
    }

    /// Replaces the value behind a key, which must be on the line of the key. A comment after it stays.
    fn with_value(&self, key: &YamlNode, value: &str) -> Option<Patch> {
        let line = self.line(key.at.0)?;
        let whole = self.text.get(line.clone())?.trim_end_matches(['\n', '\r']);
        let before = self.key(key)?.end;
        let colon = before + self.text.get(before..)?.find(':')? + 1;
        let end = line.start + whole.len() - comment_of(whole).len();
        let blanks = self.text.get(colon..end)?;
        let blanks = &blanks[..blanks.len() - blanks.trim_start().len()];
        let blanks = if blanks.is_empty() { " " } else { blanks };
        Some((colon..end, format!("{blanks}{value}")))
    }

    /// Adds a field above the first one of a value with a field on each line.
    fn with_field(&self, value: &YamlNode, name: &str, text: &str) -> Option<Patch> {
        let YamlValue::Map(fields) = &value.value else { return None };
        let (line, column) = fields.first()?.0.at;
        let start = self.line(line)?.start;
        let indent = self.text.get(start..self.offset((line, column))?)?;
        Some((start..start, format!("{indent}{name}: {}{}", quoted(text), self.line_end())))
    }

    /// The bytes of a key, with its quotes.
    fn key(&self, key: &YamlNode) -> Option<Range<usize>> {
        let start = self.offset(key.at)?;
        let rest = self.text.get(start..self.line(key.at.0)?.end)?;
        let length = match rest.chars().next()? {
            '"' => {
                let mut escaped = false;
                let closes = |(_, c): &(usize, char)| {
                    let closes = *c == '"' && !escaped;
                    escaped = *c == '\\' && !escaped;
                    closes
                };
                rest.char_indices().skip(1).find(closes)?.0 + 1
            }
            // Two quotes are a quote inside.
            '\'' => {
                let mut at = 1;
                loop {
                    at += rest.get(at..)?.find('\'')? + 1;
                    if !rest.get(at..)?.starts_with('\'') {
                        break at;
                    }
                    at += 1;
                }
            }
            _ => {
                // In YAML, `a:b` without a blank is one text.
                let ends = |(at, _): &(usize, &str)| rest[at + 1..].chars().next().is_none_or(char::is_whitespace);
                rest[..rest.match_indices(':').find(ends)?.0].trim_end().len()
            }
        };
        Some(start..start + length)
    }

    /// Whether a value is written in brackets.
    fn is_flow(&self, value: &YamlNode) -> bool {
        self.offset(value.at).is_some_and(|at| self.text[at..].starts_with(['{', '[']))
    }

    /// The bytes of a line with its line end.
    fn line(&self, number: u32) -> Option<Range<usize>> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        Some(*self.lines.get(at)?..self.lines.get(at + 1).copied().unwrap_or(self.text.len()))
    }

    /// The byte at a position.
    fn offset(&self, (line, column): Position) -> Option<usize> {
        let line = self.line(line)?;
        let text = self.text.get(line.clone())?;
        let before = text.char_indices().nth(usize::try_from(column).ok()?.checked_sub(1)?);
        Some(line.start + before.map_or(text.len(), |(at, _)| at))
    }

    fn line_end(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

/// A search that is not just a query.
fn in_brackets(query: &str, keys: Option<&str>) -> String {
    match keys {
        None => quoted(query),
        Some(keys) => format!("{{query: {}, key: {}}}", quoted(query), quoted(keys)),
    }
}

/// A name as it is written before a colon.
fn written_name(name: &str) -> String {
    let is_plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
    // Without quotes, `2024` is a number and `true` a boolean.
    let is_text = || serde_yaml::from_str::<Value>(name).is_ok_and(|value| value == Value::String(name.to_owned()));
    if is_plain && is_text() { name.to_owned() } else { quoted(name) }
}

/// The comment at the end of a line with the blanks before it: the longest end that can be cut off without changing the parsed
/// value.
fn comment_of(line: &str) -> &str {
    let Ok(whole) = yaml_tree::read(line, "") else { return "" };
    // Each `#` costs a YAML parse, hence the limit.
    let mut starts = line.match_indices('#').map(|(at, _)| at).take(MAX_SIGNS);
    let is_same = |part: &str| yaml_tree::read(part, "").is_ok_and(|part| part.has_value_of(&whole));
    // In YAML, `#` begins a comment only after a blank.
    let start = starts.find(|at| line[..*at].ends_with([' ', '\t']) && is_same(&line[..*at]));
    start.map_or("", |at| &line[line[..at].trim_end().len()..])
}
