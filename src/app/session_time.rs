//! The time of the session: as the last tick told it, and to the moment of the last key.

use chrono::{DateTime, Utc};

use crate::dates::{Now, Zone};

/// The present time. Frames and searches see that of the last tick; what a key does is done at the moment.
#[derive(Clone, Copy, Debug)]
pub struct SessionTime {
    now: Now,
    moment: DateTime<Utc>,
}

impl SessionTime {
    /// A session that begins now.
    pub fn new(now: Now) -> SessionTime {
        SessionTime { now, moment: now.at }
    }

    /// The time of the last tick, and the reader's zone.
    pub fn now(&self) -> Now {
        self.now
    }

    /// The time of the last key or tick.
    pub fn moment(&self) -> DateTime<Utc> {
        self.moment
    }

    /// Sets the moment, before a key.
    pub fn set_moment(&mut self, moment: DateTime<Utc>) {
        self.moment = moment;
    }

    /// Takes in a tick.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        (self.now.at, self.moment) = (now, now);
    }

    /// Sets the reader's zone. True if it is another one.
    pub fn set_zone(&mut self, zone: Zone) -> bool {
        std::mem::replace(&mut self.now.zone, zone) != zone
    }
}
