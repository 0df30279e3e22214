//! Places: articles open where the user stopped reading them, here and on other devices.

use chrono::TimeDelta;
use frontpage::app::{Event, SessionInit};
use frontpage::feed::{Change, DeviceId, HybridClock, Mark, Marks, TextPosition};
use frontpage::library::Library;
use frontpage::library::marks_log::{MarksFolder, MarksUpdate};

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

/// Two long articles, the first the newer one, and a short one.
fn library() -> Folder {
    let words = |name: &str| (0..120).map(|n| format!("{name} paragraph {n} has a few words.\n\n")).collect::<String>();
    let article = |name: &str, hours: i64, body: &str| {
        let date = (now() - TimeDelta::hours(hours)).format("%Y-%m-%dT%H:%M:%SZ");
        format!("---\ntitle: {name}\ndate: {date}\nlink: https://example.org/{name}\n---\n{body}")
    };
    Folder::new()
        .file("first.md", article("First", 1, &words("First")))
        .file("second.md", article("Second", 2, &words("Second")))
        .file("short.md", article("Short", 3, "Only a line."))
}

/// A session on a device that has read the marks of a home folder.
fn session(library: &Folder, device: u32, home: &std::path::Path) -> Reader {
    let init = SessionInit { device: DeviceId(device), ..SessionInit::default() };
    let mut reader = Reader::starting(init).reading(Library::Paths(vec![library.path().to_owned()]));
    receive(&mut reader, home);
    reader
}

/// Takes over what the marks of a home folder have.
fn receive(reader: &mut Reader, home: &std::path::Path) {
    let MarksUpdate { marks, problems } = frontpage::library::marks_log::read(&home.join("marks"));
    assert!(problems.is_empty(), "{problems:?}");
    reader.receive(Event::MarksLoaded { marks, problems });
}

/// Writes the changes of a session into the marks of a home folder, as a device does.
fn write(reader: &mut Reader, home: &std::path::Path, device: &str) {
    let (mut log, _) = MarksFolder { folder: home.join("marks"), device: home.join(device) }.open();
    log.write(std::mem::take(&mut reader.changes)).expect("written");
}

fn places(changes: &[Change]) -> Vec<Option<TextPosition>> {
    let place = |change: &Change| if let Mark::Place(place) = change.mark { Some(place) } else { None };
    changes.iter().filter_map(place).collect()
}

/// The first line of text on the screen.
fn top(reader: &Reader) -> Option<TextPosition> {
    reader.frame.detail.position.map(|(_, position)| position)
}

#[test]
fn a_place_survives_a_restart_and_reaches_other_instances_and_devices() {
    let (library, home) = (library(), tempfile::tempdir().expect("a home"));
    let mut reader = session(&library, 1, home.path());
    let mut instance = session(&library, 1, home.path());
    instance.press("j");
    reader.press("<enter><space><space>");
    let place = top(&reader).expect("an article");
    assert!(place > TextPosition::in_body(0));
    reader.press("hj");
    assert_eq!(places(&reader.changes), [Some(place)], "recorded once, when the article was left");
    write(&mut reader, home.path(), "device");
    for (name, mut later) in
        [("restart", session(&library, 1, home.path())), ("device", session(&library, 2, home.path()))]
    {
        assert_eq!((later.title().as_str(), top(&later)), ("First", Some(place)), "{name}");
        later.press("j");
        assert_eq!(top(&later).map(|top| top.part), Some(Default::default()), "{name}: another article is at its top");
        assert_eq!(places(&later.changes), [], "{name}: nothing changed");
        // At another size the same text is at the top.
        later.resize(60, 20);
        later.press("k");
        later.press("<enter>");
        let again = top(&later).expect("an article");
        assert_eq!(again.start_of_block(), place.start_of_block(), "{name} at another size");
    }
    receive(&mut instance, home.path());
    assert_eq!(instance.title(), "Second");
    instance.press("k");
    assert_eq!((instance.title().as_str(), top(&instance)), ("First", Some(place)));
    // The other instance reads to the end: the article begins at its top everywhere.
    instance.press("<enter>Ghj");
    assert_eq!(places(&instance.changes), [None]);
    write(&mut instance, home.path(), "device");
    let later = session(&library, 3, home.path());
    assert_eq!((later.title().as_str(), top(&later).map(|top| top.part)), ("First", Some(Default::default())));
}

#[test]
fn the_article_on_the_screen_stays_when_another_device_reads_on() {
    let (library, home) = (library(), tempfile::tempdir().expect("a home"));
    let mut here = session(&library, 1, home.path());
    here.press("<enter><space>");
    let before = top(&here);
    let id = here.app().article().expect("an article").id;
    let mut marks = Marks::default();
    let stamp = HybridClock::new(DeviceId(2)).tick(now() + TimeDelta::minutes(1));
    let place = Mark::Place(Some(TextPosition::in_body(2000)));
    marks.apply(&Change { stamp, mark: place, articles: vec![id] });
    here.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    assert_eq!(top(&here), before);
}

#[test]
fn scrolling_for_an_hour_writes_at_most_every_10_s_and_nothing_to_undo() {
    let (library, home) = (library(), tempfile::tempdir().expect("a home"));
    let mut reader = session(&library, 1, home.path());
    reader.press("<enter><space>");
    for second in 0..3600 {
        let time = now() + TimeDelta::seconds(second);
        reader.time_is(time);
        reader.press(if second / 60 % 2 == 0 { "j" } else { "k" });
        if reader.app().open_article_due().is_some_and(|due| due <= time) {
            reader.receive(Event::Tick(time));
        }
    }
    let written = places(&reader.changes).len();
    assert!((300..=361).contains(&written), "{written} places");
    write(&mut reader, home.path(), "device");
    let bytes: u64 = std::fs::read_dir(home.path().join("marks"))
        .expect("a folder")
        .map(|file| file.expect("a file").metadata().expect("a size").len())
        .sum();
    assert!(bytes < 40_000, "{bytes} bytes in an hour");
    reader.press("hsu");
    assert_eq!(reader.app().notice().map(|notice| notice.text.to_string()).as_deref(), Some("Undone: starred · First"));
    reader.press("uu");
    assert_eq!(reader.app().notice().map(|notice| notice.text.to_string()).as_deref(), Some("Nothing to undo"));
    let id = reader.app().article().expect("an article").id;
    assert!(reader.app().marks().places().of(id).is_some(), "undo leaves places alone");
}

#[test]
fn started_articles_are_those_left_between_first_page_and_end() {
    let (library, home) = (library(), tempfile::tempdir().expect("a home"));
    let mut reader = session(&library, 1, home.path());
    // Opened, but not scrolled; opened and scrolled; too short to scroll.
    reader.press("<enter>hj<enter><space><space>hj<enter><space>h");
    reader.press("Fis:started<enter>");
    assert_eq!(reader.titles(), ["Second"], "also when it is read");
    reader.press("<enter>GhF<ctrl-u>-is:started<enter>");
    assert_eq!(reader.titles(), ["First", "Second", "Short"]);
}
