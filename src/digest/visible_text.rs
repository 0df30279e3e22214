//! What a reader sees of a text or a file, without what many sites change at every request: tracking parameters, tokens in the
//! addresses of images, attributes, and white space.

use crate::channel::{Content, ContentKind, Item};
use crate::feed;
use crate::html::{Event, Reader};

/// The visible text of a content: a line for each block, with the addresses of links, images and embedded pages. Hashes of it are
/// kept in the state.
pub fn visible_text(content: &Content) -> String {
    let mut writer = Writer::default();
    match content.kind {
        ContentKind::Html => {
            let mut reader = Reader::new(|event: Event<'_>| writer.event(event));
            reader.read(content.text.untrusted());
            reader.finish();
        }
        ContentKind::Plain => {
            for word in content.text.untrusted().split_whitespace() {
                writer.push(&without_tracking(word));
                writer.end(' ');
            }
        }
    }
    writer.text
}

/// The visible texts of an item, made once for all that compares them.
pub struct VisibleTexts {
    /// That of its summary.
    pub summary: Option<String>,
    /// That of its content.
    pub content: Option<String>,
}

impl VisibleTexts {
    /// The visible texts of an item.
    pub fn of(item: &Item) -> VisibleTexts {
        VisibleTexts {
            summary: item.summary.as_ref().map(visible_text),
            content: item.content.as_ref().map(visible_text),
        }
    }

    /// That of the body, see [`Item::body`].
    pub fn body(&self) -> Option<&str> {
        self.content.as_deref().or(self.summary.as_deref())
    }
}

/// A link as it is compared: without its scheme, tracking parameters, and a slash at the end. A site that moves to https has not
/// changed its items.
pub fn without_tracking(link: &str) -> String {
    let link = without_scheme(link.trim());
    let (page, fragment) = link.split_once('#').unwrap_or((link, ""));
    let (path, query) = page.split_once('?').unwrap_or((page, ""));
    let query = feed::link::without_tracking(query);
    let mut out = path.trim_end_matches('/').to_owned();
    for (sign, part) in [('?', query.as_str()), ('#', fragment)] {
        if !part.is_empty() {
            out.push(sign);
            out.push_str(part);
        }
    }
    out
}

/// The address of an image or another file as it is compared: without its scheme and its query, in which sites put tokens that
/// expire.
pub fn without_query(address: &str) -> &str {
    let address = without_scheme(address.trim());
    address.split(['?', '#']).next().unwrap_or(address)
}

fn without_scheme(address: &str) -> &str {
    address.strip_prefix("https:").or_else(|| address.strip_prefix("http:")).unwrap_or(address)
}

/// True if two article files differ at most in their dates, their line ends, and the queries of addresses.
pub fn shows_the_same(a: &[u8], b: &[u8]) -> bool {
    let (Ok(a), Ok(b)) = (std::str::from_utf8(a), std::str::from_utf8(b)) else { return false };
    let is_date = |line: &&str| line.starts_with("publishedDateTime: ") || line.starts_with("updatedDateTime: ");
    let lines =
        |text: &str| -> Vec<String> { text.lines().filter(|line| !is_date(line)).map(without_queries).collect() };
    lines(a) == lines(b)
}

/// A line without the queries of the web addresses in it.
fn without_queries(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (before, address) = rest.split_at(at);
        out.push_str(before.strip_suffix("https").or_else(|| before.strip_suffix("http")).unwrap_or(before));
        let end =
            address.find(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | ')')).unwrap_or(address.len());
        let (address, after) = address.split_at(end);
        out.push_str(without_query(address));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[derive(Default)]
struct Writer {
    text: String,
    /// White space to write before the next character: a line end, or a blank.
    due: Option<char>,
    /// Number of the last link.
    link: u32,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text, style) => {
                if let Some(link) = style.link.filter(|link| link.number != self.link) {
                    self.link = link.number;
                    self.push_apart(&without_tracking(link.address));
                }
                for part in text.split_inclusive(char::is_whitespace) {
                    let word = part.trim_end();
                    self.push(word);
                    if word.len() < part.len() {
                        self.end(' ');
                    }
                }
            }
            Event::Image(image) => {
                self.push_apart(without_query(image.address));
                self.push_apart(image.alt.trim());
            }
            Event::Embed(embed) => self.push_apart(&without_tracking(embed.address)),
            Event::Task(is_done) => self.push_apart(if is_done { "[x]" } else { "[ ]" }),
            Event::Start(_) | Event::End(_) | Event::Break | Event::Paragraph | Event::Rule => self.end('\n'),
            // Details come from a reader of what an author wrote by hand.
            Event::Language(_) | Event::DetailsStart { .. } | Event::DetailsEnd => {}
        }
    }

    fn push(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if let Some(white) = self.due.take().filter(|_| !self.text.is_empty()) {
            self.text.push(white);
        }
        self.text.push_str(word);
    }

    fn push_apart(&mut self, word: &str) {
        self.end(' ');
        self.push(word);
        self.end(' ');
    }

    fn end(&mut self, with: char) {
        if self.due != Some('\n') {
            self.due = Some(with);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::UntrustedText;

    fn html(text: &str) -> String {
        visible_text(&Content { text: UntrustedText::new(text), kind: ContentKind::Html, base: None })
    }

    #[test]
    fn what_is_not_seen_does_not_count() {
        let text = "<p>One <a href=\"http://e.org/a/?utm_source=x&id=3\">two</a></p><img src=\"https://cdn.e.org/i.png?token=1\" alt=A>";
        let shown = "One //e.org/a?id=3 two\n//cdn.e.org/i.png A";
        assert_eq!(html(text), shown);
        for other in [
            text.replace("token=1", "token=2"),
            text.replace("utm_source=x&", ""),
            text.replace("http:", "https:"),
            text.replace("<p>", "<p class=b3 data-n='7'>\n\t"),
            text.replace("<img ", "<img width=3 srcset='/x 1x, /y 2x' loading=lazy "),
            format!("{text}<script>n()</script><!-- 12:30 -->"),
        ] {
            assert_eq!(html(&other), shown, "{other}");
        }
        for other in [
            text.replace("One", "one"),
            text.replace("id=3", "id=4"),
            text.replace("i.png", "j.png"),
            text.replace("alt=A", "alt=B"),
            text.replace("One ", "One<br>"),
        ] {
            assert_ne!(html(&other), shown, "{other}");
        }
        let plain =
            Content { text: UntrustedText::new(" a\nhttp://e.org/?utm_x=1 "), kind: ContentKind::Plain, base: None };
        assert_eq!(visible_text(&plain), "a //e.org");
    }

    #[test]
    fn files_are_compared_without_dates_and_queries() {
        let file = "---\ntitle: \"A\"\npublishedDateTime: 2026-11-29T08:00:00Z\n---\n\n![](https://e.org/i?t=1) b\n";
        for other in [
            file.replace('\n', "\r\n"),
            file.replace("08:00", "09:00"),
            file.replace("publishedDateTime: 2026-11-29T08:00:00Z\n", ""),
            file.replace("t=1", "t=2"),
        ] {
            assert!(shows_the_same(file.as_bytes(), other.as_bytes()), "{other}");
        }
        for other in
            [file.replace('A', "B"), file.replace(" b", " c"), format!("{file}mine\n"), file.replace("/i", "/j")]
        {
            assert!(!shows_the_same(file.as_bytes(), other.as_bytes()), "{other}");
        }
        assert!(!shows_the_same(b"\xff", b"\xff"));
    }
}
