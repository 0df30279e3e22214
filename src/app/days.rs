//! The days of a list that is sorted by date: which rows are of one day, and which arrived since the last visit. Days are found from
//! the rows that are on the screen, and counted by bisection, so a list of a million rows costs no more than a short one.

use chrono::{DateTime, NaiveDate, Utc};

use super::day_summary::DaySummary;
use super::list_pane::ListPane;
use crate::config::{DayLines, Settings};
use crate::dates::Now;
use crate::feed::{Feed, Marks};
use crate::query::SortKey;

/// Fewest lines of a list in which days have lines of their own, unless the setting asks for them.
const MIN_HEIGHT: u16 = 12;
/// Fewest lines of a list with lines for days: one for the day, and two for a row.
const LEAST_HEIGHT: u16 = 3;
/// Fewest rows of a day, on average: with fewer, lines would take the place of rows.
const ROWS_PER_DAY: usize = 3;
/// Days that are counted for that average, from the top of the list.
const SAMPLED_DAYS: usize = 32;

/// Rows of a list that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaySection {
    /// They arrived in this session, or between the last one and this one.
    New,
    /// All others, in a list without days.
    Earlier,
    /// They are of this day.
    Day(NaiveDate),
    /// They have no date.
    Undated,
}

/// The days of a list, from the latest to the earliest or the other way round; rows without a date come last.
#[derive(Clone, Copy)]
pub struct Days<'a> {
    list: &'a ListPane,
    feed: &'a Feed,
    now: Now,
    /// Number of rows at the top that are a section of their own.
    new_rows: usize,
    /// Days are sections.
    has_days: bool,
}

impl<'a> Days<'a> {
    /// The days of a list; `None` if it is not sorted by date, or no article has one.
    pub fn of(list: &'a ListPane, feed: &'a Feed, now: Now) -> Option<Days<'a>> {
        let is_by_date = list.summary().sort.is_some_and(|sort| sort.key == SortKey::Date);
        (is_by_date && list.summary().has_dates).then_some(Days { list, feed, now, new_rows: 0, has_days: true })
    }

    /// Counts the days. `since`: what arrived from then on is new.
    pub fn summary(&self, marks: &Marks, since: Option<DateTime<Utc>>) -> DaySummary {
        let arrived = |index: usize| self.feed.id(index).and_then(|id| marks.arrived(id));
        let is_new = |index: &usize| since.is_some() && arrived(*index) >= since;
        let new_rows = self.list.rows().iter().take_while(is_new).count();
        let (mut rows, mut days) = (0, 0);
        while days < SAMPLED_DAYS
            && let Some(next) = self.end(rows)
        {
            (rows, days) = (next, days + 1);
        }
        DaySummary { new_rows, is_dense: rows >= ROWS_PER_DAY * days }
    }

    /// The sections that lines separate in a pane of this height; `None` if it has no such lines.
    pub fn shown(list: &'a ListPane, feed: &'a Feed, now: Now, settings: &Settings, height: u16) -> Option<Days<'a>> {
        let summary = list.days();
        let has_days = match settings.list.day_lines {
            DayLines::No => return None,
            _ if height < LEAST_HEIGHT => return None,
            DayLines::Yes => true,
            DayLines::Auto if height < MIN_HEIGHT => return None,
            DayLines::Auto => summary.is_dense,
        };
        let new_rows = summary.new_rows.min(list.rows().len());
        let days = Days::of(list, feed, now).filter(|_| has_days || new_rows > 0)?;
        Some(Days { new_rows, has_days, ..days })
    }

    /// Whether the name of the section is also shown above rows whose first row is not on the screen.
    pub fn stay_visible(&self) -> bool {
        self.has_days
    }

    /// Whether an article of the new ones is shown.
    pub fn has_new(&self) -> bool {
        self.new_rows > 0
    }

    /// The section of a row.
    pub fn section(&self, row: usize) -> DaySection {
        if row < self.new_rows {
            return DaySection::New;
        }
        if !self.has_days {
            return DaySection::Earlier;
        }
        let header = self.list.placing_article(row, self.feed).and_then(|index| self.feed.header(index));
        let date = header.and_then(|header| header.published);
        // Articles dated in the future are sorted as if they were of today.
        date.map_or(DaySection::Undated, |date| {
            DaySection::Day(date.to_local(self.now.zone).date_naive().min(self.now.day()))
        })
    }

    /// Whether a row is the first one of its section.
    pub fn starts(&self, row: usize) -> bool {
        row == 0 || self.section(row) != self.section(row - 1)
    }

    /// The row after the last one of the section of `row`; `None` if there is no such row.
    fn end(&self, row: usize) -> Option<usize> {
        let count = self.list.rows().len();
        let section = (row < count).then(|| self.section(row))?;
        // The distance doubles until a row is of another section: most sections are short.
        let (mut inside, mut step) = (row, 1);
        while inside + step < count && self.section(inside + step) == section {
            (inside, step) = (inside + step, 2 * step);
        }
        let mut outside = count.min(inside + step);
        while inside + 1 < outside {
            let middle = inside + (outside - inside) / 2;
            if self.section(middle) == section { inside = middle } else { outside = middle }
        }
        Some(outside)
    }

    /// The first row of the section of `row`.
    pub fn start(&self, row: usize) -> usize {
        let section = self.section(row);
        let (mut inside, mut step) = (row, 1);
        while inside >= step && self.section(inside - step) == section {
            (inside, step) = (inside - step, 2 * step);
        }
        // All rows from `inside` on are of the section, and the one before `first` is not.
        let mut first = inside.checked_sub(step).map_or(0, |outside| outside + 1);
        while first < inside {
            let middle = first + (inside - first) / 2;
            if self.section(middle) == section { inside = middle } else { first = middle + 1 }
        }
        inside
    }

    /// Number of rows in the section of `row`.
    pub fn rows_of(&self, row: usize) -> usize {
        self.end(row).map_or(0, |end| end - self.start(row))
    }

    /// The first row of the next section; `None` in the last one.
    pub fn next(&self, row: usize) -> Option<usize> {
        self.end(row).filter(|end| *end < self.list.rows().len())
    }

    /// The first row of the section, or if `row` is that row, of the section before; `None` in the first row.
    pub fn previous(&self, row: usize) -> Option<usize> {
        let before = row.checked_sub(1)?;
        Some(self.start(before))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::app::rows::Rows;
    use crate::app::story_folds::FoldedRows;
    use crate::dates::{Date, Zone};
    use crate::feed::Article;
    use crate::query::{RowSummary, Sort};

    fn now() -> Now {
        Now { at: "2021-02-20T12:00:00Z".parse().expect("a time"), zone: Zone::Utc }
    }

    /// A list of articles that are these numbers of hours old, sorted by date; `None` is an article without a date.
    fn list(hours: &[Option<i32>], descending: bool) -> (ListPane, Feed) {
        let articles = hours.iter().zip(0..).map(|(hours, number)| {
            let builder = Article::builder("A").number(number + 1);
            let date = hours.map(|hours| Date::moment(now().at - chrono::TimeDelta::hours(hours.into())));
            Arc::new(date.into_iter().fold(builder, |builder, date| builder.published(date)).build())
        });
        let feed = Feed::new(articles.collect(), now());
        let mut rows: Vec<usize> = (0..feed.len()).collect();
        let is_dated = |index: &usize| feed.header(*index).is_some_and(|header| header.published.is_some());
        if !descending {
            rows.sort_by_key(|index| (!is_dated(index), std::cmp::Reverse(*index)));
        }
        let sort = Some(Sort { key: SortKey::Date, descending });
        let summary = RowSummary::of(&rows, sort, &feed, &Marks::default());
        let rows = Rows::of(rows.into_iter(), feed.len());
        let mut list = ListPane::default();
        list.set_rows((rows.clone(), summary), FoldedRows::flat(rows), None, &feed);
        (list, feed)
    }

    proptest! {
        /// Bisection finds the same sections as going through all rows.
        #[test]
        fn sections_are_found_from_any_row(
            hours in prop::collection::vec(prop::option::weighted(0.9, -50..400_i32), 0..80),
            descending: bool,
            new_rows in 0..20_usize,
            has_days: bool,
        ) {
            let (list, feed) = list(&hours, descending);
            let Some(days) = Days::of(&list, &feed, now()) else {
                prop_assert!(hours.iter().all(Option::is_none));
                return Ok(());
            };
            let days = Days { new_rows: new_rows.min(hours.len()), has_days, ..days };
            let sections: Vec<DaySection> = (0..hours.len()).map(|row| days.section(row)).collect();
            for (row, section) in sections.iter().enumerate() {
                let start = (0..row).rev().take_while(|row| sections[*row] == *section).last().unwrap_or(row);
                let end = (row..sections.len()).find(|row| sections[*row] != *section).unwrap_or(sections.len());
                prop_assert_eq!((days.start(row), days.end(row), days.rows_of(row)), (start, Some(end), end - start));
                prop_assert_eq!(days.starts(row), start == row);
                prop_assert_eq!(days.next(row), (end < sections.len()).then_some(end));
                let before = (row > 0).then(|| days.start(row - 1));
                prop_assert_eq!(days.previous(row), before);
            }
            prop_assert_eq!(days.end(hours.len()), None);
        }
    }

    #[test]
    fn lines_are_shown_where_they_help() {
        let settings = |day_lines| {
            let mut settings = Settings::in_utc();
            settings.list.day_lines = day_lines;
            settings
        };
        let (dense, sparse) = ([0, 1, 2, 3, 30, 31, 32, 50, 51, 52].map(Some), [0, 24, 48, 49, 72, 96, 120].map(Some));
        for (hours, day_lines, height, new, shown) in [
            (&dense[..], DayLines::Auto, 12, 0, Some(true)),
            (&dense[..], DayLines::Auto, 11, 0, None),
            (&dense[..], DayLines::No, 40, 3, None),
            (&sparse[..], DayLines::Auto, 40, 0, None),
            (&sparse[..], DayLines::Auto, 40, 2, Some(false)),
            (&sparse[..], DayLines::Yes, 40, 0, Some(true)),
            (&sparse[..], DayLines::Yes, 3, 0, Some(true)),
            (&sparse[..], DayLines::Yes, 2, 0, None),
            (&[None, None][..], DayLines::Yes, 40, 0, None),
        ] {
            let (mut list, feed) = list(hours, true);
            let summary = Days::of(&list, &feed, now()).map(|days| days.summary(&Marks::default(), None));
            list.set_days(summary.map(|summary| DaySummary { new_rows: new, ..summary }));
            let days = Days::shown(&list, &feed, now(), &settings(day_lines), height);
            assert_eq!(days.map(|days| days.stay_visible()), shown, "{hours:?} {day_lines:?} {height}");
        }
    }

    #[test]
    fn articles_that_arrived_since_the_session_began_are_new_up_to_the_first_other_one() {
        let (list, feed) = list(&[0, 1, 2, 3].map(Some), true);
        let since = now().at;
        let mut marks = Marks::default();
        for row in [0, 1, 3] {
            let articles = feed.id(row).into_iter().collect();
            let mark = crate::feed::Mark::Arrived(since);
            marks.apply(&crate::feed::Change { stamp: crate::feed::Stamp::NEVER, mark, articles });
        }
        let new = |since| Days::of(&list, &feed, now()).map(|days| days.summary(&marks, since).new_rows);
        assert_eq!(new(Some(since)), Some(2));
        assert_eq!(new(Some(since + chrono::TimeDelta::seconds(1))), Some(0));
        assert_eq!(new(None), Some(0));
    }
}
