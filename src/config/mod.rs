//! Settings, rules, keys, themes and saved searches as the user writes them in files. Settings are checked one by one: an invalid
//! one is reported with its position and keeps its default.

pub mod colour;
mod commands;
mod dates;
mod declaration;
pub mod edited_file;
mod hooks;
mod keys;
mod list;
mod openers;
pub mod paths;
mod pictures;
mod problem;
mod program_output;
mod program_template;
mod read_when;
mod rules;
pub mod saved_searches_file;
mod saved_searches_text;
mod screen;
mod settings;
mod sites;
mod sync;
pub mod text_file;
pub mod theme;
pub mod themes;
pub mod trusted_file;
pub mod value_reader;
pub mod yaml_tree;

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

pub use commands::{CommandInput, CommandList, CommandScope, CommandSetting, RefusedCommand};
pub use dates::DateSettings;
pub use declaration::{Applies, Sample};
pub use hooks::{HookAction, HookSetting, NotifyBy};
pub use keys::{KeyBindingSetting, KeySettings, Preset};
pub use list::{DayLines, ListDates, ListSettings};
pub use openers::{LinkProgram, OpenerSetting, needs_terminal};
pub use pictures::{PictureDrawing, PictureSettings, RemotePictures};
pub use problem::ConfigProblem;
pub use program_output::ProgramOutputUse;
pub use program_template::{Placeholder, ProgramTemplate, TemplateError};
pub use read_when::ReadWhen;
pub use rules::{RuleAction, RuleSetting};
pub use screen::{Density, LayoutSettings, NavigationSetting, SymbolSet};
#[cfg(test)]
pub use settings::CHANGES;
pub use settings::{SETTINGS, Setting, Settings, reference};
pub use sites::SiteSetting;
pub use sync::{OnQuit, SyncSettings};
pub use value_reader::{did_you_mean, suggest};
pub use yaml_tree::{LocatedText, Position};

use trusted_file::Untrusted;
use value_reader::ValueReader;

/// The settings that name programs: they apply only if no other user can have written them.
const PROGRAM_SETTINGS: [&str; 6] = ["browser", "editor", "commands", "openers", "player", "on new"];

impl Settings {
    /// Reads a settings file; if there is none, the defaults apply. `home` replaces `~`, and relative paths start at the file's
    /// folder. An error means that nothing in the file can be used.
    pub fn read(file: &Path, home: Option<&Path>) -> Result<(Settings, Vec<ConfigProblem>), ConfigProblem> {
        let unreadable = |error| text_file::problem("the settings", &error, "ignored until fixed");
        let Some(opened) = text_file::open(file).map_err(unreadable)? else {
            return Ok((Settings::default(), Vec::new()));
        };
        let untrusted = trusted_file::check(file, &opened).map_err(unreadable)?;
        let text = text_file::read_opened(opened, text_file::MAX_BYTES).map_err(unreadable)?;
        Settings::parse_with(&text, file.parent().unwrap_or(Path::new("")), home, untrusted.as_ref())
    }

    /// Parses the text of a settings file in `folder`. An error means that it is not YAML.
    pub fn parse(
        text: &str,
        folder: &Path,
        home: Option<&Path>,
    ) -> Result<(Settings, Vec<ConfigProblem>), ConfigProblem> {
        Settings::parse_with(text, folder, home, None)
    }

    /// Parses the text of a settings file. `untrusted` says why other users may have written it: then no setting that names programs
    /// applies.
    fn parse_with(
        text: &str,
        folder: &Path,
        home: Option<&Path>,
        untrusted: Option<&Untrusted>,
    ) -> Result<(Settings, Vec<ConfigProblem>), ConfigProblem> {
        let (root, rest) = yaml_tree::read_with_rest(text, "ignored")?;
        let (mut settings, mut reader) = (Settings::default(), ValueReader::new(folder, home));
        reader.problems.extend(rest);
        let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        let fields = reader.fields(&root, "", &names);
        // In reverse order, because the theme names in `themes` must be known before `theme` is read.
        for setting in SETTINGS.iter().rev() {
            let Some(field) = fields.get(setting.name) else { continue };
            match untrusted.filter(|_| PROGRAM_SETTINGS.contains(&setting.name)) {
                None => (setting.read)(&mut settings, &mut reader, field),
                Some(untrusted) => {
                    let what = format!("`{}` names programs, and {}", setting.name, untrusted.what);
                    reader.report(field.node, &what, &format!("{}; ignored until then", untrusted.remedy));
                }
            }
        }
        // Settings were read in reverse order, but users fix a file from the top.
        reader.problems.sort_by_key(|problem| problem.at);
        Ok((settings, reader.problems))
    }
}

/// Creates a settings file with the commented reference. An existing file is left alone.
pub fn create(file: &Path) -> io::Result<()> {
    if file.exists() {
        return Ok(());
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut opened) => opened.write_all(reference().as_bytes()),
        // Another instance was faster.
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
        let reported = problems.iter().map(|problem| {
            let (line, column) = problem.at.unwrap_or_default();
            format!("{line}:{column} {problem}")
        });
        (settings, reported.collect())
    }

    #[test]
    fn settings_that_name_programs_apply_only_if_no_other_user_can_write_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("config.yaml");
        let text = "mouse: no\nbrowser: firefox\neditor: ed\ncommands: [{name: a, run: b}]\nopeners: {e.org: mpv}\n\
                    on new: [{when: a, notify: desktop}]\nplayer: vlc\n";
        #[allow(clippy::disallowed_methods)]
        std::fs::write(&file, text).expect("a file");
        let read = |path: &Path, mode: u32| {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("the mode");
            Settings::read(&file, None).expect("the settings")
        };
        let (settings, problems) = read(&file, 0o600);
        let counts = [settings.commands.len(), settings.openers.len(), settings.on_new.len()];
        assert_eq!((problems, counts), (Vec::new(), [1; 3]));
        for (path, mode, right) in
            [(file.as_path(), 0o620, 0o600), (&file, 0o602, 0o600), (folder.path(), 0o777, 0o700)]
        {
            let (settings, problems) = read(path, mode);
            assert_eq!(settings, Settings { mouse: false, ..Settings::default() }, "{mode:o}");
            let lines: Vec<_> = problems.iter().filter_map(|problem| problem.at).collect();
            assert_eq!(lines, [(2, 10), (3, 9), (4, 11), (5, 10), (6, 9), (7, 9)]);
            let words = problems[0].to_string();
            assert!(words.starts_with("`browser` names programs, and other users can write to /"), "{words}");
            assert!(words.contains("; run `chmod go-w /") && words.ends_with("`; ignored until then"), "{words}");
            read(path, right);
        }
    }

    #[test]
    fn commands_are_read() {
        let (settings, problems) = parse(
            "commands:\n  - {name: read  later, key: gw, run: 'wallabag add -- {title} {link}'}\n  \
             - name: sum up\n    run: [llm, -s, \"two words\"]\n    input: text\n    for: selection\n    output: pager\n    limit: 5m\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let [later, sum] = &*settings.commands else { panic!("{settings:?}") };
        assert_eq!(
            (later.name.text.as_str(), later.key.as_ref().map(|key| (key.text.as_str(), key.at))),
            ("read later", Some(("gw", (2, 30))))
        );
        assert_eq!(
            (later.input, later.scope, later.output),
            (CommandInput::Nothing, CommandScope::Article, ProgramOutputUse::Notice)
        );
        assert_eq!(sum.program, ProgramTemplate::split("llm -s 'two words'").expect("a program"));
        assert_eq!(
            (sum.input, sum.scope, sum.output, sum.limit.as_secs()),
            (CommandInput::Text, CommandScope::Selection, ProgramOutputUse::Pager, 300)
        );
    }

    #[test]
    fn mistakes_in_commands_and_openers_are_reported_with_position() {
        let (settings, problems) = parse(
            "commands:\n  - run: a\n  - name: b\n  - {name: c, run: 'c {titel}'}\n  - {name: d, run: [d, '{title}']}\n  - e\n  \
             - {name: f, run: f, input: html, output: window, for: all, limit: 2d}\n  - {name: f, run: g}\n  \
             - {name: h, run: 'h --t={title}', for: view}\n  - {name: i, run: {link}}\n  - {name: j, run: [[]]}\n\
             openers:\n  a b: mpv\n  e.org: mpv {title}\n  f.org: {takeover: yes}\n  g.org: 'mpv \"'\n",
        );
        assert_eq!(settings.commands.iter().map(|command| command.name.text.as_str()).collect::<Vec<_>>(), ["f"]);
        let openers = settings.openers.iter().map(|opener| (opener.pattern.as_str(), opener.run.is_ok()));
        assert_eq!(openers.collect::<Vec<_>>(), [("e.org", false), ("f.org", false), ("g.org", false)]);
        let reported = [
            "2:5 command without `name`; add the name: name: archive",
            "3:5 command without `run`; add the program: run: mpv {link}",
            "4:20 unknown placeholder `{titel}` (did you mean `title`?)",
            "5:20 `{title}` begins an argument, so a text that begins with `-` would be an option; write -- before it, or put it behind an option in one word: --title={title}",
            "6:5 text is not a command; start each command with `- name:`",
            "7:30 `html` is not a value of `input`; write one of nothing, text, markdown, json, jsonl",
            "7:44 `window` is not a value of `output`; write one of none, notice, overlay, pager, takeover",
            "7:57 `all` is not a value of `for`; write one of article, selection, view",
            "7:69 `2d` is not a value of `limit`; write a time from 1s to 1h, such as 90s or 5m",
            "8:5 `f` is named twice; only the first applies",
            "9:20 `{title}` is of one article, and the command is for several; only {link} and {file} can be given, as words of their own, and {count}",
            "10:20 `run` is a group of settings, not a program; write the program with its arguments in quotes",
            "11:20 `run` contains more than words; write [mpv, \"{link}\"]",
            "13:3 `a b` is not a pattern of links; write a host, or a pattern such as *.pdf",
            "14:10 `{title}` begins an argument, so a text that begins with `-` would be an option; write -- before it, or put it behind an option in one word: --title={title}",
            "15:10 `f.org` has no `run`; add the program: run: w3m",
            "16:10 a quote is not closed; ignored until fixed",
        ];
        assert_eq!(problems, reported);
    }

    #[test]
    fn programs_for_new_articles_are_read() {
        let (settings, problems) = parse(
            "on new:\n  - {when: topic:rust, run: 'a {link} {count}'}\n  - when: 'a b'\n    run: [b, '--t={title}']\n    \
             for: article\n    input: nothing\n    limit: 10m\n  - {when: \"\", notify: desktop}\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let [all, each, notify] = settings.on_new.as_slice() else { panic!("{settings:?}") };
        let run = |hook: &HookSetting| match &hook.action {
            HookAction::Run(command) => (command.input, command.scope, command.limit.as_secs()),
            HookAction::Notify(_) => panic!("no program"),
        };
        assert_eq!(run(all), (CommandInput::Jsonl, CommandScope::Selection, 60));
        assert_eq!(run(each), (CommandInput::Nothing, CommandScope::Article, 600));
        assert_eq!((each.when.text.as_str(), each.when.at), ("a b", (3, 12)));
        assert_eq!((notify.when.text.as_str(), &notify.action), ("", &HookAction::Notify(NotifyBy::Desktop)));
        let keys: std::collections::BTreeSet<String> = settings.on_new.iter().map(HookSetting::key).collect();
        assert_eq!(keys.len(), 3);
        assert_eq!(parse("on new:\n\n  - {when: topic:rust, run: 'a {link} {count}'}\n").0.on_new[0].key(), all.key());
    }

    #[test]
    fn mistakes_in_programs_for_new_articles_are_reported_with_position() {
        let (settings, problems) = parse(
            "on new:\n  - run: a\n  - when: b\n  - {when: c, run: 'c {titel}'}\n  - {when: d, run: 'd --t={title}'}\n  - e\n  \
             - {when: [f], run: f}\n  - {when: g, run: g, notify: desktop}\n  - {when: h, notify: phone}\n  \
             - {when: i, notify: desktop, limit: 5s}\n  - {when: j, run: j, for: selection}\n  - {when: k, run: k, limit: 11m, input: x}\n  \
             - {wen: l, run: l}\n",
        );
        let kept: Vec<&str> = settings.on_new.iter().map(|hook| hook.when.text.as_str()).collect();
        assert_eq!(kept, ["i", "k"]);
        let reported = [
            "2:5 entry of `on new` without `when`; add the query: when: topic:rust",
            "3:5 entry of `on new` without `run` or `notify`; add a program, such as run: mpv {link}, or notify: desktop",
            "4:20 unknown placeholder `{titel}` (did you mean `title`?)",
            "5:20 `{title}` is of one article, and the command is for several; add for: article",
            "6:5 text is not an entry of `on new`; start each entry with `- when:`",
            "7:12 `when` is a list, not a query; write a single text",
            "8:31 `notify` beside `run`; write an entry for each",
            "9:23 `phone` is not a value of `notify`; write one of desktop, terminal",
            "10:39 `limit` has no effect with `notify`; remove it",
            "11:28 `selection` is not a value of `for`; write one of all, article",
            "12:30 `11m` is not a value of `limit`; write a time from 1s to 10m, such as 90s or 5m",
            "12:42 `x` is not a value of `input`; write one of nothing, text, markdown, json, jsonl",
            "13:5 entry of `on new` without `when`; add the query: when: topic:rust",
            "13:6 unknown setting `wen` of `on new` (did you mean `when`?)",
        ];
        assert_eq!(problems, reported);
    }

    /// The samples in the reference agree with the declared defaults.
    #[test]
    fn samples_are_the_default_or_valid_examples() {
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
        assert!(
            reference.contains("; changes of library, query, marks, hyperlinks and sites apply at the next start.\n")
        );
        for Setting { name, text, sample, .. } in SETTINGS {
            let first = sample.yaml().lines().next().unwrap_or_default();
            assert!(reference.contains(&format!("\n\n#{}\n", text[0])), "{name}");
            assert!(first.starts_with(&format!("{name}:")) && reference.contains(&format!("\n# {first}\n")), "{name}");
        }
    }

    /// In a running session, settings for the next start keep their values, all others change.
    #[test]
    fn settings_apply_at_once_or_at_the_next_start() {
        let (running, other) = (Settings::default(), parse("query: moon\nhyperlinks: no\nmouse: no\nread: never\n").0);
        let expected = Settings { mouse: false, read: ReadWhen::Never, ..Settings::default() };
        assert_eq!(other.while_running(&running), expected);
    }

    #[test]
    fn long_lists_are_cut() {
        let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
        let keys = lines(40_000, &|n| format!("    <f1>{n}: up\n"));
        let (config, reported) = parse(&format!("keys:\n  panes:\n{keys}"));
        assert_eq!(
            (config.keys.bindings.len(), reported.as_slice()),
            (1000, &["2:3 more than 1000 keys; only the first 1000 apply".to_owned()][..])
        );
        let rules = lines(30_000, &|n| format!("  - when: a{n}\n    do: hide\n"));
        let (config, reported) = parse(&format!("rules:\n{rules}"));
        assert_eq!(
            (config.rules.len(), reported.as_slice()),
            (1000, &["2:3 more than 1000 rules; only the first 1000 apply".to_owned()][..])
        );
        let themes = lines(20_000, &|n| {
            format!("  a{n}: {{based on: b{n}}}\n").replace(['{', '}'], "").replace(": based", ":\n    based")
        });
        let (config, reported) = parse(&format!("themes:\n{themes}"));
        assert_eq!(
            (config.themes.names(themes::ColourDepth::TrueColour).count(), reported.len()),
            (200 + themes::BUILT_IN.len(), 201)
        );
    }

    fn command(bound: &KeyBindingSetting) -> Option<&str> {
        bound.command.as_ref().map(|command| command.text.as_str())
    }

    #[test]
    fn the_last_of_two_equal_names_wins_at_its_own_position() {
        let (config, reported) = parse("keys:\n  panes:\n    a: up\n    b: up\n    a: down\n");
        let bound: Vec<_> =
            config.keys.bindings.iter().map(|bound| (bound.keys.text.as_str(), command(bound))).collect();
        assert_eq!(
            (bound, reported),
            (
                vec![("b", Some("up")), ("a", Some("down"))],
                vec!["5:5 `a` occurs twice; the last one applies".to_owned()]
            )
        );
    }

    #[test]
    fn only_an_unreadable_file_is_an_error() {
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
        assert_eq!(config.layout, LayoutSettings { list: Some(30), wide: 100, medium: 80, text: 80 });
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
    fn mistakes_are_reported_with_position_and_the_rest_applies() {
        let (config, problems) = parse(
            "browzer: firefox\nquery: [3]\neditor: vi\nread: soon\nmouse: perhaps\ndensity: compakt\neditor: emacs\n\
             layout:\n  list: 95\n  wide: 70\n  hight: 3\ndates: {date: \"%!\", zone: mars}\n\
             rules:\n  - when: a\n    do: [hidden, rate]\n  - do: hide\n  - when: b\n  - c\n  - {when: d, do: [score: x]}\n\
             keys:\n  preset: vim\n  panes: j\n  list:\n    x: [y]\n",
        );
        assert_eq!(config.editor.as_deref(), Some("emacs"));
        let reported = [
            "1:1 unknown setting `browzer` (did you mean `browser`?)",
            "2:8 `query` is a list, not text; write a single text",
            "4:7 `soon` is not a value of `read`; write opened, left, never, or seconds such as 5s",
            "5:8 `perhaps` is not a value of `mouse`; write true or false",
            "6:10 `compakt` is not a value of `density` (did you mean `compact`?)",
            "7:1 `editor` occurs twice; the last one applies",
            "9:9 `95` is not a value of `list`; write a number from 20 to 80",
            "10:9 `medium: 80` is more than `wide: 70`; write at most 70 for `medium`",
            "11:3 unknown setting `hight` of `layout`; write one of list, wide, medium, text",
            "12:15 `%!` is not a value of `date`; write a strftime format such as %Y-%m-%d or %H:%M",
            "12:27 `mars` is not a value of `zone`; write utc, local, or an offset such as +02:00",
            "15:10 `hidden` is not an action of a rule (did you mean `hide`?)",
            "15:18 `rate` is not an action of a rule; write hide, read, star, a tag such as tag: to read, or a score such as score: +10",
            "16:5 rule without `when`; add the query: when: topic:crypto",
            "17:5 rule without `do`; add what to do with the articles: do: [hide]",
            "18:5 text is not a rule; start each rule with `- when:`",
            "19:20 this is not an action of a rule; write hide, read, star, a tag such as tag: to read, or a score such as score: +10",
            "21:11 `vim` is not a value of `preset`; write one of default, newsboat, elfeed",
            "22:10 `panes` is text, not a group of settings; see frontpage config --default",
            "24:8 a list is not an action; write the name of an action",
        ];
        assert_eq!(problems, reported);
        let (_, problems) = parse("- a\n");
        assert_eq!(problems, ["1:1 the settings are a list, not `name: value` lines; see frontpage config --default"]);
    }

    #[test]
    fn broken_yaml_is_reported_with_its_position() {
        let (config, problems) = parse("library: a\nquery: b: c\n");
        assert_eq!(config, Settings::default());
        assert!(problems[0].starts_with("2:9 "), "{problems:?}");
    }
}
