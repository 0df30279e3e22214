//! Links as evidence that articles belong together: articles that link to the same articles, or are linked from the same ones.

use rustc_hash::FxHashMap;

use crate::feed::{Feed, local_target};

/// Maximum number of links that are followed from an article, and to or from another one. Of an article with more links, such as an
/// index page, nothing can be concluded.
const MAX_LINKS: usize = 100;

/// How strongly links suggest that other articles belong to the article at an index, from 0 to 1, by their indices. Every article
/// that both link to, or that links to both, counts, and the more the fewer articles it has in common (the measure of Adamic and
/// Adar). Links between the two do not count: they are a relation of their own.
pub fn shared_links(feed: &Feed, index: usize) -> FxHashMap<usize, f32> {
    let mut found = FxHashMap::default();
    type LinksOf = fn(&Feed, usize) -> Vec<usize>;
    let ways: [(LinksOf, LinksOf); 2] = [(links_to, linked_from), (linked_from, links_to)];
    for (own, others) in ways {
        for middle in own(feed, index).into_iter().take(MAX_LINKS).filter(|middle| *middle != index) {
            let others = others(feed, middle);
            if others.len() > MAX_LINKS {
                continue;
            }
            let evidence = 1.0 / (others.len() as f32 + 1.0).ln_1p();
            for other in others.into_iter().filter(|other| *other != index) {
                *found.entry(other).or_default() += evidence;
            }
        }
    }
    found.values_mut().for_each(|evidence: &mut f32| *evidence = 1.0 - (-*evidence).exp());
    found
}

/// The articles that an article links to, each once.
fn links_to(feed: &Feed, index: usize) -> Vec<usize> {
    distinct(local_target::links_to(feed.columns(), index).collect())
}

/// The articles that link to an article, each once.
fn linked_from(feed: &Feed, index: usize) -> Vec<usize> {
    distinct(feed.linked_from(index).collect())
}

fn distinct(mut indices: Vec<usize>) -> Vec<usize> {
    indices.sort_unstable();
    indices.dedup();
    indices
}
