//! The programs that the user runs from the session: the commands bound to keys, and the output of the last one.

use std::sync::Arc;

use super::bound_commands::BoundCommands;
use crate::feed::SafeText;
use crate::jobs::run_program::ProgramEnd;

/// The output of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramText {
    /// What the user calls the program.
    pub name: SafeText,
    /// The output.
    pub text: SafeText,
    /// True if it was longer.
    pub is_cut: bool,
}

/// What the session knows of the user's programs.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// The commands that keys are bound to.
    bound: Arc<BoundCommands>,
    /// The last output.
    last: Option<ProgramText>,
}

impl Programs {
    /// No output yet; these commands are bound to keys.
    pub fn new(bound: Arc<BoundCommands>) -> Programs {
        Programs { bound, last: None }
    }

    /// The commands that keys are bound to.
    pub fn bound(&self) -> &BoundCommands {
        &self.bound
    }

    /// Replaces the commands that are bound to keys.
    pub fn set_bound(&mut self, bound: Arc<BoundCommands>) {
        self.bound = bound;
    }

    /// The output of the last program.
    pub fn last(&self) -> Option<&ProgramText> {
        self.last.as_ref()
    }

    /// Keeps the output of a program that has ended.
    pub fn keep(&mut self, end: &ProgramEnd) {
        let ProgramEnd { name, text, is_cut, .. } = end.clone();
        self.last = Some(ProgramText { name, text, is_cut });
    }
}
