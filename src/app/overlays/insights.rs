//! The insights as charts: the counts, which chart is shown with which options, and the selected bar.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::insights_options::{InsightsOptions, InsightsSection};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::jobs::{Answer, Job, JobId, insights};
use crate::query::{Bucket, Insights, NamedBuckets, Period, Query, SearchContext, by_count, by_share};

/// Charts of the articles that a query finds.
#[derive(Clone, Debug)]
pub struct InsightsView {
    job: Option<JobId>,
    /// The query whose articles are counted.
    pub query: Query,
    /// The chart shown, its period and its order.
    pub options: InsightsOptions,
    /// The selected bar.
    pub cursor: OverlayCursor,
    numbers: Option<Insights>,
}

impl InsightsView {
    /// The chart that was shown last, without counts yet.
    pub fn open(session: &SessionParts) -> InsightsView {
        let (query, options) = (session.query.clone(), session.insights);
        InsightsView { job: None, query, options, cursor: OverlayCursor::default(), numbers: None }
    }

    /// The counts; `None` until they are computed.
    pub fn numbers(&self) -> Option<&Insights> {
        self.numbers.as_ref()
    }

    /// The unit of the counts over time: the chosen one, else the one that gives 8 to 30 bars.
    pub fn period(&self) -> Period {
        let fitting = self.numbers.as_ref().map(|numbers| match self.options.section {
            InsightsSection::Reading => numbers.reading_period,
            _ => numbers.published_period,
        });
        self.options.period.or(fitting).unwrap_or_default()
    }

    /// The bars of the chart shown; empty until they are counted.
    pub fn bars(&self) -> &[Bucket] {
        let Some(numbers) = &self.numbers else { return &[] };
        match self.options.section {
            InsightsSection::Articles => numbers.published.of(self.period()),
            InsightsSection::Topics => &numbers.topics.buckets,
            InsightsSection::Providers => &numbers.providers.buckets,
            InsightsSection::Tags => &numbers.tags.buckets,
            InsightsSection::Reading => numbers.reading.of(self.period()),
        }
    }

    /// The charts that there are, in their order.
    pub fn sections(&self) -> impl Iterator<Item = InsightsSection> {
        let has_tags = self.numbers.as_ref().is_some_and(|numbers| numbers.tags.all > 0);
        let section = self.options.section;
        let is_there = move |one: &InsightsSection| *one != InsightsSection::Tags || has_tags || *one == section;
        InsightsSection::ALL.into_iter().filter(is_there)
    }

    /// The index of the selected bar.
    pub fn at(&self) -> usize {
        self.cursor.at
    }

    /// The query for the articles of the selected bar.
    fn chosen(&self) -> Option<Query> {
        self.bars().get(self.cursor.at).map(|bar| self.query.narrowed_to(bar))
    }

    /// Sets the counts. The selection stays on its bar.
    fn set_numbers(&mut self, numbers: Insights) {
        let selected = self.bars().get(self.cursor.at).cloned();
        self.numbers = Some(numbers);
        self.sort_names();
        self.select(selected.as_ref());
    }

    /// Shows the next chart, or with −1 the previous one. Wraps around.
    fn next_section(&mut self, by: isize) {
        let sections: Vec<InsightsSection> = self.sections().collect();
        let at = sections.iter().position(|section| *section == self.options.section).unwrap_or(0) as isize;
        let next = (at + by).rem_euclid(sections.len().max(1) as isize);
        let section = sections.get(next as usize).copied().unwrap_or_default();
        (self.options.section, self.cursor) = (section, OverlayCursor::default());
    }

    /// Counts by another period; the chosen one again ends the choice.
    fn set_period(&mut self, period: Period) {
        let before = self.period();
        self.options.period = Some(period).filter(|period| self.options.period != Some(*period));
        // The bars of names stay: only their counts over time follow the period. Other bars are periods.
        if !self.options.section.has_names() && self.period() != before {
            self.cursor = OverlayCursor::default();
        }
    }

    /// Switches the order of topics, providers and tags between number of articles and share read.
    fn toggle_order(&mut self) {
        if self.options.section.has_names() {
            (self.options.by_share, self.cursor) = (!self.options.by_share, OverlayCursor::default());
            self.sort_names();
        }
    }

    fn sort_names(&mut self) {
        let order = if self.options.by_share { by_share } else { by_count };
        if let Some(Insights { topics, providers, tags, .. }) = &mut self.numbers {
            [topics, providers, tags].into_iter().for_each(|NamedBuckets { buckets, .. }| buckets.sort_by(order));
        }
    }

    fn select(&mut self, bar: Option<&Bucket>) {
        let same = bar.and_then(|bar| self.bars().iter().position(|other| other.has_same_key(bar)));
        self.cursor.at = same.unwrap_or(self.cursor.at).min(self.bars().len().saturating_sub(1));
    }
}

impl OverlayBehaviour for InsightsView {
    fn context(&self) -> Context {
        Context::Insights
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.bars().len();
        Some((&mut self.cursor, count))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            // Without a bar to open, the charts stay open.
            Action::Open => {
                return self.chosen().map_or_else(Outcome::stay, |query| {
                    Outcome::Close(vec![OverlayRequest::FocusList, OverlayRequest::SetQuery(query)])
                });
            }
            Action::NextPane => self.next_section(1),
            Action::PreviousPane => self.next_section(-1),
            Action::ByDay => self.set_period(Period::Day),
            Action::ByWeek => self.set_period(Period::Week),
            Action::ByMonth => self.set_period(Period::Month),
            Action::ByQuarter => self.set_period(Period::Quarter),
            Action::ByYear => self.set_period(Period::Year),
            Action::Sort => self.toggle_order(),
            _ => return Outcome::Ignored,
        }
        Outcome::Stay(vec![OverlayRequest::RememberInsights(self.options)])
    }

    fn choose(&mut self, at: usize, _: &SessionParts) -> Outcome {
        let chosen = self.sections().nth(at);
        if let Some(section) = chosen {
            (self.options.section, self.cursor) = (section, OverlayCursor::default());
        }
        Outcome::Stay(vec![OverlayRequest::RememberInsights(self.options)])
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Open => !self.bars().is_empty(),
            Action::Sort => self.options.section.has_names(),
            Action::ByDay | Action::ByWeek | Action::ByMonth | Action::ByQuarter | Action::ByYear => {
                self.options.section.has_periods()
            }
            _ => true,
        }
    }

    fn job(&mut self, search_context: &SearchContext) -> Option<Job> {
        let job = insights::count(&self.query, search_context.clone());
        self.job = Some(job.id);
        Some(job)
    }

    fn awaited_job(&self) -> Option<JobId> {
        self.job
    }

    fn take_answer(&mut self, answer: Answer) {
        if let Answer::Insights(numbers) = answer {
            self.set_numbers(*numbers);
        }
    }
}
