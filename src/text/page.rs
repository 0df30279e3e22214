//! The page of an article at one width: blocks with their lines, each line with its position in the text.

use std::ops::Range;

use ratatui::text::Line;

use super::wrap::WrappedLine;
use crate::feed::{PagePart, SafeText, TextPosition};

/// What a block of a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BlockKind {
    /// A paragraph, or a field of the article.
    #[default]
    Text,
    /// A heading, with its level from 1 to 6.
    Heading(u8),
    /// A code block.
    Code,
    /// A table.
    Table,
    /// A paragraph of a quote.
    Quote,
    /// The title of a callout, or a paragraph of it.
    Callout,
    /// A paragraph of an item of a list.
    List,
    /// A term of a list of definitions, or a paragraph of a definition.
    Definition,
    /// A paragraph of a footnote.
    Footnote,
    /// The title of details.
    Details,
    /// A picture alone in its paragraph: blank lines in which it can be drawn, then its caption. [`Page::pictures`] has its place and
    /// its address.
    Picture,
    /// A rule.
    Rule,
}

/// A block of a page. Blocks are the same at any width; only their lines differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its position, which no other block has.
    pub start: TextPosition,
    /// The bytes of the body's Markdown from which it was made. Empty in the other parts of the page.
    pub source: (u32, u32),
    /// Columns of its widest line without wrapping, if that is more than the page has: it can scroll sideways.
    pub sideways: Option<usize>,
    /// Number of lines of the blocks before it.
    first_line: usize,
}

/// A foldable block of a page: its title and, if it is open, the blocks in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFold {
    /// Its number among the foldable blocks of the body.
    pub number: u32,
    /// Its content is on the page.
    pub is_open: bool,
    /// The index on the page of the foldable block around it.
    pub parent: Option<usize>,
    /// The numbers of its blocks. The first is its title.
    pub blocks: Range<usize>,
}

/// A picture of a page, as a block of its own.
///
/// It is drawn in the first `rows` lines of [`Page::lines_of`] its block, from the column after [`Page::indent_of`] these lines, in
/// `columns` columns. The lines after them are its caption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePicture {
    /// The number of its block.
    pub block: usize,
    /// Its link as the article shows it, which is that of one of [`article_pictures`](crate::feed::article_pictures::pictures).
    pub address: SafeText,
    /// Number of columns of the picture. 0 if only its caption is shown.
    pub columns: u16,
    /// Number of lines in which it is drawn. 0 if only its caption is shown: the terminal does not draw it, or its size is unknown.
    pub rows: u16,
}

/// Where the text of a line begins.
#[derive(Clone, Copy, Debug, Default)]
struct LineStart {
    /// Bytes of the block's text before the line.
    inside: u32,
    /// Bytes of the line before its text: indents and bars.
    indent: u16,
}

/// The blocks of an article with their lines. The positions of lines strictly increase, so each position belongs to one line.
#[derive(Clone, Debug, Default)]
pub struct Page {
    blocks: Vec<PageBlock>,
    lines: Vec<Line<'static>>,
    /// As many as lines.
    starts: Vec<LineStart>,
    /// In the order of their titles.
    folds: Vec<PageFold>,
    /// In the order of their blocks.
    pictures: Vec<PagePicture>,
}

/// The inside of blank lines after the text of a block.
const BEHIND: u32 = u32::MAX;

impl Page {
    /// All lines.
    pub fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    /// The lines without blocks.
    pub fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }

    /// Number of lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// True without lines.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The blocks, in order. Each has a line.
    pub fn blocks(&self) -> &[PageBlock] {
        match self.blocks.split_last() {
            // A block that got no line.
            Some((last, before)) if last.first_line >= self.lines.len() => before,
            _ => &self.blocks,
        }
    }

    /// The numbers of the lines of a block. The blank line below a block belongs to it.
    pub fn lines_of(&self, block: usize) -> Range<usize> {
        let first = |block: usize| self.blocks.get(block).map_or(self.lines.len(), |block| block.first_line);
        first(block)..first(block.saturating_add(1))
    }

    /// The number of the block of a line, in O(log n).
    pub fn block_at(&self, line: usize) -> Option<usize> {
        self.blocks().partition_point(|block| block.first_line <= line).checked_sub(1)
    }

    /// Bytes of a line before its text: indents and bars.
    pub fn indent_of(&self, line: usize) -> usize {
        self.starts.get(line).map_or(0, |start| start.indent.into())
    }

    /// The foldable blocks, in the order of their titles. Those in a folded one are left out.
    pub fn folds(&self) -> &[PageFold] {
        let blocks = self.blocks().len();
        let shown = self.folds.partition_point(|fold| fold.blocks.start < blocks);
        self.folds.get(..shown).unwrap_or_default()
    }

    /// The pictures that are blocks of their own, in order.
    pub fn pictures(&self) -> &[PagePicture] {
        &self.pictures
    }

    /// The picture that a block is.
    pub fn picture_of(&self, block: usize) -> Option<&PagePicture> {
        let found = self.pictures.binary_search_by_key(&block, |picture| picture.block);
        found.ok().and_then(|index| self.pictures.get(index))
    }

    /// The index of the innermost foldable block that a block is in, or whose title it is.
    pub fn fold_around(&self, block: usize) -> Option<usize> {
        let mut index = self.folds().partition_point(|fold| fold.blocks.start <= block).checked_sub(1);
        while let Some(fold) = index.and_then(|index| self.folds.get(index))
            && fold.blocks.end <= block
        {
            index = fold.parent;
        }
        index
    }

    /// The numbers of the lines of a title, without the blank line below it.
    pub fn title_lines(&self, fold: &PageFold) -> Range<usize> {
        let lines = self.lines_of(fold.blocks.start);
        let has_blank =
            lines.end.checked_sub(1).and_then(|last| self.starts.get(last)).is_some_and(|s| s.inside == BEHIND);
        lines.start..lines.end.saturating_sub(usize::from(has_blank))
    }

    /// The next block is the title of a foldable block in the one at index `parent`. Returns its own index.
    pub fn begin_fold(&mut self, number: u32, is_open: bool, parent: Option<usize>) -> usize {
        let title = self.blocks().len();
        self.folds.push(PageFold { number, is_open, parent, blocks: title..title.saturating_add(1) });
        self.folds.len().saturating_sub(1)
    }

    /// The foldable block at an index ends with the last block.
    pub fn end_fold(&mut self, index: usize) {
        let end = self.blocks().len();
        if let Some(fold) = self.folds.get_mut(index) {
            fold.blocks.end = fold.blocks.end.max(end);
        }
    }

    /// Begins a block. A position that is not after the last block becomes the next one after it.
    pub fn begin(&mut self, kind: BlockKind, start: TextPosition, source: Range<usize>) {
        self.blocks.truncate(self.blocks().len());
        let least = self.blocks.last().map(|last| last.start.next_block()).unwrap_or_default();
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let source = (byte(source.start), byte(source.end));
        let start = start.start_of_block().max(least);
        self.blocks.push(PageBlock { kind, start, source, sideways: None, first_line: self.lines.len() });
    }

    /// Notes that the widest line of the last block has this number of columns without wrapping, more than the page.
    pub fn set_sideways(&mut self, columns: usize) {
        if let Some(last) = self.blocks.last_mut() {
            last.sideways = Some(columns);
        }
    }

    /// Adds the lines of a picture to the last block, which has none yet: `rows` lines of its indent in which it is drawn, and its
    /// caption. The first of them has the indent `first`.
    pub fn push_picture(
        &mut self,
        address: SafeText,
        (columns, rows): (u16, u16),
        [first, rest]: [&Line<'static>; 2],
        caption: impl Iterator<Item = WrappedLine>,
    ) {
        let block = self.blocks.len().saturating_sub(1);
        self.pictures.push(PagePicture { block, address, columns, rows });
        for row in 0..rows {
            let line = if row == 0 { first.clone() } else { rest.clone() };
            let indent = line.spans.iter().map(|span| span.content.len()).sum::<usize>();
            let indent = u16::try_from(indent).unwrap_or(u16::MAX);
            self.push(WrappedLine { inside: row.into(), indent, columns: 0, line });
        }
        caption.for_each(|line| self.push(WrappedLine { inside: line.inside.saturating_add(rows.into()), ..line }));
    }

    /// Adds a line to the last block.
    pub fn push(&mut self, WrappedLine { inside, indent, line, .. }: WrappedLine) {
        if self.blocks.is_empty() {
            self.blocks.push(PageBlock::default());
        }
        let first_line = self.blocks.last().map_or(0, |block| block.first_line);
        let before = self.starts.last().filter(|_| self.lines.len() > first_line);
        let least = before.map_or(0, |before| before.inside.saturating_add(1));
        self.starts.push(LineStart { inside: inside.max(least), indent });
        self.lines.push(line);
    }

    /// Adds a blank line below the last block. It may have bars.
    pub fn push_blank(&mut self, line: Line<'static>) {
        let indent = line.spans.iter().map(|span| span.content.len()).sum::<usize>();
        let indent = u16::try_from(indent).unwrap_or(u16::MAX);
        self.push(WrappedLine { inside: BEHIND, indent, columns: 0, line });
    }

    /// Adds the blocks of another page.
    pub fn append(&mut self, other: Page) {
        self.blocks.truncate(self.blocks().len());
        let mut least = self.blocks.last().map(|last| last.start.next_block()).unwrap_or_default();
        let before = self.lines.len();
        let (blocks, folds) = (self.blocks.len(), self.folds.len());
        self.folds.extend(other.folds().iter().map(|fold| PageFold {
            parent: fold.parent.map(|parent| parent.saturating_add(folds)),
            blocks: fold.blocks.start.saturating_add(blocks)..fold.blocks.end.saturating_add(blocks),
            ..*fold
        }));
        self.pictures.extend(
            other
                .pictures
                .iter()
                .map(|picture| PagePicture { block: picture.block.saturating_add(blocks), ..picture.clone() }),
        );
        for block in other.blocks() {
            let start = block.start.max(least);
            least = start.next_block();
            self.blocks.push(PageBlock { start, first_line: before.saturating_add(block.first_line), ..*block });
        }
        self.lines.extend(other.lines);
        self.starts.extend(other.starts);
    }

    /// Keeps the first `count` lines.
    pub fn truncate(&mut self, count: usize) {
        self.lines.truncate(count);
        self.starts.truncate(count);
        let kept = self.blocks.partition_point(|block| block.first_line < self.lines.len());
        self.blocks.truncate(kept);
        self.folds.retain(|fold| fold.blocks.start < kept);
        self.pictures.retain(|picture| picture.block < kept);
    }

    /// Position of the beginning of a line.
    pub fn position_of(&self, line: usize) -> Option<TextPosition> {
        let block = self.blocks().get(self.block_at(line)?)?;
        Some(TextPosition { inside: self.starts.get(line)?.inside, ..block.start })
    }

    /// The line that contains a position, in O(log n). The first or the last line, if the position is before or after the page.
    pub fn line_at(&self, position: TextPosition) -> usize {
        let after = self.blocks().partition_point(|block| block.start <= position);
        let Some(number) = after.checked_sub(1) else { return 0 };
        let lines = self.lines_of(number);
        let Some(block) = self.blocks.get(number) else { return lines.start };
        if position.start_of_block() != block.start && self.is_folded_title(number) {
            return lines.start;
        }
        let inside = block.inside_of(position);
        let starts = self.starts.get(lines.clone()).unwrap_or_default();
        lines.start + starts.partition_point(|start| start.inside <= inside).saturating_sub(1)
    }

    /// True for the title of a folded block: positions behind it are in the text that is not shown.
    fn is_folded_title(&self, block: usize) -> bool {
        let found = self.folds.binary_search_by_key(&block, |fold| fold.blocks.start);
        found.ok().and_then(|index| self.folds.get(index)).is_some_and(|fold| !fold.is_open)
    }

    /// Whether a blank was removed between a line and the next one of its block, or a line ends there in the source. False where a
    /// word was broken, and between characters that are written without blanks.
    pub fn ends_with_blank(&self, line: usize) -> bool {
        let (Some(content), Some(start), Some(next)) =
            (self.lines.get(line), self.starts.get(line), self.starts.get(line.saturating_add(1)))
        else {
            return true;
        };
        let length: usize = content.spans.iter().map(|span| span.content.len()).sum();
        let text = length.saturating_sub(start.indent.into());
        next.inside.checked_sub(start.inside).is_none_or(|distance| distance as usize != text)
    }
}

impl PageBlock {
    /// Bytes of the block's text before a position that is not before the block.
    fn inside_of(&self, position: TextPosition) -> u32 {
        if position.start_of_block() == self.start {
            return position.inside;
        }
        // A byte of the body that no block begins with, as that of a link: the text is about as long as its source.
        let is_in_source = position.part == PagePart::Body && position.inside == 0 && position.block < self.source.1;
        if is_in_source { position.block.saturating_sub(self.source.0) } else { BEHIND }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(block: u32, inside: u32) -> TextPosition {
        TextPosition { part: PagePart::Body, block, inside }
    }

    fn line(inside: u32) -> WrappedLine {
        WrappedLine { inside, ..WrappedLine::default() }
    }

    /// Two blocks of two and one lines, with a blank line between them.
    fn page() -> Page {
        let mut page = Page::default();
        page.begin(BlockKind::Text, at(10, 0), 10..50);
        page.push(line(0));
        page.push(line(30));
        page.push_blank(Line::default());
        page.begin(BlockKind::Code, at(90, 0), 90..95);
        page.push(line(0));
        page
    }

    #[test]
    fn a_line_is_found_by_any_position_in_it() {
        for (position, line) in [
            (at(0, 0), 0),
            (at(10, 0), 0),
            (at(10, 29), 0),
            (at(10, 30), 1),
            (at(10, 4000), 1),
            (at(10, u32::MAX), 2),
            (at(89, 7), 2),
            (at(90, 0), 3),
            (at(900, 0), 3),
            (at(12, 0), 0),
            (at(41, 0), 1),
            (at(50, 0), 2),
            (TextPosition { part: PagePart::Head, block: 99, inside: 0 }, 0),
            (TextPosition { part: PagePart::Foot, block: 0, inside: 0 }, 3),
        ] {
            assert_eq!(page().line_at(position), line, "{position:?}");
        }
        assert_eq!(Page::default().line_at(at(1, 1)), 0);
    }

    #[test]
    fn blocks_know_their_lines() {
        let mut page = page();
        // Dropped: it gets no line.
        page.begin(BlockKind::Rule, at(100, 0), 100..103);
        let kinds = |page: &Page| page.blocks().iter().map(|block| block.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&page), [BlockKind::Text, BlockKind::Code]);
        assert_eq!([0, 1, 2].map(|block| page.lines_of(block)), [0..3, 3..4, 4..4]);
        assert_eq!([0, 2, 3, 4].map(|line| page.block_at(line)), [Some(0), Some(0), Some(1), Some(1)]);
        let mut twice = page.clone();
        twice.append(page);
        assert_eq!((twice.len(), twice.lines_of(2), twice.lines_of(3)), (8, 4..7, 7..8));
        twice.truncate(4);
        assert_eq!((twice.len(), kinds(&twice).len()), (4, 2));
        assert_eq!(Page::default().block_at(0), None);
    }

    #[test]
    fn positions_of_lines_are_distinct() {
        let mut page = Page::default();
        for (block, insides) in [(10, &[0, 0, 7][..]), (10, &[0, 3, 3]), (5, &[5]), (10, &[0]), (3, &[0, 9])] {
            page.begin(BlockKind::Text, at(block, 0), 0..0);
            insides.iter().for_each(|inside| page.push(line(*inside)));
            page.push_blank(Line::default());
        }
        for number in 0..page.len() {
            assert_eq!(page.position_of(number).map(|position| page.line_at(position)), Some(number));
        }
    }
}
