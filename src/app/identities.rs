//! Identities: marks stay with their articles when files are edited, moved, or joined by others like them.

use std::sync::Arc;

use super::effect::{Effect, Effects};
use super::request::Request;
use super::state::State;
use crate::feed::identity::traces_of;
use crate::feed::{ArticleId, Change, Feed, Identities, Mark, Trace};

/// Traces of at most this many articles are recorded together with the mark. A larger change has its traces recorded in the
/// background.
const AT_ONCE: usize = 64;

impl State {
    /// Compares the marks with the articles, when both are known.
    pub(super) fn want_identities(&mut self) -> Effects {
        if !self.reading.has_marks || self.loading.is_some() || self.feed().is_damaged() {
            return Effects::none();
        }
        let ticket = self.reading.ticket();
        Effect::Search(Box::new(Request::identities(ticket, self.reading.ground.clone()))).into()
    }

    /// Takes in what was found. An answer about an earlier feed tells nothing: another one is on its way.
    pub(super) fn take_identities(&mut self, feed: &Arc<Feed>, found: Identities) -> Effects {
        if !Arc::ptr_eq(feed, &self.reading.ground.feed) {
            return Effects::none();
        }
        let Identities { names, moved, copied, traces } = found;
        let mut changes = self.reading.follow(&moved, &copied);
        let followed: Vec<ArticleId> = changes.iter().flat_map(|change| &change.articles).copied().collect();
        self.news.forget(&followed);
        self.undo.follow(&moved);
        changes.extend(self.trace(traces));
        let mut effects = Effects::none();
        if !changes.is_empty() {
            effects.0.push(Effect::KeepMarks(changes));
        }
        if !followed.is_empty() {
            effects.0.extend(self.doubt_marks(Some(&followed)).0);
        }
        if names != *feed.columns().names() {
            let problems = self.reading.file_problems();
            effects.0.extend(self.take_feed(Arc::new(feed.renamed(&names)), problems, true).0);
        }
        effects
    }

    /// The changes that record the traces of articles that were just marked. The traces of many articles are left to the
    /// background, except for articles that share an identity: without a trace it is unknown which of them is marked.
    pub(super) fn trace_marked(&mut self, articles: &[ArticleId]) -> (Vec<Change>, Effects) {
        let many = articles.len() > AT_ONCE;
        let is_shared = |id: &ArticleId| self.feed().columns().twins(*id).next().is_some();
        let at_once: Vec<ArticleId> = articles.iter().copied().filter(|id| !many || is_shared(id)).collect();
        let traces = traces_of(self.feed().columns(), self.marks(), &at_once);
        let changes = self.trace(traces);
        (changes, if many { self.want_identities() } else { Effects::none() })
    }

    fn trace(&mut self, traces: Vec<(ArticleId, Trace)>) -> Vec<Change> {
        traces.into_iter().map(|(id, trace)| self.reading.mark(Mark::Trace(Box::new(trace)), vec![id])).collect()
    }
}
