//! Turns errors of the YAML parser into messages: what is wrong, where the user sees it, and what to do.

use super::key_positions::{KeyPositions, key_of, names_after, position};
use crate::feed::{Position, Problem, clean};

/// Why front matter cannot be read. The cause tells [`super::yaml_repair`] what it may repair.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct FrontMatterError {
    /// What is wrong, where, and what to do.
    pub problem: Problem,
    /// The kind of error.
    pub cause: Cause,
}

/// The kind of error in front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The front matter as a whole, for example a missing fence.
    Whole,
    /// A value needs quotes.
    NoQuotes,
    /// Text follows the closing quote or bracket of a value.
    TextBehind,
    /// Any other error.
    Other,
}

impl FrontMatterError {
    /// An error about the front matter as a whole.
    pub fn whole(at: Option<Position>, what: &str, hint: &str) -> FrontMatterError {
        FrontMatterError { problem: Problem::error(at, what, hint), cause: Cause::Whole }
    }
}

impl From<Problem> for FrontMatterError {
    fn from(problem: Problem) -> FrontMatterError {
        FrontMatterError { problem, cause: Cause::Other }
    }
}

/// What to do about an error.
#[derive(Clone, Copy)]
struct Remedy {
    words: &'static str,
    cause: Cause,
}

impl From<&'static str> for Remedy {
    fn from(words: &'static str) -> Remedy {
        Remedy { words, cause: Cause::Other }
    }
}

/// Explains an error of the YAML parser.
///
/// The parser has no error codes. Its texts are compared here and nowhere else.
pub fn explain_yaml(error: &serde_yaml::Error, text: &str, first_line: u32) -> FrontMatterError {
    let message = error.to_string();
    let in_file = |at: Position| Position { line: at.line + first_line - 1, ..at };
    let of_parser = error.location().map(|at| (at.line(), at.column()));
    let at = started_at(&message).or(of_parser);
    let at = at.map(|(line, column)| Position { line: line.max(1) as u32, column: column.max(1) as u32 });
    if let Some(twice) = duplicate_key(&message, text, first_line, at.map(in_file)) {
        return twice.into();
    }
    if message.contains("repetition limit") {
        let at = names_after(text, b'*').next().map(|(at, _)| position(text, at, first_line));
        return Problem::error(at, "aliases expand to too many values", "write the values out").into();
    }
    if message.contains("more than one document") {
        return another_document(text, first_line);
    }
    let at = at.unwrap_or(Position::START);
    let line = text.lines().nth(at.line as usize - 1).unwrap_or_default();
    let (at, what, remedy) = classify(&message, text, line, at);
    FrontMatterError { problem: Problem::error(Some(in_file(at)), &what, remedy.words), cause: remedy.cause }
}

/// Explains what the parser takes for the start of a second document.
fn another_document(text: &str, first_line: u32) -> FrontMatterError {
    if let Some(line) = text.lines().position(|line| line.starts_with("---")) {
        let at = Some(Position { line: line as u32 + first_line, column: 1 });
        let what = "this line begins with `---` but goes on";
        return FrontMatterError::whole(at, what, "to end the front matter, write `---` alone on a line");
    }
    // Less indentation than the first key ends the document, too.
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let first = lines.next().map_or(0, |(_, line)| indent(line));
    let (line, column) = lines.find(|(_, line)| indent(line) < first).map_or((0, 0), |(n, line)| (n, indent(line)));
    let at = Some(Position { line: line as u32 + first_line, column: column as u32 + 1 });
    Problem::error(at, MISPLACED_LINE.0, MISPLACED_LINE.1).into()
}

const MISPLACED_LINE: (&str, &str) = ("this line does not fit the lines above it", "check its indentation and quotes");
/// For a value that needs quotes.
const IN_QUOTES: Remedy = Remedy { words: "put the value in quotes", cause: Cause::NoQuotes };
/// For text after the closing bracket of a value.
const AROUND_BRACKETS: Remedy = Remedy { words: IN_QUOTES.words, cause: Cause::TextBehind };
/// For text after the closing quote of a value.
const CLOSING: Remedy = Remedy {
    words: "write \\\" for a quote inside double quotes, and '' inside single ones",
    cause: Cause::TextBehind,
};

/// Position, text and remedy of an error. Lines are counted from the start of `text`.
fn classify(message: &str, text: &str, line: &str, at: Position) -> (Position, String, Remedy) {
    let here = |what: &str, hint: &'static str| (at, what.to_owned(), hint.into());
    let value = |what: &str, remedy: Remedy| (at, what.to_owned(), remedy);
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    let indentation = &line[..line.len() - line.trim_start().len()];
    let before: String = line.chars().take(at.column as usize - 1).collect();
    let before_is = |ends: &[char]| before.trim_end().ends_with(ends);
    if indentation.contains('\t') {
        here("a tab is used for indentation", "indent with spaces")
    } else if says(&["levels"]) {
        // The text begins with the path of the value, which is long here.
        let words = message.split(" at line ").next().unwrap_or(message);
        here(words.rsplit(": ").next().unwrap_or(words), "reduce the nesting")
    } else if says(&["directive", "incompatible YAML document"]) {
        here("a line cannot start with `%`", "put the text in quotes, or delete the line")
    } else if says(&["mapping values are not allowed"]) {
        misplaced_colon(text, line, &before, at)
    } else if is_escape(message) {
        here("YAML does not know this escape", "write \\\\ for a backslash, or use single quotes")
    } else if says(&["quoted scalar"]) {
        here("this quote is never closed", "close the quote, or write \\\" for a quote inside")
    } else if says(&["could not find expected ':'"]) {
        here("this line is not `key: value`", "put the text in quotes, or give it a key")
    } else if says(&["unknown anchor"]) {
        value("this alias `*…` has no anchor", IN_QUOTES)
    } else if says(&[
        "cannot start any token",
        "expected node content",
        "alphabetic or numeric",
        "scanning a tag",
        "parsing a tag",
    ]) || says(&["scanning a block scalar", "entries are not allowed", "mapping keys are not allowed"])
    {
        bad_first_character(line, at)
    } else if says(&["block mapping", "block collection"]) && !before.trim().is_empty() && before_is(&['"', '\'']) {
        value("text after a closing quote", CLOSING)
    } else if says(&["block mapping", "block collection"]) && !before.trim().is_empty() && before_is(&[']', '}']) {
        value("text after a closing bracket", AROUND_BRACKETS)
    } else if says(&["block mapping", "block collection", "block sequence"]) {
        here(MISPLACED_LINE.0, MISPLACED_LINE.1)
    } else if says(&["flow"]) {
        let what = "this list is not closed or lacks a comma";
        here(what, "close the bracket, or put the text in quotes")
    } else {
        let words = message.split(" at line ").next().unwrap_or(message);
        here(words, "put text with special characters in quotes")
    }
}

/// A colon in the wrong place: in a value without quotes, or after a key where the lines above continue a value.
fn misplaced_colon(text: &str, line: &str, before: &str, at: Position) -> (Position, String, Remedy) {
    let is_key = |line: &str| key_of(line.trim_start().trim_start_matches("- ")).is_some();
    let above = (at.line as usize).checked_sub(2).and_then(|above| text.lines().nth(above)).unwrap_or_default();
    if !is_key(line) || key_of(line.trim_start()) != Some(before.trim_start()) || above.trim().is_empty() {
        (at, "a colon inside an unquoted value".to_owned(), IN_QUOTES)
    } else if is_key(above) {
        let column = (before.chars().count() - before.trim_start().chars().count()) as u32 + 1;
        (Position { column, ..at }, MISPLACED_LINE.0.to_owned(), MISPLACED_LINE.1.into())
    } else {
        let at = Position { line: at.line - 1, column: 1 };
        (
            at,
            "this line is not `key: value`".to_owned(),
            "put a space after its colon, or put the text in quotes".into(),
        )
    }
}

/// A value that begins with a character that has a meaning in YAML.
fn bad_first_character(line: &str, at: Position) -> (Position, String, Remedy) {
    let value = line.find(": ").map(|colon| colon + 1 + line[colon + 1..].len() - line[colon + 1..].trim_start().len());
    let value = value.map(|start| line[..start].chars().count() as u32 + 1);
    // If the character is valid, the parser complains about what follows it.
    let column = value.filter(|column| *column < at.column && at.column - *column <= 4).unwrap_or(at.column);
    let found = line.chars().nth(column as usize - 1).unwrap_or('?');
    (Position { column, ..at }, format!("a value cannot start with `{found}`"), IN_QUOTES)
}

fn is_escape(message: &str) -> bool {
    message.contains("escape") || message.contains("hexadecimal number")
}

/// The problem of a duplicate key, if the error is one. The parsers report no position for it.
pub fn duplicate_key(message: &str, text: &str, first_line: u32, near: Option<Position>) -> Option<Problem> {
    let key = message.split("duplicate entry with key \"").nth(1)?.rsplit_once('"').map(|(key, _)| key)?;
    let places = KeyPositions::new(text).find_duplicate(key);
    let line = |at: Position| at.line + first_line - 1;
    let lines = places.map(|(first, second)| format!(", on lines {} and {}", line(first), line(second)));
    let at = places.map(|(_, second)| Position { line: line(second), ..second }).or(near);
    let what = format!("`{}` appears twice{}", clean::quote(key), lines.unwrap_or_default());
    Some(Problem::error(at, &what, "delete one of them"))
}

/// The start of something that is never closed. The parser reports the end of the text as the position, and the start in its
/// message.
fn started_at(message: &str) -> Option<(usize, usize)> {
    let begun =
        ["scanning a quoted scalar", "scanning a simple key", "parsing a flow sequence", "parsing a flow mapping"];
    let place = begun.iter().find_map(|what| message.split(&format!("while {what} at line ")).nth(1));
    let place = place.filter(|_| !is_escape(message))?;
    let mut numbers = place.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}
