//! Finds the parts of a text that a query matches, to highlight them.

use std::ops::Range;

use super::syntax_tree::Node;
use super::term::{Term, Value};
use super::text_folding::{FoldedText, fold, occurrences, starts_word};
use crate::feed::Field;
use crate::feed::fields::ValueKind;

/// The words, phrases and regexes that a query looks for. Excluded terms have no part in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlighter {
    wanted: Vec<(Field, Value)>,
}

impl Highlighter {
    /// Collects what the terms of a query look for.
    pub fn for_node(node: &Node) -> Highlighter {
        let mut highlighter = Highlighter::default();
        highlighter.collect(node);
        highlighter
    }

    /// Looks for `letters` as one run of characters anywhere: for "find in article". It finds nothing if they fold to an empty
    /// text.
    pub fn for_text(letters: &str) -> Highlighter {
        let folded = fold(letters);
        let wanted = if folded.is_empty() { Vec::new() } else { vec![(Field::Any, Value::Substring(folded))] };
        Highlighter { wanted }
    }

    fn collect(&mut self, node: &Node) {
        match node {
            Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| self.collect(part)),
            Node::Not(_) => {}
            Node::Term(Term { field, values }) if field.kind() == ValueKind::Text => {
                // Tags are nowhere in the text of an article.
                let field = if *field == Field::Label { Field::Topic } else { *field };
                self.wanted.extend(values.iter().map(|value| (field, value.clone())));
            }
            Node::Saved { root: Some(root), .. } => self.collect(root),
            Node::Term(_) | Node::Saved { root: None, .. } => {}
        }
    }

    /// True if there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Byte ranges of `text` that match, sorted, without overlaps. `field` is the field that the text belongs to. A text of
    /// [`Field::Any`] is a mixture of fields, so all terms apply to it.
    pub fn ranges(&self, field: Field, text: &str) -> Vec<Range<usize>> {
        let applies = |wanted: &Field| {
            *wanted == field || field == Field::Any || *wanted == Field::Any && field.is_searched_by_free_words()
        };
        let mut wanted = self.wanted.iter().filter(|(field, _)| applies(field)).map(|(_, value)| value).peekable();
        if wanted.peek().is_none() {
            return Vec::new();
        }
        let folded = FoldedText::new(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for value in wanted {
            match value {
                Value::Regex(pattern) if pattern.is_exact() => {
                    found.extend(pattern.regex().find_iter(text).map(|hit| hit.range()));
                }
                _ => {
                    found.extend(matches_of(value, &folded.text).filter_map(|hit| folded.original(hit.start, hit.end)))
                }
            }
        }
        // Regexes such as `/x*/` also match the empty text.
        found.retain(|range| !range.is_empty());
        merge(found)
    }
}

/// Byte ranges where `value` occurs in a folded text.
fn matches_of<'a>(value: &'a Value, text: &'a str) -> Box<dyn Iterator<Item = Range<usize>> + 'a> {
    match value {
        // In a mixed text, a whole topic or provider is only a part of the text.
        Value::Word(needle) | Value::Phrase(needle) | Value::WholeText(needle) => {
            let starts = occurrences(text, needle).filter(|at| starts_word(text.as_bytes(), *at));
            Box::new(starts.map(|at| at..at + needle.len()))
        }
        Value::Substring(needle) => Box::new(occurrences(text, needle).map(|at| at..at + needle.len())),
        Value::Regex(pattern) => Box::new(pattern.regex().find_iter(text).map(|hit| hit.range())),
        Value::Number(..) | Value::Seconds(..) | Value::Dates(..) | Value::Is(_) | Value::Has(_) | Value::Present => {
            Box::new(std::iter::empty())
        }
    }
}

fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
