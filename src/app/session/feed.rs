//! Replaces the feed after a load, and keeps selection and scroll on their articles.

use std::sync::Arc;

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::event::LibraryChange;
use crate::app::overlays::{ProblemList, Welcome};
use crate::app::restored_session::RestoredSession;
use crate::app::rows::Rows;
use crate::feed::{ArticleId, Feed, Problem, SafeText};
use crate::jobs::JobKind;
use crate::query::{Query, RowSummary};

impl App {
    /// Requests a reload. From now on the selection stays on its article, even if new articles come above it.
    pub(super) fn files_changed(&mut self) -> Effects {
        // Without rows there is no article to stay on: the newest one that arrives is selected.
        if !self.panes.list().rows().is_empty() {
            self.panes.list_mut().pin_selection();
        }
        Effect::ReloadFiles.into()
    }

    /// Adopts a change of the library. Its articles follow with the next load.
    pub(super) fn change_library(&mut self, name: SafeText, change: LibraryChange) -> Effects {
        (self.library_name, self.welcome) = (name, None);
        let LibraryChange::Replaced { bookmark, arrives } = change else {
            // As with changed files: new articles do not move the selection.
            self.panes.list_mut().pin_selection();
            return Effects::none();
        };
        if self.overlays.top_as::<Welcome>().is_some() {
            self.overlays.pop();
        }
        self.news.library_replaced(bookmark.is_none(), arrives);
        let query = bookmark.as_ref().and_then(|bookmark| self.search.parse(&bookmark.query).ok());
        self.restored = RestoredSession::new(bookmark.map(|bookmark| *bookmark));
        query.map(|query| self.set_query(query)).unwrap_or_default()
    }

    /// Replaces the feed and updates everything that depends on it. `complete` is false while more files are being read.
    pub(super) fn replace_feed(&mut self, feed: Arc<Feed>, problems: Vec<Problem>, complete: bool) -> Effects {
        let old = self.loaded_feed.feed().clone();
        // Before the feed is shown: a new article with a shared id must not show the marks of the other one.
        let feed = feed.with_marked_identities(self.marks(), &old).map_or(feed, Arc::new);
        // Read from the old feed: once it is replaced, the indexes of its rows and entries mean other articles.
        let related = self.panes.related_target(&old);
        self.panes.detail_mut().keep_position(&self.frame.detail);
        self.panes.detail_mut().pictures_mut().outdate();
        let problem = self.selected_problem().cloned();
        let is_new_query = self.search.is_of_other_query();
        let shown = self.panes.detail().article().and_then(|id| old.index_of(id));
        let edited = shown.and_then(|was| feed.index_after_edit(&old, was)).and_then(|index| feed.id(index));
        edited.into_iter().for_each(|id| self.panes.detail_mut().rename(id));
        // Parts of the first load are not compared: arrivals are searched for in complete feeds only.
        if complete && !old.is_empty() {
            self.news.feed_replaced(old.clone());
        }
        self.loaded_feed.replace(feed);
        // Running searches and cached results refer to the old feed.
        self.search.stop();
        self.jobs.drop_all(JobKind::Rows);
        self.search.clear_matches();
        self.unread.rebuild(self.loaded_feed.feed(), self.marks.all());
        self.panes.navigation_mut().saved.feed_replaced();
        self.problems.set_of_articles(problems);
        self.select_problem(problem.as_ref());
        self.panes.select_related(related.as_ref(), self.loaded_feed.feed());
        // Before the requests below: while articles are loading they request nothing.
        if complete {
            self.jobs.hide(JobKind::Load);
        }
        let mut effects = self.request_identities();
        effects.0.extend(self.request_arrivals().0);
        effects.0.extend(self.request_changes().0);
        if complete && let Some(job) = self.panes.related().similar().make_index(self.loaded_feed.feed()) {
            effects.0.push(Effect::RunJob(job));
        }
        // Before the rows: `carry_over_rows` waits if an answer of rules is pending.
        effects.0.extend(self.request_rules(true).0);
        effects.0.extend(self.carry_over_rows(&old, is_new_query).0);
        // These rows are final: no search follows that would give the bookmark up.
        if complete && *self.query() == Query::default() && !self.search.is_deferred() {
            self.restored.end();
        }
        effects
    }

    /// Shows the rows of the old feed with the indexes of the present one, until a search has found the new rows.
    ///
    /// The selection stays on its article, or moves to the nearest one that exists: for now to the nearest with a row,
    /// and after the search to the nearest that the query finds. New articles have no rows until rules are applied to
    /// them. `is_new_query`: rows of another query were awaited.
    pub(super) fn carry_over_rows(&mut self, old: &Feed, is_new_query: bool) -> Effects {
        let feed = self.loaded_feed.feed();
        // If the snapshot of the old feed was damaged, the new feed most likely has the lost articles at the same indexes.
        let is_damaged = old.is_damaged();
        let lost = |was: usize| Some(was).filter(|was| is_damaged && old.id(*was).is_none() && *was < feed.len());
        let list = self.panes.list();
        let edited = list.article_index().and_then(|was| Some((was, feed.index_after_edit(old, was)?)));
        let after_edit = |was: usize| edited.filter(|(selected, _)| *selected == was).map(|(_, index)| index);
        let same = |was: usize| old.id(was).and_then(|id| feed.index_of(id));
        let index = |was: usize| same(was).or_else(|| after_edit(was)).or_else(|| lost(was));
        let waits = self.waits_for_rules();
        // The empty query finds all articles that are not hidden, so it needs no search.
        let everything = *self.query() == Query::default() && !waits;
        let found = match everything {
            true => {
                let hidden = self.search.search_context(self.search_context()).hidden();
                let is_shown = |index: &usize| !hidden.contains(*index);
                if hidden.is_clear() {
                    Rows::All(feed.len())
                } else {
                    Rows::of((0..feed.len()).filter(is_shown), feed.len())
                }
            }
            false => {
                // Collected, because `Rows::of` goes through them twice, and each costs a look-up by id.
                let indices: Vec<usize> = list.found().iter().filter_map(index).collect();
                Rows::of(indices.into_iter(), feed.len())
            }
        };
        // A rule may hide a new head too. Until that is known, its members have rows of their own.
        let is_new = |head: ArticleId| waits && old.index_of(head).is_none();
        let folded = self.fold_except(&found, is_new);
        let nearest = |is_there: &dyn Fn(usize) -> bool| {
            list.nearest(old, |was| index(was).is_some_and(is_there)).and_then(index).and_then(|index| feed.id(index))
        };
        let (selected, anchor) = (nearest(&folded.has_row(feed)), nearest(&|_| true));
        // Rows that are still shown keep their order and columns: the search that follows finds new ones.
        let summary = if everything { RowSummary::of_feed(found.get(0), feed) } else { *list.summary() };
        self.panes.list_mut().set_rows((found, summary), folded, selected, feed);
        if self.article().is_none() || self.panes.focus().shows_selected() {
            self.panes.show_selected(self.loaded_feed.feed());
        }
        self.panes.leave_empty_related(self.loaded_feed.feed());
        self.try_restore_position();
        self.unread.set_found(self.panes.list().found());
        match (waits, everything) {
            (true, _) => self.search.defer(anchor, is_new_query),
            (_, true) => {}
            _ => return self.search_rows(anchor, is_new_query),
        }
        Effects::none()
    }

    pub(super) fn selected_problem(&self) -> Option<&Problem> {
        self.overlays.top_as::<ProblemList>().and_then(|list| self.problems.all().get(list.cursor.at))
    }

    /// Selects a problem by value in the new list of problems. Closes the overlay if there are no problems.
    pub(super) fn select_problem(&mut self, problem: Option<&Problem>) {
        let (Some(problem), Some(list)) = (problem, self.overlays.top_as_mut::<ProblemList>()) else { return };
        match self.problems.all().is_empty() {
            true => drop(self.overlays.pop()),
            false => list.select(self.problems.number_of(problem), self.problems.all().len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::Event;
    use crate::app::session_init::SessionInit;
    use crate::dates::{Date, Now, Zone};
    use crate::feed::columnar_feed::HEADERS_READ;
    use crate::feed::{Article, filled_columns};

    fn now() -> Now {
        Now { at: "2021-02-20T12:00:00Z".parse().expect("a time"), zone: Zone::Utc }
    }

    /// Articles without a time of day and without a provider: which columns a list can fill is known only after all of them.
    fn feed(count: u64) -> Arc<Feed> {
        let article = |n: u64| {
            let day = now().at.date_naive() - chrono::Days::new(n);
            Arc::new(Article::builder("Tides").number(n + 1).published(Date::day(day)).build())
        };
        let feed = Feed::new((0..count).map(article).collect(), now());
        // As the job that loads articles does.
        assert!(!filled_columns::has_times(&feed));
        Arc::new(feed)
    }

    /// Headers that a session reads outside of jobs while articles are loaded, and loaded again.
    fn headers_read(query: &str, count: u64) -> usize {
        let init = SessionInit { query: Query::parse(query).expect("a query"), ..SessionInit::default() };
        let (mut app, mut read) = (App::new(init, now().at), 0);
        for feed in [feed(count), feed(count + 1)] {
            let mut events = vec![Event::FeedLoaded { feed, problems: Vec::new(), complete: true }];
            while let Some(event) = events.pop() {
                let before = HEADERS_READ.get();
                let effects = app.receive(event);
                read += HEADERS_READ.get() - before;
                let jobs = effects.0.into_iter().filter_map(|effect| match effect {
                    Effect::RunJob(job) => Some(job),
                    _ => None,
                });
                events.extend(jobs.map(|job| Event::Job(job.run_now())));
            }
            assert_eq!(app.list().found().len(), app.feed().len());
        }
        assert!(app.list().summary().has_dates && !app.list().summary().has_times);
        read
    }

    #[test]
    fn a_load_reads_no_header_of_articles_that_the_screen_does_not_show() {
        for query in ["", "tides", "-is:starred", "sort:title"] {
            assert_eq!(headers_read(query, 300), headers_read(query, 3000), "{query}");
        }
    }
}
