//! A folder that changes during a session: new and changed articles are counted, and the position stays.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use frontpage::app::{Effect, Event, Focus, SessionInit};
use frontpage::feed::Marks;
use frontpage::library::{Library, Loaded, ScanOptions};

use crate::harness::folder::Folder;
use crate::harness::pty::Pty;
use crate::harness::random::Random;
use crate::harness::reader::{Reader, now};

/// A reader, and the folder that it reads.
struct Live {
    folder: Folder,
    library: Library,
    loaded: Loaded,
    reader: Reader,
}

impl Live {
    fn new(folder: Folder) -> Live {
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let loaded = library.load(now(), |_| {}).expect("the folder");
        let reader = Reader::starting(SessionInit { records_arrivals: true, ..SessionInit::default() });
        let mut live = Live { folder, library, loaded, reader };
        live.tell();
        live.reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
        live
    }

    fn tell(&mut self) {
        let Loaded { feed, problems, .. } = self.loaded.clone();
        self.reader.receive(Event::FeedLoaded { feed, problems, complete: true });
    }

    /// Writes a file, as an editor does.
    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(self.folder.path().join(".new"), text).expect("a file");
        fs::rename(self.folder.path().join(".new"), path).expect("renamed");
    }

    /// Loads the changes. Returns the number of files that were read.
    fn reload(&mut self) -> usize {
        let options = ScanOptions {
            now: now().into(),
            watch: None,
            keep_last_good: true,
            sites: &[],
            defers_links: false,
            full_texts: None,
        };
        match self.library.refresh_with(&self.loaded, &options, |_| {}).expect("the folder") {
            None => 0,
            Some(loaded) => {
                self.loaded = loaded;
                self.tell();
                self.loaded.read
            }
        }
    }

    fn counts(&self) -> (usize, usize) {
        self.reader.app().news().counts()
    }

    /// The titles that a query finds.
    fn find(&mut self, query: &str) -> BTreeSet<String> {
        let mut reader = &mut self.reader;
        reader = reader.press("F<ctrl-u>");
        reader.paste(query);
        reader.press("<enter>");
        let found = reader.found().into_iter().collect();
        reader.press("c");
        found
    }
}

/// An article of the native form, as its writers update it.
#[derive(Clone)]
struct Version {
    name: String,
    title: String,
    heat: i64,
    related: Vec<String>,
    secured: u64,
}

impl Version {
    fn text(&self) -> String {
        let mut text = format!(
            "---\ntitle: \"{}\"\nexcerpt: \"about {}\"\npublishedDateTime: 2021-02-{:02}T00:00:00Z\nwebUrl: \
             \"https://example.org/{}\"\nquality: 40\nheat: {}\nsecured: \"{:x}\"\n",
            self.title,
            self.name,
            1 + self.name.len() % 20,
            self.name,
            self.heat,
            self.secured
        );
        if !self.related.is_empty() {
            text.push_str("related:\n");
        }
        for name in &self.related {
            let _ = writeln!(text, "  - title: \"{name}\"\n    webUrl: \"https://example.org/{name}\"");
        }
        text + "---\n"
    }
}

#[test]
fn new_and_changed_articles_of_a_real_update_are_counted_exactly() {
    let mut random = Random::new(7);
    let mut versions: Vec<Version> = (0..300)
        .map(|n| Version {
            name: format!("n{n}"),
            title: format!("Piece {n}"),
            heat: 40,
            related: Vec::new(),
            secured: n,
        })
        .collect();
    let folder = versions
        .iter()
        .fold(Folder::new(), |folder, version| folder.file(&format!("{}.md", version.name), version.text()));
    let mut live = Live::new(folder);
    assert_eq!(live.counts(), (0, 0), "articles from before the session are not counted");
    live.reader.press("jjjjjjj<enter>");
    let (title, row) = (live.reader.title(), live.reader.app().list().selected() - live.reader.frame.list.offset);
    let mut changed = BTreeSet::new();
    for step in 0..6 {
        let mut touched = 0;
        for version in &mut versions {
            match random.roll(12) {
                // Most of the rewritten files have the same text.
                0..=4 => version.secured += 1,
                5 => {
                    version.heat += 10;
                    version.related.push(format!("n{}", random.roll(300)));
                    version.secured += 1;
                    changed.insert(version.name.clone());
                    touched += 1;
                }
                6 if version.title != title => {
                    version.title.push('!');
                    changed.insert(version.name.clone());
                    touched += 1;
                }
                _ => continue,
            }
            live.write(&format!("{}.md", version.name), &version.text());
        }
        let new: Vec<Version> = (0..20)
            .map(|n| {
                let name = format!("s{step}-{n}");
                Version { title: format!("News {name}"), name, heat: 40, related: Vec::new(), secured: 1 }
            })
            .collect();
        new.iter().for_each(|version| live.write(&format!("{step}/{}.md", version.name), &version.text()));
        let read = live.reload();
        assert!(read >= touched + 20, "{read}");
        let arrived = 20 * (step + 1);
        assert_eq!(live.counts(), (arrived, changed.len()), "step {step}");
        let words = format!("{arrived} new · {} changed", changed.len());
        assert!(live.reader.text().contains(&words), "{words}: {}", live.reader.text());
        assert_eq!(live.reader.title(), title, "the article stays");
        assert_eq!(live.reader.app().list().selected() - live.reader.frame.list.offset, row, "and so does its row");
        // The same change again is not counted, and the counts stay until a key is pressed.
        versions.iter().take(50).for_each(|version| live.write(&format!("{}.md", version.name), &version.text()));
        live.reload();
        assert_eq!(live.counts(), (arrived, changed.len()));
        live.reader.press("y");
        assert_eq!(live.counts(), (arrived, changed.len()), "a key sees them, and takes nothing away");
        versions.extend(new);
    }
    let new = live.find("is:new");
    assert_eq!(new.len(), 120, "{new:?}");
    live.find("is:changed");
    assert_eq!(live.counts().1, live.find("is:changed").len());
}

#[test]
fn changed_and_new_articles_can_be_queried() {
    let folder = ["a", "b", "c"].iter().fold(Folder::new(), |folder, name| {
        folder.file(&format!("{name}.md"), format!("---\ntitle: {name}\nlink: https://e.org/{name}\n---\nText.\n"))
    });
    let mut live = Live::new(folder);
    live.write("b.md", "---\ntitle: b\nlink: https://e.org/b\n---\nOther text.\n");
    live.write("c.md", "---\nlink: https://e.org/c\ntitle:   \"c\"\n---\n\nText.\n\n");
    live.write("deep/a.md", "---\ntitle: a\nlink: https://e.org/a\n---\nText.\n");
    fs::remove_file(live.folder.path().join("a.md")).expect("removed");
    live.write("d.md", "---\ntitle: d\nlink: https://e.org/d\n---\n");
    assert_eq!(live.reload(), 4);
    assert_eq!(live.counts(), (1, 1), "one was moved, and one written otherwise");
    let titles = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect::<BTreeSet<String>>();
    assert_eq!(live.find("is:changed"), titles(&["b"]));
    assert_eq!(live.find("is:new"), titles(&["d"]));
    // A view of changed articles includes later changes.
    live.reader.press("F<ctrl-u>is:changed<enter>");
    live.write("d.md", "---\ntitle: d\nlink: https://e.org/d\n---\nMore.\n");
    live.reload();
    assert_eq!(live.reader.found().into_iter().collect::<BTreeSet<_>>(), titles(&["b", "d"]));
    assert_eq!(live.counts(), (1, 2), "as many as the queries find");
    // Removed articles are not counted; articles that come back are not new.
    fs::remove_file(live.folder.path().join("d.md")).expect("removed");
    live.reload();
    assert_eq!(live.counts(), (0, 1));
    live.write("d.md", "---\ntitle: d\nlink: https://e.org/d\n---\nMore.\n");
    live.reload();
    assert_eq!(live.counts(), (1, 2));
    // Hidden articles are neither found nor counted.
    live.reader.press("cF<ctrl-u>title:b<enter>D");
    assert_eq!(live.counts(), (1, 1));
}

#[test]
fn an_article_with_its_first_text_again_is_not_changed() {
    let text = |name: &str, words: &str| format!("---\ntitle: {name}\nlink: https://e.org/{name}\n---\n{words}\n");
    let folder = ["a", "b"]
        .iter()
        .fold(Folder::new(), |folder, name| folder.file(&format!("{name}.md"), text(name, "As it was.")));
    let mut live = Live::new(folder);
    // Through several versions, with a key between or not, written otherwise, or gone meanwhile.
    for way in ["", "j", "gone"] {
        for words in ["One.", "Two.", "One.", "As it was."] {
            live.write("a.md", &text("a", words));
            live.reload();
            live.reader.press(if way == "j" { "j" } else { "" });
            let changed = usize::from(words != "As it was.");
            assert_eq!((live.counts().1, live.find("is:changed").len()), (changed, changed), "{way} {words}");
            assert_eq!(live.reader.text().contains("changed"), changed > 0, "{}", live.reader.text());
            if way == "gone" {
                fs::remove_file(live.folder.path().join("a.md")).expect("removed");
                live.reload();
                assert_eq!(live.counts().1, 0);
            }
        }
        live.write("a.md", &text("a", "As it was.").replace("title: a", "title:   'a'"));
        live.reload();
        assert_eq!(live.counts().1, 0, "{way}");
    }
    // An article with its first text again leaves the view of changed articles.
    live.write("a.md", &text("a", "Other."));
    live.write("b.md", &text("b", "Other."));
    live.reload();
    live.reader.press("F<ctrl-u>is:changed<enter>");
    assert_eq!(live.reader.found().len(), 2);
    live.write("a.md", &text("a", "As it was."));
    live.reload();
    assert_eq!(live.reader.found(), ["b"]);
}

#[test]
fn articles_of_the_first_session_are_not_new() {
    use frontpage::feed::{Change, DeviceId, HybridClock, Mark};
    let folder = (0..9).fold(Folder::new(), |folder, n| folder.file(&format!("{n}.md"), format!("# Number {n}\n")));
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let loaded = library.load(now(), |_| {}).expect("the folder");
    for (is_first_visit, new) in [(true, 0), (false, 8)] {
        let init = SessionInit { records_arrivals: true, is_first_visit, ..SessionInit::default() };
        let mut reader = Reader::starting(init);
        reader.receive(Event::FeedLoaded { feed: loaded.feed.clone(), problems: Vec::new(), complete: true });
        // One file was read by itself before.
        let mut marks = Marks::default();
        let then = now() - chrono::TimeDelta::days(1);
        let articles = loaded.feed.id(3).into_iter().collect();
        marks.apply(&Change { stamp: HybridClock::new(DeviceId(7)).tick(then), mark: Mark::Arrived(then), articles });
        reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
        assert_eq!(reader.app().news().counts().0, new);
        reader.press("Fis:new<enter>");
        assert_eq!(reader.found().len(), new);
    }
}

#[test]
fn a_reload_before_the_last_was_compared_loses_no_count() {
    use frontpage::jobs::Job;
    use frontpage::keymap::Keymap;
    use frontpage::terminal::HeadlessUi;
    let text = |word: &str, name: &str| format!("---\ntitle: {name}\nlink: https://e.org/{name}\n---\n{word}\n");
    let folder = Folder::new().file("a.md", text("one", "a")).file("b.md", text("one", "b"));
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let mut session = HeadlessUi::new(SessionInit::default(), Keymap::new().expect("the keys"), now());
    let load = |session: &mut HeadlessUi, before: Option<&Loaded>| -> (Loaded, Vec<Job>) {
        let loaded = match before {
            None => library.load(now(), |_| {}).expect("the folder"),
            Some(before) => library.refresh(before, now(), |_| {}).expect("the folder").expect("news"),
        };
        let effects =
            session.receive(Event::FeedLoaded { feed: loaded.feed.clone(), problems: Vec::new(), complete: true });
        let requests = effects.0.into_iter().filter_map(|effect| match effect {
            Effect::RunJob(job) => Some(job),
            _ => None,
        });
        (loaded, requests.collect())
    };
    let (first, _) = load(&mut session, None);
    fs::write(folder.path().join("a.md"), text("two", "a")).expect("a file");
    let (second, early) = load(&mut session, Some(&first));
    fs::write(folder.path().join("b.md"), text("three", "b")).expect("a file");
    let (_, late) = load(&mut session, Some(&second));
    for request in early.into_iter().chain(late) {
        let _ = session.receive(Event::Job(request.run_now()));
    }
    assert_eq!(session.app().news().counts(), (0, 2));
}

fn long(before: &str, marked: &str) -> String {
    let paragraphs: String =
        (0..60).map(|n| format!("Paragraph {n} has words of its own, and some more of them.\n\n")).collect();
    format!("---\ntitle: Long\nlink: https://e.org/long\n---\n{before}{}", paragraphs.replace("Paragraph 31", marked))
}

#[test]
fn the_line_that_is_read_stays_when_text_comes_or_goes_above_it() {
    for size in [(160, 45), (100, 30), (60, 20)] {
        let mut live =
            Live::new(Folder::new().file("long.md", long("", "Paragraph 31")).file("z.md", "---\ntitle: Z\n---\n"));
        live.reader.resize(size.0, size.1);
        live.reader.press("<enter><ctrl-f><ctrl-f><ctrl-f>");
        let top = |live: &Live| {
            let area = live.reader.frame.detail.area;
            let text = live.reader.text();
            let line = text.lines().nth(usize::from(area.y)).expect("a line").to_owned();
            let words: String = line.chars().skip(usize::from(area.x)).collect();
            words.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.').to_owned()
        };
        let first = top(&live);
        assert!(live.reader.app().detail().scroll() > 10);
        let mut scrolls = vec![live.reader.app().detail().scroll()];
        for before in ["A new beginning.\n\nAnd more of it.\n\n", "", "# One\n\n- a\n- b\n- c\n\n", "Short.\n\n"] {
            live.write("long.md", &long(before, "Paragraph 31"));
            live.reload();
            assert_eq!(top(&live), first, "{size:?} {before:?}");
            scrolls.push(live.reader.app().detail().scroll());
        }
        scrolls.dedup();
        assert!(scrolls.len() == 5, "the text did move: {scrolls:?}");
        // Also if the open article changes, and if all articles change.
        let scroll = live.reader.app().detail().scroll();
        live.write("long.md", &long("Short.\n\n", "Another paragraph"));
        live.reload();
        assert_eq!(live.reader.app().detail().scroll(), scroll);
        live.write("long.md", "---\ntitle: Long\nlink: https://e.org/long\n---\nNothing is left.\n");
        live.reload();
        assert_eq!(live.reader.app().focus(), Focus::Detail);
        assert!(live.reader.text().contains("Nothing is left."), "{}", live.reader.text());
    }
}

#[test]
fn at_its_top_an_article_stays_at_its_top() {
    let mut live = Live::new(Folder::new().file("long.md", long("", "Paragraph 31")));
    live.reader.press("<enter>");
    live.write("long.md", &long("News at the top.\n\n", "Paragraph 31"));
    live.reload();
    assert_eq!(live.reader.app().detail().scroll(), 0);
    assert!(live.reader.text().contains("News at the top."));
}

#[test]
fn the_selected_related_article_stays_selected() {
    let related = |names: &[&str]| -> String {
        let entries: String =
            names.iter().map(|name| format!("  - {{title: {name}, webUrl: \"https://e.org/{name}\"}}\n")).collect();
        format!("---\ntitle: Head\nlink: https://e.org/head\ndate: 2021-02-19\nrelated:\n{entries}---\n")
    };
    let one = |name: &str| format!("---\ntitle: {name}\nlink: https://e.org/{name}\ndate: 2021-02-01\n---\n");
    let mut live = Live::new(
        Folder::new().file("head.md", related(&["a", "b", "web"])).file("a.md", one("a")).file("b.md", one("b")),
    );
    live.reader.press("<enter>l");
    for (moves, name) in [("j", "b"), ("j", "web")] {
        live.reader.press(moves);
        let selected = |live: &Live| {
            let app = live.reader.app();
            app.related_entries()[app.related().selected()].target.title().to_string()
        };
        assert_eq!(selected(&live), name);
        live.write("head.md", &related(&["new", "a", "b", "web"]));
        live.reload();
        assert_eq!((selected(&live).as_str(), live.reader.app().focus()), (name, Focus::Related));
        live.write("head.md", &related(&["a", "b", "web"]));
        live.reload();
        assert_eq!(selected(&live), name);
    }
    // It comes into the library under another title, the indices of others change, and it is removed again.
    let link = |live: &Live| {
        let app = live.reader.app();
        app.related_entries()[app.related().selected()].target.link().map(|link| link.shown().to_string())
    };
    live.write("web.md", &one("web").replace("title: web", "title: At last"));
    live.write("head.md", &related(&["new", "web", "a", "b"]));
    live.reload();
    assert_eq!(link(&live).as_deref(), Some("https://e.org/web"));
    fs::remove_file(live.folder.path().join("web.md")).expect("removed");
    live.write("head.md", &related(&["a", "b", "web"]));
    live.reload();
    assert_eq!(link(&live).as_deref(), Some("https://e.org/web"));
    // All this during typing, and Esc.
    live.reader.press("/a");
    live.write("head.md", &related(&["web", "a", "b"]));
    live.reload();
    live.reader.press("<esc>");
    assert_eq!((link(&live).as_deref(), live.reader.app().focus()), (Some("https://e.org/web"), Focus::Related));
}

#[test]
fn a_broken_file_keeps_its_last_version_and_has_a_problem() {
    let folder = Folder::new()
        .file("a.md", "---\ntitle: Good\nlink: https://e.org/a\n---\nAs it was.\n")
        .file("b.md", "---\ntitle: Other\nlink: https://e.org/b\n---\n");
    let mut live = Live::new(folder);
    live.reader.press("j<enter>kh");
    let place = live.reader.titles().iter().position(|title| title == "Good").expect("a row");
    live.reader.press("gg");
    live.reader.press(&"j".repeat(place));
    live.write("a.md", "---\ntitle: Good\nlink: [https://e.org/a\nx: {\n---\nNot as it was.\n");
    live.reload();
    let screen = live.reader.text();
    assert!(screen.contains("As it was.") && screen.contains("shown as last read"), "{screen}");
    assert!(screen.contains("⚠ 1 file not read · P"), "{screen}");
    assert_eq!((live.reader.title().as_str(), live.counts()), ("Good", (0, 0)));
    live.reader.press("e");
    match live.reader.effects.last() {
        Some(Effect::EditFile { path, line }) => assert!(path.ends_with("a.md") && *line > 2, "{line}"),
        other => panic!("no editing but {other:?}"),
    }
    live.write("a.md", "---\ntitle: Better\nlink: https://e.org/a\n---\nCorrected.\n");
    live.reload();
    let screen = live.reader.text();
    assert!(
        screen.contains("Corrected.") && !screen.contains("how it was") && !screen.contains("not read"),
        "{screen}"
    );
    assert_eq!(live.counts(), (0, 1));
}

#[test]
fn a_file_whose_front_matter_was_never_whole_shows_its_body_as_it_is_now() {
    let folder = Folder::new().file("a.md", "---\ntitle: T\ntags: [\n---\nThe first body.\n");
    let mut live = Live::new(folder);
    live.reader.press("<enter>");
    let screen = live.reader.text();
    assert!(screen.contains("The first body.") && screen.contains("⚠ 1 · P"), "{screen}");
    assert!(!screen.contains("how it was before"), "{screen}");
    live.write("a.md", "---\ntitle: T\ntags: [\n---\nAnother body.\n");
    live.reload();
    let screen = live.reader.text();
    assert!(screen.contains("Another body.") && !screen.contains("how it was before"), "{screen}");
    live.write("a.md", "---\ntitle: Whole\n---\nThe last body.\n");
    live.reload();
    assert_eq!(live.reader.titles(), ["Whole"]);
    // From now on it is kept as it was.
    live.write("a.md", "---\ntitle: Whole\ntags: [\n---\nLost.\n");
    live.reload();
    assert_eq!(live.reader.titles(), ["Whole"]);
    let screen = live.reader.text();
    assert!(screen.contains("⚠ 1 file not read · P") && !screen.contains("Lost."), "{screen}");
}

/// The same in a terminal: the program runs, files are copied over its folder, and no key is pressed.
#[test]
fn an_update_that_is_copied_over_the_folder_is_on_the_screen() {
    let folder = Folder::new();
    let root = folder.path().join("news");
    let put = |name: &str, text: &str| {
        fs::create_dir_all(root.join(name).parent().expect("a folder")).expect("a folder");
        fs::write(root.join(name), text).expect("a file");
    };
    let version = |n: usize, secured: u64| {
        let name = format!("n{n}");
        Version { title: format!("Piece {n}"), name, heat: 40, related: Vec::new(), secured }
    };
    (0..400).for_each(|n| put(&format!("{n}.md"), &version(n, 1).text()));
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[&root.to_string_lossy()], &[], (130, 30));
    pty.wait_for_text("400 articles");
    pty.send("jjjjj");
    let row = |line: &str| line.chars().take(60).collect::<String>();
    let title = |pty: &Pty| pty.text().lines().find(|line| line.contains("┃▸")).map(row);
    pty.wait_for_text("6 of 400");
    let selected = title(&pty);
    for step in 0..2 {
        // All are rewritten; most of them have the same text as before.
        for n in 0..400 {
            let mut version = version(n, 2 + step);
            if n % 57 == 3 {
                version.heat += 10 * (1 + step as i64);
            }
            put(&format!("{n}.md"), &version.text());
        }
        (0..15).for_each(|n| put(&format!("{step}/{n}.md"), &version(1000 * (1 + step as usize) + n, 1).text()));
        pty.wait_for_text("15 new · 7 changed");
        pty.wait_for_text(&format!("{} articles", 415 + 15 * step));
        assert_eq!(title(&pty), selected);
        pty.send("u");
        pty.wait_for_text("Nothing to undo");
        pty.send("jk");
    }
}

#[test]
fn an_article_at_the_same_index_may_have_changed() {
    // Both are read from nothing, so that the record of the article begins at the same place.
    let text = |words: &str| format!("---\ntitle: One\nlink: https://e.org/a\n---\n{words}\n");
    let folder = Folder::new().file("a.md", text("Leeks and soup."));
    let mut live = Live::new(folder);
    live.write("a.md", &text("Boats and sails"));
    live.loaded = live.library.load(now(), |_| {}).expect("the folder");
    live.tell();
    assert_eq!(live.counts(), (0, 1));
    assert_eq!(live.find("is:changed sails"), BTreeSet::from(["One".to_owned()]));
}

#[test]
fn esc_goes_back_to_the_line_that_was_read_also_when_text_came_above_it() {
    let mut live =
        Live::new(Folder::new().file("long.md", long("", "Paragraph 31")).file("z.md", "---\ntitle: Z\n---\n"));
    live.reader.resize(160, 45);
    live.reader.press("<enter><ctrl-f><ctrl-f>h");
    let top = |live: &Live| {
        let area = live.reader.frame.detail.area;
        let text = live.reader.text();
        text.lines().nth(usize::from(area.y)).expect("a line").chars().skip(usize::from(area.x)).collect::<String>()
    };
    let first = top(&live);
    live.reader.press("/Z");
    assert_ne!(live.reader.title(), "Long");
    live.write("long.md", &long("One.\n\nTwo.\n\nThree.\n\n", "Paragraph 31"));
    live.reload();
    live.reader.press("<esc>");
    assert_eq!((live.reader.title().as_str(), top(&live)), ("Long", first));
}

#[test]
fn jumps_skip_articles_that_are_gone() {
    let one = |name: &str, to: &str| {
        format!(
            "---\ntitle: {name}\nlink: https://e.org/{name}\nrelated:\n  - {{title: {to}, webUrl: \"https://e.org/{to}\"}}\n---\n"
        )
    };
    let folder = Folder::new().file("1.md", one("a", "b")).file("2.md", one("b", "c")).file("3.md", one("c", "a"));
    let mut live = Live::new(folder);
    live.reader.press("<enter>");
    let names = |live: &Live| live.reader.title();
    let first = names(&live);
    live.reader.press("l<enter>");
    let second = names(&live);
    live.reader.press("l<enter>");
    let third = names(&live);
    let file = ["a", "b", "c"].iter().position(|name| *name == second).expect("one of them") + 1;
    fs::remove_file(live.folder.path().join(format!("{file}.md"))).expect("removed");
    live.reload();
    live.reader.press("<ctrl-o>");
    assert_eq!(names(&live), first);
    assert!(!live.reader.text().contains('‹'), "{}", live.reader.text());
    live.reader.press("]");
    assert_eq!(names(&live), third);
    live.reader.press("[");
    assert_eq!(names(&live), first);
}

#[test]
fn the_problem_that_is_selected_stays_selected() {
    let broken = "---\ntitle: [\n---\n";
    let mut live =
        Live::new(Folder::new().file("m.md", broken).file("n.md", broken).file("ok.md", "---\ntitle: ok\n---\n"));
    live.reader.press("Pj");
    live.write("a.md", broken);
    live.reload();
    live.reader.press("<enter>");
    let edited = |live: &Live| match live.reader.effects.last() {
        Some(Effect::EditFile { path, .. }) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
        _ => None,
    };
    assert_eq!(edited(&live).as_deref(), Some("n.md"));
    live.reader.press("P");
    for name in ["a.md", "m.md", "n.md"] {
        live.write(name, "---\ntitle: ok\n---\n");
    }
    live.reload();
    assert!(live.reader.app().overlay().is_none(), "nothing is left to choose from");
}

/// A note in the form of most sites: no link, so that its title and date say who it is.
fn note(title: &str, date: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n---\n{body}\n")
}

const BODY: &str = "Words that are in this note and in no other one.";

#[test]
fn marks_follow_an_article_that_is_edited_or_moved_during_a_session() {
    let folder = Folder::new()
        .file("a.md", note("Recieve", "2021-02-01", BODY))
        .file("b.md", note("Other", "2021-02-02", "Else."));
    let mut live = Live::new(folder);
    live.reader.press("Gsmathe note<enter>");
    assert_eq!(live.find("is:starred is:read has:note"), BTreeSet::from(["Recieve".to_owned()]));
    live.write("a.md", &note("Receive", "2021-02-01", BODY));
    live.reload();
    assert_eq!(live.find("is:starred is:read has:note"), BTreeSet::from(["Receive".to_owned()]));
    assert_eq!(live.counts().0, 0, "it was there before, under another title");
    live.reader.press("gg");
    assert_eq!(live.reader.title(), "Other");
    live.reader.press("j<enter>");
    live.write("a.md", &note("Received", "2021-02-03", BODY));
    live.reload();
    assert_eq!(live.reader.title(), "Received", "the selection goes along, and so does the article");
    assert_eq!(live.reader.app().article().map(|article| article.title.to_string()).as_deref(), Some("Received"));
    live.reader.press("hu");
    assert_eq!(live.find("has:note"), BTreeSet::new(), "what is undone is undone where it is now");
    live.reader.press("<ctrl-r>");
    live.write("a.md", &note("Receive", "2021-02-01", BODY));
    live.reload();
    live.reader.press("Gs");
    assert_eq!((live.reader.title().as_str(), live.find("is:starred").len()), ("Receive", 0));
    live.reader.press("Gs");
    fs::rename(live.folder.path().join("a.md"), live.folder.path().join("moved.md")).expect("moved");
    live.write("b.md", &note("Another", "2021-02-02", "Else."));
    live.reload();
    assert_eq!((live.reader.title().as_str(), live.counts().0), ("Receive", 0), "the selection goes along");
    fs::rename(live.folder.path().join("moved.md"), live.folder.path().join("a.md")).expect("moved");
    live.reload();
    fs::create_dir(live.folder.path().join("sub")).expect("a folder");
    fs::rename(live.folder.path().join("a.md"), live.folder.path().join("sub/c.md")).expect("moved");
    live.write("sub/c.md", &note("Receive", "2021-02-05", BODY));
    live.reload();
    assert_eq!(live.find("is:starred is:read has:note"), BTreeSet::from(["Receive".to_owned()]));
    // What is kept says so, too: another session finds them.
    let mut kept = Marks::default();
    live.reader.changes.iter().for_each(|change| kept.apply(change));
    let id =
        live.reader.app().feed().iter().find(|article| article.title.as_str() == "Receive").expect("it is there").id;
    assert!(kept.is_starred(id) && kept.is_read(id) && kept.note(id).is_some());
}

#[test]
fn a_new_article_with_the_same_identity_takes_no_mark() {
    let lecture = |n: usize| {
        format!("---\ntitle: Lecture {n}\ndate: 2021-02-0{n}\nsource: https://e.org/c\n---\nText of lecture {n}.\n")
    };
    let mut live = Live::new(Folder::new().file("5.md", lecture(5)));
    live.reader.press("s");
    // One that was published before it would have the identity of their link.
    live.write("3.md", &lecture(3));
    live.reload();
    assert_eq!(live.find("is:starred"), BTreeSet::from(["Lecture 5".to_owned()]));
    assert_eq!(live.find("is:new"), BTreeSet::from(["Lecture 3".to_owned()]));
    live.write("7.md", &lecture(7));
    live.reload();
    assert_eq!(live.find("is:starred"), BTreeSet::from(["Lecture 5".to_owned()]));
    live.reader.press("gg");
    assert_eq!(live.reader.title(), "Lecture 7");
    live.reader.press("s");
    fs::remove_file(live.folder.path().join("5.md")).expect("gone");
    live.reload();
    assert_eq!(live.find("is:starred"), BTreeSet::from(["Lecture 7".to_owned()]));
    assert_eq!(live.find("").len(), 2);
}
