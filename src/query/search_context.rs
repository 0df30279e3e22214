//! What is searched: a feed, its folded text, what the reader did with it, and the time.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fixedbitset::FixedBitSet;

use super::folded_texts::FoldedTexts;
use crate::dates::Now;
use crate::feed::{ArticleId, Feed, Marks};

/// What is searched.
#[derive(Clone, Debug)]
pub struct SearchContext {
    /// The articles.
    pub feed: Arc<Feed>,
    /// Their folded text, which belongs to that feed and to no other.
    pub texts: Arc<FoldedTexts>,
    /// What the reader did with them.
    pub marks: Arc<Marks>,
    /// The present time, and the zone of the reader.
    pub now: Now,
    /// When this visit began: what arrived since is new. None: what has not arrived yet is.
    pub since: Option<DateTime<Utc>>,
    /// What has changed since then.
    pub changed: Arc<BTreeSet<ArticleId>>,
}

impl SearchContext {
    /// A feed whose text nobody has looked at yet.
    pub fn new(feed: Arc<Feed>, marks: Arc<Marks>, now: impl Into<Now>) -> SearchContext {
        SearchContext { feed, texts: Arc::default(), marks, now: now.into(), since: None, changed: Arc::default() }
    }

    /// The places of the articles that are hidden.
    pub fn hidden(&self) -> FixedBitSet {
        let mut hidden = FixedBitSet::with_capacity(self.feed.len());
        hidden.extend(self.marks.hidden().filter_map(|id| self.feed.index_of(id)));
        hidden
    }
}
