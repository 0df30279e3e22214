//! Recognises near duplicates: the same news from another provider, as opposed to other news about the same subject.

use super::text_folding::fold;
use super::tf_idf::{Token, tokenize};
use crate::feed::Article;

/// Maximum number of days between near duplicates. Later, the same text is news again.
const MAX_DAYS: f32 = 3.0;
/// As [`MAX_DAYS`], if one title has a few words more than the other.
const MAX_DAYS_LONGER_TITLE: f32 = 1.0;
/// Minimum number of words for an equal title to count alone; shorter ones are often the names of series.
const MIN_TITLE_WORDS: usize = 4;
/// Minimum number of words for excerpts to be compared.
const MIN_EXCERPT_WORDS: usize = 6;

/// The parts of an article that are compared to recognise near duplicates: provider, and words of title and excerpt.
#[derive(Debug)]
pub struct Fingerprint {
    name: String,
    domain: String,
    title: Vec<Token>,
    excerpt: Vec<Token>,
}

/// How the providers of two articles differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Providers {
    /// They are the same, or not known.
    Same,
    /// Two names on one site, such as the channels of a video site.
    OneSite,
    /// Two sites, or two names without known sites.
    Others,
}

impl Fingerprint {
    /// The fingerprint of an article.
    pub fn of(article: &Article) -> Fingerprint {
        Fingerprint {
            name: fold(article.provider.name.as_str()),
            domain: fold(article.provider.domain.as_str()),
            title: word_set(article.title.as_str()),
            excerpt: word_set(article.excerpt.as_str()),
        }
    }

    /// Whether both articles are the same news from different providers. `days`: time between them, if known.
    ///
    /// They are if at least half of all words of the titles are shared (three quarters on one site) and the shares of titles
    /// and excerpts add up to at least 1.4. On different sites it is enough that the titles are equal, or that one has a few
    /// more words, the excerpts overlap, and at most a day is between them. Titles with different numbers are about different
    /// things.
    pub fn is_near_duplicate_of(&self, other: &Fingerprint, days: Option<f32>) -> bool {
        let providers = self.providers(other);
        // Missing dates do not exclude a copy; its title and excerpt must agree then.
        if providers == Providers::Same || days.is_some_and(|days| days > MAX_DAYS) {
            return false;
        }
        let (shared, title) = overlap(&self.title, &other.title);
        // `Patch 1.2` and `Patch 1.3` differ. A number in only one of the titles may be an addition.
        if has_number_without(&self.title, &other.title) && has_number_without(&other.title, &self.title) {
            return false;
        }
        let is_comparable = self.excerpt.len().min(other.excerpt.len()) >= MIN_EXCERPT_WORDS;
        let excerpt = if is_comparable { overlap(&self.excerpt, &other.excerpt).1 } else { 0.0 };
        // On a video site, other channels copy the description of a trailer under a similar title.
        let alike = if providers == Providers::OneSite { 0.75 } else { 0.5 };
        if title >= alike && title + excerpt >= 1.4 {
            return true;
        }
        // From here on the title decides nearly alone: two channels of one site do not suffice, and dates must be known.
        let Some(days) = days.filter(|_| providers == Providers::Others) else { return false };
        let shorter = self.title.len().min(other.title.len());
        let is_longer = shared == shorter && title >= 0.75 && excerpt >= 0.15 && days <= MAX_DAYS_LONGER_TITLE;
        shorter >= MIN_TITLE_WORDS && (title == 1.0 || is_longer)
    }

    fn providers(&self, other: &Fingerprint) -> Providers {
        // An unknown name may be the same, so it differs from no other.
        let differ = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
        let one_site = !self.domain.is_empty() && self.domain == other.domain;
        match differ(&self.name, &other.name) {
            _ if differ(&self.domain, &other.domain) => Providers::Others,
            true if one_site => Providers::OneSite,
            true => Providers::Others,
            false => Providers::Same,
        }
    }
}

/// The distinct words of a text, sorted.
fn word_set(text: &str) -> Vec<Token> {
    let mut set = Vec::new();
    tokenize(&fold(text), |word| set.push(word));
    set.sort_unstable();
    set.dedup();
    set
}

/// Number of words that two sets share, and their share of all words (the Jaccard index).
fn overlap(a: &[Token], b: &[Token]) -> (usize, f32) {
    let shared = a.iter().filter(|word| b.binary_search(word).is_ok()).count();
    let all = a.len() + b.len() - shared;
    (shared, if all == 0 { 0.0 } else { shared as f32 / all as f32 })
}

/// Whether a word with a digit is in `words` but not in `others`.
fn has_number_without(words: &[Token], others: &[Token]) -> bool {
    words.iter().any(|word| word.has_digit && others.binary_search(word).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: (&str, &str) = ("Harbour Post", "harbour.example");
    const OTHER: (&str, &str) = ("The Daily Tide", "tide.example");
    const COPY: (&str, &str) = ("Harbour Post on Portal", "portal.example");
    const PORTAL: (&str, &str) = ("Portal", "portal.example");
    const WORDS: &str =
        "The harbour will close its northern gate on Monday while divers repair the hinges, said the master.";

    fn fingerprint((name, domain): (&str, &str), title: &str, excerpt: &str) -> Fingerprint {
        Fingerprint { name: fold(name), domain: fold(domain), title: word_set(title), excerpt: word_set(excerpt) }
    }

    type Side<'a> = ((&'a str, &'a str), &'a str, &'a str);

    #[test]
    fn near_duplicates_differ_from_news_about_the_same_subject() {
        let closes = "Northern gate of the harbour closes on Monday";
        let cases: [(bool, &str, Side, Side, Option<f32>); 23] = [
            (true, "a copy", (SITE, closes, WORDS), (COPY, closes, WORDS), Some(0.4)),
            (true, "a copy without dates", (SITE, closes, WORDS), (COPY, closes, WORDS), None),
            (
                true,
                "a copy under another title",
                (SITE, closes, WORDS),
                (OTHER, "Harbour closes northern gate", WORDS),
                Some(1.0),
            ),
            (
                true,
                "an excerpt of its own",
                (SITE, closes, WORDS),
                (COPY, closes, "Divers go down to work."),
                Some(1.9),
            ),
            (true, "no excerpt", (SITE, closes, ""), (OTHER, closes, ""), Some(0.1)),
            (
                true,
                "another order",
                (SITE, closes, ""),
                (OTHER, "On Monday the northern gate of the harbour closes", ""),
                Some(0.1),
            ),
            (
                true,
                "a word more",
                (SITE, closes, WORDS),
                (
                    OTHER,
                    "Northern gate of the harbour closes on Monday, says master",
                    "Divers will repair the hinges: the master of the harbour will close the gate.",
                ),
                Some(0.5),
            ),
            (true, "two names at one site", (COPY, closes, WORDS), (PORTAL, closes, WORDS), Some(0.2)),
            (true, "names alone", (("A", ""), closes, WORDS), (("B", ""), closes, WORDS), Some(0.2)),
            (false, "the same provider", (SITE, closes, WORDS), (SITE, closes, WORDS), Some(0.2)),
            (
                false,
                "the same provider, written otherwise",
                (SITE, closes, WORDS),
                (("harbour post", "Harbour.example"), closes, WORDS),
                Some(0.2),
            ),
            (false, "no provider is known", (("", ""), closes, WORDS), (("", ""), closes, WORDS), Some(0.2)),
            (false, "one provider is unknown", (SITE, closes, WORDS), (("", ""), closes, WORDS), Some(0.2)),
            (false, "weeks later", (SITE, closes, WORDS), (OTHER, closes, WORDS), Some(20.0)),
            (false, "the same titles without dates", (SITE, closes, ""), (OTHER, closes, ""), None),
            (
                false,
                "another event",
                (SITE, closes, WORDS),
                (OTHER, "Harbour opens a museum of tides", "Visitors may come from Monday."),
                Some(0.2),
            ),
            (
                false,
                "another thing",
                (
                    SITE,
                    "Everything to know about the rogue class",
                    "Players of the beta may try the rogue, who is quick with knives.",
                ),
                (
                    OTHER,
                    "Everything to know about the sorcerer class",
                    "Players of the beta may try the sorcerer, a master of fire and ice.",
                ),
                Some(0.2),
            ),
            (
                false,
                "another number",
                (SITE, "Patch 1.2 of the game is here", WORDS),
                (OTHER, "Patch 1.3 of the game is here", WORDS),
                Some(0.9),
            ),
            (
                false,
                "a video about it",
                (
                    ("Site", "video.example"),
                    "Announcement trailer of the tide game",
                    "Watch how the tide comes in this summer, with music.",
                ),
                (
                    ("Fan", "video.example"),
                    "Announcement trailer of the tide game - reaction",
                    "I had to look at this, subscribe for more of me.",
                ),
                Some(0.1),
            ),
            (
                false,
                "a video that copies the description of another",
                (("Site", "video.example"), "Announcement trailer of the tide game", WORDS),
                (("Fan", "video.example"), "Announcement trailer of the tide game reaction.... what a trailer!", WORDS),
                Some(0.1),
            ),
            (
                false,
                "one title, two videos",
                (("A", "video.example"), closes, "My thoughts on what they showed us at the show today."),
                (("B", "video.example"), closes, "Support us with a little money if you like our faces."),
                Some(0.1),
            ),
            (
                false,
                "a title of a series",
                (SITE, "Weekly news", WORDS),
                (OTHER, "Weekly news", "What else there was, and more of it than you wish."),
                Some(0.1),
            ),
            (
                false,
                "a longer title days later",
                (SITE, "The best builds", WORDS),
                (OTHER, "The best builds of all", WORDS.get(40..).unwrap_or_default()),
                Some(2.5),
            ),
        ];
        for (same, what, a, b, days) in cases {
            let (a, b) = (fingerprint(a.0, a.1, a.2), fingerprint(b.0, b.1, b.2));
            assert_eq!(a.is_near_duplicate_of(&b, days), same, "{what}");
            assert_eq!(b.is_near_duplicate_of(&a, days), same, "{what}, the other way round");
        }
    }
}
