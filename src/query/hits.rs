//! Where the words of a query stand in a text, for showing them.

use std::ops::Range;

use super::term::Field;

/// What a query looks for in texts, without what it excludes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {}

impl Hits {
    /// Where a text of a field has what the query looks for: byte ranges in order that do not overlap.
    pub fn of(&self, field: Field, text: &str) -> Vec<Range<usize>> {
        let _ = (field, text);
        Vec::new()
    }
}
