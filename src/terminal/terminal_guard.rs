//! Holds the terminal: enters it, leaves it, lends it to another program, and gives it back whatever happens.
//!
//! While a [`TerminalGuard`] lives the screen is restored also by a panic of the thread that entered, by every signal that would
//! end the program, and, once [`TerminalGuard::start_guardian`] was called, by a second process when this one is killed; and the program ends
//! when the terminal is gone.

use std::env;
use std::io::{self, IsTerminal};
use std::thread;

use thiserror::Error;

use super::tty::{self, ScreenOwner};
pub use super::tty::{Output, on_exit};
use super::{guardian, panic_hook, signals};
use crate::feed::SafeText;

/// Why the terminal could not be entered.
#[derive(Debug, Error)]
pub enum TerminalError {
    /// Input or output is not a terminal.
    #[error("frontpage needs a terminal; use `frontpage list` in scripts")]
    NotATerminal,
    /// It is said to be a terminal that cannot place text.
    #[error("TERM=dumb cannot draw; set TERM to what the terminal is, or use `frontpage list`")]
    Dumb,
    /// It is not said what kind of terminal it is.
    #[error("TERM is not set; set it to what the terminal is, or use `frontpage list`")]
    NoTermVariable,
    /// The terminal is there but does not answer as it should.
    #[error("cannot use the terminal: {0}")]
    Io(#[from] io::Error),
}

/// The terminal in our hands: raw mode, alternate screen, no cursor. It belongs to the thread that entered, and there is
/// one at a time.
#[derive(Debug)]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Enters the terminal, or leaves it as it was found. Waits in the background until the shell gives it to us. With `mouse`,
    /// the terminal reports the mouse as long as it is ours; that long its window has the title.
    pub fn enter(mouse: bool, title: Option<&SafeText>) -> Result<TerminalGuard, TerminalError> {
        if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
            return Err(TerminalError::NotATerminal);
        }
        match env::var_os("TERM") {
            Some(term) if term == "dumb" => return Err(TerminalError::Dumb),
            Some(term) if !term.is_empty() => {}
            _ => return Err(TerminalError::NoTermVariable),
        }
        panic_hook::install();
        signals::start()?;
        tty::configure(mouse, title);
        let mut guard = TerminalGuard(());
        guard.acquire()?;
        Ok(guard)
    }

    /// Has the screen restored even if this process is killed. It takes some milliseconds, which nobody waits for.
    pub fn start_guardian(&self) {
        let _ = thread::Builder::new().name("guardian".to_owned()).spawn(guardian::start);
    }

    /// Where to draw: a writer that signals need not wait for. Its bytes go nowhere while the screen is not ours.
    pub fn output(&self) -> io::Result<Output> {
        Output::new()
    }

    /// Leaves the terminal as it was found; nothing happens the second time.
    pub fn leave(&mut self) {
        tty::release(ScreenOwner::Shell);
    }

    /// Lets another program have the terminal while `f` runs it. Afterwards everything must be painted anew.
    pub fn release_while<T>(&mut self, f: impl FnOnce() -> T) -> io::Result<T> {
        tty::release(ScreenOwner::Child);
        let result = f();
        signals::settle(); // a Ctrl-C that ended the other program must not end this one
        self.acquire()?;
        Ok(result)
    }

    /// Stops the program, as Ctrl-Z does, until the shell continues it; then everything must be painted anew. False when
    /// no shell is there that could continue it: then nothing was done.
    pub fn suspend(&mut self) -> io::Result<bool> {
        if !signals::can_stop() {
            signals::clear_stop_request();
            return Ok(false);
        }
        self.leave();
        let stopped = signals::stop();
        self.acquire()?;
        Ok(stopped)
    }

    /// True when somebody asked by SIGTSTP that the program be suspended: the loop should call [`TerminalGuard::suspend`]. The
    /// request ends its waiting, so to ask before each waiting is enough.
    pub fn stop_requested() -> bool {
        signals::stop_requested()
    }

    /// True once after the program was stopped behind its back and goes on: the terminal has been entered anew and
    /// everything must be painted. To be asked before each waiting, like [`TerminalGuard::stop_requested`].
    pub fn take_continued(&mut self) -> io::Result<bool> {
        let continued = signals::take_continued();
        if continued {
            self.acquire()?;
        }
        Ok(continued)
    }

    /// In the background the modes are not ours to change; a job that tries is stopped until it comes to the front.
    fn acquire(&mut self) -> io::Result<()> {
        while tty::in_background() && signals::stop() {}
        tty::enter()
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        self.leave();
    }
}
