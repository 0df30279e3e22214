//! Related articles: which go with an article, in which order, and why.

use std::collections::HashSet;
use std::sync::Arc;

use super::article::{Article, Provider, RelatedLink};
use super::clean::{self, SafeText};
use super::link::{Address, Link};
use crate::dates::Date;

/// Why an article is related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Both belong to the same story.
    Story,
    /// The file of this article lists it.
    Listed,
    /// Its file lists this article.
    LinksHere,
    /// It is the same news from another provider.
    SameNews,
    /// It is like it, by so many hundredths.
    Similar(u8),
}

impl Reason {
    /// The reason in words, as shown and as on the command line.
    pub fn words(self) -> SafeText {
        match self {
            Reason::Story => "in this story".into(),
            Reason::Listed => "given in the file".into(),
            Reason::LinksHere => "links here".into(),
            Reason::SameNews => "same news".into(),
            Reason::Similar(hundredths) => clean::run(&format!("similar: {:.2}", f32::from(hundredths) / 100.0)),
        }
    }
}

/// Where a related entry leads.
#[derive(Clone, Debug)]
pub enum Target {
    /// To an article of the library, by its place in the feed.
    InLibrary(usize, Arc<Article>),
    /// To the web: the library does not hold it.
    Web(RelatedLink),
}

impl Target {
    /// Whether both lead to the same article, in whichever feeds, also when the library holds it in only one of them.
    pub fn is(&self, other: &Target) -> bool {
        let link = |link: &Link| link.address().map_or_else(|| link.shown().to_string(), Address::canonical);
        match (self, other) {
            (Target::InLibrary(_, one), Target::InLibrary(_, other)) => one.id == other.id,
            _ => match (self.link(), other.link()) {
                (Some(one), Some(other)) => link(one) == link(other),
                _ => self.title() == other.title(),
            },
        }
    }

    /// Its title; the file of the article is newer than the copy in an entry, so it goes first.
    pub fn title(&self) -> &SafeText {
        match self {
            Target::InLibrary(_, article) => &article.title,
            Target::Web(entry) => &entry.title,
        }
    }

    /// Its link.
    pub fn link(&self) -> Option<&Link> {
        match self {
            Target::InLibrary(_, article) => article.link.as_ref(),
            Target::Web(entry) => entry.link.as_ref(),
        }
    }

    /// Who published it.
    pub fn provider(&self) -> &Provider {
        match self {
            Target::InLibrary(_, article) => &article.provider,
            Target::Web(entry) => &entry.provider,
        }
    }

    /// When it was published.
    pub fn published(&self) -> Option<Date> {
        match self {
            Target::InLibrary(_, article) => article.published,
            Target::Web(entry) => entry.published,
        }
    }
}

/// One related article with its reason.
#[derive(Clone, Debug)]
pub struct Related {
    /// Why it is related.
    pub reason: Reason,
    /// Where it leads.
    pub target: Target,
}

/// What the files and the story say of an article.
pub struct Connections<'a> {
    /// The entries of its file, each with the place that it leads to; none: only on the web.
    pub listed: Vec<(&'a RelatedLink, Option<usize>)>,
    /// The places of the articles whose files name it, newest first.
    pub listed_by: Vec<usize>,
    /// The places of the articles of its story, the head first.
    pub story: Vec<usize>,
}

impl Connections<'_> {
    /// Related articles of the article at `place`: those its file names, in the order of the file; then those whose files
    /// name it, newest first; then the rest of its story. Never itself, never one twice. `get` is the article at a place.
    pub fn related(&self, index: usize, get: impl Fn(usize) -> Option<Arc<Article>>) -> Vec<Related> {
        let in_story: HashSet<usize> = self.story.iter().copied().collect();
        let mut known = HashSet::from([index]);
        let mut known_on_web = HashSet::new();
        let mut found = Vec::new();
        let mut add_here = |found: &mut Vec<Related>, other: usize, reason: Reason| {
            if known.insert(other)
                && let Some(article) = get(other)
            {
                let reason = if in_story.contains(&other) { Reason::Story } else { reason };
                found.push(Related { reason, target: Target::InLibrary(other, article) });
            }
        };
        for (entry, here) in &self.listed {
            match here {
                Some(other) => add_here(&mut found, *other, Reason::Listed),
                None => {
                    let name = entry.link.as_ref().map_or(&entry.title, |link| link.shown());
                    if known_on_web.insert(name) {
                        found.push(Related { reason: Reason::Listed, target: Target::Web((*entry).clone()) });
                    }
                }
            }
        }
        self.listed_by.iter().for_each(|&other| add_here(&mut found, other, Reason::LinksHere));
        self.story.iter().for_each(|&other| add_here(&mut found, other, Reason::Story));
        found
    }
}
