//! A loaded library: its feed, its problems, and what the next scan needs.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use rustc_hash::FxHashMap;

use super::file_index::FileIndex;
use super::real_path::resolve;
use crate::dates::Now;
use crate::feed::columnar_feed_builder::{LibraryRoots, build_columns};
use crate::feed::record::has;
use crate::feed::{Bytes, Feed, Problem};

/// A snapshot is written when more than one file in this many has changed since the last one. So a change writes little on average, and a
/// start reads few files again.
const SAVE_FRACTION: usize = 128;
/// With fewer articles, a snapshot is written after each change: that takes a tenth of a second, and the next start shows all at once.
const ALWAYS_SAVED: usize = 8192;

/// A loaded library.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// All articles.
    pub feed: Arc<Feed>,
    /// All problems of files and folders, errors first.
    pub problems: Vec<Problem>,
    /// Number of files read; all others were known from the scan before.
    pub read: usize,
    /// Number of files looked at; all others were not asked for their state.
    pub looked_at: usize,
    /// True if articles are shown that the files no longer contain, see [`super::ScanOptions::keep_last_good`]. Such a result is not
    /// saved for the next session.
    pub provisional: bool,
    /// The [`super::file_index::FileIndex`] as bytes, so that the next scan reads only changed files.
    pub(super) index: Bytes,
    /// When the feed was built.
    pub(super) made_at: DateTime<Utc>,
    /// Hash of the settings of the sites that gave articles their addresses, see [`super::site::Sites::hash`].
    pub(super) sites_hash: u64,
    /// True if folders are among the problems.
    pub(super) has_folder_problems: bool,
}

impl Loaded {
    /// True if the user sees a difference: other articles or other problems.
    pub fn looks_different_from(&self, before: &Loaded) -> bool {
        !Arc::ptr_eq(&self.feed, &before.feed) || self.problems != before.problems
    }

    /// True if feed and file index are the same.
    pub fn is_same_as(&self, other: &Loaded) -> bool {
        let is_same_feed = Arc::ptr_eq(&self.feed, &other.feed) && self.sites_hash == other.sites_hash;
        is_same_feed && *self.index == *other.index
    }

    /// Number of articles whose links to others were not read yet, see [`super::ScanOptions::defers_links`].
    pub fn unread_links(&self) -> usize {
        self.records_with_unread_links().len()
    }

    /// The locations of the records of those articles.
    pub(super) fn records_with_unread_links(&self) -> Vec<u64> {
        let columns = self.feed.columns();
        let headers = (0..columns.count()).filter_map(|index| columns.header(index));
        headers.filter(|header| header.has(has::UNREAD_LINKS)).map(|header| header.location).collect()
    }

    /// The same library with other records: `moved` has the new locations of those that have one. `None` if the index or a feed is
    /// damaged.
    pub(super) fn with_records(
        &self,
        roots: &[PathBuf],
        records: Vec<Bytes>,
        moved: &FxHashMap<u64, u64>,
        now: Now,
    ) -> Option<Loaded> {
        let mut files = FileIndex::from_bytes(&self.index)?;
        files.move_records(|location| Some(moved.get(&location).copied().unwrap_or(location)));
        let locations: Vec<u64> = files.iter().filter_map(|(_, file)| file.location).collect();
        let feed = Feed::of(build_columns(library_roots(roots), records, &locations, now));
        if feed.is_damaged() || self.feed.is_damaged() {
            return None;
        }
        Some(Loaded {
            feed: Arc::new(feed),
            index: Bytes::new(files.serialise()),
            made_at: now.at,
            problems: self.problems.clone(),
            ..*self
        })
    }

    /// Replaces feed and index by their saved copies, whose memory is mapped from the snapshot.
    pub fn continue_from(&mut self, kept: Loaded) {
        (self.feed, self.index) = (kept.feed, kept.index);
    }

    /// Number of files that were read, and articles that are gone, since `before` was read.
    pub fn changes_since(&self, before: &Loaded) -> usize {
        self.read + before.feed.len().saturating_sub(self.feed.len())
    }

    /// True if this many changes since the last snapshot are worth a new one, see `SAVE_FRACTION` and `ALWAYS_SAVED`.
    pub fn is_worth_saving(&self, changes: usize) -> bool {
        self.feed.len() < ALWAYS_SAVED || changes.saturating_mul(SAVE_FRACTION) > self.feed.len()
    }

    /// True if a snapshot of this result would differ from one of `before`.
    pub fn must_be_saved_after(&self, before: &Loaded) -> bool {
        let is_different = self.looks_different_from(before) || self.sites_hash != before.sites_hash;
        !self.provisional && (is_different || before.provisional || *self.index != *before.index)
    }
}

/// The roots with all links resolved, which identify them in the feed.
pub fn library_roots(roots: &[PathBuf]) -> LibraryRoots {
    LibraryRoots::new(roots, |root| resolve(root))
}
