//! Which lines of a Markdown text are code: fences, indented code, and HTML whose content is not Markdown.

use std::borrow::Cow;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Text; `begins` is true if it cannot continue the paragraph before: a list item, a heading, a row of a table.
    Text { begins: bool },
    /// White space only, also behind the marks of a quote.
    Blank,
    /// A line of code, or a fence. It is never changed.
    Code,
}

/// An open fence.
#[derive(Clone, Debug)]
struct Fence {
    mark: u8,
    length: usize,
    /// Indentation of the list item that the fence is in, in columns.
    base: usize,
    quotes: usize,
}

/// Reads lines in order and says which are code, by the rules of CommonMark for fences, indentation, lists and quotes.
///
/// Lists are followed only as far as indentation needs it, so a few texts that no author writes are judged wrongly.
#[derive(Clone, Debug, Default)]
pub struct CodeLines {
    fence: Option<Fence>,
    /// The text that ends a block of HTML, such as `</pre>`.
    html_end: Option<&'static str>,
    /// Columns at which the contents of the open list items begin.
    items: Vec<usize>,
    quotes: usize,
    after_text: bool,
    in_indented: bool,
}

/// Most list items inside each other that are followed.
const MAX_ITEMS: usize = 32;
/// Most quotes inside each other that are followed.
const MAX_QUOTES: usize = 16;

impl CodeLines {
    /// Reads the next line, with or without its line break.
    pub fn read(&mut self, line: &str) -> Line {
        if self.continues_fence(line) {
            return Line::Code;
        }
        if let Some(end) = self.html_end {
            if contains_ignoring_case(line, end) {
                self.html_end = None;
            }
            return Line::Code;
        }
        let (quotes, rest) = without_quotes(line, MAX_QUOTES);
        if rest.trim().is_empty() {
            self.after_text = false;
            return Line::Blank;
        }
        let changes_quote = quotes != self.quotes;
        if changes_quote {
            self.items.clear();
            self.quotes = quotes;
            self.in_indented = false;
        }
        let columns = indentation(rest);
        while self.items.last().is_some_and(|item| *item > columns) {
            self.items.pop();
        }
        if columns >= self.base().saturating_add(4) && (!self.after_text || self.in_indented) {
            self.in_indented = true;
            return Line::Code;
        }
        self.in_indented = false;
        let (content, is_item) = self.enter_items(rest.trim_start(), columns);
        self.after_text = !content.starts_with('#');
        if let Some((mark, length)) = opened_fence(content) {
            self.fence = Some(Fence { mark, length, base: self.base(), quotes });
            self.after_text = false;
            return Line::Code;
        }
        if let Some(end) = verbatim_html(content) {
            if !contains_ignoring_case(content, end) {
                self.html_end = Some(end);
            }
            return Line::Code;
        }
        Line::Text { begins: is_item || changes_quote || content.starts_with(['#', '|']) }
    }

    /// Column at which the content of the innermost open list item begins.
    pub fn base(&self) -> usize {
        self.items.last().copied().unwrap_or(0)
    }

    /// True between the fences of a block of code.
    pub fn is_in_fence(&self) -> bool {
        self.fence.is_some()
    }

    /// The line that would close the open fence.
    pub fn closing_fence(&self) -> Option<String> {
        self.fence.as_ref().map(|fence| char::from(fence.mark).to_string().repeat(fence.length))
    }

    /// True if the line belongs to the open fence, which ends with its closing line, its list item or its quote.
    fn continues_fence(&mut self, line: &str) -> bool {
        let Some(fence) = &self.fence else { return false };
        let (quotes, rest) = without_quotes(line, fence.quotes);
        let is_blank = rest.trim().is_empty();
        let goes_on = quotes == fence.quotes && (is_blank || indentation(rest) >= fence.base);
        let content = rest.trim();
        let run = content.bytes().take_while(|byte| *byte == fence.mark).count();
        let near = indentation(rest) < fence.base.saturating_add(4);
        if !goes_on || near && run >= fence.length && run == content.len() {
            self.fence = None;
            self.after_text = false;
        }
        goes_on
    }

    /// Opens the list items that a line begins with. The rest of the line, and whether there was one.
    fn enter_items<'a>(&mut self, content: &'a str, columns: usize) -> (&'a str, bool) {
        let (mut content, mut columns, mut found) = (content, columns, false);
        for _ in 0..8 {
            let Some(width) = item_mark(content) else { break };
            let after = content.get(width..).unwrap_or_default();
            let blanks = indentation(after);
            let text = after.trim_start();
            // More than four blanks belong to code inside of the item.
            let gap = if text.is_empty() || blanks > 4 { 1 } else { blanks };
            columns = columns.saturating_add(width).saturating_add(gap);
            if self.items.len() < MAX_ITEMS {
                self.items.push(columns);
            }
            (content, found) = (text, true);
        }
        (content, found)
    }
}

/// Length of the mark of a list item, a definition or a footnote at the start of a text.
pub fn item_mark(content: &str) -> Option<usize> {
    let bytes = content.as_bytes();
    let ends = |at: usize| bytes.get(at).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    let digits = bytes.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
    match bytes.first()? {
        b'-' | b'+' | b'*' | b':' if ends(1) => Some(1),
        b'0'..=b'9' if matches!(bytes.get(digits), Some(b'.' | b')')) && ends(digits + 1) => Some(digits + 1),
        b'[' if bytes.get(1) == Some(&b'^') => {
            let label = content.get(..content.len().min(100)).unwrap_or(content);
            // The text of a footnote is indented by four, whatever the length of its mark.
            label.find("]:").filter(|at| ends(at + 2) && *at < 80).map(|_| 3)
        }
        _ => None,
    }
}

/// Removes up to `most` marks of quotes from the start of a line. Their number, and the rest.
pub fn without_quotes(line: &str, most: usize) -> (usize, &str) {
    let (mut count, mut rest) = (0, line);
    while count < most {
        let inner = rest.trim_start_matches(' ');
        let Some(content) = inner.strip_prefix('>').filter(|_| rest.len() - inner.len() < 4) else { break };
        rest = content.strip_prefix(' ').unwrap_or(content);
        count += 1;
    }
    (count, rest)
}

/// Width of the white space at the start of a line, in columns; a tab goes to the next multiple of four.
pub fn indentation(line: &str) -> usize {
    let mut columns: usize = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns = columns / 4 * 4 + 4,
            _ => break,
        }
    }
    columns
}

/// A line without up to a number of columns of white space at its start.
pub fn without_columns(line: Cow<'_, str>, columns: usize) -> Cow<'_, str> {
    if columns == 0 {
        return line;
    }
    let (mut at, mut width) = (0, 0);
    for byte in line.bytes() {
        let next = match byte {
            b' ' => width + 1,
            b'\t' => width / 4 * 4 + 4,
            _ => break,
        };
        if width >= columns {
            break;
        }
        (at, width) = (at + 1, next);
    }
    let rest = line.get(at..).unwrap_or_default();
    match (line.clone(), width.saturating_sub(columns)) {
        (Cow::Borrowed(line), 0) => Cow::Borrowed(line.get(at..).unwrap_or_default()),
        // A tab may be wider than what is removed.
        (_, left) => Cow::Owned(" ".repeat(left) + rest),
    }
}

/// Mark and length of the fence that a line opens.
fn opened_fence(content: &str) -> Option<(u8, usize)> {
    let mark = content.bytes().next().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = content.bytes().take_while(|byte| *byte == mark).count();
    let info = content.get(length..).unwrap_or_default();
    (length >= 3 && (mark == b'~' || !info.contains('`'))).then_some((mark, length))
}

/// The end of a block of HTML that begins here and whose content is not Markdown, even behind a blank line.
fn verbatim_html(content: &str) -> Option<&'static str> {
    const ENDS: [(&str, &str); 5] = [
        ("<!--", "-->"),
        ("<pre", "</pre>"),
        ("<script", "</script>"),
        ("<style", "</style>"),
        ("<textarea", "</textarea>"),
    ];
    let begins = |tag: &str| {
        let start = content.as_bytes().get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
        start && !content.as_bytes().get(tag.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    let is_comment = content.starts_with("<!--");
    ENDS.iter().find(|(tag, _)| if *tag == "<!--" { is_comment } else { begins(tag) }).map(|(_, end)| *end)
}

/// True if a line contains a text of lower-case ASCII.
fn contains_ignoring_case(line: &str, text: &str) -> bool {
    line.as_bytes().windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        let mut lines = CodeLines::default();
        let kind = |line| match lines.read(line) {
            Line::Text { begins: true } => 'T',
            Line::Text { begins: false } => 't',
            Line::Blank => '_',
            Line::Code => 'c',
        };
        text.split_inclusive('\n').map(kind).collect()
    }

    #[test]
    fn lines_of_code_are_known() {
        for (text, expected) in [
            ("a\n\nb\n", "t_t"),
            ("```\na\n```\nb", "ccct"),
            ("````\n```\n````\nb", "ccct"),
            ("~~~ x`y\n```\n~~~\nb", "ccct"),
            ("``` x`y\nb", "tt"),
            ("> ```\n> a\nb", "ccT"),
            ("> a\n> ```\n> b\n> ```\n> c", "Tccct"),
            ("- a\n\n  ```\n  b\n\n  ```\n  c", "T_cc_ct"),
            ("- ```\n  a\nb", "cct"),
            ("    a\nb", "ct"),
            ("a\n    b", "tt"),
            ("a\n\n    b\n\n    c\nd", "t_c_ct"),
            ("- a\n\n      code\n    text", "T_ct"),
            ("1. a\n   - b\n\n     text\n\n         code", "TT_t_c"),
            ("# h\n    code", "Tc"),
            ("<pre>\na\n\nb</PRE>\nc", "cc_ct"),
            ("<!-- a\n\nb -->\nc", "c_ct"),
            ("<!-- a -->\nc", "ct"),
            ("[^1]: a\n\n    text", "T_t"),
            ("```\nnever closed\n\n", "cc_"),
        ] {
            let expected = expected.replace('_', "[_c]");
            let found = kinds(text);
            let fits = regex::Regex::new(&format!("^{expected}$")).expect("a pattern").is_match(&found);
            assert!(fits, "{text:?}: {found}, expected {expected}");
        }
    }
}
