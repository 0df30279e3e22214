//! The links of an article with what they lead to in the library.

use rustc_hash::FxHashMap;

use super::clean::SafeText;
use super::link::Link;
use super::{Article, Feed, LocalTarget, NamedLink, local_target};

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use super::*;

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
}
