//! Writes HTML as Markdown: CommonMark with the tables and strikethrough of GFM, and without any raw HTML.

mod escape;
mod inline;
mod lines;
mod piece;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use url::Url;

use self::inline::Inline;
use self::lines::Lines;
use self::piece::{Form, Marks};
use self::table::Table;
use super::event::{Block, Event, Link, Style};
use super::fold_tag::FoldTag;
use super::reader::Reader;

/// Limit in bytes on an address. Longer ones are left out, their text stays.
const MAX_ADDRESS: usize = 8 * 1024;

/// HTML as Markdown. Relative addresses are resolved against `base`; without a base, what they lead to stays as text.
///
/// Never fails: HTML of any nesting and any damage gives some Markdown, in linear time and with a bounded stack. A parser of
/// CommonMark with the tables, strikethrough and task lists of GFM finds no raw HTML in it.
pub fn to_markdown(html: &str, base: Option<&Url>) -> String {
    to_markdown_with(html, base, |text| Cow::Borrowed(text))
}

/// HTML as Markdown, like [`to_markdown`]. Each piece of text passes through `clean` before it is escaped. If characters
/// were removed from the Markdown instead, what is left could be markup: `<`, an invisible character, and `b` are text, `<b` is
/// HTML.
pub fn to_markdown_with(html: &str, base: Option<&Url>, clean: fn(&str) -> Cow<'_, str>) -> String {
    let mut writer = MarkdownWriter { base, clean: Some(clean), ..MarkdownWriter::default() };
    let mut reader = Reader::new(|event: Event<'_>| writer.event(event));
    reader.read(html);
    reader.finish();
    writer.finish()
}

/// HTML within Markdown as Markdown, like [`to_markdown`]: relative addresses stay as written. The only HTML in the result are the
/// tags of details, see [`FoldTag`], each alone on a line, and perhaps without the other of their pair.
pub fn to_markdown_as_written(html: &str) -> String {
    let mut writer = MarkdownWriter { is_within_markdown: true, ..MarkdownWriter::default() };
    let mut reader = Reader::of_author(|event: Event<'_>| writer.event(event));
    reader.read(html);
    reader.finish();
    writer.finish()
}

/// Plain text as Markdown that shows exactly this text: special characters are escaped, and line breaks stay. A blank line ends
/// a paragraph. A bare web address becomes a link.
pub fn plain_to_markdown(text: &str) -> String {
    let mut writer = MarkdownWriter::default();
    let mut link = 0;
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            writer.flush();
            continue;
        }
        if index > 0 {
            writer.inline.push_break();
        }
        for part in line.split_inclusive(char::is_whitespace) {
            let word = part.trim_end();
            let is_address = word.starts_with("https://") || word.starts_with("http://");
            // A full stop or a bracket after an address is not part of it.
            let address = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '>', '"', '\'']);
            if is_address && resolve(None, address, false).as_deref() == Some(address) {
                link += 1;
                let number = writer.inline.link(link, || Some(address.to_owned()));
                writer.inline.push_text(address, Marks::default(), number);
                writer.inline.push_text(part.get(address.len()..).unwrap_or_default(), Marks::default(), 0);
            } else {
                writer.inline.push_text(part, Marks::default(), 0);
            }
        }
    }
    writer.finish()
}

/// Turns events into Markdown.
#[derive(Default)]
struct MarkdownWriter<'a> {
    base: Option<&'a Url>,
    /// The HTML is a part of Markdown: see [`to_markdown_as_written`].
    is_within_markdown: bool,
    clean: Option<fn(&str) -> Cow<'_, str>>,
    lines: Lines,
    /// The paragraph, heading or cell that is open.
    inline: Inline,
    open: Vec<Open>,
    /// A table that may still become data: its cells had text only.
    table: Option<Table>,
    /// The text of the open preformatted block, and its language.
    code: Option<String>,
    language: String,
    /// A box to write before the next paragraph.
    task: Option<bool>,
    /// The next block follows the last without a blank line.
    is_tight: bool,
    /// The last block was a paragraph, in this number of containers.
    paragraph: Option<usize>,
    /// The last block ended a list in this number of containers, with this marker.
    last_list: Option<(usize, char)>,
}

/// What the writer remembers of an open block.
enum Open {
    List(List),
    Item,
    Quote,
    Heading,
    /// Its text is strong.
    Strong,
    /// Its text is emphasised.
    Emphasis,
    Other,
}

struct List {
    /// The number of the next item.
    number: Option<u32>,
    /// `-` or `*`, or what comes after a number.
    marker: char,
    /// Items are separated by blank lines, as one of them has several blocks.
    is_loose: bool,
    has_items: bool,
    /// The list continues the paragraph before it.
    is_tight: bool,
}

impl MarkdownWriter<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text, _) if self.code.is_some() => self.push_code(&self.cleaned(text)),
            Event::Text(text, style) => self.push_text(&self.cleaned(text), &style),
            Event::Break if self.inline.is_after_break() => self.flush(),
            Event::Break => self.inline.push_break(),
            Event::Paragraph => match &mut self.code {
                Some(code) if !code.is_empty() && !code.ends_with('\n') => code.push('\n'),
                Some(_) => {}
                None => self.flush(),
            },
            Event::Start(block) => self.start(block),
            Event::End(block) => self.end(block),
            Event::Rule => {
                self.block_in_cell();
                self.flush();
                // After the marker of an item, hyphens or stars would be one rule with it.
                let rule = if self.lines.is_at_marker() { "___" } else { "---" };
                self.push_block(rule);
            }
            Event::Image(image) => {
                let (link, alt) = (self.link(image.link), self.cleaned(image.alt));
                if let Some(address) = self.resolve(image.address, false) {
                    self.inline.push_image(&alt, address, link);
                } else {
                    self.inline.push_text(&alt, Marks::default(), link);
                }
            }
            Event::Embed(embed) => {
                self.flush();
                let address = self.resolve(embed.address, false);
                let link = self.inline.link(0, || address);
                let title = self.cleaned(embed.title);
                self.inline.push_text(&title, Marks::default(), link);
                self.flush();
            }
            Event::Task(is_done) => self.task = Some(is_done),
            Event::Language(language) => self.language = self.cleaned(language).into_owned(),
            Event::DetailsStart { is_open: true } => self.fold_tag(FoldTag::Open),
            Event::DetailsStart { is_open: false } => self.fold_tag(FoldTag::Closed),
            Event::DetailsEnd => self.fold_tag(FoldTag::End),
        }
    }

    fn cleaned<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.clean.map_or(Cow::Borrowed(text), |clean| clean(text))
    }

    fn finish(mut self) -> String {
        self.flush();
        self.lines.finish()
    }

    fn start(&mut self, block: Block) {
        let open = match block {
            Block::Caption if self.table.is_none() && self.inline.is_image() => {
                self.inline.push_break();
                Open::Emphasis
            }
            Block::Quote => {
                self.begin();
                self.lines.open(None);
                Open::Quote
            }
            // A list in a table with a header row is written on one line: the table is worth more than the list.
            Block::List(_) if self.table.as_ref().is_some_and(Table::has_header_row) => Open::Other,
            Block::List(number) => self.start_list(number),
            Block::Item if self.table.is_some() => {
                self.flush();
                if !self.inline.is_empty() {
                    self.inline.push_text("·", Marks::default(), 0);
                    self.flush();
                }
                Open::Other
            }
            Block::Item => self.start_item(),
            Block::Preformatted => {
                self.begin();
                self.code = Some(String::new());
                Open::Other
            }
            Block::Table => {
                self.begin();
                self.table = Some(Table::default());
                Open::Other
            }
            Block::Row => {
                // A row before this one had a block in a cell.
                self.table.get_or_insert_with(Table::rest).start_row();
                Open::Other
            }
            Block::Cell(_) => {
                if self.table.is_none() {
                    self.flush();
                }
                Open::Other
            }
            Block::Heading(_) => {
                self.begin();
                Open::Heading
            }
            Block::TableCaption | Block::Caption => {
                self.flush();
                Open::Emphasis
            }
            Block::Summary | Block::Term => {
                self.flush();
                if self.is_within_markdown && block == Block::Summary {
                    self.fold_tag(FoldTag::Title);
                    Open::Other
                } else {
                    Open::Strong
                }
            }
        };
        self.open.push(open);
    }

    /// Writes a tag of details, unless they are in a table or a heading, where they are not folded.
    fn fold_tag(&mut self, tag: FoldTag) {
        self.flush();
        if self.code.is_none() && self.table.is_none() && !self.is_in_heading() {
            self.push_block(tag.html());
        }
    }

    /// Begins a block that cannot be in a cell of a table: the row around it becomes paragraphs.
    fn begin(&mut self) {
        self.block_in_cell();
        self.flush();
    }

    fn block_in_cell(&mut self) {
        let Some(table) = self.table.take() else { return };
        for block in table.into_blocks_before() {
            self.push_block(&block);
        }
    }

    fn start_list(&mut self, number: Option<u32>) -> Open {
        self.begin();
        let depth = self.lines.depth();
        let (usual, other) = if number.is_some() { ('.', ')') } else { ('-', '*') };
        // Two lists with one marker, one after the other, are one list for a parser.
        let marker = if self.last_list == Some((depth, usual)) { other } else { usual };
        // Only a bullet or the number 1 may follow a paragraph without a blank line.
        let is_in_item = self.open.iter().any(|open| matches!(open, Open::Item));
        let is_tight = is_in_item && self.paragraph == Some(depth) && number.is_none_or(|number| number == 1);
        Open::List(List { number, marker, is_loose: false, has_items: false, is_tight })
    }

    fn start_item(&mut self) -> Open {
        self.begin();
        self.task = None;
        let Some(Open::List(list)) = self.open.last_mut() else { return Open::Other };
        self.is_tight = if list.has_items { !list.is_loose } else { list.is_tight };
        let marker = match &mut list.number {
            Some(number) => {
                let marker = format!("{number}{} ", list.marker);
                *number = if *number < 999_999_999 { *number + 1 } else { 1 };
                marker
            }
            None => format!("{} ", list.marker),
        };
        self.lines.open(Some(marker));
        if self.lines.is_flat() {
            self.is_tight = false;
        }
        Open::Item
    }

    fn end(&mut self, block: Block) {
        let open = self.open.pop().unwrap_or(Open::Other);
        match block {
            Block::Heading(level) => self.end_heading(level),
            Block::Preformatted => self.end_code(),
            Block::Table => {
                if let Some(table) = self.table.take() {
                    for block in table.into_blocks() {
                        self.push_block(&block);
                    }
                }
            }
            Block::Cell(cell) => match &mut self.table {
                Some(table) => table.push_cell(cell, std::mem::take(&mut self.inline)),
                None => self.flush(),
            },
            Block::TableCaption => match &mut self.table {
                Some(table) => table.set_caption(self.inline.take(Form::Paragraph)),
                None => self.flush(),
            },
            _ => self.flush(),
        }
        if self.is_within_markdown && block == Block::Summary {
            self.fold_tag(FoldTag::TitleEnd);
        }
        match open {
            Open::List(list) if list.has_items => self.last_list = Some((self.lines.depth(), list.marker)),
            Open::Item => {
                self.lines.close();
                self.is_tight = false;
            }
            Open::Quote => self.lines.close(),
            _ => {}
        }
    }

    fn end_heading(&mut self, level: u8) {
        if self.inline.is_image() {
            return self.flush();
        }
        let Some(mut text) = self.inline.take(Form::Heading).pop() else { return };
        // At the end of a heading these are read as its closing marks and as attributes.
        if text.ends_with(['#', '}'])
            && let Some(last) = text.pop()
        {
            text.push('\\');
            text.push(last);
        }
        let marks = "#".repeat(usize::from(level.clamp(1, 6)));
        self.push_block(&format!("{marks} {text}"));
    }

    fn push_code(&mut self, text: &str) {
        let Some(code) = &mut self.code else { return };
        for c in text.chars() {
            match c {
                '\r' => code.push('\n'),
                '\0' => {}
                c => code.push(c),
            }
        }
    }

    fn end_code(&mut self) {
        let Some(code) = self.code.take() else { return };
        let language = std::mem::take(&mut self.language);
        let code = code.strip_suffix('\n').unwrap_or(&code);
        if !code.trim().is_empty() {
            let fence = "`".repeat(usize::max(3, escape::longest_run(code, '`') + 1));
            self.push_block(&format!("{fence}{language}\n{code}\n{fence}"));
        }
        self.flush();
    }

    fn push_text(&mut self, text: &str, style: &Style<'_>) {
        let link = self.link(style.link);
        let is_strong = style.strong || matches!(self.open.last(), Some(Open::Strong));
        let is_emphasis = style.emphasis || matches!(self.open.last(), Some(Open::Emphasis));
        let marks = Marks::new(is_strong, is_emphasis, style.strikethrough, style.code);
        self.inline.push_text(text, marks, link);
    }

    fn link(&mut self, link: Option<Link<'_>>) -> usize {
        let Some(link) = link else { return 0 };
        let (base, is_within_markdown) = (self.base, self.is_within_markdown);
        self.inline.link(link.number, || match is_within_markdown {
            true => as_written(link.address),
            false => resolve(base, link.address, true),
        })
    }

    fn resolve(&self, address: &str, is_mail_allowed: bool) -> Option<String> {
        match self.is_within_markdown {
            true => as_written(address),
            false => resolve(self.base, address, is_mail_allowed),
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        if self.code.is_some() {
            return;
        }
        if self.table.is_some() || self.is_in_heading() {
            self.inline.push_gap();
            return;
        }
        for paragraph in self.inline.take(Form::Paragraph) {
            let task = match self.task.take() {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "",
            };
            self.push_block(&format!("{task}{paragraph}"));
            self.paragraph = Some(self.lines.depth());
        }
    }

    fn is_in_heading(&self) -> bool {
        self.open.iter().any(|open| matches!(open, Open::Heading))
    }

    fn push_block(&mut self, block: &str) {
        let is_tight = std::mem::take(&mut self.is_tight);
        let is_loose = self.lines.push_block(block, is_tight);
        self.paragraph = None;
        self.last_list = None;
        let lists = self.open.iter_mut().rev().filter_map(|open| match open {
            Open::List(list) => Some(list),
            _ => None,
        });
        for (index, list) in lists.enumerate() {
            list.has_items = true;
            list.is_loose |= is_loose && index == 0;
        }
    }
}

/// An address as it can be written in Markdown. Whether it may be opened is decided when the link is read.
fn as_written(address: &str) -> Option<String> {
    let address = address.trim();
    let has_blank = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '(' | ')' | '\\' | '&');
    let encode = |c: char| match has_blank(c) {
        true => c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect(),
        false => c.to_string(),
    };
    // Markdown has entities too, so `&` is written as one.
    let written: String = address.chars().map(|c| if c == '&' { "&amp;".to_owned() } else { encode(c) }).collect();
    (!address.is_empty() && address.len() <= MAX_ADDRESS).then_some(written)
}

/// The absolute form of an address, if it may be linked to.
fn resolve(base: Option<&Url>, address: &str, is_mail_allowed: bool) -> Option<String> {
    let address = address.trim();
    if address.len() > MAX_ADDRESS {
        return None;
    }
    let url = match base {
        Some(base) => base.join(address).ok()?,
        None => Url::parse(address).ok()?,
    };
    let is_allowed = match url.scheme() {
        "http" | "https" => url.has_host(),
        "mailto" => is_mail_allowed,
        _ => false,
    };
    (is_allowed && url.as_str().len() <= 3 * MAX_ADDRESS).then(|| url.into())
}
