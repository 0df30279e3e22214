//! What the charts show: which chart, by which period, in which order.

use crate::query::Period;

/// A chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InsightsSection {
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

impl InsightsSection {
    /// All of them, in their order.
    pub const ALL: [InsightsSection; 4] =
        [InsightsSection::Articles, InsightsSection::Topics, InsightsSection::Providers, InsightsSection::Reading];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            InsightsSection::Articles => "Articles",
            InsightsSection::Topics => "Topics",
            InsightsSection::Providers => "Providers",
            InsightsSection::Reading => "Reading",
        }
    }

    /// Whether its bars have names, and no dates.
    pub fn has_names(self) -> bool {
        matches!(self, InsightsSection::Topics | InsightsSection::Providers)
    }

    /// The next one, or with −1 the one before; behind the last comes the first.
    pub fn next(self, by: isize) -> InsightsSection {
        let at = InsightsSection::ALL.iter().position(|section| *section == self).unwrap_or(0) as isize;
        let next = (at + by).rem_euclid(InsightsSection::ALL.len() as isize);
        InsightsSection::ALL.get(next as usize).copied().unwrap_or_default()
    }
}

/// What the charts show, now or when they are opened again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InsightsOptions {
    /// The chart.
    pub section: InsightsSection,
    /// By days, weeks or months.
    pub period: Period,
    /// Topics and providers stand by the share that is read, not by their number.
    pub by_share: bool,
}
