//! A cache of similar articles: for each article shown lately, the articles with similar content.

use std::sync::Arc;

use crate::feed::{ArticleId, Feed, Reason, Related, Target};
use crate::jobs::similarity_index::{self, IndexStore};
use crate::jobs::{Job, JobId, similar_articles};
use crate::query::{SimilarArticle, SimilarityIndex};

/// Limit of articles whose similar articles are cached.
const MAX_CACHED: usize = 64;

/// A similar article, and how it is similar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CachedEntry {
    id: ArticleId,
    reason: Reason,
}

/// The similar articles of articles shown lately, and the index that finds them.
#[derive(Clone, Debug, Default)]
pub struct SimilarCache {
    /// Where the index is saved; `None` if similar articles are not looked up.
    store: Option<IndexStore>,
    index: Option<Arc<SimilarityIndex>>,
    /// Number of indexes so far. Results of an earlier index are shown until they are found again.
    generation: u64,
    /// Article, generation of the index, and similar articles; the latest last.
    cached: Vec<(ArticleId, u64, Vec<CachedEntry>)>,
    /// The pending lookup: article, generation of the index, job.
    pending: Option<(ArticleId, u64, JobId)>,
}

impl SimilarCache {
    /// An empty cache. `store`: where the index is saved; `None` if similar articles are not looked up.
    pub fn new(store: Option<IndexStore>) -> SimilarCache {
        SimilarCache { store, ..SimilarCache::default() }
    }

    /// The job that builds the index of a feed. `None` if similar articles are not looked up.
    pub fn make_index(&self, feed: &Arc<Feed>) -> Option<Job> {
        self.store.clone().map(|store| similarity_index::make(self.index.clone(), feed.clone(), store))
    }

    /// Replaces the index.
    pub fn take_index(&mut self, index: Arc<SimilarityIndex>) {
        (self.index, self.generation) = (Some(index), self.generation + 1);
    }

    /// The job that finds the similar articles of an article. `None` if they are cached or the job is running.
    pub fn start_job(&mut self, id: ArticleId, feed: &Arc<Feed>) -> Option<Job> {
        let index = self.index.clone()?;
        let is_cached =
            self.cached.iter().any(|(cached, generation, _)| (*cached, *generation) == (id, self.generation));
        let is_pending =
            self.pending.is_some_and(|(pending, generation, _)| (pending, generation) == (id, self.generation));
        if is_cached || is_pending {
            return None;
        }
        let job = similar_articles::find(index, id, feed.clone());
        self.pending = Some((id, self.generation, job.id));
        Some(job)
    }

    /// Whether a lookup is pending.
    pub fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Stores the result of the pending job; other results are dropped.
    pub fn found(&mut self, job: JobId, found: &[SimilarArticle], feed: &Feed) {
        let Some((id, generation, _)) = self.pending.take_if(|(.., pending)| *pending == job) else { return };
        let entry = |found: &SimilarArticle| {
            let hundredths = (found.score * 100.0).round().clamp(0.0, 100.0) as u8;
            let reason = if found.is_near_duplicate { Reason::SameNews } else { Reason::Similar(hundredths) };
            feed.id(found.article_index).map(|id| CachedEntry { id, reason })
        };
        let mut similar: Vec<CachedEntry> = found.iter().filter_map(entry).collect();
        // Stable: within both groups the order by similarity stays.
        similar.sort_by_key(|entry| entry.reason != Reason::SameNews);
        self.cached.retain(|(cached, ..)| *cached != id);
        if self.cached.len() >= MAX_CACHED {
            self.cached.remove(0);
        }
        self.cached.push((id, generation, similar));
    }

    /// The related entries of an article: those given by files, then the same news, then similar articles.
    pub fn related(&self, article_index: usize, feed: &Feed) -> Vec<Related> {
        let mut entries = feed.related(article_index);
        let similar = feed.id(article_index).and_then(|id| self.cached.iter().find(|(cached, ..)| *cached == id));
        let similar = similar.map(|(.., similar)| similar.as_slice());
        let given: Vec<ArticleId> = entries
            .iter()
            .filter_map(|entry| match &entry.target {
                Target::InLibrary(_, article) => Some(article.id),
                Target::Web(_) => None,
            })
            .collect();
        // An article that a file relates is listed once, with the reason of the file.
        let more = similar.unwrap_or_default().iter().filter(|entry| !given.contains(&entry.id));
        entries.extend(more.filter_map(|entry| {
            // The entry may be from an earlier feed, and its article gone.
            let article_index = feed.index_of(entry.id)?;
            Some(Related { reason: entry.reason, target: Target::InLibrary(article_index, feed.get(article_index)?) })
        }));
        entries
    }
}
