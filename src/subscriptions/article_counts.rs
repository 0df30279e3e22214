//! Counts the articles of each subscription, by the key of the subscription that their `articleId` begins with.

use std::collections::HashMap;

use super::subscription_key::SubscriptionKey;
use crate::feed::{Article, Feed, Marks, has};

/// The articles of a feed by their subscriptions. It stays valid as long as the feed: marks are looked up when they are counted.
#[derive(Clone, Debug, Default)]
pub struct SubscribedArticles {
    by_key: HashMap<SubscriptionKey, Vec<usize>>,
}

/// Numbers of articles of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArticleCounts {
    /// All articles that are not hidden.
    pub articles: usize,
    /// Those that are not read.
    pub unread: usize,
}

impl SubscribedArticles {
    /// Finds the articles of subscriptions. It reads the record of each article that has an `articleId`: some microseconds for each.
    pub fn of(feed: &Feed) -> SubscribedArticles {
        let mut by_key: HashMap<SubscriptionKey, Vec<usize>> = HashMap::new();
        for index in 0..feed.len() {
            if let Some((key, _)) = subscribed(feed, index) {
                by_key.entry(key).or_default().push(index);
            }
        }
        SubscribedArticles { by_key }
    }

    /// The indices of the articles of a subscription, in the order of the feed.
    pub fn indices(&self, key: SubscriptionKey) -> &[usize] {
        self.by_key.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Counts the articles of a subscription. `feed` is the one that [`SubscribedArticles::of`] was given.
    pub fn counts(&self, key: SubscriptionKey, feed: &Feed, marks: &Marks) -> ArticleCounts {
        let mut counts = ArticleCounts::default();
        for id in self.indices(key).iter().filter_map(|index| feed.id(*index)).filter(|id| !marks.is_hidden(*id)) {
            counts.articles += 1;
            counts.unread += usize::from(!marks.is_read(id));
        }
        counts
    }
}

/// An article of a subscription, and the key of that. `None` for other articles.
pub fn subscribed(feed: &Feed, index: usize) -> Option<(SubscriptionKey, Article)> {
    feed.header(index).filter(|header| header.has(has::WRITTEN_ID))?;
    // `read` passes the cache of articles, which holds those on the screen.
    let article = feed.read(index)?;
    Some((SubscriptionKey::of_article_id(article.written_id.as_str())?, article))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::feed::{Article, ArticleId, clean};

    #[test]
    fn articles_are_counted_by_the_key_in_their_id() {
        let key: SubscriptionKey = "d74f9ca50683ebec".parse().expect("a key");
        let other: SubscriptionKey = "d74f9ca50683ebed".parse().expect("a key");
        let article = |id: &str, at: u64| {
            let title = clean::plain_line(&format!("title {at}"));
            Arc::new(Article { title, written_id: clean::plain_line(id), ..Article::blank(ArticleId::of_number(at)) })
        };
        let ids = ["d74f9ca50683ebec#1", "d74f9ca50683ebec#2", "d74f9ca50683ebed#1", "of another program", ""];
        let articles = ids.iter().zip(1..).map(|(id, at)| article(id, at)).collect();
        let feed = Feed::new(articles, chrono::DateTime::UNIX_EPOCH);
        let (found, marks) = (SubscribedArticles::of(&feed), Marks::default());
        assert_eq!(found.counts(key, &feed, &marks), ArticleCounts { articles: 2, unread: 2 });
        assert_eq!(found.counts(other, &feed, &marks), ArticleCounts { articles: 1, unread: 1 });
        assert_eq!(found.indices("0000000000000000".parse().expect("a key")), [0; 0]);
    }
}
