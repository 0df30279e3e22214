//! Opens a link in the browser.

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::browser::Browser;
use crate::feed::{Address, clean};

#[derive(Debug)]
struct OpenLink {
    browser: Browser,
    address: Address,
}

/// A job that opens an address in the browser.
pub fn open(browser: Browser, address: Address) -> Job {
    Job::new(OpenLink { browser, address })
}

impl Task for OpenLink {
    fn kind(&self) -> JobKind {
        JobKind::Open
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        match self.browser.open(&self.address) {
            Ok(()) => Ok(Answer::Open(clean::plain_line(&format!("Opened {}", self.address.shown())))),
            Err(error) => Err(JobError::Failed(clean::plain_line(&format!("{error}; copy the link instead")))),
        }
    }
}
