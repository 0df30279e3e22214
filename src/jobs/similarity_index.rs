//! Makes the index by which similar articles are found.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use super::throttle::Throttle;
use super::{Answer, Job, JobError, JobKind, Monitor, Progress, Task};
use crate::feed::Feed;
use crate::query::SimilarityIndex;

/// After how long it says how far it is, for the first time and again: nobody waits for it.
const REPORT_DELAY: Duration = Duration::from_millis(500);
const REPORT_INTERVAL: Duration = Duration::from_millis(100);

#[derive(Debug)]
struct MakeIndex {
    before: Option<Arc<SimilarityIndex>>,
    feed: Arc<Feed>,
}

/// Makes the index of a feed. `before`: that of an earlier feed.
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
        // How far it is follows from how often it asks whether to stop. What is made of an earlier index is made in a moment.
        let total = self.before.is_none().then(|| SimilarityIndex::stop_checks(self.feed.len()));
        let (asked, throttle) = (Cell::new(0), Throttle::new(REPORT_DELAY, REPORT_INTERVAL));
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
