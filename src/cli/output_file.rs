//! A file that a command writes its output to: it appears whole, outside of the library, and replaces nothing unasked.

use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::CliError;
use super::output::Output;
use crate::feed::clean;
use crate::file_system::atomic_write;
use crate::library::{Library, io_error_text};

/// A file that is being written. It gets its name when it is whole.
pub struct OutputFile {
    new: NamedTempFile,
    path: PathBuf,
    replaces: bool,
}

impl OutputFile {
    /// Begins a file. A file at this path is an error, unless it may be replaced; a path in `library` is always one.
    pub fn begin(path: &Path, replaces: bool, library: &Library) -> Result<OutputFile, CliError> {
        if library.has_path(path) {
            let error = CliError::new(&format!("cannot write {}: it is in the library", clean::path(path)));
            return Err(error.hint("article files are never written; name a file elsewhere"));
        }
        match std::fs::symlink_metadata(path) {
            Ok(_) if !replaces => return Err(failed(path, &std::io::ErrorKind::AlreadyExists.into())),
            Ok(known) if !known.is_file() => {
                return Err(CliError::new(&format!("cannot write {}: it is not a regular file", clean::path(path))));
            }
            _ => {}
        }
        let new = atomic_write::temporary_for(path).map_err(|error| failed(path, &error))?;
        Ok(OutputFile { new, path: path.to_owned(), replaces })
    }

    /// Where its content is written.
    pub fn output(&self) -> Result<Output, CliError> {
        self.new.as_file().try_clone().map(Output::to_file).map_err(|error| failed(&self.path, &error))
    }

    /// Gives the file its name. Its output must be finished.
    pub fn finish(self) -> Result<(), CliError> {
        atomic_write::place(self.new, &self.path, self.replaces).map_err(|error| failed(&self.path, &error))
    }
}

fn failed(path: &Path, error: &std::io::Error) -> CliError {
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => CliError::new(&format!("{} exists", clean::path(path)))
            .hint("name a file that does not exist yet, or replace it with --overwrite"),
        _ => CliError::new(&format!("cannot write {}: {}", clean::path(path), io_error_text(error))),
    }
}
