//! Which device this is: a name that is made up once and kept where no other device sees it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::Path;

use super::disk::{Disk, RealDisk};
use crate::feed::Device;

/// The most letters of the machine's name that are used.
const LETTERS: usize = 24;

/// A name for the files of this device, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// As in `laptop-9f3c21aa`: letters, digits and `-`.
    pub name: String,
    /// The number at its end.
    pub device: Device,
}

impl Named {
    /// The name that is kept in a file; a new one when there is none. When it cannot be kept, it holds for this time.
    pub fn find(file: &Path) -> Named {
        let text = || RealDisk.read(file, 0).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let kept = || text().and_then(|text| Named::read(text.trim()));
        kept().unwrap_or_else(|| {
            let new = Named::make_up();
            // Another instance may have been first: then its name holds.
            let _ = new.keep(file);
            kept().unwrap_or(new)
        })
    }

    fn read(name: &str) -> Option<Named> {
        let (letters, number) = name.rsplit_once('-')?;
        let plain =
            letters.len() <= LETTERS && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let number = u32::from_str_radix(number, 16).ok().filter(|_| number.len() == 8)?;
        plain.then(|| Named { name: name.to_owned(), device: Device(number) })
    }

    fn make_up() -> Named {
        let machine = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let letters: String =
            machine.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(LETTERS).collect();
        let letters = if letters.is_empty() { "device".to_owned() } else { letters.to_lowercase() };
        // Seeded by the system's source of randomness.
        let number = RandomState::new().build_hasher().finish() as u32;
        Named { name: format!("{letters}-{number:08x}"), device: Device(number) }
    }

    /// Writes the name, whole or not at all, unless there is one.
    fn keep(&self, file: &Path) -> io::Result<()> {
        let folder = file.parent().unwrap_or(Path::new(""));
        RealDisk.make_folder(folder)?;
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        writeln!(new, "{}", self.name)?;
        new.as_file().sync_all()?;
        new.persist_noclobber(file).map(drop).map_err(|error| error.error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    #[test]
    fn a_device_keeps_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("state/device");
        let first = Named::find(&file);
        assert_eq!(Named::find(&file), first);
        assert!(first.name.ends_with(&format!("-{:08x}", first.device.0)), "{first:?}");
        assert_ne!(Named::find(&folder.path().join("other")), first);
    }

    #[test]
    fn a_name_that_is_none_is_not_used() {
        for text in ["", "laptop", "../x-00000001", "laptop-0000000g", "laptop-1", "a/b-00000001"] {
            assert_eq!(Named::read(text), None, "{text}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("device");
        std::fs::write(&file, "../x-00000001\n").expect("a file");
        // What stands there is not overwritten.
        assert!(!Named::find(&file).name.contains('/'));
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "../x-00000001\n");
    }
}
