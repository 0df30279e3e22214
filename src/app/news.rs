//! News: what arrived and what changed in this session.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::feed::{ArticleId, Feed, Marks};
use crate::jobs::{Changes, FirstRead};

/// Articles that arrived or changed while the program runs. The counts are those of what `is:new` and `is:changed` find.
#[derive(Debug, Default)]
pub struct News {
    new: BTreeSet<ArticleId>,
    changed: Arc<BTreeSet<ArticleId>>,
    /// When the session began: what arrives from then on is new.
    session_start: Option<DateTime<Utc>>,
    /// How those that changed read before that.
    first: Arc<FirstRead>,
    counts: (usize, usize),
    /// A key was pressed since the last news.
    seen: bool,
    /// It is known what had arrived when the session began.
    pub(super) begun: bool,
    /// The feed up to which changes are known; none before all articles were there for the first time.
    pub(super) known: Option<Arc<Feed>>,
    /// The feed before the present one, until it is known what arrived with that.
    pub(super) seen_before: Option<Arc<Feed>>,
}

impl News {
    /// No news yet, in a session that begins now.
    pub fn since(now: DateTime<Utc>) -> News {
        // Arrivals are kept in whole seconds.
        News { session_start: DateTime::from_timestamp(now.timestamp(), 0), ..News::default() }
    }

    /// When the session began: what arrives from then on is new.
    pub fn session_start(&self) -> Option<DateTime<Utc>> {
        self.session_start
    }

    /// The articles that changed in this session.
    pub fn all_changed(&self) -> &Arc<BTreeSet<ArticleId>> {
        &self.changed
    }

    /// How many articles arrived and how many changed.
    pub fn counts(&self) -> (usize, usize) {
        self.counts
    }

    /// Whether a key was pressed since the last news.
    pub fn are_seen(&self) -> bool {
        self.seen
    }

    /// The reader has seen them.
    pub fn see(&mut self) {
        self.seen = true;
    }

    /// How the articles that changed read at first.
    pub(super) fn first(&self) -> Arc<FirstRead> {
        self.first.clone()
    }

    pub(super) fn arrived(&mut self, articles: impl IntoIterator<Item = ArticleId>) {
        let before = self.new.len();
        self.new.extend(articles);
        self.seen &= self.new.len() == before;
    }

    pub(super) fn changed(&mut self, changes: &Changes) {
        self.seen &= changes.changed.is_empty();
        let (first, changed) = (Arc::make_mut(&mut self.first), Arc::make_mut(&mut self.changed));
        for (id, read) in &changes.changed {
            first.entry(*id).or_insert(*read);
            changed.insert(*id);
        }
        for id in &changes.back {
            first.remove(id);
            changed.remove(id);
        }
    }

    /// Those articles are no news: they were there before, as others.
    pub(super) fn forget(&mut self, articles: &[ArticleId]) {
        let (first, changed) = (Arc::make_mut(&mut self.first), Arc::make_mut(&mut self.changed));
        for id in articles {
            self.new.remove(id);
            changed.remove(id);
            first.remove(id);
        }
    }

    /// Counts those that are there and not hidden.
    pub(super) fn count(&mut self, feed: &Feed, marks: &Marks) {
        let is_found = |id: &&ArticleId| feed.place(**id).is_some() && !marks.is_hidden(**id);
        self.counts = (self.new.iter().filter(is_found).count(), self.changed.iter().filter(is_found).count());
    }
}
