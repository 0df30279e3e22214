//! Counts articles by topic, provider or tag. Names that fold to the same text count as one, as a query cannot distinguish them.

use std::collections::HashMap;

use super::text_folding::fold;
use crate::feed::{Feed, Field, Marks, SafeText, Tag, tags};

/// The group of names that fold to nothing: no query can find them.
const NAMELESS: u32 = u32::MAX;

/// Number of articles, and number of read ones.
pub type ReadCounts = [usize; 2];

/// Counts the articles at `indices` by topic, or by provider, largest first, then by name. A group is shown with its first
/// spelling.
pub fn count_labels(
    feed: &Feed,
    field: Field,
    indices: impl Iterator<Item = usize>,
    is_read: impl Fn(usize) -> bool,
) -> Vec<(SafeText, ReadCounts)> {
    let groups = if field == Field::Provider {
        let mut groups = LabelGroups::new(feed.provider_count(), |number| feed.provider(number));
        for index in indices {
            groups.count(feed.header(index).map(|header| header.provider).into_iter(), index, is_read(index));
        }
        groups
    } else {
        let mut groups = LabelGroups::new(feed.topic_count(), |number| feed.topic(number));
        indices.for_each(|index| groups.count(feed.topic_numbers(index), index, is_read(index)));
        groups
    };
    sorted(groups)
}

/// Counts the articles at `indices` by the tags that they have in `marks`, in the same way.
pub fn count_tags(
    feed: &Feed,
    marks: &Marks,
    indices: impl Iterator<Item = usize>,
    is_read: impl Fn(usize) -> bool,
) -> Vec<(SafeText, ReadCounts)> {
    let mut tags = TagGroups::of(marks);
    indices.for_each(|index| tags.count(feed, marks, index, is_read(index)));
    sorted(tags.groups)
}

/// The tags that articles have, with counts.
#[derive(Clone, Debug, Default)]
pub struct TagGroups {
    /// The number of each tag, by its key.
    numbers: HashMap<String, u32>,
    /// The groups of the tags.
    pub groups: LabelGroups,
}

impl TagGroups {
    /// All tags of `marks`.
    pub fn of(marks: &Marks) -> TagGroups {
        let known: Vec<Tag> = tags::in_use(marks).into_iter().map(|(tag, _)| tag).collect();
        let name = |number: usize| known.get(number).map(|tag| tag.shown().clone()).unwrap_or_default();
        let groups = LabelGroups::new(known.len(), name);
        TagGroups { numbers: known.iter().map(|tag| tag.key().to_owned()).zip(0..).collect(), groups }
    }

    /// Counts an article in the groups of its tags.
    pub fn count(&mut self, feed: &Feed, marks: &Marks, index: usize, is_read: bool) {
        let of_article = feed.id(index).map(|id| tags::of(marks, id)).unwrap_or_default();
        let numbers = of_article.iter().filter_map(|tag| self.numbers.get(tag.key()).copied());
        self.groups.count(numbers, index, is_read);
    }
}

/// The groups that have articles, largest first, then by name.
fn sorted(groups: LabelGroups) -> Vec<(SafeText, ReadCounts)> {
    let mut labels: Vec<(SafeText, ReadCounts)> = groups.names.into_iter().zip(groups.counts).collect();
    labels.retain(|(_, [all, _])| *all > 0);
    // Cached, because each key folds a name.
    labels.sort_by_cached_key(|(name, [all, _])| (std::cmp::Reverse(*all), fold(name.as_str())));
    labels
}

/// Groups of names that fold to the same text, with counts.
#[derive(Clone, Debug, Default)]
pub struct LabelGroups {
    /// For each name of the feed, the index of its group.
    group_of: Vec<u32>,
    /// The first spelling of each group.
    pub names: Vec<SafeText>,
    /// The counts of each group.
    pub counts: Vec<ReadCounts>,
    /// The counts of articles without a name.
    pub none: ReadCounts,
    /// For each group, 1 + the number of the article that was counted last: an article counts once per group.
    last_article: Vec<usize>,
}

impl LabelGroups {
    /// Groups the first `count` names; `name` gives each by its index.
    pub fn new(count: usize, name: impl Fn(usize) -> SafeText) -> LabelGroups {
        let (mut groups, mut known) = (LabelGroups::default(), HashMap::<String, u32>::new());
        for number in 0..count {
            let name = name(number);
            let key = fold(name.as_str());
            let group = match known.get(&key) {
                _ if key.is_empty() => NAMELESS,
                Some(group) => *group,
                None => {
                    let group = groups.names.len() as u32;
                    groups.names.push(name);
                    known.insert(key, group);
                    group
                }
            };
            groups.group_of.push(group);
        }
        groups.counts = vec![[0, 0]; groups.names.len()];
        groups.last_article = vec![0; groups.names.len()];
        groups
    }

    /// The group of a name; `None` for a name that no query can find.
    pub fn group_of(&self, name: u32) -> Option<usize> {
        self.group_of.get(name as usize).filter(|group| **group != NAMELESS).map(|group| *group as usize)
    }

    /// Calls `visit` once for each group among `names`. `article` is a number that identifies the article.
    pub fn for_each_group(&mut self, names: impl Iterator<Item = u32>, article: usize, mut visit: impl FnMut(usize)) {
        for name in names {
            let Some(group) = self.group_of(name) else { continue };
            let Some(last) = self.last_article.get_mut(group) else { continue };
            if std::mem::replace(last, article + 1) != article + 1 {
                visit(group);
            }
        }
    }

    /// Counts an article in the groups of its names. `article` is a number that identifies the article.
    pub fn count(&mut self, names: impl Iterator<Item = u32>, article: usize, is_read: bool) {
        // Taken out, because `for_each_group` borrows `self` while `visit` counts.
        let (mut counts, mut has_none) = (std::mem::take(&mut self.counts), true);
        self.for_each_group(names, article, |group| {
            has_none = false;
            counts.get_mut(group).into_iter().for_each(|counts| count_article(counts, is_read));
        });
        self.counts = counts;
        if has_none {
            count_article(&mut self.none, is_read);
        }
    }
}

/// Counts one article.
pub fn count_article([all, read]: &mut ReadCounts, is_read: bool) {
    *all += 1;
    *read += usize::from(is_read);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;

    use super::*;
    use crate::feed::{Article, Change, HybridClock, Mark};

    #[test]
    fn tags_are_counted_among_the_articles_that_are_found() {
        let titles = ["one", "two", "three", "four"];
        let articles =
            titles.map(|title| Arc::new(Article::builder(title).link(&format!("https://e.org/{title}")).build()));
        let ids = articles.each_ref().map(|article| article.id);
        let feed = Feed::new(articles.to_vec(), DateTime::UNIX_EPOCH);
        let (mut clock, mut marks) = (HybridClock::default(), Marks::default());
        for (name, of) in
            [("Zoo", vec![ids[0], ids[1]]), ("a", vec![ids[1]]), ("zoo", vec![ids[2]]), ("b", vec![ids[3]])]
        {
            let tag = Tag::parse(name).expect("a name");
            let stamp = clock.tick(DateTime::UNIX_EPOCH);
            marks.apply(&Change { stamp, mark: Mark::Tagged(tag, true), articles: of });
        }
        let found = ids[..3].iter().filter_map(|id| feed.index_of(*id));
        let counted = count_tags(&feed, &marks, found, |index| feed.id(index) == Some(ids[0]));
        let counted: Vec<(&str, ReadCounts)> = counted.iter().map(|(name, counts)| (name.as_str(), *counts)).collect();
        assert_eq!(counted, [("Zoo", [3, 1]), ("a", [1, 0])]);
    }
}
