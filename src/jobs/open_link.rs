//! Hands a link to the browser.

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::browser::Browser;
use crate::feed::{Address, clean};

#[derive(Debug)]
struct OpenLink {
    browser: Browser,
    address: Address,
}

/// Hands an address to the browser.
pub fn open(browser: Browser, address: Address) -> Job {
    Job::new(OpenLink { browser, address })
}

impl Task for OpenLink {
    fn kind(&self) -> JobKind {
        JobKind::Open
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        match self.browser.open(&self.address) {
            Ok(()) => Ok(Answer::Open(clean::plain_line(&format!("opened {}", self.address.shown())))),
            Err(error) => Err(JobError::Failed(clean::plain_line(&format!("{error}; y copies the link")))),
        }
    }
}
