//! Says in words what a YAML parser found: what is wrong, where a reader sees it, and what to do.

use super::outline::{Outline, key_of, names_behind, position};
use crate::feed::{Position, Problem, clean};

/// What is wrong with front matter that cannot be read.
pub fn explain_yaml(error: &serde_yaml::Error, text: &str, first_line: u32) -> Problem {
    let message = error.to_string();
    let in_file = |at: Position| Position { line: at.line + first_line - 1, ..at };
    let of_parser = error.location().map(|at| (at.line(), at.column()));
    let at = started_at(&message).or(of_parser);
    let at = at.map(|(line, column)| Position { line: line.max(1) as u32, column: column.max(1) as u32 });
    if let Some(twice) = stands_twice(&message, text, first_line, at.map(in_file)) {
        return twice;
    }
    if message.contains("repetition limit") {
        let at = names_behind(text, b'*').next().map(|(at, _)| position(text, at, first_line));
        return Problem::error(at, "aliases that stand for too much", "write the values out");
    }
    if message.contains("more than one document") {
        return another_document(text, first_line);
    }
    let at = at.unwrap_or(Position::START);
    let line = text.lines().nth(at.line as usize - 1).unwrap_or_default();
    let (at, what, hint) = cause(&message, text, line, at);
    Problem::error(Some(in_file(at)), &what, hint)
}

/// Lines that a parser takes for the beginning of another document.
fn another_document(text: &str, first_line: u32) -> Problem {
    if let Some(line) = text.lines().position(|line| line.starts_with("---")) {
        let at = Some(Position { line: line as u32 + first_line, column: 1 });
        let what = "a line in the front matter that begins with `---` and goes on";
        return Problem::error(at, what, "write `---` alone to end it");
    }
    // Keys further to the left than the first one.
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let first = lines.next().map_or(0, |(_, line)| indent(line));
    let (line, column) = lines.find(|(_, line)| indent(line) < first).map_or((0, 0), |(n, line)| (n, indent(line)));
    let at = Some(Position { line: line as u32 + first_line, column: column as u32 + 1 });
    Problem::error(at, MISFIT.0, MISFIT.1)
}

const MISFIT: (&str, &str) = ("a line that does not fit the ones above it", "check its indentation and quotes");
/// The remedy for a value that lacks quotes.
pub const IN_QUOTES: &str = "put the value in quotes";
/// The remedy for a value that goes on behind its quotes.
pub const CLOSING: &str = "write \\\" for a quote inside double quotes, and '' inside single ones";

/// The place, the cause and the remedy, with lines counted from the first of the text.
fn cause(message: &str, text: &str, line: &str, at: Position) -> (Position, String, &'static str) {
    let here = |what: &str, hint| (at, what.to_owned(), hint);
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    let indentation = &line[..line.len() - line.trim_start().len()];
    let before: String = line.chars().take(at.column as usize - 1).collect();
    let before_is = |ends: &[char]| before.trim_end().ends_with(ends);
    if indentation.contains('\t') {
        here("a tab used for indentation", "indent with blanks")
    } else if says(&["levels"]) {
        // Behind the way to the place, which is long then.
        let words = message.split(" at line ").next().unwrap_or(message);
        here(words.rsplit(": ").next().unwrap_or(words), "nest less")
    } else if says(&["directive", "incompatible YAML document"]) {
        here("a line cannot start with `%`", "put the text in quotes, or delete the line")
    } else if says(&["mapping values are not allowed"]) {
        colon(text, line, &before, at)
    } else if is_escape(message) {
        here("an escape that YAML does not know", "write \\\\ for a backslash, or use single quotes")
    } else if says(&["quoted scalar"]) {
        here("a quote that is never closed", "close the quote, or write \\\" for a quote inside")
    } else if says(&["could not find expected ':'"]) {
        here("a line that is no `key: value`", "put the text in quotes, or give it a key")
    } else if says(&["unknown anchor"]) {
        here("an alias `*…` without its anchor", IN_QUOTES)
    } else if says(&[
        "cannot start any token",
        "expected node content",
        "alphabetic or numeric",
        "scanning a tag",
        "parsing a tag",
    ]) || says(&["scanning a block scalar", "entries are not allowed", "mapping keys are not allowed"])
    {
        cannot_start(line, at)
    } else if says(&["block mapping", "block collection"]) && !before.trim().is_empty() && before_is(&['"', '\'']) {
        here("text behind a closing quote", CLOSING)
    } else if says(&["block mapping", "block collection"]) && !before.trim().is_empty() && before_is(&[']', '}']) {
        here("text behind a closing bracket", IN_QUOTES)
    } else if says(&["block mapping", "block collection", "block sequence"]) {
        here(MISFIT.0, MISFIT.1)
    } else if says(&["flow"]) {
        let what = "a list in brackets that is not closed or lacks a comma";
        here(what, "close the bracket, or put the text in quotes")
    } else {
        let words = message.split(" at line ").next().unwrap_or(message);
        here(words, "put text with special characters in quotes")
    }
}

/// A colon where none is allowed: inside a value, or that of a key on a line that goes on with the value above.
fn colon(text: &str, line: &str, before: &str, at: Position) -> (Position, String, &'static str) {
    let is_key = |line: &str| key_of(line.trim_start().trim_start_matches("- ")).is_some();
    let above = (at.line as usize).checked_sub(2).and_then(|above| text.lines().nth(above)).unwrap_or_default();
    if !is_key(line) || key_of(line.trim_start()) != Some(before.trim_start()) || above.trim().is_empty() {
        (at, "a colon inside an unquoted value".to_owned(), IN_QUOTES)
    } else if is_key(above) {
        let column = (before.chars().count() - before.trim_start().chars().count()) as u32 + 1;
        (Position { column, ..at }, MISFIT.0.to_owned(), MISFIT.1)
    } else {
        let at = Position { line: at.line - 1, column: 1 };
        (at, "a line that is no `key: value`".to_owned(), "put a blank behind its colon, or the text in quotes")
    }
}

/// A value whose first character means something to YAML.
fn cannot_start(line: &str, at: Position) -> (Position, String, &'static str) {
    let value = line.find(": ").map(|colon| colon + 1 + line[colon + 1..].len() - line[colon + 1..].trim_start().len());
    let value = value.map(|start| line[..start].chars().count() as u32 + 1);
    // A parser that knows the sign complains of what follows it.
    let column = value.filter(|column| *column < at.column && at.column - *column <= 4).unwrap_or(at.column);
    let found = line.chars().nth(column as usize - 1).unwrap_or('?');
    (Position { column, ..at }, format!("a value cannot start with `{found}`"), IN_QUOTES)
}

fn is_escape(message: &str) -> bool {
    message.contains("escape") || message.contains("hexadecimal number")
}

/// The problem of a key that stands twice, when that is what a message tells; the parsers give no place for it.
pub fn stands_twice(message: &str, text: &str, first_line: u32, near: Option<Position>) -> Option<Problem> {
    let key = message.split("duplicate entry with key \"").nth(1)?.rsplit_once('"').map(|(key, _)| key)?;
    let places = Outline::new(text).duplicate(key);
    let line = |at: Position| at.line + first_line - 1;
    let lines = places.map(|(first, second)| format!(", on lines {} and {}", line(first), line(second)));
    let at = places.map(|(_, second)| Position { line: line(second), ..second }).or(near);
    let what = format!("`{}` stands twice{}", clean::quote(key), lines.unwrap_or_default());
    Some(Problem::error(at, &what, "delete one of them"))
}

/// For what is never closed the parser's place is the end of the text; where it began stands in its message.
fn started_at(message: &str) -> Option<(usize, usize)> {
    let begun =
        ["scanning a quoted scalar", "scanning a simple key", "parsing a flow sequence", "parsing a flow mapping"];
    let place = begun.iter().find_map(|what| message.split(&format!("while {what} at line ")).nth(1));
    let place = place.filter(|_| !is_escape(message))?;
    let mut numbers = place.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}
