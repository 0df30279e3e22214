//! The rules of the session, what they said last, and what of that is in doubt.
//!
//! Other articles or rules change the list as other files would. The reader's own marks and the time change how articles
//! look, and the list only when the reader refreshes it: nothing vanishes under the cursor.

use std::sync::Arc;

use crate::feed::{ArticleId, Marks, RuleOverlay, SafeText, clean};
use crate::jobs::{AppliedRules, Job, JobId, apply_rules};
use crate::query::{Invalidation, RuleResults, Rules, SearchContext};

/// The rules, what they said last, and the request under way.
#[derive(Debug, Default)]
pub struct SessionRules {
    rules: Rules,
    /// What they say of the marks as they are now.
    verdict: Option<RuleResults>,
    /// What has changed since they were asked for that.
    doubt: Invalidation,
    /// The number of the request under way, and whether its answer changes the list.
    awaited: Option<(JobId, bool)>,
    /// How often an answer changed the list.
    list_changes: u64,
}

/// What rules say of the marks of now, and of those that searches look at, if the list is to change.
pub struct RulesAnswer {
    /// Of the marks of now.
    pub now: Option<Arc<RuleOverlay>>,
    /// Of those that searches look at.
    pub view: Option<Option<Arc<RuleOverlay>>>,
}

impl SessionRules {
    /// These rules, not asked yet.
    pub fn new(rules: Rules) -> SessionRules {
        SessionRules { rules, ..SessionRules::default() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether they look at marks.
    pub fn depend_on_marks(&self) -> bool {
        self.rules.depend_on_marks()
    }

    /// Whether an answer is awaited that changes the list.
    pub fn are_awaited(&self) -> bool {
        self.awaited.is_some_and(|(_, changes_list)| changes_list)
    }

    /// How often an answer changed the list.
    pub fn list_changes(&self) -> u64 {
        self.list_changes
    }

    /// What the rules say of an article, in words; what the reader said himself is left out.
    pub fn words(&self, id: ArticleId, marks: &Marks) -> Vec<SafeText> {
        let words = self.verdict.iter().flat_map(|verdict| verdict.explanations(id, marks));
        words.map(|words| clean::plain_line(&words)).collect()
    }

    /// Puts rules in place of those before. True if they are others.
    pub fn replace(&mut self, rules: Rules) -> bool {
        if self.rules == rules {
            return false;
        }
        self.rules = rules;
        if self.rules.is_empty() {
            (self.verdict, self.awaited, self.doubt) = Default::default();
        }
        true
    }

    /// Doubts what rules say of marked articles; none: of all marks. True if the rules are to be asked.
    pub fn invalidate_marks(&mut self, articles: Option<&[ArticleId]>) -> bool {
        match articles {
            _ if !self.rules.depend_on_marks() => return false,
            Some([]) => return false,
            Some(articles) => self.doubt.articles.extend(articles),
            None => self.doubt.marks = true,
        }
        true
    }

    /// Doubts what rules say of the time. True if the rules are to be asked.
    pub fn invalidate_time(&mut self) -> bool {
        let looks = self.rules.depend_on_time();
        self.doubt.time |= looks;
        looks
    }

    /// The job that finds out what is not known. `view`: the ground that searches look at, if that is another one. `changes_list`: the
    /// answer changes the list at once. None without rules.
    pub fn ask(
        &mut self,
        search_context: &SearchContext,
        view: Option<SearchContext>,
        changes_list: bool,
    ) -> Option<Job> {
        if self.rules.is_empty() {
            return None;
        }
        let changes_list = changes_list || self.are_awaited();
        let view = view.filter(|_| changes_list);
        let job = apply_rules::apply(&self.rules, self.verdict.as_ref(), &self.doubt, search_context, view);
        self.awaited = Some((job.id, changes_list));
        Some(job)
    }

    /// The reader refreshes the list: the answer on its way changes it.
    pub fn refresh(&mut self) {
        if let Some((_, changes_list)) = &mut self.awaited {
            *changes_list = true;
        }
    }

    /// A job has failed. True if it was the awaited one: what the rules said before holds on.
    pub fn job_failed(&mut self, job: JobId) -> bool {
        self.awaited.take_if(|(asked, _)| *asked == job).is_some()
    }

    /// Takes in the answer of a job. None if it is of an earlier one.
    pub fn take_answer(&mut self, job: JobId, verdicts: AppliedRules) -> Option<RulesAnswer> {
        let (_, changes_list) = self.awaited.take_if(|(asked, _)| *asked == job)?;
        self.doubt = Invalidation::default();
        let AppliedRules { present, view } = verdicts;
        let now = present.rule_overlay().clone();
        let view = changes_list.then(|| Some(view.as_ref().map_or(&now, RuleResults::rule_overlay).clone()));
        self.verdict = Some(present);
        Some(RulesAnswer { now: Some(now), view })
    }

    /// Counts a change of the list by an answer.
    pub fn list_changed(&mut self) {
        self.list_changes += 1;
    }
}
