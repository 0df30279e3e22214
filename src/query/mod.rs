//! Which articles: everything that narrows or orders the list is a [`Query`].

mod complete;
mod evaluate;
mod fold;
mod ground;
mod hits;
mod moment;
mod narrows;
mod nearest;
mod order;
mod parse;
mod pattern;
mod saved;
mod search;
mod term;
mod texts;
mod tree;

use std::fmt;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

pub use complete::{Completion, Names, complete};
pub use fold::fold;
pub use ground::Ground;
pub use hits::Hits;
pub use parse::QueryError;
pub use saved::Saved;
pub use search::{Found, Plan, Search};
pub use term::Field;
pub use texts::Texts;
pub use tree::{Sort, SortKey};

use term::{Term, Value};
use tree::Node;

/// What narrows and orders the list. Prints as text that parses to the same query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    root: Option<Node>,
    sort: Option<Sort>,
    limit: Option<usize>,
    /// What saved searches in it say of order and number.
    lent: (Option<Sort>, Option<usize>),
}

impl Query {
    /// Reads a query as a person writes it; no search is saved.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, &Saved::default())
    }

    /// Reads a query as a person writes it; `saved:name` stands for the saved search of that name.
    pub fn parse_with(text: &str, saved: &Saved) -> Result<Query, QueryError> {
        let parse::Parsed { root, sort, limit, lent } = parse::parse(text, saved)?;
        Ok(Query { root, sort, limit, lent })
    }

    /// A search for this query. `within`: what a wider query matched on the same ground, see [`Query::narrows`].
    pub fn search(&self, ground: Ground, within: Option<Arc<FixedBitSet>>) -> Search {
        let plan = Plan { root: self.root.clone(), sort: self.sort.or(self.lent.0), limit: self.limit.or(self.lent.1) };
        Search::new(plan, ground, within)
    }

    /// Whether every article that this query matches is surely matched by `wider` too.
    pub fn narrows(&self, wider: &Query) -> bool {
        match (&self.root, &wider.root) {
            (Some(narrow), Some(wide)) => narrows::narrows(narrow, wide),
            _ => false,
        }
    }

    /// What this query looks for in texts, for showing where it stands.
    pub fn hits(&self) -> Hits {
        self.root.as_ref().map(Hits::of_node).unwrap_or_default()
    }

    /// The same query without its free words, phrases and regexes: what a new search puts others in place of.
    pub fn without_words(&self) -> Query {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let kept = parts.into_iter().filter(|part| !is_words(part)).collect();
        Query { root: Node::all(kept), ..self.clone() }
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
            lent: (other.lent.0.or(self.lent.0), other.lent.1.or(self.lent.1)),
        }
    }

    /// True when every article is found.
    pub fn is_everything(&self) -> bool {
        self.root.is_none() && self.limit.is_none() && self.lent.1.is_none()
    }

    /// The places of the articles that are found, in the order asked for.
    pub fn select(&self, ground: &Ground) -> Vec<usize> {
        let mut search = self.search(ground.clone(), None);
        while search.step(&|| false) {}
        search.found().places
    }

    /// The order of what is found.
    pub fn sort(&self) -> Sort {
        self.sort.or(self.lent.0).unwrap_or_default()
    }

    /// The same articles in another order.
    pub fn sorted(&self, sort: Sort) -> Query {
        // A saved search, or words that are ranked, have an order that newest first is not.
        let plain = self.lent.0.is_none() && !self.root.as_ref().is_some_and(order::has_words);
        Query { sort: (sort != Sort::default() || !plain).then_some(sort), ..self.clone() }
    }

    /// At most so many articles.
    pub fn limited(&self, limit: usize) -> Query {
        Query { limit: Some(self.limit.map_or(limit, |known| known.min(limit))), ..self.clone() }
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
        let values: Vec<Value> = names.iter().map(|name| Value::Whole(fold(name))).collect();
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
            Value::Whole(name) => Some(name),
            _ => None,
        }
    }
    part.term_on(field)?.values.iter().map(whole).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understood() {
        for (text, understood) in [
            ("", ""),
            ("rust async", "rust async"),
            ("\"Neural  Nets\" -crypto", "\"neural nets\" -crypto"),
            ("title:Rust topic:ai,ml", "title:rust topic:ai,ml"),
            ("topic:=\"Machine Learning\"", "topic:=\"machine learning\""),
            ("#\"machine learning\" #ai", "topic:=\"machine learning\" topic:ai"),
            ("(provider:quanta OR domain:nature.com) +unread", "(provider:quanta OR domain:nature.com) is:unread"),
            ("a | b c", "a OR b c"),
            ("NOT (a OR b)", "-(a OR b)"),
            ("!a AND b", "-a b"),
            ("quality:>=60", "quality:60.."),
            ("quality:>60 heat:0..", "quality:61.. heat:0.."),
            ("words:<=100,500", "words:..100,500"),
            ("date:2021-02..2021-03", "date:2021-02-01..2021-03-31"),
            ("date:2021", "date:2021-01-01..2021-12-31"),
            ("@2w", "date:>=2w"),
            ("@6months", "date:>=6mo"),
            ("date:<2021-02-18", "date:<2021-02-18"),
            ("-unread", "-is:unread"),
            ("has:image is:story", "has:image is:story"),
            ("body:* -excerpt:*", "body:* -excerpt:*"),
            ("*rust", "*rust"),
            ("sort:-quality limit:20 x", "x sort:-quality limit:20"),
            ("Café", "cafe"),
        ] {
            let query = Query::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            assert_eq!(query.to_string(), understood, "{text}");
            assert_eq!(
                Query::parse(understood).as_ref().map(Query::to_string),
                Ok(understood.to_owned()),
                "{text} again"
            );
        }
    }

    #[test]
    fn not_understood() {
        for (text, span, what) in [
            ("topc:ai", (0, 5), "unknown field `topc`; did you mean `topic`?"),
            ("x is:unred", (5, 10), "unknown word `unred`; did you mean `unread`?"),
            ("quality:high", (8, 12), "`high` is no number; write 60, >=60 or 40..80"),
            ("quality:9..3", (8, 12), "9 is more than 3"),
            ("date:2021-13", (5, 12), "`2021-13` is no date; write 2021-02-18, 2021-02, 2021-02..2021-03, today or 2w"),
            ("(a", (0, 2), "this `(` is never closed"),
            ("a)", (1, 2), "this `)` closes nothing"),
            ("\"a", (0, 2), "this quote is never closed"),
            ("a -", (2, 3), "nothing to exclude here"),
            ("title:", (6, 7), "a word is missing here"),
            ("sort:heit", (5, 9), "unknown sort key `heit`; did you mean `heat`?"),
            ("limit:many", (6, 10), "`many` is no number of articles"),
        ] {
            let error = Query::parse(text).expect_err(text);
            assert_eq!(error.what, what, "{text}");
            assert_eq!(error.span.0, span.0, "{text}: {:?}", error.span);
        }
        assert!(Query::parse(&"(".repeat(4000)).is_err());
        assert!(Query::parse(&"-".repeat(4000)).is_err());
    }

    #[test]
    fn topics_are_picked_and_dropped() {
        let topic = |name| Topic::new(crate::feed::clean::line(name)).expect("a topic");
        let query = Query::parse("rust sort:-heat").expect("a query");
        let picked = query.with_topics(&[topic("AI"), topic("Machine Learning")]);
        assert_eq!(picked.to_string(), "rust topic:=\"ai\",=\"machine learning\" sort:-heat");
        assert_eq!(picked.topics(), ["ai", "machine learning"]);
        assert_eq!(picked.with_topics(&[]), query);
    }
}
