//! Twins: different articles that share an identity, such as several notes about one page. Real copies of an article
//! become one; every other article gets an identity of its own.
//!
//! Files are copies of one article if their links are the same, also behind `#`, and their titles or their texts are; or if
//! titles and texts are; a text of a few words, such as `TODO`, says nothing. Without a link (then title and time, or the path, are the same already) the texts must agree.
//! The article published first keeps the shared identity: those that come later change nothing of it.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::article::ArticleId;
use super::hashes;
use super::record::{Record, has};
use crate::dates::Date;

/// One article, and the files that hold it.
#[derive(Debug)]
pub struct DistinctArticle {
    /// Who it is.
    pub id: ArticleId,
    /// Index of the record that is shown: that of the newest file.
    pub primary: usize,
    /// Indices of the records of its other files, in the order of their paths.
    pub copies: Vec<usize>,
    /// Other articles share the identity that its file gives it.
    pub shares_identity: bool,
}

/// Order by the path of the file; `roots` are the folders and files of the library.
pub fn by_path(a: &Record, b: &Record, roots: &[PathBuf]) -> Ordering {
    if a.root == b.root { a.below.cmp(b.below) } else { a.path(roots).cmp(&b.path(roots)) }
}

/// The identity of an article among others that share the one its file gives it: of link and title, or of the path.
pub fn separate_id(record: &Record) -> ArticleId {
    let below = if has_own_link(record) { Path::new("") } else { record.below };
    ArticleId::of_one_sharing(record.id, record.fragment_hash, record.folded_title_hash, below)
}

/// Another identity for an article, where the first one is taken.
pub fn next_id(taken: ArticleId, record: &Record) -> ArticleId {
    ArticleId::of_one_sharing(taken, record.text_hash, record.folded_title_hash, Path::new(""))
}

fn has_own_link(record: &Record) -> bool {
    record.bits & has::OWN_LINK != 0
}

/// Order of the copies of an article; the first is shown. The newest comes first: by the dates inside, because checking out a
/// repository changes file times; then by file time, then by path.
pub fn newest_first(a: &Record, b: &Record, roots: &[PathBuf]) -> Ordering {
    let last = |record: &Record| record.updated.map(Date::as_utc).max(record.published.map(Date::as_utc));
    let age = |record: &Record| (last(record), record.modified);
    age(b).cmp(&age(a)).then_with(|| by_path(b, a, roots))
}

/// Tells apart the articles of records that all have one identity.
pub fn distinct_articles(same: &[(usize, Record)], roots: &[PathBuf]) -> Vec<DistinctArticle> {
    let mut groups = group_copies(same, roots);
    for group in &mut groups {
        group.sort_by(|a, b| newest_first(&a.1, &b.1, roots));
    }
    // An article without a date may have been published first.
    let begun =
        |group: &[&(usize, Record)]| group.iter().map(|(_, record)| record.published.map(Date::as_utc)).min().flatten();
    let first_path = |group: &[&(usize, Record)]| group.iter().map(|(_, record)| record.path(roots)).min();
    groups.sort_by_cached_key(|group| (begun(group), first_path(group)));
    let shares_identity = groups.len() > 1;
    let mut taken: FxHashSet<ArticleId> = FxHashSet::default();
    let mut articles = Vec::with_capacity(groups.len());
    for group in &groups {
        let Some(((primary, record), copies)) = group.split_first() else { continue };
        let mut id = if articles.is_empty() { record.id } else { separate_id(record) };
        // Files below different folders of the library may have one path below those.
        while !taken.insert(id) {
            id = next_id(id, record);
        }
        let mut copies: Vec<(usize, Record)> = copies.iter().map(|copy| **copy).collect();
        copies.sort_by(|(_, a), (_, b)| by_path(a, b, roots));
        // One file named twice, as a folder and again below it, is one file.
        let path = if copies.is_empty() { PathBuf::new() } else { record.path(roots) };
        let copies = copies.into_iter().filter(|(_, copy)| copy.path(roots) != path).map(|(index, _)| index);
        articles.push(DistinctArticle { id, primary: *primary, copies: copies.collect(), shares_identity });
    }
    articles
}

/// What two records have in common when they are copies of one article.
#[derive(PartialEq, Eq, Hash)]
enum CopyKey {
    Title { fragment: u64, title: u64 },
    Text { fragment: u64, text: u64 },
    TitleAndText { title: u64, text: u64 },
    File(PathBuf),
}

/// Puts copies of one article together.
fn group_copies<'a, 'r>(same: &'a [(usize, Record<'r>)], roots: &[PathBuf]) -> Vec<Vec<&'a (usize, Record<'r>)>> {
    let mut known: FxHashMap<CopyKey, usize> = FxHashMap::default();
    // For each record another one of its class, or itself.
    let mut parents: Vec<usize> = (0..same.len()).collect();
    for (number, (_, record)) in same.iter().enumerate() {
        for common in copy_keys(record, roots) {
            let other = *known.entry(common).or_insert(number);
            let (a, b) = (find_root(&mut parents, number), find_root(&mut parents, other));
            if let Some(slot) = parents.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut groups: FxHashMap<usize, Vec<&(usize, Record)>> = FxHashMap::default();
    for (number, one) in same.iter().enumerate() {
        groups.entry(find_root(&mut parents, number)).or_default().push(one);
    }
    groups.into_values().collect()
}

fn find_root(parents: &mut [usize], mut of: usize) -> usize {
    while let Some(&next) = parents.get(of).filter(|next| **next != of) {
        let after = parents.get(next).copied().unwrap_or(next);
        if let Some(slot) = parents.get_mut(of) {
            *slot = after;
        }
        of = after;
    }
    of
}

/// All that a record may have in common with a copy.
fn copy_keys(record: &Record, roots: &[PathBuf]) -> Vec<CopyKey> {
    let (fragment, title, text) = (record.fragment_hash, record.folded_title_hash, record.text_hash);
    let file = CopyKey::File(record.path(roots));
    if !has_own_link(record) {
        return vec![file, CopyKey::Text { fragment: 0, text }];
    }
    let mut all = vec![file, CopyKey::Title { fragment, title }];
    if hashes::is_distinctive(text) {
        all.extend([CopyKey::Text { fragment, text }, CopyKey::TitleAndText { title, text }]);
    }
    all
}
