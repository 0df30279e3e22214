//! What a link in the body of an article leads to, as a value.

use super::clean::SafeText;

/// What a link in a body leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalTarget {
    /// An article of the library.
    Article {
        /// Its index in the feed.
        index: usize,
        /// The heading in it that the link names, as its author wrote it: its text, or its anchor.
        heading: Option<SafeText>,
    },
    /// A place in the article that has the link.
    SamePage {
        /// The heading as its author wrote it: its text, or its anchor. Empty for the top.
        heading: SafeText,
    },
    /// An article that the library does not have: the link is broken.
    Missing,
    /// Something else: a web address, a file of another kind, or a page of the site that may be made from no article.
    NotLocal,
}
