//! Writes the blocks of a page as lines: with indents, one blank line between blocks, and a limit on their number.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::code_block::{CodeBlock, CodeStyles};
use super::measure::Measure;
use super::overflow::Overflow;
use super::table::Table;
use crate::feed::TextPosition;
use crate::feed::clean::SafeText;
use crate::picture::Size;
use crate::text::{self, BlockKind, Page, PictureRoom, Piece, WrappedLine};

/// Limit on the lines of one article. Further lines are cut, and a notice says so.
pub const MAX_LINES: usize = 20_000;
/// Limit on the columns of a line of code that can scroll sideways. A longer one is wrapped, because each frame looks at its characters.
const MAX_SIDEWAYS: usize = 1000;
/// Limit on nested indents. Deeper blocks have the indent of the last level.
const MAX_INDENTS: usize = 16;

/// Prefix of the lines of code.
pub const CODE_BAR: &str = "│ ";
const CODE_WRAP_MARK: &str = "↪ ";

/// Prefix of the lines of an open block.
struct Indent {
    /// Prefix of the first line, until it is written.
    first: Option<Span<'static>>,
    rest: Span<'static>,
}

/// What a block is, and the bytes of the source that it is made from.
#[derive(Clone, Debug)]
pub struct BlockOrigin {
    /// What it is.
    pub kind: BlockKind,
    /// The bytes of the source.
    pub source: Range<usize>,
}

/// The page so far, and the indents of the next lines.
pub struct BlockWriter {
    /// Write a blank line before the next block.
    pub gap_due: bool,
    measure: Measure,
    text: Style,
    page: Page,
    indents: Vec<Indent>,
    /// Indents of the last line that are still open. A blank line after it has the same.
    shared_indents: usize,
    /// Bullets, numbers and `#` that had no room as an indent: they precede the next text.
    markers: Vec<Piece>,
}

impl BlockWriter {
    /// A writer without lines. `text` is the style of indents.
    pub fn new(measure: Measure, text: Style) -> BlockWriter {
        BlockWriter {
            gap_due: false,
            measure,
            text,
            page: Page::default(),
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
        (MAX_LINES + 1).saturating_sub(self.page.len())
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
        taken + text::width(marker) <= self.measure.columns / 2
    }

    /// The next block is the title of a foldable block, see [`Page::begin_fold`]. Returns its index.
    pub fn begin_fold(&mut self, number: u32, is_open: bool, parent: Option<usize>) -> usize {
        self.page.begin_fold(number, is_open, parent)
    }

    /// The foldable block at an index has ended.
    pub fn end_fold(&mut self, index: usize) {
        self.page.end_fold(index);
    }

    /// Begins a block: writes the blank line if one is due, and returns the prefixes of the first line and of the others.
    fn start_block(&mut self, BlockOrigin { kind, source }: BlockOrigin) -> [Vec<Span<'static>>; 2] {
        if std::mem::take(&mut self.gap_due) && !self.page.is_empty() {
            let mut bars: Vec<_> =
                self.indents.iter().take(self.shared_indents).map(|indent| indent.rest.clone()).collect();
            while bars.pop_if(|bar| bar.content.trim().is_empty()).is_some() {}
            self.page.push_blank(Line::from(bars));
        }
        self.page.begin(kind, TextPosition::in_body(source.start), source);
        self.shared_indents = self.indents.len();
        let rest = self.indents.iter().map(|indent| indent.rest.clone()).collect();
        let first = self.indents.iter_mut().map(|i| i.first.take().unwrap_or_else(|| i.rest.clone())).collect();
        [first, rest]
    }

    /// Adds lines to the block, each with the bytes of the block's text before it.
    fn push_lines(&mut self, lines: impl Iterator<Item = WrappedLine>) {
        lines.take(self.lines_left()).for_each(|line| self.page.push(line));
    }

    /// Writes wrapped text after the pending markers.
    pub fn write_text(&mut self, origin: BlockOrigin, text: Vec<Piece>) {
        let [first, rest] = self.start_block(origin);
        let mut pieces = std::mem::take(&mut self.markers);
        // Bytes of the markers are no bytes of the text: elsewhere they are indents.
        let markers = pieces.iter().map(|marker| marker.text.as_str().len() as u32).sum::<u32>();
        pieces.extend(text);
        let lines = text::wrap_with_positions(&pieces, self.measure.columns, &first, &rest);
        self.push_lines(lines.map(|line| WrappedLine { inside: line.inside.saturating_sub(markers), ..line }));
    }

    /// Columns and rows of a picture of this size within the open indents; 0 without room.
    pub fn cells_of(&self, room: Option<PictureRoom>, size: Option<Size>) -> (u16, u16) {
        let taken: usize = self.indents.iter().map(|indent| text::width(&indent.rest.content)).sum();
        let columns = self.measure.columns.saturating_sub(taken);
        room.zip(size).map_or((0, 0), |(room, size)| room.at_most(columns, u16::MAX).cells_of(size))
    }

    /// Writes a picture of `cells` columns and rows with its caption.
    pub fn write_picture(&mut self, source: Range<usize>, address: SafeText, cells: (u16, u16), caption: &[Piece]) {
        let [first, rest] = self.start_block_below_markers(BlockOrigin { kind: BlockKind::Picture, source });
        let below = if cells.1 > 0 { &rest } else { &first };
        let lines = text::wrap_with_positions(caption, self.measure.columns, below, &rest).take(self.lines_left());
        let indents = [&Line::from(first.clone()), &Line::from(rest.clone())];
        self.page.push_picture(address, cells, indents, lines);
    }

    /// Begins a block whose first line cannot have the pending markers in it: they get a line of their own.
    fn start_block_below_markers(&mut self, origin: BlockOrigin) -> [Vec<Span<'static>>; 2] {
        let [first, rest] = self.start_block(origin);
        if self.markers.is_empty() {
            return [first, rest];
        }
        let markers = std::mem::take(&mut self.markers);
        let lines = text::wrap_with_positions(&markers, self.measure.columns, &first, &rest);
        self.push_lines(lines.map(|line| WrappedLine { inside: 0, ..line }));
        [rest.clone(), rest]
    }

    /// Writes a rule of the full width.
    pub fn write_rule(&mut self, source: Range<usize>, style: Style) {
        let [mut spans, _] = self.start_block_below_markers(BlockOrigin { kind: BlockKind::Rule, source });
        let room = self.measure.columns.saturating_sub(text::spans_width(&spans));
        let indent = indent_of(&spans);
        spans.push(text::repeat("─", room, style));
        self.push_lines(std::iter::once(WrappedLine { inside: 0, indent, columns: room, line: Line::from(spans) }));
    }

    /// Writes code line by line, without the blank lines around it. A line that is too long continues after a mark, unless it may scroll
    /// sideways. The label is at the right of the first line, or on a line before it.
    pub fn write_code(
        &mut self,
        source: Range<usize>,
        code: &CodeBlock,
        styles: &CodeStyles,
        style: Style,
        bar: Style,
    ) {
        if code.is_blank() {
            return;
        }
        let [mut first, mut rest] = self.start_block_below_markers(BlockOrigin { kind: BlockKind::Code, source });
        let mut others = rest.clone();
        if self.has_room_for(CODE_BAR) {
            first.push(text::span(CODE_BAR, bar));
            others.push(text::span(CODE_BAR, bar));
            rest.push(text::span(CODE_WRAP_MARK, bar));
        }
        let Measure { wide, overflow, .. } = self.measure;
        let columns = match overflow {
            Overflow::Wrap => wide,
            Overflow::Sideways => wide.max(MAX_SIDEWAYS),
        };
        let room = wide.saturating_sub(text::spans_width(&first));
        let (mut before, mut widest) = (0_u32, 0);
        for (number, (length, mut line)) in code.lines(styles, style).enumerate() {
            if self.is_full() {
                break;
            }
            if number == 0 {
                let used = line.iter().map(|piece| text::width(piece.text.as_str())).sum();
                // At the edge of the text, unless the code goes on behind it.
                let near = self.measure.columns.saturating_sub(text::spans_width(&first));
                match code.label_behind(used, near, bar).or_else(|| code.label_behind(used, room, bar)) {
                    Some(label) => line.extend(label),
                    None => {
                        if let Some(label) = code.label_alone(room, bar) {
                            let label = text::wrap_code(&label, wide, &first, &rest);
                            self.push_lines(label.map(label_line));
                            first.clone_from(&others);
                        }
                    }
                }
            }
            let mut width = 0;
            let lines = text::wrap_code(&line, columns, &first, &rest).inspect(|line| width += line.columns);
            self.push_lines(lines.map(|line| WrappedLine { inside: before.saturating_add(line.inside), ..line }));
            widest = width.max(widest);
            first.clone_from(&others);
            before = before.saturating_add(length as u32).saturating_add(1);
        }
        if widest > room {
            let widest = widest.saturating_add(text::spans_width(&others));
            self.page.set_sideways(widest.min(wide.max(MAX_SIDEWAYS)));
        }
    }

    /// Writes a table.
    pub fn write_table(&mut self, source: Range<usize>, table: &Table, rule: Style) {
        /// Distance between the positions of two rows: a row may have 65,536 lines until its positions reach the next row.
        const ROW: u32 = 1 << 16;
        if table.is_blank() {
            return;
        }
        let [first, rest] = self.start_block_below_markers(BlockOrigin { kind: BlockKind::Table, source });
        let (lines, sideways) = table.lines(self.measure, [&first, &rest], rule, self.lines_left());
        // Tables have at most 1,001 rows, so the product fits.
        let indent = indent_of(&rest);
        let line = |(row, line)| WrappedLine { inside: row as u32 * ROW, indent, columns: 0, line };
        self.push_lines(lines.into_iter().map(line));
        sideways.into_iter().for_each(|columns| self.page.set_sideways(columns));
    }

    /// Returns the page. A notice at the end says that lines were cut, or else gives the text of `cut`.
    pub fn finish(mut self, cut: Option<&'static str>, style: Style) -> Page {
        let full = self.is_full().then_some("… cut: this article is longer than 20 000 lines");
        if let Some(notice) = full.or(cut) {
            self.page.truncate(MAX_LINES);
            let notice = Piece { text: notice.into(), style };
            let end = self.page.blocks().last().map_or(0, |last| last.source.1 as usize);
            self.page.begin(BlockKind::Text, TextPosition::in_body(end), end..end);
            text::wrap_with_positions(&[notice], self.measure.columns, &[], &[]).for_each(|line| self.page.push(line));
        }
        self.page
    }
}

/// A line of a label: all of it is an indent, because it does not belong to the code.
fn label_line(line: WrappedLine) -> WrappedLine {
    WrappedLine { inside: 0, indent: indent_of(&line.line.spans), ..line }
}

/// Bytes of the prefix of a line.
fn indent_of(prefix: &[Span<'static>]) -> u16 {
    u16::try_from(prefix.iter().map(|span| span.content.len()).sum::<usize>()).unwrap_or(u16::MAX)
}
