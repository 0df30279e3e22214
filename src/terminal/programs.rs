//! Runs programs for the session: in the background, or in the terminal, which they get until they end.

use std::io;

use super::event_loop::EventLoop;
use crate::config::ProgramOutputUse;
use crate::external_program::CommandTemplate;
use crate::external_program::program::{Program, ProgramError};
use crate::feed::SafeText;
use crate::jobs::JobKind;
use crate::jobs::run_program::{self, ProgramRun};

impl EventLoop {
    /// Runs a program for the user.
    pub(super) fn run_program(&mut self, run: ProgramRun) -> io::Result<()> {
        if run.output != ProgramOutputUse::Takeover {
            return self.start(run_program::run(run));
        }
        for (done, call) in run.calls.iter().enumerate() {
            if let Err(error) = self.lend_terminal(call)? {
                return self.report_failure(run.failure(&error, done).as_str());
            }
        }
        Ok(())
    }

    /// Gives the terminal to a program until it ends, then draws the screen again.
    pub(super) fn lend_terminal(&mut self, program: &Program) -> io::Result<Result<(), ProgramError>> {
        let ended = self.io.guard.release_while(|| program.run_in_terminal())?;
        self.redraw()?;
        Ok(ended)
    }

    /// Shows a text in the pager: `$PAGER`, else less.
    pub(super) fn show_in_pager(&mut self, text: &SafeText) -> io::Result<()> {
        let pager = std::env::var("PAGER").ok().map(|pager| CommandTemplate::split(&pager));
        let pager = match pager {
            Some(Err(error)) => return self.report_failure(&format!("PAGER: {error}")),
            Some(Ok(pager)) => pager,
            None => None,
        };
        let pager = pager.unwrap_or_else(|| CommandTemplate::built_in("less"));
        let program = Program { input: Some(text.as_str().as_bytes().to_vec()), ..Program::new(pager.words()) };
        match self.lend_terminal(&program)? {
            Ok(()) => Ok(()),
            Err(error) => self.report_failure(&format!("Pager: {error}; set PAGER to your pager")),
        }
    }

    /// Ends the programs that run for the user.
    pub(super) fn stop_programs(&mut self) -> io::Result<()> {
        if !self.session.app().jobs().has(JobKind::Program) {
            return self.notify("No program is running");
        }
        self.io.runner.cancel_all(JobKind::Program);
        self.notify("The running programs were ended")
    }
}
