//! The file operations of everything that must not lose data, as a trait, so that tests can make each of them fail.

pub mod atomic_write;
pub mod temporary_name;

use std::fmt::Debug;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use temporary_name::Writer;

/// Identity and state of a file: a difference means that it was replaced or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileId {
    /// Inode number.
    pub inode: u64,
    /// Size in bytes.
    pub size: u64,
    /// Time of the last write (mtime): seconds and nanoseconds since 1970.
    pub modified: (i64, i64),
    /// Time of the last change (ctime): seconds and nanoseconds since 1970. Unlike mtime, `cp -p` and `rsync -t` cannot set
    /// it back.
    pub changed: (i64, i64),
}

impl FileId {
    fn of(metadata: &std::fs::Metadata) -> FileId {
        let modified = (metadata.mtime(), metadata.mtime_nsec());
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        FileId { inode: metadata.ino(), size: metadata.len(), modified, changed }
    }
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, whatever it leads to.
    Link,
    /// A FIFO, a socket or a device.
    Other,
}

/// A directory entry, without following a symbolic link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// True if it belongs to the user who runs the program.
    pub is_own: bool,
    /// Its identity.
    pub id: FileId,
}

/// File operations. Errors are those of the operating system.
pub trait FileSystem: Debug + Send {
    /// Creates a folder and its parents, unless it exists. New ones are accessible to their owner only.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Paths of all entries of a folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// Identity of the file at a path; links are followed.
    fn id(&self, path: &Path) -> io::Result<FileId>;
    /// Identity of an open file.
    fn id_of(&self, file: &File) -> io::Result<FileId>;
    /// Reads a regular file from an offset to its end.
    fn read(&self, path: &Path, from: u64) -> io::Result<Vec<u8>>;
    /// Opens a file for appending. A missing file is created, readable by its owner only.
    fn open(&self, path: &Path) -> io::Result<File>;
    /// Creates a new file, readable by its owner only. Fails if it exists.
    fn create(&self, path: &Path) -> io::Result<File>;
    /// Tries to lock a file; closing the file releases the lock. Returns false if another process has the lock. Fails with
    /// `Unsupported` on file systems without locks.
    fn lock(&self, file: &File) -> io::Result<bool>;
    /// Releases the lock.
    fn unlock(&self, file: &File) -> io::Result<()>;
    /// Writes as many bytes as one system call accepts.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize>;
    /// Waits until the content is on disk.
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Renames a file, replacing an existing one.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until the names in a folder are on disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// What is at a path; a symbolic link is not followed.
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        entry(path)
    }
    /// Opens a folder, to lock it. Fails if it is a symbolic link.
    fn open_folder(&self, folder: &Path) -> io::Result<File> {
        open_folder(folder)
    }
    /// Renames a file to a name that is not in use. Fails with `AlreadyExists` if it is, and with `Unsupported` on file systems
    /// without such a call.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        rename_new(from, to)
    }
    /// Gives a file a second name. Fails with `AlreadyExists` if it is in use.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::hard_link(from, to)
    }

    /// Gives a file a name that is not in use, on any file system. Fails with `AlreadyExists` if it is.
    fn move_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        match self.rename_new(from, to) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            renamed => return renamed,
        }
        match self.link(from, to) {
            // The file has its name. What is left of the other one is removed as that of an ended process.
            Ok(()) => {
                let _ = self.remove(from);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Without hard links, as on FAT, a file that appears between the two calls would be replaced.
            Err(_) => match self.entry(to) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => self.rename(from, to),
                Err(error) => Err(error),
                Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            },
        }
    }

    /// Writes all bytes, with one system call unless it accepts fewer: where there are no locks, records of two instances do
    /// not mix.
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

    /// Begins to write the content of a file to disk, and does not wait. Only a hint: [`FileSystem::sync`] of many files takes a third
    /// of the time if this was called for all of them before (ext4).
    fn begin_sync(&self, file: &File) {
        begin_sync(file);
    }

    /// Replaces a file in its folder, whole or not at all. With `is_durable` it returns once the new file is on disk; without, the file
    /// before may come back after a power failure.
    fn replace(&self, path: &Path, bytes: &[u8], is_durable: bool) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
        self.replace_through(&folder.join(temporary_name::next(&ending)), path, bytes, is_durable)?;
        if is_durable { self.sync_folder(folder) } else { Ok(()) }
    }

    /// Replaces a file through a temporary file with a name that the caller chooses. With `is_durable` the content is on disk before the
    /// file has its name; the name may not be.
    fn replace_through(&self, temporary: &Path, path: &Path, bytes: &[u8], is_durable: bool) -> io::Result<()> {
        let created = self.create_temporary(temporary, bytes);
        let written = created.and_then(|file| if is_durable { self.sync(&file) } else { Ok(()) });
        let renamed = written.and_then(|()| self.rename(temporary, path));
        if renamed.is_err() {
            // The error of the write is the one to report.
            let _ = self.remove(temporary);
        }
        renamed
    }

    /// Removes temporary files that ended processes have left in a folder. This process must have none there: one before it may have
    /// had its id.
    fn sweep(&self, folder: &Path) {
        for path in self.list(folder).unwrap_or_default() {
            let writer = path.file_name().and_then(|name| name.to_str()).and_then(temporary_name::writer);
            if [Some(Writer::Own), Some(Writer::Ended)].contains(&writer) {
                let _ = self.remove(&path);
            }
        }
    }

    /// Writes a temporary file, which [`FileSystem::sync`] must bring to disk.
    fn create_temporary(&self, path: &Path, bytes: &[u8]) -> io::Result<File> {
        let file = match self.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Left by an earlier attempt, or by a dead process that had the same id.
                self.remove(path)?;
                self.create(path)?
            }
            created => created?,
        };
        self.write_all(&file, bytes)?;
        Ok(file)
    }
}

/// The file system of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealFileSystem;

/// Access rights of our files and folders. Other users must not see what the user reads.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;
/// The error of network file systems (NFS) without locks.
const NO_LOCKS: i32 = rustix::io::Errno::NOLCK.raw_os_error();

/// Opens a regular file for reading. Does not block: the path may be a FIFO without a writer.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    // Checked on the open file: between a check and the opening, another file could be put at the path.
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok(file)
}

fn entry(path: &Path) -> io::Result<Entry> {
    let metadata = std::fs::symlink_metadata(path)?;
    let kind = match metadata.file_type() {
        kind if kind.is_symlink() => EntryKind::Link,
        kind if kind.is_dir() => EntryKind::Folder,
        kind if kind.is_file() => EntryKind::File,
        _ => EntryKind::Other,
    };
    let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
    Ok(Entry { kind, is_own, id: FileId::of(&metadata) })
}

fn open_folder(folder: &Path) -> io::Result<File> {
    let flags = (rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::NOFOLLOW).bits() as i32;
    OpenOptions::new().read(true).custom_flags(flags).open(folder)
}

#[cfg(target_os = "linux")]
fn begin_sync(file: &File) {
    // Linux begins to write what is dirty when a program says that it needs it no more. Other systems do this only in their own time.
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn begin_sync(_: &File) {}

fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::io::Errno;
    match rustix::fs::renameat_with(rustix::fs::CWD, from, rustix::fs::CWD, to, rustix::fs::RenameFlags::NOREPLACE) {
        // NFS and some FUSE file systems lack the flag.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Err(io::ErrorKind::Unsupported.into()),
        renamed => Ok(renamed?),
    }
}

#[allow(clippy::disallowed_methods)] // writes marks and article files of subscriptions, never other files of a library
impl FileSystem for RealFileSystem {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let made = std::fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder);
        made.map_err(|error| match error.kind() {
            // The text of the system, "File exists", would not explain it.
            io::ErrorKind::AlreadyExists if folder.exists() => io::Error::other("a file is in the place of the folder"),
            io::ErrorKind::AlreadyExists => io::Error::other("the folder is a link without a target"),
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
        // With O_APPEND each write goes to the end of the file, also if another instance has written meanwhile.
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
        // `fdatasync` also writes the new size, without which the content could not be read. Only file times may be lost.
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
