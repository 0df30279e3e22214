//! The settings file: defaults, then what the file says; a value that cannot be used becomes a problem with its place.

mod colour;
mod dates;
mod keys;
mod layout;
pub mod paths;
mod problem;
mod read_when;
mod rules;
pub mod saved_searches_file;
mod settings;
mod text_file;
pub mod theme;
pub mod themes;
mod value_reader;
mod yaml_tree;

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

pub use dates::DateSettings;
pub use keys::{KeyBindingSetting, KeySettings, Preset};
pub use layout::{Density, LayoutSettings, SymbolSet};
pub use problem::ConfigProblem;
pub use read_when::ReadWhen;
pub use rules::{RuleAction, RuleSetting};
#[cfg(test)]
pub use settings::CHANGES;
pub use settings::{Applies, SETTINGS, Sample, Setting, Settings, reference};
pub use value_reader::{did_you_mean, suggest};
pub use yaml_tree::{LocatedText, Position};

use value_reader::ValueReader;

/// What to do about a file that cannot be read.
const BROKEN: &str = "nothing of it holds until it is mended";

impl Settings {
    /// Reads a settings file; a missing file has the defaults. `home` replaces `~`; relative paths start from the file's
    /// folder. Fails when nothing of the file can be used.
    pub fn read(file: &Path, home: Option<&Path>) -> Result<(Settings, Vec<ConfigProblem>), ConfigProblem> {
        match text_file::read(file) {
            Ok(Some(text)) => Settings::parse(&text, file.parent().unwrap_or(Path::new("")), home),
            Ok(None) => Ok((Settings::default(), Vec::new())),
            Err(error) => Err(text_file::problem("the settings", &error, BROKEN)),
        }
    }

    /// Reads the text of a settings file in `folder`. Fails when it is not YAML.
    pub fn parse(
        text: &str,
        folder: &Path,
        home: Option<&Path>,
    ) -> Result<(Settings, Vec<ConfigProblem>), ConfigProblem> {
        let root = yaml_tree::read(text, BROKEN)?;
        let (mut settings, mut reader) = (Settings::default(), ValueReader::new(folder, home));
        let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        let fields = reader.fields(&root, "", &names);
        // From the last to the first: `theme` is looked up in `themes`.
        for setting in SETTINGS.iter().rev() {
            if let Some(field) = fields.get(setting.name) {
                (setting.read)(&mut settings, &mut reader, field);
            }
        }
        reader.problems.sort_by_key(|problem| problem.at);
        Ok((settings, reader.problems))
    }
}

/// Creates the settings file with the commented reference; an existing file stays as it is.
pub fn create(file: &Path) -> io::Result<()> {
    if file.exists() {
        return Ok(());
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut opened) => opened.write_all(reference().as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn parse(text: &str) -> (Settings, Vec<String>) {
        let parsed = Settings::parse(text, Path::new("/etc/fp"), Some(Path::new("/home/a")));
        let (settings, problems) = parsed.unwrap_or_else(|problem| (Settings::default(), vec![problem]));
        let told = problems.iter().map(|problem| {
            let (line, column) = problem.at.unwrap_or_default();
            format!("{line}:{column} {}; {}", problem.what, problem.hint)
        });
        (settings, told.collect())
    }

    /// What the samples of the reference say is what the declarations do.
    #[test]
    fn samples_show_the_default_or_a_value_that_can_be_used() {
        for setting in SETTINGS {
            let (settings, problems) = parse(setting.sample.yaml());
            assert_eq!(problems, Vec::<String>::new(), "{}", setting.name);
            let mut expected = Settings::default();
            setting.copy(&mut expected, &settings);
            assert_eq!(settings, expected, "`{}` sets nothing else", setting.name);
            let is_default = settings == Settings::default();
            assert_eq!(is_default, matches!(setting.sample, Sample::Default(_)), "{}", setting.sample.yaml());
        }
    }

    #[test]
    fn the_reference_is_commented_out_and_has_each_setting_with_its_text() {
        let reference = reference();
        assert!(reference.lines().all(|line| line.is_empty() || line.starts_with("# ")), "{reference}");
        assert!(reference.contains("; library, query, marks and hyperlinks apply from the next start on.\n"));
        for Setting { name, text, sample, .. } in SETTINGS {
            let first = sample.yaml().lines().next().unwrap_or_default();
            assert!(reference.contains(&format!("\n\n#{}\n", text[0])), "{name}");
            assert!(first.starts_with(&format!("{name}:")) && reference.contains(&format!("\n# {first}\n")), "{name}");
        }
    }

    /// What applies at the next start stays while the reader runs, and all else changes.
    #[test]
    fn settings_apply_at_once_or_at_the_next_start() {
        let (running, other) = (Settings::default(), parse("query: moon\nhyperlinks: no\nmouse: no\nread: never\n").0);
        let expected = Settings { mouse: false, read: ReadWhen::Never, ..Settings::default() };
        assert_eq!(other.while_running(&running), expected);
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
        assert_eq!(
            (config.themes.names(themes::ColourDepth::TrueColour).count(), told.len()),
            (200 + themes::BUILT_IN.len(), 201)
        );
    }

    fn command(bound: &KeyBindingSetting) -> Option<&str> {
        bound.command.as_ref().map(|command| command.text.as_str())
    }

    #[test]
    fn of_a_name_that_is_there_twice_the_last_holds_where_it_stands() {
        let (config, told) = parse("keys:\n  panes:\n    a: up\n    b: up\n    a: down\n");
        let bound: Vec<_> =
            config.keys.bindings.iter().map(|bound| (bound.keys.text.as_str(), command(bound))).collect();
        assert_eq!(
            (bound, told),
            (
                vec![("b", Some("up")), ("a", Some("down"))],
                vec!["5:5 `a` is there twice; the last one holds".to_owned()]
            )
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_at_all_is_broken_and_one_with_mistakes_is_not() {
        let parse = |text| Settings::parse(text, Path::new(""), None);
        assert!(parse("theme: [").is_err() && parse("theme: {").is_err());
        assert!(parse("theme: nothing like it\nx: y\n").is_ok() && parse("").is_ok());
        let folder = tempfile::TempDir::new().expect("a folder");
        assert!(Settings::read(folder.path(), None).is_err(), "a folder");
        assert!(Settings::read(&folder.path().join("none"), None).is_ok());
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
        assert_eq!(
            (config.editor.as_deref(), config.read, config.mouse),
            (Some("vi"), ReadWhen::After(chrono::TimeDelta::seconds(5)), false)
        );
        assert_eq!(config.query, Some(LocatedText { text: "2024".to_owned(), at: (3, 8) }));
        assert_eq!(config.density, Density::Comfortable);
        assert_eq!(config.layout, LayoutSettings { list: Some(30), wide: 100, medium: 80 });
        assert_eq!((config.dates.date.as_str(), config.dates.time.as_str()), ("%Y-%m-%d", "%H:%M"));
        assert!(matches!(config.dates.zone, crate::dates::Zone::Fixed(offset) if offset.local_minus_utc() == 7200));
        let rules: Vec<_> =
            config.rules.iter().map(|rule| (rule.when.text.as_str(), rule.when.at, &rule.actions)).collect();
        assert_eq!(
            rules,
            [
                ("topic:crypto", (12, 11), &vec![RuleAction::Hide, RuleAction::Score(-5)]),
                ("a b", (14, 13), &vec![RuleAction::Star]),
            ]
        );
        let keys: Vec<_> =
            config.keys.bindings.iter().map(|bound| (bound.keys.text.as_str(), command(bound))).collect();
        assert_eq!((config.keys.preset, keys), (Preset::Newsboat, vec![("gx", Some("open")), ("<space>", None)]));
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
        assert_eq!(config, Settings::default());
        assert!(problems[0].starts_with("2:9 "), "{problems:?}");
    }
}
