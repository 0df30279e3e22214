//! Keeps marks on their articles when files are edited, moved or copied.

use std::sync::Arc;

use super::{App, navigation};
use crate::app::effect::{Effect, Effects};
use crate::feed::{ArticleId, Identities};
use crate::jobs::{JobId, WithFeed, mark_identities};

impl App {
    /// Requests a comparison of marks and articles, once both are loaded.
    pub(super) fn request_identities(&mut self) -> Effects {
        // What a damaged snapshot lost has no identity. A load from the files follows it.
        if !self.marks.are_read() || self.is_loading() || self.feed().is_damaged() {
            return Effects::none();
        }
        Effect::RunJob(mark_identities::compare(self.search_context())).into()
    }

    /// Applies the found identities. Ignores an answer for an older feed, because another answer will follow.
    pub(super) fn receive_identities(&mut self, _: JobId, answer: WithFeed<Box<Identities>>) -> Effects {
        let WithFeed { feed, found } = answer;
        if !self.loaded_feed.is_current(&feed) {
            return Effects::none();
        }
        let Identities { overrides, moved, copied, last_seen } = *found;
        let mut changes = self.marks.move_marks(&moved, &copied);
        for change in &changes {
            // The rows were found with the marks under the old identities.
            self.search.apply_change(change);
            change.articles.iter().for_each(|id| self.unread.update(*id, self.loaded_feed.feed(), self.marks.all()));
        }
        if !changes.is_empty() {
            navigation::follow_marks(self);
        }
        let followed: Vec<ArticleId> = changes.iter().flat_map(|change| &change.articles).copied().collect();
        self.news.forget(&followed);
        changes.extend(self.marks.record_last_seen(last_seen, self.time.moment()));
        let mut effects = Effects::none();
        if !changes.is_empty() {
            effects.0.push(Effect::SaveMarks(changes));
        }
        if !followed.is_empty() {
            effects.0.extend(self.reapply_rules_to(Some(&followed)).0);
        }
        // Last, because the changes above refer to the feed that was compared.
        if overrides != *feed.columns().identity_overrides() {
            // The files are the same, and so are their problems.
            let problems = self.problems.of_articles();
            effects.0.extend(self.replace_feed(Arc::new(feed.with_identities(&overrides)), problems, true).0);
        }
        effects
    }
}
