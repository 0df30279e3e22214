//! Reads the article files: all of them, or those that have changed since they were last read.

use std::fmt;
use std::sync::Arc;

use super::library_service::LibraryService;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::dates::Now;

struct Load {
    service: Arc<LibraryService>,
    now: Now,
}

/// A job that looks for changed files in the library and reads them. At the first load, articles are reported while files are still
/// being read. The answer is `None` if nothing has changed.
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
