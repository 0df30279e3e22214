//! Walks through library folders, decides which entries may be articles, and opens files safely: no pipes, no devices, at
//! most 4 MiB.

use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat, fstat, openat, statat};
use rustix::io::Errno;
use rustix::path::Arg;

use crate::file_system::open_regular;

/// Size limit for article files, in bytes.
pub const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Folders that are skipped because they hold generated files.
const SKIPPED_FOLDERS: [&str; 4] = ["node_modules", "_site", "public", "target"];
/// Extensions of article files. A `.txt` file is an article only if it has front matter.
const EXTENSIONS: [&str; 5] = ["md", "markdown", "mdx", "mkd", "txt"];

/// A folder of the library, or a placeholder if the library root is a single file.
#[derive(Debug)]
pub struct Folder {
    /// Index of its root among the paths of the library.
    pub root: u32,
    /// Its path below the root.
    pub below: PathBuf,
    /// Its path, relative to the working directory or absolute.
    path: PathBuf,
    /// Its descriptor, by which its files are opened. None for the placeholder.
    open: Option<OwnedFd>,
}

impl Folder {
    /// The placeholder folder for a single file, and the entry of the file.
    pub fn of_file(root: u32, file: &Path) -> (Folder, EntryName) {
        let folder = Folder { root, below: PathBuf::new(), path: PathBuf::new(), open: None };
        let name = CString::new(file.as_os_str().as_bytes()).unwrap_or_default();
        (folder, EntryName { name, ignored: None })
    }

    /// Opens a folder: `below` is its path below the root with this index, and `path` the whole path.
    pub fn open(root: u32, below: &Path, path: &Path) -> io::Result<Folder> {
        Ok(Folder { root, below: below.to_owned(), path: path.to_owned(), open: Some(open_folder(path)?) })
    }

    /// What a name in the folder is now. The name must be one that may be an article.
    pub fn entry(&self, name: &OsStr) -> NamedEntry {
        let Ok(name) = CString::new(name.as_bytes()) else { return NamedEntry::Other };
        match statat(self.fd(), &name, AtFlags::SYMLINK_NOFOLLOW).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
            Err(Errno::NOENT) => NamedEntry::Missing,
            Err(_) | Ok(FileType::Directory | FileType::Symlink) => NamedEntry::Other,
            Ok(_) => NamedEntry::File(EntryName { name, ignored: None }),
        }
    }

    /// True for the placeholder of a single file.
    pub fn is_file(&self) -> bool {
        self.open.is_none()
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.open.as_ref().map_or(rustix::fs::CWD, |open| open.as_fd())
    }

    /// Path of an entry.
    pub fn path_of(&self, name: &EntryName) -> PathBuf {
        self.path.join(name.as_path())
    }

    /// Path of an entry below the library root; for a single file its name.
    pub fn below_of(&self, name: &EntryName) -> PathBuf {
        match self.is_file() {
            true => name.as_path().file_name().map_or_else(|| name.as_path().to_owned(), PathBuf::from),
            false => self.below.join(name.as_path()),
        }
    }
}

/// What a name in a folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedEntry {
    /// Nothing has the name.
    Missing,
    /// A file, or a pipe, socket or device.
    File(EntryName),
    /// A folder or a symbolic link, which a walk must visit, or something that cannot be looked at.
    Other,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryName {
    name: CString,
    /// Why it cannot be an article; none if it may be one.
    pub ignored: Option<&'static str>,
}

impl EntryName {
    /// The name as a path.
    pub fn as_path(&self) -> &Path {
        Path::new(OsStr::from_bytes(self.name.to_bytes()))
    }

    /// The bytes of the name.
    pub fn bytes(&self) -> &[u8] {
        self.name.to_bytes()
    }
}

/// What a walk lists or reads next. It is reported beforehand, so that a watch can be in place and no change is missed.
#[derive(Clone, Copy, Debug)]
pub enum Visit<'a> {
    /// A folder.
    Folder(&'a Path),
    /// A single file.
    File(&'a Path),
    /// A link that leads to an article, or may do so later.
    Link(&'a Path),
}

/// Called before each visit, on the thread that lists folders.
pub type OnVisit<'a> = &'a (dyn Fn(Visit) + Sync);

/// A walk through all folders below one, in order of their paths. The entries of a folder come in the order of the file
/// system.
#[derive(Debug)]
pub struct FolderWalk {
    root: u32,
    /// Folders still to list: path, and path below the root. The next one is last.
    waiting: Vec<(PathBuf, PathBuf)>,
}

impl FolderWalk {
    /// A walk through a folder of the library.
    pub fn new(root: u32, folder: &Path) -> FolderWalk {
        FolderWalk { root, waiting: vec![(folder.to_owned(), PathBuf::new())] }
    }

    /// Lists the next folder and passes on its entries one by one. Returns false after the last folder. The error names a
    /// folder that cannot be listed.
    pub fn list_next(
        &mut self,
        on_visit: OnVisit,
        take: &mut dyn FnMut(&Arc<Folder>, EntryName),
    ) -> Result<bool, (PathBuf, io::Error)> {
        let Some((path, below)) = self.waiting.pop() else { return Ok(false) };
        let is_inner = !below.as_os_str().is_empty();
        let listed = Folder::open(self.root, &below, &path).map(Arc::new).and_then(|folder| {
            on_visit(Visit::Folder(&path));
            let inner = list(&folder, on_visit, take)?;
            let inner = inner.into_iter().rev().map(|name| (folder.path_of(&name), folder.below.join(name.as_path())));
            self.waiting.extend(inner);
            Ok(true)
        });
        match listed {
            // Deleted after its parent was listed: not a problem.
            Err(error) if is_inner && error.kind() == io::ErrorKind::NotFound => Ok(true),
            listed => listed.map_err(|error| (path, error)),
        }
    }
}

fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    Ok(open(rustix::fs::CWD, path, OFlags::RDONLY | OFlags::DIRECTORY)?)
}

/// Retries while the limit of open files is reached: 400 times 5 ms, which is 2 s. Other threads close their files all the
/// time.
const OPEN_RETRIES: u32 = 400;
const OPEN_RETRY_DELAY: Duration = Duration::from_millis(5);

fn open(folder: BorrowedFd, name: impl Arg + Copy, flags: OFlags) -> Result<OwnedFd, Errno> {
    let mut left = OPEN_RETRIES;
    loop {
        match openat(folder, name, flags | OFlags::CLOEXEC, Mode::empty()) {
            Err(Errno::MFILE | Errno::NFILE) if left > 0 => {
                left -= 1;
                std::thread::sleep(OPEN_RETRY_DELAY);
            }
            opened => return opened,
        }
    }
}

/// Passes on the entries of a folder, and returns the folders in it to enter, sorted by name.
fn list(
    folder: &Arc<Folder>,
    on_visit: OnVisit,
    take: &mut dyn FnMut(&Arc<Folder>, EntryName),
) -> io::Result<Vec<EntryName>> {
    let mut inner = Vec::new();
    for entry in Dir::read_from(folder.fd())? {
        // `ls` and others end a listing at the first read error, too.
        let Ok(entry) = entry else { break };
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems do not report the type in the listing.
            FileType::Unknown => kind_of(folder, name, AtFlags::SYMLINK_NOFOLLOW),
            kind => kind,
        };
        let shown = name.to_string_lossy();
        let ignored = match kind {
            FileType::Directory => why_folder_skipped(&shown),
            _ => why_file_ignored(&shown).or_else(|| {
                let leads_to_folder = || kind_of(folder, name, AtFlags::empty()) == FileType::Directory;
                (kind == FileType::Symlink && leads_to_folder()).then_some("a link to a folder")
            }),
        };
        let is_entered = kind == FileType::Directory && ignored.is_none();
        let name = EntryName { name: name.to_owned(), ignored };
        if kind == FileType::Symlink && why_file_ignored(&shown).is_none() {
            on_visit(Visit::Link(&folder.path_of(&name)));
        }
        if is_entered { inner.push(name) } else { take(folder, name) }
    }
    inner.sort_unstable();
    Ok(inner)
}

fn kind_of(folder: &Folder, name: &CStr, flags: AtFlags) -> FileType {
    statat(folder.fd(), name, flags).map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode))
}

/// True if a file of this name may be an article, or a folder of this name is entered.
pub fn may_be_article(name: &OsStr, is_folder: bool) -> bool {
    let name = name.to_string_lossy();
    let why_not = if is_folder { why_folder_skipped(&name) } else { why_file_ignored(&name) };
    why_not.is_none()
}

fn why_folder_skipped(name: &str) -> Option<&'static str> {
    if name.starts_with('.') {
        Some("a hidden folder")
    } else if SKIPPED_FOLDERS.contains(&name) {
        Some("a folder of generated files")
    } else {
        None
    }
}

fn why_file_ignored(name: &str) -> Option<&'static str> {
    let ending = Path::new(name).extension().and_then(OsStr::to_str).unwrap_or_default();
    let is = |endings: &[&str]| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
    if name.starts_with('.') {
        Some("a hidden file")
    // `name~` of many editors, `#name#` of Emacs, and 4913, by which Vim tests whether it can write to the folder.
    } else if name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) || name == "4913" {
        Some("an editor backup")
    } else if is(&["tmp", "part", "swp", "swx", "bak"]) {
        Some("a temporary file")
    } else if !is(&EXTENSIONS) {
        Some("not a Markdown file")
    } else {
        None
    }
}

/// The text of an I/O error in lower case, without the error number.
pub fn io_error_text(error: &io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// Why a root cannot be read; none if it can. Opens only regular files and folders.
pub fn why_unreadable(path: &Path) -> Option<String> {
    let opened = match std::fs::metadata(path).map(|there| there.file_type()) {
        Ok(kind) if kind.is_dir() => std::fs::read_dir(path).map(drop),
        Ok(kind) if kind.is_file() => open_regular(path).map(drop),
        Ok(kind) => {
            let name = match () {
                () if kind.is_fifo() => "a pipe",
                () if kind.is_socket() => "a socket",
                () => "a device",
            };
            return Some(format!("it is {name}, not a regular file"));
        }
        Err(error) => Err(error),
    };
    opened.err().map(|error| io_error_text(&error))
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It was deleted after its folder was listed, which is not a problem.
    #[error("the file is gone")]
    Gone,
    /// A link whose target does not exist.
    #[error("the link has no target")]
    Dangling,
    /// A pipe, socket, device or folder.
    #[error("{0}, not a regular file")]
    NotAFile(&'static str),
    /// More than [`MAX_BYTES`] bytes.
    #[error("the file is larger than {} MiB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// The system denied access.
    #[error("permission denied")]
    Denied,
    /// Any other error of the system.
    #[error("{}", io_error_text(.0))]
    Other(io::Error),
}

impl ReadError {
    /// What to do about it; empty if nothing.
    pub fn hint(&self) -> &'static str {
        match self {
            ReadError::Gone => "",
            ReadError::Dangling => "delete the link or restore its target",
            ReadError::NotAFile(_) => "only regular files are read; delete it or change its extension",
            ReadError::TooLarge => "split it, or move it out of the folder",
            ReadError::Denied => "allow it with chmod u+r, and u+x on its folder",
            ReadError::Other(_) => "try to open it with another program",
        }
    }
}

/// A stamp by which a change of a file is recognised. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileStamp {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last write (mtime). Programs can set it to any value.
    pub modified: i64,
    /// Time of the last change of content or metadata (ctime). Programs cannot set it back.
    pub changed: i64,
    /// Inode number.
    pub inode: u64,
}

/// Two changes within this time may leave the same stamp: some file systems store times in steps of 2 s (FAT).
const CLOCK_GRANULARITY: Duration = Duration::from_secs(2);

impl FileStamp {
    fn of(stat: &Stat) -> FileStamp {
        let time = |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
        FileStamp {
            size: stat.st_size.cast_unsigned(),
            modified: time(stat.st_mtime, stat.st_mtime_nsec as i64),
            changed: time(stat.st_ctime, stat.st_ctime_nsec as i64),
            inode: stat.st_ino,
        }
    }

    /// Time of the last write.
    pub fn modified(&self) -> SystemTime {
        let nanos = Duration::from_nanos(self.modified.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        let time = if self.modified < 0 { epoch.checked_sub(nanos) } else { epoch.checked_add(nanos) };
        time.unwrap_or(epoch)
    }

    /// True if the file changed so shortly before `now` that another change may leave the same stamp.
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.saturating_sub(CLOCK_GRANULARITY).as_nanos()).is_ok_and(|limit| self.changed > limit)
    }
}

/// Reads a regular file into `bytes`, at most [`MAX_BYTES`]. Never blocks on a pipe or a device.
pub fn read_file(folder: &Folder, name: &EntryName, bytes: &mut Vec<u8>) -> Result<FileStamp, ReadError> {
    // NONBLOCK: opening a FIFO would wait for a writer. NOCTTY: a terminal device would become our controlling terminal.
    let opened = open(folder.fd(), name.name.as_c_str(), OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY);
    let file = opened.map_err(|error| classify(folder, name, error))?;
    let stat = fstat(&file).map_err(|error| ReadError::Other(error.into()))?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => {}
        FileType::Directory => return Err(ReadError::NotAFile("a folder")),
        FileType::Fifo => return Err(ReadError::NotAFile("a pipe")),
        FileType::Socket => return Err(ReadError::NotAFile("a socket")),
        _ => return Err(ReadError::NotAFile("a device")),
    }
    // Taken before reading: after a change during the read the stamp is too old, and the next scan reads the file again.
    let stamp = FileStamp::of(&stat);
    if stamp.size > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    bytes.clear();
    read_limited(&file, stamp.size as usize, bytes).map_err(|error| ReadError::Other(error.into()))?;
    // The file may have grown since `fstat`.
    if bytes.len() as u64 > MAX_BYTES { Err(ReadError::TooLarge) } else { Ok(stamp) }
}

/// Reads to the end of the file, or one byte more than [`MAX_BYTES`]. A short read means the end, since the file is regular.
fn read_limited(file: &OwnedFd, size: usize, bytes: &mut Vec<u8>) -> Result<(), Errno> {
    // One byte more than the size from `stat`, so that a single read also finds the end. The size is only a hint, since the
    // file may grow.
    let mut room = size + 1;
    loop {
        let length = bytes.len();
        bytes.resize(length + room, 0);
        let read = match rustix::io::read(file, bytes.get_mut(length..).unwrap_or_default()) {
            Err(Errno::INTR) => 0,
            Err(error) => return Err(error),
            Ok(read) => {
                bytes.truncate(length + read);
                if read < room || bytes.len() as u64 > MAX_BYTES {
                    return Ok(());
                }
                read
            }
        };
        bytes.truncate(length + read);
        room = bytes.len().clamp(4096, MAX_BYTES as usize + 1);
    }
}

fn classify(folder: &Folder, name: &EntryName, error: Errno) -> ReadError {
    let is_link = || kind_of(folder, &name.name, AtFlags::SYMLINK_NOFOLLOW) == FileType::Symlink;
    match error {
        Errno::NOENT if is_link() => ReadError::Dangling,
        Errno::NOENT => ReadError::Gone,
        Errno::ACCESS | Errno::PERM => ReadError::Denied,
        Errno::LOOP => ReadError::Dangling,
        // ENXIO: a socket, which cannot be opened, or a device without a driver.
        Errno::NXIO if kind_of(folder, &name.name, AtFlags::empty()) == FileType::Socket => {
            ReadError::NotAFile("a socket")
        }
        Errno::NXIO | Errno::NODEV => ReadError::NotAFile("a device"),
        error => ReadError::Other(error.into()),
    }
}

/// The current stamp of a file; none if it is not a regular file.
pub fn file_stamp(folder: &Folder, name: &EntryName) -> Option<FileStamp> {
    let stat = statat(folder.fd(), &name.name, AtFlags::empty()).ok()?;
    (FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile).then(|| FileStamp::of(&stat))
}
