//! A bar of a chart: what it counts, how much of that is read, and what a query must say to find exactly that.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::article_state::ArticleState;
use super::date_bound::DateBound;
use super::period::{ByPeriod, Period};
use super::syntax_tree::Node;
use super::term::{Term, Value};
use super::text_folding::fold;
use crate::feed::{Field, SafeText};

/// What a bar counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BucketKey {
    /// Articles of a period, by its start.
    Period(Period, NaiveDate),
    /// Articles of that day and later.
    Later(NaiveDate),
    /// Articles before that day.
    Earlier(NaiveDate),
    /// Articles without a date.
    Undated,
    /// Articles of a topic, or of a provider.
    Named(SafeText),
    /// Articles without a topic, or without a provider.
    Unnamed,
}

/// A bar: articles that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Where one looks for it.
    pub(super) field: Field,
    /// What it counts.
    pub key: BucketKey,
    /// How many articles.
    pub count: usize,
    /// How many of them are read.
    pub read: usize,
    /// Of a topic: articles in each of the periods that are shown, the latest first.
    pub counts_over_time: ByPeriod<Vec<usize>>,
}

impl Bucket {
    /// A bar that counts so many articles, and so many that are read.
    pub fn new(field: Field, key: BucketKey, [count, read]: [usize; 2]) -> Bucket {
        Bucket { field, key, count, read, counts_over_time: ByPeriod::default() }
    }

    /// How many of a hundred are read; none where there is no article. 100 only when all are, 0 only when none is.
    pub fn share(&self) -> Option<usize> {
        let share = self.read.checked_mul(100)?.checked_div(self.count)?;
        Some(if self.read > 0 { share.max(1) } else { share })
    }

    /// Whether it stands on the scale of the chart: what has no period or no name would dwarf all others.
    pub fn has_period_or_name(&self) -> bool {
        matches!(self.key, BucketKey::Period(..) | BucketKey::Named(_))
    }

    /// Whether two bars count the same kind of articles, be they more or fewer.
    pub fn has_same_key(&self, other: &Bucket) -> bool {
        (self.field, &self.key) == (other.field, &other.key)
    }

    /// What all its articles have.
    pub(super) fn conditions(&self) -> Vec<Node> {
        let field = self.field;
        let term = |field, value| Node::Term(Term { field, values: vec![value] });
        let dates = |from, to| vec![term(field, Value::Dates(from, to))];
        match &self.key {
            BucketKey::Period(period, start) => dates(DateBound::Day(*start), DateBound::Day(period.next(*start))),
            BucketKey::Later(from) => dates(DateBound::Day(*from), DateBound::Open),
            BucketKey::Earlier(to) => dates(DateBound::Open, DateBound::Day(*to)),
            BucketKey::Named(name) => vec![term(field, Value::WholeText(fold(name.as_str())))],
            BucketKey::Undated if field == Field::ReadAt => {
                vec![term(Field::Is, Value::Is(ArticleState::Read)), Node::not(term(field, Value::Present))]
            }
            BucketKey::Undated | BucketKey::Unnamed => vec![Node::not(term(field, Value::Present))],
        }
    }
}

/// The order by the number of articles, largest first; what has no name comes last.
pub fn by_count(a: &Bucket, b: &Bucket) -> Ordering {
    b.has_period_or_name()
        .cmp(&a.has_period_or_name())
        .then_with(|| b.count.cmp(&a.count))
        .then_with(|| name(a).cmp(&name(b)))
}

/// The order by the share that is read, largest first; what has no name comes last.
pub fn by_share(a: &Bucket, b: &Bucket) -> Ordering {
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
    fn shares_are_whole_only_when_they_are() {
        for (count, read, share) in [
            (0, 0, None),
            (3, 0, Some(0)),
            (1000, 1, Some(1)),
            (1000, 999, Some(99)),
            (7, 7, Some(100)),
            (4, 1, Some(25)),
        ] {
            assert_eq!(Bucket::new(Field::Date, BucketKey::Undated, [count, read]).share(), share, "{read} of {count}");
        }
    }
}
