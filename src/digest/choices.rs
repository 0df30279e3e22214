//! Where articles are written, and what the user decides.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::feed::{Article, ArticleId};
use crate::file_system::FileSystem;

/// Where articles and states are.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The folder with the folders of all subscriptions.
    pub articles: &'a Path,
    /// The folder with the states of this device. It must not be shared with other devices.
    pub states: &'a Path,
    /// The file system.
    pub fs: &'a dyn FileSystem,
}

/// What the user decides.
pub struct Choices<'a> {
    /// The time of the run, for the age of articles.
    pub now: DateTime<Utc>,
    /// True for articles that are never removed: unread or starred ones, and those with a note or a tag.
    pub is_protected: &'a dyn Fn(ArticleId) -> bool,
    /// True if the user says that missing files were deleted, although the folder could be on a disk that is
    /// not mounted.
    pub missing_are_deleted: bool,
    /// True for articles that the user wants; others are not written. It is not asked of known articles.
    pub is_wanted: &'a dyn Fn(&Article) -> bool,
}

impl Choices<'_> {
    /// Nothing is removed, nothing is concluded of a folder that lacks many files, and all articles are wanted.
    pub fn cautious(now: DateTime<Utc>) -> Choices<'static> {
        Choices { now, is_protected: &|_| true, missing_are_deleted: false, is_wanted: &|_| true }
    }
}
