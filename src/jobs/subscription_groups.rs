//! Finds the subscription of each article of a feed.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{JobError, Monitor};
use crate::feed::{Feed, Field, folders, has};
use crate::subscriptions::{SubscriptionKey, subscribed};

/// How many articles are examined between two checks for a cancellation.
const CHECK_INTERVAL: usize = 1 << 12;
/// The most addresses of a subscription that are collected.
const MAX_ADDRESSES: usize = 16;
/// The number of articles without a subscription.
const NONE: u32 = u32::MAX;

/// The subscriptions of the user: the key of each, and its address as articles name it.
pub type ListedAddresses = Vec<(SubscriptionKey, String)>;

/// A subscription that has articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionGroup {
    /// Its key.
    pub key: SubscriptionKey,
    /// Addresses of the channel that its articles name. A subscription may have moved.
    pub addresses: BTreeSet<String>,
}

/// The subscriptions that have articles, and which articles they are.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionGroups {
    /// The subscriptions.
    pub all: Vec<SubscriptionGroup>,
    /// For each article, the index of its subscription, or `NONE`. Empty without subscriptions.
    of_article: Vec<u32>,
}

impl SubscriptionGroups {
    /// Finds the articles of the listed subscriptions.
    pub fn of_feed(
        feed: &Feed,
        subscriptions: &[(SubscriptionKey, String)],
        monitor: &dyn Monitor,
    ) -> Result<SubscriptionGroups, JobError> {
        let mut groups = SubscriptionGroups::default();
        let keys: HashSet<SubscriptionKey> = subscriptions.iter().map(|(key, _)| *key).collect();
        if keys.is_empty() {
            return Ok(groups);
        }
        let mut times: HashMap<&str, usize> = HashMap::new();
        subscriptions.iter().for_each(|(_, address)| *times.entry(address).or_default() += 1);
        let is_shared = |address: &str| times.get(address).is_some_and(|times| *times > 1);
        let mut number_of: HashMap<SubscriptionKey, u32> = HashMap::new();
        // Reading an article costs microseconds, so it is read once for each folder and address of a channel. Each article is read only
        // where several subscriptions share an address (they differ in its query, which articles do not name), or where articles have
        // an id of their own and are of no subscription.
        let mut known: HashMap<(Option<usize>, Option<u32>), Option<u32>> = HashMap::new();
        groups.of_article = vec![NONE; feed.len()];
        for index in 0..feed.len() {
            if index % CHECK_INTERVAL == 0 {
                monitor.check()?;
            }
            if !feed.header(index).is_some_and(|header| header.has(has::WRITTEN_ID)) {
                continue;
            }
            let place =
                (folders::number_of(feed.columns(), index), feed.columns().completion_number(index, Field::Feed));
            let number = match known.get(&place) {
                Some(number) => *number,
                None => {
                    let Some((key, article)) = subscribed(feed, index) else { continue };
                    let address = article.channel.address.as_str();
                    let number = keys.contains(&key).then(|| {
                        *number_of.entry(key).or_insert_with(|| {
                            groups.all.push(SubscriptionGroup { key, addresses: BTreeSet::new() });
                            groups.all.len() as u32 - 1
                        })
                    });
                    let group = number.and_then(|number| groups.all.get_mut(number as usize));
                    let group = group.filter(|group| !address.is_empty() && group.addresses.len() < MAX_ADDRESSES);
                    group.into_iter().for_each(|group| group.addresses.extend([address.to_owned()]));
                    if !is_shared(address) {
                        known.insert(place, number);
                    }
                    number
                }
            };
            if let Some((slot, number)) = groups.of_article.get_mut(index).zip(number) {
                *slot = number;
            }
        }
        Ok(groups)
    }

    /// The index of the subscription of an article.
    pub fn of_article(&self, index: usize) -> Option<usize> {
        self.of_article.get(index).filter(|number| **number != NONE).map(|number| *number as usize)
    }
}
