//! Which articles: everything that narrows or orders the list is a [`Query`].

mod complete;
mod evaluate;
mod fold;
mod ground;
mod hits;
mod narrows;
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
pub use search::{Found, Search};
pub use term::Field;
pub use texts::Texts;
pub use tree::{Sort, SortKey};

use crate::feed::Topic;
use term::{Term, Value};
use tree::Node;

/// What narrows and orders the list. Prints as text that parses to the same query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    root: Option<Node>,
    sort: Option<Sort>,
    limit: Option<usize>,
}

impl Query {
    /// Reads a query as a person writes it.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        let parse::Parsed { root, sort, limit } = parse::parse(text)?;
        Ok(Query { root, sort, limit })
    }

    /// Reads a query as a person writes it; `saved:name` stands for the saved search of that name.
    pub fn parse_with(text: &str, saved: &Saved) -> Result<Query, QueryError> {
        let _ = saved;
        Query::parse(text)
    }

    /// A search for this query. `within`: what a wider query matched on the same ground, see [`Query::narrows`].
    pub fn search(&self, ground: Ground, within: Option<Arc<FixedBitSet>>) -> Search {
        let Query { root, sort, limit } = self.clone();
        Search::new(parse::Parsed { root, sort, limit }, ground, within)
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

    /// Stub.
    pub fn without_words(&self) -> Query {
        self.clone()
    }

    /// Stub.
    pub fn and(&self, other: &Query) -> Query {
        other.clone()
    }

    /// Stub.
    pub fn picked(&self, _field: Field) -> Vec<String> {
        self.topics()
    }

    /// Stub.
    pub fn with_picked(&self, _field: Field, _names: &[&str]) -> Query {
        self.clone()
    }

    /// True when every article is found.
    pub fn is_everything(&self) -> bool {
        self.root.is_none() && self.limit.is_none()
    }

    /// The places of the articles that are found, in the order asked for.
    pub fn select(&self, ground: &Ground) -> Vec<usize> {
        let mut search = self.search(ground.clone(), None);
        while search.step(&|| false) {}
        search.found().places
    }

    /// The order of what is found.
    pub fn sort(&self) -> Sort {
        self.sort.unwrap_or_default()
    }

    /// The same articles in another order.
    pub fn sorted(&self, sort: Sort) -> Query {
        Query { sort: (sort != Sort::default()).then_some(sort), ..self.clone() }
    }

    /// At most so many articles.
    pub fn limited(&self, limit: usize) -> Query {
        Query { limit: Some(self.limit.map_or(limit, |known| known.min(limit))), ..self.clone() }
    }

    /// The topics asked for as a whole: what the topic picker has put into the query, as topic keys.
    pub fn topics(&self) -> Vec<String> {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let picked = parts.iter().filter_map(picked_topics).next().unwrap_or_default();
        picked.into_iter().map(str::to_owned).collect()
    }

    /// The same query with other topics picked; none: of any topic.
    pub fn with_topics(&self, topics: &[Topic]) -> Query {
        let mut parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        parts.retain(|part| picked_topics(part).is_none());
        if !topics.is_empty() {
            let values = topics.iter().map(|topic| Value::Whole(fold(topic.key()))).collect();
            parts.push(Node::Term(Term { field: Field::Topic, values }));
        }
        Query { root: Node::all(parts), ..self.clone() }
    }
}

/// The topics of a part that does nothing but ask for whole topics.
fn picked_topics(part: &Node) -> Option<Vec<&str>> {
    fn whole(value: &Value) -> Option<&str> {
        match value {
            Value::Whole(topic) => Some(topic),
            _ => None,
        }
    }
    part.term_on(Field::Topic)?.values.iter().map(whole).collect()
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
