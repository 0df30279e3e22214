//! Waits for the terminal and reads it: bytes, the time and whoever wakes the loop.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionread, read};
use rustix::stdio::stdin;

use super::escape_sequence::InputEvent;
use super::input_parser::InputParser;
use super::signals;

/// How often in a row is read what means nothing, before others get their turn.
const MAX_EMPTY_READS: usize = 16;
/// How long to wait between two looks, where the system does not tell when bytes have come.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// What has come from the terminal and was not taken in yet.
pub struct TerminalInput {
    parser: InputParser,
    events: VecDeque<InputEvent>,
    started: Instant,
    /// When nothing was left to be read.
    last_empty: Duration,
}

/// What ended a waiting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wakeup {
    Bytes,
    Signalled,
    Timeout,
}

impl TerminalInput {
    /// Of the terminal that is the standard input.
    pub fn new() -> TerminalInput {
        let (parser, events) = Default::default();
        TerminalInput { parser, events, started: Instant::now(), last_empty: Duration::ZERO }
    }

    /// Waits until something has come, somebody wakes the loop, or the timeout is over.
    pub fn wait(&mut self, timeout: Duration) -> io::Result<()> {
        self.wait_until(timeout, true, |events| !events.is_empty())
    }

    /// Waits for one event among those that come, or until the timeout is over. All are there to be taken in afterwards.
    pub fn await_event(&mut self, timeout: Duration, wanted: impl Fn(&InputEvent) -> bool) -> io::Result<()> {
        self.wait_until(timeout, false, |events| events.iter().any(&wanted))
    }

    /// Whether an event is among those that were not taken in yet.
    pub fn contains(&self, wanted: impl Fn(&InputEvent) -> bool) -> bool {
        self.events.iter().any(wanted)
    }

    /// The next event, when there is one without waiting.
    pub fn next(&mut self) -> io::Result<Option<InputEvent>> {
        self.has_event()?;
        Ok(self.events.pop_front())
    }

    /// Gives an event back, which is the next one then.
    pub fn unread(&mut self, event: InputEvent) {
        self.events.push_front(event);
    }

    /// Whether something has come that was not taken in yet.
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
            // They may have waited since the last look: so nothing is given up that came in time.
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
                    // They came before the time was over, however late this thread hears of it on a busy machine.
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
            // Also when bytes come without an end.
            if self.started.elapsed() >= end {
                break;
            }
        }
        Ok(())
    }

    fn read(&mut self, at: Duration) -> io::Result<()> {
        let mut buffer = [0; 4096];
        match read(stdin(), &mut buffer) {
            // The terminal is gone.
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

/// Waits for bytes, or until somebody wakes who waits.
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
            // A system that cannot wait for this kind of file, as macOS for `/dev/tty`.
            Ok(_) if ready[0].revents().contains(PollFlags::NVAL) => {
                if ioctl_fionread(stdin())? > 0 {
                    return Ok(Wakeup::Bytes);
                }
                if left.is_zero() {
                    return Ok(Wakeup::Timeout);
                }
                thread::sleep(POLL_INTERVAL.min(left));
            }
            // The shell read them while this process was stopped: `read` would block until the next key.
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
