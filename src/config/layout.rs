//! How the screen is laid out: lines of a row, where the panes stand, which signs are drawn.

use super::value_reader::{ConfigEntry, ValueReader};

/// Which signs are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SymbolSet {
    /// Lines, arrows and stars, as most terminals have them.
    #[default]
    Unicode,
    /// ASCII, except for the letters of articles.
    Ascii,
    /// ASCII without lines around panes and without movement, for screen readers.
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

impl Density {
    /// The densities by the words of the settings.
    pub const WORDS: [(&str, Density); 2] = [("compact", Density::Compact), ("comfortable", Density::Comfortable)];

    /// Lines of a row of the list.
    pub fn row_lines(self) -> u16 {
        match self {
            Density::Compact => 1,
            Density::Comfortable => 2,
        }
    }
}

/// Where the panes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayoutSettings {
    /// The share of the list in percent; without it the size of the screen decides.
    pub list: Option<u16>,
    /// From this many columns on the list stands beside the article.
    pub wide: u16,
    /// From this many columns on the list stands above the article; on fewer one pane is shown.
    pub medium: u16,
}

impl Default for LayoutSettings {
    fn default() -> LayoutSettings {
        LayoutSettings { list: None, wide: 120, medium: 80 }
    }
}

impl LayoutSettings {
    /// Reads the group `layout`.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> LayoutSettings {
        let inside = reader.fields(field.node, field.name, &["list", "wide", "medium"]);
        let usual = LayoutSettings::default();
        let mut number = |name, bounds| inside.get(name).and_then(|field| reader.number(field, bounds));
        let mut layout = LayoutSettings {
            list: number("list", 20..=80),
            wide: number("wide", 60..=1000).unwrap_or(usual.wide),
            medium: number("medium", 40..=1000).unwrap_or(usual.medium),
        };
        if layout.medium > layout.wide {
            let what = format!("`medium: {}` is more than `wide: {}`", layout.medium, layout.wide);
            let given = inside.get("medium").or(inside.get("wide")).unwrap_or(field);
            reader.report(given.node, &what, "the list would never stand above the article");
            layout.medium = layout.wide;
        }
        layout
    }
}
