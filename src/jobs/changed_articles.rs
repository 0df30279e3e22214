//! Finds articles whose visible content has changed.

use std::sync::Arc;

use super::{Answer, ContentChanges, FirstContentHashes, Job, JobError, JobKind, Monitor, Task, WithFeed};
use crate::feed::Feed;
use crate::feed::record::visible_content_hash;

/// How many articles are examined between two checks for a cancellation.
const CHECK_INTERVAL: usize = 1 << 13;

#[derive(Debug)]
struct FindChanges {
    before: Arc<Feed>,
    first: Arc<FirstContentHashes>,
    feed: Arc<Feed>,
}

/// A job that finds articles of `feed` that differ from `before`. `first`: the articles that had already changed, with their first
/// content.
pub fn find(before: Arc<Feed>, first: Arc<FirstContentHashes>, feed: Arc<Feed>) -> Job {
    Job::new(FindChanges { before, first, feed })
}

impl Task for FindChanges {
    fn kind(&self) -> JobKind {
        JobKind::Changes
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let FindChanges { before, first, feed } = *self;
        let mut found = ContentChanges::default();
        // Most articles follow the one that they followed before, which saves a search for each.
        let mut expected = 0;
        for index in 0..feed.len() {
            if index % CHECK_INTERVAL == 0 {
                monitor.check()?;
            }
            let Some(id) = feed.id(index) else { continue };
            let was = Some(expected).filter(|expected| before.id(*expected) == Some(id));
            let was = was.or_else(|| before.index_of(id));
            expected = was.map_or(expected, |was| was + 1);
            compare(&feed, index, &before, was, &first, &mut found);
        }
        Ok(Answer::Changes(WithFeed { feed, found }))
    }
}

/// Compares an article with its first content in the session, and adds it to `found`. `was`: its index in the feed before. Returns
/// `None` if it is unchanged, or cannot be compared.
// Articles are read only if their files have changed, or if they had disappeared in between.
fn compare(
    feed: &Feed,
    index: usize,
    before: &Feed,
    was: Option<usize>,
    first: &FirstContentHashes,
    found: &mut ContentChanges,
) -> Option<()> {
    let now = feed.header(index)?;
    let original = first.get(&now.id);
    let is_same = match was {
        Some(was) => before.header(was)?.content_hash == now.content_hash,
        // Absent before: a new article, which is not a change, or a changed article that disappeared and is back.
        None => original.is_none(),
    };
    if is_same {
        return None;
    }
    let article = feed.read(index)?;
    match original {
        Some(first) if visible_content_hash(&article) == *first => found.reverted.push(now.id),
        Some(first) => found.changed.push((now.id, *first)),
        None => {
            let was = before.read(was?)?;
            // Another content hash may come from another path or file time, which the user does not see.
            if !article.looks_same_as(&was) {
                found.changed.push((now.id, visible_content_hash(&was)));
            }
        }
    }
    Some(())
}
