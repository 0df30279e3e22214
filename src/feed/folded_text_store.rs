//! Access to search text that was folded in an earlier session and stored, so that a search need not fold it again.

use std::fmt;

use super::shared_bytes::Bytes;

type Column = dyn Fn(usize, usize) -> Option<(Bytes, Bytes)> + Send + Sync;

/// Looks up stored search text by chunk (1,024 articles) and column (a text field).
///
/// It wraps a callback because the file is read by `library`, a layer above this one.
pub struct FoldedTextStore(Box<Column>);

impl FoldedTextStore {
    /// A store that reads with `column(chunk, column)`: the text of all articles of the chunk, and the offset in bytes at which
    /// the part of each article ends, 4 bytes each. The callback returns `None` for text that is not stored or is damaged.
    pub fn new(column: impl Fn(usize, usize) -> Option<(Bytes, Bytes)> + Send + Sync + 'static) -> FoldedTextStore {
        FoldedTextStore(Box::new(column))
    }

    /// The text of a column of a chunk with the end of each article's part; `None` if it is not stored or is damaged.
    pub fn column(&self, chunk: usize, column: usize) -> Option<(Bytes, Bytes)> {
        (self.0)(chunk, column)
    }
}

impl fmt::Debug for FoldedTextStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FoldedTextStore")
    }
}
