//! A segment of the similarity index: up to 16,384 articles, and a posting list for each of their words.

use fixedbitset::FixedBitSet;

use super::tf_idf::MAX_WORDS;
use crate::feed::shared_bytes::{ByteReader, ByteWriter, column_of, position_of, u32_at};
use crate::feed::{ArticleHeader, ArticleId, Bytes};

/// Maximum number of articles, so that positions fit 16 bits and building needs little memory.
pub const MAX_ARTICLES: usize = 1 << 14;
/// The stored byte for weight 1.
const MAX_WEIGHT: f32 = 255.0;
/// The stored time of an article without a date.
const NO_DATE: i32 = i32::MIN;

/// What identifies an indexed article, and whether it has changed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexedArticle {
    /// The article.
    pub id: ArticleId,
    /// The low half of the content hash: it differs if the article has changed.
    sum: u32,
    /// Publication time in minutes since 1970, or [`NO_DATE`].
    minute: i32,
}

impl IndexedArticle {
    /// The entry for an article with this header.
    pub fn of(header: &ArticleHeader) -> IndexedArticle {
        // 32 bits of minutes end in the year 6053. The clamp also keeps the value of `NO_DATE` free.
        let minute = header.published.map_or(NO_DATE, |date| {
            (date.as_utc().timestamp() / 60).clamp(i64::from(NO_DATE) + 1, i64::from(i32::MAX)) as i32
        });
        IndexedArticle { id: header.id, sum: header.content_hash as u32, minute }
    }

    /// Whether `header` is the same article with the same content.
    pub fn is_unchanged_in(&self, header: &ArticleHeader) -> bool {
        self.id == header.id && self.sum == header.content_hash as u32
    }

    /// Days between two articles; `None` if one has no date.
    pub fn days_to(&self, other: &IndexedArticle) -> Option<f32> {
        let dated = self.minute != NO_DATE && other.minute != NO_DATE;
        // `abs_diff` cannot overflow; a subtraction of distant dates can.
        dated.then(|| self.minute.abs_diff(other.minute) as f32 / (24.0 * 60.0))
    }

    /// Whether the article has a date.
    pub fn has_date(&self) -> bool {
        self.minute != NO_DATE
    }

    /// Size of a stored entry in bytes.
    const SIZE: usize = 16;

    fn write(&self, to: &mut ByteWriter) {
        to.u64(self.id.number());
        to.u32(self.sum);
        to.u32(self.minute.cast_unsigned());
    }

    fn read(bytes: &[u8]) -> Option<IndexedArticle> {
        let mut from = ByteReader(bytes);
        let (id, sum, minute) = (from.u64()?, from.u32()?, from.u32()?);
        Some(IndexedArticle { id: ArticleId::of_number(id), sum, minute: minute.cast_signed() })
    }
}

/// An immutable segment, in memory or in a mapped file.
#[derive(Clone, Debug, Default)]
pub struct Segment {
    /// The entries of the articles, by position.
    articles: Bytes,
    /// Hashes of the words, sorted, 4 bytes each.
    words: Bytes,
    /// For each word, the end of its part of the postings, 4 bytes each.
    ends: Bytes,
    /// For each word its articles, in order: the distance to the previous position as a little-endian base-128 varint, then the
    /// weight in one byte.
    postings: Bytes,
}

/// Collects articles for a segment.
#[derive(Debug, Default)]
pub struct SegmentBuilder {
    articles: Vec<IndexedArticle>,
    /// Word in the upper 32 bits, then position, then weight in the lowest 8 bits: sorting groups the postings by word.
    entries: Vec<u64>,
}

impl SegmentBuilder {
    /// Number of articles so far.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Reserves memory for `articles`, at most for a full segment.
    pub fn reserve(&mut self, articles: usize) {
        let articles = articles.min(MAX_ARTICLES);
        self.articles.reserve_exact(articles);
        self.entries.reserve_exact(articles * MAX_WORDS);
    }

    /// Adds an article with the weights of its words.
    pub fn add(&mut self, article: IndexedArticle, weights: &[(u32, f32)]) {
        let number = self.articles.len() as u64;
        let kept = |weight: f32| (weight * MAX_WEIGHT).round().clamp(1.0, MAX_WEIGHT) as u64;
        self.entries.extend(weights.iter().map(|(word, weight)| entry(*word, number, kept(*weight))));
        self.articles.push(article);
    }

    /// Adds the articles of a segment, except those that are gone.
    pub fn add_segment(&mut self, segment: &Segment, gone: &FixedBitSet) {
        let mut numbers = vec![None; segment.len()];
        for (number, article) in segment.articles().enumerate().filter(|(number, _)| !gone.contains(*number)) {
            if let Some(slot) = numbers.get_mut(number) {
                *slot = Some(self.articles.len() as u64);
                self.articles.push(article);
            }
        }
        for word in (0..).map_while(|at| u32_at(&segment.words, at)) {
            segment.postings_of(word, |article, weight| {
                let number = numbers.get(article).copied().flatten();
                self.entries.extend(number.map(|number| entry(word, number, u64::from(weight))));
            });
        }
    }

    /// Makes the segment and empties the builder, which keeps its memory for the next one.
    pub fn finish(&mut self) -> Segment {
        self.entries.sort_unstable();
        let (mut words, mut ends): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        // Most postings have 2 bytes: a distance below 128, and the weight.
        let mut postings = Vec::with_capacity(self.entries.len() * 9 / 4);
        let mut last = 0;
        for entry in self.entries.drain(..) {
            let (word, article, weight) = ((entry >> 32) as u32, (entry >> 8) as u32 & 0xffff, entry as u8);
            if words.last() != Some(&word) {
                words.push(word);
                ends.push(0);
                last = 0;
            }
            let mut rest = article - last;
            while rest >= 0x80 {
                postings.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            postings.extend([rest as u8, weight]);
            last = article;
            ends.last_mut().into_iter().for_each(|end| *end = postings.len() as u32);
        }
        postings.shrink_to_fit();
        let mut articles = ByteWriter(Vec::with_capacity(self.articles.len() * IndexedArticle::SIZE));
        self.articles.drain(..).for_each(|article| article.write(&mut articles));
        let parts = [articles.0, column_of(&words), column_of(&ends), postings];
        Segment::of_parts(parts.map(Bytes::new))
    }
}

fn entry(word: u32, number: u64, weight: u64) -> u64 {
    u64::from(word) << 32 | number << 8 | weight
}

impl Segment {
    /// The number of its parts in a file.
    pub const PARTS: usize = 4;

    /// Its parts, as they are saved.
    pub fn parts(&self) -> [&Bytes; Segment::PARTS] {
        [&self.articles, &self.words, &self.ends, &self.postings]
    }

    /// The segment of saved parts. Damaged parts give wrong results, but never a panic.
    pub fn of_parts([articles, words, ends, postings]: [Bytes; Segment::PARTS]) -> Segment {
        Segment { articles, words, ends, postings }
    }

    /// Number of articles, including those that are gone.
    pub fn len(&self) -> usize {
        self.articles.len() / IndexedArticle::SIZE
    }

    /// The articles, by position.
    pub fn articles(&self) -> impl Iterator<Item = IndexedArticle> {
        self.articles.chunks_exact(IndexedArticle::SIZE).filter_map(IndexedArticle::read)
    }

    /// The article at a position.
    pub fn article(&self, number: usize) -> Option<IndexedArticle> {
        IndexedArticle::read(self.articles.get(number.checked_mul(IndexedArticle::SIZE)?..)?)
    }

    /// Size in bytes.
    pub fn bytes(&self) -> usize {
        self.parts().iter().map(|part| part.len()).sum()
    }

    /// Calls `take` with the position and the weight of each article that has the word.
    fn postings_of(&self, word: u32, mut take: impl FnMut(usize, u8)) {
        let Some(at) = position_of(&self.words, word) else { return };
        let ends: &[u8] = &self.ends;
        let end = |at: usize| u32_at(ends, at).map_or(0, |end| end as usize);
        let list = self.postings.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default();
        let (mut article, mut bits) = (0, 0);
        let mut bytes = list.iter();
        while let Some(byte) = bytes.next() {
            article += usize::from(byte & 0x7f) << bits;
            // Distances have at most 14 bits; a damaged one must not be shifted out of range.
            bits = (bits + 7) % 28;
            if byte & 0x80 == 0 {
                bits = 0;
                take(article, bytes.next().copied().unwrap_or_default());
            }
        }
    }

    /// Computes for each article the sum of products of weights, over the given words.
    pub fn compare(&self, weights: &[(u32, f32)], sums: &mut Vec<f32>) {
        sums.clear();
        sums.resize(self.len(), 0.0);
        for (word, weight) in weights {
            let weight = weight / MAX_WEIGHT;
            self.postings_of(*word, |article, other| {
                sums.get_mut(article).into_iter().for_each(|sum| *sum += weight * f32::from(other));
            });
        }
    }
}
