//! Whether one query surely finds nothing that another does not: then only what that one found need be looked at.

use super::syntax_tree::Node;
use super::term::{Term, Value};
use crate::feed::Field;

/// Pairs of parts that are compared before one gives up: groups in groups have more pairs than anybody can wait for.
const MOST: usize = 2000;

/// Whether every article that `narrow` matches is matched by `wide`. False when that is not certain.
pub fn implies(narrow: &Node, wide: &Node) -> bool {
    let mut left = MOST;
    compare(narrow, wide, &mut left)
}

/// The same, with the pairs that may still be compared. Nothing is certain when none are left.
fn compare(narrow: &Node, wide: &Node, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    if narrow == wide {
        return true;
    }
    match (narrow, wide) {
        (_, Node::Saved { root, .. }) => root.as_ref().is_none_or(|root| compare(narrow, root, left)),
        (Node::Saved { root: Some(root), .. }, _) => compare(root, wide, left),
        (_, Node::All(parts)) => parts.iter().all(|part| compare(narrow, part, left)),
        (Node::Any(parts), _) => parts.iter().all(|part| compare(part, wide, left)),
        (Node::All(parts), Node::Any(wides)) => {
            parts.iter().any(|part| compare(part, wide, left)) || wides.iter().any(|wide| compare(narrow, wide, left))
        }
        (Node::All(parts), _) => parts.iter().any(|part| compare(part, wide, left)),
        (_, Node::Any(parts)) => parts.iter().any(|part| compare(narrow, part, left)),
        (Node::Not(narrow), Node::Not(wide)) => compare(wide, narrow, left),
        (Node::Term(narrow), Node::Term(wide)) => term_narrows(narrow, wide),
        _ => false,
    }
}

fn term_narrows(narrow: &Term, wide: &Term) -> bool {
    let field = narrow.field == wide.field || wide.field == Field::Any && narrow.field.has_free_words();
    field && narrow.values.iter().all(|value| wide.values.iter().any(|wide| value_narrows(value, wide)))
}

fn value_narrows(narrow: &Value, wide: &Value) -> bool {
    if narrow == wide {
        return true;
    }
    match (narrow, wide) {
        (
            Value::Word(narrow) | Value::Phrase(narrow) | Value::WholeText(narrow),
            Value::Word(wide) | Value::Phrase(wide),
        ) => narrow.starts_with(wide.as_str()),
        (
            Value::Word(narrow) | Value::Phrase(narrow) | Value::WholeText(narrow) | Value::Substring(narrow),
            Value::Substring(wide),
        ) => narrow.contains(wide.as_str()),
        (Value::Number(from, to), Value::Number(wide_from, wide_to)) => {
            let above = wide_from.is_none() || from.is_some() && from >= wide_from;
            let below = wide_to.is_none() || to.is_some() && to <= wide_to;
            above && below
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Query;
    use super::{MOST, compare};

    #[test]
    fn groups_in_groups_are_given_up() {
        let nest = |word: &str| (0..14).fold(word.to_owned(), |text, n| format!("(({text} OR b{n}) a{n})"));
        let [narrow, wide] = [nest("x"), nest("y")].map(|text| Query::parse(&text).expect("a query"));
        let root = |query: &Query| query.root.clone().expect("a condition");
        let mut left = MOST;
        assert!(!compare(&root(&narrow), &root(&wide), &mut left));
        assert_eq!(left, 0, "all pairs would take half a minute");
        assert!(narrow.implies(&narrow));
    }
}
