//! The durations of a query, such as `1h20m` and `90s`: parsing and printing.

use std::fmt;

/// Units, each larger than the next, and their seconds.
const UNITS: [(&[&str], i64); 3] = [
    (&["h", "hour", "hours"], 3_600),
    (&["m", "min", "minute", "minutes"], 60),
    (&["s", "sec", "second", "seconds"], 1),
];

/// The first and the last second of a duration. A number alone is minutes. A duration without seconds is all of its last minute, as a
/// day is all of its hours.
pub fn seconds(text: &str) -> Option<(i64, i64)> {
    if let Ok(minutes) = text.parse::<u32>() {
        let first = i64::from(minutes) * 60;
        return Some((first, first + 59));
    }
    let (mut rest, mut sum, mut units) = (text, 0_i64, UNITS.iter());
    let mut has_seconds = false;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (unit, after) = after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
        // Each unit once, and the larger first.
        let (_, each) = units.by_ref().find(|(names, _)| names.iter().any(|name| unit.eq_ignore_ascii_case(name)))?;
        sum = sum.checked_add(i64::from(number.parse::<u32>().ok()?) * each)?;
        has_seconds = *each == 1;
        rest = after;
    }
    (!text.is_empty()).then_some((sum, if has_seconds { sum } else { sum.checked_add(59)? }))
}

/// Prints a range so that it parses to itself.
pub fn print(f: &mut fmt::Formatter<'_>, from: Option<i64>, to: Option<i64>) -> fmt::Result {
    match (from, to) {
        (Some(from), Some(to)) if from % 60 == 0 && to == from.saturating_add(59) => {
            write!(f, "{}", in_units(from, false))
        }
        (Some(from), Some(to)) if from == to => write!(f, "{}", in_units(from, true)),
        _ => {
            let from = from.map(|from| in_units(from, from % 60 != 0)).unwrap_or_default();
            // The last second of a minute ends a range that was written without seconds.
            let to = to.map(|to| if to % 60 == 59 { in_units(to - 59, false) } else { in_units(to, true) });
            write!(f, "{from}..{}", to.unwrap_or_default())
        }
    }
}

/// A duration as `1h20m`, with seconds if they are wanted.
fn in_units(seconds: i64, has_seconds: bool) -> String {
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let mut text = String::new();
    if hours > 0 {
        text.push_str(&format!("{hours}h"));
    }
    if minutes > 0 || hours == 0 && !has_seconds {
        text.push_str(&format!("{minutes}m"));
    }
    if has_seconds {
        text.push_str(&format!("{}s", seconds % 60));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::Query;

    #[test]
    fn durations_are_read_and_printed() {
        for (text, printed) in [
            ("30m", "30m"),
            ("45", "45m"),
            ("1h20m", "1h20m"),
            ("1H20Min", "1h20m"),
            ("80m", "1h20m"),
            ("1h", "1h"),
            ("90s", "1m30s"),
            ("60s", "1m0s"),
            ("0", "0m"),
            (">=30m", "30m.."),
            (">30m", "31m.."),
            (">90s", "1m31s.."),
            ("<=30m", "..30m"),
            ("<30m", "..29m"),
            ("<=90s", "..1m30s"),
            ("<=119s", "..1m"),
            ("=2hours", "2h"),
            ("10m..1h", "10m..1h"),
            ("10..20", "10m..20m"),
            ("90s..", "1m30s.."),
            ("4294967295h", "4294967295h"),
        ] {
            let query = Query::parse(&format!("duration:{text}")).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(query.to_string(), format!("duration:{printed}"), "{text}");
            assert_eq!(Query::parse(&query.to_string()).map(|again| again.root), Ok(query.root), "{text}");
        }
        for wrong in ["", "x", "m", "30x", "1m2h", "1m2m", "-5m", "1.5h", "..", "2h..1h", "99999999999m", "1h20", "<0"]
        {
            let parsed = Query::parse(&format!("duration:{wrong}"));
            assert!(parsed.is_err(), "{wrong}: {parsed:?}");
        }
    }
}
