//! Keeps pasted titles, code and addresses from being read as syntax of the query language.

use super::article_state::{ArticleFeature, ArticleState};
use super::nearest_name::{is_near_miss, unknown_name};
use super::term::ends_word;
use crate::feed::Field;

/// The text after signs that only mean something directly before a word, if they are alone here, as in `Guide - Part 1`. `None`
/// if the text does not start with such signs.
pub fn after_lone_signs(text: &str) -> Option<&str> {
    let is_sign = |c: char| matches!(c, '-' | '!' | '+' | '#' | '@' | '*' | '‐'..='―' | '−');
    let arrow = ["->", "=>", "<->", "<-"].into_iter().find_map(|arrow| text.strip_prefix(arrow));
    if let Some(after) = arrow.filter(|after| after.is_empty() || after.starts_with(char::is_whitespace)) {
        return Some(after);
    }
    let after = match text.strip_prefix('/') {
        // With another slash later, it starts a regex.
        Some(after) => Some(after).filter(|after| !after.contains('/'))?,
        None => text.trim_start_matches(is_sign),
    };
    (after.len() < text.len() && is_end(after)).then_some(after)
}

/// The web address at the start of a text, including parentheses and commas inside it.
pub fn leading_address(text: &str) -> Option<&str> {
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
    // A comma in an address belongs to it; a comma at its end separates terms.
    Some(text[..end].trim_end_matches(','))
}

/// The field name at the start of a text, if there is one. Titles and code contain colons too (`Beta: Build`, `std::fs`,
/// `re:invent`), so an unknown name is text. Only a near miss of a field name is an error: the number of wrong characters, and
/// a message.
pub fn leading_field(text: &str) -> Result<Option<&str>, (usize, String)> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, after) = text.split_at(length);
    let Some(after) = after.strip_prefix(':').filter(|after| !name.is_empty() && !after.starts_with(':')) else {
        return Ok(None);
    };
    let known = || Field::query_names().chain(["sort", "limit", "saved"]);
    if known().any(|known| known == name) {
        return match after.starts_with(char::is_whitespace) && !after.trim().is_empty() {
            true => {
                let what = format!("no value after `{name}:`: write `{name}:…`, or \"{name}:\" to search for the text");
                Err((length, what))
            }
            false => Ok(Some(name)),
        };
    }
    // While the user types a field, its value is still missing.
    if is_end(after) && !after.is_empty() {
        return Ok(None);
    }
    let value = after.split(ends_word).next().unwrap_or_default();
    let is_slip = |short| strsim::damerau_levenshtein(&name.to_lowercase(), short) == 1;
    let meant = match name.to_lowercase().as_str() {
        "tags" => Some("tag"),
        // A slip in such a short name only counts if the value is one of that field.
        _ if is_slip("is") && ArticleState::from_word(value).is_some() => Some("is"),
        _ if is_slip("has") && ArticleFeature::from_word(value).is_some() => Some("has"),
        _ => None,
    };
    match meant {
        Some(meant) => Err((length, format!("unknown field `{name}` (did you mean `{meant}`?)"))),
        None if is_near_miss(name, known()) => Err((length, unknown_name("field", name, known()))),
        None => Ok(None),
    }
}

/// Whether a text ends here: at a blank or a sign that ends a word.
fn is_end(after: &str) -> bool {
    after.is_empty() || after.starts_with(|c: char| ends_word(c) && c != '"' && c != '(')
}
