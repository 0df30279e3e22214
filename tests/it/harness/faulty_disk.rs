//! A disk on which file calls fail.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use frontpage::file_system::{Entry, FileId, FileSystem, RealFileSystem};

/// How calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// With an error, once.
    Once(i32),
    /// With an error, and so does every later call, as if the program had been killed.
    FromThenOn(i32),
    /// A write takes half of the bytes; the next has no room.
    Short,
    /// A write takes half of the bytes, and every later call fails.
    #[cfg_attr(not(feature = "sync"), expect(dead_code, reason = "only the tests of article files use it"))]
    Torn,
    /// There are no locks.
    NoLocks,
}

/// The error of a full disk.
pub const NO_SPACE: i32 = rustix::io::Errno::NOSPC.raw_os_error();

/// Calls to a disk that works again.
const HEALED: usize = usize::MAX / 2;

/// A disk whose n-th call fails.
#[derive(Clone, Debug)]
pub struct FaultyDisk {
    fault: Fault,
    at: usize,
    calls: Arc<AtomicUsize>,
}

impl FaultyDisk {
    /// A disk whose call number `at` fails, counted from 1.
    pub fn new(fault: Fault, at: usize) -> FaultyDisk {
        FaultyDisk { fault, at, calls: Arc::default() }
    }

    /// Counts a call.
    fn call(&self) -> io::Result<()> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
        match self.fault {
            Fault::Once(error) if call == self.at => Err(io::Error::from_raw_os_error(error)),
            Fault::FromThenOn(error) if (self.at..HEALED).contains(&call) => Err(io::Error::from_raw_os_error(error)),
            Fault::Torn if call > self.at => Err(io::Error::from_raw_os_error(NO_SPACE)),
            _ => Ok(()),
        }
    }

    /// True once the call that fails was made.
    pub fn has_fired(&self) -> bool {
        self.calls.load(Ordering::SeqCst) >= self.at
    }

    /// Lets all further calls succeed.
    pub fn heal(&self) {
        self.calls.store(HEALED, Ordering::SeqCst);
    }
}

impl FileSystem for FaultyDisk {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.make_folder(folder))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.call().and_then(|()| RealFileSystem.list(folder))
    }

    fn id(&self, path: &Path) -> io::Result<FileId> {
        self.call().and_then(|()| RealFileSystem.id(path))
    }

    fn id_of(&self, file: &File) -> io::Result<FileId> {
        self.call().and_then(|()| RealFileSystem.id_of(file))
    }

    fn read(&self, path: &Path, from: u64) -> io::Result<Vec<u8>> {
        self.call().and_then(|()| RealFileSystem.read(path, from))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        self.call().and_then(|()| RealFileSystem.open(path))
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        self.call().and_then(|()| RealFileSystem.create(path))
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        if self.fault == Fault::NoLocks {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.call().and_then(|()| RealFileSystem.lock(file))
    }

    fn unlock(&self, file: &File) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.unlock(file))
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        self.call()?;
        let call = self.calls.load(Ordering::SeqCst);
        match self.fault {
            Fault::Short | Fault::Torn if call == self.at => {
                RealFileSystem.write(file, &bytes[..bytes.len().div_ceil(2)])
            }
            Fault::Short if call == self.at + 1 => Err(io::Error::from_raw_os_error(NO_SPACE)),
            _ => RealFileSystem.write(file, bytes),
        }
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.sync(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.rename(from, to))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.sync_folder(folder))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.remove(path))
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        self.call().and_then(|()| RealFileSystem.entry(path))
    }

    fn open_folder(&self, folder: &Path) -> io::Result<File> {
        self.call().and_then(|()| RealFileSystem.open_folder(folder))
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.rename_new(from, to))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call().and_then(|()| RealFileSystem.link(from, to))
    }
}
