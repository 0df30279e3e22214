//! Finds the rows of the list, and reports the first ones early.

use std::sync::Arc;
use std::time::Duration;

use fixedbitset::FixedBitSet;

use super::report_throttle::ReportThrottle;
use super::{Answer, Job, JobError, JobKind, Monitor, Progress, Task};
use crate::query::{Query, RowSummary, Search, SearchContext, SearchResult, Sort};

/// When rows found so far are reported for the first time, and then how often.
const PARTIAL_DELAY: Duration = Duration::from_millis(10);
const PARTIAL_INTERVAL: Duration = Duration::from_millis(100);
/// When the progress is reported too.
const PROGRESS_DELAY: Duration = Duration::from_millis(100);

/// The rows of a query, and what they have in common.
#[derive(Clone, Debug)]
pub struct FoundRows {
    /// The rows.
    pub result: SearchResult,
    /// Their order, and which columns they can fill.
    pub summary: RowSummary,
}

#[derive(Debug)]
struct FindRows {
    search: Search,
    sort: Option<Sort>,
    context: SearchContext,
}

/// A job that finds the rows of a query. `within`: the articles that a wider query matched in the same context.
pub fn find(query: &Query, context: SearchContext, within: Option<Arc<FixedBitSet>>) -> Job {
    Job::new(FindRows { search: query.search(context.clone(), within), sort: query.sort(), context })
}

impl FindRows {
    /// The rows found so far. The summary is computed here, because the thread of the screen must not go through all articles.
    fn found(&self) -> FoundRows {
        let result = self.search.found();
        let summary = RowSummary::of(&result.indices, self.sort, &self.context.feed, &self.context.marks);
        FoundRows { result, summary }
    }
}

impl Task for FindRows {
    fn kind(&self) -> JobKind {
        JobKind::Rows
    }

    fn scope(&self) -> usize {
        self.search.scope()
    }

    fn run(mut self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let throttle = ReportThrottle::new(PARTIAL_DELAY, PARTIAL_INTERVAL);
        while self.search.step(&|| monitor.is_cancelled()) {
            monitor.check()?;
            let elapsed = monitor.elapsed();
            if !throttle.is_due(elapsed) {
                continue;
            }
            let (found, takes_long) = (self.found(), elapsed >= PROGRESS_DELAY);
            if takes_long {
                let (done, total) = self.search.progress();
                monitor.progress(Progress::of(done, total));
            }
            if takes_long || !found.result.indices.is_empty() {
                monitor.partial(Answer::Rows(found));
                throttle.reported(elapsed);
            }
        }
        Ok(Answer::Rows(self.found()))
    }
}
