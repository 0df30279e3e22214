//! The terminal itself: its modes, output to it, and its restoration when the program ends.
//!
//! One lock covers who owns the screen, and every byte and mode that is sent to it. Nothing that is done under the lock can wait
//! for the terminal, because the terminal is opened a second time, in non-blocking mode. So the thread that restores the screen
//! never waits for one that is blocked by a terminal that accepts no output. (The kernel has such a lock too: while one thread
//! blocks in a write to a terminal, no other thread can write to it, not even through another descriptor.)

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::terminal;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::process::getpgrp;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{self, Action, QueueSelector, Termios};
use signal_hook::consts::SIGHUP;
use signal_hook::low_level;

use super::multiplexer::Multiplexer;
use super::screen_diff::UNLINK;
use crate::feed::SafeText;

/// The private modes that frontpage changes while it owns the screen, and whether each is set then.
const MODES: [(u16, bool); 4] = [
    (1049, true), // alternate screen
    (7, false),   // line wrapping
    (2004, true), // bracketed paste
    (25, false),  // visible cursor
];
/// The modes that report the mouse: buttons and the wheel, motion while a button is held, and positions beyond column 223.
const MOUSE_MODES: [(u16, bool); 3] = [(1000, true), (1002, true), (1006, true)];
/// The modes that report a possible change of the background: the window got the focus, the colour scheme changed.
const APPEARANCE_MODES: [(u16, bool); 2] = [(1004, true), (2031, true)];
/// Ends a sequence that was cut off (CAN).
// Not the usual end, `ESC \`: some terminals treat it as an error if no sequence is open.
const CANCEL: &str = "\x18";
/// Resets colours and attributes (SGR).
const RESET_STYLE: &str = "\x1b[m";
/// Turns on kitty's keyboard protocol, by which keys differ that used to send the same bytes; and restores what was set before.
const PUSH_KITTY_KEYS: &str = "\x1b[>1u";
const POP_KITTY_KEYS: &str = "\x1b[<u";
/// Resets what a program may have left behind that had the terminal: soft reset (DECSTR), margins, insert mode, keys of the cursor and
/// the keypad, character sets, and all reports of the mouse.
const RESET_CHILD_MODES: &str = "\x1b[!p\x1b[r\x1b[?6l\x1b[4l\x1b[?1l\x1b>\x1b(B\x0f\
    \x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l";
const ERASE: &str = "\x1b[2J";
const HOME: &str = "\x1b[H";
/// Saves the window's title on a stack, and restores it from there.
const PUSH_TITLE: &str = "\x1b[22;2t";
const POP_TITLE: &str = "\x1b[23;2t";

/// How long to keep trying to write the restoring sequences to a terminal that accepts no output. With [`EXIT_HOOK_TIMEOUT`] less
/// than 200 ms.
const RESTORE_TIMEOUT: Duration = Duration::from_millis(50);
/// How long the end of the program waits for the [`on_exit`] hook.
const EXIT_HOOK_TIMEOUT: Duration = Duration::from_millis(100);
/// Bytes of output that are buffered before they are sent without a flush.
const MAX_BUFFERED: usize = 1 << 16;

/// Which program owns the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenOwner {
    /// The shell: before the start, after the end, and while the program is suspended.
    Shell,
    /// This program, with its modes.
    Frontpage,
    /// A program that frontpage started and waits for, such as the editor.
    Child,
    /// The program is about to end, and must not touch the screen again.
    Exiting,
}

/// Modes in use while frontpage owns the screen that not every terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtraModes {
    /// Kitty's keyboard protocol.
    pub keys: bool,
    /// Hyperlinks. A frame that is cut off may leave one open.
    pub links: bool,
    /// Reports of the mouse.
    pub mouse: bool,
    /// A title of the window.
    pub title: bool,
    /// Reports of a possible change of the background.
    pub appearance: bool,
    /// The highest number of a picture that the terminal keeps.
    pub pictures: u8,
    /// They reach the terminal through tmux.
    pub through_tmux: bool,
}

struct Terminal {
    owner: ScreenOwner,
    extra: ExtraModes,
    /// The sequence that sets the window's title.
    title: String,
    device: Option<Arc<File>>,
    /// The modes of the line before frontpage changed them.
    before: Option<Termios>,
    on_owner_change: Option<OwnerObserver>,
}

/// Called when the owner of the screen or its modes change. `None` while frontpage does not own the screen; else the modes of the
/// line before, and the extra modes in use.
type OwnerObserver = Box<dyn FnMut(Option<(&Termios, ExtraModes)>) + Send>;

type ExitHook = Box<dyn FnOnce() + Send>;

static TERMINAL: Mutex<Terminal> = Mutex::new(Terminal {
    owner: ScreenOwner::Shell,
    extra: NO_EXTRA_MODES,
    title: String::new(),
    device: None,
    before: None,
    on_owner_change: None,
});
const NO_EXTRA_MODES: ExtraModes = ExtraModes {
    keys: false,
    links: false,
    mouse: false,
    title: false,
    appearance: false,
    pictures: 0,
    through_tmux: false,
};
static ON_EXIT: Mutex<Option<ExitHook>> = Mutex::new(None);

/// The current owner of the screen.
pub fn screen_owner() -> ScreenOwner {
    lock().owner
}

/// Whether another job has the terminal. A process in the background that changes the modes of its terminal is stopped by the
/// kernel.
pub fn in_background() -> bool {
    termios::tcgetpgrp(stdin()).is_ok_and(|front| front != getpgrp())
}

/// Sets whether the mouse will be reported, and the title of the window, from the next [`enter`] on.
pub fn configure(mouse: bool, title: Option<&SafeText>) {
    let mut terminal = lock();
    terminal.extra.mouse = mouse;
    terminal.extra.title = title.is_some();
    terminal.title = title_sequence(title);
}

/// Sets the title of the window, now and whenever frontpage takes over the screen, or restores the one before. Sends nothing if it
/// has this title.
pub fn set_title(title: Option<&SafeText>) -> io::Result<()> {
    let sequence = title_sequence(title);
    let mut terminal = lock();
    if terminal.title == sequence {
        return Ok(());
    }
    terminal.title.clone_from(&sequence);
    let had_title = std::mem::replace(&mut terminal.extra.title, title.is_some());
    if had_title != title.is_some() {
        terminal.notify_guardian();
    }
    drop(terminal);
    let keep = match (had_title, title.is_some()) {
        (false, true) => PUSH_TITLE,
        (true, false) => POP_TITLE,
        _ => "",
    };
    let mut output = Output::new()?;
    write!(output, "{keep}{sequence}")?;
    output.flush()
}

/// The sequence that sets a title of the window (OSC 2); empty without one.
fn title_sequence(title: Option<&SafeText>) -> String {
    title.map(|title| format!("\x1b]2;{title}\x1b\\")).unwrap_or_default()
}

/// Takes over the screen: raw mode, our modes, cleared. A second call repairs modes that others changed. On an error, the screen is
/// given back.
pub fn enter() -> io::Result<()> {
    let mut terminal = lock();
    let device = terminal.device()?;
    let was_lent = terminal.owner == ScreenOwner::Child;
    if let Some(before) = terminal.before.as_ref().filter(|_| was_lent) {
        // Without this, the modes of the line that a program has left would be those that the shell gets back.
        let _ = termios::tcsetattr(stdin(), termios::OptionalActions::Now, before);
    }
    // Off, then on: crossterm believes it is still in raw mode when another program has ended it.
    terminal::disable_raw_mode()?;
    terminal.before = termios::tcgetattr(stdin()).ok();
    terminal::enable_raw_mode()?;
    // A second call must not save our own title as that of the shell.
    let keeps_title = terminal.extra.title && terminal.owner != ScreenOwner::Frontpage;
    terminal.owner = ScreenOwner::Frontpage;
    terminal.notify_guardian();
    let (extra, title) = (ExtraModes { title: keeps_title, ..terminal.extra }, terminal.title.clone());
    drop(terminal);
    let mut output = Output { device, buffered: Vec::new() };
    let reset = match was_lent {
        true => [CANCEL, RESET_STYLE, RESET_CHILD_MODES].concat(),
        false => String::new(),
    };
    let taken = write!(output, "{reset}{}{title}{ERASE}", mode_sequences(true, extra)).and_then(|()| output.flush());
    if taken.is_err() {
        release(ScreenOwner::Shell);
    }
    taken
}

/// Registers a function that is called now, and whenever the owner of the screen or its modes change.
pub fn on_owner_change(observer: impl FnMut(Option<(&Termios, ExtraModes)>) + Send + 'static) {
    let mut terminal = lock();
    terminal.on_owner_change = Some(Box::new(observer));
    terminal.notify_guardian();
}

/// The sequence by which the terminal forgets a picture (kitty's graphics protocol).
pub fn delete_picture(id: u8) -> String {
    format!("\x1b_Ga=d,d=I,i={id},q=2\x1b\\")
}

/// Has all ways out delete the pictures up to a number.
#[cfg(feature = "pictures")]
pub fn keep_pictures(last: u8, multiplexer: Multiplexer) -> io::Result<()> {
    if last <= lock().extra.pictures {
        return Ok(());
    }
    update_extra_modes(|extra| {
        extra.pictures = last;
        extra.through_tmux = multiplexer == Multiplexer::Tmux;
    })
}

/// Whether the terminal accepts output within a time.
#[cfg(feature = "pictures")]
pub fn accepts_output(limit: Duration) -> io::Result<bool> {
    let device = lock().device()?;
    let limit = Timespec { tv_sec: limit.as_secs() as i64, tv_nsec: limit.subsec_nanos().into() };
    match poll(&mut [PollFd::new(&device, PollFlags::OUT)], Some(&limit)) {
        Ok(ready) => Ok(ready > 0),
        Err(error) => unless_interrupted(error).map(|()| false),
    }
}

/// Changes the extra modes, now and whenever frontpage owns the screen. All ways out reset them.
pub fn update_extra_modes(add: impl FnOnce(&mut ExtraModes)) -> io::Result<()> {
    let mut terminal = lock();
    let before = terminal.extra;
    add(&mut terminal.extra);
    let now = terminal.extra;
    terminal.notify_guardian();
    drop(terminal);
    let mut output = Output::new()?;
    if now.keys && !before.keys {
        output.write_all(PUSH_KITTY_KEYS.as_bytes())?;
    }
    let mouse = (&MOUSE_MODES[..], before.mouse, now.mouse);
    let appearance = (&APPEARANCE_MODES[..], before.appearance, now.appearance);
    for (modes, _, is_set) in [mouse, appearance].into_iter().filter(|(_, before, now)| before != now) {
        let sign = if is_set { 'h' } else { 'l' };
        modes.iter().try_for_each(|(number, _)| write!(output, "\x1b[?{number}{sign}"))?;
    }
    output.flush()
}

/// Restores the screen if frontpage owns it, and sets the next owner. Ends the program if the terminal is gone, which may be
/// noticed here first.
pub fn release(to: ScreenOwner) {
    let from = lock().release(to);
    if from == ScreenOwner::Frontpage && to != ScreenOwner::Exiting && !termios::isatty(stdin()) {
        exit_by_signal(SIGHUP);
    }
}

/// Ends the program as `signal` does, with exit code 128 + `signal`, after restoring the screen and saving the marks.
pub fn exit_by_signal(signal: i32) -> ! {
    release(ScreenOwner::Exiting);
    run_on_exit();
    // Not `process::exit`: it flushes stdout, which may be what blocks.
    low_level::exit(128 + signal)
}

/// Registers the hook that runs before a signal, a lost terminal or a panic ends the program. Replaces the previous hook.
pub fn on_exit(job: impl FnOnce() + Send + 'static) {
    *ON_EXIT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(job));
}

/// Runs the [`on_exit`] hook, once, and waits for it up to 100 ms.
// Without a limit the end could wait for a lock that another thread never releases.
pub fn run_on_exit() {
    let run = || {
        let job = ON_EXIT.lock().unwrap_or_else(PoisonError::into_inner).take();
        job.into_iter().for_each(|job| job());
    };
    let (done, wait) = mpsc::channel();
    let spawned = thread::Builder::new().spawn(move || {
        run();
        let _ = done.send(());
    });
    match spawned {
        Ok(_) => drop(wait.recv_timeout(EXIT_HOOK_TIMEOUT)),
        Err(_) => run(),
    }
}

/// Writes to the screen. Bytes are buffered until `flush`. Bytes that arrive while frontpage does not own the screen are dropped,
/// so that no late frame is painted over the shell.
pub struct Output {
    device: Arc<File>,
    buffered: Vec<u8>,
}

impl Output {
    /// A writer to the terminal, which is opened at the first call.
    pub fn new() -> io::Result<Output> {
        Ok(Output { device: lock().device()?, buffered: Vec::new() })
    }

    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut sent = 0;
        while sent < bytes.len() {
            let written = lock().write(&bytes[sent..]); // its own statement, so that the lock is free during the wait below
            match written {
                Ok(0) => return Ok(()),
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    poll(&mut [PollFd::new(&self.device, PollFlags::OUT)], None)
                        .map(drop)
                        .or_else(unless_interrupted)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => exit_by_signal(SIGHUP),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffered.extend_from_slice(bytes);
        if self.buffered.len() > MAX_BUFFERED {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let sent = self.send(&self.buffered);
        self.buffered.clear();
        sent
    }
}

impl Terminal {
    /// The terminal, opened separately from stdout.
    // Non-blocking is a property of an open file description, and the shell shares that of our stdout.
    fn device(&mut self) -> io::Result<Arc<File>> {
        if let Some(device) = &self.device {
            return Ok(Arc::clone(device));
        }
        Ok(Arc::clone(self.device.insert(Arc::new(open(stdout())?))))
    }

    fn notify_guardian(&mut self) {
        let before =
            self.before.as_ref().filter(|_| self.owner == ScreenOwner::Frontpage).map(|before| (before, self.extra));
        if let Some(observer) = &mut self.on_owner_change {
            observer(before);
        }
    }

    /// Writes what the terminal accepts without waiting. Returns 0 if frontpage does not own the screen.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &self.device {
            Some(device) if self.owner == ScreenOwner::Frontpage => (&**device).write(bytes),
            _ => Ok(0),
        }
    }

    /// Sets the next owner, restoring the screen if frontpage owned it. Returns the previous owner.
    fn release(&mut self, to: ScreenOwner) -> ScreenOwner {
        let from = std::mem::replace(&mut self.owner, to);
        if let Some(device) = self.device.clone().filter(|_| from == ScreenOwner::Frontpage && !in_background()) {
            self.restore(&device);
        }
        self.notify_guardian();
        from
    }

    fn restore(&self, device: &File) {
        // The modes of the line come first, because a full output queue cannot make them fail. Errors are ignored: the terminal
        // may be gone, and then there is no place to report them.
        let _ = terminal::disable_raw_mode();
        if self.owner == ScreenOwner::Exiting {
            // A thread that blocks in its own write to the terminal must not start another write to stdout.
            let _ = OpenOptions::new().write(true).open("/dev/null").map(rustix::stdio::dup2_stdout);
        }
        restore_modes(device, self.extra);
    }
}

/// Opens the terminal behind a descriptor again, in non-blocking mode.
pub fn open(terminal: BorrowedFd) -> io::Result<File> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    let open = |path: PathBuf| OpenOptions::new().read(true).write(true).custom_flags(flags).open(path);
    let named = termios::ttyname(terminal, Vec::new()).map_err(io::Error::from);
    // The device may not open by its name: after `su` it still belongs to another user, and in a container it may have no name.
    named
        .and_then(|name| open(std::ffi::OsString::from_vec(name.into_bytes()).into()))
        .or_else(|_| open("/dev/tty".into()))
}

/// Resets our modes on a terminal that was opened in non-blocking mode.
pub fn restore_modes(device: &File, extra: ExtraModes) {
    let unlink = if extra.links { UNLINK } else { "" };
    let (pictures, modes) = (delete_pictures(extra), mode_sequences(false, extra));
    write_within_timeout(device, format!("{CANCEL}{pictures}{unlink}{RESET_STYLE}{modes}").as_bytes());
}

/// The sequences that delete the pictures of the terminal.
fn delete_pictures(extra: ExtraModes) -> String {
    let multiplexer = if extra.through_tmux { Multiplexer::Tmux } else { Multiplexer::None };
    (1..=extra.pictures).map(|id| multiplexer.wrap(&delete_picture(id))).collect()
}

/// Writes all bytes, or gives up after 50 ms.
// To make room, the queue of a stopped terminal is discarded: it holds the rest of a frame that is no longer needed.
fn write_within_timeout(device: &File, bytes: &[u8]) {
    let end = Instant::now() + RESTORE_TIMEOUT;
    let pause = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };
    let mut rest = bytes;
    while !rest.is_empty() {
        match (&*device).write(rest) {
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock && Instant::now() < end => {
                let _ = termios::tcflush(device, QueueSelector::OFlush);
                let _ = termios::tcflow(device, Action::OOff);
                let _ = termios::tcflow(device, Action::OOn);
                let _ = poll(&mut [PollFd::new(device, PollFlags::OUT)], Some(&pause));
                rest = bytes;
            }
            Err(_) => return,
        }
    }
}

/// The sequences that set our modes, or reset them in the reverse order. The screen is erased before it is left, because some
/// terminals have no alternate screen to leave.
fn mode_sequences(to_ours: bool, extra: ExtraModes) -> String {
    let mode = |&(number, set): &(u16, bool)| format!("\x1b[?{number}{}", if set == to_ours { 'h' } else { 'l' });
    let appearance = APPEARANCE_MODES.iter().filter(|_| extra.appearance);
    let mouse = MOUSE_MODES.iter().filter(|_| extra.mouse);
    let [screen, others @ ..] = &MODES;
    let others = others.iter().chain(mouse).chain(appearance);
    let when = |is_used: bool, sequence: &str| if is_used { sequence.to_owned() } else { String::new() };
    // The alternate screen has its own stack of keyboard modes: push after entering it, pop before leaving it.
    if to_ours {
        let before = [when(extra.title, PUSH_TITLE), mode(screen)].into_iter();
        before.chain(others.map(mode)).chain([when(extra.keys, PUSH_KITTY_KEYS)]).collect()
    } else {
        let after = [ERASE.to_owned(), HOME.to_owned(), mode(screen), when(extra.title, POP_TITLE)];
        [when(extra.keys, POP_KITTY_KEYS)].into_iter().chain(others.rev().map(mode)).chain(after).collect()
    }
}

/// Takes the lock. While the program is ending, it never returns: only the thread that ends the program continues.
fn lock() -> MutexGuard<'static, Terminal> {
    let terminal = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
    if terminal.owner == ScreenOwner::Exiting {
        drop(terminal);
        loop {
            thread::park();
        }
    }
    terminal
}

fn unless_interrupted(error: Errno) -> io::Result<()> {
    if error == Errno::INTR { Ok(()) } else { Err(error.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_hook_runs_once_and_its_wait_is_limited() {
        let (done, wait) = mpsc::channel();
        on_exit(move || done.send("saved").unwrap());
        run_on_exit();
        run_on_exit();
        assert_eq!(wait.into_iter().collect::<Vec<_>>(), ["saved"]);
        on_exit(|| {
            loop {
                thread::park();
            }
        });
        run_on_exit();
    }

    #[test]
    fn modes_are_reset_in_reverse_order_and_the_screen_is_erased_before_it_is_left() {
        assert_eq!(mode_sequences(true, NO_EXTRA_MODES), "\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?25l");
        assert_eq!(mode_sequences(false, NO_EXTRA_MODES), "\x1b[?25h\x1b[?2004l\x1b[?7h\x1b[2J\x1b[H\x1b[?1049l");
        let extra = ExtraModes {
            keys: true,
            links: true,
            mouse: true,
            title: true,
            appearance: true,
            pictures: 2,
            through_tmux: false,
        };
        assert_eq!(delete_pictures(extra), "\x1b_Ga=d,d=I,i=1,q=2\x1b\\\x1b_Ga=d,d=I,i=2,q=2\x1b\\");
        let in_tmux = ExtraModes { pictures: 1, through_tmux: true, ..extra };
        assert_eq!(delete_pictures(in_tmux), "\x1bPtmux;\x1b\x1b_Ga=d,d=I,i=1,q=2\x1b\x1b\\\x1b\\");
        let reports = "\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[?2031h";
        let expected = format!("\x1b[22;2t\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?25l{reports}\x1b[>1u");
        assert_eq!(mode_sequences(true, extra), expected);
        let reports = "\x1b[?2031l\x1b[?1004l\x1b[?1006l\x1b[?1002l\x1b[?1000l";
        let expected = format!("\x1b[<u{reports}\x1b[?25h\x1b[?2004l\x1b[?7h\x1b[2J\x1b[H\x1b[?1049l\x1b[23;2t");
        assert_eq!(mode_sequences(false, extra), expected);
    }
}
