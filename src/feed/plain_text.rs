//! The text of a body without Markdown and HTML, for searching, quoting and counting.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::UntrustedText;

/// The text of a body, one line per block, so that a search finds no phrase across two paragraphs.
///
/// The result is still untrusted: clean it with [`super::clean`] before display.
pub fn words(body: &UntrustedText, syntax: BodySyntax) -> String {
    let source = body.untrusted();
    let mut words = String::with_capacity(source.len());
    for event in Body::new(source, syntax).events() {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                words.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::End(tag) if ends_block(tag) => end_line(&mut words),
            Event::Start(Tag::List(_) | Tag::Item) => end_line(&mut words),
            _ => {}
        }
    }
    end_line(&mut words);
    words
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
