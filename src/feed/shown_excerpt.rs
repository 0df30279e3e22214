//! The excerpt that is shown above a body: none if the body begins with the same words.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::article::Article;
use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::SafeText;

/// Limit for parser events: the beginning of a body is enough.
const MAX_EVENTS: usize = 2000;
/// Part of a body that is read, in bytes.
const MAX_BODY: usize = 1 << 16;

/// The excerpt of an article, if it says something that the beginning of the body does not.
///
/// Headings and pictures before the first paragraph do not count. Only letters and digits are compared, since an excerpt is often
/// written without Markdown, and cut with an ellipsis.
pub fn shown_excerpt(article: &Article) -> Option<&SafeText> {
    let excerpt = Some(&article.excerpt).filter(|excerpt| !article.excerpt_from_body && !excerpt.is_empty())?;
    (!begins_with(article.body.untrusted(), article.syntax(), excerpt.as_str())).then_some(excerpt)
}

/// True if the first words of a body are those of an excerpt.
fn begins_with(body: &str, syntax: BodySyntax, excerpt: &str) -> bool {
    let uncut = excerpt.trim_end().trim_end_matches(['…', '.']);
    let is_cut = excerpt.trim_end().ends_with('…') || excerpt.trim_end().ends_with("...");
    let wanted = first_words(uncut, syntax, usize::MAX);
    let Some((last, whole)) = wanted.split_last() else { return false };
    let found = first_words(body, syntax, wanted.len());
    let same_last = |found: &String| found == last || is_cut && found.starts_with(last.as_str());
    found.get(..whole.len()) == Some(whole) && found.get(whole.len()).is_some_and(same_last)
}

/// The first `limit` words of a text in lower case, without headings and captions of pictures.
fn first_words(source: &str, syntax: BodySyntax, limit: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut text = String::new();
    // Headings and pictures that are open.
    let mut skipped = 0_usize;
    let start = source.get(..source.floor_char_boundary(MAX_BODY)).unwrap_or(source);
    for event in Body::new(start, syntax).events().take(MAX_EVENTS) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Image { .. }) => skipped += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::Image) => skipped = skipped.saturating_sub(1),
            Event::Text(piece) | Event::Code(piece) if skipped == 0 => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            Event::End(_) => {
                add_words(&text, limit, &mut words);
                text.clear();
                if words.len() >= limit {
                    break;
                }
            }
            _ => {}
        }
    }
    add_words(&text, limit, &mut words);
    words
}

fn add_words(text: &str, limit: usize, words: &mut Vec<String>) {
    let found = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.extend(found.take(limit.saturating_sub(words.len())).map(str::to_lowercase));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::UntrustedText;

    #[test]
    fn an_excerpt_that_the_body_begins_with_is_not_shown() {
        for (excerpt, body, is_shown) in [
            ("A tide clock.", "A tide clock.\n\nMore.", false),
            ("A tide clock.", "A *tide* [clock](https://e.org)\nfor the wall.", false),
            ("A `tide` clock", "A tide clock.", false),
            ("A [tide](x.md) clock", "A tide clock.", false),
            ("A tide clo…", "A tide clock.", false),
            ("A tide clo...", "A tide clock.", false),
            ("One. Two.", "One.\n\nTwo.", false),
            ("A tide clock.", "![A picture](a.png)\n\n## Head\n\nA tide clock.", false),
            ("A tide clo", "A tide clock.", true),
            ("A tide clock.", "A clock.", true),
            ("A tide clock.", "A tide", true),
            ("A tide clock.", "", true),
            ("A tide clock.", "Words before. A tide clock.", true),
            ("…", "…", true),
        ] {
            let mut article = Article::builder("t").body(body).build();
            article.excerpt = excerpt.into();
            assert_eq!(shown_excerpt(&article).is_some(), is_shown, "{excerpt:?} {body:?}");
        }
        let mut article = Article::builder("t").body("Body.").build();
        article.excerpt = "Body.".into();
        article.excerpt_from_body = true;
        article.body = UntrustedText::new("Other.");
        assert_eq!(shown_excerpt(&article), None);
    }
}
