//! The setting `sync`: how often subscriptions are fetched while the reader runs, and what happens to a running sync at its end.

use chrono::TimeDelta;

use super::value_reader::{ConfigEntry, ValueReader};

/// The value of `sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncSettings {
    /// Time between two syncs in the background. `None`: none is started by itself.
    pub every: Option<TimeDelta>,
    /// What happens to a running sync when the user quits.
    pub on_quit: OnQuit,
}

/// What happens to a running sync when the user quits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnQuit {
    /// It goes on without the reader, and ends by itself.
    #[default]
    Finish,
    /// It is ended.
    Stop,
}

impl OnQuit {
    /// The values with their names in the settings.
    pub const WORDS: [(&str, OnQuit); 2] = [("finish", OnQuit::Finish), ("stop", OnQuit::Stop)];
}

/// The longest time between two syncs, in minutes: 30 days.
const MAX_MINUTES: i64 = 30 * 24 * 60;

impl Default for SyncSettings {
    fn default() -> SyncSettings {
        SyncSettings { every: Some(TimeDelta::minutes(30)), on_quit: OnQuit::Finish }
    }
}

impl SyncSettings {
    /// Reads the group `sync`. Values that are missing or invalid get their default.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> SyncSettings {
        let inside = reader.fields(field.node, field.name, &["every", "on quit"]);
        let usual = SyncSettings::default();
        let every = inside.get("every").and_then(|field| {
            reader.parsed(field, every_from_word, "write never, or a time from 1m to 30d, such as 30m or 2h")
        });
        let on_quit = inside.get("on quit").and_then(|field| reader.one_of(field, &OnQuit::WORDS));
        SyncSettings { every: every.unwrap_or(usual.every), on_quit: on_quit.unwrap_or(usual.on_quit) }
    }
}

/// Parses `never`, or a number of minutes, hours or days: `30m`, `2h`, `1d`.
fn every_from_word(word: &str) -> Option<Option<TimeDelta>> {
    let word = word.trim();
    if word == "never" {
        return Some(None);
    }
    let units = [("min", 1), ("m", 1), ("h", 60), ("d", 24 * 60)];
    let (number, minutes) = units.iter().find_map(|(unit, minutes)| Some((word.strip_suffix(unit)?, *minutes)))?;
    let minutes = i64::from(number.trim_end().parse::<u32>().ok()?).checked_mul(minutes)?;
    (1..=MAX_MINUTES).contains(&minutes).then(|| Some(TimeDelta::minutes(minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_between_syncs_have_a_unit_and_bounds() {
        let minutes = |minutes| Some(Some(TimeDelta::minutes(minutes)));
        for (word, every) in [
            ("30m", minutes(30)),
            ("45 min", minutes(45)),
            ("2h", minutes(120)),
            ("30d", minutes(MAX_MINUTES)),
            ("never", Some(None)),
            ("0m", None),
            ("31d", None),
            ("30", None),
            ("30s", None),
            ("-5m", None),
            ("4294967296m", None),
            ("4294967295d", None),
            ("m", None),
            ("", None),
        ] {
            assert_eq!(every_from_word(word), every, "{word:?}");
        }
    }
}
