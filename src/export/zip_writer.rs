//! Writes a ZIP archive of files that are not compressed, from front to back: the output need not be a file.
//!
//! [APPNOTE.TXT](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), without the parts for 64 bits: at most 65,535 files and
//! 4 GB. The same files give the same bytes.

use std::io::{self, Write};

/// Files in an archive.
pub(super) const MAX_FILES: usize = u16::MAX as usize;

/// The version of the format that is needed: 1.0.
const VERSION: u16 = 10;
/// 1 January 1980, the first day that the format can express.
const DAY: u16 = 1 << 5 | 1;

/// An archive that is being written.
pub(super) struct ZipWriter<'a> {
    out: &'a mut dyn Write,
    /// Bytes written so far.
    at: u32,
    /// The list of the files, which is at the end of an archive.
    directory: Vec<u8>,
    files: u16,
}

impl<'a> ZipWriter<'a> {
    /// An archive at the start of an output.
    pub fn new(out: &'a mut dyn Write) -> ZipWriter<'a> {
        ZipWriter { out, at: 0, directory: Vec::new(), files: 0 }
    }

    /// Adds a file. The name is ASCII.
    pub fn file(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let (start, size) = (self.at, u32::try_from(bytes.len()).map_err(|_| too_large())?);
        let name_size = u16::try_from(name.len()).map_err(|_| too_large())?;
        // Both headers have this in common: version, flags, method (stored), time, day, checksum, sizes, and length of the name.
        let mut common = Vec::new();
        for number in [VERSION, 0, 0, 0, DAY] {
            common.extend(number.to_le_bytes());
        }
        for number in [crc32fast::hash(bytes), size, size] {
            common.extend(number.to_le_bytes());
        }
        common.extend(name_size.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        self.put(b"PK\x03\x04")?;
        self.put(&common)?;
        self.put(name.as_bytes())?;
        self.put(bytes)?;
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(common);
        // Length of the comment, disk, attributes within and outside.
        self.directory.extend([0; 10]);
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.files = self.files.checked_add(1).ok_or_else(too_large)?;
        Ok(())
    }

    /// Ends the archive.
    pub fn finish(mut self) -> io::Result<()> {
        let (start, directory) = (self.at, std::mem::take(&mut self.directory));
        self.put(&directory)?;
        let size = self.at.checked_sub(start).ok_or_else(too_large)?;
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend(self.files.to_le_bytes());
        end.extend(self.files.to_le_bytes());
        end.extend(size.to_le_bytes());
        end.extend(start.to_le_bytes());
        end.extend(0_u16.to_le_bytes());
        self.put(&end)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let end = u32::try_from(bytes.len()).ok().and_then(|size| self.at.checked_add(size));
        self.at = end.ok_or_else(too_large)?;
        self.out.write_all(bytes)
    }
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "an EPUB has at most 4 GB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_its_files_and_their_list() {
        let mut out = Vec::new();
        let mut zip = ZipWriter::new(&mut out);
        zip.file("a", b"hello").expect("written");
        zip.file("b/c", b"").expect("written");
        zip.finish().expect("written");
        // The end: two files, 47 + 49 bytes of their list, from byte 69.
        let end = out.len() - 22;
        assert_eq!(&out[end..], b"PK\x05\x06\0\0\0\0\x02\0\x02\0\x60\0\0\0\x45\0\0\0\0\0");
        assert_eq!(&out[..4], b"PK\x03\x04");
        assert_eq!(&out[14..18], 0x3610_a686_u32.to_le_bytes(), "the checksum of hello");
        assert_eq!(&out[30..36], b"ahello");
        assert_eq!(&out[0x45..0x45 + 4], b"PK\x01\x02");
        assert_eq!(&out[0x45 + 46 + 1 + 42..][..4], 36_u32.to_le_bytes(), "where the second file is");
    }

    #[test]
    fn more_files_than_the_format_has_are_an_error() {
        let mut out = io::sink();
        let mut zip = ZipWriter::new(&mut out);
        for _ in 0..MAX_FILES {
            zip.file("a", b"").expect("written");
        }
        assert_eq!(zip.file("a", b"").map_err(|error| error.kind()), Err(io::ErrorKind::FileTooLarge));
    }

    #[test]
    fn more_bytes_than_the_format_has_are_an_error() {
        let mut out = io::sink();
        let mut zip = ZipWriter::new(&mut out);
        zip.at = u32::MAX - 40;
        assert_eq!(zip.file("a", b"0123456789").map_err(|error| error.kind()), Err(io::ErrorKind::FileTooLarge));
    }
}
