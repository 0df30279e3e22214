//! Writes blocks as lines: with indents, one blank line between blocks, and a limit on their number.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::code_block::{CodeBlock, CodeStyles};
use super::table::Table;
use crate::feed::clean::SafeText;
use crate::text::{self, Piece, PositionedLines, TextPosition};

/// Limit on the lines of one article. Further lines are cut, and a notice says so.
pub const MAX_LINES: usize = 20_000;
/// Limit on nested indents. Deeper blocks have the indent of the last level.
const MAX_INDENTS: usize = 16;

const CODE_BAR: &str = "│ ";
const CODE_WRAP_MARK: &str = "↪ ";

/// Prefix of the lines of an open block.
struct Indent {
    /// Prefix of the first line, until it is written.
    first: Option<Span<'static>>,
    rest: Span<'static>,
}

/// The lines so far, and the indents of the next ones.
pub struct BlockWriter {
    /// Write a blank line before the next block.
    pub gap_due: bool,
    columns: usize,
    text: Style,
    lines: PositionedLines,
    indents: Vec<Indent>,
    /// Indents of the last line that are still open. A blank line after it has the same.
    shared_indents: usize,
    /// Bullets, numbers and `#` that had no room as an indent: they precede the next text.
    markers: Vec<Piece>,
}

impl BlockWriter {
    /// A writer without lines. `text` is the style of indents.
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

    /// True when further lines would be cut.
    pub fn is_full(&self) -> bool {
        self.lines_left() == 0
    }

    /// Lines until the limit. One more than the limit may be written, which shows that something was cut.
    fn lines_left(&self) -> usize {
        (MAX_LINES + 1).saturating_sub(self.lines.len())
    }

    /// Number of open indents.
    pub fn depth(&self) -> usize {
        self.indents.len()
    }

    /// Closes all indents but the first `depth`.
    pub fn truncate_indents(&mut self, depth: usize) {
        self.indents.truncate(depth);
        self.shared_indents = self.shared_indents.min(depth);
    }

    /// Puts a bullet, number or `#` before the next line. The lines after it are indented by the same width.
    pub fn push_marker(&mut self, marker: SafeText, style: Style) {
        let rest = text::repeat(" ", text::width(marker.as_str()), self.text);
        // After a marker without an indent, a later marker gets none either: it would be drawn before the first.
        let indented = self.markers.is_empty() && self.push_indent(Some(text::span(marker.clone(), style)), rest);
        // Limited, because nested empty lists can have thousands of markers before any text.
        if !indented && self.markers.len() < MAX_INDENTS {
            self.markers.push(Piece { text: marker, style });
        }
    }

    /// Removes the last marker if it is `marker` and not written yet.
    pub fn remove_marker(&mut self, marker: &str) {
        if self.markers.pop_if(|last| last.text.as_str() == marker).is_none() {
            self.indents.pop_if(|last| last.first.as_ref().is_some_and(|first| first.content == marker));
        }
    }

    /// True while a marker waits for its line.
    pub fn has_pending_marker(&self) -> bool {
        !self.markers.is_empty() || self.indents.last().is_some_and(|last| last.first.is_some())
    }

    /// Puts a bar before all following lines.
    pub fn push_bar(&mut self, bar: &'static str, style: Style) {
        self.push_indent(None, text::span(bar, style));
    }

    /// Adds an indent, unless all indents together would take more than half of the width.
    fn push_indent(&mut self, first: Option<Span<'static>>, rest: Span<'static>) -> bool {
        let fits = self.indents.len() < MAX_INDENTS && self.has_room_for(&rest.content);
        if fits {
            self.indents.push(Indent { first, rest });
        }
        fits
    }

    fn has_room_for(&self, marker: &str) -> bool {
        let taken: usize = self.indents.iter().map(|indent| text::width(&indent.rest.content)).sum();
        taken + text::width(marker) <= self.columns / 2
    }

    /// Begins a block: writes the blank line if one is due, and returns the prefixes of the first line and of the others.
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

    /// Adds the lines of the block at byte `block` of the source. Each has the bytes of the block's text before it.
    fn push_lines(&mut self, block: usize, lines: impl Iterator<Item = (u32, Line<'static>)>) {
        let start = TextPosition::in_body(block);
        for (inside, line) in lines.take(self.lines_left()) {
            self.lines.push(TextPosition { inside, ..start }, line);
        }
    }

    /// Writes wrapped text after the pending markers. `block`, here and below, is the byte offset of the block in the source.
    pub fn write_text(&mut self, block: usize, text: Vec<Piece>) {
        let mut pieces = std::mem::take(&mut self.markers);
        pieces.extend(text);
        let [first, rest] = self.start_block();
        self.push_lines(block, text::wrap_with_positions(&pieces, self.columns, &first, &rest));
    }

    /// Writes the pending markers on their own line, before a block that has no text.
    fn write_markers(&mut self, block: usize) {
        if !self.markers.is_empty() {
            self.write_text(block, Vec::new());
        }
    }

    /// Writes a rule of the full width.
    pub fn write_rule(&mut self, block: usize, style: Style) {
        self.write_markers(block);
        let [mut line, _] = self.start_block();
        let room = self.columns.saturating_sub(text::spans_width(&line));
        line.push(text::repeat("─", room, style));
        self.push_lines(block, std::iter::once((0, Line::from(line))));
    }

    /// Writes code line by line, without the blank lines around it. A line that is too long continues after a mark. The label is at
    /// the right of the first line, or on a line before it.
    pub fn write_code(&mut self, block: usize, code: &CodeBlock, styles: &CodeStyles, style: Style, bar: Style) {
        if code.is_blank() {
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
        for (number, (length, mut line)) in code.lines(styles, style).enumerate() {
            if self.is_full() {
                break;
            }
            if number == 0 {
                let room = self.columns.saturating_sub(text::spans_width(&first));
                let used = line.iter().map(|piece| text::width(piece.text.as_str())).sum();
                match code.label_behind(used, room, bar) {
                    Some(label) => line.extend(label),
                    None => {
                        if let Some(label) = code.label_alone(room, bar) {
                            self.push_lines(block, text::wrap_code(&label, self.columns, &first, &rest));
                            first.clone_from(&others);
                        }
                    }
                }
            }
            self.push_lines(
                block,
                text::wrap_code(&line, self.columns, &first, &rest).map(|(at, line)| (before + at, line)),
            );
            first.clone_from(&others);
            before += length as u32 + 1;
        }
    }

    /// Writes a table.
    pub fn write_table(&mut self, block: usize, table: &Table, rule: Style) {
        /// Distance between the positions of two rows: a row may have 65,536 lines until its positions reach the next row.
        const ROW: u32 = 1 << 16;
        if table.is_blank() {
            return;
        }
        self.write_markers(block);
        let [first, rest] = self.start_block();
        let lines = table.lines(self.columns, [&first, &rest], rule, self.lines_left());
        // Tables have at most 1,001 rows, so the product fits.
        self.push_lines(block, lines.into_iter().map(|(row, line)| (row as u32 * ROW, line)));
    }

    /// Returns the lines. A notice at the end says that lines were cut, or else gives the text of `cut`.
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
