//! Where the articles of an account's feeds are written, and which of them are here already: a channel that the user follows, too, is
//! shown once, and so is an article that the service has several times.

use std::collections::{HashMap, HashSet};

use super::super::environment::Environment;
use super::super::hook_notes::NewArticles;
use super::super::outcome::Failure;
use super::state;
use crate::account::{AddedArticle, ServiceFeed, ServiceId};
use crate::digest::{
    self, Choices, Fingerprint, ItemId, Origin, Places, PreparedChannel, PreparedItem, SameArticles, StateError,
    SyncState,
};
use crate::feed::{Article, ArticleId, Problem, UntrustedText};
use crate::subscriptions::edit::canonical_of;
use crate::subscriptions::{self, Account, Subscription, SubscriptionKey};

/// Where the articles of a feed are written.
struct FeedHome {
    /// The subscription whose folder they come into.
    subscription: Subscription,
    /// The beginning of the ids of its articles, if the folder has those of the channel, too.
    prefix: String,
    /// The articles that are here.
    known: SameArticles<ArticleId>,
}

/// The homes of the feeds of an account.
pub struct FeedHomes<'a> {
    account: &'a Account,
    environment: &'a Environment<'a>,
    subscribed: HashMap<String, &'a Subscription>,
    homes: HashMap<String, FeedHome>,
    /// Feeds for whose new articles programs run: those that were followed before, but for the first articles of the account.
    noted: HashSet<String>,
}

/// The articles of a feed that are here now, and what was wrong.
pub type Written = (Vec<AddedArticle>, Vec<Problem>);

impl<'a> FeedHomes<'a> {
    /// The homes of the feeds of an account.
    pub fn of(account: &'a Account, environment: &'a Environment<'a>) -> FeedHomes<'a> {
        let subscribed = environment.subscriptions.iter();
        let subscribed = subscribed.filter_map(|one| Some((canonical_of(&one.address)?, one))).collect();
        FeedHomes { account, environment, subscribed, homes: HashMap::new(), noted: HashSet::new() }
    }

    /// Lets programs run for new articles of these feeds.
    pub fn note_new_articles_of(&mut self, feeds: impl IntoIterator<Item = String>) {
        if !self.environment.hooks.is_empty() {
            self.noted.extend(feeds);
        }
    }

    /// Writes the articles of a feed that are not here yet. The guid of each item is its id at the service.
    pub fn write(&mut self, feed: &ServiceFeed, channel: PreparedChannel) -> Result<Written, Failure> {
        let Environment { articles, states, fs, clock, .. } = *self.environment;
        if !self.homes.contains_key(&feed.id) {
            let home = self.open(feed).map_err(state::failure)?;
            self.homes.insert(feed.id.clone(), home);
        }
        let Some(home) = self.homes.get_mut(&feed.id) else { return Ok(Written::default()) };
        let (mut here, mut new, mut repeated) = (Vec::new(), Vec::new(), Vec::new());
        let mut first_of: SameArticles<ServiceId> = SameArticles::default();
        let PreparedChannel { items, .. } = channel;
        for mut item in items {
            let id = item.item.guid.as_ref().and_then(|guid| ServiceId::parse(guid.untrusted()));
            let Some(id) = id else { continue };
            if let Some(article) = home.known.find(&item.fingerprint) {
                here.push(AddedArticle { id, article: *article, is_new: false });
            } else if let Some(first) = first_of.find(&item.fingerprint) {
                repeated.push((id, first.clone()));
            } else {
                first_of.add(item.fingerprint.clone(), Origin::Same, id.clone());
                name(&mut item, &home.prefix, &id);
                new.push((id, item));
            }
        }
        if new.is_empty() {
            return Ok((here, Vec::new()));
        }
        let (ids, items): (Vec<ServiceId>, Vec<PreparedItem>) = new.into_iter().unzip();
        let title = UntrustedText::new(feed.title.untrusted());
        let channel = PreparedChannel { title, items, repairs: Vec::new(), ..channel };
        let places = Places { articles, states, fs };
        let new_articles = NewArticles::new(states, fs, self.noted.contains(&feed.id));
        let note = |article: &Article| {
            new_articles.add(article.id);
            true
        };
        let choices = Choices { is_wanted: &note, ..Choices::cautious(clock()) };
        let mut report = digest::write_articles(&channel, &home.subscription, &places, &choices);
        report.problems.extend(new_articles.problem());
        let state = SyncState::open(states, &home.subscription, fs).map_err(state::failure)?;
        let written: HashMap<&str, &ItemId> =
            state.entries().iter().map(|(id, entry)| (&*entry.fingerprint.id, id)).collect();
        let mut articles: HashMap<ServiceId, ArticleId> = HashMap::new();
        for (id, item) in ids.into_iter().zip(&channel.items) {
            let Some(item_id) = written.get(&*item.fingerprint.id) else { continue };
            let article = digest::article_id(item_id, &home.subscription);
            home.known.add(item.fingerprint.clone(), Origin::Same, article);
            articles.insert(id, article);
        }
        drop(state.close(fs));
        let repeated = repeated.into_iter().filter_map(|(id, first)| {
            let article = *articles.get(&first)?;
            Some(AddedArticle { id, article, is_new: false })
        });
        here.extend(repeated);
        let is_new = |article: &ArticleId| report.new.iter().any(|new| new.id == *article);
        here.extend(articles.into_iter().map(|(id, article)| AddedArticle { id, article, is_new: is_new(&article) }));
        Ok((here, report.problems))
    }

    fn open(&self, feed: &ServiceFeed) -> Result<FeedHome, StateError> {
        let Environment { states, fs, .. } = *self.environment;
        let own = state::feed_subscription(self.account, feed);
        let mut known = SameArticles::default();
        for (item, print) in known_items(&own, self.environment)? {
            known.add(print, Origin::Same, digest::article_id(&item, &own));
        }
        let Some(followed) = canonical_of(&feed.address).and_then(|address| self.subscribed.get(&address)) else {
            return Ok(FeedHome { subscription: own, prefix: String::new(), known });
        };
        let prefix = prefix(self.account.key());
        for (item, print) in known_items(followed, self.environment)? {
            let origin = if print.id.starts_with(&prefix) { Origin::Same } else { Origin::Other };
            known.add(print, origin, digest::article_id(&item, followed));
        }
        // The first sync of a subscription marks all articles in its folder as read but the newest: those of the account must not be
        // among them.
        let is_begun = subscriptions::read_record(states, followed.key(), fs).0.is_some_and(|record| record.is_begun);
        Ok(match is_begun {
            true => FeedHome { subscription: (*followed).clone(), prefix, known },
            false => FeedHome { subscription: own, prefix: String::new(), known },
        })
    }
}

/// The articles of a subscription that came from accounts, and that the channel itself did not confirm yet.
pub fn of_accounts(subscription: &Subscription, environment: &Environment) -> Result<SameArticles<()>, StateError> {
    let Environment { accounts, states, fs, .. } = *environment;
    let mut known = SameArticles::default();
    let address = canonical_of(&subscription.address);
    for listed in accounts {
        let account = &listed.account;
        let feeds = state::known_feeds(account, states, fs);
        let mut is_followed = false;
        for feed in feeds.iter().filter(|feed| address.is_some() && canonical_of(&feed.address) == address) {
            is_followed = true;
            let own = state::feed_subscription(account, feed);
            known_items(&own, environment)?.into_iter().for_each(|(_, print)| known.add(print, Origin::Other, ()));
        }
        if is_followed {
            let prefix = prefix(account.key());
            let of_account = known_items(subscription, environment)?.into_iter();
            let of_account = of_account.filter(|(_, print)| print.id.starts_with(&prefix));
            of_account.for_each(|(_, print)| known.add(print, Origin::Other, ()));
        }
    }
    Ok(known)
}

/// The articles of a subscription, also those that were deleted.
fn known_items(
    subscription: &Subscription,
    environment: &Environment,
) -> Result<Vec<(ItemId, Fingerprint)>, StateError> {
    let Environment { states, fs, .. } = *environment;
    if fs.id(&SyncState::path_in(states, subscription)).is_err() {
        return Ok(Vec::new());
    }
    let state = SyncState::open(states, subscription, fs)?;
    let entries = state.entries().iter().map(|(id, entry)| (id.clone(), entry.fingerprint.clone()));
    let known = entries.collect();
    state.close(fs)?;
    Ok(known)
}

/// Gives an item the id that begins with a prefix: a channel may have an item with the id of the service alone.
fn name(item: &mut PreparedItem, prefix: &str, id: &ServiceId) {
    if !prefix.is_empty() {
        let id = format!("{prefix}{id}");
        item.fingerprint.id = id.as_str().into();
        item.item.guid = Some(UntrustedText::from_string(id));
    }
}

/// The beginning of the ids of an account's articles in the folder of a channel.
fn prefix(account: SubscriptionKey) -> String {
    format!("account:{account}:")
}
