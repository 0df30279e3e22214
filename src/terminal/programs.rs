//! Runs programs for the session: in the background, or in the terminal, which they get until they end.

use std::io;

use super::event_loop::EventLoop;
use crate::browser::Browser;
use crate::config::{ProgramOutputUse, paths};
use crate::external_program::CommandTemplate;
use crate::external_program::program::{Program, ProgramError};
use crate::feed::{Address, SafeText};
use crate::jobs::JobKind;
use crate::jobs::open_link::{self, Player};
use crate::jobs::own_command::{self, CommandRun};
use crate::jobs::run_program::{self, ProgramRun};

/// Runs a program for the user.
pub fn run_program(reader: &mut EventLoop, run: ProgramRun) -> io::Result<()> {
    if run.output != ProgramOutputUse::Takeover {
        return reader.start(run_program::run(run));
    }
    for (done, call) in run.calls.iter().enumerate() {
        if let Err(error) = lend_terminal(reader, call)? {
            return reader.report_failure(run.failure(&error, done).as_str());
        }
    }
    Ok(())
}

/// Opens an address in the browser.
pub fn open_in_browser(reader: &mut EventLoop, address: Address) -> io::Result<()> {
    let variable = std::env::var("BROWSER").ok();
    let browser = Browser::new(reader.io.settings.browser.as_deref(), variable.as_deref());
    reader.start(open_link::open(browser, address))
}

/// Plays the sound or film at an address: looks for what plays it.
pub fn play(reader: &mut EventLoop, address: Address) -> io::Result<()> {
    let downloads = reader.io.settings.downloads.clone().or_else(paths::default_downloads);
    reader.start(open_link::find_player(reader.io.settings.clone(), downloads, address))
}

/// Starts the player of a sound or film.
pub fn start_player(reader: &mut EventLoop, player: Player) -> io::Result<()> {
    match player {
        Player::Program(run) => run_program(reader, run),
        Player::Browser(address) => open_in_browser(reader, address),
        Player::Desktop(path) => reader.start(open_link::open_file(path)),
    }
}

/// Runs a command of the user.
pub fn run_command(reader: &mut EventLoop, run: CommandRun) -> io::Result<()> {
    if !run.takes_terminal() {
        return reader.start(own_command::run(run));
    }
    match run.program_run() {
        Ok(run) => run_program(reader, run),
        Err(error) => reader.report_failure(run.failure(&error).as_str()),
    }
}

/// Gives the terminal to a program until it ends, then draws the screen again.
pub fn lend_terminal(reader: &mut EventLoop, program: &Program) -> io::Result<Result<(), ProgramError>> {
    let ended = reader.io.guard.release_while(|| program.run_in_terminal())?;
    reader.redraw()?;
    Ok(ended)
}

/// Shows a text in the pager: `$PAGER`, else less.
pub fn show_in_pager(reader: &mut EventLoop, text: &SafeText) -> io::Result<()> {
    let pager = std::env::var("PAGER").ok().map(|pager| CommandTemplate::split(&pager));
    let pager = match pager {
        Some(Err(error)) => return reader.report_failure(&format!("PAGER: {error}")),
        Some(Ok(pager)) => pager,
        None => None,
    };
    let pager = pager.unwrap_or_else(|| CommandTemplate::built_in("less"));
    let program = Program { input: Some(text.as_str().as_bytes().to_vec()), ..Program::new(pager.words()) };
    match lend_terminal(reader, &program)? {
        Ok(()) => Ok(()),
        Err(error) => reader.report_failure(&format!("Pager: {error}; set PAGER to your pager")),
    }
}

/// Ends the programs that run for the user.
pub fn stop_programs(reader: &mut EventLoop) -> io::Result<()> {
    if !reader.session.app().jobs().has(JobKind::Program) {
        return reader.notify("No program is running");
    }
    reader.io.runner.cancel_all(JobKind::Program);
    reader.notify("Ending the running programs; those that were only started go on alone")
}
