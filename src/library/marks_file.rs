//! What the file of a device says: its marks, what is damaged or of another version, and what our own file must hold.

use std::collections::BTreeSet;

use super::marks_record::{self as record, Line, Record};
use crate::feed::{DeviceId, Marks};

/// What the bytes of a file say.
#[derive(Debug, Default)]
pub struct MarksFileContents<'a> {
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

/// A set of records: marks, and payloads that this version does not know.
#[derive(Clone, Debug, Default)]
pub struct RecordSet {
    /// The marks.
    pub marks: Marks,
    /// The payloads.
    unknown: BTreeSet<Vec<u8>>,
}

impl RecordSet {
    /// Takes in what a file says, except the unknown payloads of a later version, which may mean other things there.
    pub fn add_file(&mut self, contents: &MarksFileContents) {
        self.marks.merge(&contents.marks);
        if !contents.is_newer() {
            self.unknown.extend(contents.unknown.iter().map(|payload| payload.to_vec()));
        }
    }

    /// Takes in other records.
    pub fn merge(&mut self, other: &RecordSet) {
        self.marks.merge(&other.marks);
        self.unknown.extend(other.unknown.iter().cloned());
    }

    /// Takes in a record.
    pub fn add(&mut self, record: &Record) {
        match record {
            Record::Change(change) => self.marks.apply(change),
            Record::Unknown(payload) => drop(self.unknown.insert(payload.clone())),
        }
    }

    /// The records that `other` lacks.
    pub fn missing_in(&self, other: &RecordSet) -> Vec<Record> {
        let unknown = self.unknown.difference(&other.unknown).cloned().map(Record::Unknown);
        self.marks.changes_not_covered_by(&other.marks).into_iter().map(Record::Change).chain(unknown).collect()
    }

    /// True if a device made changes that `other` lacks.
    pub fn has_new_from(&self, device: DeviceId, other: &RecordSet) -> bool {
        self.marks.changes_not_covered_by(&other.marks).iter().any(|change| change.stamp.device() == device)
    }

    fn is_empty(&self) -> bool {
        self.marks.is_empty() && self.unknown.is_empty()
    }
}

/// The records that our own file must hold, even if it is overwritten or replaced.
#[derive(Clone, Debug, Default)]
pub struct RequiredRecords {
    /// Read from the file.
    read: RecordSet,
    /// Written in this session, or to be written.
    session: Vec<Record>,
}

impl RequiredRecords {
    /// Takes in what our file says.
    pub fn add_file(&mut self, contents: &MarksFileContents) {
        self.read.add_file(contents);
    }

    /// Takes in records to write.
    pub fn extend(&mut self, records: &[Record]) {
        self.session.extend_from_slice(records);
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.read.is_empty() && self.session.is_empty()
    }

    /// All of them. The session's records are merged only here, which is rare: they may be a million arrivals.
    pub fn records(&self) -> RecordSet {
        let mut records = self.read.clone();
        self.session.iter().for_each(|record| records.add(record));
        records
    }
}

impl MarksFileContents<'_> {
    /// Reads all whole lines.
    pub fn of(bytes: &[u8]) -> MarksFileContents<'_> {
        let mut contents = MarksFileContents::default();
        let length = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        contents.length = length as u64;
        for line in bytes[..length].split(|byte| *byte == b'\n').flat_map(record::read) {
            match line {
                Line::Change(change) => {
                    contents.fields += change.articles.len() as u64;
                    contents.marks.apply(&change);
                }
                Line::Version(version) => contents.version = contents.version.max(Some(version)),
                Line::Unknown(payload) => contents.unknown.push(payload),
                Line::Damaged(bytes) => contents.damaged.push(bytes),
            }
        }
        if contents.is_newer() {
            // A later version may have lines of other kinds.
            contents.damaged.clear();
        }
        contents
    }

    /// Written by a later version of this program.
    pub fn is_newer(&self) -> bool {
        self.version.is_some_and(|version| version > record::VERSION)
    }
}
