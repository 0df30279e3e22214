//! The options of the insights: which chart, period and order.

use crate::query::Period;

/// One of the charts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InsightsSection {
    /// Number of articles over time.
    #[default]
    Articles,
    /// Articles per topic.
    Topics,
    /// Articles per provider.
    Providers,
    /// Articles per tag. Without tags there is no such chart.
    Tags,
    /// Number of articles read over time.
    Reading,
}

impl InsightsSection {
    /// All charts, in their order.
    pub const ALL: [InsightsSection; 5] = [
        InsightsSection::Articles,
        InsightsSection::Topics,
        InsightsSection::Providers,
        InsightsSection::Tags,
        InsightsSection::Reading,
    ];

    /// Its title.
    pub fn word(self) -> &'static str {
        match self {
            InsightsSection::Articles => "Articles",
            InsightsSection::Topics => "Topics",
            InsightsSection::Providers => "Providers",
            InsightsSection::Tags => "Tags",
            InsightsSection::Reading => "Reading",
        }
    }

    /// Whether its bars are labelled with names; otherwise with dates.
    pub fn has_names(self) -> bool {
        matches!(self, InsightsSection::Topics | InsightsSection::Providers | InsightsSection::Tags)
    }

    /// Whether it has counts over time, which a period changes.
    pub fn has_periods(self) -> bool {
        !matches!(self, InsightsSection::Providers | InsightsSection::Tags)
    }
}

/// The options of the charts, kept for the next time they are opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InsightsOptions {
    /// The chart shown.
    pub section: InsightsSection,
    /// The unit of the counts over time; `None` for the one that gives 8 to 30 bars.
    pub period: Option<Period>,
    /// Topics, providers and tags are sorted by the share of articles read; otherwise by their number.
    pub by_share: bool,
}
