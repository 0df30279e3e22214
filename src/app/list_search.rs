//! The search of the list: its query, the marks that it uses, the pending job, and the matches of earlier searches.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use crate::dates::Now;
use crate::feed::{ArticleId, Change, Marks, RuleMarks};
use crate::jobs::{Job, JobId, list_rows};
use crate::query::{Query, QueryError, SavedSearches, SearchContext, SearchResult};

/// Limit of searches whose matches are cached. While typing, the user returns to them with every deleted letter.
const MAX_CACHED: usize = 16;

/// The query of the list and the state of its search.
#[derive(Debug)]
pub struct ListSearch {
    query: Query,
    saved: SavedSearches,
    /// The marks that searches use. They are frozen while the user reads, so that no row vanishes under the cursor.
    marks: Arc<Marks>,
    /// The search whose job is not done yet.
    pending: Option<PendingSearch>,
    /// A search that starts after the rules are applied.
    deferred: Option<DeferredSearch>,
    /// The last complete searches and their matches, while articles, marks and time are the same.
    cached: Vec<(Query, Arc<FixedBitSet>)>,
}

/// A search whose job is running.
#[derive(Clone, Debug)]
pub struct PendingSearch {
    job: JobId,
    query: Query,
    marks: Arc<Marks>,
    now: Now,
    /// The article that was selected when the search started.
    pub anchor: Option<ArticleId>,
    /// The query changed; otherwise the articles did.
    pub is_new_query: bool,
}

/// A search that waits for the rules.
#[derive(Clone, Copy, Debug)]
pub struct DeferredSearch {
    /// The article that was selected.
    pub anchor: Option<ArticleId>,
    /// The query changed; otherwise the articles did.
    pub is_new_query: bool,
}

impl ListSearch {
    /// A search with a query, and the saved searches that it may refer to.
    pub fn new(query: Query, saved: SavedSearches) -> ListSearch {
        let (marks, cached) = (Arc::default(), Vec::new());
        ListSearch { query, saved, marks, pending: None, deferred: None, cached }
    }

    /// The query that filters and sorts the list.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The saved searches.
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

    /// Parses a query, which may refer to saved searches.
    pub fn parse(&self, text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, &self.saved)
    }

    // The pending search.

    /// Starts the search. If a wider query is cached, only its matches are searched.
    pub fn start(&mut self, search_context: SearchContext, anchor: Option<ArticleId>, is_new_query: bool) -> Job {
        self.deferred = None;
        let wider = self.cached.iter().filter(|(wider, _)| self.query.implies(wider)).map(|(_, matched)| matched);
        // Any wider query gives the same rows; the one with the fewest matches is the fastest.
        let within = wider.min_by_key(|matched| matched.count_ones(..)).cloned();
        let search_context = self.search_context(search_context);
        let (query, marks, now) = (self.query.clone(), search_context.marks.clone(), search_context.now);
        let job = list_rows::find(&query, search_context, within);
        self.pending = Some(PendingSearch { job: job.id, query, marks, now, anchor, is_new_query });
        job
    }

    /// Delays the search until the rules are applied.
    pub fn defer(&mut self, anchor: Option<ArticleId>, is_new_query: bool) {
        self.deferred = Some(DeferredSearch { anchor, is_new_query });
    }

    /// Removes and returns the search that waits for the rules.
    pub fn take_deferred(&mut self) -> Option<DeferredSearch> {
        self.deferred.take()
    }

    /// Whether a search waits for the rules.
    pub fn is_deferred(&self) -> bool {
        self.deferred.is_some()
    }

    /// Whether new rows are pending.
    pub fn is_running(&self) -> bool {
        self.pending.is_some() || self.deferred.is_some()
    }

    /// Whether rows of a changed query are pending.
    pub fn is_of_other_query(&self) -> bool {
        self.pending.as_ref().is_some_and(|pending| pending.is_new_query)
            || self.deferred.is_some_and(|deferred| deferred.is_new_query)
    }

    /// Drops the pending search.
    pub fn stop(&mut self) {
        (self.pending, self.deferred) = (None, None);
    }

    /// Drops the pending search if its job failed.
    pub fn job_failed(&mut self, job: JobId) {
        self.pending.take_if(|pending| pending.job == job);
    }

    /// Records the result of a job and returns its search. `None` if the job is not the pending one.
    pub fn found(&mut self, job: JobId, found: &SearchResult, now: Now) -> Option<PendingSearch> {
        // A clone: partial results come before the complete ones.
        let pending = self.pending.clone().filter(|pending| pending.job == job)?;
        if found.complete {
            self.stop();
        }
        // Matches found with other marks or at another time may lack articles that a narrower query finds now.
        if found.complete && Arc::ptr_eq(&pending.marks, &self.marks) && pending.now == now {
            self.cached.retain(|(query, _)| *query != pending.query);
            self.cached.push((pending.query.clone(), found.matched.clone()));
            if self.cached.len() > MAX_CACHED {
                self.cached.remove(0);
            }
        }
        Some(pending)
    }

    /// Clears the cached matches, because articles, marks or the time changed.
    pub fn clear_matches(&mut self) {
        self.cached.clear();
    }

    // The marks of the search.

    /// The marks that searches use.
    pub fn marks(&self) -> &Arc<Marks> {
        &self.marks
    }

    /// `search_context` with the marks that searches use.
    pub fn search_context(&self, search_context: SearchContext) -> SearchContext {
        SearchContext { marks: self.marks.clone(), ..search_context }
    }

    /// Whether searches use other marks than the present ones.
    pub fn is_stale(&self, now: &Arc<Marks>) -> bool {
        !Arc::ptr_eq(&self.marks, now)
    }

    /// Sets the marks that searches use.
    pub fn set_marks(&mut self, marks: Arc<Marks>) {
        if !Arc::ptr_eq(&self.marks, &marks) {
            self.marks = marks;
            self.cached.clear();
        }
    }

    /// Makes searches use earlier marks again: with the rule results of that time if `ruled`, else with the present ones.
    pub fn restore_marks(&mut self, marks: Arc<Marks>, ruled: bool) {
        match ruled || Arc::ptr_eq(&self.marks, &marks) {
            true => self.set_marks(marks),
            false => self.set_marks(Arc::new(marks.with_rule_marks(self.marks.rule_marks().cloned()))),
        }
    }

    /// Makes searches use new rule results. `is_fresh`: searches use the present marks. False if the results are the same.
    pub fn set_rule_marks(&mut self, ruled: Option<Arc<RuleMarks>>, now: &Arc<Marks>, is_fresh: bool) -> bool {
        if !differs(ruled.as_ref(), self.marks.rule_marks()) {
            return false;
        }
        // The same `Arc` as the present marks, so that the search does not count as stale.
        self.set_marks(if is_fresh { now.clone() } else { Arc::new(self.marks.with_rule_marks(ruled)) });
        true
    }

    /// Applies a change to the marks that searches use.
    pub fn apply_change(&mut self, change: &Change) {
        Arc::make_mut(&mut self.marks).apply(change);
        self.cached.clear();
    }
}

/// Whether two rule results are different objects.
pub fn differs(one: Option<&Arc<RuleMarks>>, other: Option<&Arc<RuleMarks>>) -> bool {
    match (one, other) {
        // An evaluation that finds what the last one found returns the same object.
        (Some(one), Some(other)) => !Arc::ptr_eq(one, other),
        (one, other) => one.is_some() != other.is_some(),
    }
}
