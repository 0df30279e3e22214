//! A part of the index of similar articles: some thousand articles, and for each word those of them that it stands in.

use fixedbitset::FixedBitSet;

use super::tf_idf::HEAVIEST;
use crate::feed::{ArticleHeader, ArticleId};

/// Articles of a part at most: their numbers in it are small, and so is what is needed to make one.
pub const LARGEST: usize = 1 << 14;
/// What the largest weight is kept as.
const FULL: f32 = 255.0;
/// Minutes of an article without a date.
const NEVER: i32 = i32::MIN;

/// IndexedArticle an article of a part is, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexedArticle {
    /// The article.
    pub id: ArticleId,
    /// What its record said, in short: another number when it was changed, as far as anybody will ever see.
    sum: u32,
    /// When it was published, in minutes.
    minute: i32,
}

impl IndexedArticle {
    /// The article of a header.
    pub fn of(header: &ArticleHeader) -> IndexedArticle {
        let minute = header.published.map_or(NEVER, |date| {
            (date.as_utc().timestamp() / 60).clamp(i64::from(NEVER) + 1, i64::from(i32::MAX)) as i32
        });
        IndexedArticle { id: header.id, sum: header.content_hash as u32, minute }
    }

    /// Whether nothing of it was changed.
    pub fn is_unchanged_in(&self, header: &ArticleHeader) -> bool {
        self.id == header.id && self.sum == header.content_hash as u32
    }

    /// Days between two articles; none when one has no date.
    pub fn days_to(&self, other: &IndexedArticle) -> Option<f32> {
        let dated = self.minute != NEVER && other.minute != NEVER;
        dated.then(|| self.minute.abs_diff(other.minute) as f32 / (24.0 * 60.0))
    }

    /// Whether it has a date.
    pub fn has_date(&self) -> bool {
        self.minute != NEVER
    }
}

/// Some thousand articles.
#[derive(Debug, Default)]
pub struct Segment {
    articles: Box<[IndexedArticle]>,
    /// The words, sorted, and where the list of each ends.
    words: Box<[u32]>,
    ends: Box<[u32]>,
    /// For each article of a list how far its number is from the one before, seven bits a byte, and its weight, a byte.
    lists: Box<[u8]>,
}

/// A part that is being made.
#[derive(Debug, Default)]
pub struct SegmentBuilder {
    articles: Vec<IndexedArticle>,
    /// Word, article and weight, from the highest bits to the lowest.
    entries: Vec<u64>,
}

impl SegmentBuilder {
    /// How many articles it has.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Makes room for so many articles, or as many of them as a part may have.
    pub fn reserve(&mut self, articles: usize) {
        let articles = articles.min(LARGEST);
        self.articles.reserve_exact(articles);
        self.entries.reserve_exact(articles * HEAVIEST);
    }

    /// Adds an article with the weights of its words.
    pub fn add(&mut self, who: IndexedArticle, weighed: &[(u32, f32)]) {
        let number = self.articles.len() as u64;
        let kept = |weight: f32| (weight * FULL).round().clamp(1.0, FULL) as u64;
        self.entries.extend(weighed.iter().map(|(word, weight)| entry(*word, number, kept(*weight))));
        self.articles.push(who);
    }

    /// Adds the articles of a part, without those that are gone.
    pub fn add_part(&mut self, part: &Segment, gone: &FixedBitSet) {
        let mut numbers = vec![None; part.len()];
        for (number, who) in part.articles.iter().enumerate().filter(|(number, _)| !gone.contains(*number)) {
            if let Some(slot) = numbers.get_mut(number) {
                *slot = Some(self.articles.len() as u64);
                self.articles.push(*who);
            }
        }
        for word in part.words.iter() {
            part.list(*word, |article, weight| {
                let number = numbers.get(article).copied().flatten();
                self.entries.extend(number.map(|number| entry(*word, number, u64::from(weight))));
            });
        }
    }

    /// The part, and nothing left of what it was made from.
    pub fn finish(&mut self) -> Segment {
        self.entries.sort_unstable();
        let (mut words, mut ends) = (Vec::new(), Vec::new());
        let mut lists = Vec::with_capacity(self.entries.len() * 9 / 4);
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
                lists.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            lists.extend([rest as u8, weight]);
            last = article;
            ends.last_mut().into_iter().for_each(|end| *end = lists.len() as u32);
        }
        Segment {
            articles: self.articles.drain(..).collect(),
            words: words.into(),
            ends: ends.into(),
            lists: lists.into(),
        }
    }
}

fn entry(word: u32, number: u64, weight: u64) -> u64 {
    u64::from(word) << 32 | number << 8 | weight
}

impl Segment {
    /// How many articles it has.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Its articles.
    pub fn articles(&self) -> &[IndexedArticle] {
        &self.articles
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.articles) + self.words.len() * 8 + self.lists.len()
    }

    /// The articles that a word stands in, with its weight in each.
    fn list(&self, word: u32, mut take: impl FnMut(usize, u8)) {
        let Ok(at) = self.words.binary_search(&word) else { return };
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let list = self.lists.get(at.checked_sub(1).map_or(0, end)..end(at)).unwrap_or_default();
        let (mut article, mut bits) = (0, 0);
        let mut bytes = list.iter();
        while let Some(byte) = bytes.next() {
            article += usize::from(byte & 0x7f) << bits;
            bits += 7;
            if byte & 0x80 == 0 {
                bits = 0;
                take(article, bytes.next().copied().unwrap_or_default());
            }
        }
    }

    /// How much each article has in common with one of these words, into a number for each.
    pub fn compare(&self, weighed: &[(u32, f32)], sums: &mut Vec<f32>) {
        sums.clear();
        sums.resize(self.len(), 0.0);
        for (word, weight) in weighed {
            let weight = weight / FULL;
            self.list(*word, |article, other| {
                sums.get_mut(article).into_iter().for_each(|sum| *sum += weight * f32::from(other));
            });
        }
    }
}
