//! The folded text of all articles in a file beside the snapshot, so that the first search of a session need not fold it
//! again.
//!
//! ```text
//! MAGIC · version · number of the snapshot · columns per chunk · chunks · offset of the table
//! the columns: text, and the end of each article's part as u32
//! the table, chunk by chunk: offset, bytes of text, bytes of ends and CRC-32 of each column
//! CRC-32 of the table
//! ```
//!
//! Columns and chunks are defined in `query`, which searches them. The file is mapped; a column is checked on first use. A damaged
//! column, or a file of another snapshot, counts as missing.

use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::mapped_file::MappedFile;
use crate::feed::shared_bytes::{ByteReader, ByteWriter, column_of};
use crate::feed::{Bytes, FoldedTextStore};
use crate::file_system::atomic_write::{self, FileWriter};
use crate::file_system::open_regular;

/// The first bytes of the file.
const MAGIC: &[u8; 16] = b"frontpage text\r\n";
/// Size of everything before the first column, in bytes.
const HEADER_BYTES: usize = 16 + 4 + 8 + 4 + 4 + 8;
/// Size of a table entry, in bytes.
const TABLE_ENTRY_BYTES: usize = 8 + 4 + 4 + 4;

/// A text, and the end of each article's part of it.
pub type FoldedColumn = (String, Vec<u32>);

/// A mapped file of folded texts.
struct TextsFile {
    whole: Bytes,
    columns: usize,
    table: Bytes,
}

/// Opens the texts that belong to a snapshot; none if there are none. `version` identifies the meaning of the columns. Reads
/// only the table.
pub fn open(path: &Path, version: u32, snapshot: u64) -> Option<FoldedTextStore> {
    let texts = read_header(path, version, snapshot)?;
    Some(FoldedTextStore::new(move |chunk, column| texts.column(chunk, column)))
}

fn read_header(path: &Path, version: u32, snapshot: u64) -> Option<TextsFile> {
    let whole = Bytes::new(MappedFile::open(&open_regular(path).ok()?).ok()?);
    let mut front = ByteReader(&whole);
    let is_ours = front.take(MAGIC.len())? == MAGIC && front.u32()? == version && front.u64()? == snapshot;
    let (columns, chunks, at) = (front.u32()? as usize, front.u32()? as usize, usize::try_from(front.u64()?).ok()?);
    let end = at.checked_add(columns.checked_mul(chunks)?.checked_mul(TABLE_ENTRY_BYTES)?)?;
    if !is_ours || end.checked_add(4)? != whole.len() {
        return None;
    }
    let table = whole.slice(at..end)?;
    let sum = ByteReader(whole.get(end..)?).u32()?;
    (sum == crc32fast::hash(&table)).then_some(TextsFile { whole, columns, table })
}

impl TextsFile {
    fn column(&self, chunk: usize, column: usize) -> Option<(Bytes, Bytes)> {
        let entry = chunk.checked_mul(self.columns)?.checked_add(column)?.checked_mul(TABLE_ENTRY_BYTES)?;
        let mut entry = ByteReader(self.table.get(entry..).filter(|_| column < self.columns)?);
        let at = usize::try_from(entry.u64()?).ok()?;
        let (text, ends, sum) = (entry.u32()? as usize, entry.u32()? as usize, entry.u32()?);
        let (middle, end) = (at.checked_add(text)?, at.checked_add(text)?.checked_add(ends)?);
        let sum_here = crc32fast::hash(self.whole.get(at..end)?);
        (sum_here == sum).then(|| self.whole.slice(at..middle).zip(self.whole.slice(middle..end)))?
    }
}

/// Writes texts in place of the last ones. `make` builds the given column of the given chunk.
pub fn write(
    path: &Path,
    version: u32,
    snapshot: u64,
    (chunks, columns): (usize, usize),
    mut make: impl FnMut(usize, usize) -> FoldedColumn,
) -> io::Result<()> {
    atomic_write::replace(path, |out| write_to(out, version, snapshot, (chunks, columns), &mut make))
}

fn write_to(
    out: &mut FileWriter,
    version: u32,
    snapshot: u64,
    (chunks, columns): (usize, usize),
    make: &mut dyn FnMut(usize, usize) -> FoldedColumn,
) -> io::Result<()> {
    out.write_all(&[0; HEADER_BYTES])?;
    let (mut at, mut table) = (HEADER_BYTES as u64, ByteWriter::default());
    for chunk in 0..chunks {
        for column in 0..columns {
            let (text, ends) = make(chunk, column);
            let ends = column_of(&ends);
            let mut sum = crc32fast::Hasher::new();
            for bytes in [text.as_bytes(), &ends] {
                sum.update(bytes);
                out.write_all(bytes)?;
            }
            table.u64(at);
            table.u32(text.len() as u32);
            table.u32(ends.len() as u32);
            table.u32(sum.finalize());
            at += (text.len() + ends.len()) as u64;
        }
    }
    let sum = crc32fast::hash(&table.0);
    table.u32(sum);
    out.write_all(&table.0)?;
    // Written last, because it names the position of the table.
    let mut front = ByteWriter(MAGIC.to_vec());
    front.u32(version);
    front.u64(snapshot);
    front.u32(columns as u32);
    front.u32(chunks as u32);
    front.u64(at);
    out.seek(SeekFrom::Start(0))?;
    out.write_all(&front.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    #[test]
    fn texts_survive_a_round_trip_and_damaged_ones_are_rejected() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.texts");
        let make = |chunk: usize, column: usize| {
            let text = format!("chunk {chunk} column {column} 潮汐\n");
            let ends = vec![0, text.len() as u32];
            (text, ends)
        };
        write(&path, 3, 77, (2, 3), make).expect("written");
        let make_bytes = |chunk, column| {
            let (text, ends) = make(chunk, column);
            (text.into_bytes(), column_of(&ends))
        };
        let read = |kept: &FoldedTextStore, chunk, column| {
            kept.column(chunk, column).map(|(text, ends)| (text.to_vec(), ends.to_vec()))
        };
        let all = |kept: &FoldedTextStore| (0..6).map(|n| read(kept, n / 3, n % 3)).collect::<Vec<_>>();
        let kept = open(&path, 3, 77).expect("texts");
        assert_eq!(all(&kept), (0..6).map(|n| Some(make_bytes(n / 3, n % 3))).collect::<Vec<_>>());
        assert!(kept.column(2, 0).is_none() && kept.column(0, 3).is_none());
        assert!(open(&path, 4, 77).is_none() && open(&path, 3, 78).is_none(), "another version, another snapshot");
        let whole = std::fs::read(&path).expect("bytes");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            std::fs::write(&path, &damaged).expect("a file");
            let found = open(&path, 3, 77).map(|kept| all(&kept)).unwrap_or_default();
            let wrong =
                (0..6).zip(found).filter(|(n, column)| column.as_ref().is_some_and(|c| *c != make_bytes(n / 3, n % 3)));
            assert_eq!(wrong.count(), 0, "a flipped bit at {at}");
        }
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).expect("a file");
            assert!(open(&path, 3, 77).is_none(), "cut at {length}");
        }
    }
}
