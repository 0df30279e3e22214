//! The charts over the panes: which of them is shown, by which period, and the bar that is selected.

use super::cursor::Cursor;
use crate::query::{Bar, Insights, Named, Period, Query, by_count, by_share};

/// A chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// Articles over time.
    #[default]
    Articles,
    /// Topics.
    Topics,
    /// Providers.
    Providers,
    /// What was read, over time.
    Reading,
}

impl Section {
    /// All of them, in their order.
    pub const ALL: [Section; 4] = [Section::Articles, Section::Topics, Section::Providers, Section::Reading];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Section::Articles => "Articles",
            Section::Topics => "Topics",
            Section::Providers => "Providers",
            Section::Reading => "Reading",
        }
    }

    /// Whether its bars have names, and no dates.
    pub fn has_names(self) -> bool {
        matches!(self, Section::Topics | Section::Providers)
    }

    /// The next one, or with −1 the one before; behind the last comes the first.
    fn next(self, by: isize) -> Section {
        let at = Section::ALL.iter().position(|section| *section == self).unwrap_or(0) as isize;
        let next = (at + by).rem_euclid(Section::ALL.len() as isize);
        Section::ALL.get(next as usize).copied().unwrap_or_default()
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// The chart.
    pub section: Section,
    /// By days, weeks or months.
    pub period: Period,
    /// Topics and providers stand by the share that is read, not by their number.
    pub by_share: bool,
}

/// The charts of what a query finds.
#[derive(Clone, Debug)]
pub struct InsightsView {
    /// The request that will be answered with the numbers.
    pub ticket: u64,
    /// The query.
    pub query: Query,
    /// What is looked at.
    pub glance: Glance,
    /// The selected bar.
    pub cursor: Cursor,
    numbers: Option<Insights>,
}

impl InsightsView {
    /// Charts whose numbers are being counted.
    pub fn new(ticket: u64, query: Query, glance: Glance) -> InsightsView {
        InsightsView { ticket, query, glance, cursor: Cursor::default(), numbers: None }
    }

    /// The numbers; none while they are being counted.
    pub fn numbers(&self) -> Option<&Insights> {
        self.numbers.as_ref()
    }

    /// The bars of the chart that is shown.
    pub fn bars(&self) -> &[Bar] {
        let Some(numbers) = &self.numbers else { return &[] };
        match self.glance.section {
            Section::Articles => numbers.published.of(self.glance.period),
            Section::Topics => &numbers.topics.bars,
            Section::Providers => &numbers.providers.bars,
            Section::Reading => numbers.reading.of(self.glance.period),
        }
    }

    /// The number of the selected bar.
    pub fn at(&self) -> usize {
        self.cursor.at
    }

    /// The query that the selected bar leads to.
    pub fn chosen(&self) -> Option<Query> {
        self.bars().get(self.cursor.at).map(|bar| self.query.at(bar))
    }

    /// Takes in the numbers. The selection stays on its bar.
    pub fn take(&mut self, numbers: Insights) {
        let selected = self.bars().get(self.cursor.at).cloned();
        self.numbers = Some(numbers);
        self.order();
        self.select(selected.as_ref());
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        let count = self.bars().len();
        self.cursor.step(by, count);
    }

    /// Shows the next section, or with −1 the one before.
    pub fn turn(&mut self, by: isize) {
        (self.glance.section, self.cursor) = (self.glance.section.next(by), Cursor::default());
    }

    /// Shows the bars of another period.
    pub fn count_by(&mut self, period: Period) {
        if self.glance.section.has_names() {
            self.glance.period = period;
        } else if self.glance.period != period {
            (self.glance.period, self.cursor) = (period, Cursor::default());
        }
    }

    /// Orders topics and providers by their number, or by the share that is read.
    pub fn turn_order(&mut self) {
        if self.glance.section.has_names() {
            (self.glance.by_share, self.cursor) = (!self.glance.by_share, Cursor::default());
            self.order();
        }
    }

    fn order(&mut self) {
        let order = if self.glance.by_share { by_share } else { by_count };
        if let Some(Insights { topics, providers, .. }) = &mut self.numbers {
            [topics, providers].into_iter().for_each(|Named { bars, .. }| bars.sort_by(order));
        }
    }

    fn select(&mut self, bar: Option<&Bar>) {
        let same = bar.and_then(|bar| self.bars().iter().position(|other| other.is_same(bar)));
        self.cursor.at = same.unwrap_or(self.cursor.at).min(self.bars().len().saturating_sub(1));
    }
}
