//! The body of an article file: where it begins, a title and excerpt taken from it, and its number of words.

use std::path::Path;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::feed::{Body, BodySyntax, SafeText, clean, dialect};

/// Longest excerpt taken from a body, in characters.
const MAX_EXCERPT_CHARS: usize = 400;

/// The body after front matter.
pub fn below_fence<'a>(path: &Path, text: &'a str, syntax: BodySyntax) -> &'a str {
    let body = text.trim_start_matches('\n');
    if syntax == BodySyntax::Gfm { body } else { without_mdx_imports(path, body) }
}

/// The body without the imports at the top of an MDX file.
pub fn without_mdx_imports<'a>(path: &Path, body: &'a str) -> &'a str {
    let is_mdx = !body.is_empty() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("mdx"));
    if is_mdx { body.get(dialect::imports_length(body)..).unwrap_or_default() } else { body }
}

/// A body without a first heading that repeats the title.
pub fn without_title<'a>(body: &'a str, title: &SafeText) -> &'a str {
    let content = body.trim_start_matches('\n');
    let (first, rest) = content.split_once('\n').unwrap_or((content, ""));
    // CommonMark allows hashes at the end of a heading: `# Title #`.
    let is_title = |heading: &str| clean::line(heading.trim_end_matches('#')) == *title;
    if first.strip_prefix("# ").is_some_and(is_title) { rest.trim_start_matches('\n') } else { body }
}

/// The text of the first `# ` heading of a body.
pub fn first_heading(body: &str, syntax: BodySyntax) -> Option<SafeText> {
    let wanted = |tag: &Tag| matches!(tag, Tag::Heading { level: HeadingLevel::H1, .. });
    first_block_text(body, syntax, wanted, |end| matches!(end, TagEnd::Heading(_)))
}

/// The text of the first paragraph of a body, or of its part before `<!-- more -->`.
pub fn first_paragraph(body: &str, syntax: BodySyntax) -> SafeText {
    let before_more = body.split("<!-- more -->").next().filter(|_| syntax != BodySyntax::Gfm);
    let body = before_more.unwrap_or(body);
    let words =
        first_block_text(body, syntax, |tag| matches!(tag, Tag::Paragraph), |end| matches!(end, TagEnd::Paragraph));
    let words = words.unwrap_or_default();
    match words.as_str().char_indices().nth(MAX_EXCERPT_CHARS) {
        Some((end, _)) => clean::plain_line(&format!("{}…", words.as_str()[..end].trim_end())),
        None => words,
    }
}

/// The text of the first block of a kind that is not empty.
fn first_block_text(
    body: &str,
    syntax: BodySyntax,
    wanted: impl Fn(&Tag) -> bool,
    ends: impl Fn(&TagEnd) -> bool,
) -> Option<SafeText> {
    /// Limit for parser events: enough to reach a first paragraph, few enough for large files to be fast.
    const EVENTS: usize = 2000;
    let (mut inside, mut words) = (false, String::new());
    for event in Body::new(body, syntax).events().take(EVENTS) {
        match event {
            Event::Start(tag) if wanted(&tag) => inside = true,
            Event::End(end) if inside && ends(&end) => {
                let shown = clean::plain_line(&words);
                if !shown.is_empty() {
                    return Some(shown);
                }
                inside = false;
            }
            Event::Text(text) | Event::Code(text) if inside => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak if inside => words.push(' '),
            _ => {}
        }
    }
    None
}

/// Number of words of an article. An excerpt taken from the body is not counted twice.
pub fn word_count(excerpt: &SafeText, excerpt_from_body: bool, body: &str) -> u32 {
    count_words(if excerpt_from_body { "" } else { excerpt.as_str() }) + count_words(body)
}

/// Number of words between white space. In Chinese and Japanese, which have none, two characters count as one word.
fn count_words(text: &str) -> u32 {
    if text.is_ascii() {
        return count_ascii_words(text.as_bytes());
    }
    let (mut words, mut wide, mut inside) = (0, 0, false);
    for c in text.chars() {
        let is_blank = c.is_whitespace();
        words += u32::from(!is_blank && !inside);
        wide += u32::from(('\u{3040}'..='\u{9fff}').contains(&c));
        inside = !is_blank;
    }
    words + wide / 2
}

/// Counts positions where a word follows white space or the start. The loop has no branches, so that the compiler vectorises
/// it. Sums of 128 bytes fit into a `u8`, which avoids the branch of an overflow check.
fn count_ascii_words(bytes: &[u8]) -> u32 {
    let is_blank = |b: u8| (b'\t'..=b'\r').contains(&b) | (b == b' ');
    let begins = |a: u8, b: u8| u8::from(is_blank(a) & !is_blank(b));
    let Some((first, rest)) = bytes.split_first() else { return 0 };
    let begun = |(before, here): (&[u8], &[u8])| {
        u32::from(before.iter().zip(here).fold(0u8, |count, (a, b)| count.wrapping_add(begins(*a, *b))))
    };
    u32::from(!is_blank(*first)) + bytes.chunks(128).zip(rest.chunks(128)).map(begun).sum::<u32>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_separated_by_blanks(text in "[ -~]{0,9}|[a-z ]{0,600}|[a-z \t\n\r\u{b}\u{c}\u{1c}\u{85}\u{a0}\u{3000}日é]{0,9}") {
            let wide = text.chars().filter(|c| *c == '日').count();
            prop_assert_eq!(count_words(&text) as usize, text.split_whitespace().count() + wide / 2);
        }
    }
}
