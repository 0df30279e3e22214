//! Where the words of a query stand in a text, for showing them.

use std::ops::Range;

use super::syntax_tree::Node;
use super::term::{Term, Value};
use super::text_folding::{FoldedText, fold, occurrences, starts_word};
use crate::feed::Field;
use crate::feed::fields::ValueKind;

/// What a query looks for in texts, without what it excludes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlighter {
    wanted: Vec<(Field, Value)>,
}

impl Highlighter {
    /// What the terms of a query look for.
    pub fn for_node(node: &Node) -> Highlighter {
        let mut hits = Highlighter::default();
        hits.gather(node);
        hits
    }

    /// Letters that stand somewhere, in one go: for finding inside an article. Nothing, when there are none.
    pub fn for_text(letters: &str) -> Highlighter {
        let folded = fold(letters);
        let wanted = if folded.is_empty() { Vec::new() } else { vec![(Field::Any, Value::Substring(folded))] };
        Highlighter { wanted }
    }

    fn gather(&mut self, node: &Node) {
        match node {
            Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| self.gather(part)),
            Node::Not(_) => {}
            Node::Term(Term { field, values }) if field.kind() == ValueKind::Text => {
                self.wanted.extend(values.iter().map(|value| (*field, value.clone())));
            }
            Node::Saved { root: Some(root), .. } => self.gather(root),
            Node::Term(_) | Node::Saved { root: None, .. } => {}
        }
    }

    /// True when the query looks for no text.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Where a text of a field has what the query looks for: byte ranges in order that do not overlap. A text of
    /// [`Field::Any`] is mixed: everything is looked for in it.
    pub fn ranges(&self, field: Field, text: &str) -> Vec<Range<usize>> {
        let applies =
            |wanted: &Field| *wanted == field || field == Field::Any || *wanted == Field::Any && field.has_free_words();
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
                _ => found.extend(places(value, &folded.text).filter_map(|hit| folded.original(hit.start, hit.end))),
            }
        }
        found.retain(|range| !range.is_empty());
        merge(found)
    }
}

/// Where a value stands in a folded text.
fn places<'a>(value: &'a Value, text: &'a str) -> Box<dyn Iterator<Item = Range<usize>> + 'a> {
    match value {
        // In a mixed text the whole of a topic is a part.
        Value::Word(needle) | Value::Phrase(needle) | Value::WholeText(needle) => {
            let starts = occurrences(text, needle).filter(|at| starts_word(text, *at));
            Box::new(starts.map(|at| at..at + needle.len()))
        }
        Value::Substring(needle) => Box::new(occurrences(text, needle).map(|at| at..at + needle.len())),
        Value::Regex(pattern) => Box::new(pattern.regex().find_iter(text).map(|hit| hit.range())),
        Value::Number(..) | Value::Dates(..) | Value::Is(_) | Value::Has(_) | Value::Present => {
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
