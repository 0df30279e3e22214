//! News: what arrived and what changed since the reader looked at the screen last, and what changed in this session.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::effect::{Effect, Effects};
use super::request::Request;
use super::state::State;
use crate::feed::{ArticleId, Feed};

/// Articles that arrived or changed while the program runs.
#[derive(Debug, Default)]
pub struct News {
    new: BTreeSet<ArticleId>,
    changed: BTreeSet<ArticleId>,
    /// A key was pressed since: what comes next is counted anew.
    seen: bool,
    /// It is known what had arrived when the session began.
    begun: bool,
    /// The feed up to which changes are known; none before all articles were there for the first time.
    known: Option<Arc<Feed>>,
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

    fn arrived(&mut self, articles: &[ArticleId]) {
        self.begin();
        self.new.extend(articles);
    }

    fn changed(&mut self, articles: &[ArticleId]) {
        self.begin();
        self.changed.extend(articles);
    }

    /// Forgets what is not there any more.
    fn retain(&mut self, feed: &Feed) {
        let is_there = |id: &ArticleId| feed.place(*id).is_some();
        self.new.retain(is_there);
        self.changed.retain(is_there);
    }
}

impl State {
    /// What arrived and changed.
    pub fn news(&self) -> &News {
        &self.news
    }

    /// Looks for articles that changed since it was known last what had.
    pub(super) fn note_changes(&mut self) -> Effects {
        let feed = self.reading.ground.feed.clone();
        if self.loading.is_some() || feed.is_damaged() {
            return Effects::none();
        }
        self.news.retain(&feed);
        let Some(known) = self.news.known.clone() else {
            self.news.known = Some(feed);
            return Effects::none();
        };
        let ticket = self.reading.ticket();
        Effect::Search(Box::new(Request::changes(ticket, known, self.reading.ground.clone()))).into()
    }

    /// Those articles changed, and so they are found by `is:changed`. An answer about a feed that is not there any more tells
    /// nothing: another one is on its way.
    pub(super) fn changed(&mut self, feed: &Arc<Feed>, articles: &[ArticleId]) -> Effects {
        if !Arc::ptr_eq(feed, &self.reading.ground.feed) {
            return Effects::none();
        }
        self.news.known = Some(feed.clone());
        if articles.is_empty() {
            return Effects::none();
        }
        self.news.changed(articles);
        self.reading.note_changed(articles);
        if self.query().names_changed() { self.reading.search(self.selected(), false) } else { Effects::none() }
    }

    /// Those articles arrived. When all of a library do as the session begins, it is the library that is new.
    pub(super) fn note_new(&mut self, articles: &[ArticleId]) {
        let begun = std::mem::replace(&mut self.news.begun, true);
        if !articles.is_empty() && (begun || articles.len() < self.feed().len()) {
            self.news.arrived(articles);
        }
    }
}
