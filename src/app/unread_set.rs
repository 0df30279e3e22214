//! Which articles are unread, by their places, and how many of the rows: looked up for every row that is drawn.

use fixedbitset::FixedBitSet;

use super::rows::Rows;
use crate::feed::{ArticleId, Feed, Marks};

/// The places of what was read and of what the query finds.
#[derive(Debug, Default)]
pub struct UnreadSet {
    read: FixedBitSet,
    found: FixedBitSet,
    /// Number of unread articles that the query finds.
    count: usize,
    /// The number when the last session ended, until the marks are known.
    count_before: Option<usize>,
}

impl UnreadSet {
    /// Begins with the number when the last session ended.
    pub fn begin_with(&mut self, count: usize) {
        self.count_before = Some(count);
    }

    /// Whether the number is still that of the last session.
    pub fn is_of_last_session(&self) -> bool {
        self.count_before.is_some()
    }

    /// Forgets the number of the last session: the marks are known.
    pub fn end_last_session(&mut self) {
        self.count_before = None;
    }

    /// Number of unread articles that the query finds.
    pub fn count(&self) -> usize {
        self.count_before.unwrap_or(self.count)
    }

    /// Whether the article at a place is unread.
    pub fn has(&self, index: usize) -> bool {
        index < self.read.len() && !self.read.contains(index)
    }

    /// Whether the query finds the article at a place, in a row of its own or not.
    pub fn is_found(&self, index: usize) -> bool {
        self.found.contains(index)
    }

    /// Looks up what was read, in another feed or by other marks.
    pub fn rebuild(&mut self, feed: &Feed, marks: &Marks) {
        self.read = FixedBitSet::with_capacity(feed.len());
        // Looking an article up costs as much as looking at the marks of many.
        if marks.read_count() * 8 < feed.len() {
            self.read.extend(marks.read().filter_map(|id| feed.index_of(id)));
        } else {
            let is_read = |index: &usize| feed.id(*index).is_some_and(|id| marks.is_read(id));
            self.read.extend((0..feed.len()).filter(is_read));
        }
    }

    /// Takes in what the query finds.
    pub fn set_found(&mut self, found: &Rows) {
        self.found = found.set();
        self.recount();
    }

    /// Counts again.
    pub fn recount(&mut self) {
        self.count = self.found.difference_count(&self.read);
    }

    /// Updates an article whose marks changed.
    pub fn update(&mut self, id: ArticleId, feed: &Feed, marks: &Marks) {
        let Some(index) = feed.index_of(id) else { return };
        let (was, is) = (self.read.put(index), marks.is_read(id));
        self.read.set(index, is);
        if self.found.contains(index) {
            let counts = std::iter::once(&mut self.count).chain(&mut self.count_before);
            counts.for_each(|unread| *unread = (*unread + usize::from(was)).saturating_sub(usize::from(is)));
        }
    }

    /// Updates articles of which rules say something else.
    pub fn update_all(&mut self, articles: &[ArticleId], feed: &Feed, marks: &Marks) {
        // Those of the last session were counted with what rules said then.
        if self.count_before.is_some() || articles.len() * 8 > feed.len() {
            self.rebuild(feed, marks);
            self.recount();
        } else {
            articles.iter().for_each(|id| self.update(*id, feed, marks));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_the_last_session_holds_until_marks_are_known() {
        let mut unread = UnreadSet::default();
        unread.begin_with(7);
        unread.set_found(&Rows::All(0));
        assert_eq!((unread.count(), unread.is_of_last_session()), (7, true));
        unread.end_last_session();
        assert_eq!((unread.count(), unread.is_of_last_session()), (0, false));
    }
}
