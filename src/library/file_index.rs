//! What became of every file, so that the next look at the folder reads only those that were changed.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::entry_reader::Outcome;
use super::folder_walk::FileStamp;
use crate::feed::Problem;
use crate::feed::bytes::{ByteReader, ByteWriter};
use crate::feed::record::{problem, put_problem};

/// A file, as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name; the path as it was given, where a single file was named.
    pub name: Box<[u8]>,
    /// What tells whether it was changed since.
    pub stamp: FileStamp,
    /// What became of it.
    pub outcome: Outcome,
    /// It is read again at the next look, whatever its stamp says.
    pub must_reread: bool,
    /// Where its record is, when it is an article.
    pub address: Option<u64>,
    /// Why it could not be read, or why only its body could; without the path, which is that of the file.
    pub problems: Vec<Problem>,
}

impl FileEntry {
    /// True when its article is nothing but the body below front matter that cannot be read.
    pub fn has_broken_front_matter(&self) -> bool {
        self.outcome == Outcome::Warning && !self.problems.is_empty()
    }
}

/// A folder: the number of the folder or file that the library was given, and the path below that.
pub type FolderKey = (u32, PathBuf);

/// The files of a library, by their folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileIndex {
    folders: BTreeMap<FolderKey, Vec<FileEntry>>,
}

impl FileIndex {
    /// Adds a file of a folder.
    pub fn add(&mut self, folder: &FolderKey, entry: FileEntry) {
        match self.folders.get_mut(folder) {
            Some(files) => files.push(entry),
            None => drop(self.folders.insert(folder.clone(), vec![entry])),
        }
    }

    /// Keeps those files of a folder of which somebody says so by their numbers, and puts others beside them or in their place.
    pub fn replace(&mut self, folder: &FolderKey, keep: impl Fn(u32) -> bool, others: Vec<FileEntry>) {
        let mut number = 0..;
        let files = self.folders.entry(folder.clone()).or_default();
        files.retain(|_| number.next().is_some_and(&keep));
        files.extend(others);
    }

    /// Forgets folders of which somebody does not say that they are there.
    pub fn retain_folders(&mut self, is_there: impl Fn(&FolderKey) -> bool) {
        self.folders.retain(|folder, files| is_there(folder) && !files.is_empty());
    }

    /// All files.
    pub fn iter(&self) -> impl Iterator<Item = (&FolderKey, &FileEntry)> {
        self.folders.iter().flat_map(|(folder, files)| files.iter().map(move |file| (folder, file)))
    }

    /// Gives every record its new address; files whose record is gone have none.
    pub fn move_records(&mut self, to: impl Fn(u64) -> Option<u64>) {
        for file in self.folders.values_mut().flatten() {
            file.address = file.address.and_then(&to);
        }
    }

    /// The files as bytes: for each folder its number and path, how many files and bytes follow, and the files.
    pub fn to_bytes(&mut self) -> Vec<u8> {
        let mut all = ByteWriter::default();
        for ((root, below), files) in &mut self.folders {
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

    /// Reads what was written; none when it is damaged.
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

/// The folders of written files, with how many files each has, and those.
fn folders(bytes: &[u8]) -> Option<Vec<(FolderKey, usize, &[u8])>> {
    let (mut all, mut folders) = (ByteReader(bytes), Vec::new());
    while !all.0.is_empty() {
        let root = all.u32()?;
        let below = PathBuf::from(OsStr::from_bytes(all.bytes()?));
        // A file takes a byte at least.
        let (count, inside) = (all.size()?, all.bytes()?);
        folders.push(((root, below), count.min(inside.len()), inside));
    }
    Some(folders)
}

/// Writes a file behind the number of its bytes, four bytes.
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
    one.u64(file.address.map_or(0, |address| address + 1));
    one.size(file.problems.len());
    file.problems.iter().for_each(|problem| put_problem(one, problem));
    let size = (one.0.len() - start - 4) as u32;
    one.0.iter_mut().skip(start).zip(size.to_le_bytes()).for_each(|(slot, byte)| *slot = byte);
}

fn inside<'a>(from: &mut ByteReader<'a>) -> Option<&'a [u8]> {
    let size = from.u32()? as usize;
    from.take(size)
}

/// Reads a file. The paths of its problems are to be added.
fn read(from: &mut ByteReader) -> Option<FileEntry> {
    let mut one = ByteReader(inside(from)?);
    let name = one.bytes()?.into();
    let stamp = FileStamp { size: one.u64()?, modified: one.i64()?, changed: one.i64()?, inode: one.u64()? };
    let outcome = Outcome::ALL.get(usize::from(one.u8()?)).copied()?;
    let must_reread = one.u8()? != 0;
    let address = one.u64()?.checked_sub(1);
    let count = one.size()?.min(one.0.len());
    let problems = (0..count).map(|_| problem(&mut one, Path::new(""))).collect::<Option<Vec<_>>>()?;
    Some(FileEntry { name, stamp, outcome, must_reread, address, problems })
}

/// Written files, looked up by their names without being read all.
#[derive(Debug, Default)]
pub struct KnownFiles<'a> {
    folders: BTreeMap<FolderKey, KnownFolder<'a>>,
    count: usize,
}

#[derive(Debug)]
struct KnownFolder<'a> {
    bytes: &'a [u8],
    /// Where each file begins.
    starts: Vec<u32>,
}

impl<'a> KnownFiles<'a> {
    /// Finds where each file stands; none when the bytes are damaged.
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

    /// How many files there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A folder in which files are looked up by their names. With a file comes its number in the folder.
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

    fn entry(name: &str, address: Option<u64>) -> FileEntry {
        let stamp = FileStamp { size: 7, modified: -1, changed: i64::MAX, inode: 3 };
        let problem = Problem::error(None, "no", "do so");
        let problems = if address.is_none() { vec![problem] } else { Vec::new() };
        let outcome = if address.is_none() { Outcome::Rejected } else { Outcome::Loaded };
        FileEntry { name: name.as_bytes().into(), stamp, outcome, must_reread: true, address, problems }
    }

    #[test]
    fn files_are_read_as_they_were_written_and_found_by_name() {
        let mut files = FileIndex::default();
        let (top, inner) = ((0, PathBuf::new()), (1, PathBuf::from("a/b")));
        ["a.md", "b.md", "c.md"].iter().for_each(|name| files.add(&top, entry(name, Some(9))));
        files.add(&inner, entry("x.md", None));
        let bytes = files.to_bytes();
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
