//! The setting `dates`: date formats and time zone.

use chrono::format::{Item, StrftimeItems};

use super::value_reader::{ConfigEntry, ValueReader};
use crate::dates::Zone;

/// The value of `dates`. Formats are those of `strftime` that the crate `chrono` knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateSettings {
    /// Format of dates.
    pub date: String,
    /// Format of times of day.
    pub time: String,
    /// The user's zone. It decides which day it is, in queries too, and what a time without a zone means.
    pub zone: Zone,
}

impl Default for DateSettings {
    fn default() -> DateSettings {
        DateSettings { date: "%-d %B %Y".to_owned(), time: "%H:%M".to_owned(), zone: Zone::Local }
    }
}

impl DateSettings {
    /// Reads the group `dates`. Values that are missing or invalid get their default.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> DateSettings {
        let inside = reader.fields(field.node, field.name, &["date", "time", "zone"]);
        let usual = DateSettings::default();
        // `chrono` cannot format an invalid item: `to_string` would panic.
        let is_format = |text: &str| !StrftimeItems::new(text).any(|item| item == Item::Error);
        let mut format = |name| {
            let known = |text: &str| is_format(text).then(|| text.to_owned());
            reader.parsed(inside.get(name)?, known, "write a strftime format such as %Y-%m-%d or %H:%M")
        };
        let (date, time) = (format("date"), format("time"));
        let zone = inside.get("zone");
        let zone =
            zone.and_then(|field| reader.parsed(field, Zone::parse, "write utc, local, or an offset such as +02:00"));
        DateSettings {
            date: date.unwrap_or(usual.date),
            time: time.unwrap_or(usual.time),
            zone: zone.unwrap_or(usual.zone),
        }
    }
}
