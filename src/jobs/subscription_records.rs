//! Reads what is known of the fetching of subscriptions: times and problems.

use std::fmt;
use std::sync::Arc;

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::subscriptions::{FetchRecords, SubscriptionKey};

/// Reads the records of these subscriptions.
pub type ReadRecords = Arc<dyn Fn(&[SubscriptionKey]) -> FetchRecords + Send + Sync>;

struct Read {
    read: ReadRecords,
    keys: Vec<SubscriptionKey>,
}

/// A job that reads records.
pub fn read(read: ReadRecords, keys: Vec<SubscriptionKey>) -> Job {
    Job::new(Read { read, keys })
}

impl fmt::Debug for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Read").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl Task for Read {
    fn kind(&self) -> JobKind {
        JobKind::Records
    }

    fn run(self: Box<Self>, _: &dyn Monitor) -> Result<Answer, JobError> {
        Ok(Answer::Records((self.read)(&self.keys)))
    }
}
