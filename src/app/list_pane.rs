//! The list pane: the articles that the query finds, the selection and the scroll position.

use std::ops::Range;

use super::day_summary::DaySummary;
use super::rows::Rows;
use super::story_folds::FoldedRows;
use crate::feed::{ArticleId, Feed};
use crate::query::RowSummary;

/// The rows, the selected row and the first row shown. The selection follows its article when rows change.
#[derive(Clone, Debug, Default)]
pub struct ListPane {
    /// The articles that the query finds, folded members included.
    found: Rows,
    /// The rows: `found`, folded by stories.
    folded: FoldedRows,
    /// Order and columns of `found`.
    summary: RowSummary,
    /// The days of the rows. `None` until they are counted again.
    days: Option<DaySummary>,
    selected: usize,
    offset: usize,
    /// The user moved the selection: it follows its article from now on. Before that it stays in the first row, so that
    /// newer articles that arrive while loading are selected.
    follows_article: bool,
    /// The selection was moved since the rows were set.
    selection_moved: bool,
    /// The start of the range, as an article and its row. The range ends at the selection.
    range: Option<(ArticleId, usize)>,
    /// The mouse was dragged over the range: the next click ends it.
    is_dragged: bool,
}

impl ListPane {
    /// The rows: indexes of articles in the feed.
    pub fn rows(&self) -> &Rows {
        &self.folded.rows
    }

    /// All articles that the query finds, folded members included.
    pub fn found(&self) -> &Rows {
        &self.found
    }

    /// The order of the rows, and which columns they can fill.
    pub fn summary(&self) -> &RowSummary {
        &self.summary
    }

    /// The days of the rows.
    pub fn days(&self) -> DaySummary {
        self.days.unwrap_or_default()
    }

    /// Whether the days must be counted, because the rows changed since.
    pub fn needs_days(&self) -> bool {
        self.days.is_none()
    }

    /// Sets the days of the rows; with `None`, they must be counted again.
    pub fn set_days(&mut self, days: Option<DaySummary>) {
        self.days = days;
    }

    /// The article whose date places a row in a list that is sorted by date: the head of a member that is shown below it, or the
    /// member by which a head is found.
    pub fn placing_article(&self, row: usize, feed: &Feed) -> Option<usize> {
        let index = self.rows().get(row)?;
        let head = self.head_over(index, feed).unwrap_or(index);
        Some(self.placing_member(head).unwrap_or(head))
    }

    /// The member at whose position a head is listed. `None` if the head is at its own.
    pub fn placing_member(&self, head: usize) -> Option<usize> {
        self.folded.placing_member(head)
    }

    /// The head of the row that an article is under or folded into.
    pub fn head_over(&self, index: usize, feed: &Feed) -> Option<usize> {
        self.folded.head_over(index, feed)
    }

    /// The selected row.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The first row to show. The frame moves it so that the selection is on the screen.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The index in the feed of the selected article.
    pub fn article_index(&self) -> Option<usize> {
        self.rows().get(self.selected)
    }

    /// Sets what a query finds, and the rows. The selection stays on its article or the head that represents it, else on its
    /// row number, and keeps its height on the screen; at the top of the list, the view stays there.
    pub fn set_rows(
        &mut self,
        (found, summary): (Rows, RowSummary),
        folded: FoldedRows,
        selected: Option<ArticleId>,
        feed: &Feed,
    ) {
        self.selection_moved = false;
        (self.found, self.summary) = (found, summary);
        self.fold(folded, selected.filter(|_| self.follows_article), feed);
    }

    /// Sets other rows for the same articles.
    pub fn fold(&mut self, folded: FoldedRows, selected: Option<ArticleId>, feed: &Feed) {
        let on_screen = self.selected.saturating_sub(self.offset);
        let row_of = |id: ArticleId| feed.index_of(id).and_then(|index| folded.row_of(index, feed));
        self.selected = match selected.and_then(row_of) {
            Some(row) => row,
            None if self.follows_article => self.selected.min(folded.rows.len().saturating_sub(1)),
            None => 0,
        };
        // At the top, rows that are added above come into view: the user sees that they arrived.
        let is_at_top = self.offset == 0;
        self.offset = if is_at_top { 0 } else { self.selected.saturating_sub(on_screen) };
        self.range = self.range.and_then(|(id, _)| Some((id, row_of(id)?)));
        (self.folded, self.days) = (folded, None);
    }

    /// Makes the selection follow its article from now on, even if the user has not moved it.
    pub fn pin_selection(&mut self) {
        self.follows_article = true;
    }

    /// Makes the next rows select the article that they are set with, even if the user has moved the selection.
    pub fn follow_next_selection(&mut self) {
        (self.follows_article, self.selection_moved) = (true, false);
    }

    /// The index of the selected article, or if `is_there` rejects it, of the nearest accepted one: first below the selection,
    /// then above it. The members of a story follow their head. `feed` must be the feed of the rows.
    pub fn nearest(&self, feed: &Feed, is_there: impl Fn(usize) -> bool) -> Option<usize> {
        let below = self.rows().between(self.selected..usize::MAX);
        let rows = below.chain(self.rows().between(0..self.selected).rev());
        rows.flat_map(|row| std::iter::once(row).chain(feed.members_led_by(row))).find(|index| is_there(*index))
    }

    /// Starts a range at the selected row, or ends it.
    pub fn toggle_range(&mut self, feed: &Feed) {
        self.is_dragged = false;
        let article = self.article_index().and_then(|index| feed.id(index));
        self.range = match self.range {
            Some(_) => None,
            None => article.map(|id| (id, self.selected)),
        };
    }

    /// Selects a range of this number of rows, from the selected one down. The selection stays.
    pub fn select_range(&mut self, rows: usize, feed: &Feed) {
        let last = (self.selected + rows.saturating_sub(1)).min(self.rows().len().saturating_sub(1));
        let article = self.rows().get(last).and_then(|index| feed.id(index));
        self.range = article.map(|id| (id, last));
    }

    /// Selects the rows from `first` to `last`, over which the mouse was dragged.
    pub fn drag_range(&mut self, first: usize, last: usize, feed: &Feed) {
        let article = self.rows().get(first).and_then(|index| feed.id(index));
        self.range = article.map(|id| (id, first)).filter(|_| first != last);
        self.is_dragged = true;
        self.select(last);
    }

    /// Ends a range over which the mouse was dragged, because the user clicks a row.
    pub fn end_dragged_range(&mut self) {
        if self.is_dragged {
            self.end_range();
        }
    }

    /// Ends the range.
    pub fn end_range(&mut self) {
        (self.range, self.is_dragged) = (None, false);
    }

    /// The rows from the start of the range to the selection; empty without a range.
    pub fn range_rows(&self) -> Range<usize> {
        self.range.map_or(0..0, |(_, row)| row.min(self.selected)..row.max(self.selected) + 1)
    }

    /// The indexes of the articles in these rows.
    pub fn range(&self) -> impl Iterator<Item = usize> {
        self.rows().between(self.range_rows())
    }

    /// Selects the first row, as in a list where the user never moved.
    pub fn reset_to_top(&mut self) {
        (self.selected, self.offset, self.follows_article) = (0, 0, false);
    }

    /// Whether the selection was moved since the rows were set.
    pub fn selection_moved(&self) -> bool {
        self.selection_moved
    }

    /// Selects a row, or the last one if `row` is too large.
    pub fn select(&mut self, row: usize) {
        (self.follows_article, self.selection_moved) = (true, true);
        self.selected = row.min(self.rows().len().saturating_sub(1));
    }

    /// The row of an article, or of the head that represents it.
    pub fn row_of(&self, index: usize, feed: &Feed) -> Option<usize> {
        self.folded.row_of(index, feed)
    }

    /// Selects a row, with `above` rows above it on the screen.
    pub fn select_at(&mut self, row: usize, above: usize) {
        self.select(row);
        self.offset = self.selected.saturating_sub(above);
    }

    /// Selects the row of an article. False if it has none.
    pub fn select_index(&mut self, index: usize, feed: &Feed) -> bool {
        let row = self.row_of(index, feed);
        if let Some(row) = row {
            self.select(row);
        }
        row.is_some()
    }

    /// Moves the selection by rows; stops at the ends.
    pub fn step(&mut self, rows: isize) {
        self.select(self.selected.saturating_add_signed(rows));
    }

    /// Scrolls to an offset, and selects a row. True if another one was selected before.
    pub fn scroll_to(&mut self, (offset, selected): (usize, usize)) -> bool {
        let before = self.selected;
        // Only then: `select` counts as a move of the user, and the selection would follow its article.
        if selected != before {
            self.select(selected);
        }
        self.offset = offset;
        selected != before
    }

    /// Takes over the first row that the frame showed.
    pub fn frame_drawn(&mut self, offset: usize) {
        self.offset = offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_row_is_below_else_above() {
        let rows = Rows::of([4, 7, 2, 9].into_iter(), 10);
        let list = ListPane { folded: FoldedRows::flat(rows), selected: 2, ..ListPane::default() };
        for (there, nearest) in
            [(vec![2, 9, 7], Some(2)), (vec![4, 9, 7], Some(9)), (vec![4, 7], Some(7)), (vec![], None)]
        {
            assert_eq!(list.nearest(&Feed::default(), |index| there.contains(&index)), nearest);
        }
    }
}
