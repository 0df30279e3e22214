//! Stories in the list: a head stands for its story, with the members under it or folded away.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::rows::Rows;
use crate::feed::{ArticleId, Feed};

/// Which stories are folded.
#[derive(Clone, Debug, Default)]
pub struct StoryFolds {
    /// Those are unfolded, and not folded, of which nothing else is said.
    unfolded: bool,
    /// The heads of those of which the other is true.
    others: HashSet<ArticleId>,
}

impl StoryFolds {
    /// All folded, or none.
    pub fn all(unfolded: bool) -> StoryFolds {
        StoryFolds { unfolded, others: HashSet::new() }
    }

    /// Whether stories of which nothing else is said are unfolded.
    pub fn are_unfolded(&self) -> bool {
        self.unfolded
    }

    /// Whether the members of a story stand under their head.
    pub fn is_unfolded(&self, head: ArticleId) -> bool {
        self.unfolded != self.others.contains(&head)
    }

    /// Folds a story, or unfolds it.
    pub fn turn(&mut self, head: ArticleId) {
        if !self.others.remove(&head) {
            self.others.insert(head);
        }
    }

    /// The rows for what a query finds: each story once, where its head is found, else where the first of its members is.
    /// `ranked`: the best stand first, and a story stands where the best of it is. `is_hidden`: heads that nobody wants to see;
    /// their members stand for themselves.
    pub fn fold(&self, found: &Rows, feed: &Feed, ranked: bool, is_hidden: impl Fn(ArticleId) -> bool) -> FoldedRows {
        if feed.story_count() == 0 {
            return FoldedRows::flat(found.clone());
        }
        let set = match found {
            Rows::All(_) => None,
            Rows::Some(_) => Some(found.set()),
        };
        let is_found = |index: usize| set.as_ref().is_none_or(|set| set.contains(index));
        let is_unfolded = |head: usize| feed.id(head).is_some_and(|id| self.is_unfolded(id));
        let mut told = FixedBitSet::with_capacity(feed.len());
        let (mut rows, mut by_member): (Vec<u32>, _) = (Vec::with_capacity(found.len()), BTreeMap::new());
        let mut loose = FixedBitSet::new();
        for index in found.iter() {
            let Some(head) = feed.head_of(index) else {
                rows.push(index as u32);
                continue;
            };
            let finds_head = is_found(head);
            if told.contains(head) || (head != index && finds_head && !ranked) {
                continue;
            }
            if head != index {
                if !finds_head && feed.id(head).is_some_and(&is_hidden) {
                    rows.push(index as u32);
                    loose.grow_and_insert(index);
                    continue;
                }
                by_member.insert(head as u32, index as u32);
            }
            told.insert(head);
            rows.push(head as u32);
            if is_unfolded(head) {
                rows.extend(feed.members_of(head).filter(|member| is_found(*member)).map(|member| member as u32));
            }
        }
        FoldedRows { rows: Rows::Some(rows.into()), by_member: Arc::new(by_member), loose: Arc::new(loose) }
    }
}

/// What a list of articles is when stories are folded.
#[derive(Clone, Debug, Default)]
pub struct FoldedRows {
    /// The rows.
    pub rows: Rows,
    /// Heads that stand where they do because of a member, which was found first.
    by_member: Arc<BTreeMap<u32, u32>>,
    /// Members that stand for themselves.
    loose: Arc<FixedBitSet>,
}

impl FoldedRows {
    /// A row for each article.
    pub fn flat(rows: Rows) -> FoldedRows {
        FoldedRows { rows, ..FoldedRows::default() }
    }

    /// The member because of which a head stands where it does.
    pub fn placing_member(&self, head: usize) -> Option<usize> {
        self.by_member.get(&(head as u32)).map(|index| *index as usize)
    }

    /// The head that an article of the list stands under, or is folded into.
    pub fn head_over(&self, index: usize, feed: &Feed) -> Option<usize> {
        feed.head_of(index).filter(|head| *head != index && !self.loose.contains(index))
    }

    /// Which articles have a row, or a head that stands for them.
    pub fn has_row(&self, feed: &Feed) -> impl Fn(usize) -> bool {
        let rows = self.rows.set();
        move |index| rows.contains(index) || self.head_over(index, feed).is_some_and(|head| rows.contains(head))
    }

    /// The row of an article, or of the head that stands for it.
    pub fn row_of(&self, index: usize, feed: &Feed) -> Option<usize> {
        self.rows.position(index).or_else(|| self.rows.position(self.head_over(index, feed)?))
    }
}
