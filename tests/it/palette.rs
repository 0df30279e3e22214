//! The palette and help: commands by name, with arguments.

use frontpage::app::{Context, Effect, Focus};
use frontpage::config::saved_searches_file::SearchChange;
use frontpage::config::{KeySettings, Preset};
use frontpage::feed::Mark;

use crate::harness::command::Home;
use crate::harness::pty::Pty;
use crate::harness::reader::Reader;

fn query(reader: &Reader) -> String {
    reader.app().query().to_string()
}

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

#[test]
fn a_command_does_what_its_key_does() {
    let mut reader = Reader::of_news();
    reader.press(":star<enter>");
    let id = reader.app().detail().article().expect("an article");
    assert!(reader.app().marks().is_starred(id) && reader.app().overlay().is_none());
    reader.press(":undo<enter>");
    assert!(!reader.app().marks().is_starred(id));
    reader.press(":mark-read<enter>");
    assert!(reader.app().marks().is_read(id));
    reader.press(":mark-unread<enter>");
    assert!(!reader.app().marks().is_read(id));
    reader.press(":enter<enter>");
    assert_eq!(reader.app().focus(), Focus::Detail, "it goes to what lies below the palette");
    reader.press(":quit-now<enter>");
    assert_eq!(reader.effects.last(), Some(&Effect::Quit));
}

#[test]
fn commands_accept_arguments() {
    for (command, wanted) in [
        ("topic sea", "topic:=\"the sea\""),
        ("provider harbrev", "provider:=\"harbour review\""),
        ("sort -quality", "sort:-quality"),
        ("sort quality", "sort:quality"),
        ("search moon tides", "moon tides"),
        ("query is:unread quality:>=60", "is:unread quality:60.."),
        ("topic the SEA,machines", "topic:=\"the sea\",=\"machines\""),
    ] {
        let mut reader = Reader::of_news();
        reader.press(&format!(":{command}<enter>"));
        assert_eq!(query(&reader), wanted, "{command}: {}", notice(&reader));
        assert!(reader.app().overlay().is_none(), "{command}");
    }
}

#[test]
fn links_are_opened_by_their_number_and_notes_are_written() {
    let mut reader = Reader::of_news();
    reader.press("G:open 2<enter>");
    let links = reader.app().article().expect("an article").links();
    let second = links[1].link.address().expect("an address").clone();
    assert_eq!(reader.effects, [Effect::OpenLink(second)]);
    reader.press(":open 99<enter>");
    assert!(notice(&reader).starts_with("No link `99`: the article has "), "{}", notice(&reader));
    reader.press(":open x<enter>");
    assert!(notice(&reader).starts_with("No link `x`"), "{}", notice(&reader));
    reader.press(":note read this again<enter>");
    let id = reader.app().detail().article().expect("an article");
    assert_eq!(reader.app().marks().note(id).map(|note| note.to_string()).as_deref(), Some("read this again"));
}

#[test]
fn a_command_that_fails_is_reported_and_changes_nothing() {
    let mut reader = Reader::of_news();
    for (command, told) in [
        ("topic machine,the see", "Unknown topic `machine` (did you mean `Machines`?)"),
        ("provider quanta", "Unknown provider `quanta` (valid: "),
        ("query topc:ai", "Unknown field `topc` (did you mean `topic`?)"),
        ("sort size", "Unknown sort key `size`"),
        ("saved morning", "No search is saved yet, so no `morning`"),
        ("save morning", "Nothing to save: the query is empty"),
    ] {
        reader.press(&format!(":{command}<enter>"));
        assert!(notice(&reader).contains(told), "{command}: {}", notice(&reader));
        assert_eq!((query(&reader).as_str(), reader.app().overlay().is_none()), ("", true));
    }
    reader.press(":frobnicate<enter>");
    assert_eq!(reader.app().context(), Context::Palette, "with nothing to choose, Enter does nothing");
    reader.press("<esc>");
    assert_eq!(reader.app().context(), Context::List);
    reader.press(":query quality:>=60<enter>:save good\"one<enter>");
    assert!(notice(&reader).contains("cannot contain"), "{}", notice(&reader));
    reader.press(":save good one<enter>");
    let kept =
        Effect::ChangeSearch(SearchChange::Save { name: "good one".to_owned(), query: "quality:60..".to_owned() });
    assert_eq!(reader.effects.last(), Some(&kept));
}

#[test]
fn tab_completes_a_name_and_then_what_it_is_done_with() {
    let mut reader = Reader::of_news();
    reader.press(":topi<tab>");
    assert!(reader.text().contains("› topic ▏"), "{}", reader.text());
    reader.press("mach<tab>");
    assert!(reader.text().contains("› topic Machines▏"), "{}", reader.text());
    reader.press("<enter>");
    assert_eq!(query(&reader), "topic:=\"machines\"");
}

#[test]
fn help_is_read_searched_and_does_what_is_chosen() {
    let mut reader = Reader::of_news().sized(120, 40);
    reader.press("?");
    assert_eq!(reader.app().context(), Context::Help);
    reader.press("jj/undo the");
    assert_eq!(reader.app().context(), Context::Palette, "letters are text now");
    assert!(reader.text().contains("undo the last change of marks"));
    reader.press("<esc>");
    assert_eq!(reader.app().context(), Context::Help, "Esc takes the search away first");
    reader.press("/unread only<enter>");
    assert_eq!((query(&reader).as_str(), reader.app().context()), ("is:unread", Context::List));
    reader.press("?q");
    assert_eq!(reader.app().context(), Context::List);
}

#[test]
fn typed_and_pasted_text_is_shown_cleaned() {
    let mut reader = Reader::of_news();
    reader.press(":");
    reader.paste("\u{1b}[2Jundo\u{202e}\n\u{200b}");
    assert!(!reader.text().chars().any(|c| c == '\u{1b}' || c == '\u{202e}' || c == '\u{200b}'));
    reader.press("<esc>?");
    reader.paste("undo");
    assert_eq!(reader.app().context(), Context::Help, "pasted text is not a key");
}

#[test]
fn own_commands_are_in_help_and_palette() {
    let keys = KeySettings::parse("panes: {gq: query quality:>=60}\n").0;
    let mut reader = Reader::of_news().with_keys(&keys).sized(120, 40);
    reader.press("?/your own");
    assert!(reader.text().contains("query quality:>=60"), "{}", reader.text());
    assert!(reader.text().contains("g q"));
    reader.press("<enter>");
    assert_eq!(query(&reader), "quality:60..");
    reader.press("cgq");
    assert_eq!(query(&reader), "quality:60..");
}

#[test]
fn words_name_keys_as_they_are_bound() {
    for (preset, mark, undoes, undone) in [
        (Preset::Default, "m", "Marked read — u undoes", "Undone: marked read · Tide Clocks"),
        (Preset::Newsboat, "N", "Marked read — U undoes", "Undone: marked read · Tide Clocks"),
        (Preset::Elfeed, "r", "Marked read — U undoes", "Undone: marked read · Tide Clocks"),
    ] {
        let mut reader = Reader::of_news().with_keys(&KeySettings { preset, ..KeySettings::default() }).sized(160, 45);
        reader.press(mark);
        assert!(reader.text().contains(undoes), "{preset:?}\n{}", reader.text());
        reader.press(if preset == Preset::Default { "u" } else { "U" });
        let notice = reader.notice();
        assert!(notice.contains(undone) && notice.contains("— Ctrl-r redoes"), "{preset:?} {notice}");
    }
    let (keys, problems) =
        KeySettings::parse("help: {/: none, ö: search, <enter>: none, ä: enter}\npanes: {p: palette}\n");
    assert_eq!(problems, []);
    let mut reader = Reader::of_news().with_keys(&keys);
    reader.press("?");
    assert!(reader.text().contains("ö searches · ä runs it · : opens the palette"), "{}", reader.text());
}

/// The clock of the articles may be fixed; that of keys runs.
#[test]
fn pending_keys_show_what_may_follow_even_if_the_clock_is_fixed() {
    let home = Home::new();
    let env = [("HOME", home.folder.path().to_str().expect("UTF-8"))];
    let news = std::path::absolute("tests/fixtures/news").expect("a folder");
    let args = [news.to_str().expect("UTF-8"), "--now", "2021-02-20T12:00:00Z"];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &args, &env, (100, 30));
    pty.wait_for_text("5 unread");
    pty.send("g");
    pty.wait_for_text("▌ g …");
    pty.send("g");
    pty.wait_for("no box", |screen| !screen.contents().contains("▌ g …"));
    pty.send("Q");
    assert!(pty.ends_within(std::time::Duration::from_secs(10)));
}

#[test]
fn an_unknown_command_is_reported_and_changes_nothing() {
    for typed in ["nonsense", "zzz", "!", "serach", "opne", "raed", "delete all of it"] {
        let mut reader = Reader::of_news();
        reader.press(&format!(":{typed}<enter>"));
        assert_eq!(notice(&reader).split(" (").next(), Some(format!("No command `{typed}`").as_str()));
        assert_eq!(reader.app().context(), Context::Palette, "{typed}: it can be corrected");
        assert!(reader.effects.is_empty() && reader.changes.is_empty(), "{typed}");
        assert!(reader.text().contains("▏  No match"), "{}", reader.text());
        reader.press("<ctrl-u>star<enter>");
        let stars = reader.changes.iter().filter(|change| change.mark == Mark::Starred(true)).count();
        assert_eq!((reader.app().overlay().is_none(), stars), (true, 1));
    }
    let mut reader = Reader::of_news();
    reader.press(":").paste("  ");
    reader.press("<enter>");
    assert_eq!((notice(&reader).as_str(), reader.effects.len()), ("Type a command name", 0));
    let mut reader = Reader::of_news();
    reader.press(":serach<enter>");
    assert_eq!(notice(&reader), "No command `serach` (did you mean `search`?)");
}

/// Keys may come without a frame between them.
#[test]
fn a_fuzzy_match_runs_only_after_it_was_shown() {
    for (typed, is_sure) in
        [("mkrd", false), ("reverses", false), ("topic mchn", false), ("mark-re", true), ("topic se", true)]
    {
        let mut reader = Reader::of_news();
        reader.receive(frontpage::app::Event::MarksLoaded { marks: Default::default(), problems: Vec::new() });
        let mut reader = reader.blind();
        reader.press(&format!(":{typed}<enter>"));
        assert_eq!(reader.app().overlay().is_none(), is_sure, "{typed}");
        reader.look();
        if !is_sure {
            assert!(query(&reader).is_empty() && reader.changes.is_empty(), "{typed}");
            reader.press("<enter>");
            assert_ne!(reader.app().context(), Context::Palette, "{typed}: now it was seen");
        }
    }
}
