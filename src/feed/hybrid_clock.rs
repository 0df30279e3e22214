//! Hybrid logical clock: stamps that order the changes of marks across all devices of a user.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

/// One device of the user: a random number drawn when the device first stored a mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub u32);

/// The low bits of a stamp's time: a counter of changes within one millisecond.
const COUNT_BITS: u32 = 16;

/// Stamps from this millisecond on, in the year 6394, are rejected as damaged.
const END_MILLIS: u64 = (1 << 47) - (1 << 40);

/// The ceiling of a clock, 17 minutes before [`END_MILLIS`]: neither the wall clock nor a stamp in a file lifts a clock above it.
/// A clock at the ceiling has 2^36 stamps left below the end, so every stamp that it ever issues can be read again.
const CEILING_MILLIS: u64 = END_MILLIS - (1 << 20);

/// When and where a change was made: milliseconds since 1970, a counter within the millisecond, and the device.
///
/// Later changes have greater stamps, even if a wall clock was wrong (Kulkarni et al., "Logical Physical Clocks", 2014).
/// Printed as `0193a4f2c1d8.0003.9f3c21aa`: milliseconds, counter and device in hexadecimal.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    time: u64,
    device: DeviceId,
}

impl Stamp {
    /// The stamp of a field that was never set: less than every stamp of a change.
    pub const NEVER: Stamp = Stamp { time: 0, device: DeviceId(0) };

    /// The device that issued it.
    pub fn device(self) -> DeviceId {
        self.device
    }

    /// The time of the stamp in whole seconds; 1970 if it is out of range.
    pub fn time(self) -> DateTime<Utc> {
        DateTime::from_timestamp((self.time >> COUNT_BITS) as i64 / 1000, 0).unwrap_or_default()
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (millis, count) = (self.time >> COUNT_BITS, self.time & ((1 << COUNT_BITS) - 1));
        write!(f, "{millis:012x}.{count:04x}.{:08x}", self.device.0)
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a valid stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    /// It does not have the form `0193a4f2c1d8.0003.9f3c21aa`.
    #[error("not a valid stamp")]
    Malformed,
    /// Its time is in or after the year 6394: only damage or a bug can have written it.
    #[error("a stamp of the year 6394 or later")]
    TooLate,
}

impl FromStr for Stamp {
    type Err = StampError;

    fn from_str(text: &str) -> Result<Stamp, StampError> {
        // `from_str_radix` accepts a leading `+`, so the digits are checked.
        let hex = |from: usize, to: usize| {
            let digits = text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            u64::from_str_radix(digits, 16).ok()
        };
        let dots = text.len() == 26 && text.as_bytes()[12] == b'.' && text.as_bytes()[17] == b'.';
        let (millis, count, device) = (hex(0, 12), hex(13, 17), hex(18, 26));
        match (dots, millis, count, device) {
            (true, Some(millis), Some(_), Some(_)) if millis >= END_MILLIS => Err(StampError::TooLate),
            (true, Some(millis), Some(count), Some(device)) => {
                Ok(Stamp { time: millis << COUNT_BITS | count, device: DeviceId(device as u32) })
            }
            _ => Err(StampError::Malformed),
        }
    }
}

/// Issues stamps: each is greater than every stamp issued or observed before, whatever the wall clock says.
///
/// The exceptions are observed stamps between the ceiling and the end, which only damage or a bug can produce.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HybridClock {
    device: DeviceId,
    last: u64,
}

impl HybridClock {
    /// A clock that has not observed any stamp.
    pub fn new(device: DeviceId) -> HybridClock {
        HybridClock { device, last: 0 }
    }

    /// The device that it issues stamps for.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Issues the next stamp; `now` is the time of the wall clock.
    pub fn tick(&mut self, now: DateTime<Utc>) -> Stamp {
        // A wall clock above the ceiling is wrong, and a stamp of it could not be read again.
        let millis = u64::try_from(now.timestamp_millis()).ok().filter(|millis| *millis < CEILING_MILLIS);
        let wall = millis.unwrap_or(0) << COUNT_BITS;
        // After 65,536 stamps within one millisecond, the counter carries into the milliseconds.
        self.last = wall.max(self.last.saturating_add(1));
        Stamp { time: self.last, device: self.device }
    }

    /// Observes a stamp of any device: stamps issued from now on are greater.
    pub fn observe(&mut self, stamp: Stamp) {
        self.last = self.last.max(stamp.time.min(CEILING_MILLIS << COUNT_BITS));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(millis).expect("a time")
    }

    #[test]
    fn stamps_increase_even_if_the_wall_clock_goes_back() {
        let (mut here, mut there) = (HybridClock::new(DeviceId(7)), HybridClock::new(DeviceId(2)));
        let stamps: Vec<Stamp> = [5_000, 5_000, 4_000, 9_000, -3].map(|millis| here.tick(at(millis))).to_vec();
        assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");
        there.observe(stamps[4]);
        assert!(there.tick(at(1)) > stamps[4], "a clock that is behind still comes after what it has seen");
        assert_eq!(HybridClock::new(DeviceId(1)).tick(at(1)).to_string(), "000000000001.0000.00000001");
    }

    #[test]
    fn an_absurd_wall_clock_still_issues_stamps_that_can_be_read() {
        let mut clock = HybridClock::new(DeviceId(7));
        let first = clock.tick(at(5_000));
        for now in [at(1 << 47), "9999-12-31T23:59:59Z".parse().expect("a time"), DateTime::<Utc>::MAX_UTC] {
            let stamp = clock.tick(now);
            assert!(stamp > first);
            assert_eq!(stamp.to_string().parse(), Ok(stamp));
        }
    }

    #[test]
    fn stamps_issued_after_any_readable_stamp_can_be_read() {
        let last = format!("{:012x}.ffff.ffffffff", END_MILLIS - 1);
        let first_at_ceiling = format!("{CEILING_MILLIS:012x}.0000.00000000");
        for seen in [last.as_str(), &first_at_ceiling, "7effffe00000.0000.00000001", "019000000000.ffff.00000001"] {
            let seen: Stamp = seen.parse().expect("a stamp");
            let mut clock = HybridClock::new(DeviceId(7));
            clock.observe(seen);
            // The device's own wall clock may be wrong, too.
            for now in [at(5_000), at(CEILING_MILLIS as i64), at(END_MILLIS as i64 - 1), at(5_000)] {
                let mut last = Stamp::NEVER;
                for _ in 0..70_000 {
                    let stamp = clock.tick(now);
                    assert!(stamp > last);
                    last = stamp;
                }
                assert_eq!(last.to_string().parse(), Ok(last));
                clock.observe(seen);
            }
        }
    }

    #[test]
    fn stamps_after_the_end_are_rejected_as_too_late() {
        for text in
            ["7fffffffffff.ffff", "7fffffffffff.0000", "7f0000000000.0000", "800000000000.0000", "ffffffffffff.0000"]
        {
            assert_eq!(format!("{text}.00000001").parse::<Stamp>(), Err(StampError::TooLate), "{text}");
        }
        assert!("7effffffffff.ffff.00000001".parse::<Stamp>().is_ok());
    }

    #[test]
    fn a_printed_stamp_is_parsed_to_the_same_stamp() {
        let stamp = HybridClock::new(DeviceId(0x9f3c_21aa)).tick(at(1_732_420_823_512));
        assert_eq!(stamp.to_string().parse(), Ok(stamp));
        for text in ["", "000000000001.0000.0000000", "000000000001-0000-00000001", "+00000000001.0000.00000001", "é"]
        {
            assert_eq!(text.parse::<Stamp>(), Err(StampError::Malformed), "{text}");
        }
    }
}
