//! The cache of fetched pictures: a file for each, with the hash of its address as the name, and notes on those that were refused.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::downloaded_files::full_hash;
use super::picture_files;
use crate::feed::{Address, SafeText, clean};
use crate::file_system::{EntryKind, FileSystem};

/// The ending of a note on a picture that was refused.
const REFUSED: &str = ".refused";
/// How long a refusal is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(1);
/// Longest note, in bytes.
const MAX_NOTE: u64 = 1_000;
/// Digits of a hash, which are the whole name of a file.
const DIGITS: usize = 64;

/// What the cache knows of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cached {
    /// Its file.
    File(Vec<u8>),
    /// It was refused within the last day, and why.
    Refused(SafeText),
    /// Nothing.
    Unknown,
}

/// The cache in a folder. All of it may be deleted at any time, and several processes may use it.
pub struct PictureCache<'a> {
    folder: &'a Path,
    fs: &'a dyn FileSystem,
}

impl<'a> PictureCache<'a> {
    /// Bytes of the longest file that is kept.
    pub const MAX_FILE: u64 = 8 << 20;

    /// The cache in this folder, which need not exist.
    pub fn new(folder: &'a Path, fs: &'a dyn FileSystem) -> PictureCache<'a> {
        PictureCache { folder, fs }
    }

    /// The file of the picture at an address, which counts as used now, or why it was refused. What cannot be read is unknown.
    pub fn look(&self, address: &Address, now: DateTime<Utc>) -> Cached {
        let path = self.path(address);
        if let Ok(bytes) = picture_files::read(&path, PictureCache::MAX_FILE)
            && !bytes.is_empty()
        {
            // Without it, the picture is only taken for one that was used earlier.
            let _ = std::fs::File::open(&path).and_then(|file| file.set_modified(now.into()));
            return Cached::File(bytes);
        }
        self.refusal(address, now).map_or(Cached::Unknown, Cached::Refused)
    }

    /// Keeps the file of a picture, and removes those that were not used for the longest time until all have at most `most` bytes.
    pub fn keep(&self, address: &Address, bytes: &[u8], most: u64) -> io::Result<()> {
        self.fs.make_folder(self.folder)?;
        self.fs.sweep(self.folder);
        let path = self.path(address);
        self.fs.replace(&path, bytes, false)?;
        let _ = self.fs.remove(&self.note(address));
        self.make_room(&path, most);
        Ok(())
    }

    /// Notes that a picture was refused, and why.
    pub fn refuse(&self, address: &Address, why: &SafeText) -> io::Result<()> {
        self.fs.make_folder(self.folder)?;
        let why: String = why.as_str().chars().take(200).collect();
        self.fs.replace(&self.note(address), why.as_bytes(), false)
    }

    /// Removes the oldest files, but not the one at `kept`. What cannot be removed stays: another process may have done it.
    fn make_room(&self, kept: &Path, most: u64) {
        let own = |path: PathBuf| {
            let name = path.file_name()?.to_str()?;
            let hash = name.strip_suffix(REFUSED).unwrap_or(name);
            let is_own = hash.len() == DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
            let entry = self.fs.entry(&path).ok().filter(|entry| is_own && entry.kind == EntryKind::File)?;
            Some((entry.id.modified, entry.id.size, path))
        };
        let mut files: Vec<_> = self.fs.list(self.folder).unwrap_or_default().into_iter().filter_map(own).collect();
        files.sort();
        let mut all: u64 = files.iter().map(|(_, size, _)| *size).sum();
        for (_, size, path) in files.iter().filter(|(_, _, path)| path != kept) {
            if all <= most {
                break;
            }
            let _ = self.fs.remove(path);
            all = all.saturating_sub(*size);
        }
    }

    /// Where the file of a picture is, if it was fetched.
    pub fn file(&self, address: &Address) -> Option<PathBuf> {
        let path = self.path(address);
        self.fs.entry(&path).is_ok_and(|entry| entry.kind == EntryKind::File).then_some(path)
    }

    /// Why a picture was refused within the last day.
    pub fn refusal(&self, address: &Address, now: DateTime<Utc>) -> Option<SafeText> {
        let note = self.note(address);
        let written = self.fs.id(&note).ok().and_then(|id| DateTime::from_timestamp(id.modified.0, 0));
        // A time in the future is that of another clock.
        written.filter(|written| (now - *written).abs() < REMEMBERED)?;
        let why = picture_files::read(&note, MAX_NOTE).ok()?;
        Some(clean::plain_line(&String::from_utf8_lossy(&why)))
    }

    fn path(&self, address: &Address) -> PathBuf {
        self.folder.join(full_hash(address))
    }

    fn note(&self, address: &Address) -> PathBuf {
        self.folder.join(format!("{}{REFUSED}", full_hash(address)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::file_system::RealFileSystem;

    fn address(name: &str) -> Address {
        Address::parse(&format!("https://e.org/{name}")).expect("an address")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).expect("a time")
    }

    fn names(folder: &Path) -> usize {
        fs::read_dir(folder).map_or(0, Iterator::count)
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_goes_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("a/b");
        let cache = PictureCache::new(&below, &RealFileSystem);
        assert_eq!(cache.look(&address("1"), at(0)), Cached::Unknown, "no folder");
        for (second, name) in [(1, "1"), (2, "2"), (3, "3")] {
            cache.keep(&address(name), &[b'x'; 100], 1_000).expect("kept");
            assert!(matches!(cache.look(&address(name), at(second)), Cached::File(bytes) if bytes.len() == 100));
        }
        assert!(matches!(cache.look(&address("1"), at(9)), Cached::File(_)), "used last");
        fs::write(below.join("of-the-user"), [0; 900]).expect("a file");
        cache.keep(&address("4"), &[b'x'; 100], 300).expect("kept");
        let known = |name: &str| cache.look(&address(name), at(10)) != Cached::Unknown;
        assert_eq!(["1", "2", "3", "4"].map(known), [true, false, true, true]);
        cache.keep(&address("5"), &[b'x'; 400], 300).expect("kept");
        assert_eq!(["1", "3", "4", "5"].map(known), [false, false, false, true], "the one that was asked for stays");
        assert!(below.join("of-the-user").exists());
    }

    #[test]
    fn a_refusal_is_remembered_for_a_day_until_the_picture_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = PictureCache::new(folder.path(), &RealFileSystem);
        cache.refuse(&address("1"), &clean::plain_line("it is gone\u{1b}[2J")).expect("noted");
        let now = Utc::now();
        let Cached::Refused(why) = cache.look(&address("1"), now) else { panic!("not noted") };
        assert!(why.as_str().starts_with("it is gone") && !why.as_str().contains('\u{1b}'), "{why}");
        assert_eq!(cache.look(&address("1"), now + TimeDelta::hours(25)), Cached::Unknown);
        assert_eq!(cache.look(&address("2"), now), Cached::Unknown);
        cache.keep(&address("1"), b"x", 100).expect("kept");
        assert_eq!((cache.look(&address("1"), now), names(folder.path())), (Cached::File(b"x".to_vec()), 1));
    }

    #[test]
    fn files_that_are_no_pictures_of_the_cache_are_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let inside = folder.path().join("cache");
        fs::create_dir(&inside).expect("a folder");
        let outside = folder.path().join("secret");
        fs::write(&outside, "secret").expect("a file");
        let cache = PictureCache::new(&inside, &RealFileSystem);
        symlink(&outside, cache.path(&address("link"))).expect("a link");
        fs::create_dir(cache.path(&address("folder"))).expect("a folder");
        fs::write(cache.path(&address("empty")), "").expect("a file");
        fs::write(cache.path(&address("long")), vec![0; PictureCache::MAX_FILE as usize + 1]).expect("a file");
        for name in ["link", "folder", "empty", "long"] {
            assert_eq!(cache.look(&address(name), Utc::now()), Cached::Unknown, "{name}");
        }
        cache.keep(&address("link"), b"new", 100).expect("kept");
        assert_eq!(fs::read(&outside).expect("a file"), b"secret", "the link is replaced, not followed");
        assert_eq!(cache.look(&address("link"), Utc::now()), Cached::File(b"new".to_vec()));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("file"), "").expect("a file");
        fs::set_permissions(folder.path().join("file"), fs::Permissions::from_mode(0o400)).expect("set");
        let below = folder.path().join("file/cache");
        let cache = PictureCache::new(&below, &RealFileSystem);
        assert!(cache.keep(&address("1"), b"x", 100).is_err());
        assert!(cache.refuse(&address("1"), &"why".into()).is_err());
    }
}
