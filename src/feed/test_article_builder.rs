//! A builder of articles for tests and benches: fields that are not set stay empty.

use std::path::PathBuf;

use super::article::{Article, ArticleId, Provider};
use super::body_syntax::BodySyntax;
use super::clean::{self, UntrustedText};
use super::link::Link;
use super::local_links::links_of_body;
use super::topic::Topic;
use crate::dates::Date;

/// Builds an article step by step.
#[derive(Clone, Debug)]
pub struct ArticleBuilder {
    article: Article,
    /// The requested id. Without it, the id follows from the link, else from title and date, else from the path.
    id: Option<ArticleId>,
}

impl Article {
    /// Starts building an article with a title.
    pub fn builder(title: &str) -> ArticleBuilder {
        let article = Article { title: clean::line(title), ..Article::blank(ArticleId::of_number(0)) };
        ArticleBuilder { article, id: None }
    }
}

impl ArticleBuilder {
    /// Sets the id to a number and the path to `NUMBER.md`.
    pub fn number(mut self, number: u64) -> ArticleBuilder {
        self.id = Some(ArticleId::of_number(number));
        self.path(format!("{number}.md"))
    }

    /// Sets the path of the file.
    pub fn path(mut self, path: impl Into<PathBuf>) -> ArticleBuilder {
        self.article.path = path.into();
        self
    }

    /// Sets the excerpt.
    pub fn excerpt(mut self, excerpt: &str) -> ArticleBuilder {
        self.article.excerpt = clean::line(excerpt);
        self
    }

    /// Sets the date of publication.
    pub fn published(mut self, date: impl Into<Date>) -> ArticleBuilder {
        self.article.published = Some(date.into());
        self
    }

    /// Sets the link to the original page.
    pub fn link(mut self, link: &str) -> ArticleBuilder {
        self.article.link = Some(Link::read(link));
        self
    }

    /// Sets the name and the site of the provider.
    pub fn provider(mut self, name: &str, domain: &str) -> ArticleBuilder {
        self.article.provider = Provider { name: clean::line(name), domain: clean::line(domain) };
        self
    }

    /// Sets the author.
    pub fn author(mut self, author: &str) -> ArticleBuilder {
        self.article.author = clean::line(author);
        self
    }

    /// Sets the topics.
    pub fn topics(mut self, topics: &[&str]) -> ArticleBuilder {
        self.article.topics = topics.iter().filter_map(|topic| Topic::new(clean::line(topic))).collect();
        self
    }

    /// Sets the body, and from it the number of words and the links to other articles.
    pub fn body(mut self, body: &str) -> ArticleBuilder {
        self.article.local_links = Some(links_of_body(body, BodySyntax::Extended));
        self.article.body = UntrustedText::new(body);
        self.article.words = body.split_whitespace().count() as u32;
        self
    }

    /// Changes the article directly, for fields without a method here.
    pub fn with(mut self, set: impl FnOnce(&mut Article)) -> ArticleBuilder {
        set(&mut self.article);
        self
    }

    /// Finishes the article and gives it its id.
    pub fn build(self) -> Article {
        let ArticleBuilder { article, id } = self;
        let address = article.link.as_ref().and_then(Link::address).filter(|address| address.is_identity());
        let id = id.unwrap_or_else(|| match (address, article.published) {
            (Some(address), _) => ArticleId::of_link(address),
            (None, Some(published)) => ArticleId::of_title(&article.title, published),
            (None, None) => ArticleId::of_path(&article.path),
        });
        Article { id, ..article }
    }
}
