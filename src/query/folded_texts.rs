//! The folded text of all articles, by field, made when it is first looked at.

use std::sync::OnceLock;

use super::text_folding::fold_into;
use crate::feed::field_sets::{self, FieldSet};
use crate::feed::fields::Completion;
use crate::feed::{Article, Feed, Field, has};

/// Articles of a chunk: what is searched at a stretch, before one looks whether the search is still wanted.
pub const CHUNK: usize = 1024;

/// How many columns are kept from session to session: those that free words are looked for in.
const KEPT: usize = FieldSet::FreeTexts.count();
/// How many are made when they are first looked at.
const OTHERS: usize = FieldSet::OtherTexts.count();

/// Fields that are text, in the order of their columns: first those that are kept.
const TEXTS: [Field; KEPT + OTHERS] = {
    let kept: [Field; KEPT] = FieldSet::FreeTexts.fields();
    let others: [Field; OTHERS] = FieldSet::OtherTexts.fields();
    let (mut all, mut at) = ([Field::Any; KEPT + OTHERS], 0);
    while at < KEPT + OTHERS {
        all[at] = if at < KEPT { kept[at] } else { others[at - KEPT] };
        at += 1;
    }
    all
};

/// The folded text of a feed. It belongs to the first feed that it is asked about.
#[derive(Debug, Default)]
pub struct FoldedTexts {
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

    /// The text that an article of the chunk has.
    pub fn get(&self, article: usize) -> &str {
        self.text.get(self.range(article)).unwrap_or_default()
    }
}

impl FoldedTexts {
    /// A field of a chunk; none when the field is no text, or there is no such chunk.
    pub fn column(&self, feed: &Feed, chunk: usize, field: Field) -> Option<&Column> {
        let chunks = || (0..feed.len().div_ceil(CHUNK)).map(|_| Chunk::default()).collect();
        let number = TEXTS.iter().position(|known| *known == field)?;
        let column = self.chunks.get_or_init(chunks).get(chunk)?.columns.get(number)?;
        Some(column.get_or_init(|| kept(feed, chunk, number).unwrap_or_else(|| build(feed, chunk, field))))
    }

    /// What the columns that are kept are: another number when chunks, fields or folding are others.
    pub const VERSION: u32 = field_sets::VERSION.wrapping_add(2);

    /// How many chunks a feed has, and how many columns of each are kept.
    pub fn shape(feed: &Feed) -> (usize, usize) {
        (feed.len().div_ceil(CHUNK), KEPT)
    }
}

/// Makes the columns of a feed that are kept, asked for by the numbers of chunk and column. `before`: the feed of which texts
/// are kept already; what has not changed since is taken from those.
pub fn texts_to_keep(feed: &Feed, before: Option<&Feed>) -> impl FnMut(usize, usize) -> (String, Vec<u32>) {
    // Articles stand in nearly the same order as before, so the chunk of the last one has the next one too.
    let mut last: [Option<(usize, Column)>; KEPT] = std::array::from_fn(|_| None);
    move |chunk, number| {
        let Some(field) = TEXTS.get(number) else { return Default::default() };
        let mut column = Column::default();
        for index in chunk * CHUNK..feed.len().min((chunk + 1) * CHUNK) {
            let same = before.and_then(|before| same_article(feed, index, before).map(|index| (before, index)));
            let known = same.and_then(|(before, index)| {
                let last = last.get_mut(number)?;
                if last.as_ref().is_none_or(|(known, _)| *known != index / CHUNK) {
                    *last = kept(before, index / CHUNK, number).map(|column| (index / CHUNK, column));
                }
                let (_, column) = last.as_ref()?;
                column.text.get(column.range(index % CHUNK))
            });
            match known {
                Some(text) => column.text.push_str(text),
                None => add_all(*field, feed, index, &mut column.text),
            }
            column.ends.push(column.text.len());
        }
        let ends = column.ends.iter().map(|end| *end as u32).collect();
        (column.text, ends)
    }
}

/// Adds the folded texts of a field of the article at a place. What only another of its files says finds it, too.
fn add_all(field: Field, feed: &Feed, index: usize, to: &mut String) {
    let Some(article) = feed.read(index) else { return };
    add(field, &article, to);
    // Topics and providers are counted, and what is counted must be what is found.
    let is_found = field.has_free_words() && field.descriptor().completion != Completion::Counted;
    if article.also_in.is_empty() || !is_found {
        return;
    }
    let texts = |article: &Article| {
        let mut texts = Vec::new();
        field.texts(article, &mut |text| texts.push(text.to_owned()));
        texts
    };
    let shown = texts(&article);
    for copy in feed.copies(index).filter(|copy| texts(copy) != shown) {
        add(field, &copy, to);
    }
}

/// The place of an article in the feed before, when nothing of it was changed since. Of other files with the same article it
/// is not known whether they were.
fn same_article(feed: &Feed, index: usize, before: &Feed) -> Option<usize> {
    let now = feed.header(index).filter(|header| !header.has(has::OTHER_FILES))?;
    let index = before.index_of(now.id)?;
    before.header(index).filter(|was| was.content_hash == now.content_hash && !was.has(has::OTHER_FILES)).map(|_| index)
}

/// A field of a chunk that is kept, for one who looks at it once and holds it no longer than that.
pub fn kept_column(feed: &Feed, chunk: usize, field: Field) -> Option<Column> {
    kept(feed, chunk, TEXTS.iter().position(|known| *known == field)?)
}

/// A column that is kept.
fn kept(feed: &Feed, chunk: usize, number: usize) -> Option<Column> {
    let (text, ends) = feed.search_text_store().filter(|_| number < KEPT)?.column(chunk, number)?;
    let articles = feed.len().saturating_sub(chunk * CHUNK).min(CHUNK);
    // A part is made of whole lines.
    let is_whole = |end: &u32| *end == 0 || text.as_bytes().get(*end as usize - 1) == Some(&b'\n');
    let fits = ends.len() == articles && ends.is_sorted() && ends.iter().all(is_whole);
    fits.then(|| Column { ends: ends.iter().map(|end| *end as usize).collect(), text })
}

fn build(feed: &Feed, chunk: usize, field: Field) -> Column {
    let mut column = Column::default();
    for index in chunk * CHUNK..feed.len().min((chunk + 1) * CHUNK) {
        add_all(field, feed, index, &mut column.text);
        column.ends.push(column.text.len());
    }
    column.text.shrink_to_fit();
    column
}

/// Adds the folded texts of a field, a line each.
fn add(field: Field, article: &Article, to: &mut String) {
    field.texts(article, &mut |text| {
        let start = to.len();
        fold_into(text, to);
        if to.len() > start {
            to.push('\n');
        }
    });
}
