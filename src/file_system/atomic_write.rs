//! Writes files atomically, under a temporary name and then renamed: files of ours that can be rebuilt, and documents of the user.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::temporary_name::{self, Writer};
use super::{FileSystem, RealFileSystem};

/// A temporary file older than this has no living writer, even if its process id is in use again.
const STALE: Duration = Duration::from_secs(3600);

/// The writer that `replace` passes on.
pub type FileWriter<'a> = BufWriter<&'a mut File>;

/// Replaces a file by what `write` writes. Does not wait for the disk (`fsync`): these files have checksums, and one that is
/// incomplete after a power failure is detected and ignored.
pub fn replace<T>(path: &Path, write: impl FnOnce(&mut FileWriter) -> io::Result<T>) -> io::Result<T> {
    let folder = path.parent().unwrap_or(Path::new(""));
    RealFileSystem.make_folder(folder)?;
    sweep(folder, true);
    // In the same folder, since a rename works only within one file system.
    let mut new = tempfile::Builder::new().prefix(&temporary_name::prefix()).tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(1 << 18, new.as_file_mut());
    let written = write(&mut out)?;
    // Dropping a `BufWriter` ignores errors, and an incomplete file would replace the whole one.
    out.flush()?;
    drop(out);
    new.persist(path).map(|_| written).map_err(|error| error.error)
}

/// A new file in a folder, to be renamed to its name, readable by its owner only. It is removed when it is dropped, and one that a
/// process left that was killed is removed by the next call.
pub fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    temporary_with(folder, 0o600)
}

/// As [`temporary_in`], for a document of the user: readable by those who may read the file that it will replace, or else by those to
/// whom the user opens new files (`umask`).
pub fn temporary_for(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(known) = std::fs::metadata(path) else { return temporary_with(folder, 0o666) };
    let new = temporary_in(folder)?;
    // Not as it is created: the umask would take permissions away that the file has.
    new.as_file().set_permissions(Permissions::from_mode(known.permissions().mode() & 0o777))?;
    Ok(new)
}

/// Gives a new file its name. Without `replaces`, a file of this name is an error of the kind `AlreadyExists`.
pub fn place(new: NamedTempFile, path: &Path, replaces: bool) -> io::Result<()> {
    new.as_file().sync_all()?;
    let placed = if replaces { new.persist(path) } else { new.persist_noclobber(path) };
    placed.map(drop).map_err(|error| error.error)
}

fn temporary_with(folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    // Others may keep files here too: only what has the name of one of our processes is removed.
    sweep(folder, false);
    let mut new = tempfile::Builder::new();
    let prefix = temporary_name::prefix();
    new.prefix(&prefix).permissions(Permissions::from_mode(mode)).tempfile_in(folder)
}

/// Removes temporary files of processes of ours that have ended, since the program does not wait for a write when the user quits. If
/// the folder is ours alone, also those that are old or name no process.
fn sweep(folder: &Path, is_ours_alone: bool) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(writer) = name.to_str().and_then(temporary_name::writer) else { continue };
        let is_old = || entry.metadata().ok()?.modified().ok()?.elapsed().ok().map(|age| age > STALE);
        if writer == Writer::Ended || is_ours_alone && (writer == Writer::Unknown || is_old() == Some(true)) {
            let _ = RealFileSystem.remove(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    #[test]
    fn files_are_replaced_atomically_and_stale_temporaries_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("inner").join("a");
        replace(&path, |out| out.write_all(b"one")).expect("written");
        let failed = replace(&path, |out| out.write_all(b"tw").and_then(|()| Err::<(), _>(io::Error::other("no"))));
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).expect("the file"), b"one");
        let inner = path.parent().expect("a folder");
        let mut child = std::process::Command::new("true").spawn().expect("a process");
        child.wait().expect("its end");
        let [gone, own] = [child.id(), std::process::id()].map(|id| inner.join(format!(".new-{id}-x")));
        for leftover in [&gone, &own] {
            std::fs::write(leftover, "half").expect("a file");
        }
        replace(&path, |out| out.write_all(b"three")).expect("written");
        assert_eq!(std::fs::read(&path).expect("the file"), b"three");
        assert!(!gone.exists() && own.exists(), "a living process may still be writing");
    }

    #[test]
    fn a_document_keeps_the_permissions_of_the_file_that_it_replaces() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.md");
        let mode = |path: &Path| std::fs::metadata(path).expect("the file").permissions().mode() & 0o777;
        // What the umask gives.
        std::fs::write(folder.path().join("other"), "").expect("a file");
        temporary_for(&path).expect("a file").persist(&path).expect("its name");
        assert_eq!(mode(&path), mode(&folder.path().join("other")));
        for own in [0o600, 0o640, 0o666] {
            std::fs::set_permissions(&path, Permissions::from_mode(own)).expect("permissions");
            temporary_for(&path).expect("a file").persist(&path).expect("its name");
            assert_eq!(mode(&path), own);
        }
    }

    #[test]
    fn only_files_that_a_process_of_ours_left_are_removed_beside_those_of_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = std::process::Command::new("true").spawn().expect("a process");
        child.wait().expect("its end");
        let left = folder.path().join(format!(".new-{}-x", child.id()));
        let own = folder.path().join(format!(".new-{}-x", std::process::id()));
        let others = folder.path().join(".new-words");
        for path in [&left, &own, &others] {
            std::fs::write(path, "half").expect("a file");
        }
        let new = temporary_in(folder.path()).expect("a file");
        assert_eq!((left.exists(), own.exists(), others.exists()), (false, true, true));
        assert!(new.path().exists());
    }
}
