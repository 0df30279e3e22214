//! The terminal itself: switched to our modes and back, written to, and left in order when the program must end.
//!
//! One lock covers whose the screen is and every byte and mode sent to it, and nothing done under the lock can wait for
//! the terminal: it is opened a second time, without blocking. So whoever must restore the screen never waits for a
//! thread that is held up by a terminal that takes no output. (The kernel has such a lock too: while one thread blocks
//! in a write to a terminal, all others are kept from writing to it, also through another descriptor.)

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

use super::screen_diff::UNLINK;
use crate::feed::SafeText;

/// The private modes that differ while the screen is ours, and whether each is set then.
const MODES: [(u16, bool); 4] = [
    (1049, true), // the alternate screen
    (7, false),   // lines are wrapped
    (2004, true), // pasted text is marked as such
    (25, false),  // the cursor
];
/// Those that report the mouse: buttons and the wheel, motion while a button is held, and places beyond column 223.
const MOUSE_MODES: [(u16, bool); 3] = [(1000, true), (1002, true), (1006, true)];
/// Those that report what may mean another background: that the window has the focus, and another colour scheme.
const APPEARANCE_MODES: [(u16, bool); 2] = [(1004, true), (2031, true)];
/// Ends a sequence that was cut off (CAN). The usual end, `ESC \`, is an error to some terminals when nothing is open.
const CANCEL: &str = "\x18";
/// Plain colours.
const RESET_STYLE: &str = "\x1b[m";
/// The keyboard protocol of kitty: keys that looked like others are keys of their own; and back to what was before.
const PUSH_KITTY_KEYS: &str = "\x1b[>1u";
const POP_KITTY_KEYS: &str = "\x1b[<u";
const ERASE: &str = "\x1b[2J";
const HOME: &str = "\x1b[H";
/// Puts the window's title on a stack, and takes it from there again.
const PUSH_TITLE: &str = "\x1b[22;2t";
const POP_TITLE: &str = "\x1b[23;2t";

/// How long a terminal that takes no output is urged to take our last few bytes. With [`EXIT_HOOK_TIMEOUT`] less than 200 ms.
const RESTORE_TIMEOUT: Duration = Duration::from_millis(50);
/// How long the program's end waits for what [`on_exit`] registered.
const EXIT_HOOK_TIMEOUT: Duration = Duration::from_millis(100);
/// Bytes of output that are buffered before they are sent unasked.
const MAX_BUFFERED: usize = 1 << 16;

/// Whose the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenOwner {
    /// The shell's: before the start, after the end and while the program is suspended.
    Shell,
    /// Ours, with our modes.
    Frontpage,
    /// That of a program which we started and wait for.
    Child,
    /// Nobody of ours touches it again, since the program is about to end.
    Exiting,
}

/// What is in use while the screen is ours that not every terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExtraModes {
    /// The keyboard protocol of kitty.
    pub keys: bool,
    /// Hyperlinks, one of which a frame that is cut off may leave open.
    pub links: bool,
    /// Reports of the mouse.
    pub mouse: bool,
    /// A title of our own.
    pub title: bool,
    /// Reports of what may mean another background.
    pub appearance: bool,
}

struct Terminal {
    owner: ScreenOwner,
    more: ExtraModes,
    /// The title of the window while the screen is ours.
    title: String,
    device: Option<Arc<File>>,
    /// The modes of the line before the screen was ours.
    before: Option<Termios>,
    on_owner_change: Option<OwnerObserver>,
}

/// Told whenever the screen changes hands: the modes of the line before it was ours, and what is in use; or none when it is not.
type OwnerObserver = Box<dyn FnMut(Option<(&Termios, ExtraModes)>) + Send>;

type ExitHook = Box<dyn FnOnce() + Send>;

static TERMINAL: Mutex<Terminal> = Mutex::new(Terminal {
    owner: ScreenOwner::Shell,
    more: NO_EXTRA_MODES,
    title: String::new(),
    device: None,
    before: None,
    on_owner_change: None,
});
const NO_EXTRA_MODES: ExtraModes =
    ExtraModes { keys: false, links: false, mouse: false, title: false, appearance: false };
static ON_EXIT: Mutex<Option<ExitHook>> = Mutex::new(None);

/// Whose the screen is now.
pub fn screen_owner() -> ScreenOwner {
    lock().owner
}

/// True when another job has the terminal; then changing its modes would be wrong, and would stop this process.
pub fn in_background() -> bool {
    termios::tcgetpgrp(stdin()).is_ok_and(|front| front != getpgrp())
}

/// Says before the screen is ours whether the mouse will be too, and what the title of the window will be, if any.
pub fn configure(mouse: bool, title: Option<&SafeText>) {
    let mut terminal = lock();
    terminal.more.mouse = mouse;
    terminal.more.title = title.is_some();
    terminal.title = title.map(|title| format!("\x1b]2;{title}\x1b\\")).unwrap_or_default();
}

/// Makes the screen ours: raw mode, our modes, nothing on it. Done again, it mends what others changed. A failure is
/// undone.
pub fn enter() -> io::Result<()> {
    let mut terminal = lock();
    let device = terminal.device()?;
    // Off and on: crossterm believes itself in raw mode when somebody else ended it.
    terminal::disable_raw_mode()?;
    terminal.before = termios::tcgetattr(stdin()).ok();
    terminal::enable_raw_mode()?;
    // Who takes it twice must not keep our title as that of the shell.
    let keeps_title = terminal.more.title && terminal.owner != ScreenOwner::Frontpage;
    terminal.owner = ScreenOwner::Frontpage;
    terminal.notify_guardian();
    let (more, title) = (ExtraModes { title: keeps_title, ..terminal.more }, terminal.title.clone());
    drop(terminal);
    let mut output = Output { device, buffered: Vec::new() };
    let taken = write!(output, "{}{title}{ERASE}", mode_sequences(true, more)).and_then(|()| output.flush());
    if taken.is_err() {
        release(ScreenOwner::Shell);
    }
    taken
}

/// Has somebody told whose the screen is, now and from now on.
pub fn on_owner_change(tell: impl FnMut(Option<(&Termios, ExtraModes)>) + Send + 'static) {
    let mut terminal = lock();
    terminal.on_owner_change = Some(Box::new(tell));
    terminal.notify_guardian();
}

/// Takes more into use, or the mouse out of it, now and whenever the screen is ours again; all ways out take it back.
pub fn update_extra_modes(add: impl FnOnce(&mut ExtraModes)) -> io::Result<()> {
    let mut terminal = lock();
    let before = terminal.more;
    add(&mut terminal.more);
    let now = terminal.more;
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

/// Restores the screen if it is ours, and says whose it is from now on. When the terminal is gone, which who reads from it
/// may notice before anybody else, the program ends here.
pub fn release(to: ScreenOwner) {
    let from = lock().release(to);
    if from == ScreenOwner::Frontpage && to != ScreenOwner::Exiting && !termios::isatty(stdin()) {
        exit_by_signal(SIGHUP);
    }
}

/// Ends the program as a signal does, with the exit code 128 + `signal`: restores the screen, has the marks saved.
pub fn exit_by_signal(signal: i32) -> ! {
    release(ScreenOwner::Exiting);
    run_on_exit();
    // Not `process::exit`: that flushes the standard output, which may be what blocks.
    low_level::exit(128 + signal)
}

/// Registers what must be done before a signal, a lost terminal or a panic ends the program; replaces the last one.
pub fn on_exit(job: impl FnOnce() + Send + 'static) {
    *ON_EXIT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(job));
}

/// Does what [`on_exit`] registered, once, and waits a bounded time for it: it may need a lock that nobody gives back.
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

/// The way to the screen for all that is drawn. Bytes gather until `flush`; those that come while the screen is not ours
/// are dropped, so that no late frame is painted over the shell.
pub struct Output {
    device: Arc<File>,
    buffered: Vec<u8>,
}

impl Output {
    /// Opens the way.
    pub fn new() -> io::Result<Output> {
        Ok(Output { device: lock().device()?, buffered: Vec::new() })
    }

    fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut sent = 0;
        while sent < bytes.len() {
            let written = lock().write(&bytes[sent..]); // a statement of its own: the lock must be free while we wait
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
    /// The terminal, opened anew: not blocking is a property of an open file, and the shell shares that of our stdout.
    fn device(&mut self) -> io::Result<Arc<File>> {
        if let Some(device) = &self.device {
            return Ok(Arc::clone(device));
        }
        Ok(Arc::clone(self.device.insert(Arc::new(open(stdout())?))))
    }

    fn notify_guardian(&mut self) {
        let before =
            self.before.as_ref().filter(|_| self.owner == ScreenOwner::Frontpage).map(|before| (before, self.more));
        if let Some(tell) = &mut self.on_owner_change {
            tell(before);
        }
    }

    /// Writes what the terminal takes at once; 0 bytes when the screen is not ours.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &self.device {
            Some(device) if self.owner == ScreenOwner::Frontpage => (&**device).write(bytes),
            _ => Ok(0),
        }
    }

    /// Returns whose the screen was.
    fn release(&mut self, to: ScreenOwner) -> ScreenOwner {
        let from = std::mem::replace(&mut self.owner, to);
        if let Some(device) = self.device.clone().filter(|_| from == ScreenOwner::Frontpage && !in_background()) {
            self.restore(&device);
        }
        self.notify_guardian();
        from
    }

    fn restore(&self, device: &File) {
        // The modes of the line come first: they cannot fail for want of room. Every error is passed over, since the
        // terminal may be gone and there is nobody to tell.
        let _ = terminal::disable_raw_mode();
        if self.owner == ScreenOwner::Exiting {
            // A thread that blocks in a write of its own to the terminal must not start the next one.
            let _ = OpenOptions::new().write(true).open("/dev/null").map(rustix::stdio::dup2_stdout);
        }
        restore_modes(device, self.more);
    }
}

/// A terminal that a descriptor leads to, opened anew and without blocking.
pub fn open(terminal: BorrowedFd) -> io::Result<File> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    let open = |path: PathBuf| OpenOptions::new().read(true).write(true).custom_flags(flags).open(path);
    let named = termios::ttyname(terminal, Vec::new()).map_err(io::Error::from);
    // After `su` the terminal still belongs to another user, and in a container it may have no name.
    named
        .and_then(|name| open(std::ffi::OsString::from_vec(name.into_bytes()).into()))
        .or_else(|_| open("/dev/tty".into()))
}

/// Leaves our modes, on a terminal that was opened without blocking.
pub fn restore_modes(device: &File, more: ExtraModes) {
    let unlink = if more.links { UNLINK } else { "" };
    write_within_timeout(device, format!("{CANCEL}{unlink}{RESET_STYLE}{}", mode_sequences(false, more)).as_bytes());
}

/// Writes all of it or gives up. What a stopped terminal has not taken yet is a frame that nobody needs any more: it is
/// thrown away to make room.
fn write_within_timeout(device: &File, bytes: &[u8]) {
    let end = Instant::now() + RESTORE_TIMEOUT;
    let moment = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };
    let mut rest = bytes;
    while !rest.is_empty() {
        match (&*device).write(rest) {
            Ok(count) => rest = &rest[count..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock && Instant::now() < end => {
                let _ = termios::tcflush(device, QueueSelector::OFlush);
                let _ = termios::tcflow(device, Action::OOff);
                let _ = termios::tcflow(device, Action::OOn);
                let _ = poll(&mut [PollFd::new(device, PollFlags::OUT)], Some(&moment));
                rest = bytes;
            }
            Err(_) => return,
        }
    }
}

/// The sequences that switch to our modes, or back in the reverse order. Some terminals have no alternate screen that could
/// be left: there the picture is erased first.
fn mode_sequences(to_ours: bool, more: ExtraModes) -> String {
    let mode = |&(number, set): &(u16, bool)| format!("\x1b[?{number}{}", if set == to_ours { 'h' } else { 'l' });
    let appearance = APPEARANCE_MODES.iter().filter(|_| more.appearance);
    let mouse = MOUSE_MODES.iter().filter(|_| more.mouse);
    let [screen, others @ ..] = &MODES;
    let others = others.iter().chain(mouse).chain(appearance);
    let when = |is_used: bool, sequence: &str| if is_used { sequence.to_owned() } else { String::new() };
    // The keyboard is that of the alternate screen, which has a stack of its own.
    if to_ours {
        let before = [when(more.title, PUSH_TITLE), mode(screen)].into_iter();
        before.chain(others.map(mode)).chain([when(more.keys, PUSH_KITTY_KEYS)]).collect()
    } else {
        let after = [ERASE.to_owned(), HOME.to_owned(), mode(screen), when(more.title, POP_TITLE)];
        [when(more.keys, POP_KITTY_KEYS)].into_iter().chain(others.rev().map(mode)).chain(after).collect()
    }
}

/// The lock; never given again when the program is ending, so that nobody but the one who ends it goes on.
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
    fn the_end_waits_for_what_must_be_done_but_not_for_ever() {
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
    fn modes_are_left_in_the_reverse_order_and_the_screen_is_erased_before_it_is_left() {
        assert_eq!(mode_sequences(true, NO_EXTRA_MODES), "\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?25l");
        assert_eq!(mode_sequences(false, NO_EXTRA_MODES), "\x1b[?25h\x1b[?2004l\x1b[?7h\x1b[2J\x1b[H\x1b[?1049l");
        let more = ExtraModes { keys: true, links: true, mouse: true, title: true, appearance: true };
        let reports = "\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[?2031h";
        let expected = format!("\x1b[22;2t\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?25l{reports}\x1b[>1u");
        assert_eq!(mode_sequences(true, more), expected);
        let reports = "\x1b[?2031l\x1b[?1004l\x1b[?1006l\x1b[?1002l\x1b[?1000l";
        let expected = format!("\x1b[<u{reports}\x1b[?25h\x1b[?2004l\x1b[?7h\x1b[2J\x1b[H\x1b[?1049l\x1b[23;2t");
        assert_eq!(mode_sequences(false, more), expected);
    }
}
