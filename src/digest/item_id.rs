//! The identity of an item within its subscription.

/// Identifies an item within a subscription. It is text of the document, so it is quoted wherever it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(Box<str>);

impl ItemId {
    /// The id with this text.
    pub fn new(text: &str) -> ItemId {
        ItemId(text.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
