//! The pieces of inline Markdown: text, blanks, breaks and images, with their marks.

/// The delimiters of [`Marks`], as bits.
pub const STRONG: u8 = 1;
pub const EMPHASIS: u8 = 2;
pub const STRIKETHROUGH: u8 = 4;
const CODE: u8 = 8;

/// How a piece of text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// The marks of a style, without its link.
    pub fn new(strong: bool, emphasis: bool, strikethrough: bool, code: bool) -> Marks {
        let bit = |is_on: bool, bit| if is_on { bit } else { 0 };
        Marks(bit(strong, STRONG) | bit(emphasis, EMPHASIS) | bit(strikethrough, STRIKETHROUGH) | bit(code, CODE))
    }

    /// True for code.
    pub fn is_code(self) -> bool {
        self.0 & CODE != 0
    }

    /// Without code, which is not a delimiter around other pieces.
    pub fn delimiters(self) -> u8 {
        self.0 & !CODE
    }
}

/// Which container the text is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines of a paragraph.
    Paragraph,
    /// One line.
    Heading,
    /// One line, in which bars end the cell.
    Cell,
}

/// A part of a paragraph with one style.
#[derive(Clone, Debug)]
pub struct Piece {
    pub kind: Kind,
    pub marks: Marks,
    /// Index of the link, from 1; 0 for none.
    pub link: usize,
    /// The text, or the description of the image, in the text of all.
    pub from: usize,
    pub to: usize,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// White space between pieces.
    Blank,
    /// A line break.
    Break,
    /// The end of a paragraph.
    Gap,
    /// An image and its address.
    Image(String),
}

impl Piece {
    /// True for text and images.
    pub fn is_visible(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Image(_))
    }
}

/// White space as HTML knows it. A blank that does not break a line is kept.
pub fn is_html_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}
