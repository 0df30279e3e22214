//! Debounces changes of files: decides when to scan the library again, and polls where the system reports no changes.

use std::time::{Duration, Instant};

/// Time without changes before a scan.
pub const QUIET: Duration = Duration::from_millis(100);
/// Time without changes if the last event suggests another one: a file is being written, or was deleted and may be replaced.
pub const QUIET_UNFINISHED: Duration = Duration::from_millis(300);
/// Longest delay of a scan while changes go on.
pub const MAX_DELAY: Duration = Duration::from_secs(1);
/// Shortest time between two scans by polling.
pub const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// Polling takes at most 1/20 of the time: the interval is at least 20 times as long as a scan.
const POLL_SHARE: u32 = 20;

/// Longest time that only changed files are looked at. Then a scan of the whole library finds what no event has reported, as
/// a write to mapped memory.
pub const WHOLE_SCAN_INTERVAL: Duration = Duration::from_secs(600);

/// The state of the debouncing.
#[derive(Clone, Copy, Debug)]
pub struct Debounce {
    /// The first change since the last scan was requested.
    first_change: Option<Instant>,
    /// When the changes count as finished.
    quiet_at: Instant,
    /// True while polling.
    polls: bool,
    /// When the current polling interval began.
    waiting_since: Instant,
    /// Duration of the last scan.
    scan_time: Duration,
    /// When a scan of the whole library is due; `None` if the last scan was one, or if it is due already.
    whole_scan_at: Option<Instant>,
    /// The next scan must be one of the whole library.
    needs_whole_scan: bool,
    /// No scan before this time. It is as long after a scan as the scan took, so scans take at most half of the time.
    resting_until: Instant,
}

impl Debounce {
    /// A state without changes.
    pub fn new(now: Instant) -> Debounce {
        Debounce {
            first_change: None,
            quiet_at: now,
            polls: false,
            waiting_since: now,
            scan_time: Duration::ZERO,
            whole_scan_at: None,
            needs_whole_scan: false,
            resting_until: now,
        }
    }

    /// Records a change. `unfinished`: another change is expected.
    pub fn changed(&mut self, now: Instant, unfinished: bool) {
        // The first change is kept, so that steady changes cannot delay a scan beyond `MAX_DELAY`.
        self.first_change.get_or_insert(now);
        self.quiet_at = now + if unfinished { QUIET_UNFINISHED } else { QUIET };
    }

    /// Starts or ends polling.
    pub fn set_polling(&mut self, polls: bool) {
        self.polls = polls;
    }

    /// The current polling interval.
    pub fn poll_interval(&self) -> Duration {
        POLL_INTERVAL.max(self.scan_time.saturating_mul(POLL_SHARE))
    }

    /// Time of the next scan; none while nothing changes.
    pub fn next_scan(&self) -> Option<Instant> {
        let changed = self.first_change.map(|first| self.quiet_at.min(first + MAX_DELAY).max(self.resting_until));
        let polled = self.polls.then(|| self.waiting_since + self.poll_interval());
        changed.into_iter().chain(polled).chain(self.whole_scan_at).min()
    }

    /// Records that a scan was requested.
    pub fn fired(&mut self, now: Instant) {
        self.first_change = None;
        // Without these, the times would still be over, and the next call would request another scan.
        self.waiting_since = now;
        self.needs_whole_scan |= self.whole_scan_at.take_if(|at| *at <= now).is_some();
    }

    /// True if it is time for a scan of the whole library.
    pub fn needs_whole_scan(&self) -> bool {
        self.needs_whole_scan
    }

    /// Records the end of a look at changed files and its duration.
    pub fn look_ended(&mut self, now: Instant, took: Duration) {
        self.resting_until = now + took;
        self.whole_scan_at.get_or_insert(now + WHOLE_SCAN_INTERVAL.max(self.scan_time.saturating_mul(POLL_SHARE)));
    }

    /// Records the end of a scan of the whole library and its duration.
    pub fn scan_ended(&mut self, now: Instant, took: Duration) {
        (self.whole_scan_at, self.needs_whole_scan) = (None, false);
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
    fn a_scan_is_due_when_changes_have_ended() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        assert_eq!(debounce.next_scan(), None);
        debounce.changed(start, false);
        assert_eq!(debounce.next_scan(), Some(start + QUIET));
        debounce.changed(start + 60 * MS, false);
        assert_eq!(debounce.next_scan(), Some(start + 160 * MS), "each change restarts the quiet time");
        debounce.changed(start + 70 * MS, true);
        assert_eq!(debounce.next_scan(), Some(start + 370 * MS), "a deleted file may be replaced");
        debounce.changed(start + 80 * MS, false);
        assert_eq!(debounce.next_scan(), Some(start + 180 * MS));
        debounce.fired(start + 180 * MS);
        assert_eq!(debounce.next_scan(), None, "reported once");
    }

    #[test]
    fn continuous_changes_delay_a_scan_by_one_second_at_most() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        let mut fired = Vec::new();
        for at in (0..4000).step_by(20).map(|at| start + at * MS) {
            debounce.changed(at, at > start + 2000 * MS);
            if debounce.next_scan().is_some_and(|due| due <= at) {
                fired.push((at - start).as_millis());
                debounce.fired(at);
            }
        }
        assert_eq!(fired, [1000, 2020, 3040]);
    }

    #[test]
    fn after_a_long_scan_the_pause_is_as_long() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        debounce.changed(start, false);
        debounce.fired(start + QUIET);
        debounce.scan_ended(start + 3100 * MS, 3000 * MS);
        debounce.changed(start + 3100 * MS, false);
        assert_eq!(debounce.next_scan(), Some(start + 6100 * MS));
    }

    #[test]
    fn some_time_after_looks_at_changed_files_the_whole_library_is_scanned() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        debounce.scan_ended(start, MS);
        assert_eq!(debounce.next_scan(), None, "nothing changes, and nothing is due");
        for at in [1, 2, 599].map(|seconds| start + seconds * 1000 * MS) {
            debounce.changed(at, false);
            debounce.fired(at + QUIET);
            assert!(!debounce.needs_whole_scan());
            debounce.look_ended(at + QUIET, MS);
        }
        let due = start + 1000 * MS + QUIET + WHOLE_SCAN_INTERVAL;
        assert_eq!(debounce.next_scan(), Some(due), "after the first of the looks");
        debounce.fired(due);
        assert!(debounce.needs_whole_scan());
        assert_eq!(debounce.next_scan(), None, "reported once");
        debounce.scan_ended(due + MS, MS);
        assert!(!debounce.needs_whole_scan());
        assert_eq!(debounce.next_scan(), None);
    }

    #[test]
    fn polling_takes_a_twentieth_of_the_time_at_most() {
        let start = Instant::now();
        let mut debounce = Debounce::new(start);
        debounce.set_polling(true);
        assert_eq!(debounce.next_scan(), Some(start + POLL_INTERVAL));
        debounce.changed(start + MS, false);
        assert_eq!(debounce.next_scan(), Some(start + MS + QUIET), "events need no polling");
        debounce.fired(start + QUIET);
        debounce.scan_ended(start + 2000 * MS, 1000 * MS);
        assert_eq!(debounce.next_scan(), Some(start + 22_000 * MS), "a twentieth of the time");
        debounce.set_polling(false);
        assert_eq!(debounce.next_scan(), None);
    }
}
