//! Counts the articles of each subscription: unread, and all.

use std::collections::{BTreeSet, HashMap};

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::query::SearchContext;
use crate::subscriptions::{SubscriptionKey, subscribed};

/// The articles of each subscription, by its key.
pub type ChannelCounts = HashMap<SubscriptionKey, ChannelArticles>;

/// The articles of a subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelArticles {
    /// Number of those that are not read.
    pub unread: usize,
    /// Number of those that are not hidden.
    pub all: usize,
    /// Addresses of the channel that they name. A subscription may have moved.
    pub addresses: BTreeSet<String>,
}

/// How many articles are examined between two checks for a cancellation.
const CHECK_INTERVAL: usize = 1 << 10;
/// The most addresses of a subscription that are collected.
const MAX_ADDRESSES: usize = 16;

#[derive(Debug)]
struct CountChannels(SearchContext);

/// A job that counts the articles of each subscription. Hidden articles do not count, as queries do not find them.
pub fn count(context: SearchContext) -> Job {
    Job::new(CountChannels(context))
}

impl Task for CountChannels {
    fn kind(&self) -> JobKind {
        JobKind::ChannelCounts
    }

    fn scope(&self) -> usize {
        self.0.feed.len()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let SearchContext { feed, marks, .. } = &self.0;
        let mut counts = ChannelCounts::new();
        for index in 0..feed.len() {
            if index % CHECK_INTERVAL == 0 {
                monitor.check()?;
            }
            let Some(id) = feed.id(index).filter(|id| !marks.is_hidden(*id)) else { continue };
            let Some((key, article)) = subscribed(feed, index) else { continue };
            let found: &mut ChannelArticles = counts.entry(key).or_default();
            found.all += 1;
            found.unread += usize::from(!marks.is_read(id));
            let address = &article.channel.address;
            if !address.is_empty() && found.addresses.len() < MAX_ADDRESSES {
                found.addresses.insert(address.to_string());
            }
        }
        Ok(Answer::ChannelCounts(counts))
    }
}
