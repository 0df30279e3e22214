//! Waits for input from the terminal, for timeouts of the parser, and for wake-ups by other threads.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionread, read};
use rustix::stdio::stdin;

use super::input_parser::InputParser;
use super::input_sequence::InputEvent;
use super::signals;

/// How many reads without an event may follow each other before other work gets its turn.
const MAX_EMPTY_READS: usize = 16;
/// How often to check for bytes on systems that cannot wait for them.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Reads the terminal, and keeps the events that were not handled yet.
pub struct TerminalInput {
    parser: InputParser,
    events: VecDeque<InputEvent>,
    started: Instant,
    /// The last time, since `started`, at which no bytes were waiting.
    last_empty: Duration,
}

/// Why a wait ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wakeup {
    Bytes,
    Signalled,
    Timeout,
}

impl TerminalInput {
    /// Reads the terminal that is the standard input.
    pub fn new() -> TerminalInput {
        let (parser, events) = Default::default();
        TerminalInput { parser, events, started: Instant::now(), last_empty: Duration::ZERO }
    }

    /// Waits until there is an event, another thread wakes the loop, or the timeout expires.
    pub fn wait(&mut self, timeout: Duration) -> io::Result<()> {
        self.wait_until(timeout, true, |events| !events.is_empty())
    }

    /// Waits for an event that matches, or until the timeout expires. All events stay in the queue.
    pub fn await_event(&mut self, timeout: Duration, wanted: impl Fn(&InputEvent) -> bool) -> io::Result<()> {
        self.wait_until(timeout, false, |events| events.iter().any(&wanted))
    }

    /// Whether a matching event is in the queue.
    pub fn contains(&self, wanted: impl Fn(&InputEvent) -> bool) -> bool {
        self.events.iter().any(wanted)
    }

    /// The next event, if there is one without waiting.
    pub fn next(&mut self) -> io::Result<Option<InputEvent>> {
        self.has_event()?;
        Ok(self.events.pop_front())
    }

    /// Puts an event back to the front of the queue.
    pub fn unread(&mut self, event: InputEvent) {
        self.events.push_front(event);
    }

    /// Whether there is an event without waiting.
    pub fn has_event(&mut self) -> io::Result<bool> {
        for _ in 0..MAX_EMPTY_READS {
            if !self.events.is_empty() {
                return Ok(true);
            }
            if await_bytes(Duration::ZERO, false)? != Wakeup::Bytes {
                self.last_empty = self.started.elapsed();
                self.events.extend(self.parser.advance_to(self.last_empty));
                break;
            }
            // The bytes may have been waiting since the last check: with that time, a sequence that arrived in time does not
            // expire.
            self.read(self.last_empty)?;
        }
        Ok(!self.events.is_empty())
    }

    fn wait_until(
        &mut self,
        timeout: Duration,
        can_be_woken: bool,
        is_there: impl Fn(&VecDeque<InputEvent>) -> bool,
    ) -> io::Result<()> {
        let end = self.started.elapsed().saturating_add(timeout);
        self.has_event()?;
        while !is_there(&self.events) {
            let now = self.started.elapsed();
            let until = self.parser.deadline().map_or(end, |due| due.min(end));
            match await_bytes(until.saturating_sub(now), can_be_woken)? {
                Wakeup::Bytes => {
                    // The bytes arrived before the timeout, even if a busy machine schedules this thread after it.
                    let before = until.saturating_sub(Duration::from_nanos(1));
                    self.last_empty = self.started.elapsed().min(before).max(self.last_empty);
                    self.read(self.last_empty)?;
                }
                Wakeup::Signalled => return Ok(()),
                Wakeup::Timeout => {
                    self.last_empty = self.started.elapsed();
                    self.events.extend(self.parser.advance_to(self.last_empty));
                }
            }
            // Checked here, so that an endless stream of bytes ends the wait too.
            if self.started.elapsed() >= end {
                break;
            }
        }
        Ok(())
    }

    fn read(&mut self, at: Duration) -> io::Result<()> {
        let mut buffer = [0; 4096];
        match read(stdin(), &mut buffer) {
            // End of file: the terminal is gone.
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                self.events.extend(self.parser.parse(buffer.get(..count).unwrap_or_default(), at));
                Ok(())
            }
            Err(Errno::INTR | Errno::AGAIN) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Waits for bytes, or for a wake-up if `can_be_woken`.
fn await_bytes(limit: Duration, can_be_woken: bool) -> io::Result<Wakeup> {
    let end = Instant::now() + limit;
    let waker = signals::waker().filter(|_| can_be_woken);
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let limit = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
        let mut ready = Vec::with_capacity(2);
        ready.push(PollFd::from_borrowed_fd(stdin(), PollFlags::IN));
        ready.extend(waker.map(|waker| PollFd::new(waker, PollFlags::IN)));
        match poll(&mut ready, Some(&limit)) {
            Ok(0) => return Ok(Wakeup::Timeout),
            Ok(_) if ready.get(1).is_some_and(|waker| !waker.revents().is_empty()) => {
                signals::drain_wakes();
                return Ok(Wakeup::Signalled);
            }
            // A system that cannot poll this kind of file, such as macOS for `/dev/tty`.
            Ok(_) if ready[0].revents().contains(PollFlags::NVAL) => {
                if ioctl_fionread(stdin())? > 0 {
                    return Ok(Wakeup::Bytes);
                }
                if left.is_zero() {
                    return Ok(Wakeup::Timeout);
                }
                thread::sleep(POLL_INTERVAL.min(left));
            }
            // The shell read the bytes while this process was stopped: `read` would block until the next key.
            Ok(_) if ready[0].revents() == PollFlags::IN && ioctl_fionread(stdin())? == 0 => {
                if left.is_zero() {
                    return Ok(Wakeup::Timeout);
                }
                thread::sleep(POLL_INTERVAL.min(left));
            }
            Ok(_) => return Ok(Wakeup::Bytes),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
