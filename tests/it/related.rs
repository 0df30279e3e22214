//! Related articles: those that files name, the same news of other providers, and similar articles by content.

use std::collections::BTreeSet;
use std::fs;

use frontpage::app::{Effect, Event, Focus, SessionInit};
use frontpage::feed::{Reason, Target};
use frontpage::jobs::JobKind;
use frontpage::jobs::similarity_index::IndexStore;
use frontpage::keymap::{Key, Keymap};
use frontpage::library::Library;
use frontpage::terminal::HeadlessUi;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now, user};

/// A reader that looks for similar articles.
fn reader() -> Reader {
    let user = user("navigation: hidden");
    Reader::starting(SessionInit { similar: Some(IndexStore::default()), user, ..SessionInit::default() })
}

fn load(reader: &mut Reader, folder: &Folder) {
    let loaded = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder");
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: loaded.problems, complete: true });
}

fn file(folder: Folder, name: &str, day: u32, provider: &str, title: &str, excerpt: &str, more: &str) -> Folder {
    let text = format!(
        "---\ntitle: \"{title}\"\nexcerpt: \"{excerpt}\"\nwebUrl: https://{provider}.example/{name}\npublishedDateTime: \
         2021-02-{day:02}T10:00:00Z\nprovider: {{name: {provider}, domain: {provider}.example}}\n{more}---\n"
    );
    folder.file(&format!("{name}.md"), text)
}

fn harbours() -> Folder {
    let given = "related:\n  - {title: Something else entirely, webUrl: https://c.example/garden}\n  - {title: Gone, webUrl: https://x.example/gone}\n";
    let mut folder = file(
        Folder::new(),
        "bridge",
        10,
        "a",
        "Harbour bridge closed after storm damages cables",
        "Engineers inspect the harbour bridge cables which the storm has damaged overnight",
        given,
    );
    folder = file(
        folder,
        "same",
        10,
        "b",
        "Harbour bridge closed after storm damages the cables",
        "Engineers inspect the harbour bridge cables which the storm has damaged overnight",
        "",
    );
    folder = file(
        folder,
        "like",
        11,
        "c",
        "Storm leaves the harbour without its ferry",
        "The ferry stays in the harbour until engineers have looked at the storm's damage",
        "",
    );
    folder = file(folder, "garden", 9, "c", "Something else entirely", "Roses want pruning in spring", "");
    file(folder, "soup", 9, "d", "A soup of leeks", "Potatoes and leeks simmer for half an hour", "")
}

fn entries(reader: &Reader) -> Vec<(String, String)> {
    let entries = reader.app().related_entries().into_iter();
    entries.map(|entry| (entry.reason.words().to_string(), entry.target.title().to_string())).collect()
}

fn open(reader: &mut Reader, title: &str) {
    reader.press("gg<esc><esc>gg");
    let row = reader.titles().iter().position(|known| known.starts_with(title)).expect("a row");
    reader.press(&"j".repeat(row));
    assert!(reader.title().starts_with(title));
}

#[test]
fn related_articles_of_files_come_first_then_same_news_then_similar() {
    let mut reader = reader().sized(160, 40);
    load(&mut reader, &harbours());
    open(&mut reader, "Harbour bridge closed after storm damages cables");
    let found = entries(&reader);
    let reasons: Vec<&str> = found.iter().map(|(reason, _)| reason.split(':').next().expect("a reason")).collect();
    assert_eq!(reasons, ["given in the file", "given in the file", "same news", "similar"], "{found:?}");
    assert_eq!(found[3].1, "Storm leaves the harbour without its ferry");
    let screen = reader.text();
    assert!(screen.contains("same news") && screen.contains("similar: 0."), "{screen}");
    // The reverse relation, and an article that no file relates to another.
    open(&mut reader, "Storm leaves");
    let found = entries(&reader);
    assert!(found.iter().all(|(reason, _)| reason.starts_with("similar: ")) && found.len() >= 2, "{found:?}");
    open(&mut reader, "Something else");
    assert_eq!(
        entries(&reader),
        [("links here".to_owned(), "Harbour bridge closed after storm damages cables".to_owned())]
    );
    open(&mut reader, "A soup");
    assert_eq!(entries(&reader), []);
    assert!(!reader.text().contains("╭ Related"), "{}", reader.text());
}

#[test]
fn articles_that_share_links_are_similar() {
    let note = |folder: Folder, name: &str, title: &str, body: &str| {
        folder.file(&format!("{name}.md"), format!("---\ntitle: {title}\n---\n\n{body}\n"))
    };
    let mut folder = note(Folder::new(), "charter", "Charter", "Rules.");
    folder = note(folder, "soup", "Leeks", "See [it](charter.md).");
    folder = note(folder, "gate", "Northern gate", "As [there](charter.md).");
    folder = note(folder, "clock", "Museum", "Closed.");
    // An index page links to everything, so it does not say that two articles belong together.
    let all: Vec<String> = (0..150).map(|n| format!("[{n}](page{n}.md)")).collect();
    folder = note(folder, "contents", "Contents", &format!("[a](clock.md) [b](gate.md) {}", all.join(" ")));
    for n in 0..150 {
        folder = note(folder, &format!("page{n}"), &format!("Page{n}x"), &format!("Word{n}y."));
    }
    let mut reader = reader().sized(160, 200);
    load(&mut reader, &folder);
    let reasons_of = |reader: &mut Reader, title: &str| {
        open(reader, title);
        entries(reader)
    };
    for (one, other) in [("Leeks", "Northern gate"), ("Northern gate", "Leeks")] {
        let found = reasons_of(&mut reader, one);
        let similar: Vec<_> = found.iter().filter(|(reason, _)| reason.starts_with("similar: ")).collect();
        assert!(similar.len() == 1 && similar[0].1 == other, "{found:?}");
        assert!(found.contains(&("links to".to_owned(), "Charter".to_owned())), "{found:?}");
    }
    let found = reasons_of(&mut reader, "Museum");
    assert!(!found.iter().any(|(_, title)| title == "Northern gate"), "{found:?}");
}

#[test]
fn nothing_is_related_to_itself_or_twice_in_the_built_in_feed() {
    let mut reader =
        Reader::starting(SessionInit { similar: Some(IndexStore::default()), ..SessionInit::default() }).unfolded();
    let feed = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed").feed;
    reader.receive(Event::FeedLoaded { feed: feed.clone(), problems: Vec::new(), complete: true });
    reader.press("X");
    let (mut similar, mut shown) = (0, BTreeSet::new());
    for _ in 0..feed.len() {
        let own = reader.app().detail().article().expect("an article");
        shown.insert(own);
        let entries = reader.app().related_entries();
        let mut seen = BTreeSet::new();
        for entry in &entries {
            if let Target::InLibrary(place, article) = &entry.target {
                assert_eq!(feed.id(*place), Some(article.id));
                assert!(article.id != own && seen.insert(article.id), "{} of {}", article.title, reader.title());
            }
            similar += usize::from(matches!(entry.reason, Reason::Similar(_)));
        }
        let rank = |reason: Reason| match reason {
            Reason::Story | Reason::Listed | Reason::LinksHere | Reason::LinksTo | Reason::LinkedFrom => (0, 0),
            Reason::SameNews => (1, 0),
            Reason::Similar(hundredths) => (2, 100 - hundredths),
        };
        assert!(entries.is_sorted_by_key(|entry| rank(entry.reason)), "{}", reader.title());
        reader.press("j");
    }
    assert!(shown.len() > 50 && similar > 0, "{} {similar}", shown.len());
}

#[test]
fn a_reload_updates_similar_articles() {
    let mut reader = reader();
    let mut folder = harbours();
    load(&mut reader, &folder);
    open(&mut reader, "A soup");
    folder = file(folder, "stew", 10, "e", "A stew of leeks and potatoes", "Leeks and potatoes simmer for an hour", "");
    load(&mut reader, &folder);
    assert_eq!(reader.title(), "A soup of leeks");
    assert_eq!(
        entries(&reader).into_iter().map(|(_, title)| title).collect::<Vec<_>>(),
        ["A stew of leeks and potatoes"]
    );
    fs::remove_file(folder.path().join("stew.md")).expect("removed");
    load(&mut reader, &folder);
    assert_eq!(entries(&reader), []);
}

#[test]
fn following_similar_articles_leads_back_to_the_same_entry_and_line() {
    let mut reader = reader().sized(160, 40);
    load(&mut reader, &harbours());
    open(&mut reader, "Harbour bridge closed after storm damages cables");
    reader.press("<enter>ljjj<enter>");
    assert_eq!(reader.title(), "Storm leaves the harbour without its ferry");
    let screen = reader.text();
    assert!(screen.contains("Article · Ctrl-o ‹ Harbour bridge closed after…"), "{screen}");
    reader.press("l<enter>");
    let second = reader.title();
    assert!(
        reader.text().contains("Ctrl-o ‹ Storm leaves the harbour wi… ‹ Harbour bridge closed after…"),
        "{}",
        reader.text()
    );
    reader.press("[[");
    assert_eq!(reader.title(), "Harbour bridge closed after storm damages cables");
    assert_eq!((reader.app().related().selected(), reader.app().focus()), (3, Focus::Detail));
    reader.press("]]");
    assert_eq!(reader.title(), second);
}

#[test]
fn late_results_move_no_selection() {
    let init = SessionInit { similar: Some(IndexStore::default()), ..SessionInit::default() };
    let mut session = HeadlessUi::new(init, Keymap::new().expect("the keys"), now());
    let folder = harbours();
    let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed;
    let effects = session.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    let index = effects.0.into_iter().filter_map(|effect| match effect {
        Effect::RunJob(job) if job.kind() == JobKind::Index => Some(job),
        _ => None,
    });
    let index = index.last().expect("a request for the index");
    let press = |session: &mut HeadlessUi, keys: &str| {
        let keys = Key::parse_all(keys).expect("keys").into_iter();
        keys.flat_map(|key| session.press(key).0.0).collect::<Vec<Effect>>()
    };
    let row =
        |session: &HeadlessUi| session.app().article().map(|article| article.title.to_string()).unwrap_or_default();
    while !row(&session).ends_with("damages cables") {
        press(&mut session, "j");
    }
    press(&mut session, "<enter>lj");
    let selected = |session: &HeadlessUi| {
        let app = session.app();
        app.related_entries()[app.related().selected()].target.title().to_string()
    };
    assert_eq!((selected(&session).as_str(), session.app().related_entries().len()), ("Gone", 2));
    let effects = session.receive(Event::Job(index.run_now()));
    assert_eq!(session.app().related_entries().len(), 2, "nothing blinks until it is known");
    assert!(session.app().related().similar().is_pending());
    let _ = session.run_jobs(effects);
    assert!(!session.app().related().similar().is_pending());
    assert_eq!((selected(&session).as_str(), session.app().related_entries().len()), ("Gone", 4));
    assert_eq!(session.app().focus(), Focus::Related);
}

#[test]
fn panes_stay_until_similar_articles_of_the_next_article_are_known() {
    for size in [(160, 45), (100, 30)] {
        let init = SessionInit { similar: Some(IndexStore::default()), ..SessionInit::default() };
        let mut session = HeadlessUi::new(init, Keymap::new().expect("the keys"), now());
        let folder = harbours();
        let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed;
        let effects = session.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
        let _ = session.run_jobs(effects);
        let mut moved = 0;
        let row = |session: &mut HeadlessUi| {
            let screen = frontpage::cli::screen_text(&session.screen(size.0, size.1));
            assert!(!screen.contains("No related articles"), "{screen}");
            // Below the article: the frame of the related pane, or the line that counts it.
            let above = |line: &str| line.contains("╭ Related") || (size.0 < 120 && line.starts_with('╰'));
            screen.lines().position(above)
        };
        for _ in 0..4 {
            let before = row(&mut session);
            let (effects, _) = session.press(Key::parse_all("j").expect("a key")[0]);
            assert_eq!(row(&mut session), before, "{size:?}");
            let _ = session.run_jobs(effects);
            moved += usize::from(row(&mut session) != before);
        }
        assert!(moved > 0, "they differ in how much is related to them");
    }
}
