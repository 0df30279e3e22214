//! `<pre>` that begins within a paragraph, whose lines the parser of Markdown joins.

use std::ops::Range;

use crate::html;

/// The Markdown of the HTML in a range of a body, from `<pre>` to `</pre>`. The parser removed the indentation of its lines: only
/// the source still has it.
pub fn markdown(source: &str, range: Range<usize>) -> String {
    let before = source.get(..range.start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_quoted = line.trim_start().starts_with('>');
    let text = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    let text = text.strip_prefix(['-', '*', '+', '.', ')']).filter(|rest| rest.starts_with(' ')).unwrap_or(line);
    let columns = line.len() - text.trim_start().len();
    let html = source.get(range).unwrap_or_default();
    let lines = html.split_inclusive('\n').enumerate().map(|(index, line)| {
        let line = if is_quoted && index > 0 { line.trim_start().trim_start_matches("> ") } else { line };
        let blanks = line.bytes().take(columns).take_while(|byte| *byte == b' ').count();
        if index > 0 { line.get(blanks..).unwrap_or_default() } else { line }
    });
    html::to_markdown_as_written(&lines.collect::<String>())
}

/// True for a tag of this name: `<pre class="x">`.
pub fn is_tag(tag: &str, name: &str) -> bool {
    let rest = tag.strip_prefix('<').and_then(|rest| {
        let (start, rest) = rest.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some(rest)
    });
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
}
