//! The newest items of a document: documents may have any number.

use std::cmp::Reverse;

use super::{Item, MAX_ITEMS};

/// The newest items of a document, while it is read.
#[derive(Debug, Default)]
pub(super) struct Items {
    items: Vec<Item>,
    /// The number of items that are not kept.
    pub left_out: usize,
}

impl Items {
    /// Adds an item.
    pub fn push(&mut self, item: Item) {
        self.items.push(item);
        // Twice the limit, so that one selection serves for 1,000 items.
        if self.items.len() >= 2 * MAX_ITEMS {
            self.select();
        }
    }

    /// Keeps the newest items, in their order. Those without a date count as newer than those with one, and of equal dates the
    /// first ones are kept: documents begin with the newest.
    fn select(&mut self) {
        let Some(more) = self.items.len().checked_sub(MAX_ITEMS) else { return };
        let date = |item: &Item| item.published.or(item.updated).map(|date| Reverse(date.as_utc()));
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by_cached_key(|at| (self.items.get(*at).map(date), *at));
        let mut is_kept = vec![false; self.items.len()];
        for at in order.into_iter().take(MAX_ITEMS) {
            is_kept.get_mut(at).into_iter().for_each(|kept| *kept = true);
        }
        let mut kept = is_kept.into_iter();
        self.items.retain(|_| kept.next().unwrap_or(true));
        self.left_out = self.left_out.saturating_add(more);
    }

    /// The items.
    pub fn newest(&mut self) -> Vec<Item> {
        self.select();
        std::mem::take(&mut self.items)
    }
}
