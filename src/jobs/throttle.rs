//! How often a job tells something: not before it has run for a while, and then not too often.

use std::cell::Cell;
use std::time::Duration;

/// Says when a job should tell something again.
#[derive(Debug)]
pub struct Throttle {
    next: Cell<Duration>,
    again: Duration,
}

impl Throttle {
    /// Due for the first time when the job has run for `first`, and then after `again`.
    pub fn new(first: Duration, again: Duration) -> Throttle {
        Throttle { next: Cell::new(first), again }
    }

    /// Whether it is due; `elapsed` is how long the job has been running.
    pub fn is_due(&self, elapsed: Duration) -> bool {
        elapsed >= self.next.get()
    }

    /// Something was told.
    pub fn reported(&self, elapsed: Duration) {
        self.next.set(elapsed + self.again);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_due_late_and_then_now_and_then() {
        let ms = Duration::from_millis;
        let throttle = Throttle::new(ms(10), ms(100));
        assert!(!throttle.is_due(ms(9)) && throttle.is_due(ms(10)) && throttle.is_due(ms(12)));
        throttle.reported(ms(12));
        assert!(!throttle.is_due(ms(111)) && throttle.is_due(ms(112)));
    }
}
