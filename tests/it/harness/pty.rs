//! Runs a program in a pseudo-terminal: its screen, its output, the state of the terminal after it, and its exit.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::num::NonZeroU16;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use frontpage::library::Library;
use frontpage::terminal::bookmark_file;
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use rustix::termios::{self, Action, LocalModes, OptionalActions, SpecialCodeIndex};
use tempfile::TempDir;

/// Timeout for events that must come. Tests that pass do not wait this long, even on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(30);
/// Columns and rows of most tests.
pub const SIZE: (u16, u16) = (80, 24);

/// The modes a program may switch on, and must have switched off when it is gone.
const MODES: [u16; 8] = [1000, 1002, 1003, 1004, 1006, 1049, 2004, 2031];
/// Modes that it may switch off and must have switched on again: line wrap and the cursor.
const USUAL: [u16; 2] = [7, 25];
/// Runs a program as a job; when the job stops, waits for a line and continues it.
const SHELL: &str = "set -m; \"$0\" \"$@\"; printf '%s: job stopped' $?; read -r line; fg; exit $?";

/// The query for the kind of terminal, and our answer, so that a program does not wait for it.
const KIND_ASKED: &[u8] = b"\x1b[c";
const KIND: &[u8] = b"\x1b[?62;22c";

/// Makes a home in which the reader was started before, so that no welcome is in the way.
pub fn dismiss_welcome(home: &Path) {
    let file = bookmark_file::path_for(&home.join(".local/state/frontpage/bookmarks"), &Library::BuiltIn);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, "{}").unwrap();
}

/// The master side, until the terminal is closed: for typed keys and for answers of the terminal.
type Keyboard = Arc<Mutex<Option<Box<dyn Write + Send>>>>;

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself.
    Code(u32),
    /// Killed by a signal, with its name.
    Signal(String),
}

/// A running program and the terminal it runs in.
pub struct Pty {
    /// Removed on drop.
    _home: TempDir,
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Keyboard,
    /// Our handle of the slave side: it keeps the terminal modes readable after the program has ended.
    slave: Option<File>,
    before: String,
    after: Option<String>,
    shared: Arc<Shared>,
    pid: Pid,
    ended: mpsc::Receiver<Exit>,
    alive: bool,
}

struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    held: bool,
    waiting: bool,
    closing: bool,
    closed: bool,
}

impl Pty {
    /// Starts a program as the leader of a session of its own, in a terminal of `size` columns and rows, with an empty
    /// home and no environment but the usual and `env`.
    pub fn spawn(program: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Pty {
        Pty::start(program, args, env, size, true)
    }

    /// The same in a terminal that answers nothing by itself.
    pub fn spawn_silent(program: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Pty {
        Pty::start(program, args, env, size, false)
    }

    fn start(program: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16), answers: bool) -> Pty {
        let home = tempfile::tempdir().unwrap();
        dismiss_welcome(home.path());
        let (cols, rows) = size;
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("TZ", "UTC");
        env.iter().for_each(|(key, value)| command.env(key, value));
        command.cwd(home.path());

        let slave = open(&pair.master.tty_name().unwrap());
        let before = line_modes(&slave);
        let parser = vt100::Parser::new(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(cols).unwrap(), 0);
        let seen = Seen { parser, raw: Vec::new(), held: false, waiting: false, closing: false, closed: false };
        let shared = Arc::new(Shared { seen: Mutex::new(seen), changed: Condvar::new() });
        let reader = pair.master.try_clone_reader().unwrap();
        let keyboard = Arc::new(Mutex::new(Some(pair.master.take_writer().unwrap())));
        let child = pair.slave.spawn_command(command).unwrap();
        let pid = Pid::from_raw(child.process_id().unwrap() as i32).unwrap();
        let (tell, ended) = mpsc::channel();
        thread::spawn({
            let shared = Arc::clone(&shared);
            let answers = answers.then(|| Arc::clone(&keyboard));
            move || shared.fill(reader, answers)
        });
        thread::spawn(move || tell.send(await_end(child)));
        Pty {
            _home: home,
            keyboard,
            master: Some(pair.master),
            slave: Some(slave),
            before,
            after: None,
            shared,
            pid,
            ended,
            alive: true,
        }
    }

    /// Starts a program as the job of a shell. When the job stops, the shell says `job stopped`, waits for a line and
    /// brings the job to the front again; it ends with the job's code.
    pub fn spawn_job(program: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Pty {
        Pty::start_job(program, args, env, size, true)
    }

    /// The same in a terminal that answers nothing by itself.
    pub fn spawn_silent_job(program: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16)) -> Pty {
        Pty::start_job(program, args, env, size, false)
    }

    fn start_job(program: &str, args: &[&str], env: &[(&str, &str)], size: (u16, u16), answers: bool) -> Pty {
        let args: Vec<&str> = ["-c", SHELL, program].iter().chain(args).copied().collect();
        Pty::start("/bin/sh", &args, env, size, answers)
    }

    /// The process group in front: that of the job, when a shell runs one.
    pub fn foreground(&self) -> Pid {
        let group = self.master.as_ref().unwrap().process_group_leader().unwrap();
        Pid::from_raw(group).unwrap()
    }

    /// Waits until the screen fulfils a condition.
    #[track_caller]
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let found = self.shared.until(|seen| wanted(seen.parser.screen()));
        assert!(found, "no {what}; modes {}; the screen:\n{}", self.termios(), self.text());
    }

    /// Waits until the output of the program contains bytes, visible or not.
    #[track_caller]
    pub fn wait_for_bytes(&self, bytes: &str) {
        let wrote = |seen: &Seen| seen.raw.windows(bytes.len()).any(|window| window == bytes.as_bytes());
        assert!(self.shared.until(wrote), "{bytes:?} was not written; the screen:\n{}", self.text());
    }

    /// Waits until the program has written something `count` times.
    #[track_caller]
    pub fn wait_for_times(&self, bytes: &str, times: usize) {
        let count = |seen: &Seen| seen.raw.windows(bytes.len()).filter(|window| *window == bytes.as_bytes()).count();
        let found = self.shared.until(|seen| count(seen) >= times);
        assert!(found, "{bytes:?} was not written {times} times; the screen:\n{}", self.text());
    }

    /// Waits until a text is somewhere on the screen.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// What the screen shows.
    pub fn text(&self) -> String {
        self.shared.seen.lock().unwrap().parser.screen().contents()
    }

    /// All bytes that came from the program so far.
    pub fn raw(&self) -> Vec<u8> {
        self.shared.seen.lock().unwrap().raw.clone()
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        let mut keyboard = self.keyboard.lock().unwrap();
        let keyboard = keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
    }

    /// Bytes of keys and answers that no program has read.
    pub fn unread_input(&self) -> u64 {
        rustix::io::ioctl_fionread(self.slave()).unwrap()
    }

    /// The program that was started.
    #[cfg(target_os = "linux")]
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Changes the window's size.
    pub fn resize(&self, (cols, rows): (u16, u16)) {
        let mut seen = self.shared.seen.lock().unwrap();
        seen.parser.screen_mut().set_size(NonZeroU16::new(rows).unwrap(), NonZeroU16::new(cols).unwrap());
        drop(seen);
        self.claim_size((cols, rows));
    }

    /// Reports a new window size to the program, but shows the output at the old size.
    pub fn claim_size(&self, (cols, rows): (u16, u16)) {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Writes to the screen as another program would.
    pub fn scribble(&self, text: &str) {
        while let Err(error) = self.slave().write_all(text.as_bytes()) {
            assert_eq!(error.kind(), ErrorKind::WouldBlock); // another thread is writing
            poll(&mut [PollFd::new(self.slave(), PollFlags::OUT)], None).unwrap();
        }
    }

    /// Sends a signal to the program that was started (the shell, when it is a job).
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Stops reading, like a terminal that hangs, until [`Pty::release`].
    pub fn hold(&self) {
        self.shared.seen.lock().unwrap().held = true;
        let _ = self.slave().write(b"\0"); // ends the reading under way, if no other byte does
        assert!(self.shared.until(|seen| seen.waiting), "the reader does not pause");
    }

    /// Stops reading and fills the buffers, so that the next write blocks.
    pub fn fill(&self) {
        self.hold();
        let moment = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        // The kernel moves bytes between its buffers in the background, which makes room again.
        while poll(&mut [PollFd::new(self.slave(), PollFlags::OUT)], Some(&moment)).unwrap() > 0 {
            let _ = self.slave().write(&[b' '; 4096]);
        }
    }

    /// Resumes reading.
    pub fn release(&self) {
        self.shared.seen.lock().unwrap().held = false;
        self.shared.changed.notify_all();
    }

    /// Stops the output like Ctrl-S: writes block.
    pub fn stop_output(&self) {
        termios::tcflow(self.slave(), Action::OOff).unwrap();
    }

    /// Waits until the program, or the job of the shell, has a guardian. Nothing tells of it, so this asks again and again.
    #[cfg(target_os = "linux")]
    pub fn await_guardian(&self) -> Pid {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(guardian) = guardian_of(self.pid).or_else(|| guardian_of(self.foreground())) {
                return guardian;
            }
            assert!(Instant::now() < end, "no guardian");
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Closes the terminal, like a closed window or a cut line.
    pub fn close_master(&mut self) {
        let closed = |seen: &Seen| seen.closed;
        self.shared.seen.lock().unwrap().closing = true;
        self.shared.changed.notify_all();
        let _ = self.slave().write(b"\0"); // lets the reader see that it must end
        assert!(self.shared.until(closed), "the reader does not end");
        // Else portable-pty sends a final Ctrl-D.
        let mut modes = termios::tcgetattr(self.slave()).unwrap();
        modes.special_codes[SpecialCodeIndex::VEOF] = 0;
        termios::tcsetattr(self.slave(), OptionalActions::Now, &modes).unwrap();
        *self.keyboard.lock().unwrap() = None;
        self.master = None;
    }

    /// Waits for the exit and for the last byte of output, and records the terminal modes of that moment.
    #[track_caller]
    pub fn wait_exit(&mut self, limit: Duration) -> Exit {
        let Ok(exit) = self.ended.recv_timeout(limit) else {
            panic!("still running after {limit:?}; modes {}; the screen:\n{}", self.termios(), self.text());
        };
        self.alive = false;
        self.after = Some(self.termios());
        self.slave = None;
        self.release();
        assert!(self.shared.until(|seen| seen.closed), "a process still has the terminal open");
        exit
    }

    /// True if the program ends by itself within a time.
    pub fn ends_within(&mut self, limit: Duration) -> bool {
        let ended = self.ended.recv_timeout(limit).is_ok();
        self.alive = !ended;
        ended
    }

    /// The modes of the line, now or when the program ended.
    pub fn termios(&self) -> String {
        self.after.clone().unwrap_or_else(|| line_modes(self.slave()))
    }

    /// The modes of the line before the program was started.
    pub fn termios_before(&self) -> &str {
        &self.before
    }

    /// What a terminal shows that has no alternate screen, as GNU screen by default, and where the cursor is.
    pub fn text_without_alternate_screen(&self) -> (String, (u16, u16)) {
        let raw = String::from_utf8_lossy(&self.raw()).replace("\x1b[?1049h", "").replace("\x1b[?1049l", "");
        let (rows, cols) = self.shared.seen.lock().unwrap().parser.screen().size();
        let mut parser = vt100::Parser::new(rows, cols, 0);
        parser.process(raw.as_bytes());
        (parser.screen().contents(), parser.screen().cursor_position())
    }

    /// True when the cursor is shown, every mode that was switched on is off, the keyboard and the title are as they were and no
    /// link is open.
    pub fn modes_balanced(&self) -> bool {
        let raw = self.raw();
        let times = |bytes: &[u8]| raw.windows(bytes.len()).filter(|window| *window == bytes).count();
        let title = times(b"\x1b[22;2t") == times(b"\x1b[23;2t");
        let last_of = |bytes: &[u8]| raw.windows(bytes.len()).rposition(|window| window == bytes);
        let keyboard = last_of(b"\x1b[>1u") <= last_of(b"\x1b[<u");
        let links = last_of(b"\x1b]8;id=") <= last_of(b"\x1b]8;;\x1b\\");
        let last = last_modes(&raw);
        let is_set = |mode: &u16| last.get(mode).copied();
        let is_usual = USUAL.iter().all(|mode| is_set(mode).unwrap_or(true));
        keyboard && links && title && is_usual && !MODES.iter().any(|mode| is_set(mode).unwrap_or(false))
    }

    fn slave(&self) -> &File {
        self.slave.as_ref().unwrap()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.alive {
            let job = self.master.as_ref().and_then(|master| Pid::from_raw(master.process_group_leader()?));
            job.into_iter().chain([self.pid]).for_each(|pid| {
                // A shell's child is in its group: it must not outlive the test, and spin where the terminal is gone.
                let _ = kill_process_group(pid, Signal::KILL);
            });
        }
        self.release();
    }
}

impl Shared {
    /// Reads until the terminal is closed on either side.
    fn fill(&self, mut from: Box<dyn Read + Send>, answers: Option<Keyboard>) {
        let mut buffer = [0; 4096];
        let mut looked = 0;
        loop {
            let mut seen = self.seen.lock().unwrap();
            seen.waiting = seen.held;
            self.changed.notify_all();
            seen = self.changed.wait_while(seen, |seen| seen.held && !seen.closing).unwrap();
            if seen.closing {
                break;
            }
            drop(seen);
            let Ok(count @ 1..) = from.read(&mut buffer) else { break };
            let mut seen = self.seen.lock().unwrap();
            seen.raw.extend_from_slice(&buffer[..count]);
            seen.parser.process(&buffer[..count]);
            self.changed.notify_all();
            let asked = seen.raw[looked..].windows(KIND_ASKED.len()).any(|window| window == KIND_ASKED);
            // The end of the buffer may be the start of a query.
            looked = seen.raw.len().saturating_sub(KIND_ASKED.len() - 1).max(looked);
            drop(seen);
            let Some(keyboard) = answers.as_ref().filter(|_| asked) else { continue };
            // The input queue is full of typed keys: no answer of the terminal fits.
            if let Ok(mut keyboard) = keyboard.try_lock() {
                let _ = keyboard.as_mut().map(|keyboard| keyboard.write_all(KIND));
            }
        }
        drop(from);
        self.seen.lock().unwrap().closed = true;
        self.changed.notify_all();
    }

    fn until(&self, wanted: impl Fn(&Seen) -> bool) -> bool {
        let seen = self.seen.lock().unwrap();
        let (_seen, timeout) = self.changed.wait_timeout_while(seen, LIMIT, |seen| !wanted(seen)).unwrap();
        !timeout.timed_out()
    }
}

/// The guardian of a program, when it has one that is on guard.
#[cfg(target_os = "linux")]
fn guardian_of(program: Pid) -> Option<Pid> {
    let tasks = std::fs::read_dir(format!("/proc/{}/task", program.as_raw_pid())).ok()?;
    let children = tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    let children: Vec<i32> =
        children.flat_map(|text| text.split(' ').flat_map(str::parse).collect::<Vec<_>>()).collect();
    let name = |pid: &i32| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    children.into_iter().find(|pid| name(pid) == "tty-guard\n").and_then(Pid::from_raw)
}

/// The state of a process in `/proc`: `T` is stopped.
#[cfg(target_os = "linux")]
pub fn state(pid: Pid) -> Option<char> {
    stat(pid)?.first()?.chars().next()
}

/// Waits until a process that is not our child has the state wanted. Nothing tells of it, so this asks again and again.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn wait_for_state(pid: Pid, wanted: &[Option<char>]) {
    let end = Instant::now() + LIMIT;
    while !wanted.contains(&state(pid)) {
        assert!(Instant::now() < end, "the state is {:?}, not {wanted:?}", state(pid));
        thread::sleep(Duration::from_millis(1));
    }
}

/// The fields of `/proc/<pid>/stat` from the third on: the second may hold blanks.
#[cfg(target_os = "linux")]
fn stat(pid: Pid) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_pid())).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    Some(fields.split(' ').map(str::to_owned).collect())
}

fn await_end(mut child: Box<dyn Child + Send + Sync>) -> Exit {
    let status: ExitStatus = child.wait().unwrap();
    match status.signal() {
        Some(signal) => Exit::Signal(signal.to_owned()),
        None => Exit::Code(status.exit_code()),
    }
}

fn open(path: &Path) -> File {
    let flags = OFlags::NOCTTY | OFlags::NONBLOCK;
    OpenOptions::new().read(true).write(true).custom_flags(flags.bits() as i32).open(path).unwrap()
}

fn line_modes(slave: &File) -> String {
    let Ok(mut modes) = termios::tcgetattr(slave) else { return "the terminal is gone".to_owned() };
    modes.local_modes.remove(LocalModes::PENDIN); // no setting: macOS tells by it that keys wait
    format!("{modes:?}")
}

/// The last state of each private mode that was ever set or reset.
fn last_modes(raw: &[u8]) -> HashMap<u16, bool> {
    let text = String::from_utf8_lossy(raw);
    let mut last = HashMap::new();
    for sequence in text.split("\x1b[?").skip(1) {
        let Some(end) = sequence.find(|c: char| !c.is_ascii_digit() && c != ';') else { continue };
        if let set @ ("h" | "l") = &sequence[end..end + 1] {
            last.extend(sequence[..end].split(';').filter_map(|mode| Some((mode.parse().ok()?, set == "h"))));
        }
    }
    last
}
