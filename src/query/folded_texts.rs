//! The folded text of all articles, one column per field and chunk, made when first searched.

use std::sync::{Arc, OnceLock};

use super::text_folding::fold_into;
use crate::feed::field_subsets::{self, FieldSubset};
use crate::feed::fields::Completion;
use crate::feed::shared_bytes::{column_of, list_in, u32_at};
use crate::feed::{Article, Bytes, Feed, Field, earlier_texts, folders, has, local_target};

/// Articles per chunk. A search checks between chunks whether it is still wanted. It must be a multiple of the bits in a
/// `usize`: searches copy whole blocks of bit sets.
pub const CHUNK: usize = 1024;

/// Number of columns that are stored on disk: the fields that free words search.
const STORED: usize = FieldSubset::FreeTexts.count();
/// Number of columns that are only made in memory.
const IN_MEMORY: usize = FieldSubset::OtherTexts.count();

/// All text fields, in the order of their columns: the stored ones first.
const TEXTS: [Field; STORED + IN_MEMORY] = {
    let kept: [Field; STORED] = FieldSubset::FreeTexts.fields();
    let others: [Field; IN_MEMORY] = FieldSubset::OtherTexts.fields();
    let (mut all, mut at) = ([Field::Any; STORED + IN_MEMORY], 0);
    while at < STORED + IN_MEMORY {
        all[at] = if at < STORED { kept[at] } else { others[at - STORED] };
        at += 1;
    }
    all
};

/// The folded text of one feed: the feed of the first call. Do not use it with another one.
#[derive(Debug, Default)]
pub struct FoldedTexts {
    chunks: OnceLock<Vec<Chunk>>,
}

#[derive(Debug, Default)]
struct Chunk {
    columns: [OnceLock<Column>; TEXTS.len()],
}

/// One field of the articles of a chunk, in memory or in a mapped file. Every text is a line, so that no match spans two texts.
#[derive(Debug, Default)]
pub struct Column {
    /// The lines of all articles. Not as a `str`: bytes of a mapped file can be lost while they are used.
    text: Bytes,
    /// Byte offset where the lines of each article end, 4 bytes each.
    ends: Bytes,
}

impl Column {
    /// The lines of all articles.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Number of articles.
    pub fn len(&self) -> usize {
        self.ends.len() / 4
    }

    /// The byte offset where the lines of an article end; `None` if the chunk has no such article.
    pub fn end(&self, article: usize) -> Option<usize> {
        u32_at(&self.ends, article).map(|end| end as usize)
    }

    /// The byte range of an article's lines; `article` counts from the start of the chunk.
    pub fn range(&self, article: usize) -> std::ops::Range<usize> {
        let range = list_in(&self.ends, article);
        // Lost bytes of a mapped file read as zeros.
        range.start.min(self.text.len())..range.end.min(self.text.len())
    }

    /// The lines of an article; `article` counts from the start of the chunk.
    pub fn get(&self, article: usize) -> &str {
        self.text.get(self.range(article)).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// Collects the lines of the articles of a chunk.
#[derive(Default)]
struct ColumnBuilder {
    text: String,
    ends: Vec<u32>,
}

impl ColumnBuilder {
    /// Ends the lines of an article.
    fn end(&mut self) {
        self.ends.push(self.text.len() as u32);
    }

    fn finish(mut self) -> Column {
        // The column stays in memory with its feed.
        self.text.shrink_to_fit();
        let (text, ends) = stored_bytes(self.text, &self.ends);
        Column { text, ends }
    }
}

/// A text, and the ends of the articles in it, as they are stored.
pub(super) fn stored_bytes(text: String, ends: &[u32]) -> (Bytes, Bytes) {
    (Bytes::new(text.into_bytes()), Bytes::new(column_of(ends)))
}

impl FoldedTexts {
    /// The column of a field in a chunk, folded on first use. `None` if the field is not text or the chunk does not exist.
    pub fn column(&self, feed: &Feed, chunk: usize, field: Field) -> Option<&Column> {
        let chunks = || (0..feed.len().div_ceil(CHUNK)).map(|_| Chunk::default()).collect();
        let number = TEXTS.iter().position(|known| *known == field)?;
        let column = self.chunks.get_or_init(chunks).get(chunk)?.columns.get(number)?;
        let copied = || (number < STORED && earlier_texts::of(feed).is_some()).then(|| copy(feed, chunk, number));
        let make = || stored(feed, chunk, number).or_else(copied).unwrap_or_else(|| build(feed, chunk, field));
        Some(column.get_or_init(make))
    }

    /// Version of the stored columns. It changes with the fields; raise the addend when the chunk size or the folding changes.
    pub const VERSION: u32 = field_subsets::VERSION.wrapping_add(2);

    /// Number of chunks of a feed, and number of stored columns per chunk.
    pub fn shape(feed: &Feed) -> (usize, usize) {
        (feed.len().div_ceil(CHUNK), STORED)
    }
}

/// A column of a feed without stored text: that of unchanged articles is copied from an earlier feed.
fn copy(feed: &Feed, chunk: usize, number: usize) -> Column {
    let (text, ends) = texts_to_keep(feed)(chunk, number);
    ColumnBuilder { text, ends }.finish()
}

/// Makes the columns to store for `feed`, one for each call with the indices of a chunk and a column. Text that is stored already, or
/// stored for an earlier feed and unchanged since, is copied.
pub fn texts_to_keep(feed: &Feed) -> impl FnMut(usize, usize) -> (String, Vec<u32>) {
    let before = feed.folded_text_store().map(|_| feed).or_else(|| earlier_texts::of(feed).map(Arc::as_ref));
    // A reload keeps articles in nearly the same order: the chunk of the previous article usually has the next one too.
    let mut last: [Option<(usize, Column)>; STORED] = std::array::from_fn(|_| None);
    let mut next = 0;
    move |chunk, number| {
        let Some(field) = TEXTS.get(number) else { return Default::default() };
        let mut column = ColumnBuilder::default();
        for index in chunk * CHUNK..feed.len().min((chunk + 1) * CHUNK) {
            let same = before.and_then(|before| Some((before, unchanged_article(feed, index, before, next)?)));
            next = same.map_or(next, |(_, index)| index + 1);
            let known = same.and_then(|(before, index)| {
                let last = last.get_mut(number)?;
                if last.as_ref().is_none_or(|(known, _)| *known != index / CHUNK) {
                    *last = stored(before, index / CHUNK, number).map(|column| (index / CHUNK, column));
                }
                last.as_ref().map(|(_, column)| column.get(index % CHUNK))
            });
            match known {
                Some(text) => column.text.push_str(text),
                None => add_all(*field, feed, index, &mut column.text),
            }
            column.end();
        }
        (column.text, column.ends)
    }
}

/// Calls `callback` with each text that the shown file of an article has in a field.
pub fn texts(feed: &Feed, index: usize, field: Field, callback: &mut dyn FnMut(&str)) {
    match field {
        Field::Links => {
            let columns = feed.columns();
            let names =
                local_target::links_to(columns, index).flat_map(|linked| local_target::names_of(columns, linked));
            names.for_each(|name| callback(name.as_str()));
        }
        Field::Folder => folders::texts_of_article(feed.columns(), index).iter().for_each(|text| callback(text)),
        field => feed.read(index).iter().for_each(|article| field.texts(article, callback)),
    }
}

/// Appends the folded texts of a field of one article. Texts that only another file of the same article has are appended too, so
/// that they are found.
fn add_all(field: Field, feed: &Feed, index: usize, to: &mut String) {
    if matches!(field, Field::Links | Field::Folder) {
        return texts(feed, index, field, &mut |text| append_text(text, to));
    }
    let Some(article) = feed.read(index) else { return };
    append(field, &article, to);
    // The counts of topics and providers come from the article alone; searching its copies would find more than was counted.
    let is_found = field.is_searched_by_free_words() && field.descriptor().completion != Completion::Counted;
    if article.also_in.is_empty() || !is_found {
        return;
    }
    let texts = |article: &Article| {
        let mut texts = Vec::new();
        field.texts(article, &mut |text| texts.push(text.to_owned()));
        texts
    };
    let shown = texts(&article);
    // Equal texts would find the same words and only make the column longer.
    for copy in feed.copies(index).filter(|copy| texts(copy) != shown) {
        append(field, &copy, to);
    }
}

/// The index of an article in the previous feed, if the article is unchanged. None for articles with several files, because
/// changes of the other files are unknown. `likely`: where it probably is.
fn unchanged_article(feed: &Feed, index: usize, before: &Feed, likely: usize) -> Option<usize> {
    let now = feed.header(index).filter(|header| !header.has(has::OTHER_FILES))?;
    let index = if before.id(likely) == Some(now.id) { likely } else { before.index_of(now.id)? };
    before.header(index).filter(|was| was.content_hash == now.content_hash && !was.has(has::OTHER_FILES)).map(|_| index)
}

/// A stored column, read from disk and not cached: for callers that need it once.
pub fn stored_column(feed: &Feed, chunk: usize, field: Field) -> Option<Column> {
    stored(feed, chunk, TEXTS.iter().position(|known| *known == field)?)
}

/// A stored column, if it is valid.
fn stored(feed: &Feed, chunk: usize, number: usize) -> Option<Column> {
    let (text, ends) = feed.folded_text_store().filter(|_| number < STORED)?.column(chunk, number)?;
    let articles = feed.len().saturating_sub(chunk * CHUNK).min(CHUNK);
    let column = Column { text, ends };
    let mut last = 0;
    // Damaged files must not cut a line in two.
    let is_whole = |article| {
        let end = column.end(article).unwrap_or_default();
        let fits = end >= std::mem::replace(&mut last, end);
        fits && (end == 0 || column.text.get(end - 1) == Some(&b'\n'))
    };
    let fits = column.len() == articles && (0..articles).all(is_whole);
    (fits && last == column.text.len() && std::str::from_utf8(&column.text).is_ok()).then_some(column)
}

fn build(feed: &Feed, chunk: usize, field: Field) -> Column {
    let mut column = ColumnBuilder::default();
    for index in chunk * CHUNK..feed.len().min((chunk + 1) * CHUNK) {
        add_all(field, feed, index, &mut column.text);
        column.end();
    }
    column.finish()
}

/// Appends the folded texts of a field, one line each. Empty texts have no line.
fn append(field: Field, article: &Article, to: &mut String) {
    field.texts(article, &mut |text| append_text(text, to));
}

/// Appends a folded text as a line, unless it is empty.
fn append_text(text: &str, to: &mut String) {
    let start = to.len();
    fold_into(text, to);
    if to.len() > start {
        to.push('\n');
    }
}
