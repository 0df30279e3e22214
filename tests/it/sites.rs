//! Addresses of articles by the settings of their site, and the formats of `frontpage show`.

use serde_json::Value;

use crate::harness::command::{Home, Ran};

const SETTINGS: &str = "title = \"A blog\"\nbaseURL = \"https://example.org/blog/\"\n";

/// A home with a Hugo site of two articles.
fn home() -> Home {
    let home = Home::new();
    home.file("blog/hugo.toml", SETTINGS);
    home.file("blog/content/posts/Tides.md", "---\ntitle: Tides\nauthor: Ada\n---\nSee [below](#two), [x](/x/) and [y](y.md).\n\n## Two\n\n{{< note >}}\nBe *careful*.\n{{< /note >}}\n");
    home.file(
        "blog/content/posts/own.md",
        "---\ntitle: Own\nlink: https://example.com/own\n---\n<script>alert(1)</script>\n\nText.\n",
    );
    home
}

fn run(home: &Home, arguments: &[&str]) -> Ran {
    let library = home.folder.path().join("blog/content");
    home.run(&[arguments, &["-L", &library.to_string_lossy()]].concat())
}

#[test]
fn open_and_show_use_the_address_of_the_site() {
    let home = home();
    let address = "https://example.org/blog/posts/tides/";
    assert_eq!(run(&home, &["open", "title:tides", "--print"]).out, format!("{address}\n"));
    assert_eq!(run(&home, &["open", "title:own", "--print"]).out, "https://example.com/own\n");
    let shown = run(&home, &["show", "title:tides"]).out;
    assert!(shown.starts_with(&format!("Tides\nAda\n{address}\n")), "the author is shown once: {shown}");
    let listed: Value =
        serde_json::from_str(&run(&home, &["list", "title:tides", "--format", "json"]).out).expect("JSON");
    assert_eq!((listed[0]["link"].as_str(), listed[0]["site_link"].as_str()), (None, Some(address)));
    // An address of the user's settings wins.
    home.file(".config/frontpage/config.yaml", "sites:\n  ~/blog: https://example.net/\n");
    assert_eq!(run(&home, &["open", "title:tides", "--print"]).out, "https://example.net/posts/tides/\n");
    home.file(".config/frontpage/config.yaml", "sites:\n  ~/blog: javascript:x\n");
    let refused = run(&home, &["config"]);
    assert!(refused.err.contains("config.yaml:2:11: `sites`: "), "{}", refused.err);
    assert_eq!(run(&home, &["open", "title:tides", "--print"]).out, format!("{address}\n"));
}

#[test]
fn ids_do_not_depend_on_the_site() {
    let home = home();
    let ids =
        || run(&home, &["list", "--format", "jsonl"]).out.lines().map(|line| line[..30].to_owned()).collect::<Vec<_>>();
    let with_site = ids();
    std::fs::remove_file(home.folder.path().join("blog/hugo.toml")).expect("the settings");
    assert_eq!(ids(), with_site);
    let gone = run(&home, &["open", "title:tides", "--print"]);
    assert!(gone.code == 2 && gone.err.contains("has no link"), "{}", gone.err);
}

#[test]
fn check_and_config_print_the_site() {
    let home = home();
    let checked = run(&home, &["check"]);
    assert!(
        checked.out.contains("site: https://example.org/blog (Hugo, ")
            && checked.out.contains("addresses of 1 article"),
        "{}",
        checked.out
    );
    assert!(run(&home, &["config"]).out.contains("site: https://example.org/blog (Hugo, "));
    home.file("blog/hugo.toml", "title = \"x\"\nbaseURL = \"https://user@example.org/\"\n");
    let checked = run(&home, &["check"]);
    assert!(checked.out.contains("hugo.toml:2:11") && checked.out.contains("`baseURL`: "), "{}", checked.out);
    let report: Value = serde_json::from_str(&run(&home, &["check", "--format", "json"]).out).expect("JSON");
    assert_eq!((&report["sites"][0]["generator"], &report["sites"][0]["address"]), (&"Hugo".into(), &Value::Null));
    assert_eq!((checked.code, report["sites"][0]["problems"].as_array().map(Vec::len)), (1, Some(1)));
}

#[test]
fn show_prints_several_articles_in_each_format() {
    let home = home();
    let posts = home.folder.path().join("blog/content/posts");
    let outside = home.file("outside.md", "---\ntitle: Outside\n---\nText.\n");
    let paths = [posts.join("Tides.md"), posts.join("own.md"), outside].map(|path| path.to_string_lossy().into_owned());
    let show = |format: &str| {
        let ran = run(&home, &["show", &paths[0], &paths[1], &paths[2], "--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{format}");
        ran.out
    };
    let text = show("text");
    assert!(text.starts_with("Tides\n") && text.contains("\n\nOwn\n") && text.contains("\n\nOutside\n"), "{text}");
    let markdown = show("markdown");
    assert!(
        markdown.starts_with("# Tides\n\nAda\n\n<https://example.org/blog/posts/tides/>\n\nSee [below]"),
        "{markdown}"
    );
    assert!(
        markdown.contains("\n---\n\n# Own\n") && !markdown.contains("{{<") && markdown.contains("> "),
        "{markdown}"
    );
    let html = show("html");
    assert_eq!(html.matches("<!DOCTYPE html>").count(), 1, "one document");
    for part in [
        "default-src 'none'",
        "<a href=\"#heading-0-0\">below</a>",
        "href=\"https://example.org/x/\">x</a> and y.",
        "<em>careful</em>",
        "href=\"https://example.com/own\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    let objects: Value = serde_json::from_str(&show("json")).expect("JSON");
    let titles: Vec<&str> =
        objects.as_array().expect("an array").iter().filter_map(|one| one["title"].as_str()).collect();
    assert_eq!(titles, ["Tides", "Own", "Outside"]);
}

#[test]
fn a_path_that_is_no_article_is_named_as_such() {
    let home = home();
    let missing = run(&home, &["show", "/missing.md"]);
    assert_eq!((missing.code, missing.err.as_str()), (2, "frontpage: /missing.md: no such file\n"));
    let file = format!("{}/a.md", home.folder.path().to_string_lossy());
    std::fs::write(&file, "Words.\n").expect("a file");
    let beside = run(&home, &["show", &file, "missing.md"]);
    assert_eq!((beside.code, beside.err.as_str()), (2, "frontpage: no article found for missing.md\n"));
    let folder = format!("{}/blog", home.folder.path().to_string_lossy());
    let shown = run(&home, &["show", &folder]);
    assert!(shown.code == 2 && shown.err.contains("is a folder, not an article"), "{}", shown.err);
    // A regular expression stays one.
    assert!(run(&home, &["show", "/^Tides$/"]).out.starts_with("Tides\n"));
}
