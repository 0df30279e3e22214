//! Similar articles in the session: they are looked up for the article that is shown.

use std::sync::Arc;

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::jobs::{JobId, WithFeed};
use crate::query::{SimilarArticle, SimilarityIndex};

impl App {
    /// Takes in what is like an article. The selection among what is related stays where it is.
    pub(super) fn receive_similar(&mut self, job: JobId, answer: WithFeed<Vec<SimilarArticle>>) -> Effects {
        let feed = self.loaded_feed.feed().clone();
        let target = self.panes.related_target(&feed);
        self.panes.related_mut().similar_mut().found(job, &answer.found, &answer.feed);
        self.panes.select_related(target.as_ref(), &feed);
        self.panes.leave_empty_related(&feed);
        Effects::none()
    }

    /// Takes in another index of similar articles.
    pub(super) fn receive_similarity_index(&mut self, _: JobId, index: Arc<SimilarityIndex>) -> Effects {
        self.panes.related_mut().similar_mut().take_index(index);
        Effects::none()
    }

    /// Has what is like the article that is shown looked up, when nobody has yet.
    pub(super) fn request_similar(&mut self) -> Effects {
        let Some(id) = self.panes.detail().article() else { return Effects::none() };
        let job = self.panes.related_mut().similar_mut().ask(id, self.loaded_feed.feed());
        job.map(|job| Effect::RunJob(job).into()).unwrap_or_default()
    }
}
