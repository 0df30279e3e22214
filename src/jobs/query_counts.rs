//! Counts the articles that each of several queries finds: unread, and all.

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::query::{Query, Search, SearchContext};

#[derive(Debug)]
struct CountQueries {
    searches: Vec<Search>,
    context: SearchContext,
}

/// A job that counts the articles that each query finds.
pub fn count(queries: &[Query], context: SearchContext) -> Job {
    let searches = queries.iter().map(|query| query.search(context.clone(), None)).collect();
    Job::new(CountQueries { searches, context })
}

impl Task for CountQueries {
    fn kind(&self) -> JobKind {
        JobKind::Counts
    }

    fn scope(&self) -> usize {
        self.searches.iter().map(Search::scope).sum()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let CountQueries { searches, context } = *self;
        let is_unread = |index: &usize| context.feed.id(*index).is_some_and(|id| !context.marks.is_read(id));
        let mut counts = Vec::with_capacity(searches.len());
        for mut search in searches {
            while search.step(&|| monitor.is_cancelled()) {
                monitor.check()?;
            }
            monitor.check()?;
            let indices = search.found().indices;
            counts.push((indices.iter().filter(|index| is_unread(index)).count(), indices.len()));
        }
        Ok(Answer::Counts(counts))
    }
}
