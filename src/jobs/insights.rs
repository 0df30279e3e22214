//! Counts the articles that a query finds, for the charts.

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::query::{InsightsCounter, Query, SearchContext};

#[derive(Debug)]
struct CountInsights(Box<InsightsCounter>);

/// A job that counts the articles that a query finds.
pub fn count(query: &Query, context: SearchContext) -> Job {
    Job::new(CountInsights(Box::new(query.insights(context))))
}

impl Task for CountInsights {
    fn kind(&self) -> JobKind {
        JobKind::Insights
    }

    fn run(mut self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        while self.0.step(&|| monitor.is_cancelled()) {
            monitor.check()?;
        }
        Ok(Answer::Insights(Box::new(self.0.finish())))
    }
}
