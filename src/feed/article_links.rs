//! The links of an article with what they lead to in the library.

use std::collections::BTreeMap;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::anchors::Anchors;
use super::clean::SafeText;
use super::link::Link;
use super::{Article, Feed, LocalTarget, NamedLink, distinguishing_paths, local_target};

/// Limit on the text in which headings are looked for, in bytes: those of later links count as found.
const MAX_SEARCHED: usize = 8 * 1024 * 1024;

/// The links of the article at an index of a feed, as [`Article::links`] has them, each with its target in the library.
///
/// `article` is that article, or another copy of it.
pub fn links_in_feed(feed: &Feed, index: usize, article: &Article) -> Vec<NamedLink> {
    let mut targets: FxHashMap<SafeText, LocalTarget> = FxHashMap::default();
    for link in feed.local_links(index) {
        targets.entry(Link::read(link.destination.untrusted()).shown().clone()).or_insert(link.target);
    }
    let mut links = article.links();
    for named in links.iter_mut().filter(|named| named.link.address().is_none()) {
        let shown = named.link.shown();
        named.target = targets.remove(shown).unwrap_or_else(|| local_target::of_other_link(shown.as_str()));
    }
    links
}

/// For each link of the article at `index` that leads to an article of a title that others of these links, or the article itself, have
/// as well: the end of the path that tells them apart.
pub fn paths_of_same_titles(feed: &Feed, article: &Article, links: &[NamedLink]) -> Vec<Option<SafeText>> {
    let target = |named: &NamedLink| match &named.target {
        LocalTarget::Article { index, .. } => feed.get(*index),
        _ => None,
    };
    let targets: Vec<_> = links.iter().map(target).collect();
    let rows = targets.iter().enumerate().filter_map(|(row, target)| Some((row, target.as_ref()?)));
    let (rows, mut named): (Vec<usize>, Vec<(&SafeText, &Path)>) =
        rows.map(|(row, target)| (row, (&target.title, target.path.as_path()))).unzip();
    named.push((&article.title, &article.path));
    let mut paths = vec![None; links.len()];
    for (row, path) in rows.into_iter().zip(distinguishing_paths(&named)) {
        if let Some(place) = paths.get_mut(row) {
            *place = path;
        }
    }
    paths
}

/// For each link, whether it names a heading that its article does not have. Looking stops after 8 MiB of bodies.
pub fn missing_headings(feed: &Feed, article: &Article, links: &[NamedLink]) -> Vec<bool> {
    let mut missing = vec![false; links.len()];
    // By article, so that each body is read once.
    let mut wanted: BTreeMap<Option<usize>, Vec<(&mut bool, &str)>> = BTreeMap::new();
    for (is_missing, named) in missing.iter_mut().zip(links) {
        if let Some((index, heading)) = named_heading(named).filter(|(_, heading)| !heading.is_empty()) {
            wanted.entry(index).or_default().push((is_missing, heading));
        }
    }
    let mut searched = 0_usize;
    for (index, headings) in wanted {
        let other = index.and_then(|index| feed.get(index));
        let target = other.as_deref().unwrap_or(article);
        searched = searched.saturating_add(target.body.untrusted().len());
        if searched > MAX_SEARCHED {
            break;
        }
        let anchors = Anchors::of(&target.body, target.syntax());
        headings.into_iter().for_each(|(is_missing, heading)| *is_missing = anchors.find(heading).is_none());
    }
    missing
}

/// The article, if it is another one, and the heading that a link leads to.
fn named_heading(named: &NamedLink) -> Option<(Option<usize>, &str)> {
    match &named.target {
        LocalTarget::Article { index, heading } => Some((Some(*index), heading.as_ref()?.as_str())),
        LocalTarget::SamePage { heading } => Some((None, heading.as_str())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use super::*;
    use crate::feed::Field;

    #[test]
    fn links_know_their_targets() {
        let body = "[a](b.md#part) [b](#here) [[b]] [c](none.md) [d](https://e.org) [e](javascript:x) [f](p.png) [g](b.md#part)";
        let article =
            |title: &str, body: &str| Arc::new(Article::builder(title).path(format!("{title}.md")).body(body).build());
        let feed = Feed::new(vec![article("a", body), article("b", "# Part\n")], DateTime::UNIX_EPOCH);
        let index = (0..2).find(|index| feed.get(*index).is_some_and(|article| article.title.as_str() == "a"));
        let index = index.expect("the article");
        let found = links_in_feed(&feed, index, &feed.get(index).expect("the article"));
        let other = 1 - index;
        let targets: Vec<_> = found.into_iter().map(|named| named.target).collect();
        let wanted = [
            LocalTarget::Article { index: other, heading: Some("part".into()) },
            LocalTarget::SamePage { heading: "here".into() },
            LocalTarget::Article { index: other, heading: None },
            LocalTarget::Missing,
            LocalTarget::NotLocal,
            LocalTarget::NotLocal,
            LocalTarget::NotLocal,
        ];
        assert_eq!(targets, wanted);
    }

    #[test]
    fn titles_that_several_articles_have_and_missing_headings_are_known() {
        let body = "[a](x/b.md#part) [b](y/b.md#none) [c](#here) [d](#no) [e](c.md) # Here\n\n# Here\n";
        let article =
            |title: &str, path: &str, body: &str| Arc::new(Article::builder(title).path(path).body(body).build());
        let articles = vec![
            article("A", "a.md", body),
            article("B", "x/b.md", "# Part\n"),
            article("B", "y/b.md", "# Part\n"),
            article("A", "c.md", ""),
        ];
        let feed = Feed::new(articles, DateTime::UNIX_EPOCH);
        let index = (0..4).find(|index| feed.get(*index).is_some_and(|article| article.path.ends_with("a.md")));
        let index = index.expect("the article");
        let article = feed.get(index).expect("the article");
        let links = links_in_feed(&feed, index, &article);
        let paths = paths_of_same_titles(&feed, &article, &links);
        let paths: Vec<_> = paths.iter().map(|path| path.as_ref().map(SafeText::as_str)).collect();
        assert_eq!(paths, [Some("x/b.md"), Some("y/b.md"), None, None, Some("c.md")]);
        assert_eq!(missing_headings(&feed, &article, &links), [false, true, false, true, false]);
        assert_eq!(feed.names(Field::Links), ["B", "A"]);
    }
}
