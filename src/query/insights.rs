//! The numbers of what a query finds: articles over time, topics, providers, what was read when; counted a part at a time.

use std::collections::BTreeMap;
use std::ops::Bound;

use chrono::{DateTime, NaiveDate, Utc};

use super::bucket::{Bucket, BucketKey, by_count};
use super::label_counts::{LabelGroups, ReadCounts, add};
use super::period::{ByPeriod, Period};
use super::search::Search;
use super::search_context::SearchContext;
use crate::dates::{DayLookup, Zone};
use crate::feed::{Field, SafeText};

/// The most topics and providers that are listed; the others are told as a number.
pub const LISTED: usize = 1000;
/// Articles that are counted in one step.
const MANY: usize = 1 << 13;

/// The numbers of what a query finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insights {
    /// Articles.
    pub articles: usize,
    /// How many of them are read.
    pub read: usize,
    /// How many of them are starred.
    pub starred: usize,
    /// Articles by when they were published, the latest first; then those that are earlier and those without a date. In front
    /// of them those that are later.
    pub published: ByPeriod<Vec<Bucket>>,
    /// What was read, by when, likewise.
    pub reading: ByPeriod<Vec<Bucket>>,
    /// Topics, largest first; then articles without any.
    pub topics: NamedBuckets,
    /// Providers, likewise.
    pub providers: NamedBuckets,
}

/// Topics or providers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedBuckets {
    /// Their bars.
    pub buckets: Vec<Bucket>,
    /// How many there are, with those that are not listed.
    pub all: usize,
}

/// Counts, of which some have been counted so far.
#[derive(Clone, Debug)]
pub struct InsightsCounter {
    context: SearchContext,
    search: Search,
    /// What is found.
    indices: Vec<usize>,
    /// What is done now.
    stage: Stage,
    /// Places that were looked at in it.
    looked: usize,
    topics: LabelGroups,
    providers: LabelGroups,
    published: DayCounts,
    reading: DayCounts,
    insights: Insights,
    /// For each group of topics: where its bar stands, from 1; 0 when it is not listed.
    bar_of: Vec<usize>,
    /// The starts of the periods that are shown.
    starts: ByPeriod<Vec<NaiveDate>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Search,
    Count,
    OverTime,
    Done,
}

/// Articles by days of the reader.
#[derive(Clone, Debug)]
struct DayCounts {
    calendar: DayLookup,
    days: BTreeMap<NaiveDate, ReadCounts>,
    undated: ReadCounts,
    /// The latest day that is not in the future.
    latest: Option<NaiveDate>,
}

impl InsightsCounter {
    /// Nothing is counted yet.
    pub fn new(search: Search, context: SearchContext) -> InsightsCounter {
        let zone = context.now.zone;
        InsightsCounter {
            context,
            search,
            indices: Vec::new(),
            stage: Stage::Search,
            looked: 0,
            topics: LabelGroups::default(),
            providers: LabelGroups::default(),
            published: DayCounts::new(zone),
            reading: DayCounts::new(zone),
            insights: Insights::default(),
            bar_of: Vec::new(),
            starts: ByPeriod::default(),
        }
    }

    /// Goes on for a while. False when there is nothing left to do.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        match self.stage {
            Stage::Search => {
                if !self.search.step(stop) {
                    self.indices = self.search.take_indices();
                    let feed = &self.context.feed;
                    self.topics = LabelGroups::new(feed.topic_count(), |number| feed.topic(number));
                    self.providers = LabelGroups::new(feed.provider_count(), |number| feed.provider(number));
                    self.stage = Stage::Count;
                }
            }
            Stage::Count => {
                if !self.next_places(InsightsCounter::count) {
                    self.add_up();
                    self.stage = Stage::OverTime;
                }
            }
            Stage::OverTime => {
                if !self.next_places(InsightsCounter::count_over_time) {
                    self.stage = Stage::Done;
                }
            }
            Stage::Done => {}
        }
        self.stage != Stage::Done
    }

    /// The numbers, when all is counted.
    pub fn done(self) -> Insights {
        self.insights
    }

    /// Looks at the next places. False when there are none left.
    fn next_places(&mut self, look: fn(&mut InsightsCounter, usize)) -> bool {
        let to = self.indices.len().min(self.looked + MANY);
        for at in self.looked..to {
            if let Some(index) = self.indices.get(at).copied() {
                look(self, index);
            }
        }
        let is_over = to == self.indices.len();
        self.looked = if is_over { 0 } else { to };
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
    }

    /// Makes bars of what was counted.
    fn add_up(&mut self) {
        let InsightsCounter { insights, topics, providers, published, reading, .. } = self;
        self.starts = ByPeriod::new(|period| published.starts(period));
        insights.published = ByPeriod::new(|period| published.bars(period, Field::Date));
        insights.reading = ByPeriod::new(|period| reading.bars(period, Field::ReadAt));
        insights.providers = bars(providers, Field::Provider).0;
        (insights.topics, self.bar_of) = bars(topics, Field::Topic);
        for bar in &mut insights.topics.buckets {
            bar.counts_over_time = ByPeriod::new(|period| vec![0; self.starts.of(period).len()]);
        }
    }

    fn count_over_time(&mut self, index: usize) {
        let feed = &self.context.feed;
        let Some(date) = feed.header(index).and_then(|header| header.published) else { return };
        let day = self.published.calendar.day(date.at(self.context.now.zone));
        let at = ByPeriod::new(|period| {
            // Outside of the calendar that has periods, a day is in none of them.
            let start = Some(period.start(day)).filter(|start| *start <= day && day < period.next(*start))?;
            usize::try_from(period.between(start, *self.starts.of(period).first()?)).ok()
        });
        let count = |bar: Option<&mut Bucket>| {
            for (period, counts) in bar.into_iter().flat_map(|bar| bar.counts_over_time.each_mut()) {
                let slot = at.of(period).and_then(|at| counts.get_mut(at));
                slot.into_iter().for_each(|count| *count += 1);
            }
        };
        let bars = &mut self.insights.topics.buckets;
        let mut has_none = true;
        self.topics.groups(feed.topic_numbers(index), feed.len() + index, |group| {
            has_none = false;
            let at = self.bar_of.get(group).and_then(|at| at.checked_sub(1));
            count(at.and_then(|at| bars.get_mut(at)));
        });
        if has_none {
            count(bars.last_mut().filter(|bar| bar.key == BucketKey::Unnamed));
        }
    }
}

impl DayCounts {
    fn new(zone: Zone) -> DayCounts {
        DayCounts { calendar: DayLookup::new(zone), days: BTreeMap::new(), undated: [0, 0], latest: None }
    }

    fn count(&mut self, date: Option<DateTime<Utc>>, is_read: bool, now: DateTime<Utc>) {
        let day = date.map(|date| self.calendar.day(date));
        add(day.map_or(&mut self.undated, |day| self.days.entry(day).or_default()), is_read);
        self.latest = self.latest.max(day.filter(|_| date.is_some_and(|date| date <= now)));
    }

    /// The starts of the periods that are shown, the latest first. They end with the latest article and not with the present
    /// time, so that an old archive has some; the future counts only where there is nothing else.
    fn starts(&self, period: Period) -> Vec<NaiveDate> {
        let ends = |(first, last): (&NaiveDate, &NaiveDate)| period.latest_starts(self.latest.unwrap_or(*last), *first);
        self.days.keys().next().zip(self.days.keys().next_back()).map(ends).unwrap_or_default()
    }

    fn bars(&self, period: Period, field: Field) -> Vec<Bucket> {
        let starts = self.starts(period);
        let sum = |from: Option<NaiveDate>, to: Option<NaiveDate>| {
            let days = self
                .days
                .range((from.map_or(Bound::Unbounded, Bound::Included), to.map_or(Bound::Unbounded, Bound::Excluded)));
            days.fold([0, 0], |[all, read], (_, counts)| [all + counts[0], read + counts[1]])
        };
        let bar = |what, counts| Bucket::new(field, what, counts);
        let later = starts
            .first()
            .map(|start| period.next(*start))
            .map(|from| bar(BucketKey::Later(from), sum(Some(from), None)));
        let earlier = starts.last().map(|start| bar(BucketKey::Earlier(*start), sum(None, Some(*start))));
        let undated = bar(BucketKey::Undated, self.undated);
        let bars = starts
            .iter()
            .map(|start| bar(BucketKey::Period(period, *start), sum(Some(*start), Some(period.next(*start)))));
        let is_there = |bar: &Bucket| bar.count > 0;
        let rest = earlier.into_iter().chain([undated]).filter(is_there);
        later.into_iter().filter(is_there).chain(bars).chain(rest).collect()
    }
}

/// The bars, and for each group where its bar stands, from 1; 0 when it is not listed.
fn bars(groups: &LabelGroups, field: Field) -> (NamedBuckets, Vec<usize>) {
    let named = groups.names.iter().zip(&groups.counts).enumerate().filter(|(_, (_, counts))| counts[0] > 0);
    let bar = |(group, (name, counts)): (usize, (&SafeText, &ReadCounts))| {
        (group, Bucket::new(field, BucketKey::Named(name.clone()), *counts))
    };
    let mut bars: Vec<(usize, Bucket)> = named.map(bar).collect();
    bars.sort_by(|(_, a), (_, b)| by_count(a, b));
    let all = bars.len();
    bars.truncate(LISTED);
    let mut bar_of = vec![0; groups.names.len()];
    for (at, (group, _)) in bars.iter().enumerate() {
        bar_of.get_mut(*group).into_iter().for_each(|bar| *bar = at + 1);
    }
    let mut bars: Vec<Bucket> = bars.into_iter().map(|(_, bar)| bar).collect();
    if groups.none[0] > 0 {
        bars.push(Bucket::new(field, BucketKey::Unnamed, groups.none));
    }
    (NamedBuckets { buckets: bars, all }, bar_of)
}
