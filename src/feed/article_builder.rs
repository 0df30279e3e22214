//! Makes articles for tests and benches: what is not said is not there.

use std::path::PathBuf;

use super::article::{Article, ArticleId, Provider};
use super::clean::{self, UntrustedText};
use super::link::Link;
use super::topic::Topic;
use crate::dates::Date;

/// An article that is being made.
#[derive(Clone, Debug)]
pub struct ArticleBuilder {
    article: Article,
    /// The identity that was asked for; none: that of the link, else of title and date, else of the path.
    id: Option<ArticleId>,
}

impl Article {
    /// An article with a title, to be made.
    pub fn builder(title: &str) -> ArticleBuilder {
        let article = Article { title: clean::line(title), ..Article::blank(ArticleId::of_number(0)) };
        ArticleBuilder { article, id: None }
    }
}

impl ArticleBuilder {
    /// Its identity as a number, and `NUMBER.md` as its path.
    pub fn number(mut self, number: u64) -> ArticleBuilder {
        self.id = Some(ArticleId::of_number(number));
        self.path(format!("{number}.md"))
    }

    /// Its path.
    pub fn path(mut self, path: impl Into<PathBuf>) -> ArticleBuilder {
        self.article.path = path.into();
        self
    }

    /// Its excerpt.
    pub fn excerpt(mut self, excerpt: &str) -> ArticleBuilder {
        self.article.excerpt = clean::line(excerpt);
        self
    }

    /// When it was published.
    pub fn published(mut self, date: impl Into<Date>) -> ArticleBuilder {
        self.article.published = Some(date.into());
        self
    }

    /// Its link.
    pub fn link(mut self, link: &str) -> ArticleBuilder {
        self.article.link = Some(Link::read(link));
        self
    }

    /// Name and site of its provider.
    pub fn provider(mut self, name: &str, domain: &str) -> ArticleBuilder {
        self.article.provider = Provider { name: clean::line(name), domain: clean::line(domain) };
        self
    }

    /// Who wrote it.
    pub fn author(mut self, author: &str) -> ArticleBuilder {
        self.article.author = clean::line(author);
        self
    }

    /// Its topics.
    pub fn topics(mut self, topics: &[&str]) -> ArticleBuilder {
        self.article.topics = topics.iter().filter_map(|topic| Topic::new(clean::line(topic))).collect();
        self
    }

    /// Its body, and the number of its words.
    pub fn body(mut self, body: &str) -> ArticleBuilder {
        self.article.body = UntrustedText::new(body);
        self.article.words = body.split_whitespace().count() as u32;
        self
    }

    /// Anything else.
    pub fn with(mut self, set: impl FnOnce(&mut Article)) -> ArticleBuilder {
        set(&mut self.article);
        self
    }

    /// The article.
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
