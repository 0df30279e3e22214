//! Parses ISO 8601 dates (`2021-02-18`), which nearly all article files and dated file names use.
//!
//! The id of an article without a link depends on its date, so the formats accepted here must never change. All other
//! formats are in `formats`.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::date::Date;

/// Parses RFC 3339, `YYYY-MM-DD HH:MM[:SS] [±HHMM]` and `YYYY-MM-DD`, with months and days of one digit, too.
pub fn read(text: &str) -> Option<Date> {
    read_utc(text).map(Date::moment).or_else(|| read_variant(text))
}

/// A fast path for the most common format, `2021-02-18T16:18:00Z`.
fn read_utc(text: &str) -> Option<DateTime<Utc>> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    let is_spelt_so = signs.iter().all(|(at, sign)| bytes[*at] == *sign);
    let digit = |at: usize| char::from(bytes[at]).to_digit(10);
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let year = two(0)? * 100 + two(2)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, two(5)?, two(8)?).filter(|_| is_spelt_so)?;
    Some(date.and_hms_opt(two(11)?, two(14)?, two(17)?)?.and_utc())
}

fn read_variant(text: &str) -> Option<Date> {
    let text = text.trim();
    let date_end = text.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(text.len());
    let (date, rest) = text.split_at(date_end);
    let date = parse_day(date)?;
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest).trim_start();
    if rest.is_empty() {
        return Some(Date::day(date));
    }
    let time_end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(rest.len());
    let (time, zone) = rest.split_at(time_end);
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok())?;
    let time = NaiveDateTime::new(date, time);
    match zone.trim() {
        "" => Some(Date::time(time)),
        zone => Some(Date::moment(time.checked_sub_offset(parse_offset(zone)?)?.and_utc())),
    }
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let (month, day) = (parts.next()?, parts.next()?);
    if parts.next().is_some() || month.len() > 2 || day.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

fn parse_offset(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") || text == "UTC" || text == "GMT" {
        return FixedOffset::east_opt(0);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest.replace(':', "")),
        ("-", rest) => (-1, rest.replace(':', "")),
        _ => return None,
    };
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..).filter(|m| !m.is_empty()).map_or(Ok(0), str::parse).ok()?;
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)).filter(|_| minutes < 60)
}

/// The first `YYYY-MM-DD` in a name with its byte range. A date inside a longer number does not count.
pub fn find_in_name(name: &str) -> Option<(Date, std::ops::Range<usize>)> {
    find_date(name, b'-')
}

/// The first `YYYY/MM/DD` in a path or link.
pub fn find_in_path(path: &str) -> Option<Date> {
    find_date(path, b'/').map(|(date, _)| date)
}

fn find_date(text: &str, separator: u8) -> Option<(Date, std::ops::Range<usize>)> {
    let bytes = text.as_bytes();
    bytes.windows(10).enumerate().find_map(|(start, window)| {
        let shape = window.iter().enumerate().all(|(n, b)| match n {
            4 | 7 => *b == separator,
            _ => b.is_ascii_digit(),
        });
        let digit_at = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        if !shape || digit_at(start.checked_sub(1)) || digit_at(Some(start + 10)) {
            return None;
        }
        let date = text.get(start..start + 10)?.replace('/', "-");
        Some((read(&date)?, start..start + 10))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Zone;
    use super::*;

    proptest! {
        #[test]
        fn the_fast_path_agrees_with_the_general_parser(text in "[0-3][0-9]{3}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z|[0-9TZ:+-]{20}") {
            prop_assert_eq!(read(&text), read_variant(&text));
        }
    }

    #[test]
    fn all_variants_are_parsed() {
        for (text, expected) in [
            ("2021-02-18T16:18:00Z", Some("2021-02-18T16:18:00+00:00")),
            ("2021-02-18T16:18:00.25+02:00", Some("2021-02-18T14:18:00.250+00:00")),
            ("2021-02-18 16:18:00 -0500", Some("2021-02-18T21:18:00+00:00")),
            ("2021-02-18 16:18", Some("2021-02-18T16:18:00+00:00 by local time")),
            ("2021-02-18 3:04", Some("2021-02-18T03:04:00+00:00 by local time")),
            ("2021-02-18T16:18:00", Some("2021-02-18T16:18:00+00:00 by local time")),
            ("2021-02-18 16:18 +0100", Some("2021-02-18T15:18:00+00:00")),
            ("2021-02-18 16:18 GMT", Some("2021-02-18T16:18:00+00:00")),
            ("2021-02-18", Some("2021-02-18")),
            ("2021-02-18T", Some("2021-02-18")),
            ("2021-02-8", Some("2021-02-08")),
            (" 2021-2-8 ", Some("2021-02-08")),
            ("2021-02-30", None),
            ("2021-02", None),
            ("2021", None),
            ("18.02.2021", None),
            ("yesterday", None),
            ("2021-02-18T25:00:00Z", None),
            ("2021-02-18 16:18 nowhere", None),
            ("2021-02-18T16:18:00+ä", None),
            ("", None),
        ] {
            let written = read(text).map(|date| match (date.has_time(), date.has_zone()) {
                (true, true) => date.as_utc().to_rfc3339(),
                (true, false) => format!("{} by local time", date.as_utc().to_rfc3339()),
                _ => date.to_text(Zone::Utc),
            });
            assert_eq!(written.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_found_in_names_and_paths() {
        assert_eq!(find_in_name("2021-02-18-brains").map(|(_, range)| range), Some(0..10));
        assert_eq!(find_in_name("notes 2021-02-18").map(|(_, range)| range), Some(6..16));
        assert_eq!(find_in_name("12021-02-18"), None);
        assert_eq!(find_in_name("2021-13-18"), None);
        assert!(find_in_path("/blog/2021/02/18/brains/").is_some());
        assert!(find_in_name("дата-2021-02-18").is_some());
    }
}
