//! Which articles: everything that narrows or orders the list is a [`Query`].

mod article_state;
mod bucket;
mod completion;
mod date_bound;
mod evaluation;
mod folded_texts;
mod highlighter;
mod implication;
mod insights;
mod label_counts;
mod match_candidate;
mod near_duplicate;
mod nearest_name;
mod parser;
mod pasted_text;
mod period;
mod regex_pattern;
mod rules;
mod saved_searches;
mod search;
mod search_context;
mod similarity_index;
mod similarity_segment;
mod sort_order;
mod syntax_tree;
mod term;
#[cfg(test)]
mod tests;
mod text_folding;
mod tf_idf;

use std::fmt;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

pub use article_state::{ArticleFeature, ArticleState};
pub use bucket::{Bucket, BucketKey, by_count, by_share};
pub use completion::{Completion, CompletionNames, complete};
pub use folded_texts::{FoldedTexts, texts_to_keep};
pub use highlighter::Highlighter;
pub use insights::{Insights, InsightsCounter, NamedBuckets};
pub use label_counts::count_labels;
pub use nearest_name::{nearest_name, unknown_name};
pub use parser::QueryError;
pub use period::{ByPeriod, Period};
pub use rules::{Invalidation, Rule, RuleEvaluation, RuleResults, Rules};
pub use saved_searches::SavedSearches;
pub use search::{Search, SearchPlan, SearchResult};
pub use search_context::SearchContext;
pub use similarity_index::{SimilarArticle, SimilarityIndex};
pub use syntax_tree::{Sort, SortKey};
pub use text_folding::fold;

pub use crate::config::RuleAction;
pub use crate::feed::Field;

use syntax_tree::Node;
use term::{Term, Value};

/// What narrows and orders the list. Prints as text that parses to the same query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    root: Option<Node>,
    sort: Option<Sort>,
    limit: Option<usize>,
    /// What saved searches in it say of order and number.
    inherited: (Option<Sort>, Option<usize>),
    /// Hidden articles are found though it does not name them.
    shows_hidden: bool,
}

impl Query {
    /// Reads a query as a person writes it; no search is saved.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, &SavedSearches::default())
    }

    /// Reads a query as a person writes it; `saved:name` stands for the saved search of that name.
    pub fn parse_with(text: &str, saved: &SavedSearches) -> Result<Query, QueryError> {
        let parser::Parsed { root, sort, limit, inherited } = parser::parse(text, saved)?;
        Ok(Query { root, sort, limit, inherited, shows_hidden: false })
    }

    /// What was read, the latest first. `by_reader`: not what only a rule calls read.
    pub fn recently_read(by_reader: bool) -> Query {
        let sort = Some(Sort::by(SortKey::ReadAt));
        let query = Query { sort, ..Query::default().in_state(Some(ArticleState::Read)) };
        let timed = Query { root: Some(Node::Term(read_some_time())), ..Query::default() };
        if by_reader { query.and(&timed) } else { query }
    }

    /// The same query, which finds hidden articles too.
    pub fn with_hidden(&self) -> Query {
        Query { shows_hidden: true, ..self.clone() }
    }

    /// A search for this query. `within`: what a wider query matched on the same ground, see [`Query::implies`].
    pub fn search(&self, context: SearchContext, within: Option<Arc<FixedBitSet>>) -> Search {
        Search::new(self.plan(), context, within)
    }

    fn plan(&self) -> SearchPlan {
        let (sort, limit) = (self.sort.or(self.inherited.0), self.limit.or(self.inherited.1));
        SearchPlan { root: self.root.clone(), sort, limit, shows_hidden: self.shows_hidden }
    }

    /// A rule: what it says of the articles that this query finds.
    pub fn rule(&self, actions: Vec<RuleAction>) -> Rule {
        Rule::new(self.to_string(), self.plan(), self.depends_on_marks(), actions)
    }

    /// The numbers of what it finds, still to be counted. Order and limit do not count.
    pub fn insights(&self, context: SearchContext) -> InsightsCounter {
        let shows_hidden = self.shows_hidden;
        // In the order of the feed nothing is ranked.
        let plan = SearchPlan { root: self.root.clone(), sort: Some(Sort::default()), limit: None, shows_hidden };
        InsightsCounter::new(Search::new(plan, context.clone(), None), context)
    }

    /// The query that a bar of its insights leads to: it finds exactly what the bar counts.
    pub fn narrowed_to(&self, bucket: &Bucket) -> Query {
        // Read again, a saved search would lend its limit.
        let lends_limit = self.inherited.1.is_some();
        let root = self.root.clone();
        let root = if lends_limit { root.and_then(Node::expanded) } else { root };
        let mut parts = root.map(Node::into_parts).unwrap_or_default();
        for part in bucket.conditions() {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let sort = if lends_limit { self.sort.or(self.inherited.0) } else { self.sort };
        let inherited = if lends_limit { (None, None) } else { self.inherited };
        Query { root: Node::all(parts), sort, limit: None, inherited, ..self.clone() }
    }

    /// Whether every article that this query matches is surely matched by `wider` too.
    pub fn implies(&self, wider: &Query) -> bool {
        match (&self.root, &wider.root) {
            (Some(narrow), Some(wide)) => implication::implies(narrow, wide),
            _ => false,
        }
    }

    /// What this query looks for in texts, for showing where it stands.
    pub fn highlighter(&self) -> Highlighter {
        self.root.as_ref().map(Highlighter::for_node).unwrap_or_default()
    }

    /// The same query without its free words, phrases and regexes: what a new search puts others in place of.
    pub fn without_words(&self) -> Query {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let kept = parts.into_iter().filter(|part| !is_words(part)).collect();
        Query { root: Node::all(kept), ..self.clone() }
    }

    /// The same query without what narrows it last: the number, else a part; words side by side are one part, and so are the
    /// states that one key sets. What is left is the order, which goes when nothing else is there.
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

    /// Both queries must hold; what the other says of order and number counts.
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

    /// True when it names no article, but finds every one in some order: a saved search may do so, too.
    pub fn has_no_filter(&self) -> bool {
        self.limit.or(self.inherited.1).is_none() && self.root.clone().and_then(Node::expanded).is_none()
    }

    /// True when every article is found.
    pub fn is_everything(&self) -> bool {
        self.root.is_none() && self.limit.is_none() && self.inherited.1.is_none()
    }

    /// The places of the articles that are found, in the order asked for.
    pub fn select(&self, context: &SearchContext) -> Vec<usize> {
        let mut search = self.search(context.clone(), None);
        while search.step(&|| false) {}
        search.found().indices
    }

    /// The order of what is found; none when words decide it, and the best hits come first.
    pub fn sort(&self) -> Option<Sort> {
        let ranked = self.root.as_ref().is_some_and(sort_order::has_words);
        self.sort.or(self.inherited.0).or((!ranked).then(Sort::default))
    }

    /// The same articles in another order.
    pub fn sorted(&self, sort: Sort) -> Query {
        let unsorted = Query { sort: None, ..self.clone() };
        let own = (unsorted.sort() != Some(sort)).then_some(sort);
        Query { sort: own, ..unsorted }
    }

    /// At most so many articles.
    pub fn limited(&self, limit: usize) -> Query {
        Query { limit: Some(self.limit.map_or(limit, |known| known.min(limit))), ..self.clone() }
    }

    /// Whether what it finds, or in which order, depends on what the reader did.
    pub fn depends_on_marks(&self) -> bool {
        let by_marks = [SortKey::Added, SortKey::ReadAt, SortKey::Score];
        self.sort().is_some_and(|sort| by_marks.contains(&sort.key))
            || self.root.as_ref().is_some_and(Node::depends_on_marks)
    }

    /// Whether it says anything of what changed in this session.
    pub fn mentions_changed(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.names(ArticleState::Changed))
    }

    /// Whether it says anything of what is hidden: then hidden articles are found too.
    pub fn mentions_hidden(&self) -> bool {
        self.root.as_ref().is_some_and(|root| root.names(ArticleState::Hidden))
    }

    /// Whether it asks for unread articles alone.
    pub fn wants_unread(&self) -> bool {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let is = |part: &Node, state| part.term_on(Field::Is).is_some_and(|term| term.values == [Value::Is(state)]);
        parts.iter().any(|part| match part {
            Node::Not(inner) => is(inner, ArticleState::Read),
            part => is(part, ArticleState::Unread),
        })
    }

    /// The same query among articles in a state, such as unread, instead of the state it asks for now; none: in any.
    pub fn in_state(&self, state: Option<ArticleState>) -> Query {
        let mut parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        parts.retain(|part| !is_state(part));
        let values = state.map(|state| vec![Value::Is(state)]);
        parts.extend(values.map(|values| Node::Term(Term { field: Field::Is, values })));
        Query { root: Node::all(parts), ..self.clone() }
    }

    /// The topics or providers asked for as a whole, folded: what a picker has put into the query.
    pub fn picked(&self, field: Field) -> Vec<String> {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        parts.iter().find_map(|part| picks(part, field)).unwrap_or_default().into_iter().map(str::to_owned).collect()
    }

    /// The same query with other topics or providers picked; none: any.
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

/// The names in a part that does nothing but ask for whole topics, or whole providers.
fn picks(part: &Node, field: Field) -> Option<Vec<&str>> {
    fn whole(value: &Value) -> Option<&str> {
        match value {
            Value::WholeText(name) => Some(name),
            _ => None,
        }
    }
    part.term_on(field)?.values.iter().map(whole).collect()
}

/// `readat:*`
fn read_some_time() -> Term {
    Term { field: Field::ReadAt, values: vec![Value::Present] }
}

/// Whether a part does nothing but ask whether the reader has read or starred an article.
fn is_state(part: &Node) -> bool {
    let inner = if let Node::Not(inner) = part { inner } else { part };
    if inner.term_on(Field::ReadAt) == Some(&read_some_time()) {
        return true;
    }
    let is_quick_filter = |value: &Value| matches!(value, Value::Is(state) if state.is_quick_filter());
    inner.term_on(Field::Is).is_some_and(|term| term.values.iter().all(is_quick_filter))
}

/// Whether a part is made of nothing but free words.
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
