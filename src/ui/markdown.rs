//! Markdown bodies as styled lines, wrapped to the width of a pane.

mod html;
mod table;

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use self::table::Table;
use super::text::{self, Piece};
use crate::feed::article::{self, NamedLink};
use crate::feed::clean::{self, Raw, Shown};
use crate::feed::link::Link;

/// Lines of one article; more are cut, and that is said.
const LINES: usize = 20_000;
/// Events of the parser that are looked at, for sources that make many events and few lines.
const EVENTS: usize = 2_000_000;
/// Levels that are indented; deeper ones stand below the last of them.
const LEVELS: usize = 16;

const BULLET: &str = "• ";
const QUOTE_BAR: &str = "▎ ";
const CODE_BAR: &str = "│ ";
const CODE_GOES_ON: &str = "↪ ";

/// How the parts of a body look. Each is laid over what surrounds it, so strong words of a quote are both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkdownStyles {
    /// Everything that is nothing else.
    pub text: Style,
    /// Headings with their `#`, and the heads of tables.
    pub heading: Style,
    /// `*emphasis*`
    pub emphasis: Style,
    /// `**strong**`
    pub strong: Style,
    /// Code, in a line or in a block.
    pub code: Style,
    /// Words that carry a link, and captions of images.
    pub link: Style,
    /// Quotes with their bar.
    pub quote: Style,
    /// Rules, the lines of tables, the bar of code, and words of our own.
    pub rule: Style,
    /// Bullets, numbers of items, of links and of footnotes.
    pub marker: Style,
}

impl Default for MarkdownStyles {
    /// No colours.
    fn default() -> MarkdownStyles {
        MarkdownStyles {
            text: Style::new(),
            heading: Style::new().add_modifier(Modifier::BOLD),
            emphasis: Style::new().add_modifier(Modifier::ITALIC),
            strong: Style::new().add_modifier(Modifier::BOLD),
            code: Style::new(),
            link: Style::new().add_modifier(Modifier::UNDERLINED),
            quote: Style::new(),
            rule: Style::new().add_modifier(Modifier::DIM),
            marker: Style::new().add_modifier(Modifier::DIM),
        }
    }
}

/// Renders a body: no line is wider than `columns`, unless a single cluster is. A link that stands in `links` is followed
/// by its number there, from 1.
///
/// Nothing depends on colour: headings keep their `#`, code its `` ` ``, quotes have a bar. The work is bounded for any
/// source, and there is no recursion, for a parser hands out 100 000 quotes inside each other without blinking.
pub fn render(body: &Raw, columns: usize, links: &[NamedLink], styles: &MarkdownStyles) -> Vec<Line<'static>> {
    let mut renderer = Renderer::new(columns.max(1), links, styles);
    let mut events = article::markdown(body.untrusted());
    for event in events.by_ref().take(EVENTS) {
        renderer.event(event);
        if renderer.left() == 0 {
            break;
        }
    }
    renderer.finish(events.next().is_some())
}

/// What surrounds the words being read.
struct Block {
    kind: Kind,
    /// Number of indents outside it.
    indents: usize,
}

enum Kind {
    /// A list, with the number of its next item.
    List(Option<u64>),
    /// An item; loose when its words are paragraphs, which blank lines part.
    Item { loose: bool },
    /// Quotes, headings, footnotes.
    Other,
}

/// What a block puts in front of its lines.
struct Indent {
    /// In front of the first, until that is written.
    first: Option<Span<'static>>,
    rest: Span<'static>,
}

struct Renderer<'a> {
    columns: usize,
    styles: &'a MarkdownStyles,
    /// Links as shown, with their numbers.
    numbers: HashMap<&'a str, usize>,
    lines: Vec<Line<'static>>,
    /// A blank line is due before the next block.
    gap: bool,
    /// Indents of the last line that still stand: those that a blank line after it has.
    shared: usize,
    blocks: Vec<Block>,
    indents: Vec<Indent>,
    /// Bullets and the like that find no room as an indent: they go in front of the next words.
    signs: Vec<Piece>,
    words: Words,
    /// Styles of the words being read, innermost last.
    looks: Vec<Style>,
    /// Numbers of the links and images being read, innermost last.
    open_links: Vec<Option<usize>>,
    /// An image has begun and no word of its caption was seen.
    caption: bool,
    /// The source of the code or HTML block being read.
    verbatim: Option<String>,
    table: Option<Table>,
}

impl<'a> Renderer<'a> {
    fn new(columns: usize, links: &'a [NamedLink], styles: &'a MarkdownStyles) -> Renderer<'a> {
        let mut numbers = HashMap::new();
        for (place, named) in links.iter().enumerate() {
            numbers.entry(named.link.shown().as_str()).or_insert(place + 1);
        }
        Renderer {
            columns,
            styles,
            numbers,
            lines: Vec::new(),
            gap: false,
            shared: 0,
            blocks: Vec::new(),
            indents: Vec::new(),
            signs: Vec::new(),
            words: Words::default(),
            looks: Vec::new(),
            open_links: Vec::new(),
            caption: false,
            verbatim: None,
            table: None,
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(words) | Event::InlineMath(words) | Event::DisplayMath(words) => self.read(&words),
            Event::Code(words) => self.code_words(&words),
            Event::Html(source) | Event::InlineHtml(source) => match &mut self.verbatim {
                Some(block) => block.push_str(&source),
                None => self.html(&source),
            },
            Event::FootnoteReference(label) => {
                self.words.add(clean::run(&format!("[^{label}]")), self.look().patch(self.styles.marker));
            }
            Event::SoftBreak => self.read(" "),
            Event::HardBreak => self.words.end_lines(1),
            Event::Rule => self.rule(),
            Event::TaskListMarker(done) => self.task(done),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                if let Some(Block { kind: Kind::Item { loose }, .. }) = self.blocks.last_mut() {
                    *loose = true;
                }
            }
            Tag::Heading { level, .. } => {
                self.enter(Kind::Other);
                self.look_on(self.styles.heading);
                self.sign(clean::run(&format!("{} ", "#".repeat(level as usize))), self.look());
            }
            Tag::BlockQuote(_) => {
                self.enter(Kind::Other);
                self.look_on(self.styles.quote);
                self.indent(None, text::span(QUOTE_BAR, self.look()));
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.write_words();
                self.verbatim = Some(String::new());
            }
            Tag::List(first) => self.enter(Kind::List(first)),
            Tag::Item => {
                let sign = match self.blocks.last_mut() {
                    Some(Block { kind: Kind::List(Some(number)), .. }) => {
                        let sign = clean::run(&format!("{number}. "));
                        *number = number.saturating_add(1);
                        sign
                    }
                    _ => BULLET.into(),
                };
                self.enter(Kind::Item { loose: false });
                self.sign(sign, self.look().patch(self.styles.marker));
            }
            Tag::FootnoteDefinition(label) => {
                self.enter(Kind::Other);
                self.sign(clean::run(&format!("[^{label}] ")), self.look().patch(self.styles.marker));
            }
            Tag::Table(alignments) => {
                self.write_words();
                self.table = Some(Table::new(alignments));
            }
            Tag::TableHead => {
                self.look_on(self.styles.heading);
                self.table.iter_mut().for_each(Table::row);
            }
            Tag::TableRow => self.table.iter_mut().for_each(Table::row),
            Tag::Emphasis => self.look_on(self.styles.emphasis),
            Tag::Strong => self.look_on(self.styles.strong),
            Tag::Strikethrough => self.look_on(Style::new().add_modifier(Modifier::CROSSED_OUT)),
            Tag::Link { dest_url, .. } => self.open_link(&dest_url),
            Tag::Image { dest_url, .. } => {
                self.begin_caption();
                self.open_link(&dest_url);
                self.words.add("[image", self.look());
                self.caption = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.write_words(),
            TagEnd::Heading(_) | TagEnd::BlockQuote(_) => {
                self.looks.pop();
                self.leave();
            }
            TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition => self.leave(),
            TagEnd::CodeBlock => {
                let code = self.verbatim.take().unwrap_or_default();
                self.code_block(&code);
            }
            TagEnd::HtmlBlock => {
                let source = self.verbatim.take().unwrap_or_default();
                self.html(&source);
                self.write_words();
            }
            TagEnd::Table => self.write_table(),
            TagEnd::TableCell => {
                let words = self.words.take();
                if let Some(table) = &mut self.table {
                    table.cell(words);
                }
            }
            TagEnd::TableHead | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.looks.pop();
            }
            TagEnd::Link => self.close_link(""),
            TagEnd::Image => {
                self.caption = false;
                self.words.add("]", self.look());
                self.close_link(" ");
            }
            _ => {}
        }
    }

    // Words.

    fn look(&self) -> Style {
        self.looks.last().copied().unwrap_or(self.styles.text)
    }

    fn look_on(&mut self, style: Style) {
        self.looks.push(self.look().patch(style));
    }

    fn read(&mut self, words: &str) {
        if let Some(block) = &mut self.verbatim {
            block.push_str(words);
            return;
        }
        self.begin_caption();
        self.words.read(words, self.look());
    }

    fn code_words(&mut self, words: &str) {
        self.begin_caption();
        let look = self.look().patch(self.styles.code);
        self.words.add("`", look);
        self.words.read(words, look);
        self.words.add("`", look);
    }

    fn begin_caption(&mut self) {
        if std::mem::take(&mut self.caption) {
            self.words.add(": ", self.look());
        }
    }

    fn html(&mut self, source: &str) {
        for part in html::parts(source) {
            match part {
                html::Part::Words(words) => self.read(&html_escape::decode_html_entities(words)),
                html::Part::Breaks(number) => self.words.end_lines(number),
            }
        }
    }

    fn open_link(&mut self, destination: &str) {
        let number = self.numbers.get(Link::read(destination).shown().as_str()).copied();
        self.open_links.push(number);
        self.look_on(self.styles.link);
    }

    fn close_link(&mut self, before: &'static str) {
        self.looks.pop();
        if let Some(number) = self.open_links.pop().flatten() {
            let look = self.look().patch(self.styles.marker);
            self.words.add(clean::run(&format!("{before}[{number}]")), look);
        }
    }

    // Blocks.

    fn enter(&mut self, kind: Kind) {
        self.write_words();
        self.blocks.push(Block { kind, indents: self.indents.len() });
    }

    fn leave(&mut self) {
        self.write_words();
        let empty = self.indents.last().is_some_and(|indent| indent.first.is_some()) || !self.signs.is_empty();
        if empty && !matches!(self.blocks.last(), Some(Block { kind: Kind::List(_), .. })) {
            self.write(Vec::new());
        }
        if let Some(block) = self.blocks.pop() {
            self.indents.truncate(block.indents);
            self.shared = self.shared.min(block.indents);
        }
        self.part();
    }

    /// What comes next is parted from what was written by a blank line, save in an item without paragraphs.
    fn part(&mut self) {
        self.gap = match self.blocks.last() {
            Some(Block { kind: Kind::Item { loose }, .. }) => *loose,
            Some(Block { kind: Kind::List(_), .. }) => self.gap,
            _ => true,
        };
    }

    /// A sign in front of the block just entered, whose other lines hang below its words.
    fn sign(&mut self, sign: Shown, style: Style) {
        let rest = text::repeat(" ", text::width(sign.as_str()), self.styles.text);
        let indented = self.signs.is_empty() && self.indent(Some(text::span(sign.clone(), style)), rest);
        if !indented && self.signs.len() < LEVELS {
            self.signs.push(Piece { text: sign, style });
        }
    }

    /// Indents the block just entered, unless that leaves less than half of the width to its words.
    fn indent(&mut self, first: Option<Span<'static>>, rest: Span<'static>) -> bool {
        let fits = self.indents.len() < LEVELS && self.has_room_for(&rest.content);
        if fits {
            self.indents.push(Indent { first, rest });
        }
        fits
    }

    fn has_room_for(&self, sign: &str) -> bool {
        let taken: usize = self.indents.iter().map(|indent| text::width(&indent.rest.content)).sum();
        taken + text::width(sign) <= self.columns / 2
    }

    fn task(&mut self, done: bool) {
        // The box stands in place of the bullet.
        if self.signs.pop_if(|sign| sign.text.as_str() == BULLET).is_none() {
            self.indents.pop_if(|indent| indent.first.as_ref().is_some_and(|first| first.content == BULLET));
        }
        let sign = if done { "[x] " } else { "[ ] " };
        self.sign(sign.into(), self.look().patch(self.styles.marker));
    }

    // Lines.

    /// Lines that may still be written; one more than is shown, to know that something was cut.
    fn left(&self) -> usize {
        (LINES + 1).saturating_sub(self.lines.len())
    }

    /// Begins a block: writes the blank line that is due and gives the indents of the first line and of the others.
    fn open(&mut self) -> [Vec<Span<'static>>; 2] {
        if std::mem::take(&mut self.gap) && !self.lines.is_empty() {
            let mut bars: Vec<_> = self.indents.iter().take(self.shared).map(|indent| indent.rest.clone()).collect();
            while bars.pop_if(|bar| bar.content.trim().is_empty()).is_some() {}
            self.lines.push(Line::from(bars));
        }
        self.shared = self.indents.len();
        let rest = self.indents.iter().map(|indent| indent.rest.clone()).collect();
        let first = self.indents.iter_mut().map(|i| i.first.take().unwrap_or_else(|| i.rest.clone())).collect();
        [first, rest]
    }

    fn write(&mut self, words: Vec<Piece>) {
        let mut pieces = std::mem::take(&mut self.signs);
        pieces.extend(words);
        let [first, rest] = self.open();
        self.lines.extend(text::wrap(&pieces, self.columns, &first, &rest).take(self.left()));
        self.part();
    }

    fn write_words(&mut self) {
        let words = self.words.take();
        if !words.is_empty() {
            self.write(words);
        }
    }

    /// Gives signs a line of their own before a block that has no words to put them in front of.
    fn write_signs(&mut self) {
        self.write_words();
        if !self.signs.is_empty() {
            self.write(Vec::new());
        }
    }

    fn rule(&mut self) {
        self.write_signs();
        let [mut first, _] = self.open();
        let room = self.columns.saturating_sub(text::spans_width(&first));
        first.push(text::repeat("─", room, self.look().patch(self.styles.rule)));
        self.lines.push(Line::from(first));
        self.part();
    }

    fn code_block(&mut self, code: &str) {
        let code = clean::text(code);
        let code = code.as_str().trim_matches('\n');
        if code.is_empty() {
            return;
        }
        self.write_signs();
        let [mut first, mut rest] = self.open();
        let mut others = rest.clone();
        if self.has_room_for(CODE_BAR) {
            let look = self.look().patch(self.styles.rule);
            first.push(text::span(CODE_BAR, look));
            others.push(text::span(CODE_BAR, look));
            rest.push(text::span(CODE_GOES_ON, look));
        }
        for line in code.split('\n') {
            let piece = Piece { text: clean::text(line), style: self.look().patch(self.styles.code) };
            self.lines.extend(text::split(&piece, self.columns, &first, &rest).take(self.left()));
            first.clone_from(&others);
        }
        self.part();
    }

    fn write_table(&mut self) {
        if let Some(table) = self.table.take() {
            self.write_signs();
            let [first, rest] = self.open();
            let rule = self.look().patch(self.styles.rule);
            self.lines.extend(table.lines(self.columns, [&first, &rest], rule, self.left()));
            self.part();
        }
    }

    fn finish(mut self, more: bool) -> Vec<Line<'static>> {
        self.write_words();
        let notice = if self.left() == 0 {
            "… cut: this article is longer than 20 000 lines"
        } else if more {
            "… cut: this article has more than 2 000 000 parts"
        } else {
            return self.lines;
        };
        self.lines.truncate(LINES);
        let notice = Piece { text: notice.into(), style: self.styles.text.patch(self.styles.rule) };
        self.lines.extend(text::wrap(&[notice], self.columns, &[], &[]));
        self.lines
    }
}

/// The words of a block as they are read. What stands side by side in one style is cleaned as a whole, because a parser
/// hands out `&#27;[2J` as two texts, and only together they are a control sequence.
#[derive(Default)]
struct Words {
    raw: String,
    style: Style,
    pieces: Vec<Piece>,
}

impl Words {
    fn read(&mut self, words: &str, style: Style) {
        if style != self.style {
            self.seal();
            self.style = style;
        }
        self.raw.push_str(words);
    }

    /// Adds words of our own.
    fn add(&mut self, text: impl Into<Shown>, style: Style) {
        self.seal();
        self.pieces.push(Piece { text: text.into(), style });
    }

    fn seal(&mut self) {
        let text = clean::run(&self.raw);
        self.raw.clear();
        if !text.is_empty() {
            self.pieces.push(Piece { text, style: self.style });
        }
    }

    /// Ends the line; with 2, leaves one line blank. There is never more blank than that, and none at the start.
    fn end_lines(&mut self, number: usize) {
        self.seal();
        while self.pieces.pop_if(|piece| piece.text.as_str() == " ").is_some() {}
        let there = self.pieces.iter().rev().take_while(|piece| piece.text.as_str() == "\n").count();
        if there < self.pieces.len() {
            for _ in there..number {
                self.add("\n", Style::new());
            }
        }
    }

    /// All words read so far; none if they are blank.
    fn take(&mut self) -> Vec<Piece> {
        self.seal();
        while self.pieces.pop_if(|piece| piece.text.as_str().trim().is_empty()).is_some() {}
        std::mem::take(&mut self.pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(source: &str, columns: usize) -> Vec<Line<'static>> {
        let links = ["https://a.org/1", "https://a.org/2", "p.png"];
        let links = links.map(|link| NamedLink { name: "".into(), link: Link::read(link) });
        render(&Raw::new(source), columns, &links, &MarkdownStyles::default())
    }

    fn plain(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect()
    }

    #[test]
    fn look() {
        let dir = std::env::var("MDDIR").unwrap_or_default();
        let columns: usize = std::env::var("COLS").unwrap().parse().unwrap();
        let s = std::fs::read_to_string(dir).unwrap();
        for l in plain(&body(&s, columns)) {
            println!("|{l}");
        }
    }
}
