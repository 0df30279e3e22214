//! The error for an article that can no longer be read.

use crate::feed::{Feed, SafeText, clean};

/// Error: an article of a feed can no longer be read, since its stored bytes are damaged. Names its file if that is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} can no longer be read: the cache is damaged. The files are read again: repeat the command")]
pub struct UnreadableArticle(SafeText);

impl UnreadableArticle {
    /// The error for the article at an index.
    pub fn of(feed: &Feed, index: usize) -> UnreadableArticle {
        UnreadableArticle(feed.path(index).map_or("an article".into(), |path| clean::path(&path)))
    }
}
