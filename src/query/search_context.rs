//! The context of a search: feed, folded text, marks and time.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fixedbitset::FixedBitSet;

use super::folded_texts::FoldedTexts;
use crate::dates::Now;
use crate::feed::{ArticleId, Feed, Marks};

/// What a search reads. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SearchContext {
    /// The articles.
    pub feed: Arc<Feed>,
    /// Folded text of the feed. It must not be used with another feed.
    pub texts: Arc<FoldedTexts>,
    /// Marks of the articles.
    pub marks: Arc<Marks>,
    /// The current time and the user's zone.
    pub now: Now,
    /// When this session began: articles that arrived later are new. `None`: only articles whose arrival is not recorded yet are
    /// new.
    pub since: Option<DateTime<Utc>>,
    /// Articles whose content differs from that at the start of this session.
    pub changed: Arc<BTreeSet<ArticleId>>,
}

impl SearchContext {
    /// A context without folded text, which is made when first searched. No session has begun, and no article has changed.
    pub fn new(feed: Arc<Feed>, marks: Arc<Marks>, now: impl Into<Now>) -> SearchContext {
        SearchContext { feed, texts: Arc::default(), marks, now: now.into(), since: None, changed: Arc::default() }
    }

    /// The indices of hidden articles.
    pub fn hidden(&self) -> FixedBitSet {
        let mut hidden = FixedBitSet::with_capacity(self.feed.len());
        hidden.extend(self.marks.hidden().filter_map(|id| self.feed.index_of(id)));
        hidden
    }
}
