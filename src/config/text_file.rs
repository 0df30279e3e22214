//! Reads the text of a file that users edit: a regular file of limited size, without ever blocking.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::problem::{ConfigProblem, position_of};
use crate::bracket_limit;

/// Maximum size of a file in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// The text of a file; `None` if it does not exist.
pub fn read(file: &Path) -> io::Result<Option<String>> {
    let Some(opened) = open(file)? else { return Ok(None) };
    read_opened(opened, MAX_BYTES).map(Some)
}

/// Reads the text of an open file of at most `most` bytes.
pub fn read_opened(opened: File, most: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    // One byte more than allowed reveals a larger file. The length in `metadata` can be out of date.
    opened.take((most as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        return Err(rejected(&format!("larger than {} MiB", most >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let (line, column) = position_of(error.as_bytes(), error.utf8_error().valid_up_to());
        rejected(&format!("not UTF-8 at line {line}, column {column}"))
    })
}

/// A problem for a file that cannot be read, with the system's words but without its error number.
pub fn problem(what: &str, error: &io::Error, hint: &str) -> ConfigProblem {
    let words = error.to_string();
    let words = match words.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => words,
    };
    ConfigProblem::new(None, &format!("{what} cannot be read: {words}"), hint)
}

/// Rejects text with more nested brackets than the YAML parsers can handle.
pub fn refuse_deep_nesting(text: &str, hint: &str) -> Result<(), ConfigProblem> {
    match bracket_limit::first_excess(text) {
        None => Ok(()),
        Some((at, excess)) => {
            Err(ConfigProblem::new(Some(position_of(text.as_bytes(), at)), &excess.to_string(), hint))
        }
    }
}

fn rejected(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// Opens a regular file; `None` if it does not exist.
pub fn open(file: &Path) -> io::Result<Option<File>> {
    // Check before opening, since opening a device can have effects, and again afterwards, since the file can be replaced in
    // between.
    match fs::metadata(file) {
        Ok(there) if !there.is_file() => return Err(rejected("not a regular file")),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    // Opening a pipe must not wait for a writer, and a terminal must not become the controlling one.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    let opened: File = OpenOptions::new().read(true).custom_flags(flags).open(file)?;
    if !opened.metadata()?.is_file() {
        return Err(rejected("not a regular file"));
    }
    Ok(Some(opened))
}
