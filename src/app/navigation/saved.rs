//! The saved searches of the navigation pane, and the articles that they find.

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
}

/// All saved searches with what they find.
#[derive(Clone, Debug, Default)]
pub struct SavedEntries {
    entries: Vec<SavedEntry>,
    /// When the searches have to run again.
    due: Option<DateTime<Utc>>,
    job: Option<JobId>,
}

impl SavedEntries {
    /// The searches, in the order of the file.
    pub fn entries(&self) -> &[SavedEntry] {
        &self.entries
    }

    /// Sets the searches. What those with the same name and query found is kept until they are searched again.
    pub fn set(&mut self, saved: &SavedSearches) {
        let before = std::mem::take(&mut self.entries);
        let entry = |(name, _): (&str, &str)| {
            let query = Query::of_saved(name, saved);
            let same = before.iter().find(|entry| entry.name == name && entry.query == query);
            let (found, unread) = same.map(|entry| (entry.found.clone(), entry.unread)).unwrap_or_default();
            SavedEntry { name: name.to_owned(), query, found, unread }
        };
        self.entries = saved.iter().map(entry).collect();
        self.invalidate();
    }

    /// When the searches have to run again.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.due.filter(|_| !self.entries.is_empty())
    }

    /// Whether the searches have to run again now.
    pub fn are_due(&self, now: DateTime<Utc>) -> bool {
        self.due().is_some_and(|due| due <= now)
    }

    /// Makes the searches run again at once.
    pub fn invalidate(&mut self) {
        self.due = Some(DateTime::<Utc>::MIN_UTC);
    }

    /// Whether the time has an influence on what a search finds.
    pub fn depend_on_time(&self) -> bool {
        self.queries().any(Query::depends_on_time)
    }

    fn queries(&self) -> impl Iterator<Item = &Query> {
        self.entries.iter().filter_map(|entry| entry.query.as_ref().ok())
    }

    /// The job that runs the searches.
    pub fn start(&mut self, context: &SearchContext) -> Job {
        let queries: Vec<Query> = self.queries().cloned().collect();
        let job = saved_matches::find(&queries, context);
        (self.job, self.due) = (Some(job.id), None);
        job
    }

    /// Takes the answer of the job. `counts` tell which articles are unread now.
    pub fn take(&mut self, job: JobId, found: Vec<Arc<FixedBitSet>>, counts: &UnreadCounts) {
        if self.job.take_if(|awaited| *awaited == job).is_none() {
            return;
        }
        let valid = self.entries.iter_mut().filter(|entry| entry.query.is_ok());
        for (entry, found) in valid.zip(found) {
            entry.unread = counts.in_set(&found);
            entry.found = Some(found);
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
        if hides || self.queries().any(Query::depends_on_marks) {
            let pause = now.checked_add_signed(PAUSE).unwrap_or(now);
            self.due = Some(self.due.map_or(pause, |due| due.min(pause)));
        }
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
