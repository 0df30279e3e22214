//! Signals: one thread waits for them and for the terminal to vanish, without ever waking up for nothing.

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

/// Signals that would end the program and leave the terminal as it is.
const FATAL: [i32; 10] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU];
/// Job control, the window's size, and the one for a file that grew too large, which the write that caused it reports
/// anyway.
const OTHERS: [i32; 4] = [SIGTSTP, SIGCONT, SIGWINCH, SIGXFSZ];

/// The name of the thread.
const NAME: &str = "signals";

static UI_THREAD: OnceLock<Thread> = OnceLock::new();
/// Bytes through it wake the UI thread, which waits at the first end.
static WAKER: OnceLock<(UnixStream, UnixStream)> = OnceLock::new();
static STOP_REQUESTED: AtomicBool = AtomicBool::new(false);
static RESIZED: AtomicBool = AtomicBool::new(false);
static CONTINUED: AtomicBool = AtomicBool::new(false);

/// Has a write to a file that grew too large fail, as one to a full disk does; else it would end the program.
pub fn ignore_sigxfsz() {
    // Where no handler can be set all is as it was.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// Starts the thread, once. The caller is the UI thread from now on.
pub fn start() -> io::Result<()> {
    if UI_THREAD.get().is_some() {
        return Ok(());
    }
    let (wait, wake) = UnixStream::pair()?;
    // Who wakes never waits: as long as bytes are there, the thread is going to wake.
    wait.set_nonblocking(true)?;
    wake.set_nonblocking(true)?;
    WAKER.get_or_init(|| (wait, wake));
    let (read, write) = UnixStream::pair()?;
    let signals = SignalDelivery::with_pipe(read, write, SignalOnly, FATAL.iter().chain(&OTHERS))?;
    thread::Builder::new().name(NAME.to_owned()).spawn(move || watch(signals))?;
    UI_THREAD.get_or_init(thread::current);
    Ok(())
}

/// True in the thread that waits for signals.
pub fn is_signal_thread() -> bool {
    thread::current().name() == Some(NAME)
}

/// True in the thread that draws.
pub fn is_ui_thread() -> bool {
    UI_THREAD.get().is_some_and(|ui| ui.id() == thread::current().id())
}

/// True from a request to stop, made from outside, to the next stop.
pub fn stop_requested() -> bool {
    STOP_REQUESTED.load(SeqCst)
}

/// True once after the process was continued by anything but the end of [`stop`].
pub fn take_continued() -> bool {
    CONTINUED.swap(false, SeqCst)
}

/// Takes back a request to stop.
pub fn clear_stop_request() {
    STOP_REQUESTED.store(false, SeqCst);
}

/// True when there is a shell that would notice the stop and could end it. A group that holds the leader of its session
/// has none: `xterm -e frontpage`, `ssh -t host frontpage`. There the kernel drops Ctrl-Z too.
pub fn can_stop() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Stops the whole process group and returns when it goes on; false when it cannot be stopped. The whole group, because
/// the shell waits for all of it: a script that started us would keep it waiting for ever.
pub fn stop() -> bool {
    clear_stop_request();
    take_continued();
    let _none_starts = external_program::block_process_starts();
    if !can_stop() || kill_current_process_group(Signal::STOP).is_err() {
        return false;
    }
    await_continued();
    settle();
    true
}

/// Returns when every signal that came before has been dealt with as things stood then: sends one more, and awaits it.
pub fn settle() {
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
        // Linux tells of a hang-up unasked; macOS does so when asked.
        let terminal = PollFd::from_borrowed_fd(stdin(), PollFlags::HUP);
        let mut ready = [PollFd::new(signals.get_read(), PollFlags::IN), terminal];
        if poll(&mut ready[..watched], None) == Ok(0) {
            // Linux does not; macOS may, as long as a key waits unread.
            thread::sleep(Duration::from_millis(100));
        }
        let terminal = ready[1].revents();
        arrived(&mut signals).into_iter().for_each(receive);
        if terminal.contains(PollFlags::NVAL) {
            watched = 1; // a system that cannot watch this kind of file
        } else if terminal.intersects(PollFlags::HUP | PollFlags::ERR) {
            tty::exit_by_signal(SIGHUP);
        }
    }
}

/// The signals that came, SIGCONT behind all that came before it: looks until nothing is new, since one look goes by
/// number and may pass a signal's place before it comes and then see a later one.
fn arrived(signals: &mut SignalDelivery<UnixStream, SignalOnly>) -> Vec<i32> {
    let mut arrived = Vec::new();
    let mut known = None;
    while known != Some(arrived.len()) {
        known = Some(arrived.len());
        arrived.extend(signals.pending());
    }
    arrived.sort_by_key(|&signal| signal == SIGCONT);
    arrived
}

fn receive(signal: i32) {
    #[cfg(debug_assertions)]
    if signal == SIGUSR1 && std::env::var("FRONTPAGE_TEST_PANIC").as_deref() == Ok("signals") {
        panic!("asked for by \u{1b}[31mFRONTPAGE_TEST_PANIC");
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
        // Keys typed into the program that has the terminal now: Ctrl-C and Ctrl-\ mean only that one, Ctrl-Z all of us.
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

/// Wakes the UI thread out of its waiting.
pub fn wake() {
    if let Some((_, wake)) = WAKER.get() {
        let _ = (&*wake).write(&[0]);
    }
}

/// Where bytes come when somebody wakes the UI thread.
pub fn waker() -> Option<&'static UnixStream> {
    WAKER.get().map(|(wait, _)| wait)
}

/// Takes in all wakes so far, before what they were for is looked at.
pub fn drain_wakes() {
    if let Some(mut waker) = waker() {
        while matches!(waker.read(&mut [0; 64]), Ok(1..)) {}
    }
}

/// True once after the window may have another size.
pub fn take_resized() -> bool {
    RESIZED.swap(false, SeqCst)
}
