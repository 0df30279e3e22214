//! The feed in use and its folded text for searches.

use std::sync::Arc;

use crate::feed::{ArticleId, Feed};
use crate::query::FoldedTexts;

/// The feed in use, its folded text, and how often it was replaced.
#[derive(Debug, Default)]
pub struct LoadedFeed {
    feed: Arc<Feed>,
    texts: Arc<FoldedTexts>,
    generation: u64,
}

impl LoadedFeed {
    /// The feed.
    pub fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    /// The folded text of its articles, filled when it is first searched.
    pub fn texts(&self) -> &Arc<FoldedTexts> {
        &self.texts
    }

    /// Number of feeds loaded so far. A cache built from one feed does not fit another.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Replaces the feed and returns the old one.
    pub fn replace(&mut self, feed: Arc<Feed>) -> Arc<Feed> {
        // Folded texts are found by index and belong to one feed.
        (self.texts, self.generation) = (Arc::default(), self.generation + 1);
        std::mem::replace(&mut self.feed, feed)
    }

    /// Whether `feed` is the feed in use: an answer about another one is stale.
    pub fn is_current(&self, feed: &Arc<Feed>) -> bool {
        // A feed never changes, so another state is another object.
        Arc::ptr_eq(feed, &self.feed)
    }

    /// The identity of the article at an index in the feed.
    pub fn id_at(&self, index: usize) -> Option<ArticleId> {
        self.feed.id(index)
    }
}
