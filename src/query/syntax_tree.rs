//! The syntax tree of a query, and the order of its results.

use std::fmt;

use super::article_state::ArticleState;
use super::saved_searches::saved_term;
use super::term::{Term, Value};
use crate::feed::Field;

/// A condition: a term, or conditions combined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// All of these are met.
    All(Vec<Node>),
    /// At least one of these is met.
    Any(Vec<Node>),
    /// This is not met.
    Not(Box<Node>),
    /// One term.
    Term(Term),
    /// A saved search that is met as if its conditions were written here.
    Saved {
        /// Its name.
        name: String,
        /// Its conditions; `None` if it finds every article.
        root: Option<Box<Node>>,
    },
}

impl Node {
    /// All of the parts; `None` without parts.
    pub fn all(mut parts: Vec<Node>) -> Option<Node> {
        if parts.len() < 2 { parts.pop() } else { Some(Node::All(parts)) }
    }

    /// Any of the parts; `None` without parts.
    pub fn any(mut parts: Vec<Node>) -> Option<Node> {
        if parts.len() < 2 { parts.pop() } else { Some(Node::Any(parts)) }
    }

    /// The negation of a node. A double negation is removed.
    #[allow(clippy::should_implement_trait)] // a constructor, like the two above
    pub fn not(node: Node) -> Node {
        match node {
            Node::Not(inner) => *inner,
            node => Node::Not(Box::new(node)),
        }
    }

    /// The parts of an [`Node::All`], else the node alone: conditions that must all be met.
    pub fn into_parts(self) -> Vec<Node> {
        match self {
            Node::All(parts) => parts,
            node => vec![node],
        }
    }

    /// Replaces saved searches by their conditions. `None` if the result finds every article.
    pub fn expanded(self) -> Option<Node> {
        match self {
            Node::All(parts) => Node::all(parts.into_iter().filter_map(Node::expanded).collect()),
            // One alternative that finds every article makes the whole group find every article.
            Node::Any(parts) => Node::any(parts.into_iter().map(Node::expanded).collect::<Option<_>>()?),
            // There is no other way to write "excludes every article", so the saved search stays.
            Node::Not(inner) => Some(Node::not(inner.clone().expanded().unwrap_or(*inner))),
            Node::Saved { root, .. } => root.and_then(|root| root.expanded()),
            Node::Term(term) => Some(Node::Term(term)),
        }
    }

    /// Whether `is:state` occurs in it.
    pub fn names(&self, state: ArticleState) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(|part| part.names(state)),
            Node::Not(inner) => inner.names(state),
            Node::Saved { root, .. } => root.as_ref().is_some_and(|root| root.names(state)),
            Node::Term(term) => term.field == Field::Is && term.values.contains(&Value::Is(state)),
        }
    }

    /// Whether `saved:name` occurs in it, outside other saved searches.
    pub fn uses_saved(&self, search: &str) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(|part| part.uses_saved(search)),
            Node::Not(inner) => inner.uses_saved(search),
            Node::Saved { name, .. } => name == search,
            Node::Term(_) => false,
        }
    }

    /// Whether marks influence which articles match.
    pub fn depends_on_marks(&self) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(Node::depends_on_marks),
            Node::Not(inner) => inner.depends_on_marks(),
            Node::Saved { root, .. } => root.as_ref().is_some_and(|root| root.depends_on_marks()),
            Node::Term(term) => match term.field {
                Field::Added | Field::ReadAt | Field::Score | Field::Tag | Field::Label => true,
                Field::Is | Field::Has => term.values.iter().any(|value| match value {
                    Value::Is(state) => state.depends_on_marks(),
                    Value::Has(thing) => thing.depends_on_marks(),
                    _ => true,
                }),
                _ => false,
            },
        }
    }

    /// Whether links between articles influence which articles match.
    pub fn depends_on_links(&self) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(Node::depends_on_links),
            Node::Not(inner) => inner.depends_on_links(),
            Node::Saved { root, .. } => root.as_ref().is_some_and(|root| root.depends_on_links()),
            Node::Term(term) => {
                let has_links = |value: &Value| matches!(value, Value::Has(feature) if feature.depends_on_links());
                term.field == Field::Links || term.values.iter().any(has_links)
            }
        }
    }

    /// Whether the current time influences which articles match.
    pub fn depends_on_time(&self) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(Node::depends_on_time),
            Node::Not(inner) => inner.depends_on_time(),
            Node::Saved { root, .. } => root.as_ref().is_some_and(|root| root.depends_on_time()),
            // `is:new` depends on the start of the session, not on the current time.
            Node::Term(term) => term.values.iter().any(|value| match value {
                Value::Dates(from, to) => from.is_relative() || to.is_relative(),
                _ => false,
            }),
        }
    }

    /// The term, if the node is a term on `field`.
    pub fn term_on(&self, field: Field) -> Option<&Term> {
        match self {
            Node::Term(term) if term.field == field => Some(term),
            _ => None,
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |f: &mut fmt::Formatter<'_>, parts: &[Node], sign: &str, braced: fn(&Node) -> bool| {
            for (n, part) in parts.iter().enumerate() {
                let sign = if n == 0 { "" } else { sign };
                if braced(part) { write!(f, "{sign}({part})")? } else { write!(f, "{sign}{part}")? }
            }
            Ok(())
        };
        match self {
            // Groups in groups keep their parentheses, so that the text parses to the same tree.
            Node::All(parts) => join(f, parts, " ", |part| matches!(part, Node::Any(_) | Node::All(_))),
            Node::Any(parts) => join(f, parts, " OR ", |part| matches!(part, Node::Any(_))),
            Node::Not(inner) => match **inner {
                Node::Term(_) | Node::Saved { .. } => write!(f, "-{inner}"),
                _ => write!(f, "-({inner})"),
            },
            Node::Term(term) => write!(f, "{term}"),
            Node::Saved { name, .. } => f.write_str(&saved_term(name)),
        }
    }
}

/// What results are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// Publication time.
    Date,
    /// Score of the story, from the file.
    Heat,
    /// Score of the article, from the file.
    Quality,
    /// How long its sound or film takes.
    Duration,
    /// Title.
    Title,
    /// Name of the provider.
    Provider,
    /// When the article arrived; if that is not recorded yet, when its file was modified.
    Added,
    /// When it was read.
    ReadAt,
    /// The sum of the scores that rules give.
    Score,
}

impl SortKey {
    /// All keys, in the order in which completion offers them.
    pub const ALL: [SortKey; 9] = [
        SortKey::Date,
        SortKey::Heat,
        SortKey::Quality,
        SortKey::Duration,
        SortKey::Title,
        SortKey::Provider,
        SortKey::Added,
        SortKey::ReadAt,
        SortKey::Score,
    ];

    /// The word in a query, as in `sort:heat`.
    pub fn word(self) -> &'static str {
        match self {
            SortKey::Date => "date",
            SortKey::Heat => "heat",
            SortKey::Quality => "quality",
            SortKey::Duration => "duration",
            SortKey::Title => "title",
            SortKey::Provider => "provider",
            SortKey::Added => "added",
            SortKey::ReadAt => "readat",
            SortKey::Score => "score",
        }
    }

    /// The key with this word.
    pub fn from_word(word: &str) -> Option<SortKey> {
        SortKey::ALL.into_iter().find(|key| key.word() == word)
    }
}

/// The order of search results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The key.
    pub key: SortKey,
    /// Largest, latest or last first, as in `sort:-heat`.
    pub descending: bool,
}

impl Default for Sort {
    /// Newest first.
    fn default() -> Sort {
        Sort { key: SortKey::Date, descending: true }
    }
}

impl Sort {
    /// The usual direction of a key: names from A to Z, all others in descending order.
    pub fn by(key: SortKey) -> Sort {
        Sort { key, descending: !matches!(key, SortKey::Title | SortKey::Provider) }
    }

    /// The same key in the other direction.
    pub fn reversed(self) -> Sort {
        Sort { descending: !self.descending, ..self }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sort:{}{}", if self.descending { "-" } else { "" }, self.key.word())
    }
}
