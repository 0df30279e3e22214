//! A bucket of counted articles: its key, how many articles it has, how many are read, and the query that finds exactly them.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::article_state::ArticleState;
use super::calendar_period::{ByPeriod, Period};
use super::date_bound::DateBound;
use super::syntax_tree::Node;
use super::term::{Term, Value};
use super::text_folding::fold;
use crate::feed::{Field, SafeText};

/// What the articles of a bucket have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BucketKey {
    /// Published (or read) in this period; the date is its first day.
    Period(Period, NaiveDate),
    /// On this day or later.
    Later(NaiveDate),
    /// Before this day.
    Earlier(NaiveDate),
    /// Without a date.
    Undated,
    /// Of this topic or provider, or with this tag.
    Named(SafeText),
    /// Without any topic or tag, or without a provider.
    Unnamed,
}

/// Counted articles with a common key: one bar of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The field that the key is about.
    pub(super) field: Field,
    /// What the articles have in common.
    pub key: BucketKey,
    /// Number of articles.
    pub count: usize,
    /// How many of them are read.
    pub read: usize,
    /// For topics: number of articles in each shown period, latest first. Empty for other buckets.
    pub counts_over_time: ByPeriod<Vec<usize>>,
}

impl Bucket {
    /// A bucket with `count` articles, `read` of them read.
    pub fn new(field: Field, key: BucketKey, [count, read]: [usize; 2]) -> Bucket {
        Bucket { field, key, count, read, counts_over_time: ByPeriod::default() }
    }

    /// Percentage that is read; `None` without articles. It is 100 only if all are read, and 0 only if none is.
    pub fn read_percent(&self) -> Option<usize> {
        let share = self.read.checked_mul(100)?.checked_div(self.count)?;
        Some(if self.read > 0 { share.max(1) } else { share })
    }

    /// The share that is read, in words: `25 %`; `<1 %` if it is less than that, but not 0.
    pub fn read_share(&self) -> Option<String> {
        let percent = self.read_percent()?;
        let is_less = self.read > 0 && self.read.saturating_mul(100) < self.count;
        Some(if is_less { "<1 %".to_owned() } else { format!("{percent} %") })
    }

    /// Whether the bucket sets the scale of its chart. Buckets for "earlier", "later", "without …" can be so large that all
    /// others would look empty.
    pub fn has_period_or_name(&self) -> bool {
        matches!(self.key, BucketKey::Period(..) | BucketKey::Named(_))
    }

    /// Whether both buckets count articles with the same key; the counts may differ.
    pub fn has_same_key(&self, other: &Bucket) -> bool {
        (self.field, &self.key) == (other.field, &other.key)
    }

    /// The conditions that find exactly the articles of this bucket.
    pub(super) fn conditions(&self) -> Vec<Node> {
        let field = self.field;
        let term = |field, value| Node::Term(Term { field, values: vec![value] });
        let dates = |from, to| vec![term(field, Value::Dates(from, to))];
        match &self.key {
            BucketKey::Period(period, start) => dates(DateBound::Day(*start), DateBound::Day(period.next(*start))),
            BucketKey::Later(from) => dates(DateBound::Day(*from), DateBound::Open),
            BucketKey::Earlier(to) => dates(DateBound::Open, DateBound::Day(*to)),
            BucketKey::Named(name) => vec![term(field, Value::WholeText(fold(name.as_str())))],
            // What only a rule marks as read has no reading time. Neither have unread articles, so `is:read` excludes them.
            BucketKey::Undated if field == Field::ReadAt => {
                vec![term(Field::Is, Value::Is(ArticleState::Read)), Node::not(term(field, Value::Present))]
            }
            BucketKey::Undated | BucketKey::Unnamed => vec![Node::not(term(field, Value::Present))],
        }
    }
}

/// Order by number of articles, largest first, then by name. Buckets without a period or name come last.
pub fn by_count(a: &Bucket, b: &Bucket) -> Ordering {
    b.has_period_or_name()
        .cmp(&a.has_period_or_name())
        .then_with(|| b.count.cmp(&a.count))
        .then_with(|| name(a).cmp(&name(b)))
}

/// Order by the share that is read, largest first, then as [`by_count`]. Buckets without a period or name come last.
pub fn by_share(a: &Bucket, b: &Bucket) -> Ordering {
    // Fractions are compared by their products: a division of integers would round.
    let share = (b.read * a.count).cmp(&(a.read * b.count));
    b.has_period_or_name().cmp(&a.has_period_or_name()).then(share).then_with(|| by_count(a, b))
}

fn name(bar: &Bucket) -> Option<&SafeText> {
    match &bar.key {
        BucketKey::Named(name) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_100_only_if_all_are_read_and_0_only_if_none_is() {
        for (count, read, share) in [
            (0, 0, None),
            (3, 0, Some((0, "0 %"))),
            (1000, 1, Some((1, "<1 %"))),
            (1000, 9, Some((1, "<1 %"))),
            (1000, 10, Some((1, "1 %"))),
            (1000, 999, Some((99, "99 %"))),
            (7, 7, Some((100, "100 %"))),
            (4, 1, Some((25, "25 %"))),
        ] {
            let bucket = Bucket::new(Field::Date, BucketKey::Undated, [count, read]);
            let found = bucket.read_percent().zip(bucket.read_share());
            let found = found.as_ref().map(|(percent, words)| (*percent, words.as_str()));
            assert_eq!(found, share, "{read} of {count}");
        }
    }
}
