//! The disk as the marks see it: the few file calls they need, each of which a test can have fail.

use std::fmt::Debug;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What tells whether a file is still the one that was read, and as long as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileId {
    /// The inode.
    pub inode: u64,
    /// Length in bytes.
    pub size: u64,
    /// When it was last written: seconds and nanoseconds.
    pub modified: (i64, i64),
    /// When it was last changed by the system's clock: `cp -p` and `rsync -t` set the time of writing back.
    pub changed: (i64, i64),
}

impl FileId {
    fn of(metadata: &std::fs::Metadata) -> FileId {
        let modified = (metadata.mtime(), metadata.mtime_nsec());
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        FileId { inode: metadata.ino(), size: metadata.len(), modified, changed }
    }
}

/// File calls. Errors are those of the operating system.
pub trait FileSystem: Debug + Send {
    /// Makes a folder that only its owner can look into, unless it is there.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// The names of what is in a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// What a path leads to, through links.
    fn id(&self, path: &Path) -> io::Result<FileId>;
    /// What an open file is.
    fn id_of(&self, file: &File) -> io::Result<FileId>;
    /// The bytes of a regular file from a place on.
    fn read(&self, path: &Path, from: u64) -> io::Result<Vec<u8>>;
    /// Opens a file to append to; makes it when it is missing, for its owner alone.
    fn open(&self, path: &Path) -> io::Result<File>;
    /// Makes a new file, for its owner alone.
    fn create(&self, path: &Path) -> io::Result<File>;
    /// Takes the lock of a file unless somebody has it; it is given back when the file is closed. True when it was taken. An
    /// error of the kind `Unsupported` where files have no locks.
    fn lock(&self, file: &File) -> io::Result<bool>;
    /// Gives the lock back.
    fn unlock(&self, file: &File) -> io::Result<()>;
    /// Writes, by one call of the system, as many bytes as that takes.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until what was written is on the disk.
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Puts a file in the place of another.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until the names in a folder are on the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Writes all bytes, by one call unless the disk takes fewer.
    fn write_all(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.write(file, rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes a temporary file and waits until it is on the disk.
    fn write_temporary(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let file = match self.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Ours, of an earlier try, or of a process that is gone and had our number.
                self.remove(path)?;
                self.create(path)?
            }
            created => created?,
        };
        self.write_all(&file, bytes)?;
        self.sync(&file)
    }
}

/// The disk itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealFileSystem;

/// Rights of our files and folders: nobody else reads what somebody reads.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;
/// What some file systems of the network say to a lock.
const NO_LOCKS: i32 = rustix::io::Errno::NOLCK.raw_os_error();

/// Opens a regular file to be read. It does not block: what was put there may be a FIFO that nobody writes to.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    Ok(file)
}

#[allow(clippy::disallowed_methods)] // marks, never articles
impl FileSystem for RealFileSystem {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder);
        made.map_err(|error| match error.kind() {
            // "File exists", says the system.
            io::ErrorKind::AlreadyExists if folder.exists() => {
                io::Error::other("a file stands where the folder should be")
            }
            io::ErrorKind::AlreadyExists => io::Error::other("the folder is a link that leads nowhere"),
            _ => error,
        })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    }

    fn id(&self, path: &Path) -> io::Result<FileId> {
        std::fs::metadata(path).map(|metadata| FileId::of(&metadata))
    }

    fn id_of(&self, file: &File) -> io::Result<FileId> {
        file.metadata().map(|metadata| FileId::of(&metadata))
    }

    fn read(&self, path: &Path, from: u64) -> io::Result<Vec<u8>> {
        let mut file = open_regular(path)?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).create(true).mode(FILE_MODE).open(path)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) if error.raw_os_error() == Some(NO_LOCKS) => {
                Err(io::ErrorKind::Unsupported.into())
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn unlock(&self, file: &File) -> io::Result<()> {
        file.unlock()
    }

    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }
}
