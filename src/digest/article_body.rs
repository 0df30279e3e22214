//! The body of an article file: the text of an item as Markdown, within a limit, and its further links.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::channel::{Content, NamedLink};
use crate::feed::{BodySyntax, Link, SafeText, UntrustedText, body_syntax, clean};
use crate::html;

/// Longest text of a body in bytes. The loader accepts files of 4 MiB.
const MAX_BYTES: usize = 1024 * 1024;
/// A text that has no place to cut it between a quarter of the limit and the limit loses its markup and is cut here. As Markdown it
/// may become several times longer.
const MAX_BYTES_WITHOUT_MARKUP: usize = MAX_BYTES / 4;
/// Limit of further links.
const MAX_LINKS: usize = 100;

/// The text of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Markdown without raw HTML, within the limit of a file.
    pub markdown: UntrustedText,
    /// True if more was there.
    pub is_cut: bool,
}

/// The text of an item that becomes the body, and the whole of it as Markdown.
#[derive(Debug)]
pub struct WholeBody<'a> {
    /// Where the text comes from: the content, or the summary if there is no content or it shows nothing.
    pub content: &'a Content,
    /// Markdown without raw HTML.
    markdown: SafeText,
}

impl<'a> WholeBody<'a> {
    /// The body of an item with these texts; `None` if neither content nor summary show anything.
    pub fn of(content: Option<&'a Content>, summary: Option<&'a Content>) -> Option<WholeBody<'a>> {
        [content, summary].into_iter().flatten().find_map(|content| {
            let markdown = clean::text(&content.to_markdown());
            (!markdown.as_str().trim().is_empty()).then_some(WholeBody { content, markdown })
        })
    }

    /// The Markdown within the limit.
    pub fn within_limit(&self) -> Body {
        let whole = self.markdown.as_str();
        let (text, is_cut) = match whole.len() <= MAX_BYTES {
            true => (Cow::Borrowed(whole), false),
            false => (self.cut(), true),
        };
        Body { markdown: UntrustedText::new(trimmed(&text)), is_cut }
    }

    fn cut(&self) -> Cow<'_, str> {
        let whole = self.markdown.as_str();
        match end_of_paragraph(whole, MAX_BYTES) {
            Some(end) => Cow::Borrowed(whole.get(..end).unwrap_or_default()),
            None => Cow::Owned(without_markup(&self.content.to_text())),
        }
    }
}

impl Body {
    /// The body as a file may have it: cleaned, within the limit, and without raw HTML. A body that `WholeBody` made stays as it is;
    /// one that a process sent that is not to be trusted may be anything.
    pub fn checked(&self) -> (String, bool) {
        let text = clean::text(self.markdown.untrusted());
        let whole = trimmed(text.as_str());
        match whole {
            whole if body_syntax::has_html(whole, BodySyntax::Gfm) => {
                let is_cut = self.is_cut || whole.len() > MAX_BYTES_WITHOUT_MARKUP;
                (trimmed(&without_markup(whole)).to_owned(), is_cut)
            }
            whole if whole.len() > MAX_BYTES => {
                let end = whole.floor_char_boundary(MAX_BYTES);
                (trimmed(whole.get(..end).unwrap_or_default()).to_owned(), true)
            }
            whole => (whole.to_owned(), self.is_cut),
        }
    }
}

/// The beginning of a text as Markdown that shows it as it is.
fn without_markup(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_BYTES_WITHOUT_MARKUP);
    clean::text(&html::plain_to_markdown(text.get(..end).unwrap_or_default())).to_string()
}

/// The body of the file of an item, with a line feed at its end; empty if the item has neither text nor further links. If the text is
/// cut, a line says so and leads to the original at `link`.
pub fn write(body: Option<&Body>, further: &[NamedLink], link: Option<&Link>) -> String {
    let mut text = String::new();
    if let Some((markdown, is_cut)) = body.map(Body::checked) {
        text = markdown;
        if is_cut {
            let blank = if text.is_empty() { "" } else { "\n\n" };
            let original = link.map(|link| format!(" {}", link.as_markdown(&"The whole text".into())));
            text.push_str(&format!("{blank}**The text is cut here: it is too long.**{}", original.unwrap_or_default()));
        }
    }
    let mut links: Vec<SafeText> = Vec::new();
    for named in further.iter().take(MAX_LINKS) {
        let link = Link::read(named.url.untrusted());
        let line = link.as_markdown(&named.name.into());
        if link.address().is_some() && !links.contains(&line) {
            links.push(line);
        }
    }
    let links: Vec<String> = links.iter().map(|line| format!("- {line}")).collect();
    let parts = [text, links.join("\n")];
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { parts.join("\n\n") + "\n" }
}

/// Without blank lines at the start, and without white space at the end. Blanks at the start may be the indentation of code.
fn trimmed(markdown: &str) -> &str {
    markdown.trim_start_matches('\n').trim_end()
}

/// The end of the last paragraph within a limit, unless it is so early that most of the text would be lost. A blank line in a code
/// block ends no paragraph: a cut there would make the rest of the file code.
fn end_of_paragraph(markdown: &str, limit: usize) -> Option<usize> {
    let (mut at, mut end, mut open): (usize, usize, Option<Fence>) = (0, 0, None);
    for line in markdown.split_inclusive('\n') {
        if at > limit {
            break;
        }
        match (open, Fence::of(line)) {
            (None, None) if line.trim().is_empty() => end = at,
            (None, fence) => open = fence,
            (Some(open_fence), Some(fence)) if fence.closes(open_fence) => open = None,
            (Some(_), _) => {}
        }
        at += line.len();
    }
    (end >= limit / 4).then_some(end)
}

/// A line that begins or ends a block of code.
#[derive(Clone, Copy, Debug)]
struct Fence {
    sign: char,
    length: usize,
    has_more: bool,
}

impl Fence {
    /// The fence in a line, also in a quote or a list.
    fn of(line: &str) -> Option<Fence> {
        let in_container =
            |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '>' | '-' | '*' | '+' | '.');
        let line = line.trim_start_matches(in_container).trim_end();
        let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let more = line.trim_start_matches(sign);
        // A line such as ` ```code``` text ` is a paragraph.
        let is_code_span = sign == '`' && more.contains('`');
        let length = line.len() - more.len();
        (length >= 3 && !is_code_span).then_some(Fence { sign, length, has_more: !more.is_empty() })
    }

    fn closes(self, open: Fence) -> bool {
        self.sign == open.sign && self.length >= open.length && !self.has_more
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{ContentKind, Item};

    fn plain(text: &str) -> Option<Content> {
        Some(Content { text: UntrustedText::new(text), kind: ContentKind::Plain, base: None })
    }

    fn written(item: &Item) -> String {
        let whole = WholeBody::of(item.content.as_ref(), item.summary.as_ref());
        let body = whole.map(|body| body.within_limit());
        write(body.as_ref(), &item.links, Some(&Link::read("https://example.org/a")))
    }

    #[test]
    fn the_content_is_the_body_unless_it_shows_nothing() {
        for (content, summary, expected) in [
            (Some("c"), Some("s"), "c\n"),
            (Some(" \n\u{200b}"), Some("s"), "s\n"),
            (None, Some("\n\ns\n\n"), "s\n"),
            (Some(""), Some(" "), ""),
            (None, None, ""),
        ] {
            let item = Item { content: content.and_then(plain), summary: summary.and_then(plain), ..Item::default() };
            assert_eq!(written(&item), expected);
        }
    }

    #[test]
    fn further_links_are_a_list_at_the_end() {
        let link = |name, url| NamedLink { name, url: UntrustedText::new(url) };
        let links = vec![
            link("Chapters", "https://example.org/c"),
            link("Chapters", "https://example.org/c"),
            link("Transcript", "javascript:alert(1)"),
            link("Transcript", "https://example.org/t(1)"),
        ];
        let list = "- [Chapters](https://example.org/c)\n- [Transcript](https://example.org/t%281%29)\n";
        assert_eq!(written(&Item { links: links.clone(), ..Item::default() }), list);
        assert_eq!(written(&Item { links, content: plain("text"), ..Item::default() }), format!("text\n\n{list}"));
    }

    #[test]
    fn a_long_text_is_cut_after_a_paragraph() {
        let paragraph = "word ".repeat(2_000) + "end\n\n";
        let body = written(&Item { content: plain(&paragraph.repeat(200)), ..Item::default() });
        assert!((MAX_BYTES / 2..MAX_BYTES + 200).contains(&body.len()), "{}", body.len());
        let end = "end\n\n**The text is cut here: it is too long.** [The whole text](https://example.org/a)\n";
        assert!(body.ends_with(end), "{:?}", body.get(body.len() - 200..));
        let one = written(&Item { content: plain(&"é".repeat(MAX_BYTES)), ..Item::default() });
        assert!((MAX_BYTES / 4..MAX_BYTES).contains(&one.len()), "{}", one.len());
        assert!(one.contains("é\n\n**The text"));
    }

    #[test]
    fn text_is_not_cut_in_code() {
        for (markdown, limit, end) in [
            ("a\n\nb\n\nc", 6, Some(5)),
            ("aaaa\n\n```\nb\n\nc\n```\n\nd", 16, Some(5)),
            ("aaaa\n\n```\nb\n\nc\n```\n\nd", 21, Some(19)),
            ("aaaa\n\n````\n```\n\n```\n````\n\nd", 30, Some(25)),
            ("aaaa\n\n> ~~~ x\n> b\n\nc\n~~~\n\nd", 22, Some(5)),
            ("```a``` b\n\nc", 11, Some(10)),
            ("- ```\n  a\n\n  b\n  ```\n\nd", 14, None),
            ("aaaaaaaaaaaa", 8, None),
            ("a\n\nbbbbbbbbbbbbbbbb", 16, None),
        ] {
            assert_eq!(end_of_paragraph(markdown, limit), end, "{markdown:?}");
        }
    }
}
