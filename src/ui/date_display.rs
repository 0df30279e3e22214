//! Formats dates as the settings say, short dates for the list, and ages in at most four columns.

use std::fmt::Write;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, Utc};

use crate::config::{DateSettings, ListDates, Settings};
use crate::dates::{Date, Zone};
use crate::feed::{SafeText, clean};
use crate::text;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Units, largest first: seconds, short form, word. A month is a twelfth of a mean Gregorian year.
const UNITS: [(i64, &str, &str); 6] = [
    (31_556_952, "y", "year"),
    (2_629_746, "mo", "month"),
    (7 * DAY, "w", "week"),
    (DAY, "d", "day"),
    (HOUR, "h", "hour"),
    (MINUTE, "m", "minute"),
];

/// A date with its time, such as `18 February 2021, 16:18 UTC`. Midnight counts as a date without a time.
pub fn date(dates: &DateSettings, date: Date) -> SafeText {
    let DateSettings { date: day, time, zone } = dates;
    let zone_suffix = match zone {
        Zone::Utc => " UTC".to_owned(),
        Zone::Local => String::new(),
        Zone::Fixed(offset) => format!(" {offset}"),
    };
    let date = date.to_local(*zone);
    let day = formatted(&date, day, "%-d %B %Y");
    if date.time() == NaiveTime::MIN {
        return clean::plain_line(&day);
    }
    clean::plain_line(&format!("{day}, {}{zone_suffix}", formatted(&date, time, "%H:%M")))
}

/// A date in `format`, or in the `usual` one if that fails: chrono can parse some formats that it cannot write, such as `%#z`.
fn formatted(date: &DateTime<FixedOffset>, format: &str, usual: &str) -> String {
    let mut words = String::new();
    match write!(words, "{}", date.format(format)) {
        Ok(()) => words,
        Err(_) => date.format(usual).to_string(),
    }
}

/// An age in at most four columns: `now`, `5m`, `3h`, `2d`, `3w`, `7mo`, `109y`, `2ky`. Empty without a date.
pub fn age(date: Option<DateTime<Utc>>, now: DateTime<Utc>) -> SafeText {
    let Some(date) = date else { return SafeText::default() };
    match split(date, now) {
        Some((count @ 1000.., unit, _)) => clean::plain_line(&format!("{}k{unit}", count / 1000)),
        Some((count, unit, _)) => clean::plain_line(&format!("{count}{unit}")),
        None => "now".into(),
    }
}

/// A day with its weekday, such as `Sun 10 May 2020`; today and yesterday are named.
pub fn day(settings: &Settings, day: NaiveDate, now: DateTime<Utc>) -> SafeText {
    let dates = &settings.dates;
    let date = formatted(&Date::day(day).to_local(dates.zone), &dates.date, "%-d %B %Y");
    let ago = (dates.zone.day(now) - day).num_days();
    let name = match ago {
        0 => " · today",
        1 => " · yesterday",
        _ => "",
    };
    clean::plain_line(&format!("{} {date}{name}", day.format("%a")))
}

/// A date in the list: `04:06` today, `10 May` this year, else `May 2020`; or as the setting `list` says. Below a line with the same
/// `day`, only the time, or nothing if there is none.
pub fn listed(settings: &Settings, date: Date, day: Option<NaiveDate>, now: DateTime<Utc>) -> SafeText {
    let DateSettings { time, zone, .. } = &settings.dates;
    let local = date.to_local(*zone);
    match &settings.list.date {
        ListDates::Age => age(Some(date.at(*zone)), now),
        ListDates::Format(format) => clean::plain_line(&formatted(&local, format, "%Y-%m-%d")),
        ListDates::Short => {
            let today = zone.day(now);
            // As in `date`, midnight counts as a date without a time.
            let short = match local.date_naive() {
                own if day == Some(own) && local.time() == NaiveTime::MIN => String::new(),
                own if day == Some(own) => formatted(&local, time, "%H:%M"),
                own if day.is_some_and(|day| day.year() != own.year()) => own.year().to_string(),
                _ if day.is_some() => local.format("%-d %b").to_string(),
                day if day == today && local.time() != NaiveTime::MIN => formatted(&local, time, "%H:%M"),
                day if day.year() == today.year() => local.format("%-d %b").to_string(),
                _ => local.format("%b %Y").to_string(),
            };
            clean::plain_line(&short)
        }
    }
}

/// Columns for the longest date of [`listed`]; longer ones are cut. `below_day`: all are below a line with a day.
pub fn listed_columns(settings: &Settings, below_day: bool) -> usize {
    /// Columns of `May 2020`.
    const MONTH: usize = 8;
    /// Columns of `10 May`.
    const DAY: usize = 6;
    /// A format may give longer dates than this, and would leave no column for anything else.
    const MOST: usize = 20;
    // The longest names of days and months in September, and two digits everywhere.
    let long = NaiveDate::from_ymd_opt(2020, 9, 30).and_then(|day| day.and_hms_opt(22, 58, 58)).unwrap_or_default();
    let long = Date::time(long).to_local(settings.dates.zone);
    let columns = |format: &str| text::width(&formatted(&long, format, ""));
    match &settings.list.date {
        ListDates::Age => 4,
        ListDates::Short => columns(&settings.dates.time).max(if below_day { DAY } else { MONTH }),
        ListDates::Format(format) => columns(format),
    }
    .min(MOST)
}

/// An age in words, such as `3 days ago`. A date in the future is `just now`.
pub fn age_in_words(date: DateTime<Utc>, now: DateTime<Utc>) -> SafeText {
    match split(date, now) {
        Some((1, _, word)) => clean::plain_line(&format!("1 {word} ago")),
        Some((count, _, word)) => clean::plain_line(&format!("{count} {word}s ago")),
        None => "just now".into(),
    }
}

/// The age in its largest unit: count, short form and word of the unit. `None` below a minute.
fn split(date: DateTime<Utc>, now: DateTime<Utc>) -> Option<(i64, &'static str, &'static str)> {
    let seconds = (now - date).num_seconds();
    let (length, unit, word) = UNITS.into_iter().find(|(length, ..)| seconds >= *length)?;
    Some((seconds / length, unit, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages() {
        let date = |text: &str| text.parse::<DateTime<Utc>>().expect("a date");
        let now = date("2026-11-23T12:00:00Z");
        for (then, short, words) in [
            ("2026-11-23T11:59:30Z", "now", "just now"),
            ("2027-11-23T11:59:30Z", "now", "just now"),
            ("2026-11-23T11:58:59Z", "1m", "1 minute ago"),
            ("2026-11-23T09:00:00Z", "3h", "3 hours ago"),
            ("2026-11-20T09:00:00Z", "3d", "3 days ago"),
            ("2026-11-01T09:00:00Z", "3w", "3 weeks ago"),
            ("2026-02-01T09:00:00Z", "9mo", "9 months ago"),
            ("1916-06-22T00:00:00Z", "110y", "110 years ago"),
            ("0001-01-01T00:00:00Z", "2ky", "2025 years ago"),
        ] {
            assert_eq!(age(Some(date(then)), now).as_str(), short, "{then}");
            assert_eq!(age_in_words(date(then), now).as_str(), words, "{then}");
        }
    }

    #[test]
    fn listed_dates_are_short() {
        let zone = |hours: i32| Zone::Fixed(FixedOffset::east_opt(hours * 3600).expect("an offset"));
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().expect("a time");
        let (short, time) = (ListDates::Short, "%H:%M");
        let iso = ListDates::Format("%Y-%m-%d".to_owned());
        for (list, time, zone, date, words, columns) in [
            (&short, time, Zone::Utc, "2026-11-23T04:06:00Z", "04:06", 8),
            (&short, "%-I:%M:%S %p", Zone::Utc, "2026-11-23T04:06:07Z", "4:06:07 AM", 11),
            (&short, time, zone(9), "2026-11-23T04:06:00Z", "13:06", 8),
            (&short, time, zone(9), "2026-11-22T15:06:00Z", "00:06", 8),
            (&short, time, Zone::Utc, "2026-11-22T15:06:00Z", "22 Nov", 8),
            (&short, time, Zone::Utc, "2026-11-23", "23 Nov", 8),
            (&short, time, Zone::Utc, "2026-05-10T04:06:00Z", "10 May", 8),
            (&short, time, Zone::Utc, "2020-05-10T04:06:00Z", "May 2020", 8),
            (&short, time, Zone::Utc, "2027-01-01T04:06:00Z", "Jan 2027", 8),
            (&short, time, zone(-1), "2027-01-01T00:06:00Z", "31 Dec", 8),
            (&ListDates::Age, time, Zone::Utc, "2026-11-20T12:00:00Z", "3d", 4),
            (&iso, time, zone(-5), "2021-02-18T01:00:00Z", "2021-02-17", 10),
        ] {
            let mut settings = Settings::in_utc();
            settings.list.date = list.clone();
            (settings.dates.time, settings.dates.zone) = (time.to_owned(), zone);
            let shown = listed(&settings, date.parse().expect("a date"), None, now);
            assert_eq!((shown.as_str(), listed_columns(&settings, false)), (words, columns), "{date}");
        }
    }

    #[test]
    fn a_date_below_the_line_of_its_day_is_a_time() {
        let settings = Settings::in_utc();
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().expect("a time");
        let line = NaiveDate::from_ymd_opt(2021, 2, 18);
        for (date, words) in [
            ("2021-02-18T04:06:00Z", "04:06"),
            ("2021-02-18", ""),
            ("2021-02-17", "17 Feb"),
            ("2021-12-31T04:06:00Z", "31 Dec"),
            ("2020-05-10T04:06:00Z", "2020"),
        ] {
            let shown = listed(&settings, date.parse().expect("a date"), line, now);
            assert_eq!(shown.as_str(), words);
            assert!(text::width(shown.as_str()) <= listed_columns(&settings, true));
        }
        for (at, name) in [("2021-02-18", " · today"), ("2021-02-19", " · yesterday"), ("2021-02-20", "")] {
            let now = format!("{at}T12:00:00Z").parse().expect("a time");
            let words = line.map(|line| day(&settings, line, now).to_string());
            assert_eq!(words, Some(format!("Thu 18 February 2021{name}")));
        }
    }

    fn dates(date: &str, time: &str, zone: Zone) -> DateSettings {
        DateSettings { date: date.to_owned(), time: time.to_owned(), zone }
    }

    #[test]
    fn dates_follow_the_settings() {
        let fixed = |hours: i32| Zone::Fixed(FixedOffset::east_opt(hours * 3600).expect("an offset"));
        for (dates, [afternoon, midnight, without_zone]) in [
            (
                dates("%-d %B %Y", "%H:%M", Zone::Utc),
                ["18 February 2021, 16:18 UTC", "18 February 2021", "18 February 2021, 16:18 UTC"],
            ),
            (
                dates("%Y-%m-%d", "%H:%M:%S", Zone::Utc),
                ["2021-02-18, 16:18:00 UTC", "2021-02-18", "2021-02-18, 16:18:00 UTC"],
            ),
            (
                dates("%Y-%m-%d", "%H:%M", fixed(9)),
                ["2021-02-19, 01:18 +09:00", "2021-02-18, 09:00 +09:00", "2021-02-18, 16:18 +09:00"],
            ),
            (
                dates("%d.%m.%y", "%-I:%M %p", fixed(-5)),
                ["18.02.21, 11:18 AM -05:00", "17.02.21, 7:00 PM -05:00", "18.02.21, 4:18 PM -05:00"],
            ),
            (
                dates("%#z", "%#z", Zone::Utc),
                ["18 February 2021, 16:18 UTC", "18 February 2021", "18 February 2021, 16:18 UTC"],
            ),
        ] {
            let date = |text: &str| super::date(&dates, text.parse().expect("a date")).to_string();
            assert_eq!(date("2021-02-18T16:18:00Z"), afternoon);
            assert_eq!(date("2021-02-18T00:00:00Z"), midnight);
            assert_eq!(date("2021-02-18 16:18"), without_zone);
            assert_eq!(date("2021-02-18"), date("2021-02-18 00:00"), "a day is that day in every zone");
        }
        let local = dates("%Y-%m-%d", "%H:%M", Zone::Local);
        assert_eq!(date(&local, "2021-02-18 16:18".parse().expect("a date")).as_str(), "2021-02-18, 16:18");
    }
}
