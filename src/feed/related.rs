//! Related articles of an article: which ones, in which order, and why.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use super::article::{Article, Provider, RelatedLink};
use super::clean::{self, SafeText};
use super::distinct_paths::distinguishing_paths;
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
    /// The body of this article links to it.
    LinksTo,
    /// Its body links to this article.
    LinkedFrom,
    /// It is the same news from another provider.
    SameNews,
    /// Its text is similar: the score in hundredths, 0 to 100.
    Similar(u8),
}

impl Reason {
    /// The reason in words, for the screen and the command line.
    pub fn words(self) -> SafeText {
        match self {
            Reason::Story => "in this story".into(),
            Reason::Listed => "given in the file".into(),
            Reason::LinksHere => "links here".into(),
            Reason::LinksTo => "links to".into(),
            Reason::LinkedFrom => "linked from".into(),
            Reason::SameNews => "same news".into(),
            Reason::Similar(hundredths) => clean::run(&format!("similar: {:.2}", f32::from(hundredths) / 100.0)),
        }
    }
}

/// The target of a related entry.
#[derive(Clone, Debug)]
pub enum Target {
    /// An article of the library, with its index in the feed.
    InLibrary(usize, Arc<Article>),
    /// A page on the web: the library does not have the article.
    Web(RelatedLink),
}

impl Target {
    /// True if both are the same article. They may come from different feeds, and only one feed may have the article.
    pub fn is_same_article(&self, other: &Target) -> bool {
        let link = |link: &Link| link.address().map_or_else(|| link.shown().to_string(), Address::canonical);
        match (self, other) {
            (Target::InLibrary(_, one), Target::InLibrary(_, other)) => one.id == other.id,
            _ => match (self.link(), other.link()) {
                (Some(one), Some(other)) => link(one) == link(other),
                _ => self.title() == other.title(),
            },
        }
    }

    /// Title. An article's own file is newer than the copy in a related entry, so it is preferred.
    pub fn title(&self) -> &SafeText {
        match self {
            Target::InLibrary(_, article) => &article.title,
            Target::Web(entry) => &entry.title,
        }
    }

    /// Link to the original.
    pub fn link(&self) -> Option<&Link> {
        match self {
            Target::InLibrary(_, article) => article.link.as_ref(),
            Target::Web(entry) => entry.link.as_ref(),
        }
    }

    /// The link to open or copy, see [`Article::link_to_open`].
    pub fn link_to_open(&self) -> Option<&Link> {
        match self {
            Target::InLibrary(_, article) => article.link_to_open(),
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

/// A related article with the reason.
#[derive(Clone, Debug)]
pub struct Related {
    /// The reason for listing it.
    pub reason: Reason,
    /// The article, or the page on the web.
    pub target: Target,
}

/// For each entry whose title others have as well, the end of the path of its article that tells them apart.
pub fn paths_of_same_titles(entries: &[Related]) -> Vec<Option<SafeText>> {
    let named: Vec<(&SafeText, &Path)> = entries
        .iter()
        .map(|entry| match &entry.target {
            Target::InLibrary(_, article) => (&article.title, article.path.as_path()),
            Target::Web(page) => (&page.title, Path::new("")),
        })
        .collect();
    let found = distinguishing_paths(&named);
    found.into_iter().map(|path| path.filter(|path| !path.is_empty())).collect()
}

/// The connections of an article to others, from files and stories.
pub struct Connections<'a> {
    /// The related entries of its file, each with the index of the article; `None` if the library does not have it.
    pub listed: Vec<(&'a RelatedLink, Option<usize>)>,
    /// The indices of the articles whose files list it, newest first.
    pub listed_by: Vec<usize>,
    /// The indices of the articles that its body links to, in the order of the body. One may be there twice.
    pub links_to: Vec<usize>,
    /// The indices of the articles whose bodies link to it, newest first.
    pub linked_from: Vec<usize>,
    /// The indices of the articles of its story, the head first.
    pub story: Vec<usize>,
}

impl Connections<'_> {
    /// The related articles of the article at `index`, in this order: those that its file lists, in the order of the file;
    /// those whose files list it, newest first; those that its body links to, in the order of the body; those whose bodies link
    /// to it, newest first; the rest of its story. The article itself is left out, and each article appears
    /// once. `get` returns the article at an index.
    pub fn related(&self, index: usize, get: impl Fn(usize) -> Option<Arc<Article>>) -> Vec<Related> {
        let in_story: HashSet<usize> = self.story.iter().copied().collect();
        let mut known = HashSet::from([index]);
        let mut known_on_web = HashSet::new();
        let mut found = Vec::new();
        let mut add_article = |found: &mut Vec<Related>, other: usize, reason: Reason| {
            if known.insert(other)
                && let Some(article) = get(other)
            {
                let reason = if in_story.contains(&other) { Reason::Story } else { reason };
                found.push(Related { reason, target: Target::InLibrary(other, article) });
            }
        };
        for (entry, in_library) in &self.listed {
            match in_library {
                Some(other) => add_article(&mut found, *other, Reason::Listed),
                None => {
                    let name = entry.link.as_ref().map_or(&entry.title, |link| link.shown());
                    if known_on_web.insert(name) {
                        found.push(Related { reason: Reason::Listed, target: Target::Web((*entry).clone()) });
                    }
                }
            }
        }
        self.listed_by.iter().for_each(|&other| add_article(&mut found, other, Reason::LinksHere));
        self.links_to.iter().for_each(|&other| add_article(&mut found, other, Reason::LinksTo));
        self.linked_from.iter().for_each(|&other| add_article(&mut found, other, Reason::LinkedFrom));
        self.story.iter().for_each(|&other| add_article(&mut found, other, Reason::Story));
        found
    }
}
