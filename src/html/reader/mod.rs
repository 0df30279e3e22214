//! Reads HTML as events, without a tree: the open blocks are a stack of bounded depth, and all else is counted.

mod details;
mod tags;
#[cfg(test)]
mod tests;

use super::element::Element;
use super::event::{Block, Cell, Event, Link, Style};
use super::tokens::{self, Attributes};

/// Limit on open blocks. The items, rows and cells of the innermost one come on top.
pub const MAX_DEPTH: usize = 32;

/// Limit in bytes on what is kept of one formula.
const MAX_FORMULA: usize = 64 * 1024;

/// Reads HTML piece by piece and passes its events to a function.
///
/// Elements that browsers do not show are left out with their content: scripts, styles, templates, drawings and the controls
/// of forms, and what is hidden by an attribute. End tags that HTML makes optional are added, and those without a start are
/// ignored. Blocks nested deeper than [`MAX_DEPTH`] are read as their content.
///
/// Time is linear in the length of the HTML, and neither stack nor memory grow with its nesting.
pub struct Reader<F> {
    sink: F,
    /// See [`Reader::of_author`].
    is_of_author: bool,
    frames: Vec<Frame>,
    /// The number of open blocks around each of the open details.
    details: Vec<usize>,
    /// End tags to ignore, because their start tags were too deep; in the order of [`Kind`].
    ignored: [u32; 12],
    spans: Spans,
    link: Option<String>,
    link_number: u32,
    hidden: Option<Hidden>,
    formula: Option<Formula>,
    media: Option<Media>,
    /// Tags `<pre>`, and tags of other blocks, that opened in a preformatted block, which does not hold blocks.
    preformatted_in_preformatted: u32,
    blocks_in_preformatted: u32,
    /// The next text is the first of a preformatted block: its first line break is not shown.
    is_preformatted_start: bool,
    before: Before,
}

/// What came before the present place.
#[derive(Default)]
struct Before {
    /// The language that an element around the next preformatted block names.
    language: Option<String>,
    /// The last character of the text.
    character: Option<char>,
    /// Text came since the last block opened.
    has_text: bool,
    /// The address from `<source>` in an open `<picture>`.
    picture: Option<String>,
    /// An image without text after it that may be given a second time.
    twin: Option<Twin>,
    in_noscript: bool,
    /// Open `<span>`s within one that is shown shortened.
    shortened: u32,
    /// The text is raised or lowered.
    script: Option<Script>,
    in_ruby_text: bool,
    is_after_formula: bool,
    /// The name of an open element whose numbers and signs are not text: see `is_marginal`.
    margin: Option<Vec<u8>>,
}

/// How text is set off from its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Raised,
    Lowered,
}

/// An image that is given twice: for browsers with and without scripts.
struct Twin {
    in_noscript: bool,
    is_lazy: bool,
    address: String,
}

/// An open block.
struct Frame {
    block: Block,
    /// The inline elements that were open before it.
    spans: Spans,
    link_number: u32,
    /// An item after its end tag: it may go on with a nested list.
    is_ended: bool,
    /// A list that was opened for an item without one.
    is_implied: bool,
    /// A table in its `<thead>`.
    is_header: bool,
}

/// Counts of open inline elements.
#[derive(Clone, Copy, Default)]
struct Spans {
    strong: u32,
    emphasis: u32,
    strikethrough: u32,
    code: u32,
}

/// An element that is left out with its content.
struct Hidden {
    name: Vec<u8>,
    depth: u32,
}

/// A formula in MathML, by what it says of itself.
#[derive(Default)]
struct Formula {
    alternative: String,
    annotation: String,
    text: String,
    in_tex: bool,
    in_annotation: bool,
}

/// An open `<video>` or `<audio>`.
struct Media {
    is_video: bool,
    title: String,
    address: Option<String>,
    poster: Option<String>,
}

/// The blocks, without what they carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Quote,
    List,
    Item,
    Heading,
    Preformatted,
    Table,
    TableCaption,
    Row,
    Cell,
    Caption,
    Summary,
    Term,
}

impl Kind {
    fn of(block: Block) -> Kind {
        match block {
            Block::Quote => Kind::Quote,
            Block::List(_) => Kind::List,
            Block::Item => Kind::Item,
            Block::Heading(_) => Kind::Heading,
            Block::Preformatted => Kind::Preformatted,
            Block::Table => Kind::Table,
            Block::TableCaption => Kind::TableCaption,
            Block::Row => Kind::Row,
            Block::Cell(_) => Kind::Cell,
            Block::Caption => Kind::Caption,
            Block::Summary => Kind::Summary,
            Block::Term => Kind::Term,
        }
    }

    /// True if an end tag of this block does not close blocks outside of the nearest `other`.
    fn is_within(self, other: Kind) -> bool {
        match self {
            Kind::Cell | Kind::Row | Kind::TableCaption => other == Kind::Table,
            Kind::Table => false,
            Kind::Item => matches!(other, Kind::List | Kind::Cell | Kind::TableCaption),
            _ => matches!(other, Kind::Cell | Kind::TableCaption),
        }
    }
}

impl<F: FnMut(Event<'_>)> Reader<F> {
    /// A reader that passes its events to `sink`.
    pub fn new(sink: F) -> Reader<F> {
        Reader {
            sink,
            is_of_author: false,
            frames: Vec::new(),
            details: Vec::new(),
            ignored: [0; 12],
            spans: Spans::default(),
            link: None,
            link_number: 0,
            hidden: None,
            formula: None,
            media: None,
            preformatted_in_preformatted: 0,
            blocks_in_preformatted: 0,
            is_preformatted_start: false,
            before: Before::default(),
        }
    }

    /// A reader of HTML that an author wrote by hand: each frame is meant, while many of those in pages are advertisements, and
    /// all raised and lowered text is shown as such, not only numbers.
    pub fn of_author(sink: F) -> Reader<F> {
        Reader { is_of_author: true, ..Reader::new(sink) }
    }

    /// Reads a piece of HTML. A tag must not be split between two pieces.
    pub fn read(&mut self, html: &str) {
        tokens::read(html, self);
    }

    /// Closes what is open.
    pub fn finish(mut self) {
        self.end_formula();
        self.end_media();
        self.close_to(0);
    }

    fn top(&self) -> Option<Kind> {
        self.frames.last().map(|frame| Kind::of(frame.block))
    }

    fn is_in_preformatted(&self) -> bool {
        self.top() == Some(Kind::Preformatted)
    }

    /// True where text needs an item or a cell first.
    fn is_between(&self) -> bool {
        let is_ended = self.frames.last().is_some_and(|frame| frame.is_ended);
        is_ended || matches!(self.top(), Some(Kind::List | Kind::Table | Kind::Row))
    }

    /// The nearest open block of a kind that an end tag may close.
    fn find(&self, kind: Kind) -> Option<usize> {
        for (index, frame) in self.frames.iter().enumerate().rev() {
            let found = Kind::of(frame.block);
            if found == kind {
                return Some(index);
            }
            if kind.is_within(found) {
                return None;
            }
        }
        None
    }

    fn close_to(&mut self, depth: usize) {
        while self.frames.len() > depth {
            let Some(frame) = self.frames.pop() else { return };
            // What the block opened ends with it, and what it closed stays closed.
            self.spans = self.spans.least(&frame.spans);
            if self.link_number != frame.link_number {
                self.link = None;
            }
            if frame.block == Block::Preformatted {
                self.preformatted_in_preformatted = 0;
                self.blocks_in_preformatted = 0;
                self.before.language = None;
            }
            (self.sink)(Event::End(frame.block));
            self.before.character = None;
        }
        if self.frames.len() < MAX_DEPTH {
            self.ignored = [0; 12];
        }
    }

    fn open(&mut self, block: Block) {
        let kind = Kind::of(block);
        let is_part = matches!(kind, Kind::Item | Kind::Row | Kind::Cell);
        if self.frames.len() >= MAX_DEPTH && !is_part {
            if let Some(ignored) = self.ignored.get_mut(kind as usize) {
                *ignored = ignored.saturating_add(1);
            }
            (self.sink)(Event::Paragraph);
            return;
        }
        let (spans, link_number) = (self.spans, self.link_number);
        let frame = Frame { block, spans, link_number, is_ended: false, is_implied: false, is_header: false };
        self.frames.push(frame);
        (self.sink)(Event::Start(block));
        self.before.character = None;
        self.before.has_text = false;
    }

    /// Makes the present place one where text may be: opens the item or the cell that is missing.
    fn settle(&mut self) {
        loop {
            let Some(frame) = self.frames.last() else { return };
            let depth = self.frames.len();
            match Kind::of(frame.block) {
                Kind::Item if frame.is_ended => self.close_to(depth - 1),
                Kind::List if frame.is_implied => self.close_to(depth - 1),
                Kind::List => self.open(Block::Item),
                Kind::Table => self.open(Block::Row),
                Kind::Row => self.open(Block::Cell(Cell { is_header: false, columns: 1, rows: 1 })),
                _ => return,
            }
        }
    }

    /// Begins a paragraph.
    fn edge(&mut self) {
        if !self.is_between() {
            self.before.character = None;
            (self.sink)(Event::Paragraph);
        }
    }

    /// Opens a block that may be wherever text may be.
    fn open_in_text(&mut self, block: Block) {
        self.settle();
        if let Some(heading) = self.find(Kind::Heading) {
            // A heading has no blocks: its end tag is missing, or the block is only for its looks.
            self.close_to(heading);
        }
        self.open(block);
    }

    /// Writes text of the reader's own, or text that is known not to be blank.
    fn write(&mut self, text: &str) {
        self.settle();
        let style = self.spans.style(link(&self.link, self.link_number));
        (self.sink)(Event::Text(text, style));
        self.before.is_after_formula = false;
        self.before.character = text.chars().next_back();
        self.before.has_text = true;
    }

    fn start_item(&mut self) {
        if let Some(item) = self.find(Kind::Item) {
            self.close_to(item);
        }
        match self.find(Kind::List) {
            Some(list) if list + 1 == self.frames.len() => {}
            _ => {
                self.open_in_text(Block::List(None));
                if let Some(frame) = self.frames.last_mut() {
                    frame.is_implied = true;
                }
            }
        }
        if self.top() == Some(Kind::List) {
            self.open(Block::Item);
        }
    }

    fn start_list(&mut self, is_numbered: bool, attributes: &Attributes) {
        match self.frames.last_mut() {
            // `</li><ul>`: the list belongs to the item before it.
            Some(frame) if frame.is_ended => frame.is_ended = false,
            _ => self.settle(),
        }
        let start = attributes.get("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        self.open_in_text(Block::List(is_numbered.then_some(start)));
    }

    fn start_row(&mut self) -> bool {
        let Some(table) = self.find(Kind::Row).or_else(|| self.find(Kind::Table).map(|table| table + 1)) else {
            self.edge();
            return false;
        };
        self.close_to(table);
        self.open(Block::Row);
        true
    }

    fn start_cell(&mut self, is_header: bool, attributes: &Attributes) {
        match self.find(Kind::Row) {
            Some(row) => self.close_to(row + 1),
            None => {
                if !self.start_row() {
                    return;
                }
            }
        }
        let span =
            |name| attributes.get(name).and_then(|span| span.trim().parse().ok()).unwrap_or(1_u16).clamp(1, 1000);
        let in_header =
            self.find(Kind::Table).and_then(|table| self.frames.get(table)).is_some_and(|table| table.is_header);
        let is_header = is_header || in_header;
        self.open(Block::Cell(Cell { is_header, columns: span("colspan"), rows: span("rowspan") }));
    }

    fn start_block(&mut self, element: Element, name: &[u8], attributes: &Attributes) {
        if self.is_in_preformatted() {
            match element {
                Element::Preformatted => {
                    self.preformatted_in_preformatted = self.preformatted_in_preformatted.saturating_add(1)
                }
                Element::Division | Element::Details | Element::Rule => {}
                _ => self.blocks_in_preformatted = self.blocks_in_preformatted.saturating_add(1),
            }
            return match element {
                Element::Cell { .. } => (self.sink)(Event::Text(" ", Style::default())),
                _ => (self.sink)(Event::Paragraph),
            };
        }
        match element {
            Element::Quote => self.open_in_text(Block::Quote),
            Element::List { is_numbered } => self.start_list(is_numbered, attributes),
            Element::Item => self.start_item(),
            Element::Heading(level) => self.open_in_text(Block::Heading(level)),
            Element::Preformatted => {
                self.open_in_text(Block::Preformatted);
                self.is_preformatted_start = true;
                if let Some(language) = self.before.language.take() {
                    (self.sink)(Event::Language(&language));
                }
            }
            Element::Table => self.open_in_text(Block::Table),
            Element::TableCaption => match self.find(Kind::Table) {
                Some(table) => {
                    self.close_to(table + 1);
                    self.open(Block::TableCaption);
                }
                None => self.edge(),
            },
            Element::RowGroup { is_header } => match self.find(Kind::Table) {
                Some(table) => {
                    self.close_to(table + 1);
                    if let Some(frame) = self.frames.last_mut() {
                        frame.is_header = is_header;
                    }
                }
                None => self.edge(),
            },
            Element::Row => {
                self.start_row();
            }
            Element::Cell { is_header } => self.start_cell(is_header, attributes),
            Element::Caption => self.open_in_text(Block::Caption),
            Element::Details if self.is_of_author => self.start_details(attributes.get("open").is_some()),
            Element::Summary => self.open_in_text(Block::Summary),
            Element::Term | Element::Definition => {
                if let Some(term) = self.find(Kind::Term) {
                    self.close_to(term);
                }
                if element == Element::Term {
                    self.open_in_text(Block::Term);
                } else {
                    self.edge();
                }
            }
            Element::Rule => {
                self.settle();
                (self.sink)(Event::Rule);
            }
            _ => {
                // A paragraph ends a heading that was not closed; another one may be within it.
                if name == b"p" && self.before.has_text && self.top() == Some(Kind::Heading) {
                    self.close_to(self.frames.len() - 1);
                }
                self.edge();
            }
        }
    }

    fn end_block(&mut self, element: Element) {
        let kind = match element {
            Element::Quote => Kind::Quote,
            Element::List { .. } => Kind::List,
            Element::Item => Kind::Item,
            Element::Heading(_) => Kind::Heading,
            Element::Preformatted => Kind::Preformatted,
            Element::Table => Kind::Table,
            Element::TableCaption => Kind::TableCaption,
            Element::Row => Kind::Row,
            Element::Cell { .. } => Kind::Cell,
            Element::Caption => Kind::Caption,
            Element::Summary => Kind::Summary,
            Element::Term => Kind::Term,
            Element::Details if self.is_of_author && !self.is_in_preformatted() => return self.end_details(),
            _ => return self.edge(),
        };
        if self.is_in_preformatted() {
            let inner = match kind {
                Kind::Preformatted => &mut self.preformatted_in_preformatted,
                _ => &mut self.blocks_in_preformatted,
            };
            if *inner > 0 {
                *inner -= 1;
                return match kind {
                    Kind::Cell => {}
                    _ => (self.sink)(Event::Paragraph),
                };
            }
        }
        if let Some(ignored) = self.ignored.get_mut(kind as usize).filter(|ignored| **ignored > 0) {
            *ignored -= 1;
            return self.edge();
        }
        let Some(index) = self.find(kind) else { return self.edge() };
        if kind != Kind::Item {
            return self.close_to(index);
        }
        self.close_to(index + 1);
        if let Some(frame) = self.frames.last_mut() {
            frame.is_ended = true;
        }
    }
}

impl Spans {
    fn least(self, other: &Spans) -> Spans {
        Spans {
            strong: self.strong.min(other.strong),
            emphasis: self.emphasis.min(other.emphasis),
            strikethrough: self.strikethrough.min(other.strikethrough),
            code: self.code.min(other.code),
        }
    }

    fn style<'a>(self, link: Option<Link<'a>>) -> Style<'a> {
        Style {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            strikethrough: self.strikethrough > 0,
            code: self.code > 0,
            link,
        }
    }
}

fn link(address: &Option<String>, number: u32) -> Option<Link<'_>> {
    address.as_deref().map(|address| Link { number, address })
}
