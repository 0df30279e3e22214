//! Replaces what dialects write within a line: embeds, highlights, comments, formulas, footnotes, ids and attributes.

use std::borrow::Cow;
use std::ops::Range;

use super::code_lines::{CodeLines, Line, without_quotes};
use super::code_spans::{code_spans, longest_run};
use super::{embeds, emoji, math};

/// Longest formula, comment or embed within a line, in bytes.
const MAX_PIECE: usize = 1000;
/// Longest target of a link, in bytes.
const MAX_TARGET: usize = 2000;
/// How the labels of footnotes that were written within a line begin.
const LABEL: &str = "[^inline-";

/// A text without the inline marks of dialects.
pub fn rewrite(source: &str) -> Cow<'_, str> {
    let mut text =
        Text { out: String::with_capacity(source.len()), notes: Vec::new(), has_labels: source.contains(LABEL) };
    let mut code = CodeLines::default();
    // Where the paragraph that is being gathered begins.
    let mut paragraph: Option<usize> = None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let kind = code.read(line);
        let begins = !matches!(kind, Line::Text { begins: false });
        if let Some(start) = paragraph.filter(|_| begins) {
            text.push_paragraph(source.get(start..at).unwrap_or_default());
            paragraph = None;
        }
        match kind {
            Line::Text { .. } => paragraph = paragraph.or(Some(at)),
            Line::Blank | Line::Code => text.out.push_str(line),
        }
        at += line.len();
    }
    if let Some(start) = paragraph {
        text.push_paragraph(source.get(start..).unwrap_or_default());
    }
    text.push_notes(code.closing_fence());
    if text.out == source { Cow::Borrowed(source) } else { Cow::Owned(text.out) }
}

struct Text {
    out: String,
    /// The texts of footnotes, in order.
    notes: Vec<String>,
    /// True if the author uses labels like ours, so that none can be made.
    has_labels: bool,
}

impl Text {
    fn push_paragraph(&mut self, source: &str) {
        let mut paragraph = Paragraph {
            source,
            spans: code_spans(source),
            next_span: 0,
            copied: 0,
            mark_end: None,
            link_end: 0,
            unclosed: 0,
            text: self,
        };
        paragraph.read();
    }

    /// Appends the footnotes that were written within lines.
    fn push_notes(&mut self, closing_fence: Option<String>) {
        if self.notes.is_empty() {
            return;
        }
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        if let Some(fence) = closing_fence {
            self.out.push_str(&fence);
            self.out.push('\n');
        }
        for (index, note) in self.notes.iter().enumerate() {
            self.out.push_str(&format!("\n{LABEL}{}]: {note}\n", index + 1));
        }
    }
}

/// What no later text of a paragraph closes, so that it is not looked for twice.
#[derive(Clone, Copy)]
enum Unclosed {
    Comment = 1,
    Note = 2,
    Round = 4,
    Square = 8,
    Code = 16,
}

struct Paragraph<'a> {
    source: &'a str,
    spans: Vec<Range<usize>>,
    next_span: usize,
    /// Up to where the source was copied or replaced.
    copied: usize,
    /// Where the highlight that is open ends.
    mark_end: Option<usize>,
    /// Where the last link or picture ends.
    link_end: usize,
    /// Bits of [`Unclosed`].
    unclosed: u8,
    text: &'a mut Text,
}

impl Paragraph<'_> {
    fn read(&mut self) {
        let bytes = self.source.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            let is_sign = matches!(
                byte,
                b'\\' | b'$' | b'=' | b'%' | b'^' | b'!' | b'[' | b']' | b'{' | b'<' | b'`' | b'h' | b':'
            );
            if !is_sign {
                at += 1;
                continue;
            }
            if let Some(end) = self.code_at(at) {
                at = end;
                continue;
            }
            let rest = self.source.get(at..).unwrap_or_default();
            let next = match byte {
                b'\\' => self.backslash(at, rest),
                b'$' => self.dollar(at, rest),
                b'=' => self.highlight(at, rest),
                b'%' => self.comment(at, rest),
                b'^' => self.caret(at, rest),
                b'!' => self.embed(at, rest),
                b'[' => wikilink_length(rest).map(|length| at + length),
                b']' => self.target(at, rest),
                b'{' => self.attributes(at, rest),
                b'<' => self.tag(at, rest),
                b':' => self.emoji(at, rest),
                b'h' if rest.starts_with("http://") || rest.starts_with("https://") => {
                    let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | ')' | ']' | '"');
                    Some(at + rest.find(ends).unwrap_or(rest.len()))
                }
                _ => None,
            };
            at = next.unwrap_or(at + 1).max(at + 1);
        }
        self.copy_to(self.source.len());
    }

    /// The end of the inline code that begins or is at a position.
    fn code_at(&mut self, at: usize) -> Option<usize> {
        while self.spans.get(self.next_span).is_some_and(|span| span.end <= at) {
            self.next_span += 1;
        }
        self.spans.get(self.next_span).filter(|span| span.start <= at).map(|span| span.end)
    }

    /// True if inline code overlaps a range that begins where the reader is.
    fn has_code(&self, end: usize) -> bool {
        self.spans.get(self.next_span).is_some_and(|span| span.start < end)
    }

    fn copy_to(&mut self, end: usize) {
        self.text.out.push_str(self.source.get(self.copied..end).unwrap_or_default());
        self.copied = self.copied.max(end);
    }

    fn replace(&mut self, range: Range<usize>, text: &str) -> Option<usize> {
        self.copy_to(range.start);
        self.text.out.push_str(text);
        self.copied = range.end;
        Some(range.end)
    }

    /// The character before a position.
    fn before(&self, at: usize) -> Option<char> {
        self.source.get(..at)?.chars().next_back()
    }

    /// The position of what closes a construct in the rest of the paragraph, outside of what was not found before.
    fn close(&mut self, rest: &str, open: usize, close: &str, kind: Unclosed) -> Option<usize> {
        if self.unclosed & kind as u8 != 0 {
            return None;
        }
        let found = rest.get(open..).and_then(|inner| memchr::memmem::find(inner.as_bytes(), close.as_bytes()));
        if found.is_none() {
            self.unclosed |= kind as u8;
        }
        found.map(|at| at + open)
    }

    /// `\( … \)` and `\[ … \]`, or an escaped character.
    fn backslash(&mut self, at: usize, rest: &str) -> Option<usize> {
        let (close, kind) = match rest.as_bytes().get(1) {
            Some(b'(') => ("\\)", Unclosed::Round),
            Some(b'[') => ("\\]", Unclosed::Square),
            _ => return Some(at + 2),
        };
        let end = self.close(rest, 2, close, kind).filter(|end| *end <= MAX_PIECE);
        let Some(end) = end.filter(|end| !self.has_code(at + end)) else { return Some(at + 2) };
        let inner = rest.get(2..end).unwrap_or_default();
        let before = self.before(at);
        let after = rest.get(end + 2..).and_then(|after| after.chars().next());
        let is_apart = !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '[' | '#'))
            && !after.is_some_and(char::is_alphanumeric);
        // `\(a\)` at the start of a line counts, and `\[W\]` changes a quotation.
        let is_letter = inner.trim().len() == 1 && kind as u8 == Unclosed::Round as u8 && before == Some(' ');
        if !is_apart || !(is_letter || math::is_escaped_formula(inner)) {
            return Some(at + 2);
        }
        self.replace_formula(at..at + end + 2, inner)
    }

    fn dollar(&mut self, at: usize, rest: &str) -> Option<usize> {
        let is_inside_word = self.before(at).is_some_and(char::is_alphanumeric);
        if let Some(inner) = rest.strip_prefix("$$") {
            let end = memchr::memmem::find(inner.as_bytes(), b"$$").filter(|end| *end <= MAX_PIECE)?;
            let formula = inner.get(..end)?;
            let is_run = inner.get(end + 2..).is_some_and(|after| after.starts_with('$'));
            let fits = math::is_display_formula(formula) && !formula.contains('`') && !is_inside_word && !is_run;
            return if fits { self.replace_formula(at..at + end + 4, formula) } else { Some(at + 2) };
        }
        let end = memchr::memchr(b'$', rest.get(1..)?.as_bytes())?;
        let formula = rest.get(1..=end)?;
        let after = rest.get(end + 2..).and_then(|after| after.chars().next());
        let is_price = after.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '$' | '{' | '('));
        if is_inside_word || is_price || !math::is_formula(formula) || formula.ends_with('\\') {
            return None;
        }
        self.replace_formula(at..at + end + 2, formula)
    }

    fn replace_formula(&mut self, range: Range<usize>, formula: &str) -> Option<usize> {
        let shown = math::shown(&one_line(formula));
        let ticks = "`".repeat(longest_run(&shown).saturating_add(1));
        self.replace(range, &format!("{ticks}{shown}{ticks}"))
    }

    /// `==text==`.
    fn highlight(&mut self, at: usize, rest: &str) -> Option<usize> {
        let run = rest.bytes().take_while(|byte| *byte == b'=').count();
        if self.mark_end == Some(at) {
            self.mark_end = None;
            return self.replace(at..at + 2, "</mark>");
        }
        let opens = run == 2
            && self.mark_end.is_none()
            && !self.before(at).is_some_and(|c| c.is_ascii_alphanumeric() || c == '\\')
            && rest.get(2..).and_then(|inner| inner.chars().next()).is_some_and(begins_mark);
        let end = if opens { self.highlight_end(at, rest) } else { None };
        let Some(end) = end else { return Some(at + run) };
        self.mark_end = Some(at + end);
        self.replace(at..at + 2, "<mark>")
    }

    /// Where the next `==` is, outside of code, if it ends a highlight.
    fn highlight_end(&self, at: usize, rest: &str) -> Option<usize> {
        let mut from = 2;
        let mut spans = self.spans.iter().skip(self.next_span).peekable();
        while let Some(found) = rest.get(from..).and_then(|text| memchr::memmem::find(text.as_bytes(), b"==")) {
            let end = from + found;
            while spans.next_if(|span| span.end <= at + end).is_some() {}
            if let Some(span) = spans.peek().filter(|span| span.start <= at + end) {
                from = span.end - at;
                continue;
            }
            let inner = rest.get(2..end)?;
            let fits = !inner.is_empty() && !inner.ends_with(char::is_whitespace) && end <= MAX_PIECE;
            return (fits && !rest.get(end + 2..)?.starts_with('=') && !inner.contains('|')).then_some(end);
        }
        None
    }

    /// `%%text%%`, which is not shown.
    fn comment(&mut self, at: usize, rest: &str) -> Option<usize> {
        let run = rest.bytes().take_while(|byte| *byte == b'%').count();
        let is_inside_word = self.before(at).is_some_and(char::is_alphanumeric);
        if run != 2 || is_inside_word {
            return Some(at + run);
        }
        let end = self.close(rest, 2, "%%", Unclosed::Comment)?;
        if self.has_code(at + end) {
            return Some(at + 2);
        }
        self.replace(at..at + end + 2, "")
    }

    /// `^[a footnote]`, and ` ^id` at the end of a line.
    fn caret(&mut self, at: usize, rest: &str) -> Option<usize> {
        let before = self.before(at);
        if rest.starts_with("^[") && !matches!(before, Some('[' | '\\')) && !self.text.has_labels {
            return self.note(at, rest);
        }
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        let length = rest.bytes().skip(1).take(61).take_while(is_part).count();
        let id = rest.get(1..=length)?;
        let is_id = (2..=60).contains(&length) && id.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'-');
        let is_apart = before.is_none_or(|c| matches!(c, ' ' | '\t' | '\n'));
        let after = rest.get(length + 1..)?.trim_start_matches([' ', '\t', '\r']);
        let is_row = self.source.trim_start().starts_with('|');
        if !is_id || !is_apart || is_row || !after.trim().is_empty() {
            return None;
        }
        let start = self.source.get(self.copied..at)?.trim_end_matches([' ', '\t']).len() + self.copied;
        self.replace(start..at + 1 + length, "")
    }

    /// `:rocket:`, but not `a:x:b`.
    fn emoji(&mut self, at: usize, rest: &str) -> Option<usize> {
        let (length, shown) = emoji::at_start(rest.as_bytes())?;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, ':' | '\\' | '/' | '_');
        let before = self.before(at).filter(|_| at != self.copied);
        let after = rest.get(length..).and_then(|after| after.chars().next());
        let is_apart = !before.is_some_and(is_part) && !after.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if is_apart { self.replace(at..at + length, shown) } else { None }
    }

    fn note(&mut self, at: usize, rest: &str) -> Option<usize> {
        if self.unclosed & Unclosed::Note as u8 != 0 {
            return None;
        }
        let mut depth: usize = 0;
        let mut is_escaped = false;
        for (end, byte) in rest.bytes().enumerate().skip(1) {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let inner = rest.get(2..end)?;
                let note = one_line(inner);
                // `^[a-z]+$` is a pattern.
                let is_pattern = matches!(rest.as_bytes().get(end + 1), Some(b'+' | b'*' | b'{' | b'$'));
                let is_apart = self.before(at).is_none_or(char::is_whitespace);
                if note.trim().is_empty() || is_pattern || is_apart && !note.contains(' ') {
                    return None;
                }
                self.text.notes.push(note);
                let label = format!("{LABEL}{}]", self.text.notes.len());
                return self.replace(at..at + end + 1, &label);
            }
        }
        self.unclosed |= Unclosed::Note as u8;
        None
    }

    /// `![[file|size]]`.
    fn embed(&mut self, at: usize, rest: &str) -> Option<usize> {
        let length = wikilink_length(rest.strip_prefix('!')?)?;
        let inner = rest.get(3..length - 1)?;
        let shown = embeds::markdown(inner)?;
        self.replace(at..at + length + 1, &shown)
    }

    /// The target of a link or picture, which is passed; a size in it or before it is removed.
    fn target(&mut self, at: usize, rest: &str) -> Option<usize> {
        let inner = rest.strip_prefix("](")?;
        let mut depth: usize = 1;
        let mut end = None;
        for (index, byte) in inner.bytes().enumerate().take(MAX_TARGET) {
            match byte {
                b'\n' => break,
                b'(' if inner.as_bytes().get(index.wrapping_sub(1)) == Some(&b']') => break,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                end = Some(index);
                break;
            }
        }
        let end = end?;
        let target = inner.get(..end)?;
        let before = self.source.get(self.copied..at).unwrap_or_default();
        if let Some((length, link)) = embeds::glossary_link(before, target) {
            self.replace(at - length..at + 4, &link);
            self.link_end = at + 4;
            return Some(self.link_end);
        }
        if let Some(length) = embeds::size_behind_bar(before).filter(|_| !self.source.trim_start().starts_with('|')) {
            self.replace(at - length..at, "");
        }
        if let Some(length) = embeds::size_behind_blank(target) {
            let close = at + 2 + end;
            self.replace(close - length..close, "");
        }
        self.link_end = at + 2 + end + 1;
        Some(self.link_end)
    }

    /// `{: .class }` and `{width=50%}` behind a link, a picture or emphasis.
    fn attributes(&mut self, at: usize, rest: &str) -> Option<usize> {
        let before = self.before(at)?;
        let inner = rest.get(1..)?.split(['}', '\n', '{']).next()?;
        if !rest.get(inner.len() + 1..)?.starts_with('}') || inner.len() > 300 {
            return Some(at + 1 + inner.len());
        }
        let is_kramdown = inner.starts_with(':');
        // A bracket or `_` before braces is as often a formula: `f(x){y=1}`, `\sum_{i=1}`.
        let is_behind = matches!(before, ']' | '`')
            || before == ')' && (is_kramdown || self.link_end == at)
            || is_kramdown && matches!(before, '*' | '_');
        let is_behind_blank = is_kramdown && before == ' ';
        let words = || inner.trim_start_matches(':').split_whitespace();
        let is_attribute = |word: &str| {
            let name = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "-_:.#".contains(c));
            match word.split_once('=') {
                Some((key, _)) => !key.is_empty() && name(key),
                None => (word.starts_with(['.', '#']) || is_kramdown) && word.len() > 1 && name(word),
            }
        };
        // A value in quotes may hold blanks.
        let all_are = words().all(|word| is_attribute(word) || inner.contains('"') && inner.contains('='));
        if !(is_behind || is_behind_blank) || words().next().is_none() || !all_are {
            return None;
        }
        let start = if is_behind_blank { at - 1 } else { at };
        self.replace(start.max(self.copied)..at + inner.len() + 2, "")
    }

    /// A tag of HTML or an address in pointed brackets, which is passed; `<code>` with its content.
    fn tag(&mut self, at: usize, rest: &str) -> Option<usize> {
        let begins =
            rest.as_bytes().get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!'));
        let length = rest.get(1..)?.find(['<', '>']).filter(|_| begins)? + 1;
        if !rest.get(length..)?.starts_with('>') {
            return None;
        }
        let is_code = rest.get(..6).is_some_and(|tag| tag == "<code>" || tag == "<code ");
        let end = if is_code { self.close(rest, length, "</code>", Unclosed::Code) } else { None };
        Some(at + end.unwrap_or(length + 1))
    }
}

/// True for a character that highlighted text may begin with: `(==)` and `"=="` name the sign.
fn begins_mark(c: char) -> bool {
    !c.is_whitespace() && !")]}\"'”’»,.;:?|".contains(c)
}

/// A text of several lines as one line, without the marks of quotes at the starts of lines.
fn one_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim();
    let others = lines.map(|line| without_quotes(line, 8).1.trim());
    std::iter::once(first).chain(others).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Length of the wikilink at the start of a text.
fn wikilink_length(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("[[")?;
    let end = inner.bytes().take(MAX_PIECE).position(|byte| matches!(byte, b']' | b'[' | b'\n'))?;
    inner.get(end..)?.starts_with("]]").then_some(end + 4)
}

#[cfg(test)]
mod tests;
