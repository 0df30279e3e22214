//! Finds articles that are similar to one.

use std::sync::Arc;

use super::{Answer, Job, JobError, JobKind, Monitor, Task, WithFeed};
use crate::feed::{ArticleId, Feed};
use crate::query::SimilarityIndex;

/// Limit for the similar articles shown in addition to the related ones that files list.
const MAX_SIMILAR: usize = 10;

#[derive(Debug)]
struct FindSimilar {
    index: Arc<SimilarityIndex>,
    article: ArticleId,
    feed: Arc<Feed>,
}

/// A job that finds the articles of a feed that are similar to `article`, most similar first.
pub fn find(index: Arc<SimilarityIndex>, article: ArticleId, feed: Arc<Feed>) -> Job {
    Job::new(FindSimilar { index, article, feed })
}

impl Task for FindSimilar {
    fn kind(&self) -> JobKind {
        JobKind::Similar
    }

    fn run(self: Box<Self>, _monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let FindSimilar { index, article, feed } = *self;
        let found = feed.index_of(article).map(|at| index.find(&feed, at, MAX_SIMILAR)).unwrap_or_default();
        Ok(Answer::Similar(WithFeed { feed, found }))
    }
}
