//! What is read: the feed, what the reader did with it, and the query that narrows it now.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::feed::{self, ArticleId, Feed, Marks, Problem, Topic};
use crate::query::Query;

/// The articles, and which of them are in view.
#[derive(Debug)]
pub struct Reading {
    /// All articles.
    pub feed: Arc<Feed>,
    /// Counts the feeds that were taken in: what was made from one holds for no other.
    pub generation: u64,
    /// What is wrong with files.
    pub problems: Vec<Problem>,
    /// What the reader did.
    pub marks: Marks,
    /// What narrows and orders the list.
    pub query: Query,
    /// The present time, as the last tick told it.
    pub now: DateTime<Utc>,
}

impl Reading {
    /// No articles yet.
    pub fn new(query: Query, now: DateTime<Utc>) -> Reading {
        let (feed, problems, marks) = (Arc::default(), Vec::new(), Marks::default());
        Reading { feed, generation: 0, problems, marks, query, now }
    }

    /// Takes in a feed in place of the one before.
    pub fn take(&mut self, feed: Arc<Feed>, problems: Vec<Problem>) {
        self.generation += 1;
        (self.feed, self.problems) = (feed, problems);
    }

    /// The places of the articles that the query finds, in its order.
    pub fn rows(&self) -> Vec<usize> {
        self.query.select(&self.feed, &self.marks, self.now)
    }

    /// The article at a place.
    pub fn id_at(&self, place: usize) -> Option<ArticleId> {
        self.feed.get(place).map(|article| article.id)
    }

    /// Whether the article at a place is still to be read.
    pub fn is_unread(&self, place: usize) -> bool {
        self.id_at(place).is_some_and(|id| !self.marks.is_read(id))
    }

    /// The topics to pick from, with counts: those of the articles that the query finds when no topic is picked.
    pub fn topics(&self) -> Vec<(Topic, usize)> {
        let rows = self.query.with_topics(&[]).select(&self.feed, &self.marks, self.now);
        let articles = rows.iter().filter_map(|&place| self.feed.get(place));
        feed::count_topics(articles.flat_map(|article| &article.topics))
    }
}
