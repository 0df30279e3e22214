//! TF-IDF weights of the words of an article, for comparing it with others. The words of a title together weigh more than those of
//! the excerpt; rare words weigh more than frequent ones.

use rustc_hash::FxHashMap;
use unicode_normalization::char::is_combining_mark;

use super::text_folding::is_unspaced_script;
use super::word_stem::stem;
use crate::feed::Bytes;
use crate::feed::shared_bytes::{column_of, position_of, u32_at};
use crate::fnv;

/// Maximum number of bytes of a text that are read; real titles and excerpts are shorter.
const MAX_BYTES: usize = 4096;
/// Number of words of an article that are compared: those with the highest weights.
pub const MAX_WORDS: usize = 48;
/// Weights of the parts of an article: title, excerpt, and the pairs of neighbouring words of the title. Each part has this weight
/// as a whole: a word of a short excerpt weighs more than one of a long excerpt. Topics are not compared: in five news hubs, the
/// listed related articles are found less often with them.
const PART_WEIGHTS: [f32; 3] = [1.75, 1.0, 0.5];
/// Number of occurrences in the index, of all words of an article together, up to which all words are looked up. It limits the
/// time of a lookup in a large library, where a frequent word occurs in tens of thousands of articles and says little.
const MAX_POSTINGS: usize = 60_000;
/// Number of words that are looked up in any case.
const MIN_WORDS: usize = 4;
/// The parts as numbers.
const TITLE: u8 = 0;
const PAIRS: u8 = 2;
/// Saturation of repeated words in a part: the parameter k1 of BM25.
const SATURATION: f32 = 1.2;
/// Maximum number of distinct words that are counted. Above it, words that occur once are dropped, then those that occur twice,
/// and so on.
const MAX_COUNTED_WORDS: usize = 400_000;

/// A word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token {
    /// Hash of the word, the same on every machine.
    pub hash: u32,
    /// Whether it contains a digit.
    pub has_digit: bool,
}

/// Calls `take` for each word of a folded text. In scripts without blanks, each pair of neighbouring characters is a word. Forms
/// of an English word are the same word: `release`, `releases`, `released`.
pub fn tokenize(text: &str, mut take: impl FnMut(Token)) {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
    let (mut open, mut run) = (WordBuilder::default(), PairBuilder::default());
    for c in text.chars() {
        if is_paired(c) {
            open.close(&mut take);
            run.add(c, &mut take);
            continue;
        }
        run.close(&mut take);
        // Not every mark counts as alphanumeric: the virama of Hindi must not end the word.
        match c.is_alphanumeric() || open.length > 0 && is_combining_mark(c) {
            true => open.add(c),
            false => open.close(&mut take),
        }
    }
    open.close(&mut take);
    run.close(&mut take);
}

/// Whether a character forms pairs with its neighbours: scripts without blanks, and Hangul.
fn is_paired(c: char) -> bool {
    !c.is_ascii() && (is_unspaced_script(c) || matches!(c, '\u{ac00}'..='\u{d7af}'))
}

/// The FNV hash after one more character.
fn mixed(hash: u64, c: char) -> u64 {
    let mut bytes = [0; 4];
    fnv::hash_bytes(hash, c.encode_utf8(&mut bytes).bytes())
}

/// A token from a hash of 64 bits.
fn word(hash: u64, has_digit: bool) -> Token {
    // The authors of FNV recommend folding the halves over cutting the hash.
    Token { hash: (hash ^ (hash >> 32)) as u32, has_digit }
}

/// Length of the longest word that is reduced to its stem, in letters.
const MAX_STEMMED: usize = 24;

/// A word being read.
#[derive(Default)]
struct WordBuilder {
    length: usize,
    hash: u64,
    /// The word, while it consists of at most [`MAX_STEMMED`] ASCII letters.
    letters: [u8; MAX_STEMMED],
    /// Whether the word has other characters, or is longer.
    is_other: bool,
    has_digit: bool,
}

impl WordBuilder {
    fn add(&mut self, c: char) {
        self.hash = mixed(if self.length == 0 { fnv::OFFSET_BASIS } else { self.hash }, c);
        match self.letters.get_mut(self.length).filter(|_| c.is_ascii_alphabetic()) {
            // Below 128, so it fits a byte.
            Some(letter) => *letter = c as u8,
            None => self.is_other = true,
        }
        self.has_digit |= c.is_numeric();
        self.length += 1;
    }

    fn close(&mut self, take: &mut impl FnMut(Token)) {
        if self.length > 0 {
            let letters = self.letters.get_mut(..self.length).filter(|_| !self.is_other);
            let hash =
                letters.map_or(self.hash, |letters| fnv::hash_bytes(fnv::OFFSET_BASIS, stem(letters).iter().copied()));
            take(word(hash, self.has_digit));
        }
        *self = WordBuilder::default();
    }
}

/// A run of characters that form pairs.
#[derive(Default)]
struct PairBuilder {
    length: usize,
    last: char,
}

impl PairBuilder {
    fn add(&mut self, c: char, take: &mut impl FnMut(Token)) {
        if self.length > 0 {
            take(word(mixed(mixed(fnv::OFFSET_BASIS, self.last), c), c.is_numeric()));
        }
        *self = PairBuilder { length: self.length + 1, last: c };
    }

    fn close(&mut self, take: &mut impl FnMut(Token)) {
        if self.length == 1 {
            take(word(mixed(fnv::OFFSET_BASIS, self.last), self.last.is_numeric()));
        }
        self.length = 0;
    }
}

/// A word of a part of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CountedWord {
    hash: u32,
    part: u8,
    /// How often it occurs in the part.
    count: u16,
}

/// The words of one article with their counts, sorted by hash and part.
#[derive(Debug, Default)]
pub struct WordCounts {
    words: Vec<CountedWord>,
}

impl WordCounts {
    /// Counts the words of folded title and excerpt.
    pub fn count(&mut self, texts: [&str; 2]) {
        self.words.clear();
        for (part, text) in (0..).zip(texts) {
            let mut before = None;
            tokenize(text, |word| {
                self.words.push(CountedWord { hash: word.hash, part, count: 1 });
                if let Some(before) = before.replace(word.hash).filter(|_| part == TITLE) {
                    self.words.push(CountedWord { hash: pair(before, word.hash), part: PAIRS, count: 1 });
                }
            });
        }
        self.words.sort_unstable();
        self.words.dedup_by(|next, first| {
            let same = (next.hash, next.part) == (first.hash, first.part);
            first.count = first.count.saturating_add(if same { next.count } else { 0 });
            same
        });
    }
}

/// The hash of a pair of neighbouring words.
fn pair(before: u32, word: u32) -> u32 {
    let hash = fnv::hash_u64(fnv::hash_u64(fnv::OFFSET_BASIS, u64::from(before)), u64::from(word));
    (hash ^ (hash >> 32)) as u32
}

/// Counts in how many articles each word occurs.
#[derive(Debug, Default)]
pub struct DocFrequencyCounter {
    articles: usize,
    of: FxHashMap<u32, u32>,
}

impl DocFrequencyCounter {
    /// Counts the words of one more article.
    pub fn add(&mut self, article: &WordCounts) {
        self.articles += 1;
        for part in article.words.chunk_by(|a, b| a.hash == b.hash) {
            part.first().into_iter().for_each(|word| *self.of.entry(word.hash).or_default() += 1);
        }
        let mut least = 1;
        while self.of.len() > MAX_COUNTED_WORDS {
            self.of.retain(|_, count| *count > least);
            least += 1;
        }
    }

    /// The counts, without words that occur in one article: that is the default for unknown words.
    pub fn finish(self) -> DocFrequencies {
        let mut counts: Vec<(u32, u32)> = self.of.into_iter().filter(|(_, count)| *count > 1).collect();
        counts.sort_unstable();
        let (words, counts): (Vec<u32>, Vec<u32>) = counts.into_iter().unzip();
        DocFrequencies::of_parts(self.articles, [words, counts].map(|column| Bytes::new(column_of(&column))))
    }
}

/// In how many articles each word occurs, in memory or in a mapped file.
#[derive(Debug, Default)]
pub struct DocFrequencies {
    articles: usize,
    /// Hashes of the words that occur in more than one article, sorted, 4 bytes each.
    words: Bytes,
    /// The number of articles of each, 4 bytes each.
    counts: Bytes,
}

impl DocFrequencies {
    /// The number of its parts in a file.
    pub const PARTS: usize = 2;

    /// Its parts, as they are saved.
    pub fn parts(&self) -> [&Bytes; DocFrequencies::PARTS] {
        [&self.words, &self.counts]
    }

    /// The counts of saved parts, of a number of articles.
    pub fn of_parts(articles: usize, [words, counts]: [Bytes; DocFrequencies::PARTS]) -> DocFrequencies {
        DocFrequencies { articles, words, counts }
    }

    /// Number of articles that were counted.
    pub fn articles(&self) -> usize {
        self.articles
    }

    /// Size in bytes.
    pub fn bytes(&self) -> usize {
        self.words.len() + self.counts.len()
    }

    /// Number of articles of a word that occurs in more than one.
    fn count(&self, word: u32) -> Option<u32> {
        u32_at(&self.counts, position_of(&self.words, word)?)
    }

    /// Square root of the inverse document frequency of BM25: a comparison multiplies the weights of both articles.
    fn sqrt_idf(&self, word: u32) -> f32 {
        let with = self.count(word).unwrap_or(1) as f32;
        // Unknown words count as in one article, also in an index without articles.
        let without = (self.articles as f32 - with).max(0.0);
        ((without + 0.5) / (with + 0.5)).ln_1p().sqrt()
    }

    /// Drops the words with the lowest weights if looking up all words would take long: see [`MAX_POSTINGS`].
    pub fn limit(&self, weights: &mut Vec<(u32, f32)>) {
        weights.sort_unstable_by(|(a, v), (b, w)| w.total_cmp(v).then(a.cmp(b)));
        let (mut postings, mut kept) = (0_usize, 0);
        weights.retain(|(word, _)| {
            postings = postings.saturating_add(self.count(*word).map_or(1, |count| count as usize));
            kept += 1;
            kept <= MIN_WORDS || postings <= MAX_POSTINGS
        });
    }

    /// The words of an article with the highest weights, by hash. The squares of the weights add up to 1, so the products of
    /// the weights of two articles with the same text add up to 1.
    pub fn weigh(&self, article: &WordCounts, weights: &mut Vec<(u32, f32)>) {
        weights.clear();
        let mut squares = [0.0; PART_WEIGHTS.len()];
        for word in &article.words {
            let count = f32::from(word.count);
            let weight = self.sqrt_idf(word.hash) * count / (count + SATURATION);
            squares.get_mut(usize::from(word.part)).into_iter().for_each(|square| *square += weight * weight);
            weights.push((word.hash, weight));
        }
        // All weights are above 0, so a part has length 0 only if it has no words.
        let mut factors = PART_WEIGHTS;
        factors.iter_mut().zip(squares).for_each(|(factor, square)| *factor /= square.max(f32::MIN_POSITIVE).sqrt());
        for ((_, weight), word) in weights.iter_mut().zip(&article.words) {
            *weight *= factors.get(usize::from(word.part)).copied().unwrap_or_default();
        }
        weights.dedup_by(|next, first| {
            let same = next.0 == first.0;
            first.1 += if same { next.1 } else { 0.0 };
            same
        });
        if weights.len() > MAX_WORDS {
            // Equal weights are ordered by hash: results must not depend on the machine.
            weights.select_nth_unstable_by(MAX_WORDS, |(a, v), (b, w)| w.total_cmp(v).then(a.cmp(b)));
            weights.truncate(MAX_WORDS);
        }
        weights.sort_unstable_by_key(|(word, _)| *word);
        // All weights are above 0, so the length is 0 only without words, and then no weight is divided.
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        weights.iter_mut().for_each(|(_, weight)| *weight /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::text_folding::fold;

    fn numbers(text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        tokenize(&fold(text), |word| found.push(word.hash));
        found
    }

    #[test]
    fn different_words_have_different_hashes() {
        for (text, others) in [
            ("Open-Beta: Diablo 4!", "open beta diablo 4"),
            ("builds, boss and keys", "build boss and key"),
            ("Café's", "cafe s"),
            ("iv\nv", "iv v"),
            ("gas bus is", "gas bus is"),
        ] {
            assert_eq!(numbers(text), numbers(others), "{text}");
            assert_eq!(numbers(text).len(), others.split(' ').count(), "{text}");
        }
        for (one, other) in [("beta", "bet"), ("ab c", "a bc"), ("boss", "bos"), ("人工", "工人"), ("2.0", "2 1")] {
            assert_ne!(numbers(one), numbers(other), "{one} {other}");
        }
    }

    #[test]
    fn scripts_without_blanks_are_read_in_pairs() {
        for (text, count) in [
            ("人工知能", 3),
            ("人", 1),
            ("人。工", 2),
            ("rust人工知能2.0", 6),
            ("한국어 책", 3),
            ("ภาษาไทย", 6),
            ("हिन्दी भाषा", 2),
        ] {
            assert_eq!(numbers(text).len(), count, "{text}");
        }
        let (pair, text) = (numbers("知能"), numbers("人工知能の研究"));
        assert!(text.contains(&pair[0]), "{text:?}");
    }

    #[test]
    fn words_with_digits_are_recognised() {
        let mut found = Vec::new();
        tokenize("season 4 s4 第2章 four", |word| found.push(word.has_digit));
        assert_eq!(found, [false, true, true, false, true, false, false]);
    }

    /// Stored data and displayed results must not depend on the machine.
    #[test]
    fn hashes_are_the_same_on_every_machine() {
        assert_eq!(numbers("diablo 人工"), [840_312_846, 2_533_635_198]);
    }

    #[test]
    fn the_length_of_texts_is_limited() {
        for text in
            ["a ".repeat(500_000), "a".repeat(1_000_000), "人".repeat(400_000), "\u{1b}[2J\u{301}".repeat(100_000)]
        {
            let mut count = 0;
            tokenize(&text, |_| count += 1);
            assert!(count <= MAX_BYTES, "{count}");
        }
    }

    #[test]
    fn frequent_words_survive_the_limit_of_distinct_words() {
        let (mut counts, mut article) = (DocFrequencyCounter::default(), WordCounts::default());
        let counted = |hash| CountedWord { hash, part: TITLE, count: 1 };
        for number in 0..2_000u32 {
            article.words =
                (0..300).map(|n| 1_000_000 + number * 300 + n).chain([7, 8 + number % 2]).map(counted).collect();
            counts.add(&article);
            assert!(counts.of.len() <= MAX_COUNTED_WORDS);
        }
        let counts = counts.finish();
        assert_eq!((counts.count(7), counts.count(8), counts.words.len() / 4), (Some(2_000), Some(1_000), 3));
    }

    #[test]
    fn rare_words_and_titles_weigh_more() {
        let (mut counts, mut article) = (DocFrequencyCounter::default(), WordCounts::default());
        for text in ["diablo beta", "diablo keys", "diablo news", "diablo inarius statue"] {
            article.count([text, "games"]);
            counts.add(&article);
        }
        let counts = counts.finish();
        let mut weights = Vec::new();
        article.count(["statue diablo", "inarius games"]);
        counts.weigh(&article, &mut weights);
        let weight = |word: &str| {
            let number = numbers(word)[0];
            weights.iter().find(|(known, _)| *known == number).map_or(0.0, |(_, weight)| *weight)
        };
        assert!(weight("statue") > weight("inarius") && weight("inarius") > weight("games"), "{weights:?}");
        assert!(weight("statue") > weight("diablo"), "{weights:?}");
        let sum: f32 = weights.iter().map(|(_, weight)| weight * weight).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        article.count(["", ""]);
        counts.weigh(&article, &mut weights);
        assert!(weights.is_empty());
        article.count([&(0..100).map(|n| format!("word{n} ")).collect::<String>(), ""]);
        counts.weigh(&article, &mut weights);
        assert_eq!(weights.len(), MAX_WORDS);
    }

    #[test]
    fn pairs_of_words_in_the_title_are_words_of_their_own() {
        let counts = DocFrequencies::default();
        let weights_of = |counts: &DocFrequencies, title: &str, excerpt: &str| {
            let (mut article, mut weights) = (WordCounts::default(), Vec::new());
            article.count([&fold(title), &fold(excerpt)]);
            counts.weigh(&article, &mut weights);
            weights
        };
        let product = |a: &[(u32, f32)], b: &[(u32, f32)]| -> f32 {
            let of = |word: u32| b.iter().find(|(other, _)| *other == word).map_or(0.0, |(_, weight)| *weight);
            a.iter().map(|(word, weight)| weight * of(*word)).sum()
        };
        let one = weights_of(&counts, "world boss event", "");
        let (same_order, other_order) =
            (weights_of(&counts, "a world boss event", ""), weights_of(&counts, "event a boss world", ""));
        assert!(product(&one, &same_order) > product(&one, &other_order));
        assert_eq!(weights_of(&counts, "", "world boss event").len(), 3);
    }

    #[test]
    fn the_words_to_look_up_are_limited_by_how_often_they_occur() {
        let counts = |count| {
            let of = (0..40).map(|word| (word, count)).collect();
            DocFrequencyCounter { articles: 100_000, of }.finish()
        };
        let weights = |words: std::ops::Range<u32>| -> Vec<(u32, f32)> {
            words.map(|word| (word, 1.0 / (word + 1) as f32)).collect()
        };
        for (words, kept) in [(0..40, 12), (0..3, 3), (100..148, 48), (38..48, 10)] {
            let mut limited = weights(words.clone());
            counts(5_000).limit(&mut limited);
            assert_eq!(limited, weights(words)[..kept]);
        }
        let mut limited = weights(0..40);
        counts(u32::MAX).limit(&mut limited);
        assert_eq!(limited, weights(0..MIN_WORDS as u32));
    }
}
