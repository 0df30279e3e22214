//! The articles of the library that are like those shown lately, by their content.

use std::sync::Arc;

use crate::feed::{ArticleId, Feed, Reason, Related, Target};
use crate::jobs::{Job, JobId, similar_articles, similarity_index};
use crate::query::{SimilarArticle, SimilarityIndex};

/// Articles of which it is remembered what is like them: those that one comes back to.
const REMEMBERED: usize = 64;

/// An article that is like another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CachedEntry {
    id: ArticleId,
    reason: Reason,
}

/// What is like the articles that were shown lately.
#[derive(Clone, Debug, Default)]
pub struct SimilarCache {
    /// Similar articles are looked for.
    is_on: bool,
    index: Option<Arc<SimilarityIndex>>,
    /// Counts the indexes: what was found by an earlier one is shown until it is found again.
    generation: u64,
    /// By the articles, the last ones last.
    known: Vec<(ArticleId, u64, Vec<CachedEntry>)>,
    /// What is asked for, by which index, by which job.
    asked: Option<(ArticleId, u64, JobId)>,
}

impl SimilarCache {
    /// Nothing is known yet. `is_on`: whether similar articles are looked for.
    pub fn new(is_on: bool) -> SimilarCache {
        SimilarCache { is_on, ..SimilarCache::default() }
    }

    /// The job that makes the index of a feed. None if similar articles are not looked for.
    pub fn make_index(&self, feed: &Arc<Feed>) -> Option<Job> {
        self.is_on.then(|| similarity_index::make(self.index.clone(), feed.clone()))
    }

    /// Takes another index.
    pub fn take_index(&mut self, index: Arc<SimilarityIndex>) {
        (self.index, self.generation) = (Some(index), self.generation + 1);
    }

    /// The job that looks up what is like an article of a feed. None when that is known, or looked up.
    pub fn ask(&mut self, id: ArticleId, feed: &Arc<Feed>) -> Option<Job> {
        let index = self.index.clone()?;
        let is_known = self.known.iter().any(|(known, generation, _)| (*known, *generation) == (id, self.generation));
        let is_asked = self.asked.is_some_and(|(asked, generation, _)| (asked, generation) == (id, self.generation));
        if is_known || is_asked {
            return None;
        }
        let job = similar_articles::find(index, id, feed.clone());
        self.asked = Some((id, self.generation, job.id));
        Some(job)
    }

    /// True while what is like an article is asked for.
    pub fn is_awaited(&self) -> bool {
        self.asked.is_some()
    }

    /// Takes in what a job found in a feed. The answer to an earlier one tells nothing.
    pub fn found(&mut self, job: JobId, found: &[SimilarArticle], feed: &Feed) {
        let Some((id, generation, _)) = self.asked.take_if(|(.., asked)| *asked == job) else { return };
        let like = |found: &SimilarArticle| {
            let hundredths = (found.score * 100.0).round().clamp(0.0, 100.0) as u8;
            let reason = if found.is_near_duplicate { Reason::SameNews } else { Reason::Similar(hundredths) };
            feed.id(found.article_index).map(|id| CachedEntry { id, reason })
        };
        let mut likes: Vec<CachedEntry> = found.iter().filter_map(like).collect();
        likes.sort_by_key(|like| like.reason != Reason::SameNews);
        self.known.retain(|(known, ..)| *known != id);
        if self.known.len() >= REMEMBERED {
            self.known.remove(0);
        }
        self.known.push((id, generation, likes));
    }

    /// What goes with an article: what its file and others say, then the same news, then what is like it.
    pub fn related(&self, article_index: usize, feed: &Feed) -> Vec<Related> {
        let mut entries = feed.related(article_index);
        let likes = feed.id(article_index).and_then(|id| self.known.iter().find(|(known, ..)| *known == id));
        let likes = likes.map(|(.., likes)| likes.as_slice());
        let known: Vec<ArticleId> = entries
            .iter()
            .filter_map(|entry| match &entry.target {
                Target::InLibrary(_, article) => Some(article.id),
                Target::Web(_) => None,
            })
            .collect();
        let more = likes.unwrap_or_default().iter().filter(|like| !known.contains(&like.id));
        entries.extend(more.filter_map(|like| {
            let article_index = feed.index_of(like.id)?;
            Some(Related { reason: like.reason, target: Target::InLibrary(article_index, feed.get(article_index)?) })
        }));
        entries
    }
}
