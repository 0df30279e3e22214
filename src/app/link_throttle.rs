//! How often links are opened: not more often than a person would, so that a key that is stuck does not flood the browser.

use chrono::{DateTime, TimeDelta, Utc};

use crate::feed::Address;

/// The least time between two openings. The same link must be left alone that long: a key that is held down opens it once.
const BETWEEN: TimeDelta = TimeDelta::milliseconds(300);

/// The link that was opened last, and when.
#[derive(Debug, Default)]
pub struct LinkThrottle {
    last: Option<(Address, DateTime<Utc>)>,
}

impl LinkThrottle {
    /// Whether a link may be opened now, and takes note of it. If no time has passed since the last opening at all, the clock
    /// does not move and proves nothing: then it may.
    pub fn may_open(&mut self, address: &Address, now: DateTime<Utc>) -> bool {
        match &mut self.last {
            Some((last, at)) if *at < now && now - *at < BETWEEN => {
                if last == address {
                    *at = now;
                }
                false
            }
            _ => {
                self.last = Some((address.clone(), now));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_held_down_opens_a_link_once() {
        let address = |text| Address::parse(text).expect("an address");
        let (one, other) = (address("https://example.org/1"), address("https://example.org/2"));
        let at = |millis| DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis);
        let mut opener = LinkThrottle::default();
        for (link, millis, may) in [
            (&one, 0, true),
            (&one, 200, false),
            (&one, 400, false),
            (&one, 699, false),
            (&one, 999, true),
            (&other, 1200, false),
            (&other, 1299, true),
            (&other, 1299, true),
        ] {
            assert_eq!(opener.may_open(link, at(millis)), may, "after {millis} ms");
        }
    }
}
