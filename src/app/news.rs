//! News: what arrived and what changed in this session.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::feed::{ArticleId, Feed, Marks};
use crate::jobs::{ContentChanges, FirstVersions, Job, changed_articles};

/// Articles that arrived or changed while the program runs. The counts are those of what `is:new` and `is:changed` find.
#[derive(Debug, Default)]
pub struct News {
    new: BTreeSet<ArticleId>,
    changed: Arc<BTreeSet<ArticleId>>,
    /// When the session began: what arrives from then on is new.
    session_start: Option<DateTime<Utc>>,
    /// How those that changed read before that.
    first: Arc<FirstVersions>,
    counts: (usize, usize),
    /// A key was pressed since the last news.
    seen: bool,
    /// It is known what had arrived when the session began.
    begun: bool,
    /// The feed up to which changes are known; none before all articles were there for the first time.
    known: Option<Arc<Feed>>,
    /// The feed before the present one, until it is known what arrived with that.
    before: Option<Arc<Feed>>,
    /// Arrivals are recorded.
    records_arrivals: bool,
    /// The library was never opened before.
    is_first_visit: bool,
}

impl News {
    /// No news yet, in a session that begins now.
    pub fn since(now: DateTime<Utc>, records_arrivals: bool, is_first_visit: bool) -> News {
        // Arrivals are recorded in whole seconds.
        let session_start = DateTime::from_timestamp(now.timestamp(), 0);
        News { session_start, records_arrivals, is_first_visit, ..News::default() }
    }

    /// Whether arrivals are recorded.
    pub fn records_arrivals(&self) -> bool {
        self.records_arrivals
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
    pub fn mark_seen(&mut self) {
        self.seen = true;
    }

    /// Another feed takes the place of this one.
    pub fn feed_replaced(&mut self, before: Arc<Feed>) {
        self.before = Some(before);
    }

    /// Takes the feed before the present one, until it is known what arrived with that.
    pub fn take_feed_before(&mut self) -> Option<Arc<Feed>> {
        self.before.take()
    }

    /// The job that finds out what has changed since that was known last. None for the first feed.
    pub fn find_changes(&mut self, feed: &Arc<Feed>) -> Option<Job> {
        let Some(known) = self.known.clone() else {
            self.known = Some(feed.clone());
            return None;
        };
        Some(changed_articles::find(known, self.first.clone(), feed.clone()))
    }

    /// Takes in what has changed in a feed. Returns the articles that `is:changed` finds now and did not, or did.
    pub fn apply_changes(&mut self, feed: Arc<Feed>, changes: &ContentChanges) -> Vec<ArticleId> {
        self.known = Some(feed);
        self.changed(changes);
        changes.changed.iter().map(|(id, _)| *id).chain(changes.reverted.clone()).collect()
    }

    /// Takes in articles that no session has seen before, of `all` in the feed. Returns when they arrived.
    pub fn apply_arrivals(&mut self, articles: &[ArticleId], all: usize, now: DateTime<Utc>) -> DateTime<Utc> {
        let begun = std::mem::replace(&mut self.begun, true);
        // When a library is opened for the first time, or all of it arrives as the session begins, the library is new, and its
        // articles were there before.
        let is_new_library = !begun && (self.is_first_visit || articles.len() == all);
        match self.session_start {
            Some(start) if is_new_library => start - TimeDelta::seconds(1),
            _ => {
                self.arrived(articles.iter().copied());
                now
            }
        }
    }

    /// Those articles are new.
    pub fn arrived(&mut self, articles: impl IntoIterator<Item = ArticleId>) {
        let before = self.new.len();
        self.new.extend(articles);
        self.seen &= self.new.len() == before;
    }

    fn changed(&mut self, changes: &ContentChanges) {
        self.seen &= changes.changed.is_empty();
        let (first, changed) = (Arc::make_mut(&mut self.first), Arc::make_mut(&mut self.changed));
        for (id, read) in &changes.changed {
            first.entry(*id).or_insert(*read);
            changed.insert(*id);
        }
        for id in &changes.reverted {
            first.remove(id);
            changed.remove(id);
        }
    }

    /// Those articles are no news: they were there before, as others.
    pub fn forget(&mut self, articles: &[ArticleId]) {
        let (first, changed) = (Arc::make_mut(&mut self.first), Arc::make_mut(&mut self.changed));
        for id in articles {
            self.new.remove(id);
            changed.remove(id);
            first.remove(id);
        }
    }

    /// Counts those that are there and not hidden.
    pub fn count(&mut self, feed: &Feed, marks: &Marks) {
        let is_found = |id: &&ArticleId| feed.index_of(**id).is_some() && !marks.is_hidden(**id);
        self.counts = (self.new.iter().filter(is_found).count(), self.changed.iter().filter(is_found).count());
    }
}
