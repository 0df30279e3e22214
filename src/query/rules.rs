//! The user's rules: queries whose articles are hidden, marked as read, starred, tagged or scored. Results are never written to disk,
//! so a rule that is removed leaves nothing behind.

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use super::search::{Search, SearchPlan};
use super::search_context::SearchContext;
use super::syntax_tree::{Node, Sort};
use crate::config::RuleAction;
use crate::feed::{ArticleId, Feed, Mark, Marks, RuleFlags, RuleMarks, Tag};

/// A query, and what is done with the articles that it finds. Made by `Query::rule`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    query: String,
    plan: SearchPlan,
    actions: Vec<RuleAction>,
    depends_on_marks: bool,
    depends_on_time: bool,
}

impl Rule {
    /// A rule for the articles of `plan`. `query`: the query as text.
    pub(super) fn new(query: String, plan: SearchPlan, depends_on_marks: bool, actions: Vec<RuleAction>) -> Rule {
        let depends_on_time = plan.root.as_ref().is_some_and(Node::depends_on_time);
        // Order only matters to a rule with a limit; without one, the order of the feed saves the sorting.
        let sort = if plan.limit.is_some() { plan.sort } else { Some(Sort::default()) };
        let plan = SearchPlan { sort, shows_hidden: true, ..plan };
        Rule { query, plan, actions, depends_on_marks, depends_on_time }
    }

    /// The query as text.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// What is done with the articles.
    pub fn actions(&self) -> &[RuleAction] {
        &self.actions
    }

    /// The search for the articles, in all of the feed or in `within`.
    fn search(&self, context: &SearchContext, within: Option<Arc<FixedBitSet>>) -> Search {
        Search::new(self.plan.clone(), context.clone(), within)
    }

    /// Whether results from before the change are no longer valid for all articles.
    fn is_invalidated_by(&self, invalidation: &Invalidation) -> bool {
        self.depends_on_marks && invalidation.marks || self.depends_on_time && invalidation.time
    }
}

/// All rules. A session without rules pays nothing for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(Option<Arc<[Rule]>>);

impl Rules {
    /// Collects rules. Each sees only the user's marks, never the effects of other rules, so their order does not matter.
    pub fn new(rules: Vec<Rule>) -> Rules {
        Rules((!rules.is_empty()).then(|| rules.into()))
    }

    /// True if there are no rules.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The rules in the order of the settings.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter().flat_map(|rules| rules.iter())
    }

    /// Whether the results of a rule depend on the user's marks.
    pub fn depend_on_marks(&self) -> bool {
        self.iter().any(|rule| rule.depends_on_marks)
    }

    /// Whether the results of a rule depend on the current time.
    pub fn depend_on_time(&self) -> bool {
        self.iter().any(|rule| rule.depends_on_time)
    }

    /// Whether the results of a rule depend on links between articles.
    pub fn depend_on_links(&self) -> bool {
        self.iter().any(|rule| rule.plan.root.as_ref().is_some_and(Node::depends_on_links))
    }

    /// Starts the evaluation of all rules. Results in `before` for the same rules and feed are reused as far as `invalidation`
    /// allows.
    pub fn evaluate(
        &self,
        context: &SearchContext,
        before: Option<&RuleResults>,
        invalidation: &Invalidation,
    ) -> RuleEvaluation {
        // Rules see only what the user marked, not the results of rules.
        let context = SearchContext { marks: Arc::new(context.marks.with_rule_marks(None)), ..context.clone() };
        let before = before.filter(|before| before.is_of(self, &context.feed));
        let among = invalidation.articles.iter().filter_map(|id| context.feed.index_of(*id));
        let mut changed = FixedBitSet::with_capacity(context.feed.len());
        changed.extend(among);
        let changed = Arc::new(changed);
        let (mut waiting, mut found) = (Vec::new(), Vec::new());
        for (number, rule) in self.iter().enumerate() {
            let known =
                before.and_then(|before| before.found.get(number)).filter(|_| !rule.is_invalidated_by(invalidation));
            let within = match (known, rule.depends_on_marks && !changed.is_clear()) {
                (Some(known), false) => {
                    found.push(known.clone());
                    continue;
                }
                // With a limit, a change of one article can move others in or out, so all are searched.
                (Some(known), true) if rule.plan.limit.is_none() => {
                    found.push(known.clone());
                    Some(changed.clone())
                }
                _ => {
                    found.push(Arc::default());
                    None
                }
            };
            waiting.push((number, rule.search(&context, within.clone()), within));
        }
        waiting.reverse();
        RuleEvaluation { rules: self.clone(), feed: context.feed, waiting, found, before: before.cloned() }
    }

    /// Evaluates all rules now. Returns the context's marks with the results as their lowest layer, and the results (`None`
    /// without rules).
    pub fn apply(&self, context: &SearchContext) -> (Arc<Marks>, Option<RuleResults>) {
        if self.is_empty() {
            return (context.marks.clone(), None);
        }
        let mut evaluation = self.evaluate(context, None, &Invalidation::default());
        while evaluation.step(&|| false) {}
        let results = evaluation.results();
        (Arc::new(context.marks.with_rule_marks(Some(results.rule_marks().clone()))), Some(results))
    }
}

/// What has changed since the last evaluation, apart from rules and feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalidation {
    /// Any marks may have changed.
    pub marks: bool,
    /// The marks of these articles have changed.
    pub articles: Vec<ArticleId>,
    /// The current time has changed.
    pub time: bool,
}

/// An evaluation in progress, one chunk of articles at a time.
#[derive(Clone, Debug)]
pub struct RuleEvaluation {
    rules: Rules,
    feed: Arc<Feed>,
    /// Searches to do, the next one last: index of the rule, its search, and the articles to update, if the results for the
    /// others are still valid.
    waiting: Vec<(usize, Search, Option<Arc<FixedBitSet>>)>,
    found: Vec<Arc<FixedBitSet>>,
    before: Option<RuleResults>,
}

impl RuleEvaluation {
    /// Does one step; false when all is done. `stop` is called now and then; if it returns true, the step has no effect.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        let Some((_, search, _)) = self.waiting.last_mut() else { return false };
        if search.step(stop) {
            return true;
        }
        if let Some((number, search, within)) = self.waiting.pop()
            && let Some(slot) = self.found.get_mut(number)
        {
            let matched = search.into_index_set(self.feed.len());
            *slot = Arc::new(match within {
                None => matched,
                Some(within) => {
                    // A copy: `before` shares the set.
                    let mut known = FixedBitSet::clone(slot);
                    known.difference_with(&within);
                    known.union_with(&matched);
                    known
                }
            });
        }
        !self.waiting.is_empty()
    }

    /// Number of rules still to evaluate.
    pub fn left(&self) -> usize {
        self.waiting.len()
    }

    /// The results, complete once all steps are done. If nothing differs from the results before, those are returned, so that
    /// they can be compared by pointer.
    pub fn results(self) -> RuleResults {
        let RuleEvaluation { rules, feed, found, before, .. } = self;
        if let Some(before) = before.filter(|before| before.found == found) {
            return before;
        }
        // Sum first and clamp at the end, so that the order of the rules does not matter.
        let mut effects: FxHashMap<ArticleId, (RuleFlags, i64)> = FxHashMap::default();
        for (rule, found) in rules.iter().zip(&found) {
            for id in found.ones().filter_map(|index| feed.id(index)) {
                let (flags, score) = effects.entry(id).or_default();
                for action in &rule.actions {
                    match action {
                        RuleAction::Hide => flags.hidden = true,
                        RuleAction::Read => flags.read = true,
                        RuleAction::Star => flags.starred = true,
                        // See `tags_of`.
                        RuleAction::Tag(_) => {}
                        RuleAction::Score(by) => *score += i64::from(*by),
                    }
                }
            }
        }
        let bounded = |score: i64| score.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let flags = effects.into_iter().map(|(id, (flags, score))| (id, RuleFlags { score: bounded(score), ..flags }));
        let rule_marks = Arc::new(RuleMarks::new(flags.collect()).with_tags(tags_of(&rules, &feed, &found)));
        RuleResults { rules, feed, found, rule_marks }
    }
}

/// The tags that rules add, by article.
fn tags_of(rules: &Rules, feed: &Feed, found: &[Arc<FixedBitSet>]) -> FxHashMap<ArticleId, Arc<[Tag]>> {
    let mut names: Vec<Tag> = Vec::new();
    let mut numbers: FxHashMap<ArticleId, Vec<usize>> = FxHashMap::default();
    for (rule, found) in rules.iter().zip(found) {
        let written = rule.actions.iter().filter_map(|action| match action {
            RuleAction::Tag(name) => Tag::parse(name).ok(),
            _ => None,
        });
        for tag in written {
            let known = names.iter().position(|known| known.key() == tag.key());
            let number = known.unwrap_or(names.len());
            names.extend(known.is_none().then_some(tag));
            for id in found.ones().filter_map(|index| feed.id(index)) {
                let tags = numbers.entry(id).or_default();
                // Two rules may add the same tag.
                if !tags.contains(&number) {
                    tags.push(number);
                }
            }
        }
    }
    let mut lists: FxHashMap<Vec<usize>, Arc<[Tag]>> = FxHashMap::default();
    let list = |(id, tags): (ArticleId, Vec<usize>)| {
        let shared = lists
            .entry(tags)
            .or_insert_with_key(|tags| tags.iter().filter_map(|number| names.get(*number)).cloned().collect());
        (id, shared.clone())
    };
    numbers.into_iter().map(list).collect()
}

/// The results of all rules for one feed.
#[derive(Clone, Debug)]
pub struct RuleResults {
    rules: Rules,
    feed: Arc<Feed>,
    /// For each rule, the indices of its articles.
    found: Vec<Arc<FixedBitSet>>,
    rule_marks: Arc<RuleMarks>,
}

impl RuleResults {
    /// The combined effects, as a layer of marks.
    pub fn rule_marks(&self) -> &Arc<RuleMarks> {
        &self.rule_marks
    }

    /// The rules that find an article.
    pub fn rules_for(&self, id: ArticleId) -> impl Iterator<Item = &Rule> {
        let index = self.feed.index_of(id);
        let finds_it = move |found: &FixedBitSet| index.is_some_and(|index| found.contains(index));
        self.rules.iter().zip(&self.found).filter(move |(_, found)| finds_it(found)).map(|(rule, _)| rule)
    }

    /// Explains the effects on an article, such as "hidden by the rule `topic:crypto`". Effects that the user's own marks
    /// override are left out.
    pub fn explanations(&self, id: ArticleId, marks: &Marks) -> Vec<String> {
        let describe = |action: &RuleAction| match action {
            RuleAction::Hide => (!marks.is_set(id, &Mark::Hidden(true))).then(|| "hidden".to_owned()),
            RuleAction::Read => (!marks.is_set(id, &Mark::Read(None))).then(|| "read".to_owned()),
            RuleAction::Star => (!marks.is_set(id, &Mark::Starred(true))).then(|| "starred".to_owned()),
            RuleAction::Tag(name) => {
                let tag = Tag::parse(name).ok()?;
                (!marks.is_set(id, &Mark::Tagged(tag.clone(), true))).then(|| format!("tagged {}", tag.signed()))
            }
            // Only rules give scores, so no mark of the user can override them.
            RuleAction::Score(by) => Some(format!("score {by:+}")),
        };
        let words = |rule: &Rule| {
            let what: Vec<String> = rule.actions.iter().filter_map(describe).collect();
            (!what.is_empty()).then(|| format!("{} by the rule `{}`", what.join(", "), rule.query))
        };
        self.rules_for(id).filter_map(words).collect()
    }

    /// Whether the results belong to these rules and this feed.
    fn is_of(&self, rules: &Rules, feed: &Arc<Feed>) -> bool {
        self.rules == *rules && Arc::ptr_eq(&self.feed, feed)
    }
}
