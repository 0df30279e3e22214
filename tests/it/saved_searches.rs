//! Saved searches in the reader: they are renamed, deleted and pinned to keys, and nothing that uses them breaks silently.

use std::sync::Arc;

use frontpage::app::{Context, Effect, EntryKind, Event, UserConfig};
use frontpage::config::saved_searches_file::{self, SearchChange};
use frontpage::config::{KeySettings, Settings};
use frontpage::keymap::Keymap;
use frontpage::query::SavedSearches;

use crate::harness::command::Home;
use crate::harness::pty::Pty;
use crate::harness::reader::Reader;

const NEWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/news");

fn saved(searches: &[(&str, &str)]) -> SavedSearches {
    SavedSearches::new(searches.iter().map(|(name, query)| ((*name).to_owned(), (*query).to_owned())))
}

/// A reader with three searches. One uses another one.
fn reader() -> Reader {
    let mut reader = Reader::of_news().sized(120, 40);
    reader.save_searches(saved(&[("sea", "topic:sea"), ("my news", "saved:sea is:unread"), ("old", "date:..2000")]));
    reader
}

fn rename(from: &str, to: &str) -> Effect {
    Effect::ChangeSearch(SearchChange::Rename { from: from.to_owned(), to: to.to_owned() })
}

fn delete(name: &str) -> Effect {
    Effect::ChangeSearch(SearchChange::Delete { name: name.to_owned() })
}

fn pin(name: &str, keys: Option<&str>) -> Effect {
    Effect::ChangeSearch(SearchChange::Pin { name: name.to_owned(), keys: keys.map(str::to_owned) })
}

#[test]
fn a_search_is_renamed_and_pinned_from_the_list_and_the_palette() {
    let mut reader = reader();
    reader.press("fjr");
    assert_eq!(reader.app().context(), Context::Prompt);
    assert!(reader.text().contains("new name: my news"), "{}", reader.text());
    for (typed, refused) in [
        ("<ctrl-u>old<enter>", "another saved search has this name"),
        ("<ctrl-u><space><enter>", "name is missing"),
        ("<ctrl-u>a\"b<enter>", "cannot contain"),
    ] {
        reader.press(typed);
        assert!(reader.text().to_lowercase().contains(refused), "{typed}: {}", reader.text());
    }
    reader.press("<ctrl-u>新聞<space><space>of<space>the<space>day<enter>");
    assert_eq!(reader.effects.last(), Some(&rename("my news", "新聞 of the day")));
    assert_eq!(reader.app().context(), Context::Overlay, "the list stays open");
    let count = reader.effects.len();
    reader.press("r<enter>r<esc>");
    assert_eq!(reader.effects.len(), count, "the same name, and Esc, change nothing");
    reader.press("bgm<enter>");
    assert_eq!(reader.effects.last(), Some(&pin("my news", Some("gm"))));
    reader.press("b<enter>");
    assert_eq!(reader.effects.last(), Some(&pin("my news", None)));
    reader.press("<esc>:pin-search<space>my<space>news<enter><lt>f7><enter>");
    assert_eq!(reader.effects.last(), Some(&pin("my news", Some("<f7>"))));
    reader.press(":rename-search<space>olt<enter>");
    assert!(reader.notice().contains("did you mean `old`?"), "{}", reader.notice());
    reader.press(":delete-search<enter>");
    assert!(reader.notice().contains("Select a saved search first"), "{}", reader.notice());
}

#[test]
fn deleting_asks_and_names_what_uses_the_search() {
    let mut reader = reader();
    reader.press("fd");
    assert!(
        reader.text().contains("Delete the saved search sea? It is used by the search my news. y/n"),
        "{}",
        reader.text()
    );
    reader.press("n");
    assert_eq!((reader.app().context(), reader.effects.len()), (Context::Overlay, 0));
    reader.press("jjd");
    assert!(reader.text().contains("Delete the saved search old? y/n"), "{}", reader.text());
    reader.press("y");
    assert_eq!(reader.effects, [delete("old")]);
}

#[test]
fn what_the_program_does_not_write_is_named_before_a_rename() {
    let mut reader = reader();
    let text =
        "query: x\nrules:\n  - when: saved:sea\n    do: star\nkeys:\n  panes:\n    gs: saved sea\n    gz: saved old\n";
    let (settings, problems) = Settings::parse(text, "".as_ref(), None).expect("settings");
    assert_eq!(problems, []);
    let saved = reader.app().search().saved().clone();
    reader.adopt(UserConfig { saved, settings: Arc::new(settings), ..UserConfig::default() });
    reader.effects.clear();
    reader.press("fr<ctrl-u>ocean<enter>");
    let question = "Rename sea to ocean? Change the name yourself in the settings, lines 3 7. y/n";
    assert!(reader.text().contains(question), "{}", reader.text());
    assert_eq!(reader.effects, []);
    reader.press("y");
    assert_eq!(reader.effects, [rename("sea", "ocean")]);
    reader.press("jr<ctrl-u>news<enter>");
    assert_eq!(reader.effects.last(), Some(&rename("my news", "news")), "only other searches use it, and they follow");
    reader.press("<esc>fd");
    let question = "It is used by the search my news, the settings, lines 3 7. y/n";
    assert!(reader.text().contains(question), "{}", reader.text());
}

#[test]
fn the_list_and_other_searches_follow_a_renamed_search() {
    let mut reader = reader();
    reader.press("fj<enter>");
    let found = reader.titles();
    assert!(!found.is_empty());
    reader.receive(Event::SearchRenamed { from: "sea".to_owned(), to: "the sea".to_owned() });
    reader.receive(Event::SearchRenamed { from: "my news".to_owned(), to: "news".to_owned() });
    assert_eq!((reader.app().query().to_string().as_str(), reader.titles()), ("saved:news", found));
    let now: Vec<_> = reader.app().search().saved().iter().collect();
    assert_eq!(now, [("the sea", "topic:sea"), ("news", "saved:\"the sea\" is:unread"), ("old", "date:..2000")]);
}

#[test]
fn keys_show_a_pinned_search_and_are_named_where_keys_are() {
    let mut reader = Reader::of_news().sized(160, 45);
    let (searches, _) =
        saved_searches_file::parse("sea: {query: topic:sea, key: gm}\nmy news: {query: is:unread, key: <f7>}\n");
    let (mut keymap, _) = Keymap::with(&KeySettings::default()).expect("the table");
    assert_eq!(keymap.pin(&searches), []);
    let saved = SavedSearches::new(searches.into_iter().map(|search| (search.name, search.query)));
    reader.adopt_with(UserConfig { saved, ..UserConfig::default() }, keymap);
    reader.press("gm");
    assert_eq!(reader.app().query().to_string(), "saved:sea");
    reader.press("<f7>");
    assert_eq!(reader.app().query().to_string(), "saved:\"my news\"");
    let line = |reader: &Reader, part: &str| {
        let text = reader.text();
        text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("no {part}: {text}")).to_owned()
    };
    reader.press("f");
    assert!(line(&reader, " / 3").contains("sea") && line(&reader, " / 3").contains("g m"), "{}", reader.text());
    reader.press("<esc>:saved<space>sea");
    assert!(line(&reader, "show this saved search").contains("g m"), "{}", reader.text());
    reader.press("<esc>?");
    reader.press("/my<space>news");
    assert!(line(&reader, "show this saved search").contains("F7"), "{}", reader.text());
    reader.press("<esc><esc>");
    assert!(line(&reader, " sea ").contains("g m"), "the navigation pane: {}", reader.text());
}

#[test]
fn the_key_of_a_search_that_is_refused_runs_nothing_else() {
    let text = "bad: {query: 'date:x', key: m}\n' x': {query: moon, key: s}\nlist: {query: [moon], key: gm}\n";
    let read = saved_searches_file::read_text(text);
    let mut reader = Reader::of_news().sized(160, 45);
    let (mut keymap, _) = Keymap::with(&KeySettings::default()).expect("the table");
    assert_eq!(keymap.pin(&read.searches), []);
    keymap.explain_refused(&read.refused_keys);
    let saved = SavedSearches::new(read.searches.into_iter().map(|search| (search.name, search.query)));
    reader.adopt_with(UserConfig { saved, ..UserConfig::default() }, keymap);
    reader.effects.clear();
    for keys in ["m", "s", "gm"] {
        let before = reader.text();
        reader.press(keys);
        assert!(reader.effects.is_empty(), "{keys}: {:?}", reader.effects);
        assert_ne!(reader.text(), before, "{keys} says what is wrong");
        assert_eq!(reader.app().query().to_string(), "", "{keys}");
        if keys == "m" {
            assert!(reader.text().contains("`x` is not a date"), "{}", reader.text());
        }
        reader.press("<esc>");
    }
}

#[test]
fn the_prompt_says_which_query_a_name_replaces() {
    let mut reader = reader();
    reader.press("/moon<ctrl-s>my");
    assert!(reader.text().contains("saves moon"), "{}", reader.text());
    reader.press("<space><space>news");
    assert!(reader.text().contains("replaces my news: saved:sea is:unread"), "{}", reader.text());
    reader.press("2");
    assert!(reader.text().contains("saves moon") && !reader.text().contains("replaces"), "{}", reader.text());
}

#[test]
fn a_search_is_pinned_again_from_its_keys_and_refused_keys_can_be_corrected() {
    let mut reader = reader();
    let (searches, _) = saved_searches_file::parse("sea: {query: topic:sea, key: g<space>}\nold: {query: moon}\n");
    let (settings, _) = Settings::parse("keys:\n  panes:\n    gz: saved sea\n    gs: saved old\n", "".as_ref(), None)
        .expect("settings");
    let (mut keymap, _) = Keymap::with(&settings.keys).expect("the table");
    assert_eq!(keymap.pin(&searches), []);
    let saved = SavedSearches::new(searches.into_iter().map(|search| (search.name, search.query)));
    reader.adopt_with(UserConfig { saved, settings: Arc::new(settings), ..UserConfig::default() }, keymap);
    reader.effects.clear();
    reader.press("fb");
    assert!(reader.text().contains("keys: g Space"), "{}", reader.text());
    reader.press("<enter>");
    assert_eq!((reader.app().context(), reader.effects.len()), (Context::Overlay, 0), "the same keys");
    reader.press("jb");
    assert!(reader.text().contains("keys that are free"), "only the settings have its keys: {}", reader.text());
    reader.press("g<space>g<enter>");
    assert_eq!(reader.effects, [pin("old", Some("g g"))]);
    let (name, keys, why) = ("old".to_owned(), "g g".to_owned(), "`g g` is needed for: go to the top".into());
    reader.receive(Event::PinRefused { name, keys, why });
    assert_eq!(reader.app().context(), Context::Prompt);
    assert!(reader.text().contains("keys: g g") && reader.text().contains("is needed for: go"), "{}", reader.text());
    reader.press("<enter>");
    assert_eq!(reader.effects, [pin("old", Some("g g")), pin("old", Some("g g"))], "tried and refused again");
}

#[test]
fn a_saved_search_is_changed_in_the_navigation_pane() {
    let mut reader = Reader::of_news().sized(160, 45);
    reader.save_searches(saved(&[("sea", "topic:sea"), ("my news", "is:unread")]));
    let select = |reader: &mut Reader, kind: EntryKind| {
        let entries = reader.app().panes().navigation().entries();
        let at = entries.iter().position(|entry| entry.kind == kind).expect("an entry");
        reader.press("gg");
        reader.press(&"j".repeat(at));
    };
    reader.press("h");
    assert_eq!(reader.app().context(), Context::Navigation);
    select(&mut reader, EntryKind::Saved(1));
    reader.press("r<ctrl-u>news<enter>");
    assert_eq!(reader.effects.last(), Some(&rename("my news", "news")));
    reader.press("b7<enter>");
    assert_eq!(reader.effects.last(), Some(&pin("my news", Some("7"))));
    reader.press("dy");
    assert_eq!(reader.effects.last(), Some(&delete("my news")));
    let count = reader.effects.len();
    select(&mut reader, EntryKind::Unread);
    for key in ["r", "b", "d"] {
        reader.press(key);
        assert_eq!(reader.app().context(), Context::Navigation, "{key}");
        assert!(reader.notice().contains("Select a saved search first"), "{}", reader.notice());
    }
    assert_eq!(reader.effects.len(), count);
    // Other lists have no searches.
    reader.press("S");
    let screen = reader.text();
    reader.press("rdb");
    assert_eq!(reader.text(), screen);
    assert!(!screen.contains("rename") && !screen.contains("delete"), "{screen}");
}

#[test]
fn a_search_is_pinned_renamed_and_deleted_on_disk() {
    let home = Home::new();
    let path = home.folder.path().to_str().expect("a path").to_owned();
    let file = home
        .file(".config/frontpage/searches.yaml", "# mine\nold: \"moon\" # why\nboth: saved:old OR tide\nlast: sky\n");
    let text = || std::fs::read_to_string(&file).expect("the file");
    let env = [("HOME", path.as_str()), ("XDG_CONFIG_HOME", "")];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &["-L", NEWS], &env, (100, 30));
    pty.wait_for_text("Tide Clocks");
    pty.send("f");
    pty.wait_for_text("unread / all");
    pty.send("bS\r");
    pty.wait_for_text("`S` is needed for");
    pty.send("\x15g g\r");
    pty.wait_for_text("`g g` is needed for");
    pty.send("\x7fm\r");
    pty.wait_for_text("g m shows old");
    assert_eq!(text(), "# mine\nold: {query: \"moon\", key: \"g m\"} # why\nboth: saved:old OR tide\nlast: sky\n");
    pty.send("r\x15my moon\r");
    pty.wait_for_text("Renamed old to my moon");
    let renamed =
        "# mine\nmy moon: {query: \"moon\", key: \"g m\"} # why\nboth: \"saved:\\\"my moon\\\" OR tide\"\nlast: sky\n";
    assert_eq!(text(), renamed);
    pty.send("jjdy");
    pty.wait_for_text("Deleted last: sky");
    assert_eq!(text(), renamed.replace("last: sky\n", ""));
    pty.send("\x1b");
    pty.wait_for("no list", |screen| !screen.contents().contains("unread / all"));
    pty.send("gm");
    pty.wait_for_text("saved:\"my moon\" ·");
    pty.send("Q");
    assert!(pty.ends_within(std::time::Duration::from_secs(10)));
}

#[test]
fn the_notice_of_a_saved_search_has_the_query_that_it_replaced() {
    let home = Home::new();
    let path = home.folder.path().to_str().expect("a path").to_owned();
    let file = home.file(".config/frontpage/searches.yaml", "last: sky\n");
    let env = [("HOME", path.as_str()), ("XDG_CONFIG_HOME", "")];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &["-L", NEWS], &env, (100, 30));
    pty.wait_for_text("Tide Clocks");
    pty.send("/tide\x13last");
    pty.wait_for_text("replaces last: sky");
    pty.send("\r");
    pty.wait_for_text("Saved as last; replaced: sky");
    assert!(std::fs::read_to_string(&file).expect("the file").contains("tide"));
}
