//! Dates and ages in few columns.

use chrono::{DateTime, Utc};

use crate::feed::{Shown, clean};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Units from large to small: seconds, short sign, English word. A month is a twelfth of a mean year.
const UNITS: [(i64, &str, &str); 6] = [
    (31_556_952, "y", "year"),
    (2_629_746, "mo", "month"),
    (7 * DAY, "w", "week"),
    (DAY, "d", "day"),
    (HOUR, "h", "hour"),
    (MINUTE, "m", "minute"),
];

/// An age in at most four columns: `now`, `5m`, `3h`, `2d`, `3w`, `7mo`, `109y`, `2ky`. Nothing for no date.
pub fn age(date: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Shown {
    let Some(date) = date else { return Shown::default() };
    match split(date, now) {
        Some((count @ 1000.., sign, _)) => clean::decoded(&format!("{}k{sign}", count / 1000)),
        Some((count, sign, _)) => clean::decoded(&format!("{count}{sign}")),
        None => "now".into(),
    }
}

/// The age of an article; of one without a date `+3d`, since when it has been here.
pub fn age_or_arrival(date: Option<DateTime<Utc>>, arrived: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Shown {
    match (date, arrived.and_then(|arrived| split(arrived, now))) {
        (None, Some((count, sign, _))) => clean::decoded(&format!("+{count}{sign}")),
        (date, _) => age(date, now),
    }
}

/// An age in words: `3 days ago`; a date to come is `today`.
pub fn age_in_words(date: DateTime<Utc>, now: DateTime<Utc>) -> Shown {
    match split(date, now) {
        Some((1, _, word)) => clean::decoded(&format!("1 {word} ago")),
        Some((count, _, word)) => clean::decoded(&format!("{count} {word}s ago")),
        None => "just now".into(),
    }
}

fn split(date: DateTime<Utc>, now: DateTime<Utc>) -> Option<(i64, &'static str, &'static str)> {
    let seconds = (now - date).num_seconds();
    let (length, sign, word) = UNITS.into_iter().find(|(length, ..)| seconds >= *length)?;
    Some((seconds / length, sign, word))
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
}
