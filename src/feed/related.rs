//! Related articles: which go with an article, in which order, and why.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::article::{Article, Provider, RelatedLink};
use super::clean::Shown;
use super::link::Link;
use super::story::Story;

/// Why an article is related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Both belong to the same story.
    Story,
    /// The file of this article lists it.
    Given,
    /// Its file lists this article.
    LinksHere,
}

impl Reason {
    /// The reason in words, as shown and as on the command line.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Story => "in this story",
            Reason::Given => "given in the file",
            Reason::LinksHere => "links here",
        }
    }
}

/// Where a related entry leads.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// To an article of the library, by its place in the feed.
    Here(usize, &'a Article),
    /// To the web: the library does not hold it.
    Web(&'a RelatedLink),
}

impl<'a> Target<'a> {
    /// Its title; the file of the article is newer than the copy in an entry, so it goes first.
    pub fn title(&self) -> &'a Shown {
        match self {
            Target::Here(_, article) => &article.title,
            Target::Web(entry) => &entry.title,
        }
    }

    /// Its link.
    pub fn link(&self) -> Option<&'a Link> {
        match self {
            Target::Here(_, article) => article.link.as_ref(),
            Target::Web(entry) => entry.link.as_ref(),
        }
    }

    /// Who published it.
    pub fn provider(&self) -> &'a Provider {
        match self {
            Target::Here(_, article) => &article.provider,
            Target::Web(entry) => &entry.provider,
        }
    }

    /// When it was published.
    pub fn published(&self) -> Option<DateTime<Utc>> {
        match self {
            Target::Here(_, article) => article.published,
            Target::Web(entry) => entry.published,
        }
    }
}

/// One related article with its reason.
#[derive(Clone, Copy, Debug)]
pub struct Related<'a> {
    /// Why it is related.
    pub reason: Reason,
    /// Where it leads.
    pub target: Target<'a>,
}

/// Who names whom: the related entries of all files, led to the articles they mean, and the same the other way round.
#[derive(Debug, Default)]
pub struct Connections {
    /// For each article, where its entries lead, in their order; none: only on the web.
    given: Vec<Vec<Option<usize>>>,
    /// For each article, whose files name it.
    given_by: Vec<Vec<usize>>,
}

impl Connections {
    /// Leads every related entry to the article it means. `articles` in the order of the feed.
    pub fn new(articles: &[Arc<Article>]) -> Connections {
        let resolver = Resolver::new(articles);
        let given: Vec<Vec<Option<usize>>> =
            articles.iter().map(|a| a.related.iter().map(|entry| resolver.find(entry)).collect()).collect();
        let mut given_by = vec![Vec::new(); articles.len()];
        for (from, entries) in given.iter().enumerate() {
            for &to in entries.iter().flatten() {
                if to != from && given_by[to].last() != Some(&from) {
                    given_by[to].push(from);
                }
            }
        }
        Connections { given, given_by }
    }

    /// The places of the articles that the file of the article at `place` names.
    pub fn given(&self, place: usize) -> impl Iterator<Item = usize> {
        self.given.get(place).into_iter().flatten().flatten().copied()
    }

    /// Whether the file of the article at `place` names any, or any file names it.
    pub fn has_any(&self, place: usize) -> bool {
        let any_given = self.given.get(place).is_some_and(|entries| !entries.is_empty());
        any_given || self.given_by.get(place).is_some_and(|others| !others.is_empty())
    }

    /// Related articles of the article at `place`: those its file names, in the order of the file; then those whose files
    /// name it, newest first; then the rest of its story. Never itself, never one twice.
    pub fn related<'a>(&self, place: usize, articles: &'a [Arc<Article>], story: Option<&Story>) -> Vec<Related<'a>> {
        let Some(article) = articles.get(place) else {
            return Vec::new();
        };
        let in_story = |other| story.is_some_and(|story| story.head == other || story.members.contains(&other));
        let mut known = HashSet::from([place]);
        let mut known_on_web = HashSet::new();
        let mut found = Vec::new();
        let mut add_here = |found: &mut Vec<Related<'a>>, other: usize, reason: Reason| {
            if let Some(article) = articles.get(other)
                && known.insert(other)
            {
                let reason = if in_story(other) { Reason::Story } else { reason };
                found.push(Related { reason, target: Target::Here(other, article) });
            }
        };
        let entries = self.given.get(place).map_or(&[][..], Vec::as_slice);
        for (entry, here) in article.related.iter().zip(entries) {
            match here {
                Some(other) => add_here(&mut found, *other, Reason::Given),
                None => {
                    let name = entry.link.as_ref().map_or(&entry.title, |link| link.shown());
                    if known_on_web.insert(name) {
                        found.push(Related { reason: Reason::Given, target: Target::Web(entry) });
                    }
                }
            }
        }
        for &other in self.given_by.get(place).into_iter().flatten() {
            add_here(&mut found, other, Reason::LinksHere);
        }
        for other in
            story.into_iter().flat_map(|story| std::iter::once(story.head).chain(story.members.iter().copied()))
        {
            add_here(&mut found, other, Reason::Story);
        }
        found
    }
}

/// Finds the articles that related entries mean: by canonical link, else by title.
struct Resolver<'a> {
    by_link: HashMap<String, usize>,
    by_title: HashMap<&'a str, usize>,
}

impl<'a> Resolver<'a> {
    /// Learns links and titles; `articles` newest first, so of two with one title the newer is meant.
    fn new(articles: &'a [Arc<Article>]) -> Resolver<'a> {
        let (mut by_link, mut by_title) = (HashMap::new(), HashMap::new());
        for (place, article) in articles.iter().enumerate() {
            let others = article.other_links.iter().map(|(_, link)| link);
            for address in article.link.iter().chain(others).filter_map(|link| link.address()) {
                by_link.entry(address.canonical()).or_insert(place);
            }
            by_title.entry(article.title.as_str()).or_insert(place);
        }
        Resolver { by_link, by_title }
    }

    /// The place of the article that an entry means.
    fn find(&self, entry: &RelatedLink) -> Option<usize> {
        let by_link =
            entry.link.as_ref().and_then(|link| link.address()).and_then(|a| self.by_link.get(&a.canonical()));
        by_link.or_else(|| self.by_title.get(entry.title.as_str())).copied()
    }
}
