//! Which articles links mean, by tables of small libraries.

use std::sync::Arc;

use super::{NameKind, add_other_name};
use crate::feed::{Article, Feed, LocalTarget, local_target};

/// A feed of files: path and body. The title of a file is its path, unless the body begins with `# Title`.
fn feed(files: &[(&str, &str)]) -> Feed {
    let now: chrono::DateTime<chrono::Utc> = "2024-01-01T00:00:00Z".parse().expect("a time");
    let article = |(path, body): &(&str, &str)| {
        let title = body.strip_prefix("# ").and_then(|rest| rest.lines().next()).unwrap_or(path);
        let alias = body.lines().find_map(|line| line.strip_prefix("alias: "));
        let slug = body.lines().find_map(|line| line.strip_prefix("slug: "));
        let names = |article: &mut Article| {
            alias.into_iter().for_each(|alias| add_other_name(&mut article.other_names, NameKind::Alias, alias));
            slug.into_iter().for_each(|slug| add_other_name(&mut article.other_names, NameKind::Slug, slug));
        };
        Arc::new(Article::builder(title).path(*path).body(body).with(names).build())
    };
    Feed::new(files.iter().map(article).collect(), now)
}

fn index(feed: &Feed, path: &str) -> usize {
    let is_it = |article: &Arc<Article>| article.path == std::path::Path::new(path);
    feed.iter().position(|article| is_it(&article)).expect("the file")
}

/// Describes what the first link of a file leads to: the path of the article and the heading, `missing`, or `elsewhere`.
fn target(feed: &Feed, from: &str) -> String {
    match feed.local_links(index(feed, from)).first().map(|link| link.target.clone()) {
        Some(LocalTarget::Article { index, heading }) => {
            let path = feed.read(index).expect("an article").path.to_string_lossy().into_owned();
            heading.map_or(path.clone(), |heading| format!("{path}#{heading}"))
        }
        Some(LocalTarget::Missing) => "missing".to_owned(),
        _ => "elsewhere".to_owned(),
    }
}

#[test]
fn links_mean_articles() {
    for (from, link, others, expected) in [
        ("a.md", "[x](b.md)", vec!["b.md"], "b.md"),
        ("a.md", "[x](b)", vec!["b.md"], "b.md"),
        ("a.md", "[x](./b/)", vec!["b/index.md"], "b/index.md"),
        ("a.md", "[x](b/index.md)", vec!["b/index.md"], "b/index.md"),
        ("a.md", "[x](b/)", vec!["b/README.md"], "b/README.md"),
        ("s/a.md", "[x](../b.md#top)", vec!["b.md"], "b.md#top"),
        ("s/a.md", "[x](../../b.md)", vec!["b.md"], "elsewhere"),
        ("s/a.md", "[x](../../../b.md)", vec!["b.md"], "elsewhere"),
        ("s/a.md", "[x](../c.md)", vec!["b.md"], "missing"),
        ("s/a.md", "[x](t/b.md)", vec!["t/b.md"], "t/b.md"),
        ("s/a.md", "[x](t/b.md)", vec!["t/b.md", "s/t/b.md"], "s/t/b.md"),
        ("s/a.md", "[x](/t/_index.md)", vec!["content/t/_index.md"], "content/t/_index.md"),
        ("a.md", "[x](sub/deep%20note.md)", vec!["sub/deep note.md"], "sub/deep note.md"),
        ("a.md", "[x](<sub/deep note.md>)", vec!["sub/deep note.md"], "sub/deep note.md"),
        ("a.md", "[x](b.md?plain=1#L1)", vec!["b.md"], "b.md#L1"),
        ("a.md", "[x][1]\n\n[1]: b.md", vec!["b.md"], "b.md"),
        ("a.md", "<a href='b.html'>x</a>", vec!["b.md"], "b.md"),
        ("p/a.md", "[x](../b/)", vec!["p/b.md", "b.md"], "p/b.md"),
        ("p/a/index.md", "[x](../b/)", vec!["p/b/index.md"], "p/b/index.md"),
        ("a.md", "[x](/docs/b/)", vec!["docs/b.md"], "docs/b.md"),
        ("a.md", "[x](/docs/b.html)", vec!["docs/b.md"], "docs/b.md"),
        ("content/a.md", "[x](/docs/b)", vec!["content/docs/b/_index.md"], "content/docs/b/_index.md"),
        ("content/en/a.md", "[x](/m/b/)", vec!["content/de/m/b.md", "content/en/m/b.md"], "content/en/m/b.md"),
        ("content/a.de.md", "[x](/m/b/)", vec!["content/m/b.en.md", "content/m/b.de.md"], "content/m/b.de.md"),
        ("x.md", "[x]({{< ref \"b.md\" >}})", vec!["deep/down/b.md"], "deep/down/b.md"),
        ("x.md", "[x](@/deep/b.md)", vec!["content/deep/b.md"], "content/deep/b.md"),
        (
            "_posts/2020-01-01-x.md",
            "[x]({% post_url 2010-07-21-n %})",
            vec!["_posts/2010-07-21-n.md"],
            "_posts/2010-07-21-n.md",
        ),
        ("x.md", "[x]({% post_url 2010-07-21-n %})", vec![], "missing"),
        ("docs/x.md", "[x]({% link _docs/n.md %})", vec!["docs/_docs/n.md"], "docs/_docs/n.md"),
        ("f/a.md", "[data slices](g)", vec!["f/Data-slice.md", "q/glossary/data-slice.md"], "q/glossary/data-slice.md"),
        ("a.md", "[[Note]]", vec!["deep/Note.md"], "deep/Note.md"),
        ("a.md", "[[note|shown]]", vec!["deep/Note.md"], "deep/Note.md"),
        ("a.md", "[[Note#Part]]", vec!["Note.md"], "Note.md#Part"),
        ("a.md", "[[deep/Note]]", vec!["Note.md", "x/deep/Note.md"], "x/deep/Note.md"),
        ("a.md", "![[Note#H]]", vec!["Note.md"], "Note.md#H"),
        ("a.md", "[[y/deep/Note]]", vec!["x/deep/Note.md", "z/y/deep/Note.md"], "z/y/deep/Note.md"),
        ("a.md", "[[nowhere]]", vec!["Note.md"], "missing"),
        ("b/a.md", "[[Note]]", vec!["Note.md", "b/Note.md", "c/Note.md"], "b/Note.md"),
        ("b/c/a.md", "[[Note]]", vec!["Note.md", "b/d/Note.md", "e/Note.md"], "b/d/Note.md"),
        ("a.md", "[[Note]]", vec!["b/c/Note.md", "d/Note.md", "e/Note.md"], "d/Note.md"),
        ("a.md", "[x](N.md)", vec!["n.md", "N.md"], "N.md"),
        ("a.md", "[x](n.md)", vec!["n.md", "N.md"], "n.md"),
        ("a.md", "[[E\u{301}te\u{301}]]", vec!["été.md"], "été.md"),
        ("a.md", "[[a]]", vec![], "a.md"),
        ("a.md", "[x](/tags/)", vec!["b.md"], "elsewhere"),
        ("a.md", "[x](images/)", vec!["b.md"], "elsewhere"),
        ("a.md", "[x](b.json)", vec!["b.md"], "elsewhere"),
        ("a.md", "[x](b.md)", vec![], "missing"),
        ("a.md", "[x](sub/b.md)", vec!["other/b.md"], "missing"),
    ] {
        let mut files = vec![(from, link)];
        files.extend(others.iter().map(|path| (*path, "words")));
        assert_eq!(target(&feed(&files), from), expected, "{link} in {from}, with {others:?}");
    }
}

#[test]
fn titles_aliases_and_slugs_are_names() {
    for (link, other, expected) in [
        ("[[The title]]", "# The Title\n", "b.md"),
        ("[[In / Out]]", "# In / Out\n", "b.md"),
        ("[[x / Out]]", "# In / Out\n", "missing"),
        ("[[Second name]]", "alias: second name\n", "b.md"),
        ("[x](/old/path/)", "alias: /old/path\n", "b.md"),
        ("[x](/short/)", "slug: short\n", "b.md"),
        ("[[short]]", "slug: short\n", "b.md"),
        ("[x](The%20title)", "# The Title\n", "elsewhere"),
    ] {
        assert_eq!(target(&feed(&[("a.md", link), ("b.md", other)]), "a.md"), expected, "{link} to {other}");
    }
}

#[test]
fn links_are_known_from_both_sides() {
    let feed = feed(&[("a.md", "[[b]] [[c]] [x](b.md) [[a]]"), ("b.md", "[[a]]"), ("c.md", "")]);
    let [a, b, c] = ["a.md", "b.md", "c.md"].map(|path| index(&feed, path));
    assert_eq!(feed.linked_from(a).collect::<Vec<_>>(), [b]);
    assert_eq!(feed.linked_from(b).collect::<Vec<_>>(), [a]);
    assert_eq!(feed.linked_from(c).collect::<Vec<_>>(), [a]);
    let article = |index| LocalTarget::Article { index, heading: None };
    for (destination, expected) in [
        ("b.md", article(b)),
        ("c", article(c)),
        ("a", article(a)),
        ("#top", LocalTarget::SamePage { heading: "top".into() }),
        ("https://e.org/", LocalTarget::NotLocal),
        ("not in the body", LocalTarget::NotLocal),
    ] {
        let link = feed.local_links(a).into_iter().find(|link| link.destination.untrusted() == destination);
        let target = link.map_or_else(|| local_target::of_other_link(destination), |link| link.target);
        assert_eq!(target, expected, "{destination}");
    }
}

/// Time must grow with the number of links and files only, so these end at once or hang.
#[test]
fn hostile_libraries_cost_little() {
    let many: String = (0..100_000).map(|n| format!("[x](n{n}.md) ")).collect();
    let same: String = (0..50_000).map(|_| "[[Note]] ").collect();
    let deep = format!("[x]({}a.md) [y]({}a.md)", "../".repeat(10_000), "../".repeat(300));
    let long = format!("[[{}]]", "x".repeat(900));
    let feed = feed(&[
        ("many.md", &many),
        ("same.md", &same),
        ("deep.md", &deep),
        ("long.md", &long),
        ("Note.md", "[[same]]"),
    ]);
    assert_eq!(feed.local_links(index(&feed, "many.md")).len(), 20_000);
    assert_eq!(feed.local_links(index(&feed, "same.md")).len(), 1);
    assert_eq!(target(&feed, "deep.md"), "elsewhere");
    assert_eq!(target(&feed, "long.md"), "missing");
    assert_eq!(feed.linked_from(index(&feed, "Note.md")).count(), 1);
}

#[test]
fn many_files_with_one_name_cost_little() {
    let paths: Vec<String> = (0..3_000).map(|n| format!("d{n}/Note.md")).collect();
    let mut files: Vec<(&str, &str)> =
        paths.iter().map(|path| (path.as_str(), "[[Note]] [[None]] [x](../other/Note.md)")).collect();
    files.push(("z.md", "[[Note]]"));
    let feed = feed(&files);
    for path in ["d0/Note.md", "d2999/Note.md"] {
        assert_eq!(target(&feed, path), path, "the file in the same folder is meant");
    }
    assert!(target(&feed, "z.md").ends_with("Note.md"));
}

#[test]
fn text_from_outside_is_clean() {
    let feed = feed(&[("a.md", "[[b#\u{1b}[31mred\u{202e}]] [x](b.md#\u{7}%1b[1m)"), ("b.md", "")]);
    for link in feed.local_links(index(&feed, "a.md")) {
        let LocalTarget::Article { heading: Some(heading), .. } = link.target else { panic!("{:?}", link.target) };
        assert!(heading.as_str().chars().all(|c| !c.is_control() && c != '\u{202e}'), "{heading}");
    }
}
