//! Where the reader was: kept when the session ends, and gone back to when the next one starts.

use crate::feed::ArticleId;

/// A query, an article of what it finds, and how both stood on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bookmark {
    /// The query, as text.
    pub query: String,
    /// The selected article.
    pub article: Option<ArticleId>,
    /// Rows of the list above it on the screen.
    pub above: usize,
    /// Its first line on the screen.
    pub scroll: usize,
    /// Whether keys went to the article.
    pub reading: bool,
}
