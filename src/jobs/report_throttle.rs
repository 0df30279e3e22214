//! Limits how often a job reports: after a delay for the first time, then at intervals.

use std::cell::Cell;
use std::time::Duration;

/// Says when the next report is due.
#[derive(Debug)]
pub struct ReportThrottle {
    // `Cell`, because callbacks such as `stop` of the similarity index may only borrow it.
    next: Cell<Duration>,
    again: Duration,
}

impl ReportThrottle {
    /// The first report is due after `first`, and each later one `again` after the last.
    pub fn new(first: Duration, again: Duration) -> ReportThrottle {
        ReportThrottle { next: Cell::new(first), again }
    }

    /// Whether a report is due. `elapsed`: how long the job has been running.
    pub fn is_due(&self, elapsed: Duration) -> bool {
        elapsed >= self.next.get()
    }

    /// Notes that a report was made.
    pub fn reported(&self, elapsed: Duration) {
        self.next.set(elapsed + self.again);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_due_after_a_delay_and_then_at_intervals() {
        let ms = Duration::from_millis;
        let throttle = ReportThrottle::new(ms(10), ms(100));
        assert!(!throttle.is_due(ms(9)) && throttle.is_due(ms(10)) && throttle.is_due(ms(12)));
        throttle.reported(ms(12));
        assert!(!throttle.is_due(ms(111)) && throttle.is_due(ms(112)));
    }
}
