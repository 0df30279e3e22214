//! How often a channel changes, in its own words: `ttl`, `skipHours` and `skipDays` of RSS 2.0, and the RSS module "syndication",
//! which is also used in RDF and Atom.

use chrono::Weekday;
use serde::{Deserialize, Serialize};

/// Longest time in minutes that is a hint: a year.
const MAX_MINUTES: u32 = 525_600;
/// Lengths of `sy:updatePeriod` in minutes.
const PERIODS: [(&str, u32); 5] =
    [("hourly", 60), ("daily", DAILY), ("weekly", 7 * DAILY), ("monthly", 30 * DAILY), ("yearly", MAX_MINUTES)];
/// Without `sy:updatePeriod`, the module means this one.
const DAILY: u32 = 1_440;

/// How often a channel changes, in its own words. Many channels get it wrong; what is nonsense is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateHints {
    /// For how many minutes a document may be kept (`ttl`), 1 to 525,600.
    pub ttl_minutes: Option<u32>,
    /// Minutes between two changes, 1 to 525,600: `sy:updatePeriod` divided by `sy:updateFrequency`.
    pub period_minutes: Option<u32>,
    /// Hours of the day in UTC, from 0 to 23, in which it is not to be fetched (`skipHours`). At least one is false.
    pub skip_hours: [bool; 24],
    /// Days of the week in UTC, from Monday, on which it is not to be fetched (`skipDays`). At least one is false.
    pub skip_days: [bool; 7],
}

/// An element that tells one of the hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    Ttl,
    Period,
    Frequency,
    SkippedHour,
    SkippedDay,
}

/// The hints of a document while it is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct HintsDraft {
    hints: UpdateHints,
    /// The text of `sy:updatePeriod`.
    period: Option<String>,
    frequency: Option<u32>,
}

impl HintsDraft {
    /// Reads the text of an element. Of several, the last that makes sense counts.
    pub fn set(&mut self, hint: Hint, text: &str) {
        let text = text.trim();
        match hint {
            Hint::Ttl => {
                let minutes = number(text).filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
                self.hints.ttl_minutes = minutes.or(self.hints.ttl_minutes);
            }
            Hint::Period => self.period = Some(text.to_ascii_lowercase()),
            Hint::Frequency => self.frequency = number(text).filter(|times| *times > 0).or(self.frequency),
            Hint::SkippedHour => {
                // RSS 0.91 counts from 1 to 24, RSS 2.0 from 0 to 23.
                let hour = number(text).filter(|hour| *hour <= 24).map(|hour| hour as usize % 24);
                let skipped = hour.and_then(|hour| self.hints.skip_hours.get_mut(hour));
                skipped.into_iter().for_each(|skipped| *skipped = true);
            }
            Hint::SkippedDay => {
                let day = text.parse().ok().map(|day: Weekday| day.num_days_from_monday() as usize);
                let skipped = day.and_then(|day| self.hints.skip_days.get_mut(day));
                skipped.into_iter().for_each(|skipped| *skipped = true);
            }
        }
    }

    /// What was read.
    pub fn finish(self) -> UpdateHints {
        let HintsDraft { mut hints, period, frequency } = self;
        let period = match &period {
            Some(word) => PERIODS.iter().find(|(known, _)| known == word).map(|(_, minutes)| *minutes),
            None => frequency.map(|_| DAILY),
        };
        hints.period_minutes = period.map(|minutes| minutes.div_ceil(frequency.unwrap_or(1)));
        if hints.skip_hours.iter().all(|skipped| *skipped) {
            hints.skip_hours = Default::default();
        }
        if hints.skip_days.iter().all(|skipped| *skipped) {
            hints.skip_days = Default::default();
        }
        hints
    }
}

/// A whole number without a sign at the start of a text, such as `60`, `60.0` or `60 minutes`.
fn number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    let is_end = rest.chars().next().is_none_or(|c| c == '.' || c.is_whitespace());
    digits.parse().ok().filter(|_| is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(elements: &[(Hint, &str)]) -> UpdateHints {
        let mut draft = HintsDraft::default();
        elements.iter().for_each(|(hint, text)| draft.set(*hint, text));
        draft.finish()
    }

    #[test]
    fn the_time_to_live_is_a_number_of_minutes() {
        for (text, minutes) in [
            ("60", Some(60)),
            (" 60\n", Some(60)),
            ("60.0", Some(60)),
            ("60 minutes", Some(60)),
            ("1", Some(1)),
            ("525600", Some(525_600)),
            ("525601", None),
            ("0", None),
            ("-60", None),
            ("+60", None),
            ("", None),
            ("hourly", None),
            ("1e3", None),
            ("60min", None),
            ("99999999999999999999999", None),
            ("٦٠", None),
        ] {
            assert_eq!(read(&[(Hint::Ttl, text)]).ttl_minutes, minutes, "{text:?}");
        }
        assert_eq!(read(&[(Hint::Ttl, "5"), (Hint::Ttl, "x")]).ttl_minutes, Some(5));
    }

    #[test]
    fn a_period_is_divided_by_its_frequency() {
        let minutes = |period: &str, frequency: &str| {
            let elements = [(Hint::Period, period), (Hint::Frequency, frequency)];
            read(&elements).period_minutes
        };
        for (period, frequency, expected) in [
            ("hourly", "1", Some(60)),
            (" Daily ", "2", Some(720)),
            ("weekly", "", Some(10_080)),
            ("monthly", "0", Some(43_200)),
            ("yearly", "-1", Some(525_600)),
            ("hourly", "4294967295", Some(1)),
            ("hourly", "4294967296", Some(60)),
            ("hourly", "7", Some(9)),
            ("fortnightly", "1", None),
            ("", "1", None),
        ] {
            assert_eq!(minutes(period, frequency), expected, "{period} {frequency}");
        }
        assert_eq!(read(&[(Hint::Frequency, "3")]).period_minutes, Some(480));
        assert_eq!(read(&[(Hint::Period, "daily")]).period_minutes, Some(1_440));
    }

    #[test]
    fn hours_and_days_are_skipped_unless_all_are() {
        let hours = |texts: &[&str]| -> Vec<usize> {
            let elements: Vec<(Hint, &str)> = texts.iter().map(|text| (Hint::SkippedHour, *text)).collect();
            read(&elements).skip_hours.iter().enumerate().filter(|(_, skipped)| **skipped).map(|(at, _)| at).collect()
        };
        assert_eq!(hours(&["1", " 23 ", "24", "07"]), [0, 1, 7, 23]);
        assert_eq!(hours(&["25", "-1", "", "noon", "999999999999"]), [0; 0]);
        let all: Vec<String> = (0..24).map(|hour| hour.to_string()).collect();
        assert_eq!(hours(&all.iter().map(String::as_str).collect::<Vec<&str>>()), [0; 0]);

        let days = |texts: &[&str]| {
            let elements: Vec<(Hint, &str)> = texts.iter().map(|text| (Hint::SkippedDay, *text)).collect();
            read(&elements).skip_days
        };
        assert_eq!(days(&["Monday", "sun", " SATURDAY"]), [true, false, false, false, false, true, true]);
        assert_eq!(days(&["Someday", "", "1"]), [false; 7]);
        let week = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        assert_eq!(days(&week), [false; 7]);
    }
}
