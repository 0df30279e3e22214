//! The syntaxes of bodies, and the parser of Markdown with the options of each.

use std::path::Path;

use pulldown_cmark::{Event, Options, Parser};

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
