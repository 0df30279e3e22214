//! Opens a link in the browser, or with the program that the settings name for it.

use super::run_program::ProgramRun;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::browser::Browser;
use crate::config::{CommandSetting, OpenerSetting};
use crate::external_program::program::Program;
use crate::feed::{Address, clean};

/// The run of the first opener that fits an address; `None` if the browser opens it.
pub fn with_opener(openers: &[OpenerSetting], address: &Address) -> Option<ProgramRun> {
    let opener = openers.iter().find(|opener| opener.opens(address.as_str()))?;
    // A link is the only placeholder that an opener may have.
    let call = Program::new(opener.program.fill(|_| vec![address.as_str().into()]));
    Some(ProgramRun {
        name: clean::plain_line(opener.program.program()),
        calls: vec![call],
        output: opener.output(),
        limit: CommandSetting::LIMIT,
        remedy: "install it, or change `openers` in the settings",
    })
}

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
