//! Settings: the defaults, then the file; what cannot be used is told with its place and left at its default.

mod colour;
mod keys;
mod looks;
pub mod paths;
mod problem;
mod reading;
mod rules;
pub mod searches;
mod text_file;
pub mod theme;
pub mod themes;
mod tree;

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

pub use keys::{KeySettings, Preset, WrittenKeys};
pub use looks::{Dates, Density, Layout, Looks, Signs};
pub use problem::ConfigProblem;
pub use reading::suggest;
pub use rules::{RuleAct, RuleSetting};
pub use tree::{Place, Written};

use reading::Reader;
use themes::Themes;

/// The settings with their defaults, as a commented file.
pub const DEFAULT: &str = include_str!("default.yaml");

/// What it means that the file cannot be read.
const BROKEN: &str = "nothing of it holds until it is mended";

/// The names of the settings.
const NAMES: [&str; 17] = [
    "library",
    "query",
    "read",
    "marks",
    "theme",
    "themes",
    "density",
    "layout",
    "dates",
    "ascii",
    "plain",
    "mouse",
    "hyperlinks",
    "browser",
    "editor",
    "rules",
    "keys",
];

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Folders and files to read when none are named.
    pub library: Vec<PathBuf>,
    /// The query that the reader starts with.
    pub query: Option<Written>,
    /// When an article counts as read.
    pub read: Read,
    /// The folder of the marks, instead of the one in the data folder.
    pub marks: Option<PathBuf>,
    /// The themes, and which of them is wished for.
    pub themes: Themes,
    /// How the screen looks.
    pub looks: Looks,
    /// Whether mouse events are asked for.
    pub mouse: bool,
    /// Whether links can be clicked in the terminal.
    pub hyperlinks: bool,
    /// The command that opens links, instead of `$BROWSER` and the desktop's.
    pub browser: Option<String>,
    /// The command that edits files, instead of `$VISUAL` and `$EDITOR`.
    pub editor: Option<String>,
    /// What becomes of articles that queries find.
    pub rules: Vec<RuleSetting>,
    /// What keys do.
    pub keys: KeySettings,
    /// The file is there but cannot be read at all; so these are the defaults.
    pub is_broken: bool,
}

/// When an article that is opened counts as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Read {
    /// When it is opened.
    #[default]
    Opened,
    /// When one goes on.
    Left,
    /// After so many seconds.
    After(u32),
    /// When the reader says so.
    Never,
}

impl Read {
    fn parse(word: &str) -> Option<Read> {
        match word {
            "opened" => Some(Read::Opened),
            "left" => Some(Read::Left),
            "never" => Some(Read::Never),
            word => word.strip_suffix('s')?.trim_end().parse().ok().map(Read::After),
        }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config::parse("", Path::new(""), None).0
    }
}

impl Config {
    /// Reads the settings of a file that may be missing. `home` stands for `~`; relative paths are relative to the file.
    pub fn read(file: &Path, home: Option<&Path>) -> (Config, Vec<ConfigProblem>) {
        match text_file::read(file) {
            Ok(Some(text)) => Config::parse(&text, file.parent().unwrap_or(Path::new("")), home),
            Ok(None) => (Config::default(), Vec::new()),
            Err(error) => (Config::broken(), vec![text_file::problem("the settings", &error, BROKEN)]),
        }
    }

    fn broken() -> Config {
        Config { is_broken: true, ..Config::default() }
    }

    /// Reads settings. Paths are relative to `folder`.
    pub fn parse(text: &str, folder: &Path, home: Option<&Path>) -> (Config, Vec<ConfigProblem>) {
        let root = match tree::read(text, BROKEN) {
            Ok(root) => root,
            Err(problem) => return (Config::broken(), vec![problem]),
        };
        let mut reader = Reader::default();
        let fields = reader.fields(&root, "", &NAMES);
        let path = |path: &str| resolve(path, folder, home);
        let known = "write opened, left, never, or seconds as in 5s";
        let config = Config {
            library: reader.texts(&fields, "library").iter().map(|written| path(&written.text)).collect(),
            query: reader.written(&fields, "query"),
            read: reader.meaning(&fields, "read", Read::parse, known).unwrap_or_default(),
            marks: reader.text(&fields, "marks").map(|text| path(&text)),
            themes: Themes::read(&mut reader, &fields),
            looks: Looks::read(&mut reader, &fields),
            mouse: reader.flag(&fields, "mouse").unwrap_or(true),
            hyperlinks: reader.flag(&fields, "hyperlinks").unwrap_or(true),
            browser: reader.command(&fields, "browser"),
            editor: reader.command(&fields, "editor"),
            rules: RuleSetting::read(&mut reader, &fields),
            keys: KeySettings::read(&mut reader, &fields),
            is_broken: false,
        };
        reader.problems.sort_by_key(|problem| problem.at);
        (config, reader.problems)
    }
}

/// Creates the file with the commented defaults; one that is there stays as it is.
pub fn create(file: &Path) -> io::Result<()> {
    if file.exists() {
        return Ok(());
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut opened) => opened.write_all(DEFAULT.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn resolve(path: &str, folder: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ if path == "~" => home.unwrap_or(folder).to_owned(),
        _ => folder.join(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Config, Vec<String>) {
        let (config, problems) = Config::parse(text, Path::new("/etc/fp"), Some(Path::new("/home/a")));
        let told = problems.iter().map(|problem| {
            let (line, column) = problem.at.unwrap_or_default();
            format!("{line}:{column} {}; {}", problem.what, problem.hint)
        });
        (config, told.collect())
    }

    #[test]
    fn the_commented_defaults_are_the_defaults() {
        assert_eq!(Config::parse(DEFAULT, Path::new(""), None), (Config::default(), Vec::new()));
        for name in NAMES {
            assert!(DEFAULT.contains(&format!("\n# {name}:")), "{name} is explained");
        }
    }

    /// Each comment that looks like a setting is one, and every setting it shows can be read.
    #[test]
    fn what_the_commented_defaults_show_can_be_used() {
        let shown: String = DEFAULT
            .lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| is_yaml(line))
            .fold(String::new(), |text, line| text + line + "\n");
        let (config, problems) = parse(&shown);
        assert_eq!(problems, Vec::<String>::new(), "{shown}");
        assert!(!config.rules.is_empty() && !config.keys.bindings.is_empty());
        assert_eq!(config.themes.names().last(), Some("mine"));
    }

    /// Words begin with a capital or in the middle of a sentence, settings with their name or with blanks.
    fn is_yaml(line: &str) -> bool {
        let name = line.split(':').next().unwrap_or_default();
        (line.contains(':') && NAMES.contains(&name)) || line.starts_with("  ")
    }

    #[test]
    fn of_more_than_anybody_needs_the_first_hold() {
        let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
        let keys = lines(40_000, &|n| format!("    <f1>{n}: up\n"));
        let (config, told) = parse(&format!("keys:\n  panes:\n{keys}"));
        assert_eq!(
            (config.keys.bindings.len(), told.as_slice()),
            (1000, &["2:3 more than 1000 keys; the first ones hold".to_owned()][..])
        );
        let rules = lines(30_000, &|n| format!("  - when: a{n}\n    do: hide\n"));
        let (config, told) = parse(&format!("rules:\n{rules}"));
        assert_eq!(
            (config.rules.len(), told.as_slice()),
            (1000, &["2:3 more than 1000 rules; the first ones hold".to_owned()][..])
        );
        let themes = lines(20_000, &|n| {
            format!("  a{n}: {{based on: b{n}}}\n").replace(['{', '}'], "").replace(": based", ":\n    based")
        });
        let (config, told) = parse(&format!("themes:\n{themes}"));
        assert_eq!((config.themes.names().count(), told.len()), (200 + themes::BUILT_IN.len(), 201));
    }

    #[test]
    fn of_a_name_that_is_there_twice_the_last_holds_where_it_stands() {
        let (config, told) = parse("keys:\n  panes:\n    a: up\n    b: up\n    a: down\n");
        let bound: Vec<_> =
            config.keys.bindings.iter().map(|bound| (bound.keys.text.as_str(), bound.command.text.as_str())).collect();
        assert_eq!(
            (bound, told),
            (vec![("b", "up"), ("a", "down")], vec!["5:5 `a` is there twice; the last one holds".to_owned()])
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_at_all_is_broken_and_one_with_mistakes_is_not() {
        assert!(parse("theme: [").0.is_broken && !parse("theme: {").1.is_empty());
        assert!(!parse("theme: nothing like it\nx: y\n").0.is_broken && !parse("").0.is_broken);
        let folder = tempfile::TempDir::new().expect("a folder");
        assert!(Config::read(folder.path(), None).0.is_broken, "a folder");
        assert!(!Config::read(&folder.path().join("none"), None).0.is_broken);
    }

    #[test]
    fn settings_are_read() {
        let text = "library: [~/news, more]\neditor: vi\nquery: 2024\nread: 5s\nmouse: no\ndensity: comfortable\n\
            layout: {list: 30, wide: 100}\ndates:\n  date: \"%Y-%m-%d\"\n  zone: \"+02:00\"\n\
            rules:\n  - when: topic:crypto\n    do: [hide, score: -5]\n  - {when: \"a b\", do: star}\n\
            keys:\n  preset: newsboat\n  panes:\n    gx: open\n    <space>: none\n";
        let (config, problems) = parse(text);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(config.library, [PathBuf::from("/home/a/news"), PathBuf::from("/etc/fp/more")]);
        assert_eq!((config.editor.as_deref(), config.read, config.mouse), (Some("vi"), Read::After(5), false));
        assert_eq!(config.query, Some(Written { text: "2024".to_owned(), at: (3, 8) }));
        assert_eq!(config.looks.density, Density::Comfortable);
        assert_eq!(config.looks.layout, Layout { list: Some(30), wide: 100, medium: 80 });
        assert_eq!((config.looks.dates.date.as_str(), config.looks.dates.time.as_str()), ("%Y-%m-%d", "%H:%M"));
        assert!(
            matches!(config.looks.dates.zone, crate::dates::Zone::Fixed(offset) if offset.local_minus_utc() == 7200)
        );
        let rules: Vec<_> =
            config.rules.iter().map(|rule| (rule.when.text.as_str(), rule.when.at, &rule.acts)).collect();
        assert_eq!(
            rules,
            [
                ("topic:crypto", (12, 11), &vec![RuleAct::Hide, RuleAct::Score(-5)]),
                ("a b", (14, 13), &vec![RuleAct::Star]),
            ]
        );
        let keys: Vec<_> =
            config.keys.bindings.iter().map(|b| (b.keys.text.as_str(), b.command.text.as_str())).collect();
        assert_eq!((config.keys.preset, keys), (Preset::Newsboat, vec![("gx", "open"), ("<space>", "none")]));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_the_rest_holds() {
        let (config, problems) = parse(
            "browzer: firefox\nquery: [3]\neditor: vi\nread: soon\nmouse: perhaps\ndensity: compakt\neditor: emacs\n\
             layout:\n  list: 95\n  wide: 70\n  hight: 3\ndates: {date: \"%!\", zone: mars}\n\
             rules:\n  - when: a\n    do: [hidden, rate]\n  - do: hide\n  - when: b\n  - c\n  - {when: d, do: [score: x]}\n\
             keys:\n  preset: vim\n  panes: j\n  list:\n    x: [y]\n",
        );
        assert_eq!(config.editor.as_deref(), Some("emacs"));
        let told = [
            "1:1 unknown setting `browzer`; did you mean `browser`?",
            "2:8 `query` is a list, not text; write one text",
            "4:7 `read: soon` is not known; write opened, left, never, or seconds as in 5s",
            "5:8 `mouse: perhaps` is not known; write true or false",
            "6:10 `density: compakt` is not known; did you mean `compact`?",
            "7:1 `editor` is there twice; the last one holds",
            "9:9 `list: 95` is not known; write a number from 20 to 80",
            "10:9 `medium: 80` is more than `wide: 70`; the list would never stand above the article",
            "11:3 unknown setting `hight` of `layout`; there are list, wide, medium",
            "12:15 `date: %!` is not known; write it as for strftime: %Y-%m-%d, %H:%M",
            "12:27 `zone: mars` is not known; write utc, local, or as in +02:00",
            "15:10 `hidden` is nothing that a rule can do; did you mean `hide`?",
            "15:18 `rate` is nothing that a rule can do; write hide, read, star, or score as in score: +10",
            "16:5 a rule without `when`; write the query of the rule: when: topic:crypto",
            "17:5 a rule without `do`; write what becomes of the articles: do: [hide]",
            "18:5 text is no rule; begin each rule with `- when:`",
            "19:20 this is nothing that a rule can do; write hide, read, star, or score as in score: +10",
            "21:11 `preset: vim` is not known; there are default, newsboat, elfeed",
            "22:10 `panes` is text, not a group of settings; see frontpage config --default",
            "24:8 a list is nothing that keys can do; name an action",
        ];
        assert_eq!(problems, told);
        let (_, problems) = parse("- a\n");
        assert_eq!(problems, ["1:1 the settings are a list, not `name: value` lines; see frontpage config --default"]);
    }

    #[test]
    fn a_broken_file_is_told_with_its_place() {
        let (config, problems) = parse("library: a\nquery: b: c\n");
        assert_eq!(config, Config { is_broken: true, ..Config::default() });
        assert!(problems[0].starts_with("2:9 "), "{problems:?}");
    }
}
