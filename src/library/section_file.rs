//! A file of sections of bytes, which are mapped into memory when it is opened.
//!
//! ```text
//! MAGIC · version · number of sections · size (u64) and CRC-32 of each section
//! CRC-32 of everything before
//! the sections
//! ```
//!
//! Numbers are little-endian. A file that is damaged, or of another version, counts as missing.

use std::io::{self, Write};
use std::path::Path;

use super::mapped_file::MappedFile;
use crate::feed::Bytes;
use crate::feed::shared_bytes::{ByteReader, ByteWriter};
use crate::file_system::{atomic_write, open_regular};

/// The first bytes of the file.
const MAGIC: &[u8; 20] = b"frontpage sections\r\n";

/// Opens a file; `None` if it is missing, damaged or of another version. `version` identifies the meaning of the sections. Reads all
/// bytes once, for their checksums.
pub fn open(path: &Path, version: u32) -> Option<Vec<Bytes>> {
    let whole = Bytes::new(MappedFile::open(&open_regular(path).ok()?).ok()?);
    let mut front = ByteReader(&whole);
    if front.take(MAGIC.len())? != MAGIC || front.u32()? != version {
        return None;
    }
    let count = front.u32()? as usize;
    // An entry has 12 bytes, so a damaged count cannot make us reserve more than there are bytes.
    let mut entries = Vec::with_capacity(count.min(front.0.len() / 12));
    for _ in 0..count {
        entries.push((usize::try_from(front.u64()?).ok()?, front.u32()?));
    }
    let head = whole.get(..whole.len().checked_sub(front.0.len())?)?;
    if front.u32()? != crc32fast::hash(head) {
        return None;
    }
    let mut start = whole.len().checked_sub(front.0.len())?;
    let mut section = |(size, sum): (usize, u32)| {
        let section = whole.slice(start..start.checked_add(size)?)?;
        start += size;
        (crc32fast::hash(&section) == sum).then_some(section)
    };
    let sections = entries.into_iter().map(&mut section).collect::<Option<Vec<Bytes>>>()?;
    (start == whole.len() && !whole.is_truncated()).then_some(sections)
}

/// Writes sections in place of the last ones.
pub fn write(path: &Path, version: u32, sections: &[Bytes]) -> io::Result<()> {
    let mut front = ByteWriter(MAGIC.to_vec());
    front.u32(version);
    front.u32(sections.len() as u32);
    for section in sections {
        front.u64(section.len() as u64);
        front.u32(crc32fast::hash(section));
    }
    let sum = crc32fast::hash(&front.0);
    front.u32(sum);
    // Bytes lost from a mapped file would get valid checksums here.
    if sections.iter().any(Bytes::is_truncated) {
        return Err(io::Error::other("the sections are damaged"));
    }
    atomic_write::replace(path, |out| {
        out.write_all(&front.0)?;
        sections.iter().try_for_each(|section| out.write_all(section))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    #[test]
    fn sections_survive_a_round_trip_and_damaged_ones_are_rejected() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.sections");
        let sections = [&b"one"[..], b"", b"\x00\xff three"].map(|bytes| Bytes::new(bytes.to_vec()));
        write(&path, 3, &sections).expect("written");
        let bytes = |sections: Vec<Bytes>| sections.iter().map(|section| section.to_vec()).collect::<Vec<_>>();
        assert_eq!(open(&path, 3).map(bytes), Some(bytes(sections.to_vec())));
        assert!(open(&path, 4).is_none(), "another version");
        assert!(open(&folder.path().join("b"), 3).is_none(), "no file");
        let whole = std::fs::read(&path).expect("bytes");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            std::fs::write(&path, &damaged).expect("a file");
            assert!(open(&path, 3).is_none(), "a flipped bit at {at}");
            std::fs::write(&path, &whole[..at]).expect("a file");
            assert!(open(&path, 3).is_none(), "cut at {at}");
        }
        std::fs::write(&path, [&whole[..], b"x"].concat()).expect("a file");
        assert!(open(&path, 3).is_none(), "longer");
    }
}
