//! The unread articles as bit sets by article index, because every row drawn asks for its state; and their number.

use fixedbitset::FixedBitSet;

use super::rows::Rows;
use crate::feed::{ArticleId, Feed, Marks};
use crate::query::Query;

/// Bit sets of the articles that are read, that are hidden and that the query finds, and the number of unread ones.
#[derive(Debug, Default)]
pub struct UnreadSet {
    read: FixedBitSet,
    hidden: FixedBitSet,
    /// Number of hidden articles.
    hidden_count: usize,
    found: FixedBitSet,
    /// Number of unread articles that the query finds.
    count: usize,
    /// The number at the end of the last session, until the marks are loaded.
    count_before: Option<usize>,
}

impl UnreadSet {
    /// Starts with the number at the end of the last session.
    pub fn begin_with(&mut self, count: usize) {
        self.count_before = Some(count);
    }

    /// Whether the number is still the one of the last session.
    pub fn is_of_last_session(&self) -> bool {
        self.count_before.is_some()
    }

    /// Drops the number of the last session, because the marks are loaded.
    pub fn end_last_session(&mut self) {
        self.count_before = None;
    }

    /// Number of unread articles that the query finds.
    pub fn count(&self) -> usize {
        self.count_before.unwrap_or(self.count)
    }

    /// Number of articles that a query selects from: all that are not hidden, or all if the query asks for hidden ones. The
    /// number of those that it finds is in front of it: `12 of 90`.
    pub fn all_count(&self, query: &Query) -> usize {
        if query.mentions_hidden() { self.read.len() } else { self.read.len().saturating_sub(self.hidden_count) }
    }

    /// Whether the article at an index is unread.
    pub fn has(&self, index: usize) -> bool {
        // An index beyond the set is not an article of this feed, and not unread.
        index < self.read.len() && !self.read.contains(index)
    }

    /// The indices of the articles that are read.
    pub fn read(&self) -> &FixedBitSet {
        &self.read
    }

    /// Whether the query finds the article at an index, in a row of its own or folded.
    pub fn is_found(&self, index: usize) -> bool {
        self.found.contains(index)
    }

    /// Rebuilds the set of read articles, for another feed or other marks.
    pub fn rebuild(&mut self, feed: &Feed, marks: &Marks) {
        self.read = FixedBitSet::with_capacity(feed.len());
        // Finding the index of an article costs about as much as checking the marks of 8 articles.
        if marks.read().count() * 8 < feed.len() {
            self.read.extend(marks.read().filter_map(|id| feed.index_of(id)));
        } else {
            let is_read = |index: &usize| feed.id(*index).is_some_and(|id| marks.is_read(id));
            self.read.extend((0..feed.len()).filter(is_read));
        }
        self.hidden = FixedBitSet::with_capacity(feed.len());
        self.hidden.extend(marks.hidden().filter_map(|id| feed.index_of(id)));
        self.hidden_count = self.hidden.count_ones(..);
    }

    /// Sets the articles that the query finds.
    pub fn set_found(&mut self, found: &Rows) {
        self.found = found.set();
        self.recount();
    }

    /// Counts the unread articles again.
    pub fn recount(&mut self) {
        self.count = self.found.difference_count(&self.read);
    }

    /// Updates an article whose marks changed.
    pub fn update(&mut self, id: ArticleId, feed: &Feed, marks: &Marks) {
        let Some(index) = feed.index_of(id) else { return };
        let (was, is) = (self.read.put(index), marks.is_read(id));
        self.read.set(index, is);
        let is_hidden = marks.is_hidden(id);
        let was_hidden = self.hidden.put(index);
        self.hidden.set(index, is_hidden);
        self.hidden_count = (self.hidden_count + usize::from(is_hidden)).saturating_sub(usize::from(was_hidden));
        if self.found.contains(index) {
            // Marks set before those on disk are loaded also change the number of the last session.
            let counts = std::iter::once(&mut self.count).chain(&mut self.count_before);
            // The number of the last session may be too small for the marks of this one.
            counts.for_each(|unread| *unread = (*unread + usize::from(was)).saturating_sub(usize::from(is)));
        }
    }

    /// Updates articles whose rule results changed.
    pub fn update_all(&mut self, articles: &[ArticleId], feed: &Feed, marks: &Marks) {
        // `update` would also change the number of the last session, which includes the rule results of that time.
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
    use std::sync::Arc;

    use super::*;
    use crate::dates::{Now, Zone};
    use crate::feed::{Article, Change, DeviceId, HybridClock, Mark};

    #[test]
    fn the_number_of_the_last_session_applies_until_marks_are_loaded() {
        let mut unread = UnreadSet::default();
        unread.begin_with(7);
        unread.set_found(&Rows::All(0));
        assert_eq!((unread.count(), unread.is_of_last_session()), (7, true));
        unread.end_last_session();
        assert_eq!((unread.count(), unread.is_of_last_session()), (0, false));
    }

    #[test]
    fn a_query_selects_from_what_is_not_hidden_unless_it_asks_for_hidden_articles() {
        let now = Now { at: chrono::DateTime::UNIX_EPOCH, zone: Zone::Utc };
        let article = |n: u64| Arc::new(Article::builder(&format!("Tide {n}")).number(n).build());
        let feed = Feed::new((1..7).map(article).collect(), now);
        let id = |index: usize| feed.id(index).expect("an article");
        let (mut marks, mut unread) = (Marks::default(), UnreadSet::default());
        let mut clock = HybridClock::new(DeviceId(1));
        let query = |text: &str| Query::parse(text).expect("a query");
        let counts = |unread: &UnreadSet| {
            ["", "is:unread", "is:hidden", "-is:hidden"].map(|text| unread.all_count(&query(text)))
        };
        unread.rebuild(&feed, &marks);
        assert_eq!(counts(&unread), [6, 6, 6, 6]);
        // One by one, hidden twice, shown again, and read, which hides nothing; and the same from all marks.
        for (index, mark, shown) in [
            (1, Mark::Hidden(true), 5),
            (4, Mark::Hidden(true), 4),
            (4, Mark::Hidden(true), 4),
            (2, Mark::Read(Some(now.at)), 4),
            (1, Mark::Hidden(false), 5),
            (0, Mark::Hidden(false), 5),
        ] {
            marks.apply(&Change { stamp: clock.tick(now.at), mark: mark.clone(), articles: vec![id(index)] });
            unread.update(id(index), &feed, &marks);
            assert_eq!(counts(&unread), [shown, shown, 6, 6], "{index} {mark:?}");
            let mut rebuilt = UnreadSet::default();
            rebuilt.rebuild(&feed, &marks);
            assert_eq!(counts(&rebuilt), [shown, shown, 6, 6], "all marks, {index} {mark:?}");
        }
    }
}
