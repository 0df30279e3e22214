//! A position in the text of an article, which is the same at any width of the screen.

use std::fmt;
use std::str::FromStr;

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

impl PagePart {
    /// The parts with their names in marks files.
    const NAMES: [(PagePart, &'static str); 3] =
        [(PagePart::Head, "head"), (PagePart::Body, "body"), (PagePart::Foot, "foot")];
}

/// As in marks files: `body:1234:56`.
impl fmt::Display for TextPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = PagePart::NAMES.iter().find(|(part, _)| *part == self.part).map_or("", |(_, name)| name);
        write!(f, "{name}:{}:{}", self.block, self.inside)
    }
}

/// Error: a text is not a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a text")]
pub struct NotAPosition;

impl FromStr for TextPosition {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<TextPosition, NotAPosition> {
        let mut words = text.split(':');
        let name = words.next().unwrap_or_default();
        let (part, _) = PagePart::NAMES.into_iter().find(|(_, known)| *known == name).ok_or(NotAPosition)?;
        // `parse` accepts a leading `+`.
        let mut number = || words.next().filter(|digits| !digits.starts_with('+'))?.parse().ok();
        match (number(), number(), words.next()) {
            (Some(block), Some(inside), None) => Ok(TextPosition { part, block, inside }),
            _ => Err(NotAPosition),
        }
    }
}

impl TextPosition {
    /// The position of a byte of the body's Markdown: the beginning of a block, or a place in one.
    pub fn in_body(at: usize) -> TextPosition {
        TextPosition { part: PagePart::Body, block: u32::try_from(at).unwrap_or(u32::MAX), inside: 0 }
    }

    /// The beginning of the block.
    pub fn start_of_block(self) -> TextPosition {
        TextPosition { inside: 0, ..self }
    }

    /// The beginning of the next possible block.
    pub fn next_block(self) -> TextPosition {
        TextPosition { block: self.block.saturating_add(1), inside: 0, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_as_it_is_written() {
        for (part, _) in PagePart::NAMES {
            let position = TextPosition { part, block: 12, inside: u32::MAX };
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        for wrong in
            ["", "body", "body:1", "body:1:2:3", "neck:1:2", "body:+1:2", "body:-1:2", "body:1:4294967296", "body: 1:2"]
        {
            assert_eq!(wrong.parse::<TextPosition>(), Err(NotAPosition), "{wrong}");
        }
    }
}
