//! The date type: a day, with a time of day and a zone if the text has them.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, SecondsFormat, Timelike, Utc};

use serde::{Deserialize, Serialize};

use super::zone::Zone;

/// A date as written: a day, a local time, or a moment. Serialised as the numbers of [`Date::to_numbers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(i64, u32)", try_from = "(i64, u32)")]
pub struct Date {
    /// In UTC if the date has a zone, else local time.
    time: NaiveDateTime,
    kind: Kind,
}

/// What a date has beside the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A time of day and a zone.
    Moment,
    /// A time of day without a zone.
    Time,
    /// Neither; `time` is midnight.
    Day,
}

/// Position of the kind in the second number of [`Date::to_numbers`]: nanoseconds are below 2^30, so bits 30 and 31 are free.
const KIND_SHIFT: u32 = 30;

impl Date {
    /// A date with a time of day and a zone.
    pub fn moment(moment: DateTime<Utc>) -> Date {
        Date { time: without_leap_second(moment.naive_utc()), kind: Kind::Moment }
    }

    /// A date with a time of day and without a zone.
    pub fn time(time: NaiveDateTime) -> Date {
        Date { time: without_leap_second(time), kind: Kind::Time }
    }

    /// A date without a time of day.
    pub fn day(day: NaiveDate) -> Date {
        Date { time: day.and_time(NaiveTime::MIN), kind: Kind::Day }
    }

    /// The moment that the date means in a zone; for a day, its start there.
    pub fn at(self, zone: Zone) -> DateTime<Utc> {
        match self.kind {
            Kind::Moment => self.time.and_utc(),
            Kind::Time | Kind::Day => zone.moment(self.time),
        }
    }

    /// The moment that the date means if a missing zone is taken as UTC: the same for every user.
    pub fn as_utc(self) -> DateTime<Utc> {
        self.time.and_utc()
    }

    /// True if the date has a zone, and so means the same moment everywhere.
    pub fn has_zone(self) -> bool {
        self.kind == Kind::Moment
    }

    /// True if the date has a time of day.
    pub fn has_time(self) -> bool {
        self.kind != Kind::Day
    }

    /// The local time in a zone. A date without a time of day is the same day in every zone.
    pub fn to_local(self, zone: Zone) -> DateTime<FixedOffset> {
        let moment = self.at(zone);
        let offset = zone.offset(moment);
        let moment = match self.kind {
            // In a zone that skips midnight, or the whole day, the moment is later and may be on the next day.
            Kind::Day => self.time.checked_sub_offset(offset).map_or(moment, |time| time.and_utc()),
            _ => moment,
        };
        // At the ends of chrono's calendar the local time is out of range: show UTC instead.
        let is_shown = moment.naive_utc().checked_add_offset(offset).is_some();
        moment.with_timezone(&if is_shown { offset } else { Utc.fix() })
    }

    /// The date as text: `2021-02-18`, or RFC 3339 in local time of a zone, with `Z` for UTC.
    pub fn to_text(self, zone: Zone) -> String {
        match self.has_time() {
            true => self.to_local(zone).to_rfc3339_opts(SecondsFormat::AutoSi, true),
            false => self.time.date().to_string(),
        }
    }

    /// Encodes the date as two numbers: seconds since 1970, and nanoseconds with the kind in the two highest bits.
    pub fn to_numbers(self) -> (i64, u32) {
        let kind = match self.kind {
            Kind::Moment => 0,
            Kind::Time => 1,
            Kind::Day => 2,
        };
        let time = self.time.and_utc();
        (time.timestamp(), time.timestamp_subsec_nanos() | kind << KIND_SHIFT)
    }

    /// Decodes two numbers of [`Date::to_numbers`]; `None` if they are invalid.
    pub fn of_numbers(seconds: i64, nanos: u32) -> Option<Date> {
        let time = DateTime::from_timestamp(seconds, nanos & ((1 << KIND_SHIFT) - 1))?.naive_utc();
        match nanos >> KIND_SHIFT {
            0 => Some(Date { time, kind: Kind::Moment }),
            1 => Some(Date { time, kind: Kind::Time }),
            2 => Some(Date { time, kind: Kind::Day }),
            _ => None,
        }
    }
}

/// Numbers that [`Date::to_numbers`] does not return.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the numbers of a date")]
pub struct NotADate;

impl From<Date> for (i64, u32) {
    fn from(date: Date) -> (i64, u32) {
        date.to_numbers()
    }
}

impl TryFrom<(i64, u32)> for Date {
    type Error = NotADate;

    fn try_from((seconds, nanos): (i64, u32)) -> Result<Date, NotADate> {
        Date::of_numbers(seconds, nanos).ok_or(NotADate)
    }
}

impl From<DateTime<Utc>> for Date {
    fn from(moment: DateTime<Utc>) -> Date {
        Date::moment(moment)
    }
}

/// Turns a leap second into the last nanosecond before it. chrono allows leap seconds only at the end of a minute, and old
/// zones with an offset of some seconds would move one elsewhere.
fn without_leap_second(time: NaiveDateTime) -> NaiveDateTime {
    time.with_nanosecond(time.nanosecond().min(999_999_999)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::super::DayLookup;
    use super::*;

    fn fixed(hours: i32) -> Zone {
        Zone::Fixed(FixedOffset::east_opt(hours * 3600).expect("an offset"))
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    #[test]
    fn a_date_means_a_moment_in_each_zone() {
        let (moment, time, day) = ("2021-02-18T23:18:00Z", "2021-02-18 23:18", "2021-02-18");
        for (zone, of, written, at) in [
            (Zone::Utc, moment, "2021-02-18T23:18:00Z", "2021-02-18T23:18:00Z"),
            (Zone::Utc, time, "2021-02-18T23:18:00Z", "2021-02-18T23:18:00Z"),
            (Zone::Utc, day, "2021-02-18", "2021-02-18T00:00:00Z"),
            (fixed(9), moment, "2021-02-19T08:18:00+09:00", "2021-02-18T23:18:00Z"),
            (fixed(9), time, "2021-02-18T23:18:00+09:00", "2021-02-18T14:18:00Z"),
            (fixed(9), day, "2021-02-18", "2021-02-17T15:00:00Z"),
            (fixed(-8), moment, "2021-02-18T15:18:00-08:00", "2021-02-18T23:18:00Z"),
            (fixed(-8), time, "2021-02-18T23:18:00-08:00", "2021-02-19T07:18:00Z"),
            (fixed(-8), day, "2021-02-18", "2021-02-18T08:00:00Z"),
        ] {
            assert_eq!(date(of).to_text(zone), written, "{of} in {zone:?}");
            assert_eq!(date(of).at(zone).to_rfc3339_opts(SecondsFormat::AutoSi, true), at, "{of} in {zone:?}");
        }
        assert_eq!(date(day).to_local(fixed(-8)).to_rfc3339(), "2021-02-18T00:00:00-08:00");
        assert_eq!([moment, time, day].map(|text| date(text).has_zone()), [true, false, false]);
        assert_eq!([moment, time, day].map(|text| date(text).has_time()), [true, true, false]);
        let utc = [moment, time, day].map(|text| date(text).as_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true));
        assert_eq!(utc, ["2021-02-18T23:18:00Z", "2021-02-18T23:18:00Z", "2021-02-18T00:00:00Z"]);
    }

    #[test]
    fn dates_survive_encoding_as_numbers() {
        for text in ["2021-02-18T23:18:00.999999999Z", "1969-12-31 23:59:59.5", "0001-01-01", "2016-12-31T23:59:60Z"] {
            let date = date(text);
            let (seconds, nanos) = date.to_numbers();
            assert_eq!(Date::of_numbers(seconds, nanos), Some(date), "{text}");
        }
        assert_eq!(Date::of_numbers(0, u32::MAX), None);
        assert_eq!(Date::of_numbers(i64::MAX, 0), None);
        assert_eq!(Date::of_numbers(0, 3 << KIND_SHIFT), None);
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for time in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            for date in [Date::moment(time.and_utc()), Date::time(time), Date::day(time.date())] {
                for zone in [Zone::Utc, Zone::Local, fixed(14), fixed(-12)] {
                    let _ = (date.at(zone), date.to_local(zone), date.to_text(zone), date.to_numbers());
                    let _ = DayLookup::new(zone).day(date.at(zone));
                }
            }
        }
    }
}
