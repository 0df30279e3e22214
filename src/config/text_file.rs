//! The text of a file that is the reader's own to write: a regular file of a bounded size, and nothing is waited for.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::problem::{ConfigProblem, position_of};
use crate::bracket_limit;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 1 << 20;

/// The text of a file; none when there is no such file.
pub fn read(file: &Path) -> io::Result<Option<String>> {
    let bytes = bytes(file)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|error| {
        let (line, column) = position_of(error.as_bytes(), error.utf8_error().valid_up_to());
        refused(&format!("it is not UTF-8 from line {line}, column {column} on"))
    })
}

/// What is wrong when a file cannot be read, in the words of the system without its numbers.
pub fn problem(what: &str, error: &io::Error, hint: &str) -> ConfigProblem {
    let words = error.to_string();
    let words = match words.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => words,
    };
    ConfigProblem::new(None, &format!("{what} cannot be read: {words}"), hint)
}

/// Refuses brackets that the parser cannot bear, before it sees them.
pub fn refuse_deep_nesting(text: &str, hint: &str) -> Result<(), ConfigProblem> {
    match bracket_limit::first_excess(text) {
        None => Ok(()),
        Some((at, excess)) => {
            Err(ConfigProblem::new(Some(position_of(text.as_bytes(), at)), &excess.to_string(), hint))
        }
    }
}

fn refused(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

fn bytes(file: &Path) -> io::Result<Option<Vec<u8>>> {
    // Asked before it is opened, since even to open a device may do something, and again when it is open.
    match fs::metadata(file) {
        Ok(there) if !there.is_file() => return Err(refused("it is no regular file")),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    let opened: File = OpenOptions::new().read(true).custom_flags(flags).open(file)?;
    if !opened.metadata()?.is_file() {
        return Err(refused("it is no regular file"));
    }
    let mut bytes = Vec::new();
    opened.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST { Err(refused("it has more than 1 MB")) } else { Ok(Some(bytes)) }
}
