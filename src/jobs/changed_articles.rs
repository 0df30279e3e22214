//! Finds articles that read otherwise than before.

use std::sync::Arc;

use super::{Answer, Changes, FirstRead, Job, Kind, Monitor, NoAnswer, OfFeed, Task};
use crate::feed::Feed;
use crate::feed::record::reading_sum;

/// Articles that are looked at before it is asked whether the answer is still wanted.
const MANY: usize = 1 << 13;

#[derive(Debug)]
struct FindChanges {
    before: Arc<Feed>,
    first: Arc<FirstRead>,
    feed: Arc<Feed>,
}

/// Finds articles that read otherwise than in the feed before. `first`: those that had changed by then.
pub fn find(before: Arc<Feed>, first: Arc<FirstRead>, feed: Arc<Feed>) -> Job {
    Job::new(FindChanges { before, first, feed })
}

impl Task for FindChanges {
    fn kind(&self) -> Kind {
        Kind::Changes
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, NoAnswer> {
        let FindChanges { before, first, feed } = *self;
        let mut found = Changes::default();
        for place in 0..feed.len() {
            if place % MANY == 0 {
                monitor.check()?;
            }
            compare(&feed, place, &before, &first, &mut found);
        }
        Ok(Answer::Changes(OfFeed { feed, found }))
    }
}

/// Compares the article at a place with how it read at first. Only those whose files say something else than before are read, and
/// those that were away. None when it is as it was.
fn compare(feed: &Feed, place: usize, before: &Feed, first: &FirstRead, found: &mut Changes) -> Option<()> {
    let now = feed.header(place)?;
    let (was, known) = (before.place(now.id), first.get(&now.id));
    let is_same = match was {
        Some(was) => before.header(was)?.content_hash == now.content_hash,
        None => known.is_none(),
    };
    if is_same {
        return None;
    }
    let article = feed.read(place)?;
    match known {
        Some(first) if reading_sum(&article) == *first => found.back.push(now.id),
        Some(first) => found.changed.push((now.id, *first)),
        None => {
            let was = before.read(was?)?;
            if !article.reads_like(&was) {
                found.changed.push((now.id, reading_sum(&was)));
            }
        }
    }
    Some(())
}
