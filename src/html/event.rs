//! What a reader of HTML finds: blocks that open and close, and text with a style.

/// A part of HTML, in its order.
///
/// Blocks are balanced: each [`Event::Start`] has an [`Event::End`] of the same block, and blocks end in the reverse order.
/// Lists hold items only, tables hold rows and captions, rows hold cells. Inline elements are not events: each text has the
/// style that they give it, so that no reader of events needs to close them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A block opens. What follows belongs to it, and begins a new line.
    Start(Block),
    /// The innermost open block closes.
    End(Block),
    /// A piece of text, with entities decoded. Outside of [`Block::Preformatted`], a run of white space counts as one blank,
    /// also when two pieces share it.
    Text(&'a str, Style<'a>),
    /// A line break (`<br>`).
    Break,
    /// What follows begins a new paragraph.
    Paragraph,
    /// A horizontal rule.
    Rule,
    /// An image.
    Image(Image<'a>),
    /// A video, a sound, or another page that a browser would show in a frame.
    Embed(Embed<'a>),
    /// A box of a task list, and whether it is ticked. It is the first thing in its item.
    Task(bool),
    /// The programming language of the open preformatted block, such as `rust`.
    Language(&'a str),
    /// Details begin. They are no block: where they end may be in another piece of HTML.
    DetailsStart {
        /// Their content is shown at first.
        is_open: bool,
    },
    /// The innermost details end.
    DetailsEnd,
}

/// A block that holds other events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// A quotation.
    Quote,
    /// A list; with the number of its first item if its items are numbered.
    List(Option<u32>),
    /// An item of a list.
    Item,
    /// A heading, with its level from 1 to 6.
    Heading(u8),
    /// Text whose lines and blanks are kept as they are.
    Preformatted,
    /// A table.
    Table,
    /// The caption of a table.
    TableCaption,
    /// A row of a table.
    Row,
    /// A cell of a row.
    Cell(Cell),
    /// The caption of a figure; it comes after its image or before it.
    Caption,
    /// The line that is shown of closed details.
    Summary,
    /// A term of a definition list. Its definitions follow as paragraphs.
    Term,
}

/// A cell of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// True for `<th>`, and for all cells of a `<thead>`.
    pub is_header: bool,
    /// Number of columns that it covers, at least 1.
    pub columns: u16,
    /// Number of rows that it covers, at least 1.
    pub rows: u16,
}

/// How a piece of text is marked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style<'a> {
    /// `<strong>`, `<b>`
    pub strong: bool,
    /// `<em>`, `<i>`, and elements that browsers show like them.
    pub emphasis: bool,
    /// `<del>`, `<s>`
    pub strikethrough: bool,
    /// `<code>`, `<kbd>`, `<samp>`, `<tt>`
    pub code: bool,
    /// The link that the text belongs to.
    pub link: Option<Link<'a>>,
}

/// A link as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// Counts the links of the document: two links with one address differ in it.
    pub number: u32,
    /// The value of `href`, not resolved.
    pub address: &'a str,
}

/// An image as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image<'a> {
    /// Its description; may be empty.
    pub alt: &'a str,
    /// Its address, not resolved.
    pub address: &'a str,
    /// The link that the image belongs to.
    pub link: Option<Link<'a>>,
}

/// A video, a sound, or another page that is shown within this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Embed<'a> {
    /// Its title, or what it is.
    pub title: &'a str,
    /// Its address, not resolved. Known players are replaced by the page that shows the same.
    pub address: &'a str,
}
