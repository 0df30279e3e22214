//! Reads the article files: all of them, or those that were changed since they were read last.

use std::fmt;
use std::sync::Arc;

use super::library_service::LibraryService;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::dates::Now;

struct Load {
    service: Arc<LibraryService>,
    now: Now,
}

/// Looks at the files of the library and reads what is not known of them. While nothing is known yet, articles are shown as
/// they arrive. Without an answer nothing is new.
pub fn load(service: &Arc<LibraryService>, now: Now) -> Job {
    Job::new(Load { service: service.clone(), now })
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load").field("now", &self.now).finish_non_exhaustive()
    }
}

impl Task for Load {
    fn kind(&self) -> JobKind {
        JobKind::Load
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        self.service.load(self.now, monitor).map(Answer::Load)
    }
}
