//! The panic hook: restores the screen before the message is printed. Messages of background threads do not reach the screen.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

use signal_hook::consts::SIGABRT;

use super::signals;
use super::tty::{self, ScreenOwner};
use crate::feed::clean::{self, SafeText};
use crate::jobs::panic_message;

/// Replaces the default panic hook, once.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| panic::set_hook(Box::new(report)));
}

fn report(info: &PanicHookInfo<'_>) {
    let location = info.location().map(|location| format!(" ({location})")).unwrap_or_default();
    let message = info.payload_as_str().unwrap_or("panic without a message");
    let message = clean::plain_line(&format!("{message}{location}"));
    if signals::is_ui_thread() {
        tty::release(ScreenOwner::Shell);
        tty::run_on_exit();
        print(&message);
    } else if signals::is_signal_thread() {
        // Without this thread, signals and hang-ups would go unnoticed: end the program.
        tty::release(ScreenOwner::Shell);
        print(&message);
        tty::exit_by_signal(SIGABRT);
    } else if tty::screen_owner() == ScreenOwner::Shell {
        print(&message);
    } else {
        panic_message::record(message);
    }
}

/// Prints to stderr.
// Errors are ignored: `eprintln` would panic again if stderr cannot be written to.
fn print(message: &SafeText) {
    let _ = writeln!(io::stderr(), "frontpage: internal error: {message}");
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        let _ = write!(io::stderr(), "{}", clean::text(&trace.to_string()));
    }
}
