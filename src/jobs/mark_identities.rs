//! Matches marks with the identities of articles, so that marks follow articles that were edited or moved.

use super::{Answer, Job, JobError, JobKind, Monitor, Task, WithFeed};
use crate::feed::Identities;
use crate::query::SearchContext;

#[derive(Debug)]
struct CompareIdentities(SearchContext);

/// A job that matches the marks of a context with its articles.
pub fn compare(context: SearchContext) -> Job {
    Job::new(CompareIdentities(context))
}

impl Task for CompareIdentities {
    fn kind(&self) -> JobKind {
        JobKind::Identities
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let SearchContext { feed, marks, .. } = self.0;
        let found = Box::new(Identities::of(feed.columns(), &marks));
        Ok(Answer::Identities(WithFeed { feed, found }))
    }
}
