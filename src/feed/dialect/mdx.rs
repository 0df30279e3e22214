//! Replaces what MDX adds to Markdown: imports, exports, comments, and components on lines of their own.

use std::borrow::Cow;
use std::collections::HashSet;

use super::attributes::Arguments;
use super::callouts;
use super::code_lines::{CodeLines, Line, indentation};
use super::code_spans::code_spans;

/// Most components inside each other.
const MAX_DEPTH: usize = 64;
/// Longest import or export, in lines.
const MAX_STATEMENT: usize = 200;
/// Longest tag of a component, in bytes.
const MAX_TAG: usize = 4000;

/// A component that is open.
struct Component<'a> {
    name: &'a str,
    is_callout: bool,
    /// Columns that are removed from its lines: in MDX an indented line is not code. Known from its first line of content.
    columns: Option<usize>,
    /// Column of the list item that it is in.
    base: usize,
}

/// A text without imports, comments and components. `is_mdx` is true if the whole file is known to be MDX; else imports
/// are read only at its top.
pub fn rewrite(source: &str, is_mdx: bool) -> Cow<'_, str> {
    let mut reader = Reader {
        source,
        out: String::with_capacity(source.len()),
        code: CodeLines::default(),
        open: Vec::new(),
        closed_names: closed_names(source),
        is_mdx,
        is_top: true,
        has_comment_end: true,
    };
    let mut at = 0;
    while at < source.len() {
        at = reader.line(at).max(at + 1);
    }
    if reader.out == source { Cow::Borrowed(source) } else { Cow::Owned(reader.out) }
}

/// The names of all components that a text closes.
fn closed_names(source: &str) -> HashSet<&str> {
    let ends = memchr::memmem::find_iter(source.as_bytes(), b"</");
    ends.filter_map(|at| component_name(source.get(at + 2..)?)).collect()
}

/// The name of a component at the start of a text: it begins with a capital, and is not HTML in capitals.
fn component_name(text: &str) -> Option<&str> {
    let length = text.bytes().take(60).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'.').count();
    let name = text.get(..length)?;
    let fits = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().any(|byte| byte.is_ascii_lowercase());
    fits.then_some(name)
}

struct Reader<'a> {
    source: &'a str,
    out: String,
    code: CodeLines,
    open: Vec<Component<'a>>,
    closed_names: HashSet<&'a str>,
    is_mdx: bool,
    /// True until something other than imports was read.
    is_top: bool,
    has_comment_end: bool,
}

impl<'a> Reader<'a> {
    /// Handles the line at a position. The position behind it.
    fn line(&mut self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        let whole = rest.get(..length).unwrap_or_default();
        let line = self.without_indentation(whole);
        let content = line.trim_start();
        let is_component = content.starts_with('<');
        // A tag of a component may look like code by its indentation, which is not code in MDX.
        let kind = if is_component && !self.code.is_in_fence() && !self.open.is_empty() {
            Line::Text { begins: true }
        } else {
            self.code.read(&line)
        };
        if !matches!(kind, Line::Text { .. }) {
            self.is_top &= kind == Line::Blank;
            self.out.push_str(&line);
            return at + length;
        }
        let start = at + (whole.len() - whole.trim_start().len());
        let handled = match content.as_bytes().first() {
            Some(b'i' | b'e') => self.statement(start, content),
            Some(b'{') => self.comment(start),
            Some(b'<') => self.component(start),
            _ => None,
        };
        if let Some(end) = handled {
            return end;
        }
        self.is_top = false;
        match self.closed_at_end(&line) {
            Some(text) => {
                self.push_line(text);
                self.close(self.open.len().saturating_sub(1));
            }
            None => self.push_line(&line),
        }
        at + length
    }

    /// A line without the indentation of the component that it is in.
    fn without_indentation<'l>(&mut self, line: &'l str) -> Cow<'l, str> {
        let in_fence = self.code.is_in_fence();
        let Some(component) = self.open.last_mut() else { return Cow::Borrowed(line) };
        if line.trim().is_empty() {
            return Cow::Borrowed(line);
        }
        let is_tag = line.trim_start().starts_with("</");
        if component.columns.is_none() && !is_tag && !in_fence {
            component.columns = Some(indentation(line).saturating_sub(component.base));
        }
        let columns = component.columns.unwrap_or_default().min(indentation(line));
        let left = indentation(line) - columns;
        if columns == 0 {
            return Cow::Borrowed(line);
        }
        Cow::Owned(" ".repeat(left.min(100)) + line.trim_start_matches([' ', '\t']))
    }

    fn push_line(&mut self, line: &str) {
        if memchr::memmem::find(line.as_bytes(), b"{/*").is_none() {
            return self.out.push_str(line);
        }
        let mut spans = code_spans(line).into_iter().peekable();
        let mut at = 0;
        while let Some(found) = line.get(at..).and_then(|rest| rest.find("{/*")) {
            let start = at + found;
            while spans.next_if(|span| span.end <= start).is_some() {}
            let (until, next) = match spans.peek().filter(|span| span.start <= start) {
                Some(code) => (code.end, code.end),
                None => match line.get(start..).and_then(|rest| rest.find("*/}")) {
                    Some(end) => (start, start + end + 3),
                    None => break,
                },
            };
            self.out.push_str(line.get(at..until).unwrap_or_default());
            at = next;
        }
        self.out.push_str(line.get(at..).unwrap_or_default());
    }

    /// `import … from '…'` and `export …`, with all their lines.
    fn statement(&mut self, start: usize, content: &str) -> Option<usize> {
        if !is_statement(content) || !(self.is_mdx || self.is_top) || !self.open.is_empty() {
            return None;
        }
        let length = statement_length(self.source.get(start..)?)?;
        self.is_mdx = true;
        self.code = CodeLines::default();
        Some(start + length)
    }

    /// `{/* … */}`, also over lines.
    fn comment(&mut self, start: usize) -> Option<usize> {
        let rest = self.source.get(start..)?.strip_prefix("{/*").filter(|_| self.has_comment_end)?;
        let Some(end) = memchr::memmem::find(rest.as_bytes(), b"*/}") else {
            self.has_comment_end = false;
            return None;
        };
        let end = start + 3 + end + 3;
        let after = self.source.get(end..)?;
        let blank = after.len() - after.trim_start_matches([' ', '\t', '\r']).len();
        Some(if after.get(blank..)?.starts_with('\n') { end + blank + 1 } else { end + blank })
    }

    /// A component at the start of a line: its tag is replaced, and what follows it on the line is read as a line.
    fn component(&mut self, start: usize) -> Option<usize> {
        let rest = self.source.get(start..)?;
        if let Some(name) = rest.strip_prefix("</").and_then(component_name) {
            let end = rest.bytes().take(name.len() + 11).position(|byte| byte == b'>')? + 1;
            self.close(self.open.iter().rposition(|component| component.name == name)?);
            return Some(self.behind(start + end));
        }
        let name = component_name(rest.strip_prefix('<')?)?;
        let end = tag_length(rest)?;
        let tag = rest.get(1 + name.len()..end - 1)?;
        let (words, is_single) = tag.trim_end().strip_suffix('/').map_or((tag, false), |words| (words, true));
        if !is_single && !self.closed_names.contains(name)
            || !words.is_empty() && !words.starts_with(char::is_whitespace)
        {
            return None;
        }
        if is_single && !self.is_mdx && self.closed_names.is_empty() && words.trim().is_empty() {
            return None;
        }
        if !is_single && self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.is_top = false;
        self.end_line();
        let arguments = Arguments::read(words);
        let base = self.code.base();
        if is_single {
            if let Some(shown) = single(name, &arguments) {
                self.out.extend([" ".repeat(base.min(24)).as_str(), &shown, "\n"]);
            }
        } else {
            let is_callout = self.open_component(name, &arguments, base);
            self.open.push(Component { name, is_callout, columns: None, base });
        }
        Some(self.behind(start + end))
    }

    /// The text of a line that the innermost component ends behind, without its closing tag.
    fn closed_at_end<'l>(&self, line: &'l str) -> Option<&'l str> {
        let name = self.open.last()?.name;
        line.trim_end().strip_suffix('>')?.strip_suffix(name)?.strip_suffix("</")
    }

    /// Closes the open components from a position on.
    fn close(&mut self, from: usize) {
        self.end_line();
        for closed in self.open.drain(from..).rev() {
            self.out.push_str(if closed.is_callout { ":::\n\n" } else { "\n" });
        }
    }

    /// Writes what an opening tag shows. True if it is a callout, which its closing tag ends.
    fn open_component(&mut self, name: &str, arguments: &Arguments, base: usize) -> bool {
        let title = arguments.named(&["title", "label", "summary", "header", "heading", "name"]);
        let title = title.map(|title| title.replace(['\n', '\r'], " "));
        let indent = " ".repeat(base.min(24));
        let lower = name.to_ascii_lowercase();
        let is_box = matches!(lower.as_str(), "admonition" | "callout" | "alert" | "aside" | "notice" | "message");
        let is_folded = matches!(lower.as_str(), "details" | "accordion" | "accordionitem" | "collapse" | "expandable");
        if is_box || is_folded || callouts::is_kind(&lower) {
            let named = arguments.named(&["type", "kind", "variant", "intent", "severity"]);
            let kind = match named.filter(|kind| callouts::kind(kind).is_some()) {
                _ if is_folded => "details",
                Some(kind) => kind,
                None if is_box => "note",
                None => &lower,
            };
            let is_open = is_folded.then(|| arguments.is_open().unwrap_or_default());
            let state = if is_open == Some(true) { "{open}" } else { "" };
            self.out.extend([
                indent.as_str(),
                ":::",
                kind,
                "[",
                title.as_deref().unwrap_or_default(),
                "]",
                state,
                "\n",
            ]);
            return true;
        }
        let is_tab = matches!(lower.as_str(), "tabitem" | "tab" | "tabs.tab" | "step" | "codegroup.item");
        let value = || arguments.named(&["value"]).map(str::to_owned).filter(|_| is_tab);
        let href = arguments.named(&["href", "to", "url"]);
        match (title.or_else(value), href) {
            (Some(title), Some(href)) => {
                let target = super::templates::encoded(href);
                self.out.extend(["\n", &indent, "[", &title, "](", &target, ")\n\n"]);
            }
            (Some(title), None) => {
                self.out.extend(["\n", &indent, "**", &title.replace('*', "\\*"), "**\n\n"]);
            }
            _ => self.out.push('\n'),
        }
        false
    }

    fn end_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// The position behind the blanks and the line break at a position.
    fn behind(&self, end: usize) -> usize {
        let after = self.source.get(end..).unwrap_or_default();
        let blank = after.len() - after.trim_start_matches([' ', '\t', '\r']).len();
        let is_end = after.get(blank..).is_some_and(|rest| rest.starts_with('\n'));
        end + blank + usize::from(is_end)
    }
}

/// Length of the imports and exports at the start of a text, with the blank lines around them.
pub fn imports_length(source: &str) -> usize {
    let mut length = 0;
    while let Some(rest) = source.get(length..).filter(|rest| !rest.is_empty()) {
        let line = rest.split_inclusive('\n').next().unwrap_or_default();
        let statement = if is_statement(line) { statement_length(rest) } else { None };
        match statement {
            Some(statement) => length += statement,
            None if line.trim().is_empty() => length += line.len(),
            None => break,
        }
    }
    length
}

/// True if an import or export may begin with this line. A sentence that begins with the word goes on without brackets or quotes.
fn is_statement(line: &str) -> bool {
    let is_import = line.strip_prefix("import ").is_some_and(|rest| {
        rest.contains(" from ") || rest.starts_with(['\'', '"', '{', '*']) || rest.trim_end().ends_with('{')
    });
    let is_export = line.strip_prefix("export ").is_some_and(|rest| {
        ["const ", "default ", "function ", "let ", "{", "async ", "* "].iter().any(|word| rest.starts_with(word))
    });
    (is_import || is_export) && line.contains(['\'', '"', '{', '=', '('])
}

/// Length of a statement with all its lines. `None` if it does not end within [`MAX_STATEMENT`] lines: then it is text, as the rest of
/// the article must not be lost.
fn statement_length(rest: &str) -> Option<usize> {
    let (mut depth, mut quote, mut end) = (0_usize, None, 0);
    for line in rest.split_inclusive('\n').take(MAX_STATEMENT) {
        let begins = line.starts_with("import ") || line.starts_with("export ");
        // Only template strings go over lines.
        quote = quote.filter(|open| *open == b'`');
        if depth == 0 && end > 0 && quote.is_none() && (begins || line.trim().is_empty()) {
            return Some(end);
        }
        end += line.len();
        for byte in line.bytes() {
            match (quote, byte) {
                (Some(open), byte) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'' | b'`') => quote = Some(byte),
                (None, b'{' | b'(' | b'[') => depth += 1,
                (None, b'}' | b')' | b']') => depth = depth.saturating_sub(1),
                (None, _) => {}
            }
        }
        if depth == 0 && quote.is_none() && line.trim_end().ends_with([';', '\'', '"', '}', ')']) {
            return Some(end);
        }
    }
    (depth == 0 && end == rest.len()).then_some(end)
}

/// Length of a tag with its brackets: a `>` in quotes or braces does not end it.
fn tag_length(rest: &str) -> Option<usize> {
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, byte) in rest.bytes().enumerate().take(MAX_TAG).skip(1) {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') if depth == 0 => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(at + 1),
            // Another tag begins: this one was not one.
            (None, b'<') if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// What a component without content shows.
fn single(name: &str, arguments: &Arguments) -> Option<String> {
    let encoded = super::templates::encoded;
    let source = arguments.named(&["src", "image", "url", "href", "to"]);
    let text = arguments.named(&["alt", "title", "caption", "label", "name"]);
    let lower = name.to_ascii_lowercase();
    let id = arguments.named(&["id", "videoid", "youtubeid", "video"]);
    if lower.contains("youtube") {
        let id = encoded(id?);
        return Some(format!("[▶ video: {}](https://youtu.be/{id})", text.unwrap_or(&format!("youtu.be/{id}"))));
    }
    if lower.contains("vimeo") {
        let id = encoded(id?);
        return Some(format!("[▶ video: {}](https://vimeo.com/{id})", text.unwrap_or(&format!("vimeo.com/{id}"))));
    }
    let source = source.filter(|source| source.contains(['/', '.', '#']))?;
    let target = encoded(source);
    let text = text.map(|text| text.replace(['\n', '\r'], " ").replace('[', "\\[").replace(']', "\\]"));
    Some(match lower.as_str() {
        name if name.contains("video") => format!("[▶ video: {}]({target})", text.as_deref().unwrap_or(source)),
        name if name.contains("audio") => format!("[▶ audio: {}]({target})", text.as_deref().unwrap_or(source)),
        name if ["image", "img", "figure", "picture", "screenshot", "zoom"].iter().any(|word| name.contains(word)) => {
            format!("![{}]({target})", text.unwrap_or_default())
        }
        _ => format!("[{}]({target})", text?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_comments_and_components_become_markdown() {
        for (source, expected) in [
            (
                "import Tabs from '@theme/Tabs';\nimport {\n  a,\n} from 'b';\n\nexport const year = 2024;\n\nText\n",
                "\n\nText\n",
            ),
            ("export const f = () => {\n\n  return 1;\n};\n\na\n", "\na\n"),
            ("a\n\n{/* not\n\nshown */}\nb {/* x */} c `{/* y */}`\n", "a\n\nb  c `{/* y */}`\n"),
            (
                "<Tabs>\n  <TabItem value=\"apple\" label=\"Apple\">\n    An *apple*.\n\n    ```js\n      x\n    ```\n  </TabItem>\n</Tabs>\nb\n",
                "\n\n**Apple**\n\nAn *apple*.\n\n```js\n  x\n```\n\n\nb\n",
            ),
            ("<TabItem label=\"A\">text</TabItem>\n", "\n**A**\n\ntext\n\n"),
            ("<Admonition type=\"tip\" title=\"T\">\n\na\n\n</Admonition>\n", ":::tip[T]\n\na\n\n:::\n\n"),
            ("<Note>\na\n</Note>\n", ":::note[]\na\n:::\n\n"),
            ("<Note>\n<Step title=\"a\">x</Step>\n</Note>\nb\n", ":::note[]\n\n**a**\n\nx\n\n:::\n\nb\n"),
            ("export const t = \"(\";\n\na\n", "\na\n"),
            ("export const t = `(\n\n{`;\na\n", "a\n"),
            ("export const t = (\n\na\n", "export const t = (\n\na\n"),
            ("<Image src=\"/a.png\" alt=\"A\" />\n", "![A](/a.png)\n"),
            ("<YouTube\n  id=\"w7\"\n/>\na\n", "[▶ video: youtu.be/w7](https://youtu.be/w7)\na\n"),
            ("<Card title=\"T\" href=\"/x\" />\n", "[T](/x)\n"),
            ("<Chart data={[1, 2]} style={{a: \">\"}} />\nb\n", "b\n"),
            ("```jsx\n<Tabs>\n</Tabs>\n```\n", "```jsx\n<Tabs>\n</Tabs>\n```\n"),
            ("a Vec<String> b\n<T>\n<BR>\n", "a Vec<String> b\n<T>\n<BR>\n"),
            ("{year} and {x}\n", "{year} and {x}\n"),
        ] {
            assert_eq!(rewrite(source, true), expected, "{source}");
        }
    }

    #[test]
    fn sentences_that_begin_like_imports_are_text() {
        for source in [
            "import duties from 2024 rose\n",
            "a\n\nimport x from 'y'\n",
            "export default rates fell\n\na\n",
            "<Foo>\n",
        ] {
            assert_eq!(rewrite(source, false), source);
        }
    }
}
