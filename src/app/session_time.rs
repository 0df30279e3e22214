//! The time of the session: of the last tick, and of the last key or event.

use chrono::{DateTime, Utc};

use crate::dates::{Now, Zone};

/// The present time. Frames and searches use the time of the last tick; marks are stamped with the time of the key.
#[derive(Clone, Copy, Debug)]
pub struct SessionTime {
    now: Now,
    moment: DateTime<Utc>,
}

impl SessionTime {
    /// A session that starts now.
    pub fn new(now: Now) -> SessionTime {
        SessionTime { now, moment: now.at }
    }

    /// The time of the last tick, and the user's time zone.
    pub fn now(&self) -> Now {
        self.now
    }

    /// The time of the last key, event or tick.
    pub fn moment(&self) -> DateTime<Utc> {
        self.moment
    }

    /// Sets the time of a key or an event, before it is handled.
    pub fn set_moment(&mut self, moment: DateTime<Utc>) {
        self.moment = moment;
    }

    /// Sets the time of a tick.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        (self.now.at, self.moment) = (now, now);
    }

    /// Sets the user's time zone. True if it changed.
    pub fn set_zone(&mut self, zone: Zone) -> bool {
        std::mem::replace(&mut self.now.zone, zone) != zone
    }
}
