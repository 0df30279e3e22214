//! Looks only at the files that the watcher has reported, and reads those that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::batch_scan::{PreviousScan, ReadFile, RecordArenas, scan_batch};
use super::file_index::FolderKey;
use super::folder_walk::{Folder, NamedEntry, may_be_article};
use super::parallel_scan::Batch;
use super::real_path::resolve;
use super::scan_options::ScanOptions;

/// What a look has found in a folder.
#[derive(Default)]
pub struct ChangedFolder {
    /// Indices, in the folder, of the known files that are gone.
    pub gone: BTreeSet<u32>,
    /// Indices, in the folder, of the known files that were read again.
    pub replaced: BTreeSet<u32>,
    /// The files that were read.
    pub read: Vec<ReadFile>,
}

/// What a look has found.
#[derive(Default)]
pub struct ChangedFiles {
    /// The folders in which something changed.
    pub folders: BTreeMap<FolderKey, ChangedFolder>,
    /// Number of files looked at.
    pub looked_at: usize,
}

/// Looks at the files that the watcher of the options has reported. `None` if only a scan of the whole library finds all changes.
pub fn look(
    roots: &[PathBuf],
    before: &PreviousScan,
    arenas: &mut RecordArenas,
    options: &ScanOptions,
) -> Option<ChangedFiles> {
    let look = options.watch?.begin_look(roots)?;
    let mut changed = ChangedFiles::default();
    for (key, names) in by_folder(roots, &look.files) {
        let folder = look_at_folder(roots, &key, &names, before, arenas, options)?;
        changed.looked_at += names.len();
        if !(folder.gone.is_empty() && folder.read.is_empty()) {
            changed.folders.insert(key, folder);
        }
    }
    look.end();
    Some(changed)
}

/// The names of files by folder. A folder may be in the library under several roots.
fn by_folder(roots: &[PathBuf], files: &BTreeSet<PathBuf>) -> BTreeMap<FolderKey, Vec<OsString>> {
    let mut folders: BTreeMap<FolderKey, Vec<OsString>> = BTreeMap::new();
    for (root, real) in (0..).zip(roots.iter().map(|root| resolve(root))) {
        for file in files {
            let Some((folder, name)) = file.parent().zip(file.file_name()) else { continue };
            let Ok(below) = folder.strip_prefix(&real) else { continue };
            // Skipped under this root, such as a hidden folder that is a root itself.
            if below.iter().all(|part| may_be_article(part, true)) {
                folders.entry((root, below.to_owned())).or_default().push(name.to_owned());
            }
        }
    }
    folders
}

/// Looks at the named files of a folder. `None` if it cannot be opened, or if a name is that of a folder or a link.
fn look_at_folder(
    roots: &[PathBuf],
    key: &FolderKey,
    names: &[OsString],
    before: &PreviousScan,
    arenas: &mut RecordArenas,
    options: &ScanOptions,
) -> Option<ChangedFolder> {
    let (root, below) = key;
    let path = roots.get(*root as usize)?;
    let path = if below == Path::new("") { path.clone() } else { path.join(below) };
    let folder = Arc::new(Folder::open(*root, below, &path).ok()?);
    let known = before.files.folder(key);
    let number = |name: &[u8]| known.as_ref().and_then(|known| known(name)).map(|(number, _)| number);
    let mut found = ChangedFolder::default();
    let mut there = Vec::new();
    for name in names {
        match folder.entry(name) {
            NamedEntry::File(entry) => there.push(entry),
            NamedEntry::Missing => found.gone.extend(number(name.as_encoded_bytes())),
            NamedEntry::Other => return None,
        }
    }
    let mut batch = scan_batch(&Batch { folder, names: there }, before, options);
    arenas.add(&mut batch);
    found.replaced = batch.read.iter().filter_map(|file| number(&file.entry.name)).collect();
    found.read = batch.read;
    Some(found)
}
