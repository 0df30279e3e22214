//! The body of an article: what the parser of Markdown finds in it, with HTML and the signs of other tools read as well.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser};

use super::body_events::BodyEvents;
use super::dialect;

/// The syntax of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodySyntax {
    /// GFM and extensions of other tools, such as footnotes.
    #[default]
    Extended,
    /// The same with the imports, exports and components of MDX (<https://mdxjs.com>).
    Mdx,
    /// GFM (<https://github.github.com/gfm/>) alone, for text from a channel: its author wrote HTML, and means nothing by signs
    /// that only some tools for Markdown know.
    Gfm,
}

impl BodySyntax {
    /// The syntax of the body of a file; `is_item` if it names an item of a channel.
    pub fn of_file(is_item: bool, path: &Path) -> BodySyntax {
        match path.extension() {
            _ if is_item => BodySyntax::Gfm,
            Some(ending) if ending.eq_ignore_ascii_case("mdx") => BodySyntax::Mdx,
            _ => BodySyntax::Extended,
        }
    }

    fn options(self) -> Options {
        let gfm = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        match self {
            BodySyntax::Gfm => gfm,
            BodySyntax::Extended | BodySyntax::Mdx => {
                gfm | Options::ENABLE_GFM
                    | Options::ENABLE_FOOTNOTES
                    | Options::ENABLE_HEADING_ATTRIBUTES
                    | Options::ENABLE_DEFINITION_LIST
                    | Options::ENABLE_WIKILINKS
            }
        }
    }
}

/// The Markdown of a body, without the signs of other tools: see [`dialect`].
///
/// All code that reads bodies asks this for their events, so that link numbers, search text and the shown body agree on the syntax.
#[derive(Clone, Debug)]
pub struct Body<'a> {
    source: Cow<'a, str>,
    syntax: BodySyntax,
}

impl<'a> Body<'a> {
    /// The body of an article.
    pub fn new(source: &'a str, syntax: BodySyntax) -> Body<'a> {
        let source = match syntax {
            BodySyntax::Extended => dialect::translate(source, false),
            BodySyntax::Mdx => dialect::translate(source, true),
            BodySyntax::Gfm => Cow::Borrowed(source),
        };
        Body { source, syntax }
    }

    /// The events of the body. None of them is raw HTML, and each has the bytes of this Markdown that it was made from.
    pub fn events_with_positions(&self) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
        BodyEvents::new(&self.source, plain_parser(&self.source, self.syntax).into_offset_iter())
    }

    /// The events of the body. None of them is raw HTML.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.events_with_positions().map(|(event, _)| event)
    }
}

/// Markdown as other programs read it: HTML stays HTML.
pub fn plain_parser(markdown: &str, syntax: BodySyntax) -> Parser<'_> {
    Parser::new_ext(markdown, syntax.options())
}

/// True if Markdown has raw HTML in it, which other programs that read it may run.
pub fn has_html(markdown: &str, syntax: BodySyntax) -> bool {
    // Without this sign there is none, and most texts have none.
    memchr::memchr(b'<', markdown.as_bytes()).is_some()
        && plain_parser(markdown, syntax).any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)))
}
