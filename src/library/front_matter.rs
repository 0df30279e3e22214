//! Finds and parses the front matter of a file: YAML, TOML, JSON, or `Key: value` lines.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::DeserializeSeed;
use serde_yaml::{Mapping, Value};

use super::key_positions::{count_lines, key_of, names_after, position};
use super::nesting_limit::NestingLimit;
use super::yaml_error::{FrontMatterError, duplicate_key, explain_yaml};
use super::yaml_repair;
use crate::bracket_limit;
use crate::feed::{Position, Problem, clean};

/// Size limit of front matter, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// Limits for YAML aliases: their number, and the size of front matter that uses any. Together they bound the expanded size.
const MAX_ALIASES: usize = 64;
const MAX_BYTES_WITH_ALIASES: usize = 16 * 1024;

/// The format of front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontMatterFormat {
    /// YAML between `---` and `---` or `...`.
    Yaml,
    /// TOML between `+++` and `+++`.
    Toml,
    /// A JSON object at the start of the file.
    Json,
    /// `Key: value` lines up to a blank line, as Pelican writes them.
    Lines,
}

/// A file split into front matter and body.
#[derive(Debug)]
pub struct SplitFile<'a> {
    /// The front matter: its format, its text, and the number of its first line. None if the whole file is the body.
    pub front: Option<(FrontMatterFormat, &'a str, u32)>,
    /// The body.
    pub body: &'a str,
    /// Why the front matter cannot be read: a missing fence, or its size.
    fault: Option<FrontMatterError>,
    /// The whole text. It becomes the body if the text between the fences is not front matter.
    all: &'a str,
}

impl<'a> SplitFile<'a> {
    fn all_body(text: &'a str) -> SplitFile<'a> {
        SplitFile { front: None, body: text, fault: None, all: text }
    }

    fn new(text: &'a str, front: (FrontMatterFormat, &'a str, u32), body: &'a str) -> SplitFile<'a> {
        SplitFile { front: Some(front), body, fault: too_large(front.1, front.2), all: text }
    }
}

/// Splits a file. `text` has LF line ends and no byte order mark.
pub fn split(text: &str) -> SplitFile<'_> {
    let blank: usize = text.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let first_line = 1 + count_lines(&text[..blank]);
    let content = &text[blank..];
    let opening = content.lines().next().unwrap_or_default().trim_end();
    match opening {
        "---" => fenced(content, first_line, FrontMatterFormat::Yaml, &["---", "..."]),
        "+++" => fenced(content, first_line, FrontMatterFormat::Toml, &["+++"]),
        _ if opening.starts_with('{') => match json_length(content) {
            Some(length) => {
                let (front, body) = content.split_at(length);
                SplitFile::new(text, (FrontMatterFormat::Json, front, first_line), body)
            }
            None if looks_like_json(content) => {
                // The end of broken JSON is unknown; a closing brace alone on a line is the best guess.
                let end = content.find("\n}\n").map_or(content.len(), |at| at + 2);
                let (front, body) = content.split_at(end);
                SplitFile::new(
                    text,
                    (FrontMatterFormat::Json, front, first_line),
                    if body.is_empty() { content } else { body },
                )
            }
            None => SplitFile::all_body(text),
        },
        _ => match find_key_lines(content) {
            KeyLines::None => SplitFile::all_body(text),
            KeyLines::Until(length) => {
                let (front, body) = content.split_at(length);
                SplitFile::new(text, (FrontMatterFormat::Lines, front, first_line), body)
            }
            KeyLines::ClosedBy(line) => {
                let front: usize = content.split_inclusive('\n').take(line as usize).map(str::len).sum();
                let (front, rest) = content.split_at(front);
                let body = rest.split_once('\n').map_or("", |(_, body)| body);
                let fault = FrontMatterError::whole(
                    Some(Position { line: first_line, column: 1 }),
                    &format!("`---` on line {} closes front matter that was never opened", first_line + line),
                    "put a line `---` before the first key",
                );
                SplitFile {
                    fault: Some(fault),
                    ..SplitFile::new(text, (FrontMatterFormat::Yaml, front, first_line), body)
                }
            }
        },
    }
}

fn fenced<'a>(content: &'a str, first_line: u32, format: FrontMatterFormat, fences: &[&str]) -> SplitFile<'a> {
    let open = content.split_inclusive('\n').next().unwrap_or_default();
    let inside = &content[open.len()..];
    let mut at = 0;
    for line in inside.split_inclusive('\n') {
        // Only at the start of a line: an indented `---` belongs to a value.
        if fences.contains(&line.trim_end()) {
            return SplitFile::new(content, (format, &inside[..at], first_line + 1), &inside[at + line.len()..]);
        }
        at += line.len();
    }
    let next = inside.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if !is_key_line(format, next) {
        // This is a Markdown rule at the top of a text without front matter.
        return SplitFile::all_body(content);
    }
    let fence = open.trim_end();
    let fault = FrontMatterError::whole(
        Some(Position { line: first_line, column: 1 }),
        &format!("the front matter opened by `{fence}` is never closed"),
        &format!("put a line `{fence}` after the last key"),
    );
    // The body begins at the first line that is neither a key nor part of a value.
    let goes_on = |line: &&str| {
        line.trim().is_empty() || line.starts_with([' ', '\t', '-', '#', ']', '}']) || is_key_line(format, line)
    };
    let front: usize = inside.split_inclusive('\n').take_while(goes_on).map(str::len).sum();
    let (front, body) = inside.split_at(front);
    SplitFile { fault: Some(fault), ..SplitFile::new(content, (format, front, first_line + 1), body) }
}

fn too_large(front: &str, first_line: u32) -> Option<FrontMatterError> {
    if front.len() <= MAX_BYTES {
        return None;
    }
    Some(FrontMatterError::whole(
        Some(Position { line: first_line, column: 1 }),
        &format!("the front matter has {} KiB; the limit is {} KiB", front.len().div_ceil(1024), MAX_BYTES / 1024),
        "move long text into the body",
    ))
}

/// True if a line has the form of a key in this format.
fn is_key_line(format: FrontMatterFormat, line: &str) -> bool {
    if format != FrontMatterFormat::Toml {
        return key_of(line).is_some();
    }
    let is_key = |key: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'' | ' ');
        !key.trim().is_empty() && key.chars().all(is_part)
    };
    line.starts_with('[') || line.split_once('=').is_some_and(|(key, _)| is_key(key)) || has_known_key(line)
}

/// True if a line has one of the well-known keys.
fn has_known_key(line: &str) -> bool {
    key_of(line).is_some_and(is_known_key)
}

/// True if unreadable text between fences is meant as front matter: it has a well-known key, or most of its lines have a key.
/// Otherwise it is text between two Markdown rules.
fn is_intended(format: FrontMatterFormat, front: &str) -> bool {
    let (mut keys, mut others) = (0, 0);
    for line in front.lines().filter(|line| !line.trim().is_empty()) {
        if has_known_key(line.trim_start()) || line.starts_with('%') {
            return true;
        }
        if line.starts_with(['#', ' ', '\t']) {
            continue;
        }
        let is_key = is_key_line(format, line);
        keys += usize::from(is_key);
        others += usize::from(!is_key && !line.starts_with('-'));
    }
    format == FrontMatterFormat::Json || keys > others
}

/// True if the keys of a map are so long (three words or more) that the lines are prose with colons.
fn is_prose(map: &Mapping) -> bool {
    let is_long = |key: &Value| key.as_str().is_some_and(|key| key.split_whitespace().nth(2).is_some());
    !map.is_empty() && map.keys().all(is_long)
}

/// True if text between fences is only comments with blank lines between them, which then are Markdown headings.
fn is_markdown_headings(front: &str) -> bool {
    front.lines().any(|line| line.trim().is_empty()) && front.lines().any(|line| line.starts_with("# "))
}

/// True if a line seems to be meant as a key but is not one: `title:T` or `title = T` in YAML.
fn is_misspelt_key_line(line: &str) -> bool {
    let key = line.split([':', '=']).next().unwrap_or_default();
    key.len() < line.len() && is_known_key(key.trim_end())
}

/// Front matter after parsing.
#[derive(Debug, Default)]
pub struct ParsedFrontMatter<'a> {
    /// Its fields; empty if it cannot be read.
    pub map: Mapping,
    /// Its text, with repairs.
    pub text: Cow<'a, str>,
    /// What was repaired.
    pub problems: Vec<Problem>,
    /// Why it cannot be read.
    pub broken: Option<FrontMatterError>,
}

impl<'a> SplitFile<'a> {
    /// Parses the front matter. Text between fences that is not front matter becomes part of the body.
    pub fn read(&mut self) -> ParsedFrontMatter<'a> {
        let Some((format, text, first_line)) = self.front else { return ParsedFrontMatter::default() };
        if let Some(fault) = self.fault.take() {
            return ParsedFrontMatter { text: text.into(), broken: Some(fault), ..ParsedFrontMatter::default() };
        }
        match parse(format, text, first_line) {
            Err(error) if is_intended(format, text) => {
                ParsedFrontMatter { text: text.into(), broken: Some(error), ..ParsedFrontMatter::default() }
            }
            Ok(front) if !(is_prose(&front.map) || front.map.is_empty() && is_markdown_headings(text)) => front,
            _ => {
                (self.front, self.body) = (None, self.all);
                let near = text.lines().zip(0..).find(|(line, _)| is_misspelt_key_line(line));
                let problem = near.map(|(_, line)| {
                    Problem::warning(
                        Some(Position { line: first_line + line, column: 1 }),
                        "the text between the fences has no `key: value` lines",
                        "shown as text; write `title: …`, with a space after the colon",
                    )
                });
                ParsedFrontMatter { problems: problem.into_iter().collect(), ..ParsedFrontMatter::default() }
            }
        }
    }
}

fn json_length(content: &str) -> Option<usize> {
    let mut objects = serde_json::Deserializer::from_str(content).into_iter::<serde::de::IgnoredAny>();
    objects.next()?.ok()?;
    Some(objects.byte_offset())
}

fn looks_like_json(content: &str) -> bool {
    content[1..].trim_start().starts_with('"')
}

enum KeyLines {
    None,
    /// `Key: value` lines of this many bytes, then something else.
    Until(usize),
    /// YAML lines without an opening fence. The line with this number below the first is `---`.
    ClosedBy(u32),
}

/// Keys that identify the first lines of a file as front matter. Others may be prose, as in "Note: …".
const KNOWN_KEYS: [&str; 12] = [
    "title",
    "date",
    "tags",
    "category",
    "categories",
    "author",
    "authors",
    "slug",
    "summary",
    "description",
    "layout",
    "topics",
];

fn is_known_key(key: &str) -> bool {
    KNOWN_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

fn find_key_lines(content: &str) -> KeyLines {
    let (mut known, mut length, mut ended) = (0, 0, false);
    for (number, line) in content.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" && known > 1 {
            return KeyLines::ClosedBy(number as u32);
        }
        let continued = line.starts_with([' ', '\t', '-']) && number > 0;
        match key_of(line) {
            Some(key) => known += usize::from(is_known_key(key)),
            None if line.trim().is_empty() => ended = true,
            None if continued => {}
            None => break,
        }
        if !ended {
            length += line.len();
        }
    }
    if known == 0 { KeyLines::None } else { KeyLines::Until(length) }
}

/// Parses front matter into a map, with a problem for each repair.
pub fn parse(
    format: FrontMatterFormat,
    text: &str,
    first_line: u32,
) -> Result<ParsedFrontMatter<'_>, FrontMatterError> {
    let mut problems = Vec::new();
    let mut text = without_controls(text, first_line, &mut problems);
    let map = match format {
        FrontMatterFormat::Yaml => match parse_yaml(&text, first_line) {
            Ok(map) => map,
            Err(error) => {
                let (repaired, map) = yaml_repair::add_quotes(
                    &text,
                    first_line,
                    &error,
                    |text| parse_yaml(text, first_line),
                    &mut problems,
                )
                .ok_or(error)?;
                text = Cow::Owned(repaired);
                map
            }
        },
        FrontMatterFormat::Toml => parse_toml(&text, first_line)?,
        FrontMatterFormat::Json => parse_json(&text, first_line)?,
        FrontMatterFormat::Lines => parse_key_lines(&text),
    };
    Ok(ParsedFrontMatter { map, text, problems, broken: None })
}

/// Removes control characters and the rare line ends of YAML. Editors do not show them; YAML parsers reject the whole file at
/// a control character, and begin a new key at such a line end.
fn without_controls<'a>(text: &'a str, first_line: u32, repaired: &mut Vec<Problem>) -> Cow<'a, str> {
    let bad = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    let Some(at) = text.find(bad) else { return Cow::Borrowed(text) };
    let found = text[at..].chars().next().map_or(0, |c| c as u32);
    repaired.push(Problem::warning(
        Some(position(text, at, first_line)),
        &format!("control character U+{found:04X} in the front matter"),
        "removed; delete it from the file",
    ));
    let clean_line = |line: &str| {
        if !line.contains(bad) {
            return line.to_owned();
        }
        // `clean::text` would turn these characters into line feeds, after which a new key could begin.
        let blanked: String =
            line.chars().map(|c| if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
        clean::text(&blanked).to_string()
    };
    Cow::Owned(text.split('\n').map(clean_line).collect::<Vec<_>>().join("\n"))
}

fn parse_yaml(text: &str, first_line: u32) -> Result<Mapping, FrontMatterError> {
    check_limits(text, first_line)?;
    let limit = if text.contains('*') { NestingLimit::WITH_ALIASES } else { NestingLimit::FULL };
    let mut value = match limit.deserialize(serde_yaml::Deserializer::from_str(text)) {
        Ok(value) => value,
        Err(error) => return Err(explain_yaml(&error, text, first_line)),
    };
    // `apply_merge` walks all values, and few files have a merge key.
    if let Some(at) = text.find("<<")
        && value.apply_merge().is_err()
    {
        let at = Some(position(text, at, first_line));
        return Err(Problem::error(at, "the merge key `<<` does not name a map", "write the keys out").into());
    }
    match value {
        Value::Mapping(map) => Ok(map),
        Value::Null => Ok(Mapping::new()),
        Value::Tagged(tagged) => match tagged.value {
            Value::Mapping(map) => Ok(map),
            _ => Err(not_a_map(first_line)),
        },
        _ => Err(not_a_map(first_line)),
    }
}

fn not_a_map(first_line: u32) -> FrontMatterError {
    let at = Some(Position { line: first_line, column: 1 });
    FrontMatterError::whole(at, "the front matter has no `key: value` lines", "write `title: …` on a line of its own")
}

/// Rejects text that would overload a parser: brackets that are nested too deep, and aliases that expand to more than memory
/// holds.
pub fn check_limits(text: &str, first_line: u32) -> Result<(), FrontMatterError> {
    if let Some((at, excess)) = bracket_limit::first_excess(text) {
        let at = Some(position(text, at, first_line));
        return Err(Problem::error(at, &excess.to_string(), "put the text in quotes").into());
    }
    let anchors: HashSet<&str> = names_after(text, b'&').map(|(_, anchor)| anchor).collect();
    // `*emphasis*` in a text is not an alias, so only names that have an anchor count.
    let aliases = names_after(text, b'*').filter(|(_, alias)| anchors.contains(alias));
    let mut aliases = aliases.take(MAX_ALIASES + 1);
    // `next` has consumed one alias, so `MAX_ALIASES` further ones are too many.
    if let Some((at, _)) = aliases.next()
        && (text.len() > MAX_BYTES_WITH_ALIASES || aliases.count() == MAX_ALIASES)
    {
        return Err(Problem::error(
            Some(position(text, at, first_line)),
            &format!(
                "too many aliases: at most {MAX_ALIASES}, and none in front matter over {} KiB",
                MAX_BYTES_WITH_ALIASES / 1024
            ),
            "write the values out",
        )
        .into());
    }
    Ok(())
}

fn parse_toml(text: &str, first_line: u32) -> Result<Mapping, FrontMatterError> {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            let error: toml::de::Error = error;
            let at = error.span().map(|span| position(text, span.start.min(text.len()), first_line));
            let what = error.message().lines().next().unwrap_or("invalid TOML").to_owned();
            // The parser has no error codes.
            let (what, hint) = if what.contains("recursion") {
                ("brackets are nested too deep".to_owned(), "reduce the nesting")
            } else if what.contains("duplicate key") {
                (what, "delete one of them")
            } else {
                (what, "strings need quotes: title = \"…\"")
            };
            return Err(Problem::error(at, &what, hint).into());
        }
    };
    Ok(table.into_iter().map(|(key, value)| (Value::String(key), toml_value(value))).collect())
}

fn toml_value(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(n) => Value::Number(n.into()),
        toml::Value::Float(n) => Value::Number(n.into()),
        toml::Value::Boolean(yes) => Value::Bool(yes),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(items) => Value::Sequence(items.into_iter().map(toml_value).collect()),
        toml::Value::Table(table) => {
            Value::Mapping(table.into_iter().map(|(key, value)| (Value::String(key), toml_value(value))).collect())
        }
    }
}

fn parse_json(text: &str, first_line: u32) -> Result<Mapping, FrontMatterError> {
    let mut from = serde_json::Deserializer::from_str(text);
    match NestingLimit::FULL.deserialize(&mut from).and_then(|value| from.end().map(|()| value)) {
        Ok(Value::Mapping(map)) => Ok(map),
        Ok(_) => Err(not_a_map(first_line)),
        Err(error) => {
            // serde_json counts columns in bytes.
            let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default().as_bytes();
            let before = line.get(..error.column().saturating_sub(1)).unwrap_or(line);
            let column = String::from_utf8_lossy(before).chars().count() as u32 + 1;
            let at = Position { line: error.line().max(1) as u32 + first_line - 1, column };
            let message = error.to_string();
            let what = message.split(" at line ").next().unwrap_or(&message);
            if let Some(twice) = duplicate_key(what, text, first_line, Some(at)) {
                return Err(twice.into());
            }
            // The text comes from `NestingLimit`. Errors of a visitor arrive only as text.
            if what.contains("levels") {
                return Err(Problem::error(Some(at), what, "reduce the nesting").into());
            }
            let what = format!("invalid JSON: {what}");
            Err(Problem::error(Some(at), &what, "check commas, quotes and braces").into())
        }
    }
}

fn parse_key_lines(text: &str) -> Mapping {
    let mut map = Mapping::new();
    let mut last: Option<Value> = None;
    for line in text.lines() {
        match key_of(line).filter(|_| !line.starts_with([' ', '\t'])) {
            Some(key) => {
                let name = Value::String(key.to_owned());
                map.entry(name.clone()).or_insert(Value::String(line[key.len() + 1..].trim().to_owned()));
                last = Some(name);
            }
            None => {
                if let Some(Value::String(value)) = last.as_ref().and_then(|key| map.get_mut(key)) {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    map
}
