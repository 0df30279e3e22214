//! Counts all entries of a library beside a long load, so that progress can be shown as a share.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread;

use super::folder_walk::FolderWalk;

/// A count that runs on its own thread. The load itself lists folders shortly before it reads them, and so learns the total
/// last.
#[derive(Debug)]
pub struct EntryCount {
    paths: Vec<PathBuf>,
    started: bool,
    counted: Arc<OnceLock<usize>>,
}

impl EntryCount {
    /// A count that has not started.
    pub fn new(paths: &[PathBuf]) -> EntryCount {
        EntryCount { paths: paths.to_vec(), started: false, counted: Arc::default() }
    }

    /// The number of entries if it is known, but never less than `found`. The first call starts the count.
    pub fn total(&mut self, found: usize) -> Option<usize> {
        if !self.started {
            self.started = true;
            let (paths, counted) = (std::mem::take(&mut self.paths), self.counted.clone());
            // If no thread can be started, the total stays unknown.
            let _ = thread::Builder::new().name("count".to_owned()).spawn(move || counted.set(count_entries(&paths)));
        }
        self.counted.get().map(|counted| found.max(*counted))
    }
}

/// Number of entries that a load would visit. Folders that cannot be listed count as empty.
fn count_entries(paths: &[PathBuf]) -> usize {
    let mut entries = 0;
    for (root, path) in paths.iter().enumerate() {
        if !path.is_dir() {
            entries += 1;
            continue;
        }
        let mut walk = FolderWalk::new(root as u32, path);
        while !matches!(walk.list_next(&|_| {}, &mut |_, _| entries += 1), Ok(false)) {}
    }
    entries
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;
    use crate::library::Library;

    #[test]
    fn the_count_is_the_number_of_entries_that_a_load_visits() {
        let folder = tempfile::tempdir().expect("a folder");
        let inner = folder.path().join("inner/more");
        std::fs::create_dir_all(&inner).expect("folders");
        for (place, name) in [(folder.path(), "a.md"), (folder.path(), "b.png"), (inner.as_path(), "c.md")] {
            std::fs::write(place.join(name), "# One").expect("a file");
        }
        let paths = vec![folder.path().to_owned(), inner.join("c.md"), folder.path().join("gone")];
        let mut last = (0, 0);
        let now: chrono::DateTime<chrono::Utc> = "2021-02-20T12:00:00Z".parse().expect("a time");
        Library::Paths(paths[..2].to_vec())
            .load(now, |progress| last = (progress.done, progress.total))
            .expect("the library");
        assert_eq!((count_entries(&paths[..2]), count_entries(&paths)), (last.0, last.0 + 1));
        assert_eq!(last, (4, 4));
        let mut counting = EntryCount::new(&paths[..2]);
        while counting.total(0).is_none() {
            thread::yield_now();
        }
        assert_eq!((counting.total(3), counting.total(9)), (Some(4), Some(9)));
    }
}
