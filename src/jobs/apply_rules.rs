//! Applies the rules to the articles with their current marks, and with the marks of the view if these differ.

use super::{Answer, AppliedRules, Job, JobError, JobKind, Monitor, Task};
use crate::query::{Invalidation, RuleEvaluation, RuleResults, Rules, SearchContext};

#[derive(Debug)]
struct ApplyRules {
    rules: Rules,
    evaluation: RuleEvaluation,
    view: Option<Box<SearchContext>>,
}

/// A job that applies rules. Results of an earlier evaluation of the same articles are reused unless `invalidation` concerns them.
/// `view`: the same articles with the marks that its rows were found by.
pub fn apply(
    rules: &Rules,
    before: Option<&RuleResults>,
    invalidation: &Invalidation,
    context: &SearchContext,
    view: Option<SearchContext>,
) -> Job {
    let (rules, evaluation) = (rules.clone(), rules.evaluate(context, before, invalidation));
    Job::new(ApplyRules { rules, evaluation, view: view.map(Box::new) })
}

impl Task for ApplyRules {
    fn kind(&self) -> JobKind {
        JobKind::Rules
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let present = evaluate(self.evaluation, monitor)?;
        let Some(view) = self.view else { return Ok(Answer::Rules(AppliedRules { present, view: None })) };
        // Only rules that look at marks can give other results: those of all others are reused.
        let invalidation = Invalidation { marks: true, ..Invalidation::default() };
        let view = evaluate(self.rules.evaluate(&view, Some(&present), &invalidation), monitor)?;
        Ok(Answer::Rules(AppliedRules { present, view: Some(view) }))
    }
}

fn evaluate(mut evaluation: RuleEvaluation, monitor: &dyn Monitor) -> Result<RuleResults, JobError> {
    while evaluation.step(&|| monitor.is_cancelled()) {
        monitor.check()?;
    }
    monitor.check()?;
    Ok(evaluation.results())
}
