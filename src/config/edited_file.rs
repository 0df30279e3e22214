//! Changes a file that users edit too: replaced atomically, and only if no other program has changed it meanwhile.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use thiserror::Error;

use super::text_file;
use super::trusted_file::{folder_of, target};
use crate::file_system::atomic_write;

/// How often a change starts again because another program has changed the file meanwhile.
const MAX_TRIES: usize = 5;

/// Why a file was not changed. `E` is the error of the change itself.
#[derive(Debug, Error)]
pub enum EditedFileError<E> {
    /// The change is not possible.
    #[error("{0}")]
    Change(E),
    /// The file keeps changing.
    #[error("another program keeps changing the file")]
    Busy,
    /// The existing file cannot be read: too large, not text, no permission.
    #[error("the file cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The file cannot be written: full disk, read-only folder and so on.
    #[error("the file cannot be written: {0}")]
    Write(#[source] io::Error),
}

/// Replaces the text of a file of at most `most` bytes by what `change` makes of it; a missing file is empty. Symbolic links stay, and
/// their target is replaced. If another program changes the file meanwhile, `change` starts again with the new text.
pub fn change<E>(
    file: &Path,
    most: usize,
    change: impl Fn(&str) -> Result<String, E>,
) -> Result<(), EditedFileError<E>> {
    let file = target(file);
    let contents = || match text_file::open(&file) {
        Ok(Some(opened)) => text_file::read_opened(opened, most),
        Ok(None) => Ok(String::new()),
        Err(error) => Err(error),
    };
    for _ in 0..MAX_TRIES {
        let before = contents().map_err(EditedFileError::Read)?;
        let after = change(&before).map_err(EditedFileError::Change)?;
        if after == before {
            return Ok(());
        }
        let written = write_beside(&file, &after).map_err(EditedFileError::Write)?;
        // Editors respect no lock, so compare just before replacing the file: that leaves a very short window for lost edits.
        if contents().map_err(EditedFileError::Read)? == before {
            written.persist(&file).map_err(|error| EditedFileError::Write(error.error))?;
            // The change is saved. That some file systems cannot sync a folder does not change that.
            let _ = File::open(folder_of(&file)).and_then(|folder| folder.sync_all());
            return Ok(());
        }
    }
    Err(EditedFileError::Busy)
}

/// Writes a temporary file that can replace `file`, and syncs it to disk. It has the permissions of `file`, or 0600 if that is
/// new.
fn write_beside(file: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    let folder = folder_of(file);
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // In the same folder: a rename is atomic only within a file system.
    let mut written = atomic_write::temporary_in(folder)?;
    // Opening to append tests the permission to write without changing the file.
    match OpenOptions::new().append(true).open(file) {
        Ok(there) => written.as_file().set_permissions(there.metadata()?.permissions())?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error), // replacing a read-only file would circumvent its permissions
    }
    written.write_all(text.as_bytes())?;
    // Before the rename, or a crash could leave an empty file under the name.
    written.as_file().sync_all()?;
    Ok(written)
}

/// Text in double quotes on one line of YAML. Invisible characters are escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_invisible(c) => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character is invisible: controls, direction marks, joiners, characters without width. All are below U+10000, so
/// that four hex digits suffice.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{fffe}' | '\u{ffff}')
}
