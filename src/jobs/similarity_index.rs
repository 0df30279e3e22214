//! Builds the index by which similar articles are found.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use super::report_throttle::ReportThrottle;
use super::{Answer, Job, JobError, JobKind, Monitor, Progress, Task};
use crate::feed::Feed;
use crate::query::SimilarityIndex;

/// When the progress is reported for the first time, and then how often. Late, because the user does not wait for the index.
const REPORT_DELAY: Duration = Duration::from_millis(500);
const REPORT_INTERVAL: Duration = Duration::from_millis(100);

#[derive(Debug)]
struct MakeIndex {
    before: Option<Arc<SimilarityIndex>>,
    feed: Arc<Feed>,
}

/// A job that builds the index of a feed, reusing the index of an earlier feed if there is one.
pub fn make(before: Option<Arc<SimilarityIndex>>, feed: Arc<Feed>) -> Job {
    Job::new(MakeIndex { before, feed })
}

impl Task for MakeIndex {
    fn kind(&self) -> JobKind {
        JobKind::Index
    }

    fn scope(&self) -> usize {
        self.feed.len()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        // The index calls `stop` a known number of times, which serves as progress. Updating an earlier index is too short to
        // report.
        let total = self.before.is_none().then(|| SimilarityIndex::stop_checks(self.feed.len()));
        let (asked, throttle) = (Cell::new(0), ReportThrottle::new(REPORT_DELAY, REPORT_INTERVAL));
        let stop = || {
            asked.set(asked.get() + 1);
            let stops = monitor.is_cancelled();
            if let Some(total) = total.filter(|_| !stops) {
                let elapsed = monitor.elapsed();
                if throttle.is_due(elapsed) {
                    monitor.progress(Progress::of(asked.get(), total));
                    throttle.reported(elapsed);
                }
            }
            stops
        };
        let made = SimilarityIndex::of(&self.feed, self.before.as_deref(), &stop).map(Arc::new);
        made.map(Answer::Index).ok_or(JobError::Cancelled)
    }
}
