//! The body of an article: what the parser of Markdown finds in it, with HTML and the signs of other tools read as well.

use std::borrow::Cow;

use pulldown_cmark::Event;

use super::body_events::BodyEvents;
use super::body_syntax::{BodySyntax, plain_parser};
use super::dialect;

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

    /// The Markdown itself, to which the positions of events belong.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The events of the body. None of them is raw HTML, and each has the bytes of this Markdown that it was made from.
    pub fn events_with_positions(&self) -> BodyEvents<'_> {
        BodyEvents::new(&self.source, plain_parser(&self.source, self.syntax).into_offset_iter())
    }

    /// The events of the body. None of them is raw HTML.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.events_with_positions().map(|(event, _)| event)
    }
}
