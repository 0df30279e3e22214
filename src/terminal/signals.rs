//! Signals and hang-ups: one thread waits for them, and sleeps while there are none.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpgrp, getpid, getsid, kill_current_process_group, kill_process};
use rustix::stdio::stdin;
use signal_hook::consts::{
    SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGVTALRM, SIGWINCH,
    SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

use super::tty::{self, ScreenOwner};
use crate::external_program;

/// Signals whose default action would end the program without restoring the terminal.
const FATAL: [i32; 10] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU];
/// Job control, changes of the window size, and SIGXFSZ (file too large).
// SIGXFSZ is caught to ignore it: the write that caused it reports the error.
const OTHERS: [i32; 4] = [SIGTSTP, SIGCONT, SIGWINCH, SIGXFSZ];

/// Name of the signal thread.
const NAME: &str = "signals";

static UI_THREAD: OnceLock<Thread> = OnceLock::new();
/// A pipe that wakes the UI thread: it polls the first end, and bytes are written to the second.
static WAKER: OnceLock<(UnixStream, UnixStream)> = OnceLock::new();
static STOP_REQUESTED: AtomicBool = AtomicBool::new(false);
static RESIZED: AtomicBool = AtomicBool::new(false);
static CONTINUED: AtomicBool = AtomicBool::new(false);

/// Makes a write beyond the file size limit fail with an error. By default SIGXFSZ would end the program.
pub fn ignore_sigxfsz() {
    // If no handler can be set, the default stays.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// Starts the signal thread, once. The calling thread becomes the UI thread.
pub fn start() -> io::Result<()> {
    if UI_THREAD.get().is_some() {
        return Ok(());
    }
    let (wait, wake) = UnixStream::pair()?;
    // A full pipe is no reason to wait: it means that the UI thread is about to wake up anyway.
    wait.set_nonblocking(true)?;
    wake.set_nonblocking(true)?;
    WAKER.get_or_init(|| (wait, wake));
    let (read, write) = UnixStream::pair()?;
    let signals = SignalDelivery::with_pipe(read, write, SignalOnly, FATAL.iter().chain(&OTHERS))?;
    thread::Builder::new().name(NAME.to_owned()).spawn(move || watch(signals))?;
    UI_THREAD.get_or_init(thread::current);
    Ok(())
}

/// Whether the current thread is the signal thread.
pub fn is_signal_thread() -> bool {
    thread::current().name() == Some(NAME)
}

/// Whether the current thread is the UI thread, which draws.
pub fn is_ui_thread() -> bool {
    UI_THREAD.get().is_some_and(|ui| ui.id() == thread::current().id())
}

/// Whether SIGTSTP has arrived since the last stop.
pub fn stop_requested() -> bool {
    STOP_REQUESTED.load(SeqCst)
}

/// Whether the process was continued since the last call, other than by the end of [`stop`]. Resets.
pub fn take_continued() -> bool {
    CONTINUED.swap(false, SeqCst)
}

/// Drops a request to stop.
pub fn clear_stop_request() {
    STOP_REQUESTED.store(false, SeqCst);
}

/// Whether a shell is there that notices the stop and can resume the program. A process group that contains its session leader has
/// none: `xterm -e frontpage`, `ssh -t host frontpage`. There the kernel ignores Ctrl-Z too.
pub fn can_stop() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Stops the process group and returns when it is continued; false if it cannot be stopped.
// The whole group, because the shell waits for all of it: if frontpage was started by a script, the running script would keep
// the shell waiting.
pub fn stop() -> bool {
    clear_stop_request();
    take_continued();
    let _none_starts = external_program::block_process_starts();
    if !can_stop() || kill_current_process_group(Signal::STOP).is_err() {
        return false;
    }
    await_continued();
    drain_signals();
    true
}

/// Waits until all signals that arrived before have been handled, by sending SIGCONT and waiting for it.
pub fn drain_signals() {
    take_continued();
    if kill_process(getpid(), Signal::CONT).is_ok() {
        await_continued();
    }
}

fn await_continued() {
    while !take_continued() {
        thread::park();
    }
}

fn watch(mut signals: SignalDelivery<UnixStream, SignalOnly>) {
    let mut watched = 2;
    loop {
        // Linux reports a hang-up without being asked, macOS only when asked.
        let terminal = PollFd::from_borrowed_fd(stdin(), PollFlags::HUP);
        let mut ready = [PollFd::new(signals.get_read(), PollFlags::IN), terminal];
        if poll(&mut ready[..watched], None) == Ok(0) {
            // Linux never returns 0 here. macOS may do so repeatedly while a key is unread: do not spin.
            thread::sleep(Duration::from_millis(100));
        }
        let terminal = ready[1].revents();
        arrived(&mut signals).into_iter().for_each(receive);
        if terminal.contains(PollFlags::NVAL) {
            watched = 1; // this system cannot poll this kind of file
        } else if terminal.intersects(PollFlags::HUP | PollFlags::ERR) {
            tty::exit_by_signal(SIGHUP);
        }
    }
}

/// The signals that arrived, with SIGCONT after all that came before it.
// `pending` checks signals in the order of their numbers. It may check one before it arrives, and a later one after that: hence
// again until nothing new is found.
fn arrived(signals: &mut SignalDelivery<UnixStream, SignalOnly>) -> Vec<i32> {
    let mut arrived = Vec::new();
    let mut count = None;
    while count != Some(arrived.len()) {
        count = Some(arrived.len());
        arrived.extend(signals.pending());
    }
    arrived.sort_by_key(|&signal| signal == SIGCONT);
    arrived
}

fn receive(signal: i32) {
    #[cfg(debug_assertions)]
    if signal == SIGUSR1 && std::env::var("FRONTPAGE_TEST_PANIC").as_deref() == Ok("signals") {
        panic!("requested by \u{1b}[31mFRONTPAGE_TEST_PANIC");
    }
    match signal {
        SIGXFSZ => {}
        SIGWINCH => {
            RESIZED.store(true, SeqCst);
            wake();
        }
        SIGCONT => {
            CONTINUED.store(true, SeqCst);
            if let Some(ui) = UI_THREAD.get() {
                ui.unpark();
            }
            wake();
        }
        // The keys went to the program that has the terminal: Ctrl-C and Ctrl-\ are meant for it alone, Ctrl-Z for all.
        SIGINT | SIGQUIT if tty::screen_owner() == ScreenOwner::Child => {}
        SIGTSTP if tty::screen_owner() == ScreenOwner::Child => {
            if can_stop() {
                let _ = kill_process(getpid(), Signal::STOP);
            }
        }
        SIGTSTP => {
            STOP_REQUESTED.store(true, SeqCst);
            wake();
        }
        fatal => tty::exit_by_signal(fatal),
    }
}

/// Wakes the UI thread from waiting for input.
pub fn wake() {
    if let Some((_, wake)) = WAKER.get() {
        let _ = (&*wake).write(&[0]);
    }
}

/// The descriptor that becomes readable when the UI thread must wake up.
pub fn waker() -> Option<&'static UnixStream> {
    WAKER.get().map(|(wait, _)| wait)
}

/// Empties the wake-up pipe. Call it before checking what the wake-ups were for, so that none is lost.
pub fn drain_wakes() {
    if let Some(mut waker) = waker() {
        while matches!(waker.read(&mut [0; 64]), Ok(1..)) {}
    }
}

/// Whether the window may have been resized since the last call. Resets.
pub fn take_resized() -> bool {
    RESIZED.swap(false, SeqCst)
}
