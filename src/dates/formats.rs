//! Parses dates in all common formats, provided that they have only one meaning.
//!
//! The year must have four digits, except in the order of RFC 822. A numeric date must have the year first, or a day above 12, or
//! equal day and month. Names of months, weekdays and zones are English.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use super::date::Date;
use super::iso;
use super::names::{DAYS, MONTHS, in_english, position_of_name, zone_by_name};

/// Longer texts, in bytes, are not dates.
const MAX_BYTES: usize = 128;

/// Why a text was not accepted as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Day and month could be exchanged, as in `01/02/2024`, or the century is missing.
    #[error("the date is ambiguous; write it as 2021-02-18")]
    Ambiguous,
    /// It is in no known format.
    #[error("not a date; write it as 2021-02-18")]
    NotADate,
}

/// Parses a date. A month alone, such as `2022-07`, means its first day.
///
/// ```text
/// 2022-07-08T15:30:00Z   2022-07-08 15:30 +0200    2022-07-08   20220708T153000Z   2022/07/08 3:30 PM   2022-07   07/2022
/// Fri, 08 Jul 2022 15:30:00 EDT   Fri Jul  8 15:30:00 UTC 2022   July 8th, 2022 at 3:30 p.m.   8 July 2022   July 2022
/// 20220708   202207081530   1657294200 (seconds since 1970)   1657294200000 (milliseconds)   [[2022-07-08]]   31.12.2022
/// ```
pub fn read(bytes: &[u8]) -> Result<Date, DateError> {
    let text = std::str::from_utf8(bytes).map_err(|_| DateError::NotADate)?;
    if let Some(date) = rfc_822(text).or_else(|| iso::read(text)) {
        return Ok(date);
    }
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return Err(DateError::NotADate);
    }
    match text.strip_prefix("[[").and_then(|text| text.strip_suffix("]]")) {
        Some(note) => read_note_link(note),
        None => read_written(text),
    }
}

/// Parses a date whose months and weekdays may have names of other languages of Europe, as channels write them: see [`read`].
pub fn read_of_any_language(bytes: &[u8]) -> Result<Date, DateError> {
    let date = read(bytes);
    let text =
        std::str::from_utf8(bytes).ok().filter(|text| text.len() <= MAX_BYTES && date == Err(DateError::NotADate));
    text.and_then(in_english).map_or(date, |text| read(text.as_bytes()))
}

/// Parses the form that RFC 822 and HTTP give dates, `Thu, 18 Feb 2021 16:18:00 +0000`, which nearly all channels of RSS use. It
/// finds nothing that [`read_written`] would not, but takes a tenth of the time.
fn rfc_822(text: &str) -> Option<Date> {
    const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ").filter(|(weekday, _)| WEEKDAYS.contains(weekday))?;
    let (date, zone) = rest.split_at_checked(20)?;
    let signs = [(2, b' '), (6, b' '), (11, b' '), (14, b':'), (17, b':')];
    if !date.is_ascii() || signs.iter().any(|(at, sign)| date.as_bytes().get(*at) != Some(sign)) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| date.get(range).and_then(number);
    let month = MONTHS.iter().position(|month| Some(*month) == date.get(3..6))?;
    let day = NaiveDate::from_ymd_opt(part(7..11)? as i32, month as u32 + 1, part(0..2)?)?;
    let time = time_of_day(part(12..14)?, part(15..17)?, part(18..20)?, 0)?;
    let offset = match (zone.get(..2)?, zone.get(2..)?) {
        (" G", "MT") => 0,
        (sign @ (" +" | " -"), digits) if digits.len() == 4 => {
            let minutes = digits.get(2..).and_then(number).filter(|minutes| *minutes < 60)?;
            let seconds = (digits.get(..2).and_then(number)? * 3600 + minutes * 60) as i32;
            if sign == " -" { -seconds } else { seconds }
        }
        _ => return None,
    };
    let utc = NaiveDateTime::new(day, time).checked_sub_offset(FixedOffset::east_opt(offset)?)?;
    Some(Date::moment(utc.and_utc()))
}

impl std::str::FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        read(text.as_bytes())
    }
}

/// Parses a date from the inside of an Obsidian link to a note: `Daily/2022-07-08#Morning|that Friday`.
fn read_note_link(note: &str) -> Result<Date, DateError> {
    let name = note.split(['|', '#']).next().unwrap_or_default().trim();
    let name = name.strip_suffix(".md").unwrap_or(name);
    let last = name.rsplit('/').next().unwrap_or_default();
    read_written(name).or_else(|why| if last == name { Err(why) } else { read_written(last) })
}

/// Parses a date in any format except a note link.
fn read_written(text: &str) -> Result<Date, DateError> {
    if let Some(date) = iso::read(text).or_else(|| read_digits(text)) {
        return Ok(date);
    }
    let tokens = tokens(text).ok_or(DateError::NotADate)?;
    let mut parts = DateParser { tokens: &tokens, ..DateParser::default() };
    parts.read()?;
    parts.date()
}

/// Parses a date that is only digits: `YYYYMMDD…`, or seconds or milliseconds since 1970. Seconds may have a fraction.
fn read_digits(text: &str) -> Option<Date> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || ![whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let written = compact(whole).filter(|_| !text.contains('.'));
    let since_1970 = match whole.len() {
        // `2022070815` may be a day with an hour, or seconds since 1970 (a moment in 2034): accept neither.
        9 | 10 if compact_day_with_hour(whole).is_none() => {
            Some((whole.parse().ok()?, nanoseconds(fraction)?)).filter(|_| !text.ends_with('.'))
        }
        13 if fraction.is_empty() => {
            let milliseconds: i64 = whole.parse().ok()?;
            Some((milliseconds / 1000, (milliseconds % 1000) as u32 * 1_000_000)).filter(|_| !text.contains('.'))
        }
        _ => None,
    };
    written.or_else(|| DateTime::from_timestamp(since_1970?.0, since_1970?.1).map(Date::moment))
}

/// Parses `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS` for the years 1900 to 2099.
fn compact(digits: &str) -> Option<Date> {
    let day = compact_day(digits)?;
    match digits.get(8..)? {
        "" => Some(Date::day(day)),
        time if time.len() >= 4 => Some(Date::time(day.and_time(compact_time(time)?))),
        _ => None,
    }
}

fn compact_day_with_hour(digits: &str) -> Option<NaiveDate> {
    compact_day(digits).filter(|_| digits.get(8..).and_then(number).is_some_and(|hour| hour < 24))
}

fn compact_day(digits: &str) -> Option<NaiveDate> {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(number);
    let year = part(0..4).filter(|year| (1900..2100).contains(year))?;
    NaiveDate::from_ymd_opt(year as i32, part(4..6)?, part(6..8)?)
}

/// Parses `HH`, `HHMM` or `HHMMSS`.
fn compact_time(digits: &str) -> Option<NaiveTime> {
    let part = |at: usize| if at < digits.len() { digits.get(at..at + 2).and_then(number) } else { Some(0) };
    time_of_day(part(0)?, part(2)?, part(4)?, 0).filter(|_| digits.len() <= 6)
}

/// A time of day; a leap second becomes the last nanosecond before it.
fn time_of_day(hour: u32, minute: u32, second: u32, nanos: u32) -> Option<NaiveTime> {
    let (second, nanos) = if second == 60 { (59, 999_999_999) } else { (second, nanos) };
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)
}

/// Parses ASCII digits; unlike `str::parse`, it does not accept a sign.
fn number(digits: &str) -> Option<u32> {
    Some(digits)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok())
}

/// Nanoseconds from the digits after a decimal point; digits beyond the ninth are ignored.
fn nanoseconds(digits: &str) -> Option<u32> {
    let digits: String = digits.chars().chain("000000000".chars()).take(9).collect();
    number(&digits)
}

/// A token of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    /// A run of ASCII digits.
    Number(&'a str),
    /// A run of ASCII letters.
    Word(&'a str),
    /// One other ASCII character.
    Sign(u8),
    /// A run of white space, or a comment in round brackets.
    Blank,
}

/// Splits a text into tokens; `None` if it contains any other character, or a comment that is not closed.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = |is_one: fn(char) -> bool| rest.find(|c| !is_one(c)).unwrap_or(rest.len());
        let (token, size) = match first {
            '0'..='9' => (Token::Number(&rest[..end(|c| c.is_ascii_digit())]), end(|c| c.is_ascii_digit())),
            'a'..='z' | 'A'..='Z' => {
                let size = end(|c| c.is_ascii_alphabetic());
                (Token::Word(&rest[..size]), size)
            }
            // RFC 5322 allows comments in a date. Mail programs write the zone's name into one: `+0200 (CEST)`.
            '(' => (Token::Blank, rest.find(')')? + 1),
            c if c.is_whitespace() => (Token::Blank, end(char::is_whitespace)),
            // The typographic minus sign, U+2212.
            '−' => (Token::Sign(b'-'), first.len_utf8()),
            c if c.is_ascii() => (Token::Sign(c as u8), 1),
            _ => return None,
        };
        tokens.push(token);
        rest = &rest[size..];
    }
    Some(tokens)
}

/// The parts of a date found so far, and the tokens left.
#[derive(Default)]
struct DateParser<'a> {
    tokens: &'a [Token<'a>],
    /// The day of a numeric date.
    day: Option<NaiveDate>,
    /// True if `day` is a placeholder for a month without a day.
    is_month: bool,
    /// The month of a named month, 1 to 12, and how many of `numbers` came before it.
    month: Option<(u32, usize)>,
    /// Day and year beside a named month, in the order in which they were found.
    numbers: [Option<&'a str>; 2],
    time: Option<NaiveTime>,
    zone: Option<FixedOffset>,
}

impl<'a> DateParser<'a> {
    fn read(&mut self) -> Result<(), DateError> {
        while let Some(token) = self.tokens.first() {
            match *token {
                Token::Blank | Token::Sign(b',') => self.skip(1),
                Token::Number(digits) => self.number(digits)?,
                Token::Word(word) => self.word(word).ok_or(DateError::NotADate)?,
                Token::Sign(b'+' | b'-') if self.time.is_some() && self.zone.is_none() => {
                    self.zone = Some(self.offset().ok_or(DateError::NotADate)?);
                    self.skip_name_of_offset();
                }
                // RFC 9557 puts the name of the zone in brackets after the offset; the offset decides.
                Token::Sign(b'[') if self.zone.is_some() => {
                    let end = self.tokens.iter().position(|token| *token == Token::Sign(b']'));
                    self.skip(end.ok_or(DateError::NotADate)? + 1);
                }
                Token::Sign(b'-' | b'.' | b'/') if self.month.is_some() || self.has_numbers() => self.skip(1),
                Token::Sign(b'-') if self.day.is_some() => self.skip(1),
                Token::Sign(_) => return Err(DateError::NotADate),
            }
        }
        Ok(())
    }

    fn skip(&mut self, count: usize) {
        self.tokens = self.tokens.get(count..).unwrap_or_default();
    }

    fn has_numbers(&self) -> bool {
        self.numbers[0].is_some()
    }

    fn number(&mut self, digits: &'a str) -> Result<(), DateError> {
        // A time comes before a day or a year, since `8:30` and `8 p.m.` begin with a number of up to two digits, too.
        if let Some((time, size)) = clock_time(self.tokens) {
            if self.time.replace(time).is_some() {
                return Err(DateError::NotADate);
            }
            self.skip(size);
            return Ok(());
        }
        let is_first = self.day.is_none() && self.month.is_none() && !self.has_numbers();
        if is_first && let Some((day, size)) = day_in_numbers(self.tokens)? {
            (self.day, self.is_month) = (Some(day), size == 3);
            self.skip(size);
            return Ok(());
        }
        if self.day.is_some() {
            return Err(DateError::NotADate);
        }
        let slot = self.numbers.iter_mut().find(|slot| slot.is_none()).ok_or(DateError::NotADate)?;
        *slot = Some(digits);
        self.skip(1);
        let ordinals = ["st", "nd", "rd", "th"];
        if let Some(Token::Word(word)) = self.tokens.first()
            && ordinals.iter().any(|ordinal| word.eq_ignore_ascii_case(ordinal))
        {
            self.skip(1);
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let word = word.to_ascii_lowercase();
        self.skip(1);
        if word == "t" && self.day.is_some() && self.time.is_none() {
            // `20220708T1530`. A time with colons is parsed elsewhere.
            if clock_time(self.tokens).is_none() {
                let Some(Token::Number(digits)) = self.tokens.first() else { return None };
                self.time = Some(compact_time(digits)?);
                self.skip(1);
            }
            return Some(());
        }
        if self.time.is_some()
            && self.zone.is_none()
            && let Some(zone) = zone_by_name(&word)
        {
            self.zone = Some(zone);
            // JavaScript writes `GMT+0200`.
            if ["utc", "gmt"].contains(&word.as_str())
                && let Some(Token::Sign(b'+' | b'-')) = self.tokens.first()
            {
                self.zone = Some(self.offset()?);
            }
            return Some(());
        }
        if let Some(month) = position_of_name(&MONTHS, &word).or((word == "sept").then_some(8)) {
            let before = self.numbers.iter().flatten().count();
            let is_other = self.day.is_none() && self.month.replace((month as u32 + 1, before)).is_none();
            return is_other.then_some(());
        }
        let is_day =
            position_of_name(&DAYS, &word).is_some() || ["tues", "thur", "thurs", "at", "of", "on"].contains(&&*word);
        if is_day && self.tokens.first() == Some(&Token::Sign(b'.')) {
            self.skip(1);
        }
        is_day.then_some(())
    }

    /// Parses an offset: `+0200`, `-05:00` or `+2`.
    fn offset(&mut self) -> Option<FixedOffset> {
        let sign = if self.tokens.first()? == &Token::Sign(b'-') { -1 } else { 1 };
        let Some(Token::Number(digits)) = self.tokens.get(1) else { return None };
        let (hours, minutes, size) = match (digits.len(), self.tokens.get(2), self.tokens.get(3)) {
            (1 | 2, Some(Token::Sign(b':')), Some(Token::Number(minutes))) if minutes.len() == 2 => {
                (*digits, *minutes, 4)
            }
            (1 | 2, ..) => (*digits, "0", 2),
            (4, ..) => (digits.get(..2)?, digits.get(2..)?, 2),
            _ => return None,
        };
        self.skip(size);
        let (hours, minutes) = (number(hours)? as i32, number(minutes).filter(|minutes| *minutes < 60)? as i32);
        FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
    }

    /// Skips the name of a zone after its offset, as Go writes it (`+0530 IST`): the offset decides.
    fn skip_name_of_offset(&mut self) {
        if let [Token::Blank, Token::Word(name), ..] = self.tokens
            && (2..=5).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_uppercase())
            && [&MONTHS[..], &DAYS[..]]
                .iter()
                .all(|names| position_of_name(names, &name.to_ascii_lowercase()).is_none())
        {
            self.skip(2);
        }
    }

    fn date(self) -> Result<Date, DateError> {
        let (day, is_month) = match (self.day, self.month) {
            (Some(day), None) => (day, self.is_month),
            (None, Some(_)) => self.day_of_named_month()?,
            _ => return Err(DateError::NotADate),
        };
        let date = match (self.time, self.zone) {
            (None, None) => return Ok(Date::day(day)),
            (Some(time), _) if !is_month => NaiveDateTime::new(day, time),
            _ => return Err(DateError::NotADate),
        };
        match self.zone {
            Some(zone) => {
                date.checked_sub_offset(zone).map(|utc| Date::moment(utc.and_utc())).ok_or(DateError::NotADate)
            }
            None => Ok(Date::time(date)),
        }
    }

    /// The day of a date with a named month, and whether it is a placeholder for a month without a day.
    fn day_of_named_month(&self) -> Result<(NaiveDate, bool), DateError> {
        let (month, before) = self.month.ok_or(DateError::NotADate)?;
        let (day, year) = match self.numbers {
            [Some(year), None] if year.len() == 4 => (None, number(year)),
            [Some(year), Some(day)] if year.len() == 4 && day.len() <= 2 => (Some(day), number(year)),
            [Some(day), Some(year)] if year.len() == 4 && day.len() <= 2 => (Some(day), number(year)),
            // RFC 822 and RFC 850 allow two digits for the year: `Tue, 02 Jan 24 03:04:05 EST`. Their order, and a time, leave
            // only one meaning. The century follows RFC 5322, 4.3.
            [Some(day), Some(year)] if year.len() == 2 && day.len() <= 2 => match (before, self.time) {
                (1, Some(_)) => (Some(day), number(year).map(|year| if year < 50 { 2000 + year } else { 1900 + year })),
                _ => return Err(DateError::Ambiguous),
            },
            _ => return Err(DateError::NotADate),
        };
        let year = i32::try_from(year.ok_or(DateError::NotADate)?).map_err(|_| DateError::NotADate)?;
        let number = day.map_or(Some(1), number).ok_or(DateError::NotADate)?;
        let date = NaiveDate::from_ymd_opt(year, month, number).ok_or(DateError::NotADate)?;
        Ok((date, day.is_none()))
    }
}

/// Parses a numeric date at the start: numbers with the same sign between them, or eight digits. Returns the day and the
/// number of tokens used; `None` if the tokens do not have this form.
fn day_in_numbers(tokens: &[Token]) -> Result<Option<(NaiveDate, usize)>, DateError> {
    let sign = match tokens {
        [Token::Number(digits), ..] if digits.len() == 8 => {
            return Ok(compact_day(digits).map(|day| (day, 1)));
        }
        [Token::Number(_), Token::Sign(sign @ (b'-' | b'/' | b'.')), Token::Number(_), ..] => *sign,
        _ => return Ok(None),
    };
    let of = |year: &str, month: &str, day: &str| {
        let date = NaiveDate::from_ymd_opt(number(year)? as i32, number(month)?, number(day)?);
        date.filter(|_| year.len() == 4 && month.len() <= 2 && day.len() <= 2)
    };
    let (date, size) = match tokens {
        [Token::Number(a), _, Token::Number(b), Token::Sign(second), Token::Number(c), ..] if *second == sign => {
            let date = match (a.len(), c.len()) {
                (4, _) => of(a, b, c),
                (_, 4) => match (of(c, a, b), of(c, b, a)) {
                    (Some(one), Some(other)) if one != other => return Err(DateError::Ambiguous),
                    (one, other) => one.or(other),
                },
                (1 | 2, 1 | 2) => return Err(DateError::Ambiguous),
                _ => None,
            };
            (date, 5)
        }
        [Token::Number(a), _, Token::Number(b), ..] if a.len() == 4 => (of(a, b, "1"), 3),
        [Token::Number(a), _, Token::Number(b), ..] if b.len() == 4 => (of(b, a, "1"), 3),
        _ => return Ok(None),
    };
    date.map(|date| Some((date, size))).ok_or(DateError::NotADate)
}

/// Parses a time at the start: `15:30`, `15:30:00.25`, `3:30 PM` or `3 p.m.`. Returns the time and the number of tokens used.
fn clock_time(tokens: &[Token]) -> Option<(NaiveTime, usize)> {
    let two = |token: Option<&Token>| match token {
        Some(Token::Number(digits)) if digits.len() <= 2 => number(digits),
        _ => None,
    };
    let is_sign = |at: usize, signs: &[u8]| matches!(tokens.get(at), Some(Token::Sign(sign)) if signs.contains(sign));
    let (mut hour, mut minute, mut second, mut nanos, mut size) = (two(tokens.first())?, 0, 0, 0, 1);
    let has_minutes = is_sign(1, b":");
    if has_minutes {
        (minute, size) = (two(tokens.get(2))?, 3);
        if is_sign(3, b":") {
            (second, size) = (two(tokens.get(4))?, 5);
            if is_sign(5, b".,")
                && let Some(Token::Number(digits)) = tokens.get(6)
            {
                (nanos, size) = (nanoseconds(digits)?, 7);
            }
        }
    }
    match am_or_pm(tokens.get(size..)?) {
        Some((is_afternoon, more)) => {
            // 12 AM is midnight, and 12 PM is noon.
            hour = Some(hour).filter(|hour| (1..=12).contains(hour))? % 12 + if is_afternoon { 12 } else { 0 };
            size += more;
        }
        None if !has_minutes => return None,
        None => {}
    }
    Some((time_of_day(hour, minute, second, nanos)?, size))
}

/// Parses `AM`, `PM`, `a.m.` or `p.m.` at the start: true for PM. Returns the number of tokens used, too.
fn am_or_pm(tokens: &[Token]) -> Option<(bool, usize)> {
    let blank = usize::from(tokens.first() == Some(&Token::Blank));
    let (word, size) = match tokens.get(blank..)? {
        [Token::Word(half), Token::Sign(b'.'), Token::Word(m), Token::Sign(b'.'), ..]
            if m.eq_ignore_ascii_case("m") =>
        {
            (*half, 4)
        }
        [Token::Word(word), ..] => (word.strip_suffix(['m', 'M'])?, 1),
        _ => return None,
    };
    match word {
        "a" | "A" => Some((false, blank + size)),
        "p" | "P" => Some((true, blank + size)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Zone;
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_form_of_rfc_822_is_read_like_any_other(
            text in "(Mon|Thu|Sun|Foo), [0-3][0-9] (Jan|Feb|Sep|Dec|xxx) (19|20)[0-9]{2} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] (GMT|EST|[+-][012][0-9][0-6][0-9])"
        ) {
            if let Some(date) = rfc_822(&text) {
                proptest::prop_assert_eq!(Ok(date), read_written(&text));
            }
        }
    }

    #[test]
    fn dates_of_rss_have_the_form_of_rfc_822() {
        for text in
            ["Thu, 18 Feb 2021 16:18:00 +0000", "Mon, 01 Jan 2024 00:00:00 GMT", "Sun, 31 Dec 2023 23:59:60 -0530"]
        {
            assert_eq!(rfc_822(text), read_written(text).ok(), "{text}");
            assert!(rfc_822(text).is_some(), "{text}");
        }
        for text in ["", "Thu, ", "Thu, 18 Feb 2021", "Thu, 18 Feb 2021 16:18:00 ", "Thu, 18 Feb 2021 16:18:00 é"] {
            assert_eq!(rfc_822(text), None, "{text}");
        }
    }

    /// The parsed date as text: with `Z` if it has a zone, without for a local time.
    fn written(text: &str) -> Result<String, DateError> {
        let date = read(text.as_bytes())?;
        let written = date.to_text(Zone::Utc);
        Ok(if date.has_zone() { written } else { written.trim_end_matches('Z').to_owned() })
    }

    #[test]
    fn unambiguous_dates_are_parsed() {
        for (text, expected) in [
            // RFC 822, 850 and 2822, with the deviations of real feeds.
            ("Fri, 08 Jul 2022 15:30:00 GMT", "2022-07-08T15:30:00Z"),
            ("Fri, 08 Jul 2022 15:30:00 EDT", "2022-07-08T19:30:00Z"),
            ("Fri, 08 Jul 2022 15:30:00 PST", "2022-07-08T23:30:00Z"),
            ("Fri, 8 Jul 2022 15:30:00 +0200", "2022-07-08T13:30:00Z"),
            ("Fri, 08 Jul 2022 15:30:00 -0330", "2022-07-08T19:00:00Z"),
            ("Fri, 08 Jul 2022 15:30:00 +02:00", "2022-07-08T13:30:00Z"),
            ("Fri, 08 Jul 2022 15:30 CEST", "2022-07-08T13:30:00Z"),
            ("Fri,08 Jul 2022 15:30:00 Z", "2022-07-08T15:30:00Z"),
            ("08 Jul 2022 15:30:00 UT", "2022-07-08T15:30:00Z"),
            ("Fri, 08 Jul 2022 15:30:00", "2022-07-08T15:30:00"),
            ("Friday, 08 July 2022 15:30:00 +0000 (UTC)", "2022-07-08T15:30:00Z"),
            ("Mon, 08 Jul 2022 15:30:00 GMT", "2022-07-08T15:30:00Z"),
            ("Fri, 08 Jul 22 15:30:00 GMT", "2022-07-08T15:30:00Z"),
            ("Thursday, 08-Jul-99 15:30:00 GMT", "1999-07-08T15:30:00Z"),
            ("Thu, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59.999999999Z"),
            // C, the shell, browsers.
            ("Fri Jul  8 15:30:00 2022", "2022-07-08T15:30:00"),
            ("Fri Jul  8 15:30:00 UTC 2022", "2022-07-08T15:30:00Z"),
            ("Fri Jul 08 2022 15:30:00 GMT+0200 (Central European Summer Time)", "2022-07-08T13:30:00Z"),
            ("Fri Jul 08 2022", "2022-07-08"),
            ("2022-07-08 15:30:00.25 +0530 IST", "2022-07-08T10:00:00.250Z"),
            ("15:30:00 +0200 JUL 8 2022", "2022-07-08T13:30:00Z"),
            ("Fri Jul 8 15:30:00 2022 +0200", "2022-07-08T13:30:00Z"),
            ("July 8, 2022, 3:30:00\u{202f}PM", "2022-07-08T15:30:00"),
            ("2022-07-08T15:30:00+02:00[Europe/Berlin]", "2022-07-08T13:30:00Z"),
            ("2022-07-08T15:30:00Z[UTC]", "2022-07-08T15:30:00Z"),
            ("2022-07-08T15:30:00,25Z", "2022-07-08T15:30:00.250Z"),
            ("2022-07-08 15:30:00 UTC", "2022-07-08T15:30:00Z"),
            ("2022-07-08 15:30:00 UTC+3", "2022-07-08T12:30:00Z"),
            ("2022-07-08 15:30:00.123456789+0530", "2022-07-08T10:00:00.123456789Z"),
            ("2022-07-08 15:30 −0500", "2022-07-08T20:30:00Z"),
            ("2022-07-08 15:30 CET", "2022-07-08T14:30:00Z"),
            // Names of months in any order.
            ("8 July 2022", "2022-07-08"),
            ("8. July 2022", "2022-07-08"),
            ("8th of July, 2022", "2022-07-08"),
            ("1st Sept. 2022", "2022-09-01"),
            ("08-Jul-2022", "2022-07-08"),
            ("08/Jul/2022", "2022-07-08"),
            ("Jul 08 2022", "2022-07-08"),
            ("JULY 8, 2022", "2022-07-08"),
            ("July 22nd, 2022", "2022-07-22"),
            ("Fri., Jul. 8, 2022", "2022-07-08"),
            ("2022 July 8", "2022-07-08"),
            ("2022-Jul-08", "2022-07-08"),
            ("July 8, 2022 at 3:30 PM", "2022-07-08T15:30:00"),
            ("3:30pm on 8 July 2022", "2022-07-08T15:30:00"),
            ("Jul 8, 2022, 15:30:00 PDT", "2022-07-08T22:30:00Z"),
            ("July 2022", "2022-07-01"),
            ("2022 Sep", "2022-09-01"),
            // Numbers.
            ("2022/07/08", "2022-07-08"),
            ("2022/7/8", "2022-07-08"),
            ("2022.07.08", "2022-07-08"),
            ("2022/07/08 15:30", "2022-07-08T15:30:00"),
            ("2022/07/08 15:30:00 +0200", "2022-07-08T13:30:00Z"),
            ("2022-07", "2022-07-01"),
            ("2022/07", "2022-07-01"),
            ("07/2022", "2022-07-01"),
            ("31/12/2022", "2022-12-31"),
            ("12/31/2022 11:59 PM", "2022-12-31T23:59:00"),
            ("31.12.2022", "2022-12-31"),
            ("05-05-2022", "2022-05-05"),
            ("20220708", "2022-07-08"),
            ("202207081530", "2022-07-08T15:30:00"),
            ("20220708153059", "2022-07-08T15:30:59"),
            ("20220708T1530", "2022-07-08T15:30:00"),
            ("20220708T153000Z", "2022-07-08T15:30:00Z"),
            ("20220708T15:30+02", "2022-07-08T13:30:00Z"),
            ("2022-07-08T1530", "2022-07-08T15:30:00"),
            ("20220708 15:30", "2022-07-08T15:30:00"),
            // Seconds and milliseconds since 1970.
            ("1657294200", "2022-07-08T15:30:00Z"),
            ("1657294200.25", "2022-07-08T15:30:00.250Z"),
            ("1657294200123", "2022-07-08T15:30:00.123Z"),
            ("946684800", "2000-01-01T00:00:00Z"),
            // The 12-hour clock.
            ("2022-07-08 03:30:15 PM", "2022-07-08T15:30:15"),
            ("2022-07-08 3:30pm", "2022-07-08T15:30:00"),
            ("2022-07-08 12:30 AM", "2022-07-08T00:30:00"),
            ("2022-07-08 12:30 p.m.", "2022-07-08T12:30:00"),
            ("2022-07-08 3 PM", "2022-07-08T15:00:00"),
            ("2022-07-08 3:30 PM EST", "2022-07-08T20:30:00Z"),
            // Notes.
            ("[[2022-07-08]]", "2022-07-08"),
            ("[[Daily/2022-07-08#Morning|that Friday]]", "2022-07-08"),
            ("[[2022/07/08.md]]", "2022-07-08"),
            ("[[July 8, 2022]]", "2022-07-08"),
            (" [[20220708]] ", "2022-07-08"),
        ] {
            assert_eq!(written(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn ambiguous_dates_are_refused() {
        for text in [
            "01/02/2024",
            "02.01.2024",
            "1-2-2024",
            "01/02/2024 15:30",
            "01/02/03",
            "22-07-08",
            "8 July 22",
            "Jul 08 22",
        ] {
            assert_eq!(read(text.as_bytes()), Err(DateError::Ambiguous), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_dates() {
        for text in [
            "",
            "2022",
            "July",
            "July 8",
            "8",
            "yesterday",
            "2022-13",
            "2022/13/01",
            "2022-02-30",
            "32/12/2022",
            "30 February 2022",
            "8 Juli 2022",
            "8 July 2022 2023",
            "8 July August 2022",
            "July 2022 15:30",
            "2022-07 15:30",
            "2022-07-08 25:30",
            "2022-07-08 15:30 PM",
            "2022-07-08 0:30 AM",
            "2022-07-08 15:30 15:30",
            "2022-07-08 15:30 IST",
            "2022-07-08 15:30 A",
            "2022-07-08 15:30 GMT PST",
            "2022-07-08 15:30 +0200 +0300",
            "2022-07-08 15:30 nowhere",
            "2022-07-08 15:30 Europe/Berlin",
            "2022-07-08T15:30:00[Europe/Berlin]",
            "2022-07-08T15:30:00+99:00",
            "2022-07-08T15:30:00+02:60",
            "2022-07-08 UTC",
            "2022070815",
            "202213081530",
            "20221308",
            "99999999",
            "123456",
            "12345678901",
            "1657294200.",
            "-1657294200",
            "1.657e9",
            "٢٠٢٢-٠٧-٠٨",
            "2022-07-08 ä",
            "2022-07-08 (",
            "8 July 2022, or so",
            "[[ ]]",
            "[[Friday]]",
            "15:30",
        ] {
            assert_eq!(read(text.as_bytes()), Err(DateError::NotADate), "{text}");
        }
        let long = format!("{}8 July 2022", " 8".repeat(100));
        assert_eq!(read(long.as_bytes()), Err(DateError::NotADate));
        assert_eq!(read(b"8 July 2022\xff"), Err(DateError::NotADate));
    }

    proptest! {
        #[test]
        fn no_bytes_cause_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_mixture_of_date_parts_causes_a_panic(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "2022", "07", "8", "99", "0000", "20220708", "1657294200", "9999999999999", "-", "/", ".", ":", ",", "+",
                    " ", "T", "Z", "PM", "a.m.", "July", "Fri", "th", "EST", "GMT", "at", "[", "]", "[[", "]]", "(", ")", "ä", "−",
                ]),
                0..14,
            )
        ) {
            let text = pieces.concat();
            if let Ok(date) = read(text.as_bytes()) {
                let _ = (date.at(Zone::Local), date.to_text(Zone::Utc));
            }
        }

        #[test]
        fn a_day_is_the_same_in_every_format(days in 0i64..60_000) {
            let day = NaiveDate::from_ymd_opt(1930, 1, 1).expect("a day") + chrono::TimeDelta::days(days);
            for form in ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%B %-d, %Y", "%A, %d-%b-%Y", "%Y %b %d", "[[%Y-%m-%d]]"] {
                let text = day.format(form).to_string();
                prop_assert_eq!(read(text.as_bytes()), Ok(Date::day(day)), "{}", text);
            }
        }

        #[test]
        fn a_moment_is_the_same_in_every_format(seconds in 1_000_000_000i64..4_000_000_000) {
            let moment = DateTime::from_timestamp(seconds, 0).expect("a moment");
            for form in [
                "%a, %d %b %Y %H:%M:%S GMT", "%a, %d %b %Y %H:%M:%S +0000", "%Y%m%dT%H%M%SZ", "%c UTC", "%B %d, %Y %I:%M:%S %p UTC",
                "%Y/%m/%d %T Z",
            ] {
                let text = moment.format(form).to_string();
                prop_assert_eq!(read(text.as_bytes()), Ok(Date::moment(moment)), "{}", text);
            }
        }
    }

    #[test]
    fn names_may_be_of_other_languages() {
        for (text, expected) in [
            ("Mo, 01 Jan 2024 10:00:00 +0100", "2024-01-01T09:00:00Z"),
            ("lun., 01 janv. 2024 10:00:00 +0100", "2024-01-01T09:00:00Z"),
            ("mer, 16 nov 2022 00:38:15 +0100", "2022-11-15T23:38:15Z"),
            ("mar., 16 janv. 2024 10:00:00 +0000", "2024-01-16T10:00:00Z"),
            ("mar, 05 mar 2024 10:00:00 GMT", "2024-03-05T10:00:00Z"),
            ("Mar. 5, 2024", "2024-03-05"),
            ("1 de enero de 2024", "2024-01-01"),
            ("24. Dezember 2023", "2023-12-24"),
            ("Sonntag, 3. März 2024", "2024-03-03"),
            ("15 août 2023", "2023-08-15"),
            ("пн, 01 янв 2024 10:00:00 +0300", "2024-01-01T07:00:00Z"),
        ] {
            assert_eq!(read_of_any_language(text.as_bytes()), expected.parse(), "{text}");
        }
        for text in ["März April 2024", "Edited, 1 January 2024", "1 foo 2024", "01/02/2024 mai", ""] {
            assert!(read_of_any_language(text.as_bytes()).is_err(), "{text}");
        }
    }
}
