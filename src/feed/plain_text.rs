//! The text of a body without Markdown and HTML, for searching, quoting and counting.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::article::{BodySyntax, markdown};
use super::clean::UntrustedText;
use super::html;

/// The text of a body, one line per block, so that a search finds no phrase across two paragraphs.
///
/// The result is still untrusted: clean it with [`super::clean`] before display.
pub fn words(body: &UntrustedText, syntax: BodySyntax) -> String {
    let source = body.untrusted();
    let mut words = String::with_capacity(source.len());
    let mut in_html = String::new();
    for event in markdown(source, syntax) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                words.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::InlineHtml(source) => add_html(&source, &mut words),
            // The parser passes on a block of HTML line by line, and a tag may span lines.
            Event::Html(source) => in_html.push_str(&source),
            Event::End(TagEnd::HtmlBlock) => add_html(&std::mem::take(&mut in_html), &mut words),
            Event::End(tag) if ends_block(tag) => end_line(&mut words),
            Event::Start(Tag::List(_) | Tag::Item) => end_line(&mut words),
            _ => {}
        }
    }
    end_line(&mut words);
    words
}

fn add_html(source: &str, words: &mut String) {
    for part in html::parts(source) {
        match part {
            html::HtmlPart::Text(text) if text.trim().is_empty() && words.ends_with('\n') => {}
            html::HtmlPart::Text(text) => words.push_str(&html_escape::decode_html_entities(text)),
            html::HtmlPart::Break => words.push(' '),
            html::HtmlPart::BlockEdge(_) => end_line(words),
        }
    }
}

fn ends_block(tag: TagEnd) -> bool {
    !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

fn end_line(words: &mut String) {
    if !words.is_empty() && !words.ends_with('\n') {
        words.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_removed_and_text_stays() {
        for (body, expected) in [
            ("plain", "plain\n"),
            (
                "# Head *line*\n\nof `code`\nand [a link](https://x.org/secret) ![a tide](t.png)",
                "Head line\nof code and a link a tide\n",
            ),
            ("- one\n- two\n  - three\n", "one\ntwo\nthree\n"),
            ("a <b>bold</b> word<br>here", "a bold word here\n"),
            ("<div>a</div>\n<p>b &amp; c</p>\n", "a\nb & c\n"),
            ("| a | b |\n|---|---|\n| c | d |\n", "a\nb\nc\nd\n"),
            ("```rust\nlet x;\nlet y;\n```", "let x;\nlet y;\n"),
            ("", ""),
        ] {
            assert_eq!(words(&UntrustedText::new(body), BodySyntax::Extended), expected, "{body}");
        }
    }
}
