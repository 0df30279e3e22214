//! News: what arrived and what changed since the reader looked at the screen last, and what changed in this session.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::feed::{ArticleId, Feed};

/// Articles that arrived or changed while the program runs.
#[derive(Debug, Default)]
pub struct News {
    new: BTreeSet<ArticleId>,
    changed: BTreeSet<ArticleId>,
    /// A key was pressed since: what comes next is counted anew.
    seen: bool,
    /// It is known what had arrived when the session began.
    pub(super) begun: bool,
    /// The feed up to which changes are known; none before all articles were there for the first time.
    pub(super) known: Option<Arc<Feed>>,
}

impl News {
    /// How many articles arrived and how many others changed, up to a key and the news after it.
    pub fn counts(&self) -> (usize, usize) {
        (self.new.len(), self.changed.difference(&self.new).count())
    }

    /// Whether a key was pressed since the last news.
    pub fn are_seen(&self) -> bool {
        self.seen
    }

    /// The reader has seen them.
    pub fn see(&mut self) {
        self.seen = true;
    }

    fn begin(&mut self) {
        if std::mem::take(&mut self.seen) {
            (self.new, self.changed) = Default::default();
        }
    }

    pub(super) fn arrived(&mut self, articles: &[ArticleId]) {
        self.begin();
        self.new.extend(articles);
    }

    pub(super) fn changed(&mut self, articles: &[ArticleId]) {
        self.begin();
        self.changed.extend(articles);
    }

    /// Those articles are no news: they were there before, as others.
    pub(super) fn forget(&mut self, articles: &[ArticleId]) {
        for id in articles {
            self.new.remove(id);
            self.changed.remove(id);
        }
    }

    /// Forgets what is not there any more.
    pub(super) fn retain(&mut self, feed: &Feed) {
        let is_there = |id: &ArticleId| feed.place(*id).is_some();
        self.new.retain(is_there);
        self.changed.retain(is_there);
    }
}
