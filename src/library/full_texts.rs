//! Shows full texts in place of the texts of files: articles that have one in the folder of full texts get it, and others lose it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::body::word_count;
use super::directory_entry_reader::read_links;
use super::full_text_folder::FullTextFolder;
use super::loaded::Loaded;
use crate::dates::Now;
use crate::feed::{Article, ArticleId, Bytes, Columns, Feed, Link, columnar_feed, has, record};
use crate::file_system::RealFileSystem;

/// What happens to an article.
enum Step {
    /// It gets the full text that has this stamp, if it can be read and is longer.
    Set(ArticleId, u64),
    /// It shows the text of its file again.
    Remove,
}

/// The library with the full texts of a folder. `None` if it has exactly these already, or if the records are damaged.
pub fn apply(roots: &[PathBuf], loaded: &Loaded, folder: &Path, now: Now) -> Option<Loaded> {
    let columns = loaded.feed.columns();
    let folder = FullTextFolder::new(folder, &RealFileSystem);
    let (mut bytes, mut moved): (Vec<u8>, FxHashMap<u64, u64>) = Default::default();
    let arena = columns.records.len();
    for (location, step) in steps(&loaded.feed, &folder) {
        let Some(record) = columns.record(location) else { continue };
        let Some(before) = record.article(&columns.roots) else { continue };
        let mut article = before.clone();
        change(&mut article, &step, &folder);
        if article.full_text == before.full_text {
            continue;
        }
        moved.insert(location, columnar_feed::location(arena, bytes.len()));
        record::write(&article, record.root, record.below, &mut bytes);
    }
    if moved.is_empty() {
        return None;
    }
    let mut records = columns.records.clone();
    records.push(Bytes::new(bytes));
    loaded.with_records(roots, records, &moved, now)
}

/// The articles of the built-in feed with the full texts of a folder.
pub fn apply_to(articles: Vec<Arc<Article>>, folder: &Path) -> Vec<Arc<Article>> {
    let folder = FullTextFolder::new(folder, &RealFileSystem);
    let stamps = folder.stamps();
    let with_text = |article: Arc<Article>| match stamps.get(&article.id) {
        Some(stamp) => {
            let mut with_text = (*article).clone();
            change(&mut with_text, &Step::Set(article.id, *stamp), &folder);
            Arc::new(with_text)
        }
        None => article,
    };
    articles.into_iter().map(with_text).collect()
}

/// True if the full texts of a folder are not those that a feed shows.
pub fn differ(feed: &Feed, folder: &Path) -> bool {
    let folder = FullTextFolder::new(folder, &RealFileSystem);
    let is_change = |(_, step): (u64, Step)| match step {
        Step::Set(id, _) => folder.read(id).is_some(),
        Step::Remove => true,
    };
    steps(feed, &folder).into_iter().any(is_change)
}

/// What is to be done for the record at each location.
fn steps(feed: &Feed, folder: &FullTextFolder) -> Vec<(u64, Step)> {
    let (columns, mut stamps) = (feed.columns(), folder.stamps());
    let mut steps = Vec::new();
    // Few articles have one: the headers tell without a look at the records.
    for header in (0..columns.count()).filter_map(|index| columns.header(index)) {
        if !header.has(has::FULL_TEXT) {
            continue;
        }
        let known = shown_stamp(columns, header.location);
        match stamps.remove(&header.id) {
            Some(stamp) if Some(stamp) == known => {}
            Some(stamp) => steps.push((header.location, Step::Set(header.id, stamp))),
            None => steps.push((header.location, Step::Remove)),
        }
    }
    for (id, stamp) in stamps {
        // Texts of other libraries, and of articles that are gone, stay.
        let header = feed.index_of(id).and_then(|index| columns.header(index));
        steps.extend(header.map(|header| (header.location, Step::Set(id, stamp))));
    }
    steps
}

fn shown_stamp(columns: &Columns, location: u64) -> Option<u64> {
    let article = columns.record(location)?.article(&columns.roots)?;
    article.full_text.map(|full| full.stamp)
}

fn change(article: &mut Article, step: &Step, folder: &FullTextFolder) {
    let has_links = article.local_links.is_some();
    match step {
        Step::Remove => article.remove_full_text(),
        Step::Set(id, stamp) => {
            let Some(kept) = folder.read(*id) else { return article.remove_full_text() };
            let words = word_count(&article.excerpt, article.excerpt_from_body, kept.text.untrusted());
            article.set_full_text(kept.text, words, Link::read(kept.source.untrusted()), *stamp);
        }
    }
    if has_links {
        read_links(article);
    }
}
