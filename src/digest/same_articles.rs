//! Finds the article that an item is, if the same channel came from another source, which gives its items other ids.

use std::collections::HashMap;

use super::fingerprint::{DAY, Fingerprint};

/// Where the fingerprint of an article is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Another source: dates and texts may differ a little.
    Other,
    /// The same source: it repeats the item under another id. A new item with the same link and title is another article.
    Same,
}

/// Articles, found by their link.
#[derive(Clone, Debug)]
pub struct SameArticles<T> {
    by_link: HashMap<u64, Vec<(Fingerprint, Origin, T)>>,
}

impl<T> Default for SameArticles<T> {
    fn default() -> SameArticles<T> {
        SameArticles { by_link: HashMap::new() }
    }
}

impl<T: PartialEq> SameArticles<T> {
    /// Adds an article. Without a link it cannot be found.
    pub fn add(&mut self, fingerprint: Fingerprint, origin: Origin, article: T) {
        if let Some(link) = fingerprint.link {
            self.by_link.entry(link).or_default().push((fingerprint, origin, article));
        }
    }

    /// The article that an item is: link and title are equal, and text or time does not contradict it. `None` also if it may be several.
    pub fn find(&self, item: &Fingerprint) -> Option<&T> {
        let known = self.by_link.get(&item.link?)?;
        let only = |passes: &dyn Fn(&Fingerprint, Origin) -> bool| {
            let mut found =
                known.iter().filter(|(known, origin, _)| passes(known, *origin)).map(|(.., article)| article);
            let first = found.next()?;
            found.all(|other| other == first).then_some(first)
        };
        only(&|known, _| is_equal(item, known)).or_else(|| {
            only(&|known, origin| is_equal(item, known) || origin == Origin::Other && is_similar(item, known))
        })
    }
}

/// True if the texts or the times of two items are equal, and their titles as far as both have one.
fn is_equal(a: &Fingerprint, b: &Fingerprint) -> bool {
    let is_same = |a: Option<u64>, b: Option<u64>| a.is_some() && a == b;
    let times = a.published.is_some() && a.published == b.published;
    (times || is_same(a.text, b.text)) && (a.title.is_none() || b.title.is_none() || a.title == b.title)
}

/// True if the titles of two items are equal, and their times are no more than a day apart.
fn is_similar(a: &Fingerprint, b: &Fingerprint) -> bool {
    let near = a.published.zip(b.published).is_none_or(|(a, b)| a.abs_diff(b) <= DAY.unsigned_abs());
    a.title.is_some() && a.title == b.title && near
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(link: u64, title: u64, published: i64, text: u64) -> Fingerprint {
        let some = |value: u64| Some(value).filter(|value| *value > 0);
        let published = Some(published).filter(|published| *published > 0);
        Fingerprint { link: some(link), title: some(title), published, text: some(text), ..Fingerprint::default() }
    }

    #[test]
    fn an_article_of_another_source_is_known_by_link_and_title() {
        let known = print(1, 2, 1_000_000, 3);
        for (what, item, of_other, of_same) in [
            ("all", print(1, 2, 1_000_000, 3), true, true),
            ("another text", print(1, 2, 1_000_000, 4), true, true),
            ("another time", print(1, 2, 9_000_000, 3), true, true),
            ("a day later, edited", print(1, 2, 1_000_000 + DAY, 4), true, false),
            ("edited, without a time", print(1, 2, 0, 4), true, false),
            ("two days later, edited", print(1, 2, 1_000_000 + 2 * DAY, 4), false, false),
            ("another title", print(1, 5, 1_000_000, 3), false, false),
            ("no title", print(1, 0, 1_000_000, 4), true, true),
            ("no title, another time", print(1, 0, 1_000_001, 4), false, false),
            ("another link", print(6, 2, 1_000_000, 3), false, false),
            ("no link", print(0, 2, 1_000_000, 3), false, false),
        ] {
            for (origin, expected) in [(Origin::Other, of_other), (Origin::Same, of_same)] {
                let mut all = SameArticles::default();
                all.add(known.clone(), origin, 'a');
                assert_eq!(all.find(&item).is_some(), expected, "{what} {origin:?}");
            }
        }
    }

    #[test]
    fn of_several_articles_with_one_link_and_title_each_is_found_by_its_text_or_time() {
        let mut all = SameArticles::default();
        all.add(print(1, 2, 1_000, 3), Origin::Other, 'a');
        all.add(print(1, 2, 2_000, 4), Origin::Other, 'b');
        assert_eq!(all.find(&print(1, 2, 3_000, 4)), Some(&'b'));
        assert_eq!(all.find(&print(1, 2, 1_000, 9)), Some(&'a'));
        assert_eq!(all.find(&print(1, 2, 3_000, 9)), None, "it may be any of them, or a new one");
        assert_eq!(all.find(&print(1, 2, 1_000, 4)), None, "time and text contradict each other");
        all.add(print(1, 2, 3_000, 9), Origin::Same, 'b');
        assert_eq!(all.find(&print(1, 2, 3_000, 9)), Some(&'b'));
    }
}
