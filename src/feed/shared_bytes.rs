//! Shared bytes, in memory or in a mapped file, and the encoding of numbers and lists in them.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// Owns bytes, in memory or in a mapped file.
pub trait Storage: AsRef<[u8]> + Send + Sync {
    /// True if the mapped file was cut short, so that lost bytes read as zeros.
    fn is_truncated(&self) -> bool {
        false
    }
}

impl Storage for Vec<u8> {}

/// A reference-counted slice of a [`Storage`]; cloning it does not copy bytes.
#[derive(Clone)]
pub struct Bytes {
    storage: Arc<dyn Storage>,
    range: Range<usize>,
}

impl Bytes {
    /// All bytes of a storage.
    pub fn new(storage: impl Storage + 'static) -> Bytes {
        let range = 0..storage.as_ref().len();
        Bytes { storage: Arc::new(storage), range }
    }

    /// True if the storage has lost bytes, in this slice or elsewhere.
    pub fn is_truncated(&self) -> bool {
        self.storage.is_truncated()
    }

    /// A slice of the slice; `None` if `range` is out of bounds.
    pub fn slice(&self, range: Range<usize>) -> Option<Bytes> {
        self.get(range.clone())?;
        let start = self.range.start;
        Some(Bytes { storage: self.storage.clone(), range: start + range.start..start + range.end })
    }
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes::new(Vec::new())
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        (*self.storage).as_ref().get(self.range.clone()).unwrap_or_default()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.len())
    }
}

/// The number at an index of a column of 4-byte numbers.
pub fn u32_at(column: &[u8], index: usize) -> Option<u32> {
    column.get(index.checked_mul(4)?..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// The number at an index of a column of 8-byte numbers.
pub fn u64_at(column: &[u8], index: usize) -> Option<u64> {
    column.get(index.checked_mul(8)?..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// The index of a number in a sorted column of 4-byte numbers.
pub fn position_of(column: &[u8], number: u32) -> Option<usize> {
    column.as_chunks().0.binary_search_by(|bytes| u32::from_le_bytes(*bytes).cmp(&number)).ok()
}

/// Encodes numbers as a column of 4-byte numbers.
pub fn column_of(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The range of the items of a list in a column with the items of all lists. `ends` is the column with the end of each list.
pub fn list_in(ends: &[u8], list: usize) -> Range<usize> {
    let end = u32_at(ends, list).unwrap_or(0) as usize;
    let start = list.checked_sub(1).and_then(|before| u32_at(ends, before)).unwrap_or(0) as usize;
    // Ends may decrease in a damaged file; the list is then empty.
    start..end.max(start)
}

/// Decodes values from the front of bytes. Every method returns `None` if too few bytes are left, as in a damaged file.
#[derive(Clone, Copy, Debug)]
pub struct ByteReader<'a>(pub &'a [u8]);

impl<'a> ByteReader<'a> {
    /// Takes `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Reads a byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// Reads a number of 4 bytes.
    pub fn u32(&mut self) -> Option<u32> {
        self.take(4)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// Reads a number of 8 bytes.
    pub fn u64(&mut self) -> Option<u64> {
        self.take(8)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// Reads a signed number of 8 bytes.
    pub fn i64(&mut self) -> Option<i64> {
        self.u64().map(u64::cast_signed)
    }

    /// Reads a number in LEB128: 7 bits per byte, the lowest first.
    pub fn size(&mut self) -> Option<usize> {
        let mut size = 0usize;
        // At most 9 bytes, so that a damaged number cannot be shifted out of range.
        for shift in (0..63).step_by(7) {
            let byte = self.u8()?;
            size |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(size);
            }
        }
        None
    }

    /// Reads bytes after their length.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let size = self.size()?;
        self.take(size)
    }

    /// Reads UTF-8 after its length in bytes; `None` if it is not UTF-8.
    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

/// Appends values in the encoding that [`ByteReader`] decodes.
#[derive(Debug, Default)]
pub struct ByteWriter(pub Vec<u8>);

impl ByteWriter {
    /// Writes a byte.
    pub fn u8(&mut self, number: u8) {
        self.0.push(number);
    }

    /// Writes a number of 4 bytes.
    pub fn u32(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Writes a number of 8 bytes.
    pub fn u64(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Writes a signed number of 8 bytes.
    pub fn i64(&mut self, number: i64) {
        self.u64(number.cast_unsigned());
    }

    /// Writes a number in LEB128.
    pub fn size(&mut self, number: usize) {
        let mut left = number;
        while left > 0x7f {
            self.u8((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        self.u8(left as u8);
    }

    /// Writes the length of `bytes`, then the bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Writes the length of a text in bytes, then the text.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_values_are_read_back() {
        let mut writer = ByteWriter::default();
        for size in [0, 1, 127, 128, 300, 1 << 20, usize::MAX >> 1] {
            writer.size(size);
        }
        writer.text("潮汐");
        writer.i64(-7);
        let mut reader = ByteReader(&writer.0);
        for size in [0, 1, 127, 128, 300, 1 << 20, usize::MAX >> 1] {
            assert_eq!(reader.size(), Some(size));
        }
        assert_eq!((reader.text(), reader.i64(), reader.u8()), (Some("潮汐"), Some(-7), None));
        assert_eq!(ByteReader(&[0xff; 20]).size(), None, "a number that does not end");
        assert_eq!(ByteReader(&[5, b'a']).text(), None, "a length beyond the end");
    }

    #[test]
    fn lists_are_found_by_their_ends() {
        let ends = column_of(&[2, 2, 5]);
        assert_eq!([0, 1, 2, 3].map(|list| list_in(&ends, list)), [0..2, 2..2, 2..5, 5..5]);
        assert_eq!(list_in(&column_of(&[9, 3]), 1), 9..9, "damaged ends never run backwards");
        assert_eq!((u32_at(&ends, 2), u32_at(&ends, 3), u64_at(&ends, 1)), (Some(5), None, None));
    }

    #[test]
    fn slices_stay_within_bounds() {
        let bytes = Bytes::new(vec![1, 2, 3, 4]);
        let part = bytes.slice(1..3).expect("a part");
        assert_eq!(
            (&*part, part.slice(1..2).as_deref(), part.slice(1..3).is_none()),
            (&[2, 3][..], Some(&[3][..]), true)
        );
    }
}
