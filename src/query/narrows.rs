//! Whether one query surely finds nothing that another does not: then only what that one found need be looked at.

use super::term::{Field, Term, Value};
use super::tree::Node;

/// Whether every article that `narrow` matches is matched by `wide`. False when that is not certain.
pub fn narrows(narrow: &Node, wide: &Node) -> bool {
    if narrow == wide {
        return true;
    }
    match (narrow, wide) {
        (_, Node::Saved { root, .. }) => root.as_ref().is_none_or(|root| narrows(narrow, root)),
        (Node::Saved { root: Some(root), .. }, _) => narrows(root, wide),
        (_, Node::All(parts)) => parts.iter().all(|part| narrows(narrow, part)),
        (Node::Any(parts), _) => parts.iter().all(|part| narrows(part, wide)),
        (Node::All(parts), _) if parts.iter().any(|part| narrows(part, wide)) => true,
        (_, Node::Any(parts)) => parts.iter().any(|part| narrows(narrow, part)),
        (Node::Not(narrow), Node::Not(wide)) => narrows(wide, narrow),
        (Node::Term(narrow), Node::Term(wide)) => term_narrows(narrow, wide),
        _ => false,
    }
}

fn term_narrows(narrow: &Term, wide: &Term) -> bool {
    let field = narrow.field == wide.field || wide.field == Field::Any && is_any(narrow.field);
    field && narrow.values.iter().all(|value| wide.values.iter().any(|wide| value_narrows(value, wide)))
}

/// Fields in which free words are looked for.
fn is_any(field: Field) -> bool {
    matches!(field, Field::Title | Field::Topic | Field::Provider | Field::Excerpt | Field::Body)
}

fn value_narrows(narrow: &Value, wide: &Value) -> bool {
    if narrow == wide {
        return true;
    }
    match (narrow, wide) {
        (
            Value::Word(narrow) | Value::Phrase(narrow) | Value::Whole(narrow),
            Value::Word(wide) | Value::Phrase(wide),
        ) => narrow.starts_with(wide.as_str()),
        (
            Value::Word(narrow) | Value::Phrase(narrow) | Value::Whole(narrow) | Value::Inner(narrow),
            Value::Inner(wide),
        ) => narrow.contains(wide.as_str()),
        (Value::Number(from, to), Value::Number(wide_from, wide_to)) => {
            let above = wide_from.is_none() || from.is_some() && from >= wide_from;
            let below = wide_to.is_none() || to.is_some() && to <= wide_to;
            above && below
        }
        _ => false,
    }
}
