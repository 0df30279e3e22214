//! Queries: the language that selects and orders articles.

mod article_state;
mod calendar_period;
mod completion;
mod date_bound;
mod duration;
mod evaluation;
mod examples;
mod filters;
mod folded_texts;
mod highlighter;
mod implication;
mod insights;
mod insights_bucket;
mod label_counts;
mod match_candidate;
mod near_duplicate;
mod nearest_name;
mod parser;
mod pasted_text;
mod range_value;
mod regex_pattern;
mod row_summary;
mod rules;
mod saved_searches;
mod search;
mod search_context;
mod shared_links;
mod similarity_index;
mod similarity_segment;
mod sort_order;
mod syntax_tree;
mod term;
#[cfg(test)]
mod tests;
mod text_folding;
mod tf_idf;
mod word_stem;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

pub use article_state::{ArticleFeature, ArticleState};
pub use calendar_period::{ByPeriod, Period};
pub use completion::{Completion, CompletionNames, complete, saved_condition};
pub use examples::EXAMPLES;
pub use filters::Filter;
pub use folded_texts::{FoldedTexts, texts_to_keep};
pub use highlighter::Highlighter;
pub use insights::{Insights, InsightsCounter, NamedBuckets};
pub use insights_bucket::{Bucket, BucketKey, by_count, by_share};
pub use label_counts::{LabelGroups, count_labels, count_tags};
pub use nearest_name::{nearest_name, unknown_name};
pub use parser::QueryError;
pub use row_summary::RowSummary;
pub use rules::{Invalidation, Rule, RuleEvaluation, RuleResults, Rules};
pub use saved_searches::SavedSearches;
use saved_searches::{saved_term, saved_value};
pub use search::{Search, SearchPlan, SearchResult};
pub use search_context::SearchContext;
pub use similarity_index::{SimilarArticle, SimilarityIndex};
pub use syntax_tree::{Sort, SortKey};
pub use text_folding::fold;

pub use crate::config::RuleAction;
pub use crate::feed::Field;

use syntax_tree::Node;
use term::{Term, Value};

/// A query: which articles are found, in which order, and how many. Its `Display` text parses to the same query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    root: Option<Node>,
    sort: Option<Sort>,
    limit: Option<usize>,
    /// Order and limit taken from saved searches in the query. They apply if the query has none of its own.
    inherited: (Option<Sort>, Option<usize>),
    /// Whether hidden articles are found even if the query does not mention them.
    shows_hidden: bool,
}

impl Query {
    /// Parses a query without saved searches: `saved:name` is an error.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, &SavedSearches::default())
    }

    /// Parses a query. `saved:name` is replaced by the search saved under that name.
    pub fn parse_with(text: &str, saved: &SavedSearches) -> Result<Query, QueryError> {
        let parser::Parsed { root, sort, limit, inherited, .. } = parser::parse(text, saved)?;
        let query = Query { root, sort, limit, inherited, shows_hidden: false };
        // A printed query is read again: in the next session, in a saved search. With quotes and `OR` it is less than three times as long.
        let may_be_too_long = text.len() > parser::MAX_LENGTH / 3;
        if may_be_too_long && query.to_string().len() > parser::MAX_LENGTH {
            Err(parser::too_long())
        } else {
            Ok(query)
        }
    }

    /// Articles whose files are in a folder of this name, or below it.
    pub fn in_folder(name: &str) -> Query {
        let name = regex::escape(name).replace('/', "\\/");
        // Only a name of some 100 KB is too long for a regex.
        Query::parse(&format!("path:/(^|\\/){name}\\//")).unwrap_or_default()
    }

    /// Read articles, last read first. `by_user`: only those that the user read, without those that only a rule marks as
    /// read.
    pub fn recently_read(by_user: bool) -> Query {
        let sort = Some(Sort::by(SortKey::ReadAt));
        let query = Query { sort, ..Query::default().in_state(Some(ArticleState::Read)) };
        let timed = Query { root: Some(Node::Term(read_some_time())), ..Query::default() };
        if by_user { query.and(&timed) } else { query }
    }

    /// The same query, with hidden articles.
    pub fn with_hidden(&self) -> Query {
        Query { shows_hidden: true, ..self.clone() }
    }

    /// A search for this query. `within`: the articles that a wider query matched in the same context, see [`Query::implies`];
    /// only they are searched.
    pub fn search(&self, context: SearchContext, within: Option<Arc<FixedBitSet>>) -> Search {
        Search::new(self.plan(), context, within)
    }

    fn plan(&self) -> SearchPlan {
        let (sort, limit) = (self.sort.or(self.inherited.0), self.limit.or(self.inherited.1));
        SearchPlan { root: self.root.clone(), sort, limit, shows_hidden: self.shows_hidden }
    }

    /// A rule that applies `actions` to the articles that this query finds.
    pub fn rule(&self, actions: Vec<RuleAction>) -> Rule {
        Rule::new(self.to_string(), self.plan(), self.depends_on_marks(), actions)
    }

    /// Counts what the query finds, in steps. Order and limit are ignored.
    pub fn insights(&self, context: SearchContext) -> InsightsCounter {
        let shows_hidden = self.shows_hidden;
        // Sorting by date is the order of the feed, so nothing is ranked or sorted.
        let plan = SearchPlan { root: self.root.clone(), sort: Some(Sort::default()), limit: None, shows_hidden };
        InsightsCounter::new(Search::new(plan, context.clone(), None), context)
    }

    /// The query that finds exactly the articles of a bucket of its insights.
    pub fn narrowed_to(&self, bucket: &Bucket) -> Query {
        // Insights ignore limits, but the text of the new query would get the limit of its saved search again. So replace the
        // saved search by its terms.
        let inherits_limit = self.inherited.1.is_some();
        let root = self.root.clone();
        let root = if inherits_limit { root.and_then(Node::expanded) } else { root };
        let mut parts = root.map(Node::into_parts).unwrap_or_default();
        for part in bucket.conditions() {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let sort = if inherits_limit { self.sort.or(self.inherited.0) } else { self.sort };
        let inherited = if inherits_limit { (None, None) } else { self.inherited };
        Query { root: Node::all(parts), sort, limit: None, inherited, ..self.clone() }
    }

    /// Whether every article that this query matches is certainly matched by `wider` too.
    pub fn implies(&self, wider: &Query) -> bool {
        match (&self.root, &wider.root) {
            // Without conditions `wider` matched every article, so its matches are not a smaller set.
            (Some(narrow), Some(wide)) => implication::implies(narrow, wide),
            _ => false,
        }
    }

    /// Finds the words of this query in texts, to highlight them.
    pub fn highlighter(&self) -> Highlighter {
        self.root.as_ref().map(Highlighter::for_node).unwrap_or_default()
    }

    /// The query without its free words, phrases and regexes, which a new search replaces.
    pub fn without_words(&self) -> Query {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let kept = parts.into_iter().filter(|part| !is_words(part)).collect();
        Query { root: Node::all(kept), ..self.clone() }
    }

    /// The query without its last restriction: the limit if there is one, else the last condition. Adjacent free words count as
    /// one condition, and so do adjacent states that have quick filters. Without conditions, only the order is left, and it is
    /// removed.
    pub fn widened(&self) -> Query {
        if self.limit.is_some() {
            return Query { limit: None, ..self.clone() };
        }
        let mut parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let Some(last) = parts.pop() else { return Query::default() };
        let alike = [is_words, is_state].into_iter().find(|is_alike| is_alike(&last));
        while alike.is_some_and(|is_alike| parts.last().is_some_and(is_alike)) {
            parts.pop();
        }
        Query { root: Node::all(parts), ..self.clone() }
    }

    /// Articles that both queries find. Order and limit of `other` win.
    pub fn and(&self, other: &Query) -> Query {
        let parts = |query: &Query| query.root.clone().map(Node::into_parts).unwrap_or_default();
        let mut all = parts(self);
        all.extend(parts(other));
        Query {
            root: Node::all(all),
            sort: other.sort.or(self.sort),
            limit: other.limit.or(self.limit),
            inherited: (other.inherited.0.or(self.inherited.0), other.inherited.1.or(self.inherited.1)),
            shows_hidden: self.shows_hidden || other.shows_hidden,
        }
    }

    /// True if the query restricts nothing: no limit, and no condition, also not in saved searches.
    pub fn has_no_filter(&self) -> bool {
        self.limit.or(self.inherited.1).is_none() && self.root.clone().and_then(Node::expanded).is_none()
    }

    /// True if every article is found.
    pub fn is_everything(&self) -> bool {
        self.root.is_none() && self.limit.is_none() && self.inherited.1.is_none()
    }

    /// The indices of the articles that are found, in the query's order.
    pub fn select(&self, context: &SearchContext) -> Vec<usize> {
        let mut search = self.search(context.clone(), None);
        while search.step(&|| false) {}
        search.found().indices
    }

    /// The order of the results. `None` if they are ranked by how well they match the words of the query.
    pub fn sort(&self) -> Option<Sort> {
        let ranked = self.root.as_ref().is_some_and(sort_order::has_free_words);
        self.sort.or(self.inherited.0).or((!ranked).then(Sort::default))
    }

    /// The order that the query itself names.
    pub fn own_sort(&self) -> Option<Sort> {
        self.sort
    }

    /// The same query in another order.
    pub fn sorted(&self, sort: Sort) -> Query {
        let unsorted = Query { sort: None, ..self.clone() };
        let own = (unsorted.sort() != Some(sort)).then_some(sort);
        Query { sort: own, ..unsorted }
    }

    /// The same query with at most `limit` articles.
    pub fn limited(&self, limit: usize) -> Query {
        Query { limit: Some(self.limit.map_or(limit, |known| known.min(limit))), ..self.clone() }
    }

    /// Whether marks influence which articles are found, or their order.
    pub fn depends_on_marks(&self) -> bool {
        // Arrival times and the scores of rules are part of `Marks` too.
        let by_marks = [SortKey::Added, SortKey::ReadAt, SortKey::Score];
        self.sort().is_some_and(|sort| by_marks.contains(&sort.key))
            || self.root.as_ref().is_some_and(Node::depends_on_marks)
    }

    /// Whether links between articles influence which articles are found.
    pub fn depends_on_links(&self) -> bool {
        self.root.as_ref().is_some_and(Node::depends_on_links)
    }

    /// Whether the present time influences which articles are found.
    pub fn depends_on_time(&self) -> bool {
        self.root.as_ref().is_some_and(Node::depends_on_time)
    }

    /// The name of the saved search, if the query is that search alone.
    pub fn as_saved(&self) -> Option<&str> {
        match &self.root {
            Some(Node::Saved { name, .. }) if self.limit.is_none() => Some(name),
            _ => None,
        }
    }

    /// The articles of a saved search. An error if there is no such search, or its query is wrong.
    pub fn of_saved(name: &str, saved: &SavedSearches) -> Result<Query, QueryError> {
        Query::parse_with(&saved_term(name), saved)
    }

    /// Whether the query names a saved search, not counting what its saved searches name.
    pub fn uses_saved(&self, name: &str) -> bool {
        self.root.as_ref().is_some_and(|root| root.uses_saved(name))
    }

    /// The text of a query in which the saved search `from` is called `to`, otherwise as it was written. `None` if it does not name
    /// that search, or is not valid.
    pub fn text_with_renamed(text: &str, (from, to): (&str, &str), saved: &SavedSearches) -> Option<String> {
        let parser::Parsed { names, .. } = parser::parse(text, saved).ok()?;
        let is_it =
            |range: &&Range<usize>| text.get((*range).clone()).is_some_and(|name| name.trim_matches('"') == from);
        let found: Vec<&Range<usize>> = names.iter().filter(is_it).collect();
        let mut renamed = text.to_owned();
        found.iter().rev().for_each(|range| renamed.replace_range((*range).clone(), &saved_value(to)));
        (!found.is_empty()).then_some(renamed)
    }

    /// Whether `is:changed` occurs in the query.
    pub fn mentions_changed(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.names(ArticleState::Changed))
    }

    /// Whether `is:hidden` occurs in the query: then hidden articles are found too.
    pub fn mentions_hidden(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.names(ArticleState::Hidden))
    }

    /// Whether only unread articles are wanted (`is:unread` or `-is:read`).
    pub fn wants_unread(&self) -> bool {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let is = |part: &Node, state| part.term_on(Field::Is).is_some_and(|term| term.values == [Value::Is(state)]);
        parts.iter().any(|part| match part {
            Node::Not(inner) => is(inner, ArticleState::Read),
            part => is(part, ArticleState::Unread),
        })
    }

    /// The same query, restricted to `state` instead of the state it has now; with `None`, not restricted to a state.
    pub fn in_state(&self, state: Option<ArticleState>) -> Query {
        let mut parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        parts.retain(|part| !is_state(part));
        let values = state.map(|state| vec![Value::Is(state)]);
        parts.extend(values.map(|values| Node::Term(Term { field: Field::Is, values })));
        Query { root: Node::all(parts), ..self.clone() }
    }

    /// The topics or providers that the query requires with `topic:="…"` or `provider:="…"`, folded: those chosen in a picker.
    pub fn picked(&self, field: Field) -> Vec<String> {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        parts.iter().find_map(|part| picks(part, field)).unwrap_or_default().into_iter().map(str::to_owned).collect()
    }

    /// The same query with other topics or providers chosen; without `names`, all.
    pub fn with_picked(&self, field: Field, names: &[&str]) -> Query {
        let mut parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        parts.retain(|part| picks(part, field).is_none());
        let values: Vec<Value> = names.iter().map(|name| Value::WholeText(fold(name))).collect();
        if !values.is_empty() {
            parts.push(Node::Term(Term { field, values }));
        }
        Query { root: Node::all(parts), ..self.clone() }
    }
}

/// The names in a node that only requires whole topics or providers; `None` for other nodes.
fn picks(part: &Node, field: Field) -> Option<Vec<&str>> {
    fn whole(value: &Value) -> Option<&str> {
        match value {
            Value::WholeText(name) => Some(name),
            _ => None,
        }
    }
    part.term_on(field)?.values.iter().map(whole).collect()
}

/// The term `readat:*`.
fn read_some_time() -> Term {
    Term { field: Field::ReadAt, values: vec![Value::Present] }
}

/// Whether a node only asks for a state that has a quick filter: read, unread or starred.
fn is_state(part: &Node) -> bool {
    let inner = if let Node::Not(inner) = part { inner } else { part };
    // `recently_read` adds `readat:*`, and another quick filter must replace it.
    if inner.term_on(Field::ReadAt) == Some(&read_some_time()) {
        return true;
    }
    let is_quick_filter = |value: &Value| matches!(value, Value::Is(state) if state.is_quick_filter());
    inner.term_on(Field::Is).is_some_and(|term| term.values.iter().all(is_quick_filter))
}

/// Whether a node consists of free words only.
fn is_words(part: &Node) -> bool {
    match part {
        Node::All(parts) | Node::Any(parts) => parts.iter().all(is_words),
        Node::Not(inner) => is_words(inner),
        Node::Term(term) => term.field == Field::Any,
        Node::Saved { .. } => false,
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = self.root.as_ref().map(Node::to_string);
        let sort = self.sort.map(|sort| sort.to_string());
        let limit = self.limit.map(|limit| format!("limit:{limit}"));
        let parts: Vec<String> = [root, sort, limit].into_iter().flatten().collect();
        write!(f, "{}", parts.join(" "))
    }
}
