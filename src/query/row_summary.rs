//! What is known of the articles that a query finds as a whole: their order, and which columns of a list they can fill.

use super::syntax_tree::{Sort, SortKey};
use crate::dates::Date;
use crate::feed::{ArticleHeader, Feed, Field, Marks, filled_columns};

/// The order of rows, and which columns some row can fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowSummary {
    /// The order. `None` if the rows are ranked by how well they match.
    pub sort: Option<Sort>,
    /// An article names its provider.
    pub has_providers: bool,
    /// An article has a date, see [`RowSummary::date`].
    pub has_dates: bool,
    /// An article has a date with a time of day.
    pub has_times: bool,
    /// Columns of the longest number that the rows are sorted by; 0 if they are not sorted by a number.
    pub number_columns: usize,
}

impl RowSummary {
    /// The summary of the articles that a query found, in their order, with the marks that it used. Each search for an article with
    /// some value stops at the first one; without such an article it goes through all of them, so it is no work for a key.
    pub fn of(found: &[usize], sort: Option<Sort>, feed: &Feed, marks: &Marks) -> RowSummary {
        let mut summary = RowSummary { sort, ..RowSummary::default() };
        let header = |row: usize| found.get(row).and_then(|index| feed.header(*index));
        let headers = || found.iter().filter_map(|index| feed.header(*index));
        let is_dated = |header: &ArticleHeader| summary.date(header, marks).is_some();
        summary.has_dates = match summary.key() {
            // Articles without a value of the sort key come last.
            Some(SortKey::Date | SortKey::ReadAt | SortKey::Added) => header(0).as_ref().is_some_and(is_dated),
            _ => headers().any(|header| is_dated(&header)),
        };
        // Only below lines with the day it matters whether there are times.
        let may_have_lines = summary.has_dates && summary.key() == Some(SortKey::Date);
        summary.has_times = may_have_lines && headers().any(|header| filled_columns::has_time(&header));
        let unnamed = filled_columns::unnamed_provider(feed);
        summary.has_providers =
            filled_columns::has_providers(feed) && headers().any(|header| Some(header.provider) != unnamed);
        let number = |row: usize| summary.number(&header(row)?, marks);
        // In their order, the longest number is the first one or the last one.
        let mut numbered = (0, found.len());
        while numbered.0 < numbered.1 {
            let middle = numbered.0 + (numbered.1 - numbered.0) / 2;
            if number(middle).is_some() { numbered.0 = middle + 1 } else { numbered.1 = middle }
        }
        let ends = [Some(0), numbered.0.checked_sub(1)].into_iter().flatten().filter_map(number);
        summary.number_columns = ends.map(|number| number.len()).max().unwrap_or(0);
        summary
    }

    /// The summary of all articles of a feed in its order; `first` is the first one that is not hidden. Which values some article has
    /// is known of the feed, also of hidden articles.
    pub fn of_feed(first: Option<usize>, feed: &Feed) -> RowSummary {
        let has_dates = first.and_then(|index| feed.header(index)).is_some_and(|header| header.published.is_some());
        RowSummary {
            sort: Some(Sort::default()),
            has_providers: filled_columns::has_providers(feed),
            has_dates,
            has_times: has_dates && filled_columns::has_times(feed),
            number_columns: 0,
        }
    }

    fn key(&self) -> Option<SortKey> {
        self.sort.map(|sort| sort.key)
    }

    /// The date of an article that its row shows: the one that the rows are sorted by, else that of its publication.
    pub fn date(&self, header: &ArticleHeader, marks: &Marks) -> Option<Date> {
        match self.key() {
            Some(SortKey::ReadAt) => marks.read_at(header.id).map(Date::moment),
            Some(SortKey::Added) => marks.arrived(header.id).or(header.modified).map(Date::moment),
            _ => header.published,
        }
    }

    /// The number of an article that the rows are sorted by, as text. `None` if they are sorted by something else, or it has none.
    pub fn number(&self, header: &ArticleHeader, marks: &Marks) -> Option<String> {
        match self.key()? {
            SortKey::Heat => header.number(Field::Heat).map(|number| number.to_string()),
            SortKey::Quality => header.number(Field::Quality).map(|number| number.to_string()),
            SortKey::Score => Some(format!("{:+}", marks.score(header.id))),
            _ => None,
        }
    }
}
