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
    /// Number of articles read over time.
    Reading,
}

impl InsightsSection {
    /// All charts, in their order.
    pub const ALL: [InsightsSection; 4] =
        [InsightsSection::Articles, InsightsSection::Topics, InsightsSection::Providers, InsightsSection::Reading];

    /// Its title.
    pub fn word(self) -> &'static str {
        match self {
            InsightsSection::Articles => "Articles",
            InsightsSection::Topics => "Topics",
            InsightsSection::Providers => "Providers",
            InsightsSection::Reading => "Reading",
        }
    }

    /// Whether its bars are labelled with names; otherwise with dates.
    pub fn has_names(self) -> bool {
        matches!(self, InsightsSection::Topics | InsightsSection::Providers)
    }

    /// The next chart, or with −1 the previous one. Wraps around.
    pub fn next(self, by: isize) -> InsightsSection {
        let at = InsightsSection::ALL.iter().position(|section| *section == self).unwrap_or(0) as isize;
        let next = (at + by).rem_euclid(InsightsSection::ALL.len() as isize);
        InsightsSection::ALL.get(next as usize).copied().unwrap_or_default()
    }
}

/// The options of the charts, kept for the next time they are opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InsightsOptions {
    /// The chart shown.
    pub section: InsightsSection,
    /// The unit of the counts over time; `None` for the one that gives 8 to 30 bars.
    pub period: Option<Period>,
    /// Topics and providers are sorted by the share of articles read; otherwise by their number.
    pub by_share: bool,
}
