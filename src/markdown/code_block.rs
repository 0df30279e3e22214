//! Code blocks: their lines in colour, and the label with the language and the name of the file.

use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthChar;

use crate::code::{CodePiece, InfoString, Language, PieceKind};
use crate::feed::clean::{self, SafeText};
use crate::text::{self, Piece};

/// Columns between the first line of a code and the label behind it.
const LABEL_GAP: usize = 3;

/// Styles of the pieces of code blocks. Each is patched over the style of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeStyles {
    /// Comments, prompts, and headers of diffs.
    pub comment: Style,
    /// Strings.
    pub string: Style,
    /// Numbers.
    pub number: Style,
    /// Keywords, keys, tags and headings.
    pub keyword: Style,
    /// Lines that a diff removes.
    pub removed: Style,
}

impl Default for CodeStyles {
    /// No colours.
    fn default() -> CodeStyles {
        let plain = Style::new();
        let comment = Style::new().add_modifier(Modifier::DIM);
        CodeStyles { comment, string: plain, number: plain, keyword: plain, removed: plain }
    }
}

impl CodeStyles {
    fn of(&self, kind: PieceKind, code: Style) -> Style {
        code.patch(match kind {
            PieceKind::Plain => Style::new(),
            PieceKind::Comment => self.comment,
            PieceKind::String | PieceKind::Added => self.string,
            PieceKind::Number => self.number,
            PieceKind::Keyword | PieceKind::Hunk => self.keyword,
            PieceKind::Removed => self.removed,
        })
    }
}

/// A code block, cleaned.
pub struct CodeBlock {
    code: SafeText,
    language: Option<Language>,
    label: SafeText,
}

impl CodeBlock {
    /// Reads a code block from its info string and its source.
    pub fn read(info: &str, source: &str) -> CodeBlock {
        let info = InfoString::read(info);
        let name = if info.language.eq_ignore_ascii_case("mermaid") { "diagram (mermaid)" } else { &info.language };
        let words = [name, &info.title].map(clean::plain_line);
        let words: Vec<&str> = words.iter().map(SafeText::as_str).filter(|word| !word.is_empty()).collect();
        // The sign tells the label from code where there is no colour.
        let label = if words.is_empty() {
            SafeText::default()
        } else {
            clean::plain_line(&format!("· {}", words.join(" · ")))
        };
        CodeBlock { code: clean::text(source), language: info.known_language(), label }
    }

    /// The code without blank lines around it.
    fn text(&self) -> &str {
        let code = self.code.as_str().trim_end();
        // Skips whole lines: `trim` would remove the indent of the first line of code too.
        let blank: usize = code.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
        code.get(blank..).unwrap_or_default()
    }

    /// True if there is nothing to show.
    pub fn is_blank(&self) -> bool {
        self.text().is_empty()
    }

    /// The label with blanks before it, so that it ends at column `columns` behind `used` columns of text. `None` if there is no label, or
    /// no place for it.
    pub fn label_behind(&self, used: usize, columns: usize, style: Style) -> Option<[Piece; 2]> {
        let blanks = columns.checked_sub(used)?.checked_sub(text::width(self.label.as_str()))?;
        let is_shown = !self.label.is_empty() && blanks >= if used == 0 { 0 } else { LABEL_GAP };
        is_shown
            .then(|| [Piece { text: clean::text(&" ".repeat(blanks)), style: Style::new() }, self.label_piece(style)])
    }

    /// The label for a line of its own of `columns` columns, cut if it is longer. `None` if there is no label.
    pub fn label_alone(&self, columns: usize, style: Style) -> Option<Vec<Piece>> {
        match self.label_behind(0, columns, style) {
            Some(label) => Some(label.into()),
            None if self.label.is_empty() || columns == 0 => None,
            None => Some(vec![Piece { text: text::cut(&self.label, columns), style }]),
        }
    }

    fn label_piece(&self, style: Style) -> Piece {
        Piece { text: self.label.clone(), style }
    }

    /// The lines as pieces with styles, each with its length in bytes. `code` is the style under those of the pieces.
    pub fn lines(&self, styles: &CodeStyles, code: Style) -> impl Iterator<Item = (usize, Vec<Piece>)> {
        let text = self.text();
        let pieces = Language::pieces_of(self.language, text);
        let styled = pieces.into_iter().map(move |CodePiece { kind, text }| (styles.of(kind, code), text));
        StyledLines { pieces: styled, rest: None, is_done: false }
    }
}

/// Splits styled pieces into lines.
struct StyledLines<'a, I: Iterator<Item = (Style, &'a str)>> {
    pieces: I,
    /// The rest of the piece in which the last line ended.
    rest: Option<(Style, &'a str)>,
    is_done: bool,
}

impl<'a, I: Iterator<Item = (Style, &'a str)>> Iterator for StyledLines<'a, I> {
    type Item = (usize, Vec<Piece>);

    fn next(&mut self) -> Option<(usize, Vec<Piece>)> {
        if self.is_done {
            return None;
        }
        let mut line = LineOfCode::default();
        while let Some((style, text)) = self.rest.take().or_else(|| self.pieces.next()) {
            match text.split_once('\n') {
                Some((text, rest)) => {
                    line.push(style, text);
                    self.rest = Some((style, rest));
                    return Some(line.finish());
                }
                None => line.push(style, text),
            }
        }
        self.is_done = true;
        Some(line.finish())
    }
}

/// A line of code while its pieces are collected.
#[derive(Default)]
struct LineOfCode {
    pieces: Vec<Piece>,
    length: usize,
    /// Text of one style that is not in `pieces` yet.
    text: String,
    style: Style,
}

impl LineOfCode {
    fn push(&mut self, style: Style, text: &str) {
        self.length += text.len();
        // Marks belong to the character before them, also if that is the end of a string.
        let is_mark = |c: char| !c.is_ascii() && c.width() == Some(0);
        let marks = if self.text.is_empty() { 0 } else { text.find(|c| !is_mark(c)).unwrap_or(text.len()) };
        let (marks, text) = text.split_at_checked(marks).unwrap_or(("", text));
        self.text.push_str(marks);
        if text.is_empty() {
            return;
        }
        if style != self.style {
            self.flush();
            self.style = style;
        }
        self.text.push_str(text);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            // The text is clean already, but only the cleaner makes a `SafeText` of a part of it.
            self.pieces.push(Piece { text: clean::text(&self.text), style: self.style });
            self.text.clear();
        }
    }

    fn finish(mut self) -> (usize, Vec<Piece>) {
        self.flush();
        (self.length, self.pieces)
    }
}
