//! Lines with the position in the text where each begins, so that a line is found again after wrapping at another width.

use ratatui::text::Line;

/// A position in the text of an article. It does not depend on the width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPosition {
    /// The part of the page.
    pub part: PagePart,
    /// The block in that part: in the body the byte offset of the block in the Markdown source, elsewhere its number.
    pub block: u32,
    /// Bytes of the block's text before the position.
    pub inside: u32,
}

/// A part of the page that shows an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PagePart {
    /// Title, date, link and excerpt.
    #[default]
    Head,
    /// The body.
    Body,
    /// The labelled fields below the body.
    Foot,
}

impl TextPosition {
    /// The beginning of the block of the body at a byte of its Markdown.
    pub fn in_body(at: usize) -> TextPosition {
        TextPosition { part: PagePart::Body, block: u32::try_from(at).unwrap_or(u32::MAX), inside: 0 }
    }

    /// The next possible position.
    pub fn next(self) -> TextPosition {
        match self.inside.checked_add(1) {
            Some(inside) => TextPosition { inside, ..self },
            None => TextPosition { block: self.block.saturating_add(1), inside: 0, ..self },
        }
    }
}

/// Lines with their positions, which strictly increase, so each position belongs to one line.
#[derive(Clone, Debug, Default)]
pub struct PositionedLines {
    lines: Vec<Line<'static>>,
    positions: Vec<TextPosition>,
}

impl PositionedLines {
    /// The lines.
    pub fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    /// The lines without positions.
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

    /// Adds a line. A position that is not after the last one becomes the next one after it.
    pub fn push(&mut self, position: TextPosition, line: Line<'static>) {
        let least = self.positions.last().map(|last| last.next()).unwrap_or_default();
        self.positions.push(position.max(least));
        self.lines.push(line);
    }

    /// Adds a line between blocks, at the end of the block above.
    pub fn push_blank(&mut self, line: Line<'static>) {
        let position = self.positions.last().map(|last| TextPosition { inside: u32::MAX, ..*last });
        self.push(position.unwrap_or_default(), line);
    }

    /// Adds other lines at the end.
    pub fn append(&mut self, other: PositionedLines) {
        other.positions.into_iter().zip(other.lines).for_each(|(position, line)| self.push(position, line));
    }

    /// Keeps the first `count` lines.
    pub fn truncate(&mut self, count: usize) {
        self.lines.truncate(count);
        self.positions.truncate(count);
    }

    /// Position of the beginning of a line.
    pub fn position_of(&self, line: usize) -> Option<TextPosition> {
        self.positions.get(line).copied()
    }

    /// The line that contains a position.
    pub fn line_at(&self, position: TextPosition) -> usize {
        self.positions.partition_point(|known| *known <= position).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(block: u32, inside: u32) -> TextPosition {
        TextPosition { part: PagePart::Body, block, inside }
    }

    #[test]
    fn a_line_is_found_by_any_position_in_it() {
        let mut page = PositionedLines::default();
        page.push(at(10, 0), Line::default());
        page.push(at(10, 30), Line::default());
        page.push_blank(Line::default());
        page.push(at(90, 0), Line::default());
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
            (TextPosition { part: PagePart::Head, block: 99, inside: 0 }, 0),
            (TextPosition { part: PagePart::Foot, block: 0, inside: 0 }, 3),
        ] {
            assert_eq!(page.line_at(position), line, "{position:?}");
        }
        assert_eq!(PositionedLines::default().line_at(at(1, 1)), 0);
    }

    #[test]
    fn positions_of_lines_are_distinct() {
        let mut page = PositionedLines::default();
        for position in [at(10, 0), at(10, 0), at(5, 3), at(10, u32::MAX), at(10, u32::MAX), at(3, 0)] {
            page.push(position, Line::default());
        }
        (0..page.len())
            .for_each(|line| assert_eq!(page.position_of(line).map(|position| page.line_at(position)), Some(line)));
    }
}
