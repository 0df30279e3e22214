//! Errors of the command line, and the exit codes.

use std::process::ExitCode;

use crate::feed::{SafeText, clean};

/// How the program ends, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: found, or fine.
    Success,
    /// 1: nothing found, or problems found.
    NothingOrProblems,
    /// 2: wrong use, or failure.
    Failure,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Success => 0,
            Exit::NothingOrProblems => 1,
            Exit::Failure => 2,
        })
    }
}

/// Why a command failed: one line, and hints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct CliError {
    /// What happened.
    pub what: SafeText,
    /// What to do, one line each.
    pub hints: Vec<SafeText>,
}

impl CliError {
    /// An error with a message, from which control characters are removed.
    pub fn new(what: &str) -> CliError {
        CliError { what: clean::plain_line(what), hints: Vec::new() }
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: &str) -> CliError {
        self.hints.push(clean::plain_line(hint));
        self
    }
}
