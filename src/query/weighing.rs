//! What the words of an article weigh when it is compared with others: title before topics before excerpt, rare words before
//! frequent ones.

use rustc_hash::FxHashMap;
use unicode_normalization::char::is_combining_mark;

use super::fold::is_wordless;

/// Bytes of a text that are looked at: more than any title or excerpt worth the name has.
const LOOKED_AT: usize = 4096;
/// So many words of an article are compared: the heaviest.
const HEAVIEST: usize = 20;
/// What a word counts in the title, in a topic and in the excerpt.
const COUNTS: [u32; 3] = [10, 5, 2];
/// Where a word that stands in an article more often begins to count no more for it: the k1 of BM25, in words of a title.
const ENOUGH: f32 = 1.2;
/// So many different words are counted at most; of more, those found once are forgotten, then those found twice, and so on.
const COUNTED: usize = 400_000;

/// A word as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// A number for it: equal words have equal numbers on every machine.
    pub number: u32,
    /// It has a digit.
    pub has_digit: bool,
}

/// The words of a folded text, one by one. What is written without blanks gives each pair of neighbours; an English plural is
/// the same word as its singular.
pub fn words(text: &str, mut take: impl FnMut(Word)) {
    let text = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or_default();
    let (mut open, mut run) = (Open::default(), Run::default());
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
    !c.is_ascii() && (is_wordless(c) || matches!(c, '\u{ac00}'..='\u{d7af}'))
}

const START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits.
fn mixed(hash: u64, c: char) -> u64 {
    let mut bytes = [0; 4];
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    c.encode_utf8(&mut bytes).bytes().fold(hash, step)
}

/// A word from its hash.
fn word(hash: u64, has_digit: bool) -> Word {
    Word { number: (hash ^ (hash >> 32)) as u32, has_digit }
}

/// A word that is being read.
#[derive(Default)]
struct Open {
    length: usize,
    hash: u64,
    /// The hash without the last letter.
    shorter: u64,
    /// The last two letters.
    last: [char; 2],
    has_digit: bool,
}

impl Open {
    fn add(&mut self, c: char) {
        self.shorter = if self.length == 0 { START } else { self.hash };
        self.hash = mixed(self.shorter, c);
        self.last = [self.last[1], c];
        self.has_digit |= c.is_numeric();
        self.length += 1;
    }

    fn close(&mut self, take: &mut impl FnMut(Word)) {
        if self.length > 0 {
            let [before, last] = self.last;
            let is_plural = self.length > 3 && last == 's' && before.is_ascii_alphanumeric() && before != 's';
            take(word(if is_plural { self.shorter } else { self.hash }, self.has_digit));
        }
        *self = Open::default();
    }
}

/// A stretch without blanks that is being read.
#[derive(Default)]
struct Run {
    length: usize,
    last: char,
}

impl Run {
    fn add(&mut self, c: char, take: &mut impl FnMut(Word)) {
        if self.length > 0 {
            take(word(mixed(mixed(START, self.last), c), c.is_numeric()));
        }
        *self = Run { length: self.length + 1, last: c };
    }

    fn close(&mut self, take: &mut impl FnMut(Word)) {
        if self.length == 1 {
            take(word(mixed(START, self.last), self.last.is_numeric()));
        }
        self.length = 0;
    }
}

/// The words of one article with what they count in it, by their numbers.
#[derive(Debug, Default)]
pub struct Counted {
    words: Vec<(u32, u32)>,
}

impl Counted {
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
pub struct Counts {
    articles: usize,
    /// Words that stand in more than one.
    of: FxHashMap<u32, u32>,
}

impl Counts {
    /// Counts the words of one more article.
    pub fn add(&mut self, article: &Counted) {
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
    pub fn weigh(&self, article: &Counted, weighed: &mut Vec<(u32, f32)>) {
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
