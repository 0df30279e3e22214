//! Finds articles that were never seen before.

use super::{Answer, Job, Kind, Monitor, NoAnswer, Task};
use crate::query::SearchContext;

/// Articles that are looked at before it is asked whether the answer is still wanted.
const MANY: usize = 1 << 13;

#[derive(Debug)]
struct FindArrivals(SearchContext);

/// Finds articles that were never seen before.
pub fn find(ground: SearchContext) -> Job {
    Job::new(FindArrivals(ground))
}

impl Task for FindArrivals {
    fn kind(&self) -> Kind {
        Kind::Arrivals
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, NoAnswer> {
        let SearchContext { feed, marks, .. } = &self.0;
        let mut found = Vec::new();
        for start in (0..feed.len()).step_by(MANY) {
            monitor.check()?;
            let ids = (start..feed.len().min(start + MANY)).filter_map(|place| feed.id(place));
            found.extend(ids.filter(|id| marks.arrived(*id).is_none()));
        }
        Ok(Answer::Arrivals(found))
    }
}
