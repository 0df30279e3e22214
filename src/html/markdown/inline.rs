//! Writes styled text as the inline Markdown of one paragraph, heading or cell.

use super::escape::{self, Place};
use super::piece::{EMPHASIS, Form, Kind, Marks, Piece, STRIKETHROUGH, STRONG, is_html_blank};

/// How many paragraphs one link may go through: a link around a whole page must not be written with each paragraph of it.
const MAX_PARAGRAPHS_OF_LINK: u32 = 16;

/// Text with its styles, links and images, until it is known how it is written.
#[derive(Debug, Default)]
pub struct Inline {
    text: String,
    pieces: Vec<Piece>,
    /// White space after the last piece. It is written only if a piece follows.
    blank: String,
    /// That white space is within code.
    is_code_blank: bool,
    /// Addresses of the links, with their numbers in the document.
    links: Vec<(u32, Option<String>)>,
    /// The last link and the number of paragraphs that had it.
    repeated: (u32, u32),
}

impl Inline {
    /// True if it has neither text nor images.
    pub fn is_empty(&self) -> bool {
        !self.pieces.iter().any(Piece::is_visible)
    }

    /// True if it has images and no text.
    pub fn is_image(&self) -> bool {
        !self.is_empty() && !self.pieces.iter().any(|piece| piece.kind == Kind::Text)
    }

    /// True if it has paragraphs, even if it is only one.
    pub fn has_gaps(&self) -> bool {
        self.pieces.iter().any(|piece| piece.kind == Kind::Gap)
    }

    /// The length of its text in bytes.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// True right after a line break.
    pub fn is_after_break(&self) -> bool {
        self.pieces.last().is_some_and(|piece| piece.kind == Kind::Break)
    }

    /// The index of a link for [`Inline::push_text`]. `resolve` is called once for each number.
    pub fn link(&mut self, number: u32, resolve: impl FnOnce() -> Option<String>) -> usize {
        if self.links.last().is_none_or(|(last, _)| *last != number) {
            if self.repeated.0 == number {
                self.repeated.1 = self.repeated.1.saturating_add(1);
            } else {
                self.repeated = (number, 1);
            }
            let address = if self.repeated.1 > MAX_PARAGRAPHS_OF_LINK { None } else { resolve() };
            self.links.push((number, address));
        }
        match self.links.last() {
            Some((_, Some(_))) => self.links.len(),
            _ => 0,
        }
    }

    /// Appends text; runs of white space become one blank.
    pub fn push_text(&mut self, text: &str, marks: Marks, link: usize) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first.is_whitespace() {
                self.is_code_blank = marks.is_code() && (self.is_code_blank || self.blank.is_empty());
                if !is_html_blank(first) {
                    self.blank.push(first);
                } else if !self.blank.ends_with(' ') {
                    self.blank.push(' ');
                }
            }
            if first.is_whitespace() || first == '\0' {
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
                continue;
            }
            let end = rest.find(|c: char| c.is_whitespace() || c == '\0').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            self.push_word(word, marks, link);
            rest = after;
        }
    }

    /// Appends text without blanks, and the blank before it.
    fn push_word(&mut self, word: &str, marks: Marks, link: usize) {
        // Two keys or two names in code with a blank between them stay two.
        let is_joined = !marks.is_code() || self.blank.is_empty() || self.is_code_blank;
        let is_same = |piece: &Piece| piece.kind == Kind::Text && piece.marks == marks && piece.link == link;
        let at = self.text.len();
        match self.pieces.last_mut() {
            Some(last) if is_joined && last.to == at && is_same(last) => {
                self.text.push_str(&self.blank);
                self.blank.clear();
                self.text.push_str(word);
                last.to = self.text.len();
            }
            _ => {
                self.push_blank();
                let from = self.text.len();
                self.text.push_str(word);
                self.pieces.push(Piece { kind: Kind::Text, marks, link, from, to: self.text.len() });
            }
        }
    }

    /// Appends an image with its description.
    pub fn push_image(&mut self, alt: &str, address: String, link: usize) {
        self.push_blank();
        let from = self.text.len();
        for (index, word) in alt.split_whitespace().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            self.text.push_str(word);
        }
        let kind = Kind::Image(address);
        self.pieces.push(Piece { kind, marks: Marks::default(), link, from, to: self.text.len() });
    }

    /// Appends a line break, unless nothing comes before it.
    pub fn push_break(&mut self) {
        self.push_separator(Kind::Break);
    }

    /// Ends a paragraph.
    pub fn push_gap(&mut self) {
        if self.is_after_break() {
            self.pieces.pop();
        }
        self.push_separator(Kind::Gap);
    }

    fn push_separator(&mut self, kind: Kind) {
        self.blank.clear();
        if self.pieces.last().is_some_and(Piece::is_visible) {
            let at = self.text.len();
            self.pieces.push(Piece { kind, marks: Marks::default(), link: 0, from: at, to: at });
        }
    }

    fn push_blank(&mut self) {
        if self.blank.is_empty() {
            return;
        }
        if self.pieces.last().is_some_and(Piece::is_visible) {
            let from = self.text.len();
            self.text.push_str(&self.blank);
            let (kind, marks) = (Kind::Blank, Marks::default());
            self.pieces.push(Piece { kind, marks, link: 0, from, to: self.text.len() });
        }
        self.blank.clear();
    }

    /// Writes all of it and forgets it: paragraphs, or one line for the other forms.
    pub fn take(&mut self, form: Form) -> Vec<String> {
        let mut pieces = std::mem::take(&mut self.pieces);
        let mut paragraphs = Vec::new();
        if form == Form::Paragraph {
            for paragraph in pieces.split_mut(|piece| piece.kind == Kind::Gap) {
                paragraphs.push(self.write(paragraph, form));
            }
        } else {
            for piece in &mut pieces {
                if matches!(piece.kind, Kind::Break | Kind::Gap) {
                    piece.kind = Kind::Blank;
                }
            }
            paragraphs.push(self.write(&pieces, form));
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        self.text.clear();
        self.blank.clear();
        self.links.clear();
        paragraphs
    }

    fn write(&self, pieces: &[Piece], form: Form) -> String {
        let is_separator = |piece: &Piece| !piece.is_visible();
        let from = pieces.iter().take_while(|piece| is_separator(piece)).count();
        let to = pieces.len() - pieces.iter().rev().take_while(|piece| is_separator(piece)).count();
        let pieces = pieces.get(from..to).unwrap_or_default();
        let mut writer = Writer { inline: self, form, out: String::new(), is_line_start: form == Form::Paragraph };
        let mut rest = pieces;
        while let Some(first) = rest.first() {
            // The pieces of one link, with what is between them.
            let is_other = |piece: &&Piece| piece.is_visible() && piece.link != first.link;
            let length = if first.is_visible() { rest.iter().take_while(|piece| !is_other(piece)).count() } else { 1 };
            let (group, after) = rest.split_at(length);
            // What comes between this link and the next text is in neither.
            let inner = length - group.iter().rev().take_while(|piece| is_separator(piece)).count();
            let (group, between) = group.split_at(if first.is_visible() { inner } else { 0 });
            writer.group(group, after.first());
            for piece in between {
                writer.separator(piece);
            }
            rest = after;
        }
        writer.out
    }
}

/// A piece of text within one link, with the delimiters that are open in it.
#[derive(Clone, Copy)]
struct Span<'a> {
    piece: &'a Piece,
    text: &'a str,
    delimiters: u8,
    /// It is written as code.
    is_code: bool,
}

struct Writer<'a> {
    inline: &'a Inline,
    form: Form,
    out: String,
    is_line_start: bool,
}

impl<'a> Writer<'a> {
    fn text(&self, piece: &Piece) -> &'a str {
        self.inline.text.get(piece.from..piece.to).unwrap_or_default()
    }

    fn place(&self) -> Place {
        Place { is_line_start: self.is_line_start, is_table: self.form == Form::Cell }
    }

    fn separator(&mut self, piece: &Piece) {
        if piece.kind == Kind::Break {
            self.out.push_str("\\\n");
            self.is_line_start = true;
        } else {
            let text = self.text(piece);
            self.out.push_str(if text.is_empty() { " " } else { text });
        }
    }

    /// Writes pieces of one link, or without a link. `next` is the piece after them, if it follows without a blank.
    fn group(&mut self, group: &'a [Piece], next: Option<&Piece>) {
        let Some(first) = group.first() else { return };
        let address = first.link.checked_sub(1).and_then(|index| self.inline.links.get(index)?.1.as_deref());
        let Some(address) = address else {
            let next = next.is_some_and(Piece::is_visible).then_some('[');
            return self.spans(group, next);
        };
        if let ([only], true) = (group, self.form != Form::Cell)
            && self.text(only) == address
            && only.kind == Kind::Text
            && only.marks == Marks::default()
            && is_autolink(address)
        {
            self.out.push('<');
            self.out.push_str(address);
            self.out.push('>');
            self.is_line_start = false;
            return;
        }
        self.open_bracket();
        self.spans(group, Some(']'));
        self.out.push_str("](");
        escape::push_destination(&mut self.out, address);
        self.out.push(')');
    }

    /// Opens a link. An exclamation mark before it would make it an image.
    fn open_bracket(&mut self) {
        if self.out.ends_with('!') {
            self.out.pop();
            self.out.push_str("\\!");
        }
        self.out.push('[');
        self.is_line_start = false;
    }

    /// Writes pieces with their delimiters. `next` is the character after them; `None` for a blank or the end.
    fn spans(&mut self, group: &'a [Piece], next: Option<char>) {
        let mut spans = self.delimit(group, next);
        let (length, is_line_start) = (self.out.len(), self.is_line_start);
        if !self.write_spans(&spans, next) {
            self.out.truncate(length);
            self.is_line_start = is_line_start;
            for span in &mut spans {
                span.delimiters = 0;
            }
            self.write_spans(&spans, next);
        }
    }

    /// Writes spans. False if delimiters overlap within a word, which parsers read in different ways.
    fn write_spans(&mut self, spans: &[Span<'_>], next: Option<char>) -> bool {
        let mut open: Vec<(u8, &'static str)> = Vec::new();
        let mut index = 0;
        while let Some(span) = spans.get(index) {
            let closed = self.close(&mut open, span.delimiters);
            if !span.piece.is_visible() {
                self.separator(span.piece);
                index += 1;
                continue;
            }
            let is_in_word =
                index.checked_sub(1).and_then(|before| spans.get(before)).is_some_and(|span| span.piece.is_visible());
            if closed & span.delimiters != 0 && is_in_word {
                return false;
            }
            self.open(&mut open, spans, index, next);
            match &span.piece.kind {
                Kind::Image(address) => {
                    self.out.push_str("![");
                    self.is_line_start = false;
                    let place = self.place();
                    escape::push_text(&mut self.out, span.text, place);
                    self.out.push_str("](");
                    escape::push_destination(&mut self.out, address);
                    self.out.push(')');
                }
                _ if span.is_code => {
                    let mut code = span.text.to_owned();
                    // Two code spans must not touch.
                    while let Some(more) =
                        spans.get(index + 1).filter(|more| more.is_code && more.delimiters == span.delimiters)
                    {
                        code.push_str(more.text);
                        index += 1;
                    }
                    escape::push_code(&mut self.out, &code);
                }
                _ => {
                    let place = self.place();
                    escape::push_text(&mut self.out, span.text, place);
                }
            }
            self.is_line_start = false;
            index += 1;
        }
        self.close(&mut open, 0);
        true
    }

    /// Closes the delimiters that are not in `stay`, and those opened after them. Returns all that were closed.
    fn close(&mut self, open: &mut Vec<(u8, &'static str)>, stay: u8) -> u8 {
        let Some(first) = open.iter().position(|(bit, _)| stay & bit == 0) else { return 0 };
        let mut closed = 0;
        for (bit, delimiter) in open.drain(first..).rev() {
            self.out.push_str(delimiter);
            closed |= bit;
        }
        closed
    }

    /// Opens the delimiters of a span that are not open, the longest first.
    fn open(&mut self, open: &mut Vec<(u8, &'static str)>, spans: &[Span<'_>], index: usize, next: Option<char>) {
        let Some(span) = spans.get(index) else { return };
        let is_open = open.iter().fold(0, |all, (bit, _)| all | bit);
        let mut missing: Vec<(usize, u8)> = [STRIKETHROUGH, STRONG, EMPHASIS]
            .into_iter()
            .filter(|bit| span.delimiters & !is_open & bit != 0)
            .map(|bit| (extent(spans, index, bit), bit))
            .collect();
        missing.sort_by_key(|(extent, _)| usize::MAX - extent);
        for (extent, bit) in missing {
            let delimiter = match bit {
                STRONG => "**",
                STRIKETHROUGH => "~~",
                _ => {
                    let after = spans.get(index + extent).map_or(next, |span| span.first());
                    let before = index
                        .checked_sub(1)
                        .and_then(|before| spans.get(before))
                        .map_or_else(|| self.out.chars().next_back().filter(|c| !c.is_whitespace()), Span::last);
                    let is_inside = before.is_some_and(is_word) || after.is_some_and(is_word);
                    if is_inside { "*" } else { "_" }
                }
            };
            self.out.push_str(delimiter);
            self.is_line_start = false;
            open.push((bit, delimiter));
        }
    }

    /// Gives each piece the delimiters that a parser will read as such: where one would be between two letters or at the wrong
    /// side of punctuation, the punctuation goes outside, or the delimiter is left out.
    fn delimit(&self, group: &'a [Piece], next: Option<char>) -> Vec<Span<'a>> {
        let before = self.out.chars().next_back();
        let mut spans: Vec<Span<'a>> = Vec::with_capacity(group.len());
        for piece in group {
            let text = self.text(piece);
            // A bar in the code of a cell cannot be escaped in a way that all parsers agree on. In a link, `]:` in code would
            // make it a definition of a link, which is not shown. Code before this piece may end with the bracket.
            let is_definition = piece.link > 0 && (text.contains("]:") || text.starts_with(':'));
            let is_plain = is_definition || (self.form == Form::Cell && text.contains('|'));
            let is_code = piece.kind == Kind::Text && piece.marks.is_code() && !is_plain;
            spans.push(Span { piece, text, delimiters: piece.marks.delimiters(), is_code });
        }
        if spans.iter().all(|span| span.delimiters == 0) {
            return spans;
        }
        let mut opened: Vec<Span<'a>> = Vec::with_capacity(spans.len());
        for span in spans {
            let (previous, previous_delimiters) = match opened.last() {
                Some(last) if last.piece.is_visible() => (last.last(), last.delimiters),
                Some(_) => (None, 0),
                None => (before.filter(|c| !c.is_whitespace()), 0),
            };
            cut(&mut opened, span, previous, previous_delimiters, false);
        }
        let mut closed: Vec<Span<'a>> = Vec::with_capacity(opened.len());
        for span in opened.into_iter().rev() {
            let (following, following_delimiters) = match closed.last() {
                Some(last) if last.piece.is_visible() => (last.first(), last.delimiters),
                Some(_) => (None, 0),
                None => (next, 0),
            };
            cut(&mut closed, span, following, following_delimiters, true);
        }
        closed.reverse();
        // A blank has the delimiters that the pieces on both sides have.
        let sides: Vec<u8> = closed.iter().map(|span| span.delimiters).collect();
        for (index, span) in closed.iter_mut().enumerate().filter(|(_, span)| !span.piece.is_visible()) {
            let before = index.checked_sub(1).and_then(|before| sides.get(before)).copied().unwrap_or(0);
            span.delimiters = before & sides.get(index + 1).copied().unwrap_or(0);
        }
        closed
    }
}

/// Appends a span, without the delimiters that would not be read as such next to `neighbour`. `is_end` if the span is before
/// its neighbour.
fn cut<'a>(to: &mut Vec<Span<'a>>, mut span: Span<'a>, neighbour: Option<char>, around: u8, is_end: bool) {
    let added = span.delimiters & !around;
    if added == 0 || !span.piece.is_visible() {
        return to.push(span);
    }
    let has_strong_neighbour = around & STRONG != 0 && neighbour.is_some();
    // `**a***b*` is read in more than one way.
    if added & EMPHASIS != 0 && (has_strong_neighbour && span.delimiters & STRONG == 0) {
        span.delimiters &= !EMPHASIS;
    }
    if added & STRONG != 0 && around & EMPHASIS != 0 && span.delimiters & EMPHASIS == 0 {
        span.delimiters &= !STRONG;
    }
    if neighbour.is_none_or(|c| !is_word(c)) {
        return to.push(span);
    }
    if added & STRIKETHROUGH != 0 && added != STRIKETHROUGH {
        span.delimiters &= !STRIKETHROUGH;
    }
    let edge = if is_end { span.last() } else { span.first() };
    if edge.is_some_and(char::is_alphanumeric) {
        return to.push(span);
    }
    let kept = span.delimiters & around;
    let is_text = span.piece.kind == Kind::Text && !span.is_code;
    let (outer, inner) = if !is_text {
        (span.text, "")
    } else if is_end {
        let inner = span.text.trim_end_matches(|c: char| !c.is_alphanumeric());
        (span.text.get(inner.len()..).unwrap_or_default(), inner)
    } else {
        let inner = span.text.trim_start_matches(|c: char| !c.is_alphanumeric());
        (span.text.get(..span.text.len() - inner.len()).unwrap_or_default(), inner)
    };
    to.push(Span { text: outer, delimiters: kept, ..span });
    if !inner.is_empty() {
        to.push(Span { text: inner, ..span });
    }
}

/// Number of spans from `index` on that have a delimiter.
fn extent(spans: &[Span<'_>], index: usize, bit: u8) -> usize {
    spans.iter().skip(index).take_while(|span| span.delimiters & bit != 0).count()
}

impl Span<'_> {
    /// The first character as it is written; `None` for a blank.
    fn first(&self) -> Option<char> {
        match self.piece.kind {
            Kind::Text if self.is_code => Some('`'),
            Kind::Text => self.text.chars().next(),
            Kind::Image(_) => Some('!'),
            _ => None,
        }
    }

    fn last(&self) -> Option<char> {
        match self.piece.kind {
            Kind::Text if self.is_code => Some('`'),
            Kind::Text => self.text.chars().next_back(),
            Kind::Image(_) => Some(')'),
            _ => None,
        }
    }
}

/// True for a character next to which a delimiter may not be one: a letter, or punctuation that not all parsers know.
fn is_word(c: char) -> bool {
    !c.is_whitespace() && !c.is_ascii_punctuation()
}

/// True if an address may be written as `<address>`.
fn is_autolink(address: &str) -> bool {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    is_web && !address.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '&' | '\\'))
}
