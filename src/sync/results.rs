//! The results of a sync, which are reported as they come.

use super::environment::{Summary, SyncResult};
use crate::feed::Problem;

/// How much of a sync is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Subscriptions that were asked.
    pub done: usize,
    /// Subscriptions that are due.
    pub total: usize,
}

/// The results until now.
pub struct Results<'a> {
    summary: Summary,
    progress: Progress,
    report: &'a mut dyn FnMut(&SyncResult, Progress),
}

impl<'a> Results<'a> {
    /// The results of a run, with what is known before it asks the first of `total` subscriptions.
    pub fn new(summary: Summary, total: usize, report: &'a mut dyn FnMut(&SyncResult, Progress)) -> Results<'a> {
        Results { summary, progress: Progress { done: 0, total }, report }
    }

    /// All results.
    pub fn into_summary(self) -> Summary {
        self.summary
    }

    /// Adds the result of a subscription that was not due.
    pub fn add(&mut self, result: SyncResult) {
        (self.report)(&result, self.progress);
        self.summary.results.push(result);
    }

    /// Adds the result of a subscription that was due.
    pub fn add_done(&mut self, result: SyncResult) {
        self.progress.done = self.progress.done.saturating_add(1);
        self.add(result);
    }

    /// Adds problems of files.
    pub fn add_problems(&mut self, problems: Vec<Problem>) {
        self.summary.problems.extend(problems);
    }

    /// Notes that no server could be reached.
    pub fn set_offline(&mut self) {
        self.summary.is_offline = true;
    }
}
