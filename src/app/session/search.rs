//! Sets the query, searches for its rows, and shows them.

use super::{App, views};
use crate::app::effect::{Effect, Effects};
use crate::app::overlays::PromptState;
use crate::app::rows::Rows;
use crate::feed::ArticleId;
use crate::jobs::JobId;
use crate::jobs::list_rows::FoundRows;
use crate::query::Query;

impl App {
    /// Searches again with the present marks, unless the rows are up to date.
    pub(super) fn refresh(&mut self) -> Effects {
        if !self.search.is_stale(self.marks.all()) {
            return Effects::none();
        }
        self.update_view_marks();
        self.search_rows(self.selected_article(), false)
    }

    /// Makes searches use the present marks.
    pub(super) fn update_view_marks(&mut self) {
        self.rules.refresh();
        self.search.set_marks(self.marks.all().clone());
    }

    /// Requests the rows of the query.
    pub(super) fn search_rows(&mut self, anchor: Option<ArticleId>, is_new_query: bool) -> Effects {
        let search_context = self.search_context();
        Effect::RunJob(self.search.start(search_context, anchor, is_new_query)).into()
    }

    pub(super) fn receive_rows(&mut self, job: JobId, FoundRows { result: found, summary }: FoundRows) -> Effects {
        let Some(pending) = self.search.found(job, &found, self.time.now()) else { return Effects::none() };
        let App { loaded_feed, search, panes, overlays, stories, .. } = self;
        let feed = loaded_feed.feed();
        // If the user has not moved since the search began, select the article that was selected then.
        let selected = if panes.list().selection_moved() { panes.list().article_index() } else { None };
        let selected = selected.and_then(|index| loaded_feed.id_at(index)).or(pending.anchor);
        let rows = Rows::of(found.indices.iter().copied(), feed.len());
        let folded = stories.fold(&rows, feed, search.query().sort().is_none(), |head| search.marks().is_hidden(head));
        let is_there = |id| feed.index_of(id).is_some_and(|index| folded.row_of(index, feed).is_some());
        let kept = selected.filter(|id| is_there(*id));
        let typing = overlays.top_as::<PromptState>().is_some_and(PromptState::is_query);
        if pending.is_new_query && (typing || kept.is_none()) {
            panes.list_mut().reset_to_top();
        }
        // If the selected article has no row, select the nearest one.
        let next = || panes.list().nearest(feed, folded.has_row(feed)).and_then(|index| feed.id(index));
        let selected = kept.or_else(next);
        panes.list_mut().set_rows((rows, summary), folded, selected, feed);
        // While the user reads, only another query replaces the article; reloads and marks move the list below it.
        if pending.is_new_query || panes.article(feed).is_none() || panes.focus().shows_selected() {
            panes.show_selected(feed);
        }
        self.unread.set_found(panes.list().found());
        self.try_restore_position();
        if found.complete && !self.is_loading() {
            self.restored.end();
        }
        Effects::none()
    }

    /// The selected article of the list.
    pub(super) fn selected_article(&self) -> Option<ArticleId> {
        self.panes.list().article_index().and_then(|index| self.loaded_feed.id_at(index))
    }

    pub(super) fn set_query(&mut self, query: Query) -> Effects {
        if query == *self.query() {
            // The same query again is a request for its present rows: those read since leave a list of unread ones.
            return self.refresh();
        }
        views::record(self);
        self.replace_query(query)
    }

    /// Sets another query, without a way back to the present one.
    pub(super) fn replace_query(&mut self, query: Query) -> Effects {
        self.update_view_marks();
        self.panes.list_mut().end_range();
        let selected = self.selected_article();
        self.search.set_query(query);
        self.search_rows(selected, true)
    }
}
