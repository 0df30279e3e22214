//! The rules of the session: their last results, what is out of date, and the job that applies them again.
//!
//! If articles or rules change, the new results change the list at once. If only marks or the time change, they change how
//! articles look, but the list only when the user refreshes it: no row vanishes under the cursor.

use std::sync::Arc;

use crate::feed::{ArticleId, Marks, RuleMarks, SafeText, clean};
use crate::jobs::{AppliedRules, Job, JobId, apply_rules};
use crate::query::{Invalidation, RuleResults, Rules, SearchContext};

/// The rules, their last results, and the pending job.
#[derive(Debug, Default)]
pub struct SessionRules {
    rules: Rules,
    /// Their results for the present marks.
    results: Option<RuleResults>,
    /// What changed since the job for these results started.
    invalidation: Invalidation,
    /// The pending job, and whether its answer changes the list.
    pending: Option<(JobId, bool)>,
    /// Number of answers that changed the list.
    list_changes: u64,
}

/// The results of the rules for the present marks, and for the marks of searches if the list must change.
pub struct RulesAnswer {
    /// For the present marks.
    pub now: Option<Arc<RuleMarks>>,
    /// For the marks of searches; `None` if the list stays.
    pub view: Option<Option<Arc<RuleMarks>>>,
}

impl SessionRules {
    /// Rules without results yet.
    pub fn new(rules: Rules) -> SessionRules {
        SessionRules { rules, ..SessionRules::default() }
    }

    /// Whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether a rule depends on marks.
    pub fn depend_on_marks(&self) -> bool {
        self.rules.depend_on_marks()
    }

    /// Whether an answer that changes the list is pending.
    pub fn is_pending(&self) -> bool {
        self.pending.is_some_and(|(_, changes_list)| changes_list)
    }

    /// Number of answers that changed the list.
    pub fn list_changes(&self) -> u64 {
        self.list_changes
    }

    /// The effects of rules on an article, in words; without those that the user's own marks override.
    pub fn words(&self, id: ArticleId, marks: &Marks) -> Vec<SafeText> {
        let words = self.results.iter().flat_map(|results| results.explanations(id, marks));
        words.map(|words| clean::plain_line(&words)).collect()
    }

    /// Replaces the rules. False if they are the same.
    pub fn replace(&mut self, rules: Rules) -> bool {
        if self.rules == rules {
            return false;
        }
        self.rules = rules;
        // No job starts without rules, so no later answer would replace these.
        if self.rules.is_empty() {
            (self.results, self.pending, self.invalidation) = Default::default();
        }
        true
    }

    /// Invalidates results after changes of marks of `articles`, or of all if `None`. True if the rules must be applied again.
    pub fn invalidate_marks(&mut self, articles: Option<&[ArticleId]>) -> bool {
        match articles {
            _ if !self.rules.depend_on_marks() => return false,
            Some([]) => return false,
            Some(articles) => self.invalidation.articles.extend(articles),
            None => self.invalidation.marks = true,
        }
        true
    }

    /// Invalidates results after the time changed. True if the rules must be applied again.
    pub fn invalidate_time(&mut self) -> bool {
        let looks = self.rules.depend_on_time();
        self.invalidation.time |= looks;
        looks
    }

    /// The job that applies the rules again where results are out of date. `view`: the context of searches, if they use other
    /// marks. `changes_list`: the answer changes the list at once. `None` without rules.
    pub fn start_job(
        &mut self,
        search_context: &SearchContext,
        view: Option<SearchContext>,
        changes_list: bool,
    ) -> Option<Job> {
        if self.rules.is_empty() {
            return None;
        }
        // The new job supersedes the pending one, and must change the list if that one would have.
        let changes_list = changes_list || self.is_pending();
        let view = view.filter(|_| changes_list);
        let job = apply_rules::apply(&self.rules, self.results.as_ref(), &self.invalidation, search_context, view);
        self.pending = Some((job.id, changes_list));
        Some(job)
    }

    /// Makes the pending answer change the list, because the user refreshes it.
    pub fn refresh(&mut self) {
        if let Some((_, changes_list)) = &mut self.pending {
            *changes_list = true;
        }
    }

    /// Records a failed job. True if it was the pending one; the last results stay.
    pub fn job_failed(&mut self, job: JobId) -> bool {
        self.pending.take_if(|(pending, _)| *pending == job).is_some()
    }

    /// Records the answer of a job. `None` if the job is not the pending one.
    pub fn take_answer(&mut self, job: JobId, applied: AppliedRules) -> Option<RulesAnswer> {
        let (_, changes_list) = self.pending.take_if(|(pending, _)| *pending == job)?;
        // Each invalidation starts a job, and only the last one is pending: its answer covers all of them.
        self.invalidation = Invalidation::default();
        let AppliedRules { present, view } = applied;
        let now = present.rule_marks().clone();
        let view = changes_list.then(|| Some(view.as_ref().map_or(&now, RuleResults::rule_marks).clone()));
        self.results = Some(present);
        Some(RulesAnswer { now: Some(now), view })
    }

    /// Counts an answer that changed the list.
    pub fn list_changed(&mut self) {
        self.list_changes += 1;
    }
}
