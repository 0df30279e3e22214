//! The related pane: the selected entry, the scroll position, and the cache of similar articles.

use super::scroll::scrolled;
use super::similar_cache::SimilarCache;
use crate::feed::{Feed, Related};
use crate::jobs::similarity_index::IndexStore;

/// The selected entry, the first one shown, and the similar articles found so far.
#[derive(Clone, Debug, Default)]
pub struct RelatedPane {
    selected: usize,
    offset: usize,
    /// The similar articles of articles shown lately.
    similar: SimilarCache,
}

impl RelatedPane {
    /// The pane at its first entry. `similar`: where the index of similar articles is saved; `None` if they are not looked up.
    pub fn new(similar: Option<IndexStore>) -> RelatedPane {
        RelatedPane { similar: SimilarCache::new(similar), ..RelatedPane::default() }
    }

    /// The selected entry.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The first entry to show. The frame moves it so that the selection is on the screen.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Selects one of `count` entries.
    pub fn select(&mut self, entry: usize, count: usize) {
        self.selected = entry.min(count.saturating_sub(1));
    }

    /// Moves the selection; stops at the ends.
    pub fn step(&mut self, entries: isize, count: usize) {
        self.select(self.selected.saturating_add_signed(entries), count);
    }

    /// Scrolls by entries. The selection moves only if it would leave the `height` entries on the screen.
    pub fn scroll(&mut self, by: isize, height: usize, count: usize) {
        (self.offset, self.selected) = scrolled((self.offset, self.selected), by, height, count);
    }

    /// Selects the first entry, for another article.
    pub fn reset_to_top(&mut self) {
        (self.selected, self.offset) = (0, 0);
    }

    /// The related entries of the article at an index in the feed.
    pub fn entries(&self, index: usize, feed: &Feed) -> Vec<Related> {
        self.similar.related(index, feed)
    }

    /// The cache of similar articles.
    pub fn similar(&self) -> &SimilarCache {
        &self.similar
    }

    /// The cache of similar articles, to change.
    pub fn similar_mut(&mut self) -> &mut SimilarCache {
        &mut self.similar
    }

    /// Restores an earlier selection and scroll position.
    pub fn restore(&mut self, before: &RelatedPane) {
        (self.selected, self.offset) = (before.selected, before.offset);
    }

    /// Takes over the first entry that the frame showed.
    pub fn frame_drawn(&mut self, offset: usize) {
        self.offset = offset;
    }
}
