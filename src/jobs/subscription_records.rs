//! Reads what is known of the fetching of subscriptions: times and problems.

use std::fmt;
use std::sync::Arc;

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::subscriptions::{FetchRecords, SubscriptionsFile};

/// Reads the records of these subscriptions and accounts, and the feeds of the accounts.
pub type ReadRecords = Arc<dyn Fn(&SubscriptionsFile) -> FetchRecords + Send + Sync>;

struct Read {
    read: ReadRecords,
    file: Arc<SubscriptionsFile>,
}

/// A job that reads records.
pub fn read(read: ReadRecords, file: Arc<SubscriptionsFile>) -> Job {
    Job::new(Read { read, file })
}

impl fmt::Debug for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Read").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Task for Read {
    fn kind(&self) -> JobKind {
        JobKind::Records
    }

    fn run(self: Box<Self>, _: &dyn Monitor) -> Result<Answer, JobError> {
        Ok(Answer::Records((self.read)(&self.file)))
    }
}
