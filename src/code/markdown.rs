//! Splits Markdown by lines: headings, quotes, code, comments, front matter and shortcodes.

use super::grammars::{TOML, YAML};
use super::piece::{PieceKind, PieceList};
use super::template::TemplateLexer;
use super::words::WordLexer;

/// Splits Markdown.
#[derive(Default)]
pub struct MarkdownLexer {
    templates: TemplateLexer,
    /// The sign and the length of the open fence of a code block.
    fence: Option<(u8, usize)>,
    in_comment: bool,
}

impl MarkdownLexer {
    /// Adds the pieces of `code` to `out`.
    pub fn lex(&mut self, code: &str, out: &mut PieceList<'_>) {
        let mut at = front_matter(code, out);
        while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
            let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
            let text = rest.get(..line).unwrap_or_default();
            match self.kind(text) {
                Some(kind) => out.push(kind, line),
                // A tag of a template may be longer than the line.
                None => {
                    at += self.inline(rest, line, out);
                    continue;
                }
            }
            at += line;
        }
    }

    /// The kind of a whole line, or `None` for text.
    fn kind(&mut self, line: &str) -> Option<PieceKind> {
        let text = line.trim();
        let sign = text.bytes().next().filter(|sign| matches!(sign, b'`' | b'~'));
        let signs = text.bytes().take_while(|byte| Some(*byte) == sign).count();
        match self.fence {
            Some((open, length)) => {
                if sign == Some(open) && signs >= length && signs == text.len() {
                    self.fence = None;
                }
                return Some(PieceKind::String);
            }
            None if signs >= 3 => {
                self.fence = sign.map(|sign| (sign, signs));
                return Some(PieceKind::String);
            }
            None => {}
        }
        if self.in_comment || text.starts_with("<!--") {
            self.in_comment = !text.contains("-->");
            return Some(PieceKind::Comment);
        }
        let level = text.bytes().take_while(|byte| *byte == b'#').count();
        let is_heading = (1..=6).contains(&level) && matches!(text.as_bytes().get(level), None | Some(b' '));
        match () {
            () if is_heading => Some(PieceKind::Keyword),
            () if text.starts_with('>') => Some(PieceKind::Comment),
            () => None,
        }
    }

    /// Adds a line of `length` bytes with code spans and tags of templates. Returns what it added, which may be longer.
    fn inline(&mut self, rest: &str, length: usize, out: &mut PieceList<'_>) -> usize {
        let mut at = 0;
        while at < length {
            let here = rest.get(at..).unwrap_or_default();
            let line = here.get(..length - at).unwrap_or(here);
            let text = memchr::memchr2(b'`', b'{', line.as_bytes()).unwrap_or(line.len());
            out.push(PieceKind::Plain, text);
            at += text;
            let Some(here) = rest.get(at..).filter(|_| at < length) else { break };
            if let Some(tag) = self.templates.lex(here, out) {
                at += tag;
                continue;
            }
            let line = here.get(..length - at).unwrap_or(here);
            let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
            // Without a tick here the line is not searched: it may have many braces.
            let inside = line.get(ticks..).filter(|_| ticks > 0);
            let close = inside.and_then(|inside| inside.find('`'));
            let span = match close {
                Some(inside) => {
                    let closing = line.bytes().skip(ticks + inside).take_while(|byte| *byte == b'`').count();
                    out.push(PieceKind::String, ticks + inside + closing);
                    ticks + inside + closing
                }
                None => {
                    out.push(PieceKind::Plain, ticks.max(1));
                    ticks.max(1)
                }
            };
            at += span;
        }
        at
    }
}

/// Adds the front matter at the beginning, and returns its length.
fn front_matter(code: &str, out: &mut PieceList<'_>) -> usize {
    let (fence, grammar) = match code.lines().next().map(str::trim_end) {
        Some("---") => ("---", &YAML),
        Some("+++") => ("+++", &TOML),
        _ => return 0,
    };
    let first = code.split_inclusive('\n').next().map_or(0, str::len);
    let mut length = first;
    for line in code.split_inclusive('\n').skip(1) {
        if line.trim_end() == fence {
            out.push(PieceKind::Comment, first);
            WordLexer::new(grammar).lex(code.get(first..length).unwrap_or_default(), out);
            out.push(PieceKind::Comment, line.len());
            return length + line.len();
        }
        length += line.len();
    }
    0
}
