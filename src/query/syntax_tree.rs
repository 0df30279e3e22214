//! The tree of a query: terms joined by and, or, not; and the order of what it finds.

use std::fmt;

use super::article_state::ArticleState;
use super::term::{Term, Value};
use crate::feed::Field;

/// A term, or others joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// All of these.
    All(Vec<Node>),
    /// Any of these.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// One term.
    Term(Term),
    /// A saved search, which stands for what it says; nothing when it finds every article.
    Saved {
        /// Its name.
        name: String,
        /// What it says.
        root: Option<Box<Node>>,
    },
}

impl Node {
    /// All of the parts; none when there is no part.
    pub fn all(mut parts: Vec<Node>) -> Option<Node> {
        if parts.len() < 2 { parts.pop() } else { Some(Node::All(parts)) }
    }

    /// Any of the parts; none when there is no part.
    pub fn any(mut parts: Vec<Node>) -> Option<Node> {
        if parts.len() < 2 { parts.pop() } else { Some(Node::Any(parts)) }
    }

    /// Not that; twice not is yes.
    #[allow(clippy::should_implement_trait)] // a constructor, like the two above
    pub fn not(node: Node) -> Node {
        match node {
            Node::Not(inner) => *inner,
            node => Node::Not(Box::new(node)),
        }
    }

    /// The parts that must all hold.
    pub fn into_parts(self) -> Vec<Node> {
        match self {
            Node::All(parts) => parts,
            node => vec![node],
        }
    }

    /// The same with what saved searches say in their places; nothing when it finds every article.
    pub fn expanded(self) -> Option<Node> {
        match self {
            Node::All(parts) => Node::all(parts.into_iter().filter_map(Node::expanded).collect()),
            Node::Any(parts) => Node::any(parts.into_iter().map(Node::expanded).collect::<Option<_>>()?),
            // What excludes every article has no other words.
            Node::Not(inner) => Some(Node::not(inner.clone().expanded().unwrap_or(*inner))),
            Node::Saved { root, .. } => root.and_then(|root| root.expanded()),
            Node::Term(term) => Some(Node::Term(term)),
        }
    }

    /// Whether it says anything of a state.
    pub fn names(&self, state: ArticleState) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(|part| part.names(state)),
            Node::Not(inner) => inner.names(state),
            Node::Saved { root, .. } => root.as_ref().is_some_and(|root| root.names(state)),
            Node::Term(term) => term.field == Field::Is && term.values.contains(&Value::Is(state)),
        }
    }

    /// Whether what it matches depends on what the reader did.
    pub fn depends_on_marks(&self) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(Node::depends_on_marks),
            Node::Not(inner) => inner.depends_on_marks(),
            Node::Saved { root, .. } => root.as_ref().is_some_and(|root| root.depends_on_marks()),
            Node::Term(term) => match term.field {
                Field::Added | Field::ReadAt | Field::Score => true,
                Field::Is | Field::Has => term.values.iter().any(|value| match value {
                    Value::Is(state) => state.depends_on_marks(),
                    Value::Has(thing) => thing.depends_on_marks(),
                    _ => true,
                }),
                _ => false,
            },
        }
    }

    /// Whether what it matches depends on the present time.
    pub fn depends_on_time(&self) -> bool {
        match self {
            Node::All(parts) | Node::Any(parts) => parts.iter().any(Node::depends_on_time),
            Node::Not(inner) => inner.depends_on_time(),
            Node::Saved { root, .. } => root.as_ref().is_some_and(|root| root.depends_on_time()),
            Node::Term(term) => term.values.iter().any(|value| match value {
                Value::Dates(from, to) => from.is_relative() || to.is_relative(),
                _ => false,
            }),
        }
    }

    /// The term, when this is one that looks at `field`.
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
            Node::All(parts) => join(f, parts, " ", |part| matches!(part, Node::Any(_) | Node::All(_))),
            Node::Any(parts) => join(f, parts, " OR ", |part| matches!(part, Node::Any(_))),
            Node::Not(inner) => match **inner {
                Node::Term(_) | Node::Saved { .. } => write!(f, "-{inner}"),
                _ => write!(f, "-({inner})"),
            },
            Node::Term(term) => write!(f, "{term}"),
            Node::Saved { name, .. } => write!(f, "saved:{name}"),
        }
    }
}

/// What articles are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// When published.
    Date,
    /// Score of the story.
    Heat,
    /// Score of the article.
    Quality,
    /// Title.
    Title,
    /// Name of the provider.
    Provider,
    /// When the reader first saw it; until then, when its file was last written.
    Added,
    /// When read.
    ReadAt,
    /// What rules add up to.
    Score,
}

impl SortKey {
    /// All keys, in the order in which they are offered.
    pub const ALL: [SortKey; 8] = [
        SortKey::Date,
        SortKey::Heat,
        SortKey::Quality,
        SortKey::Title,
        SortKey::Provider,
        SortKey::Added,
        SortKey::ReadAt,
        SortKey::Score,
    ];

    /// The word for it, as in `sort:heat`.
    pub fn word(self) -> &'static str {
        match self {
            SortKey::Date => "date",
            SortKey::Heat => "heat",
            SortKey::Quality => "quality",
            SortKey::Title => "title",
            SortKey::Provider => "provider",
            SortKey::Added => "added",
            SortKey::ReadAt => "readat",
            SortKey::Score => "score",
        }
    }

    /// The key that a word names.
    pub fn read(word: &str) -> Option<SortKey> {
        SortKey::ALL.into_iter().find(|key| key.word() == word)
    }
}

/// The order of what a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Largest, latest or last first: `sort:-heat`.
    pub descending: bool,
}

impl Default for Sort {
    /// Newest first.
    fn default() -> Sort {
        Sort { key: SortKey::Date, descending: true }
    }
}

impl Sort {
    /// The order in which a key is wanted first: names from A, everything else from the top.
    pub fn by(key: SortKey) -> Sort {
        Sort { key, descending: !matches!(key, SortKey::Title | SortKey::Provider) }
    }

    /// The same key the other way round.
    pub fn reversed(self) -> Sort {
        Sort { descending: !self.descending, ..self }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sort:{}{}", if self.descending { "-" } else { "" }, self.key.word())
    }
}
