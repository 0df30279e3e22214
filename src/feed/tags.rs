//! The tags that articles have: the user's own, and those that rules add.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::article::ArticleId;
use super::article_tags::{ArticleTags, is_tagged};
use super::marks::{Marks, tagged};
use super::tag::Tag;

/// Most tags of an article. More from other devices are kept, but none can be added.
pub const MAX_TAGS: usize = 100;

/// The tags of an article, by key.
pub fn of(marks: &Marks, id: ArticleId) -> Vec<Tag> {
    let own = marks.own_tags(id);
    let by_rules = marks.rule_tags(id);
    let added = || by_rules.iter().filter(|tag| own.is_none_or(|own| own.get(tag.key()).is_none()));
    let set = own.into_iter().flat_map(ArticleTags::iter).filter(|(_, _, is_on)| *is_on).map(|(_, tag, _)| tag);
    let mut tags: Vec<Tag> = set.chain(added()).cloned().collect();
    if !by_rules.is_empty() {
        tags.sort();
    }
    tags
}

/// The tags that the user ever set or removed on an article.
pub fn own(marks: &Marks, id: ArticleId) -> Vec<Tag> {
    marks.own_tags(id).into_iter().flat_map(ArticleTags::iter).map(|(_, tag, _)| tag.clone()).collect()
}

/// Whether an article has a tag.
pub fn has(marks: &Marks, id: ArticleId, key: &str) -> bool {
    is_tagged(marks.own_tags(id), marks.rule_tags(id), key)
}

/// Whether an article has any tag.
pub fn has_any(marks: &Marks, id: ArticleId) -> bool {
    let own = marks.own_tags(id);
    own.is_some_and(|own| own.iter().any(|(_, _, is_on)| is_on))
        || marks.rule_tags(id).iter().any(|tag| has(marks, id, tag.key()))
}

/// Whether an article can get one more tag.
pub fn has_room(marks: &Marks, id: ArticleId) -> bool {
    of(marks, id).len() < MAX_TAGS
}

/// All tags that articles have, each with the number of its articles: the most used first, then by key. Of several spellings the
/// most used one is shown.
pub fn in_use(marks: &Marks) -> Vec<(Tag, usize)> {
    of_all(marks, tagged(marks))
}

/// The tags of some articles, each with the number of those that have it, in the order of [`in_use`].
pub fn of_all(marks: &Marks, articles: impl Iterator<Item = ArticleId>) -> Vec<(Tag, usize)> {
    let mut spellings: BTreeMap<Tag, usize> = BTreeMap::new();
    for tag in articles.flat_map(|id| of(marks, id)) {
        let count = spellings.entry(tag).or_default();
        *count = count.saturating_add(1);
    }
    // Spellings of a tag follow each other: they have the same key.
    let mut tags: Vec<(Tag, usize, usize)> = Vec::new();
    for (tag, count) in spellings {
        match tags.last_mut().filter(|(known, ..)| known.key() == tag.key()) {
            Some((known, most, all)) => {
                *all = all.saturating_add(count);
                if count > *most {
                    (*known, *most) = (tag, count);
                }
            }
            None => tags.push((tag, count, count)),
        }
    }
    // A stable sort: equally used tags stay in the order of their keys.
    tags.sort_by_key(|(.., all)| Reverse(*all));
    tags.into_iter().map(|(tag, _, all)| (tag, all)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;
    use rustc_hash::FxHashMap;

    use super::super::hybrid_clock::HybridClock;
    use super::super::mark::{Change, Mark};
    use super::super::rule_marks::RuleMarks;
    use super::*;

    fn tag(name: &str) -> Tag {
        Tag::parse(name).expect("a name")
    }

    fn names(tags: &[Tag]) -> Vec<&str> {
        tags.iter().map(|tag| tag.shown().as_str()).collect()
    }

    #[test]
    fn own_tags_come_before_those_of_rules() {
        let (one, other) = (ArticleId::of_number(1), ArticleId::of_number(2));
        let mut clock = HybridClock::default();
        let mut marks = Marks::default();
        let mut set = |marks: &mut Marks, name, is_on, id| {
            let stamp = clock.tick(DateTime::UNIX_EPOCH);
            marks.apply(&Change { stamp, mark: Mark::Tagged(tag(name), is_on), articles: vec![id] });
        };
        set(&mut marks, "Zoo", true, one);
        set(&mut marks, "rule b", false, one);
        set(&mut marks, "gone", true, one);
        set(&mut marks, "gone", false, one);
        let ruled: Arc<[Tag]> = vec![tag("Rule A"), tag("Rule B"), tag("zoo")].into();
        let rules = RuleMarks::new(FxHashMap::default()).with_tags([(one, ruled.clone()), (other, ruled)]);
        let marks = marks.with_rule_marks(Some(Arc::new(rules)));
        assert_eq!(names(&of(&marks, one)), ["Rule A", "Zoo"], "a removed tag of a rule stays away");
        assert_eq!(names(&of(&marks, other)), ["Rule A", "Rule B", "zoo"]);
        assert!(has(&marks, one, "zoo") && !has(&marks, one, "rule b") && has(&marks, other, "rule b"));
        assert!(has_any(&marks, one) && !has_any(&marks, ArticleId::of_number(3)));
        let used = in_use(&marks);
        let used: Vec<(&str, usize)> = used.iter().map(|(tag, count)| (tag.shown().as_str(), *count)).collect();
        assert_eq!(used, [("Rule A", 2), ("Zoo", 2), ("Rule B", 1)]);
        // Rules apart, the user's own tags are left.
        assert_eq!(names(&of(&marks.with_rule_marks(None), one)), ["Zoo"]);
        assert!(!has_any(&marks.with_rule_marks(None), other));
    }

    #[test]
    fn an_article_has_room_for_a_hundred_tags() {
        let (id, mut clock, mut marks) = (ArticleId::of_number(1), HybridClock::default(), Marks::default());
        for number in 0..MAX_TAGS {
            assert!(has_room(&marks, id), "{number}");
            let (stamp, mark) = (clock.tick(DateTime::UNIX_EPOCH), Mark::Tagged(tag(&format!("t{number}")), true));
            marks.apply(&Change { stamp, mark, articles: vec![id] });
        }
        assert!(!has_room(&marks, id));
        let (stamp, mark) = (clock.tick(DateTime::UNIX_EPOCH), Mark::Tagged(tag("t7"), false));
        marks.apply(&Change { stamp, mark, articles: vec![id] });
        assert!(has_room(&marks, id));
    }
}
