//! The marks file of this device: opens and locks it, and makes sure that the open file is still the one at its path.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::marks_file::MarksFileContents;
use super::marks_record as record;
use crate::file_system::{FileId, FileSystem};

/// Interval and time limit for locking. Other instances hold the lock for a write, or while they compact the file, which
/// takes longer on a busy disk.
const LOCK_RETRY_DELAY: Duration = Duration::from_millis(2);
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// The marks file of this device.
#[derive(Debug)]
pub struct OwnMarksFile {
    /// Its path.
    pub path: PathBuf,
    /// Time limit for locking.
    pub lock_timeout: Duration,
    /// True if the file system has no locks.
    pub has_no_locks: bool,
    open: Option<File>,
    /// Inode of the file that was read last, and whether a newer version of frontpage wrote it.
    read: Option<u64>,
    is_newer: bool,
}

impl OwnMarksFile {
    /// The file at a path. It need not exist.
    pub fn new(path: PathBuf) -> OwnMarksFile {
        OwnMarksFile { path, lock_timeout: LOCK_TIMEOUT, has_no_locks: false, open: None, read: None, is_newer: false }
    }

    /// Records which file was read (none if that failed), and whether a newer version wrote it.
    pub fn set_read(&mut self, id: Option<FileId>, is_newer: bool) {
        self.read = id.map(|id| id.inode);
        self.is_newer |= is_newer;
        if is_newer {
            self.open = None;
        }
    }

    /// Continues with another path.
    pub fn move_to(&mut self, path: PathBuf) {
        (self.path, self.open, self.read, self.is_newer) = (path, None, None, false);
    }

    /// Closes the file.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// Waits until all writes are on disk. None if the file is not open.
    pub fn sync(&self, fs: &dyn FileSystem) -> Option<io::Result<()>> {
        self.open.as_ref().map(|file| fs.sync(file))
    }

    /// Releases the lock. If that fails, the file is closed, which releases it, too.
    pub fn release(&mut self, fs: &dyn FileSystem, file: File) {
        if self.has_no_locks || fs.unlock(&file).is_ok() {
            self.open = Some(file);
        }
    }

    /// Opens and locks the file. It is certainly the file at the path, not one that was replaced.
    pub fn locked(&mut self, fs: &dyn FileSystem) -> io::Result<File> {
        let begun = Instant::now();
        loop {
            let file = match self.open.take() {
                Some(file) => file,
                None => self.opened(fs)?,
            };
            let locked = match fs.lock(&file) {
                // Appending is safe without a lock, since the system writes at the end of the file. Rewriting is not, and is
                // not done then.
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
            // Another instance rewrote the file. Closing the old one releases its lock.
            if begun.elapsed() >= self.lock_timeout {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "another program keeps replacing the file"));
            }
        }
    }

    fn opened(&mut self, fs: &dyn FileSystem) -> io::Result<File> {
        let folder = self.path.parent().unwrap_or(Path::new("")).to_owned();
        fs.make_folder(&folder)?;
        self.avoid_newer_file(fs)?;
        let file = fs.open(&self.path)?;
        // The name of a new file is on disk only once its folder is. Some file systems do not support this.
        let _ = fs.sync_folder(&folder);
        Ok(file)
    }

    /// Changes to another path if a newer version writes this file: such a file is read, but never written.
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
