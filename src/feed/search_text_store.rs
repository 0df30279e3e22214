//! The folded text of a feed that was made before and is kept somewhere: what is asked for need not be made again.

use std::fmt;

type Column = dyn Fn(usize, usize) -> Option<(String, Vec<u32>)> + Send + Sync;

/// A way to get text that is kept, by the numbers of a chunk of articles and of a column.
pub struct SearchTextStore(Box<Column>);

impl SearchTextStore {
    /// A way to get it: the text, and where the part of each article ends in it.
    pub fn new(column: impl Fn(usize, usize) -> Option<(String, Vec<u32>)> + Send + Sync + 'static) -> SearchTextStore {
        SearchTextStore(Box::new(column))
    }

    /// A column of a chunk; none when it is not kept, or damaged.
    pub fn column(&self, chunk: usize, column: usize) -> Option<(String, Vec<u32>)> {
        (self.0)(chunk, column)
    }
}

impl fmt::Debug for SearchTextStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SearchTextStore")
    }
}
