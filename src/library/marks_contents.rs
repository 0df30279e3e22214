//! What the file of a device says, all of it: its marks, and what of it is damaged or of another version.

use super::marks_record::{self as record, Line};
use crate::feed::Marks;

/// What the bytes of a file say.
#[derive(Debug, Default)]
pub struct Contents<'a> {
    /// The marks of all records.
    pub marks: Marks,
    /// Fields of articles that records set, each time they do.
    pub fields: u64,
    /// What its first line says.
    pub version: Option<u32>,
    /// Whole records that this version does not know.
    pub unknown: Vec<&'a [u8]>,
    /// What was something else once.
    pub damaged: Vec<&'a [u8]>,
    /// Bytes up to the last line end.
    pub length: u64,
}

impl Contents<'_> {
    /// Reads all whole lines.
    pub fn of(bytes: &[u8]) -> Contents<'_> {
        let mut contents = Contents::default();
        let length = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        contents.length = length as u64;
        for line in bytes[..length].split(|byte| *byte == b'\n').flat_map(record::read) {
            match line {
                Line::Change(change) => {
                    contents.fields += change.articles.len() as u64;
                    contents.marks.take(&change);
                }
                Line::Version(version) => contents.version = contents.version.max(Some(version)),
                Line::Unknown(payload) => contents.unknown.push(payload),
                Line::Damaged(bytes) => contents.damaged.push(bytes),
            }
        }
        if contents.is_later() {
            // A later version may have lines of other kinds.
            contents.damaged.clear();
        }
        contents
    }

    /// Written by a later version of this program.
    pub fn is_later(&self) -> bool {
        self.version.is_some_and(|version| version > record::VERSION)
    }
}
