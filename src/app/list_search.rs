//! The search that the list shows: its query, the marks it looks at, the job under way, and what earlier ones matched.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use crate::dates::Now;
use crate::feed::{ArticleId, Change, Marks, RuleOverlay};
use crate::jobs::{Job, JobId, list_rows};
use crate::query::{Query, QueryError, SavedSearches, SearchContext, SearchResult};

/// The number of searches whose matches are remembered: those that the reader comes back to while typing.
const REMEMBERED: usize = 16;

/// The query, and how far its search is.
#[derive(Debug)]
pub struct ListSearch {
    query: Query,
    saved: SavedSearches,
    /// The marks that searches look at. They stay as they were, so that nothing vanishes under the cursor.
    view: Arc<Marks>,
    /// The search that is not answered yet.
    pending: Option<PendingSearch>,
    /// A search that begins when the rules have answered.
    deferred: Option<DeferredSearch>,
    /// The last complete searches and what they matched, as long as nothing has changed that they looked at.
    known: Vec<(Query, Arc<FixedBitSet>)>,
}

/// A search under way.
#[derive(Clone, Debug)]
pub struct PendingSearch {
    job: JobId,
    query: Query,
    marks: Arc<Marks>,
    now: Now,
    /// The article that was selected when it began.
    pub anchor: Option<ArticleId>,
    /// The query is another one, not the articles.
    pub is_new_query: bool,
}

/// A search that has to wait.
#[derive(Clone, Copy, Debug)]
pub struct DeferredSearch {
    /// The selected article.
    pub anchor: Option<ArticleId>,
    /// The query is another one.
    pub is_new_query: bool,
}

impl ListSearch {
    /// A query, and the saved searches that it may name.
    pub fn new(query: Query, saved: SavedSearches) -> ListSearch {
        let (view, known) = (Arc::default(), Vec::new());
        ListSearch { query, saved, view, pending: None, deferred: None, known }
    }

    /// What narrows and orders the list.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Saved searches.
    pub fn saved(&self) -> &SavedSearches {
        &self.saved
    }

    /// Sets the query.
    pub fn set_query(&mut self, query: Query) {
        self.query = query;
    }

    /// Sets the saved searches.
    pub fn set_saved(&mut self, saved: SavedSearches) {
        self.saved = saved;
    }

    /// Reads a query, in which saved searches may be named.
    pub fn parse(&self, text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, &self.saved)
    }

    // The search under way.

    /// Starts the search. What a wider query matched is not looked at again.
    pub fn start(&mut self, search_context: SearchContext, anchor: Option<ArticleId>, is_new_query: bool) -> Job {
        self.deferred = None;
        let wider = self.known.iter().filter(|(wider, _)| self.query.implies(wider)).map(|(_, matched)| matched);
        let within = wider.min_by_key(|matched| matched.count_ones(..)).cloned();
        let search_context = self.search_context(search_context);
        let (query, marks, now) = (self.query.clone(), search_context.marks.clone(), search_context.now);
        let job = list_rows::find(&query, search_context, within);
        self.pending = Some(PendingSearch { job: job.id, query, marks, now, anchor, is_new_query });
        job
    }

    /// Has the search started when the rules have answered.
    pub fn defer(&mut self, anchor: Option<ArticleId>, is_new_query: bool) {
        self.deferred = Some(DeferredSearch { anchor, is_new_query });
    }

    /// Takes the search that waits for the rules.
    pub fn take_deferred(&mut self) -> Option<DeferredSearch> {
        self.deferred.take()
    }

    /// Whether a search waits for the rules.
    pub fn is_deferred(&self) -> bool {
        self.deferred.is_some()
    }

    /// Whether rows are awaited.
    pub fn is_running(&self) -> bool {
        self.pending.is_some() || self.deferred.is_some()
    }

    /// Whether rows of another query than before are awaited.
    pub fn is_of_other_query(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.is_new_query)
            || self.deferred.is_some_and(|deferred| deferred.is_new_query)
    }

    /// Awaits no rows any more.
    pub fn stop(&mut self) {
        (self.pending, self.deferred) = (None, None);
    }

    /// A job has failed: its rows are not awaited any more.
    pub fn job_failed(&mut self, job: JobId) {
        self.pending.take_if(|pending| pending.job == job);
    }

    /// Takes in what was found. None if it is the answer to an earlier search.
    pub fn found(&mut self, job: JobId, found: &SearchResult, now: Now) -> Option<PendingSearch> {
        let pending = self.pending.clone().filter(|pending| pending.job == job)?;
        if found.complete {
            self.stop();
        }
        // What was found by other marks or at another time tells nothing of a narrower query now.
        if found.complete && Arc::ptr_eq(&pending.marks, &self.view) && pending.now == now {
            self.known.retain(|(query, _)| *query != pending.query);
            self.known.push((pending.query.clone(), found.matched.clone()));
            if self.known.len() > REMEMBERED {
                self.known.remove(0);
            }
        }
        Some(pending)
    }

    /// Forgets what earlier searches matched: articles, marks or the time are others.
    pub fn clear_matches(&mut self) {
        self.known.clear();
    }

    // The marks that it looks at.

    /// The marks that searches look at.
    pub fn view(&self) -> &Arc<Marks> {
        &self.view
    }

    /// What is searched: `search_context` with the marks that searches look at.
    pub fn search_context(&self, search_context: SearchContext) -> SearchContext {
        SearchContext { marks: self.view.clone(), ..search_context }
    }

    /// Whether searches look at other marks than those of now.
    pub fn is_stale(&self, now: &Arc<Marks>) -> bool {
        !Arc::ptr_eq(&self.view, now)
    }

    /// Has searches look at these marks.
    pub fn set_marks(&mut self, marks: Arc<Marks>) {
        if !Arc::ptr_eq(&self.view, &marks) {
            self.view = marks;
            self.known.clear();
        }
    }

    /// Has searches look at earlier marks again. `ruled`: as rules were then, else as they are now.
    pub fn restore_marks(&mut self, marks: Arc<Marks>, ruled: bool) {
        match ruled || Arc::ptr_eq(&self.view, &marks) {
            true => self.set_marks(marks),
            false => self.set_marks(Arc::new(marks.with_rule_overlay(self.view.rule_overlay().cloned()))),
        }
    }

    /// Has searches look at what rules say now. `is_fresh`: so far they looked at the marks of now. True if that is something
    /// else than before.
    pub fn set_rule_overlay(&mut self, ruled: Option<Arc<RuleOverlay>>, now: &Arc<Marks>, is_fresh: bool) -> bool {
        if !differs(ruled.as_ref(), self.view.rule_overlay()) {
            return false;
        }
        self.set_marks(if is_fresh { now.clone() } else { Arc::new(self.view.with_rule_overlay(ruled)) });
        true
    }

    /// Has searches look at a change too.
    pub fn apply_change(&mut self, change: &Change) {
        Arc::make_mut(&mut self.view).apply(change);
        self.known.clear();
    }
}

/// Whether rules say something else.
pub fn differs(one: Option<&Arc<RuleOverlay>>, other: Option<&Arc<RuleOverlay>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => !Arc::ptr_eq(one, other),
        (one, other) => one.is_some() != other.is_some(),
    }
}
