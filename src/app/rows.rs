//! The rows of the list: indexes of articles, in the order of the list.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

/// Indexes of articles in the feed, in the order of the rows. A list of all articles takes no memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All articles of a feed with this number of articles, in its order.
    All(usize),
    /// These articles. `u32` halves the memory; a feed has fewer than 2³² articles.
    Some(Arc<[u32]>),
}

impl Default for Rows {
    fn default() -> Rows {
        Rows::All(0)
    }
}

impl Rows {
    /// Rows for some articles of a feed with `of` articles.
    pub fn of(indices: impl Iterator<Item = usize> + Clone, of: usize) -> Rows {
        // A query that finds all articles in the order of the feed needs no list of indexes.
        let all = 0..of;
        match indices.clone().eq(all) {
            true => Rows::All(of),
            false => Rows::Some(indices.map(|index| index as u32).collect()),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Rows::All(count) => *count,
            Rows::Some(indices) => indices.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The index of the article in a row.
    pub fn get(&self, row: usize) -> Option<usize> {
        match self {
            Rows::All(count) => (row < *count).then_some(row),
            Rows::Some(indices) => indices.get(row).map(|index| *index as usize),
        }
    }

    /// The row of an article.
    pub fn position(&self, index: usize) -> Option<usize> {
        match self {
            Rows::All(count) => (index < *count).then_some(index),
            Rows::Some(indices) => indices.iter().position(|known| *known as usize == index),
        }
    }

    /// The indexes of the articles in a range of rows; rows that do not exist are left out.
    pub fn between(&self, rows: std::ops::Range<usize>) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let rows = rows.start.min(self.len())..rows.end.min(self.len());
        rows.filter_map(|row| self.get(row))
    }

    /// The indexes of all rows.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.between(0..self.len())
    }

    /// The indexes as a bit set.
    pub fn set(&self) -> FixedBitSet {
        match self {
            Rows::All(count) => {
                let mut all = FixedBitSet::with_capacity(*count);
                all.insert_range(..);
                all
            }
            Rows::Some(indices) => indices.iter().map(|index| *index as usize).collect(),
        }
    }
}
