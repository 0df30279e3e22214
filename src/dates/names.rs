//! English names of months, weekdays and time zones, as dates use them.

use chrono::FixedOffset;

/// Names of the months, in lower case.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Names of the weekdays, in lower case.
pub(super) const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The position of a name in a list, by the whole name or its first three letters.
pub(super) fn position_of_name(names: &[&str], word: &str) -> Option<usize> {
    names.iter().position(|name| *name == word || name.get(..3) == Some(word))
}

/// Names of zones with their offset from UTC in minutes: those of RFC 822, then names with one common meaning.
///
/// Left out: ambiguous names, such as `IST` (India, Ireland, Israel), and military letters except `Z`. RFC 822 gave those the
/// wrong sign (RFC 1123, 5.2.14), so their meaning is unpredictable (RFC 5322, 4.3).
const ZONES: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("nst", -210),
    ("ndt", -150),
    ("adt", -180),
    ("brt", -180),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("met", 60),
    ("mest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("sast", 120),
    ("hkt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
];

/// The offset of a zone by its name in lower case.
pub(super) fn zone_by_name(word: &str) -> Option<FixedOffset> {
    let (_, minutes) = ZONES.iter().find(|(name, _)| *name == word)?;
    FixedOffset::east_opt(minutes * 60)
}
