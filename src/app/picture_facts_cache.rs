//! A cache of what is known of the pictures of the articles shown lately.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::decoded_pictures::DecodedPictures;
use crate::feed::picture_facts::KnownPictures;
use crate::feed::{ArticleId, Feed};
use crate::jobs::measure_pictures::{self, SharedNames};
use crate::jobs::{Job, JobId};

/// Limit of articles whose pictures are cached.
const MAX_CACHED: usize = 64;

/// What is known of the pictures of articles shown lately.
#[derive(Clone, Debug, Default)]
pub struct PictureFactsCache {
    /// The latest last.
    cached: VecDeque<(ArticleId, KnownPictures)>,
    pending: Option<(ArticleId, JobId)>,
    names: SharedNames,
    version: u64,
    /// Those that were decoded to be drawn in the text.
    pub decoded: DecodedPictures,
}

impl PictureFactsCache {
    /// What is known of the pictures of an article.
    pub fn of(&self, article: ArticleId) -> &KnownPictures {
        self.cached.iter().find(|(cached, _)| *cached == article).map_or(KnownPictures::none(), |(_, known)| known)
    }

    /// Counts changes of what is known.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The job that looks for the pictures of an article. `None` if that is known or the job is running.
    /// `fetched`: the folder of fetched pictures.
    pub fn start_job(&mut self, article: ArticleId, feed: &Arc<Feed>, fetched: Option<&PathBuf>) -> Option<Job> {
        let is_known = self.cached.iter().any(|(cached, _)| *cached == article);
        if is_known || self.pending.is_some_and(|(pending, _)| pending == article) {
            return None;
        }
        let job = measure_pictures::measure(article, feed.clone(), self.names.clone(), fetched.cloned());
        self.pending = Some((article, job.id));
        Some(job)
    }

    /// Takes the answer of the pending job; other answers are dropped.
    pub fn found(&mut self, job: JobId, known: KnownPictures) {
        let Some((article, _)) = self.pending.take_if(|(_, pending)| *pending == job) else { return };
        if self.cached.len() >= MAX_CACHED {
            self.cached.pop_front();
        }
        if !known.is_empty() {
            self.version = self.version.wrapping_add(1);
        }
        self.cached.push_back((article, known));
    }

    /// A picture of the article was fetched: its pictures are looked for again.
    pub fn forget(&mut self, article: ArticleId) {
        self.cached.retain(|(cached, _)| *cached != article);
        self.pending.take_if(|(pending, _)| *pending == article);
    }

    /// Files have changed: pictures are looked for again.
    pub fn outdate(&mut self) {
        (self.names, self.pending, self.decoded) = (SharedNames::default(), None, DecodedPictures::default());
        self.cached.clear();
        self.version = self.version.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::picture_facts::{PictureFacts, PictureState};
    use crate::feed::{Address, Link};

    #[test]
    fn pictures_are_looked_for_once_and_again_after_a_change_of_files() {
        let feed = Arc::new(Feed::default());
        let id = |address| ArticleId::of_link(&Address::parse(address).expect("an address"));
        let [one, other] = [id("https://example.org/1"), id("https://example.org/2")];
        let mut cache = PictureFactsCache::default();
        let late = cache.start_job(one, &feed, None).expect("a job").id;
        assert!(cache.start_job(one, &feed, None).is_none(), "it runs");
        let job = cache.start_job(other, &feed, None).expect("a job").id;
        let link = Link::read("a.png");
        let mut known = KnownPictures::default();
        known.insert(&link, PictureFacts { size: None, state: PictureState::NotFound });
        cache.found(late, known.clone());
        assert!(cache.of(one).is_empty() && cache.version() == 0, "of an article that was left");
        cache.found(job, known);
        assert_eq!((cache.of(other).of(&link).state, cache.version()), (PictureState::NotFound, 1));
        assert!(cache.start_job(other, &feed, None).is_none(), "known");
        cache.outdate();
        assert!(cache.start_job(other, &feed, None).is_some());
    }
}
