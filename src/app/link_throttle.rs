//! Limits how often links are opened, so that a held key does not flood the browser.

use chrono::{DateTime, TimeDelta, Utc};

use crate::feed::Address;

/// Minimum time between two openings. For the same link every refused attempt restarts it: a held key opens the link once.
const MIN_INTERVAL: TimeDelta = TimeDelta::milliseconds(300);

/// The link that was opened last, and when.
#[derive(Debug, Default)]
pub struct LinkThrottle {
    last: Option<(Address, DateTime<Utc>)>,
}

impl LinkThrottle {
    /// Whether a link may be opened now; if so, records it as opened at `now`.
    pub fn may_open(&mut self, address: &Address, now: DateTime<Utc>) -> bool {
        match &mut self.last {
            // If `now` equals the time of the last opening, the clock is fixed and cannot measure intervals: the link opens.
            Some((last, at)) if *at < now && now - *at < MIN_INTERVAL => {
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
    fn a_held_key_opens_a_link_once() {
        let address = |text| Address::parse(text).expect("an address");
        let (one, other) = (address("https://example.org/1"), address("https://example.org/2"));
        let at = |millis| DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis);
        let mut throttle = LinkThrottle::default();
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
            assert_eq!(throttle.may_open(link, at(millis)), may, "after {millis} ms");
        }
    }
}
