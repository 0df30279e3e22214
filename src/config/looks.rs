//! How the screen looks: how much stands in a row, where the panes stand, how dates are written.

use chrono::format::{Item, StrftimeItems};

use super::reading::{Fields, Reader};
use crate::dates::Zone;

/// What may be written for a zone.
const ZONES: &str = "write utc, local, or as in +02:00";

/// How the screen looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// How much room a row of the list has.
    pub density: Density,
    /// Where the panes stand.
    pub layout: Layout,
    /// How dates are written.
    pub dates: Dates,
    /// Which signs are drawn.
    pub signs: Signs,
}

/// Which signs are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signs {
    /// Lines, arrows and stars, as most terminals have them.
    #[default]
    Usual,
    /// ASCII alone, save the letters of articles.
    Ascii,
    /// The same without lines around panes and without movement, for screen readers.
    Plain,
}

/// How much room a row of the list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// One line.
    #[default]
    Compact,
    /// Two lines: long titles are wrapped.
    Comfortable,
}

/// Where the panes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The share of the list, in percent; none: what is usual.
    pub list: Option<u16>,
    /// From so many columns the list stands beside the article.
    pub wide: u16,
    /// From so many columns the list stands above the article; on fewer one pane is shown.
    pub medium: u16,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout { list: None, wide: 120, medium: 80 }
    }
}

/// How dates are written: as `strftime` would, in the manner of the crate `chrono`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dates {
    /// The day.
    pub date: String,
    /// The time of the day.
    pub time: String,
    /// The zone of the reader: which day it is, also for queries, and what a time without a zone means.
    pub zone: Zone,
}

impl Default for Dates {
    fn default() -> Dates {
        Dates { date: "%-d %B %Y".to_owned(), time: "%H:%M".to_owned(), zone: Zone::Local }
    }
}

impl Looks {
    /// Reads them from the settings.
    pub fn read(reader: &mut Reader, fields: &Fields) -> Looks {
        let words = [("compact", Density::Compact), ("comfortable", Density::Comfortable)];
        Looks {
            density: reader.one_of(fields, "density", &words).unwrap_or_default(),
            layout: fields.get("layout").map(|_| layout(reader, fields)).unwrap_or_default(),
            dates: fields.get("dates").map(|_| dates(reader, fields)).unwrap_or_default(),
            signs: signs(reader, fields),
        }
    }
}

fn signs(reader: &mut Reader, fields: &Fields) -> Signs {
    let (ascii, plain) = (reader.flag(fields, "ascii"), reader.flag(fields, "plain"));
    match (ascii, plain) {
        (_, Some(true)) => Signs::Plain,
        (Some(true), _) => Signs::Ascii,
        _ => Signs::Usual,
    }
}

fn layout(reader: &mut Reader, fields: &Fields) -> Layout {
    let Some(node) = fields.get("layout") else { return Layout::default() };
    let inside = reader.fields(node, "layout", &["list", "wide", "medium"]);
    let usual = Layout::default();
    let mut layout = Layout {
        list: reader.number(&inside, "list", 20..=80),
        wide: reader.number(&inside, "wide", 60..=1000).unwrap_or(usual.wide),
        medium: reader.number(&inside, "medium", 40..=1000).unwrap_or(usual.medium),
    };
    if layout.medium > layout.wide {
        let what = format!("`medium: {}` is more than `wide: {}`", layout.medium, layout.wide);
        let given = inside.get("medium").or(inside.get("wide"));
        reader.tell(given.unwrap_or(node), &what, "the list would never stand above the article");
        layout.medium = layout.wide;
    }
    layout
}

fn dates(reader: &mut Reader, fields: &Fields) -> Dates {
    let Some(node) = fields.get("dates") else { return Dates::default() };
    let inside = reader.fields(node, "dates", &["date", "time", "zone"]);
    let usual = Dates::default();
    let format = |text: &str| {
        let is_known = |text: &str| !StrftimeItems::new(text).any(|item| item == Item::Error);
        is_known(text).then(|| text.to_owned())
    };
    let hint = "write it as for strftime: %Y-%m-%d, %H:%M";
    Dates {
        date: reader.meaning(&inside, "date", format, hint).unwrap_or(usual.date),
        time: reader.meaning(&inside, "time", format, hint).unwrap_or(usual.time),
        zone: reader.meaning(&inside, "zone", Zone::of_word, ZONES).unwrap_or(usual.zone),
    }
}
