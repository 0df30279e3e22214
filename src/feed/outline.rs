//! The headings of a body, in their order, for jumping among them.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::{self, SafeText, UntrustedText};
use super::fold_brackets;

/// Limit on the headings of one body.
const MAX_HEADINGS: usize = 10_000;

/// A heading of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its level, from 1 to 6.
    pub level: usize,
    /// Its text.
    pub text: SafeText,
    /// The byte of the body at which its text begins: its block has this position on the page.
    pub at: usize,
    /// The id that its author gave it. Not cleaned: only for comparison.
    pub id: Option<Box<str>>,
}

/// The headings of a body that have a text. The title of a callout is none.
pub fn headings(body: &UntrustedText, syntax: BodySyntax) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut open: Option<(Heading, Option<usize>, String)> = None;
    let mut is_callout_start = false;
    for (event, place) in Body::new(body.untrusted(), syntax).events_with_positions() {
        match event {
            Event::Start(Tag::Heading { level, ref id, .. }) if !is_callout_start => {
                let id = id.as_deref().map(Box::from);
                let heading = Heading { level: level as usize, text: SafeText::default(), at: place.start, id };
                open = Some((heading, None, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((heading, at, text)) = open.take() {
                    let text = clean::plain_line(&text);
                    if !text.is_empty() {
                        headings.push(Heading { text, at: at.unwrap_or(heading.at), ..heading });
                    }
                }
                if headings.len() >= MAX_HEADINGS {
                    break;
                }
            }
            Event::Text(ref words) | Event::Code(ref words) => {
                if let Some((_, at, text)) = &mut open {
                    at.get_or_insert(place.start);
                    text.push_str(words);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, _, text)) = &mut open {
                    text.push(' ');
                }
            }
            _ => {}
        }
        is_callout_start = matches!(event, Event::Start(Tag::BlockQuote(Some(_))))
            || is_callout_start && fold_brackets::started(&event).is_some();
    }
    headings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_level_text_and_place() {
        let source = "# One *two*\n\ntext\n\nThree `four`\n---\n\n<h3>Five</h3>\n\n> [!NOTE]\n> ###### Title\n>\n> ## Six\n\n#\n\n```\n# no\n```\n";
        let found = headings(&UntrustedText::new(source), BodySyntax::Extended);
        let found: Vec<(usize, &str, bool)> = found
            .iter()
            .map(|heading| {
                let rest = source.get(heading.at..).unwrap_or_default();
                let first = heading.text.as_str().split(' ').next().unwrap_or_default();
                (heading.level, heading.text.as_str(), rest.starts_with(first) || rest.starts_with("<h3>"))
            })
            .collect();
        assert_eq!(found, [(1, "One two", true), (2, "Three four", true), (3, "Five", true), (2, "Six", true)]);
    }
}
