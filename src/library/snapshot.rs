//! The snapshot: the parsed library in a file, which the next start shows at once and then checks against the article files.
//!
//! The file is in the cache folder and contains the bytes of a feed as they are in memory:
//!
//! ```text
//! MAGIC · format version · record version · size and CRC-32 of the header · the header · zeros up to HEADER_BYTES
//! records, each with its own CRC-32
//! the columns, the file index, the problems: sections, whose start, size and CRC-32 are in the header
//! ```
//!
//! Numbers are little-endian. The header is checked when the snapshot is opened, and a record when it is read.
//! [`Snapshot::is_intact`] and [`Snapshot::is_intact_with_records`] check whole sections, later and in the background. A
//! snapshot that is damaged, from another version or of other folders is ignored. The user may delete it at any time. It is
//! written under a temporary name and renamed, so it is never half written.

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

use super::file_index::FileIndex;
use super::loaded::Loaded;
use super::mapped_file::MappedFile;
use super::real_path::resolve;
use crate::feed::columnar_feed::{ArticleHeader, COLUMNS, Column};
use crate::feed::record::{self, problem, put_problem};
use crate::feed::shared_bytes::{ByteReader, ByteWriter, Bytes};
use crate::feed::{Columns, Feed, Problem};
use crate::file_system::atomic_write;
use crate::file_system::open_regular;

/// The first bytes of a snapshot.
const MAGIC: &[u8; 20] = b"frontpage snapshot\r\n";
/// Version of the format and of how articles are read from files. Increase it when either changes, since unchanged files are
/// not read again. [`record::VERSION`] counts the format of the records.
const VERSION: u32 = 8;
/// Size of everything before the first record, in bytes.
const HEADER_BYTES: usize = 8192;
/// Indices of the sections after the columns: the file index and the problems.
const FILES: usize = COLUMNS;
const PROBLEMS: usize = COLUMNS + 1;
const SECTIONS: usize = COLUMNS + 2;

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It does not exist or cannot be opened.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// Another version of frontpage wrote it.
    #[error("another version of frontpage wrote it")]
    OtherVersion,
    /// It is the snapshot of other folders.
    #[error("it belongs to another library")]
    OtherLibrary,
    /// Its time is later than now, because the clock was set back or a test fixes the time. Articles in its past may be in
    /// the future.
    #[error("its date is in the future")]
    FromFuture,
    /// The bytes are not those that were written.
    #[error("it is damaged")]
    Damaged,
}

/// A section of the file.
#[derive(Clone, Copy, Debug)]
struct Section {
    start: u64,
    size: u64,
    sum: u32,
}

/// An open snapshot.
#[derive(Debug)]
pub struct Snapshot {
    /// The library as it was saved.
    pub loaded: Loaded,
    /// Identifies the snapshot in files that belong to it, such as the folded texts.
    pub number: u64,
    sections: Vec<Section>,
    records: Section,
    file: File,
}

impl Snapshot {
    /// Opens the snapshot of a library, or of its first folders. Reads only the header.
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
        let Header { made, number, zone_rules_hash, sites_hash, roots: known_roots, records, sections } =
            read_header(&mut front).ok_or(SnapshotError::Damaged)?;
        let made = DateTime::from_timestamp(made, 0).ok_or(SnapshotError::Damaged)?;
        if made > now {
            return Err(SnapshotError::FromFuture);
        }
        // A folder that joined the library at the end is not in the snapshot, and the next scan reads it.
        let is_begin = known_roots.len() <= roots.len() && !known_roots.is_empty();
        if !is_begin || known_roots.iter().zip(roots).any(|(known, root)| *known != resolve(root)) {
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
            loaded: Loaded { feed, problems, index: section(FILES), made_at: made, sites_hash, ..Loaded::default() },
            sections,
            records,
            file,
        })
    }

    /// True if all sections have the checksums of the header. Reads them in pieces of 64 KiB, so memory use stays the same.
    pub fn is_intact(&self) -> bool {
        self.are_intact(&self.sections)
    }

    /// Like [`Snapshot::is_intact`], and checks the records too. For commands that read all records and print each once: the
    /// check of a single record would come too late, after others were printed.
    pub fn is_intact_with_records(&self) -> bool {
        self.is_intact() && self.are_intact(std::slice::from_ref(&self.records))
    }

    fn are_intact(&self, sections: &[Section]) -> bool {
        let are_intact = sections.iter().all(|section| self.sum(section).is_ok_and(|sum| sum == section.sum));
        if !are_intact {
            log::info!("the snapshot is damaged and not used; all files are read");
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

/// The header.
struct Header {
    /// When the snapshot was written, in seconds since 1970.
    made: i64,
    number: u64,
    zone_rules_hash: u64,
    sites_hash: u64,
    roots: Vec<PathBuf>,
    records: Section,
    sections: Vec<Section>,
}

fn read_header(front: &mut ByteReader) -> Option<Header> {
    let (size, sum) = (front.u32()? as usize, front.u32()?);
    let head = front.take(size).filter(|head| crc32fast::hash(head) == sum)?;
    let mut head = ByteReader(head);
    let (made, number) = (head.i64()?, head.u64()?);
    let (zone_rules_hash, sites_hash, count) = (head.u64()?, head.u64()?, head.size()?);
    let root = |head: &mut ByteReader| Some(PathBuf::from(std::ffi::OsStr::from_bytes(head.bytes()?)));
    let roots = (0..count).map(|_| root(&mut head)).collect::<Option<Vec<_>>>()?;
    let section = |head: &mut ByteReader| Some(Section { start: head.u64()?, size: head.u64()?, sum: head.u32()? });
    let records = section(&mut head)?;
    let sections = (0..SECTIONS).map(|_| section(&mut head)).collect::<Option<Vec<_>>>()?;
    Some(Header { made, number, zone_rules_hash, sites_hash, roots, records, sections })
}

/// Writes a snapshot in place of the last one. Returns the number that identifies it.
pub fn write(file: &Path, loaded: &Loaded, now: DateTime<Utc>) -> io::Result<u64> {
    atomic_write::replace(file, |out| write_to(out, loaded, now))
}

fn write_to(to: &mut atomic_write::FileWriter, loaded: &Loaded, now: DateTime<Utc>) -> io::Result<u64> {
    let columns = loaded.feed.columns();
    let mut out = SectionWriter { to, at: 0, sum: crc32fast::Hasher::new() };
    out.put(&[0; HEADER_BYTES])?;
    // The header has a checksum of its own and is not part of that of the records.
    out.sum.reset();

    // In the order of the feed, so that records that are shown together are on the same pages of memory.
    let mut moved: FxHashMap<u64, u64> = FxHashMap::default();
    let mut copy = |location: u64, out: &mut SectionWriter<_>| {
        let Some(bytes) = columns.record_bytes(location) else { return Ok(0) };
        let to = out.at - HEADER_BYTES as u64;
        out.put(bytes)?;
        moved.insert(location, to);
        io::Result::Ok(to)
    };
    let mut headers = columns.bytes(Column::Headers).to_vec();
    for (place, header) in headers.chunks_exact_mut(ArticleHeader::SIZE).enumerate() {
        let location = columns.header(place).map_or(0, |header| header.location);
        let to = copy(location, &mut out)?;
        header.iter_mut().zip(to.to_le_bytes()).for_each(|(slot, byte)| *slot = byte);
    }
    let mut others = ByteWriter::default();
    for place in 0..columns.count() {
        for location in columns.others(place) {
            others.u64(copy(location, &mut out)?);
        }
    }
    let mut files = FileIndex::from_bytes(&loaded.index).unwrap_or_default();
    // A file that is found under two roots has two records, and the feed uses only one.
    for location in files.iter().filter_map(|(_, file)| file.location).collect::<Vec<u64>>() {
        if let Entry::Vacant(slot) = moved.entry(location)
            && let Some(bytes) = columns.record_bytes(location)
        {
            slot.insert(out.at - HEADER_BYTES as u64);
            out.put(bytes)?;
        }
    }
    files.move_records(|location| moved.get(&location).copied());
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
    sections.push(out.section(&files.serialise())?);
    sections.push(out.section(&write_problems(&loaded.problems, &columns.roots))?);

    // Bytes lost from the old snapshot would get valid checksums here.
    if loaded.feed.is_damaged() || loaded.index.is_truncated() {
        return Err(io::Error::other("the loaded library is damaged"));
    }

    let mut head = ByteWriter::default();
    // Random, since two snapshots may be written in the same second.
    let mut random = RandomState::new().build_hasher();
    random.write_i64(now.timestamp());
    let number = random.finish();
    head.i64(now.timestamp());
    head.u64(number);
    head.u64(columns.zone_rules_hash);
    head.u64(loaded.sites_hash);
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

/// Writes sections and tracks position and checksum.
struct SectionWriter<W> {
    to: W,
    at: u64,
    /// Of everything since the last reset.
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

/// Problems with the paths of their files relative to a root.
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
