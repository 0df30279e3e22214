//! All themes: the built-in ones, those of the settings, and which of them the settings ask for.

use std::collections::HashMap;
use std::fmt;

use super::colour;
use super::problem::ConfigProblem;
use super::theme::{THEME_COLOURS, Theme};
use super::value_reader::{ConfigEntry, ValueReader, suggest};
use super::yaml_tree::{self, YamlNode, YamlValue};

macro_rules! built_in {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("themes/", $name, ".yaml")))),*]
    };
}

/// The themes that are built in, each as it could stand in the settings. The first one can be read everywhere.
pub const BUILT_IN: [(&str, &str); 12] = built_in![
    "terminal",
    "dark",
    "light",
    "high-contrast",
    "high-contrast-light",
    "catppuccin",
    "catppuccin-latte",
    "gruvbox",
    "nord",
    "solarized-dark",
    "solarized-light",
    "none"
];

/// The most themes of one's own.
const MOST: usize = 200;
const AUTO: &str = "auto";
/// The built-in themes that `auto` chooses from.
const TERMINAL: &str = "terminal";
const LIGHT: &str = "light";
const DARK: &str = "dark";
/// The built-in theme without colours.
const NONE: &str = "none";
const BASED_ON: &str = "based on";

/// Which colours can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourDepth {
    /// None: there is only the theme that has none.
    None,
    /// The terminal's own sixteen: it takes the nearest of them for the others, in which text may be lost.
    Sixteen,
    /// The palette of 256.
    Indexed256,
    /// All of them.
    #[default]
    TrueColour,
}

/// The theme that the settings ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ThemeSetting {
    /// The one that fits the background of the terminal, as far as that is known.
    #[default]
    Auto,
    /// The one with this name.
    Named(String),
    /// One of two, by the background of the terminal.
    ByBackground {
        /// On a light background.
        light: String,
        /// On a dark background, and while it is not known.
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
    /// Reads the setting `theme`: a name, or a name for each background.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry, themes: &Themes) -> Option<ThemeSetting> {
        if !matches!(field.node.value, YamlValue::Map(_)) {
            return ThemeSetting::read_name(reader, field.node, themes);
        }
        let inside = reader.fields(field.node, field.name, &[LIGHT, DARK]);
        let mut name = |background: &str| {
            let wish = inside.get(background).and_then(|field| ThemeSetting::read_name(reader, field.node, themes));
            if let Some(ThemeSetting::Named(name)) = wish { name } else { background.to_owned() }
        };
        Some(ThemeSetting::ByBackground { light: name(LIGHT), dark: name(DARK) })
    }

    fn read_name(reader: &mut ValueReader, node: &YamlNode, themes: &Themes) -> Option<ThemeSetting> {
        let YamlValue::Text(name) = &node.value else {
            let what = format!("{} is no name of a theme", node.kind());
            reader.report(node, &what, "write a name, or {light: …, dark: …}");
            return None;
        };
        match ThemeSetting::named(name, themes) {
            Ok(wish) => Some(wish),
            Err(ConfigProblem { what, hint, .. }) => {
                reader.report(node, &what, &hint);
                None
            }
        }
    }

    /// The wish for a theme by its name, or for `auto`. Fails when there is no theme with that name.
    pub fn named(name: &str, themes: &Themes) -> Result<ThemeSetting, ConfigProblem> {
        if name == AUTO {
            return Ok(ThemeSetting::Auto);
        }
        if themes.all().any(|known| known == name) {
            return Ok(ThemeSetting::Named(name.to_owned()));
        }
        let names: Vec<&str> = std::iter::once(AUTO).chain(themes.all()).collect();
        Err(ConfigProblem::new(None, &format!("there is no theme `{name}`"), &suggest(name, &names)))
    }

    /// The theme to show, as an index into [`Themes::names`]; `is_light` says what the background is, when that is known.
    pub fn choose(&self, themes: &Themes, colours: ColourDepth, is_light: Option<bool>) -> usize {
        let name = match (self, is_light) {
            (ThemeSetting::Named(name), _) => name,
            (ThemeSetting::ByBackground { light, .. }, Some(true)) => light,
            (ThemeSetting::ByBackground { dark, .. }, _) => dark,
            (ThemeSetting::Auto, None) => TERMINAL,
            (ThemeSetting::Auto, _) if colours == ColourDepth::Sixteen => TERMINAL,
            (ThemeSetting::Auto, Some(true)) => LIGHT,
            (ThemeSetting::Auto, Some(false)) => DARK,
        };
        themes.names(colours).position(|known| known == name).unwrap_or(0)
    }
}

/// The built-in themes, then those of the settings. Each is known by its index in [`Themes::names`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    own: Vec<(String, Theme)>,
}

impl Themes {
    /// Reads the group `themes`.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> Themes {
        Themes { own: own(reader, field.node) }
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        BUILT_IN.iter().map(|(name, _)| *name).chain(self.own.iter().map(|(name, _)| name.as_str()))
    }

    /// The names of the themes that these colours can show, those of the settings last.
    pub fn names(&self, colours: ColourDepth) -> impl Iterator<Item = &str> {
        let is_shown = move |name: &&str| colours != ColourDepth::None || *name == NONE;
        self.all().filter(is_shown)
    }

    /// The theme at an index of the names, in these colours; the first theme when there is none.
    pub fn get(&self, index: usize, colours: ColourDepth) -> Theme {
        let name = self.names(colours).nth(index).unwrap_or_default();
        let own = self.own.iter().find(|(known, _)| known == name).map(|(_, theme)| theme.clone());
        let theme = own.or_else(|| built_in(name)).unwrap_or_default();
        match colours {
            ColourDepth::None => Theme::colourless(),
            ColourDepth::Indexed256 | ColourDepth::Sixteen => theme.to_256_colours(),
            ColourDepth::TrueColour => theme,
        }
    }
}

/// A theme that is built in.
fn built_in(name: &str) -> Option<Theme> {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    let root = yaml_tree::read(text, "").ok()?;
    let (mut reader, mut theme) = (ValueReader::default(), Theme::colourless());
    let pairs = reader.pairs(&root, "");
    paint(&mut reader, &mut theme, name, &pairs);
    reader.problems.is_empty().then_some(theme)
}

/// A theme of the settings: its name, what it is based on, and its colours.
struct WrittenTheme<'a> {
    name: &'a str,
    base: Option<&'a YamlNode>,
    pairs: Vec<(&'a str, &'a YamlNode, &'a YamlNode)>,
    /// Being made: what is based on it now would be based on itself.
    is_entered: bool,
    made: Option<Theme>,
}

fn own(reader: &mut ValueReader, node: &YamlNode) -> Vec<(String, Theme)> {
    let mut all: Vec<WrittenTheme> = Vec::new();
    let pairs = reader.pairs(node, "themes");
    for (name, key, value) in reader.bounded(node, "themes", MOST, pairs) {
        if name == AUTO || BUILT_IN.iter().any(|(known, _)| *known == name) {
            reader.report(key, &format!("there is a theme `{name}` already"), "give yours another name");
            continue;
        }
        let mut pairs = reader.pairs(value, name);
        let base = pairs.iter().position(|(part, ..)| *part == BASED_ON).map(|at| pairs.remove(at).2);
        all.push(WrittenTheme { name, base, pairs, is_entered: false, made: None });
    }
    let places: HashMap<&str, usize> = all.iter().enumerate().map(|(at, written)| (written.name, at)).collect();
    for at in 0..all.len() {
        // Down to what is there already, and up again, painting.
        let (mut theme, mut way, mut next) = (Theme::default(), Vec::new(), Some(at));
        while let Some(here) = next.take() {
            if let Some(made) = &all[here].made {
                theme = made.clone();
                break;
            }
            if all[here].is_entered {
                if let Some(base) = way.last().and_then(|last: &usize| all[*last].base) {
                    reader.report(base, &format!("`{}` is based on itself", all[here].name), "name another theme");
                }
                break;
            }
            all[here].is_entered = true;
            way.push(here);
            let Some(base) = all[here].base else { break };
            let name = if let YamlValue::Text(name) = &base.value { name.as_str() } else { "" };
            next = places.get(name).copied();
            match built_in(name) {
                Some(base) => theme = base,
                None if name.is_empty() => {
                    reader.report(base, "`based on` names no theme", "name one, as in `based on: dark`");
                }
                None if next.is_none() => {
                    let names: Vec<&str> =
                        BUILT_IN.iter().map(|(name, _)| *name).chain(all.iter().map(|own| own.name)).collect();
                    reader.report(base, &format!("there is no theme `{name}`"), &suggest(name, &names));
                }
                None => {}
            }
        }
        while let Some(here) = way.pop() {
            paint(reader, &mut theme, all[here].name, &all[here].pairs);
            all[here].made = Some(theme.clone());
        }
    }
    all.into_iter().map(|written| (written.name.to_owned(), written.made.unwrap_or_default())).collect()
}

/// Sets the colours of a theme as they are written.
fn paint(reader: &mut ValueReader, theme: &mut Theme, name: &str, pairs: &[(&str, &YamlNode, &YamlNode)]) {
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
                    // A frame that nothing is said of goes with it.
                    if *part == "accent" && !pairs.iter().any(|(part, ..)| *part == "frame") {
                        theme.frame = colour;
                    }
                }
                None => reader.report(value, &format!("\"{text}\" is no colour"), &colour::hint(text)),
            },
            // Without quotes `#` begins a comment.
            YamlValue::Nothing => {
                reader.report(key, &format!("`{part}` has no colour"), "a colour with # needs quotes: \"#rrggbb\"");
            }
            _ => reader.report(value, &format!("{} is no colour", value.kind()), &colour::hint("")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ratatui::style::Color;

    use super::*;
    use crate::config::Settings;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let (settings, problems) = Settings::parse(text, Path::new(""), None).expect("YAML");
        let told = problems.iter().map(|problem| {
            let (line, column) = problem.at.unwrap_or_default();
            format!("{line}:{column} {}; {}", problem.what, problem.hint)
        });
        (settings, told.collect())
    }

    fn named(settings: &Settings, name: &str) -> Theme {
        let index = settings.themes.names(ColourDepth::TrueColour).position(|known| known == name);
        settings.themes.get(index.expect("a theme"), ColourDepth::TrueColour)
    }

    fn chosen(settings: &Settings, colours: ColourDepth, is_light: Option<bool>) -> usize {
        settings.theme.choose(&settings.themes, colours, is_light)
    }

    #[test]
    fn what_is_built_in_can_be_read_and_sets_every_colour() {
        for (name, text) in BUILT_IN {
            assert!(built_in(name).is_some(), "{name}");
            assert!(text.starts_with("# "), "{name} says what it is");
            let is_whole = |part: &str| text.contains(&format!("\n{part}:"));
            let left: Vec<_> = THEME_COLOURS.iter().map(|(part, _)| *part).filter(|part| !is_whole(part)).collect();
            let may_lack: &[&str] = match name {
                "terminal" => &[
                    "ground", "selected", "text", "dim", "accent", "title", "provider", "topic", "link", "code",
                    "warning", "hit",
                ],
                "high-contrast" | "high-contrast-light" => &["selected", "frame"],
                "none" => &[],
                _ => &["frame"],
            };
            assert_eq!(left, may_lack, "{name}");
        }
        assert_eq!(built_in("terminal"), Some(Theme::default()));
        assert_eq!(built_in("none"), Some(Theme::colourless()));
        assert_eq!(Themes::default().get(0, ColourDepth::TrueColour), Theme::default());
    }

    #[test]
    fn themes_of_ones_own() {
        let (settings, problems) = read(
            "theme: mine\nthemes:\n  mine: {based on: yours, text: '#d0d0d0', accent: cyan, dim: 245}\n  \
             yours: {based on: nord, text: default, hit: '#f00'}\n  theirs: {hit: 3}\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let (mine, nord) = (named(&settings, "mine"), built_in("nord").expect("nord"));
        assert_eq!(
            settings.themes.get(chosen(&settings, ColourDepth::TrueColour, None), ColourDepth::TrueColour),
            mine
        );
        let text = Color::Rgb(208, 208, 208);
        let hit = Color::Rgb(255, 0, 0);
        let (accent, dim) = (Color::Cyan, Color::Indexed(245));
        assert_eq!(mine, Theme { text, hit, accent, frame: accent, dim, ..nord.clone() });
        assert_eq!(named(&settings, "yours"), Theme { text: Color::Reset, hit, ..nord });
        assert_eq!(named(&settings, "theirs"), Theme { hit: Color::Indexed(3), ..Theme::default() });
        assert_eq!(nord.frame, nord.accent, "what has no frame of its own has that of the accent");
        let (settings, _) = read("themes:\n  a: {frame: red, accent: blue}\n  b: {based on: a, accent: green}\n");
        let of = |name| (named(&settings, name).frame, named(&settings, name).accent);
        assert_eq!((of("a"), of("b")), ((Color::Red, Color::Blue), (Color::Green, Color::Green)));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let (settings, mut problems) = read(
            "theme: nrod\nthemes:\n  a: {based on: b, text: \"#ggg\"}\n  b: {based on: a, txt: red}\n  \
             c:\n    based on: lihgt\n    text: #fff\n    dim: cyna\n    hit: [1]\n    unread: red\n  \
             dark: {text: red}\n  d: {based on: d}\n  e: {based on: }\n  f: red\n",
        );
        let forms = "write \"#rrggbb\", a name as cyan or lightred, a number from 0 to 255, or default";
        let mut told = [
            "4:17 `a` is based on itself; name another theme".to_owned(),
            format!("3:26 \"#ggg\" is no colour; {forms}"),
            "4:20 unknown colour `txt` of `b`; did you mean `text`?".to_owned(),
            "6:15 there is no theme `lihgt`; did you mean `light`?".to_owned(),
            "7:5 `text` has no colour; a colour with # needs quotes: \"#rrggbb\"".to_owned(),
            "8:10 \"cyna\" is no colour; did you mean `cyan`?".to_owned(),
            format!("9:10 a list is no colour; {forms}"),
            "11:3 there is a theme `dark` already; give yours another name".to_owned(),
            "12:17 `d` is based on itself; name another theme".to_owned(),
            "13:15 `based on` names no theme; name one, as in `based on: dark`".to_owned(),
            "14:6 `f` is text, not a group of settings; see frontpage config --default".to_owned(),
            "1:8 there is no theme `nrod`; did you mean `nord`?".to_owned(),
        ];
        told.sort();
        problems.sort();
        assert_eq!(problems, told);
        assert_eq!(settings.theme, ThemeSetting::Auto);
        assert_eq!(named(&settings, "c").unread, Color::Red, "the rest holds");
    }

    #[test]
    fn a_theme_is_chosen_by_the_ground_of_the_terminal() {
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
