//! Lines of a page, each with the place in the text where it begins: by that a line is found again at another width.

use ratatui::text::Line;

/// A place in the text of an article, which is the same at every width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPosition {
    /// The part of the page.
    pub part: PagePart,
    /// The block in it: in the body the byte of its source where the block begins, else its number.
    pub block: u32,
    /// Bytes of the words of the block in front.
    pub inside: u32,
}

/// A part of the page of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PagePart {
    /// Title, date, link, excerpt and the like.
    #[default]
    Head,
    /// The body.
    Body,
    /// What stands below it.
    Foot,
}

impl TextPosition {
    /// The place right behind it.
    pub fn next(self) -> TextPosition {
        match self.inside.checked_add(1) {
            Some(inside) => TextPosition { inside, ..self },
            None => TextPosition { block: self.block.saturating_add(1), inside: 0, ..self },
        }
    }
}

/// The lines of a page. Their places go up from line to line, so each line has its own.
#[derive(Clone, Debug, Default)]
pub struct PositionedLines {
    lines: Vec<Line<'static>>,
    places: Vec<TextPosition>,
}

impl PositionedLines {
    /// The lines.
    pub fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    /// The lines alone.
    pub fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Adds a line that begins at a place. One that would not be behind the last line is right behind it.
    pub fn push(&mut self, place: TextPosition, line: Line<'static>) {
        let least = self.places.last().map(|last| last.next()).unwrap_or_default();
        self.places.push(place.max(least));
        self.lines.push(line);
    }

    /// Adds a line between blocks: it belongs to the block above it.
    pub fn push_blank(&mut self, line: Line<'static>) {
        let place = self.places.last().map(|last| TextPosition { inside: u32::MAX, ..*last });
        self.push(place.unwrap_or_default(), line);
    }

    /// Adds the lines of another page.
    pub fn append(&mut self, other: PositionedLines) {
        other.places.into_iter().zip(other.lines).for_each(|(place, line)| self.push(place, line));
    }

    /// Keeps the first lines.
    pub fn truncate(&mut self, count: usize) {
        self.lines.truncate(count);
        self.places.truncate(count);
    }

    /// Where a line begins.
    pub fn position_of(&self, line: usize) -> Option<TextPosition> {
        self.places.get(line).copied()
    }

    /// The line in which a place is.
    pub fn line_at(&self, place: TextPosition) -> usize {
        self.places.partition_point(|known| *known <= place).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(block: u32, inside: u32) -> TextPosition {
        TextPosition { part: PagePart::Body, block, inside }
    }

    #[test]
    fn a_line_is_found_by_any_place_in_it() {
        let mut page = PositionedLines::default();
        page.push(at(10, 0), Line::default());
        page.push(at(10, 30), Line::default());
        page.push_blank(Line::default());
        page.push(at(90, 0), Line::default());
        for (place, line) in [
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
            assert_eq!(page.line_at(place), line, "{place:?}");
        }
        assert_eq!(PositionedLines::default().line_at(at(1, 1)), 0);
    }

    #[test]
    fn no_two_lines_begin_at_one_place() {
        let mut page = PositionedLines::default();
        for place in [at(10, 0), at(10, 0), at(5, 3), at(10, u32::MAX), at(10, u32::MAX), at(3, 0)] {
            page.push(place, Line::default());
        }
        (0..page.len())
            .for_each(|line| assert_eq!(page.position_of(line).map(|place| page.line_at(place)), Some(line)));
    }
}
