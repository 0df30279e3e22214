//! Times that servers name in headers: until when to wait, and how long an answer is fresh.

use chrono::{DateTime, TimeDelta, Utc};

use crate::dates;
use crate::net::Answer;

/// The least and the longest time for which a server can ask to wait.
const WAITS: [TimeDelta; 2] = [TimeDelta::minutes(1), TimeDelta::hours(24)];

/// How long to wait by `Retry-After`, a number of seconds or a date: at least 1 minute, at most 24 hours. `None` if it is missing or
/// neither.
pub fn retry_after(answer: &Answer, now: DateTime<Utc>) -> Option<TimeDelta> {
    let [least, longest] = WAITS;
    let value = answer.retry_after.as_deref()?.trim();
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let wait = if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        match value.parse::<i64>() {
            Ok(seconds) => TimeDelta::try_seconds(seconds).unwrap_or(longest),
            // Too many digits.
            Err(_) if value.starts_with('-') => least,
            Err(_) => longest,
        }
    } else {
        // By the clock of the server, which may be wrong in the same way.
        date(Some(value))?.signed_duration_since(date(answer.date.as_deref()).unwrap_or(now))
    };
    Some(wait.clamp(least, longest))
}

/// For how long the answer is fresh by `Cache-Control: max-age`, else by `Expires`. `None` if it is not, or the headers say nothing.
///
/// `Expires: 0` means that it is old already. It does not concern the validators, which are stored all the same.
pub fn freshness(answer: &Answer) -> Option<TimeDelta> {
    let max_age = answer.cache_control.as_deref().and_then(max_age);
    let fresh = max_age.or_else(|| {
        let (expires, date) = (date(answer.expires.as_deref())?, date(answer.date.as_deref())?);
        Some(expires.signed_duration_since(date))
    })?;
    Some(fresh).filter(|fresh| *fresh > TimeDelta::zero())
}

fn max_age(cache_control: &str) -> Option<TimeDelta> {
    let value = cache_control.split(',').find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.trim().eq_ignore_ascii_case("max-age").then_some(value)
    })?;
    let digits = value.trim().trim_matches('"');
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let [_, longest] = WAITS;
    Some(digits.parse().ok().and_then(TimeDelta::try_seconds).unwrap_or(longest))
}

fn date(value: Option<&str>) -> Option<DateTime<Utc>> {
    // A day alone is no time, and a number would be read as a year.
    dates::read(value?.trim().as_bytes()).ok().filter(|date| date.has_time()).map(dates::Date::as_utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-30T12:00:00Z".parse().expect("a time")
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_from_a_minute_to_a_day() {
        let day = 24 * 3600;
        for (value, date, seconds) in [
            ("120", None, Some(120)),
            (" 120 ", None, Some(120)),
            ("+120", None, Some(120)),
            ("0", None, Some(60)),
            ("-1", None, Some(60)),
            ("-99999999999999999999", None, Some(60)),
            ("99999999999999999999", None, Some(day)),
            ("9223372036854775807", None, Some(day)),
            ("86401", None, Some(day)),
            ("Mon, 30 Nov 2026 12:10:00 GMT", None, Some(600)),
            ("Mon, 30 Nov 2026 11:00:00 GMT", None, Some(60)),
            ("Fri, 30 Nov 2040 12:00:00 GMT", None, Some(day)),
            ("Mon, 30 Nov 2026 15:10:00 GMT", Some("Mon, 30 Nov 2026 15:00:00 GMT"), Some(600)),
            ("soon", None, None),
            ("", None, None),
            ("1.5", None, None),
        ] {
            let (retry_after, date) = (Some(value.to_owned()), date.map(str::to_owned));
            let answer = Answer { retry_after, date, ..Answer::default() };
            assert_eq!(super::retry_after(&answer, now()).map(|wait| wait.num_seconds()), seconds, "{value}");
        }
    }

    #[test]
    fn an_answer_is_fresh_for_its_max_age_else_until_it_expires() {
        let date = "Mon, 30 Nov 2026 12:00:00 GMT";
        for (cache_control, expires, seconds) in [
            (Some("max-age=7200"), None, Some(7200)),
            (Some("public, Max-Age = \"60\", x=1"), None, Some(60)),
            (Some("s-maxage=60"), None, None),
            (Some("max-age=-1"), None, None),
            (Some("max-age=99999999999999999999"), None, Some(24 * 3600)),
            (Some("max-age=0"), Some("Mon, 30 Nov 2026 13:00:00 GMT"), None),
            (Some("no-cache"), Some("Mon, 30 Nov 2026 13:00:00 GMT"), Some(3600)),
            (None, Some("Mon, 30 Nov 2026 11:00:00 GMT"), None),
            (None, Some("0"), None),
            (None, Some("-1"), None),
            (None, None, None),
        ] {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let answer = Answer {
                cache_control: own(cache_control),
                expires: own(expires),
                date: own(Some(date)),
                ..Answer::default()
            };
            let fresh = freshness(&answer).map(|fresh| fresh.num_seconds());
            assert_eq!(fresh, seconds, "{cache_control:?} {expires:?}");
        }
    }
}
