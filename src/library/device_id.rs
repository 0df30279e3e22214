//! The name of this device, generated once and stored outside the folders that are synchronised between devices.
//!
//! Two devices with the same name would write to the same marks file, and a copied home folder includes the name. So a second
//! file, the claim, ties the name to a place: a machine and a folder. A place without a claim generates a new name, unless no
//! place has claimed the name yet, since version 0.1.0 made no claims.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::feed::DeviceId;
use crate::file_system::{FileSystem, RealFileSystem, atomic_write};

/// Limit for characters from the host name.
const MAX_LETTERS: usize = 24;

/// Contains the id of the machine on systems with systemd or D-Bus.
const MACHINE_ID_FILE: &str = "/etc/machine-id";

/// The name of a device and the number in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceName {
    /// Letters, digits and `-`, for example `laptop-9f3c21aa`.
    pub name: String,
    /// The number at the end of the name.
    pub device: DeviceId,
}

impl DeviceName {
    /// Reads the name from a file. Generates a new one if the file is missing or another place claims its name. If a new name
    /// cannot be saved, it is used for this session only.
    pub fn load(file: &Path) -> DeviceName {
        // The links in the path of the folder can be resolved only if it exists.
        let _ = RealFileSystem.make_folder(file.parent().unwrap_or(Path::new("")));
        DeviceName::load_at(file, &claim_here(file))
    }

    fn load_at(file: &Path, claim: &Path) -> DeviceName {
        if let Some(named) = DeviceName::read_file(claim) {
            return named;
        }
        // If another instance writes first, its name is used. Nothing is overwritten.
        let save = |named: DeviceName, file: &Path| {
            let _ = named.save_new(file);
            DeviceName::read_file(file).unwrap_or(named)
        };
        let named = DeviceName::read_file(file).unwrap_or_else(|| save(DeviceName::generate(), file));
        let named = if named.is_claimed(file) { DeviceName::generate() } else { named };
        save(named, claim)
    }

    /// Replaces the name `before` because another device uses it, too. All instances at this place get the same new name.
    pub fn replace(file: &Path, before: &str) -> io::Result<DeviceName> {
        DeviceName::replace_at(file, &claim_here(file), before)
    }

    fn replace_at(file: &Path, claim: &Path, before: &str) -> io::Result<DeviceName> {
        if let Some(named) = DeviceName::read_file(claim).filter(|named| named.name != before) {
            return Ok(named);
        }
        let new = DeviceName::generate();
        // The claim comes first: it alone decides the name at this place, even if the second write fails.
        new.write_temporary(claim)?.persist(claim).map_err(|error| error.error)?;
        // No place claims the old name any more, so the next copy of this folder would use it.
        new.write_temporary(file)?.persist(file).map_err(|error| error.error)?;
        Ok(new)
    }

    /// True if a text has the form of a device name. Names of conflict copies do not.
    pub fn is_valid(name: &str) -> bool {
        DeviceName::parse(name).is_some()
    }

    fn read_file(file: &Path) -> Option<DeviceName> {
        let text = RealFileSystem.read(file, 0).ok().and_then(|bytes| String::from_utf8(bytes).ok())?;
        DeviceName::parse(text.trim())
    }

    /// True if any place claims this name.
    fn is_claimed(&self, file: &Path) -> bool {
        let beside = RealFileSystem.list(file.parent().unwrap_or(Path::new(""))).unwrap_or_default();
        let prefix = claim_prefix(file);
        let is_claim =
            |path: &&PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix));
        beside.iter().filter(is_claim).any(|path| DeviceName::read_file(path).as_ref() == Some(self))
    }

    fn parse(name: &str) -> Option<DeviceName> {
        let (letters, number) = name.rsplit_once('-')?;
        let plain =
            letters.len() <= MAX_LETTERS && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        // `from_str_radix` also accepts a sign.
        let is_number = number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(number, 16).ok().filter(|_| is_number)?;
        plain.then(|| DeviceName { name: name.to_owned(), device: DeviceId(number) })
    }

    fn generate() -> DeviceName {
        let machine = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let letters: String =
            machine.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(MAX_LETTERS).collect();
        // A host name may consist of other characters only.
        let letters = if letters.is_empty() { "device".to_owned() } else { letters.to_lowercase() };
        // `RandomState` is seeded by the operating system.
        let number = RandomState::new().build_hasher().finish() as u32;
        DeviceName { name: format!("{letters}-{number:08x}"), device: DeviceId(number) }
    }

    /// Saves the name atomically, unless the file exists.
    fn save_new(&self, file: &Path) -> io::Result<()> {
        self.write_temporary(file)?.persist_noclobber(file).map(drop).map_err(|error| error.error)
    }

    /// Writes the name to a temporary file in the same folder.
    fn write_temporary(&self, file: &Path) -> io::Result<tempfile::NamedTempFile> {
        let folder = file.parent().unwrap_or(Path::new(""));
        RealFileSystem.make_folder(folder)?;
        let mut new = atomic_write::temporary_in(folder)?;
        writeln!(new, "{}", self.name)?;
        // A rename may reach the disk before the content: after a power failure the file would be empty.
        new.as_file().sync_all()?;
        Ok(new)
    }
}

fn claim_prefix(file: &Path) -> String {
    format!("{}-", file.file_name().unwrap_or_default().to_string_lossy())
}

/// The claim file of this place. Without a machine id, as in most containers, the folder alone is the place: the host name of
/// a container changes at every start.
fn claim_here(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    claim(file, &RealFileSystem.read(Path::new(MACHINE_ID_FILE), 0).unwrap_or_default(), &folder)
}

/// The path of a claim file, which contains the name.
fn claim(file: &Path, machine: &[u8], folder: &Path) -> PathBuf {
    let mut sum = crc32fast::Hasher::new();
    sum.update(machine);
    sum.update(folder.as_os_str().as_encoded_bytes());
    file.with_file_name(format!("{}{:08x}", claim_prefix(file), sum.finalize()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    #[test]
    fn a_device_keeps_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("state/device");
        let first = DeviceName::load(&file);
        assert_eq!(DeviceName::load(&file), first);
        assert!(first.name.ends_with(&format!("-{:08x}", first.device.0)), "{first:?}");
        assert_ne!(DeviceName::load(&folder.path().join("other")), first);
    }

    #[test]
    fn a_copied_home_gets_a_new_name_and_the_first_keeps_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let (home, copy) = (folder.path().join("home"), folder.path().join("copy"));
        let first = DeviceName::load(&home.join("device"));
        std::fs::create_dir(&copy).expect("a folder");
        for entry in std::fs::read_dir(&home).expect("a folder") {
            let path = entry.expect("a file").path();
            std::fs::copy(&path, copy.join(path.file_name().expect("a name"))).expect("a copy");
        }
        let second = DeviceName::load(&copy.join("device"));
        assert_ne!(second, first);
        assert_eq!((DeviceName::load(&copy.join("device")), DeviceName::load(&home.join("device"))), (second, first));
    }

    #[test]
    fn machines_that_share_a_home_get_different_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("device");
        let claims = ["one", "two", "three"].map(|machine| claim(&file, machine.as_bytes(), folder.path()));
        let find = || claims.iter().map(|claim| DeviceName::load_at(&file, claim)).collect::<Vec<_>>();
        let names = find();
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2], "{names:?}");
        assert_eq!(find(), names);
        assert_eq!(DeviceName::read_file(&file).as_ref(), Some(&names[0]), "the file that version 0.1.0 reads");
        assert_ne!(claims[0], claim(&file, b"one", &folder.path().join("elsewhere")));
    }

    #[test]
    fn a_name_from_an_earlier_version_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("device");
        std::fs::write(&file, "laptop-9f3c21aa\n").expect("a file");
        assert_eq!(DeviceName::load(&file).name, "laptop-9f3c21aa");
        assert_eq!(DeviceName::load(&file).name, "laptop-9f3c21aa");
    }

    #[test]
    fn a_name_used_by_another_device_is_replaced_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("device");
        let before = DeviceName::load(&file).name;
        let new = DeviceName::replace(&file, &before).expect("a name");
        assert_ne!(new.name, before);
        assert_eq!(DeviceName::replace(&file, &before).expect("a name"), new, "another instance");
        assert_eq!(DeviceName::load(&file), new);
        let elsewhere = claim(&file, b"another machine", folder.path());
        let third = DeviceName::load_at(&file, &elsewhere);
        assert!(third != new && third.name != before);
    }

    #[test]
    fn invalid_names_are_ignored() {
        for text in ["x-+1234567", "", "laptop", "../x-00000001", "laptop-0000000g", "laptop-1", "a/b-00000001"] {
            assert_eq!(DeviceName::parse(text), None, "{text}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("device");
        std::fs::write(&file, "../x-00000001\n").expect("a file");
        // The file is not overwritten.
        let found = DeviceName::load(&file);
        assert!(!found.name.contains('/'));
        assert_eq!(DeviceName::load(&file), found, "the generated name is saved");
        assert_eq!(std::fs::read_to_string(&file).expect("a file"), "../x-00000001\n");
    }
}
