//! Lays out Markdown bodies as styled lines, wrapped to the width of a pane.

mod block_writer;
mod callout;
mod code_block;
mod fold_layout;
mod inline_text;
mod markdown_styles;
mod measure;
mod overflow;
mod picture_block;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

pub use self::block_writer::CODE_BAR;
use self::block_writer::{BlockOrigin, BlockWriter};
pub use self::callout::{CalloutStyles, name as callout_name};
use self::code_block::CodeBlock;
pub use self::code_block::CodeStyles;
use self::fold_layout::FoldLayout;
use self::inline_text::InlineText;
pub use self::markdown_styles::{MarkdownSigns, MarkdownStyles};
pub use self::measure::Measure;
pub use self::overflow::Overflow;
use self::picture_block::{TextPicture, TextPictures};
use self::table::Table;
use crate::feed::clean::{self, UntrustedText};
use crate::feed::link::Link;
use crate::feed::{Body, BodySyntax, LocalTarget, NamedLink, folds};
use crate::text::hyperlinks::{self, LinkSource};
use crate::text::{BlockKind, Caption, Captions, FoldChoices, Page};

/// Limit on parser events of one body, for sources that make many events and few lines.
const MAX_EVENTS: usize = 2_000_000;

const BULLET: &str = "• ";
/// Prefix of the content of open details.
const FOLD_INDENT: &str = "  ";
/// Prefix of the lines of a quote.
pub const QUOTE_BAR: &str = "▎ ";

/// Lays out a body like [`lay_out`], without its blocks and with nothing folded.
pub fn render(
    body: &UntrustedText,
    syntax: BodySyntax,
    columns: usize,
    links: &[NamedLink],
    styles: &MarkdownStyles,
) -> Vec<Line<'static>> {
    let captions = Captions::default();
    lay_out(body, syntax, (columns, Overflow::Wrap), (links, captions), styles, &FoldChoices::all_open()).into_lines()
}

/// Lays out a body as the blocks of a page.
///
/// A picture alone in its paragraph is a block with its caption, and with lines to draw it in if `captions` has room for them.
///
/// No line is wider than its measure, unless a single grapheme cluster is, or code and tables may scroll sideways. A link that is in
/// `links` is followed by its number there, from 1, and its text is tagged with that number for [`hyperlinks::collect`]. Nothing depends
/// on colour: headings keep their `#` and code its `` ` `` where no style marks them, and quotes have a bar.
///
/// Time and stack are bounded for any source. There is no recursion, because the parser accepts 100 000 nested quotes.
pub fn lay_out(
    body: &UntrustedText,
    syntax: BodySyntax,
    measure: impl Into<Measure>,
    (links, captions): (&[NamedLink], Captions),
    styles: &MarkdownStyles,
    folds: &FoldChoices,
) -> Page {
    let mut renderer = Renderer::new(measure.into(), (links, captions), styles, folds);
    let body = Body::new(body.untrusted(), syntax);
    let mut events = body.events_with_positions();
    for (event, source) in events.by_ref().take(MAX_EVENTS) {
        if renderer.folds.leaves_out(&event) {
            continue;
        }
        renderer.source = source;
        renderer.event(event);
        if renderer.writer.is_full() {
            break;
        }
    }
    renderer.write_text();
    let cut = events.next().is_some().then_some("… cut: this article has more than 2 000 000 parts");
    renderer.writer.finish(cut, styles.text.patch(styles.rule))
}

/// An open block of Markdown. It may contain others.
struct OpenBlock {
    kind: OpenKind,
    /// Number of indents around it.
    depth: usize,
}

enum OpenKind {
    /// A list, with the number of its next item.
    List(Option<u64>),
    /// An item; loose if it contains paragraphs, which blank lines separate.
    Item { loose: bool, kind: BlockKind },
    /// Quotes, headings, footnotes.
    Other(BlockKind),
}

/// Turns parser events into lines.
struct Renderer<'a> {
    styles: &'a MarkdownStyles,
    /// The links with their numbers, by their displayed address.
    links: HashMap<&'a str, (usize, &'a LocalTarget)>,
    writer: BlockWriter,
    /// Open blocks, innermost last.
    blocks: Vec<OpenBlock>,
    text: InlineText,
    /// Bytes of the source of the present event, and of `text`.
    source: Range<usize>,
    text_source: Option<Range<usize>>,
    /// Styles of the open spans and blocks, innermost last.
    style_stack: Vec<Style>,
    /// Numbers of the open links and images, innermost last.
    open_links: Vec<Option<usize>>,
    /// The images in `text`.
    pictures: TextPictures<'a>,
    /// The info string and the source of the open code block.
    verbatim: Option<(String, String)>,
    table: Option<Table>,
    /// A callout has opened whose name is not written yet, at this byte of the source.
    callout: Option<(BlockQuoteKind, usize)>,
    /// The open heading is the title of a callout: its text follows without a blank line.
    is_callout_title: bool,
    folds: FoldLayout<'a>,
}

impl<'a> Renderer<'a> {
    fn new(
        measure: Measure,
        (links, captions): (&'a [NamedLink], Captions<'a>),
        styles: &'a MarkdownStyles,
        folds: &'a FoldChoices,
    ) -> Renderer<'a> {
        let mut known = HashMap::new();
        for (index, named) in links.iter().enumerate() {
            // The first of several links with one address counts, as for the fields of the article.
            known.entry(named.link.shown().as_str()).or_insert((index + 1, &named.target));
        }
        Renderer {
            styles,
            links: known,
            writer: BlockWriter::new(measure, styles.text),
            blocks: Vec::new(),
            text: InlineText::default(),
            source: 0..0,
            text_source: None,
            style_stack: Vec::new(),
            open_links: Vec::new(),
            pictures: TextPictures::new(captions),
            verbatim: None,
            table: None,
            callout: None,
            is_callout_title: false,
            folds: FoldLayout::new(folds),
        }
    }

    fn event(&mut self, event: Event<'_>) {
        // The start of a list or a quote would give its first text the position of the whole block.
        if !matches!(event, Event::Start(_) | Event::End(_) | Event::Rule) {
            let source = self.text_source.get_or_insert_with(|| self.source.clone());
            source.end = source.end.max(self.source.end);
        }
        let is_fold = folds::started(&event).is_some();
        if !is_fold && !matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H6, .. })) {
            self.name_callout();
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.push_source(&text),
            Event::Code(text) => self.push_code(&text),
            // A body has no HTML in its events.
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::FootnoteReference(label) => {
                let style = self.style().patch(self.styles.marker);
                self.text
                    .push_own(clean::run(&format!("[^{label}]")), of_footnote(style, LinkSource::Footnote, &label));
            }
            Event::SoftBreak => self.push_source(" "),
            // What follows a picture in a line of its own, as the caption of a figure does, is text below it.
            Event::HardBreak if self.text.is_picture() && self.table.is_none() => {
                self.write_text();
                self.writer.gap_due = false;
            }
            Event::HardBreak => self.text.end_line(),
            Event::Rule => {
                self.write_text();
                self.writer.write_rule(self.source.clone(), self.style().patch(self.styles.rule));
                self.set_gap();
            }
            Event::TaskListMarker(done) => {
                let marker = match (done, self.styles.signs.boxes) {
                    (true, true) => "☑ ",
                    (false, true) => "☐ ",
                    (true, false) => "[x] ",
                    (false, false) => "[ ] ",
                };
                // The checkbox replaces a bullet; the number of an ordered list stays.
                self.writer.remove_marker(BULLET);
                self.writer.push_marker(marker.into(), self.style().patch(self.styles.marker));
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph if std::mem::take(&mut self.folds.awaits_title) => {
                self.open_block(OpenKind::Other(BlockKind::Details));
                self.push_style(self.styles.heading);
                self.begin_fold_title();
            }
            Tag::Paragraph => {
                if let Some(OpenBlock { kind: OpenKind::Item { loose, .. }, .. }) = self.blocks.last_mut() {
                    *loose = true;
                }
            }
            // The title of a callout, in place of the name of its kind.
            Tag::Heading { level: HeadingLevel::H6, .. } if self.callout.is_some() => {
                self.open_block(OpenKind::Other(BlockKind::Callout));
                if let Some((kind, _)) = self.callout.take() {
                    self.push_style(self.styles.heading.patch(self.styles.callouts.of(kind)));
                    if std::mem::take(&mut self.folds.awaits_title) {
                        self.begin_fold_title();
                    }
                    self.text.push_own(callout::sign(kind), self.style());
                    self.is_callout_title = true;
                }
            }
            Tag::Heading { level, .. } => {
                self.open_block(OpenKind::Other(BlockKind::Heading(level as u8)));
                self.push_style(self.styles.heading_of(level as usize));
                if std::mem::take(&mut self.folds.awaits_title) {
                    return self.begin_fold_title();
                }
                if self.styles.signs.headings {
                    self.writer.push_marker(clean::run(&format!("{} ", "#".repeat(level as usize))), self.style());
                }
            }
            Tag::BlockQuote(kind) => {
                match kind {
                    // Its text is part of the article, and not what others said.
                    Some(kind) => {
                        self.open_block(OpenKind::Other(BlockKind::Callout));
                        self.push_style(Style::new());
                        self.writer.push_bar(QUOTE_BAR, self.style().patch(self.styles.callouts.of(kind)));
                    }
                    None => {
                        self.open_block(OpenKind::Other(BlockKind::Quote));
                        self.push_style(self.styles.quote);
                        self.writer.push_bar(QUOTE_BAR, self.style());
                    }
                }
                self.callout = kind.map(|kind| (kind, self.source.start));
            }
            Tag::DefinitionList => self.open_block(OpenKind::List(None)),
            Tag::DefinitionListTitle => {
                self.open_block(OpenKind::Item { loose: false, kind: BlockKind::Definition });
                self.push_style(self.styles.strong);
            }
            Tag::DefinitionListDefinition => {
                self.open_block(OpenKind::Item { loose: false, kind: BlockKind::Definition });
                self.writer.push_marker("  ".into(), self.styles.text);
            }
            Tag::CodeBlock(kind) => {
                self.write_text();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.verbatim = Some((info, String::new()));
            }
            Tag::List(first) => self.open_block(OpenKind::List(first)),
            Tag::Item => {
                let marker = match self.blocks.last_mut() {
                    Some(OpenBlock { kind: OpenKind::List(Some(number)), .. }) => {
                        let marker = clean::run(&format!("{number}. "));
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => BULLET.into(),
                };
                self.open_block(OpenKind::Item { loose: false, kind: BlockKind::List });
                self.writer.push_marker(marker, self.style().patch(self.styles.marker));
            }
            Tag::FootnoteDefinition(label) => {
                self.open_block(OpenKind::Other(BlockKind::Footnote));
                let style = self.style().patch(self.styles.marker);
                let style = of_footnote(style, LinkSource::Note, &label);
                self.writer.push_marker(clean::run(&format!("[^{label}] ")), style);
            }
            Tag::Table(alignments) => {
                self.write_text();
                self.table = Some(Table::new(alignments));
            }
            Tag::TableHead => {
                self.push_style(self.styles.heading);
                self.table.iter_mut().for_each(Table::start_row);
            }
            Tag::TableRow => self.table.iter_mut().for_each(Table::start_row),
            Tag::MetadataBlock(_) => {
                self.write_text();
                let is_open_at_first = folds::started(&Event::Start(tag)).unwrap_or_default();
                self.folds.begin(is_open_at_first, self.writer.depth(), self.callout.is_some());
            }
            Tag::Emphasis => self.push_style(self.styles.emphasis),
            Tag::Strong => self.push_style(self.styles.strong),
            Tag::Strikethrough => self.push_style(Style::new().add_modifier(Modifier::CROSSED_OUT)),
            Tag::Link { dest_url, .. } => self.open_link(&dest_url),
            Tag::Image { dest_url, title, .. } => {
                self.begin_caption();
                self.text.start_picture();
                self.open_link(&dest_url);
                self.text.push_own("[image", self.style());
                self.pictures.begin(&dest_url, &title, self.source.clone());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph if self.folds.is_in_title => {
                self.style_stack.pop();
                self.close_block();
                self.end_fold_title();
            }
            TagEnd::Paragraph => self.write_text(),
            TagEnd::MetadataBlock(_) => self.end_fold(),
            TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::DefinitionListTitle => {
                self.style_stack.pop();
                self.close_block();
                if std::mem::take(&mut self.is_callout_title) {
                    self.writer.gap_due = false;
                }
                if self.folds.is_in_title {
                    self.end_fold_title();
                }
            }
            TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListDefinition => self.close_block(),
            TagEnd::CodeBlock => {
                let (info, code) = self.verbatim.take().unwrap_or_default();
                let code = CodeBlock::read(&info, &code);
                // Set by the text of the code: without this the next block would begin there.
                self.text_source = None;
                self.writer.write_code(
                    self.source.clone(),
                    &code,
                    &self.styles.code_pieces,
                    self.style().patch(self.styles.code),
                    self.style().patch(self.styles.rule),
                );
                self.set_gap();
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.writer.write_table(self.source.clone(), &table, self.style().patch(self.styles.rule));
                    self.set_gap();
                }
            }
            TagEnd::TableCell => {
                let text = self.text.take();
                self.pictures.take_alone(false);
                // A cell is not a block: the text after the table must not begin here.
                self.text_source = None;
                if let Some(table) = &mut self.table {
                    table.push_cell(text);
                }
            }
            TagEnd::TableHead | TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.style_stack.pop();
            }
            TagEnd::Link => self.close_link(""),
            TagEnd::Image => {
                self.text.push_own("]", self.style());
                self.close_link(" ");
                self.text.end_picture();
                self.pictures.end();
            }
            _ => {}
        }
    }

    /// Writes the name of a callout that has just opened.
    fn name_callout(&mut self) {
        let Some((kind, at)) = self.callout.take() else { return };
        let style = self.style().patch(self.styles.heading).patch(self.styles.callouts.of(kind));
        self.text.push_own(callout::sign(kind), style);
        self.text.push_own(callout::name(kind), style);
        // The event that comes next is not part of it.
        let next = self.text_source.replace(at..at);
        self.write_text();
        self.text_source = next;
        self.writer.gap_due = false;
    }

    // Inline text.

    fn style(&self) -> Style {
        self.style_stack.last().copied().unwrap_or(self.styles.text)
    }

    fn push_style(&mut self, style: Style) {
        self.style_stack.push(self.style().patch(style));
    }

    fn push_source(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.verbatim {
            code.push_str(text);
            return;
        }
        self.begin_caption();
        self.pictures.push_text(text);
        self.text.push_source(text, self.style());
    }

    fn push_code(&mut self, text: &str) {
        self.begin_caption();
        self.pictures.push_text(text);
        let style = self.style().patch(self.styles.inline_code);
        let sign = if self.styles.signs.code { "`" } else { "" };
        self.text.push_own(sign, style);
        self.text.push_source(text, style);
        self.text.push_own(sign, style);
    }

    fn begin_caption(&mut self) {
        if self.pictures.begin_words() {
            self.text.push_own(": ", self.style());
        }
    }

    fn open_link(&mut self, destination: &str) {
        let known = self.links.get(Link::read(destination).shown().as_str()).copied();
        self.open_links.push(known.map(|(number, _)| number));
        self.push_style(match known {
            Some((number, LocalTarget::Missing)) => {
                hyperlinks::tag(self.styles.missing_link, LinkSource::Article, number)
            }
            Some((number, _)) => hyperlinks::tag(self.styles.link, LinkSource::Article, number),
            None => self.styles.link,
        });
    }

    fn close_link(&mut self, before: &'static str) {
        self.style_stack.pop();
        if let Some(number) = self.open_links.pop().flatten() {
            let style = hyperlinks::tag(self.style().patch(self.styles.marker), LinkSource::Article, number);
            self.pictures.add_number(number, style);
            self.text.push_number(clean::run(&format!("{before}[{number}]")), style);
        }
    }

    // Blocks.

    fn open_block(&mut self, kind: OpenKind) {
        self.write_text();
        self.blocks.push(OpenBlock { kind, depth: self.writer.depth() });
    }

    fn close_block(&mut self) {
        self.write_text();
        if let Some(block) = self.blocks.pop() {
            // An empty item or heading still shows its bullet or `#`.
            if self.writer.has_pending_marker()
                && let OpenKind::Item { kind, .. } | OpenKind::Other(kind) = block.kind
                // A quote has no marker: one that waits belongs to a block around it, which is still open.
                && !matches!(kind, BlockKind::Quote | BlockKind::Callout)
            {
                self.writer.write_text(BlockOrigin { kind, source: self.source.clone() }, Vec::new());
            }
            self.writer.truncate_indents(block.depth);
        }
        self.set_gap();
    }

    /// Writes the sign of the foldable block whose title begins.
    fn begin_fold_title(&mut self) {
        self.folds.is_in_title = true;
        let parents = self.folds.around.iter().rev().skip(1);
        let parent = parents.map(|around| around.index).next().flatten();
        let style = self.style();
        if let Some(fold) = self.folds.around.last_mut() {
            fold.index = Some(self.writer.begin_fold(fold.number, fold.is_open, parent));
        }
        self.text.push_own(self.folds.sign(), style);
    }

    fn end_fold_title(&mut self) {
        self.folds.is_in_title = false;
        let Some(fold) = self.folds.around.last().copied() else { return };
        if !fold.is_open {
            self.folds.leave_out();
            self.set_gap();
        } else {
            self.writer.gap_due = false;
            if !fold.is_callout {
                self.writer.push_bar(FOLD_INDENT, self.styles.text);
            }
        }
    }

    fn end_fold(&mut self) {
        self.write_text();
        if let Some(fold) = self.folds.around.pop() {
            fold.index.into_iter().for_each(|index| self.writer.end_fold(index));
            self.writer.truncate_indents(fold.depth);
        }
        self.set_gap();
    }

    /// Requests a blank line before the next block, except in lists and in items without paragraphs.
    fn set_gap(&mut self) {
        match self.blocks.last() {
            Some(OpenBlock { kind: OpenKind::Item { loose, .. }, .. }) => self.writer.gap_due = *loose,
            Some(OpenBlock { kind: OpenKind::List(_), .. }) => {}
            _ => self.writer.gap_due = true,
        }
    }

    fn write_text(&mut self) {
        let (is_picture, text) = (self.text.is_picture(), self.text.take());
        let (source, kind) = (self.text_source.take(), self.kind());
        let pictures = self.pictures.take_alone(is_picture && !matches!(kind, BlockKind::Heading(_)));
        if !pictures.is_empty() {
            return pictures.into_iter().for_each(|picture| self.write_picture(picture));
        }
        if !text.is_empty() {
            self.writer.write_text(BlockOrigin { kind, source: source.unwrap_or(self.source.clone()) }, text);
            self.set_gap();
        }
    }

    fn write_picture(&mut self, picture: TextPicture) {
        let facts = self.pictures.captions.known.of(&picture.link);
        let cells = self.writer.cells_of(self.pictures.captions.room, facts.size);
        let (words, written) = (picture.words(), picture.link.shown());
        let (numbers, is_drawn) = (picture.numbers.as_slice(), cells.1 > 0);
        let caption = Caption { words: &words, written, facts: &facts, numbers, is_drawn };
        let style = self.style().patch(self.styles.rule);
        let caption = self.pictures.captions.pieces(caption, self.styles.signs.captions, style);
        self.writer.write_picture(picture.source, written.clone(), cells, &caption);
        self.set_gap();
    }

    /// What a paragraph is in the open blocks: the innermost of them decides.
    fn kind(&self) -> BlockKind {
        let mut kinds = self.blocks.iter().rev().filter_map(|block| match block.kind {
            OpenKind::Item { kind, .. } | OpenKind::Other(kind) => Some(kind),
            OpenKind::List(_) => None,
        });
        kinds.next().unwrap_or_default()
    }
}

/// The style of the number of a footnote, which can be clicked.
fn of_footnote(style: Style, source: LinkSource, number: &str) -> Style {
    number.parse().map_or(style, |number| hyperlinks::tag(style, source, number))
}
