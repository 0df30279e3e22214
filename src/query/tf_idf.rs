//! What the words of an article weigh when it is compared with others: title before topics before excerpt, rare words before
//! frequent ones.

use rustc_hash::FxHashMap;
use unicode_normalization::char::is_combining_mark;

use super::text_folding::is_unspaced_script;
use crate::fnv;

/// Bytes of a text that are looked at: more than any title or excerpt worth the name has.
const LOOKED_AT: usize = 4096;
/// So many words of an article are compared: the heaviest.
pub const HEAVIEST: usize = 20;
/// What a word counts in the title, in a topic and in the excerpt.
const COUNTS: [u32; 3] = [10, 5, 2];
/// Where a word that stands in an article more often begins to count no more for it: the k1 of BM25, in words of a title.
const ENOUGH: f32 = 1.2;
/// So many different words are counted at most; of more, those found once are forgotten, then those found twice, and so on.
const COUNTED: usize = 400_000;

/// A word as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token {
    /// A number for it: equal words have equal numbers on every machine.
    pub number: u32,
    /// It has a digit.
    pub has_digit: bool,
}

/// The words of a folded text, one by one. What is written without blanks gives each pair of neighbours; an English plural is
/// the same word as its singular.
pub fn words(text: &str, mut take: impl FnMut(Token)) {
    let text = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or_default();
    let (mut open, mut run) = (WordBuilder::default(), PairBuilder::default());
    for c in text.chars() {
        if is_paired(c) {
            open.close(&mut take);
            run.add(c, &mut take);
            continue;
        }
        run.close(&mut take);
        match c.is_alphanumeric() || open.length > 0 && is_combining_mark(c) {
            true => open.add(c),
            false => open.close(&mut take),
        }
    }
    open.close(&mut take);
    run.close(&mut take);
}

/// Characters whose pairs stand for words.
fn is_paired(c: char) -> bool {
    !c.is_ascii() && (is_unspaced_script(c) || matches!(c, '\u{ac00}'..='\u{d7af}'))
}

/// The hash after one more character.
fn mixed(hash: u64, c: char) -> u64 {
    let mut bytes = [0; 4];
    fnv::hash_bytes(hash, c.encode_utf8(&mut bytes).bytes())
}

/// A word from its hash.
fn word(hash: u64, has_digit: bool) -> Token {
    Token { number: (hash ^ (hash >> 32)) as u32, has_digit }
}

/// A word that is being read.
#[derive(Default)]
struct WordBuilder {
    length: usize,
    hash: u64,
    /// The hash without the last letter.
    shorter: u64,
    /// The last two letters.
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
            let is_plural = self.length > 3 && last == 's' && before.is_ascii_alphanumeric() && before != 's';
            take(word(if is_plural { self.shorter } else { self.hash }, self.has_digit));
        }
        *self = WordBuilder::default();
    }
}

/// A stretch without blanks that is being read.
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

/// The words of one article with what they count in it, by their numbers.
#[derive(Debug, Default)]
pub struct WordCounts {
    words: Vec<(u32, u32)>,
}

impl WordCounts {
    /// Counts the words of an article: folded title, topics and excerpt.
    pub fn count(&mut self, texts: [&str; 3]) {
        self.words.clear();
        for (text, count) in texts.into_iter().zip(COUNTS) {
            words(text, |word| self.words.push((word.number, count)));
        }
        self.words.sort_unstable();
        self.words.dedup_by(|next, first| {
            let same = next.0 == first.0;
            first.1 += if same { next.1 } else { 0 };
            same
        });
    }
}

/// In how many articles each word stands.
#[derive(Debug, Default)]
pub struct DocFrequencies {
    articles: usize,
    /// Words that stand in more than one.
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
        while self.of.len() > COUNTED {
            self.of.retain(|_, count| *count > least);
            least += 1;
        }
    }

    /// Forgets what is known without it: words of one article alone.
    pub fn finish(&mut self) {
        self.of.retain(|_, count| *count > 1);
        self.of.shrink_to_fit();
    }

    /// Bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        self.of.capacity() * 10
    }

    /// The square root of what a word counts for in BM25: two articles that share it both bring it.
    fn rarity(&self, word: u32) -> f32 {
        let with = self.of.get(&word).copied().unwrap_or(1) as f32;
        let without = (self.articles as f32 - with).max(0.0);
        ((without + 0.5) / (with + 0.5)).ln_1p().sqrt()
    }

    /// The heaviest words of an article with their weights, by their numbers. The squares of the weights sum up to 1, so that
    /// the products of those that two articles share sum up to 1 when they have the same text.
    pub fn weigh(&self, article: &WordCounts, weighed: &mut Vec<(u32, f32)>) {
        weighed.clear();
        let enough = ENOUGH * COUNTS[0] as f32;
        let weight = |word: u32, count: f32| self.rarity(word) * count / (count + enough);
        weighed.extend(article.words.iter().map(|(word, count)| (*word, weight(*word, *count as f32))));
        if weighed.len() > HEAVIEST {
            weighed.select_nth_unstable_by(HEAVIEST, |(a, v), (b, w)| w.total_cmp(v).then(a.cmp(b)));
            weighed.truncate(HEAVIEST);
        }
        weighed.sort_unstable_by_key(|(word, _)| *word);
        let length = weighed.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        weighed.iter_mut().for_each(|(_, weight)| *weight /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::text_folding::fold;

    fn numbers(text: &str) -> Vec<u32> {
        let mut found = Vec::new();
        words(&fold(text), |word| found.push(word.number));
        found
    }

    #[test]
    fn words_are_told_apart() {
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
    fn what_has_no_blanks_is_read_in_pairs() {
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
    fn numbers_are_known() {
        let mut found = Vec::new();
        words("season 4 s4 第2章 four", |word| found.push(word.has_digit));
        assert_eq!(found, [false, true, true, false, true, false, false]);
    }

    /// What is kept from session to session, or shown, may not depend on the machine.
    #[test]
    fn equal_words_have_equal_numbers_everywhere() {
        assert_eq!(numbers("diablo 人工"), [840_312_846, 2_533_635_198]);
    }

    #[test]
    fn endless_texts_cost_no_more_than_long_ones() {
        for text in
            ["a ".repeat(500_000), "a".repeat(1_000_000), "人".repeat(400_000), "\u{1b}[2J\u{301}".repeat(100_000)]
        {
            let mut count = 0;
            words(&text, |_| count += 1);
            assert!(count <= LOOKED_AT, "{count}");
        }
    }

    #[test]
    fn of_endless_words_the_frequent_ones_are_remembered() {
        let (mut counts, mut article) = (DocFrequencies::default(), WordCounts::default());
        for number in 0..2_000u32 {
            article.words =
                (0..300).map(|n| (1_000_000 + number * 300 + n, 1)).chain([(7, 1), (8 + number % 2, 1)]).collect();
            counts.add(&article);
            assert!(counts.of.len() <= COUNTED);
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
        let mut weighed = Vec::new();
        article.count(["statue diablo", "games", "inarius"]);
        counts.weigh(&article, &mut weighed);
        let weight = |word: &str| {
            let number = numbers(word)[0];
            weighed.iter().find(|(known, _)| *known == number).map_or(0.0, |(_, weight)| *weight)
        };
        assert!(weight("statue") > weight("inarius") && weight("inarius") > weight("games"), "{weighed:?}");
        assert!(weight("statue") > weight("diablo"), "{weighed:?}");
        let sum: f32 = weighed.iter().map(|(_, weight)| weight * weight).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        article.count(["", "", ""]);
        counts.weigh(&article, &mut weighed);
        assert!(weighed.is_empty());
        article.count([&(0..100).map(|n| format!("word{n} ")).collect::<String>(), "", ""]);
        counts.weigh(&article, &mut weighed);
        assert_eq!(weighed.len(), HEAVIEST);
    }
}
