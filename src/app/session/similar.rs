//! Requests similar articles for the article in the detail pane.

use std::sync::Arc;

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::jobs::{JobId, WithFeed};
use crate::query::{SimilarArticle, SimilarityIndex};

impl App {
    /// Shows the similar articles. The selection in the related pane stays on its entry.
    pub(super) fn receive_similar(&mut self, job: JobId, answer: WithFeed<Vec<SimilarArticle>>) -> Effects {
        let feed = self.loaded_feed.feed().clone();
        let target = self.panes.related_target(&feed);
        // Indexes of the answer refer to the feed of its job, which may be an earlier one.
        self.panes.related_mut().similar_mut().found(job, &answer.found, &answer.feed);
        self.panes.select_related(target.as_ref(), &feed);
        self.panes.leave_empty_related(&feed);
        Effects::none()
    }

    /// Replaces the index of similar articles.
    pub(super) fn receive_similarity_index(&mut self, _: JobId, index: Arc<SimilarityIndex>) -> Effects {
        self.panes.related_mut().similar_mut().take_index(index);
        Effects::none()
    }

    /// Requests similar articles unless they are cached or in flight.
    pub(super) fn request_similar(&mut self) -> Effects {
        let Some(id) = self.panes.detail().article() else { return Effects::none() };
        let job = self.panes.related_mut().similar_mut().start_job(id, self.loaded_feed.feed());
        job.map(|job| Effect::RunJob(job).into()).unwrap_or_default()
    }
}
