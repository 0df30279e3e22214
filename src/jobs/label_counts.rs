//! Counts the topics, the providers or the tags of the articles that a query finds.

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::query::{Field, Query, Search, SearchContext, count_labels, count_tags};

#[derive(Debug)]
struct CountLabels {
    field: Field,
    search: Search,
    context: SearchContext,
}

/// A job that counts the topics, providers or tags (`field`) of the articles that a query finds.
pub fn count(field: Field, query: &Query, context: SearchContext) -> Job {
    Job::new(CountLabels { field, search: query.search(context.clone(), None), context })
}

impl Task for CountLabels {
    fn kind(&self) -> JobKind {
        JobKind::Labels
    }

    fn scope(&self) -> usize {
        self.search.scope()
    }

    fn run(mut self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        while self.search.step(&|| monitor.is_cancelled()) {
            monitor.check()?;
        }
        let SearchContext { feed, marks, .. } = &self.context;
        let is_read = |index: usize| feed.id(index).is_none_or(|id| marks.is_read(id));
        let found = self.search.found().indices.into_iter();
        let labels = match self.field {
            Field::Tag => count_tags(feed, marks, found, is_read),
            field => count_labels(feed, field, found, is_read),
        };
        Ok(Answer::Labels(labels.into_iter().map(|(name, [all, read])| (name, (all - read, all))).collect()))
    }
}
