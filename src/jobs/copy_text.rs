//! Pipes text into a clipboard tool.

use std::time::Duration;

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::external_program::program::{KeptOutput, Program, ProgramError, ProgramLimits};
use crate::feed::{SafeText, clean};

/// Time limit. A tool that keeps the text for other programs goes on in the background.
const LIMITS: ProgramLimits = ProgramLimits { time: Duration::from_secs(2), kept: KeptOutput::First(0) };

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

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let CopyText { tool, text, done } = *self;
        let program = Program { input: Some(text.into_bytes()), ..Program::new(&tool) };
        let error = match program.run(LIMITS, &|| monitor.is_cancelled()) {
            Ok(_) => return Ok(Answer::Copy(done)),
            Err(ProgramError::Cancelled { .. }) => return Err(JobError::Cancelled),
            Err(ProgramError::NotStarted { why, .. }) => why.to_string(),
            Err(ProgramError::Failed { status, .. }) => status.to_string(),
            Err(ProgramError::TimedOut { .. }) => "timed out".to_owned(),
        };
        Err(JobError::Failed(clean::plain_line(&format!("cannot copy with {}: {error}", program.name()))))
    }
}
