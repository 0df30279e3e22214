//! The setting `list`: what rows of the list show.

use chrono::format::{Item, StrftimeItems};

use super::value_reader::{ConfigEntry, ValueReader};

/// How the list writes dates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListDates {
    /// The time today, the day this year, else month and year.
    #[default]
    Short,
    /// The time that has passed, such as `3d`.
    Age,
    /// A format of `strftime` that the crate `chrono` knows.
    Format(String),
}

/// Whether days have lines of their own in a list that is sorted by date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayLines {
    /// In a list of some height, if days have several articles.
    #[default]
    Auto,
    /// Always.
    Yes,
    /// Never.
    No,
}

impl DayLines {
    const WORDS: [(&str, DayLines); 5] = [
        ("auto", DayLines::Auto),
        ("yes", DayLines::Yes),
        ("no", DayLines::No),
        ("true", DayLines::Yes),
        ("false", DayLines::No),
    ];
}

/// The value of `list`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListSettings {
    /// Whether days have lines.
    pub day_lines: DayLines,
    /// How dates are written.
    pub date: ListDates,
}

impl ListSettings {
    /// Reads the group `list`. Values that are missing or invalid get their default.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> ListSettings {
        let inside = reader.fields(field.node, field.name, &["day lines", "date"]);
        let dates = inside.get("date").and_then(|field| {
            reader.parsed(field, ListDates::parse, "write short, age, or a strftime format such as %Y-%m-%d")
        });
        let day_lines = inside.get("day lines").and_then(|field| reader.one_of(field, &DayLines::WORDS));
        ListSettings { day_lines: day_lines.unwrap_or_default(), date: dates.unwrap_or_default() }
    }
}

impl ListDates {
    fn parse(text: &str) -> Option<ListDates> {
        match text {
            "short" => Some(ListDates::Short),
            "age" => Some(ListDates::Age),
            // Without `%` every row would show the same word, which is more likely a mistake.
            format if format.contains('%') => {
                // `chrono` cannot format an invalid item: `to_string` would panic.
                let is_format = !StrftimeItems::new(format).any(|item| item == Item::Error);
                is_format.then(|| ListDates::Format(format.to_owned()))
            }
            _ => None,
        }
    }
}
