//! Writes articles as documents for other programs: Markdown, plain text, HTML, JSON, Atom, JSON Feed and EPUB.

mod atom;
mod collection;
mod collection_format;
mod epub;
mod facts;
mod html;
mod json;
mod json_feed;
mod markdown;
mod markup;
mod page;
mod text;
mod xhtml;
mod zip_writer;

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

pub use collection::Collection;
pub use collection_format::CollectionFormat;
pub use epub::MAX_CHAPTERS;
pub use facts::facts;
pub use html::document as html_document;
pub use json::{article_json, escape_json, rfc3339};
pub use markdown::document as markdown_document;
pub use text::document as text_document;

use crate::feed::{Article, SafeText};
use crate::query::SearchContext;

/// A format of a document with one or several articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    /// Markdown, without the signs of site generators.
    Markdown,
    /// Plain text, wrapped.
    Text,
    /// A page that loads nothing.
    Html,
    /// The object that `frontpage list --format json` prints.
    Json {
        /// Whether one article is a list too.
        is_list: bool,
    },
    /// The same objects, each on a line of its own.
    JsonLines,
}

impl DocumentFormat {
    /// The endings of file names, and what each means.
    pub const ENDINGS: [(&str, DocumentFormat); 5] = [
        ("md", DocumentFormat::Markdown),
        ("markdown", DocumentFormat::Markdown),
        ("txt", DocumentFormat::Text),
        ("html", DocumentFormat::Html),
        ("htm", DocumentFormat::Html),
    ];

    /// The format that the ending of a file name means.
    pub fn of_path(path: &Path) -> Option<DocumentFormat> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        DocumentFormat::ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)
    }
}

/// A document with articles, each with its index in the feed of `context`.
pub fn documents(format: DocumentFormat, articles: &[(usize, Arc<Article>)], context: &SearchContext) -> String {
    let joined = |separator: &str, document: &dyn Fn(&Article) -> SafeText| {
        let documents: Vec<String> = articles.iter().map(|(_, article)| document(article).to_string()).collect();
        documents.join(separator) + "\n"
    };
    let object = |(index, article): &(usize, Arc<Article>)| article_json(context, *index, article);
    match format {
        DocumentFormat::Markdown => {
            joined("\n\n---\n\n", &|article| markdown::document(article, &facts(context, article)))
        }
        DocumentFormat::Text => joined("\n\n\n", &|article| text::document(article, &facts(context, article))),
        DocumentFormat::Html => {
            let facts: Vec<Vec<SafeText>> = articles.iter().map(|(_, article)| facts(context, article)).collect();
            let articles: Vec<(&Article, &[SafeText])> =
                articles.iter().zip(&facts).map(|((_, article), facts)| (&**article, facts.as_slice())).collect();
            html::documents(&articles)
        }
        DocumentFormat::JsonLines => {
            let line = |article| escape_json(&object(article).to_string()).into_owned() + "\n";
            articles.iter().map(line).collect()
        }
        DocumentFormat::Json { is_list } => {
            let value = match articles {
                [one] if !is_list => object(one),
                articles => Value::Array(articles.iter().map(object).collect()),
            };
            escape_json(&value.to_string()).into_owned() + "\n"
        }
    }
}

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
    use crate::dates::{Now, Zone};
    use crate::feed::Feed;
    use crate::feed::clean;

    fn context() -> SearchContext {
        let now = Now { at: chrono::DateTime::UNIX_EPOCH, zone: Zone::Utc };
        SearchContext::new(Arc::new(Feed::default()), Arc::default(), now)
    }

    fn articles() -> Vec<(usize, Arc<Article>)> {
        let one = Article::builder("One <b> *x*").link("https://e.org/1").body("## A\n\nText & **more**.").build();
        let two = Article::builder("Two").body("## A\n\n[up](#a)").build();
        vec![(0, Arc::new(one)), (1, Arc::new(two))]
    }

    #[test]
    fn several_articles_are_in_one_document() {
        let all = articles();
        let markdown = documents(DocumentFormat::Markdown, &all, &context());
        assert!(
            markdown.starts_with("# One \\<b> \\*x\\*\n\n") && markdown.contains("\n\n---\n\n# Two\n\n"),
            "{markdown}"
        );
        let text = documents(DocumentFormat::Text, &all, &context());
        assert!(text.starts_with("One <b> *x*\n") && text.contains("Text & more.\n\n\nTwo\n"), "{text}");
        let html = documents(DocumentFormat::Html, &all, &context());
        assert_eq!((html.matches("<!DOCTYPE html>").count(), html.matches("<h1>").count()), (1, 2), "{html}");
        assert!(
            html.contains("<h1>One &lt;b&gt; *x*</h1>") && html.contains("<a href=\"#heading-1-0\">up</a>"),
            "{html}"
        );
    }

    #[test]
    fn one_article_in_json_is_an_object_or_a_list() {
        let read = |articles: &[(usize, Arc<Article>)], is_list| {
            let text = documents(DocumentFormat::Json { is_list }, articles, &context());
            serde_json::from_str::<Value>(&text).expect("JSON")
        };
        let all = articles();
        assert_eq!(read(&all[..1], false)["title"], "One <b> *x*");
        assert_eq!(read(&all[..1], true)[0]["title"], "One <b> *x*");
        assert_eq!(read(&all, false).as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn lines_of_json_have_an_article_each_whatever_is_in_its_title() {
        let mut all = articles();
        let title = "a\u{1b}[2J\nb\u{2028}c\u{85}d\"}";
        all.push((2, Arc::new(Article::builder("x").with(|article| article.title = SafeText::from("a\"}{")).build())));
        all.push((3, Arc::new(Article::builder(title).build())));
        let text = documents(DocumentFormat::JsonLines, &all, &context());
        let titles: Vec<String> = text
            .lines()
            .map(|line| {
                serde_json::from_str::<Value>(line).expect("JSON")["title"].as_str().expect("a text").to_owned()
            })
            .collect();
        let expected: Vec<&str> = all.iter().map(|(_, article)| article.title.as_str()).collect();
        assert_eq!((titles, text.ends_with('\n')), (expected.iter().map(|title| (*title).to_owned()).collect(), true));
        assert_eq!(documents(DocumentFormat::JsonLines, &[], &context()), "");
    }

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

    #[test]
    fn the_ending_of_a_file_names_its_format() {
        for (path, format) in [
            ("a/b.md", Some(DocumentFormat::Markdown)),
            ("b.TXT", Some(DocumentFormat::Text)),
            ("b.tar.html", Some(DocumentFormat::Html)),
            ("md", None),
            (".md", None),
            ("b.pdf", None),
        ] {
            assert_eq!(DocumentFormat::of_path(Path::new(path)), format, "{path}");
        }
    }
}
