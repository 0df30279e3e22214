//! Commands of the user in keys, palette, help and hints, and the prompts of `|` and `w`, without a terminal.

use frontpage::app::{Effect, Event};
use frontpage::config::{ProgramOutputUse, Settings};
use frontpage::feed::Problem;
use frontpage::jobs::{Answer, Done, JobId, JobKind, JobReport, JobStatus};
use frontpage::keymap::Keymap;
use std::path::Path;

use crate::harness::reader::Reader;

const SETTINGS: &str = "\
commands:
  - {name: read later, key: gw, run: 'later -- {title}'}
  - {name: all, run: 'each {link}', for: view, input: json, output: overlay}
  - {name: pair, key: <ctrl-y>, run: 'both {link}', for: selection, output: takeover}
";

/// A reader with the commands, as the program reads them, and the problems of their keys.
fn reader(settings: &str) -> (Reader, Vec<String>) {
    let (parsed, problems) = Settings::parse(settings, Path::new(""), None).expect("settings");
    let (mut keymap, wrong) = Keymap::with(&parsed.keys).expect("the keys");
    let problems: Vec<_> = problems.into_iter().chain(wrong).chain(keymap.bind_commands(&parsed.commands)).collect();
    let listed = problems.iter().map(|problem| Problem::warning(None, &problem.what, &problem.hint)).collect();
    let problems = problems.iter().map(|problem| format!("{:?} {problem}", problem.at.unwrap_or_default())).collect();
    let mut user = crate::harness::reader::user("");
    let settings = Settings { dates: user.settings.dates.clone(), ..parsed };
    user.settings = settings.into();
    user.problems = listed;
    let mut reader = Reader::of_news();
    reader.adopt_with(user, keymap);
    (reader, problems)
}

/// The names of the commands that were asked for, with the number of articles.
fn runs(reader: &Reader) -> Vec<(String, usize)> {
    let run = |effect: &Effect| match effect {
        Effect::RunCommand(run) => Some((run.command.name.text.clone(), run.articles.len())),
        _ => None,
    };
    reader.effects.iter().filter_map(run).collect()
}

#[test]
fn keys_and_palette_run_commands_on_the_article_the_range_or_the_list() {
    let (mut reader, problems) = reader(SETTINGS);
    assert_eq!(problems, Vec::<String>::new());
    reader.press("gw");
    reader.press("vjj<ctrl-y>");
    reader.press(":run all<enter>");
    reader.press("vjgw");
    let all = reader.app().list().found().len();
    let expected = [("read later", 1), ("pair", 3), ("all", all), ("read later", 2)];
    assert_eq!(runs(&reader), expected.map(|(name, count)| (name.to_owned(), count)));
    assert!(reader.app().list().range_rows().is_empty(), "the range ends");
}

#[test]
fn commands_are_in_palette_help_and_hints() {
    let (mut reader, _) = reader(SETTINGS);
    reader = reader.sized(160, 45);
    reader.press(":later");
    assert!(reader.text().contains("run read later") && reader.text().contains("g w"), "{}", reader.text());
    for typed in ["run your command", "your comm", "pair", "both", "later"] {
        reader.press(&format!("<esc>:{typed}"));
        let text = reader.text();
        let row = text.lines().find(|line| line.contains("▸ run "));
        let name = if ["pair", "both"].contains(&typed) { "run pair" } else { "run read later" };
        assert!(row.is_some_and(|row| row.contains(name)), "{typed}: {text}");
    }
    reader.press("<esc>?/read later");
    assert!(reader.text().contains("run read later"), "{}", reader.text());
    reader.press("<esc><esc><esc>:run<enter>");
    for name in ["run read later", "run all", "run pair"] {
        assert!(reader.text().contains(name), "{name}: {}", reader.text());
    }
    reader.press("<esc>");
    assert!(reader.footer().contains("g w read later"), "{}", reader.footer());
}

#[test]
fn keys_that_clash_and_names_that_do_not_exist_are_problems() {
    let (_, problems) = reader(
        "keys: {panes: {gy: star, gz: run lator}}\ncommands:\n  - {name: later, key: gy, run: a}\n  \
         - {name: b, key: <nokey>, run: a}\n  - {name: c, key: gv, run: a}\n  - {name: d, key: gvv, run: a}\n",
    );
    assert_eq!(
        problems,
        [
            "(1, 26) unknown command `lator` (did you mean `later`?)",
            "(3, 24) `g y` conflicts with the keys of line 1; remove one of them: one is the start of the other",
            "(4, 20) unknown key `<nokey>`; keys are written like <enter>, <space>, <f5>, <ctrl-d>; write `<` itself as <lt>",
            "(6, 20) `g v v` conflicts with the keys of line 5; remove one of them: one is the start of the other",
        ]
    );
}

#[test]
fn keys_of_what_is_refused_say_so_and_do_nothing_else() {
    let (mut reader, problems) = reader(
        "keys: {panes: {s: stra}}\ncommands:\n  - {name: later, key: m, run: 'later {nothing}'}\n  \
         - {name: all, key: D, run: 'all {link} \"'}\n",
    );
    assert_eq!(problems.len(), 3, "{problems:?}");
    let marks = |reader: &Reader| {
        let id = reader.app().article().expect("an article").id;
        let marks = reader.app().marks();
        (marks.is_read(id), marks.is_hidden(id), marks.is_starred(id))
    };
    let before = marks(&reader);
    for (key, words) in [("m", "`later` in the settings: "), ("D", "`all` in the settings: ")] {
        reader.press(key);
        assert!(reader.notice().contains(words), "{key}: {}", reader.notice());
    }
    reader.press("s");
    assert_eq!(marks(&reader), before, "the keys do not do what they did before");
    reader.press("<esc>:run later<enter>");
    assert!(reader.notice().contains("`later` in the settings: "), "{}", reader.notice());
    assert_eq!(reader.effects, [], "nothing runs");
}

#[test]
fn keys_of_commands_that_cannot_be_named_list_the_problems_and_do_nothing_else() {
    let (mut reader, problems) = reader(
        "commands:\n  - {key: m, run: 'a {link}'}\n  - {name: later, run: 'b {link}'}\n  \
         - {name: later, key: D, run: 'c {link}'}\n  - {name: later, key: s, run: 'd {nothing}'}\n  \
         - {name: [x], key: v, run: e}\n",
    );
    assert_eq!(problems.len(), 4, "{problems:?}");
    let id = reader.app().article().expect("an article").id;
    for key in ["m", "D", "s", "v"] {
        reader.press(key);
        assert!(reader.text().contains("Problems"), "{key}: {}", reader.text());
        reader.press("<esc>");
    }
    let marks = reader.app().marks();
    assert_eq!((marks.is_read(id), marks.is_hidden(id), marks.is_starred(id)), (false, false, false));
    assert!(reader.app().list().range_rows().is_empty(), "no range begins");
    assert_eq!(runs(&reader), [], "nothing runs");
    reader.press(":run later<enter>");
    assert_eq!(runs(&reader), [("later".to_owned(), 1)], "the first of the name");
}

#[test]
fn an_unknown_command_or_none_says_what_to_do() {
    let (mut reader, _) = reader(SETTINGS);
    reader.press(":run pear<enter>");
    assert!(
        reader.notice().contains("unknown command `pear`") || reader.notice().contains("Unknown command `pear`"),
        "{}",
        reader.notice()
    );
    let mut reader = Reader::of_news();
    reader.press(":run<enter>");
    assert!(reader.notice().contains("write them in the settings, below `commands`"), "{}", reader.notice());
}

#[test]
fn a_program_is_typed_once_and_comes_back_from_the_history() {
    let mut reader = Reader::of_news();
    reader.press("|");
    assert!(reader.text().contains("pipe to:"), "{}", reader.text());
    reader.press("<enter>");
    assert!(reader.text().contains("write a program, such as wc -w"), "{}", reader.text());
    reader.press("sh -c {link}<enter>");
    assert!(reader.text().contains("it would be a part of a script"), "{}", reader.text());
    reader.press("<ctrl-u>wc -w<enter>|<up><enter>|<ctrl-u>less<enter>");
    let piped: Vec<_> = reader
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::RunCommand(run) => Some((run.program_run().expect("a run").calls, run.command.output)),
            _ => None,
        })
        .collect();
    let [first, second, pager] = piped.as_slice() else { panic!("{} runs", piped.len()) };
    assert_eq!((&first.0[0].words, first.1), (&vec!["wc".into(), "-w".into()], ProgramOutputUse::Overlay));
    assert_eq!(first, second);
    assert_eq!(pager.1, ProgramOutputUse::Takeover, "a pager needs the terminal");
    let input = String::from_utf8(first.0[0].input.clone().expect("an input")).expect("text");
    assert!(input.starts_with(&format!("# {}", reader.title())), "{input}");
}

#[test]
fn the_path_of_an_article_is_suggested_and_an_existing_file_is_a_question() {
    let mut reader = Reader::of_news();
    reader.press("w");
    assert!(reader.text().contains("write to: ~/"), "{}", reader.text());
    reader.press("<ctrl-u>/tmp/x/a.md<enter>");
    let request = match reader.effects.last() {
        Some(Effect::WriteArticles(request)) => request.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((request.typed.as_str(), request.articles.len(), request.replaces), ("/tmp/x/a.md", 1, false));
    reader.receive(Event::FileExists(request.clone()));
    assert!(reader.text().contains("/tmp/x/a.md exists. Replace it?"), "{}", reader.text());
    reader.press("n");
    let before = reader.effects.len();
    reader.receive(Event::FileExists(request));
    reader.press("y");
    assert!(matches!(&reader.effects[before..], [Effect::WriteArticles(request)] if request.replaces));
    // A folder that was not written to is not suggested again; several articles get a name of their own.
    reader.press("jvjw");
    assert!(reader.text().contains("write to: ~/articles.md"), "{}", reader.text());
    reader.press("<esc><esc>");
    let job = JobId::next();
    let done = Done { words: "Wrote it".into(), folder: Some("/tmp/x".to_owned()) };
    for status in [JobStatus::Started, JobStatus::Answer(Answer::Write(done))] {
        reader.receive(Event::Job(JobReport { job, kind: JobKind::Write, status }));
    }
    assert!(reader.notice().contains("Wrote it"), "{}", reader.notice());
    reader.press("w");
    assert!(reader.text().contains("write to: /tmp/x/"), "{}", reader.text());
}

#[test]
fn a_path_is_completed_with_the_names_in_its_folder() {
    let folder = crate::harness::folder::Folder::new().file("notes/one.md", "").file("notes/other.md", "");
    let root = folder.path().to_str().expect("text").to_owned();
    let mut reader = Reader::of_news().sized(160, 45);
    reader.press("w<ctrl-u>");
    reader.paste(&format!("{root}/no"));
    reader.press("<tab>");
    assert!(reader.text().contains(&format!("write to: {root}/notes/\n")), "{}", reader.text());
    reader.press("<tab>");
    assert!(reader.text().contains(&format!("{root}/notes/one.md\n")), "{}", reader.text());
    reader.press("<tab>");
    assert!(reader.text().contains(&format!("{root}/notes/other.md\n")), "{}", reader.text());
    reader.press("<shift-tab>x");
    assert!(reader.text().contains(&format!("{root}/notes/one.mdx")), "{}", reader.text());
    reader.press("<tab>");
    assert!(reader.text().contains(&format!("{root}/notes/one.mdx")), "nothing begins like that");
}
