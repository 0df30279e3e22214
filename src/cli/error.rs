//! What went wrong on the command line, in words, and the exit code for it.

use std::process::ExitCode;

use crate::feed::{SafeText, clean};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Found, or fine.
    Success,
    /// Nothing found, or problems found.
    NothingOrProblems,
    /// Wrong use, or failure.
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

/// Why a command could not be carried out: one line, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct CliError {
    /// What is wrong.
    pub what: SafeText,
    /// Further lines: what to do.
    pub hints: Vec<SafeText>,
}

impl CliError {
    /// An error in words; outside text in them is cleaned here.
    pub fn new(what: &str) -> CliError {
        CliError { what: clean::plain_line(what), hints: Vec::new() }
    }

    /// With a line that says what to do.
    pub fn hint(mut self, hint: &str) -> CliError {
        self.hints.push(clean::plain_line(hint));
        self
    }
}
