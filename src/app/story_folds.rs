//! Which stories are folded, and the rows of a list with folded stories: a folded story is one row, its head.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::rows::Rows;
use crate::feed::{ArticleId, Feed};

/// Which stories are folded.
#[derive(Clone, Debug, Default)]
pub struct StoryFolds {
    /// Whether stories are unfolded by default.
    unfolded: bool,
    /// The heads of the stories that are not as the default.
    others: HashSet<ArticleId>,
}

impl StoryFolds {
    /// All stories folded, or all unfolded.
    pub fn all(unfolded: bool) -> StoryFolds {
        StoryFolds { unfolded, others: HashSet::new() }
    }

    /// Whether stories are unfolded by default.
    pub fn are_unfolded(&self) -> bool {
        self.unfolded
    }

    /// Whether the story of this head is unfolded: its members are in rows below it.
    pub fn is_unfolded(&self, head: ArticleId) -> bool {
        self.unfolded != self.others.contains(&head)
    }

    /// Folds or unfolds a story.
    pub fn toggle(&mut self, head: ArticleId) {
        if !self.others.remove(&head) {
            self.others.insert(head);
        }
    }

    /// Makes the rows for the articles that a query finds. Each story appears once: at the position of its head if the query
    /// finds it, else of its first member. With `ranked` (best first) it appears at its first article, head or member. If the
    /// head is not found and `is_hidden`, the members are rows of their own.
    pub fn fold(&self, found: &Rows, feed: &Feed, ranked: bool, is_hidden: impl Fn(ArticleId) -> bool) -> FoldedRows {
        if feed.story_count() == 0 {
            return FoldedRows::flat(found.clone());
        }
        // If all articles are found, no bit set is needed: the answer is always yes.
        let set = match found {
            Rows::All(_) => None,
            Rows::Some(_) => Some(found.set()),
        };
        let is_found = |index: usize| set.as_ref().is_none_or(|set| set.contains(index));
        let is_unfolded = |head: usize| feed.id(head).is_some_and(|id| self.is_unfolded(id));
        let mut placed = FixedBitSet::with_capacity(feed.len());
        let (mut rows, mut by_member): (Vec<u32>, _) = (Vec::with_capacity(found.len()), BTreeMap::new());
        let mut loose = FixedBitSet::new();
        for index in found.iter() {
            let Some(head) = feed.head_of(index) else {
                rows.push(index as u32);
                continue;
            };
            let finds_head = is_found(head);
            // The story has its row already, or its head follows later in `found` and gets the row there.
            if placed.contains(head) || (head != index && finds_head && !ranked) {
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
            placed.insert(head);
            rows.push(head as u32);
            if is_unfolded(head) {
                rows.extend(feed.members_of(head).filter(|member| is_found(*member)).map(|member| member as u32));
            }
        }
        FoldedRows { rows: Rows::Some(rows.into()), by_member: Arc::new(by_member), loose: Arc::new(loose) }
    }
}

/// The rows of a list with folded stories.
#[derive(Clone, Debug, Default)]
pub struct FoldedRows {
    /// The rows.
    pub rows: Rows,
    /// Heads whose position comes from a member, with that member.
    by_member: Arc<BTreeMap<u32, u32>>,
    /// Members that are rows of their own, because their head is hidden.
    loose: Arc<FixedBitSet>,
}

impl FoldedRows {
    /// One row for each article.
    pub fn flat(rows: Rows) -> FoldedRows {
        FoldedRows { rows, ..FoldedRows::default() }
    }

    /// The member at whose position a head is listed. `None` if the head is at its own.
    pub fn placing_member(&self, head: usize) -> Option<usize> {
        self.by_member.get(&(head as u32)).map(|index| *index as usize)
    }

    /// The head of the row that an article of the list is under or folded into.
    pub fn head_over(&self, index: usize, feed: &Feed) -> Option<usize> {
        feed.head_of(index).filter(|head| *head != index && !self.loose.contains(index))
    }

    /// A test whether an article has a row, or a head that represents it.
    pub fn has_row(&self, feed: &Feed) -> impl Fn(usize) -> bool {
        // A bit set, because `Rows::position` searches all rows for each article.
        let rows = self.rows.set();
        move |index| rows.contains(index) || self.head_over(index, feed).is_some_and(|head| rows.contains(head))
    }

    /// The row of an article, or of the head that represents it.
    pub fn row_of(&self, index: usize, feed: &Feed) -> Option<usize> {
        self.rows.position(index).or_else(|| self.rows.position(self.head_over(index, feed)?))
    }
}
