//! Finds the articles of each of several queries.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::query::{Query, Search, SearchContext};

#[derive(Debug)]
struct FindMatches {
    searches: Vec<Search>,
    articles: usize,
}

/// A job that finds the articles of each query, as a set of indices.
pub fn find(queries: &[Query], context: &SearchContext) -> Job {
    let searches = queries.iter().map(|query| query.search(context.clone(), None)).collect();
    Job::new(FindMatches { searches, articles: context.feed.len() })
}

impl Task for FindMatches {
    fn kind(&self) -> JobKind {
        JobKind::SavedMatches
    }

    fn scope(&self) -> usize {
        self.searches.iter().map(Search::scope).sum()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let mut all = Vec::with_capacity(self.searches.len());
        for mut search in self.searches {
            while search.step(&|| monitor.is_cancelled()) {
                monitor.check()?;
            }
            monitor.check()?;
            let mut found = FixedBitSet::with_capacity(self.articles);
            found.extend(search.found().indices);
            all.push(Arc::new(found));
        }
        Ok(Answer::SavedMatches(all))
    }
}
