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
}

/// Reads what is wanted of a body, and usually no more than its start.
pub fn content(body: &str, syntax: BodySyntax, wanted: Wanted) -> BodyContent {
    content_with_limit(body, syntax, wanted, START_BYTES)
}

fn content_with_limit(body: &str, syntax: BodySyntax, wanted: Wanted, limit: usize) -> BodyContent {
    let ends_excerpt = wanted.excerpt && syntax != BodySyntax::Gfm;
    let more = memchr::memmem::find(body.as_bytes(), b"<!-- more -->").filter(|_| ends_excerpt);
    let Some(before_more) = more.and_then(|at| body.get(..at)) else {
        return blocks(body, syntax, wanted, limit);
    };
    let heading = blocks(body, syntax, Wanted { excerpt: false, ..wanted }, limit).heading;
    let excerpt = blocks(before_more, syntax, Wanted { heading: false, ..wanted }, limit).excerpt;
    BodyContent { heading, excerpt }
}

/// Finds the first blocks in the start of a body if they are there and the rest cannot change them, else in the whole body.
fn blocks(body: &str, syntax: BodySyntax, wanted: Wanted, limit: usize) -> BodyContent {
    if !(wanted.heading || wanted.excerpt) {
        return BodyContent::default();
    }
    if let Some(start) = start(body, limit).filter(|_| syntax != BodySyntax::Mdx)
        && let (found, Some(end)) = blocks_of(start, syntax, wanted)
        && depends_on_itself(start, body, end)
    {
        return found;
    }
    blocks_of(body, syntax, wanted).0
}

/// The first paragraphs of a long body, up to a blank line. The parser reads the whole of a text before its first event, and an excerpt
/// is usually near the top.
fn start(body: &str, limit: usize) -> Option<&str> {
    let window = body.as_bytes().get(..limit).filter(|_| body.len() / 2 > limit)?;
    body.get(..memchr::memmem::rfind(window, b"\n\n")? + 1)
}

/// True if the blocks of `start` up to the byte `end` read the same as in the whole body.
///
/// They do if nothing in them waits for its end or a definition further below: a sign of another tool, HTML, a bracket. The last block
/// of `start` may belong to what follows it.
fn depends_on_itself(start: &str, body: &str, end: usize) -> bool {
    let (Some(read), Some(rest)) = (start.get(..end), body.get(start.len()..)) else { return false };
    let defines = || memchr::memmem::find(rest.as_bytes(), b"]:").is_some();
    end < start.trim_end().len()
        && !read.contains('<')
        && dialect::has_no_signs(read)
        && !(read.contains('[') && defines())
}

/// Finds the first blocks of a text, and the byte at which the last of them ends. No byte if some were not found.
fn blocks_of(text: &str, syntax: BodySyntax, wanted: Wanted) -> (BodyContent, Option<usize>) {
    let mut heading = FirstBlock::new(wanted.heading, |tag| matches!(tag, TagEnd::Heading(HeadingLevel::H1)));
    let mut excerpt = FirstBlock::new(wanted.excerpt, |tag| matches!(tag, TagEnd::Paragraph));
    let mut end = None;
    // Open links and pictures.
    let mut depth = 0_usize;
    for (event, at) in Body::new(text, syntax).events_with_positions().take(MAX_EVENTS) {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => depth += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => depth = depth.saturating_sub(1),
            // A heading in the middle of a text is not its title.
            Event::Text(text) | Event::Code(text) if depth == 0 && !text.trim().is_empty() => heading.give_up(),
            _ => {}
        }
        heading.read(&event);
        excerpt.read(&event);
        if !(heading.is_open() || excerpt.is_open()) {
            end = Some(at.end);
            break;
        }
    }
    (BodyContent { heading: heading.text, excerpt: excerpt.text.map(cut) }, end)
}

/// Cuts an excerpt that is too long.
fn cut(words: SafeText) -> SafeText {
    match words.as_str().char_indices().nth(MAX_EXCERPT_CHARS) {
        Some((end, _)) => clean::plain_line(&format!("{}…", words.as_str()[..end].trim_end())),
        None => words,
    }
}

/// Bytes of a long body in which its first blocks are looked for. Few articles have none of them there.
const START_BYTES: usize = 3_000;
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
pub fn count_words(text: &str) -> u32 {
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

    /// Parts of texts: some change what is above or below them.
    const PARTS: [&str; 26] = [
        "words ",
        "# A\n",
        "\n\n",
        "\n",
        "- a\n",
        "- b\n\n",
        "  more\n",
        ": d\n",
        "===\n",
        "---\n",
        "[a] ",
        "[a][b] ",
        "[a](b) ",
        "[^1] ",
        "[a]: https://e.org\n",
        "[^1]: note\n",
        "```\n",
        "    code\n",
        "> q\n",
        "<b>",
        "</b>",
        "{{< x >}}",
        "{{< /x >}}",
        "![p](q) ",
        "$$",
        "| a |\n",
    ];

    proptest! {
        #[test]
        fn the_start_of_a_body_reads_as_in_the_whole(
            parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 0..40),
            (heading, excerpt) in any::<(bool, bool)>(),
            limit in 1_usize..60,
        ) {
            let body = parts.concat();
            let wanted = Wanted { heading, excerpt };
            for syntax in [BodySyntax::Extended, BodySyntax::Gfm] {
                let found = content_with_limit(&body, syntax, wanted, limit);
                let whole = content_with_limit(&body, syntax, wanted, usize::MAX);
                prop_assert_eq!((&found.heading, &found.excerpt), (&whole.heading, &whole.excerpt), "{:?}", body);
            }
        }

        #[test]
        fn words_are_separated_by_blanks(text in "[ -~]{0,9}|[a-z ]{0,600}|[a-z \t\n\r\u{b}\u{c}\u{1c}\u{85}\u{a0}\u{3000}日é]{0,9}") {
            let wide = text.chars().filter(|c| *c == '日').count();
            prop_assert_eq!(count_words(&text) as usize, text.split_whitespace().count() + wide / 2);
        }
    }
}
