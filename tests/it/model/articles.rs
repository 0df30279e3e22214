//! The articles of the model: numbers with a word and topics, some of them in stories, and the feed made of them for the
//! program.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::feed::{Address, Article, ArticleId, Feed, Link, Provider, RelatedLink};

use crate::harness::reader::now;

/// Words of titles. No other searched text starts like one of them.
pub const WORDS: [&str; 5] = ["amber", "azure", "coral", "olive", "ambers"];
pub const TOPICS: [&str; 4] = ["blue", "green", "red", "violet"];

/// The parts of an article that can change: its word, its topics, and whether it is in a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelArticle {
    pub word: usize,
    /// A bit for each of [`TOPICS`].
    pub topics: usize,
    /// True if it is the head of the story that its number allows, or a member of it.
    pub in_story: bool,
}

impl ModelArticle {
    pub fn has_topic(self, topic: usize) -> bool {
        self.topics & 1 << topic != 0
    }
}

/// The articles by number. The lower the number, the newer the article.
pub type Articles = BTreeMap<usize, ModelArticle>;

/// Of seven numbers the third may lead a story, and the others of the first five may belong to it.
fn leader(number: usize) -> Option<usize> {
    (number % 7 < 5).then_some(number / 7 * 7 + 2)
}

/// The story of an article: its head, then its members, newest first; empty when it is in none.
pub fn story(articles: &Articles, number: usize) -> Vec<usize> {
    let takes_part = |number: &usize| articles.get(number).is_some_and(|model| model.in_story);
    let Some(head) = leader(number).filter(|head| takes_part(head) && takes_part(&number)) else { return Vec::new() };
    let members = [head - 2, head - 1, head + 1, head + 2].into_iter().filter(takes_part);
    let story: Vec<usize> = [head].into_iter().chain(members).collect();
    if story.len() > 1 { story } else { Vec::new() }
}

/// True if an article is a member of a story, even if its head does not exist.
pub fn is_member(number: usize, model: ModelArticle) -> bool {
    model.in_story && leader(number).is_some_and(|head| head != number)
}

/// The head of that story.
pub fn head(articles: &Articles, number: usize) -> Option<usize> {
    story(articles, number).first().copied()
}

/// The articles that the file of an article names: an even one the odd one behind it, a head three of its members; the
/// fourth names the head.
fn named(number: usize, model: ModelArticle) -> Vec<usize> {
    let mut named = if number.is_multiple_of(2) { vec![number + 1] } else { Vec::new() };
    match number % 7 {
        2 if model.in_story => named.extend([number - 2, number - 1, number + 1]),
        4 if model.in_story => named.push(number - 2),
        _ => {}
    }
    // Their order may change.
    if model.word == 1 {
        named.reverse();
    }
    named
}

/// The articles related to one, in the library or on the web: those its file names, those that name it, the rest of its story.
pub fn related(articles: &Articles, number: usize) -> Vec<usize> {
    let Some(model) = articles.get(&number) else { return Vec::new() };
    // Articles that name it are near.
    let around = articles.range(number.saturating_sub(7)..number + 7);
    let with_marked_identities =
        around.filter(|(other, model)| named(**other, **model).contains(&number)).map(|(other, _)| *other);
    let mut related: Vec<usize> = Vec::new();
    for other in named(number, *model).into_iter().chain(with_marked_identities).chain(story(articles, number)) {
        if other != number && !related.contains(&other) {
            related.push(other);
        }
    }
    related
}

fn link(number: usize) -> Link {
    Link::read(&format!("https://example.org/{number}"))
}

pub fn id(number: usize) -> ArticleId {
    ArticleId::of_link(&Address::parse(&format!("https://example.org/{number}")).expect("an address"))
}

fn article(number: usize, model: ModelArticle, now: DateTime<Utc>) -> Article {
    let named = |other: usize| RelatedLink {
        title: "Next to it".into(),
        excerpt: "".into(),
        published: None,
        link: Some(link(other)),
        provider: Provider::default(),
        quality: None,
    };
    let is_member = is_member(number, model);
    let takes_part = model.in_story && leader(number).is_some();
    // One in four is long enough to be paged through.
    let lines = if number % 4 == 1 { 60 } else { 2 };
    let topics = TOPICS.iter().enumerate().filter(|(topic, _)| model.has_topic(*topic));
    Article::builder(&format!("Piece {number} {}", WORDS[model.word]))
        .excerpt("Short.")
        .published(now - TimeDelta::minutes(number as i64 + 1))
        .link(&format!("https://example.org/{number}"))
        .provider("Wire", "example.org")
        .topics(&topics.map(|(_, name)| *name).collect::<Vec<_>>())
        .body(&"Line.\n\n".repeat(lines))
        .path(format!("{number:05}.md"))
        .with(|article| {
            article.words = 3;
            article.quality = takes_part.then_some(5);
            article.heat = takes_part.then_some(if is_member { -1 } else { 9 });
            article.related = self::named(number, model).into_iter().map(named).collect();
        })
        .build()
}

pub fn feed(articles: &Articles) -> Arc<Feed> {
    let now = now();
    let articles = articles.iter().map(|(number, model)| Arc::new(article(*number, *model, now)));
    Arc::new(Feed::new(articles.collect(), now))
}
