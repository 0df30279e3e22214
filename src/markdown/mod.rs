//! Markdown bodies as styled lines, wrapped to the width of a pane.

mod block_writer;
mod inline_text;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use self::block_writer::Page;
use self::inline_text::Words;
use self::table::Table;
use crate::feed::article::{self, NamedLink};
use crate::feed::clean::{self, UntrustedText};
use crate::feed::html;
use crate::feed::link::Link;
use crate::text::PlacedLines;
use crate::text::hyperlinks::{self, Of};

/// Events of the parser that are looked at, for sources that make many events and few lines.
const EVENTS: usize = 2_000_000;

const BULLET: &str = "• ";
/// What stands before the lines of a quote.
pub const QUOTE_BAR: &str = "▎ ";

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

/// Renders a body, as [`lay_out`] does, for who needs the lines alone.
pub fn render(
    body: &UntrustedText,
    columns: usize,
    links: &[NamedLink],
    styles: &MarkdownStyles,
) -> Vec<Line<'static>> {
    lay_out(body, columns, links, styles).into_lines()
}

/// Lays a body out: no line is wider than `columns`, unless a single cluster is. Each line has its place in the source. A link
/// that stands in `links` is followed by its number there, from 1, and its words are tagged with it, for [`hyperlinks::gather`].
///
/// Nothing depends on colour: headings keep their `#`, code its `` ` ``, quotes have a bar. The work is bounded for any
/// source, and there is no recursion, for a parser hands out 100 000 quotes inside each other without blinking.
pub fn lay_out(body: &UntrustedText, columns: usize, links: &[NamedLink], styles: &MarkdownStyles) -> PlacedLines {
    let mut renderer = Renderer::new(columns.max(1), links, styles);
    let mut events = article::markdown(body.untrusted()).into_offset_iter();
    for (event, source) in events.by_ref().take(EVENTS) {
        renderer.here = source.start;
        renderer.event(event);
        if renderer.page.is_full() {
            break;
        }
    }
    renderer.write_words();
    let cut = events.next().is_some().then_some("… cut: this article has more than 2 000 000 parts");
    renderer.page.finish(cut, styles.text.patch(styles.rule))
}

/// What surrounds the words being read.
struct Block {
    kind: Kind,
    /// Indents outside it.
    depth: usize,
}

enum Kind {
    /// A list, with the number of its next item.
    List(Option<u64>),
    /// An item; loose when its words are paragraphs, which blank lines part.
    Item { loose: bool },
    /// Quotes, headings, footnotes.
    Other,
}

/// Reads the events of the parser and writes a page.
struct Renderer<'a> {
    styles: &'a MarkdownStyles,
    /// Links as shown, with their numbers.
    numbers: HashMap<&'a str, usize>,
    page: Page,
    /// What is open, innermost last.
    blocks: Vec<Block>,
    words: Words,
    /// The byte of the source where the present event begins, and where the words being read began.
    here: usize,
    begun: Option<usize>,
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
            styles,
            numbers,
            page: Page::new(columns, styles.text),
            blocks: Vec::new(),
            words: Words::default(),
            here: 0,
            begun: None,
            looks: Vec::new(),
            open_links: Vec::new(),
            caption: false,
            verbatim: None,
            table: None,
        }
    }

    fn event(&mut self, event: Event<'_>) {
        if !matches!(event, Event::Start(_) | Event::End(_) | Event::Rule) {
            self.begun.get_or_insert(self.here);
        }
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
            Event::HardBreak => self.words.end_line(),
            Event::Rule => {
                self.write_words();
                self.page.rule(self.here, self.look().patch(self.styles.rule));
                self.part();
            }
            Event::TaskListMarker(done) => {
                let sign = if done { "[x] " } else { "[ ] " };
                self.page.unsign(BULLET);
                self.page.sign(sign.into(), self.look().patch(self.styles.marker));
            }
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
                self.page.sign(clean::run(&format!("{} ", "#".repeat(level as usize))), self.look());
            }
            Tag::BlockQuote(_) => {
                self.enter(Kind::Other);
                self.look_on(self.styles.quote);
                self.page.bar(QUOTE_BAR, self.look());
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
                self.page.sign(sign, self.look().patch(self.styles.marker));
            }
            Tag::FootnoteDefinition(label) => {
                self.enter(Kind::Other);
                self.page.sign(clean::run(&format!("[^{label}] ")), self.look().patch(self.styles.marker));
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
                self.begun = None;
                self.page.code(
                    self.here,
                    &code,
                    self.look().patch(self.styles.code),
                    self.look().patch(self.styles.rule),
                );
                self.part();
            }
            TagEnd::HtmlBlock => {
                let source = self.verbatim.take().unwrap_or_default();
                self.html(&source);
                self.write_words();
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.page.table(self.here, &table, self.look().patch(self.styles.rule));
                    self.part();
                }
            }
            TagEnd::TableCell => {
                let words = self.words.take();
                self.begun = None;
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
                html::Part::Break => self.words.end_line(),
                html::Part::Edge(ends) => self.words.part(ends),
            }
        }
    }

    fn open_link(&mut self, destination: &str) {
        let number = self.numbers.get(Link::read(destination).shown().as_str()).copied();
        self.open_links.push(number);
        self.look_on(match number {
            Some(number) => hyperlinks::tag(self.styles.link, Of::Article, number),
            None => self.styles.link,
        });
    }

    fn close_link(&mut self, before: &'static str) {
        self.looks.pop();
        if let Some(number) = self.open_links.pop().flatten() {
            let look = hyperlinks::tag(self.look().patch(self.styles.marker), Of::Article, number);
            self.words.add(clean::run(&format!("{before}[{number}]")), look);
        }
    }

    // Blocks.

    fn enter(&mut self, kind: Kind) {
        self.write_words();
        self.blocks.push(Block { kind, depth: self.page.depth() });
    }

    fn leave(&mut self) {
        self.write_words();
        if let Some(block) = self.blocks.pop() {
            // An item or heading without words has a sign all the same.
            if !matches!(block.kind, Kind::List(_)) && self.page.owes_sign() {
                self.page.words(self.here, Vec::new());
            }
            self.page.leave(block.depth);
        }
        self.part();
    }

    /// What comes next is parted from what was written by a blank line, save in an item without paragraphs.
    fn part(&mut self) {
        match self.blocks.last() {
            Some(Block { kind: Kind::Item { loose }, .. }) => self.page.gap = *loose,
            Some(Block { kind: Kind::List(_), .. }) => {}
            _ => self.page.gap = true,
        }
    }

    fn write_words(&mut self) {
        let (words, begun) = (self.words.take(), self.begun.take());
        if !words.is_empty() {
            self.page.words(begun.unwrap_or(self.here), words);
            self.part();
        }
    }
}
