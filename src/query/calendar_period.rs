//! Days, weeks and months of the calendar, for counting articles over time.

use chrono::{Datelike, Days, Months, NaiveDate};

/// The range of days that have periods: a query writes years with four digits.
const FIRST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(1, 1, 1);
// Not 9999: the excluded end of a period is a date of a query too.
const LAST_DAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(9998, 12, 31);

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Period {
    /// A day.
    Day,
    /// A week that starts on Monday.
    Week,
    /// A month.
    #[default]
    Month,
}

impl Period {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
        }
    }

    /// Number of periods that insights show.
    pub fn max_shown(self) -> usize {
        match self {
            Period::Day => 30,
            Period::Week => 26,
            Period::Month => 24,
        }
    }

    /// First day of the period that contains `day`. Days outside years 1 to 9998 are clamped, as a query cannot name them.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let day = day.clamp(FIRST_DAY.unwrap_or(day), LAST_DAY.unwrap_or(day).max(FIRST_DAY.unwrap_or(day)));
        match self {
            Period::Day => day,
            Period::Week => {
                let since = u64::from(day.weekday().num_days_from_monday());
                day.checked_sub_days(Days::new(since)).unwrap_or(day)
            }
            Period::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// First day of the following period.
    pub fn next(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            Period::Day => start.succ_opt(),
            Period::Week => start.checked_add_days(Days::new(7)),
            Period::Month => start.checked_add_months(Months::new(1)),
        };
        next.unwrap_or(start)
    }

    /// Number of periods from one start to another, negative if `to` is earlier.
    pub fn between(self, from: NaiveDate, to: NaiveDate) -> i64 {
        let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        match self {
            Period::Day => to.signed_duration_since(from).num_days(),
            Period::Week => to.signed_duration_since(from).num_days() / 7,
            Period::Month => months(to) - months(from),
        }
    }

    /// First days of the latest periods up to the one that contains `last`, latest first, at most [`Period::max_shown`]. None
    /// is earlier than the period that contains `first`.
    pub fn latest_starts(self, last: NaiveDate, first: NaiveDate) -> Vec<NaiveDate> {
        let (last, first) = (self.start(last), self.start(first));
        // Before the first day of the calendar, `start` clamps to the same day again, which must not repeat.
        let before = |start: &NaiveDate| start.pred_opt().map(|day| self.start(day)).filter(|before| before < start);
        let starts = std::iter::successors(Some(last), before);
        starts.take_while(|start| *start >= first).take(self.max_shown()).collect()
    }

    /// A period by its start for machine-readable output: `2021-02-18`, or `2021-02` for a month.
    pub fn iso(self, start: NaiveDate) -> String {
        start.format(if self == Period::Month { "%Y-%m" } else { "%Y-%m-%d" }).to_string()
    }

    /// A period by its start for people: `Thu 18 Feb 2021`, `28 Dec 2020 W53` or `Feb 2021`.
    pub fn label(self, start: NaiveDate) -> String {
        let form = match self {
            Period::Day => "%a %d %b %Y",
            Period::Week => "%d %b %Y W%V",
            Period::Month => "%b %Y",
        };
        start.format(form).to_string()
    }
}

/// A value for each kind of period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByPeriod<T> {
    day: T,
    week: T,
    month: T,
}

impl<T> ByPeriod<T> {
    /// Calls `make` for each kind.
    pub fn new(mut make: impl FnMut(Period) -> T) -> ByPeriod<T> {
        ByPeriod { day: make(Period::Day), week: make(Period::Week), month: make(Period::Month) }
    }

    /// The value for one kind.
    pub fn of(&self, period: Period) -> &T {
        match period {
            Period::Day => &self.day,
            Period::Week => &self.week,
            Period::Month => &self.month,
        }
    }

    /// The kinds with their values.
    pub fn each_mut(&mut self) -> [(Period, &mut T); 3] {
        [(Period::Day, &mut self.day), (Period::Week, &mut self.week), (Period::Month, &mut self.month)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn periods_start_and_end_at_calendar_boundaries() {
        for (period, of, start, next) in [
            (Period::Day, "2021-02-28", "2021-02-28", "2021-03-01"),
            (Period::Day, "2020-02-28", "2020-02-28", "2020-02-29"),
            (Period::Day, "1969-12-31", "1969-12-31", "1970-01-01"),
            (Period::Month, "2020-02-29", "2020-02-01", "2020-03-01"),
            (Period::Month, "1900-02-28", "1900-02-01", "1900-03-01"),
            (Period::Month, "2021-12-31", "2021-12-01", "2022-01-01"),
            (Period::Week, "2021-02-21", "2021-02-15", "2021-02-22"),
            (Period::Week, "2021-02-22", "2021-02-22", "2021-03-01"),
            (Period::Week, "2021-01-03", "2020-12-28", "2021-01-04"),
            (Period::Week, "2020-01-01", "2019-12-30", "2020-01-06"),
            (Period::Week, "1970-01-01", "1969-12-29", "1970-01-05"),
            (Period::Week, "0001-01-01", "0001-01-01", "0001-01-08"),
            (Period::Month, "9998-12-31", "9998-12-01", "9999-01-01"),
            (Period::Week, "9998-12-31", "9998-12-28", "9999-01-04"),
            (Period::Day, "+12000-05-05", "9998-12-31", "9999-01-01"),
            (Period::Week, "-0300-05-05", "0001-01-01", "0001-01-08"),
        ] {
            assert_eq!(period.start(day(of)), day(start), "{period:?} of {of}");
            assert_eq!(period.next(day(start)), day(next), "{period:?} after {start}");
            assert_eq!(period.between(day(start), day(next)), 1, "{period:?} from {start}");
        }
    }

    #[test]
    fn iso_weeks_are_those_of_their_year() {
        for (start, shown) in [
            ("2020-12-28", "28 Dec 2020 W53"),
            ("2021-01-04", "04 Jan 2021 W01"),
            ("2019-12-30", "30 Dec 2019 W01"),
            ("2016-01-04", "04 Jan 2016 W01"),
        ] {
            assert_eq!(Period::Week.label(day(start)), shown);
        }
        assert_eq!(Period::Day.label(day("2021-02-18")), "Thu 18 Feb 2021");
        assert_eq!(Period::Month.label(day("2021-02-01")), "Feb 2021");
        assert_eq!(Period::Month.iso(day("0900-02-01")), "0900-02");
    }

    #[test]
    fn the_latest_periods_stop_at_the_first_day() {
        let written = |period: Period, last, first| -> Vec<String> {
            let starts = period.latest_starts(day(last), day(first));
            starts.into_iter().map(|start| period.iso(start)).collect()
        };
        assert_eq!(written(Period::Day, "2020-03-01", "2020-02-28"), ["2020-03-01", "2020-02-29", "2020-02-28"]);
        assert_eq!(written(Period::Week, "2021-01-05", "2020-12-24"), ["2021-01-04", "2020-12-28", "2020-12-21"]);
        assert_eq!(written(Period::Month, "2021-01-31", "2020-11-30"), ["2021-01", "2020-12", "2020-11"]);
        assert_eq!(written(Period::Month, "2021-01-31", "1021-11-30").len(), 24);
        assert_eq!(written(Period::Day, "2021-01-31", "2021-02-02"), [""; 0]);
        // Periods end at the first and the last day that a query can name.
        assert_eq!(written(Period::Day, "0001-01-02", "-5000-01-01"), ["0001-01-02", "0001-01-01"]);
        assert_eq!(written(Period::Month, "+99999-01-02", "9998-11-01"), ["9998-12", "9998-11"]);
    }
}
