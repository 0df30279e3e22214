//! Repairs YAML values that need quotes, such as `title: Foo: bar`. The intended text is clear, and such titles are common.

use serde_yaml::Mapping;

use super::key_positions::key_of;
use super::yaml_error::{Cause, FrontMatterError};
use crate::feed::{Problem, Severity};

/// Limit for repaired values in one file, since each repair costs another parse.
const MAX_REPAIRS: usize = 16;

/// Quotes values until `read` succeeds. `error` is the first error. Returns the repaired text and the result, and adds each
/// repair to `repairs_made`. None, without any report, if quotes alone do not help.
pub fn add_quotes(
    text: &str,
    first_line: u32,
    error: &FrontMatterError,
    read: impl Fn(&str) -> Result<Mapping, FrontMatterError>,
    repairs_made: &mut Vec<Problem>,
) -> Option<(String, Mapping)> {
    let (mut text, mut error, mut repairs) = (text.to_owned(), error.clone(), Vec::new());
    while repairs.len() < MAX_REPAIRS {
        text = with_quotes(&text, first_line, &error)?;
        repairs.push(Problem { severity: Severity::Warning, ..error.problem });
        match read(&text) {
            Ok(map) => {
                repairs_made.append(&mut repairs);
                return Some((text, map));
            }
            Err(next) => error = next,
        }
    }
    None
}

/// Quotes the value in the line of an error. None if the error has another cause, or if quotes could change the meaning:
/// escapes, nested values, values over several lines.
fn with_quotes(text: &str, first_line: u32, error: &FrontMatterError) -> Option<String> {
    let lacks_quotes = matches!(error.cause, Cause::NoQuotes | Cause::TextBehind);
    let number = error.problem.at.filter(|_| lacks_quotes)?.line.checked_sub(first_line)? as usize;
    let line = text.split('\n').nth(number)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let value = value_of(line)?;
    let (before, rest) = line.split_at(line.len() - value.len());
    let (value, comment) = rest.split_at(rest.find(" #").unwrap_or(rest.len()));
    let trimmed = value.trim_end();
    let inner = match trimmed.chars().next()? {
        // If quotes enclose the whole value, they are its own.
        quote @ ('"' | '\'') if trimmed.len() > 1 && trimmed.ends_with(quote) => &trimmed[1..trimmed.len() - 1],
        _ => trimmed,
    };
    let is_nested = inner.starts_with(['[', '{']) && error.cause != Cause::TextBehind;
    if is_nested || inner.contains('\\') {
        return None;
    }
    // In single quotes, only the quote itself needs an escape.
    let quoted = format!("'{}'", inner.replace('\'', "''"));
    Some([&text[..start], before, &quoted, comment, &text[start + line.len()..]].concat())
}

/// The value in a line, after dashes of list items and a key. None if the line has no value.
fn value_of(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    let is_item = rest.starts_with("- ");
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start();
    }
    let value = match key_of(rest) {
        Some(key) => rest[key.len() + 1..].trim_start(),
        None if is_item => rest,
        None => "",
    };
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::super::front_matter::{FrontMatterFormat, parse};

    #[test]
    fn values_that_need_quotes_are_read_as_text() {
        for (text, title) in [
            ("title: Foo: bar", "Foo: bar"),
            ("title: What now:", "What now:"),
            ("title: It's: it", "It's: it"),
            ("title: Foo: bar # not this", "Foo: bar"),
            ("title: @home alone", "@home alone"),
            ("title: `code` and more", "`code` and more"),
            ("title: *Bold* move", "*Bold* move"),
            ("title: [Video] Foo", "[Video] Foo"),
            ("title: \"A\" and B", "\"A\" and B"),
            ("title: \"He said \"hi\" to me\"", "He said \"hi\" to me"),
            ("title: 'It's here'", "It's here"),
            ("title: %T", "%T"),
            ("a: x: y\ntitle: T: u\nlist:\n  - @b\n  - name: c: d\n", "T: u"),
        ] {
            let front = parse(FrontMatterFormat::Yaml, text, 2).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(front.map.get("title").and_then(|title| title.as_str()), Some(title), "{text}");
            assert!(!front.problems.is_empty(), "{text}: the repair is reported");
        }
        let front = parse(FrontMatterFormat::Yaml, "a: b\n\ntitle: Foo: bar", 7).expect("front matter");
        assert_eq!(front.problems[0].at.map(|at| (at.line, at.column)), Some((9, 11)));
    }

    #[test]
    fn errors_that_quotes_cannot_fix_are_reported_unchanged() {
        for (text, what) in [
            ("title: \"never closed\ndate: x", "this quote is never closed"),
            ("title: |0\n  T", "a value cannot start with `|`"),
            ("tags: [a: b: c]", "this list is not closed"),
            ("title: \"a\" \\q\"", "text after a closing quote"),
            ("title: a: b\n\tx: y", "a colon inside an unquoted value"),
        ] {
            let problem = parse(FrontMatterFormat::Yaml, text, 2).expect_err(text).problem;
            assert!(problem.what.as_str().starts_with(what), "{text}: {problem:?}");
        }
    }
}
