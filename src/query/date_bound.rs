//! The bounds of a range of dates, absolute or relative to now: parsing, printing and resolving.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};

use crate::dates::Now;

/// One bound of a range of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBound {
    /// No bound.
    Open,
    /// The start of this day in the user's zone.
    Day(NaiveDate),
    /// Midnight at the start of the day this many days before today; −1 is the end of today.
    Midnight(i64),
    /// This long before now.
    Ago(u32, Unit),
}

/// Units of time before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months of the calendar.
    Month,
    /// Years of the calendar.
    Year,
}

impl Unit {
    /// The unit with this word, short or spelt out.
    fn from_word(word: &str) -> Option<Unit> {
        Some(match word {
            "min" | "mins" | "minute" | "minutes" => Unit::Minute,
            "h" | "hour" | "hours" => Unit::Hour,
            "d" | "day" | "days" => Unit::Day,
            "w" | "week" | "weeks" => Unit::Week,
            "mo" | "month" | "months" => Unit::Month,
            "y" | "year" | "years" => Unit::Year,
            _ => return None,
        })
    }

    fn short(self) -> &'static str {
        match self {
            Unit::Minute => "min",
            Unit::Hour => "h",
            Unit::Day => "d",
            Unit::Week => "w",
            Unit::Month => "mo",
            Unit::Year => "y",
        }
    }
}

impl DateBound {
    /// The moment in UTC. `None` without a bound, and for moments outside the calendar.
    pub fn resolve(self, now: Now) -> Option<DateTime<Utc>> {
        let Now { at, zone } = now;
        let months = |months: u32| {
            // Months are counted on the user's calendar: in UTC it can still be the previous month.
            let shown = at.naive_utc().checked_add_offset(zone.offset(at))?;
            Some(zone.moment(shown.checked_sub_months(Months::new(months))?))
        };
        match self {
            DateBound::Open => None,
            DateBound::Day(day) => Some(zone.start(day)),
            DateBound::Midnight(days) => Some(zone.start(now.day().checked_sub_signed(TimeDelta::try_days(days)?)?)),
            DateBound::Ago(n, unit) => match unit {
                Unit::Minute => at.checked_sub_signed(TimeDelta::try_minutes(n.into())?),
                Unit::Hour => at.checked_sub_signed(TimeDelta::try_hours(n.into())?),
                Unit::Day => at.checked_sub_days(Days::new(n.into())),
                Unit::Week => at.checked_sub_days(Days::new(u64::from(n) * 7)),
                Unit::Month => months(n),
                // Saturating: such a moment is outside the calendar anyway.
                Unit::Year => months(n.saturating_mul(12)),
            },
        }
    }

    /// Whether the moment depends on the current time.
    pub fn is_relative(self) -> bool {
        matches!(self, DateBound::Midnight(_) | DateBound::Ago(..))
    }

    /// The bound as printed after `..` and `<=`, where the language names the last day that is included.
    fn last_included(self) -> String {
        match self {
            DateBound::Day(day) => day.pred_opt().unwrap_or(day).to_string(),
            DateBound::Midnight(days) => DateBound::Midnight(days.saturating_add(1)).to_string(),
            moment => moment.to_string(),
        }
    }
}

impl fmt::Display for DateBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DateBound::Open => Ok(()),
            DateBound::Day(day) => write!(f, "{day}"),
            DateBound::Midnight(0) => write!(f, "today"),
            DateBound::Midnight(_) => write!(f, "yesterday"),
            DateBound::Ago(n, unit) => write!(f, "{n}{}", unit.short()),
        }
    }
}

/// Prints a range so that parsing the text gives the same range.
pub fn print(f: &mut fmt::Formatter<'_>, from: DateBound, to: DateBound) -> fmt::Result {
    match (from, to) {
        (DateBound::Open, DateBound::Open) => write!(f, ".."),
        // Queries have no word for tomorrow.
        (DateBound::Midnight(-1), DateBound::Open) => write!(f, ">today"),
        (from, DateBound::Open) => write!(f, ">={from}"),
        (DateBound::Open, DateBound::Midnight(-1)) => write!(f, "<=today"),
        (DateBound::Open, to) => write!(f, "<{to}"),
        (DateBound::Day(from), DateBound::Day(to)) if is_whole(from, to, 12) => write!(f, "{}", from.format("%Y")),
        (DateBound::Day(from), DateBound::Day(to)) if is_whole(from, to, 1) => write!(f, "{}", from.format("%Y-%m")),
        // `2w` alone means "since then", so a range of equal times ago keeps both bounds.
        (from, to) if from.to_string() == to.last_included() && !matches!(from, DateBound::Ago(..)) => {
            write!(f, "{from}")
        }
        (from, to) => write!(f, "{from}..{}", to.last_included()),
    }
}

/// Whether the range is exactly one month, or with `months` 12 exactly one calendar year.
fn is_whole(from: NaiveDate, to: NaiveDate, months: u32) -> bool {
    from.day() == 1 && from.month0().is_multiple_of(months) && from.checked_add_months(Months::new(months)) == Some(to)
}

/// The start (included) and the end (excluded) of a date word: a day, a month, a year, or a time ago. `None` for other words.
pub fn parse(word: &str) -> Option<(DateBound, DateBound)> {
    let since = |unit| Some((DateBound::Ago(1, unit), DateBound::Open));
    match word {
        "today" => return Some((DateBound::Midnight(0), DateBound::Midnight(-1))),
        "yesterday" => return Some((DateBound::Midnight(1), DateBound::Midnight(0))),
        "week" => return since(Unit::Week),
        "month" => return since(Unit::Month),
        "year" => return since(Unit::Year),
        _ => {}
    }
    let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, rest) = word.split_at(digits);
    let unit = rest.strip_suffix("-ago").unwrap_or(rest);
    if let (Ok(n), Some(unit)) = (number.parse(), Unit::from_word(unit.strip_prefix('-').unwrap_or(unit))) {
        return Some((DateBound::Ago(n, unit), DateBound::Ago(n, unit)));
    }
    let parts: Vec<&str> = word.split('-').collect();
    if !parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())) || number.len() != 4 {
        return None;
    }
    let year: i32 = number.parse().ok()?;
    let part = |n: usize| parts.get(n).and_then(|part| part.parse::<u32>().ok());
    let (from, to) = match parts.len() {
        1 => (NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year + 1, 1, 1)?),
        2 => {
            let from = NaiveDate::from_ymd_opt(year, part(1)?, 1)?;
            (from, from.checked_add_months(Months::new(1))?)
        }
        3 => {
            let from = NaiveDate::from_ymd_opt(year, part(1)?, part(2)?)?;
            (from, from.checked_add_days(Days::new(1))?)
        }
        _ => return None,
    };
    // A year is printed with four digits, and must parse again.
    (from.year() >= 0 && to.year() <= 9999).then_some((DateBound::Day(from), DateBound::Day(to)))
}
