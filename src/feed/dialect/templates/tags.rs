//! Finds the tags of Hugo (`{{< x >}}`, `{{% x %}}`), Liquid (`{% x %}`, `{{ x }}`) and Zola in a text, outside of code.

use std::ops::Range;

use super::names::{self, Meaning, Syntax};
use crate::feed::dialect::code_lines::{CodeLines, Line, item_mark, without_quotes};
use crate::feed::dialect::code_spans::code_spans;

/// Longest tag, in bytes.
const MAX_TAG: usize = 4096;
/// Longest `{{ … }}`, in bytes.
const MAX_OUTPUT: usize = 300;

/// A tag in a text.
#[derive(Clone, Debug)]
pub struct Tag<'a> {
    /// Where it is, with its brackets.
    pub range: Range<usize>,
    /// Its language.
    pub syntax: Syntax,
    /// Its name in lower case; empty for [`Syntax::Output`].
    pub name: String,
    /// What is behind the name.
    pub arguments: &'a str,
    /// True for `{{< /name >}}` and `{% endname %}`; the name is that of the opening tag.
    pub closes: bool,
    /// True for `{{< name />}}`.
    pub is_single: bool,
    /// The content, if none of its own tags and marks are read.
    pub verbatim: Option<Range<usize>>,
    /// True for `{{</* name */>}}`, which shows a shortcode; `arguments` is all between the marks of the comment.
    pub is_escaped: bool,
}

/// All tags of a text outside of code, in order and without overlap.
pub fn tags(source: &str) -> Vec<Tag<'_>> {
    let mut reader = Reader { source, found: Vec::new(), unclosed: Vec::new() };
    let mut lines = CodeLines::default();
    let mut at = 0;
    let mut within_line = false;
    while at < source.len() {
        let rest = source.get(at..).unwrap_or_default();
        let length = line_length(rest);
        let is_text = within_line || matches!(lines.read(rest.get(..length).unwrap_or_default()), Line::Text { .. });
        if !is_text {
            at += length;
            continue;
        }
        let chunk_end = at + paragraph_length(rest, &mut lines, length);
        let end = reader.read_paragraph(at, chunk_end);
        // Fences in raw content are fences.
        let is_raw = reader.found.last().is_some_and(|tag| names::meaning(&tag.name, tag.syntax) == Meaning::Raw);
        for line in source.get(chunk_end..end).filter(|_| is_raw).unwrap_or_default().split_inclusive('\n') {
            lines.read(line);
        }
        // Content of a verbatim tag may end within a line.
        within_line = end > chunk_end && !source.get(..end).is_some_and(|before| before.ends_with('\n'));
        at = end.max(chunk_end).max(at + 1);
    }
    reader.found
}

fn line_length(rest: &str) -> usize {
    memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at + 1)
}

/// Length of the paragraph at the start of `rest`, whose first line is known to be text. Its other lines are read by `lines`.
fn paragraph_length(rest: &str, lines: &mut CodeLines, first: usize) -> usize {
    let mut length = first;
    while let Some(next) = rest.get(length..).filter(|next| !next.is_empty()) {
        let line = next.get(..line_length(next)).unwrap_or_default();
        let content = without_quotes(line, usize::MAX).1.trim_start();
        let ends =
            content.trim().is_empty() || content.starts_with(['#', '|', '`', '~', '<']) || item_mark(content).is_some();
        if ends {
            break;
        }
        lines.read(line);
        length += line.len();
    }
    length
}

struct Reader<'a> {
    source: &'a str,
    found: Vec<Tag<'a>>,
    /// Names of tags with verbatim content that no later tag closes, so that none is looked for twice.
    unclosed: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Reads the tags that begin in a paragraph. The end of the last one, or of the paragraph.
    fn read_paragraph(&mut self, start: usize, end: usize) -> usize {
        let spans = code_spans(self.source.get(start..end).unwrap_or_default());
        let mut spans = spans.into_iter().map(|span| span.start + start..span.end + start).peekable();
        let mut at = start;
        while at < end {
            let bytes = self.source.as_bytes();
            let Some(found) = bytes.get(at..end).and_then(|rest| memchr::memchr(b'{', rest)) else { return end };
            at += found;
            while spans.next_if(|span| span.end <= at).is_some() {}
            if let Some(span) = spans.next_if(|span| span.start <= at) {
                self.read_code(span.clone());
                at = span.end;
                continue;
            }
            match self.tag(at) {
                Some(tag) => {
                    at = tag.range.end;
                    self.found.push(tag);
                }
                None => at += 1,
            }
        }
        at
    }

    /// Reads `{% raw %}` with its content in code, where Liquid reads it, too. If there is nothing in it to keep raw, it is shown.
    fn read_code(&mut self, code: Range<usize>) {
        let Some(source) = self.source.get(..code.end) else { return };
        let mut at = code.start;
        while let Some(found) = source.get(at..).and_then(|rest| memchr::memmem::find(rest.as_bytes(), b"{%")) {
            at += found;
            let words = source.get(at + 2..).and_then(|rest| inside(rest, "%}")).filter(|words| is_raw(words));
            let Some(words) = words else {
                at += 2;
                continue;
            };
            let start = at + words.len() + 4;
            let tag = Tag::new(at..start, Syntax::Liquid, "raw".to_owned(), "");
            // What is not closed here is not closed later.
            let Some((content, end)) = closing_tag(source, start, &tag) else { return };
            if source.get(start..content).is_some_and(has_tag) {
                self.found.push(Tag { verbatim: Some(start..content), range: at..end, ..tag });
            }
            at = end;
        }
    }

    fn tag(&mut self, at: usize) -> Option<Tag<'a>> {
        let rest = self.source.get(at..)?;
        let tag = match rest.as_bytes().get(..3)? {
            b"{{<" | b"{{%" => self.hugo(at, rest)?,
            [b'{', b'%', _] => self.liquid(at, rest)?,
            [b'{', b'{', _] => return output(at, rest),
            _ => return None,
        };
        Some(tag)
    }

    fn hugo(&mut self, at: usize, rest: &'a str) -> Option<Tag<'a>> {
        let closing = if rest.starts_with("{{<") { ">}}" } else { "%}}" };
        if let Some(inner) = rest.get(3..).filter(|inner| inner.starts_with("/*")) {
            let inner = until(inner.get(2..)?, "*/", MAX_TAG).filter(|inner| {
                let after = rest.get(5 + inner.len() + 2..);
                after.is_some_and(|after| after.starts_with(closing))
            })?;
            let end = at + 5 + inner.len() + 2 + 3;
            return Some(Tag { is_escaped: true, ..Tag::new(at..end, Syntax::Hugo, String::new(), inner) });
        }
        let inner = inside(rest.get(3..)?, closing)?;
        let end = at + 3 + inner.len() + 3;
        let words = inner.trim();
        let (words, closes) = words.strip_prefix('/').map_or((words, false), |words| (words.trim_start(), true));
        let (words, is_single) = words.strip_suffix('/').map_or((words, false), |words| (words, true));
        let (name, arguments) = named(words)?;
        let tag = Tag { closes, is_single, ..Tag::new(at..end, Syntax::Hugo, name, arguments) };
        Some(if closes || is_single || !names::is_verbatim(&tag.name, tag.syntax) {
            tag
        } else {
            self.with_content(tag)
        })
    }

    fn liquid(&mut self, at: usize, rest: &'a str) -> Option<Tag<'a>> {
        let inner = inside(rest.get(2..)?, "%}")?;
        let end = at + 2 + inner.len() + 2;
        let words = inner.trim_start_matches('-').trim_end_matches('-').trim();
        if words.is_empty() || words.starts_with('#') {
            return Some(Tag::new(at..end, Syntax::Liquid, "#".to_owned(), ""));
        }
        let (name, arguments) = named(words)?;
        let opened = name.strip_prefix("end").map(|name| name.trim_start_matches('_').to_owned());
        let closes = opened.is_some();
        let tag = Tag { closes, ..Tag::new(at..end, Syntax::Liquid, opened.unwrap_or(name), arguments) };
        Some(if closes || !names::is_verbatim(&tag.name, tag.syntax) { tag } else { self.with_content(tag) })
    }

    /// The tag with all up to the tag that closes it, if there is one.
    fn with_content(&mut self, mut tag: Tag<'a>) -> Tag<'a> {
        if self.unclosed.contains(&tag.name) {
            return tag;
        }
        let start = tag.range.end;
        let Some((content, end)) = closing_tag(self.source, start, &tag) else {
            self.unclosed.push(tag.name.clone());
            return tag;
        };
        tag.verbatim = Some(start..content);
        tag.range.end = end;
        tag
    }
}

impl<'a> Tag<'a> {
    fn new(range: Range<usize>, syntax: Syntax, name: String, arguments: &'a str) -> Tag<'a> {
        Tag { range, syntax, name, arguments, closes: false, is_single: false, verbatim: None, is_escaped: false }
    }
}

/// True for the words of `{% raw %}`.
fn is_raw(words: &str) -> bool {
    words.trim_start_matches('-').trim_end_matches('-').trim() == "raw"
}

/// True for a text with a tag of Liquid in it, which it is worthwhile to keep raw.
fn has_tag(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// Start and end of the tag that closes `tag`, searched from `start`.
fn closing_tag(source: &str, start: usize, tag: &Tag) -> Option<(usize, usize)> {
    let rest = source.get(start..)?;
    let openings: &[&str] = if tag.syntax == Syntax::Hugo { &["{{<", "{{%"] } else { &["{%"] };
    let mut at = 0;
    while let Some(found) = rest.as_bytes().get(at..).and_then(|bytes| memchr::memchr(b'{', bytes)) {
        at += found;
        let here = rest.get(at..)?;
        at += 1;
        let Some(opening) = openings.iter().find(|opening| here.starts_with(**opening)) else { continue };
        let closing = match *opening {
            "{{<" => ">}}",
            "{{%" => "%}}",
            _ => "%}",
        };
        let words = here.get(opening.len()..)?.trim_start_matches('-').trim_start();
        let words = if tag.syntax == Syntax::Hugo { words.strip_prefix('/') } else { words.strip_prefix("end") };
        let Some(words) = words.map(str::trim_start) else { continue };
        let starts = words.as_bytes().get(..tag.name.len());
        if !starts.is_some_and(|start| start.eq_ignore_ascii_case(tag.name.as_bytes())) {
            continue;
        }
        let Some(after) = words.get(tag.name.len()..) else { continue };
        if let Some(left) = after.trim_start().trim_start_matches('-').strip_prefix(closing) {
            let content = start + at - 1;
            return Some((content, source.len() - left.len()));
        }
    }
    None
}

/// The text before `closing`, if no other tag opens before it.
fn inside<'a>(rest: &'a str, closing: &str) -> Option<&'a str> {
    let bytes = rest.as_bytes();
    let limit = bytes.len().min(MAX_TAG);
    let mut at = 0;
    while let Some(found) = bytes.get(at..limit).and_then(|left| memchr::memchr3(b'{', b'%', b'>', left)) {
        at += found;
        let here = bytes.get(at..)?;
        if here.starts_with(closing.as_bytes()) {
            return rest.get(..at);
        }
        if here.starts_with(b"{%") || here.starts_with(b"{{<") || here.starts_with(b"{{%") {
            return None;
        }
        at += 1;
    }
    None
}

/// The text before `end`, which must be within `most` bytes.
fn until<'a>(rest: &'a str, end: &str, most: usize) -> Option<&'a str> {
    let window = rest.as_bytes().get(..rest.len().min(most))?;
    let at = memchr::memmem::find(window, end.as_bytes())?;
    rest.get(..at)
}

/// The name at the start of a tag, in lower case with hyphens, and what follows.
fn named(words: &str) -> Option<(String, &str)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let end = words.find(|c| !is_name(c)).unwrap_or(words.len());
    let (name, arguments) = words.split_at(end);
    // What follows directly must be able to follow a name: `name(…)` of Tera, else a blank.
    let fits =
        arguments.is_empty() || arguments.starts_with(|c: char| c.is_whitespace() || matches!(c, '(' | ':' | '"'));
    let fits = fits && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    fits.then(|| (name.to_ascii_lowercase().replace('_', "-"), arguments))
}

/// `{{ … }}` within a paragraph.
fn output(at: usize, rest: &str) -> Option<Tag<'_>> {
    let bytes = rest.as_bytes();
    let mut quote = None;
    for index in 2..bytes.len().min(MAX_OUTPUT) {
        let byte = *bytes.get(index)?;
        let next = bytes.get(index + 1).copied();
        match (quote, byte) {
            (_, b'\n') if matches!(next, Some(b'\n' | b'\r')) => return None,
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'}') if next == Some(b'}') => {
                let inner = rest.get(2..index)?;
                let call = inner.trim().strip_suffix(')').and_then(|_| named(inner.trim()));
                if let Some((name, arguments)) = call.filter(|(_, arguments)| arguments.starts_with('(')) {
                    let tag = Tag::new(at..at + index + 2, Syntax::Liquid, name, arguments);
                    return Some(Tag { is_single: true, ..tag });
                }
                return Some(Tag::new(at..at + index + 2, Syntax::Output, String::new(), inner));
            }
            (None, b'{') if next == Some(b'{') => return None,
            _ => {}
        }
    }
    None
}
