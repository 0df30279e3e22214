//! A cache of parsed articles: every frame needs the articles on the screen again.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::article::Article;

/// Number of cached articles: more than a screen has rows. The article at index `i` uses slot `i % SLOTS`.
const SLOTS: usize = 256;
/// Articles with a body of this size or more share a single slot, so that the cache stays small: at most 4 MiB of bodies and
/// one large one.
const LARGE_BODY_BYTES: usize = 1 << 14;

type CacheSlot = Mutex<Option<(usize, Arc<Article>)>>;

/// Parsed articles by their index in the feed.
pub struct ArticleCache {
    slots: Vec<CacheSlot>,
    large: CacheSlot,
}

impl Default for ArticleCache {
    fn default() -> ArticleCache {
        ArticleCache { slots: (0..SLOTS).map(|_| CacheSlot::default()).collect(), large: CacheSlot::default() }
    }
}

impl fmt::Debug for ArticleCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArticleCache")
    }
}

impl ArticleCache {
    /// The article at an index, parsed by `read` unless it is cached.
    pub fn get(&self, index: usize, read: impl FnOnce() -> Option<Article>) -> Option<Arc<Article>> {
        let small = self.slots.get(index % SLOTS).and_then(|slot| cached(slot, index));
        if let Some(article) = small.or_else(|| cached(&self.large, index)) {
            return Some(article);
        }
        let article = Arc::new(read()?);
        let slot = match article.body.untrusted().len() {
            LARGE_BODY_BYTES.. => Some(&self.large),
            _ => self.slots.get(index % SLOTS),
        };
        if let Some(slot) = slot {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some((index, article.clone()));
        }
        Some(article)
    }
}

fn cached(slot: &CacheSlot, index: usize) -> Option<Arc<Article>> {
    let slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    slot.as_ref().filter(|(known, _)| *known == index).map(|(_, article)| article.clone())
}
