//! How dates are written, and the zone of the reader.

use chrono::format::{Item, StrftimeItems};

use super::value_reader::{ConfigEntry, ValueReader};
use crate::dates::Zone;

/// How dates are written: formats of `strftime` as the crate `chrono` knows them, and the zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateSettings {
    /// The format of the day.
    pub date: String,
    /// The format of the time of the day.
    pub time: String,
    /// The zone of the reader: decides which day it is, also for queries, and what a time without a zone means.
    pub zone: Zone,
}

impl Default for DateSettings {
    fn default() -> DateSettings {
        DateSettings { date: "%-d %B %Y".to_owned(), time: "%H:%M".to_owned(), zone: Zone::Local }
    }
}

impl DateSettings {
    /// Reads the group `dates`.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> DateSettings {
        let inside = reader.fields(field.node, field.name, &["date", "time", "zone"]);
        let usual = DateSettings::default();
        let is_format = |text: &str| !StrftimeItems::new(text).any(|item| item == Item::Error);
        let mut format = |name| {
            let known = |text: &str| is_format(text).then(|| text.to_owned());
            reader.parsed(inside.get(name)?, known, "write it as for strftime: %Y-%m-%d, %H:%M")
        };
        let (date, time) = (format("date"), format("time"));
        let zone = inside.get("zone");
        let zone = zone.and_then(|field| reader.parsed(field, Zone::parse, "write utc, local, or as in +02:00"));
        DateSettings {
            date: date.unwrap_or(usual.date),
            time: time.unwrap_or(usual.time),
            zone: zone.unwrap_or(usual.zone),
        }
    }
}
