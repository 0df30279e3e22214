//! How the screen is laid out and written, as the settings say: rows, panes, dates, signs.

use std::fmt::Write;

use chrono::{DateTime, FixedOffset, NaiveTime};

use crate::config::{Dates, Density, Layout, Settings, Signs};
use crate::dates::{Date, Zone};
use crate::feed::{Shown, clean};

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
}

impl Default for Looks {
    /// As settings that say nothing, but for a reader in UTC wherever the machine is.
    fn default() -> Looks {
        Looks::new(&Settings::in_utc())
    }
}

impl Looks {
    /// What the settings say.
    pub fn new(settings: &Settings) -> Looks {
        let Settings { density, layout, dates, .. } = settings.clone();
        Looks { density, layout, signs: settings.signs(), dates }
    }

    /// Lines of a row of the list.
    pub fn row_lines(&self) -> u16 {
        self.density.row_lines()
    }

    /// The names of keys: without arrows where those are not drawn, for `v` is a key of its own.
    pub fn keys(&self, names: &str) -> String {
        if self.signs == Signs::Usual {
            return names.to_owned();
        }
        let arrows = [("←", "Left"), ("→", "Right"), ("↑", "Up"), ("↓", "Down")];
        arrows.into_iter().fold(names.to_owned(), |names, (arrow, word)| names.replace(arrow, word))
    }

    /// The zone of the reader.
    pub fn zone(&self) -> Zone {
        self.dates.zone
    }

    /// A date and time: `18 February 2021, 16:18 UTC`; midnight is a date without a time.
    pub fn date(&self, date: Date) -> Shown {
        let Dates { date: day, time, zone } = &self.dates;
        let sign = match zone {
            Zone::Utc => " UTC".to_owned(),
            Zone::Local => String::new(),
            Zone::Fixed(offset) => format!(" {offset}"),
        };
        let shown = date.shown_in(*zone);
        let day = written(day, "%-d %B %Y", &shown);
        if shown.time() == NaiveTime::MIN {
            return clean::decoded(&day);
        }
        clean::decoded(&format!("{day}, {}{sign}", written(time, "%H:%M", &shown)))
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
        Looks::new(&Settings { dates, ..Settings::default() })
    }

    #[test]
    fn dates_as_the_settings_say() {
        let fixed = |hours: i32| Zone::Fixed(FixedOffset::east_opt(hours * 3600).expect("an offset"));
        for (looks, [afternoon, midnight, without_zone]) in [
            (
                looks("%-d %B %Y", "%H:%M", Zone::Utc),
                ["18 February 2021, 16:18 UTC", "18 February 2021", "18 February 2021, 16:18 UTC"],
            ),
            (
                looks("%Y-%m-%d", "%H:%M:%S", Zone::Utc),
                ["2021-02-18, 16:18:00 UTC", "2021-02-18", "2021-02-18, 16:18:00 UTC"],
            ),
            (
                looks("%Y-%m-%d", "%H:%M", fixed(9)),
                ["2021-02-19, 01:18 +09:00", "2021-02-18, 09:00 +09:00", "2021-02-18, 16:18 +09:00"],
            ),
            (
                looks("%d.%m.%y", "%-I:%M %p", fixed(-5)),
                ["18.02.21, 11:18 AM -05:00", "17.02.21, 7:00 PM -05:00", "18.02.21, 4:18 PM -05:00"],
            ),
            (
                looks("%#z", "%#z", Zone::Utc),
                ["18 February 2021, 16:18 UTC", "18 February 2021", "18 February 2021, 16:18 UTC"],
            ),
        ] {
            let date = |text: &str| looks.date(text.parse().expect("a date")).to_string();
            assert_eq!(date("2021-02-18T16:18:00Z"), afternoon);
            assert_eq!(date("2021-02-18T00:00:00Z"), midnight);
            assert_eq!(date("2021-02-18 16:18"), without_zone);
            assert_eq!(date("2021-02-18"), date("2021-02-18 00:00"), "a day is that day in every zone");
        }
        let local = looks("%Y-%m-%d", "%H:%M", Zone::Local);
        assert_eq!(local.date("2021-02-18 16:18".parse().expect("a date")).as_str(), "2021-02-18, 16:18");
    }
}
