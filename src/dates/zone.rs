//! Time zones: offsets from UTC, conversion between local time and moments, and the start of days.

use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};

use crate::fnv;

/// A time zone. The user's zone decides which day a moment is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// The zone of this machine: `$TZ`, else `/etc/localtime`.
    Local,
    /// A fixed offset from UTC.
    Fixed(FixedOffset),
}

/// Days between the moments at which [`Zone::rules_hash`] samples the offset.
const SAMPLE_DAYS: i64 = 10;
/// Index of the last sample, in December 2037. The first one is in January 1970.
const LAST_SAMPLE: i64 = 68 * 365 / SAMPLE_DAYS;

impl Zone {
    /// Parses `utc`, `local`, or an offset such as `+02:00`.
    pub fn parse(word: &str) -> Option<Zone> {
        match word {
            "utc" | "UTC" => Some(Zone::Utc),
            "local" => Some(Zone::Local),
            offset => offset.parse().ok().map(Zone::Fixed),
        }
    }

    /// The offset from UTC at a moment.
    pub fn offset(self, moment: DateTime<Utc>) -> FixedOffset {
        match self {
            Zone::Utc => Utc.fix(),
            Zone::Local => Local.offset_from_utc_datetime(&moment.naive_utc()).fix(),
            Zone::Fixed(offset) => offset,
        }
    }

    /// The moment of a local time. If clocks show the time twice, the first one; if they skip it, the first moment after the gap.
    pub fn moment(self, time: NaiveDateTime) -> DateTime<Utc> {
        match self {
            Zone::Utc => time.and_utc(),
            Zone::Local => first_moment(time, |moment| self.offset(moment)),
            Zone::Fixed(offset) => at_offset(time, offset),
        }
    }

    /// The first moment of a day.
    pub fn start(self, day: NaiveDate) -> DateTime<Utc> {
        self.moment(day.and_time(NaiveTime::MIN))
    }

    /// The local day at a moment.
    pub fn day(self, moment: DateTime<Utc>) -> NaiveDate {
        let utc = moment.naive_utc();
        utc.checked_add_offset(self.offset(moment)).unwrap_or(utc).date()
    }

    /// A hash of the offsets of the zone from 1970 to 2037, never 0. Zones with different hashes may sort dates without a zone
    /// differently, so a feed sorted for one must be sorted again for the other.
    pub fn rules_hash(self) -> u64 {
        let offset = |step: i64| {
            let moment = DateTime::from_timestamp(step * SAMPLE_DAYS * 24 * 60 * 60, 0).unwrap_or_default();
            self.offset(moment).local_minus_utc()
        };
        // All other zones have one offset, so one sample is enough.
        let last = if self == Zone::Local { LAST_SAMPLE } else { 0 };
        // Hashes each change of the offset and its position, so all zones that have the same constant offset have the same hash.
        let (mut rules, mut before) = (fnv::OFFSET_BASIS, None);
        for step in 0..=last {
            let now = offset(step);
            if before.replace(now) != Some(now) {
                for part in [step as u64, now as u64] {
                    rules = fnv::hash_u64(rules, part);
                }
            }
        }
        // A feed stores 0 if none of its dates depends on the zone.
        rules.max(1)
    }
}

fn at_offset(time: NaiveDateTime, offset: FixedOffset) -> DateTime<Utc> {
    // Out of range only at the ends of chrono's calendar.
    time.checked_sub_offset(offset).unwrap_or(time).and_utc()
}

/// The first moment at which clocks show the local time or a later one.
fn first_moment(time: NaiveDateTime, offset: impl Fn(DateTime<Utc>) -> FixedOffset) -> DateTime<Utc> {
    // No offset reaches a day, and no zone changes its offset twice within two days.
    let utc = time.and_utc();
    let day = TimeDelta::days(1);
    let before = offset(utc.checked_sub_signed(day).unwrap_or(utc));
    let after = offset(utc.checked_add_signed(day).unwrap_or(utc));
    if before == after {
        return at_offset(time, before);
    }
    // The offset before the change comes first: it gives the earlier moment of a time that clocks show twice.
    let shown = [before, after].map(|offset| (at_offset(time, offset), offset));
    if let Some((moment, _)) = shown.into_iter().find(|(moment, its)| offset(*moment) == *its) {
        return moment;
    }
    // The time is skipped: clocks were set ahead between these two moments. Find the change by bisection.
    let (mut early, mut late) = (at_offset(time, after), at_offset(time, before));
    while (late - early).num_seconds() > 1 {
        let middle = early + TimeDelta::seconds((late - early).num_seconds() / 2);
        if offset(middle) == before { early = middle } else { late = middle }
    }
    late
}

/// The current time and the user's zone, which together determine the current day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The current time.
    pub at: DateTime<Utc>,
    /// The user's zone.
    pub zone: Zone,
}

impl Now {
    /// The current day in the user's zone.
    pub fn day(self) -> NaiveDate {
        self.zone.day(self.at)
    }
}

/// A time alone gets the zone UTC.
impl From<DateTime<Utc>> for Now {
    fn from(at: DateTime<Utc>) -> Now {
        Now { at, zone: Zone::Utc }
    }
}

/// Finds the local days of many moments. It remembers the last day, because lookups in a zone are slow and articles are sorted
/// by date.
#[derive(Clone, Debug)]
pub struct DayLookup {
    zone: Zone,
    last: Option<(DateTime<Utc>, DateTime<Utc>, NaiveDate)>,
}

impl DayLookup {
    /// Days of a zone.
    pub fn new(zone: Zone) -> DayLookup {
        DayLookup { zone, last: None }
    }

    /// The local day of a moment: the one that starts at or before it and ends after it.
    pub fn day(&mut self, moment: DateTime<Utc>) -> NaiveDate {
        if let Some((start, end, day)) = self.last
            && start <= moment
            && moment < end
        {
            return day;
        }
        if let Some(known) = self.plain_day(moment) {
            self.last = Some(known);
            return known.2;
        }
        let mut day = self.zone.day(moment);
        let mut end = self.end(day);
        // Clocks that are set back over midnight show the end of a day again after the next day has begun.
        while end <= moment
            && let Some(next) = day.succ_opt()
        {
            day = next;
            end = self.end(day);
        }
        self.last = Some((self.zone.start(day), end, day));
        day
    }

    /// The day of a moment with its start and end, if the offset does not change during the day. This usual case saves two
    /// lookups in the zone.
    fn plain_day(&self, moment: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>, NaiveDate)> {
        let offset = self.zone.offset(moment);
        let day = moment.naive_utc().checked_add_offset(offset)?.date();
        let start = day.and_time(NaiveTime::MIN).checked_sub_offset(offset)?.and_utc();
        let end = start.checked_add_signed(TimeDelta::days(1))?;
        [start, end].iter().all(|at| self.zone.offset(*at) == offset).then_some((start, end, day))
    }

    fn end(&self, day: NaiveDate) -> DateTime<Utc> {
        day.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, |next| self.zone.start(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn time(text: &str) -> NaiveDateTime {
        text.parse().expect("a time")
    }

    fn hours(hours: f32) -> FixedOffset {
        FixedOffset::east_opt((hours * 3600.0) as i32).expect("an offset")
    }

    #[test]
    fn skipped_and_repeated_times_become_the_first_moment() {
        // The moment of each change, the offset before it and the offset after it.
        let berlin = [("2024-03-31T01:00:00Z", 1.0, 2.0), ("2024-10-27T01:00:00Z", 2.0, 1.0)];
        let apia = [("2011-12-30T10:00:00Z", -10.0, 14.0)];
        let sao_paulo = [("2018-11-04T03:00:00Z", -3.0, -2.0), ("2018-02-18T02:00:00Z", -2.0, -3.0)];
        let st_johns = [("2006-10-29T02:31:00Z", -2.5, -3.5)];
        for (sets, local, expected) in [
            (&berlin[..1], "2024-03-31T01:59:59", "2024-03-31T00:59:59Z"),
            (&berlin[..1], "2024-03-31T02:00:00", "2024-03-31T01:00:00Z"),
            (&berlin[..1], "2024-03-31T02:30:00", "2024-03-31T01:00:00Z"),
            (&berlin[..1], "2024-03-31T03:00:00", "2024-03-31T01:00:00Z"),
            (&berlin[..1], "2024-03-31T03:00:01", "2024-03-31T01:00:01Z"),
            (&berlin[..1], "2024-03-30T12:00:00", "2024-03-30T11:00:00Z"),
            (&berlin[..1], "2024-04-01T12:00:00", "2024-04-01T10:00:00Z"),
            (&berlin[1..], "2024-10-27T01:59:59", "2024-10-26T23:59:59Z"),
            (&berlin[1..], "2024-10-27T02:30:00", "2024-10-27T00:30:00Z"),
            (&berlin[1..], "2024-10-27T03:00:00", "2024-10-27T02:00:00Z"),
            (&apia[..], "2011-12-29T23:59:59", "2011-12-30T09:59:59Z"),
            (&apia[..], "2011-12-30T00:00:00", "2011-12-30T10:00:00Z"),
            (&apia[..], "2011-12-30T12:00:00", "2011-12-30T10:00:00Z"),
            (&apia[..], "2011-12-31T00:00:00", "2011-12-30T10:00:00Z"),
            (&sao_paulo[..1], "2018-11-04T00:00:00", "2018-11-04T03:00:00Z"),
            (&sao_paulo[1..], "2018-02-17T23:30:00", "2018-02-18T01:30:00Z"),
            (&sao_paulo[1..], "2018-02-18T00:00:00", "2018-02-18T03:00:00Z"),
            (&st_johns[..], "2006-10-29T00:00:30", "2006-10-29T02:30:30Z"),
            (&st_johns[..], "2006-10-28T23:30:00", "2006-10-29T02:00:00Z"),
        ] {
            let (set, before, after) = sets[0];
            let offset = |at: DateTime<Utc>| hours(if at < moment(set) { before } else { after });
            assert_eq!(first_moment(time(local), offset), moment(expected), "{local} where clocks are set at {set}");
        }
    }

    #[test]
    fn zones_with_equal_offsets_have_equal_hashes() {
        let east = Zone::Fixed(hours(9.0));
        assert_eq!(Zone::Utc.rules_hash(), Zone::Fixed(hours(0.0)).rules_hash());
        assert_ne!(Zone::Utc.rules_hash(), east.rules_hash());
        assert_ne!(Zone::Fixed(hours(-9.0)).rules_hash(), east.rules_hash());
        assert_ne!(Zone::Local.rules_hash(), 0);
    }

    #[test]
    fn days_do_not_depend_on_earlier_lookups() {
        for zone in [Zone::Utc, Zone::Local, Zone::Fixed(hours(13.75)), Zone::Fixed(hours(-12.0))] {
            let mut days = DayLookup::new(zone);
            for hour in (0..40_000).step_by(7).chain((0..40_000).rev().step_by(13)) {
                let moment = moment("2021-02-18T00:00:00Z") + TimeDelta::hours(hour);
                let day = days.day(moment);
                let next = day.succ_opt().expect("a day");
                assert!(zone.start(day) <= moment && moment < zone.start(next), "{moment} is of {day} in {zone:?}");
            }
        }
    }

    #[test]
    fn zones_are_parsed() {
        assert_eq!(Zone::parse("utc"), Some(Zone::Utc));
        assert_eq!(Zone::parse("local"), Some(Zone::Local));
        assert_eq!(Zone::parse("+02:00"), Some(Zone::Fixed(hours(2.0))));
        assert_eq!(Zone::parse("Europe/Berlin"), None);
    }
}
