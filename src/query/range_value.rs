//! Parses the numbers, durations and dates of a query, which can be ranges or have a comparison sign.

use super::date_bound::{self, DateBound};
use super::duration::seconds;
use super::term::Value;

/// Why a number, a duration or a date was rejected; the parser adds the position.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RangeError(String);

/// Parses a number or a range of numbers.
pub fn number(comparison: Option<&str>, word: &str) -> Result<Value, RangeError> {
    let number = |text: &str| text.parse::<i64>().map_err(|_| ());
    let bound = |text: &str| if text.is_empty() { Ok(None) } else { number(text).map(Some) };
    let value = match (comparison, word.split_once("..")) {
        // `..` alone has no bound and is reported as a wrong number.
        (None, Some((from, to))) if word != ".." => {
            bound(from).and_then(|from| bound(to).map(|to| Value::Number(from, to)))
        }
        (comparison, _) => number(word).map(|n| match comparison {
            None | Some("=") => Value::Number(Some(n), Some(n)),
            Some(">=") => Value::Number(Some(n), None),
            // At the largest number this stays `>=`; no article has such a number.
            Some(">") => Value::Number(Some(n.saturating_add(1)), None),
            Some("<=") => Value::Number(None, Some(n)),
            Some(_) => Value::Number(None, Some(n.saturating_sub(1))),
        }),
    };
    match value {
        Ok(Value::Number(Some(from), Some(to))) if from > to => {
            Err(RangeError(format!("{from} is more than {to}: write {to}..{from}")))
        }
        Ok(value) => Ok(value),
        Err(()) => Err(RangeError(format!("{}: write 60, >=60 or 40..80", missing_or_wrong("number", word)))),
    }
}

/// Parses a duration or a range of durations.
pub fn duration(comparison: Option<&str>, word: &str) -> Result<Value, RangeError> {
    let bound = |text: &str| if text.is_empty() { Some(None) } else { seconds(text).map(Some) };
    let value = match (comparison, word.split_once("..")) {
        (None, Some((from, to))) if word != ".." => bound(from)
            .zip(bound(to))
            .map(|(from, to)| Value::Seconds(from.map(|(first, _)| first), to.map(|(_, last)| last))),
        (comparison, _) => seconds(word).map(|(first, last)| match comparison {
            None | Some("=") => Value::Seconds(Some(first), Some(last)),
            Some(">=") => Value::Seconds(Some(first), None),
            Some(">") => Value::Seconds(Some(last.saturating_add(1)), None),
            Some("<=") => Value::Seconds(None, Some(last)),
            Some(_) => Value::Seconds(None, Some(first.saturating_sub(1))),
        }),
    };
    match value {
        Some(Value::Seconds(Some(from), Some(to))) if from > to => {
            Err(RangeError("the range ends before it starts".to_owned()))
        }
        Some(Value::Seconds(None, Some(..0))) => Err(RangeError("nothing is shorter than 0m".to_owned())),
        Some(value) => Ok(value),
        None => Err(RangeError(format!("{}: write 30m, >=1h20m or 10m..1h", missing_or_wrong("duration", word)))),
    }
}

/// Parses a date, a range of dates, or a time ago. A bare time ago is an open range: "since then".
pub fn date(comparison: Option<&str>, word: &str) -> Result<Value, RangeError> {
    let value = match (comparison, word.split_once("..")) {
        (None, Some((from, to))) => {
            let from =
                if from.is_empty() { Some(DateBound::Open) } else { date_bound::parse(from).map(|(from, _)| from) };
            let to = if to.is_empty() { Some(DateBound::Open) } else { date_bound::parse(to).map(|(_, to)| to) };
            from.zip(to).map(|(from, to)| Value::Dates(from, to))
        }
        (comparison, _) => date_bound::parse(word).map(|(from, to)| match comparison {
            Some(">=") => Value::Dates(from, DateBound::Open),
            Some(">") => Value::Dates(to, DateBound::Open),
            Some("<=") => Value::Dates(DateBound::Open, to),
            Some("<") => Value::Dates(DateBound::Open, from),
            _ if matches!(from, DateBound::Ago(..)) => Value::Dates(from, DateBound::Open),
            _ => Value::Dates(from, to),
        }),
    };
    match value {
        // Only calendar days: relative bounds cannot be compared before the time is known.
        Some(Value::Dates(DateBound::Day(from), DateBound::Day(to))) if from >= to => {
            Err(RangeError("the range ends before it starts".to_owned()))
        }
        Some(value) => Ok(value),
        None => {
            let hint = "write 2021-02-18, 2021-02, 2021-02..2021-03, today or 2w";
            Err(RangeError(format!("{}: {hint}", missing_or_wrong("date", word))))
        }
    }
}

fn missing_or_wrong(what: &str, word: &str) -> String {
    if word.is_empty() { format!("a {what} is missing") } else { format!("`{word}` is not a {what}") }
}
