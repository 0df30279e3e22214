//! The articles of the model: numbers with a word and topics, and the feed that the program is given of them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use frontpage::feed::{Address, Article, ArticleId, Feed, Link, Provider, Raw, RelatedLink, Topic, clean};

use crate::harness::reader::now;

/// Words of titles: nothing else that is searched starts like one of them.
pub const WORDS: [&str; 4] = ["amber", "azure", "coral", "olive"];
pub const TOPICS: [&str; 4] = ["blue", "green", "red", "violet"];

/// What can change of an article: its word, and the topics that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub word: usize,
    /// A bit for each of [`TOPICS`].
    pub topics: usize,
}

impl Piece {
    pub fn has_topic(self, topic: usize) -> bool {
        self.topics & 1 << topic != 0
    }
}

/// The articles by number. The lower the number, the newer the article.
pub type Shelf = BTreeMap<usize, Piece>;

/// The article that an article goes with: an even one names the odd one behind it.
pub fn partner(number: usize) -> usize {
    number ^ 1
}

fn link(number: usize) -> Link {
    Link::read(&format!("https://example.org/{number}"))
}

pub fn id(number: usize) -> ArticleId {
    ArticleId::of_link(&Address::parse(&format!("https://example.org/{number}")).expect("an address"))
}

fn article(number: usize, piece: Piece) -> Article {
    let title = |word: &str| clean::line(&format!("Piece {number} {word}"));
    let named = RelatedLink {
        title: "Next to it".into(),
        excerpt: "".into(),
        published: None,
        link: Some(link(partner(number))),
        provider: Provider::default(),
        quality: None,
    };
    // One in four is long enough to be paged through.
    let lines = if number % 4 == 1 { 60 } else { 2 };
    let topics = TOPICS.iter().enumerate().filter(|(topic, _)| piece.has_topic(*topic));
    Article {
        id: id(number),
        title: title(WORDS[piece.word]),
        excerpt: "Short.".into(),
        excerpt_from_body: false,
        published: Some(now() - TimeDelta::minutes(number as i64 + 1)),
        updated: None,
        link: Some(link(number)),
        other_links: Vec::new(),
        provider: Provider { name: "Wire".into(), domain: "example.org".into() },
        author: "".into(),
        topics: topics.filter_map(|(_, name)| Topic::new((*name).into())).collect(),
        regions: Vec::new(),
        category: None,
        kind: None,
        quality: None,
        heat: None,
        shown_by_site: None,
        pictures: Vec::new(),
        related: if number.is_multiple_of(2) { vec![named] } else { Vec::new() },
        body: Raw::new(&"Line.\n\n".repeat(lines)),
        words: 3,
        path: PathBuf::from(format!("{number:05}.md")),
        also_in: Vec::new(),
        modified: None,
        problems: Vec::new(),
    }
}

pub fn feed(shelf: &Shelf) -> Arc<Feed> {
    Arc::new(Feed::new(shelf.iter().map(|(number, piece)| Arc::new(article(*number, *piece))).collect(), now()))
}
