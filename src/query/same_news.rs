//! The same news from another provider: told apart from articles that are about the same.

use super::fold::fold;
use super::weighing::{Word, words};
use crate::feed::Article;

/// News is the same within so many days; afterwards it is news again.
const DAYS: f32 = 3.0;
/// The same for titles of which one says a word or two more.
const DAYS_OF_LONGER: f32 = 1.0;
/// Words of a title that is not every second one's.
const TITLE: usize = 4;
/// Words of an excerpt that says something.
const EXCERPT: usize = 6;

/// What tells whether two articles are the same news.
#[derive(Debug)]
pub struct Paper {
    name: String,
    domain: String,
    title: Vec<Word>,
    excerpt: Vec<Word>,
}

/// How two providers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Providers {
    /// Not at all, or it is not known.
    Same,
    /// Two names at one site, as the channels of a site for videos are.
    OneSite,
    /// They are others.
    Others,
}

impl Paper {
    /// What of an article tells it.
    pub fn of(article: &Article) -> Paper {
        let set = |text: &str| {
            let mut set = Vec::new();
            words(&fold(text), |word| set.push(word));
            set.sort_unstable();
            set.dedup();
            set
        };
        Paper {
            name: fold(article.provider.name.as_str()),
            domain: fold(article.provider.domain.as_str()),
            title: set(article.title.as_str()),
            excerpt: set(article.excerpt.as_str()),
        }
    }

    /// Whether both are the same news, of different providers; `days` lie between them, if that is known. Nearly the same
    /// words in titles and excerpts say so; at different sites a title that is the same does, or one that only says a word
    /// more, when the excerpts have something in common. Titles with different numbers are about different things.
    pub fn is_same_news(&self, other: &Paper, days: Option<f32>) -> bool {
        let providers = self.providers(other);
        if providers == Providers::Same || days.is_some_and(|days| days > DAYS) {
            return false;
        }
        let (shared, title) = share(&self.title, &other.title);
        if has_number_without(&self.title, &other.title) && has_number_without(&other.title, &self.title) {
            return false;
        }
        let says = self.excerpt.len().min(other.excerpt.len()) >= EXCERPT;
        let excerpt = if says { share(&self.excerpt, &other.excerpt).1 } else { 0.0 };
        if title >= 0.5 && title + excerpt >= 1.4 {
            return true;
        }
        let Some(days) = days.filter(|_| providers == Providers::Others) else { return false };
        let shorter = self.title.len().min(other.title.len());
        let is_longer = shared == shorter && title >= 0.75 && excerpt >= 0.15 && days <= DAYS_OF_LONGER;
        shorter >= TITLE && (title == 1.0 || is_longer)
    }

    fn providers(&self, other: &Paper) -> Providers {
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

/// How many words two sets share, and which part of all their words that is.
fn share(a: &[Word], b: &[Word]) -> (usize, f32) {
    let shared = a.iter().filter(|word| b.binary_search(word).is_ok()).count();
    let all = a.len() + b.len() - shared;
    (shared, if all == 0 { 0.0 } else { shared as f32 / all as f32 })
}

/// Whether there is a number among words that is not among others.
fn has_number_without(words: &[Word], others: &[Word]) -> bool {
    words.iter().any(|word| word.has_digit && others.binary_search(word).is_err())
}
