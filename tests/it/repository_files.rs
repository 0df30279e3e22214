//! Lists the files of the repository below given folders.

use std::path::{Path, PathBuf};

/// All files below folders, sorted. A path may also be a file; a path that does not exist is left out.
pub fn files_below(paths: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    paths.iter().for_each(|path| collect(Path::new(path), &mut found));
    found.sort();
    found
}

/// The Rust sources among [`files_below`].
pub fn sources_below(paths: &[&str]) -> Vec<PathBuf> {
    let is_source = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rs");
    files_below(paths).into_iter().filter(is_source).collect()
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).expect("a folder");
        entries.for_each(|entry| collect(&entry.expect("an entry of a folder").path(), found));
    } else if path.exists() {
        found.push(path.to_owned());
    }
}
