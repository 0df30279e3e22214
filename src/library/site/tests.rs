//! Tests of the rules of site generators, with the settings and articles of small sites.

#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use tempfile::TempDir;

use super::super::article_file;
use super::super::article_parts::ArticleFile;
use super::{Site, SiteAddress, SiteBase, Sites, search};
use crate::config::{LocatedText, SiteSetting};
use crate::feed::{Article, record};
use crate::library::{Library, Loaded};

fn now() -> DateTime<Utc> {
    "2027-01-01T00:00:00Z".parse().expect("a time")
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// The address of each article, by its path.
fn addresses(root: &Path) -> Vec<(String, Option<String>)> {
    let reports = Library::Paths(vec![root.to_owned()]).report(now()).expect("a library");
    let address = |article: &Article| article.site.link.as_ref().map(|link| link.shown().to_string());
    let found = reports.into_iter().filter_map(|report| Some((report.below, report.article?)));
    found.map(|(below, article)| (below.to_string_lossy().into_owned(), address(&article))).collect()
}

/// Checks the addresses of the articles of a site: settings, library folder, and for each file its front matter or whole text and
/// the end of its address behind `https://example.org`.
fn check(settings: &[(&str, &str)], library: &str, pages: &[(&str, &str, Option<&str>)]) {
    let mut files = settings.to_vec();
    let names: Vec<String> = pages.iter().map(|(name, ..)| format!("{library}/{name}")).collect();
    files.extend(names.iter().zip(pages).map(|(name, (_, text, _))| (name.as_str(), *text)));
    let folder = folder(&files);
    let found = addresses(&folder.path().join(library));
    for (name, text, wanted) in pages {
        let address = found.iter().find(|(below, _)| below == name).unwrap_or_else(|| panic!("no article {name}"));
        let wanted = wanted.map(|path| format!("https://example.org{path}"));
        assert_eq!(address.1, wanted, "{name}: {text:?}");
    }
}

#[test]
fn hugo_makes_addresses_of_paths() {
    check(
        &[("hugo.toml", "baseURL = 'https://example.org/'\n")],
        "content",
        &[
            ("_index.md", "home", Some("/")),
            ("about.md", "---\ntitle: x\n---\n", Some("/about/")),
            ("posts/_index.md", "---\nslug: other\n---\n", Some("/posts/")),
            ("posts/My First Post.md", "---\ntitle: x\n---\n", Some("/posts/my-first-post/")),
            ("posts/Größe & C++.md", "x", Some("/posts/gr%C3%B6%C3%9Fe--c++/")),
            ("posts/slug.md", "---\nslug: Another Name\n---\n", Some("/posts/another-name/")),
            ("posts/url.md", "---\nurl: /x/y.html\n---\n", Some("/x/y.html")),
            ("posts/relative.md", "+++\nurl = 'x/y'\n+++\n", Some("/x/y")),
            ("posts/tokens.md", "+++\nurl = '/:slug/y'\n+++\n", None),
            ("posts/elsewhere.md", "---\nurl: https://example.com/\n---\n", None),
            ("posts/draft.md", "---\ndraft: true\n---\n", None),
            ("posts/bundle/index.md", "---\ntitle: x\n---\n", Some("/posts/bundle/")),
            ("posts/bundle/part.md", "a part of the bundle", None),
            ("posts/bundle/sub/part.md", "a part of the bundle", None),
            ("posts/headless/index.md", "---\nheadless: true\n---\n", None),
            ("posts/hidden.md", "---\nbuild:\n  render: never\n---\n", None),
            ("parts/_index.md", "---\ncascade:\n  build:\n    render: never\n---\n", None),
            ("parts/a/b.md", "x", None),
            ("parts/a/shown.md", "---\nbuild:\n  render: always\n---\n", Some("/parts/a/shown/")),
        ],
    );
}

#[test]
fn hugo_fills_in_permalinks() {
    let settings = concat!(
        "baseURL: https://example.org\npermalinks:\n  page:\n    posts: /:year/:month/:slug/\n    notes: /n/:day/:contentbasename\n",
        "    odd: /:sections[1:]/:slug/\n    days: /:yearday/:weekdayname/:title/\n"
    );
    check(
        &[("config/_default/hugo.yaml", settings)],
        "content",
        &[
            (
                "posts/a.md",
                "---\ntitle: What's New?\ndate: 2021-02-18T23:30:00-08:00\n---\n",
                Some("/2021/02/whats-new/"),
            ),
            ("posts/b.md", "---\ntitle: T\nslug: s\ndate: 2021-02-18\n---\n", Some("/2021/02/s/")),
            ("posts/undated.md", "---\ntitle: T\n---\n", None),
            ("posts/sub/c/index.md", "---\ntitle: T\ndate: 2021-02-18\n---\n", Some("/2021/02/t/")),
            ("notes/d.md", "---\ntitle: T\ndate: 2021-02-18\n---\n", Some("/n/18/d/")),
            ("odd/e.md", "---\ntitle: T\n---\n", None),
            ("days/f.md", "---\ntitle: A B\ndate: 2021-02-18\n---\n", Some("/49/thursday/a-b/")),
            ("other/g.md", "---\ntitle: T\n---\n", Some("/other/g/")),
        ],
    );
}

#[test]
fn hugo_has_languages_and_ugly_addresses() {
    let languages = "baseurl = 'https://example.org/'\ndefaultContentLanguage = 'en'\n[languages.en]\n[languages.fr]\n[languages.de]\nbaseURL = 'https://example.de/'\n";
    check(
        &[("config.toml", languages)],
        "content",
        &[
            ("a.md", "x", Some("/a/")),
            ("a.fr.md", "x", Some("/fr/a/")),
            ("a.de.md", "x", None),
            ("a.x.md", "x", Some("/a.x/")),
            ("b/index.fr.md", "x", Some("/fr/b/")),
        ],
    );
    check(
        &[("hugo.json", "{\"baseURL\": \"https://example.org\", \"uglyURLs\": true, \"disablePathToLower\": true}")],
        "content",
        &[("A.md", "x", Some("/A.html")), ("p/B/index.md", "x", Some("/p/B.html")), ("p/_index.md", "x", None)],
    );
    check(
        &[(
            "hugo.toml",
            "baseURL = 'https://example.org'\n[[module.mounts]]\nsource = 'content/en'\ntarget = 'content'\n",
        )],
        "content",
        &[("en/a.md", "x", Some("/a/")), ("LICENSE.md", "x", None)],
    );
}

#[test]
fn jekyll_makes_addresses_of_posts_pages_and_collections() {
    let settings = concat!(
        "url: https://example.org\nbaseurl: /blog\ncollections:\n  docs:\n    output: true\n    permalink: /:collection/:path/\n",
        "  hidden:\n    output: false\n  notes:\n    output: true\nexclude: [vendor, private.md]\n"
    );
    check(
        &[("_config.yml", settings)],
        ".",
        &[
            ("_posts/2021-02-18-Hello World.md", "---\ntitle: x\n---\n", Some("/blog/2021/02/18/Hello-World.html")),
            ("_posts/2021-02-18-a.md", "---\ncategories: News Big\n---\n", Some("/blog/news/big/2021/02/18/a.html")),
            ("_posts/2021-02-18-b.md", "---\ncategory: One Two\n---\n", Some("/blog/one%20two/2021/02/18/b.html")),
            (
                "_posts/2021-02-18-c.md",
                "---\nslug: other\ndate: 2021-02-19\n---\n",
                Some("/blog/2021/02/19/other.html"),
            ),
            ("_posts/2021-02-18-d.md", "---\npermalink: /x/:title/\n---\n", Some("/blog/x/d/")),
            ("_posts/2021-02-18-e.md", "---\npermalink: /x/:unknown/\n---\n", None),
            ("_posts/2021-02-18-f.md", "---\ndate: 2021-02-18 23:30:00 -0800\n---\n", None),
            ("_posts/2021-02-18-g.md", "no front matter", None),
            ("_posts/2021-02-18-h.md", "---\npublished: false\n---\n", None),
            ("es/_posts/2021-02-18-i.md", "---\ntitle: x\n---\n", Some("/blog/es/2021/02/18/i.html")),
            ("_drafts/j.md", "---\ntitle: x\n---\n", None),
            ("index.md", "---\ntitle: x\n---\n", Some("/blog/")),
            ("about.md", "---\ntitle: x\n---\n", Some("/blog/about.html")),
            ("team/ada.md", "---\npermalink: /people/ada/\n---\n", Some("/blog/people/ada/")),
            ("private.md", "---\ntitle: x\n---\n", None),
            ("vendor/x.md", "---\ntitle: x\n---\n", None),
            ("_docs/a/b.md", "---\ntitle: x\n---\n", Some("/blog/docs/a/b/")),
            ("_notes/c.md", "---\ntitle: x\n---\n", Some("/blog/notes/c.html")),
            ("_hidden/d.md", "---\ntitle: x\n---\n", None),
            ("_includes/e.md", "---\ntitle: x\n---\n", None),
        ],
    );
}

#[test]
fn jekyll_has_styles_of_permalinks() {
    for (style, post, page) in [
        ("pretty", "/2021/02/18/a/", "/about/"),
        ("none", "/a.html", "/about.html"),
        ("ordinal", "/2021/049/a.html", "/about.html"),
        ("weekdate", "/2021/W07/Thu/a.html", "/about"),
        ("/:year/:i_month/:short_month/:title", "/2021/2/Feb/a", "/about"),
        ("/b/:title/", "/b/a/", "/about/"),
    ] {
        check(
            &[("_config.yml", &format!("url: https://example.org/\npermalink: {style}\n"))],
            ".",
            &[
                ("_posts/2021-02-18-a.md", "---\ntitle: x\n---\n", Some(post)),
                ("about.md", "---\ntitle: x\n---\n", Some(page)),
            ],
        );
    }
    let defaults = "defaults:\n- scope: {path: _posts, type: posts}\n  values: {permalink: /p/:title/}\n- scope: {path: no}\n  values: {published: false}\n";
    check(
        &[("_config.yml", &format!("url: https://example.org/\ntimezone: America/Los_Angeles\n{defaults}"))],
        ".",
        &[
            ("_posts/2021-02-18-a.md", "---\ntitle: x\n---\n", Some("/p/a/")),
            ("no/a.md", "---\ntitle: x\n---\n", None),
            ("a.md", "---\ntitle: x\n---\n", Some("/a.html")),
        ],
    );
    check(
        &[("_config.yml", "url: https://example.org/\ntimezone: America/Los_Angeles\n")],
        ".",
        &[
            ("_posts/2014-05-08-a.md", "---\ndate: 2014-05-08 22:43:17 -0400\n---\n", Some("/2014/05/08/a.html")),
            ("_posts/2014-05-08-b.md", "---\ndate: 2014-05-08 00:30:00 +0200\n---\n", Some("/2014/05/07/b.html")),
            ("_posts/2014-05-08-c.md", "---\ndate: 2014-05-08\n---\n", Some("/2014/05/08/c.html")),
        ],
    );
}

#[test]
fn zola_makes_addresses_of_paths() {
    check(
        &[("config.toml", "base_url = \"https://example.org\"\n[languages.fr]\n")],
        "content",
        &[
            ("_index.md", "+++\n+++\n", Some("/")),
            ("blog/_index.md", "+++\n+++\n", Some("/blog/")),
            ("blog/2021-02-18-My Post.md", "+++\n+++\n", Some("/blog/my-post/")),
            ("blog/2021-02-18_b/index.md", "+++\n+++\n", Some("/blog/b/")),
            ("blog/c.md", "+++\nslug = \"Ça va\"\n+++\n", Some("/blog/ca-va/")),
            ("blog/d.md", "+++\npath = \"2015/05/15/Rust-1.0\"\n+++\n", Some("/2015/05/15/Rust-1.0/")),
            ("blog/e.fr.md", "+++\n+++\n", Some("/fr/blog/e/")),
            ("blog/日本.md", "+++\n+++\n", None),
            ("blog/f.md", "+++\ndraft = true\n+++\n", None),
            ("blog/g.md", "+++\nrender = false\n+++\n", None),
            ("2021-02-18.md", "+++\n+++\n", Some("/2021-02-18/")),
        ],
    );
    check(
        &[("zola.toml", "base_url = \"https://example.org/\"\n[slugify]\npaths = \"off\"\npaths_keep_dates = true\n")],
        "content",
        &[("2021-02-18-A_b.md", "+++\n+++\n", Some("/2021-02-18-A_b/")), ("a b.md", "+++\n+++\n", None)],
    );
}

#[test]
fn docusaurus_makes_addresses_of_docs_posts_and_pages() {
    let settings = concat!(
        "// url: 'https://no.example'\nconst config = {\n  title: 'x', url: 'https://example.org', baseUrl: '/s/',\n",
        "  presets: [['classic', { docs: { routeBasePath: 'guide' }, blog: {} }]],\n};\nexport default config;\n"
    );
    check(
        &[("docusaurus.config.js", settings)],
        ".",
        &[
            ("docs/intro.md", "x", Some("/s/guide/intro")),
            ("docs/01-basics/02-first.mdx", "x", Some("/s/guide/basics/first")),
            ("docs/01-basics/index.md", "x", Some("/s/guide/basics")),
            ("docs/basics/README.md", "x", Some("/s/guide/basics")),
            ("docs/a.md", "---\nslug: /b\n---\n", Some("/s/guide/b")),
            ("docs/c/d.md", "---\nslug: e\n---\n", Some("/s/guide/c/e")),
            ("docs/c/f.md", "---\nid: g\n---\n", Some("/s/guide/c/g")),
            ("docs/2021-02-release.md", "x", Some("/s/guide/2021-02-release")),
            ("docs/_part.md", "x", None),
            ("blog/2021-02-18-hello.md", "x", Some("/s/blog/2021/02/18/hello")),
            ("blog/2021-02-18-hello/index.md", "x", Some("/s/blog/2021/02/18/hello")),
            ("blog/b.md", "---\nslug: own\n---\n", Some("/s/blog/own")),
            ("blog/undated.md", "x", None),
            ("src/pages/about.md", "x", Some("/s/about")),
            ("other/x.md", "x", None),
        ],
    );
    let computed = "const u = process.env.URL;\nmodule.exports = { url: u || 'https://example.org', baseUrl: '/' };\n";
    check(&[("docusaurus.config.js", computed)], ".", &[("docs/intro.md", "x", None)]);
}

#[test]
fn pelican_makes_addresses_of_dates_and_slugs() {
    let settings = "SITEURL = ''\nARTICLE_URL = 'blog/{date:%Y}/{date:%m}/{slug}/'\nTHEME = 'x' + SITEURL\n";
    check(
        &[("pelicanconf.py", settings), ("publishconf.py", "import os\nSITEURL = \"https://example.org\"\n")],
        "content",
        &[
            ("a.md", "Title: This Week, in C++!\nDate: 2021-02-18\n\nx", Some("/blog/2021/02/this-week-in-c/")),
            ("b.md", "Title: x\nSlug: own\nDate: 2021-02-18\n\nx", Some("/blog/2021/02/own/")),
            ("c.md", "Title: x\nDate: 2021-02-18\nStatus: draft\n\nx", None),
            ("d.md", "Title: x\n\nundated", None),
            ("pages/e.md", "Title: About\n\nx", Some("/pages/about.html")),
        ],
    );
    let computed = "SITEURL = 'https://example.org' if LIVE else 'http://localhost'\n";
    check(&[("pelicanconf.py", computed)], "content", &[("a.md", "Title: x\nDate: 2021-02-18\n\nx", None)]);
}

#[test]
fn mkdocs_makes_addresses_of_paths() {
    check(
        &[("mkdocs.yml", "site_url: https://example.org/p\nmarkdown_extensions:\n  - x: !!python/name:a.b\n")],
        "docs",
        &[("index.md", "x", Some("/p/")), ("a/README.md", "x", Some("/p/a/")), ("a/B c.md", "x", Some("/p/a/B%20c/"))],
    );
}

const HUGO: (&str, &str) = ("hugo.toml", "baseURL = 'https://example.org/'\n");

#[test]
fn settings_change_addresses_and_never_identities() {
    let folder = folder(&[
        ("content/a.md", "---\ntitle: A\n---\ntext"),
        ("content/b.md", "---\ntitle: B\ndate: 2021-02-18\nurl: /2021/b/\n---\ntext"),
        ("content/c.md", "---\ntitle: C\nlink: https://example.com/c\n---\ntext"),
    ]);
    let snapshots = tempfile::tempdir().expect("a folder");
    let library = Library::Paths(vec![folder.path().join("content")]);
    let read = || library.read(Some(snapshots.path()), now()).expect("a library");
    let all = |loaded: &Loaded| loaded.feed.iter().collect::<Vec<_>>();
    let links = |loaded: &Loaded| {
        let mut links: Vec<String> = loaded
            .feed
            .iter()
            .map(|article| article.link_to_open().map_or_else(String::new, |link| link.shown().to_string()))
            .collect();
        links.sort();
        links
    };
    let bare = read();
    assert_eq!(links(&bare), ["", "/2021/b/", "https://example.com/c"]);
    // The settings are found by a scan, and by the next start with the snapshot of the last one.
    fs::write(folder.path().join(HUGO.0), HUGO.1).expect("a file");
    let found = library.refresh(&bare, now(), |_| {}).expect("a library").expect("addresses");
    let wanted = ["https://example.com/c", "https://example.org/2021/b/", "https://example.org/a/"];
    assert_eq!(
        (links(&found), links(&read())),
        (wanted.map(str::to_owned).to_vec(), wanted.map(str::to_owned).to_vec())
    );
    for (before, after) in all(&bare).iter().zip(all(&found)) {
        assert_eq!(before.id, after.id);
        assert!(before.looks_same_as(&after), "{}", before.title);
        assert_eq!(record::visible_content_hash(before), record::visible_content_hash(&after));
    }
    assert_eq!(all(&read()), all(&found), "a snapshot keeps addresses");
    // They change and go with the settings.
    fs::write(folder.path().join(HUGO.0), "baseURL = 'https://example.net/x'\n").expect("a file");
    let moved = library.refresh(&found, now(), |_| {}).expect("a library").expect("addresses");
    assert_eq!(links(&moved), ["https://example.com/c", "https://example.net/x/2021/b/", "https://example.net/x/a/"]);
    fs::remove_file(folder.path().join(HUGO.0)).expect("a file");
    let gone = library.refresh(&moved, now(), |_| {}).expect("a library").expect("no addresses");
    assert_eq!((links(&gone), links(&read())), (links(&bare), links(&bare)));
}

#[test]
fn the_addresses_of_the_users_settings_win() {
    let folder = folder(&[
        ("blog/config.toml", "base_url = 'http://localhost:1111'\n"),
        ("blog/content/a.md", "+++\n+++\n"),
        ("notes/a.md", "---\nlink: /2021/a/\n---\n"),
        ("notes/b.md", "---\nlink: /n/2021/b/\n---\n"),
        ("notes/c.md", "---\npermalink: /:title/\n---\n"),
        ("notes/d.md", "text"),
    ]);
    let setting = |folder: &Path, text: &str| SiteSetting {
        folder: folder.to_owned(),
        address: LocatedText { text: text.to_owned(), at: (1, 1) },
    };
    let settings = [
        setting(folder.path(), "https://no.example/"),
        setting(&folder.path().join("blog"), "https://example.org"),
        setting(&folder.path().join("notes"), "https://example.org/n/"),
        setting(&folder.path().join("notes"), "javascript:x"),
    ];
    let own = SiteAddress::of_settings(&settings);
    assert_eq!(own.len(), 3);
    let library = Library::Paths(vec![folder.path().join("blog/content"), folder.path().join("notes")]);
    let reports = library.report_with(now(), &own, |_, _| {}).expect("a library");
    let links: Vec<Option<String>> = reports
        .iter()
        .filter_map(|report| report.article.as_ref())
        .map(|article| article.site.link.as_ref().map(|link| link.shown().to_string()))
        .collect();
    let wanted = [
        Some("https://example.org/a/"),
        Some("https://example.org/n/2021/a/"),
        Some("https://example.org/n/2021/b/"),
        None,
        None,
    ];
    assert_eq!(links, wanted.map(|link| link.map(str::to_owned)));
    let summaries: Vec<String> = library.sites(&own).iter().map(|(_, site)| site.summary().to_string()).collect();
    assert!(
        summaries[0].starts_with("https://example.org (Zola, ") && summaries[1].contains("the setting `sites`"),
        "{summaries:?}"
    );
}

#[test]
fn a_folder_within_the_library_may_have_its_own_address() {
    let folder = folder(&[
        ("blog/config.toml", "base_url = 'https://dev.example.org'\n"),
        ("blog/content/a.md", "+++\ndate = 2021-01-01\n+++\n"),
        ("notes/b.md", "---\npermalink: /b/\n---\n"),
        ("notes/deep/c.md", "---\npermalink: /c/\n---\n"),
        ("other/d.md", "---\npermalink: /d/\n---\n"),
    ]);
    let setting = |below: &str, text: &str| SiteSetting {
        folder: folder.path().join(below),
        address: LocatedText { text: text.to_owned(), at: (1, 1) },
    };
    let settings = [
        setting("notes", "https://example.org/n"),
        setting("blog/content", "https://example.org"),
        setting("notes/deep", "https://deep.example.org"),
        setting("missing", "https://missing.example.org"),
    ];
    let own = SiteAddress::of_settings(&settings);
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let reports = library.report_with(now(), &own, |_, _| {}).expect("a library");
    let links: Vec<String> = reports
        .iter()
        .filter_map(|report| report.article.as_ref()?.site.link.as_ref().map(|link| link.shown().to_string()))
        .collect();
    assert_eq!(links, ["https://example.org/a/", "https://example.org/n/b/", "https://deep.example.org/c/"]);
    assert_ne!(library.sites(&own).hash(), library.sites(&own[..1]).hash());
}

#[test]
fn hostile_settings_give_no_address() {
    let brackets = format!("baseURL: {}\n", "[".repeat(100_000));
    let aliases = format!("a: &a [{}]\n{}baseURL: https://example.org\n", "x, ".repeat(9000), "b: *a\n".repeat(100));
    let large = format!("baseURL: https://example.org\n# {}\n", "x".repeat(300 * 1024));
    for (name, text, problem) in [
        ("hugo.yaml", "baseURL: 'javascript:alert(1)'\n", "hugo.yaml:1:10: `baseURL`: "),
        ("hugo.yaml", "x: 1\nbaseURL: https://user:secret@example.org/\n", "hugo.yaml:2:10: `baseURL`: "),
        ("hugo.yaml", "baseURL: http://localhost:1313/\n", "the address leads to this machine"),
        ("hugo.yaml", "baseURL: http://127.0.0.1/\n", "the address leads to this machine"),
        ("hugo.yaml", "baseURL: http://[::1]/\n", "the address leads to this machine"),
        ("hugo.yaml", "baseURL: https://example.org/?a=\n", "has no `?` and no `#`"),
        ("hugo.yaml", "baseURL: file:///etc/\n", "`baseURL`: "),
        ("hugo.yaml", "baseURL: /\n", ""),
        ("hugo.yaml", "baseURL: [https://example.org]\n", ""),
        ("hugo.yaml", "- https://example.org\n", "cannot be parsed"),
        ("hugo.yaml", "a: [\n", "hugo.yaml:"),
        ("hugo.yaml", &brackets, "cannot be parsed"),
        ("hugo.yaml", &aliases, "cannot be parsed"),
        ("hugo.yaml", &large, "more than 256 KiB"),
        ("hugo.json", "{\"baseURL\": ", "cannot be parsed"),
        ("config.toml", "[build]\ntarget = 'x'\n", ""),
        ("config.toml", "not = [toml", ""),
        ("docusaurus.config.js", "module.exports = { url: 'javascript:x', baseUrl: '/' }", "`url`: "),
        ("pelicanconf.py", "SITEURL = 'ftp://example.org'\n", "pelicanconf.py:1:1: `SITEURL`: "),
        ("_config.yml", "url: http://localhost\n", "`url`: "),
    ] {
        let folder = folder(&[(name, text), ("content/a.md", "---\ntitle: a\ndate: 2021-02-18\n---\n")]);
        let found = addresses(&folder.path().join("content"));
        assert_eq!(found, [("a.md".to_owned(), None)], "{name}: {}", text.get(..60).unwrap_or(text));
        let sites = Sites::find(&[folder.path().join("content")], &[]);
        let problems = sites.problems.iter().chain(sites.iter().flat_map(|(_, site)| &site.problems));
        let problems: Vec<String> = problems.map(|problem| problem.one_line().to_string()).collect();
        let is_told =
            if problem.is_empty() { problems.is_empty() } else { problems.len() == 1 && problems[0].contains(problem) };
        assert!(is_told, "{name}: {problem}: {problems:?}");
    }
}

#[test]
fn only_regular_files_within_reach_are_read() {
    // A link could lead anywhere.
    let linked = folder(&[("other/real.toml", HUGO.1), ("content/a.md", "x")]);
    std::os::unix::fs::symlink("other/real.toml", linked.path().join("hugo.toml")).expect("a link");
    assert_eq!(addresses(&linked.path().join("content"))[0].1, None);
    // A FIFO would block.
    let fifo = folder(&[("content/a.md", "x")]);
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, fifo.path().join("hugo.toml"), rustix::fs::FileType::Fifo, mode, 0)
        .expect("a FIFO");
    assert_eq!(addresses(&fifo.path().join("content"))[0].1, None);
    // Above the root of the repository, and more than five levels up, nothing is searched.
    let repository = folder(&[HUGO, ("content/a.md", "x"), ("content/.git/HEAD", "x"), ("content/deep/b.md", "x")]);
    assert_eq!(addresses(&repository.path().join("content/deep"))[0].1, None);
    let deep = folder(&[HUGO, ("content/1/2/3/4/5/a.md", "x")]);
    assert_eq!(addresses(&deep.path().join("content/1/2/3/4/5"))[0].1, None);
    assert_eq!(
        addresses(&deep.path().join("content/1/2/3/4"))[0].1.as_deref(),
        Some("https://example.org/1/2/3/4/5/a/")
    );
    // A file alone has the address that it has in its folder.
    let alone = Library::Paths(vec![deep.path().join("content/1/2/3/4/5/a.md")]);
    let above = folder(&[HUGO, ("content/a.md", "x")]);
    let file = Library::Paths(vec![above.path().join("content/a.md")]).load(now(), |_| {}).expect("a library");
    let link = file.feed.get(0).expect("an article").site.link.clone();
    assert_eq!(link.map(|link| link.shown().to_string()).as_deref(), Some("https://example.org/a/"));
    assert_eq!(alone.sites(&[]).iter().count(), 0);
}

#[test]
fn both_parsers_give_the_native_form_the_same_address() {
    let front = "publishedDateTime: 2021-02-18T16:18:00Z\ntopics: [AI]\n";
    for settings in
        [HUGO, ("_config.yml", "url: https://example.org\n"), ("pelicanconf.py", "SITEURL = 'https://example.org'\n")]
    {
        let folder = folder(&[settings, ("content/x/y.md", "")]);
        let root = folder.path().join("content");
        let sites = Sites::find(std::slice::from_ref(&root), &[]);
        for more in ["", "published: false\n", "category: News Big\n", "webUrl: \"https://example.com/\"\n"] {
            let text = format!("---\ntitle: \"A title\"\n{more}{front}---\n\nText.\n");
            for below in ["x/y.md", "_posts/2021-02-18-a.md"] {
                let file = ArticleFile {
                    path: &root.join(below),
                    below: Path::new(below),
                    modified: None,
                    bytes: text.as_bytes(),
                    site: sites.of(0, Path::new(below)),
                };
                let [fast, slow] =
                    [article_file::read(&file, now()), article_file::read_any_format(&file, now())].map(Result::ok);
                assert_eq!(fast, slow, "{below} of {settings:?}: {text}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_settings_and_no_name_cause_a_panic(
        name in 0usize..6,
        text in "([a-zA-Z:/._'\"{}\\[\\] =#\n-]|baseURL|url: |base_url = |permalink|collections|SITEURL = ){0,40}",
        below in "([a-z0-9._ %:ä-]{1,9}/){0,3}[a-z0-9._ %:-]{1,9}\\.md",
        front in "([a-zA-Z:/._'\" \n-]|slug: |url: |permalink: |path: ){0,20}",
    ) {
        let name = ["hugo.yaml", "config.toml", "_config.yml", "docusaurus.config.js", "pelicanconf.py", "mkdocs.yml"][name];
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(name), &text).expect("a file");
        let sites = Sites::find(&[folder.path().to_owned()], &[]);
        for site in sites.iter().map(|(_, site)| site.clone()).chain([Site::default()]) {
            let site = search::with_own_base(Some(site), &SiteBase::parse("https://example.org/x").expect("an address"));
            let text = format!("---\n{front}\n---\n");
            let path = folder.path().join(&below);
            let file = ArticleFile { path: &path, below: Path::new(&below), modified: None, bytes: text.as_bytes(), site: Some(&site) };
            if let Ok(article) = article_file::read(&file, now())
                && let Some(link) = &article.site.link
            {
                let address = link.address().expect("an address").as_str();
                prop_assert!(address.starts_with("https://example.org/"), "{} of {:?}", address, below);
            }
        }
    }
}
