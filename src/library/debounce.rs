//! When to look at the folder again: after changes, once they have come to rest, or from time to time where nobody tells of them.

use std::time::{Duration, Instant};

/// How long nothing has to change before one looks.
pub const QUIET: Duration = Duration::from_millis(100);
/// The same when the last change looks as if another one follows: a file that is being written, or went away.
pub const QUIET_UNFINISHED: Duration = Duration::from_millis(300);
/// How long one waits at most for things to come to rest.
pub const MAX_DELAY: Duration = Duration::from_secs(1);
/// How often one looks where nobody tells of changes.
pub const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// Looking from time to time may take that part of the time: one of so many.
const POLL_SHARE: u32 = 20;

/// Whether and when to look.
#[derive(Clone, Copy, Debug)]
pub struct Debounce {
    /// The first change that nobody was told of.
    first_change: Option<Instant>,
    /// When the changes have come to rest.
    quiet_at: Instant,
    /// One looks from time to time.
    polls: bool,
    /// When one began to wait.
    waiting_since: Instant,
    /// How long the last look took.
    scan_time: Duration,
    /// Before that one rests, so that looking takes half of the time at most.
    resting_until: Instant,
}

impl Debounce {
    /// Nothing has changed yet.
    pub fn new(now: Instant) -> Debounce {
        Debounce {
            first_change: None,
            quiet_at: now,
            polls: false,
            waiting_since: now,
            scan_time: Duration::ZERO,
            resting_until: now,
        }
    }

    /// Something changed; `unfinished`: it looks as if more follows.
    pub fn changed(&mut self, now: Instant, unfinished: bool) {
        self.first_change.get_or_insert(now);
        self.quiet_at = now + if unfinished { QUIET_UNFINISHED } else { QUIET };
    }

    /// Whether one looks from time to time.
    pub fn set_polling(&mut self, polls: bool) {
        self.polls = polls;
    }

    /// How often one looks from time to time.
    pub fn poll_interval(&self) -> Duration {
        POLL_INTERVAL.max(self.scan_time.saturating_mul(POLL_SHARE))
    }

    /// When to look; none as long as nothing changes.
    pub fn next_scan(&self) -> Option<Instant> {
        let changed = self.first_change.map(|first| self.quiet_at.min(first + MAX_DELAY).max(self.resting_until));
        let polled = self.polls.then(|| self.waiting_since + self.poll_interval());
        changed.into_iter().chain(polled).min()
    }

    /// It is told that it is time to look.
    pub fn fired(&mut self, now: Instant) {
        self.first_change = None;
        self.waiting_since = now;
    }

    /// A look has ended.
    pub fn scan_ended(&mut self, now: Instant, took: Duration) {
        self.scan_time = took;
        self.waiting_since = now;
        self.resting_until = now + took;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn one_looks_when_changes_have_come_to_rest() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        assert_eq!(debounce.next_scan(), None);
        debounce.changed(start, false);
        assert_eq!(debounce.next_scan(), Some(start + QUIET));
        debounce.changed(start + 60 * MS, false);
        assert_eq!(debounce.next_scan(), Some(start + 160 * MS), "the quiet begins again");
        debounce.changed(start + 70 * MS, true);
        assert_eq!(debounce.next_scan(), Some(start + 370 * MS), "a file that went away may come back");
        debounce.changed(start + 80 * MS, false);
        assert_eq!(debounce.next_scan(), Some(start + 180 * MS));
        debounce.fired(start + 180 * MS);
        assert_eq!(debounce.next_scan(), None, "told once");
    }

    #[test]
    fn changes_without_end_are_not_waited_for() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        let mut told = Vec::new();
        for at in (0..4000).step_by(20).map(|at| start + at * MS) {
            debounce.changed(at, at > start + 2000 * MS);
            if debounce.next_scan().is_some_and(|due| due <= at) {
                told.push((at - start).as_millis());
                debounce.fired(at);
            }
        }
        assert_eq!(told, [1000, 2020, 3040]);
    }

    #[test]
    fn looks_that_take_long_leave_as_much_time_for_others() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        debounce.changed(start, false);
        debounce.fired(start + QUIET);
        debounce.scan_ended(start + 3100 * MS, 3000 * MS);
        debounce.changed(start + 3100 * MS, false);
        assert_eq!(debounce.next_scan(), Some(start + 6100 * MS));
    }

    #[test]
    fn where_nobody_tells_one_looks_from_time_to_time() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        debounce.set_polling(true);
        assert_eq!(debounce.next_scan(), Some(start + POLL_INTERVAL));
        debounce.changed(start + MS, false);
        assert_eq!(debounce.next_scan(), Some(start + MS + QUIET), "what is told is not waited for");
        debounce.fired(start + QUIET);
        debounce.scan_ended(start + 2000 * MS, 1000 * MS);
        assert_eq!(debounce.next_scan(), Some(start + 22_000 * MS), "a twentieth of the time");
        debounce.set_polling(false);
        assert_eq!(debounce.next_scan(), None);
    }
}
