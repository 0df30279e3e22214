//! The measure of a page: the columns of its text, and of its code and tables.

use super::overflow::Overflow;

/// How wide the lines of a page may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Measure {
    /// Columns of text, at least 1.
    pub columns: usize,
    /// Columns of code and tables, at least as many.
    pub wide: usize,
    /// What happens to code and tables that are wider than that.
    pub overflow: Overflow,
}

impl From<(usize, Overflow)> for Measure {
    /// The same columns for everything.
    fn from((columns, overflow): (usize, Overflow)) -> Measure {
        let columns = columns.max(1);
        Measure { columns, wide: columns, overflow }
    }
}
