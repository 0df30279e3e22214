//! What the links in the body of an article lead to within the library.

use std::collections::HashMap;
use std::path::Path;

use super::clean::{self, SafeText, UntrustedText};
use super::columnar_feed::{Column, Columns};
use super::link_target::LocalTarget;
use super::local_links::{Destination, links_in};

/// A link in the body of an article to a place where an article may be.
#[derive(Clone, Debug)]
pub struct LocalLink {
    /// The destination as it is written, after the parser of Markdown.
    pub destination: UntrustedText,
    /// True for `[[Note]]`.
    pub is_wikilink: bool,
    /// What it leads to: an article, or one that is missing, or something else.
    pub target: LocalTarget,
}

/// The links between articles in the body of the article at an index: each destination once, in the order of the body.
pub fn local_links(columns: &Columns, index: usize) -> Vec<LocalLink> {
    let Some(record) = columns.header(index).and_then(|header| columns.record(header.location)) else {
        return Vec::new();
    };
    let targets = columns.list(Column::LinkEnds, Column::Links, index);
    let link = |((is_wikilink, written), target): ((bool, &str), u32)| LocalLink {
        destination: UntrustedText::new(written),
        is_wikilink,
        target: target_of(record.below, written, is_wikilink, target),
    };
    links_in(record.local_links).zip(targets).map(link).collect()
}

/// What a link leads to that is not among [`local_links`].
pub fn of_other_link(destination: &str) -> LocalTarget {
    match Destination::read(destination, false) {
        Destination::SamePage(heading) => LocalTarget::SamePage { heading: clean::plain_line(&heading) },
        _ => LocalTarget::NotLocal,
    }
}

/// The indices of the articles that the body of the article at an index links to, in the order of the body.
pub fn links_to(columns: &Columns, index: usize) -> impl Iterator<Item = usize> {
    let targets = columns.list(Column::LinkEnds, Column::Links, index);
    targets.filter_map(|to| to.checked_sub(1)).map(|to| to as usize)
}

/// The names by which links mean the article at an index: its title, and the name of its file.
pub fn names_of(columns: &Columns, index: usize) -> Vec<SafeText> {
    let Some(record) = columns.header(index).and_then(|header| columns.record(header.location)) else {
        return Vec::new();
    };
    let name = record.below.file_stem().map(|stem| clean::plain_line(&stem.to_string_lossy()));
    let title = record.title().unwrap_or_default();
    let name = name.filter(|name| *name != title);
    std::iter::once(title).chain(name).collect()
}

/// The titles of the articles that the bodies of others link to, each once, and as many numbers of such links. `articles` is the number
/// of articles.
pub fn linked_titles(columns: &Columns, articles: usize) -> (Vec<SafeText>, Vec<usize>) {
    let mut counts = vec![0usize; articles];
    for index in 0..articles {
        for linked in links_to(columns, index).filter(|linked| *linked != index) {
            counts.get_mut(linked).into_iter().for_each(|count| *count += 1);
        }
    }
    let mut by_title: HashMap<SafeText, usize> = HashMap::new();
    for (index, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        let title = names_of(columns, index).into_iter().next().unwrap_or_default();
        let linked = by_title.entry(title).or_default();
        *linked = linked.saturating_add(count);
    }
    by_title.into_iter().unzip()
}

/// What a link leads to for which the columns have a number.
fn target_of(from: &Path, written: &str, is_wikilink: bool, number: u32) -> LocalTarget {
    match (Destination::read(written, is_wikilink), number.checked_sub(1)) {
        (Destination::Article(place), Some(index)) => {
            let heading =
                place.heading.map(|heading| clean::plain_line(&heading)).filter(|heading| !heading.is_empty());
            LocalTarget::Article { index: index as usize, heading }
        }
        (Destination::Article(place), None) if place.claims_article(from) => LocalTarget::Missing,
        (Destination::SamePage(heading), _) => LocalTarget::SamePage { heading: clean::plain_line(&heading) },
        _ => LocalTarget::NotLocal,
    }
}
