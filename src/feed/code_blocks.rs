//! The code blocks of a body.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::UntrustedText;
use crate::code::InfoString;

/// A code block of a body.
#[derive(Clone, Debug)]
pub struct CodeBlock {
    /// Byte offset in the source, as in the positions of its lines.
    pub offset: usize,
    /// Its language and title.
    pub info: InfoString,
    /// The code.
    pub code: UntrustedText,
}

/// The code blocks of a body that are not blank, in their order.
pub fn code_blocks(body: &UntrustedText, syntax: BodySyntax) -> Vec<CodeBlock> {
    let (mut blocks, mut info, mut code) = (Vec::new(), InfoString::default(), None);
    for (event, source) in Body::new(body.untrusted(), syntax).events_with_positions() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                code = Some(String::new());
                info = match kind {
                    CodeBlockKind::Fenced(info) => InfoString::read(&info),
                    CodeBlockKind::Indented => InfoString::default(),
                };
            }
            Event::Text(text) => code.iter_mut().for_each(|code| code.push_str(&text)),
            Event::End(TagEnd::CodeBlock) => {
                let code = UntrustedText::from_string(code.take().unwrap_or_default());
                if !code.is_blank() {
                    blocks.push(CodeBlock { offset: source.start, info: std::mem::take(&mut info), code });
                }
            }
            _ => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_wherever_they_are() {
        let source =
            "a `b`\n\n```rust title=x\n\tc\n\nd\n```\n\n- e\n  ~~~\n  f\n  ~~~\n\n```sh\n```\n\n> ```\n> g\n\n    h\n";
        let found = code_blocks(&UntrustedText::new(source), BodySyntax::Extended);
        let shown = found.iter().map(|block| (block.info.language.as_str(), block.code.untrusted()));
        assert_eq!(shown.collect::<Vec<_>>(), [("rust", "\tc\n\nd\n"), ("", "f\n"), ("", "g\n"), ("", "h\n")]);
        let starts = found.iter().map(|block| source.get(block.offset..).and_then(|rest| rest.chars().next()));
        assert_eq!(starts.collect::<Vec<_>>(), [Some('`'), Some('~'), Some('`'), Some('h')]);
    }
}
