//! Sorts search results by a key, and decides whether free words rank them.

use std::cmp::Reverse;

use super::folded_texts::CHUNK;
use super::search_context::SearchContext;
use super::syntax_tree::{Node, Sort, SortKey};
use super::term::Value;
use super::text_folding::fold;
use crate::feed::Field;
use crate::feed::fields::ValueKind;

/// Whether free words rank the results: a term that is not excluded looks for text in any field.
pub fn has_free_words(node: &Node) -> bool {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().any(has_free_words),
        Node::Not(_) => false,
        Node::Saved { root, .. } => root.as_ref().is_some_and(|root| has_free_words(root)),
        Node::Term(term) => {
            term.field == Field::Any && term.field.kind() == ValueKind::Text && !term.values.contains(&Value::Present)
        }
    }
}

/// Sorts indices of articles. They must come newest first: sorting is stable, so equal articles stay newest first.
pub fn sort_articles(indices: &mut [usize], context: &SearchContext, sort: Sort) {
    if sort == Sort::default() {
        return;
    }
    let SearchContext { feed, marks, texts, .. } = context;
    let header = |index: usize| feed.header(index);
    let dated = |index: usize| header(index).is_some_and(|header| header.published.is_some());
    match sort.key {
        // Oldest first: the other direction is the order of the feed, handled above. Undated articles come last in both.
        SortKey::Date => indices.sort_by_key(|&index| (!dated(index), Reverse(index))),
        SortKey::Heat => sort_by_key(indices, sort.descending, |index| header(index)?.number(Field::Heat)),
        SortKey::Quality => sort_by_key(indices, sort.descending, |index| header(index)?.number(Field::Quality)),
        SortKey::Duration => sort_by_key(indices, sort.descending, |index| header(index)?.duration()),
        SortKey::Added => sort_by_key(indices, sort.descending, |index| {
            let header = header(index)?;
            marks.arrived(header.id).or(header.modified)
        }),
        SortKey::ReadAt => sort_by_key(indices, sort.descending, |index| marks.read_at(feed.id(index)?)),
        SortKey::Score => sort_by_key(indices, sort.descending, |index| Some(marks.score(feed.id(index)?))),
        SortKey::Title => sort_by_key(indices, sort.descending, |index| {
            let column = texts.column(feed, index / CHUNK, Field::Title)?;
            Some(column.get(index % CHUNK).trim_end_matches('\n'))
        }),
        SortKey::Provider => {
            let names: Vec<String> = (0..feed.provider_count()).map(|n| fold(feed.provider(n).as_str())).collect();
            let name = |index: usize| names.get(header(index)?.provider as usize).filter(|name| !name.is_empty());
            sort_by_key(indices, sort.descending, name)
        }
    }
}

/// Sorts by a key. Articles without one come last in both directions.
fn sort_by_key<K: Ord>(indices: &mut [usize], descending: bool, key: impl Fn(usize) -> Option<K>) {
    // Keys are computed once for each article, not for each comparison.
    let mut keyed: Vec<(Option<K>, usize)> = indices.iter().map(|&index| (key(index), index)).collect();
    keyed.sort_by(|(a, _), (b, _)| {
        let order = if descending { b.cmp(a) } else { a.cmp(b) };
        a.is_none().cmp(&b.is_none()).then(order)
    });
    for (slot, (_, index)) in indices.iter_mut().zip(keyed) {
        *slot = index;
    }
}
