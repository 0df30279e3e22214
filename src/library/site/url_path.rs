//! Parts of web addresses: how generators turn names and titles into them, and how patterns with placeholders are filled in.

use chrono::{Datelike, NaiveDate};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A path of these parts, with a slash before each and behind the last: `/a/b/`. Empty parts are left out.
pub fn folder_path<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut path = String::from("/");
    for part in parts.into_iter().flat_map(|part| part.split('/')).filter(|part| !part.is_empty()) {
        path.push_str(part);
        path.push('/');
    }
    path
}

/// A path with one slash at its start, and single slashes inside.
pub fn with_single_slashes(path: &str) -> String {
    let mut out = String::from("/");
    for c in path.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}

/// Fills in a pattern with placeholders such as `:year`. `value` gives the text of a placeholder by its name. None if it has none:
/// a pattern that is only understood in parts would make wrong addresses.
pub fn fill_in(pattern: &str, mut value: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut parts = pattern.split(':');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let length = part.bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
        let (name, rest) = part.split_at_checked(length)?;
        // `:month_:day` has an underscore behind a name.
        match (value(name), name.strip_suffix('_')) {
            (Some(text), _) => out.push_str(&text),
            (None, Some(shorter)) => out.push_str(&format!("{}_", value(shorter)?)),
            (None, None) => return None,
        }
        // `:sections[1:]` selects a part.
        if rest.starts_with('[') {
            return None;
        }
        out.push_str(rest);
    }
    Some(out)
}

/// A part of a date by the names that Hugo and Jekyll share: `year`, `month` and `day` with leading zeros.
pub fn date_part(day: NaiveDate, name: &str) -> Option<String> {
    Some(match name {
        "year" => format!("{:04}", day.year()),
        "month" => format!("{:02}", day.month()),
        "day" => format!("{:02}", day.day()),
        _ => return None,
    })
}

/// Replaces each run of other characters by a hyphen, and removes one hyphen from each end.
pub fn hyphenated(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut in_run = false;
    for c in text.chars() {
        if is_kept(c) {
            out.push(c);
        } else if !in_run {
            out.push('-');
        }
        in_run = !is_kept(c);
    }
    let out = out.strip_prefix('-').unwrap_or(&out);
    out.strip_suffix('-').unwrap_or(out).to_owned()
}

/// True for letters, digits and the marks on letters.
pub fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// The text in ASCII: Latin letters lose their marks. None if it has other letters, which each generator transliterates in its
/// own way.
pub fn to_ascii(text: &str) -> Option<String> {
    let bare: String = text.nfd().filter(|c| !is_combining_mark(*c)).collect();
    bare.chars().all(|c| c.is_ascii() || !c.is_alphanumeric()).then_some(bare)
}

/// The path as part of an address: what is not allowed in a path is percent-encoded.
pub fn encode(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        let is_allowed = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
        if is_allowed { out.push(char::from(byte)) } else { out.push_str(&format!("%{byte:02X}")) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_single_slashes() {
        assert_eq!(folder_path(["a", "", "b/c"]), "/a/b/c/");
        assert_eq!(folder_path([]), "/");
        assert_eq!(with_single_slashes("//a///b"), "/a/b");
    }

    #[test]
    fn a_pattern_is_filled_in_or_refused() {
        let value = |name: &str| match name {
            "year" => Some("2021".to_owned()),
            "month" => Some("02".to_owned()),
            _ => None,
        };
        assert_eq!(fill_in("/:month_:year/x-:month/", value).as_deref(), Some("/02_2021/x-02/"));
        assert_eq!(fill_in("/plain/", value).as_deref(), Some("/plain/"));
        for unknown in ["/:other/", "/:year[1:]/", "/a:/", "/::year/"] {
            assert_eq!(fill_in(unknown, value), None, "{unknown}");
        }
    }

    #[test]
    fn other_characters_are_encoded() {
        assert_eq!(encode("/a b/ä?#%/c++@~"), "/a%20b/%C3%A4%3F%23%25/c++@~");
    }

    #[test]
    fn latin_letters_lose_their_marks_and_others_are_refused() {
        assert_eq!(to_ascii("Café — x").as_deref(), Some("Cafe — x"));
        assert_eq!(to_ascii("日本"), None);
    }
}
