//! The settings: each is declared once, with its text in the reference, type, default, reader, and when a change applies.
//!
//! The declarations at the end of this file make the struct [`Settings`], its defaults, the table [`SETTINGS`] that parses
//! and documents them, and `frontpage config --default`.

use std::path::PathBuf;

use super::dates::DateSettings;
use super::keys::KeySettings;
use super::layout::{Density, LayoutSettings, SymbolSet};
use super::read_when::ReadWhen;
use super::rules::RuleSetting;
use super::themes::{ThemeSetting, Themes};
use super::value_reader::{ConfigEntry, ValueReader};
use super::yaml_tree::LocatedText;
use crate::dates::Zone;

/// When a changed setting applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// Within a second, also while the reader runs.
    AtOnce,
    /// From the next start of the reader on.
    AtNextStart,
}

/// What the reference shows of a setting: YAML that can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// The setting with its default.
    Default(&'static str),
    /// The setting with a value that is not the default.
    Example(&'static str),
}

impl Sample {
    /// The YAML.
    pub fn yaml(self) -> &'static str {
        match self {
            Sample::Default(yaml) | Sample::Example(yaml) => yaml,
        }
    }
}

/// A setting: what the declaration says of it beyond its type.
pub struct Setting {
    /// Its name in the file.
    pub name: &'static str,
    /// What it does: the lines of its text in the reference.
    pub text: &'static [&'static str],
    /// The YAML below the text.
    pub sample: Sample,
    /// When a change applies.
    pub applies: Applies,
    /// Reads a value of the file into its field.
    pub(super) read: fn(&mut Settings, &mut ValueReader, ConfigEntry),
    /// Copies its field from other settings.
    copy: fn(&mut Settings, &Settings),
}

impl Setting {
    /// Gives `settings` the value that this setting has in `other`.
    pub fn copy(&self, settings: &mut Settings, other: &Settings) {
        (self.copy)(settings, other);
    }
}

impl Settings {
    /// The defaults with UTC as the zone: the same on every machine.
    pub fn in_utc() -> Settings {
        Settings { dates: DateSettings { zone: Zone::Utc, ..DateSettings::default() }, ..Settings::default() }
    }

    /// The signs to draw.
    pub fn symbols(&self) -> SymbolSet {
        match (self.plain, self.ascii) {
            (true, _) => SymbolSet::Plain,
            (false, true) => SymbolSet::Ascii,
            (false, false) => SymbolSet::Unicode,
        }
    }

    /// These settings as they apply to a reader that runs with others: what applies from the next start on stays as there.
    pub fn while_running(mut self, running: &Settings) -> Settings {
        let later = SETTINGS.iter().filter(|setting| setting.applies == Applies::AtNextStart);
        later.for_each(|setting| setting.copy(&mut self, running));
        self
    }
}

/// The reference: every setting with its text, commented out, as `frontpage config --default` prints it.
pub fn reference() -> String {
    let later = SETTINGS.iter().filter(|setting| setting.applies == Applies::AtNextStart);
    let later: Vec<&str> = later.map(|setting| setting.name).collect();
    let (last, others) = later.split_last().unwrap_or((&"", &[]));
    let mut reference = format!(
        "# All settings of frontpage with their defaults. To change one, remove the `# ` before its lines. Changes apply\n\
         # within a second, also while the reader runs; {} and {last} apply from the next start on.\n",
        others.join(", ")
    );
    for setting in SETTINGS {
        reference.push('\n');
        setting.text.iter().for_each(|line| reference.push_str(&format!("#{line}\n")));
        setting.sample.yaml().lines().for_each(|line| reference.push_str(&format!("# {line}\n")));
    }
    reference
}

/// Declares the settings: the comment is the text of the reference; `read` turns a value of the file into the type, and may
/// look at the settings declared below it, which are read first.
macro_rules! settings {
    ($($(#[doc = $text:literal])+ $name:ident: $type:ty {
        default: $default:expr, read: $read:expr, sample: $kind:ident($sample:literal), applies: $applies:ident,
    })+) => {
        /// The values of all settings.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings {
            $($(#[doc = $text])+ pub $name: $type,)+
        }

        impl Default for Settings {
            fn default() -> Settings {
                Settings { $($name: $default,)+ }
            }
        }

        /// All settings, in the order of the reference.
        pub static SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name),
            text: &[$($text),+],
            sample: Sample::$kind($sample),
            applies: Applies::$applies,
            read: |settings, reader, field| {
                let read: fn(&mut ValueReader, ConfigEntry, &Settings) -> Option<$type> = $read;
                if let Some(value) = read(reader, field, settings) {
                    settings.$name = value;
                }
            },
            copy: |settings, other| settings.$name.clone_from(&other.$name),
        },)+];
    };
}

settings! {
    /// The folder to read when none is named, or a list of folders and files. `~` is your home;
    /// other paths are relative to this file.
    library: Vec<PathBuf> {
        default: Vec::new(),
        read: |reader, field, _| Some(reader.paths(field)),
        sample: Example("library: ~/articles"),
        applies: AtNextStart,
    }

    /// The query that the reader starts with.
    query: Option<LocatedText> {
        default: None,
        read: |reader, field, _| Some(reader.located_text(field)),
        sample: Default("query: \"\""),
        applies: AtNextStart,
    }

    /// When an article counts as read: opened, left (when you go on to another), never, or some seconds
    /// after it was opened, as in 5s.
    read: ReadWhen {
        default: ReadWhen::Opened,
        read: |reader, field, _| reader.parsed(field, ReadWhen::from_word, ReadWhen::HINT),
        sample: Default("read: opened"),
        applies: AtOnce,
    }

    /// The folder that marks are kept in: read, starred, hidden, notes. It may lie in Syncthing, git or
    /// Dropbox; every device writes a file of its own. Without it: ~/.local/share/frontpage/marks.
    marks: Option<PathBuf> {
        default: None,
        read: |reader, field, _| Some(reader.path(field)),
        sample: Example("marks: ~/Sync/frontpage"),
        applies: AtNextStart,
    }

    /// The colours: auto, the name of a theme, or one for each background as in {light: solarized-light, dark: nord}.
    /// auto is light or dark by the background of the terminal when it tells that and has 256 colours, else the terminal's
    /// own colours. There are terminal, dark, light, high-contrast, high-contrast-light, catppuccin, catppuccin-latte,
    /// gruvbox, nord, solarized-dark, solarized-light and none. T tries them; $FRONTPAGE_THEME and --theme override this
    /// setting.
    theme: ThemeSetting {
        default: ThemeSetting::Auto,
        read: |reader, field, settings| ThemeSetting::read(reader, field, &settings.themes),
        sample: Default("theme: auto"),
        applies: AtOnce,
    }

    /// Your own themes: what each is based on, and the colours that differ. The colours are ground, selected (the ground of
    /// the selected row), text, dim, accent, frame (of the pane with the focus; as accent unless you set it), title,
    /// provider, topic, link, code, unread, warning and hit. Write a colour as "#rgb" or "#rrggbb" (in quotes, since #
    /// begins a comment), the name of one of the sixteen, a number from 0 to 255, or default.
    themes: Themes {
        default: Themes::default(),
        read: |reader, field, _| Some(Themes::read(reader, field)),
        sample: Example("\
themes:
  mine:
    based on: dark
    ground: default
    text: \"#d0d0d0\"
    accent: cyan"),
        applies: AtOnce,
    }

    /// Rows of one line (compact), or of two (comfortable), in which long titles are wrapped.
    density: Density {
        default: Density::Compact,
        read: |reader, field, _| reader.one_of(field, &Density::WORDS),
        sample: Default("density: compact"),
        applies: AtOnce,
    }

    /// How the screen is divided: the share of the list, and the widths from which panes stand beside and above each other.
    /// `list` is in percent, from 20 to 80; < and > change it while you read. From `wide` columns on the list stands beside
    /// the article, from `medium` columns on above it; on fewer columns one pane is shown.
    layout: LayoutSettings {
        default: LayoutSettings::default(),
        read: |reader, field, _| Some(LayoutSettings::read(reader, field)),
        sample: Example("\
layout:
  list: 46
  wide: 120
  medium: 80"),
        applies: AtOnce,
    }

    /// How dates are written, as for strftime, and your zone: local, utc, or as in +02:00. The zone decides which day it is,
    /// also for queries.
    dates: DateSettings {
        default: DateSettings::default(),
        read: |reader, field, _| Some(DateSettings::read(reader, field)),
        sample: Default("\
dates:
  date: \"%-d %B %Y\"
  time: \"%H:%M\"
  zone: local"),
        applies: AtOnce,
    }

    /// ASCII instead of lines, arrows and stars, for terminals and fonts without them; letters of articles stay.
    ascii: bool {
        default: false,
        read: |reader, field, _| reader.flag(field),
        sample: Default("ascii: false"),
        applies: AtOnce,
    }

    /// ASCII without lines around the panes, emoji and movement, for screen readers. --plain does it once.
    plain: bool {
        default: false,
        read: |reader, field, _| reader.flag(field),
        sample: Default("plain: false"),
        applies: AtOnce,
    }

    /// The mouse selects, opens, scrolls and moves the divider; with Shift it selects text, as everywhere.
    mouse: bool {
        default: true,
        read: |reader, field, _| reader.flag(field),
        sample: Default("mouse: true"),
        applies: AtOnce,
    }

    /// Links that the terminal can open, if it can do that (OSC 8).
    hyperlinks: bool {
        default: true,
        read: |reader, field, _| reader.flag(field),
        sample: Default("hyperlinks: true"),
        applies: AtNextStart,
    }

    /// The command that opens links. %u stands for the address, else it comes last.
    /// Without it: $BROWSER, then the browser of the desktop. It gets no terminal of ours and must have a
    /// window of its own. Quotes group words, as in a shell, here and in the variables.
    browser: Option<String> {
        default: None,
        read: |reader, field, _| Some(reader.command(field)),
        sample: Example("browser: firefox --new-tab %u"),
        applies: AtOnce,
    }

    /// The command that edits article files. Without it: $VISUAL, then $EDITOR, then vi.
    editor: Option<String> {
        default: None,
        read: |reader, field, _| Some(reader.command(field)),
        sample: Example("editor: vi"),
        applies: AtOnce,
    }

    /// What to do with the articles that a query finds: hide, read, star, score. Only the display changes, never your
    /// marks: without the rule everything is as before.
    rules: Vec<RuleSetting> {
        default: Vec::new(),
        read: |reader, field, _| Some(RuleSetting::read(reader, field)),
        sample: Example("\
rules:
  - when: topic:crypto -is:starred
    do: [hide]
  - when: provider:quanta quality:>=60
    do: [star, score: +10]"),
        applies: AtOnce,
    }

    /// What keys do: those of a preset (default, newsboat, elfeed), then your own. Write where they work, the keys, and
    /// the action with its argument; `none` takes a key away. Keys work everywhere, in panes (all three), list, detail,
    /// related, prompt, picker, links, help, palette, insights, confirm, overlay. The palette (:) shows all actions.
    keys: KeySettings {
        default: KeySettings::default(),
        read: |reader, field, _| Some(KeySettings::read(reader, field)),
        sample: Example("\
keys:
  preset: default
  panes:
    gt: topic ai
    <ctrl-t>: theme
    x: none"),
        applies: AtOnce,
    }
}

/// Another value of each setting, and keys after which a screen shows which value applies; no keys where no screen does. A
/// test takes each over while a reader runs, and fails for a setting without a line here.
#[cfg(test)]
pub const CHANGES: &[(&str, &str, Option<&str>)] = &[
    ("library", "library: elsewhere", None),
    ("query", "query: title:moon", Some("")),
    ("read", "read: never", Some("<enter>h")),
    ("marks", "marks: elsewhere", None),
    ("theme", "theme: nord", Some("")),
    ("themes", "themes: {mine: {based on: nord}}", Some("TG")),
    ("density", "density: comfortable", Some("")),
    ("layout", "layout: {list: 70}", Some("")),
    ("dates", "dates: {date: \"in %Y\"}", Some("<enter>")),
    ("ascii", "ascii: true", Some("")),
    ("plain", "plain: true", Some("")),
    ("mouse", "mouse: false", None),
    ("hyperlinks", "hyperlinks: false", None),
    ("browser", "browser: firefox", None),
    ("editor", "editor: ed", None),
    ("rules", "rules: [{when: title:moon, do: hide}]", Some("")),
    ("keys", "keys: {panes: {ö: starred}}", Some("ö")),
];
