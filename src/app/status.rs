//! How far a load has come, for the footer.

/// Files read and files to read, while a load is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    /// Files read so far.
    pub done: usize,
    /// Files to read; 0 while that is not known.
    pub total: usize,
}
