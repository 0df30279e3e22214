//! Separates copies of one article from different articles whose files give them the same id, such as several notes about one
//! page. Copies are merged; every further article gets an id of its own.
//!
//! Files with one id are copies of one article in these cases:
//!
//! * their links have the same fragment (the part after `#`), and their titles or their texts are equal. This decides too between
//!   files with the same `articleId`, so that nothing which a file says of itself hides another article;
//! * their titles and their texts are equal;
//! * they have no link, and their texts are equal: then title and time, or the path, are equal already.
//!
//! With a link, a text of a few words, such as `TODO`, proves nothing and does not count. The article published first keeps
//! the shared id, so an article that is added later does not take the marks of an older one.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::article::ArticleId;
use super::record::{Record, has};
use super::stable_hashes;
use crate::dates::Date;

/// One article, and the files that contain it.
#[derive(Debug)]
pub struct DistinctArticle {
    /// The id of the article, which no other article has.
    pub id: ArticleId,
    /// Index of the record that is shown: that of the newest file.
    pub primary: usize,
    /// Indices of the records of its other files, sorted by path.
    pub copies: Vec<usize>,
    /// True if other articles have the id that its file gives it.
    pub shares_identity: bool,
}

/// Compares the paths of two files; `roots` are the folders and files of the library.
pub fn by_path(a: &Record, b: &Record, roots: &[PathBuf]) -> Ordering {
    if a.root == b.root { a.below.cmp(b.below) } else { a.path(roots).cmp(&b.path(roots)) }
}

/// An id for an article whose file gives it the same id as others: from the shared id, the fragment of its link and its title;
/// without a link and `articleId` also from its path.
pub fn separate_id(record: &Record) -> ArticleId {
    let below = if has_own_name(record) { Path::new("") } else { record.below };
    ArticleId::of_one_sharing(record.id, record.fragment_hash, record.folded_title_hash, below)
}

/// Another id for an article, if the id `taken` belongs to another article already.
pub fn next_id(taken: ArticleId, record: &Record) -> ArticleId {
    ArticleId::of_one_sharing(taken, record.text_hash, record.folded_title_hash, Path::new(""))
}

fn has_own_name(record: &Record) -> bool {
    record.flags & has::OWN_NAME != 0
}

/// Compares copies of an article: the newest comes first and is shown. The dates in the files count before the file times,
/// because a checkout of a repository changes file times; then the path decides.
pub fn newest_first(a: &Record, b: &Record, roots: &[PathBuf]) -> Ordering {
    let last = |record: &Record| record.updated.map(Date::as_utc).max(record.published.map(Date::as_utc));
    let age = |record: &Record| (last(record), record.modified);
    age(b).cmp(&age(a)).then_with(|| by_path(b, a, roots))
}

/// Groups records that all have the same id into distinct articles. Each record comes with an index of the caller's.
pub fn distinct_articles(same: &[(usize, Record)], roots: &[PathBuf]) -> Vec<DistinctArticle> {
    let mut groups = group_copies(same, roots);
    for group in &mut groups {
        group.sort_by(|a, b| newest_first(&a.1, &b.1, roots));
    }
    // An article without a date sorts first: it may be the oldest.
    let first_published =
        |group: &[&(usize, Record)]| group.iter().map(|(_, record)| record.published.map(Date::as_utc)).min().flatten();
    let first_path = |group: &[&(usize, Record)]| group.iter().map(|(_, record)| record.path(roots)).min();
    groups.sort_by_cached_key(|group| (first_published(group), first_path(group)));
    let shares_identity = groups.len() > 1;
    let mut taken: FxHashSet<ArticleId> = FxHashSet::default();
    let mut articles = Vec::with_capacity(groups.len());
    for group in &groups {
        let Some(((primary, record), copies)) = group.split_first() else { continue };
        let mut id = if articles.is_empty() { record.id } else { separate_id(record) };
        // An id made of the path below a library folder is not unique if the library has several folders.
        while !taken.insert(id) {
            id = next_id(id, record);
        }
        let mut copies: Vec<(usize, Record)> = copies.iter().map(|copy| **copy).collect();
        copies.sort_by(|(_, a), (_, b)| by_path(a, b, roots));
        // A file is found twice if the user opens a folder and another one below it: that is not a copy.
        let path = if copies.is_empty() { PathBuf::new() } else { record.path(roots) };
        let copies = copies.into_iter().filter(|(_, copy)| copy.path(roots) != path).map(|(index, _)| index);
        articles.push(DistinctArticle { id, primary: *primary, copies: copies.collect(), shares_identity });
    }
    articles
}

/// A property that copies of one article share: two records with an equal key are copies.
#[derive(PartialEq, Eq, Hash)]
enum CopyKey {
    Title { fragment: u64, title: u64 },
    Text { fragment: u64, text: u64 },
    TitleAndText { title: u64, text: u64 },
    File(PathBuf),
}

/// Groups records that share a [`CopyKey`], directly or through other records.
fn group_copies<'a, 'r>(same: &'a [(usize, Record<'r>)], roots: &[PathBuf]) -> Vec<Vec<&'a (usize, Record<'r>)>> {
    let mut known: FxHashMap<CopyKey, usize> = FxHashMap::default();
    // Union-find: the parent of each record is another record of its group, or itself.
    let mut parents: Vec<usize> = (0..same.len()).collect();
    for (number, (_, record)) in same.iter().enumerate() {
        for key in copy_keys(record, roots) {
            let other = *known.entry(key).or_insert(number);
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

/// The representative of the group of a record, with path halving.
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

/// All keys of a record.
fn copy_keys(record: &Record, roots: &[PathBuf]) -> Vec<CopyKey> {
    let (fragment, title, text) = (record.fragment_hash, record.folded_title_hash, record.text_hash);
    let file = CopyKey::File(record.path(roots));
    if !has_own_name(record) {
        return vec![file, CopyKey::Text { fragment: 0, text }];
    }
    let mut all = vec![file, CopyKey::Title { fragment, title }];
    if stable_hashes::is_distinctive(text) {
        all.extend([CopyKey::Text { fragment, text }, CopyKey::TitleAndText { title, text }]);
    }
    all
}
