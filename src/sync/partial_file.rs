//! The part of a download that has arrived: a hidden file in the folder of downloads, with a second one that says what it is a part of.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::feed::Address;
use crate::file_system::{Entry, EntryKind, FileSystem};
use crate::library::downloaded_files;

/// End of the names of parts.
const PART_ENDING: &str = ".part";
/// End of the names of the files with what is known of a part.
const NOTES_ENDING: &str = ".part.json";
/// Age of a part from which on it was given up.
const GIVEN_UP: TimeDelta = TimeDelta::days(30);
/// Larger notes are not ours, in bytes.
const MAX_NOTES: u64 = 1 << 14;

/// What is known of a part.
#[derive(Serialize, Deserialize)]
struct Notes {
    /// The hash of the whole address. The address itself may be secret.
    address: String,
    /// The validator of the document.
    validator: String,
    /// The media type that the server gives it; may be empty.
    #[serde(default)]
    media_type: String,
}

/// The part of a download. While it exists, other processes cannot write it.
pub struct PartialFile<'a> {
    fs: &'a dyn FileSystem,
    address: String,
    path: PathBuf,
    notes: PathBuf,
    file: File,
    length: u64,
    validator: Option<String>,
    media_type: String,
}

/// Why there is no part to write.
#[derive(Debug, thiserror::Error)]
pub enum PartialFileError {
    /// Another process writes it.
    #[error("another process downloads it")]
    Busy,
    /// The file system refuses.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl<'a> PartialFile<'a> {
    /// Opens or makes the part of the document at an address. What is not a file of this user is removed.
    pub fn open(folder: &Path, address: &Address, fs: &'a dyn FileSystem) -> Result<PartialFile<'a>, PartialFileError> {
        let hash = downloaded_files::hash(address);
        let (path, notes) =
            (folder.join(format!(".{hash}{PART_ENDING}")), folder.join(format!(".{hash}{NOTES_ENDING}")));
        let file = match fs.entry(&path) {
            Ok(entry) if entry.kind == EntryKind::File && entry.is_own => fs.open(&path)?,
            // A link would lead to a file that is not ours.
            Ok(_) => {
                fs.remove(&path)?;
                create(&path, fs)?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(&path, fs)?,
            Err(error) => return Err(error.into()),
        };
        let mut partial = PartialFile {
            fs,
            address: downloaded_files::full_hash(address),
            path,
            notes,
            file,
            length: 0,
            validator: None,
            media_type: String::new(),
        };
        partial.lock()?;
        partial.length = fs.id_of(&partial.file)?.size;
        if let Some(notes) = partial.read_notes() {
            (partial.validator, partial.media_type) = (Some(notes.validator), notes.media_type);
        }
        Ok(partial)
    }

    /// Locks the file, and checks that it is still the one at its path.
    fn lock(&self) -> Result<(), PartialFileError> {
        match self.fs.lock(&self.file) {
            Ok(false) => return Err(PartialFileError::Busy),
            Ok(true) => {}
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(error) => return Err(error.into()),
        }
        let there = self.fs.entry(&self.path).ok().filter(|entry| entry.kind == EntryKind::File);
        let own = self.fs.id_of(&self.file)?.inode;
        if there.is_some_and(|there| there.id.inode == own) { Ok(()) } else { Err(PartialFileError::Busy) }
    }

    fn read_notes(&self) -> Option<Notes> {
        let entry = self.fs.entry(&self.notes).ok()?;
        if entry.kind != EntryKind::File || entry.id.size > MAX_NOTES {
            return None;
        }
        let notes: Notes = serde_json::from_slice(&self.fs.read(&self.notes, 0).ok()?).ok()?;
        (notes.address == self.address).then_some(notes)
    }

    /// Number of bytes that have arrived.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The number of bytes, and the validator of the document, if the rest can be asked for.
    pub fn resume(&self) -> Option<(u64, String)> {
        self.validator.clone().filter(|_| self.length > 0).map(|validator| (self.length, validator))
    }

    /// The media type that the server gives the document; may be empty.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Starts over with a document that has this validator and media type. Without a validator, it cannot be resumed.
    pub fn begin(&mut self, validator: Option<&str>, media_type: &str) -> Result<(), PartialFileError> {
        // In this order a process that is stopped leaves no bytes with the validator of another document.
        remove_if_there(self.fs, &self.path)?;
        (self.length, self.validator) = (0, None);
        media_type.clone_into(&mut self.media_type);
        match validator {
            Some(validator) => self.write_notes(validator)?,
            None => remove_if_there(self.fs, &self.notes)?,
        }
        self.file = create(&self.path, self.fs)?;
        self.lock()?;
        self.validator = validator.map(str::to_owned);
        Ok(())
    }

    fn write_notes(&self, validator: &str) -> io::Result<()> {
        let (address, media_type) = (self.address.clone(), self.media_type.clone());
        let notes = Notes { address, validator: validator.to_owned(), media_type };
        self.fs.replace(&self.notes, &serde_json::to_vec(&notes)?, true)
    }

    /// Adds bytes that have arrived.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.fs.write_all(&self.file, bytes)?;
        self.length = self.length.saturating_add(bytes.len() as u64);
        Ok(())
    }

    /// Gives the complete file its name. Fails with `AlreadyExists` if the name is in use.
    pub fn finish(self, path: &Path) -> io::Result<()> {
        self.fs.sync(&self.file)?;
        self.fs.move_new(&self.path, path)?;
        // Both are only tidiness: the file is complete.
        let _ = self.fs.remove(&self.notes);
        let _ = path.parent().map(|folder| self.fs.sync_folder(folder));
        Ok(())
    }

    /// Removes the parts of other downloads of the same folder that were given up: for 30 days nothing has been written to them, and no
    /// process has them open.
    pub fn remove_given_up(&self, now: DateTime<Utc>) {
        let (Some(folder), Some(last)) = (self.path.parent(), now.checked_sub_signed(GIVEN_UP)) else { return };
        // A part that cannot be removed is tried again by the next download.
        for path in self.fs.list(folder).unwrap_or_default() {
            let Some(hash) = path.file_name().and_then(|name| name.to_str()).and_then(hash_of) else { continue };
            let is_old =
                |entry: &Entry| entry.kind == EntryKind::File && entry.is_own && entry.id.modified.0 < last.timestamp();
            if path == self.path || path == self.notes || !self.fs.entry(&path).is_ok_and(|entry| is_old(&entry)) {
                continue;
            }
            let (part, notes) =
                (folder.join(format!(".{hash}{PART_ENDING}")), folder.join(format!(".{hash}{NOTES_ENDING}")));
            let is_missing = |path| self.fs.entry(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
            if path == notes {
                // Notes are older than their part.
                if is_missing(&part) {
                    let _ = self.fs.remove(&notes);
                }
            } else if let Ok(file) = self.fs.open(&part)
                && !matches!(self.fs.lock(&file), Ok(false))
                && self.fs.remove(&part).is_ok()
            {
                let _ = self.fs.remove(&notes);
            }
        }
    }

    /// Removes what has arrived.
    pub fn discard(self) {
        // What stays is found by the next download of the same address.
        let _ = self.fs.remove(&self.path);
        let _ = self.fs.remove(&self.notes);
    }
}

/// The hash in the name of a part, or of its notes.
fn hash_of(name: &str) -> Option<&str> {
    let hash = name.strip_prefix('.')?;
    let hash = hash.strip_suffix(NOTES_ENDING).or_else(|| hash.strip_suffix(PART_ENDING))?;
    (hash.len() == downloaded_files::HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(hash)
}

/// Makes the file, readable and writable by its owner only.
fn create(path: &Path, fs: &dyn FileSystem) -> Result<File, PartialFileError> {
    fs.create(path).map_err(|error| match error.kind() {
        // Made since the look at its entry.
        io::ErrorKind::AlreadyExists => PartialFileError::Busy,
        _ => error.into(),
    })
}

fn remove_if_there(fs: &dyn FileSystem, path: &Path) -> io::Result<()> {
    match fs.remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
