//! A running process with pipes to and from it, all served by one thread, so that neither side waits for the other.

use std::io::{self, BufRead, Cursor, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;
use rustix::process::{Pid, Signal, kill_process_group};

/// How often to check whether the process has ended or must end.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// What receives the output of a process, and decides how long it runs.
pub trait PipeHandler {
    /// Takes what the process wrote to stdout.
    fn stdout(&mut self, bytes: &[u8]);

    /// Takes what the process wrote to stderr.
    fn stderr(&mut self, bytes: &[u8]);

    /// Called at least every 20 ms, and after the end. Returns false if the process must end.
    fn may_continue(&mut self, has_ended: bool) -> bool;
}

/// A running process, which leads a process group, and our ends of its pipes.
pub struct PipedProcess {
    child: Child,
    input: Option<(ChildStdin, Cursor<Vec<u8>>)>,
    output: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
}

/// The process groups that end with us.
static ENDING_WITH_US: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

fn ending_with_us() -> MutexGuard<'static, Vec<Pid>> {
    ENDING_WITH_US.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends a signal to the processes that end with us, and to what they have started. Returns whether there are any.
pub fn signal_all(signal: Signal) -> bool {
    let groups = ending_with_us();
    for group in groups.iter() {
        // Fails if the group has just ended.
        let _ = kill_process_group(*group, signal);
    }
    !groups.is_empty()
}

impl Drop for PipedProcess {
    /// The process does not outlive its run.
    fn drop(&mut self) {
        // Only if it still runs: the id of a process that was waited for may belong to another process.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
        self.forget();
    }
}

impl PipedProcess {
    /// A process that was just started, and what it can read.
    pub fn new(mut child: Child, input: Option<Vec<u8>>) -> io::Result<PipedProcess> {
        let (output, stderr) = (child.stdout.take(), child.stderr.take());
        let input = child.stdin.take().zip(input.map(Cursor::new));
        // Before the calls that can fail: `Drop` of this value ends the process.
        let running = PipedProcess { child, input, output, stderr };
        // One thread serves three pipes. If it blocked in a write, a process that waits for us to read would wait too.
        running.output.iter().try_for_each(|pipe| ioctl_fionbio(pipe, true))?;
        running.stderr.iter().try_for_each(|pipe| ioctl_fionbio(pipe, true))?;
        running.input.iter().try_for_each(|(pipe, _)| ioctl_fionbio(pipe, true))?;
        Ok(running)
    }

    /// Starts a process that [`signal_all`] reaches until it has ended. While it starts, `signal_all` waits: else the last signal
    /// before our end could miss it.
    pub fn ending_with_us(
        start: impl FnOnce() -> io::Result<Child>,
        input: Option<Vec<u8>>,
    ) -> io::Result<PipedProcess> {
        let mut groups = ending_with_us();
        let child = start()?;
        groups.extend(group_of(&child));
        drop(groups);
        PipedProcess::new(child, input)
    }

    fn group(&self) -> Option<Pid> {
        group_of(&self.child)
    }

    fn forget(&self) {
        ending_with_us().retain(|group| Some(*group) != self.group());
    }

    /// Handles input and output until the process has ended. A process that must end gets SIGTERM, and after `grace` SIGKILL.
    pub fn wait_for_exit(&mut self, handler: &mut dyn PipeHandler, grace: Duration) -> io::Result<ExitStatus> {
        let mut asked_to_end = None::<Instant>;
        loop {
            self.wait()?;
            // Before reading: if it has ended, everything that it wrote can be read below.
            let ended = self.child.try_wait()?;
            self.transfer(handler)?;
            let may_continue = handler.may_continue(ended.is_some());
            if let Some(status) = ended {
                self.forget();
                if asked_to_end.is_some() && self.output.is_some() {
                    // Processes that it started still hold the pipe.
                    self.signal(Signal::KILL);
                }
                // Not at the end of the pipes: background processes may keep them open.
                return Ok(status);
            }
            match asked_to_end {
                None if !may_continue => {
                    asked_to_end = Some(Instant::now());
                    self.signal(Signal::TERM);
                }
                Some(since) if since.elapsed() >= grace => {
                    self.signal(Signal::KILL);
                    return self.child.wait();
                }
                _ => {}
            }
        }
    }

    /// Waits up to 20 ms until a pipe can be read or written.
    fn wait(&self) -> io::Result<()> {
        let mut pipes = Vec::with_capacity(3);
        pipes.extend(self.output.iter().map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)));
        pipes.extend(self.stderr.iter().map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)));
        pipes.extend(self.input.iter().map(|(pipe, _)| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::OUT)));
        // Neither a cancellation nor the exit of the process wakes `poll`.
        let timeout = Timespec { tv_sec: 0, tv_nsec: POLL_INTERVAL.as_nanos() as _ };
        match poll(&mut pipes, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what the process has written, and writes what it can accept.
    fn transfer(&mut self, handler: &mut dyn PipeHandler) -> io::Result<()> {
        if let Some(pipe) = &mut self.output
            && read_all(pipe, |bytes| handler.stdout(bytes))?
        {
            // A pipe at its end is always readable: `poll` would return at once, again and again.
            self.output = None;
        }
        if let Some(pipe) = &mut self.stderr
            && read_all(pipe, |bytes| handler.stderr(bytes))?
        {
            self.stderr = None;
        }
        if let Some((pipe, input)) = &mut self.input {
            let rest = input.fill_buf()?;
            let is_over = match pipe.write(rest) {
                Ok(written) => {
                    let is_over = written == rest.len();
                    input.consume(written);
                    is_over
                }
                // The process closed its stdin. Its exit status tells whether that is an error.
                Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
            };
            if is_over {
                self.input = None;
            }
        }
        Ok(())
    }

    /// Sends a signal to the process group: to the process and what it has started.
    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group() {
            let _ = kill_process_group(group, signal);
        }
    }
}

/// The process group that a process leads.
fn group_of(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Reads what is available, up to 1 MiB. Returns true at the end of the pipe.
fn read_all(pipe: &mut impl Read, mut take: impl FnMut(&[u8])) -> io::Result<bool> {
    let mut buffer = [0; 1 << 14];
    // Limited, so that a process that writes without a pause can still be ended.
    for _ in 0..64 {
        match pipe.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(count) => take(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}
