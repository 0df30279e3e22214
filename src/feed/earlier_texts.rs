//! The earlier feed whose stored search text serves for the articles that have not changed since.

use std::sync::Arc;

use super::Feed;

/// Makes searches of a feed take the text of unchanged articles from `before`, or from the feed that `before` takes it from. Only the
/// first call has an effect.
pub fn set(feed: &Feed, before: &Arc<Feed>) {
    // Not a chain of feeds: each would stay in memory.
    let stored = before.folded_text_store().map(|_| before).or_else(|| of(before));
    stored.into_iter().for_each(|stored| drop(feed.earlier_texts.set(stored.clone())));
}

/// The earlier feed that has stored text; `None` if there is none.
pub fn of(feed: &Feed) -> Option<&Arc<Feed>> {
    feed.earlier_texts.get()
}
