//! Loading: all forms of article files, all outcomes, and that the folder is never changed.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use frontpage::feed::{Article, Feed, Problem, Reason, Role, Severity, Target};
use frontpage::library::{FileReport, Library, Outcome};
use frontpage::query::{Field, Query, SearchContext};

use crate::harness::folder::Folder;
use crate::harness::reader::now;

/// The feed of a folder, and the outcome of each file.
struct Loaded {
    feed: Arc<Feed>,
    problems: Vec<Problem>,
    files: Vec<FileReport>,
}

fn load(path: &str) -> Loaded {
    load_library(&Library::Paths(vec![PathBuf::from(path)]))
}

fn load_folder(folder: &Folder) -> Loaded {
    load_library(&Library::Paths(vec![folder.path().to_owned()]))
}

fn load_library(library: &Library) -> Loaded {
    let (loaded, files) = (library.load(now(), |_| {}).expect("the library"), library.report(now()).expect("a report"));
    Loaded { feed: loaded.feed, problems: loaded.problems, files }
}

/// Loads one file `a.md`.
fn one(content: impl AsRef<[u8]>) -> FileReport {
    let folder = Folder::new().file("a.md", content);
    load_folder(&folder).files.remove(0)
}

fn article(content: impl AsRef<[u8]>) -> Arc<Article> {
    let report = one(content);
    report.article.unwrap_or_else(|| panic!("an article: {:?}", report.problems))
}

fn by_title(feed: &Feed, title: &str) -> (usize, Arc<Article>) {
    feed.iter().enumerate().find(|(_, article)| article.title.as_str() == title).unwrap_or_else(|| panic!("{title}"))
}

#[test]
fn the_native_form() {
    let loaded = load("tests/fixtures/news");
    let feed = &loaded.feed;
    assert!(loaded.files.iter().all(|file| file.outcome == Outcome::Loaded), "{:#?}", loaded.problems);
    let (place, head) = by_title(feed, "Tide Clocks & Other Slow Machines");
    assert_eq!(head.excerpt.as_str(), "A workshop builds clocks that follow the sea. They're late on purpose.");
    assert_eq!(head.published.map(|date| date.as_utc().to_rfc3339()).as_deref(), Some("2021-02-18T16:18:00+00:00"));
    assert_eq!((head.quality, head.heat, head.shown_by_site), (Some(60), Some(100), Some(true)));
    assert_eq!((head.provider.name.as_str(), head.provider.domain.as_str()), ("Harbour Review", "example.org"));
    assert_eq!(head.author.as_str(), "Ida Brook");
    let words = |words: Vec<&str>| words.join("|");
    assert_eq!(words(head.topics.iter().map(|topic| topic.shown().as_str()).collect()), "Machines|The Sea");
    assert_eq!(words(head.regions.iter().map(|region| region.as_str()).collect()), "US|GB");
    assert_eq!(head.pictures[0].title.as_str(), "A clock with one hand");
    assert_eq!(head.pictures[0].size, Some((1200, 630)));
    assert_eq!(head.other_links.len(), 1, "the AMP page; the page as found is the page itself");
    // The story, and why each is related; never itself.
    assert_eq!(feed.role(place), Role::Head);
    assert_eq!(feed.story_of(place).map(|story| story.size()), Some(3));
    let related: Vec<(String, Reason, bool)> = feed
        .related(place)
        .iter()
        .map(|entry| (entry.target.title().to_string(), entry.reason, matches!(entry.target, Target::InLibrary(..))))
        .collect();
    assert_eq!(
        related,
        [
            ("How the Moon Pulls".to_owned(), Reason::Story, true),
            ("潮汐を測る 🌊 港の一日".to_owned(), Reason::Story, true),
            ("A Page That Is Not Here".to_owned(), Reason::Listed, false),
        ]
    );
    // Given by title alone; and the reverse relation, from a file that names no related article.
    let (member, minato) = by_title(feed, "潮汐を測る 🌊 港の一日");
    assert!(minato.related.is_empty());
    assert_eq!(feed.related(member)[0].target.title(), &head.title);
    assert_eq!(feed.role(member), Role::Member);
    // Of two files with one link the newer wins.
    let (_, moon) = by_title(feed, "How the Moon Pulls");
    assert_eq!(moon.excerpt.as_str(), "A short lesson in two tides a day.");
    assert_eq!(moon.also_in, [PathBuf::from("tests/fixtures/news/archive/moon-older.md")]);
    // A video has only the page as found, and the address in its `iframe`.
    let (_, video) = by_title(feed, "Building a Wave Tank");
    assert_eq!(video.link.as_ref().map(|link| link.shown().as_str()), Some("https://youtube.com/watch?v=abc123"));
    assert_eq!(video.other_links[0].1.shown().as_str(), "https://www.youtube.com/embed/abc123");
    assert_eq!(video.kind.as_ref().map(|kind| kind.as_str()), Some("video"));
    assert_eq!(feed.topics()[0].0.shown().as_str(), "The Sea");
    assert_eq!(feed.topics()[0].1, 3, "case does not count");
}

#[test]
fn links_that_go_both_ways_say_so() {
    let folder = Folder::new()
        .file(
            "a.md",
            "---\ntitle: A\nlink: https://e.org/a\nrelated:\n  - title: B\n    webUrl: https://e.org/b/\n---\n",
        )
        .file("b.md", "---\ntitle: B\nlink: https://e.org/b\n---\n");
    let feed = load_folder(&folder).feed;
    let (a, b) = (by_title(&feed, "A").0, by_title(&feed, "B").0);
    assert_eq!(feed.related(a)[0].reason, Reason::Listed);
    assert_eq!(feed.related(b)[0].reason, Reason::LinksHere);
    assert!(feed.has_related(b));
}

#[test]
fn other_tools() {
    let loaded = load("tests/fixtures/tools");
    let feed = &loaded.feed;
    let row = |article: Arc<Article>| {
        let topics: Vec<&str> = article.topics.iter().map(|topic| topic.shown().as_str()).collect();
        format!(
            "{} | {} | {} | {} | {} | {}",
            article.title,
            article.published.map(|date| date.as_utc().to_rfc3339()).unwrap_or_default(),
            article.provider.name,
            topics.join(","),
            article.link.as_ref().map(|link| link.shown().to_string()).unwrap_or_default(),
            article.excerpt,
        )
    };
    let rows: Vec<String> = feed.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            "bundle | 2022-03-09T00:00:00+00:00 |  |  |  | First paragraph is the excerpt.",
            "2019 | 2020-06-07T00:00:00+00:00 | Some Paper | AI,ML | javascript:alert(1) | Short.",
            "Static and Proud | 2019-03-04T04:06:07+00:00 |  | web,speed |  | Why the page has no script.",
            "In Braces | 2018-11-12T00:00:00+00:00 | example.net | json,Web | https://example.net/braces | Words.",
            "Brew Day: first batch | 2014-07-08T21:20:11+00:00 | Sam Hill | malt,hops,beer,howto |  | The kettle was too small, as ever.",
            "Feathers | 2010-12-03T10:20:00+00:00 | Alexis M, Conan D | pelicans,publishing,Birds |  | Short version of a long story",
            "Intro to Anchors |  | Ann Kerr, Bo Line | docs |  | Drop it.",
            "Knots I know |  |  |  |  | Bowline, clove hitch, and sheet bend.",
        ]
    );
    let hidden = |title: &str| by_title(feed, title).1.shown_by_site;
    assert_eq!(hidden("Static and Proud"), Some(false));
    assert_eq!(hidden("Intro to Anchors"), Some(false));
    assert_eq!(hidden("bundle"), Some(true));
    assert_eq!(
        by_title(feed, "Static and Proud").1.updated.map(|date| date.as_utc().to_rfc3339()).as_deref(),
        Some("2020-01-02T00:00:00+00:00")
    );
    assert!(by_title(feed, "Knots I know").1.body.untrusted().contains("A rule above"));
    let ignored: Vec<_> = loaded.files.iter().filter(|file| file.outcome == Outcome::Ignored).collect();
    assert_eq!(ignored[0].below, Path::new("notes/plain.txt"));
}

#[test]
fn titles_are_text_however_they_look() {
    for (written, title) in [
        ("2019", "2019"),
        ("0777", "0777"),
        ("1.50", "1.50"),
        ("1e400", "1e400"),
        ("0x1F", "0x1F"),
        ("NO", "NO"),
        ("true", "true"),
        ("2019-08-19", "2019-08-19"),
        ("12:30:45", "12:30:45"),
        ("'single ''quoted'''", "single 'quoted'"),
        ("\"caf\\u00e9 \\e[2Jx\"", "café x"),
        ("\"tab\\tand\\r\\nline\"", "tab and line"),
        ("!!python/object:os.system x", "x"),
        ("&a anchored", "anchored"),
        ("# only a comment", "a"),
    ] {
        assert_eq!(article(format!("---\ntitle: {written}\n---\n")).title.as_str(), title, "{written}");
    }
}

#[test]
fn fences() {
    for (file, title) in [
        ("---\ntitle: T\n---\nbody", "T"),
        ("\u{feff}---\ntitle: T\n---\n", "T"),
        ("\n\n---\ntitle: T\n---\n", "T"),
        ("---  \ntitle: T\n---  \n", "T"),
        ("---\r\ntitle: T\r\n---\r\n", "T"),
        ("---\rtitle: T\r---\rbody", "T"),
        ("---\ntitle: T\n...\n", "T"),
        ("---\ntitle: T\n---", "T"),
        ("---\ntext: |\n  a\n  ---\n  b\ntitle: T\n---\n", "T"),
        ("---\n---\n# Heading *one*\n", "Heading one"),
        ("----\ntitle: T\n----\n", "a"),
        ("# Heading\n\n---\n\ntext", "Heading"),
        ("---\n\nA rule opens this text.\n", "a"),
        ("---\nA rule\n\n---\n\n# Heading\n", "a"),
        ("---\n- a list\n---\ntext", "a"),
        ("+++\ntext\n+++\n", "a"),
        ("---\ntitle: [Draft]\n---\n# Heading\n", "Heading"),
        ("---\ntitle: {en: T}\n---\nText.\n", "a"),
        ("Note: this is prose.\n", "a"),
        ("Title: T\nDate: 2020-01-01\n\nText", "T"),
        ("{\"title\": \"T\"}\nbody", "T"),
        ("{% include x %}\ntext", "a"),
        ("+++\ntitle = 'T'\n+++\n", "T"),
        ("", "a"),
    ] {
        assert_eq!(article(file).title.as_str(), title, "{file:?}");
    }
}

#[test]
fn invalid_front_matter_is_reported_with_position_cause_and_remedy_and_the_body_is_read() {
    let big = format!("---\ntitle: T\ntext: {}\n---\n", "x".repeat(300 * 1024));
    let nested = format!("---\ntitle: T\ntext: {}\n---\n", "[".repeat(100_000));
    let bomb = format!("---\na: &a \"{}\"\nb: [{}]\n---\n", "x".repeat(100_000), "*a,".repeat(20_000));
    for (file, line, column, what) in [
        (&b"---\ntitle: \"never closed\ndate: 2020-01-01\n---\n"[..], 2, 8, "this quote is never closed"),
        (b"---\ntitle: T\ndate: 2020-01-01\ntitle: U\n---\n", 4, 1, "`title` appears twice, on lines 2 and 4"),
        (b"---\ntitle: T\nprovider:\n  name: A\n  name: B\n---\n", 5, 3, "`name` appears twice, on lines 4 and 5"),
        (b"---\ntitle: T\nprovider:\n\tname: A\n---\n", 4, 1, "a tab is used for indentation"),
        (b"---\ntitle: T\nx: \"a \\q b\"\n---\n", 3, 7, "YAML does not know this escape"),
        (b"---\ntitle: T\njust text\n---\n", 3, 1, "this line is not `key: value`"),
        (b"---\ntitle: T\ntags: [a, b\n---\n", 3, 7, "this list is not closed or lacks a comma"),
        (b"---\ntitle: T\n--- # end\nbody\n---\n", 3, 1, "this line begins with `---` but goes on"),
        (b"---\ntitle: T\n", 1, 1, "the front matter opened by `---` is never closed"),
        (b"title: T\ndate: 2020-01-01\n---\nbody", 1, 1, "`---` on line 3 closes front matter that was never opened"),
        (b"+++\ntitle = T\n+++\n", 2, 9, ""),
        (b"+++\ntitle = 'T'\n", 1, 1, "the front matter opened by `+++` is never closed"),
        (b"{\n\"title\": T}\n", 2, 10, "invalid JSON: expected value"),
        ("{\n\"é\": \"字字\", \"title\": T}\n".as_bytes(), 2, 21, "invalid JSON: expected value"),
        (big.as_bytes(), 2, 1, "the front matter has 301 KiB; the limit is 256 KiB"),
        (nested.as_bytes(), 3, 71, "more than 64 levels of brackets"),
        (bomb.as_bytes(), 3, 5, "too many aliases: at most 64, and none in front matter over 16 KiB"),
    ] {
        let report = one([file, &b"\nThe *body*.\n"[..]].concat());
        let shown = String::from_utf8_lossy(&file[..file.len().min(60)]).into_owned();
        assert_eq!(report.outcome, Outcome::Warning, "{shown:?}");
        let problem = &report.problems[0];
        assert_eq!(problem.severity, Severity::Warning, "the article is there");
        assert!(problem.what.as_str().contains(what), "{shown:?}: {:?}", problem.what);
        let at = problem.at.map(|at| (at.line, at.column));
        assert_eq!(at, Some((line, column)), "{shown:?}: {:?}", problem.what);
        assert!(!problem.hint.is_empty(), "{shown:?} has a remedy");
        assert!(problem.path.ends_with("a.md"));
        let article = report.article.expect("an article");
        assert!(article.body.untrusted().contains("The *body*."), "{shown:?}: {:?}", article.body.untrusted());
        assert_eq!(article.title.as_str(), "a", "{shown:?}: of the file");
    }
    // A title is found in the body, and a date in the name of the file.
    let folder = Folder::new().file("2020-06-07-a.md", "---\ntitle: T\ntags: [\n---\n# Heading\n\nText.\n");
    let feed = load_folder(&folder).feed;
    let article = feed.get(0).expect("an article");
    assert_eq!((article.title.as_str(), article.body.untrusted()), ("Heading", "Text."));
    assert_eq!(
        article.published.map(|date| date.as_utc().format("%Y-%m-%d").to_string()).as_deref(),
        Some("2020-06-07")
    );
    assert_eq!(Query::parse("text is:warned").expect("a query").select(&context(&feed)), [0], "it is found");
}

#[test]
fn binary_files_are_rejected() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xffa";
    for (file, what) in [
        (&b"\xff\xfe-\0-\0-\0"[..], "the file is in UTF-16"),
        (b"-\0-\0-\0\n\0", "the file is in UTF-16"),
        (b"\xff\xfe\0\0-\0\0\0", "the file is in UTF-32"),
        (&[0; 100], "this is a binary file"),
        (png, "this is a binary file"),
        (b"%PDF-1.7\n1 0 obj\n", "this is a binary file"),
        (b"PK\x03\x04\x14\0\0\0\x08\0\x12\x34\x56\x78\0\0", "this is a binary file"),
    ] {
        let report = one(file);
        let problem = &report.problems[0];
        assert_eq!((report.outcome, problem.severity), (Outcome::Rejected, Severity::Error), "{file:?}");
        assert!(problem.what.as_str().contains(what) && !problem.hint.is_empty(), "{file:?}: {:?}", problem.what);
    }
    for file in
        [&b"a\0b"[..], b"# T\n\nOne\0 stray NUL.\n", b"Lost in a crash.\n\0\0\0\0\0\0\0\0", b"\x1b[1mcolours\x1b[0m"]
    {
        assert_ne!(one(file).outcome, Outcome::Rejected, "{file:?}");
    }
}

#[test]
fn values_without_needed_quotes_are_read_as_text() {
    let text = "---\ntitle: Go: a tour\nauthor: @ann\ntags:\n  - [Video] clips\n  - Star Trek: Picard: one\n  - c: d\n---\nText.\n";
    let report = one(text);
    let article = report.article.expect("an article");
    assert_eq!((article.title.as_str(), article.author.as_str()), ("Go: a tour", "@ann"));
    assert_eq!(topics(&article), ["[Video] clips", "Star Trek: Picard: one", "c: d"]);
    let places: Vec<_> = report.problems.iter().map(|problem| problem.at.map(|at| at.line)).collect();
    assert_eq!(places, [Some(2), Some(3), Some(5), Some(6)], "each is reported: {:?}", report.problems);
    assert!(report.problems.iter().all(|problem| problem.hint.as_str().contains("put the value in quotes")));
}

fn topics(article: &Article) -> Vec<&str> {
    article.topics.iter().map(|topic| topic.shown().as_str()).collect()
}

fn context(feed: &Arc<Feed>) -> SearchContext {
    SearchContext::new(feed.clone(), Arc::default(), now())
}

#[test]
fn topics_and_names_are_read_as_they_are_written() {
    let yaml = |front: &str| format!("---\ntitle: T\n{front}\n---\nx\n");
    for (file, expected) in [
        (yaml("tags: [go, 1.20, 0b1, .5, 1_000, false, on, 2024-01-02]"), "go|1.20|0b1|.5|1_000|false|on|2024-01-02"),
        (yaml("tags:\n- 1.0 # first\n- +7\n- 0o17\n- 12e03"), "1.0|+7|0o17|12e03"),
        (yaml("tags: [\n  007,\n  [08, [1.10]]]\ncategory: 3.0"), "007|08|1.10|3.0"),
        (yaml("tag: one\ntopic: two, three\nkeyword: [four]"), "two|three|one|four"),
        (yaml("tags: [\"#one\", '##two', one, C#, '#']"), "one|two|C#|#"),
        (yaml("tags: \"#one #two/three\""), "one|two/three"),
        (yaml("tags: \"#one thing, #two\""), "one thing|two"),
        (
            yaml("tags: ['[[Physics]]', '[[a/b|Maths]]', '[[Art#Now]]', 'x [[y]] z', '[[open']"),
            "Physics|Maths|Art|x y z|[[open",
        ),
        (yaml("topics: [[Physics]]\ntags: [[[Deep|Blue]], [a, b]]"), "Physics|Blue|a|b"),
        (yaml("tags:\n  - [[Physics]]\n  - [[a|b]]"), "Physics|b"),
        (yaml("taxonomies:\n  tags: [1.50]"), "1.50"),
        ("+++\ntags = [1.50, 0xFF, true, 1e6]\n[taxonomies]\nmore = [2.0]\n+++\n".to_owned(), "1.50|0xFF|true|1e6|2.0"),
        ("{\"tags\": [1.50, 1e2, true]}\nx".to_owned(), "1.50|1e2|true"),
    ] {
        let article = article(&file);
        assert_eq!(topics(&article).join("|"), expected, "{file}");
        assert!(article.problems.is_empty(), "{file}: {:?}", article.problems);
    }
    for (front, provider) in [
        ("author: \"[[Ann Lee]]\"", "Ann Lee"),
        ("author: [[Ann Lee]]", "Ann Lee"),
        ("author: ['[[Ann Lee]]', '[[p/bo|Bo]]', 1.10]", "Ann Lee, Bo, 1.10"),
        ("source: '[[Some Paper]]'", "Some Paper"),
        ("provider: {name: '[[The Page|The Name]]'}", "The Name"),
        ("authors: '[[Ann]] and [[Bo]]'", "Ann and Bo"),
        ("authors:\n  - name: 007\n  - '[[]]'", "007"),
    ] {
        assert_eq!(article(yaml(front)).provider.name.as_str(), provider, "{front}");
    }
    let feed =
        load_folder(&Folder::new().file("a.md", yaml("tags: [1.20, Æsir]")).file("b.md", yaml("tags: [aesir]"))).feed;
    for (query, found) in
        [("topic:1.20", 1), ("#1.20", 1), ("topic:1.2", 1), ("topic:=1.2", 0), ("#aesir", 2), ("topic:=Æsir", 2)]
    {
        assert_eq!(Query::parse(query).expect("a query").select(&context(&feed)).len(), found, "{query}");
    }
    let labels = frontpage::query::count_labels(&feed, Field::Topic, 0..feed.len(), |_| false);
    let labels: Vec<(&str, usize)> = labels.iter().map(|(name, [count, _])| (name.as_str(), *count)).collect();
    assert_eq!(labels.len(), 2);
    assert_eq!(labels[0].1, 2, "what a query cannot tell from each other is one: {labels:?}");
}

#[test]
fn unusable_values_are_ignored_with_a_warning() {
    for (file, line, column, what) in [
        ("---\ntitle: T\ndate: soon\n---\n", 3, 7, "`date` is not a date: `soon`"),
        ("---\ntitle: T\ndate: 2021-02-30\n---\n", 3, 7, "`date` is not a date: `2021-02-30`"),
        ("---\ntitle: T\ndate: 2099-01-01\n---\n", 3, 7, "`date` is in the future: 2099-01-01"),
        ("---\ntitle: T\nquality: high\n---\n", 3, 10, "`quality` is not a whole number: `high`"),
        ("---\ntitle: T\nheat: [1]\n---\n", 3, 7, "`heat` is not a whole number: a list"),
        ("---\ntitle: T\ndraft: perhaps\n---\n", 3, 8, "`draft` is neither true nor false: `perhaps`"),
        (
            "---\ntitle: T\nwebUrl: file:///etc/passwd\n---\n",
            3,
            9,
            "`webUrl`: `file:` links are not opened, only http and https",
        ),
        (
            "---\ntitle: T\nrelated:\n  - title: A\n  - [x]\n---\n",
            5,
            5,
            "this `related` entry is neither a map nor text",
        ),
        ("---\ntitle: T\nrelated:\n  - excerpt: A\n---\n", 4, 5, "this `related` entry has no title and no link"),
        (
            "---\ntitle: T\nrelated:\n  - title: A\n    webUrl: ftp://x\n---\n",
            5,
            13,
            "`webUrl`: `ftp:` links are not opened, only http and https",
        ),
        ("---\ntitle: a\u{97}b\n---\n", 2, 9, "control character U+0097 in the front matter"),
        (
            "---\ntitle: a\u{85}webUrl: https://evil.example\n---\n",
            2,
            9,
            "control character U+0085 in the front matter",
        ),
        ("---\ntitle: a\u{2028}webUrl: x\n---\n", 2, 9, "control character U+2028 in the front matter"),
    ] {
        let report = one(file);
        assert!(matches!(report.outcome, Outcome::Warning | Outcome::Rejected), "{file:?}: {:?}", report.outcome);
        let problem = &report.problems[0];
        if file.contains("webUrl: https://evil") || file.contains("webUrl: x") {
            // As one line, this is a colon inside an unquoted value: refused, and never a key.
            assert!(report.article.as_ref().is_none_or(|article| article.link.is_none()), "{file:?}");
            continue;
        }
        assert!(report.article.is_some(), "{file:?}: {problem:?}");
        assert_eq!(problem.what.as_str(), what, "{file:?}");
        assert_eq!(problem.at.map(|at| (at.line, at.column)), Some((line, column)), "{file:?}");
        assert!(!problem.hint.is_empty());
    }
    let latin = one(b"---\ntitle: T\n---\ncaf\xe9");
    assert_eq!(latin.problems[0].at.map(|at| (at.line, at.column)), Some((4, 4)));
    assert_eq!(latin.outcome, Outcome::Warning);
}

/// Heavy: three times 60,000 items.
#[test]
#[ignore = "heavy"]
fn long_lists_and_many_stars_cost_little() {
    let list = |key: &str, item: &str| format!("---\ntitle: T\n{key}:\n{}---\n", format!("- {item}\n").repeat(60_000));
    let numbers = article(list("topics", "1"));
    assert_eq!(numbers.topics.len(), 1);
    let related = article(list("related", "1"));
    assert_eq!(related.problems.len(), 501, "items beyond the limit are reported once");
    assert_eq!(related.problems[0].what.as_str(), "`related` has 60000 items; only the first 500 are read");
    let images = article(list("images", "1"));
    assert!(images.pictures.is_empty());
    let stars = format!("---\ntitle: T\nx: \"{} &b \"\n---\n", "*a ".repeat(60_000));
    assert_eq!(article(stars).title.as_str(), "T");
}

#[test]
fn many_links_in_a_body_cost_little() {
    // Compared one by one with those before, they would take minutes.
    let body: String = (0..60_000).map(|n| format!("[a](https://e.org/{n}) ")).collect();
    assert_eq!(article(body).links().len(), 60_000);
}

#[test]
fn a_second_key_helps_out() {
    let dated = article("---\ntitle: T\ndate: soon\ncreated: 2020-01-02\n---\n");
    assert!(dated.published.is_some() && dated.problems.is_empty());
    let linked = article("---\ntitle: T\nwebUrl: javascript:x\noriginalUrl: https://e.org/a\n---\n");
    assert_eq!(linked.link.as_ref().map(|link| link.shown().as_str()), Some("https://e.org/a"));
    let fallback = article("---\ntitle: T\nampWebUrl: https://e.org/amp\n---\n");
    assert_eq!(fallback.link.as_ref().map(|link| link.shown().as_str()), Some("https://e.org/amp"));
}

#[test]
fn a_heading_that_repeats_the_title_is_not_shown_twice() {
    for (file, body) in [
        ("# Title\n\nText", "Text"),
        ("---\ntitle: Title\n---\n\n# Title #\nText", "Text"),
        ("---\ntitle: Other\n---\n# Title\nText", "# Title\nText"),
        ("Text\n\n# Title\n", "Text\n\n# Title"),
        ("# Title", ""),
    ] {
        assert_eq!(article(file).body.untrusted(), body, "{file:?}");
    }
}

#[test]
fn dates_and_titles_from_names() {
    let folder = Folder::new()
        .file("2014-07-08-first-things.md", "Text.")
        .file("2015-01-02-bundle/index.md", "Text.")
        .file("deep/_index.md", "Text.")
        .file("x.md", "---\npermalink: /blog/2016/03/04/x/\n---\n");
    let feed = load_folder(&folder).feed;
    let row = |article: Arc<Article>| {
        (article.title.to_string(), article.published.map(|date| date.as_utc().format("%Y-%m-%d").to_string()))
    };
    let rows: Vec<_> = feed.iter().map(row).collect();
    let day = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows,
        [
            ("x".to_owned(), day("2016-03-04")),
            ("bundle".to_owned(), day("2015-01-02")),
            ("first-things".to_owned(), day("2014-07-08")),
            ("deep".to_owned(), None),
        ]
    );
}

#[test]
fn identity_follows_the_link_then_title_and_time_then_the_path() {
    let same = |a: &str, b: &str| article(a).id == article(b).id;
    assert!(same(
        "---\ntitle: A\nlink: https://E.org/x/?utm_source=z#top\n---\n",
        "---\ntitle: B\nlink: https://e.org/x\n---\n"
    ));
    assert!(same("---\ntitle: A\ndate: 2020-01-01\n---\nold", "---\ntitle: A\ndate: 2020-01-01\n---\nnew"));
    assert!(!same("---\ntitle: A\ndate: 2020-01-01\n---\n", "---\ntitle: A\ndate: 2020-01-02\n---\n"));
    // Links that version 0.1.0 could not parse are ignored: its marks are found again.
    for link in
        ["https://e.org/a b", "https://e.org/a\"b", "https://e.org/<a>", "https://e.org/`a`", "https://e.org/a\\b"]
    {
        let with_link = format!("---\ntitle: A\ndate: 2020-01-01\nlink: '{link}'\n---\n");
        assert!(article(&with_link).link.as_ref().is_some_and(|link| link.address().is_some()), "{link}");
        assert!(same(&with_link, "---\ntitle: A\ndate: 2020-01-01\n---\n"), "{link}");
    }
}

#[test]
fn entries_that_are_not_articles_are_ignored_with_a_reason() {
    let folder = Folder::new();
    let names = [
        ".hidden.md",
        "a.md~",
        "#a.md#",
        "a.md.swp",
        "a.tmp",
        "a.md.part",
        "4913",
        "a.html",
        "README",
        "plain.txt",
        ".git/x.md",
        "node_modules/x.md",
        "_site/x.md",
        "public/x.md",
        "target/x.md",
    ];
    let folder = names.iter().fold(folder, |folder, name| {
        folder.file(name, "---\ntitle: T\n---\n".replace("---", if *name == "plain.txt" { "" } else { "---" }))
    });
    let folder = folder.file("good.txt", "---\ntitle: Good\n---\n");
    let loaded = load_folder(&folder);
    assert_eq!(loaded.feed.len(), 1);
    let ignored: Vec<_> = loaded.files.iter().filter(|file| file.outcome == Outcome::Ignored).collect();
    assert_eq!(ignored.len(), names.len(), "{ignored:#?}");
    assert!(ignored.iter().all(|file| !file.problems[0].what.is_empty()));
    assert!(loaded.problems.is_empty(), "ignored files have no problems");
}

#[test]
fn nothing_but_regular_files_is_opened() {
    let folder =
        Folder::new().file("good.md", "---\ntitle: Good\n---\n").file("elsewhere/real.md", "---\ntitle: Real\n---\n");
    let at = |name: &str| folder.path().join(name);
    rustix::fs::mknodat(rustix::fs::CWD, at("fifo.md"), rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
        .expect("a pipe");
    let _socket = std::os::unix::net::UnixListener::bind(at("socket.md")).expect("a socket");
    std::os::unix::fs::symlink("loop.md", at("loop.md")).expect("a loop");
    std::os::unix::fs::symlink("nowhere", at("dangling.md")).expect("a link");
    std::os::unix::fs::symlink("elsewhere/real.md", at("link.md")).expect("a link");
    std::os::unix::fs::symlink("elsewhere", at("folder.md")).expect("a link");
    std::os::unix::fs::symlink("/dev/zero", at("device.md")).expect("a link");
    let sparse = std::fs::File::create(at("sparse.md")).expect("a file");
    sparse.set_len(64 << 30).expect("a sparse file");
    let loaded = load_folder(&folder);
    let outcomes: BTreeMap<String, (Outcome, String)> = loaded
        .files
        .iter()
        .map(|file| {
            (
                file.below.to_string_lossy().into_owned(),
                (file.outcome, file.problems.first().map(|p| p.what.to_string()).unwrap_or_default()),
            )
        })
        .collect();
    for (name, outcome, what) in [
        ("good.md", Outcome::Loaded, ""),
        ("elsewhere/real.md", Outcome::Loaded, ""),
        ("link.md", Outcome::Loaded, ""),
        ("fifo.md", Outcome::Rejected, "a pipe, not a regular file"),
        ("socket.md", Outcome::Rejected, "a socket, not a regular file"),
        ("device.md", Outcome::Rejected, "a device, not a regular file"),
        ("loop.md", Outcome::Rejected, "the link has no target"),
        ("dangling.md", Outcome::Rejected, "the link has no target"),
        ("folder.md", Outcome::Ignored, "a link to a folder"),
        ("sparse.md", Outcome::Rejected, "the file is larger than 4 MiB"),
    ] {
        assert_eq!(outcomes.get(name), Some(&(outcome, what.to_owned())), "{name}");
    }
}

#[test]
fn several_folders_make_one_feed_and_a_missing_one_is_reported() {
    let paths = vec![PathBuf::from("tests/fixtures/news"), PathBuf::from("tests/fixtures/tools/content/hugo.md")];
    assert_eq!(Library::Paths(paths).load(now(), |_| {}).expect("both").feed.len(), 6);
    let missing = Library::Paths(vec![PathBuf::from("tests/fixtures/none")]).load(now(), |_| {});
    assert_eq!(
        missing.map(|_| ()).map_err(|error| error.to_string()),
        Err("cannot read tests/fixtures/none: no such file or directory".to_owned())
    );
}

#[test]
fn progress_counts_every_file_and_hands_out_articles() {
    let folder =
        (0..200).fold(Folder::new(), |folder, n| folder.file(&format!("{n}.md"), format!("---\ntitle: T{n}\n---\n")));
    let (mut told, mut last, mut articles) = (0, 0, 0);
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let loaded = library.load(now(), |progress| {
        told += 1;
        assert!(progress.done >= last && progress.total == 200);
        (last, articles) = (progress.done, progress.articles);
        assert_eq!((progress.feed)().len(), articles);
    });
    assert_eq!((last, articles), (200, 200));
    assert!(told > 2, "told while reading");
    assert_eq!(loaded.expect("the folder").feed.len(), 200);
    let names: Vec<_> = library.report(now()).expect("a report").into_iter().map(|file| file.below).collect();
    assert!(names.is_sorted(), "the reports are in a fixed order");
}

#[test]
fn the_built_in_feed() {
    let loaded = load_library(&Library::BuiltIn);
    let on_disk = std::fs::read_dir("seeds").expect("seeds").count();
    assert_eq!(loaded.files.len(), on_disk, "every seed is compiled in");
    let wrong: Vec<_> =
        loaded.problems.into_iter().filter(|problem| !problem.what.as_str().contains("future")).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let feed = &loaded.feed;
    assert!(feed.len() >= 41 && feed.topics().len() >= 12 && feed.story_count() >= 5);
    let bodies = feed.iter().filter(|article| !article.body.is_blank()).count();
    assert!(bodies >= 5, "{bodies} bodies");
    let entries = || (0..feed.len()).flat_map(|place| feed.related(place));
    let here = entries().filter(|entry| matches!(entry.target, Target::InLibrary(..))).count();
    assert!(here * 10 > entries().count() * 9, "most related entries lead into the feed");
    // `heat` of a head is its quality and ten for each related article; of an article on its own, its quality.
    for (place, article) in feed.iter().enumerate() {
        match feed.role(place) {
            Role::Member => assert_eq!(article.heat, Some(-1), "{}", article.title),
            Role::Head => assert!(article.heat > article.quality, "{}", article.title),
            Role::Single => assert_eq!(article.heat, article.quality, "{}", article.title),
        }
    }
}

#[test]
fn reading_changes_nothing() {
    let state = |root: &Path| {
        let mut found = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                let meta = path.symlink_metadata().expect("its state");
                let times = (meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec(), meta.len());
                if meta.is_dir() {
                    folders.push(path.clone());
                }
                found.insert(path, times);
            }
        }
        found
    };
    let root = Path::new("tests/fixtures");
    let before = state(root);
    assert!(before.len() > 15);
    load("tests/fixtures");
    assert_eq!(state(root), before);
}

#[test]
fn the_problem_of_a_file_that_was_named_has_its_path() {
    let folder = Folder::new().file("bad.md", "---\ntitle: [\n---\n").file("in/worse.md", "---\ntitle: [\n---\n");
    let (bad, inner) = (folder.path().join("bad.md"), folder.path().join("in"));
    let loaded = Library::Paths(vec![bad.clone(), inner.clone()]).load(now(), |_| {}).expect("the files");
    let paths: Vec<&std::path::Path> = loaded.problems.iter().map(|problem| problem.path.as_path()).collect();
    assert_eq!(paths, [bad.as_path(), inner.join("worse.md").as_path()]);
}
