//! The order of what is found: by a key, or by how well the words of the query are met.

use std::cmp::Reverse;

use super::fold::fold;
use super::ground::Ground;
use super::term::{Field, Kind, Value};
use super::tree::{Node, Sort, SortKey};
use crate::feed::{Article, Feed};

/// Whether free words decide the order: a part of the query that is not excluded looks for text in any field.
pub fn has_words(node: &Node) -> bool {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().any(has_words),
        Node::Not(_) => false,
        Node::Saved { root, .. } => root.as_ref().is_some_and(|root| has_words(root)),
        Node::Term(term) => {
            term.field == Field::Any && term.field.kind() == Kind::Text && !term.values.contains(&Value::Present)
        }
    }
}

/// Puts places in order. They come newest first, and sorting is stable: equal articles stay newest first.
pub fn order(places: &mut [usize], ground: &Ground, sort: Sort) {
    if sort == Sort::default() {
        return;
    }
    let Ground { feed, marks, .. } = ground;
    let dated = |place: usize| feed.get(place).is_some_and(|article| article.published.is_some());
    match sort.key {
        SortKey::Date => places.sort_by_key(|&place| (!dated(place), Reverse(place))),
        SortKey::Heat => by(places, feed, sort.descending, |a| a.heat),
        SortKey::Quality => by(places, feed, sort.descending, |a| a.quality),
        SortKey::ReadAt => by(places, feed, sort.descending, |a| marks.read_at(a.id)),
        SortKey::Title => by(places, feed, sort.descending, |a| Some(fold(a.title.as_str()))),
        SortKey::Provider => {
            by(places, feed, sort.descending, |a| Some(fold(a.provider.name.as_str())).filter(|name| !name.is_empty()))
        }
    }
}

/// Orders by a key; articles without one come last, whichever way round.
fn by<K: Ord>(places: &mut [usize], feed: &Feed, descending: bool, key: impl Fn(&Article) -> Option<K>) {
    let mut keyed: Vec<(Option<K>, usize)> =
        places.iter().map(|&place| (feed.get(place).and_then(&key), place)).collect();
    keyed.sort_by(|(a, _), (b, _)| {
        let order = if descending { b.cmp(a) } else { a.cmp(b) };
        a.is_none().cmp(&b.is_none()).then(order)
    });
    for (slot, (_, place)) in places.iter_mut().zip(keyed) {
        *slot = place;
    }
}
