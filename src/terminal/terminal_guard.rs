//! Holds the terminal: enters it, leaves it, lends it to another program, and gives it back whatever happens.
//!
//! While a [`Guard`] lives the screen is restored also by a panic of the thread that entered, by every signal that would
//! end the program, and, once [`Guard::watch`] was called, by a second process when this one is killed; and the program ends
//! when the terminal is gone.

use std::env;
use std::io::{self, IsTerminal};
use std::thread;

use thiserror::Error;

use super::tty::{self, Screen};
pub use super::tty::{Output, on_exit};
use super::{guardian, panic_hook, signals};
use crate::feed::SafeText;

/// Why the terminal could not be entered.
#[derive(Debug, Error)]
pub enum Refused {
    /// Input or output is not a terminal.
    #[error("frontpage needs a terminal; use `frontpage list` in scripts")]
    NoTerminal,
    /// It is said to be a terminal that cannot place text.
    #[error("TERM=dumb cannot draw; set TERM to what the terminal is, or use `frontpage list`")]
    Dumb,
    /// It is not said what kind of terminal it is.
    #[error("TERM is not set; set it to what the terminal is, or use `frontpage list`")]
    Unnamed,
    /// The terminal is there but does not answer as it should.
    #[error("cannot use the terminal: {0}")]
    Failed(#[from] io::Error),
}

/// The terminal in our hands: raw mode, alternate screen, no cursor. It belongs to the thread that entered, and there is
/// one at a time.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Enters the terminal, or leaves it as it was found. Waits in the background until the shell gives it to us. With `mouse`,
    /// the terminal reports the mouse as long as it is ours; that long its window has the title.
    pub fn enter(mouse: bool, title: Option<&SafeText>) -> Result<Guard, Refused> {
        if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
            return Err(Refused::NoTerminal);
        }
        match env::var_os("TERM") {
            Some(term) if term == "dumb" => return Err(Refused::Dumb),
            Some(term) if !term.is_empty() => {}
            _ => return Err(Refused::Unnamed),
        }
        panic_hook::install();
        signals::start()?;
        tty::want(mouse, title);
        let mut guard = Guard(());
        guard.take()?;
        Ok(guard)
    }

    /// Has the screen restored even if this process is killed. It takes some milliseconds, which nobody waits for.
    pub fn watch(&self) {
        let _ = thread::Builder::new().name("guardian".to_owned()).spawn(guardian::start);
    }

    /// Where to draw: a writer that signals need not wait for. Its bytes go nowhere while the screen is not ours.
    pub fn output(&self) -> io::Result<Output> {
        Output::new()
    }

    /// Leaves the terminal as it was found; nothing happens the second time.
    pub fn leave(&mut self) {
        tty::give_back(Screen::Away);
    }

    /// Lets another program have the terminal while `f` runs it. Afterwards everything must be painted anew.
    pub fn lend<T>(&mut self, f: impl FnOnce() -> T) -> io::Result<T> {
        tty::give_back(Screen::Lent);
        let result = f();
        signals::settle(); // a Ctrl-C that ended the other program must not end this one
        self.take()?;
        Ok(result)
    }

    /// Stops the program, as Ctrl-Z does, until the shell continues it; then everything must be painted anew. False when
    /// no shell is there that could continue it: then nothing was done.
    pub fn suspend(&mut self) -> io::Result<bool> {
        if !signals::can_stop() {
            signals::refuse_stop();
            return Ok(false);
        }
        self.leave();
        let stopped = signals::stop();
        self.take()?;
        Ok(stopped)
    }

    /// True when somebody asked by SIGTSTP that the program be suspended: the loop should call [`Guard::suspend`]. The
    /// request ends its waiting, so to ask before each waiting is enough.
    pub fn stop_requested() -> bool {
        signals::stop_requested()
    }

    /// True once after the program was stopped behind its back and goes on: the terminal has been entered anew and
    /// everything must be painted. To be asked before each waiting, like [`Guard::stop_requested`].
    pub fn take_continued(&mut self) -> io::Result<bool> {
        let continued = signals::take_continued();
        if continued {
            self.take()?;
        }
        Ok(continued)
    }

    /// In the background the modes are not ours to change; a job that tries is stopped until it comes to the front.
    fn take(&mut self) -> io::Result<()> {
        while tty::in_background() && signals::stop() {}
        tty::take()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.leave();
    }
}
