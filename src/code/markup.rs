//! Splits HTML, XML and templates of them: tags, attributes, comments, and the scripts and styles inside.

use memchr::memmem;

use super::grammars::{CSS, JAVASCRIPT};
use super::piece::{PieceKind, PieceList};
use super::template::TemplateLexer;
use super::words::WordLexer;

/// Splits markup, with tags of templates anywhere in it.
#[derive(Default)]
pub struct MarkupLexer {
    templates: TemplateLexer,
    script: Option<WordLexer>,
    style: Option<WordLexer>,
}

impl MarkupLexer {
    /// Adds the pieces of `code` to `out`.
    pub fn lex(&mut self, code: &str, out: &mut PieceList<'_>) {
        let mut at = 0;
        while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
            let text = memchr::memchr2(b'<', b'{', rest.as_bytes()).unwrap_or(rest.len());
            out.push(PieceKind::Plain, text);
            at += text;
            let Some(rest) = rest.get(text..).filter(|rest| !rest.is_empty()) else { break };
            at += match self.templates.lex(rest, out) {
                Some(length) => length,
                None if rest.starts_with("<!--") => {
                    let length = memmem::find(rest.as_bytes(), b"-->").map_or(rest.len(), |end| end + 3);
                    out.push(PieceKind::Comment, length);
                    length
                }
                None => self.tag(rest, out),
            };
        }
    }

    /// Adds a tag with its attributes, and the script or style behind it. Returns the length.
    fn tag(&mut self, code: &str, out: &mut PieceList<'_>) -> usize {
        let bytes = code.as_bytes();
        let signs = 1 + usize::from(matches!(bytes.get(1), Some(b'/' | b'!' | b'?')));
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_' | b'.');
        let name = bytes.iter().skip(signs).take_while(is_name).count();
        if bytes.first() != Some(&b'<') || !bytes.get(signs).is_some_and(u8::is_ascii_alphabetic) {
            out.push(PieceKind::Plain, 1);
            return 1;
        }
        let mut at = signs + name;
        out.push(PieceKind::Keyword, at);
        let mut last = b' ';
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' => {
                    out.push(PieceKind::Keyword, 1);
                    at += 1;
                    break;
                }
                // The tag was never closed.
                b'<' if bytes.get(at + 1) != Some(&b'%') => break,
                b'/' | b'?' if bytes.get(at + 1) == Some(&b'>') => {
                    out.push(PieceKind::Keyword, 1);
                    at += 1;
                }
                b'"' | b'\'' if last == b'=' => at += self.value(code.get(at..).unwrap_or_default(), *byte, out),
                b'{' | b'<' => match self.templates.lex(code.get(at..).unwrap_or_default(), out) {
                    Some(length) => at += length,
                    None => {
                        out.push(PieceKind::Plain, 1);
                        at += 1;
                    }
                },
                _ => {
                    out.push(PieceKind::Plain, 1);
                    at += 1;
                }
            }
            if !byte.is_ascii_whitespace() {
                last = *byte;
            }
        }
        at + self.embedded(code, signs, name, at, out)
    }

    /// Adds the value of an attribute in quotes, with the templates in it. Returns its length.
    fn value(&mut self, code: &str, quote: u8, out: &mut PieceList<'_>) -> usize {
        out.push(PieceKind::String, 1);
        let mut at = 1;
        while let Some(byte) = code.as_bytes().get(at) {
            if *byte == quote {
                out.push(PieceKind::String, 1);
                return at + 1;
            }
            let template =
                matches!(byte, b'{' | b'<').then(|| self.templates.lex(code.get(at..).unwrap_or_default(), out));
            at += template.flatten().unwrap_or_else(|| {
                out.push(PieceKind::String, 1);
                1
            });
        }
        at
    }

    /// Adds the script or style behind the tag, which ends at `end`. Returns its length.
    fn embedded(&mut self, code: &str, signs: usize, name: usize, end: usize, out: &mut PieceList<'_>) -> usize {
        let name = code.get(signs..signs + name).unwrap_or_default();
        let is = |wanted: &str| signs == 1 && name.eq_ignore_ascii_case(wanted);
        let (slot, grammar) = match () {
            () if is("script") => (&mut self.script, &JAVASCRIPT),
            () if is("style") => (&mut self.style, &CSS),
            () => return 0,
        };
        let Some(inside) = code.get(end..).filter(|_| !code.get(..end).is_some_and(|tag| tag.ends_with("/>"))) else {
            return 0;
        };
        let is_end = |at: &usize| {
            inside
                .as_bytes()
                .get(at + 2..at + 2 + name.len())
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        };
        let length = memmem::find_iter(inside.as_bytes(), b"</").find(is_end).unwrap_or(inside.len());
        let lexer = slot.get_or_insert_with(|| WordLexer::new(grammar));
        lexer.lex(inside.get(..length).unwrap_or_default(), out);
        length
    }
}
