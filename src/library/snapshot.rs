//! The snapshot: the parsed library, kept so that the next start shows it at once; never trusted over the files.
//!
//! It is the bytes of a feed as they stand in memory, in one file of the cache folder:
//!
//! ```text
//! MAGIC · version of the form · size and CRC-32 of the head · the head · zeros up to HEADER_BYTES
//! records, each with its own CRC-32
//! the columns, the files of the library, the problems: sections of which the head says where, how long, and the CRC-32
//! ```
//!
//! The head is checked when the snapshot is opened, a record when it is read, and sections and records as a whole when there is
//! time: [`Snapshot::is_intact`], [`Snapshot::is_intact_with_records`]. Numbers are little-endian. A snapshot that is damaged, of another version or of other folders is no
//! snapshot; it may be deleted at any time. It is written under another name first, so there is never half of one.

use std::collections::hash_map::Entry;
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

use super::atomic_write;
use super::file_index::FileIndex;
use super::file_system::open_regular;
use super::load::Loaded;
use super::mapped_file::MappedFile;
use super::real_path::resolve;
use crate::feed::bytes::{ByteReader, ByteWriter, Bytes};
use crate::feed::columns::{ArticleHeader, COLUMNS, Column};
use crate::feed::record::{self, problem, put_problem};
use crate::feed::{Columns, Feed, Problem};

/// What a snapshot begins with.
const MAGIC: &[u8; 20] = b"frontpage snapshot\r\n";
/// The version of this form and of what is made of a file, whose state says nothing of us; that of the records goes with it.
const VERSION: u32 = 5;
/// Bytes before the first record.
const HEADER_BYTES: usize = 8192;
/// Sections beside the columns and the records: the files and the problems.
const FILES: usize = COLUMNS;
const PROBLEMS: usize = COLUMNS + 1;
const SECTIONS: usize = COLUMNS + 2;

/// Why there is no snapshot to start from.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// There is none, or it cannot be opened.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// Another version of the program wrote it.
    #[error("it is of another version")]
    OtherVersion,
    /// It is of other folders.
    #[error("it is of another library")]
    OtherLibrary,
    /// The clock was set back since, or a test says what time it is: articles that were in the past then may be in the future.
    #[error("it was made later than now")]
    FromFuture,
    /// It is not what was written.
    #[error("it is damaged")]
    Damaged,
}

/// A part of the file.
#[derive(Clone, Copy, Debug)]
struct Section {
    start: u64,
    size: u64,
    sum: u32,
}

/// A snapshot that is open.
#[derive(Debug)]
pub struct Snapshot {
    /// The library as it was.
    pub loaded: Loaded,
    /// A number by which what belongs to this snapshot is known.
    pub number: u64,
    sections: Vec<Section>,
    records: Section,
    file: File,
}

impl Snapshot {
    /// Opens the snapshot of some folders and files. Nothing of it is read but what stands in front.
    pub fn open(file: &Path, roots: &[PathBuf], now: DateTime<Utc>) -> Result<Snapshot, SnapshotError> {
        let mut file = open_regular(file)?;
        let mut front = [0; HEADER_BYTES];
        file.read_exact(&mut front).map_err(|_| SnapshotError::Damaged)?;
        let mut front = ByteReader(&front);
        if front.take(MAGIC.len()) != Some(MAGIC) {
            return Err(SnapshotError::Damaged);
        }
        if (front.u32(), front.u32()) != (Some(VERSION), Some(record::VERSION)) {
            return Err(SnapshotError::OtherVersion);
        }
        let whole = Bytes::new(MappedFile::open(&file)?);
        let Header { made, number, zone_rules_hash, roots: known_roots, records, sections } =
            read_header(&mut front).ok_or(SnapshotError::Damaged)?;
        let made = DateTime::from_timestamp(made, 0).ok_or(SnapshotError::Damaged)?;
        if made > now {
            return Err(SnapshotError::FromFuture);
        }
        if !known_roots.iter().eq(roots.iter().map(|root| resolve(root)).collect::<Vec<_>>().iter()) {
            return Err(SnapshotError::OtherLibrary);
        }
        let part = |section: &Section| {
            let start = usize::try_from(section.start).ok()?;
            whole.slice(start..start.checked_add(usize::try_from(section.size).ok()?)?)
        };
        let parts: Option<Vec<Bytes>> = sections.iter().map(part).collect();
        let (parts, records_bytes) = parts.zip(part(&records)).ok_or(SnapshotError::Damaged)?;
        let section = |number: usize| parts.get(number).cloned().unwrap_or_default();
        let mut columns = Columns::of(roots.into(), std::array::from_fn(section), vec![records_bytes]);
        columns.zone_rules_hash = zone_rules_hash;
        let feed = Arc::new(Feed::of(columns));
        let problems = read_problems(&section(PROBLEMS), roots).ok_or(SnapshotError::Damaged)?;
        Ok(Snapshot {
            number,
            loaded: Loaded { feed, problems, table: section(FILES), made, ..Loaded::default() },
            sections,
            records,
            file,
        })
    }

    /// Whether all sections are as they were written. This reads them, but not into memory that stays.
    pub fn is_intact(&self) -> bool {
        self.are_intact(&self.sections)
    }

    /// Whether all records are as they were written, too: for who reads all of them and shows none twice. (Each is checked when it
    /// is read, but then it is too late to begin again.)
    pub fn is_intact_with_records(&self) -> bool {
        self.is_intact() && self.are_intact(std::slice::from_ref(&self.records))
    }

    fn are_intact(&self, sections: &[Section]) -> bool {
        let are_intact = sections.iter().all(|section| self.sum(section).is_ok_and(|sum| sum == section.sum));
        if !are_intact {
            log::info!("the snapshot is damaged and not used: the files are read");
        }
        are_intact
    }

    fn sum(&self, section: &Section) -> io::Result<u32> {
        let (mut sum, mut piece) = (crc32fast::Hasher::new(), vec![0; 1 << 16]);
        let (mut at, mut left) = (section.start, section.size);
        while left > 0 {
            let size = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let bytes = piece.get_mut(..size).unwrap_or_default();
            self.file.read_exact_at(bytes, at)?;
            sum.update(bytes);
            (at, left) = (at + size as u64, left - size as u64);
        }
        Ok(sum.finalize())
    }
}

/// What stands in front.
struct Header {
    /// When the snapshot was made, in seconds since 1970.
    made: i64,
    number: u64,
    zone_rules_hash: u64,
    roots: Vec<PathBuf>,
    records: Section,
    sections: Vec<Section>,
}

fn read_header(front: &mut ByteReader) -> Option<Header> {
    let (size, sum) = (front.u32()? as usize, front.u32()?);
    let head = front.take(size).filter(|head| crc32fast::hash(head) == sum)?;
    let mut head = ByteReader(head);
    let (made, number, zone_rules_hash, count) = (head.i64()?, head.u64()?, head.u64()?, head.size()?);
    let root = |head: &mut ByteReader| Some(PathBuf::from(std::ffi::OsStr::from_bytes(head.bytes()?)));
    let roots = (0..count).map(|_| root(&mut head)).collect::<Option<Vec<_>>>()?;
    let section = |head: &mut ByteReader| Some(Section { start: head.u64()?, size: head.u64()?, sum: head.u32()? });
    let records = section(&mut head)?;
    let sections = (0..SECTIONS).map(|_| section(&mut head)).collect::<Option<Vec<_>>>()?;
    Some(Header { made, number, zone_rules_hash, roots, records, sections })
}

/// Writes the snapshot of a library, in place of the one before. Returns the number by which it is known.
pub fn write(file: &Path, loaded: &Loaded, now: DateTime<Utc>) -> io::Result<u64> {
    atomic_write::replace(file, |out| write_to(out, loaded, now))
}

fn write_to(to: &mut atomic_write::FileWriter, loaded: &Loaded, now: DateTime<Utc>) -> io::Result<u64> {
    let columns = loaded.feed.columns();
    let mut out = SectionWriter { to, at: 0, sum: crc32fast::Hasher::new() };
    out.put(&[0; HEADER_BYTES])?;
    out.sum.reset();

    // Records in the order of the feed: those that are looked at together lie together.
    let mut moved: FxHashMap<u64, u64> = FxHashMap::default();
    let mut copy = |address: u64, out: &mut SectionWriter<_>| {
        let Some(bytes) = columns.record_bytes(address) else { return Ok(0) };
        let to = out.at - HEADER_BYTES as u64;
        out.put(bytes)?;
        moved.insert(address, to);
        io::Result::Ok(to)
    };
    let mut headers = columns.bytes(Column::Headers).to_vec();
    for (place, header) in headers.chunks_exact_mut(ArticleHeader::SIZE).enumerate() {
        let address = columns.header(place).map_or(0, |header| header.address);
        let to = copy(address, &mut out)?;
        header.iter_mut().zip(to.to_le_bytes()).for_each(|(slot, byte)| *slot = byte);
    }
    let mut others = ByteWriter::default();
    for place in 0..columns.count() {
        for address in columns.others(place) {
            others.u64(copy(address, &mut out)?);
        }
    }
    let mut files = FileIndex::from_bytes(&loaded.table).unwrap_or_default();
    // The same file may be found twice, by two names of its folder, and then has two records.
    for address in files.iter().filter_map(|(_, file)| file.address).collect::<Vec<u64>>() {
        if let Entry::Vacant(slot) = moved.entry(address)
            && let Some(bytes) = columns.record_bytes(address)
        {
            slot.insert(out.at - HEADER_BYTES as u64);
            out.put(bytes)?;
        }
    }
    files.move_records(|address| moved.get(&address).copied());
    let records =
        Section { start: HEADER_BYTES as u64, size: out.at - HEADER_BYTES as u64, sum: out.sum.clone().finalize() };

    let mut sections = Vec::with_capacity(SECTIONS);
    for number in 0..COLUMNS {
        let bytes = match number {
            number if number == Column::Headers as usize => &headers,
            number if number == Column::OtherFiles as usize => &others.0,
            number => columns.columns.get(number).map(|bytes| &**bytes).unwrap_or_default(),
        };
        sections.push(out.section(bytes)?);
    }
    sections.push(out.section(&files.to_bytes())?);
    sections.push(out.section(&write_problems(&loaded.problems, &columns.roots))?);

    // Lost bytes would get sums that fit.
    if loaded.feed.is_damaged() || loaded.table.is_truncated() {
        return Err(io::Error::other("what was read last is damaged"));
    }

    let mut head = ByteWriter::default();
    // Two that are made at once differ in this.
    let mut random = RandomState::new().build_hasher();
    random.write_i64(now.timestamp());
    let number = random.finish();
    head.i64(now.timestamp());
    head.u64(number);
    head.u64(columns.zone_rules_hash);
    head.size(columns.roots.len());
    columns.roots.iter().for_each(|root| head.bytes(resolve(root).as_os_str().as_bytes()));
    for section in std::iter::once(&records).chain(&sections) {
        head.u64(section.start);
        head.u64(section.size);
        head.u32(section.sum);
    }
    let mut front = ByteWriter(MAGIC.to_vec());
    front.u32(VERSION);
    front.u32(record::VERSION);
    front.u32(head.0.len() as u32);
    front.u32(crc32fast::hash(&head.0));
    front.0.extend(head.0);
    if front.0.len() > HEADER_BYTES {
        return Err(io::Error::other("too many folders, or their names are too long"));
    }
    out.to.seek(SeekFrom::Start(0))?;
    out.to.write_all(&front.0)?;
    Ok(number)
}

/// What is written, and how far it is.
struct SectionWriter<W> {
    to: W,
    at: u64,
    /// Of all that was written since it was last set back.
    sum: crc32fast::Hasher,
}

impl<W: Write> SectionWriter<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.sum.update(bytes);
        self.to.write_all(bytes)
    }

    fn section(&mut self, bytes: &[u8]) -> io::Result<Section> {
        let start = self.at;
        self.sum.reset();
        self.put(bytes)?;
        Ok(Section { start, size: bytes.len() as u64, sum: self.sum.clone().finalize() })
    }
}

/// Problems, each with the path of its file below the folder of the library that it was found in.
fn write_problems(problems: &[Problem], roots: &[PathBuf]) -> Vec<u8> {
    let mut to = ByteWriter::default();
    for problem in problems {
        let below = |(number, root)| Some((number, problem.path.strip_prefix::<&PathBuf>(root).ok()?));
        let (root, path) = roots.iter().enumerate().find_map(below).unwrap_or((roots.len(), &problem.path));
        to.u32(root as u32);
        to.bytes(path.as_os_str().as_bytes());
        put_problem(&mut to, problem);
    }
    to.0
}

fn read_problems(bytes: &[u8], roots: &[PathBuf]) -> Option<Vec<Problem>> {
    let (mut from, mut problems) = (ByteReader(bytes), Vec::new());
    while !from.0.is_empty() {
        let root = from.u32()? as usize;
        let path = Path::new(std::ffi::OsStr::from_bytes(from.bytes()?));
        let root = roots.get(root).map_or(Path::new(""), PathBuf::as_path);
        let path = if path.as_os_str().is_empty() { root.to_owned() } else { root.join(path) };
        problems.push(problem(&mut from, &path)?);
    }
    Some(problems)
}
