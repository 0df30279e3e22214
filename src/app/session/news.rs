//! Finds, records and counts articles that arrived or changed.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::feed::{ArticleId, Mark};
use crate::jobs::{ContentChanges, JobId, WithFeed, new_articles};
use crate::query::Query;

impl App {
    /// Requests the articles that changed since the last comparison.
    pub(super) fn request_changes(&mut self) -> Effects {
        // A damaged feed lacks articles: the one read from the files is compared instead.
        if self.is_loading() || self.feed().is_damaged() {
            return Effects::none();
        }
        self.news.find_changes(self.loaded_feed.feed()).map(|job| Effect::RunJob(job).into()).unwrap_or_default()
    }

    /// Updates the articles that `is:changed` finds: newly changed ones, and those whose text is as before again.
    /// Ignores an answer for an older feed, because another answer will follow.
    pub(super) fn receive_changes(&mut self, _: JobId, answer: WithFeed<ContentChanges>) -> Effects {
        let WithFeed { feed, found: changes } = answer;
        if !self.loaded_feed.is_current(&feed) {
            return Effects::none();
        }
        let articles = self.news.apply_changes(feed, &changes);
        if articles.is_empty() {
            return Effects::none();
        }
        // Cached matches of `is:changed` are out of date.
        self.search.clear_matches();
        self.panes.navigation_mut().saved.invalidate_where(Query::mentions_changed);
        let mut effects = self.reapply_rules_to(Some(&articles));
        // A list of changed articles has later changes at once; all other lists stay as they are.
        if self.query().mentions_changed() {
            effects.0.extend(self.search_rows(self.selected_article(), false).0);
        }
        effects
    }

    /// Counts arrived and changed articles again. Call it after the feed, hidden marks or rules changed.
    pub(super) fn count_news(&mut self) {
        self.news.count(self.loaded_feed.feed(), self.marks.all());
    }

    /// Requests the articles that no session has seen before.
    pub(super) fn request_arrivals(&mut self) -> Effects {
        // An article without a recorded arrival is new: without the marks, all of them would be.
        if !self.marks.are_read() || self.is_loading() || !self.news.records_arrivals() || self.feed().is_damaged() {
            return Effects::none();
        }
        Effect::RunJob(new_articles::find(self.search_context())).into()
    }

    /// Records that articles arrived now.
    pub(super) fn receive_arrivals(&mut self, _: JobId, mut new: Vec<ArticleId>) -> Effects {
        // With a damaged snapshot, lost articles would be missing in the answer. A new feed will follow.
        if self.feed().is_damaged() {
            return Effects::none();
        }
        // Another instance may have recorded some of them since the job started.
        new.retain(|id| self.marks().arrived(*id).is_none());
        let mut effects = self.keep_arrival_of_edited(&mut new);
        // Also without new articles: from now on the session knows what was there at its start.
        let at = self.news.apply_arrivals(&new, self.feed().len(), self.time.moment());
        if new.is_empty() {
            return effects;
        }
        // The user did not set these marks, so `u` must not take them back.
        effects.0.extend(self.set_mark_without_undo(Mark::Arrived(at), new).0);
        effects
    }

    /// Keeps the arrival time of new articles that are edited or moved old ones, and removes them from `new`.
    fn keep_arrival_of_edited(&mut self, new: &mut Vec<ArticleId>) -> Effects {
        /// More new articles than this are a new load rather than edits.
        const MOST: usize = 16;
        let Some(before) = self.news.take_feed_before().filter(|_| new.len() <= MOST) else { return Effects::none() };
        let feed = self.loaded_feed.feed().clone();
        let mut effects = Effects::none();
        new.retain(|id| {
            let was = feed.index_of(*id).and_then(|index| before.index_after_edit(&feed, index));
            let arrived = was.and_then(|was| before.id(was)).and_then(|was| self.marks().arrived(was));
            let Some(at) = arrived else { return true };
            effects.0.extend(self.set_mark_without_undo(Mark::Arrived(at), vec![*id]).0);
            false
        });
        effects
    }
}
