//! When to look at the folder again: after changes, once they have come to rest, or from time to time where nobody tells of them.

use std::time::{Duration, Instant};

/// How long nothing has to change before one looks.
pub const QUIET: Duration = Duration::from_millis(100);
/// The same when the last change looks as if another one follows: a file that is being written, or went away.
pub const QUIET_UNFINISHED: Duration = Duration::from_millis(300);
/// How long one waits at most for things to come to rest.
pub const PATIENCE: Duration = Duration::from_secs(1);
/// How often one looks where nobody tells of changes.
pub const POLL: Duration = Duration::from_secs(5);
/// Looking from time to time may take that part of the time: one of so many.
const SHARE: u32 = 20;

/// Whether and when to look.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// The first change that nobody was told of.
    first: Option<Instant>,
    /// When the changes have come to rest.
    quiet: Instant,
    /// One looks from time to time.
    polls: bool,
    /// When one began to wait.
    waits_since: Instant,
    /// How long the last look took.
    took: Duration,
    /// Before that one rests, so that looking takes half of the time at most.
    rests_until: Instant,
}

impl Due {
    /// Nothing has changed yet.
    pub fn new(now: Instant) -> Due {
        Due { first: None, quiet: now, polls: false, waits_since: now, took: Duration::ZERO, rests_until: now }
    }

    /// Something changed; `unfinished`: it looks as if more follows.
    pub fn changed(&mut self, now: Instant, unfinished: bool) {
        self.first.get_or_insert(now);
        self.quiet = now + if unfinished { QUIET_UNFINISHED } else { QUIET };
    }

    /// Whether one looks from time to time.
    pub fn poll(&mut self, polls: bool) {
        self.polls = polls;
    }

    /// How often one looks from time to time.
    pub fn period(&self) -> Duration {
        POLL.max(self.took.saturating_mul(SHARE))
    }

    /// When to look; none as long as nothing changes.
    pub fn at(&self) -> Option<Instant> {
        let changed = self.first.map(|first| self.quiet.min(first + PATIENCE).max(self.rests_until));
        let polled = self.polls.then(|| self.waits_since + self.period());
        changed.into_iter().chain(polled).min()
    }

    /// It is told that it is time to look.
    pub fn told(&mut self, now: Instant) {
        self.first = None;
        self.waits_since = now;
    }

    /// A look has ended.
    pub fn looked(&mut self, now: Instant, took: Duration) {
        self.took = took;
        self.waits_since = now;
        self.rests_until = now + took;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn one_looks_when_changes_have_come_to_rest() {
        let start = Instant::now();
        let mut due = Due::new(start);
        assert_eq!(due.at(), None);
        due.changed(start, false);
        assert_eq!(due.at(), Some(start + QUIET));
        due.changed(start + 60 * MS, false);
        assert_eq!(due.at(), Some(start + 160 * MS), "the quiet begins again");
        due.changed(start + 70 * MS, true);
        assert_eq!(due.at(), Some(start + 370 * MS), "a file that went away may come back");
        due.changed(start + 80 * MS, false);
        assert_eq!(due.at(), Some(start + 180 * MS));
        due.told(start + 180 * MS);
        assert_eq!(due.at(), None, "told once");
    }

    #[test]
    fn changes_without_end_are_not_waited_for() {
        let start = Instant::now();
        let mut due = Due::new(start);
        let mut told = Vec::new();
        for at in (0..4000).step_by(20).map(|at| start + at * MS) {
            due.changed(at, at > start + 2000 * MS);
            if due.at().is_some_and(|due| due <= at) {
                told.push((at - start).as_millis());
                due.told(at);
            }
        }
        assert_eq!(told, [1000, 2020, 3040]);
    }

    #[test]
    fn looks_that_take_long_leave_as_much_time_for_others() {
        let start = Instant::now();
        let mut due = Due::new(start);
        due.changed(start, false);
        due.told(start + QUIET);
        due.looked(start + 3100 * MS, 3000 * MS);
        due.changed(start + 3100 * MS, false);
        assert_eq!(due.at(), Some(start + 6100 * MS));
    }

    #[test]
    fn where_nobody_tells_one_looks_from_time_to_time() {
        let start = Instant::now();
        let mut due = Due::new(start);
        due.poll(true);
        assert_eq!(due.at(), Some(start + POLL));
        due.changed(start + MS, false);
        assert_eq!(due.at(), Some(start + MS + QUIET), "what is told is not waited for");
        due.told(start + QUIET);
        due.looked(start + 2000 * MS, 1000 * MS);
        assert_eq!(due.at(), Some(start + 22_000 * MS), "a twentieth of the time");
        due.poll(false);
        assert_eq!(due.at(), None);
    }
}
