//! Themes: the built-in ones, those in the settings, and the choice of the one to show.

use std::collections::HashMap;
use std::fmt;

use super::colour;
use super::problem::ConfigProblem;
use super::theme::{FOLLOWING_COLOURS, THEME_COLOURS, Theme};
use super::value_reader::{ConfigEntry, ValueReader, did_you_mean, suggest};
use super::yaml_tree::{self, YamlNode, YamlValue};

macro_rules! built_in {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("themes/", $name, ".yaml")))),*]
    };
}

/// The built-in themes, in the form of the settings: first those of frontpage, then those of other programs in alphabetical order.
/// The first is readable on every terminal.
pub const BUILT_IN: [(&str, &str); 32] = built_in![
    "terminal",
    "terminal-dark",
    "dark",
    "light",
    "high-contrast",
    "high-contrast-light",
    "ayu-dark",
    "ayu-light",
    "ayu-mirage",
    "catppuccin-frappe",
    "catppuccin-latte",
    "catppuccin-macchiato",
    "catppuccin-mocha",
    "dracula",
    "everforest-dark",
    "everforest-light",
    "gruvbox",
    "gruvbox-light",
    "kanagawa-dragon",
    "kanagawa-lotus",
    "kanagawa-wave",
    "nord",
    "rose-pine",
    "rose-pine-dawn",
    "rose-pine-moon",
    "solarized-dark",
    "solarized-light",
    "tokyo-night",
    "tokyo-night-day",
    "tokyo-night-moon",
    "tokyo-night-storm",
    "none"
];

/// Other names of built-in themes in other programs, as [`comparable`] makes them.
const OTHER_NAMES: [(&str, &str); 10] = [
    ("ayu", "ayu-dark"),
    ("catppuccin", "catppuccin-mocha"),
    ("everforest", "everforest-dark"),
    ("gruvboxdark", "gruvbox"),
    ("kanagawa", "kanagawa-wave"),
    ("rosepinemain", "rose-pine"),
    ("solarized", "solarized-dark"),
    ("tokyonightdark", "tokyo-night"),
    ("tokyonightlight", "tokyo-night-day"),
    ("tokyonightnight", "tokyo-night"),
];

/// Maximum number of themes in the settings.
const MAX_THEMES: usize = 200;
const AUTO: &str = "auto";
/// The built-in themes that `auto` chooses from.
const TERMINAL: &str = "terminal";
/// The built-in theme that `terminal` is on a dark background.
const TERMINAL_DARK: &str = "terminal-dark";
const LIGHT: &str = "light";
const DARK: &str = "dark";
/// The built-in theme without colours.
const NONE: &str = "none";
const BASED_ON: &str = "based on";

/// How many colours the terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourDepth {
    /// None: only the theme `none` exists.
    None,
    /// The terminal's own 16 colours. The terminal shows the nearest of them for others, so text can become unreadable.
    Sixteen,
    /// The 256-colour palette.
    Indexed256,
    /// All RGB colours.
    #[default]
    TrueColour,
}

/// The value of the setting `theme`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ThemeSetting {
    /// The theme that fits the background of the terminal, if that is known.
    #[default]
    Auto,
    /// The theme with this name.
    Named(String),
    /// One of two themes, by the background of the terminal.
    ByBackground {
        /// For a light background.
        light: String,
        /// For a dark background, or an unknown one.
        dark: String,
    },
}

impl fmt::Display for ThemeSetting {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            ThemeSetting::Auto => write!(f, "{AUTO}"),
            ThemeSetting::Named(name) => write!(f, "{name}"),
            ThemeSetting::ByBackground { light, dark } => write!(f, "{light} or {dark}, by the background"),
        }
    }
}

impl ThemeSetting {
    /// Reads the setting `theme`: a name, or one name for each background.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry, themes: &Themes) -> Option<ThemeSetting> {
        if !matches!(field.node.value, YamlValue::Map(_)) {
            return ThemeSetting::read_name(reader, field.node, themes);
        }
        let inside = reader.fields(field.node, field.name, &[LIGHT, DARK]);
        let mut name = |background: &str| {
            let setting = inside.get(background).and_then(|field| ThemeSetting::read_name(reader, field.node, themes));
            // If only one is given, the other is the built-in theme with the name of the background.
            if let Some(ThemeSetting::Named(name)) = setting { name } else { background.to_owned() }
        };
        Some(ThemeSetting::ByBackground { light: name(LIGHT), dark: name(DARK) })
    }

    fn read_name(reader: &mut ValueReader, node: &YamlNode, themes: &Themes) -> Option<ThemeSetting> {
        let YamlValue::Text(name) = &node.value else {
            let what = format!("{} is not the name of a theme", node.kind());
            reader.report(node, &what, "write a name, or {light: …, dark: …}");
            return None;
        };
        match ThemeSetting::named(name, themes) {
            Ok(setting) => Some(setting),
            Err(ConfigProblem { what, hint, .. }) => {
                reader.report(node, &what, &hint);
                None
            }
        }
    }

    /// The setting for a name, or for `auto`. An error if no theme has this name, as [`Themes::find`] compares them.
    pub fn named(name: &str, themes: &Themes) -> Result<ThemeSetting, ConfigProblem> {
        if name == AUTO {
            return Ok(ThemeSetting::Auto);
        }
        if let Some(known) = themes.find(name) {
            return Ok(ThemeSetting::Named(known.to_owned()));
        }
        let names: Vec<&str> = std::iter::once(AUTO).chain(themes.all()).collect();
        Err(ConfigProblem::new(None, &format!("unknown theme `{name}`"), &nearest(name, &names)))
    }

    /// The theme to show, as an index into [`Themes::names`]. `is_light` tells the background of the terminal, if known.
    pub fn choose(&self, themes: &Themes, colours: ColourDepth, is_light: Option<bool>) -> usize {
        let name = match (self, is_light) {
            (ThemeSetting::Named(name), _) => name,
            (ThemeSetting::ByBackground { light, .. }, Some(true)) => light,
            (ThemeSetting::ByBackground { dark, .. }, _) => dark,
            (ThemeSetting::Auto, None) => TERMINAL,
            // Reduced to 16 colours by the terminal, `light` and `dark` cannot be read.
            (ThemeSetting::Auto, _) if colours == ColourDepth::Sixteen => TERMINAL,
            (ThemeSetting::Auto, Some(true)) => LIGHT,
            (ThemeSetting::Auto, Some(false)) => DARK,
        };
        themes.names(colours).position(|known| known == name).unwrap_or(0)
    }
}

/// The built-in themes, then those of the settings. A theme is identified by its index in [`Themes::names`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    own: Vec<(String, Theme)>,
}

impl Themes {
    /// Reads the group `themes`.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> Themes {
        Themes { own: read_own(reader, field.node) }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        BUILT_IN.iter().map(|(name, _)| *name).chain(self.own.iter().map(|(name, _)| name.as_str()))
    }

    /// The theme that a name means: the one that has exactly this name, else the built-in one that other programs call so, whatever
    /// the case, blanks, `-`, `_` and accents.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.all().find(|known| *known == name).or_else(|| find_built_in(name))
    }

    /// The names of the themes for these colours, with those of the settings last.
    pub fn names(&self, colours: ColourDepth) -> impl Iterator<Item = &str> {
        let is_shown = move |name: &&str| colours != ColourDepth::None || *name == NONE;
        self.all().filter(is_shown)
    }

    /// The theme at an index into [`Themes::names`], reduced to the given colours. An invalid index gives the first theme. `is_light`
    /// tells the background of the terminal, if known.
    pub fn get(&self, index: usize, colours: ColourDepth, is_light: Option<bool>) -> Theme {
        let name = match self.names(colours).nth(index).unwrap_or_default() {
            TERMINAL if is_light == Some(false) => TERMINAL_DARK,
            name => name,
        };
        let own = self.own.iter().find(|(known, _)| known == name).map(|(_, theme)| theme.clone());
        let theme = own.or_else(|| built_in(name)).unwrap_or_default();
        match colours {
            ColourDepth::None => Theme::colourless(),
            // With 16 colours, the terminal itself shows the nearest ones.
            ColourDepth::Indexed256 | ColourDepth::Sixteen => theme.to_256_colours(),
            ColourDepth::TrueColour => theme,
        }
    }
}

/// The name of the built-in theme that a name in any spelling means.
fn find_built_in(name: &str) -> Option<&'static str> {
    let name = comparable(name);
    let own = BUILT_IN.iter().map(|(known, _)| *known).find(|known| comparable(known) == name);
    own.or_else(|| OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, known)| *known))
}

/// A name without what programs write in different ways: `Rosé Pine`, `rose_pine` and `rose-pine` are the same.
fn comparable(name: &str) -> String {
    let written = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_'));
    written.map(|c| if matches!(c, 'é' | 'É') { 'e' } else { c }).collect::<String>().to_lowercase()
}

/// The nearest name, or where all are.
fn nearest(name: &str, names: &[&str]) -> String {
    did_you_mean(name, names).unwrap_or_else(|| "`frontpage config --themes` prints them".to_owned())
}

/// The built-in theme with this name.
fn built_in(name: &str) -> Option<Theme> {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    let root = yaml_tree::read(text, "").ok()?;
    let (mut reader, mut theme) = (ValueReader::default(), Theme::colourless());
    let pairs = reader.pairs(&root, "");
    apply_colours(&mut reader, &mut theme, name, &pairs);
    reader.problems.is_empty().then_some(theme)
}

/// A theme as written in the settings.
struct WrittenTheme<'a> {
    name: &'a str,
    base: Option<&'a YamlNode>,
    pairs: Vec<(&'a str, &'a YamlNode, &'a YamlNode)>,
    /// Its bases are being resolved: reaching it again is a cycle.
    is_entered: bool,
    finished: Option<Theme>,
}

fn read_own(reader: &mut ValueReader, node: &YamlNode) -> Vec<(String, Theme)> {
    let mut all: Vec<WrittenTheme> = Vec::new();
    let pairs = reader.pairs(node, "themes");
    for (name, key, value) in reader.bounded(node, "themes", MAX_THEMES, pairs) {
        if name == AUTO || BUILT_IN.iter().any(|(known, _)| *known == name) {
            reader.report(key, &format!("the name `{name}` is taken"), "give your theme another name");
            continue;
        }
        let mut pairs = reader.pairs(value, name);
        let base = pairs.iter().position(|(part, ..)| *part == BASED_ON).map(|at| pairs.remove(at).2);
        all.push(WrittenTheme { name, base, pairs, is_entered: false, finished: None });
    }
    let indices: HashMap<&str, usize> = all.iter().enumerate().map(|(at, written)| (written.name, at)).collect();
    for at in 0..all.len() {
        // Follow `based on` down to a finished theme, then apply the colours on the way back up.
        let (mut theme, mut chain, mut next) = (Theme::default(), Vec::new(), Some(at));
        while let Some(here) = next.take() {
            if let Some(finished) = &all[here].finished {
                theme = finished.clone();
                break;
            }
            if all[here].is_entered {
                if let Some(base) = chain.last().and_then(|last: &usize| all[*last].base) {
                    reader.report(base, &format!("`{}` is based on itself", all[here].name), "write another theme");
                }
                break;
            }
            all[here].is_entered = true;
            chain.push(here);
            let Some(base) = all[here].base else { break };
            let name = if let YamlValue::Text(name) = &base.value { name.as_str() } else { "" };
            next = indices.get(name).copied();
            let meant = if next.is_none() { find_built_in(name) } else { None };
            match meant.and_then(built_in) {
                Some(base) => theme = base,
                None if name.is_empty() => {
                    reader.report(base, "`based on` is not the name of a theme", "write one: `based on: dark`");
                }
                None if next.is_none() => {
                    let names: Vec<&str> =
                        BUILT_IN.iter().map(|(name, _)| *name).chain(all.iter().map(|own| own.name)).collect();
                    reader.report(base, &format!("unknown theme `{name}`"), &nearest(name, &names));
                }
                None => {}
            }
        }
        while let Some(here) = chain.pop() {
            apply_colours(reader, &mut theme, all[here].name, &all[here].pairs);
            all[here].finished = Some(theme.clone());
        }
    }
    all.into_iter().map(|written| (written.name.to_owned(), written.finished.unwrap_or_default())).collect()
}

/// Sets the colours of a theme as written.
fn apply_colours(reader: &mut ValueReader, theme: &mut Theme, name: &str, pairs: &[(&str, &YamlNode, &YamlNode)]) {
    for (part, key, value) in pairs {
        let Some((_, of)) = THEME_COLOURS.iter().find(|(known, _)| known == part) else {
            let names: Vec<&str> =
                std::iter::once(BASED_ON).chain(THEME_COLOURS.iter().map(|(name, _)| *name)).collect();
            reader.report(key, &format!("unknown colour `{part}` of `{name}`"), &suggest(part, &names));
            continue;
        };
        match &value.value {
            YamlValue::Text(text) => match colour::parse(text) {
                Some(colour) => {
                    *of(theme) = colour;
                    let has = |name: &str| pairs.iter().any(|(part, ..)| *part == name);
                    let followers = FOLLOWING_COLOURS.iter().filter(|(name, leader)| leader == part && !has(name));
                    for (follower, _) in followers {
                        let known = THEME_COLOURS.iter().find(|(name, _)| name == follower);
                        known.into_iter().for_each(|(_, of)| *of(theme) = colour);
                    }
                }
                None => reader.report(value, &format!("`{text}` is not a colour"), &colour::hint(text)),
            },
            // An unquoted `#rrggbb` is a comment, so the value is empty.
            YamlValue::Nothing => {
                reader.report(key, &format!("`{part}` has no colour"), "put colours with # in quotes: \"#rrggbb\"");
            }
            _ => reader.report(value, &format!("{} is not a colour", value.kind()), &colour::hint("")),
        }
    }
    let has = |name: &str| pairs.iter().any(|(part, ..)| *part == name);
    if !has("inline") && ["ground", "text", "code", "hit"].into_iter().any(has) {
        theme.derive_inline();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ratatui::style::Color;

    use super::super::theme::CodeColours;
    use super::*;
    use crate::config::Settings;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let (settings, problems) = Settings::parse(text, Path::new(""), None).expect("YAML");
        let reported = problems.iter().map(|problem| {
            let (line, column) = problem.at.unwrap_or_default();
            format!("{line}:{column} {problem}")
        });
        (settings, reported.collect())
    }

    fn named(settings: &Settings, name: &str) -> Theme {
        let index = settings.themes.names(ColourDepth::TrueColour).position(|known| known == name);
        settings.themes.get(index.expect("a theme"), ColourDepth::TrueColour, None)
    }

    fn chosen(settings: &Settings, colours: ColourDepth, is_light: Option<bool>) -> usize {
        settings.theme.choose(&settings.themes, colours, is_light)
    }

    #[test]
    fn built_in_themes_are_valid_and_complete() {
        for (name, text) in BUILT_IN {
            assert!(built_in(name).is_some(), "{name}");
            assert!(text.starts_with("# "), "{name} says what it is");
            let is_whole = |part: &str| text.contains(&format!("\n{part}:"));
            let left: Vec<_> = THEME_COLOURS.iter().map(|(part, _)| *part).filter(|part| !is_whole(part)).collect();
            let may_lack: &[&str] = match name {
                "terminal" => &[
                    "ground", "selected", "text", "dim", "accent", "title", "provider", "topic", "link", "code",
                    "inline", "comment", "string", "number", "keyword", "warning", "hit",
                ],
                "terminal-dark" => {
                    &["ground", "selected", "text", "dim", "title", "inline", "comment", "warning", "hit"]
                }
                "high-contrast" | "high-contrast-light" => {
                    &["selected", "frame", "inline", "comment", "string", "number", "keyword"]
                }
                "none" => &[],
                _ => &["frame", "inline"],
            };
            assert_eq!(left, may_lack, "{name}");
        }
        assert_eq!(built_in("terminal"), Some(Theme::default()));
        assert_eq!(built_in("none"), Some(Theme::colourless()));
        let first = |is_light| Themes::default().get(0, ColourDepth::TrueColour, is_light);
        assert_eq!([first(None), first(Some(true))], [Theme::default(), Theme::default()]);
        assert_eq!(Some(first(Some(false))), built_in("terminal-dark"));
    }

    #[test]
    fn names_are_found_as_other_programs_write_them() {
        let (settings, problems) = read("themes:\n  Nord: {text: red}\n  gruvbox-dark: {text: blue}\n");
        assert_eq!(problems, [""; 0]);
        for (name, found) in [
            ("nord", Some("nord")),
            ("Nord", Some("Nord")),
            ("NORD", Some("nord")),
            ("Catppuccin Mocha", Some("catppuccin-mocha")),
            ("catppuccin", Some("catppuccin-mocha")),
            ("catppuccin-frappé", Some("catppuccin-frappe")),
            ("Rosé Pine", Some("rose-pine")),
            ("rose_pine_dawn", Some("rose-pine-dawn")),
            ("tokyonight", Some("tokyo-night")),
            ("tokyonight_night", Some("tokyo-night")),
            ("TokyoNight-Storm", Some("tokyo-night-storm")),
            ("kanagawa", Some("kanagawa-wave")),
            ("everforest", Some("everforest-dark")),
            ("solarized_light", Some("solarized-light")),
            ("gruvbox-dark", Some("gruvbox-dark")),
            ("gruvbox_dark", Some("gruvbox")),
            ("", None),
            ("-", None),
            ("monokai", None),
        ] {
            assert_eq!(settings.themes.find(name), found, "{name}");
        }
        for (other, known) in OTHER_NAMES {
            assert_eq!(comparable(other), other);
            assert_eq!(Themes::default().find(other), Some(known));
        }
        let (settings, problems) = read("theme: {light: Ayu Light}\nthemes:\n  mine: {based on: tokyonight}\n");
        assert_eq!(problems, [""; 0]);
        assert_eq!(settings.theme.to_string(), "ayu-light or dark, by the background");
        assert_eq!(Some(named(&settings, "mine")), built_in("tokyo-night"));
        let (_, problems) = read("theme: monokai\n");
        assert_eq!(problems, ["1:8 unknown theme `monokai`; `frontpage config --themes` prints them"]);
    }

    #[test]
    fn themes_know_whether_they_are_light() {
        let light: Vec<&str> = BUILT_IN
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| built_in(name).is_some_and(|theme| theme.is_light() == Some(true)))
            .collect();
        assert_eq!(
            light,
            [
                "light",
                "high-contrast-light",
                "ayu-light",
                "catppuccin-latte",
                "everforest-light",
                "gruvbox-light",
                "kanagawa-lotus",
                "rose-pine-dawn",
                "solarized-light",
                "tokyo-night-day",
            ]
        );
        for name in ["terminal", "terminal-dark", "none"] {
            assert_eq!(built_in(name).and_then(|theme| theme.is_light()), None);
        }
        assert_eq!(built_in("dark").map(|theme| theme.to_256_colours().is_light()), Some(Some(false)));
    }

    #[test]
    fn own_themes_are_based_on_others() {
        let (settings, problems) = read(
            "theme: mine\nthemes:\n  mine: {based on: yours, text: '#d0d0d0', accent: cyan, dim: 245}\n  \
             yours: {based on: nord, text: default, hit: '#f00'}\n  theirs: {hit: 3}\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let (mine, nord) = (named(&settings, "mine"), built_in("nord").expect("nord"));
        assert_eq!(
            settings.themes.get(chosen(&settings, ColourDepth::TrueColour, None), ColourDepth::TrueColour, None),
            mine
        );
        let text = Color::Rgb(208, 208, 208);
        let hit = Color::Rgb(255, 0, 0);
        let (accent, dim) = (Color::Cyan, Color::Indexed(245));
        // The hits of `yours` are readable on no background of code, so it has none.
        let inline = Color::Reset;
        let code_parts = CodeColours { keyword: accent, comment: dim, inline, ..nord.code_parts.clone() };
        assert_eq!(mine, Theme { text, hit, accent, frame: accent, dim, code_parts, ..nord.clone() });
        let code_parts = CodeColours { inline, ..nord.code_parts.clone() };
        assert_eq!(named(&settings, "yours"), Theme { text: Color::Reset, hit, code_parts, ..nord.clone() });
        assert_eq!(named(&settings, "theirs"), Theme { hit: Color::Indexed(3), ..Theme::default() });
        assert_eq!(nord.frame, nord.accent, "without a frame colour, the frame has the accent colour");
        let (settings, _) = read("themes:\n  a: {frame: red, accent: blue}\n  b: {based on: a, accent: green}\n");
        let of = |name| (named(&settings, name).frame, named(&settings, name).accent);
        assert_eq!((of("a"), of("b")), ((Color::Red, Color::Blue), (Color::Green, Color::Green)));
    }

    #[test]
    fn mistakes_are_reported_with_position() {
        let (settings, mut problems) = read(
            "theme: nrod\nthemes:\n  a: {based on: b, text: \"#ggg\"}\n  b: {based on: a, txt: red}\n  \
             c:\n    based on: lihgt\n    text: #fff\n    dim: cyna\n    hit: [1]\n    unread: red\n  \
             dark: {text: red}\n  d: {based on: d}\n  e: {based on: }\n  f: red\n",
        );
        let forms = "write \"#rrggbb\", a name such as cyan or lightred, a number from 0 to 255, or default";
        let mut reported = [
            "4:17 `a` is based on itself; write another theme".to_owned(),
            format!("3:26 `#ggg` is not a colour; {forms}"),
            "4:20 unknown colour `txt` of `b` (did you mean `text`?)".to_owned(),
            "6:15 unknown theme `lihgt` (did you mean `light`?)".to_owned(),
            "7:5 `text` has no colour; put colours with # in quotes: \"#rrggbb\"".to_owned(),
            "8:10 `cyna` is not a colour (did you mean `cyan`?)".to_owned(),
            format!("9:10 a list is not a colour; {forms}"),
            "11:3 the name `dark` is taken; give your theme another name".to_owned(),
            "12:17 `d` is based on itself; write another theme".to_owned(),
            "13:15 `based on` is not the name of a theme; write one: `based on: dark`".to_owned(),
            "14:6 `f` is text, not a group of settings; see frontpage config --default".to_owned(),
            "1:8 unknown theme `nrod` (did you mean `nord`?)".to_owned(),
        ];
        reported.sort();
        problems.sort();
        assert_eq!(problems, reported);
        assert_eq!(settings.theme, ThemeSetting::Auto);
        assert_eq!(named(&settings, "c").unread, Color::Red, "the rest applies");
    }

    #[test]
    fn the_theme_follows_the_background_of_the_terminal() {
        for (text, colours, [unknown, light, dark]) in [
            ("", ColourDepth::TrueColour, ["terminal", "light", "dark"]),
            ("theme: auto\n", ColourDepth::Indexed256, ["terminal", "light", "dark"]),
            ("theme: auto\n", ColourDepth::Sixteen, ["terminal"; 3]),
            ("theme: {light: solarized-light}\n", ColourDepth::Sixteen, ["dark", "solarized-light", "dark"]),
            ("theme: auto\n", ColourDepth::None, ["none"; 3]),
            ("theme: nord\n", ColourDepth::TrueColour, ["nord"; 3]),
            ("theme: nord\n", ColourDepth::None, ["none"; 3]),
            ("theme: {light: solarized-light}\n", ColourDepth::Indexed256, ["dark", "solarized-light", "dark"]),
            ("theme: {light: none, dark: gruvbox}\n", ColourDepth::TrueColour, ["gruvbox", "none", "gruvbox"]),
        ] {
            let settings = read(text).0;
            for (is_light, name) in [(None, unknown), (Some(true), light), (Some(false), dark)] {
                let index = chosen(&settings, colours, is_light);
                assert_eq!(settings.themes.names(colours).nth(index), Some(name), "{text}{is_light:?}");
            }
        }
    }
}
