//! The folder with the articles of subscriptions: it joins the library, also in a running reader, and nothing is lost by that.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::command::Home;
use crate::harness::pty::{Exit, LIMIT, Pty};

const SUBSCRIPTIONS: &str = "- https://example.org/feed\n";

fn article(title: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2021-02-01\n---\nA body.\n")
}

/// The folder of the articles of a home.
fn articles(home: &Home) -> PathBuf {
    home.folder.path().join(".local/share/frontpage/articles")
}

/// Writes an article as a sync does: under a hidden name that is then changed.
fn deliver(home: &Home, name: &str, title: &str) {
    let path = articles(home).join(name);
    let folder = path.parent().expect("a folder");
    fs::create_dir_all(folder).expect("the folder");
    fs::write(folder.join(".frontpage.tmp"), article(title)).expect("a file");
    fs::rename(folder.join(".frontpage.tmp"), path).expect("renamed");
}

fn reader(home: &Home) -> Pty {
    reader_with(home, &[], &[])
}

fn reader_with(home: &Home, args: &[&str], env: &[(&str, &str)]) -> Pty {
    let home = home.folder.path().to_str().expect("a path").to_owned();
    let env: Vec<(&str, &str)> = [("HOME", home.as_str())].into_iter().chain(env.iter().copied()).collect();
    Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), args, &env, (120, 45))
}

fn quit(mut pty: Pty) {
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
}

fn library_line(home: &Home, args: &[&str]) -> String {
    let ran = home.run(&[&["config"], args].concat());
    let line = ran.out.lines().find(|line| line.starts_with("library: ")).unwrap_or_default().to_owned();
    line.replace(home.folder.path().to_str().expect("a path"), "~")
}

#[test]
fn config_prints_where_the_library_comes_from() {
    let home = Home::new();
    home.file("notes/a.md", &article("Note"));
    let built_in = "library: the built-in feed (no library is named)";
    assert_eq!(library_line(&home, &[]), built_in);
    fs::create_dir_all(articles(&home).join("empty")).expect("a folder");
    assert_eq!(library_line(&home, &[]), built_in, "a folder without articles is not a library");
    home.file(".config/frontpage/subscriptions.yaml", SUBSCRIPTIONS);
    let none = "library: the built-in feed (no article of a subscription was fetched yet)";
    assert_eq!(library_line(&home, &[]), none);
    deliver(&home, "example/a.md", "First");
    assert_eq!(library_line(&home, &[]), "library: ~/.local/share/frontpage/articles (articles of subscriptions)");
    home.file(".config/frontpage/config.yaml", "library: ~/notes\n");
    let joined =
        "library: ~/notes, ~/.local/share/frontpage/articles (from the settings, with the articles of subscriptions)";
    assert_eq!(library_line(&home, &[]), joined);
    let notes = home.folder.path().join("notes");
    let named = "library: ~/notes (named on the command line)";
    assert_eq!(library_line(&home, &["-L", notes.to_str().expect("a path")]), named);
    fs::remove_dir_all(articles(&home)).expect("removed");
    assert_eq!(library_line(&home, &[]), joined);
    assert!(articles(&home).is_dir(), "it was created");
    assert_eq!(home.run(&["check"]).code, 0);
    fs::remove_file(home.folder.path().join(".config/frontpage/subscriptions.yaml")).expect("removed");
    assert_eq!(library_line(&home, &[]), "library: ~/notes (from the settings)");
    let home = home.with("FRONTPAGE_LIBRARY", "/var/empty");
    home.file(".config/frontpage/subscriptions.yaml", SUBSCRIPTIONS);
    assert_eq!(library_line(&home, &[]), "library: /var/empty (from $FRONTPAGE_LIBRARY)");
}

#[test]
fn a_reader_on_the_built_in_feed_switches_at_the_first_article() {
    let home = Home::new();
    home.file(".config/frontpage/subscriptions.yaml", SUBSCRIPTIONS);
    let mut pty = reader(&home);
    pty.wait_for_text("The built-in feed");
    // A prompt that is open stays open.
    pty.send("/first");
    fs::create_dir_all(articles(&home).join("example")).expect("a folder");
    fs::write(articles(&home).join("example/.a.md.tmp"), article("Hidden")).expect("a file");
    deliver(&home, "example/a.md", "First words");
    pty.wait_for_text("First words");
    pty.send(" words\r");
    pty.wait_for("the search in the new library", |screen| {
        screen.contents().contains("articles") && !screen.contents().contains("The built-in feed")
    });
    // From now on it is watched.
    deliver(&home, "other/b.md", "Second words");
    pty.send("c");
    pty.wait_for_text("Second words");
    assert!(!pty.text().contains("Hidden"));
    quit(pty);
    let again = reader(&home);
    again.wait_for_text("First words");
    quit(again);
}

#[test]
fn the_first_subscription_adds_the_folder_to_a_running_reader() {
    let home = Home::new();
    home.file(".config/frontpage/config.yaml", "library: ~/notes\nread: never\n");
    for n in 1..=9 {
        home.file(&format!("notes/{n}.md"), &article(&format!("Note {n}")));
    }
    deliver(&home, "example/a.md", "From a channel");
    let mut pty = reader(&home);
    pty.wait_for_text("Note 9");
    pty.send("jjj");
    let selected = |screen: &vt100::Screen| {
        screen.contents().lines().find(|line| line.contains("┃▸")).map(str::to_owned).unwrap_or_default()
    };
    pty.wait_for("the fourth row", |screen| selected(screen).contains("Note 4"));
    assert!(!pty.text().contains("From a channel"));
    home.file(".config/frontpage/subscriptions.yaml", SUBSCRIPTIONS);
    pty.wait_for_text("From a channel");
    pty.wait_for("the same selection", |screen| selected(screen).contains("Note 4"));
    // The last line goes: the folder stays until the next start.
    home.file(".config/frontpage/subscriptions.yaml", "# none\n");
    deliver(&home, "example/b.md", "Another from a channel");
    pty.wait_for_text("Another from a channel");
    // What is not yet counted as new when the reader ends is new at the next start.
    pty.wait_for_text("2 new");
    quit(pty);
    let alone = reader(&home);
    alone.wait_for("the place in the notes", |screen| selected(screen).contains("Note 4"));
    assert!(!alone.text().contains("From a channel"));
    quit(alone);
    // The folder joins between two sessions: the place stays, and what the reader knew is not new.
    home.file(".config/frontpage/subscriptions.yaml", SUBSCRIPTIONS);
    deliver(&home, "example/c.md", "While nothing ran");
    // Arrivals are recorded in whole seconds: what arrived within the second in which a session starts is new in it.
    std::thread::sleep(std::time::Duration::from_millis(1001));
    let joined = reader(&home);
    joined.wait_for_text("While nothing ran");
    joined.wait_for("the place in both", |screen| selected(screen).contains("Note 4"));
    joined.wait_for_text("1 new");
    quit(joined);
}

/// A folder that joined costs no new look at the other files.
#[test]
fn a_joined_folder_keeps_the_snapshot_of_the_others() {
    use frontpage::library::Library;
    let home = Home::new();
    let now: chrono::DateTime<chrono::Utc> = "2021-02-20T12:00:00Z".parse().expect("a time");
    let root = |name: &str| home.folder.path().join(name);
    home.file("notes/a.md", &article("Note"));
    home.file("articles/example/b.md", &article("From a channel"));
    let past = fs::File::options().write(true).open(root("notes/a.md")).expect("the file");
    past.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("a time");
    let (alone, snapshots) = (Library::Paths(vec![root("notes")]), root("snapshots"));
    alone.read(Some(&snapshots), now).expect("the notes");
    let both = alone.with_subscriptions(Path::new(&root("articles"))).expect("joins");
    let known = both.open_snapshot(&snapshots, now).expect("the snapshot of the notes");
    assert_eq!(known.loaded.feed.len(), 1);
    let read = both.read(Some(&snapshots), now).expect("both");
    assert_eq!(read.feed.len(), 2);
    let own = both.open_snapshot(&snapshots, now).expect("its own snapshot");
    assert_eq!(own.loaded.feed.len(), 2);
    let others = Library::Paths(vec![root("other"), root("articles")]);
    assert!(others.open_snapshot(&snapshots, now).is_err());
    assert!(alone.open_snapshot(&snapshots, now).is_ok_and(|known| known.loaded.feed.len() == 1));
}

#[test]
fn the_first_start_offers_sources_of_articles() {
    let home = Home::new();
    home.file("notes/a.md", &article("A note"));
    home.file(".newsboat/urls", "https://example.org/feed\n");
    let mut pty = reader(&home);
    pty.wait_for_text("Open a folder");
    pty.send("\x1b");
    pty.wait_for("the feed alone", |screen| !screen.contents().contains("Open a folder"));
    pty.send(":welcome\r");
    pty.wait_for_text("Open a folder");
    if cfg!(feature = "sync") {
        pty.send("j\r");
        pty.wait_for_text("import: ~/.newsboat/urls");
        pty.send("\x1b");
        pty.wait_for("the feed alone", |screen| !screen.contents().contains("import: "));
        pty.send(":welcome\r");
        pty.wait_for_text("Open a folder");
    }
    pty.send("\r");
    pty.wait_for_text("folder: ");
    pty.send("~/nothing\r");
    pty.wait_for_text("Not opened: cannot read");
    pty.send(":welcome\r\r");
    pty.wait_for_text("folder: ~/nothing");
    pty.send("\x15~/notes\r");
    pty.wait_for_text("A note");
    pty.wait_for_text("library: ~/notes");
    quit(pty);
    let again = reader(&home);
    again.wait_for_text("The built-in feed");
    assert!(!again.text().contains("Open a folder"), "it comes once");
    quit(again);
}

#[test]
#[cfg(feature = "sync")]
fn channels_are_picked_from_the_list() {
    use frontpage::app::{Effect, SessionInit};
    use frontpage::jobs::import_subscriptions::ImportSource;

    use crate::harness::reader::Reader;
    for (columns, rows) in [(160, 45), (100, 30), (80, 24), (60, 20)] {
        let init = SessionInit { opens_welcome: true, ..SessionInit::default() };
        let mut reader = Reader::starting(init).sized(columns, rows);
        assert!(reader.text().contains("of Markdown files"), "{}", reader.text());
        reader.press("jjj<enter>");
        assert!(reader.text().contains("[ ] Nature"), "{}", reader.text());
        reader.press("<ctrl-space>");
        reader.paste("krebs");
        reader.press("<ctrl-space>");
        assert!(reader.text().contains("2 picked"), "{}", reader.text());
        reader.press("<enter>");
        let [Effect::Import(ImportSource::Channels(picked))] = reader.effects.as_slice() else {
            panic!("{:?}", reader.effects)
        };
        let titles: Vec<&str> = picked.iter().map(|channel| channel.title.as_str()).collect();
        assert_eq!(titles, ["Nature", "Krebs on Security"]);
        assert!(reader.app().overlay().is_none());
    }
}
