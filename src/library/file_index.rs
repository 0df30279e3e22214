//! The file index: stamp, outcome and article record of every file, so that the next scan reads only changed files.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::directory_entry_reader::Outcome;
use super::folder_walk::FileStamp;
use crate::feed::Problem;
use crate::feed::record::{problem, put_problem};
use crate::feed::shared_bytes::{ByteReader, ByteWriter};

/// A file as it was when it was last read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name. For a single file the path as the user gave it.
    pub name: Box<[u8]>,
    /// Its stamp: a different one means that the file changed.
    pub stamp: FileStamp,
    /// Its outcome.
    pub outcome: Outcome,
    /// True if the next scan must read it even if its stamp is the same.
    pub must_reread: bool,
    /// Location of its article record; `None` if it is not an article.
    pub location: Option<u64>,
    /// Why the file, or only its front matter, cannot be read. The paths in them are empty, since the file's own path is
    /// meant.
    pub problems: Vec<Problem>,
}

impl FileEntry {
    /// True if its article is only the body, because the front matter cannot be read.
    pub fn has_broken_front_matter(&self) -> bool {
        self.outcome == Outcome::Warning && !self.problems.is_empty()
    }
}

/// Index of the root among the library's paths, and the path of the folder below it.
pub type FolderKey = (u32, PathBuf);

/// All files of a library by folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIndex {
    folders: BTreeMap<FolderKey, Vec<FileEntry>>,
}

impl FileIndex {
    /// Adds a file to a folder.
    pub fn add(&mut self, folder: &FolderKey, entry: FileEntry) {
        // `entry` would need a copy of the key for each file.
        match self.folders.get_mut(folder) {
            Some(files) => files.push(entry),
            None => drop(self.folders.insert(folder.clone(), vec![entry])),
        }
    }

    /// Keeps the files of a folder whose index passes `keep`, then appends `others`.
    pub fn replace(&mut self, folder: &FolderKey, keep: impl Fn(u32) -> bool, others: Vec<FileEntry>) {
        let mut number = 0..;
        let files = self.folders.entry(folder.clone()).or_default();
        files.retain(|_| number.next().is_some_and(&keep));
        files.extend(others);
    }

    /// Removes empty folders and those that fail `is_there`.
    pub fn retain_folders(&mut self, is_there: impl Fn(&FolderKey) -> bool) {
        self.folders.retain(|folder, files| is_there(folder) && !files.is_empty());
    }

    /// All files.
    pub fn iter(&self) -> impl Iterator<Item = (&FolderKey, &FileEntry)> {
        self.folders.iter().flat_map(|(folder, files)| files.iter().map(move |file| (folder, file)))
    }

    /// Replaces all locations after records were moved. Files whose record is gone lose theirs.
    pub fn move_records(&mut self, to: impl Fn(u64) -> Option<u64>) {
        for file in self.folders.values_mut().flatten() {
            file.location = file.location.and_then(&to);
        }
    }

    /// Serialises the index: for each folder its root, its path, the number of files, their size in bytes, and the files
    /// sorted by name.
    pub fn serialise(&mut self) -> Vec<u8> {
        let mut all = ByteWriter::default();
        for ((root, below), files) in &mut self.folders {
            // `KnownFiles::folder` finds names by binary search.
            files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            let mut inside = ByteWriter(Vec::with_capacity(128 * files.len()));
            files.iter().for_each(|file| write(file, &mut inside));
            all.u32(*root);
            all.bytes(below.as_os_str().as_bytes());
            all.size(files.len());
            all.bytes(&inside.0);
        }
        all.0
    }

    /// Reads a serialised index; none if it is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<FileIndex> {
        let mut files = FileIndex::default();
        for (key, count, inside) in folders(bytes)? {
            let mut inside = ByteReader(inside);
            let entries: Option<Vec<FileEntry>> = (0..count).map(|_| read(&mut inside)).collect();
            files.folders.insert(key, entries?);
        }
        Some(files)
    }
}

/// The folders of a serialised index: key, number of files, and the bytes of the files.
fn folders(bytes: &[u8]) -> Option<Vec<(FolderKey, usize, &[u8])>> {
    let (mut all, mut folders) = (ByteReader(bytes), Vec::new());
    while !all.0.is_empty() {
        let root = all.u32()?;
        let below = PathBuf::from(OsStr::from_bytes(all.bytes()?));
        // A file takes at least one byte, so a damaged count cannot make us reserve more than there are bytes.
        let (count, inside) = (all.size()?, all.bytes()?);
        folders.push(((root, below), count.min(inside.len()), inside));
    }
    Some(folders)
}

/// Writes a file after its size in bytes (u32), by which [`KnownFiles`] skips it.
fn write(file: &FileEntry, one: &mut ByteWriter) {
    let start = one.0.len();
    one.u32(0);
    one.bytes(&file.name);
    one.u64(file.stamp.size);
    one.i64(file.stamp.modified);
    one.i64(file.stamp.changed);
    one.u64(file.stamp.inode);
    one.u8(file.outcome as u8);
    one.u8(file.must_reread.into());
    one.u64(file.location.map_or(0, |location| location + 1));
    one.size(file.problems.len());
    file.problems.iter().for_each(|problem| put_problem(one, problem));
    let size = (one.0.len() - start - 4) as u32;
    one.0.iter_mut().skip(start).zip(size.to_le_bytes()).for_each(|(slot, byte)| *slot = byte);
}

fn inside<'a>(from: &mut ByteReader<'a>) -> Option<&'a [u8]> {
    let size = from.u32()? as usize;
    from.take(size)
}

/// Reads a file. The paths of its problems stay empty.
fn read(from: &mut ByteReader) -> Option<FileEntry> {
    let mut one = ByteReader(inside(from)?);
    let name = one.bytes()?.into();
    let stamp = FileStamp { size: one.u64()?, modified: one.i64()?, changed: one.i64()?, inode: one.u64()? };
    let outcome = Outcome::ALL.get(usize::from(one.u8()?)).copied()?;
    let must_reread = one.u8()? != 0;
    let location = one.u64()?.checked_sub(1);
    let count = one.size()?.min(one.0.len());
    let problems = (0..count).map(|_| problem(&mut one, Path::new(""))).collect::<Option<Vec<_>>>()?;
    Some(FileEntry { name, stamp, outcome, must_reread, location, problems })
}

/// A serialised index in which files are looked up by name without reading all of them.
#[derive(Debug, Default)]
pub struct KnownFiles<'a> {
    folders: BTreeMap<FolderKey, KnownFolder<'a>>,
    count: usize,
}

#[derive(Debug)]
struct KnownFolder<'a> {
    bytes: &'a [u8],
    /// Offset of each file, in the order of names.
    starts: Vec<u32>,
}

impl<'a> KnownFiles<'a> {
    /// Finds the offsets of all files; none if the bytes are damaged.
    pub fn new(bytes: &'a [u8]) -> Option<KnownFiles<'a>> {
        let mut known = KnownFiles::default();
        for (key, count, files) in folders(bytes)? {
            let (mut reader, mut starts) = (ByteReader(files), Vec::with_capacity(count));
            for _ in 0..count {
                starts.push((files.len() - reader.0.len()) as u32);
                inside(&mut reader)?;
            }
            known.count += count;
            known.folders.insert(key, KnownFolder { bytes: files, starts });
        }
        Some(known)
    }

    /// Number of files.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A lookup by file name in a folder, which returns the index of the file in the folder and the file.
    pub fn folder<'s>(&'s self, key: &FolderKey) -> Option<impl Fn(&[u8]) -> Option<(u32, FileEntry)> + use<'s, 'a>> {
        let folder = self.folders.get(key)?;
        let entry = |start: &u32| Some(ByteReader(folder.bytes.get(*start as usize..)?));
        let name = move |start: &u32| ByteReader(inside(&mut entry(start)?)?).bytes();
        Some(move |wanted: &[u8]| {
            let at = folder.starts.binary_search_by(|start| name(start).unwrap_or_default().cmp(wanted)).ok()?;
            Some((at as u32, read(&mut entry(folder.starts.get(at)?)?)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, location: Option<u64>) -> FileEntry {
        let stamp = FileStamp { size: 7, modified: -1, changed: i64::MAX, inode: 3 };
        let problem = Problem::error(None, "no", "do so");
        let problems = if location.is_none() { vec![problem] } else { Vec::new() };
        let outcome = if location.is_none() { Outcome::Rejected } else { Outcome::Loaded };
        FileEntry { name: name.as_bytes().into(), stamp, outcome, must_reread: true, location, problems }
    }

    #[test]
    fn an_index_survives_serialisation_and_finds_files_by_name() {
        let mut files = FileIndex::default();
        let (top, inner) = ((0, PathBuf::new()), (1, PathBuf::from("a/b")));
        ["a.md", "b.md", "c.md"].iter().for_each(|name| files.add(&top, entry(name, Some(9))));
        files.add(&inner, entry("x.md", None));
        let bytes = files.serialise();
        assert_eq!(FileIndex::from_bytes(&bytes).as_ref(), Some(&files));
        let known = KnownFiles::new(&bytes).expect("whole");
        assert_eq!(known.count(), 4);
        let find = |key: &FolderKey, name: &str| known.folder(key).and_then(|folder| folder(name.as_bytes()));
        let find = |key: &FolderKey, name: &str| find(key, name).map(|(_, entry)| entry);
        assert_eq!(find(&top, "b.md"), Some(entry("b.md", Some(9))));
        assert_eq!(find(&inner, "x.md"), Some(entry("x.md", None)));
        assert_eq!((find(&top, "x.md"), find(&(2, PathBuf::new()), "a.md")), (None, None));
        for cut in 1..bytes.len() {
            let (read, known) = (FileIndex::from_bytes(&bytes[..cut]), KnownFiles::new(&bytes[..cut]));
            assert!(read.as_ref() != Some(&files) && known.is_none_or(|known| known.count() < 4), "cut at {cut}");
        }
    }
}
