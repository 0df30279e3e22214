//! Which articles are too old to be kept. The caller decides if they may be removed: it knows the files and the marks.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::item_id::ItemId;
use crate::subscriptions::Keep;

/// A known article.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its item.
    pub id: &'a ItemId,
    /// When it was published, in seconds since 1970.
    pub published: Option<i64>,
    /// True if the channel has it.
    pub is_in_channel: bool,
}

/// The articles that are older than what is kept, and no longer in the channel. An article without a date has no age, and is kept.
pub fn expired(keep: Keep, now: DateTime<Utc>, mut articles: Vec<Candidate>) -> Vec<ItemId> {
    let old = match keep {
        Keep::Days(days) => {
            let first = now.checked_sub_signed(TimeDelta::days(days.into()));
            // More days than the calendar has are no limit.
            let first = first.map_or(i64::MIN, |first| first.timestamp());
            articles.retain(|article| article.published.is_some_and(|published| published < first));
            articles
        }
        Keep::Newest(number) => {
            articles.retain(|article| article.published.is_some());
            articles.sort_by_key(|article| Reverse(article.published));
            articles.split_off(articles.len().min(number as usize))
        }
    };
    old.iter().filter(|article| !article.is_in_channel).map(|article| article.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_articles_that_left_the_channel_expire() {
        let ids: Vec<ItemId> = ["new", "old", "older", "in channel", "undated"].map(ItemId::new).to_vec();
        let now = DateTime::from_timestamp(100 * 86_400, 0).unwrap();
        let days = [Some(99), Some(50), Some(10), Some(5), None];
        let candidates = || -> Vec<Candidate> {
            ids.iter()
                .zip(days)
                .map(|(id, day)| Candidate {
                    id,
                    published: day.map(|day| day * 86_400),
                    is_in_channel: id.as_str() == "in channel",
                })
                .collect()
        };
        let names = |keep| -> Vec<String> {
            expired(keep, now, candidates()).iter().map(|id| id.as_str().to_owned()).collect()
        };
        assert_eq!(names(Keep::Days(50)), ["older"]);
        assert_eq!(names(Keep::Days(49)), ["old", "older"]);
        assert_eq!(names(Keep::Days(u32::MAX)), [""; 0]);
        assert_eq!(names(Keep::Days(0)), ["new", "old", "older"]);
        assert_eq!(names(Keep::Newest(2)), ["older"]);
        assert_eq!(names(Keep::Newest(0)), ["new", "old", "older"]);
        assert_eq!(names(Keep::Newest(9)), [""; 0]);
    }
}
