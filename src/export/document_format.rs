//! The formats of documents whose articles follow each other: Markdown, plain text and JSON.

use std::sync::Arc;

use serde_json::Value;

use super::facts::facts;
use super::json::{article_json, escape_json};
use super::{markdown, text};
use crate::feed::{Article, SafeText};
use crate::query::SearchContext;

/// A format of a document with one or several articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    /// Markdown, without the signs of site generators.
    Markdown,
    /// Plain text, wrapped.
    Text,
    /// The object that `frontpage list --format json` prints.
    Json {
        /// Whether one article is a list too.
        is_list: bool,
    },
    /// The same objects, each on a line of its own.
    JsonLines,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::{Now, Zone};
    use crate::feed::Feed;

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
}
