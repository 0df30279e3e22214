//! The saved searches of the navigation pane, and the articles that they find.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fixedbitset::FixedBitSet;

use crate::jobs::article_groups::UnreadCounts;
use crate::jobs::{Job, JobId, saved_matches};
use crate::query::{Query, QueryError, SavedSearches, SearchContext};

/// How long after a mark the searches run again: marks in quick succession cause one run.
const PAUSE: TimeDelta = TimeDelta::seconds(1);

/// A saved search.
#[derive(Clone, Debug)]
pub struct SavedEntry {
    /// Its name.
    pub name: String,
    /// Its query, or the error.
    pub query: Result<Query, QueryError>,
    /// The articles that it found last; `None` until it has been searched.
    pub found: Option<Arc<FixedBitSet>>,
    /// Number of unread ones among them.
    pub unread: usize,
    /// Whether it may find other articles now.
    is_stale: bool,
}

/// All saved searches with what they find.
#[derive(Clone, Debug, Default)]
pub struct SavedEntries {
    entries: Vec<SavedEntry>,
    /// When the stale searches have to run again.
    due: Option<DateTime<Utc>>,
    /// The running job, and the indices of the searches that it runs.
    job: Option<(JobId, Vec<usize>)>,
}

impl SavedEntries {
    /// The searches, in the order of the file.
    pub fn entries(&self) -> &[SavedEntry] {
        &self.entries
    }

    /// Sets the searches. What those with the same name and query found stays.
    pub fn set(&mut self, saved: &SavedSearches) {
        // The answer of the job would be for searches at other indices.
        self.give_up();
        let before: HashMap<String, SavedEntry> =
            self.entries.drain(..).map(|entry| (entry.name.clone(), entry)).collect();
        let entry = |(name, _): (&str, &str)| {
            let query = Query::of_saved(name, saved);
            match before.get(name).filter(|entry| entry.query == query) {
                Some(same) => same.clone(),
                None => SavedEntry { name: name.to_owned(), query, found: None, unread: 0, is_stale: true },
            }
        };
        self.entries = saved.iter().map(entry).collect();
        self.run_stale_at(DateTime::<Utc>::MIN_UTC);
    }

    /// Drops the running job; its searches have to run again.
    fn give_up(&mut self) {
        for at in self.job.take().map(|(_, searches)| searches).unwrap_or_default() {
            self.entries.get_mut(at).into_iter().for_each(|entry| entry.is_stale = true);
        }
    }

    /// When searches have to run again.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.due
    }

    /// Whether searches have to run again now.
    pub fn are_due(&self, now: DateTime<Utc>) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// Makes all searches run again at once.
    pub fn invalidate(&mut self) {
        self.invalidate_where(|_| true);
    }

    /// Makes some searches run again at once: those with a query that is stale now.
    pub fn invalidate_where(&mut self, is_stale: impl Fn(&Query) -> bool) {
        self.set_stale(is_stale);
        self.run_stale_at(DateTime::<Utc>::MIN_UTC);
    }

    fn set_stale(&mut self, is_stale: impl Fn(&Query) -> bool) {
        for entry in &mut self.entries {
            entry.is_stale |= entry.query.as_ref().is_ok_and(&is_stale);
        }
    }

    /// Makes stale searches run again at this time, or before.
    fn run_stale_at(&mut self, time: DateTime<Utc>) {
        if self.entries.iter().any(|entry| entry.is_stale && entry.query.is_ok()) {
            self.due = Some(self.due.map_or(time, |due| due.min(time)));
        } else {
            self.due = None;
        }
    }

    /// The job that runs the stale searches.
    pub fn start(&mut self, context: &SearchContext) -> Job {
        self.give_up();
        let (mut searches, mut queries) = (Vec::new(), Vec::new());
        for (at, entry) in self.entries.iter_mut().enumerate() {
            if let (true, Ok(query)) = (std::mem::take(&mut entry.is_stale), &entry.query) {
                searches.push(at);
                queries.push(query.clone());
            }
        }
        let job = saved_matches::find(&queries, context);
        (self.job, self.due) = (Some((job.id, searches)), None);
        job
    }

    /// Takes the answer of the job. `counts` tell which articles are unread now.
    pub fn take(&mut self, job: JobId, found: Vec<Arc<FixedBitSet>>, counts: &UnreadCounts) {
        let Some((_, searches)) = self.job.take_if(|(awaited, _)| *awaited == job) else { return };
        for (at, found) in searches.into_iter().zip(found) {
            if let Some(entry) = self.entries.get_mut(at) {
                entry.unread = counts.in_set(&found);
                entry.found = Some(found);
            }
        }
    }

    /// Drops what was found in another feed.
    pub fn feed_replaced(&mut self) {
        // A set of indices means other articles in another feed; its count stays until the next answer.
        self.entries.iter_mut().for_each(|entry| entry.found = None);
        self.job = None;
        self.invalidate();
    }

    /// Counts an article that has become read or unread. Its other marks may have changed too.
    pub fn update(&mut self, index: usize, is_unread: bool) {
        for entry in &mut self.entries {
            if entry.found.as_ref().is_some_and(|found| found.contains(index)) {
                entry.unread = entry.unread.saturating_add(usize::from(is_unread));
                entry.unread = entry.unread.saturating_sub(usize::from(!is_unread));
            }
        }
    }

    /// Handles a change of marks: a search that depends on marks has to run again. Reading an article takes it out of every count,
    /// so the counts are right until then, unless an article has become unread or was marked in another way. No search finds hidden
    /// articles, so each has to run again if an article was hidden or unhidden.
    pub fn marks_changed(&mut self, hides: bool, now: DateTime<Utc>) {
        self.set_stale(|query| hides || query.depends_on_marks());
        self.run_stale_at(now.checked_add_signed(PAUSE).unwrap_or(now));
    }

    /// Counts what is found again, after marks of many articles changed.
    pub fn recount(&mut self, counts: &UnreadCounts) {
        for entry in &mut self.entries {
            if let Some(found) = &entry.found {
                entry.unread = counts.in_set(found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{Article, Feed};

    fn saved(searches: &[(&str, &str)]) -> SavedSearches {
        SavedSearches::new(searches.iter().map(|(name, query)| ((*name).to_owned(), (*query).to_owned())))
    }

    /// Runs what is stale, and returns how many searches that were.
    fn run(entries: &mut SavedEntries, context: &SearchContext) -> usize {
        let job = entries.start(context);
        let searches = job.scope() / context.feed.len();
        let id = job.id;
        entries.take(id, vec![Arc::default(); searches], &UnreadCounts::default());
        assert_eq!(entries.due(), None);
        searches
    }

    #[test]
    fn only_searches_that_a_change_can_affect_run_again() {
        let now = DateTime::UNIX_EPOCH;
        let articles = (1..4).map(|number| Arc::new(Article::builder("A").number(number).build())).collect();
        let context = SearchContext::new(Arc::new(Feed::new(articles, now)), Arc::default(), now);
        let mut searches = vec![
            ("sea", "topic:sea"),
            ("left", "is:unread x"),
            ("new", "@1d"),
            ("bad", "topc:x"),
            ("both", "saved:left"),
        ];
        let mut entries = SavedEntries::default();
        entries.set(&saved(&searches));
        assert!(entries.are_due(now));
        assert_eq!(run(&mut entries, &context), 4, "each that is valid, at first");
        entries.marks_changed(false, now);
        assert!(!entries.are_due(now) && entries.are_due(now + PAUSE));
        assert_eq!(run(&mut entries, &context), 2, "those that depend on marks");
        entries.invalidate_where(Query::depends_on_time);
        assert_eq!(run(&mut entries, &context), 1, "the one that depends on the time");
        entries.invalidate_where(Query::mentions_changed);
        assert_eq!(entries.due(), None, "none depends on changed articles");
        entries.marks_changed(true, now);
        assert_eq!(run(&mut entries, &context), 4, "no search finds hidden articles");
        searches[0].1 = "topic:sky";
        searches.push(("more", "x"));
        entries.set(&saved(&searches));
        assert_eq!(run(&mut entries, &context), 2, "the changed one and the new one");
        entries.feed_replaced();
        assert_eq!(run(&mut entries, &context), 4 + 1);
    }

    #[test]
    fn searches_of_a_job_that_is_given_up_run_again() {
        let now = DateTime::UNIX_EPOCH;
        let feed = Arc::new(Feed::new(vec![Arc::new(Article::builder("A").number(1).build())], now));
        let context = SearchContext::new(feed, Arc::default(), now);
        let mut entries = SavedEntries::default();
        entries.set(&saved(&[("a", "x"), ("b", "is:unread")]));
        let first = entries.start(&context);
        entries.set(&saved(&[("b", "is:unread"), ("a", "x")]));
        assert!(entries.are_due(now));
        entries.take(first.id, vec![Arc::default(); 2], &UnreadCounts::default());
        assert!(entries.entries().iter().all(|entry| entry.found.is_none()), "an answer for other indices is dropped");
        assert_eq!(run(&mut entries, &context), 2);
    }
}
