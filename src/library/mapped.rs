//! A file of our own as memory: what nobody looks at is not read, and what was looked at may be given back by the system.

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// The bytes of a file.
#[derive(Debug)]
pub struct Mapped(Mmap);

impl Mapped {
    /// Maps a file.
    ///
    /// This is the one place of the program that the compiler cannot check. Mapped bytes must not change, nor may the file
    /// become shorter, while somebody looks at them. Only files of our cache folder are mapped: each is written under
    /// another name and then renamed, never in place, so a file that has its name is never written to again; one that is
    /// deleted or replaced stays as it is for those who have it open. No reference to text or numbers is made out of the bytes
    /// without looking: all are read as bytes, within bounds, and checked.
    #[allow(unsafe_code)]
    pub fn open(file: &File) -> io::Result<Mapped> {
        // SAFETY: as said above, nobody writes to the file.
        unsafe { Mmap::map(file) }.map(Mapped)
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}
