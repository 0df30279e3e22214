//! Identity: different articles stay different, and marks stay with an article whatever happens to its file.

use std::collections::BTreeMap;

use frontpage::feed::{ArticleHashes, Feed};
use frontpage::library::Library;
use serde_json::Value;

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::now;

fn feed(folder: &Folder) -> std::sync::Arc<Feed> {
    Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed
}

fn article(fields: &str, body: &str) -> String {
    format!("---\n{fields}\n---\n{body}\n")
}

#[test]
fn only_real_copies_become_one_row() {
    type Files<'a> = &'a [(&'a str, &'a str, &'a str)];
    let cases: [(&str, Files, usize); 18] = [
        (
            "items that share a link",
            &[
                ("a", "title: A\nurl: https://e.org/a\narticleId: k#1", "Text of words."),
                ("b", "title: A\nurl: https://e.org/a\narticleId: k#2", "Text of words."),
            ],
            2,
        ),
        (
            "an item in two files",
            &[
                ("a", "title: A\nurl: https://e.org/a\narticleId: k#1", "Text."),
                ("b", "title: A\nurl: https://e.org/a\narticleId: k#1", "Text, edited."),
            ],
            1,
        ),
        (
            "another article with the identity of an item",
            &[
                ("a", "title: A\nurl: https://e.org/a\narticleId: k#1", "Text of words."),
                ("b", "title: B\nurl: https://e.org/a\narticleId: k#1", "Another text."),
            ],
            2,
        ),
        (
            "the identity of an item, without a link",
            &[
                ("a", "title: A\narticleId: k#1", "Text of words."),
                ("b", "title: B\narticleId: k#1", "Another text."),
                ("c", "title: A\narticleId: k#1", "A third text."),
            ],
            2,
        ),
        (
            "an item, and the link as identity",
            &[
                ("a", "title: A\nurl: https://e.org/a\narticleId: https://e.org/a", "Text of words."),
                ("b", "title: B\nurl: https://e.org/a", "Another text."),
            ],
            2,
        ),
        (
            "a copy",
            &[("a", "title: A\nurl: https://e.org/a", "Text."), ("b", "title: A\nurl: https://e.org/a", "Text.")],
            1,
        ),
        (
            "a newer text",
            &[("a", "title: A\nurl: https://e.org/a", "Old."), ("b", "title: A\nurl: https://e.org/a", "New.")],
            1,
        ),
        (
            "a better title",
            &[
                ("a", "title: A\nurl: https://e.org/a", "A text of words."),
                ("b", "title: Aa\nurl: https://e.org/a", "A text of words."),
            ],
            1,
        ),
        (
            "tracking",
            &[
                ("a", "title: A\nurl: https://e.org/a?utm_source=x", "Text."),
                ("b", "title: a!\nurl: https://e.org/a/", "Else."),
            ],
            1,
        ),
        (
            "a chain",
            &[
                ("a", "title: A\nurl: https://e.org/a", "1"),
                ("b", "title: A\nurl: https://e.org/a", "The second text."),
                ("c", "title: C\nurl: https://e.org/a", "The second text."),
            ],
            1,
        ),
        (
            "two notes about a page",
            &[("a", "title: A\nurl: https://e.org/a", "1"), ("b", "title: B\nurl: https://e.org/a", "2")],
            2,
        ),
        (
            "two notes about a page, without text",
            &[("a", "title: A\nurl: https://e.org/a", ""), ("b", "title: B\nurl: https://e.org/a", "")],
            2,
        ),
        (
            "parts of a page",
            &[
                ("a", "title: Changes\nurl: https://e.org/a#1", "1"),
                ("b", "title: Changes\nurl: https://e.org/a#2", "2"),
            ],
            2,
        ),
        (
            "empty notes of a template",
            &[("a", "title: A\nurl: https://e.org/a", "TODO"), ("b", "title: B\nurl: https://e.org/a", "TODO")],
            2,
        ),
        (
            "an anchor on a copy",
            &[
                ("a", "title: A\nurl: https://e.org/a", "A text of words."),
                ("b", "title: A\nurl: https://e.org/a#comments", "A text of words."),
            ],
            1,
        ),
        (
            "notes of a day",
            &[("a", "title: Day\ndate: 2021-02-01", "1"), ("b", "title: Day\ndate: 2021-02-01", "2")],
            2,
        ),
        ("a copied note", &[("a", "title: Day\ndate: 2021-02-01", "1"), ("b", "title: Day\ndate: 2021-02-01", "1")], 1),
        ("names without a date", &[("x/note", "title: Note", "1"), ("y/note", "title: Note", "2")], 2),
    ];
    for (what, files, rows) in cases {
        let folder = files.iter().fold(Folder::new(), |folder, (name, fields, body)| {
            folder.file(&format!("{name}.md"), article(fields, body))
        });
        let feed = feed(&folder);
        assert_eq!(feed.len(), rows, "{what}");
        let ids: std::collections::BTreeSet<_> = (0..rows).filter_map(|place| feed.id(place)).collect();
        assert_eq!(ids.len(), rows, "{what}: each has an identity of its own");
        assert!(ids.iter().all(|id| feed.index_of(*id).and_then(|place| feed.id(place)) == Some(*id)), "{what}");
        let files: usize = (0..rows).map(|place| 1 + feed.copies(place).count()).sum();
        assert_eq!(files, feed.iter().map(|article| 1 + article.also_in.len()).sum::<usize>(), "{what}");
    }
}

#[test]
fn notes_of_one_path_below_two_folders_are_two_articles() {
    let folder = Folder::new().file("a/note.md", "# Note\n\nOne.\n").file("b/note.md", "# Note\n\nTwo.\n");
    let roots = vec![folder.path().join("a"), folder.path().join("b")];
    let feed = Library::Paths(roots).load(now(), |_| {}).expect("the folders").feed;
    assert_eq!(feed.len(), 2);
    assert_ne!(feed.id(0), feed.id(1));
}

#[test]
fn the_first_article_keeps_its_identity_when_others_with_it_come() {
    for date in ["date: 2021-02-09\n", ""] {
        let lecture = |n: usize, date: &str| {
            article(&format!("title: Lecture {n}\n{date}source: https://e.org/course"), &format!("Text {n}."))
        };
        let folder = Folder::new().file("1.md", lecture(1, "date: 2021-02-01\n"));
        let alone = feed(&folder).id(0).expect("an article");
        let folder = (2..9).fold(folder, |folder, n| folder.file(&format!("{n}.md"), lecture(n, date)));
        let all = feed(&folder);
        assert_eq!(all.len(), 8);
        if !date.is_empty() {
            let first = all.find(alone).expect("it is there still");
            assert_eq!(first.title.as_str(), "Lecture 1");
        }
        // Whatever else is there, the others have the identity of their link and title.
        let others: BTreeMap<String, _> = all.iter().map(|article| (article.title.to_string(), article.id)).collect();
        std::fs::remove_file(folder.path().join("7.md")).expect("gone");
        for article in feed(&folder).iter().filter(|article| article.id != alone) {
            assert_eq!(others[article.title.as_str()], article.id);
        }
    }
}

#[test]
fn a_copy_matches_by_its_own_words_and_is_shown_by_path() {
    let home = Home::new();
    home.file(
        "lib/old.md",
        &article("title: Tides\nurl: https://e.org/a\ndate: 2021-02-01\nupdated: 2021-02-01", "About amphibians."),
    );
    home.file(
        "lib/new.md",
        &article("title: Tides\nurl: https://e.org/a\ndate: 2021-02-01\nupdated: 2021-02-03", "About the moon."),
    );
    let library = home.folder.path().join("lib").display().to_string();
    let found = home.run(&["-L", &library, "list", "amphibians"]);
    assert_eq!((found.out.lines().count(), found.code), (1, 0), "{}", found.err);
    for (file, words) in [("old.md", "About amphibians."), ("new.md", "About the moon.")] {
        let shown = home.run(&["-L", &library, "show", &format!("{library}/{file}")]);
        assert!(shown.out.contains(words), "{file}: {}", shown.out);
    }
    let path = home.run(&["-L", &library, "show", &format!("{library}/old.md"), "--format", "json"]);
    assert!(path.out.contains("old.md\""), "{}", path.out);
}

#[test]
fn a_link_with_a_fragment_means_the_article_of_that_part() {
    let home = Home::new();
    for n in 1..4 {
        home.file(
            &format!("lib/{n}.md"),
            &article(&format!("title: Release {n}\nurl: https://e.org/log#v{n}\ndate: 2021-02-0{n}"), "Text."),
        );
    }
    let library = home.folder.path().join("lib").display().to_string();
    for n in 1..4 {
        let shown = home.run(&["-L", &library, "show", &format!("https://e.org/log#v{n}")]);
        assert!(shown.out.starts_with(&format!("Release {n}\n")), "{}", shown.out);
        assert_eq!(home.run(&["-L", &library, "mark", "starred", &format!("https://e.org/log#v{n}")]).code, 0);
        assert_eq!(home.run(&["-L", &library, "list", "is:starred"]).out.lines().count(), n);
    }
}

/// A library in a home, and its starred articles.
struct Marked {
    home: Home,
    library: String,
}

impl Marked {
    fn new() -> Marked {
        let home = Home::new();
        let library = home.folder.path().join("lib").display().to_string();
        Marked { home, library }
    }

    fn file(&self, name: &str, text: &str) -> &Marked {
        self.home.file(&format!("lib/{name}"), text);
        self
    }

    fn remove(&self, name: &str) -> &Marked {
        std::fs::remove_file(self.home.folder.path().join("lib").join(name)).expect("gone");
        self
    }

    fn mark(&self, mark: &str, query: &str) -> &Marked {
        let ran = self.home.run(&["-L", &self.library, "mark", mark, query]);
        assert_eq!(ran.code, 0, "{query}: {}", ran.err);
        self
    }

    /// Titles of the articles that a query finds.
    fn list(&self, query: &str) -> Vec<String> {
        let ran = self.home.run(&["-L", &self.library, "list", query, "--format", "jsonl", "--sort", "title"]);
        let objects = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("an object"));
        objects.map(|object| object["title"].as_str().expect("a title").to_owned()).collect()
    }

    fn export(&self) -> Vec<Value> {
        let ran = self.home.run(&["-L", &self.library, "marks", "export"]);
        ran.out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
    }

    /// The marks as version 0.1.0 left them: it knew no aliases.
    fn forget_aliases(&self) {
        let folder = self.home.folder.path().join(".local/share/frontpage/marks");
        for entry in std::fs::read_dir(folder).expect("the marks") {
            let path = entry.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("text");
            let kept = text.lines().filter(|line| !line.contains(" alias "));
            std::fs::write(path, kept.map(|line| format!("{line}\n")).collect::<String>()).expect("written");
        }
    }
}

const BODY: &str = "A body of many words, which no other article has.";

#[test]
fn marks_follow_an_article_through_any_one_edit() {
    let dated = article("title: Recieve\ndate: 2021-02-01", BODY);
    let undated = "# A note\n\nA body of many words, which no other article has.\n".to_owned();
    let linked = article("title: Linked\ndate: 2021-02-01\nurl: https://e.org/a", BODY);
    let cases: [(&str, &str, &str, &str, String, &str); 13] = [
        ("a title", "a.md", &dated, "a.md", dated.replace("Recieve", "Receive"), "Receive"),
        ("a date", "a.md", &dated, "a.md", dated.replace("02-01", "02-02"), "Recieve"),
        ("a date that goes", "a.md", &dated, "a.md", dated.replace("date: 2021-02-01\n", ""), "Recieve"),
        ("a link that comes", "a.md", &dated, "a.md", dated.replace("date:", "url: https://e.org/n\ndate:"), "Recieve"),
        ("a body", "a.md", &dated, "a.md", dated.replace("many", "very many"), "Recieve"),
        ("a move", "a.md", &dated, "sub/a.md", dated.clone(), "Recieve"),
        ("a name", "a.md", &undated, "b.md", undated.clone(), "A note"),
        ("a folder", "old/a.md", &undated, "new/deep/a.md", undated.clone(), "A note"),
        (
            "a heading",
            "2021-02-01-a.md",
            &undated,
            "2021-02-01-a.md",
            undated.replace("A note", "The note"),
            "The note",
        ),
        ("a date in the name", "2021-02-01-a.md", &undated, "2021-02-02-a.md", undated.clone(), "A note"),
        ("another link", "a.md", &linked, "a.md", linked.replace("e.org/a", "e.org/b"), "Linked"),
        ("a link that goes", "a.md", &linked, "a.md", linked.replace("url: https://e.org/a\n", ""), "Linked"),
        ("a title with a link", "a.md", &linked, "a.md", linked.replace("Linked", "Likned"), "Likned"),
    ];
    for (what, before, text, after, edited, title) in cases {
        let library = Marked::new();
        library
            .file("other.md", &article("title: Other\ndate: 2021-02-03", "Another text, which is longer than a line."));
        library.file(before, text).mark("starred", "-title:other").mark("read", "-title:other");
        library.remove(before).file(after, &edited);
        assert_eq!(library.list("is:starred"), [title], "{what}");
        assert_eq!(library.list("is:read"), [title], "{what}");
        let exported = library.export();
        assert_eq!(exported.len(), 1, "{what}: {exported:?}");
        assert_eq!(
            (exported[0]["title"].as_str(), exported[0]["starred"].as_bool()),
            (Some(title), Some(true)),
            "{what}"
        );
        let shown = library.home.run(&["-L", &library.library, "show", exported[0]["id"].as_str().expect("an id")]);
        assert!(shown.out.starts_with(title), "{what}: it is exported as it is now");
        // And again, after the next mark recorded its position.
        library.mark("unread", "-title:other").remove(after).file("elsewhere/x.md", &edited);
        assert_eq!(library.list("is:starred"), [title], "{what}, then moved");
    }
}

#[test]
fn an_article_with_the_same_id_that_comes_or_goes_moves_no_mark() {
    let lecture = |n: usize| {
        article(
            &format!("title: Lecture {n}\ndate: 2021-02-0{n}\nsource: https://e.org/c"),
            &format!("Text of lecture {n}."),
        )
    };
    let meeting = |who: &str| article("title: Meeting\ndate: 2021-02-01", &format!("With the {who}, at noon."));
    for (first, second, title) in [
        (lecture(1), lecture(2), "Lecture 1"),
        (lecture(2), lecture(1), "Lecture 2"),
        (meeting("bakers"), meeting("brewers"), "Meeting"),
    ] {
        let library = Marked::new();
        library.file("a/x.md", &first).mark("starred", "is:unread").file("b/y.md", &second);
        let starred = |library: &Marked| {
            let shown = library.home.run(&["-L", &library.library, "list", "is:starred", "--format", "jsonl"]);
            let paths = shown
                .out
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).expect("an object")["path"].to_string());
            paths.map(|path| path.rsplit('/').next().expect("a name").trim_matches('"').to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(starred(&library), ["x.md"], "{title}: an article with the same id came");
        assert_eq!(library.list("").len(), 2);
        library.remove("a/x.md");
        assert_eq!(starred(&library), Vec::<String>::new(), "{title}: only the other article is left");
        let exported = library.export();
        assert_eq!(exported[0]["title"].as_str(), Some(title), "what is gone is exported with its last title");
        library.mark("starred", "is:unread").file("a/x.md", &first);
        assert_eq!(starred(&library).len(), 2, "{title}: each has its own star");
        library.mark("unstarred", "path:y.md");
        assert_eq!(starred(&library), ["x.md"], "{title}");
    }
}

#[test]
fn marks_of_the_first_version_are_found() {
    let lecture = |n: usize| {
        article(&format!("title: Lecture {n}\ndate: 2021-02-0{n}\nsource: https://e.org/c"), &format!("Text of {n}."))
    };
    let library = Marked::new();
    // Those of one page were one row then, the newest.
    library.file("3.md", &lecture(3)).file("n.md", &article("title: Note\ndate: 2021-01-01", "A text."));
    library.file("u.md", "# Undated\n\nWords.\n").mark("starred", "is:unread");
    library.forget_aliases();
    library
        .file("1.md", &lecture(1))
        .file("2.md", &lecture(2))
        .file("4.md", &article("title: Lecture 0\nsource: https://e.org/c", "No date."));
    assert_eq!(library.list("is:starred"), ["Lecture 3", "Note", "Undated"]);
    // The next mark records which article it is; a newer article does not take its marks.
    library.mark("read", "title:note").file("5.md", &lecture(5));
    assert_eq!(library.list("is:starred"), ["Lecture 3", "Note", "Undated"]);
}

#[test]
fn marks_go_to_no_other_article() {
    let numbered = |n: usize| {
        article(
            &format!("title: Page {n}\ndate: 2021-02-0{n}\nurl: https://e.org/{n}"),
            &format!("Text of the page {n}."),
        )
    };
    // A program that writes the same files with other pages.
    let library = Marked::new();
    library.file("1.md", &numbered(1)).file("2.md", &numbered(2)).mark("starred", "title:1");
    library.file("1.md", &numbered(2)).file("2.md", &numbered(3));
    assert_eq!(library.list("is:starred"), Vec::<String>::new());
    // Pages of one site with the same text.
    let library = Marked::new();
    let page = |n: usize| {
        article(
            &format!("title: Page {n}\ndate: 2021-02-0{n}\nurl: https://e.org/{n}"),
            "This page needs JavaScript to be read.",
        )
    };
    library.file("1.md", &page(1)).mark("hidden", "title:1").remove("1.md").file("2.md", &page(2));
    assert_eq!(library.list("is:hidden"), Vec::<String>::new());
    // Templates that are not filled in.
    let library = Marked::new();
    library.file("a.md", &article("title: One\ndate: 2021-02-01", "TODO")).mark("starred", "is:unread");
    library.remove("a.md").file("b.md", &article("title: Two\ndate: 2021-02-02", "TODO"));
    assert_eq!(library.list("is:starred"), Vec::<String>::new());
    // An article that has marks of its own.
    let library = Marked::new();
    library
        .file("a.md", &article("title: One\ndate: 2021-02-01", BODY))
        .file("b.md", &article("title: Two\ndate: 2021-02-02", BODY));
    library.mark("starred", "title:one").mark("read", "title:two").remove("a.md");
    assert_eq!((library.list("is:starred"), library.list("is:read")), (vec![], vec!["Two".to_owned()]));
}

#[test]
fn a_mark_on_a_row_applies_to_all_copies() {
    for (fields, edit) in [
        ("title: Copy\nurl: https://k.example/p", ("Copy", "Kopy")),
        ("title: Copy\nurl: https://k.example/p", ("same text", "other words")),
        ("title: Copy\ndate: 2021-02-01", ("same text", "other words")),
    ] {
        // Which files without a link were copies is known of the one that was marked.
        let edits = if fields.contains("url") { &["1.md", "2.md"][..] } else { &["1.md"] };
        for edited in edits {
            let text = article(fields, "The same text.");
            let library = Marked::new();
            library.file("1.md", &text).mark("starred", "is:unread").file("2.md", &text);
            assert_eq!(library.list("").len(), 1);
            library.file(edited, &text.replace(edit.0, edit.1));
            assert_eq!(library.list("is:starred"), library.list(""), "{edited}: {edit:?}");
        }
    }
    // Two articles become copies of each other by an edit of the one that is not marked.
    let lecture = |n: usize, title: usize| {
        article(&format!("title: Lecture {title}\nsource: https://e.org/c"), &format!("Text of lecture {n}."))
    };
    let library = Marked::new();
    library.file("1.md", &lecture(1, 1)).file("2.md", &lecture(2, 2)).mark("starred", "\"text of lecture 2\"");
    library.file("1.md", &lecture(1, 2));
    assert_eq!((library.list("").len(), library.list("is:starred").len()), (1, 1));
}

#[test]
fn marks_follow_the_text_not_the_file_name() {
    // A note gets another name, and its old name another note.
    let (march, april) = ("# Todo March\n\nBuy bread and butter.\n", "# Todo April\n\nCall the plumber.\n");
    let library = Marked::new();
    library.file("todo.md", march).mark("starred", "is:unread").file("todo-march.md", march).file("todo.md", april);
    assert_eq!(library.list("is:starred"), ["Todo March"]);
    library.mark("read", "title:march");
    assert_eq!(
        (library.list("is:starred"), library.list("is:unread")),
        (vec!["Todo March".to_owned()], vec!["Todo April".to_owned()])
    );
    // Two notes of one title and day swap their folders.
    let meeting = |who: &str| article("title: Meeting\ndate: 2021-02-01", &format!("With the {who}, at noon."));
    for starred in ["bakers", "brewers"] {
        let library = Marked::new();
        library.file("a/m.md", &meeting("bakers")).file("b/m.md", &meeting("brewers")).mark("starred", starred);
        library.file("a/m.md", &meeting("brewers")).file("b/m.md", &meeting("bakers"));
        assert_eq!(library.list(&format!("is:starred {starred}")).len(), 1, "{starred}");
    }
    // A note without any text.
    let library = Marked::new();
    library
        .file("1.md", "# One\n")
        .file("2.md", "# Two\n")
        .mark("starred", "title:one")
        .remove("1.md")
        .file("x.md", "# One\n");
    assert_eq!(library.list("is:starred"), ["One"]);
}

#[test]
fn imported_marks_of_an_article_that_is_not_there_keep_its_title() {
    let library = Marked::new();
    library.file("a.md", "# A\n");
    let file = library
        .home
        .file("marks.jsonl", "{\"link\":\"https://gone.example/9\",\"title\":\"The gone one\",\"starred\":true}\n");
    let ran = library.home.run(&["-L", &library.library, "marks", "import", &file.display().to_string()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(library.export()[0]["title"].as_str(), Some("The gone one"));
    // When it comes, it is starred.
    library.file("9.md", &article("title: Otherwise\nurl: https://gone.example/9", BODY));
    assert_eq!(library.list("is:starred"), ["Otherwise"]);
}

#[test]
fn an_edit_that_is_taken_back_brings_the_marks_back() {
    let note = article("title: Old\ndate: 2021-02-01", BODY);
    let library = Marked::new();
    library.file("a.md", &note).mark("starred", "is:unread");
    library.file("a.md", &note.replace("Old", "New")).mark("read", "title:new");
    library.file("a.md", &note);
    assert_eq!((library.list("is:starred"), library.list("is:read")), (vec!["Old".to_owned()], vec!["Old".to_owned()]));
    library.mark("unstarred", "title:old").file("a.md", &note.replace("Old", "New"));
    assert_eq!((library.list("is:starred"), library.list("is:read")), (vec![], vec!["New".to_owned()]));
}

#[test]
fn sequences_consume_the_bytes_that_they_announce() {
    let mut out = frontpage::feed::shared_bytes::ByteWriter::default();
    let keys = ArticleHashes { file: 1, text: 2, below: 3, title: 4 };
    keys.write(&mut out);
    assert_eq!((out.0.len(), ArticleHashes::read(&out.0)), (ArticleHashes::SIZE, Some(keys)));
}

#[test]
fn a_foreign_file_with_the_identity_of_an_item_neither_hides_it_nor_takes_its_marks() {
    let item = |n: usize| {
        let front = "publishedDateTime: 2021-02-02T08:00:00Z\nwebUrl: https://e.org/changes";
        article(
            &format!("title: Release\n{front}\narticleId: \"k#{n}\"\nfeedId: \"{n}\""),
            &format!("What is new in {n}."),
        )
    };
    // Older and newer than the item: neither gets ahead of it.
    for date in ["2001-01-01", "2021-02-19"] {
        let library = Marked::new();
        library
            .file("s/1.md", &item(1))
            .file("s/2.md", &item(2))
            .mark("starred", "\"new in 1\"")
            .mark("read", "\"new in 1\"");
        let foreign = format!("title: Bait\ndate: {date}\nurl: https://e.org/changes\narticleId: \"k#1\"");
        library.file("foreign.md", &article(&foreign, "Something else, of some length."));
        assert_eq!(library.list("").len(), 3, "{date}");
        assert_eq!(library.list("is:starred"), ["Release"], "{date}");
        assert_eq!(library.list("is:read \"new in 1\""), ["Release"], "{date}");
        library.mark("starred", "title:bait").mark("unstarred", "title:bait");
        assert_eq!(library.list("is:starred"), ["Release"], "{date}: each has its own star");
        // An edit of the item, and a move of its file, keep its marks.
        library.remove("s/1.md").file("t/1.md", &item(1).replace("new in 1", "newer in 1"));
        assert_eq!(library.list("is:starred \"newer in 1\""), ["Release"], "{date}");
        library.remove("foreign.md");
        assert_eq!(library.list("is:starred"), ["Release"], "{date}");
    }
}

#[test]
fn the_identity_of_an_item_does_not_depend_on_its_link_title_and_date() {
    let before = "title: A\ndate: 2021-02-02\nurl: https://e.org/a\narticleId: \"k#1\"";
    for after in [
        "title: B\ndate: 2021-02-02\nurl: https://e.org/a\narticleId: \"k#1\"",
        "title: A\ndate: 2021-02-03\nurl: https://e.org/b\narticleId: \"k#1\"",
        "title: A\narticleId: \"k#1\"",
    ] {
        let [before, after] =
            [before, after].map(|front| feed(&Folder::new().file("a.md", article(front, BODY))).id(0));
        assert_eq!(before, after);
    }
    let expected = frontpage::feed::ArticleId::of_item("k#1");
    assert_eq!(feed(&Folder::new().file("a.md", article(before, BODY))).id(0), Some(expected));
}
