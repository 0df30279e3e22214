//! The related pane: a selection among what goes with the article, and what is known of that.

use super::scroll::scrolled;
use super::similar_cache::SimilarCache;
use crate::feed::{Feed, Related};

/// The selected entry and the first one shown.
#[derive(Clone, Debug, Default)]
pub struct RelatedPane {
    selected: usize,
    offset: usize,
    /// Articles like those that were shown.
    similar: SimilarCache,
}

impl RelatedPane {
    /// No entries. `finds_similar`: whether articles that are like the one shown go with it.
    pub fn new(finds_similar: bool) -> RelatedPane {
        RelatedPane { similar: SimilarCache::new(finds_similar), ..RelatedPane::default() }
    }

    /// The selected entry.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The first entry shown, before the frame makes sure that the selection is.
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

    /// Scrolls; the selection moves only where its row would not be among the `height` that are shown.
    pub fn scroll(&mut self, by: isize, height: usize, count: usize) {
        (self.offset, self.selected) = scrolled((self.offset, self.selected), by, height, count);
    }

    /// Goes back to the first entry, for another article.
    pub fn reset_to_top(&mut self) {
        (self.selected, self.offset) = (0, 0);
    }

    /// What goes with the article at a place in the feed.
    pub fn entries(&self, index: usize, feed: &Feed) -> Vec<Related> {
        self.similar.related(index, feed)
    }

    /// Articles like those that were shown.
    pub fn similar(&self) -> &SimilarCache {
        &self.similar
    }

    /// The same, to change.
    pub fn similar_mut(&mut self) -> &mut SimilarCache {
        &mut self.similar
    }

    /// Goes back to an earlier selection.
    pub fn restore(&mut self, before: &RelatedPane) {
        (self.selected, self.offset) = (before.selected, before.offset);
    }

    /// Takes over what the frame showed.
    pub fn frame_drawn(&mut self, offset: usize) {
        self.offset = offset;
    }
}
