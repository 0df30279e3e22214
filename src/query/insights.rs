//! Insights: counts of what a query finds, over time and by topic, provider and tag. The counting runs in steps, so that it can be
//! cancelled.

use std::collections::BTreeMap;
use std::ops::Bound;

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar_period::{ByPeriod, Period};
use super::insights_bucket::{Bucket, BucketKey, by_count};
use super::label_counts::{LabelGroups, ReadCounts, TagGroups, count_article};
use super::search::Search;
use super::search_context::SearchContext;
use crate::dates::{DayLookup, Zone};
use crate::feed::{Field, SafeText};

/// Maximum number of topics and of providers that are listed. The total is given too.
pub const MAX_LISTED: usize = 1000;
/// Articles per counting step.
const STEP: usize = 1 << 13;

/// Counts of the articles that a query finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insights {
    /// Number of articles.
    pub articles: usize,
    /// How many of them are read.
    pub read: usize,
    /// How many of them are starred.
    pub starred: usize,
    /// Articles by publication date. First those after the last shown period, then the shown periods (latest first), earlier
    /// ones, and those without a date. Empty buckets other than periods are left out.
    pub published: ByPeriod<Vec<Bucket>>,
    /// Read articles by the time of reading, in the same order.
    pub reading: ByPeriod<Vec<Bucket>>,
    /// The period that suits the dates of publication: it gives 8 to 30 bars.
    pub published_period: Period,
    /// The period that suits the times of reading.
    pub reading_period: Period,
    /// Articles by topic, largest first; those without a topic come last.
    pub topics: NamedBuckets,
    /// Articles by provider, in the same order.
    pub providers: NamedBuckets,
    /// Articles by tag, in the same order; empty if none has a tag.
    pub tags: NamedBuckets,
}

/// Buckets by topic, provider or tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedBuckets {
    /// The buckets, at most 1,000 with a name.
    pub buckets: Vec<Bucket>,
    /// Number of topics, providers or tags, including those not listed.
    pub all: usize,
}

/// A count in progress.
#[derive(Clone, Debug)]
pub struct InsightsCounter {
    context: SearchContext,
    search: Search,
    /// Indices of the articles that are found.
    indices: Vec<usize>,
    /// The current stage.
    stage: Stage,
    /// Articles done in this stage.
    done: usize,
    topics: LabelGroups,
    providers: LabelGroups,
    tags: TagGroups,
    published: DayCounts,
    reading: DayCounts,
    insights: Insights,
    /// For each group of topics: 1 + the index of its bucket; 0 if it is not listed.
    bucket_of: Vec<usize>,
    /// First days of the shown periods, latest first.
    starts: ByPeriod<Vec<NaiveDate>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Search,
    Count,
    OverTime,
    Done,
}

/// Articles by calendar day in the user's zone.
#[derive(Clone, Debug)]
struct DayCounts {
    calendar: DayLookup,
    days: BTreeMap<NaiveDate, ReadCounts>,
    undated: ReadCounts,
    /// The latest day with an article that is not in the future.
    latest: Option<NaiveDate>,
}

impl InsightsCounter {
    /// Prepares the count; [`InsightsCounter::step`] does it.
    pub fn new(search: Search, context: SearchContext) -> InsightsCounter {
        let zone = context.now.zone;
        InsightsCounter {
            context,
            search,
            indices: Vec::new(),
            stage: Stage::Search,
            done: 0,
            topics: LabelGroups::default(),
            providers: LabelGroups::default(),
            tags: TagGroups::default(),
            published: DayCounts::new(zone),
            reading: DayCounts::new(zone),
            insights: Insights::default(),
            bucket_of: Vec::new(),
            starts: ByPeriod::default(),
        }
    }

    /// Does one step; false when all is counted. `stop` cancels a step of the search.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        match self.stage {
            Stage::Search => {
                if !self.search.step(stop) {
                    self.indices = self.search.take_indices();
                    let feed = &self.context.feed;
                    self.topics = LabelGroups::new(feed.topic_count(), |number| feed.topic(number));
                    self.providers = LabelGroups::new(feed.provider_count(), |number| feed.provider(number));
                    self.tags = TagGroups::of(&self.context.marks);
                    self.stage = Stage::Count;
                }
            }
            Stage::Count => {
                if !self.for_next(InsightsCounter::count) {
                    self.make_buckets();
                    self.stage = Stage::OverTime;
                }
            }
            Stage::OverTime => {
                if !self.for_next(InsightsCounter::count_over_time) {
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        self.stage != Stage::Done
    }

    /// The result, complete once [`InsightsCounter::step`] has returned false.
    pub fn finish(self) -> Insights {
        self.insights
    }

    /// Calls `look` for the next articles; false when there are none left.
    fn for_next(&mut self, look: fn(&mut InsightsCounter, usize)) -> bool {
        let to = self.indices.len().min(self.done + STEP);
        for at in self.done..to {
            if let Some(index) = self.indices.get(at).copied() {
                look(self, index);
            }
        }
        let is_over = to == self.indices.len();
        self.done = if is_over { 0 } else { to };
        !is_over
    }

    fn count(&mut self, index: usize) {
        let SearchContext { feed, marks, now, .. } = &self.context;
        let Some(header) = feed.header(index) else { return };
        let is_read = marks.is_read(header.id);
        self.insights.articles += 1;
        self.insights.read += usize::from(is_read);
        self.insights.starred += usize::from(marks.is_starred(header.id));
        self.published.count(header.published.map(|date| date.at(now.zone)), is_read, now.at);
        if is_read {
            self.reading.count(marks.read_at(header.id), true, now.at);
        }
        self.providers.count(std::iter::once(header.provider), index, is_read);
        self.topics.count(feed.topic_numbers(index), index, is_read);
        self.tags.count(feed, marks, index, is_read);
    }

    /// Makes buckets from the counts by day, topic and provider.
    fn make_buckets(&mut self) {
        let InsightsCounter { insights, topics, providers, tags, published, reading, .. } = self;
        self.starts = ByPeriod::new(|period| published.starts(period));
        insights.published = ByPeriod::new(|period| published.buckets(period, Field::Date));
        insights.reading = ByPeriod::new(|period| reading.buckets(period, Field::ReadAt));
        (insights.published_period, insights.reading_period) = (published.fitting_period(), reading.fitting_period());
        insights.providers = buckets(providers, Field::Provider).0;
        insights.tags = Some(buckets(&tags.groups, Field::Tag).0).filter(|tags| tags.all > 0).unwrap_or_default();
        (insights.topics, self.bucket_of) = buckets(topics, Field::Topic);
        for bucket in &mut insights.topics.buckets {
            bucket.counts_over_time = ByPeriod::new(|period| vec![0; self.starts.of(period).len()]);
        }
    }

    fn count_over_time(&mut self, index: usize) {
        let feed = &self.context.feed;
        let Some(date) = feed.header(index).and_then(|header| header.published) else { return };
        let day = self.published.calendar.day(date.at(self.context.now.zone));
        let at = ByPeriod::new(|period| {
            // Days outside the range of periods are clamped by `start`, and belong to none.
            let start = Some(period.start(day)).filter(|start| *start <= day && day < period.next(*start))?;
            usize::try_from(period.between(start, *self.starts.of(period).first()?)).ok()
        });
        let count = |bucket: Option<&mut Bucket>| {
            for (period, counts) in bucket.into_iter().flat_map(|bucket| bucket.counts_over_time.each_mut()) {
                let slot = at.of(period).and_then(|at| counts.get_mut(at));
                slot.into_iter().for_each(|count| *count += 1);
            }
        };
        let buckets = &mut self.insights.topics.buckets;
        let mut has_none = true;
        // Another number than in `count`: under that one, the groups have counted this article already.
        self.topics.for_each_group(feed.topic_numbers(index), feed.len() + index, |group| {
            has_none = false;
            let at = self.bucket_of.get(group).and_then(|at| at.checked_sub(1));
            count(at.and_then(|at| buckets.get_mut(at)));
        });
        if has_none {
            count(buckets.last_mut().filter(|bucket| bucket.key == BucketKey::Unnamed));
        }
    }
}

impl DayCounts {
    fn new(zone: Zone) -> DayCounts {
        DayCounts { calendar: DayLookup::new(zone), days: BTreeMap::new(), undated: [0, 0], latest: None }
    }

    fn count(&mut self, date: Option<DateTime<Utc>>, is_read: bool, now: DateTime<Utc>) {
        let day = date.map(|date| self.calendar.day(date));
        count_article(day.map_or(&mut self.undated, |day| self.days.entry(day).or_default()), is_read);
        self.latest = self.latest.max(day.filter(|_| date.is_some_and(|date| date <= now)));
    }

    /// First days of the shown periods, latest first. They end with the latest article, not today, so that old archives have
    /// some. Articles in the future set the end only if there are no others.
    fn starts(&self, period: Period) -> Vec<NaiveDate> {
        let ends = |(first, last): (&NaiveDate, &NaiveDate)| period.latest_starts(self.latest.unwrap_or(*last), *first);
        self.days.keys().next().zip(self.days.keys().next_back()).map(ends).unwrap_or_default()
    }

    /// The period that gives 8 to 30 bars. The earliest 2 % of the articles do not count: a few of 1970 would leave one bar for all others.
    fn fitting_period(&self) -> Period {
        let all: usize = self.days.values().map(|counts| counts[0]).sum();
        let mut left = all / 50;
        let first = self.days.iter().find(|(_, counts)| match left.checked_sub(counts[0]) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
        let last = self.latest.or(self.days.keys().next_back().copied());
        first.zip(last).map_or(Period::default(), |((first, _), last)| Period::fitting((*first).min(last), last))
    }

    fn buckets(&self, period: Period, field: Field) -> Vec<Bucket> {
        let starts = self.starts(period);
        let sum = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
            let days = self
                .days
                .range((from.map_or(Bound::Unbounded, Bound::Included), to.map_or(Bound::Unbounded, Bound::Excluded)));
            days.fold([0, 0], |[all, read], (_, counts)| [all + counts[0], read + counts[1]])
        };
        let bucket = |what, counts| Bucket::new(field, what, counts);
        let later = starts
            .first()
            .map(|start| period.next(*start))
            .map(|from| bucket(BucketKey::Later(from), sum(Some(from), None)));
        let earlier = starts.last().map(|start| bucket(BucketKey::Earlier(*start), sum(None, Some(*start))));
        let undated = bucket(BucketKey::Undated, self.undated);
        let buckets = starts
            .iter()
            .map(|start| bucket(BucketKey::Period(period, *start), sum(Some(*start), Some(period.next(*start)))));
        let is_there = |bucket: &Bucket| bucket.count > 0;
        let rest = earlier.into_iter().chain([undated]).filter(is_there);
        later.into_iter().filter(is_there).chain(buckets).chain(rest).collect()
    }
}

/// Makes the buckets of all groups. Also returns, for each group, 1 + the index of its bucket, or 0 if it is not listed.
fn buckets(groups: &LabelGroups, field: Field) -> (NamedBuckets, Vec<usize>) {
    let named = groups.names.iter().zip(&groups.counts).enumerate().filter(|(_, (_, counts))| counts[0] > 0);
    let bucket = |(group, (name, counts)): (usize, (&SafeText, &ReadCounts))| {
        (group, Bucket::new(field, BucketKey::Named(name.clone()), *counts))
    };
    let mut buckets: Vec<(usize, Bucket)> = named.map(bucket).collect();
    buckets.sort_by(|(_, a), (_, b)| by_count(a, b));
    let all = buckets.len();
    buckets.truncate(MAX_LISTED);
    let mut bucket_of = vec![0; groups.names.len()];
    for (at, (group, _)) in buckets.iter().enumerate() {
        bucket_of.get_mut(*group).into_iter().for_each(|slot| *slot = at + 1);
    }
    let mut buckets: Vec<Bucket> = buckets.into_iter().map(|(_, bucket)| bucket).collect();
    if groups.none[0] > 0 {
        buckets.push(Bucket::new(field, BucketKey::Unnamed, groups.none));
    }
    (NamedBuckets { buckets, all }, bucket_of)
}
