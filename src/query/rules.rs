//! Rules: what is said of articles that a query finds, over and over; never written down, so that it goes with the rule.

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use super::search::{Search, SearchPlan};
use super::search_context::SearchContext;
use super::syntax_tree::{Node, Sort};
use crate::config::RuleAction;
use crate::feed::{ArticleId, Feed, Mark, Marks, RuleFlags, RuleOverlay};

/// What is said of the articles that a query finds; see `Query::rule`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    query: String,
    plan: SearchPlan,
    actions: Vec<RuleAction>,
    depends_on_marks: bool,
    depends_on_time: bool,
}

impl Rule {
    /// What is said of the articles of a plan. `query`: how the plan is written.
    pub(super) fn new(query: String, plan: SearchPlan, depends_on_marks: bool, actions: Vec<RuleAction>) -> Rule {
        let depends_on_time = plan.root.as_ref().is_some_and(Node::depends_on_time);
        // Which articles are found depends on their order only when their number is limited.
        let sort = if plan.limit.is_some() { plan.sort } else { Some(Sort::default()) };
        let plan = SearchPlan { sort, shows_hidden: true, ..plan };
        Rule { query, plan, actions, depends_on_marks, depends_on_time }
    }

    /// The query, as text.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// What is said of its articles.
    pub fn actions(&self) -> &[RuleAction] {
        &self.actions
    }

    /// The search for its articles, among some of them or all.
    fn search(&self, context: &SearchContext, within: Option<Arc<FixedBitSet>>) -> Search {
        Search::new(self.plan.clone(), context.clone(), within)
    }

    /// Whether it must be asked again about each article, or at least about those in doubt.
    fn is_in_doubt(&self, doubt: &Invalidation) -> bool {
        self.depends_on_marks && doubt.marks || self.depends_on_time && doubt.time
    }
}

/// All rules. None of them cost nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(Option<Arc<[Rule]>>);

impl Rules {
    /// These rules. Each looks at what the reader did and not at what others say, so their order does not matter.
    pub fn new(rules: Vec<Rule>) -> Rules {
        Rules((!rules.is_empty()).then(|| rules.into()))
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The rules.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter().flat_map(|rules| rules.iter())
    }

    /// Whether any of them depends on what the reader did.
    pub fn depend_on_marks(&self) -> bool {
        self.iter().any(|rule| rule.depends_on_marks)
    }

    /// Whether any of them depends on the present time.
    pub fn depend_on_time(&self) -> bool {
        self.iter().any(|rule| rule.depends_on_time)
    }

    /// Begins to ask all rules about all articles; of an earlier verdict about the same articles, what is not in doubt holds.
    pub fn evaluate(
        &self,
        context: &SearchContext,
        before: Option<&RuleResults>,
        doubt: &Invalidation,
    ) -> RuleEvaluation {
        let context = SearchContext { marks: Arc::new(context.marks.with_rule_overlay(None)), ..context.clone() };
        let before = before.filter(|before| before.is_of(self, &context.feed));
        let among = doubt.articles.iter().filter_map(|id| context.feed.index_of(*id));
        let mut some = FixedBitSet::with_capacity(context.feed.len());
        some.extend(among);
        let some = Arc::new(some);
        let (mut waiting, mut found) = (Vec::new(), Vec::new());
        for (number, rule) in self.iter().enumerate() {
            let known = before.and_then(|before| before.found.get(number)).filter(|_| !rule.is_in_doubt(doubt));
            let within = match (known, rule.depends_on_marks && !some.is_clear()) {
                (Some(known), false) => {
                    found.push(known.clone());
                    continue;
                }
                (Some(known), true) if rule.plan.limit.is_none() => {
                    found.push(known.clone());
                    Some(some.clone())
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

    /// Some marks with what the rules say below them, at once.
    pub fn apply(&self, context: &SearchContext) -> (Arc<Marks>, Option<RuleResults>) {
        if self.is_empty() {
            return (context.marks.clone(), None);
        }
        let mut judging = self.evaluate(context, None, &Invalidation::default());
        while judging.step(&|| false) {}
        let results = judging.results();
        (Arc::new(context.marks.with_rule_overlay(Some(results.rule_overlay().clone()))), Some(results))
    }
}

/// What has changed since rules were asked the last time, beside the articles themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalidation {
    /// What the reader did with any article.
    pub marks: bool,
    /// What the reader did with these.
    pub articles: Vec<ArticleId>,
    /// The present time.
    pub time: bool,
}

/// Rules that are being asked, a chunk of articles at a time.
#[derive(Clone, Debug)]
pub struct RuleEvaluation {
    rules: Rules,
    feed: Arc<Feed>,
    /// Searches to be done, the next one last, each with the number of its rule, and the articles in doubt when it looks at no
    /// others.
    waiting: Vec<(usize, Search, Option<Arc<FixedBitSet>>)>,
    found: Vec<Arc<FixedBitSet>>,
    before: Option<RuleResults>,
}

impl RuleEvaluation {
    /// Goes on for a while. False when there is nothing left to do. `stop` is asked now and then, and true gives the step up.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        let Some((_, search, _)) = self.waiting.last_mut() else { return false };
        if search.step(stop) {
            return true;
        }
        if let Some((number, search, within)) = self.waiting.pop()
            && let Some(slot) = self.found.get_mut(number)
        {
            let matched = search.into_places(self.feed.len());
            *slot = Arc::new(match within {
                None => matched,
                Some(within) => {
                    let mut known = FixedBitSet::clone(slot);
                    known.difference_with(&within);
                    known.union_with(&matched);
                    known
                }
            });
        }
        !self.waiting.is_empty()
    }

    /// How many rules are still to be asked.
    pub fn left(&self) -> usize {
        self.waiting.len()
    }

    /// What the rules say, when all are done. When that is what they said before, it is the same value.
    pub fn results(self) -> RuleResults {
        let RuleEvaluation { rules, feed, found, before, .. } = self;
        if let Some(before) = before.filter(|before| before.found == found) {
            return before;
        }
        // Added up without bounds first, so that the order of the rules does not matter.
        let mut said: FxHashMap<ArticleId, (RuleFlags, i64)> = FxHashMap::default();
        for (rule, found) in rules.iter().zip(&found) {
            for id in found.ones().filter_map(|index| feed.id(index)) {
                let (said, score) = said.entry(id).or_default();
                for act in &rule.actions {
                    match act {
                        RuleAction::Hide => said.hidden = true,
                        RuleAction::Read => said.read = true,
                        RuleAction::Star => said.starred = true,
                        RuleAction::Score(by) => *score += i64::from(*by),
                    }
                }
            }
        }
        let bounded = |score: i64| score.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
        let said = said.into_iter().map(|(id, (said, score))| (id, RuleFlags { score: bounded(score), ..said }));
        let ruled = Arc::new(RuleOverlay::new(said.collect()));
        RuleResults { rules, feed, found, ruled }
    }
}

/// What rules say of the articles of a feed.
#[derive(Clone, Debug)]
pub struct RuleResults {
    rules: Rules,
    feed: Arc<Feed>,
    /// For each rule the places of its articles.
    found: Vec<Arc<FixedBitSet>>,
    ruled: Arc<RuleOverlay>,
}

impl RuleResults {
    /// What the rules say, all together.
    pub fn rule_overlay(&self) -> &Arc<RuleOverlay> {
        &self.ruled
    }

    /// The rules that say something of an article.
    pub fn rules_for(&self, id: ArticleId) -> impl Iterator<Item = &Rule> {
        let index = self.feed.index_of(id);
        let says = move |found: &FixedBitSet| index.is_some_and(|index| found.contains(index));
        self.rules.iter().zip(&self.found).filter(move |(_, found)| says(found)).map(|(rule, _)| rule)
    }

    /// What they say of an article, in words, as far as it holds: what the reader said himself wins.
    pub fn explanations(&self, id: ArticleId, marks: &Marks) -> Vec<String> {
        let says = |act: &RuleAction| match act {
            RuleAction::Hide => (!marks.is_set(id, &Mark::Hidden(true))).then(|| "hidden".to_owned()),
            RuleAction::Read => (!marks.is_set(id, &Mark::Read(None))).then(|| "read".to_owned()),
            RuleAction::Star => (!marks.is_set(id, &Mark::Starred(true))).then(|| "starred".to_owned()),
            RuleAction::Score(by) => Some(format!("score {by:+}")),
        };
        let words = |rule: &Rule| {
            let what: Vec<String> = rule.actions.iter().filter_map(says).collect();
            (!what.is_empty()).then(|| format!("{} by the rule `{}`", what.join(", "), rule.query))
        };
        self.rules_for(id).filter_map(words).collect()
    }

    /// Whether it is about these rules and these articles.
    fn is_of(&self, rules: &Rules, feed: &Arc<Feed>) -> bool {
        self.rules == *rules && Arc::ptr_eq(&self.feed, feed)
    }
}
