//! How the screen is laid out and written, as the settings say: rows, panes, dates, signs.

use std::fmt::Write;

use chrono::{DateTime, FixedOffset, Utc};

use crate::config::{self, Dates, Density, Layout, Signs, Zone};
use crate::feed::{Shown, clean};

const DAY: i64 = 24 * 60 * 60;

/// Says how far the clock of this machine is from universal time, at a time.
pub type LocalTime = fn(DateTime<Utc>) -> FixedOffset;

/// How the screen is laid out and written.
#[derive(Clone, Debug)]
pub struct Looks {
    /// How much room a row of the list has.
    pub density: Density,
    /// From how many columns panes stand beside and above each other.
    pub layout: Layout,
    /// Which signs are drawn.
    pub signs: Signs,
    dates: Dates,
    local: LocalTime,
}

impl Default for Looks {
    fn default() -> Looks {
        Looks::new(&config::Looks::default(), |date| *date.fixed_offset().offset())
    }
}

impl Looks {
    /// What the settings say. `local` knows the zone of this machine.
    pub fn new(settings: &config::Looks, local: LocalTime) -> Looks {
        let config::Looks { density, layout, dates, signs } = settings.clone();
        Looks { density, layout, signs, dates, local }
    }

    /// Lines of a row of the list.
    pub fn row_lines(&self) -> u16 {
        match self.density {
            Density::Compact => 1,
            Density::Comfortable => 2,
        }
    }

    /// The names of keys: without arrows where those are not drawn, for `v` is a key of its own.
    pub fn keys(&self, names: &str) -> String {
        if self.signs == Signs::Usual {
            return names.to_owned();
        }
        let arrows = [("←", "Left"), ("→", "Right"), ("↑", "Up"), ("↓", "Down")];
        arrows.into_iter().fold(names.to_owned(), |names, (arrow, word)| names.replace(arrow, word))
    }

    /// A date and time: `18 February 2021, 16:18 UTC`; midnight is a date without a time, and the same day everywhere.
    pub fn date(&self, date: DateTime<Utc>) -> Shown {
        let Dates { date: day, time, zone } = &self.dates;
        let (offset, sign) = match zone {
            Zone::Utc => (None, " UTC".to_owned()),
            Zone::Local => (Some((self.local)(date)), String::new()),
            Zone::Fixed(offset) => (Some(*offset), format!(" {offset}")),
        };
        if date.timestamp() % DAY == 0 {
            return clean::decoded(&written(day, "%-d %B %Y", &date.fixed_offset()));
        }
        let date = offset.map_or(date.fixed_offset(), |offset| date.with_timezone(&offset));
        let (day, time) = (written(day, "%-d %B %Y", &date), written(time, "%H:%M", &date));
        clean::decoded(&format!("{day}, {time}{sign}"))
    }
}

/// A date in a format; in the usual one when it is one to read dates with, not to write them.
fn written(format: &str, usual: &str, date: &DateTime<FixedOffset>) -> String {
    let mut words = String::new();
    match write!(words, "{}", date.format(format)) {
        Ok(()) => words,
        Err(_) => date.format(usual).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(date: &str, time: &str, zone: Zone) -> Looks {
        let dates = Dates { date: date.to_owned(), time: time.to_owned(), zone };
        let settings = config::Looks { dates, ..config::Looks::default() };
        Looks::new(&settings, |_| FixedOffset::west_opt(5 * 3600).expect("an offset"))
    }

    #[test]
    fn dates_as_the_settings_say() {
        let east = Zone::Fixed(FixedOffset::east_opt(9 * 3600).expect("an offset"));
        let usual = Looks::default();
        for (looks, afternoon, midnight) in [
            (usual, "18 February 2021, 16:18 UTC", "18 February 2021"),
            (looks("%Y-%m-%d", "%H:%M:%S", Zone::Utc), "2021-02-18, 16:18:00 UTC", "2021-02-18"),
            (looks("%Y-%m-%d", "%H:%M", east), "2021-02-19, 01:18 +09:00", "2021-02-18"),
            (looks("%d.%m.%y", "%-I:%M %p", Zone::Local), "18.02.21, 11:18 AM", "18.02.21"),
            (looks("%#z", "%#z", Zone::Utc), "18 February 2021, 16:18 UTC", "18 February 2021"),
        ] {
            let date = |text: &str| looks.date(text.parse().expect("a date")).to_string();
            assert_eq!(date("2021-02-18T16:18:00Z"), afternoon);
            assert_eq!(date("2021-02-18T00:00:00Z"), midnight);
        }
    }
}
