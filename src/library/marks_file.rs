//! The contents of a marks file: marks, damaged and unknown records, and the records that our own file must contain.

use std::collections::BTreeSet;

use super::marks_record::{self as record, Line, Record};
use crate::feed::{DeviceId, Marks};

/// The contents of a marks file.
#[derive(Debug, Default)]
pub struct MarksFileContents<'a> {
    /// The marks of all its records combined.
    pub marks: Marks,
    /// Number of fields that its records set, with repetitions.
    pub fields: u64,
    /// The format version in its first line; none if there is no such line.
    pub version: Option<u32>,
    /// Payloads of intact records that this version does not know.
    pub unknown: Vec<&'a [u8]>,
    /// Bytes of damaged records.
    pub damaged: Vec<&'a [u8]>,
    /// Number of bytes up to the last line end.
    pub length: u64,
}

/// A set of records: marks, and payloads that this version does not know.
#[derive(Clone, Debug, Default)]
pub struct RecordSet {
    /// The marks.
    pub marks: Marks,
    /// Unknown payloads.
    unknown: BTreeSet<Vec<u8>>,
}

impl RecordSet {
    /// Adds the contents of a file. Unknown payloads of a newer format are skipped, since they may have another meaning
    /// there.
    pub fn add_file(&mut self, contents: &MarksFileContents) {
        self.marks.merge(&contents.marks);
        if !contents.is_newer() {
            self.unknown.extend(contents.unknown.iter().map(|payload| payload.to_vec()));
        }
    }

    /// Adds another set.
    pub fn merge(&mut self, other: &RecordSet) {
        self.marks.merge(&other.marks);
        self.unknown.extend(other.unknown.iter().cloned());
    }

    /// Adds a record.
    pub fn add(&mut self, record: &Record) {
        match record {
            Record::Change(change) => self.marks.apply(change),
            Record::Unknown(payload) => drop(self.unknown.insert(payload.clone())),
        }
    }

    /// The records of this set that `other` does not contain.
    pub fn missing_in(&self, other: &RecordSet) -> Vec<Record> {
        let unknown = self.unknown.difference(&other.unknown).cloned().map(Record::Unknown);
        self.marks.changes_not_covered_by(&other.marks).into_iter().map(Record::Change).chain(unknown).collect()
    }

    /// True if this set has changes by a device that `other` does not contain.
    pub fn has_new_from(&self, device: DeviceId, other: &RecordSet) -> bool {
        self.marks.changes_not_covered_by(&other.marks).iter().any(|change| change.stamp.device() == device)
    }

    fn is_empty(&self) -> bool {
        self.marks.is_empty() && self.unknown.is_empty()
    }
}

/// The records that our own file must contain, even if another program overwrites or replaces it.
#[derive(Clone, Debug, Default)]
pub struct RequiredRecords {
    /// Records read from the file.
    read: RecordSet,
    /// Records of this session, written or not.
    session: Vec<Record>,
}

impl RequiredRecords {
    /// Adds the contents of our file.
    pub fn add_file(&mut self, contents: &MarksFileContents) {
        self.read.add_file(contents);
    }

    /// Adds records to be written.
    pub fn extend(&mut self, records: &[Record]) {
        self.session.extend_from_slice(records);
    }

    /// True if there are no records.
    pub fn is_empty(&self) -> bool {
        self.read.is_empty() && self.session.is_empty()
    }

    /// All records. Those of the session, which may be a million arrivals, are merged only here, since this is rarely called.
    pub fn records(&self) -> RecordSet {
        let mut records = self.read.clone();
        self.session.iter().for_each(|record| records.add(record));
        records
    }
}

impl MarksFileContents<'_> {
    /// Reads all complete lines.
    pub fn of(bytes: &[u8]) -> MarksFileContents<'_> {
        let mut contents = MarksFileContents::default();
        // Another instance or a sync program may still be writing what follows the last line end.
        let length = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        contents.length = length as u64;
        for line in bytes[..length].split(|byte| *byte == b'\n').flat_map(record::read) {
            match line {
                Line::Change(change) => {
                    contents.fields += change.articles.len() as u64;
                    contents.marks.apply(&change);
                }
                // If a merge left several version lines, the newest one decides: a newer file must not be written.
                Line::Version(version) => contents.version = contents.version.max(Some(version)),
                Line::Unknown(payload) => contents.unknown.push(payload),
                Line::Damaged(bytes) => contents.damaged.push(bytes),
            }
        }
        if contents.is_newer() {
            // A newer format may have other kinds of lines.
            contents.damaged.clear();
        }
        contents
    }

    /// True if a newer version of frontpage wrote the file.
    pub fn is_newer(&self) -> bool {
        self.version.is_some_and(|version| version > record::VERSION)
    }
}
