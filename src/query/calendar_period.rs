//! Days, weeks, months, quarters and years of the calendar, for counting articles over time.

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
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

/// Most periods that are shown: all that there are, or the latest.
const MAX_SHOWN: usize = 30;
/// Fewest periods that are shown, if the days between the first and the last article are as many.
const MIN_SHOWN: i64 = 8;

impl Period {
    /// All kinds, the shortest first.
    pub const ALL: [Period; 5] = [Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year];

    /// The kind that covers the days from `first` to `last` with 8 to 30 periods. If none does, a kind with more: the latest 30 are
    /// shown. Fewer than 8 days are days.
    pub fn fitting(first: NaiveDate, last: NaiveDate) -> Period {
        let count = |period: Period| period.between(period.start(first), period.start(last)) + 1;
        let mut finer = Period::Day;
        for period in Period::ALL {
            if count(period) <= MAX_SHOWN as i64 {
                return if count(period) < MIN_SHOWN { finer } else { period };
            }
            finer = period;
        }
        finer
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }

    /// Months of a month, a quarter or a year.
    fn months(self) -> u32 {
        match self {
            Period::Quarter => 3,
            Period::Year => 12,
            Period::Day | Period::Week | Period::Month => 1,
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
            Period::Month | Period::Quarter | Period::Year => {
                let first = day.with_day(1).unwrap_or(day);
                first.checked_sub_months(Months::new(first.month0() % self.months())).unwrap_or(first)
            }
        }
    }

    /// First day of the following period.
    pub fn next(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            Period::Day => start.succ_opt(),
            Period::Week => start.checked_add_days(Days::new(7)),
            Period::Month | Period::Quarter | Period::Year => start.checked_add_months(Months::new(self.months())),
        };
        next.unwrap_or(start)
    }

    /// Number of periods from one start to another, negative if `to` is earlier.
    pub fn between(self, from: NaiveDate, to: NaiveDate) -> i64 {
        let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        match self {
            Period::Day => to.signed_duration_since(from).num_days(),
            Period::Week => to.signed_duration_since(from).num_days() / 7,
            Period::Month | Period::Quarter | Period::Year => (months(to) - months(from)) / i64::from(self.months()),
        }
    }

    /// First days of the latest periods up to the one that contains `last`, latest first, at most 30. None
    /// is earlier than the period that contains `first`.
    pub fn latest_starts(self, last: NaiveDate, first: NaiveDate) -> Vec<NaiveDate> {
        let (last, first) = (self.start(last), self.start(first));
        // Before the first day of the calendar, `start` clamps to the same day again, which must not repeat.
        let before = |start: &NaiveDate| start.pred_opt().map(|day| self.start(day)).filter(|before| before < start);
        let starts = std::iter::successors(Some(last), before);
        starts.take_while(|start| *start >= first).take(MAX_SHOWN).collect()
    }

    /// A period by its start for machine-readable output: `2021-02-18`, `2021-02` for a month, `2021-Q1`, `2021`.
    pub fn iso(self, start: NaiveDate) -> String {
        match self {
            Period::Day | Period::Week => start.format("%Y-%m-%d").to_string(),
            Period::Month => start.format("%Y-%m").to_string(),
            Period::Quarter => format!("{}-{}", start.format("%Y"), quarter(start)),
            Period::Year => start.format("%Y").to_string(),
        }
    }

    /// A period by its start for people: `Thu 18 Feb 2021` for a day and for the week that starts then, `Feb 2021`, `Q1 2021` or `2021`.
    pub fn label(self, start: NaiveDate) -> String {
        match self {
            Period::Day | Period::Week => start.format("%a %-d %b %Y").to_string(),
            Period::Month => start.format("%b %Y").to_string(),
            Period::Quarter => format!("{} {}", quarter(start), start.format("%Y")),
            Period::Year => start.format("%Y").to_string(),
        }
    }
}

/// The name of the quarter of a day: `Q1`.
fn quarter(day: NaiveDate) -> String {
    format!("Q{}", day.month0() / 3 + 1)
}

/// A value for each kind of period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByPeriod<T>([T; Period::ALL.len()]);

impl<T> ByPeriod<T> {
    /// Calls `make` for each kind.
    pub fn new(make: impl FnMut(Period) -> T) -> ByPeriod<T> {
        ByPeriod(Period::ALL.map(make))
    }

    /// The value for one kind.
    pub fn of(&self, period: Period) -> &T {
        let ByPeriod([day, week, month, quarter, year]) = self;
        match period {
            Period::Day => day,
            Period::Week => week,
            Period::Month => month,
            Period::Quarter => quarter,
            Period::Year => year,
        }
    }

    /// The kinds with their values.
    pub fn each_mut(&mut self) -> impl Iterator<Item = (Period, &mut T)> {
        Period::ALL.into_iter().zip(&mut self.0)
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
            (Period::Quarter, "2021-03-31", "2021-01-01", "2021-04-01"),
            (Period::Quarter, "2020-11-30", "2020-10-01", "2021-01-01"),
            (Period::Quarter, "9998-12-31", "9998-10-01", "9999-01-01"),
            (Period::Year, "2020-02-29", "2020-01-01", "2021-01-01"),
            (Period::Year, "0001-12-31", "0001-01-01", "0002-01-01"),
            (Period::Day, "+12000-05-05", "9998-12-31", "9999-01-01"),
            (Period::Week, "-0300-05-05", "0001-01-01", "0001-01-08"),
        ] {
            assert_eq!(period.start(day(of)), day(start), "{period:?} of {of}");
            assert_eq!(period.next(day(start)), day(next), "{period:?} after {start}");
            assert_eq!(period.between(day(start), day(next)), 1, "{period:?} from {start}");
        }
    }

    #[test]
    fn labels_have_one_form() {
        for (period, start, label, iso) in [
            (Period::Day, "2021-02-08", "Mon 8 Feb 2021", "2021-02-08"),
            (Period::Week, "2020-12-28", "Mon 28 Dec 2020", "2020-12-28"),
            (Period::Month, "2021-02-01", "Feb 2021", "2021-02"),
            (Period::Month, "0900-02-01", "Feb 0900", "0900-02"),
            (Period::Quarter, "2021-01-01", "Q1 2021", "2021-Q1"),
            (Period::Quarter, "2021-10-01", "Q4 2021", "2021-Q4"),
            (Period::Year, "2021-01-01", "2021", "2021"),
        ] {
            assert_eq!((period.label(day(start)).as_str(), period.iso(day(start)).as_str()), (label, iso));
        }
    }

    #[test]
    fn the_fitting_period_gives_8_to_30_bars() {
        for (first, last, period) in [
            ("2021-02-18", "2021-02-18", Period::Day),
            ("2021-02-12", "2021-02-18", Period::Day),
            ("2021-01-20", "2021-02-18", Period::Day),
            ("2021-01-19", "2021-02-18", Period::Day),
            ("2020-12-01", "2021-02-18", Period::Week),
            ("2020-07-01", "2021-02-18", Period::Month),
            ("2018-09-01", "2021-02-18", Period::Month),
            ("2018-08-01", "2021-02-18", Period::Quarter),
            ("2013-01-01", "2021-02-18", Period::Year),
            ("1800-01-01", "2021-02-18", Period::Year),
        ] {
            assert_eq!(Period::fitting(day(first), day(last)), period, "{first} to {last}");
        }
        // Every range of at least 8 days has 8 to 30 bars.
        let last = day("2021-02-18");
        for days in 7..40_000 {
            let first = last - Days::new(days);
            let shown = Period::fitting(first, last).latest_starts(last, first).len();
            assert!((8..=30).contains(&shown), "{days} days: {shown}");
        }
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
        assert_eq!(written(Period::Month, "2021-01-31", "1021-11-30").len(), 30);
        assert_eq!(written(Period::Day, "2021-01-31", "2021-02-02"), [""; 0]);
        // Periods end at the first and the last day that a query can name.
        assert_eq!(written(Period::Day, "0001-01-02", "-5000-01-01"), ["0001-01-02", "0001-01-01"]);
        assert_eq!(written(Period::Month, "+99999-01-02", "9998-11-01"), ["9998-12", "9998-11"]);
    }
}
