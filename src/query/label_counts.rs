//! Topics and providers by their names, counted: names that a query cannot tell from each other count as one.

use std::collections::HashMap;

use super::text_folding::fold;
use crate::feed::{Feed, Field, SafeText};

/// What stands for a name that nothing can be looked for by.
const NAMELESS: u32 = u32::MAX;

/// How many articles, and how many of them are read.
pub type ReadCounts = [usize; 2];

/// The topics (or providers) of some articles with the number of their articles, largest first, then by name. Each is shown as
/// it was first written.
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
    let mut labels: Vec<(SafeText, ReadCounts)> = groups.names.into_iter().zip(groups.counts).collect();
    labels.retain(|(_, [all, _])| *all > 0);
    labels.sort_by_cached_key(|(name, [all, _])| (std::cmp::Reverse(*all), fold(name.as_str())));
    labels
}

/// Named that a query cannot tell from each other are one group.
#[derive(Clone, Debug, Default)]
pub struct LabelGroups {
    /// The group of each name of the feed.
    of: Vec<u32>,
    /// The name of each group, as it was first written.
    pub names: Vec<SafeText>,
    /// The articles of each group.
    pub counts: Vec<ReadCounts>,
    /// Articles without a name.
    pub none: ReadCounts,
    /// The article that each group was counted for last, from 1.
    last: Vec<usize>,
}

impl LabelGroups {
    /// LabelGroups of so many names.
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
            groups.of.push(group);
        }
        groups.counts = vec![[0, 0]; groups.names.len()];
        groups.last = vec![0; groups.names.len()];
        groups
    }

    /// Tells the groups of some names, each once. `whose`: another number for each article.
    pub fn groups(&mut self, names: impl Iterator<Item = u32>, whose: usize, mut tell: impl FnMut(usize)) {
        for name in names {
            let Some(group) = self.of.get(name as usize).filter(|group| **group != NAMELESS) else { continue };
            let group = *group as usize;
            let Some(last) = self.last.get_mut(group) else { continue };
            if std::mem::replace(last, whose + 1) != whose + 1 {
                tell(group);
            }
        }
    }

    /// Counts an article with some names.
    pub fn count(&mut self, names: impl Iterator<Item = u32>, whose: usize, is_read: bool) {
        let (mut counts, mut has_none) = (std::mem::take(&mut self.counts), true);
        self.groups(names, whose, |group| {
            has_none = false;
            counts.get_mut(group).into_iter().for_each(|counts| add(counts, is_read));
        });
        self.counts = counts;
        if has_none {
            add(&mut self.none, is_read);
        }
    }
}

/// Counts an article.
pub fn add([all, read]: &mut ReadCounts, is_read: bool) {
    *all += 1;
    *read += usize::from(is_read);
}
