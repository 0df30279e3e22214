//! The lines of a body as they are written: indents in front, one blank line between blocks, and an end to it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::table::Table;
use crate::feed::clean::{self, SafeText};
use crate::text::{self, PagePart, Piece, PositionedLines, TextPosition};

/// Lines of one article; more are cut, and that is said.
pub const MAX_LINES: usize = 20_000;
/// Levels that are indented; deeper ones stand below the last of them.
const MAX_INDENTS: usize = 16;

const CODE_BAR: &str = "│ ";
const CODE_WRAP_MARK: &str = "↪ ";

/// What an open block puts in front of its lines.
struct Indent {
    /// In front of the first, until that is written.
    first: Option<Span<'static>>,
    rest: Span<'static>,
}

/// Lines written so far, and what the next ones stand behind.
pub struct BlockWriter {
    /// A blank line is due before the next block.
    pub gap_due: bool,
    columns: usize,
    text: Style,
    lines: PositionedLines,
    indents: Vec<Indent>,
    /// Indents of the last line that still stand: those that a blank line after it has.
    shared_indents: usize,
    /// Bullets and the like that found no room as an indent: they go in front of the next words.
    markers: Vec<Piece>,
}

impl BlockWriter {
    /// An empty page, with the style of what is nothing in particular.
    pub fn new(columns: usize, text: Style) -> BlockWriter {
        BlockWriter {
            gap_due: false,
            columns,
            text,
            lines: PositionedLines::default(),
            indents: Vec::new(),
            shared_indents: 0,
            markers: Vec::new(),
        }
    }

    /// True when further lines would not be shown.
    pub fn is_full(&self) -> bool {
        self.lines_left() == 0
    }

    /// Lines that may still be written; one more than is shown, to know that something was cut.
    fn lines_left(&self) -> usize {
        (MAX_LINES + 1).saturating_sub(self.lines.len())
    }

    /// Number of indents.
    pub fn depth(&self) -> usize {
        self.indents.len()
    }

    /// Goes back to a number of indents.
    pub fn truncate_indents(&mut self, depth: usize) {
        self.indents.truncate(depth);
        self.shared_indents = self.shared_indents.min(depth);
    }

    /// Puts a sign in front of the next line; those after it hang below its words.
    pub fn push_marker(&mut self, sign: SafeText, style: Style) {
        let rest = text::repeat(" ", text::width(sign.as_str()), self.text);
        let indented = self.markers.is_empty() && self.push_indent(Some(text::span(sign.clone(), style)), rest);
        if !indented && self.markers.len() < MAX_INDENTS {
            self.markers.push(Piece { text: sign, style });
        }
    }

    /// Takes a sign back that was not written yet, if it is this one.
    pub fn remove_marker(&mut self, sign: &str) {
        if self.markers.pop_if(|last| last.text.as_str() == sign).is_none() {
            self.indents.pop_if(|last| last.first.as_ref().is_some_and(|first| first.content == sign));
        }
    }

    /// True when a sign waits for a line to stand in front of.
    pub fn has_pending_marker(&self) -> bool {
        !self.markers.is_empty() || self.indents.last().is_some_and(|last| last.first.is_some())
    }

    /// Puts a bar in front of every line to come.
    pub fn push_bar(&mut self, bar: &'static str, style: Style) {
        self.push_indent(None, text::span(bar, style));
    }

    /// Indents, unless that leaves less than half of the width to the words.
    fn push_indent(&mut self, first: Option<Span<'static>>, rest: Span<'static>) -> bool {
        let fits = self.indents.len() < MAX_INDENTS && self.has_room_for(&rest.content);
        if fits {
            self.indents.push(Indent { first, rest });
        }
        fits
    }

    fn has_room_for(&self, sign: &str) -> bool {
        let taken: usize = self.indents.iter().map(|indent| text::width(&indent.rest.content)).sum();
        taken + text::width(sign) <= self.columns / 2
    }

    /// Begins a block: writes the blank line that is due, and gives the indents of its first line and the others.
    fn start_block(&mut self) -> [Vec<Span<'static>>; 2] {
        if std::mem::take(&mut self.gap_due) && !self.lines.is_empty() {
            let mut bars: Vec<_> =
                self.indents.iter().take(self.shared_indents).map(|indent| indent.rest.clone()).collect();
            while bars.pop_if(|bar| bar.content.trim().is_empty()).is_some() {}
            self.lines.push_blank(Line::from(bars));
        }
        self.shared_indents = self.indents.len();
        let rest = self.indents.iter().map(|indent| indent.rest.clone()).collect();
        let first = self.indents.iter_mut().map(|i| i.first.take().unwrap_or_else(|| i.rest.clone())).collect();
        [first, rest]
    }

    /// Adds the lines of a block that begins at a byte of the source, each with the bytes of its words in front of it.
    fn push_lines(&mut self, block: usize, lines: impl Iterator<Item = (u32, Line<'static>)>) {
        let block = u32::try_from(block).unwrap_or(u32::MAX);
        for (inside, line) in lines.take(self.lines_left()) {
            self.lines.push(TextPosition { part: PagePart::Body, block, inside }, line);
        }
    }

    /// Writes words, wrapped; without words, a line with the markers alone. `block`, here and below: the byte of the source where
    /// it begins.
    pub fn write_text(&mut self, block: usize, words: Vec<Piece>) {
        let mut pieces = std::mem::take(&mut self.markers);
        pieces.extend(words);
        let [first, rest] = self.start_block();
        self.push_lines(block, text::wrap_with_positions(&pieces, self.columns, &first, &rest));
    }

    /// Gives markers a line of their own, before a block without words that they could stand in front of.
    fn write_markers(&mut self, block: usize) {
        if !self.markers.is_empty() {
            self.write_text(block, Vec::new());
        }
    }

    /// Writes a rule as wide as the page.
    pub fn write_rule(&mut self, block: usize, style: Style) {
        self.write_markers(block);
        let [mut line, _] = self.start_block();
        let room = self.columns.saturating_sub(text::spans_width(&line));
        line.push(text::repeat("─", room, style));
        self.push_lines(block, std::iter::once((0, Line::from(line))));
    }

    /// Writes code: its lines are its own, and one that is too long goes on behind a mark.
    pub fn write_code(&mut self, block: usize, code: &str, style: Style, bar: Style) {
        let code = clean::text(code);
        let mut lines = code.as_str().trim_end().split('\n').skip_while(|line| line.trim().is_empty()).peekable();
        if lines.peek().is_none() {
            return;
        }
        self.write_markers(block);
        let [mut first, mut rest] = self.start_block();
        let mut others = rest.clone();
        if self.has_room_for(CODE_BAR) {
            first.push(text::span(CODE_BAR, bar));
            others.push(text::span(CODE_BAR, bar));
            rest.push(text::span(CODE_WRAP_MARK, bar));
        }
        let mut before = 0;
        for line in lines {
            if self.is_full() {
                break;
            }
            let piece = Piece { text: clean::text(line), style };
            self.push_lines(
                block,
                text::wrap_code(&piece, self.columns, &first, &rest).map(|(at, line)| (before + at, line)),
            );
            first.clone_from(&others);
            before += line.len() as u32 + 1;
        }
    }

    /// Writes a table.
    pub fn write_table(&mut self, block: usize, table: &Table, rule: Style) {
        /// More lines of one row than are told from those of the next one.
        const ROW: u32 = 1 << 16;
        if table.is_blank() {
            return;
        }
        self.write_markers(block);
        let [first, rest] = self.start_block();
        let lines = table.lines(self.columns, [&first, &rest], rule, self.lines_left());
        self.push_lines(block, lines.into_iter().map(|(row, line)| (row as u32 * ROW, line)));
    }

    /// The lines. When some were cut, or `cut` says that something else was, the last ones say so.
    pub fn finish(mut self, cut: Option<&'static str>, style: Style) -> PositionedLines {
        let full = self.is_full().then_some("… cut: this article is longer than 20 000 lines");
        if let Some(notice) = full.or(cut) {
            self.lines.truncate(MAX_LINES);
            let notice = Piece { text: notice.into(), style };
            text::wrap(&[notice], self.columns, &[], &[]).for_each(|line| self.lines.push_blank(line));
        }
        self.lines
    }
}
