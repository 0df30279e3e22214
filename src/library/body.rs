//! The body of an article file: where it begins, a title and excerpt taken from it, and its number of words.

use std::path::Path;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::feed::local_links::{LinkCollector, WrittenLink, may_have_local_links};
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

/// What is read from a body beside its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// The text of the `# ` heading that the body begins with; only pictures and badges may be before it.
    pub heading: bool,
    /// The text of the first paragraph.
    pub excerpt: bool,
}

/// What was found in a body.
#[derive(Debug, Default)]
pub struct BodyContent {
    /// The text of the `# ` heading that the body begins with, if it is wanted and there is one.
    pub heading: Option<SafeText>,
    /// The text of the first paragraph, or of its part before `<!-- more -->`, if it is wanted and there is one.
    pub excerpt: Option<SafeText>,
    /// The links to places where articles may be.
    pub links: Vec<WrittenLink>,
}

/// Reads a body once, and no further than needed.
pub fn content(body: &str, syntax: BodySyntax, wanted: Wanted) -> BodyContent {
    let before_more = body.split_once("<!-- more -->").map(|(before, _)| before);
    let before_more = before_more.filter(|_| wanted.excerpt && syntax != BodySyntax::Gfm);
    // Relative links of a channel belong to its site.
    let has_links = syntax != BodySyntax::Gfm && may_have_local_links(body);
    let mut heading = FirstBlock::new(wanted.heading, |tag| matches!(tag, TagEnd::Heading(HeadingLevel::H1)));
    let is_paragraph = |tag: &TagEnd| matches!(tag, TagEnd::Paragraph);
    let mut excerpt = FirstBlock::new(wanted.excerpt && before_more.is_none(), is_paragraph);
    let mut links = LinkCollector::default();
    // Open links and pictures.
    let mut depth = 0_usize;
    if has_links || heading.is_open() || excerpt.is_open() {
        let body = Body::new(body, syntax);
        let mut events = body.events_with_positions();
        for (event, _) in events.by_ref().take(MAX_EVENTS) {
            match &event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Link | TagEnd::Image) => depth = depth.saturating_sub(1),
                // A heading in the middle of a text is not its title.
                Event::Text(text) | Event::Code(text) if depth == 0 && !text.trim().is_empty() => heading.give_up(),
                _ => {}
            }
            heading.read(&event);
            excerpt.read(&event);
            if has_links {
                links.read(&event);
            }
            if !(heading.is_open() || excerpt.is_open()) {
                break;
            }
        }
        if has_links {
            events.for_each_link(|event| links.read(event));
        }
    }
    if let Some(before) = before_more {
        excerpt = FirstBlock::new(true, is_paragraph);
        let events = Body::new(before, syntax);
        let mut events = events.events().take(MAX_EVENTS);
        while excerpt.is_open()
            && let Some(event) = events.next()
        {
            excerpt.read(&event);
        }
    }
    BodyContent { heading: heading.text, excerpt: excerpt.text.map(cut), links: links.finish() }
}

/// Cuts an excerpt that is too long.
fn cut(words: SafeText) -> SafeText {
    match words.as_str().char_indices().nth(MAX_EXCERPT_CHARS) {
        Some((end, _)) => clean::plain_line(&format!("{}…", words.as_str()[..end].trim_end())),
        None => words,
    }
}

/// Limit for parser events: enough to reach a first paragraph, few enough for large files to be fast.
const MAX_EVENTS: usize = 2000;

/// Gathers the text of the first block of a kind that is not empty.
struct FirstBlock<F> {
    is_wanted: bool,
    is_block: F,
    is_inside: bool,
    words: String,
    text: Option<SafeText>,
}

impl<F: Fn(&TagEnd) -> bool> FirstBlock<F> {
    fn new(is_wanted: bool, is_block: F) -> FirstBlock<F> {
        FirstBlock { is_wanted, is_block, is_inside: false, words: String::new(), text: None }
    }

    /// True if the block is wanted and was not found yet.
    fn is_open(&self) -> bool {
        self.is_wanted && self.text.is_none()
    }

    /// Looks no further, unless the block has begun.
    fn give_up(&mut self) {
        self.is_wanted &= self.is_inside || self.text.is_some();
    }

    fn read(&mut self, event: &Event) {
        if !self.is_open() {
            return;
        }
        match event {
            Event::Start(tag) if (self.is_block)(&tag.to_end()) => self.is_inside = true,
            Event::End(end) if self.is_inside && (self.is_block)(end) => {
                let shown = clean::plain_line(&self.words);
                self.text = Some(shown).filter(|shown| !shown.is_empty());
                self.is_inside = false;
            }
            Event::Text(text) | Event::Code(text) if self.is_inside => self.words.push_str(text),
            Event::SoftBreak | Event::HardBreak if self.is_inside => self.words.push(' '),
            _ => {}
        }
    }
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

    #[test]
    fn a_heading_is_a_title_only_at_the_beginning() {
        for (body, title) in [
            ("# A *b*\n\ntext", "A b"),
            ("A b\n===\n\ntext", "A b"),
            ("<h1 align=center>A b</h1>\n\ntext", "A b"),
            ("[![build](a.svg)](b) ![x](c.png)\n\n---\n\n# A b", "A b"),
            ("<!-- a comment -->\n\n# A b", "A b"),
            ("text\n\n# A b", ""),
            ("## A\n\n# B", ""),
            ("```\n# a\n```\n\n# B", ""),
            ("- a\n\n# B", ""),
            ("", ""),
        ] {
            let found = content(body, BodySyntax::Extended, Wanted { heading: true, excerpt: false });
            assert_eq!(found.heading.unwrap_or_default().as_str(), title, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn words_are_separated_by_blanks(text in "[ -~]{0,9}|[a-z ]{0,600}|[a-z \t\n\r\u{b}\u{c}\u{1c}\u{85}\u{a0}\u{3000}日é]{0,9}") {
            let wide = text.chars().filter(|c| *c == '日').count();
            prop_assert_eq!(count_words(&text) as usize, text.split_whitespace().count() + wide / 2);
        }
    }
}
