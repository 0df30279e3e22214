//! Days, weeks and months of the calendar: where each begins, and how it is written.

use chrono::{Datelike, Days, Months, NaiveDate};

/// The first and the last day for which there are periods: a query writes years with four digits.
const FIRST: Option<NaiveDate> = NaiveDate::from_ymd_opt(1, 1, 1);
const LAST: Option<NaiveDate> = NaiveDate::from_ymd_opt(9998, 12, 31);

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Period {
    /// A day.
    Day,
    /// A week, from Monday on.
    Week,
    /// A month.
    #[default]
    Month,
}

impl Period {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
        }
    }

    /// How many of them are shown.
    pub fn max_shown(self) -> usize {
        match self {
            Period::Day => 30,
            Period::Week => 26,
            Period::Month => 24,
        }
    }

    /// The day on which the period of a day begins. Days that no query can name count as the nearest that one can.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let day = day.clamp(FIRST.unwrap_or(day), LAST.unwrap_or(day).max(FIRST.unwrap_or(day)));
        match self {
            Period::Day => day,
            Period::Week => {
                let since = u64::from(day.weekday().num_days_from_monday());
                day.checked_sub_days(Days::new(since)).unwrap_or(day)
            }
            Period::Month => day.with_day(1).unwrap_or(day),
        }
    }

    /// The start of the period behind one.
    pub fn next(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            Period::Day => start.succ_opt(),
            Period::Week => start.checked_add_days(Days::new(7)),
            Period::Month => start.checked_add_months(Months::new(1)),
        };
        next.unwrap_or(start)
    }

    /// How many periods lie between two starts; negative when the second is the earlier one.
    pub fn between(self, from: NaiveDate, to: NaiveDate) -> i64 {
        let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        match self {
            Period::Day => to.signed_duration_since(from).num_days(),
            Period::Week => to.signed_duration_since(from).num_days() / 7,
            Period::Month => months(to) - months(from),
        }
    }

    /// The starts of the last periods up to the one of a day, the latest first; none begins before the period of `first`.
    pub fn latest_starts(self, last: NaiveDate, first: NaiveDate) -> Vec<NaiveDate> {
        let (last, first) = (self.start(last), self.start(first));
        let before = |start: &NaiveDate| start.pred_opt().map(|day| self.start(day)).filter(|before| before < start);
        let starts = std::iter::successors(Some(last), before);
        starts.take_while(|start| *start >= first).take(self.max_shown()).collect()
    }

    /// A period for programs, by its start: `2021-02-18`, for a month `2021-02`.
    pub fn iso(self, start: NaiveDate) -> String {
        start.format(if self == Period::Month { "%Y-%m" } else { "%Y-%m-%d" }).to_string()
    }

    /// A period for people, by its start.
    pub fn label(self, start: NaiveDate) -> String {
        let form = match self {
            Period::Day => "%a %d %b %Y",
            Period::Week => "%d %b %Y W%V",
            Period::Month => "%b %Y",
        };
        start.format(form).to_string()
    }
}

/// One thing for each kind of period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByPeriod<T> {
    day: T,
    week: T,
    month: T,
}

impl<T> ByPeriod<T> {
    /// Makes the thing for each.
    pub fn new(mut make: impl FnMut(Period) -> T) -> ByPeriod<T> {
        ByPeriod { day: make(Period::Day), week: make(Period::Week), month: make(Period::Month) }
    }

    /// The thing for one of them.
    pub fn of(&self, period: Period) -> &T {
        match period {
            Period::Day => &self.day,
            Period::Week => &self.week,
            Period::Month => &self.month,
        }
    }

    /// The things, each with its period.
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
    fn where_periods_begin_and_end() {
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
    fn the_last_periods() {
        let written = |period: Period, last, first| -> Vec<String> {
            let starts = period.latest_starts(day(last), day(first));
            starts.into_iter().map(|start| period.iso(start)).collect()
        };
        assert_eq!(written(Period::Day, "2020-03-01", "2020-02-28"), ["2020-03-01", "2020-02-29", "2020-02-28"]);
        assert_eq!(written(Period::Week, "2021-01-05", "2020-12-24"), ["2021-01-04", "2020-12-28", "2020-12-21"]);
        assert_eq!(written(Period::Month, "2021-01-31", "2020-11-30"), ["2021-01", "2020-12", "2020-11"]);
        assert_eq!(written(Period::Month, "2021-01-31", "1021-11-30").len(), 24);
        assert_eq!(written(Period::Day, "2021-01-31", "2021-02-02"), [""; 0]);
        // The calendar of the queries ends there.
        assert_eq!(written(Period::Day, "0001-01-02", "-5000-01-01"), ["0001-01-02", "0001-01-01"]);
        assert_eq!(written(Period::Month, "+99999-01-02", "9998-11-01"), ["9998-12", "9998-11"]);
    }
}
