//! Tells binary files such as pictures and programs from text.

use memchr::memchr;

/// First bytes of programs, pictures, documents and archives.
const SIGNATURES: [&[u8]; 15] = [
    b"\x7fELF",
    b"\x89PNG\r\n",
    b"%PDF-",
    b"GIF87a",
    b"GIF89a",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"SQLite format 3\0",
    b"\0asm",
    b"7z\xbc\xaf\x27\x1c",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
];
/// Number of bytes examined to detect text; and the number of bytes per control character that text has at least, not
/// counting the first.
const SNIFFED_BYTES: usize = 8192;
const BYTES_PER_CONTROL: usize = 16;

/// True for binary files such as pictures and programs. Text may contain single NULs, and many at its end: some file systems
/// leave them after a crash.
pub fn is_binary(bytes: &[u8]) -> bool {
    if SIGNATURES.iter().any(|signature| bytes.starts_with(signature)) {
        return true;
    }
    let start = &bytes[..bytes.len().min(SNIFFED_BYTES)];
    // Nearly all binary files contain NULs, and nearly no text does.
    if memchr(0, start).is_none() {
        return false;
    }
    let length = bytes.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    let start = &start[..start.len().min(length)];
    let is_odd = |b: &&u8| matches!(**b, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    start.is_empty() || start.iter().filter(is_odd).skip(1).count() * BYTES_PER_CONTROL > start.len()
}
