//! Which files are articles, and opening them without being hung, led astray or drowned.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The largest file that is read, in bytes.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// Folders that hold what tools made, never what people wrote.
const NOT_ENTERED: [&str; 4] = ["node_modules", "_site", "public", "target"];
/// Endings of article files; `.txt` only with front matter.
const ENDINGS: [&str; 5] = ["md", "markdown", "mdx", "mkd", "txt"];

/// A directory entry that was considered.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it is, reachable from the working directory.
    pub path: PathBuf,
    /// Where it is below its library folder.
    pub below: PathBuf,
    /// Why it is not an article; none: it may be one.
    pub ignored: Option<&'static str>,
}

/// Lists everything below `root` in a fixed order, folders before what they hold. A folder that cannot be listed is an
/// entry of `failed`.
pub fn walk(root: &Path, failed: &mut Vec<(PathBuf, io::Error)>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut folders = vec![(root.to_owned(), PathBuf::new())];
    while let Some((folder, below)) = folders.pop() {
        let listed = match std::fs::read_dir(&folder) {
            Ok(listed) => listed,
            Err(error) => {
                failed.push((folder, error));
                continue;
            }
        };
        let mut found: Vec<_> = listed.filter_map(Result::ok).collect();
        found.sort_by_key(std::fs::DirEntry::file_name);
        let mut inner = Vec::new();
        for found in found {
            let name = found.file_name();
            let (path, below) = (found.path(), below.join(&name));
            let is_folder = found.file_type().is_ok_and(|kind| kind.is_dir());
            let ignored = if is_folder { why_not_entered(&name.to_string_lossy()) } else { why_ignored(&path) };
            match ignored {
                None if is_folder => inner.push((path, below)),
                ignored => entries.push(Entry { path, below, ignored }),
            }
        }
        folders.extend(inner.into_iter().rev());
    }
    entries
}

fn why_not_entered(name: &str) -> Option<&'static str> {
    if name.starts_with('.') {
        Some("a hidden folder")
    } else if NOT_ENTERED.contains(&name) {
        Some("a folder made by tools")
    } else {
        None
    }
}

fn why_ignored(path: &Path) -> Option<&'static str> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if name.starts_with('.') {
        Some("a hidden file")
    } else if name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) || name == "4913" {
        Some("a backup of an editor")
    } else if matches!(ending.as_str(), "tmp" | "part" | "swp" | "swx" | "bak") {
        Some("a temporary file")
    } else if !ENDINGS.contains(&ending.as_str()) {
        Some("not a Markdown file")
    } else if std::fs::metadata(path).is_ok_and(|target| target.is_dir()) {
        Some("a link to a folder")
    } else {
        None
    }
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It went away after it was listed, which is nobody's fault.
    #[error("the file is gone")]
    Gone,
    /// A link that leads nowhere.
    #[error("a link that leads nowhere")]
    Dangling,
    /// A pipe, socket, device or folder.
    #[error("{0}, not a regular file")]
    NotAFile(&'static str),
    /// More than [`LARGEST`] bytes.
    #[error("the file has more than {} MiB", LARGEST / 1024 / 1024)]
    TooLarge,
    /// The system refused.
    #[error("permission denied")]
    Denied,
    /// Anything else the system says.
    #[error("{0}")]
    Other(io::Error),
}

impl ReadError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ReadError::Gone => "",
            ReadError::Dangling => "remove the link, or put back what it led to",
            ReadError::NotAFile(_) => "only regular files are opened; remove it or give it another ending",
            ReadError::TooLarge => "split it, or move it out of the folder",
            ReadError::Denied => "chmod u+r would allow it",
            ReadError::Other(_) => "try to open it with another program",
        }
    }
}

/// The state of a file by which one sees that it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: Option<SystemTime>,
}

/// Reads a regular file, at most [`LARGEST`] bytes, and never waits for a pipe or a device.
pub fn read_file(path: &Path) -> Result<(Vec<u8>, Stamp), ReadError> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path);
    let file = opened.map_err(|error| explain(path, error))?;
    let metadata = file.metadata().map_err(ReadError::Other)?;
    let kind = metadata.file_type();
    if !kind.is_file() {
        return Err(ReadError::NotAFile(match () {
            () if kind.is_dir() => "a folder",
            () if kind.is_fifo() => "a pipe",
            () if kind.is_socket() => "a socket",
            () => "a device",
        }));
    }
    if metadata.len() > LARGEST {
        return Err(ReadError::TooLarge);
    }
    let stamp = Stamp { size: metadata.len(), modified: metadata.modified().ok() };
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    let read = read_limited(&file, &mut bytes).map_err(ReadError::Other)?;
    if read > LARGEST { Err(ReadError::TooLarge) } else { Ok((bytes, stamp)) }
}

fn read_limited(file: &File, bytes: &mut Vec<u8>) -> io::Result<u64> {
    file.take(LARGEST + 1).read_to_end(bytes).map(|read| read as u64)
}

fn explain(path: &Path, error: io::Error) -> ReadError {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_symlink());
    match error.kind() {
        io::ErrorKind::NotFound if is_link => ReadError::Dangling,
        io::ErrorKind::NotFound => ReadError::Gone,
        io::ErrorKind::PermissionDenied => ReadError::Denied,
        _ if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => ReadError::Dangling,
        // A socket cannot be opened at all (ENXIO).
        _ if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => ReadError::NotAFile("a socket"),
        _ => ReadError::Other(error),
    }
}

/// The state of a file now.
pub fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(Stamp { size: metadata.len(), modified: metadata.modified().ok() })
}
