//! Finds articles that read otherwise than before.

use std::sync::Arc;

use super::{Answer, ContentChanges, FirstVersions, Job, JobError, JobKind, Monitor, Task, WithFeed};
use crate::feed::Feed;
use crate::feed::record::visible_content_hash;

/// Articles that are looked at before it is asked whether the answer is still wanted.
const CHECK_INTERVAL: usize = 1 << 13;

#[derive(Debug)]
struct FindChanges {
    before: Arc<Feed>,
    first: Arc<FirstVersions>,
    feed: Arc<Feed>,
}

/// Finds articles that read otherwise than in the feed before. `first`: those that had changed by then.
pub fn find(before: Arc<Feed>, first: Arc<FirstVersions>, feed: Arc<Feed>) -> Job {
    Job::new(FindChanges { before, first, feed })
}

impl Task for FindChanges {
    fn kind(&self) -> JobKind {
        JobKind::Changes
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let FindChanges { before, first, feed } = *self;
        let mut found = ContentChanges::default();
        for index in 0..feed.len() {
            if index % CHECK_INTERVAL == 0 {
                monitor.check()?;
            }
            compare(&feed, index, &before, &first, &mut found);
        }
        Ok(Answer::Changes(WithFeed { feed, found }))
    }
}

/// Compares the article at a place with how it read at first. Only those whose files say something else than before are read, and
/// those that were away. None when it is as it was.
fn compare(feed: &Feed, index: usize, before: &Feed, first: &FirstVersions, found: &mut ContentChanges) -> Option<()> {
    let now = feed.header(index)?;
    let (was, known) = (before.index_of(now.id), first.get(&now.id));
    let is_same = match was {
        Some(was) => before.header(was)?.content_hash == now.content_hash,
        None => known.is_none(),
    };
    if is_same {
        return None;
    }
    let article = feed.read(index)?;
    match known {
        Some(first) if visible_content_hash(&article) == *first => found.reverted.push(now.id),
        Some(first) => found.changed.push((now.id, *first)),
        None => {
            let was = before.read(was?)?;
            if !article.looks_same_as(&was) {
                found.changed.push((now.id, visible_content_hash(&was)));
            }
        }
    }
    Some(())
}
