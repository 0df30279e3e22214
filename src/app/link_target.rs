//! What a link of an article leads to for the reader, and the ids of articles in place of their numbers, which change with the feed.

use crate::feed::{ArticleId, Feed, LocalTarget, NamedLink, SafeText};

/// What following a link does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// The browser opens it, if its address may be opened.
    Browser,
    /// An article of the library is shown.
    Article {
        /// The article. It may vanish from the library later.
        id: ArticleId,
        /// The heading that is brought to the top of the screen.
        heading: Option<SafeText>,
    },
    /// The article is scrolled to a heading; to its top, if the text is empty.
    SamePage(SafeText),
    /// A picture of the article is shown.
    Picture,
    /// Nothing: the library does not have the article.
    Missing,
}

impl LinkTarget {
    /// The target of a link of the article with the id `from`.
    pub fn of(named: &NamedLink, from: ArticleId, feed: &Feed) -> LinkTarget {
        match &named.target {
            LocalTarget::NotLocal => LinkTarget::Browser,
            LocalTarget::Missing => LinkTarget::Missing,
            LocalTarget::SamePage { heading } => LinkTarget::SamePage(heading.clone()),
            LocalTarget::Article { index, heading } => match feed.id(*index) {
                Some(id) if id == from => LinkTarget::SamePage(heading.clone().unwrap_or_default()),
                Some(id) => LinkTarget::Article { id, heading: heading.clone() },
                None => LinkTarget::Missing,
            },
        }
    }
}
