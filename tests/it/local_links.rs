//! Links between articles: what files on disk, snapshots, reloads, queries and `check` make of them.

use std::fs;

use frontpage::feed::{Feed, LocalTarget, Reason, Target};
use frontpage::library::{Library, Outcome, ScanOptions};
use frontpage::query::{Query, SearchContext};

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::now;

fn library(folder: &Folder) -> Library {
    Library::Paths(vec![folder.path().to_owned()])
}

fn index(feed: &Feed, name: &str) -> usize {
    let is_it = |index: &usize| feed.read(*index).is_some_and(|article| article.path.ends_with(name));
    (0..feed.len()).find(is_it).unwrap_or_else(|| panic!("{name}"))
}

/// The names of the files that the links of a file lead to; `-` for none.
fn targets(feed: &Feed, name: &str) -> Vec<String> {
    let name_of = |target: LocalTarget| match target {
        LocalTarget::Article { index, .. } => {
            let path = feed.read(index).expect("an article").path;
            path.file_name().expect("a name").to_string_lossy().into_owned()
        }
        _ => "-".to_owned(),
    };
    feed.local_links(index(feed, name)).into_iter().map(|link| name_of(link.target)).collect()
}

fn vault() -> Folder {
    Folder::new()
        .file("start.md", "See [[Deep note|it]], [the other](sub/other.md#Part), [[Nowhere]] and [a page](/tags/).\n")
        .file("sub/Deep note.md", "---\ntitle: Depth\naliases: [Abyss]\n---\nWords, [[Abyss]] and [[start]].\n")
        .file("sub/other.md", "---\ntitle: The other\n---\n[[Depth]]\n")
}

#[test]
fn links_are_related_articles_after_those_that_the_file_lists() {
    let folder = vault();
    let feed = library(&folder).load(now(), |_| {}).expect("a library").feed;
    let related = |name: &str| -> Vec<(Reason, String)> {
        let name_of = |target: &Target| target.title().to_string();
        feed.related(index(&feed, name)).iter().map(|entry| (entry.reason, name_of(&entry.target))).collect()
    };
    assert_eq!(related("start.md"), [(Reason::LinksTo, "Depth".to_owned()), (Reason::LinksTo, "The other".to_owned())]);
    assert_eq!(
        related("Deep note.md"),
        [(Reason::LinksTo, "start".to_owned()), (Reason::LinkedFrom, "The other".to_owned())],
        "each article once, and never itself"
    );
    assert!(feed.has_related(index(&feed, "other.md")));
}

#[test]
fn links_live_in_the_snapshot_and_follow_the_files() {
    let folder = vault();
    let library = library(&folder);
    let snapshots = tempfile::tempdir().expect("a folder");
    let first = library.load(now(), |_| {}).expect("a library");
    let expected = ["Deep note.md", "other.md", "-", "-"];
    assert_eq!(targets(&first.feed, "start.md"), expected);
    library.save_snapshot(snapshots.path(), &first, now()).expect("saved");
    let opened = library.open_snapshot(snapshots.path(), now()).expect("a snapshot");
    assert_eq!(targets(&opened.loaded.feed, "start.md"), expected);
    let start = index(&opened.loaded.feed, "start.md");
    assert_eq!(opened.loaded.feed.linked_from(start).count(), 1);
    // A target appears, is renamed, and goes. The file with the link stays as it is.
    let write = |name: &str| fs::write(folder.path().join(name), "words").expect("written");
    let reload = |before: &frontpage::library::Loaded| {
        library.refresh(before, now(), |_| {}).expect("a library").expect("a change")
    };
    write("Nowhere.md");
    let second = reload(&opened.loaded);
    assert_eq!(targets(&second.feed, "start.md"), ["Deep note.md", "other.md", "Nowhere.md", "-"]);
    fs::rename(folder.path().join("sub/Deep note.md"), folder.path().join("sub/Shallow.md")).expect("renamed");
    let third = reload(&second);
    assert_eq!(targets(&third.feed, "start.md"), ["-", "other.md", "Nowhere.md", "-"]);
    fs::remove_file(folder.path().join("Nowhere.md")).expect("removed");
    assert_eq!(targets(&reload(&third).feed, "start.md"), ["-", "other.md", "-", "-"]);
}

#[test]
fn queries_find_articles_by_their_links() {
    let folder = vault();
    let feed = library(&folder).load(now(), |_| {}).expect("a library").feed;
    let context = SearchContext::new(feed.clone(), Default::default(), now());
    for (query, expected) in [
        ("links:depth", vec!["Deep note.md", "other.md", "start.md"]),
        ("links:\"deep note\"", vec!["Deep note.md", "other.md", "start.md"]),
        ("links:=\"The other\"", vec!["start.md"]),
        ("links:ther", vec![]),
        ("links:/^The/c", vec!["start.md"]),
        ("links:*", vec!["Deep note.md", "other.md", "start.md"]),
        ("-links:start", vec!["other.md", "start.md"]),
        ("has:backlink", vec!["Deep note.md", "other.md", "start.md"]),
        ("has:broken-link", vec!["start.md"]),
    ] {
        let found = Query::parse(query).expect("a query").select(&context);
        let mut names: Vec<String> = found
            .iter()
            .map(|index| {
                feed.read(*index).expect("an article").path.file_name().expect("a name").to_string_lossy().into_owned()
            })
            .collect();
        names.sort();
        assert_eq!(names, expected, "{query}");
    }
}

#[test]
fn check_names_broken_links_once_with_their_place() {
    let folder = Folder::new()
        .file("a.md", "---\ntitle: A\n---\nOne [x](x/b.md), twice [y](x/b.md),\n[[Nowhere]] [p](/tags/) [f](feed/) [z](../out.md) [d](data.json)\n[i](sub/pic.png) [o](sub/c.md) [e](empty.txt.md)\n")
        .file("sub/b.md", "words [[A]]")
        .file("sub/c.md", "---\ntitle: [broken\n---\n");
    let reports = library(&folder).report(now()).expect("a report");
    let report = reports.iter().find(|report| report.path.ends_with("a.md")).expect("the file");
    assert_eq!(report.outcome, Outcome::Warning);
    let problems: Vec<String> = report
        .problems
        .iter()
        .map(|problem| {
            let at = problem.at.map(|at| format!("{}:{}", at.line, at.column)).unwrap_or_default();
            format!("{at} {} — {}", problem.what, problem.hint)
        })
        .collect();
    assert_eq!(
        problems,
        [
            "4:9 no article is at `x/b.md`, where a link leads — correct the link; sub/b.md has this name",
            "5:3 no article has the name `Nowhere`, which a link gives — correct the link, or write the article",
            "6:36 no article is at `empty.txt.md`, where a link leads — correct the link, or write the article",
        ]
    );
    let others = reports.iter().filter(|report| !report.path.ends_with("a.md") && !report.path.ends_with("c.md"));
    assert!(others.flat_map(|report| &report.problems).next().is_none());
    // Of a file alone, its folder is known and the library is not.
    let file = Library::Paths(vec![folder.path().join("a.md")]).report(now()).expect("a report");
    assert_eq!(file[0].problems.len(), 2, "{:?}", file[0].problems);
}

#[test]
fn a_file_with_many_broken_links_does_not_hide_other_files() {
    let links: String = (0..500).map(|n| format!("[[n{n}]]\n")).collect();
    let folder = Folder::new().file("a.md", links);
    let reports = library(&folder).report(now()).expect("a report");
    assert_eq!(reports[0].problems.len(), 21);
    assert_eq!(reports[0].problems[20].what.as_str(), "480 more links to articles that do not exist");
}

#[test]
fn links_stay_within_their_folder_of_the_library() {
    let (one, two) = (Folder::new().file("a.md", "[x](b.md) [y](../b.md) [[b]]"), Folder::new().file("b.md", "words"));
    let library = Library::Paths(vec![one.path().to_owned(), two.path().to_owned()]);
    let feed = library.load(now(), |_| {}).expect("a library").feed;
    // A path stays in its folder; a name is looked for in all.
    assert_eq!(targets(&feed, "a.md"), ["-", "-", "b.md"]);
}

/// Options of a first load that leaves links unread.
fn deferring() -> ScanOptions<'static> {
    ScanOptions { defers_links: true, ..ScanOptions::once(now()) }
}

/// The records of a feed in its order, as bytes.
fn records(feed: &Feed) -> Vec<Vec<u8>> {
    let columns = feed.columns();
    let record = |index: usize| columns.record_bytes(columns.header(index)?.location).map(<[u8]>::to_vec);
    (0..feed.len()).filter_map(record).collect()
}

#[test]
fn a_first_load_may_leave_links_unread_and_reads_them_later_from_memory() {
    let folder = vault().file("title.md", "# A [title](start.md)\n\nText without links. [web](https://e.org)\n").file(
        "page.md",
        "---\ntitle: P\nexcerpt: E\n---\n<a href=\"start.md\">it</a> and [a b]: words\n\n[r]: sub/other.md\n\n[r]",
    );
    let library = library(&folder);
    let whole = library.load(now(), |_| {}).expect("a library");
    let without = library.load_with(&deferring(), |_| {}).expect("a library");
    assert_eq!((whole.unread_links(), without.unread_links()), (0, 5));
    assert!((0..without.feed.len()).all(|index| without.feed.local_links(index).is_empty()));
    fs::remove_file(folder.path().join("start.md")).expect("removed");
    let completed = library.with_links(&without, now().into(), &|| false).expect("links");
    assert_eq!(records(&completed.feed), records(&whole.feed));
    for name in ["start.md", "Deep note.md", "page.md"] {
        assert_eq!(targets(&completed.feed, name), targets(&whole.feed, name), "{name}");
        assert!(!targets(&whole.feed, name).is_empty(), "{name}");
    }
    assert!(completed.looks_different_from(&without) && completed.must_be_saved_after(&without));
    assert!(library.with_links(&completed, now().into(), &|| false).is_none(), "all are read");
    assert!(library.with_links(&without, now().into(), &|| true).is_none(), "it was stopped");
}

#[test]
fn a_snapshot_without_links_serves_and_gets_them_when_they_are_needed() {
    let cache = Folder::new();
    // Most of these files are old: those written within the last 2 s would be read again, with their links.
    let library = Library::Paths(vec![concat!(env!("CARGO_MANIFEST_DIR"), "/docs").into()]);
    let read = |options: &ScanOptions| library.read_with(Some(cache.path()), options, |_| {}).expect("a library");
    let saved = || library.open_snapshot(cache.path(), now()).expect("a snapshot").loaded;
    let whole = library.load(now(), |_| {}).expect("a library");
    assert!(read(&deferring()).unread_links() > 10);
    assert!(saved().unread_links() > 10 && saved().feed.len() == whole.feed.len());
    let completed = read(&ScanOptions::once(now()));
    assert_eq!(records(&completed.feed), records(&whole.feed));
    assert_eq!((completed.unread_links(), saved().unread_links()), (0, 0), "and they are saved");
    assert_eq!(targets(&saved().feed, "queries.md"), targets(&whole.feed, "queries.md"));
}

#[test]
fn a_file_that_changes_is_read_with_its_links() {
    let folder = vault();
    let library = library(&folder);
    let without = library.load_with(&deferring(), |_| {}).expect("a library");
    let folder = folder.file("start.md", "[[Depth]] and [[Nowhere]]\n");
    let changed = library.refresh_with(&without, &deferring(), |_| {}).expect("a library").expect("a change");
    assert_eq!(targets(&changed.feed, "start.md"), ["Deep note.md", "-"]);
    drop(folder);
}

#[test]
fn edits_while_links_are_unread_lose_nothing() {
    let folder = vault();
    let library = library(&folder);
    let without = library.load_with(&deferring(), |_| {}).expect("a library");
    let folder = folder.file("new.md", "[[Depth]]\n");
    let folder = folder.file("sub/other.md", "No link any more\n");
    let refreshed = library.refresh_with(&without, &deferring(), |_| {}).expect("a library").expect("changes");
    // None are left if all files were written so recently that they were read again.
    let completed = library.with_links(&refreshed, now().into(), &|| false).unwrap_or(refreshed);
    let whole = library.load(now(), |_| {}).expect("a library");
    assert_eq!(records(&completed.feed), records(&whole.feed));
    let at_once =
        library.refresh_with(&without, &ScanOptions::once(now()), |_| {}).expect("a library").expect("changes");
    assert_eq!(records(&at_once.feed), records(&whole.feed));
    drop(folder);
}

#[test]
fn the_first_command_on_a_library_knows_the_links_that_it_needs() {
    let folder = vault();
    let path = folder.path().to_str().expect("UTF-8");
    let rule = "rules:\n  - when: has:backlink\n    do: [star]\n";
    for (arguments, settings, count) in [
        (&["list", "links:depth"][..], "", 3),
        (&["list", "has:backlink", "--format", "tsv"], "", 3),
        (&["list", "has:related"], "", 3),
        (&["list", "is:starred"], rule, 3),
        (&["topics", "-has:broken-link"], "", 0),
    ] {
        let home = Home::new();
        home.file(".config/frontpage/config.yaml", settings);
        // A command before it may have saved a snapshot without links.
        for _ in 0..2 {
            let ran = home.run(&[arguments, &["-L", path]].concat());
            assert_eq!(ran.out.lines().count(), count, "{arguments:?}: {}{}", ran.out, ran.err);
            home.run(&["list", "-L", path]);
        }
    }
    let home = Home::new();
    home.run(&["list", "-L", path]);
    assert!(home.run(&["show", "title:Depth", "-L", path]).out.contains("The other"));
    let home = Home::new();
    assert!(home.run(&["list", "title:Depth", "--format", "json", "-L", path]).out.contains("The other"));
}
