//! Pipes text into a clipboard tool.

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::external_program;
use crate::feed::{SafeText, clean};

#[derive(Debug)]
struct CopyText {
    tool: Vec<String>,
    text: String,
    done: SafeText,
}

/// A job that pipes text into a clipboard tool. `done`: the notice for its success.
pub fn copy(tool: Vec<String>, text: String, done: SafeText) -> Job {
    Job::new(CopyText { tool, text, done })
}

impl Task for CopyText {
    fn kind(&self) -> JobKind {
        JobKind::Copy
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let CopyText { tool, text, done } = *self;
        let name = tool.first().map_or("", String::as_str);
        match external_program::pipe_text(&tool, &text) {
            Ok(()) => Ok(Answer::Copy(done)),
            Err(error) => Err(JobError::Failed(clean::plain_line(&format!("cannot copy with {name}: {error}")))),
        }
    }
}
