//! The settings: problems are reported with their position, the program runs, and changes apply at once.

use std::fs;

use frontpage::app::{Effect, Event, UserConfig};
use frontpage::config::{SETTINGS, reference};
use frontpage::feed::{Position, Problem};
use frontpage::query::{Query, RuleAction, Rules, SavedSearches};

use crate::harness::command::Home;
use crate::harness::pty::Pty;
use crate::harness::reader::{Reader, user};

const NEWS: &str = "tests/fixtures/news";

/// The same, wherever the program is started.
fn news() -> String {
    std::path::absolute(NEWS).expect("a folder").to_string_lossy().into_owned()
}

/// A file with one of each kind of mistake.
const WRONG: &str = "\
librari: ~/news
mouse: perhaps
rules:
  - when: topic:ai quality:>=x
    do: hide
keys:
  panes:
    gx: opne
    <nokey>: undo
themes:
  mine:
    text: \"#ggg\"
";

#[test]
fn every_mistake_is_reported_with_line_and_column_and_the_program_runs() {
    let home = Home::new();
    let file = home.file(".config/frontpage/config.yaml", WRONG);
    let ran = home.run(&["list", "-L", NEWS, "--format", "links"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 5), "{}", ran.err);
    let told: Vec<&str> = ran.err.lines().collect();
    for wanted in [
        ":1:1: unknown setting `librari` (did you mean `library`?)",
        ":2:8: `perhaps` is not a value of `mouse`; write true or false",
        ":4:28: ",
        ":8:9: unknown action `opne` (did you mean `open`?)",
        ":9:5: unknown key `<nokey>`",
        ":12:11: ",
    ] {
        let line = format!("frontpage: {}{wanted}", file.display());
        assert!(told.iter().any(|told| told.starts_with(&line)), "{line}\n{}", ran.err);
    }
    // The same in the list of problems.
    let ran = home.run(&["screen", "-L", NEWS, "--size", "160x40", "--keys", "P"]);
    for wanted in [
        "config.yaml:1:1",
        "config.yaml:2:8",
        "config.yaml:4:28",
        "config.yaml:8:9",
        "config.yaml:9:5",
        "config.yaml:12:11",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
}

#[test]
fn a_query_points_into_its_value_also_in_quotes() {
    let home = Home::new();
    for (text, at) in [
        ("query: quality:>=x\n", "1:16"),
        ("query: \"quality:>=x\"\n", "1:17"),
        ("\n\nquery: \"#ai topc:x\"\n", "3:13"),
    ] {
        let file = home.file("config.yaml", text);
        let ran = home.run(&["config", "--config", &file.to_string_lossy()]);
        assert!(ran.err.contains(&format!("config.yaml:{at}: ")), "{text:?} {at}\n{}", ran.err);
    }
}

#[test]
fn a_preset_and_own_keys_apply() {
    let home = Home::new();
    home.file(".config/frontpage/config.yaml", "keys:\n  preset: newsboat\n  panes:\n    ö: starred\n");
    let ran = home.run(&["screen", "-L", NEWS, "--keys", "l"]);
    assert!(ran.out.contains("is:unread"), "l shows what is unread, as in newsboat\n{}{}", ran.err, ran.out);
    let ran = home.run(&["screen", "-L", NEWS, "--keys", "ö"]);
    assert!(ran.out.contains("is:starred"), "{}{}", ran.err, ran.out);
}

#[test]
fn changed_settings_apply_to_the_running_session() {
    let mut reader = Reader::of_news();
    let height = reader.frame.frames[0].height;
    reader.press("jj<enter>");
    let (title, row) = (reader.title(), reader.app().list().selected());
    let at = Some(Position { line: 3, column: 1 });
    let problem = |what: &str| Problem::warning(at, what, "");
    let problems = vec![problem("one"), problem("two")];
    let saved = SavedSearches::new([("moon".to_owned(), "moon".to_owned())]);
    reader.adopt(UserConfig { saved, problems, ..user("read: never\nlayout: {list: 70}") });
    assert!(reader.frame.frames[0].height > height, "the list has what they give it");
    let before = reader.app().problems().all().len();
    assert_eq!((reader.title(), reader.app().list().selected()), (title.clone(), row));
    assert_eq!(reader.app().problems().all()[0].what.as_str(), "one");
    assert_eq!(reader.app().search().saved().iter().count(), 1);
    reader.adopt(UserConfig { problems: vec![problem("three")], ..UserConfig::default() });
    assert_eq!(reader.app().problems().all().len(), before - 1);
    assert_eq!(reader.app().problems().all()[0].what.as_str(), "three");
    assert_eq!(reader.title(), title);
}

#[test]
fn edited_settings_apply_at_once() {
    let home = Home::new();
    let file = home.file(".config/frontpage/config.yaml", "editor: vi\n");
    let env = [("HOME", home.folder.path().to_str().expect("UTF-8"))];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[&news()], &env, (100, 30));
    pty.wait_for_text("5 unread");
    pty.send("ö");
    fs::write(&file, "keys: {panes: {ö: starred}}\nquery: topc:x\n").expect("written");
    pty.wait_for_text("⚠ 1 · P");
    pty.send("ö");
    pty.wait_for_text("is:starred");
    fs::remove_file(&file).expect("removed");
    pty.wait_for("no warning", |screen| !screen.contents().contains("⚠ 1 · P"));
    pty.send("cQ");
    assert!(pty.ends_within(std::time::Duration::from_secs(10)));
}

/// Settings that no screen shows: the commands that are started, and whether the terminal reports the mouse.
#[test]
fn commands_and_the_mouse_change_at_once() {
    let home = Home::new();
    let config = ".config/frontpage/config.yaml";
    home.file(config, "editor: missing\nbrowser: missing\n");
    let script = home.file("script", "#!/bin/sh\nfor last; do :; done\necho \"$last\" > \"$1\"\n");
    let env = [("HOME", home.folder.path().to_str().expect("UTF-8"))];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[&news()], &env, (100, 30));
    pty.wait_for_text("5 unread");
    let started = |name: &str| home.folder.path().join(name);
    let command = |name: &str| format!("sh {} {}", script.display(), started(name).display());
    home.file(config, &format!("mouse: no\neditor: {}\nbrowser: {}\n", command("edited"), command("opened")));
    pty.wait_for_bytes("\x1b[?1000l");
    pty.send("o");
    let wrote = |name: &str, end: &str| fs::read_to_string(started(name)).is_ok_and(|text| text.trim().ends_with(end));
    pty.wait_for("the browser", |_| wrote("opened", "tide-clocks/"));
    pty.send("e");
    pty.wait_for("the editor", |_| wrote("edited", ".md"));
    home.file(config, "");
    pty.wait_for_times("\x1b[?1000h", 2);
    pty.send("Q");
    assert!(pty.ends_within(std::time::Duration::from_secs(10)));
}

#[test]
fn editing_missing_settings_starts_with_the_commented_defaults() {
    let home = Home::new();
    let env = [("HOME", home.folder.path().to_str().expect("UTF-8")), ("EDITOR", "true")];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[&news()], &env, (100, 30));
    pty.wait_for_text("5 unread");
    pty.send(",");
    let file = home.folder.path().join(".config/frontpage/config.yaml");
    pty.wait_for("the file", |_| file.exists());
    let default = reference();
    pty.wait_for("the settings", |_| fs::read_to_string(&file).is_ok_and(|text| text == default));
    pty.wait_for_text("5 unread");
    pty.send("Q");
    assert!(pty.ends_within(std::time::Duration::from_secs(10)));
}

#[test]
fn rules_apply_to_every_command_and_follow_the_settings() {
    let home = Home::new();
    let text =
        "rules:\n  - when: title:moon\n    do: hide\n  - {when: \"topic:=\\\"the sea\\\"\", do: [star, score: +7]}\n";
    let file = home.file("config.yaml", text);
    let list = |arguments: &[&str]| {
        let config = ["list", "-L", NEWS, "--config", file.to_str().expect("UTF-8"), "--format", "links"];
        let ran = home.run(&[&config, arguments].concat());
        assert_eq!(ran.err, "");
        ran.out.lines().count()
    };
    assert_eq!((list(&[]), list(&["is:hidden"]), list(&["is:starred"]), list(&["score:>=7"])), (4, 1, 2, 2));
    home.file("config.yaml", "");
    assert_eq!((list(&[]), list(&["is:hidden"]), list(&["is:starred"]), list(&["score:>=7"])), (5, 0, 0, 0));
}

/// What is wrong with settings, in a line each.
fn wrong_with(text: &str) -> String {
    let home = Home::new();
    let file = home.file("config.yaml", text);
    // The sample of `sites` names a folder beside the settings.
    home.file("blog/a.md", "# An article");
    home.run(&["config", "--config", &file.to_string_lossy()]).err
}

#[test]
fn the_nearest_action_is_offered_for_a_misspelt_one() {
    assert!(wrong_with("keys: {panes: {x: themes}}").contains("unknown action `themes` (did you mean `theme`?)"));
    // Names that are too different are not suggested.
    assert!(!wrong_with("keys: {panes: {x: foo}}").contains("did you mean"));
}

#[test]
fn nothing_is_wrong_with_the_default_settings_when_they_are_taken_in() {
    let samples: Vec<&str> = SETTINGS.iter().map(|setting| setting.sample.yaml()).collect();
    assert_eq!(wrong_with(&samples.join("\n")), "");
}

#[test]
#[ignore = "heavy"]
fn broken_settings_keep_the_last_good_ones_until_fixed() {
    let home = Home::new();
    let file = home.file(".config/frontpage/config.yaml", "keys: {panes: {ö: starred}}\n");
    let env = [("HOME", home.folder.path().to_str().expect("UTF-8"))];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[&news()], &env, (100, 30));
    pty.wait_for_text("5 unread");
    for broken in [b"keys: {panes: {\xc3" as &[u8], b"keys: {panes: [\n", "x".repeat(2 << 20).as_bytes()] {
        fs::write(&file, broken).expect("written");
        pty.wait_for_text("⚠ 1 · P");
        pty.send("ö");
        pty.wait_for_text("is:starred");
        pty.send("c");
        fs::write(&file, "keys: {panes: {ö: starred}}\n").expect("written");
        pty.wait_for("no warning", |screen| !screen.contents().contains("⚠ 1 · P"));
    }
    pty.send("Q");
    assert!(pty.ends_within(std::time::Duration::from_secs(10)));
}

/// Articles that were read since they were listed stay in a list of unread ones when the settings change.
#[test]
fn other_settings_take_no_row_away_under_the_cursor() {
    let mut reader = Reader::of_news();
    let saved = |text: &str| SavedSearches::new([("moon".to_owned(), text.to_owned())]);
    reader.save_searches(saved("moon"));
    reader.press("gujm");
    let titles = reader.titles();
    assert!(reader.app().unread().count() < titles.len());
    let rules = || {
        let query = Query::parse("title:nothing-like-it").expect("a query");
        Rules::new(vec![query.rule(vec![RuleAction::Hide])])
    };
    for settings in [
        UserConfig { saved: saved("sea"), ..UserConfig::default() },
        UserConfig { saved: saved("sea"), rules: rules(), ..UserConfig::default() },
        UserConfig { saved: saved("sea"), rules: rules(), ..user("read: never") },
    ] {
        reader.adopt(settings);
        assert_eq!(reader.titles(), titles);
    }
    reader.press("gu");
    assert_ne!(reader.titles(), titles, "what was read goes when the reader says so");
}

#[test]
fn the_same_rules_are_not_asked_again() {
    let mut reader = Reader::of_news();
    let saved = |text: &str| SavedSearches::new([("moon".to_owned(), text.to_owned())]);
    let settings = |saved: SavedSearches| {
        let query = Query::parse_with("saved:moon", &saved).expect("a query");
        UserConfig { rules: Rules::new(vec![query.rule(vec![RuleAction::Hide])]), saved, ..UserConfig::default() }
    };
    let asks = |reader: &mut Reader, settings: UserConfig| {
        let mut asked = 0;
        reader.with_session(|session| {
            let effects = session.receive(Event::SettingsLoaded(Box::new(settings)));
            asked = effects.0.iter().filter(|effect| matches!(effect, Effect::RunJob(_))).count();
            drop(session.run_jobs(effects));
        });
        asked
    };
    assert_eq!(asks(&mut reader, settings(saved("moon"))), 1);
    assert_eq!(asks(&mut reader, settings(saved("moon"))), 0);
    let listed = reader.titles();
    assert_eq!(asks(&mut reader, settings(saved("sea"))), 1, "the same words mean something else");
    assert_ne!(reader.titles(), listed);
}

#[test]
fn other_saved_searches_leave_the_selection_of_their_list_on_its_search() {
    let saved = |names: &[(&str, &str)]| {
        SavedSearches::new(names.iter().map(|(name, query)| ((*name).to_owned(), (*query).to_owned())))
    };
    let mut reader = Reader::of_news();
    reader.save_searches(saved(&[("moon", "title:moon"), ("sea", "topic:sea"), ("old", "date:..2000")]));
    reader.press("fj<enter>fj");
    assert_eq!(reader.app().query().to_string(), "saved:sea");
    let found = reader.titles();
    let settings = UserConfig {
        saved: saved(&[("new", "is:new"), ("moon", "title:moon"), ("sea", "title:moon")]),
        ..UserConfig::default()
    };
    reader.adopt(settings);
    assert_ne!(reader.titles(), found, "what the list shows means something else too");
    let found = reader.titles();
    reader.press("<enter>");
    assert_eq!((reader.app().query().to_string(), reader.titles()), ("saved:sea".to_owned(), found));
    reader.press("fG");
    reader.adopt(UserConfig { saved: saved(&[("moon", "title:moon")]), ..UserConfig::default() });
    reader.press("<enter>");
    assert_eq!(reader.app().query().to_string(), "saved:moon");
    reader.press("f");
    reader.adopt(UserConfig::default());
    assert!(reader.app().overlay().is_none());
}
