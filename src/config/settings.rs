//! The settings. Each is declared once, with its reference text, type, default, parser, sample, and when a change applies.
//!
//! The declarations at the end of this file generate the struct [`Settings`], its defaults, and the table [`SETTINGS`],
//! from which the file is parsed, `frontpage config --default` is printed and the documentation is checked.

use std::path::PathBuf;

use super::commands::{CommandList, CommandSetting};
use super::dates::DateSettings;
use super::declaration::{Applies, Sample};
use super::hooks::HookSetting;
use super::keys::KeySettings;
use super::list::ListSettings;
use super::openers::{LinkProgram, OpenerSetting};
use super::pictures::PictureSettings;
use super::problem::ConfigProblem;
use super::read_when::ReadWhen;
use super::rules::RuleSetting;
use super::screen::{Density, LayoutSettings, NavigationSetting, SymbolSet};
use super::sites::SiteSetting;
use super::sync::SyncSettings;
use super::themes::{ThemeSetting, Themes};
use super::value_reader::{ConfigEntry, ValueReader};
use super::yaml_tree::LocatedText;
use crate::dates::Zone;

/// The declaration of a setting, apart from its type.
pub struct Setting {
    /// Name in the file.
    pub name: &'static str,
    /// Lines of its text in the reference.
    pub text: &'static [&'static str],
    /// YAML below the text.
    pub sample: Sample,
    /// When a change applies.
    pub applies: Applies,
    /// Parses a value of the file into the field of [`Settings`].
    pub(super) read: fn(&mut Settings, &mut ValueReader, ConfigEntry),
    /// Copies the field from other settings.
    copy: fn(&mut Settings, &Settings),
}

impl Setting {
    /// Copies the value of this setting from `other` to `settings`.
    pub fn copy(&self, settings: &mut Settings, other: &Settings) {
        (self.copy)(settings, other);
    }
}

impl Settings {
    /// The defaults with UTC as the zone: the same on every machine, for tests.
    pub fn in_utc() -> Settings {
        Settings { dates: DateSettings { zone: Zone::Utc, ..DateSettings::default() }, ..Settings::default() }
    }

    /// The symbols to draw with.
    pub fn symbols(&self) -> SymbolSet {
        match (self.plain, self.ascii) {
            (true, _) => SymbolSet::Plain,
            (false, true) => SymbolSet::Ascii,
            (false, false) => SymbolSet::Unicode,
        }
    }

    /// The new settings for a running session: settings that apply at the next start keep the values of `running`.
    pub fn while_running(mut self, running: &Settings) -> Settings {
        let later = SETTINGS.iter().filter(|setting| setting.applies == Applies::AtNextStart);
        later.for_each(|setting| setting.copy(&mut self, running));
        self
    }
}

/// The reference that `frontpage config --default` prints: every setting with its text, commented out.
pub fn reference() -> String {
    let later = SETTINGS.iter().filter(|setting| setting.applies == Applies::AtNextStart);
    let later: Vec<&str> = later.map(|setting| setting.name).collect();
    let (last, others) = later.split_last().unwrap_or((&"", &[]));
    let mut reference = format!(
        "# All settings of frontpage with their defaults. To change one, remove the `# ` before its lines. Changes apply\n\
         # within a second, also while frontpage runs; changes of {} and {last} apply at the next start.\n",
        others.join(", ")
    );
    for setting in SETTINGS {
        reference.push('\n');
        setting.text.iter().for_each(|line| reference.push_str(&format!("#{line}\n")));
        setting.sample.yaml().lines().for_each(|line| reference.push_str(&format!("# {line}\n")));
    }
    reference
}

/// The name of a setting in the file: that of its field, or another one, which may have blanks.
macro_rules! name_in_file {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $written:literal) => {
        $written
    };
}

/// Declares settings. The doc comment is the text of the reference. `read` parses a value of the file; it may use the
/// values of settings declared below, which are read first.
macro_rules! settings {
    ($($(#[doc = $text:literal])+ $name:ident $(as $written:literal)?: $type:ty {
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
            name: name_in_file!($name $($written)?),
            text: &[$($text),+],
            sample: Sample::$kind($sample),
            applies: Applies::$applies,
            read: |settings, reader, field| {
                // The annotation lets the closures in declarations omit their types.
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
    /// Folder to read if none is given on the command line, or a list of folders and files. `~` is your home;
    /// relative paths start at the folder of this file.
    library: Vec<PathBuf> {
        default: Vec::new(),
        read: |reader, field, _| Some(reader.paths(field)),
        sample: Example("library: ~/articles"),
        applies: AtNextStart,
    }

    /// Query that frontpage starts with.
    query: Option<LocatedText> {
        default: None,
        read: |reader, field, _| Some(reader.located_text(field)),
        sample: Default("query: \"\""),
        applies: AtNextStart,
    }

    /// When an article counts as read: opened, left (when you go to another), never, or some seconds after
    /// opening, such as 5s.
    read: ReadWhen {
        default: ReadWhen::Opened,
        read: |reader, field, _| reader.parsed(field, ReadWhen::from_word, ReadWhen::HINT),
        sample: Default("read: opened"),
        applies: AtOnce,
    }

    /// Folder for your marks: read, starred, hidden, notes, tags. You can synchronise it with Syncthing, git or Dropbox,
    /// because every device writes a file of its own. Default: ~/.local/share/frontpage/marks.
    marks: Option<PathBuf> {
        default: None,
        read: |reader, field, _| Some(reader.path(field)),
        sample: Example("marks: ~/Sync/frontpage"),
        applies: AtNextStart,
    }

    /// Colour theme: auto, a name, or one for each background, such as {light: solarized-light, dark: nord}.
    /// auto chooses light or dark if the terminal reports its background and has 256 colours, else it uses the terminal's
    /// own colours. T shows the themes, frontpage config --themes prints them; $FRONTPAGE_THEME and --theme override this
    /// setting.
    theme: ThemeSetting {
        default: ThemeSetting::Auto,
        read: |reader, field, settings| ThemeSetting::read(reader, field, &settings.themes),
        sample: Default("theme: auto"),
        applies: AtOnce,
    }

    /// Your own themes: the theme that each is based on, and the colours that differ. Colours: ground (the background),
    /// selected (background of the selected row), text, dim, accent, frame (of the focused pane; default: accent), title,
    /// provider, topic, link, code, unread, warning, hit. Write "#rgb" or "#rrggbb" (in quotes, because # begins a
    /// comment), the name of one of the 16 terminal colours, a number from 0 to 255, or default.
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

    /// Rows of the list: one line (compact), or two lines: the title, and below it provider, topics, note and date
    /// (comfortable).
    density: Density {
        default: Density::Compact,
        read: |reader, field, _| reader.one_of(field, &Density::WORDS),
        sample: Default("density: compact"),
        applies: AtOnce,
    }

    /// The list. `day lines`: lines between the days if the list is sorted by date: yes, no, or auto (if the list has 12 lines
    /// and days have several articles). `date`: short (the time today, the day this year, else month and year), age (such as 3d),
    /// or a format (strftime).
    list: ListSettings {
        default: ListSettings::default(),
        read: |reader, field, _| Some(ListSettings::read(reader, field)),
        sample: Default("\
list:
  day lines: auto
  date: short"),
        applies: AtOnce,
    }

    /// Sizes of the panes: the width of the list, and the numbers of columns at which the layout changes. `list` is in
    /// percent, from 20 to 80; < and > change it while you read. With at least `wide` columns the list is beside the
    /// article, with at least `medium` columns above it; with fewer columns one pane is shown. `text` is the number of columns
    /// of the text of articles, from 40 to 200: where the pane is much wider, the text is in its middle, and code and tables
    /// may be wider.
    layout: LayoutSettings {
        default: LayoutSettings::default(),
        read: |reader, field, _| Some(LayoutSettings::read(reader, field)),
        sample: Example("\
layout:
  list: 46
  wide: 120
  medium: 80
  text: 80"),
        applies: AtOnce,
    }

    /// The navigation pane at the left: auto (on screens of at least 140 columns), shown or hidden. B switches it on and off
    /// while you read.
    navigation: NavigationSetting {
        default: NavigationSetting::Auto,
        read: |reader, field, _| reader.one_of(field, &NavigationSetting::WORDS),
        sample: Default("navigation: auto"),
        applies: AtOnce,
    }

    /// Lines of code that are wider than the article are wrapped, and wide tables become lists. With false, both scroll
    /// sideways with ( and ).
    wrap: bool {
        default: true,
        read: |reader, field, _| reader.flag(field),
        sample: Default("wrap: true"),
        applies: AtOnce,
    }

    /// Pictures of articles: auto (as the terminal can), blocks (cells with two colours), off (none is decoded), or a group. `draw`:
    /// auto, blocks, off, or a protocol that your terminal does not report: kitty, sixel or iterm. `rows`: the most rows of a picture
    /// in an article. `remote`: pictures on other computers are fetched when you press I on them (ask), never, or also when you go on
    /// to them with n and p (always, or a list of hosts with such pictures: [example.org]). `cache`: the size of what is kept of them.
    pictures: PictureSettings {
        default: PictureSettings::default(),
        read: |reader, field, _| Some(PictureSettings::read(reader, field)),
        sample: Default("\
pictures:
  draw: auto
  rows: 20
  remote: ask
  cache: 200 MB"),
        applies: AtOnce,
    }

    /// Formats of dates (strftime), and your time zone: local, utc, or an offset such as +02:00. The zone decides
    /// which day it is, in queries too.
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

    /// ASCII instead of lines, arrows and stars, for terminals and fonts without them. Letters of articles are unchanged.
    ascii: bool {
        default: false,
        read: |reader, field, _| reader.flag(field),
        sample: Default("ascii: false"),
        applies: AtOnce,
    }

    /// For screen readers: ASCII, without borders, emoji and animation. --plain does the same for one run.
    plain: bool {
        default: false,
        read: |reader, field, _| reader.flag(field),
        sample: Default("plain: false"),
        applies: AtOnce,
    }

    /// The mouse selects, opens, scrolls and moves the divider between panes. Hold Shift to select text.
    mouse: bool {
        default: true,
        read: |reader, field, _| reader.flag(field),
        sample: Default("mouse: true"),
        applies: AtOnce,
    }

    /// Links can be clicked, if the terminal supports it (OSC 8).
    hyperlinks: bool {
        default: true,
        read: |reader, field, _| reader.flag(field),
        sample: Default("hyperlinks: true"),
        applies: AtNextStart,
    }

    /// The title of the terminal's window counts the unread articles, until you quit: frontpage · 282 unread.
    terminal_title as "terminal title": bool {
        default: true,
        read: |reader, field, _| reader.flag(field),
        sample: Default("terminal title: true"),
        applies: AtOnce,
    }

    /// Command that opens links. %u is replaced by the address; without %u the address comes last.
    /// Default: $BROWSER, then the browser of the desktop. The command cannot use this terminal and must open its own
    /// window. Quotes group words as in a shell, here and in the variables.
    browser: Option<String> {
        default: None,
        read: |reader, field, _| Some(reader.command(field)),
        sample: Example("browser: firefox --new-tab %u"),
        applies: AtOnce,
    }

    /// Command that edits article files. Default: $VISUAL, then $EDITOR, then vi.
    editor: Option<String> {
        default: None,
        read: |reader, field, _| Some(reader.command(field)),
        sample: Example("editor: vi"),
        applies: AtOnce,
    }

    /// Programs that open links in place of the browser: the first whose host (with its subdomains) or pattern fits. The link comes
    /// last, or in place of {link}. A program with `takeover` gets the terminal; text browsers get it anyway.
    openers: Vec<OpenerSetting> {
        default: Vec::new(),
        read: |reader, field, _| Some(OpenerSetting::read(reader, field)),
        sample: Example("\
openers:
  youtube.com: mpv
  \"*.pdf\": zathura {link}
  en.wikipedia.org: {run: w3m, takeover: true}"),
        applies: AtOnce,
    }

    /// Program that plays sound and films, in place of mpv. The link, or the path of the downloaded file, comes last, or in place of
    /// {link}. A program with `takeover` gets the terminal. Default: mpv, which keeps its position; without mpv, the browser.
    player: Option<Result<LinkProgram, ConfigProblem>> {
        default: None,
        read: |reader, field, _| Some(Some(LinkProgram::read_or_why(reader, field.name, field.node))),
        sample: Example("player: [vlc, --play-and-exit]"),
        applies: AtOnce,
    }

    /// Folder of downloaded sound, films and other files, outside of your library. Default: ~/Downloads/frontpage.
    downloads: Option<PathBuf> {
        default: None,
        read: |reader, field, _| Some(reader.path(field)),
        sample: Example("downloads: ~/Music/podcasts"),
        applies: AtOnce,
    }

    /// Your own commands: programs for articles, with a name for the palette and a key. `run` has the placeholders {link}, {title},
    /// {file}, {provider}, {topics}, {query} and {count}; no shell is involved. `input` is what the program reads: nothing, text,
    /// markdown, json or jsonl. `for` says for which articles it runs: article (each of a range), selection (all of a range at once) or view. `output`:
    /// notice, overlay, pager, takeover (it gets the terminal), or none (it has a window). `limit` is its longest time, such as 60s.
    commands: CommandList {
        default: CommandList::default(),
        read: |reader, field, _| Some(CommandSetting::read(reader, field)),
        sample: Example("\
commands:
  - name: archive
    key: gw
    run: archive-tool --title={title} {link}
  - name: summarise
    run: [llm, -s, Summarise this]
    input: text
    output: overlay
    limit: 5m"),
        applies: AtOnce,
    }

    /// What to do with the articles that a query finds: hide, read, star, tag, score. Rules change only what is shown, never
    /// your marks: without the rule everything is as before.
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

    /// Web addresses of the sites that your folders are published on, for o and y on articles without a link. Not needed for
    /// a folder in which, or above which, the settings of Hugo, Jekyll, Zola, Docusaurus, Pelican or MkDocs give the
    /// address; an address here wins over theirs. Name a folder of articles, or one above it. Without such settings, only
    /// articles that name their path, such as permalink: /a/, have an address.
    sites: Vec<SiteSetting> {
        default: Vec::new(),
        read: |reader, field, _| Some(SiteSetting::read(reader, field)),
        sample: Example("\
sites:
  ~/blog: https://example.org/"),
        applies: AtNextStart,
    }

    /// Fetching of subscriptions: `every` is the time between two syncs in the background while frontpage runs, such as 30m
    /// or 2h, or never. Each sync asks only for what is due. `on quit` says what happens to a running sync when you quit:
    /// finish (it goes on by itself) or stop.
    sync: SyncSettings {
        default: SyncSettings::default(),
        read: |reader, field, _| Some(SyncSettings::read(reader, field)),
        sample: Default("\
sync:
  every: 30m
  on quit: finish"),
        applies: AtOnce,
    }

    /// What runs for the new articles of a sync that a query finds: a program (`run`, as in `commands`) or a message
    /// (`notify`: desktop, or terminal: the one that the reader runs in). A program runs once for all articles, with an article in JSON on each line of its input; with
    /// for: article, once for each. The first sync of a subscription runs nothing.
    on_new as "on new": Vec<HookSetting> {
        default: Vec::new(),
        read: |reader, field, _| Some(HookSetting::read(reader, field)),
        sample: Example("\
on new:
  - when: provider:quanta OR topic:tides
    notify: desktop
  - when: has:enclosure
    run: yt-dlp --paths=/home/me/Podcasts -- {link}
    for: article
    limit: 10m"),
        applies: AtOnce,
    }

    /// Keys: a preset (default, newsboat, elfeed), then your own. Write the context, the keys, and the action with its
    /// argument; `none` removes a key. Contexts: everywhere, panes (all four), list, detail, related, navigation, prompt,
    /// picker, links, help, palette, insights, subscriptions, confirm, overlay. The palette (:) lists all actions.
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

/// For each setting another value, and keys that make a screen show the difference (`None` if no screen does). A test
/// applies each in a running session; a new setting needs a line here.
#[cfg(test)]
pub const CHANGES: &[(&str, &str, Option<&str>)] = &[
    ("library", "library: elsewhere", None),
    ("query", "query: title:moon", Some("")),
    ("read", "read: never", Some("<enter>h")),
    ("marks", "marks: elsewhere", None),
    ("theme", "theme: nord", Some("")),
    ("themes", "themes: {mine: {based on: nord}}", Some("TG")),
    ("density", "density: comfortable", Some("")),
    ("list", "list: {date: age}", Some("")),
    ("layout", "layout: {list: 70}", Some("")),
    ("navigation", "navigation: shown", Some("")),
    ("wrap", "wrap: false", None),
    ("pictures", "pictures: off", if cfg!(feature = "pictures") { Some("I") } else { None }),
    ("dates", "dates: {date: \"in %Y\"}", Some("<enter>")),
    ("ascii", "ascii: true", Some("")),
    ("plain", "plain: true", Some("")),
    ("mouse", "mouse: false", None),
    ("hyperlinks", "hyperlinks: false", None),
    ("terminal title", "terminal title: false", None),
    ("browser", "browser: firefox", None),
    ("editor", "editor: ed", None),
    ("openers", "openers: {e.org: mpv}", None),
    ("player", "player: vlc", None),
    ("downloads", "downloads: elsewhere", None),
    ("commands", "commands: [{name: archive, key: ö, run: tool}]", Some(":archive")),
    ("rules", "rules: [{when: title:moon, do: hide}]", Some("")),
    ("sites", "sites: {elsewhere: \"https://example.org/\"}", None),
    ("sync", "sync: {every: never, on quit: stop}", None),
    ("on new", "on new: [{when: title:moon, notify: desktop}]", None),
    ("keys", "keys: {panes: {ö: starred}}", Some("ö")),
];
