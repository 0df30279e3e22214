//! Splits the tags of template languages: `{{ … }}`, `{% … %}`, `{# … #}`, `<% … %>`.

use memchr::memmem;

use super::grammars::TEMPLATE;
use super::piece::{PieceKind, PieceList};
use super::words::WordLexer;

/// The tags of Go, Liquid, Jinja, Twig, Handlebars, ERB and EJS. Comments first.
const TAGS: [(&str, &str, bool); 8] = [
    ("{{/*", "*/}}", true),
    ("{{- /*", "*/ -}}", true),
    ("{{!", "}}", true),
    ("{#", "#}", true),
    ("{{", "}}", false),
    ("{%", "%}", false),
    ("<%#", "%>", true),
    ("<%", "%>", false),
];

/// Splits tags of templates, wherever they are in another language.
#[derive(Default)]
pub struct TemplateLexer {
    words: Option<WordLexer>,
    /// Kinds of tags without an end in the rest of the code: the search is not repeated.
    unclosed: [bool; TAGS.len()],
}

impl TemplateLexer {
    /// Adds the pieces of the tag at the beginning of `code` to `out`, and returns its length. `None` if there is no tag.
    pub fn lex(&mut self, code: &str, out: &mut PieceList<'_>) -> Option<usize> {
        let first = code.bytes().next()?;
        if first != b'{' && first != b'<' {
            return None;
        }
        for ((open, close, is_comment), unclosed) in TAGS.iter().zip(&mut self.unclosed) {
            if *unclosed || !code.starts_with(open) {
                continue;
            }
            let Some(inside) = code.get(open.len()..) else { continue };
            let Some(length) = memmem::find(inside.as_bytes(), close.as_bytes()) else {
                *unclosed = true;
                continue;
            };
            if *is_comment {
                out.push(PieceKind::Comment, open.len() + length + close.len());
            } else {
                out.push(PieceKind::Keyword, open.len());
                let words = self.words.get_or_insert_with(|| WordLexer::new(&TEMPLATE));
                words.lex(inside.get(..length).unwrap_or_default(), out);
                out.push(PieceKind::Keyword, close.len());
            }
            return Some(open.len() + length + close.len());
        }
        None
    }
}
