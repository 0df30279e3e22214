//! Settings of the screen: symbols, row density, pane layout.

use super::value_reader::{ConfigEntry, ValueReader};

/// The characters that frontpage draws with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SymbolSet {
    /// Box-drawing characters, arrows and stars.
    #[default]
    Unicode,
    /// ASCII, except for the letters in texts of articles.
    Ascii,
    /// ASCII without borders and animation, for screen readers.
    Plain,
}

/// The height of list rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// One line.
    #[default]
    Compact,
    /// Two lines: the title, and what else is known of the article.
    Comfortable,
}

impl Density {
    /// The densities with their names in the settings.
    pub const WORDS: [(&str, Density); 2] = [("compact", Density::Compact), ("comfortable", Density::Comfortable)];

    /// Lines per list row.
    pub fn row_lines(self) -> u16 {
        match self {
            Density::Compact => 1,
            Density::Comfortable => 2,
        }
    }
}

/// When the navigation pane is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NavigationSetting {
    /// On wide screens.
    #[default]
    Auto,
    /// Always.
    Shown,
    /// Never.
    Hidden,
}

impl NavigationSetting {
    /// The values with their names in the settings.
    pub const WORDS: [(&str, NavigationSetting); 3] =
        [("auto", NavigationSetting::Auto), ("shown", NavigationSetting::Shown), ("hidden", NavigationSetting::Hidden)];

    /// On or off; `None` lets the width of the screen decide.
    pub fn choice(self) -> Option<bool> {
        match self {
            NavigationSetting::Auto => None,
            NavigationSetting::Shown => Some(true),
            NavigationSetting::Hidden => Some(false),
        }
    }
}

/// The value of `layout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayoutSettings {
    /// Width of the list in percent; `None` lets the size of the screen decide.
    pub list: Option<u16>,
    /// With at least this many columns, the list is beside the article.
    pub wide: u16,
    /// With at least this many columns, the list is above the article; with fewer, one pane is shown.
    pub medium: u16,
    /// Columns of the text of articles, if the pane has as many.
    pub text: u16,
}

impl Default for LayoutSettings {
    fn default() -> LayoutSettings {
        LayoutSettings { list: None, wide: 120, medium: 80, text: 80 }
    }
}

impl LayoutSettings {
    /// Reads the group `layout`. A `medium` larger than `wide` is reduced to it.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> LayoutSettings {
        let inside = reader.fields(field.node, field.name, &["list", "wide", "medium", "text"]);
        let usual = LayoutSettings::default();
        let mut number = |name, bounds| inside.get(name).and_then(|field| reader.number(field, bounds));
        let mut layout = LayoutSettings {
            list: number("list", 20..=80),
            wide: number("wide", 60..=1000).unwrap_or(usual.wide),
            medium: number("medium", 40..=1000).unwrap_or(usual.medium),
            text: number("text", 40..=200).unwrap_or(usual.text),
        };
        if layout.medium > layout.wide {
            let what = format!("`medium: {}` is more than `wide: {}`", layout.medium, layout.wide);
            // The problem points at what the user wrote: `medium` may be a default.
            let given = inside.get("medium").or(inside.get("wide")).unwrap_or(field);
            reader.report(given.node, &what, &format!("write at most {} for `medium`", layout.wide));
            layout.medium = layout.wide;
        }
        layout
    }
}
