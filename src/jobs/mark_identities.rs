//! Compares marks with the identities of articles.

use super::{Answer, Job, Kind, Monitor, NoAnswer, OfFeed, Task};
use crate::feed::Identities;
use crate::query::SearchContext;

#[derive(Debug)]
struct CompareIdentities(SearchContext);

/// Compares the marks with the articles.
pub fn compare(ground: SearchContext) -> Job {
    Job::new(CompareIdentities(ground))
}

impl Task for CompareIdentities {
    fn kind(&self) -> Kind {
        Kind::Identities
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, NoAnswer> {
        let SearchContext { feed, marks, .. } = self.0;
        let found = Box::new(Identities::of(feed.columns(), &marks));
        Ok(Answer::Identities(OfFeed { feed, found }))
    }
}
