//! Implication between queries: if one implies another, its results are a subset, and only those articles need be searched.

use super::syntax_tree::Node;
use super::term::{Term, Value};
use crate::feed::Field;

/// Maximum number of node pairs to compare. Nested groups have exponentially many pairs; beyond the limit the answer is "not
/// certain".
const MAX_COMPARISONS: usize = 2000;

/// Whether every article that matches `narrow` also matches `wide`. False if that is not certain.
pub fn implies(narrow: &Node, wide: &Node) -> bool {
    let mut left = MAX_COMPARISONS;
    compare(narrow, wide, &mut left)
}

/// As [`implies`], with the number of pairs that may still be compared.
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
        (Node::Term(narrow), Node::Term(wide)) => term_implies(narrow, wide),
        _ => false,
    }
}

fn term_implies(narrow: &Term, wide: &Term) -> bool {
    // Free words search these fields too, so a match in one of them is a match of the free word.
    let field = match wide.field {
        Field::Any => narrow.field == Field::Any || narrow.field.is_searched_by_free_words(),
        Field::Label => matches!(narrow.field, Field::Label | Field::Topic | Field::Tag),
        field => narrow.field == field,
    };
    field && narrow.values.iter().all(|value| wide.values.iter().any(|wide| value_implies(value, wide)))
}

fn value_implies(narrow: &Value, wide: &Value) -> bool {
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
        (Value::Number(from, to), Value::Number(wide_from, wide_to))
        | (Value::Seconds(from, to), Value::Seconds(wide_from, wide_to)) => {
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
    use super::{MAX_COMPARISONS, compare};

    #[test]
    fn deeply_nested_groups_stop_at_the_limit() {
        let nest = |word: &str| (0..14).fold(word.to_owned(), |text, n| format!("(({text} OR b{n}) a{n})"));
        let [narrow, wide] = [nest("x"), nest("y")].map(|text| Query::parse(&text).expect("a query"));
        let root = |query: &Query| query.root.clone().expect("a condition");
        let mut left = MAX_COMPARISONS;
        assert!(!compare(&root(&narrow), &root(&wide), &mut left));
        assert_eq!(left, 0, "comparing all pairs would take half a minute");
        assert!(narrow.implies(&narrow));
    }
}
