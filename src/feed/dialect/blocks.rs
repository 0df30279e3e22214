//! Replaces what dialects write on lines of their own: containers, callouts, attribute lists, comments, formulas, marks for a
//! table of contents.

use std::borrow::Cow;

use super::callouts;
use super::code_lines::{CodeLines, Line, indentation, item_mark, without_columns, without_quotes};
use super::container_lines::{self as lines, Becomes};
use super::math;

/// Most containers inside each other. More are not read as containers.
const MAX_DEPTH: usize = 32;
/// Longest prefix of a line, in bytes, so that a text cannot grow by more than a factor.
const MAX_PREFIX: usize = 40;
/// Most lines of a formula.
const MAX_FORMULA_LINES: usize = 200;

/// How a container ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With a line of colons.
    Colons,
    /// Before a line that is indented less.
    Indentation(usize),
    /// With the closing tag; and how many elements are open inside.
    Element(usize),
    /// Before a blank line.
    Blank,
}

struct Container {
    end: End,
    /// Columns of the line that opened it, which are removed from its lines.
    columns: usize,
    /// What is before each of its lines.
    prefix: String,
    /// The state of the lines around it.
    outside: CodeLines,
}

/// A text without the block marks of dialects.
pub fn rewrite(source: &str) -> Cow<'_, str> {
    let all: Vec<&str> = source.split_inclusive('\n').collect();
    let ends = all.iter().filter(|line| lines::is_colon_end(line.trim())).count();
    let mut blocks = Blocks {
        all,
        ends,
        out: String::with_capacity(source.len()),
        code: CodeLines::default(),
        open: Vec::new(),
        block_start: 0,
        quotes: 0,
        wants_blank: false,
        next_is: None,
        has_comment_end: true,
    };
    let mut index = 0;
    while let Some(line) = blocks.all.get(index).copied() {
        index = blocks.line(line, index).max(index + 1);
    }
    let out = blocks.out;
    if out == source { Cow::Borrowed(source) } else { Cow::Owned(out) }
}

struct Blocks<'a> {
    all: Vec<&'a str>,
    /// Lines of colons alone that are still to come.
    ends: usize,
    out: String,
    code: CodeLines,
    open: Vec<Container>,
    /// Where the block before the current line begins in `out`.
    block_start: usize,
    /// Quotes that the line before was in.
    quotes: usize,
    /// A blank line must follow, or the next line would continue what ended.
    wants_blank: bool,
    /// What the next block becomes, by an attribute list before it.
    next_is: Option<Becomes>,
    has_comment_end: bool,
}

impl<'a> Blocks<'a> {
    /// Handles a line. The index of the next one.
    fn line(&mut self, whole: &'a str, index: usize) -> usize {
        let stripped = self.leave_and_strip(whole);
        let line: &str = &stripped;
        let was_in_fence = self.code.is_in_fence();
        match self.code.read(line) {
            Line::Blank => {
                self.close_where(|container| container.end == End::Blank);
                self.wants_blank = false;
                let prefix = self.prefix().trim_end().to_owned();
                self.out.push_str(&prefix);
                self.out.push_str(line);
                self.block_start = self.out.len();
                self.quotes = without_quotes(line, 8).0;
                index + 1
            }
            Line::Code => {
                if !was_in_fence {
                    self.begin_block();
                }
                self.push(line);
                index + 1
            }
            Line::Text { .. } => {
                let next = self.text(line, index);
                self.quotes = without_quotes(line, 8).0;
                next
            }
        }
    }

    /// Closes the containers that a line is outside of, and removes the indentation of the others.
    fn leave_and_strip(&mut self, whole: &'a str) -> Cow<'a, str> {
        let mut line = Cow::Borrowed(whole);
        let is_blank = whole.trim().is_empty();
        let mut kept = 0;
        for container in &self.open {
            match container.end {
                End::Indentation(columns) if !is_blank && indentation(&line) < columns => break,
                End::Indentation(columns) => line = without_columns(line, columns),
                // Indented HTML would be code.
                End::Element(_) if line.trim_start().starts_with('<') => {
                    line = line.trim_start().to_owned().into();
                }
                _ => line = without_columns(line, container.columns),
            }
            kept += 1;
        }
        self.close_to(kept);
        line
    }

    /// Handles a line of text.
    fn text(&mut self, line: &str, index: usize) -> usize {
        let content = line.trim_start();
        let after = index + 1;
        let handled = match content.as_bytes().first() {
            Some(b':') => self.colons(line, content),
            Some(b'!' | b'?' | b'=') => self.indented(line, content, index),
            Some(b'>') => self.quote(line),
            Some(b'{') => self.attributes(content),
            Some(b'<') => match lines::callout_element(self.all.get(index..).unwrap_or_default()) {
                Some((becomes, used)) if self.begin(becomes.clone(), End::Element(0), indentation(line)) => {
                    return index + used;
                }
                _ => self.element(line, content),
            },
            Some(b'*') => lines::is_abbreviation(content) || self.task(line, content),
            Some(b'-' | b'+' | b'0'..=b'9') => self.task(line, content),
            Some(b'[') => matches!(content.trim().to_ascii_lowercase().as_str(), "[toc]" | "[[toc]]" | "[[_toc_]]"),
            Some(b'%') => match self.comment(content, index) {
                Some(next) => return next,
                None => false,
            },
            Some(b'$') => match self.formula(line, content, index, "$$", "$$") {
                Some(next) => return next,
                None => false,
            },
            Some(b'\\') => {
                let formula = self.formula(line, content, index, "\\[", "\\]");
                if let Some(next) = formula.or_else(|| self.environment(line, content, index)) {
                    return next;
                }
                matches!(content.trim(), "\\pagebreak" | "\\newpage" | "\\clearpage" | "\\tableofcontents" | "\\toc")
            }
            _ => false,
        };
        if !handled {
            self.begin_block();
            self.push(line);
        }
        after
    }

    fn colons(&mut self, line: &str, content: &str) -> bool {
        let content = content.trim_end();
        if lines::is_colon_end(content) {
            self.ends = self.ends.saturating_sub(1);
            let last = self.open.iter().rposition(|container| container.end == End::Colons);
            if let Some(last) = last {
                self.close_to(last);
            }
            if last.is_some() {
                return true;
            }
        }
        let open = self.open.iter().filter(|container| container.end == End::Colons).count();
        let is_end = lines::is_colon_end(content);
        if let Some(becomes) = lines::colon_container(content).filter(|_| !is_end && self.ends > open) {
            return self.begin(becomes, End::Colons, indentation(line));
        }
        if !content.starts_with("::") {
            return false;
        }
        // Behind a paragraph, the parser would read the first colon as the sign of a definition.
        self.begin_block();
        let at = line.len() - line.trim_start().len();
        self.push(&format!("{}\\{}", line.get(..at).unwrap_or_default(), line.get(at..).unwrap_or_default()));
        true
    }

    fn indented(&mut self, line: &str, content: &str, index: usize) -> bool {
        let Some((becomes, is_certain)) = lines::indented_container(content) else { return false };
        let columns = self.all.get(index).map_or(0, |whole| indentation(whole));
        let next = self.all.iter().skip(index + 1).take(4).find(|next| !next.trim().is_empty());
        let is_outside = |next: &str| indentation(next) < columns.saturating_add(4);
        if !is_certain && next.is_none_or(|next| is_outside(next)) {
            return false;
        }
        let columns = indentation(line);
        self.begin(becomes, End::Indentation(columns.saturating_add(4)), columns)
    }

    fn quote(&mut self, line: &str) -> bool {
        let Some(callout) = lines::quote_callout(line) else { return false };
        if callout.is_plain || self.quotes >= callout.quotes || callout.indent.len() > 12 {
            return false;
        }
        self.begin_block();
        let marks = "> ".repeat(callout.quotes.saturating_sub(1));
        let prefix = format!("{}{}{marks}", self.prefix(), callout.indent);
        callouts::open(&mut self.out, &prefix, callout.kind, callout.title.as_deref());
        true
    }

    /// `{: .note }` belongs to the block before it, or after a blank line to the one behind it.
    fn attributes(&mut self, content: &str) -> bool {
        let Some(inner) = lines::attribute_line(content) else { return false };
        if inner.starts_with([':', '/']) {
            return true;
        }
        let block = self.out.get(self.block_start..).unwrap_or_default();
        if inner.split_whitespace().any(|word| word == "toc") {
            if item_mark(block.trim_start()).is_some() {
                self.out.truncate(self.block_start);
            }
            return true;
        }
        let Some((kind, title)) = lines::kind_of_classes(inner) else { return true };
        if block.trim().is_empty() {
            self.next_is = Some(Becomes::Callout(kind, title));
            return true;
        }
        let prefix = self.prefix().to_owned();
        let Some(text) = self.out.get(self.block_start..).map(str::to_owned) else { return true };
        // A heading, a table or code in a callout would not be what the author drew.
        if text.trim_start().starts_with(['#', '|', '`', '~']) || prefix.len() > MAX_PREFIX {
            return true;
        }
        self.out.truncate(self.block_start);
        callouts::open(&mut self.out, &prefix, kind, title.as_deref());
        for line in text.split_inclusive('\n') {
            self.out.push_str(&prefix);
            self.out.push_str("> ");
            self.out.push_str(line.strip_prefix(&prefix).unwrap_or(line));
        }
        self.block_start = self.out.len();
        self.wants_blank = true;
        true
    }

    fn element(&mut self, line: &str, content: &str) -> bool {
        let innermost = self.open.last().map(|container| container.end);
        if let (Some(End::Element(inside)), true) = (innermost, lines::is_closing_tag(content)) {
            let is_last = inside == 0;
            if is_last {
                self.close_to(self.open.len().saturating_sub(1));
            } else {
                self.count_elements(inside.saturating_sub(1));
            }
            return is_last;
        }
        if content.starts_with("<details") && content.contains("markdown=") {
            // A blank line after the tags makes the content Markdown.
            self.begin_block();
            self.push(line);
            self.wants_blank = true;
            return true;
        }
        if self.wants_blank && content.starts_with("<summary") {
            self.wants_blank = false;
            self.push(line);
            self.wants_blank = true;
            return true;
        }
        let Some((becomes, after)) = lines::markdown_element(content) else {
            if let Some(End::Element(inside)) = innermost
                && content.starts_with("<div")
                && !content.contains("</div")
            {
                self.count_elements(inside.saturating_add(1));
            }
            return false;
        };
        let ended = after.trim().rfind("</").and_then(|at| after.trim().split_at_checked(at));
        let ended = ended.filter(|(_, tag)| lines::is_closing_tag(tag));
        let (inner, is_whole) = ended.map_or((after, false), |(inner, _)| (inner, true));
        if !self.begin(becomes, End::Element(0), indentation(line)) {
            return false;
        }
        if !inner.trim().is_empty() {
            self.push(&format!("{}\n", inner.trim()));
        }
        if is_whole {
            self.close_to(self.open.len().saturating_sub(1));
        }
        true
    }

    fn count_elements(&mut self, inside: usize) {
        if let Some(container) = self.open.last_mut() {
            container.end = End::Element(inside);
        }
    }

    /// `- [>] text`: a state that only some programs know becomes one that all know, with its sign before the text.
    fn task(&mut self, line: &str, content: &str) -> bool {
        let Some(mark) = item_mark(content) else { return false };
        let after = content.get(mark..).unwrap_or_default().trim_start();
        let mut chars = after.chars();
        let (open, state, close, blank) = (chars.next(), chars.next(), chars.next(), chars.next());
        if (open, close, blank) != (Some('['), Some(']'), Some(' ')) {
            return false;
        }
        let Some(state) = state.filter(|state| "-></!?*\"~+|".contains(*state)) else { return false };
        self.begin_block();
        let start = line.len() - after.len();
        let (before, text) = (line.get(..start).unwrap_or_default(), chars.as_str());
        let done = if state == '-' { "[x]" } else { "[ ]" };
        let sign = match state {
            '<' | '*' | '~' | '|' => format!("\\{state}"),
            state => state.to_string(),
        };
        self.push(&format!("{before}{done} ({sign}) {text}"));
        true
    }

    /// A comment of Obsidian that begins a line, and may be of several lines. The index of the line after it.
    fn comment(&mut self, content: &str, index: usize) -> Option<usize> {
        let after = content.strip_prefix("%%").filter(|_| self.has_comment_end)?;
        if after.contains("%%") {
            return None;
        }
        let mut code = self.code.clone();
        for (offset, line) in self.all.iter().enumerate().skip(index + 1) {
            // `%%` is a comment in several languages.
            if code.read(line) == Line::Code {
                continue;
            }
            if let Some((_, rest)) = line.split_once("%%") {
                if !rest.trim().is_empty() {
                    let rest = rest.trim_start().to_owned();
                    self.push(&rest);
                }
                return Some(offset + 1);
            }
        }
        self.has_comment_end = false;
        None
    }

    /// A formula on lines of its own. The index of the line after it.
    fn formula(&mut self, line: &str, content: &str, index: usize, open: &str, close: &str) -> Option<usize> {
        let first = content.strip_prefix(open)?;
        let columns = indentation(line);
        let mut formula = String::new();
        let mut rest: &str = first;
        for offset in 0..MAX_FORMULA_LINES {
            if let Some((before, after)) = rest.split_once(close) {
                formula.push_str(before.trim_end());
                let is_end = matches!(after.trim(), "" | "." | "," | ";");
                if !is_end || !math::is_display_formula(&formula) {
                    return None;
                }
                self.push_formula(&formula, columns);
                return Some(index + offset + 1);
            }
            if offset > 0 && (rest.trim().is_empty() || rest.contains(open)) {
                return None;
            }
            formula.push_str(rest);
            rest = self.all.get(index + offset + 1).copied()?;
        }
        None
    }

    /// `\begin{align}` to `\end{align}`. The index of the line after it.
    fn environment(&mut self, line: &str, content: &str, index: usize) -> Option<usize> {
        let name = content.strip_prefix("\\begin{")?.split('}').next()?;
        const NAMES: [&str; 9] =
            ["align", "align*", "equation", "equation*", "gather", "gather*", "eqnarray", "multline", "aligned"];
        let name = NAMES.into_iter().find(|known| *known == name)?;
        let (open, close) = (format!("\\begin{{{name}}}"), format!("\\end{{{name}}}"));
        let mut formula = content.to_owned();
        for (offset, next) in self.all.iter().enumerate().skip(index + 1).take(MAX_FORMULA_LINES) {
            if next.trim().is_empty() || next.contains(&open) {
                return None;
            }
            formula.push_str(next);
            if next.trim() == close {
                self.push_formula(formula.trim_end(), indentation(line));
                return Some(offset + 1);
            }
        }
        None
    }

    fn push_formula(&mut self, formula: &str, columns: usize) {
        self.begin_block();
        let shown = math::shown(formula);
        let shown = if formula.trim().contains('\n') { formula } else { &shown };
        let prefix = format!("{}{}", self.prefix(), " ".repeat(columns.min(12)));
        let fence = "`".repeat(super::code_spans::longest_run(shown).saturating_add(1).max(3));
        self.out.extend([prefix.as_str(), fence.as_str(), "math\n"]);
        for line in shown.trim_matches(['\n', '\r']).lines() {
            let line = without_columns(Cow::Borrowed(line), columns);
            self.out.extend([prefix.as_str(), &line, "\n"]);
        }
        self.out.extend([prefix.as_str(), fence.as_str(), "\n"]);
    }

    /// Opens a container; false if there are too many.
    fn begin(&mut self, becomes: Becomes, end: End, columns: usize) -> bool {
        if self.open.len() >= MAX_DEPTH {
            return false;
        }
        self.end_paragraph();
        let outer = self.prefix().to_owned();
        let indent = " ".repeat(columns.min(12));
        let fits = outer.len() + indent.len() + 2 <= MAX_PREFIX;
        let prefix = match &becomes {
            Becomes::Callout(kind, title) if fits => {
                let prefix = format!("{outer}{indent}");
                callouts::open(&mut self.out, &prefix, *kind, title.as_deref());
                format!("{prefix}> ")
            }
            Becomes::Quote if fits => format!("{outer}{indent}> "),
            _ if fits => format!("{outer}{indent}"),
            _ => outer,
        };
        let outside = std::mem::take(&mut self.code);
        self.open.push(Container { end, columns, prefix, outside });
        if let Becomes::Content(label) = &becomes
            && !label.is_empty()
        {
            self.push(&format!("**{}**\n", label.replace('*', "\\*")));
            self.wants_blank = true;
        }
        self.block_start = self.out.len();
        self.quotes = 0;
        true
    }

    fn close_to(&mut self, kept: usize) {
        while self.open.len() > kept {
            if let Some(container) = self.open.pop() {
                self.code = container.outside;
                self.wants_blank = true;
                self.quotes = 0;
            }
        }
    }

    fn close_where(&mut self, ends: impl Fn(&Container) -> bool) {
        if let Some(first) = self.open.iter().position(ends) {
            self.close_to(first);
        }
    }

    fn prefix(&self) -> &str {
        self.open.last().map_or("", |container| &container.prefix)
    }

    /// Puts what a line of text needs before it: a blank line behind a container, and the container that an attribute list
    /// before it asks for.
    fn begin_block(&mut self) {
        self.push_wanted_blank();
        if let Some(becomes) = self.next_is.take() {
            self.begin(becomes, End::Blank, 0);
        }
    }

    fn push_wanted_blank(&mut self) {
        if std::mem::take(&mut self.wants_blank) {
            let prefix = self.prefix().trim_end().to_owned();
            self.out.push_str(&prefix);
            self.out.push('\n');
            self.block_start = self.out.len();
        }
    }

    /// Puts a blank line behind a paragraph, which a container must not continue.
    fn end_paragraph(&mut self) {
        self.wants_blank |= self.out.len() > self.block_start;
        self.push_wanted_blank();
    }

    fn push(&mut self, line: &str) {
        self.push_wanted_blank();
        let prefix = self.prefix().to_owned();
        self.out.push_str(&prefix);
        self.out.push_str(line);
    }
}

#[cfg(test)]
mod tests;
