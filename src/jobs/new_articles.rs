//! Finds articles that no session has seen before.

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::query::SearchContext;

/// How many articles are examined between two checks for a cancellation.
const CHECK_INTERVAL: usize = 1 << 13;

#[derive(Debug)]
struct FindArrivals(SearchContext);

/// A job that finds articles without a mark for their arrival.
pub fn find(context: SearchContext) -> Job {
    Job::new(FindArrivals(context))
}

impl Task for FindArrivals {
    fn kind(&self) -> JobKind {
        JobKind::Arrivals
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let SearchContext { feed, marks, .. } = &self.0;
        let mut found = Vec::new();
        for start in (0..feed.len()).step_by(CHECK_INTERVAL) {
            monitor.check()?;
            let ids = (start..feed.len().min(start + CHECK_INTERVAL)).filter_map(|index| feed.id(index));
            found.extend(ids.filter(|id| marks.arrived(*id).is_none()));
        }
        Ok(Answer::Arrivals(found))
    }
}
