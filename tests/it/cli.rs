//! The command line: shapes of its output, exit codes, and what it refuses.

use std::io::Read;
use std::process::Stdio;

use clap::CommandFactory;
use serde_json::Value;

use crate::harness::command::{Home, Ran};

const NEWS: &str = "tests/fixtures/news";

fn news(arguments: &[&str]) -> Ran {
    Home::new().run(&[arguments, &["-L", NEWS]].concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn a_command_without_arguments_names_only_what_a_user_can_type() {
    let mut commands = vec![(Vec::new(), frontpage::cli::Args::command())];
    let mut tried = 0;
    while let Some((path, command)) = commands.pop() {
        for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help") {
            commands.push(([path.clone(), vec![below.get_name().to_owned()]].concat(), below.clone()));
        }
        let needs_some = command.get_arguments().any(|arg| arg.is_required_set())
            || command.get_groups().any(|group| group.is_required_set());
        if path.is_empty() || !needs_some {
            continue;
        }
        let ran = Home::new().run(&path.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, 2, "{path:?}");
        assert!(ran.err.contains("required arguments were not provided:\n  "), "{path:?}: {}", ran.err);
        let options = command.get_arguments().filter(|arg| arg.is_hide_set()).filter_map(|arg| arg.get_long());
        options.for_each(|hidden| assert!(!ran.err.contains(&format!("--{hidden}")), "{path:?}: {}", ran.err));
        tried += 1;
    }
    assert!(tried >= 8, "{tried}");
}

#[test]
fn list_as_json_has_always_all_keys() {
    let ran = news(&["list", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = json(&ran);
    let all = all.as_array().expect("an array");
    assert_eq!(all.len(), 5);
    for object in all {
        assert_eq!(
            keys(object),
            [
                "id",
                "title",
                "excerpt",
                "link",
                "site_link",
                "published",
                "provider",
                "author",
                "topics",
                "tags",
                "category",
                "type",
                "quality",
                "heat",
                "story",
                "read",
                "starred",
                "hidden",
                "images",
                "enclosures",
                "comments",
                "feed",
                "feed_id",
                "article_id",
                "path",
                "words",
                "related",
                "problems",
                "score",
                "also_in",
            ]
        );
        assert_eq!(keys(&object["provider"]), ["name", "domain"]);
        assert_eq!(keys(&object["story"]), ["role", "head", "size"]);
    }
    let head = &all[0];
    assert_eq!(head["published"], "2021-02-18T16:18:00Z");
    assert_eq!((&head["author"], &all[1]["author"]), (&"Ida Brook".into(), &Value::Null));
    assert_eq!(head["link"], "https://example.org/tide-clocks/");
    assert_eq!(head["topics"], serde_json::json!(["Machines", "The Sea"]));
    assert_eq!(head["story"]["role"], "head");
    assert_eq!(head["story"]["head"], head["id"]);
    assert_eq!(head["story"]["size"], 3);
    assert_eq!(head["path"], format!("{NEWS}/2021-02-18-head.md"));
    assert_eq!(keys(&head["related"][0]), ["title", "link", "in_library", "reason"]);
    assert_eq!(head["related"][0]["reason"], "in this story");
    assert_eq!(head["related"][2]["in_library"], false);
    assert!(!ran.out.contains("c2VhbGVk"), "what is secured is never printed");
    let lines = news(&["list", "--format", "jsonl"]);
    let parsed: Vec<Value> = lines.out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(&parsed, all);
}

#[test]
fn list_prints_table_tsv_and_links() {
    let table = news(&["list", "--limit", "1"]);
    assert_eq!(table.out, "2021-02-18  Harbour Review        Tide Clocks & Other Slow Machines\n");
    let tsv = news(&["list", "provider:港新聞", "--format", "tsv"]);
    let fields: Vec<&str> = tsv.out.trim_end().split('\t').collect();
    assert_eq!(
        fields[1..],
        ["2021-02-17T09:00:00Z", "港新聞", "潮汐を測る 🌊 港の一日", "https://minato.example/%E6%BD%AE"]
    );
    let links = news(&["list", "topic:machines", "--format", "links"]);
    assert_eq!(links.out, "https://example.org/tide-clocks/\nhttps://youtube.com/watch?v=abc123\n");
    let sorted = news(&["list", "--sort", "-quality", "--limit", "2", "--format", "links"]);
    assert_eq!(sorted.out, "https://youtube.com/watch?v=abc123\nhttps://example.org/boat-shed\n");
    let by_query = news(&["list", "-topic:sea", "sort:title", "--format", "links"]);
    assert_eq!(by_query.out, "https://youtube.com/watch?v=abc123\nhttps://example.org/boat-shed\n");
}

#[test]
fn queries_find_what_they_say() {
    for (query, count) in [
        ("", 5),
        ("tide", 2),
        ("*oon", 2),
        ("moon", 2),
        ("oon", 0),
        ("topic:sea", 3),
        ("#\"the sea\"", 3),
        ("topic:=sea", 0),
        ("provider:harbour", 3),
        ("domain:youtube.com OR domain:minato.example", 2),
        ("is:member", 2),
        ("is:story", 1),
        ("is:single", 2),
        ("is:duplicate", 1),
        ("has:body", 1),
        ("has:image", 1),
        ("has:related", 3),
        ("-has:link", 0),
        ("quality:54..70", 3),
        ("heat:>=100", 2),
        ("date:2021-02-18", 2),
        ("date:2021-02", 3),
        ("date:2019..2020", 2),
        ("@3d", 2),
        ("@1w", 3),
        ("type:video", 1),
        ("author:brook", 1),
        ("author:=\"Ida Brook\"", 1),
        ("-author:*", 4),
        ("brook", 1),
        ("\"ida brook\" -author:ida", 0),
        ("body:timber", 1),
        ("\"slow machines\"", 1),
        ("(tide OR wave) -moon", 2),
        ("is:published", 3),
        ("潮汐", 1),
        ("path:archive", 0),
        ("limit:2", 2),
    ] {
        let ran = news(&["list", "--format", "links", query]);
        assert_eq!(ran.out.lines().count(), count, "{query}: {}{}", ran.out, ran.err);
        assert_eq!(ran.code, i32::from(count == 0), "{query}");
    }
}

#[test]
fn a_query_that_cannot_be_read_points_at_the_column() {
    let ran = news(&["list", "rust", "topc:ai"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(
        ran.err,
        "frontpage: query, column 6: unknown field `topc` (did you mean `topic`?)\n  rust topc:ai\n       ^^^^\n"
    );
    assert_eq!(news(&["list", "--sort", "heit"]).code, 2);
}

#[test]
fn carets_count_terminal_columns_and_long_queries_are_cut() {
    let wide = news(&["list", "港新聞", "-is:unred"]);
    assert!(wide.err.ends_with("\n  港新聞 !is:unred\n             ^^^^^\n"), "{}", wide.err);
    let long = news(&["list", &"word ".repeat(500), "topc:ai", &"word ".repeat(500)]);
    let lines: Vec<&str> = long.err.lines().collect();
    assert!(lines[0].starts_with("frontpage: query, column 2502: unknown field `topc`"), "{}", long.err);
    assert!(lines[1..].iter().all(|line| line.chars().count() <= 100), "{}", long.err);
    let caret = lines[2].find('^').expect("a caret");
    assert_eq!(lines[1].chars().skip(caret).take(4).collect::<String>(), "topc");
}

#[test]
fn saved_searches_expand_to_their_queries() {
    let home = Home::new();
    let run = |arguments: &[&str]| home.run(&[arguments, &["-L", NEWS]].concat());
    let none = run(&["list", "saved:sea"]);
    assert_eq!((none.code, none.out.as_str()), (2, ""));
    assert!(none.err.contains("so no `sea`"), "{}", none.err);
    let file = home.file(
        ".config/frontpage/searches.yaml",
        "sea: \"topic:sea sort:title\" # mine\nold: date:..2020\nslow: topic:machines\n",
    );
    assert_eq!(run(&["list", "saved:sea", "--format", "links"]).out.lines().count(), 3);
    assert_eq!(run(&["list", "saved:sea", "-saved:slow", "--format", "links"]).out.lines().count(), 2);
    assert_eq!(run(&["topics", "saved:slow type:video"]).out, "     1  How To\n     1  Machines\n");
    assert_eq!(run(&["show", "saved:old date:2019"]).out.lines().next(), Some("Notes from the Boat Shed"));
    let unknown = run(&["list", "saved:se"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("`se` (did you mean `sea`?)") && unknown.err.contains("\n        ^^\n"),
        "{}",
        unknown.err
    );
    home.file(".config/frontpage/config.yaml", "query: saved:sea\n");
    assert!(run(&["screen"]).out.contains("3 of"), "the query of the settings may name one");
    let told = run(&["config"]);
    assert!(told.out.contains(&format!("saved searches: {} (3 saved)", file.display())), "{}", told.out);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
}

#[test]
fn problems_of_saved_searches_name_their_file() {
    let home = Home::new();
    let file = home.file("my/searches.yaml", "a b: topic:sea\n'b ': x\nd: topc:ai\n");
    let settings = home.file("my/settings.yaml", "librari: x\n");
    let run =
        |arguments: &[&str]| home.run(&[arguments, &["--config", &settings.to_string_lossy(), "-L", NEWS]].concat());
    let ran = run(&["list", "saved:\"a b\"", "--format", "links"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3));
    let file = file.display();
    let told = [
        format!("frontpage: {}:1:1: unknown setting `librari` (did you mean `library`?)", settings.display()),
        format!(
            "frontpage: {file}:2:1: `b ` is not a name of a saved search; a name has one blank between words, and none at its ends"
        ),
        format!("frontpage: {file}: `d`, column 1: unknown field `topc` (did you mean `topic`?); ignored"),
    ];
    assert_eq!(ran.err.lines().collect::<Vec<_>>(), told);
    assert!(run(&["screen"]).out.contains("⚠ 3 · P"), "{}", run(&["screen"]).out);
    home.file("my/searches.yaml", "a: x\nb: \"y\nc: z\n");
    let broken = run(&["config"]);
    assert!(broken.code == 1 && broken.err.contains(&format!("frontpage: {file}:")), "{}", broken.err);
    assert!(broken.out.contains("(0 saved)"), "{}", broken.out);
}

#[test]
fn show_finds_an_article_by_id_link_path_and_query() {
    let all = json(&news(&["list", "--format", "json"]));
    let id = all[4]["id"].as_str().expect("an id").to_owned();
    for words in [
        &[id.as_str()][..],
        &["https://example.org/boat-shed/?utm_source=x"],
        &["tests/fixtures/news/2019-10-02-long.md"],
        &["./tests/it/../fixtures/news/2019-10-02-long.md"],
        &["boat", "shed", "notes"],
    ] {
        let ran = news(&[&["show"], words].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
        assert!(ran.out.starts_with("Notes from the Boat Shed\nHarbour Review · 2019-10-02T08:30:00Z"), "{}", ran.out);
        for part in ["the timber list", "│ fn plank", "oak", "▎ The sea finds every shortcut.", "帆船"] {
            assert!(ran.out.contains(part), "{part}: {}", ran.out);
        }
    }
    let shown = json(&news(&["show", &id, "--format", "json"]));
    assert_eq!(shown, all[4]);
    let markdown = news(&["show", &id, "--format", "markdown"]).out;
    assert!(
        markdown.starts_with("# Notes from the Boat Shed\n\nHarbour Review") && markdown.contains("| oak  |    40 |")
    );
    let several = news(&["show", "topic:sea"]);
    assert_eq!(several.code, 2);
    assert!(
        several.err.contains("3 articles found") && several.err.contains("choose one by its id"),
        "{}",
        several.err
    );
    assert_eq!(news(&["show", "nothing-like-it"]).code, 2);
    let outside = news(&["show", "tests/fixtures/tools/content/hugo.md"]);
    assert_eq!((outside.code, outside.err.as_str()), (0, ""));
    assert!(outside.out.lines().count() > 3, "{}", outside.out);
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("binary.md");
    std::fs::write(&binary, b"PNG\0\0\x01\xff").unwrap();
    let other = news(&["show", &binary.to_string_lossy()]);
    assert!(other.code == 2 && other.err.contains("is not an article"), "{}", other.err);
    // Marks belong to articles of the library.
    let marked = news(&["mark", "read", "tests/fixtures/tools/content/hugo.md"]);
    assert!(marked.code != 0, "{}", marked.out);
}

#[test]
fn open_passes_one_argument() {
    let home = Home::new();
    let log = home.folder.path().join("log");
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > '{}'\n", log.display());
    let browser = home.file("bin/browse", &script);
    std::fs::set_permissions(&browser, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .expect("the script may run");
    let home = home.with("BROWSER", &browser.to_string_lossy());
    let ran = home.run(&["open", "boat", "notes", "-L", NEWS]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(&log).expect("the log"), "1\nhttps://example.org/boat-shed\n");
    // A refused link reaches no browser.
    std::fs::remove_file(&log).expect("the log");
    let evil = home.file("a/x.md", "---\ntitle: X\nlink: javascript:alert(1)\n---\n");
    let ran = home.run(&["open", "X", "-L", &evil.to_string_lossy()]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("link not opened: javascript:alert(1)") && ran.err.contains("only http and https"),
        "{}",
        ran.err
    );
    assert!(!log.exists());
    // A missing browser is named.
    let ran = Home::new().with("BROWSER", "/no/such/browser").run(&["open", "boat", "notes", "-L", NEWS]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot open it with /no/such/browser"), "{}", ran.err);
}

#[test]
fn open_prints_the_address() {
    assert_eq!(news(&["open", "boat notes", "--print"]).out, "https://example.org/boat-shed\n");
    assert_eq!(
        news(&["open", "tide clocks slow", "--related", "3", "--print"]).out,
        "https://elsewhere.example/page\n"
    );
    let none = news(&["open", "tide clocks slow", "--related", "9", "--print"]);
    assert!(none.code == 2 && none.err.contains("no related article 9: this article has 3"), "{}", none.err);
}

#[test]
fn topics_are_counted_largest_first() {
    assert_eq!(news(&["topics"]).out, "     3  The Sea\n     2  How To\n     2  Machines\n");
    let some = json(&news(&["topics", "type:video", "--format", "json"]));
    assert_eq!(some, serde_json::json!([{"name": "How To", "count": 1}, {"name": "Machines", "count": 1}]));
    assert_eq!(news(&["topics", "nothing-like-it"]).code, 1);
}

#[test]
fn providers_are_counted_largest_first() {
    let all = news(&["topics", "--providers"]);
    assert_eq!(all.code, 0);
    assert!(all.out.starts_with("     3  Harbour Review\n     1  "), "{}", all.out);
    let some = json(&news(&["topics", "--providers", "--format", "json", "provider:港新聞"]));
    assert_eq!(some, serde_json::json!([{"name": "港新聞", "count": 1}]));
    assert_eq!(news(&["topics", "--providers", "nothing-like-it"]).code, 1);
}

#[test]
fn check_for_programs() {
    let home = Home::new();
    home.file("in/good.md", "---\ntitle: Good\nlink: https://e.org/a\ndate: 2021-01-01\n---\n");
    home.file("in/sub/bad.md", "\u{7f}ELF\0\0\0");
    home.file("in/colon.md", "---\ntitle: a: b\n---\n");
    home.file("in/warned.md", "---\ntitle: W\nlink: file:///x\n---\n");
    home.file("in/x.html", "<p>");
    let odd =
        home.folder.path().join("in").join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"\xff.md"));
    std::fs::write(odd, "text").expect("an odd name");
    let ran = home.run(&["check", &home.folder.path().join("in").to_string_lossy(), "--format", "json"]);
    assert_eq!(ran.code, 1);
    let report = json(&ran);
    assert_eq!(keys(&report), ["files", "sites", "elapsed_ms", "summary"]);
    assert_eq!(report["summary"], serde_json::json!({"loaded": 2, "warning": 2, "rejected": 1, "ignored": 1}));
    assert!(report["elapsed_ms"].is_u64());
    let files = report["files"].as_array().expect("files");
    let file =
        |name: &str| files.iter().find(|file| file["file"] == name).unwrap_or_else(|| panic!("{name} in {files:#?}"));
    assert_eq!(
        keys(file("good.md")),
        ["file", "outcome", "line", "column", "message", "hint", "title", "url", "open", "instant"]
    );
    let good = file("good.md");
    assert_eq!(
        (&good["outcome"], &good["open"], &good["instant"]),
        (&"loaded".into(), &"allow".into(), &1_609_459_200.into())
    );
    assert!(good["line"].is_null() && good["message"].is_null());
    let bad = file("sub/bad.md");
    assert_eq!((&bad["outcome"], &bad["title"]), (&"rejected".into(), &Value::Null));
    let colon = file("colon.md");
    assert_eq!((&colon["outcome"], &colon["line"], &colon["column"]), (&"warning".into(), &2.into(), &9.into()));
    assert_eq!((&colon["hint"], &colon["title"]), (&"put the value in quotes".into(), &"a: b".into()));
    assert_eq!(file("warned.md")["open"], "refuse");
    assert_eq!(file("x.html")["outcome"], "ignored");
    assert!(files.iter().any(|file| file["file_hex"] == "ff2e6d64" && file["open"] == "none"), "{files:#?}");
}

#[test]
fn check_for_people_shows_the_line() {
    let home = Home::new();
    let file = home.file("bad.md", "---\ntitle: a: b\n---\n");
    let ran = home.run(&["check", &file.to_string_lossy()]);
    let place = format!(" --> {}:2:9", file.display());
    for part in [
        "warning: a colon inside an unquoted value",
        &place,
        "2 | title: a: b",
        "|         ^",
        "help: put the value in quotes",
        "1 file: 1 loaded, 1 of them with warnings, 0 rejected, 0 ignored",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let empty = Home::new();
    std::fs::create_dir(empty.folder.path().join("empty")).expect("a folder");
    let none = empty.run(&["check", &empty.folder.path().join("empty").to_string_lossy()]);
    assert_eq!((none.code, none.out.as_str()), (0, "no files were found\n"));
    let fine = Home::new().run(&["check", NEWS]);
    assert_eq!(
        (fine.code, fine.out.as_str()),
        (0, "6 files: 6 loaded, 0 of them with warnings, 0 rejected, 0 ignored\n")
    );
}

#[test]
fn nothing_hostile_reaches_stdout_or_stderr() {
    let home = Home::new();
    home.file("in/a.md", "---\ntitle: \"a\\e[2Jb\\u202Ec\"\nexcerpt: \"x\\e]0;evil\\ay\"\ntopics: [\"t\\e[31m\"]\nlink: \"https://e.org/\\e[2J\"\nquality: \"\\e[2J\"\n---\nbody \u{1b}[2J &#27;[2J `\u{9b}2J`\n");
    home.file("in/b\u{1b}[2J.md", "---\ntitle: a: \u{1b}[2J\n---\n");
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    let channel = "<rss><channel><title>a\u{9b}2J\u{202e}</title><item><title>b&#27;]8;;https://evil.example/&#7;c\r\n\u{1b}[2J</title>\
                   <link>https://e.org/\u{1b}[2J</link><pubDate>\u{1b}[2J</pubDate><x></item></channel></rss>";
    let channel = home.file("\u{1b}[2J.xml", channel).to_string_lossy().into_owned();
    let mut printed = 0;
    for arguments in [
        &["list"][..],
        &["list", "--format", "tsv"],
        &["list", "--format", "json"],
        &["list", "--format", "links"],
        &["show", "is:single"],
        &["show", "is:single", "--format", "markdown"],
        &["open", "is:single"],
        &["topics"],
        &["check"],
        &["check", "--format", "json"],
        &["screen", "--keys", "<enter>"],
        &["screen", "--keys", "P"],
        &["preview", &channel],
        &["preview", &channel, "--format", "json"],
        &["preview", "https://e.org/\u{1b}[2J"],
        &["list", "\u{1b}[2J("],
        &["\u{1b}[2J/none"],
        &["--\u{1b}[2J"],
    ] {
        let ran = home.run(&[arguments, &["-L", &folder]].concat());
        for c in ran.out.chars().chain(ran.err.chars()) {
            assert!(!c.is_control() || c == '\n' || c == '\t', "{arguments:?} printed {c:?}: {}{}", ran.out, ran.err);
            assert_ne!(c, '\u{202e}', "{arguments:?}");
        }
        printed += ran.out.len() + ran.err.len();
    }
    assert!(printed > 1000);
}

#[test]
fn a_closed_pipe_is_success() {
    let home = Home::new();
    let mut child = home
        .command()
        .args(["list", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it");
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().expect("stderr").read_to_string(&mut err).expect("words");
    assert_eq!((child.wait().expect("its end").code(), err.as_str()), (Some(0), ""));
    if std::path::Path::new("/dev/full").exists() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
        let ran = home.command().args(["list"]).stdout(full).output().expect("it");
        assert_eq!(ran.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&ran.stderr).contains("cannot write the output"));
    }
}

#[test]
fn which_library() {
    let home = Home::new();
    let titles = |home: &Home, arguments: &[&str]| {
        home.run(&[&["list", "--format", "links"], arguments].concat()).out.lines().count()
    };
    assert!(titles(&home, &[]) > 40, "the built-in feed");
    home.file(".local/share/frontpage/articles/a.md", "---\ntitle: A\nlink: https://e.org/1\n---\n");
    assert_eq!(titles(&home, &[]), 1, "the data folder");
    home.file("news/a.md", "---\ntitle: A\nlink: https://e.org/1\n---\n");
    home.file("news/b.md", "---\ntitle: B\nlink: https://e.org/2\n---\n");
    home.file(".config/frontpage/config.yaml", "library: ~/news\n");
    assert_eq!(titles(&home, &[]), 2, "the settings");
    let home = home.with("FRONTPAGE_LIBRARY", NEWS);
    assert_eq!(titles(&home, &[]), 5, "the environment");
    assert_eq!(titles(&home, &["-L", "tests/fixtures/tools/content/hugo-json.md"]), 1, "the command line");
    let home_first =
        home.command().args(["-L", NEWS, "--now", "2021-02-20T12:00:00Z", "list", "--format", "links"]).output();
    assert_eq!(String::from_utf8_lossy(&home_first.expect("it").stdout).lines().count(), 5, "options may come first");
    let missing = home.run(&["list", "-L", "/no/such/folder"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("cannot read /no/such/folder: no such file or directory"), "{}", missing.err);
    let both = home.run(&["check", "--format", "json", "-L", NEWS, "-L", "tests/fixtures/tools"]);
    assert_eq!(json(&both)["files"].as_array().map(Vec::len), Some(15));
}

#[test]
fn config_prints_the_programs_and_folders_of_the_settings() {
    let home = Home::new();
    let out = home.run(&["config"]).out;
    let folder = home.folder.path().join("Downloads/frontpage");
    assert!(out.contains(&format!("player: mpv, else the browser\ndownloads: {}\n", folder.display())), "{out}");
    assert!(!out.contains("commands:") && !out.contains("on new:"), "{out}");
    home.file(
        ".config/frontpage/config.yaml",
        "player: vlc -f\ndownloads: ~/Music\ncommands: [{name: a, run: lp}, {name: b, run: lp}]\nopeners: {e.org: w3m}\non new: [{when: x, notify: desktop}]\n",
    );
    let out = home.run(&["config"]).out;
    let folder = home.folder.path().join("Music");
    let expected = format!("player: vlc\ndownloads: {}\ncommands: 2\nopeners: 1\non new: 1\n", folder.display());
    assert!(out.ends_with(&expected), "{out}");
}

#[test]
fn config_prints_paths_library_and_problems() {
    let home = Home::new();
    let file = home.folder.path().join(".config/frontpage/config.yaml");
    assert_eq!(home.run(&["config", "--path"]).out, format!("{}\n", file.display()));
    assert!(home.run(&["config"]).out.contains("the built-in feed (no library is named)"));
    let default = home.run(&["config", "--default"]).out;
    assert!(default.contains("# library: ~/articles"));
    let bad = home.file("bad.yaml", "query: topc:sea\n");
    let ran = home.run(&["screen", "--config", &bad.to_string_lossy(), "-L", NEWS]);
    assert_eq!(ran.code, 0, "a query that cannot be read is reported, and the program runs");
    assert!(ran.err.contains("bad.yaml:1:8: unknown field `topc` (did you mean `topic`?)"), "{}", ran.err);
    assert!(ran.out.contains("⚠ 1 · P"), "{}", ran.out);
    let other = home.file("other.yaml", "librari: x\nquery: topic:sea\n");
    let ran = home.run(&["config", "--config", &other.to_string_lossy()]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("query: topic:sea"), "{}", ran.out);
    let told = format!("frontpage: {}:1:1: unknown setting `librari` (did you mean `library`?)", other.display());
    assert!(ran.err.contains(&told), "{}", ran.err);
}

#[test]
fn screens_without_a_terminal() {
    let text = news(&["screen", "--size", "60x12", "--keys", "xj<enter>"]);
    assert_eq!(text.code, 0, "{}", text.err);
    assert_eq!(text.out.lines().count(), 12);
    assert!(text.out.contains("How the Moon Pulls"));
    let ansi = news(&["screen", "--size", "60x12", "--format", "ansi"]);
    assert!(ansi.out.contains("\x1b[0;"));
    let svg = news(&["screen", "--size", "60x12", "--format", "svg"]);
    assert!(svg.out.starts_with("<svg ") && svg.out.trim_end().ends_with("</svg>"));
    assert!(svg.out.contains("Tide Clocks &amp; Other"), "text in the picture is escaped");
    assert_eq!(svg.out, news(&["screen", "--size", "60x12", "--format", "svg"]).out, "the same each time");
    let told = news(&["screen", "--keys", "oq"]);
    assert_eq!(told.err, "frontpage: would open https://example.org/tide-clocks/\nfrontpage: would quit\n");
    // Several marks of an article are marks of one article.
    assert_eq!(news(&["screen", "--keys", "jr"]).err, "frontpage: would save marks of 1 article\n");
    assert_eq!(news(&["screen", "--keys", "<nokey>"]).code, 2);
    assert_eq!(news(&["screen", "--size", "big"]).code, 2);
    assert_eq!(news(&["screen", "--size", "65535x65535"]).code, 0);
}

#[test]
fn no_terminal_is_one_clear_line() {
    let ran = Home::new().with("TERM", "xterm").run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, "frontpage needs a terminal; use `frontpage list` in scripts\n");
}

#[test]
fn help_and_version() {
    let help = Home::new().run(&["--help"]);
    assert_eq!(help.code, 0);
    for command in ["list", "show", "open", "topics", "check", "screen", "config"] {
        assert!(help.out.contains(&format!("  {command} ")), "{command}: {}", help.out);
    }
    for command in ["list", "topics"] {
        let help = Home::new().run(&[command, "--help"]).out;
        assert!(help.contains("A QUERY is made of") && help.contains("saved:NAME"), "{command}: {help}");
    }
    assert_eq!(Home::new().run(&["--version"]).out, format!("frontpage {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(Home::new().run(&["--nonsense"]).code, 2);
}

/// Each picture is drawn twice and must be the same.
#[test]
fn the_pictures_of_the_documentation_are_what_the_program_draws() {
    let list = std::fs::read_to_string("tests/pictures/pictures.txt").expect("the list");
    let read = |page: &str| std::fs::read_to_string(page).expect("a page with pictures");
    let (page, readme) = (read("docs/reading.md"), read("README.md"));
    let mut names = Vec::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let name = words.next().expect("a name");
        let drawn = || {
            let always = ["screen", "--format", "svg", "--now", "2026-11-23T12:00:00Z"];
            let output = Home::new().command().args(always).args(words.clone()).output().expect("the program");
            assert!(output.status.success(), "{name}: {output:?}");
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let file = format!("tests/pictures/{name}.svg");
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(drawn() == kept && drawn() == kept, "{name} is out of date: run tests/pictures/draw");
        let is_shown = page.contains(&format!("](../{file})")) || readme.contains(&format!("]({file})"));
        assert!(is_shown, "neither README.md nor docs/reading.md shows {name}");
        assert!(kept.len() <= 1_000_000 && !kept.contains("<script"), "{name}: {} bytes", kept.len());
        names.push(format!("{name}.svg"));
    }
    let kept = std::fs::read_dir("tests/pictures").expect("the folder").map(|entry| entry.expect("a file").file_name());
    let mut kept: Vec<String> = kept.map(|name| name.to_string_lossy().into_owned()).collect();
    kept.retain(|name| name.ends_with(".svg"));
    kept.sort();
    names.sort();
    assert_eq!(kept, names, "no picture is left over");
}

#[test]
fn a_script_of_keys_becomes_a_moving_picture_and_a_recording_that_ends_on_its_last_screen() {
    let home = Home::new();
    let script =
        home.file("tour.txt", "# a tour\n1 - hello\n1 jj<enter> down\n0.5 g\n2 gtk<esc> topics\n1 <esc><esc>\n");
    let script = script.to_string_lossy().into_owned();
    let drawn = |arguments: &[&str]| {
        let ran = home.run(&[&["screen", "--size", "100x30"], arguments].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    let last = drawn(&["--keys", "jj<enter>ggtk<esc><esc><esc>"]);
    assert_eq!(drawn(&["--script", &script]), last);
    let recording = drawn(&["--script", &script, "--format", "cast"]);
    let mut lines = recording.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    assert_eq!(lines.next(), Some(serde_json::json!({ "version": 2, "width": 100, "height": 30 })));
    let size = |cells| std::num::NonZero::new(cells).expect("not 0");
    let mut terminal = vt100::Parser::new(size(30), size(100), 0);
    let mut at = -1.0;
    for event in lines {
        let time = event[0].as_f64().expect("a time");
        assert!(time > at || at == 5.5, "{time} after {at}");
        (at, _) = (time, terminal.process(event[2].as_str().expect("text").as_bytes()));
    }
    assert_eq!(at, 5.5, "the length of the script");
    let shown: Vec<String> = terminal.screen().rows(0, 100).map(|row| row.trim_end().to_owned()).collect();
    assert_eq!(shown, last.lines().collect::<Vec<_>>());
    let svg = drawn(&["--script", &script, "--format", "svg"]);
    assert!(
        svg.contains("animation:5.50s") && svg.contains(">hello</text>") && svg.contains(">jj Enter</text>"),
        "{svg}"
    );
    assert_eq!(svg, drawn(&["--script", &script, "--format", "svg"]));
    for (arguments, error) in [
        (&["--format", "cast"][..], "a recording needs a script"),
        (&["--script", "/nowhere/tour"], "cannot read /nowhere/tour: no such file"),
        (&["--script", &home.file("bad.txt", "1 j\nj\n").to_string_lossy()], "bad.txt: line 2: write seconds, keys"),
        (&["--script", &script, "--keys", "j"], "cannot be used with"),
    ] {
        let ran = home.run(&[&["screen"], arguments].concat());
        assert!(ran.code == 2 && ran.err.contains(error), "{} {}", ran.code, ran.err);
    }
}

#[test]
fn names_that_can_be_saved_can_be_queried() {
    use frontpage::config::saved_searches_file::check_name;
    use frontpage::query::{Query, SavedSearches};
    for name in
        ["a", "2024", "日本", "a-b_c", "-", "é", "a b", "a:", "a.b", "#a", "a (b)", "saved:x", "*", "می\u{200c}خواهم"]
    {
        let saved = SavedSearches::new([(name.to_owned(), "is:unread".to_owned())]);
        let query = Query::of_saved(name, &saved);
        assert!(check_name(name).is_ok() && query.is_ok(), "{name:?}: {query:?}");
    }
    for name in ["", " ", "a\"b", "\u{200b}", "a\nb", "a  b", " a"] {
        assert!(check_name(name).is_err(), "{name:?}");
    }
}

#[test]
fn a_saved_search_that_cannot_be_read_says_where() {
    let home = Home::new();
    home.file(".config/frontpage/searches.yaml", "broken: \"topc:x\"\nself: saved:self\n");
    for (query, what) in [
        (
            "x saved:broken",
            "query, column 9: in `saved:broken`, column 1: unknown field `topc` (did you mean `topic`?)",
        ),
        ("saved:self", "query, column 7: `saved:self` refers to itself: self → self"),
    ] {
        let ran = home.run(&["list", "-L", NEWS, query]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(what), "{}", ran.err);
    }
}

#[test]
fn the_best_hits_are_listed_first() {
    let home = Home::new();
    let titles = |query: &str| {
        let ran = home.run(&["list", "-L", "tests/fixtures/news", "--format", "tsv", query]);
        ran.out.lines().filter_map(|line| line.split('\t').nth(3).map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(titles("moon")[0], "How the Moon Pulls");
    assert_eq!(titles("/^how.*pulls$/"), ["How the Moon Pulls"]);
}

fn marked(home: &Home, query: &str) -> usize {
    home.run(&["-L", NEWS, "list", query, "--format", "tsv"]).out.lines().count()
}

#[test]
fn mark_marks_what_a_query_finds() {
    let home = Home::new();
    let run = |arguments: &[&str]| home.run(&[&["-L", NEWS], arguments].concat());
    let dry = run(&["mark", "read", "title:clocks OR title:moon", "--dry-run"]);
    assert_eq!((dry.code, dry.err.as_str()), (0, "frontpage: would mark 2 of 2 articles read\n"));
    assert_eq!(dry.out.lines().count(), 2);
    assert_eq!(marked(&home, "is:read"), 0, "a dry run marks nothing");
    let ran = run(&["mark", "read", "title:clocks", "OR", "title:moon"]);
    assert_eq!((ran.code, ran.err.as_str(), ran.out.as_str()), (0, "frontpage: marked 2 of 2 articles read\n", ""));
    assert_eq!(run(&["mark", "read", "title:moon"]).err, "frontpage: marked 0 of 1 article read\n");
    assert_eq!(
        (marked(&home, "is:read"), marked(&home, "readat:today"), marked(&home, "readat:<2021-02-20")),
        (2, 2, 0)
    );
    for (mark, query) in [("starred", "is:starred"), ("hidden", "is:hidden")] {
        assert_eq!(run(&["mark", mark, "https://example.org/moon"]).code, 0);
        assert_eq!(marked(&home, query), 1, "{query}");
    }
    assert_eq!(marked(&home, "title:moon"), 0, "it is hidden");
    let object = json(&run(&["list", "is:hidden", "--format", "json"]));
    assert_eq!(
        (&object[0]["read"], &object[0]["starred"], &object[0]["hidden"]),
        (&true.into(), &true.into(), &true.into())
    );
    for mark in ["unhidden", "unstarred", "unread"] {
        assert_eq!(run(&["mark", mark, "title:moon"]).err, format!("frontpage: marked 1 of 1 article {mark}\n"));
    }
    assert_eq!(
        (marked(&home, "is:read"), marked(&home, "is:starred OR is:hidden"), marked(&home, "title:moon")),
        (1, 0, 1)
    );
    assert_eq!(run(&["mark", "read", "nothing-like-this"]).code, 1);
    assert_eq!(run(&["mark", "red", "title:moon"]).code, 2);
    // An unset variable marks no article.
    for query in [&[""][..], &["  "], &["", ""], &["()"], &["-"], &["sort:title"]] {
        for mark in ["hidden", "unread"] {
            let ran = run(&[&["mark", mark], query].concat());
            let told = "frontpage: the query has no conditions, so all articles would be marked\n  add a condition, or --all\n";
            assert_eq!((ran.code, ran.err.as_str()), (2, told), "{query:?}");
        }
    }
    assert_eq!(run(&["mark", "hidden"]).code, 2);
    assert!(run(&["mark", "read", "--all", "--dry-run"]).err.contains("of 5 articles"));
    assert!(run(&["mark", "read", "", "--all", "--dry-run"]).err.contains("of 5 articles"));
    assert!(run(&["mark", "read", "limit:2", "--dry-run"]).err.contains("of 2 articles"));
    assert_eq!(run(&["mark", "read", "is:red"]).code, 2);
}

#[test]
fn exported_marks_can_be_imported() {
    let home = Home::new();
    home.run(&["-L", NEWS, "mark", "read", "title:clocks"]);
    home.run(&["-L", NEWS, "mark", "starred", "title:wave"]);
    let out = home.run(&["-L", NEWS, "marks", "export"]).out;
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert_eq!(keys(line), ["id", "link", "title", "read", "starred", "hidden", "note", "tags", "arrived"]);
    }
    let read = lines.iter().find(|line| line["read"] == "2021-02-20T12:00:00Z").expect("the one that was read");
    assert_eq!((&read["title"], &read["starred"]), (&"Tide Clocks & Other Slow Machines".into(), &false.into()));
    let file = home.folder.path().join("out.jsonl");
    let file = file.to_str().expect("UTF-8");
    assert_eq!(home.run(&["-L", NEWS, "marks", "export", file]).code, 0);
    assert_eq!(std::fs::read_to_string(file).expect("the export"), out);
    assert_eq!(home.run(&["-L", NEWS, "marks", "export", file]).code, 2, "nothing is overwritten");
    let other = Home::new();
    let ran = other.run(&["-L", NEWS, "marks", "import", file, "--dry-run"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, "frontpage: would set 2 marks; 0 are already set\n"));
    assert_eq!(marked(&other, "is:read"), 0);
    assert_eq!(other.run(&["-L", NEWS, "marks", "import", file]).err, "frontpage: 2 marks set; 0 were already set\n");
    assert_eq!(other.run(&["-L", NEWS, "marks", "import", file]).err, "frontpage: 0 marks set; 2 were already set\n");
    assert_eq!(other.run(&["-L", NEWS, "marks", "export"]).out, out);
}

#[test]
fn lists_of_links_are_imported_as_read() {
    let home = Home::new();
    let list = "# read\nhttps://example.org/moon?utm_source=feed\nhttps://youtube.com/watch?v=abc123\n\
                https://elsewhere.example/1\nnot a link\ntag:example.org,2021:x\n";
    let file = home.file("guids", list);
    let ran = home.run(&["-L", NEWS, "marks", "import", file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 1, "not every line was understood");
    assert_eq!(
        ran.err,
        "frontpage: line 5: neither a link nor an id: not a link\n\
         frontpage: line 6: neither a link nor an id: tag:example.org,2021:x\n\
         frontpage: 3 marks set; 0 were already set; 1 article is not in the library; 2 lines skipped\n"
    );
    assert_eq!(marked(&home, "is:read"), 2, "the third is not in the library now");
    let file = home.file(
        "stars",
        "{\"link\":\"https://example.org/boat-shed\",\"note\":\"a\\u001b[31mb\",\"read\":null}\n{\"id\":3}\n",
    );
    let ran = home.run(&["-L", NEWS, "marks", "import", file.to_str().expect("UTF-8")]);
    assert_eq!((ran.code, marked(&home, "has:note")), (1, 1));
    assert!(ran.err.starts_with("frontpage: line 2: neither `id`, `link`, `url` nor `guid`: "), "{}", ran.err);
    let screen = home.run(&["-L", NEWS, "screen", "--keys", "G", "--size", "100x30"]).out;
    assert!(screen.contains("✎ ab") && !screen.contains('\u{1b}'), "{screen}");
}

/// The exported object of an article, by its link.
fn exported(home: &Home, link: &str) -> Value {
    let out = home.run(&["-L", NEWS, "marks", "export"]).out;
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.into_iter().find(|line| line["link"] == link).unwrap_or_default()
}

#[test]
fn an_import_keeps_marks_that_the_user_set() {
    let link = "https://example.org/moon";
    let all = format!("{{\"link\":\"{link}\",\"read\":\"2020-01-01T00:00:00Z\",\"starred\":true,\"hidden\":true}}\n");
    let list = format!("{link}\n");
    for (by_hand, said, name, file, skipped) in [
        (&["read", "unread"][..], ("read", Value::Null), "file", &all, 1),
        (&["starred", "unstarred"], ("starred", false.into()), "file", &all, 1),
        (&["hidden", "unhidden"], ("hidden", false.into()), "file", &all, 1),
        (&["read", "unread"], ("read", Value::Null), "list", &list, 1),
        (&["starred"], ("starred", true.into()), "file", &all, 0),
    ] {
        let home = Home::new();
        by_hand.iter().for_each(|mark| assert_eq!(home.run(&["-L", NEWS, "mark", mark, link]).code, 0));
        let path = home.file(name, file);
        let import = |more: &[&str]| {
            let words = [&["-L", NEWS, "marks", "import", path.to_str().expect("UTF-8")], more].concat();
            home.run(&words).err
        };
        let told = format!("; {skipped} skipped: you set something else by hand\n");
        for more in [&["--dry-run"][..], &[], &[]] {
            assert_eq!(import(more).ends_with(&told), skipped > 0, "{by_hand:?}: {}", import(more));
        }
        // A note, so that the article is exported.
        home.run(&[
            "-L",
            NEWS,
            "marks",
            "import",
            home.file("n", &format!("{{\"link\":\"{link}\",\"note\":\"n\"}}")).to_str().expect("UTF-8"),
        ]);
        assert_eq!(exported(&home, link)[said.0], said.1, "{by_hand:?} {name}");
    }
    // Nor marks that were set before on another device and arrive later.
    let (home, other) = (Home::new(), Home::new());
    ["starred", "unstarred"].iter().for_each(|mark| drop(other.run(&["-L", NEWS, "mark", mark, link])));
    for _ in 0..3 {
        ["starred", "unstarred"].iter().for_each(|mark| drop(home.run(&["-L", NEWS, "mark", mark, "title:clocks"])));
    }
    home.run(&["-L", NEWS, "marks", "import", home.file("file", &all).to_str().expect("UTF-8")]);
    assert_eq!(exported(&home, link)["starred"], true);
    let marks = |home: &Home| home.folder.path().join(".local/share/frontpage/marks");
    for entry in std::fs::read_dir(marks(&other)).expect("the marks") {
        let path = entry.expect("a file").path();
        std::fs::copy(&path, marks(&home).join(path.file_name().expect("a name"))).expect("a copy");
    }
    assert_eq!(exported(&home, link)["starred"], false);
}

#[test]
fn the_last_line_of_an_import_counts() {
    let link = "https://example.org/moon";
    let id = exported(
        &{
            let home = Home::new();
            home.run(&["-L", NEWS, "mark", "read", link]);
            home
        },
        link,
    )["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let line = |key: &str, rest: &str| format!("{{\"{key}\":\"{}\",{rest}}}\n", if key == "id" { &id } else { link });
    let read = |value: &str| format!("\"read\":{value}");
    for (text, note, read, starred) in [
        (line("id", "\"note\":\"zeta\"") + &line("link", "\"note\":\"alpha\""), "alpha", Value::Null, false),
        (line("id", "\"note\":\"alpha\"") + &line("id", "\"note\":\"zeta\""), "zeta", Value::Null, false),
        (
            line("id", "\"note\":\"a\",\"starred\":true") + &line("id", "\"note\":\"b\",\"starred\":false"),
            "b",
            Value::Null,
            false,
        ),
        // Keys that a line lacks keep the value of an earlier line.
        (line("id", "\"note\":\"a\"") + &line("link", "\"starred\":true"), "a", Value::Null, true),
        (
            line("id", &read("\"2020-01-01T00:00:00Z\""))
                + link
                + "\n"
                + &line("id", &(read("\"2019-01-01T00:00:00Z\"") + ",\"starred\":true")),
            "",
            "2019-01-01T00:00:00Z".into(),
            true,
        ),
        (
            line("id", &read("\"2020-01-01T00:00:00Z\"")) + &line("id", &(read("null") + ",\"note\":\"n\"")),
            "n",
            Value::Null,
            false,
        ),
        ("\u{feff}".to_owned() + &line("id", "\"starred\":true"), "", Value::Null, true),
    ] {
        let home = Home::new();
        let path = home.file("lines", &text);
        let words = ["-L", NEWS, "marks", "import", path.to_str().expect("UTF-8")];
        let ran = home.run(&words);
        assert_eq!(ran.code, 0, "{text}: {}", ran.err);
        let out = exported(&home, link);
        assert_eq!((&out["note"], &out["read"], &out["starred"]), (&note.into(), &read, &starred.into()), "{text}");
        // The same again sets nothing.
        assert!(home.run(&words).err.contains("0 marks set; "), "{text}: {}", home.run(&words).err);
    }
    let home = Home::new();
    let bad = ["\"starred\":\"yes\"", "\"hidden\":1", "\"read\":\"yesterday\"", "\"note\":[]", "\"arrived\":5"];
    let text: String = bad.iter().map(|rest| line("id", &format!("\"note\":\"n\",{rest}"))).collect();
    let ran = home.run(&["-L", NEWS, "marks", "import", home.file("bad", &text).to_str().expect("UTF-8")]);
    assert!(ran.code == 1 && ran.err.ends_with("0 marks set; 0 were already set; 5 lines skipped\n"), "{}", ran.err);
}

#[test]
fn the_log_says_which_snapshot_is_used_and_why_not() {
    let home = Home::new();
    let list = |arguments: &[&str]| home.run(&[&["-L", NEWS, "list", "--limit", "1"], arguments].concat());
    assert_eq!(list(&[]).err, "", "it is off");
    assert!(list(&["-v"]).err.contains("a snapshot of 5 articles"), "{}", list(&["-v"]).err);
    let snapshots = home.folder.path().join(".cache/frontpage/snapshots");
    let file = std::fs::read_dir(&snapshots).expect("snapshots").next().expect("one").expect("an entry").path();
    std::fs::write(&file, "\u{1b}[2J").expect("a file");
    let ran = list(&["-v"]);
    assert!(ran.err.contains("snapshot not used, all files are read: it is damaged"), "{}", ran.err);
    assert!(ran.code == 0 && list(&["-v"]).err.contains("a snapshot of 5 articles"), "it was rewritten");
    // A read-only cache is not an error.
    let home = Home::new().with("XDG_CACHE_HOME", "/dev/null/nowhere");
    assert_eq!(home.run(&["-L", NEWS, "list", "--limit", "1"]).code, 0);
}

#[test]
fn reading_marks_writes_nothing() {
    let home = Home::new();
    for arguments in [&["list", "is:unread"][..], &["topics"], &["screen", "--keys", "ms"], &["marks", "export"]] {
        assert_ne!(home.run(&[&["-L", NEWS], arguments].concat()).code, 2);
    }
    let names =
        std::fs::read_dir(home.folder.path()).expect("the home").map(|entry| entry.expect("an entry").file_name());
    assert_eq!(names.collect::<Vec<_>>(), [".cache"], "nothing but what may be deleted at any time");
}

#[test]
fn damaged_marks_are_reported_and_the_rest_is_used() {
    let home = Home::new();
    home.run(&["-L", NEWS, "mark", "read", "title:clocks"]);
    let folder = home.folder.path().join(".local/share/frontpage/marks");
    let path = std::fs::read_dir(&folder).expect("the marks").next().expect("a file").expect("a file").path();
    let text = std::fs::read_to_string(&path).expect("the marks");
    std::fs::write(&path, text + "\u{1b}[31mdamaged\n").expect("the marks");
    let ran = home.run(&["-L", NEWS, "list", "is:read"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1));
    assert!(ran.err.contains("1 damaged record; all others are used"), "{}", ran.err);
    assert_eq!(home.run(&["-L", NEWS, "mark", "starred", "title:clocks"]).code, 0);
    assert_eq!(home.run(&["-L", NEWS, "list", "is:read is:starred"]).err, "");
}

#[test]
fn a_missing_folder_is_reported_and_the_others_are_listed() {
    use std::os::unix::fs::symlink;
    let home = Home::new();
    let text = |title: &str| format!("---\ntitle: {title}\nlink: https://e.org/{title}\n---\n");
    home.file("news/a.md", &text("A"));
    home.file("other/b.md", &text("B"));
    home.file("alone.md", &text("C"));
    symlink(home.folder.path().join("other"), home.folder.path().join("linked")).expect("a link");
    let top = home.folder.path().to_str().expect("UTF-8").to_owned();
    let (news, other, alone) = (format!("{top}/news"), format!("{top}/other"), format!("{top}/alone.md"));
    let (linked, dotted) = (format!("{top}/linked"), format!("{top}/news/../other/"));
    let titles = |ran: &Ran| -> Vec<String> {
        let articles = json(ran);
        articles
            .as_array()
            .expect("articles")
            .iter()
            .map(|one| one["title"].as_str().expect("a title").to_owned())
            .collect()
    };
    let run = |paths: &[&str], words: &[&str]| {
        let paths = paths.iter().flat_map(|path| ["-L", path]);
        home.run(&words.iter().copied().chain(paths).collect::<Vec<&str>>())
    };
    let list = ["list", "--format", "json", "--sort", "title"];
    for missing in [&other, &linked, &dotted, &alone] {
        // When all were there the last time, and when nothing is known.
        for is_known in [true, false] {
            if is_known {
                assert_eq!(titles(&run(&[&news, missing], &list)).len(), 2, "{missing}");
            }
            let (from, to) =
                if *missing == alone { (&alone, format!("{top}/moved.md")) } else { (&other, format!("{top}/moved")) };
            std::fs::rename(from, &to).expect("moved");
            for named in [vec![news.as_str(), missing], vec![missing, news.as_str()]] {
                let ran = run(&named, &list);
                assert_eq!((titles(&ran), ran.code), (vec!["A".to_owned()], 0), "{missing}: {}", ran.err);
                assert!(
                    ran.err.contains("cannot read") && ran.err.contains("no such file or directory"),
                    "{}",
                    ran.err
                );
            }
            let ran = run(&[&news, missing], &["check"]);
            let is_named = ran.out.contains("cannot be read") || ran.out.contains("the link has no target");
            assert!(ran.code == 1 && is_named, "{}{}", ran.out, ran.err);
            let ran = run(&[&news, missing], &["screen", "--size", "120x20"]);
            assert!(ran.out.contains("1 file not read") && ran.out.contains(" A "), "{}", ran.out);
            let ran = run(&[missing], &list);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "nothing is left to read");
            std::fs::rename(&to, from).expect("moved back");
            let ran = run(&[&news, missing], &list);
            assert_eq!((titles(&ran).len(), ran.err.as_str()), (2, ""), "{missing}");
        }
    }
    let ran = home.with("FRONTPAGE_LIBRARY", &format!("{news}:{top}/none")).run(&list);
    assert_eq!(titles(&ran), ["A"], "{}", ran.err);
}

#[test]
fn a_misspelt_command_is_suggested() {
    let home = Home::new();
    home.file("news/a.md", "# A\n");
    for (words, meant) in [
        (&["lst"][..], "`frontpage list`"),
        (&["lst", "topic:ai"], "`frontpage list`"),
        (&["lst", "--format", "json"], "`frontpage list`"),
        (&["-L", "tests/fixtures/news", "topisc"], "`frontpage topics`"),
        (&["chekc"], "`frontpage check`"),
        (&["insigths", "--by", "day"], "`frontpage insights`"),
    ] {
        let ran = home.run(words);
        assert!(ran.code == 2 && ran.err.contains(meant), "{words:?}: {}", ran.err);
    }
    for words in [&["no-such-folder"][..], &["./lst"], &["/tmp/none/lst"], &["--frmat"]] {
        let ran = home.run(words);
        assert!(ran.code == 2 && !ran.err.contains("did you mean `frontpage"), "{words:?}: {}", ran.err);
    }
}

#[test]
fn hidden_matches_are_mentioned_if_nothing_else_is_found() {
    let home = Home::new();
    let file = home.file("news/a.md", "---\ntitle: A\ntopics: [sea]\n---\n");
    home.file("news/b.md", "---\ntitle: B\n---\n");
    let folder = file.parent().and_then(std::path::Path::to_str).expect("UTF-8");
    let run = |words: &[&str]| home.run(&words.iter().copied().chain(["-L", folder]).collect::<Vec<_>>());
    assert_eq!(run(&["mark", "hidden", "is:unread"]).code, 0);
    for words in [&["list"][..], &["list", "topic:sea"], &["topics"], &["insights"]] {
        let ran = run(words);
        assert!(ran.code == 1 && ran.err.contains("is:hidden"), "{words:?}: {}", ran.err);
    }
    assert_eq!(run(&["list", "is:hidden", "--limit", "0"]).err, "");
    assert!(!run(&["list", "topic:moon"]).err.contains("hidden"));
    let screen = run(&["screen", "--size", "100x8"]).out;
    assert!(screen.contains("All 2 articles are hidden. The query is:hidden finds them."), "{screen}");
}
