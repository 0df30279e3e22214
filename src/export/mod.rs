//! Writes articles as documents for other programs: Markdown, plain text, HTML, JSON, Atom, JSON Feed and EPUB.

mod atom;
mod collection;
mod collection_format;
mod document_format;
mod epub;
mod facts;
mod file_format;
mod file_lines;
mod html;
mod json;
mod json_feed;
mod markdown;
mod markup;
mod page;
mod text;
mod unreadable_article;
mod xhtml;
mod zip_writer;

use unicode_segmentation::UnicodeSegmentation;

pub use collection::Collection;
pub use collection_format::CollectionFormat;
pub use document_format::{DocumentFormat, documents};
pub use epub::MAX_CHAPTERS;
pub use facts::facts;
pub use file_format::FileFormat;
pub use file_lines::{FileLine, file_lines};
pub use html::document as html_document;
pub use json::{article_json, escape_json, rfc3339};
pub use markdown::document as markdown_document;
pub use text::document as text_document;
pub use unreadable_article::UnreadableArticle;

use crate::feed::SafeText;

/// Longest name of a file, in characters.
const MAX_STEM: usize = 60;

/// A name for a file with an article, without its ending: the letters and digits of the title, each with its accents and vowel signs. It
/// never begins with a dot or a dash.
pub fn file_stem(title: &SafeText) -> String {
    let (mut stem, mut length) = (String::new(), 0);
    // In clusters: a vowel sign apart from its letter would be another word, and terminals disagree about its width.
    for cluster in title.as_str().graphemes(true) {
        let is_word = cluster.starts_with(char::is_alphanumeric);
        length += if is_word { cluster.chars().count() } else { 1 };
        match is_word {
            _ if length > MAX_STEM => break,
            true => stem.push_str(&cluster.to_lowercase()),
            false if stem.is_empty() || stem.ends_with('-') => length -= 1,
            false => stem.push('-'),
        }
    }
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() { "article".to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::clean;

    #[test]
    fn a_title_becomes_a_name_that_is_safe_in_a_folder() {
        for (title, stem) in [
            ("Tide clocks, explained!", "tide-clocks-explained"),
            ("../../etc/passwd", "etc-passwd"),
            ("-rf .hidden", "rf-hidden"),
            ("Übung 港新聞", "übung-港新聞"),
            ("தமிழ் செய்திகள்: น้ำ", "தமிழ்-செய்திகள்-น้ำ"),
            ("\u{301}", "article"),
            ("…", "article"),
            (&"word ".repeat(40), "word-word-word-word-word-word-word-word-word-word-word-word"),
        ] {
            assert_eq!(file_stem(&clean::plain_line(title)), stem, "{title}");
        }
    }
}
