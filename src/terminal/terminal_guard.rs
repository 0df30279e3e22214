//! Takes over the terminal and gives it back, also when the program fails.
//!
//! While a [`TerminalGuard`] lives, the screen is also restored by a panic of the thread that entered, and by every signal that
//! would end the program. After [`TerminalGuard::start_guardian`], a second process restores it if this one is killed. If the
//! terminal disappears, the program ends.

use std::env;
use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

use thiserror::Error;

use super::tty::{self, ScreenOwner};
pub use super::tty::{Output, on_exit};
use super::{guardian, panic_hook, signals};
use crate::feed::SafeText;

/// Delay before a process that was continued in the background stops again.
const BACKGROUND_STOP_DELAY: Duration = Duration::from_millis(50);

/// Why the terminal could not be entered.
#[derive(Debug, Error)]
pub enum TerminalError {
    /// Input or output is not a terminal.
    #[error("frontpage needs a terminal; use `frontpage list` in scripts")]
    NotATerminal,
    /// `TERM=dumb`: the terminal cannot position text.
    #[error("TERM=dumb cannot draw; set TERM to the type of your terminal, or use `frontpage list`")]
    Dumb,
    /// `TERM` is missing or empty.
    #[error("TERM is not set; set it to the type of your terminal, or use `frontpage list`")]
    NoTermVariable,
    /// A call to the terminal failed.
    #[error("cannot use the terminal: {0}")]
    Io(#[from] io::Error),
}

/// Ownership of the terminal: raw mode, alternate screen, no cursor. It belongs to the thread that entered, and only one exists at
/// a time.
#[derive(Debug)]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Takes over the terminal; on an error it is left as it was. A process in the background waits until the shell brings it to
    /// the front. While the guard holds the terminal, the terminal reports the mouse (if `mouse`), and its window has the title.
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

    /// Starts the guardian process, which restores the screen if this process is killed.
    // On a thread of its own, because starting the process takes some milliseconds.
    pub fn start_guardian(&self) {
        let _ = thread::Builder::new().name("guardian".to_owned()).spawn(guardian::start);
    }

    /// A writer that draws on the screen. What is written while frontpage does not own the screen is dropped.
    pub fn output(&self) -> io::Result<Output> {
        Output::new()
    }

    /// Restores the terminal to its state before [`TerminalGuard::enter`]. A second call does nothing.
    pub fn leave(&mut self) {
        tty::release(ScreenOwner::Shell);
    }

    /// Gives the terminal to another program while `f` runs it. Afterwards the caller must draw the whole screen.
    pub fn release_while<T>(&mut self, f: impl FnOnce() -> T) -> io::Result<T> {
        tty::release(ScreenOwner::Child);
        let result = f();
        signals::drain_signals(); // a Ctrl-C that ended the other program must not end this one
        self.acquire()?;
        Ok(result)
    }

    /// Stops the program, as Ctrl-Z does, until the shell continues it. Returns false, without stopping, if no shell is there that
    /// could continue it. Afterwards the caller must draw the whole screen.
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

    /// Whether SIGTSTP asked for the program to be suspended: the event loop should call [`TerminalGuard::suspend`]. The signal
    /// wakes the event loop, so one check before each wait is enough.
    pub fn stop_requested() -> bool {
        signals::stop_requested()
    }

    /// Whether the process was stopped and continued by others since the last call. If so, the terminal was taken over again, and
    /// the caller must draw the whole screen. Check it before each wait, like [`TerminalGuard::stop_requested`].
    pub fn take_continued(&mut self) -> io::Result<bool> {
        let continued = signals::take_continued();
        if continued {
            self.acquire()?;
        }
        Ok(continued)
    }

    /// Takes over the terminal, once this process is in the foreground.
    // The kernel stops a background process that changes the modes of its terminal, so stop first and wait for the shell.
    fn acquire(&mut self) -> io::Result<()> {
        while tty::in_background() {
            // `kill %1` of a shell sends SIGTERM, then SIGCONT. Another thread may have received SIGTERM and not run its handler yet;
            // a stop at once would then keep the process stopped.
            thread::sleep(BACKGROUND_STOP_DELAY);
            if tty::in_background() && !signals::stop() {
                break;
            }
        }
        tty::enter()
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        self.leave();
    }
}
