//! What changed in a library since it was last scanned, as far as events tell.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Changes {
    /// These files, without symbolic links in their paths: they were created, written, moved or deleted.
    Files(BTreeSet<PathBuf>),
    /// Perhaps more.
    Unknown,
}

/// Limit for changed files. A scan of the whole library finds more of them faster.
const MAX_CHANGED_FILES: usize = 1000;

impl Changes {
    /// Adds a file.
    pub fn add(&mut self, file: &Path) {
        match self {
            Changes::Files(files) if files.len() < MAX_CHANGED_FILES => drop(files.insert(file.to_owned())),
            changes => *changes = Changes::Unknown,
        }
    }

    /// No change.
    pub fn none() -> Changes {
        Changes::Files(BTreeSet::new())
    }
}
