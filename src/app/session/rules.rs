//! Applies rules in the background, and updates marks and rows with their results.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::list_search::{DeferredSearch, differs};
use crate::app::session_rules::RulesAnswer;
use crate::feed::ArticleId;
use crate::jobs::{AppliedRules, JobId};
use crate::query::{Query, Rules};

impl App {
    /// Whether the rows stay as they are until the rules are applied. This is so if there are rows (perhaps from the
    /// last session), or if files are still being read.
    pub(super) fn waits_for_rules(&self) -> bool {
        self.rules.is_pending() && (!self.panes.list().found().is_empty() || self.is_loading())
    }

    /// Whether a frame drawn now would briefly show articles that rules hide.
    pub fn needs_rules(&self) -> bool {
        // After the answer of the rules, a search for the rows follows.
        let is_asked = self.rules.is_pending() || !self.rules.is_empty() && self.search.is_running();
        // Deferred rows stay as they are, and a bookmark knows all hidden articles: both can be drawn.
        is_asked && !self.search.is_deferred() && !self.unread.is_of_last_session()
    }

    /// Replaces the rules and applies them.
    pub(super) fn rules_changed(&mut self, rules: Rules) -> Effects {
        match self.rules.replace(rules) {
            false => Effects::none(),
            true if self.rules.is_empty() => self.apply_rules(RulesAnswer { now: None, view: Some(None) }),
            true => self.request_rules(true),
        }
    }

    /// Applies rules about marks again to marked articles. `None`: to all articles, after the first marks from disk;
    /// then the list changes too.
    pub(super) fn reapply_rules_to(&mut self, articles: Option<&[ArticleId]>) -> Effects {
        match self.rules.invalidate_marks(articles) {
            true => self.request_rules(articles.is_none()),
            false => Effects::none(),
        }
    }

    /// Applies rules about the time again.
    pub(super) fn reapply_time_rules(&mut self) -> Effects {
        if self.rules.invalidate_time() { self.request_rules(false) } else { Effects::none() }
    }

    /// Requests the rule results that are unknown. `changes_list`: the answer changes the rows at once.
    pub(super) fn request_rules(&mut self, changes_list: bool) -> Effects {
        if self.rules.is_empty() {
            return Effects::none();
        }
        let search_context = self.search_context();
        let is_stale = self.search.is_stale(self.marks.all());
        // If searches use the present marks, one evaluation serves both.
        let view = is_stale.then(|| self.search.search_context(search_context.clone()));
        self.rules
            .start_job(&search_context, view, changes_list)
            .map(|job| Effect::RunJob(job).into())
            .unwrap_or_default()
    }

    /// Applies the results for the present marks, and for the marks of the view if these are others.
    pub(super) fn receive_rules(&mut self, job: JobId, applied: AppliedRules) -> Effects {
        match self.rules.take_answer(job, applied) {
            Some(answer) => self.apply_rules(answer),
            None => Effects::none(),
        }
    }

    /// Handles the failure of a job: rows that waited for it are found with the old results.
    pub(super) fn rules_failed(&mut self, job: JobId) -> Effects {
        let now = self.marks().rule_marks().cloned();
        if self.rules.job_failed(job) { self.apply_rules(RulesAnswer { now, view: None }) } else { Effects::none() }
    }

    fn apply_rules(&mut self, answer: RulesAnswer) -> Effects {
        let changes = self.set_rule_marks(answer);
        let deferred = self.search.take_deferred();
        if !changes && deferred.is_none() {
            return Effects::none();
        }
        let DeferredSearch { anchor, is_new_query } =
            deferred.unwrap_or(DeferredSearch { anchor: self.selected_article(), is_new_query: false });
        if *self.query() != Query::default() {
            return self.search_rows(anchor, is_new_query);
        }
        // The rows of the empty query follow from what is hidden, without a search.
        let feed = self.loaded_feed.feed().clone();
        let effects = self.carry_over_rows(&feed, is_new_query);
        if !self.is_loading() {
            self.restored.end();
        }
        effects
    }

    /// Sets the results of rules. Returns true if the rows may change.
    fn set_rule_marks(&mut self, answer: RulesAnswer) -> bool {
        let RulesAnswer { now, view } = answer;
        // Asked before `set_ruled`: it replaces the marks, so that they would always differ.
        let is_fresh = !self.search.is_stale(self.marks.all());
        if differs(now.as_ref(), self.marks().rule_marks()) {
            let read_differing = self.marks.set_ruled(now);
            self.unread.update_all(&read_differing, self.loaded_feed.feed(), self.marks.all());
        }
        let Some(view) = view else { return false };
        let changes = self.search.set_rule_marks(view, self.marks.all(), is_fresh);
        if changes {
            self.rules.list_changed();
        }
        changes
    }
}
