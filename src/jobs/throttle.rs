//! How often a job tells something: not before it has run for a while, and then not too often.

use std::cell::Cell;
use std::time::Duration;

/// Says when a job should tell something again.
#[derive(Debug)]
pub struct Pace {
    next: Cell<Duration>,
    again: Duration,
}

impl Pace {
    /// Due for the first time when the job has run for `first`, and then after `again`.
    pub fn new(first: Duration, again: Duration) -> Pace {
        Pace { next: Cell::new(first), again }
    }

    /// Whether it is due; `elapsed` is how long the job has been running.
    pub fn is_due(&self, elapsed: Duration) -> bool {
        elapsed >= self.next.get()
    }

    /// Something was told.
    pub fn told(&self, elapsed: Duration) {
        self.next.set(elapsed + self.again);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_late_and_then_now_and_then() {
        let ms = Duration::from_millis;
        let pace = Pace::new(ms(10), ms(100));
        assert!(!pace.is_due(ms(9)) && pace.is_due(ms(10)) && pace.is_due(ms(12)));
        pace.told(ms(12));
        assert!(!pace.is_due(ms(111)) && pace.is_due(ms(112)));
    }
}
