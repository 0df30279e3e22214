//! The filters of a query: its conditions that must all be met, with short names, and the query without each of them.

use std::fmt::Write;

use super::syntax_tree::Node;
use super::term::{Term, Value};
use super::{Query, is_state, is_words};
use crate::feed::Field;

/// A condition of a query, or adjacent ones that are one thing to the user: free words, or states with quick filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Its short name, such as `unread` or `#travel`: text that the user or an article wrote.
    pub name: String,
    /// The query without it.
    pub without: Query,
}

impl Query {
    /// The filters, in the order in which they are written. Removing the last one gives [`Query::widened`]. `spelling` is the name of a
    /// topic or provider as articles write it, by its folded name, or the title of a subscription, by the folded address of its channel.
    pub fn filters(&self, spelling: &dyn Fn(Field, &str) -> Option<String>) -> Vec<Filter> {
        let parts = self.root.clone().map(Node::into_parts).unwrap_or_default();
        let mut filters = Vec::new();
        let mut start = 0;
        while let Some(first) = parts.get(start) {
            let is_alike = [is_words, is_state].into_iter().find(|is_alike| is_alike(first));
            let rest = parts.iter().skip(start + 1);
            let end = start + 1 + is_alike.map_or(0, |is_alike| rest.take_while(|part| is_alike(part)).count());
            let others = parts.iter().take(start).chain(parts.iter().skip(end)).cloned().collect();
            let names = parts.get(start..end).unwrap_or_default().iter().filter(|part| !is_time_of_reading(part));
            let name = names.map(|part| name(part, spelling)).collect::<Vec<_>>().join(" ");
            filters.push(Filter { name, without: Query { root: Node::all(others), ..self.clone() } });
            start = end;
        }
        if let Some(limit) = self.limit {
            filters.push(Filter { name: format!("limit {limit}"), without: Query { limit: None, ..self.clone() } });
        }
        filters
    }
}

/// The condition that [`Query::recently_read`] adds to `is:read`: its name would say the same again.
fn is_time_of_reading(part: &Node) -> bool {
    part.term_on(Field::ReadAt).is_some() && is_state(part)
}

/// The short name of a condition: without the field where its values say enough.
fn name(part: &Node, spelling: &dyn Fn(Field, &str) -> Option<String>) -> String {
    let (not, inner) = match part {
        Node::Not(inner) => ("-", &**inner),
        part => ("", part),
    };
    let short = match inner {
        Node::Saved { name, .. } => Some(name.clone()),
        Node::Term(term) => short_values(term, spelling),
        _ => None,
    };
    short.map_or_else(|| part.to_string(), |short| format!("{not}{short}"))
}

fn short_values(term: &Term, spelling: &dyn Fn(Field, &str) -> Option<String>) -> Option<String> {
    let mut names = String::new();
    for value in &term.values {
        let separator = if names.is_empty() { "" } else { ", " };
        let sign = match term.field {
            Field::Topic => "#",
            Field::Tag => "+",
            _ => "",
        };
        match (term.field, value) {
            (Field::Is, Value::Is(state)) => write!(names, "{separator}{}", state.word()),
            (Field::Topic | Field::Tag | Field::Provider, Value::WholeText(folded)) => {
                let name = spelling(term.field, folded).unwrap_or_else(|| folded.clone());
                write!(names, "{separator}{sign}{name}")
            }
            // An address without a title needs the field to be understood.
            (Field::Feed, Value::WholeText(folded)) => write!(names, "{separator}{}", spelling(term.field, folded)?),
            _ => return None,
        }
        .ok()?;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{SavedSearches, Sort, SortKey};

    fn names(query: &Query) -> Vec<String> {
        let spelling = |_: Field, folded: &str| (folded == "travel impact").then(|| "Travel Impact".to_owned());
        query.filters(&spelling).into_iter().map(|filter| filter.name).collect()
    }

    #[test]
    fn filters_have_short_names() {
        let saved = SavedSearches::new([("morning".to_owned(), "is:unread limit:5".to_owned())]);
        for (query, expected) in [
            ("", &[][..]),
            ("sort:title", &[]),
            ("coronavirus is:unread topic:=\"travel impact\"", &["coronavirus", "unread", "#Travel Impact"]),
            ("slow clocks \"of the\" provider:=wave,=mint", &["slow clocks \"of the\"", "wave, mint"]),
            ("-is:read is:starred date:2020", &["-read starred", "date:2020-01-01..2020-12-31"]),
            ("tag:=\"to read\",=x tag:later #sea", &["+to read, +x", "tag:later", "#sea"]),
            ("topic:sea -topic:=\"travel impact\"", &["topic:sea", "-#Travel Impact"]),
            ("saved:morning (a OR b) limit:9", &["morning", "a OR b", "limit 9"]),
            ("has:image,note quality:>60", &["has:image,note", "quality:61.."]),
        ] {
            let query = Query::parse_with(query, &saved).expect("a query");
            let found = names(&query);
            assert_eq!(found.len(), expected.len(), "{query}: {found:?}");
            for (name, expected) in found.iter().zip(expected) {
                // Dates and numbers are printed as the query prints them.
                assert!(name == expected || query.to_string().contains(name.as_str()), "{query}: {found:?}");
            }
        }
        assert_eq!(names(&Query::recently_read(true)), ["read"]);
    }

    #[test]
    fn each_filter_can_be_removed_and_the_last_one_is_what_widening_removes() {
        for text in
            ["a b is:unread", "topic:=x a -is:read is:starred", "is:unread limit:3", "(a OR b) c sort:-heat", "x"]
        {
            let query = Query::parse(text).expect("a query");
            let filters = query.filters(&|_, _| None);
            assert_eq!(filters.last().map(|last| last.without.clone()), Some(query.widened()), "{text}");
            for (at, filter) in filters.iter().enumerate() {
                let left = filter.without.filters(&|_, _| None);
                let expected =
                    filters.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, filter)| &filter.name);
                let left: Vec<String> = left.into_iter().map(|filter| filter.name).collect();
                // Words around a removed filter become one.
                assert_eq!(
                    left.join(" "),
                    expected.cloned().collect::<Vec<_>>().join(" "),
                    "{text} without {}",
                    filter.name
                );
                assert_eq!(Query::parse(&filter.without.to_string()).as_ref(), Ok(&filter.without), "{text}");
            }
        }
        let query = Query::parse("a").expect("a query").sorted(Sort::by(SortKey::Heat));
        assert_eq!(query.filters(&|_, _| None)[0].without.sort(), Some(Sort::by(SortKey::Heat)), "the order stays");
    }
}
