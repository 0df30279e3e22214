//! Finds the rows of the list, and reports the first ones early.

use std::sync::Arc;
use std::time::Duration;

use fixedbitset::FixedBitSet;

use super::report_throttle::ReportThrottle;
use super::{Answer, Job, JobError, JobKind, Monitor, Progress, Task};
use crate::query::{Query, Search, SearchContext};

/// When rows found so far are reported for the first time, and then how often.
const PARTIAL_DELAY: Duration = Duration::from_millis(10);
const PARTIAL_INTERVAL: Duration = Duration::from_millis(100);
/// When the progress is reported too.
const PROGRESS_DELAY: Duration = Duration::from_millis(100);

#[derive(Debug)]
struct FindRows(Search);

/// A job that finds the rows of a query. `within`: the articles that a wider query matched in the same context.
pub fn find(query: &Query, context: SearchContext, within: Option<Arc<FixedBitSet>>) -> Job {
    Job::new(FindRows(query.search(context, within)))
}

impl Task for FindRows {
    fn kind(&self) -> JobKind {
        JobKind::Rows
    }

    fn scope(&self) -> usize {
        self.0.scope()
    }

    fn run(mut self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let throttle = ReportThrottle::new(PARTIAL_DELAY, PARTIAL_INTERVAL);
        while self.0.step(&|| monitor.is_cancelled()) {
            monitor.check()?;
            let elapsed = monitor.elapsed();
            if !throttle.is_due(elapsed) {
                continue;
            }
            let (found, takes_long) = (self.0.found(), elapsed >= PROGRESS_DELAY);
            if takes_long {
                let (done, total) = self.0.progress();
                monitor.progress(Progress::of(done, total));
            }
            if takes_long || !found.indices.is_empty() {
                monitor.partial(Answer::Rows(found));
                throttle.reported(elapsed);
            }
        }
        Ok(Answer::Rows(self.0.found()))
    }
}
