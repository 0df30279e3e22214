//! TF-IDF weights of the words of an article, for comparing it with others. Words in the title weigh more than in topics, and
//! those more than in the excerpt; rare words weigh more than frequent ones.

use rustc_hash::FxHashMap;
use unicode_normalization::char::is_combining_mark;

use super::text_folding::is_unspaced_script;
use crate::fnv;

/// Maximum number of bytes of a text that are read; real titles and excerpts are shorter.
const MAX_BYTES: usize = 4096;
/// Number of words of an article that are compared: those with the highest weights.
pub const MAX_WORDS: usize = 20;
/// Weight of an occurrence in the title, in a topic, and in the excerpt.
const FIELD_WEIGHTS: [u32; 3] = [10, 5, 2];
/// Saturation of repeated words, in words of a title: the parameter k1 of BM25.
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

/// Calls `take` for each word of a folded text. In scripts without blanks, each pair of neighbouring characters is a word. An
/// English plural is the same word as its singular.
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

/// A word being read.
#[derive(Default)]
struct WordBuilder {
    length: usize,
    hash: u64,
    /// The hash without the last letter, for plurals.
    shorter: u64,
    /// The last two letters, the latest second.
    last: [char; 2],
    has_digit: bool,
}

impl WordBuilder {
    fn add(&mut self, c: char) {
        self.shorter = if self.length == 0 { fnv::OFFSET_BASIS } else { self.hash };
        self.hash = mixed(self.shorter, c);
        self.last = [self.last[1], c];
        self.has_digit |= c.is_numeric();
        self.length += 1;
    }

    fn close(&mut self, take: &mut impl FnMut(Token)) {
        if self.length > 0 {
            let [before, last] = self.last;
            // `gas` and `bus` are not plurals, and neither is `boss`.
            let is_plural = self.length > 3 && last == 's' && before.is_ascii_alphanumeric() && before != 's';
            take(word(if is_plural { self.shorter } else { self.hash }, self.has_digit));
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

/// The words of one article with the sum of their weights, sorted by hash.
#[derive(Debug, Default)]
pub struct WordCounts {
    words: Vec<(u32, u32)>,
}

impl WordCounts {
    /// Counts the words of folded title, topics and excerpt.
    pub fn count(&mut self, texts: [&str; 3]) {
        self.words.clear();
        for (text, count) in texts.into_iter().zip(FIELD_WEIGHTS) {
            tokenize(text, |word| self.words.push((word.hash, count)));
        }
        self.words.sort_unstable();
        self.words.dedup_by(|next, first| {
            let same = next.0 == first.0;
            first.1 += if same { next.1 } else { 0 };
            same
        });
    }
}

/// In how many articles each word occurs.
#[derive(Debug, Default)]
pub struct DocFrequencies {
    articles: usize,
    /// Number of articles of each word that occurs in more than one.
    of: FxHashMap<u32, u32>,
}

impl DocFrequencies {
    /// Counts the words of one more article.
    pub fn add(&mut self, article: &WordCounts) {
        self.articles += 1;
        for (word, _) in &article.words {
            *self.of.entry(*word).or_default() += 1;
        }
        let mut least = 1;
        while self.of.len() > MAX_COUNTED_WORDS {
            self.of.retain(|_, count| *count > least);
            least += 1;
        }
    }

    /// Drops words that occur in one article: that is the default for unknown words.
    pub fn finish(&mut self) {
        self.of.retain(|_, count| *count > 1);
        self.of.shrink_to_fit();
    }

    /// Estimated memory in bytes.
    pub fn bytes(&self) -> usize {
        // 8 bytes per entry and 1 byte of control data, at a maximum load of 7/8.
        self.of.capacity() * 10
    }

    /// Square root of the inverse document frequency of BM25: a comparison multiplies the weights of both articles.
    fn sqrt_idf(&self, word: u32) -> f32 {
        let with = self.of.get(&word).copied().unwrap_or(1) as f32;
        // Unknown words count as in one article, also in an index without articles.
        let without = (self.articles as f32 - with).max(0.0);
        ((without + 0.5) / (with + 0.5)).ln_1p().sqrt()
    }

    /// The words of an article with the highest weights, by hash. The squares of the weights add up to 1, so the products of
    /// the weights of two articles with the same text add up to 1.
    pub fn weigh(&self, article: &WordCounts, weights: &mut Vec<(u32, f32)>) {
        weights.clear();
        let saturation = SATURATION * FIELD_WEIGHTS[0] as f32;
        let weight = |word: u32, count: f32| self.sqrt_idf(word) * count / (count + saturation);
        weights.extend(article.words.iter().map(|(word, count)| (*word, weight(*word, *count as f32))));
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
        let (mut counts, mut article) = (DocFrequencies::default(), WordCounts::default());
        for number in 0..2_000u32 {
            article.words =
                (0..300).map(|n| (1_000_000 + number * 300 + n, 1)).chain([(7, 1), (8 + number % 2, 1)]).collect();
            counts.add(&article);
            assert!(counts.of.len() <= MAX_COUNTED_WORDS);
        }
        counts.finish();
        assert_eq!((counts.of.get(&7), counts.of.get(&8), counts.of.len()), (Some(&2_000), Some(&1_000), 3));
    }

    #[test]
    fn rare_words_and_titles_weigh_more() {
        let (mut counts, mut article) = (DocFrequencies::default(), WordCounts::default());
        for text in ["diablo beta", "diablo keys", "diablo news", "diablo inarius statue"] {
            article.count([text, "games", ""]);
            counts.add(&article);
        }
        counts.finish();
        let mut weights = Vec::new();
        article.count(["statue diablo", "games", "inarius"]);
        counts.weigh(&article, &mut weights);
        let weight = |word: &str| {
            let number = numbers(word)[0];
            weights.iter().find(|(known, _)| *known == number).map_or(0.0, |(_, weight)| *weight)
        };
        assert!(weight("statue") > weight("inarius") && weight("inarius") > weight("games"), "{weights:?}");
        assert!(weight("statue") > weight("diablo"), "{weights:?}");
        let sum: f32 = weights.iter().map(|(_, weight)| weight * weight).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        article.count(["", "", ""]);
        counts.weigh(&article, &mut weights);
        assert!(weights.is_empty());
        article.count([&(0..100).map(|n| format!("word{n} ")).collect::<String>(), "", ""]);
        counts.weigh(&article, &mut weights);
        assert_eq!(weights.len(), MAX_WORDS);
    }
}
