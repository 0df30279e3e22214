//! Opening links: not more often than a person would, so that a key that is stuck does not flood the browser.

use chrono::TimeDelta;

use super::state::State;
use crate::feed::Link;

/// The least time between two openings. The same link must be left alone that long: a key that is held down opens it once.
const BETWEEN: TimeDelta = TimeDelta::milliseconds(300);

impl State {
    /// Whether the last opening was too short a time ago for another one, which then leaves all as it is. When no time has
    /// passed at all the clock stands still and tells nothing.
    pub(super) fn opens_too_soon(&mut self, link: &Link) -> bool {
        let (now, Some(address)) = (self.reading.wall, link.address()) else { return false };
        match &mut self.opened {
            Some((last, at)) if *at < now && now - *at < BETWEEN => {
                if last == address {
                    *at = now;
                }
                self.notice = self.notice_before.take();
                true
            }
            _ => {
                self.opened = Some((address.clone(), now));
                false
            }
        }
    }
}
