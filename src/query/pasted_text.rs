//! Tells the signs of the language from those of what people paste into a query: titles, code and addresses.

use super::article_state::{ArticleFeature, ArticleState};
use super::nearest_name::{is_near_miss, unknown_name};
use super::term::ends_word;
use crate::feed::Field;

/// What stands behind signs that mean something before a word, and here stand alone, as in `Guide - Part 1`; none when the text
/// does not begin with such signs.
pub fn behind_lone_signs(text: &str) -> Option<&str> {
    let is_sign = |c: char| matches!(c, '-' | '!' | '+' | '#' | '@' | '*' | '‐'..='―' | '−');
    let arrow = ["->", "=>", "<->", "<-"].into_iter().find_map(|arrow| text.strip_prefix(arrow));
    if let Some(behind) = arrow.filter(|behind| behind.is_empty() || behind.starts_with(char::is_whitespace)) {
        return Some(behind);
    }
    let behind = match text.strip_prefix('/') {
        // One that is closed further on begins a regex.
        Some(behind) => Some(behind).filter(|behind| !behind.contains('/'))?,
        None => text.trim_start_matches(is_sign),
    };
    (behind.len() < text.len() && is_end(behind)).then_some(behind)
}

/// The address that a text begins with, with the parentheses and commas in it.
pub fn address(text: &str) -> Option<&str> {
    let begins = |start: &str| text.get(..start.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(start));
    if !["http://", "https://", "www."].into_iter().any(begins) {
        return None;
    }
    let mut open = 0usize;
    let ends = |c: char| {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return true,
            ')' => open -= 1,
            _ => {}
        }
        c.is_whitespace() || matches!(c, '"' | '|')
    };
    let end = text.find(ends).unwrap_or(text.len());
    Some(text[..end].trim_end_matches(','))
}

/// The field that a text begins with, if it does. Titles and code have colons too (`Beta: Build`, `std::fs`, `re:invent`): a name
/// that is no field is text. Only one that is nearly a field is an error, which says how many characters are wrong, and why.
pub fn field(text: &str) -> Result<Option<&str>, (usize, String)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, behind) = text.split_at(length);
    let Some(behind) = behind.strip_prefix(':').filter(|behind| !name.is_empty() && !behind.starts_with(':')) else {
        return Ok(None);
    };
    let known = || Field::query_names().chain(["sort", "limit", "saved"]);
    if known().any(|known| known == name) {
        return match behind.starts_with(char::is_whitespace) && !behind.trim().is_empty() {
            true => {
                let what = format!("nothing follows `{name}:`; write `{name}:…`, or \"{name}:\" in quotes for text");
                Err((length, what))
            }
            false => Ok(Some(name)),
        };
    }
    // While it is typed, nothing follows yet.
    if is_end(behind) && !behind.is_empty() {
        return Ok(None);
    }
    let value = behind.split(ends_word).next().unwrap_or_default();
    let is_slip = |short| strsim::damerau_levenshtein(&name.to_lowercase(), short) == 1;
    let meant = match name.to_lowercase().as_str() {
        "tag" | "tags" => Some("topic"),
        // In names as short as these, a slip shows by what follows.
        _ if is_slip("is") && ArticleState::from_word(value).is_some() => Some("is"),
        _ if is_slip("has") && ArticleFeature::from_word(value).is_some() => Some("has"),
        _ => None,
    };
    match meant {
        Some(meant) => Err((length, format!("unknown field `{name}`; did you mean `{meant}`?"))),
        None if is_near_miss(name, known()) => Err((length, unknown_name("field", name, known()))),
        None => Ok(None),
    }
}

/// True where nothing goes on that stands before.
fn is_end(behind: &str) -> bool {
    behind.is_empty() || behind.starts_with(|c: char| ends_word(c) && c != '"' && c != '(')
}
