//! The articles that were read out of a feed last: those on the screen are looked at again with every key.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::article::Article;

/// So many are remembered, each in the slot of its place: more than the rows of a screen.
const SLOTS: usize = 256;
/// Bytes of a body up to which many are remembered; of larger ones only the last.
const LARGE_BODY_BYTES: usize = 1 << 14;

type CacheSlot = Mutex<Option<(usize, Arc<Article>)>>;

/// Articles by their places.
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
    /// The article at a place, read by `read` unless it is remembered.
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
