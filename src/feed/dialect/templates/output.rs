//! The text that is written when tags are replaced: it knows whether a line is empty without its tags, and whether the end of
//! the text is the target of a link.

use crate::feed::dialect::code_spans::longest_run;

/// Longest prefix of a line (indentation, marks of a list or quote) that a block is put behind.
const MAX_PREFIX: usize = 24;

/// What the end of the text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    None,
    /// A target in round brackets, or of a definition; where it begins, and whether it holds what needs pointed brackets.
    Plain {
        start: usize,
        has_unknown: bool,
    },
    /// A target in pointed brackets.
    Pointed,
    /// The value of an attribute of HTML, and its quote.
    Attribute(u8),
}

/// What an opening tag began, until the tag that closes it.
#[derive(Debug)]
enum Opened {
    Nothing,
    Box(String),
    Link(String),
}

/// A text in the making.
#[derive(Debug)]
pub struct Output {
    text: String,
    line_start: usize,
    line_has_tag: bool,
    target: Target,
    opened: Vec<Opened>,
}

impl Output {
    /// An empty text with room for `length` bytes.
    pub fn new(length: usize) -> Output {
        let text = String::with_capacity(length);
        Output { text, line_start: 0, line_has_tag: false, target: Target::None, opened: Vec::new() }
    }

    /// The text.
    pub fn finish(mut self) -> String {
        self.end_target();
        if self.line_has_tag && self.line().trim().is_empty() {
            self.text.truncate(self.line_start);
        }
        self.text
    }

    /// True if what comes next is part of the target of a link.
    pub fn is_in_target(&self) -> bool {
        self.target != Target::None
    }

    /// Appends text between tags.
    pub fn push_source(&mut self, source: &str) {
        for piece in source.split_inclusive('\n') {
            self.push_piece(piece);
            if !piece.ends_with('\n') {
                continue;
            }
            if self.line_has_tag && self.line().trim().is_empty() {
                self.text.truncate(self.line_start);
            }
            self.begin_line();
            self.line_has_tag = false;
        }
    }

    /// Appends words in the place of a tag.
    pub fn push_words(&mut self, words: &str) {
        self.line_has_tag = true;
        self.text.push_str(words);
    }

    /// Appends a part of a target in the place of a tag.
    pub fn push_target(&mut self, part: &str) {
        self.push_words(part);
    }

    /// Appends a tag as it is, because its value is not known. In a target it must not end the link.
    pub fn push_unknown(&mut self, tag: &str) {
        if let Target::Plain { has_unknown, .. } = &mut self.target {
            *has_unknown = !tag.contains(['<', '>']);
            self.text.push_str(&tag.replace(['\n', '\r'], " "));
            return;
        }
        self.text.push_str(tag);
        // A tag of several lines leaves the text in another line.
        if let Some(end) = tag.rfind('\n') {
            self.line_start = self.text.len() - (tag.len() - end - 1);
        }
    }

    /// A tag that shows nothing.
    pub fn push_nothing(&mut self) {
        self.line_has_tag = true;
    }

    /// An opening tag that shows nothing.
    pub fn open_nothing(&mut self) {
        self.line_has_tag = true;
        self.opened.push(Opened::Nothing);
    }

    /// Appends a block of code; within a line, inline code.
    pub fn push_code(&mut self, content: &str, language: &str, title: Option<&str>) {
        let is_mark = |line: &str| line.trim_matches([' ', '\t', '\r', '>']).is_empty();
        let content = match content.split_once('\n') {
            Some((first, rest)) if first.trim().is_empty() => rest,
            _ => content,
        };
        let content = match content.rsplit_once('\n') {
            Some((rest, last)) if is_mark(last) => rest,
            _ => content,
        };
        self.line_has_tag = true;
        let prefix = self.prefix();
        let longest = longest_run(content);
        if prefix.is_none() && !content.contains('\n') {
            let ticks = "`".repeat(longest.saturating_add(1));
            let pad = if content.starts_with('`') || content.ends_with('`') { " " } else { "" };
            if !content.trim().is_empty() {
                self.text.extend([ticks.as_str(), pad, content.trim(), pad, ticks.as_str()]);
            }
            return;
        }
        if prefix.is_none() {
            self.text.push('\n');
        }
        let prefix = prefix.unwrap_or_default();
        // Behind the mark of a list item, the other lines of the item begin with blanks.
        let next: String = prefix.chars().map(|c| if matches!(c, '>' | '\t') { c } else { ' ' }).collect();
        let fence = "`".repeat(longest.saturating_add(1).max(3));
        self.text.push_str(&fence);
        self.text.push_str(language);
        if let Some(title) = title.filter(|title| !title.contains(['`', '"', '\n'])) {
            self.text.extend([if language.is_empty() { "text" } else { "" }, " title=\"", title, "\""]);
        }
        self.text.push('\n');
        let outside = |line: &str| !line.trim().is_empty() && !line.starts_with(&next);
        let needs_prefix = content.lines().any(outside);
        for line in content.lines() {
            if needs_prefix {
                self.text.push_str(&next);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
        self.text.push_str(&next);
        self.text.push_str(&fence);
        self.text.push('\n');
        self.begin_line();
    }

    /// Begins a box of a kind, as a container `:::kind[title]`. Within a line only its content is shown.
    pub fn open_box(&mut self, kind: &str, title: Option<&str>) {
        self.line_has_tag = true;
        let Some(prefix) = self.prefix().filter(|prefix| prefix.trim().is_empty()) else {
            return self.opened.push(Opened::Nothing);
        };
        self.push_box_start(kind, title);
        self.text.push_str(&prefix);
        self.opened.push(Opened::Box(prefix));
    }

    /// Begins a link. Its text follows.
    pub fn open_link(&mut self, target: &str) {
        self.line_has_tag = true;
        self.text.push('[');
        self.opened.push(Opened::Link(target.to_owned()));
    }

    /// Ends what the last opening tag began.
    pub fn close(&mut self) {
        self.line_has_tag = true;
        match self.opened.pop() {
            Some(Opened::Box(prefix)) => self.push_box_end(&prefix),
            Some(Opened::Link(target)) => self.text.extend(["](", target.as_str(), ")"]),
            Some(Opened::Nothing) | None => {}
        }
    }

    /// Appends a box with a text.
    pub fn push_box(&mut self, kind: &str, title: Option<&str>, text: &str) {
        self.open_box(kind, title);
        self.text.extend(text.split_whitespace().flat_map(|word| [word, " "]));
        self.close();
    }

    /// Appends a label as a paragraph of its own.
    pub fn push_label(&mut self, label: &str) {
        self.open_nothing();
        let Some(prefix) = self.prefix().filter(|prefix| prefix.trim().is_empty()) else { return };
        if !label.trim().is_empty() {
            let label: String = label.trim().replace('\n', " ").replace('*', "\\*");
            self.text.extend(["**", label.as_str(), "**\n\n"]);
            self.begin_line();
            self.text.push_str(&prefix);
        }
    }

    fn push_box_start(&mut self, kind: &str, title: Option<&str>) {
        self.text.push_str(":::");
        self.text.push_str(kind);
        if let Some(title) = title.map(str::trim).filter(|title| !title.is_empty()) {
            let title = title.replace(['\n', '\r'], " ");
            self.text.extend(["[", title.as_str(), "]"]);
        }
        self.text.push('\n');
        self.begin_line();
    }

    fn push_box_end(&mut self, prefix: &str) {
        if self.line().trim().is_empty() {
            self.text.truncate(self.line_start);
        } else {
            self.text.push('\n');
        }
        self.text.push_str(prefix);
        self.text.push_str(":::\n");
        self.begin_line();
    }

    fn line(&self) -> &str {
        self.text.get(self.line_start..).unwrap_or_default()
    }

    fn begin_line(&mut self) {
        self.line_start = self.text.len();
        self.target = Target::None;
    }

    /// The last line, if it has nothing but indentation and marks of lists and quotes, and is short.
    fn prefix(&self) -> Option<String> {
        let line = self.line();
        let is_mark = |c: char| c.is_whitespace() || matches!(c, '>' | '-' | '*' | '+');
        let is_number = |word: &str| {
            let digits = word.trim_end_matches(['.', ')']);
            digits.len() + 1 == word.len() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_prefix = line.len() <= MAX_PREFIX
            && line.split_whitespace().all(|word| word.chars().all(is_mark) || is_number(word))
            && (line.is_empty() || line.ends_with([' ', '\t', '>']));
        is_prefix.then(|| line.to_owned())
    }

    /// Appends a piece without a line break inside, and follows where targets begin and end.
    fn push_piece(&mut self, piece: &str) {
        let mut written = 0;
        let bytes = piece.as_bytes();
        let first = if self.line().is_empty() { piece.bytes().next() } else { self.line().bytes().next() };
        let is_definition = first == Some(b'[');
        for (at, byte) in bytes.iter().copied().enumerate() {
            let before = |back: usize| at.checked_sub(back).and_then(|at| bytes.get(at)).copied();
            // The position at which this byte will be in the text.
            let here = self.text.len() + (at - written);
            match self.target {
                Target::None => {
                    let is_link = byte == b'(' && before(1) == Some(b']');
                    let defines = is_definition && byte == b' ' && before(1) == Some(b':') && before(2) == Some(b']');
                    if is_link || defines {
                        self.target = Target::Plain { start: here + 1, has_unknown: false };
                    } else if matches!(byte, b'"' | b'\'') && before(1) == Some(b'=') {
                        self.target = Target::Attribute(byte);
                    }
                }
                Target::Plain { start, .. } if byte == b'<' && start == here => self.target = Target::Pointed,
                Target::Plain { .. } if byte == b')' || byte.is_ascii_whitespace() => {
                    self.text.push_str(piece.get(written..at).unwrap_or_default());
                    written = at;
                    self.end_target();
                }
                Target::Pointed if byte == b'>' => self.target = Target::None,
                Target::Attribute(quote) if byte == quote => self.target = Target::None,
                _ => {}
            }
        }
        self.text.push_str(piece.get(written..).unwrap_or_default());
    }

    /// Ends a target; pointed brackets keep one with blanks together.
    fn end_target(&mut self) {
        if let Target::Plain { start, has_unknown: true } = self.target
            && self.text.is_char_boundary(start)
        {
            self.text.insert(start, '<');
            self.text.push('>');
        }
        self.target = Target::None;
    }
}
