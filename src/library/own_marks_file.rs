//! The file of marks that this device writes to: opened, locked, and checked to be the one that has its name.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::file_system::{FileId, FileSystem};
use super::marks_file::MarksFileContents;
use super::marks_record as record;

/// How far apart the lock is asked for, and for how long: others have it for the time of a write, or while the file is written
/// anew, which on a busy disk takes a while.
const LOCK_RETRY_DELAY: Duration = Duration::from_millis(2);
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// Our file.
#[derive(Debug)]
pub struct OwnMarksFile {
    /// Where it is.
    pub path: PathBuf,
    /// How long its lock is waited for.
    pub lock_timeout: Duration,
    /// The file system knows no locks.
    pub has_no_locks: bool,
    open: Option<File>,
    /// The inode of the file that was read, and whether a later version wrote that.
    read: Option<u64>,
    is_newer: bool,
}

impl OwnMarksFile {
    /// The file at a path, which need not be there.
    pub fn new(path: PathBuf) -> OwnMarksFile {
        OwnMarksFile { path, lock_timeout: LOCK_TIMEOUT, has_no_locks: false, open: None, read: None, is_newer: false }
    }

    /// Takes note of which file was read, none if that failed, and whether a later version wrote it.
    pub fn set_read(&mut self, id: Option<FileId>, is_newer: bool) {
        self.read = id.map(|id| id.inode);
        self.is_newer |= is_newer;
        if is_newer {
            self.open = None;
        }
    }

    /// Moves on to another path.
    pub fn move_to(&mut self, path: PathBuf) {
        (self.path, self.open, self.read, self.is_newer) = (path, None, None, false);
    }

    /// Closes the file.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// Waits until what was written is on the disk. None if the file is not open.
    pub fn sync(&self, fs: &dyn FileSystem) -> Option<io::Result<()>> {
        self.open.as_ref().map(|file| fs.sync(file))
    }

    /// Gives the lock back. One that cannot be given back ends with the file.
    pub fn release(&mut self, fs: &dyn FileSystem, file: File) {
        if self.has_no_locks || fs.unlock(&file).is_ok() {
            self.open = Some(file);
        }
    }

    /// The file, open and locked, and surely the one that has its name.
    pub fn locked(&mut self, fs: &dyn FileSystem) -> io::Result<File> {
        let begun = Instant::now();
        loop {
            let file = match self.open.take() {
                Some(file) => file,
                None => self.opened(fs)?,
            };
            let locked = match fs.lock(&file) {
                // Appending is safe enough without: the system writes at the end. Writing anew is not.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    self.has_no_locks = true;
                    true
                }
                locked => locked?,
            };
            if !locked {
                self.open = Some(file);
                if begun.elapsed() >= self.lock_timeout {
                    return Err(io::Error::new(io::ErrorKind::WouldBlock, "another instance keeps the file locked"));
                }
                std::thread::sleep(LOCK_RETRY_DELAY);
                continue;
            }
            let (held, named) = (fs.id_of(&file)?, fs.id(&self.path));
            if named.is_ok_and(|named| named.inode == held.inode) {
                return Ok(file);
            }
            // It was written anew meanwhile. Closing the old one gives its lock back.
            if begun.elapsed() >= self.lock_timeout {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "the file is replaced all the time"));
            }
        }
    }

    fn opened(&mut self, fs: &dyn FileSystem) -> io::Result<File> {
        let folder = self.path.parent().unwrap_or(Path::new("")).to_owned();
        fs.make_folder(&folder)?;
        self.avoid_newer_file(fs)?;
        let file = fs.open(&self.path)?;
        // A new name is on the disk only with its folder. Some file systems cannot say so.
        let _ = fs.sync_folder(&folder);
        Ok(file)
    }

    /// A file that a later version writes is read and never written: then ours has another name.
    fn avoid_newer_file(&mut self, fs: &dyn FileSystem) -> io::Result<()> {
        let inode = fs.id(&self.path).map(|id| id.inode).ok();
        if self.read != inode {
            self.is_newer = match fs.read(&self.path, 0) {
                Ok(bytes) => MarksFileContents::of(&bytes).is_newer(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                Err(error) => return Err(error),
            };
        }
        if std::mem::take(&mut self.is_newer) {
            let name = self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let ending = self.path.extension().unwrap_or_default().to_string_lossy().into_owned();
            self.path.set_file_name(format!("{name}-v{}.{ending}", record::VERSION));
        }
        Ok(())
    }
}
