//! All loaded articles: the present feed, and its text for searches.

use std::sync::Arc;

use crate::feed::{ArticleId, Feed};
use crate::query::FoldedTexts;

/// The feed that is read now.
#[derive(Debug, Default)]
pub struct LoadedFeed {
    feed: Arc<Feed>,
    texts: Arc<FoldedTexts>,
    generation: u64,
}

impl LoadedFeed {
    /// All articles.
    pub fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }

    /// Their folded text, which is made when it is first searched.
    pub fn texts(&self) -> &Arc<FoldedTexts> {
        &self.texts
    }

    /// The number of feeds taken in so far: what was made from one does not fit another.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Puts a feed in place of the one before, which is returned.
    pub fn replace(&mut self, feed: Arc<Feed>) -> Arc<Feed> {
        (self.texts, self.generation) = (Arc::default(), self.generation + 1);
        std::mem::replace(&mut self.feed, feed)
    }

    /// Whether an answer about `feed` is about the present one.
    pub fn is_current(&self, feed: &Arc<Feed>) -> bool {
        Arc::ptr_eq(feed, &self.feed)
    }

    /// The article at a place in the feed.
    pub fn id_at(&self, index: usize) -> Option<ArticleId> {
        self.feed.id(index)
    }
}
