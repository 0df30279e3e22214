//! News: the articles that arrived or changed during the session.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::feed::{ArticleId, Feed, Marks};
use crate::jobs::{ContentChanges, FirstContentHashes, Job, changed_articles};

/// The articles that arrived or changed during the session, for `is:new` and `is:changed`.
#[derive(Debug, Default)]
pub struct News {
    new: BTreeSet<ArticleId>,
    changed: Arc<BTreeSet<ArticleId>>,
    /// When the session started: articles that arrive from then on are new.
    session_start: Option<DateTime<Utc>>,
    /// For each changed article, its content before the first change in this session.
    first: Arc<FirstContentHashes>,
    counts: (usize, usize),
    /// A key was pressed since the last news arrived.
    seen: bool,
    /// The articles present at the start of the session are known.
    has_started: bool,
    /// The feed up to which changes are known. `None` until the first complete feed.
    known_feed: Option<Arc<Feed>>,
    /// The feed before the present one, until the arrivals of the present one are known.
    previous_feed: Option<Arc<Feed>>,
    /// Times of arrival are recorded as marks.
    records_arrivals: bool,
    /// The library was never opened before.
    is_first_visit: bool,
}

impl News {
    /// No news, in a session that starts now.
    pub fn since(now: DateTime<Utc>, records_arrivals: bool, is_first_visit: bool) -> News {
        // Arrivals are recorded in whole seconds.
        let session_start = DateTime::from_timestamp(now.timestamp(), 0);
        News { session_start, records_arrivals, is_first_visit, ..News::default() }
    }

    /// No news, of another library in the same session. `is_first_visit`: it was never opened before. `arrives`: its articles were
    /// not there at the start of the session, so all of them are new.
    pub fn library_replaced(&mut self, is_first_visit: bool, arrives: bool) {
        let session_start = self.session_start;
        *self = News { session_start, records_arrivals: true, is_first_visit, has_started: arrives, ..News::default() };
    }

    /// Whether times of arrival are recorded as marks.
    pub fn records_arrivals(&self) -> bool {
        self.records_arrivals
    }

    /// When the session started: articles that arrive from then on are new.
    pub fn session_start(&self) -> Option<DateTime<Utc>> {
        self.session_start
    }

    /// The articles that changed in this session.
    pub fn all_changed(&self) -> &Arc<BTreeSet<ArticleId>> {
        &self.changed
    }

    /// Number of articles that arrived, and that changed; hidden ones are not counted.
    pub fn counts(&self) -> (usize, usize) {
        self.counts
    }

    /// Whether a key was pressed since the last news arrived.
    pub fn are_seen(&self) -> bool {
        self.seen
    }

    /// Marks the news as seen: a key was pressed.
    pub fn mark_seen(&mut self) {
        self.seen = true;
    }

    /// Records the feed that was replaced, to find out what arrived with the new one.
    pub fn feed_replaced(&mut self, previous_feed: Arc<Feed>) {
        self.previous_feed = Some(previous_feed);
    }

    /// Removes and returns the feed before the present one, if its successor's arrivals are not known yet.
    pub fn take_feed_before(&mut self) -> Option<Arc<Feed>> {
        self.previous_feed.take()
    }

    /// The job that finds the articles that changed since the last such job. `None` for the first complete feed.
    pub fn find_changes(&mut self, feed: &Arc<Feed>) -> Option<Job> {
        let Some(known_feed) = self.known_feed.clone() else {
            self.known_feed = Some(feed.clone());
            return None;
        };
        // `known_feed` stays until the answer: one about an earlier feed is ignored, and the next job finds its changes too.
        Some(changed_articles::find(known_feed, self.first.clone(), feed.clone()))
    }

    /// Records the changes of a feed. Returns the articles for which `is:changed` gives another answer now.
    pub fn apply_changes(&mut self, feed: Arc<Feed>, changes: &ContentChanges) -> Vec<ArticleId> {
        self.known_feed = Some(feed);
        self.changed(changes);
        changes.changed.iter().map(|(id, _)| *id).chain(changes.reverted.clone()).collect()
    }

    /// Records articles that no session has seen before, of `all` articles in the feed. Returns their time of arrival.
    pub fn apply_arrivals(&mut self, articles: &[ArticleId], all: usize, now: DateTime<Utc>) -> DateTime<Utc> {
        let has_started = std::mem::replace(&mut self.has_started, true);
        // If the library is opened for the first time, or if all its articles are unknown at the start, the library is new to
        // the user, not its articles: they get a time of arrival before the session.
        let is_new_library = !has_started && (self.is_first_visit || articles.len() == all);
        match self.session_start {
            Some(start) if is_new_library => start - TimeDelta::seconds(1),
            _ => {
                self.arrived(articles.iter().copied());
                now
            }
        }
    }

    /// Adds new articles.
    pub fn arrived(&mut self, articles: impl IntoIterator<Item = ArticleId>) {
        let count = self.new.len();
        self.new.extend(articles);
        self.seen &= self.new.len() == count;
    }

    fn changed(&mut self, changes: &ContentChanges) {
        self.seen &= changes.changed.is_empty();
        let (first, changed) = (Arc::make_mut(&mut self.first), Arc::make_mut(&mut self.changed));
        for (id, read) in &changes.changed {
            // The first content stays: an article that has it again is not changed.
            first.entry(*id).or_insert(*read);
            changed.insert(*id);
        }
        for id in &changes.reverted {
            first.remove(id);
            changed.remove(id);
        }
    }

    /// Removes articles from the news: they were there before under another identity.
    pub fn forget(&mut self, articles: &[ArticleId]) {
        let (first, changed) = (Arc::make_mut(&mut self.first), Arc::make_mut(&mut self.changed));
        for id in articles {
            self.new.remove(id);
            changed.remove(id);
            first.remove(id);
        }
    }

    /// Counts the news that are in the feed and not hidden.
    pub fn count(&mut self, feed: &Feed, marks: &Marks) {
        let is_found = |id: &&ArticleId| feed.index_of(**id).is_some() && !marks.is_hidden(**id);
        self.counts = (self.new.iter().filter(is_found).count(), self.changed.iter().filter(is_found).count());
    }
}
