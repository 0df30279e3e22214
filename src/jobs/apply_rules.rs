//! Applies the rules to the articles with their current marks, and with the marks of the view if these differ.

use super::{Answer, AppliedRules, Job, JobError, JobKind, Monitor, Task};
use crate::query::{Invalidation, RuleEvaluation, RuleResults, Rules, SearchContext};

#[derive(Debug)]
struct ApplyRules {
    rules: Rules,
    judging: RuleEvaluation,
    view: Option<Box<SearchContext>>,
}

/// A job that applies rules. Results of an earlier evaluation of the same articles are reused unless `invalidation` concerns them.
/// `view`: the same articles with the marks that its rows were found by.
pub fn apply(
    rules: &Rules,
    before: Option<&RuleResults>,
    doubt: &Invalidation,
    context: &SearchContext,
    view: Option<SearchContext>,
) -> Job {
    let (rules, judging) = (rules.clone(), rules.evaluate(context, before, doubt));
    Job::new(ApplyRules { rules, judging, view: view.map(Box::new) })
}

impl Task for ApplyRules {
    fn kind(&self) -> JobKind {
        JobKind::Rules
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let present = evaluate(self.judging, monitor)?;
        let Some(view) = self.view else { return Ok(Answer::Rules(AppliedRules { present, view: None })) };
        // The results differ only in rules that look at marks: all others are reused.
        let doubt = Invalidation { marks: true, ..Invalidation::default() };
        let view = evaluate(self.rules.evaluate(&view, Some(&present), &doubt), monitor)?;
        Ok(Answer::Rules(AppliedRules { present, view: Some(view) }))
    }
}

fn evaluate(mut judging: RuleEvaluation, monitor: &dyn Monitor) -> Result<RuleResults, JobError> {
    while judging.step(&|| monitor.is_cancelled()) {
        monitor.check()?;
    }
    monitor.check()?;
    Ok(judging.results())
}
