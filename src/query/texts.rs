//! The folded text of all articles, by field, made when it is first looked at.

use std::sync::OnceLock;

use super::fold::fold_into;
use super::term::Field;
use crate::feed::{Article, Feed, plain};

/// Articles of a chunk: what is searched at a stretch, before one looks whether the search is still wanted.
pub const CHUNK: usize = 1024;

/// Fields that are text, in the order of their columns.
const TEXTS: [Field; 10] = [
    Field::Title,
    Field::Topic,
    Field::Provider,
    Field::Excerpt,
    Field::Body,
    Field::Domain,
    Field::Category,
    Field::Type,
    Field::Url,
    Field::Path,
];

/// The folded text of a feed. It belongs to the first feed that it is asked about.
#[derive(Debug, Default)]
pub struct Texts {
    chunks: OnceLock<Vec<Chunk>>,
}

#[derive(Debug, Default)]
struct Chunk {
    columns: [OnceLock<Column>; TEXTS.len()],
}

/// One field of the articles of a chunk: each text in a line of its own, so that nothing is found across two of them.
#[derive(Debug, Default)]
pub struct Column {
    /// The lines of all articles.
    pub text: String,
    /// Where the lines of each article end.
    pub ends: Vec<usize>,
}

impl Column {
    /// The part of the text that an article of the chunk has.
    pub fn range(&self, article: usize) -> std::ops::Range<usize> {
        let start = article.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        start..self.ends.get(article).copied().unwrap_or(start)
    }
}

impl Texts {
    /// A field of a chunk; none when the field is no text, or there is no such chunk.
    pub fn column(&self, feed: &Feed, chunk: usize, field: Field) -> Option<&Column> {
        let chunks = || (0..feed.len().div_ceil(CHUNK)).map(|_| Chunk::default()).collect();
        let number = TEXTS.iter().position(|known| *known == field)?;
        let column = self.chunks.get_or_init(chunks).get(chunk)?.columns.get(number)?;
        Some(column.get_or_init(|| build(feed, chunk, field)))
    }
}

fn build(feed: &Feed, chunk: usize, field: Field) -> Column {
    let mut column = Column::default();
    for article in (chunk * CHUNK..(chunk + 1) * CHUNK).map_while(|place| feed.read(place)) {
        originals(field, &article, &mut |text| {
            let start = column.text.len();
            fold_into(text, &mut column.text);
            if column.text.len() > start {
                column.text.push('\n');
            }
        });
        column.ends.push(column.text.len());
    }
    column.text.shrink_to_fit();
    column
}

/// The texts of a field as they stand in the article.
pub fn originals(field: Field, article: &Article, take: &mut dyn FnMut(&str)) {
    match field {
        Field::Title => take(article.title.as_str()),
        Field::Excerpt => take(article.excerpt.as_str()),
        Field::Body => plain::words(&article.body).lines().for_each(take),
        Field::Provider => take(article.provider.name.as_str()),
        Field::Domain => take(article.provider.domain.as_str()),
        Field::Topic => article.topics.iter().for_each(|topic| take(topic.shown().as_str())),
        Field::Category => article.category.iter().for_each(|category| take(category.as_str())),
        Field::Type => article.kind.iter().for_each(|kind| take(kind.as_str())),
        Field::Url => article.link.iter().for_each(|link| take(link.shown().as_str())),
        Field::Path => take(&article.path.to_string_lossy()),
        _ => {}
    }
}
