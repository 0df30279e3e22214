//! What is known of the days of all rows of the list, counted when the rows change.

/// The days of the rows, see [`super::Days`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaySummary {
    /// Number of rows at the top that arrived since the last visit.
    pub new_rows: usize,
    /// Days have several rows, on average.
    pub is_dense: bool,
}
