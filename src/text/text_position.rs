//! A position in the text of an article, which is the same at any width of the screen.

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
