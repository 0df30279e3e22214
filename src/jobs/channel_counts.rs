//! Counts the articles of each subscription: unread, and all.

use std::collections::{BTreeSet, HashMap};

use super::subscription_groups::{ListedAddresses, SubscriptionGroups};
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::query::SearchContext;
use crate::subscriptions::SubscriptionKey;

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

#[derive(Debug)]
struct CountChannels {
    context: SearchContext,
    subscriptions: ListedAddresses,
}

/// A job that counts the articles of each subscription of the user. Hidden articles do not count, as queries do not find them.
pub fn count(context: SearchContext, subscriptions: ListedAddresses) -> Job {
    Job::new(CountChannels { context, subscriptions })
}

impl Task for CountChannels {
    fn kind(&self) -> JobKind {
        JobKind::ChannelCounts
    }

    fn scope(&self) -> usize {
        self.context.feed.len()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let SearchContext { feed, marks, .. } = &self.context;
        let groups = SubscriptionGroups::of_feed(feed, &self.subscriptions, monitor)?;
        let counted = groups.all.iter().map(|group| {
            (group.key, ChannelArticles { addresses: group.addresses.clone(), ..ChannelArticles::default() })
        });
        let mut counted: Vec<(SubscriptionKey, ChannelArticles)> = counted.collect();
        for index in 0..feed.len() {
            let of = groups.of_article(index).and_then(|at| counted.get_mut(at));
            let Some((_, articles)) = of else { continue };
            let Some(id) = feed.id(index).filter(|id| !marks.is_hidden(*id)) else { continue };
            articles.all += 1;
            articles.unread += usize::from(!marks.is_read(id));
        }
        Ok(Answer::ChannelCounts(counted.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::dates::{Now, Zone};
    use crate::feed::{Article, ArticleId, Change, DeviceId, Feed, HybridClock, Mark, Marks, UntrustedText, clean};
    use crate::jobs::JobStatus;
    use crate::jobs::article_groups;

    const NAMES: [&str; 3] = ["tides", "moon", "boats"];

    fn key_of(address: &str) -> SubscriptionKey {
        SubscriptionKey::of_address(&UntrustedText::new(address))
    }

    fn listed() -> ListedAddresses {
        let listed = NAMES.iter().map(|name| {
            let address = format!("https://{name}.example/feed.xml");
            (key_of(&address), address)
        });
        listed.collect()
    }

    /// Articles of the first two subscriptions and of a fourth that is not listed, each in the folder of its own.
    fn feed(count: usize) -> Arc<Feed> {
        let mut keys = listed();
        keys[2] = (key_of("https://other.example/"), "https://other.example/".to_owned());
        let article = |n: usize| {
            let (key, address) = &keys[n % 3];
            let article = Article::builder(&format!("Article {n}")).number(n as u64 + 1);
            let change = |article: &mut Article| {
                article.written_id = clean::plain_line(&format!("{key}#{n}"));
                article.channel.address = clean::plain_line(address);
            };
            Arc::new(article.path(format!("{}/{n}.md", n % 3)).with(change).build())
        };
        let now = Now { at: chrono::DateTime::UNIX_EPOCH, zone: Zone::Utc };
        Arc::new(Feed::new((0..count).map(article).collect(), now))
    }

    #[test]
    fn the_list_and_the_navigation_pane_count_the_same_and_read_an_article_of_each_subscription() {
        let feed = feed(30);
        let (mut marks, mut clock) = (Marks::default(), HybridClock::new(DeviceId(1)));
        let mut set = |mark, at: &[u64]| {
            let articles = at.iter().map(|n| ArticleId::of_number(n + 1)).collect();
            marks.apply(&Change { stamp: clock.tick(chrono::DateTime::UNIX_EPOCH), mark, articles });
        };
        set(Mark::Read(Some(chrono::DateTime::UNIX_EPOCH)), &[0, 3, 4, 29]);
        set(Mark::Hidden(true), &[3, 6, 7]);
        let now = Now { at: chrono::DateTime::UNIX_EPOCH, zone: Zone::Utc };
        let context = SearchContext::new(feed.clone(), Arc::new(marks), now);
        let before = feed.reads();
        let JobStatus::Answer(Answer::ChannelCounts(counts)) = count(context.clone(), listed()).run_now().status else {
            panic!("no counts");
        };
        assert_eq!(feed.reads() - before, 3, "articles read");
        let JobStatus::Answer(Answer::Groups(grouped)) = article_groups::group(context, listed()).run_now().status
        else {
            panic!("no groups");
        };
        assert_eq!(counts.len(), 2, "only listed subscriptions with articles: {counts:?}");
        let (groups, all) = (&grouped.groups, [8, 9]);
        for ((key, address), all) in listed().iter().zip(all) {
            let at = groups.subscriptions.all.iter().position(|group| group.key == *key).expect("a group");
            let articles = &counts[key];
            assert_eq!((articles.all, &articles.addresses), (all, &BTreeSet::from([address.clone()])));
            assert_eq!(articles.unread, grouped.counts.of_group(groups.of_subscription(at)), "{address}");
            assert_eq!(articles.addresses, groups.subscriptions.all[at].addresses);
        }
    }
}
