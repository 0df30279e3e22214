//! The folded text of all articles, by field, made when it is first looked at.

/// The folded text of a feed.
#[derive(Debug, Default)]
pub struct Texts {}
