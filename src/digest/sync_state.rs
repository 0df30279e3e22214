//! What a device knows of the articles of a subscription: a file of JSON lines that is appended to, in the state folder.
//!
//! The state is never in a folder that devices share: it says what this device wrote, and what the user deleted here. A line
//! replaces earlier lines of the same item. Damaged lines are skipped; when the file is rewritten, they are moved to a file beside it,
//! with the ending `damaged`.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Map, Value};

use super::file_lock::{self, LOCK_TIMEOUT};
use super::identity::{KnownItem, KnownItems};
use super::item_id::ItemId;
use super::sync_record::{self as record, Entry, Line};
use crate::feed::{Problem, clean};
use crate::file_system::FileSystem;
use crate::library::io_error_text;
use crate::subscriptions::Subscription;

/// Smaller files are not rewritten unless they are damaged, in bytes.
const COMPACT_FROM: usize = 1 << 14;
/// A file is rewritten when it is more than this many times as large as its useful lines.
const COMPACT_RATIO: usize = 2;

/// Why the state cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The system refused it.
    #[error("{}: {}", clean::path(.path), io_error_text(.why))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        why: io::Error,
    },
    /// Another process has it locked.
    #[error("{}: another process is writing the articles of this subscription", clean::path(.path))]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the program wrote it.
    #[error("{}: written by a newer version of frontpage (format {version})", clean::path(.path))]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        version: u64,
    },
}

impl StateError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> StateError {
        let path = path.to_owned();
        |why| StateError::Io { path, why }
    }
}

/// The state of a subscription, locked until it is dropped.
#[derive(Debug)]
pub struct SyncState {
    path: PathBuf,
    file: File,
    has_lock: bool,
    entries: Vec<(ItemId, Entry)>,
    positions: HashMap<ItemId, usize>,
    fields: Map<String, Value>,
    /// Lines that are not written yet.
    unwritten: Vec<u8>,
    /// Size of the file in bytes, and whether it ends with a line end.
    size: usize,
    is_whole: bool,
    /// Damaged lines of the file, and the number of the first.
    damaged: Vec<u8>,
    first_damaged: Option<u32>,
}

impl SyncState {
    /// The file of a subscription in the folder of the states.
    pub fn path_in(folder: &Path, subscription: &Subscription) -> PathBuf {
        folder.join(format!("{}.jsonl", subscription.key()))
    }

    /// Opens, locks and reads the state of a subscription below a folder. It need not exist.
    pub fn open(folder: &Path, subscription: &Subscription, fs: &dyn FileSystem) -> Result<SyncState, StateError> {
        let path = SyncState::path_in(folder, subscription);
        fs.make_folder(folder).map_err(StateError::io(folder))?;
        let begun = Instant::now();
        loop {
            let file = fs.open(&path).map_err(StateError::io(&path))?;
            let has_lock = match file_lock::lock(fs, &file) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(StateError::Locked { path }),
                locked => locked.map_err(StateError::io(&path))?,
            };
            let (held, named) = (fs.id_of(&file).map_err(StateError::io(&path))?, fs.id(&path));
            // Else another process rewrote the file meanwhile.
            if named.is_ok_and(|named| named.inode == held.inode) {
                return SyncState::read(path, file, has_lock, fs);
            }
            if begun.elapsed() >= LOCK_TIMEOUT {
                return Err(StateError::Locked { path });
            }
        }
    }

    fn read(path: PathBuf, file: File, has_lock: bool, fs: &dyn FileSystem) -> Result<SyncState, StateError> {
        let bytes = fs.read(&path, 0).map_err(StateError::io(&path))?;
        let mut state = SyncState {
            path,
            file,
            has_lock,
            entries: Vec::new(),
            positions: HashMap::new(),
            fields: Map::new(),
            unwritten: Vec::new(),
            size: bytes.len(),
            is_whole: bytes.last().is_none_or(|last| *last == b'\n'),
            damaged: Vec::new(),
            first_damaged: None,
        };
        for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
            match record::read(line) {
                Some(Line::Version(version)) if version > record::VERSION => {
                    return Err(StateError::Newer { path: state.path, version });
                }
                Some(Line::Version(_)) => {}
                Some(Line::Item(id, entry)) => state.insert(id, *entry),
                Some(Line::Fields(fields)) => state.fields.extend(fields),
                None if line.is_empty() => {}
                None => {
                    state.damaged.extend(line.iter().chain(b"\n"));
                    state.first_damaged.get_or_insert(number);
                }
            }
        }
        Ok(state)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The damage that was found, if any.
    pub fn problem(&self) -> Option<Problem> {
        let at = crate::feed::Position { line: self.first_damaged?, column: 1 };
        let what = "a damaged line of the state was skipped";
        let hint = "what it said is found again in the article files, except which articles were deleted";
        Some(Problem { path: self.path.clone(), ..Problem::warning(Some(at), what, hint) })
    }

    /// What is known of an item.
    pub fn get(&self, id: &ItemId) -> Option<&Entry> {
        self.positions.get(id).and_then(|at| self.entries.get(*at)).map(|(_, entry)| entry)
    }

    /// All known items, in the order in which they became known.
    pub fn entries(&self) -> &[(ItemId, Entry)] {
        &self.entries
    }

    /// A value of the subscription, such as the time of the next sync.
    pub fn field(&self, key: &str) -> Option<&Value> {
        self.fields.get(key)
    }

    /// All values of the subscription, with their names.
    pub fn fields(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.fields.iter()
    }

    /// Sets a value of the subscription; [`SyncState::save`] writes it. The key must not be `id` or `frontpage`.
    pub fn set_field(&mut self, key: &str, value: Value) {
        let line = Map::from_iter([(key.to_owned(), value.clone())]);
        self.push_line(&Value::Object(line).to_string());
        self.fields.insert(key.to_owned(), value);
    }

    /// Sets what is known of an item; [`SyncState::save`] writes it.
    pub fn set(&mut self, id: &ItemId, entry: Entry) {
        if self.get(id) != Some(&entry) {
            self.push_line(&record::item_line(id, &entry));
            self.insert(id.clone(), entry);
        }
    }

    /// Sets what is known of an item without writing it: it can be found again.
    pub fn insert(&mut self, id: ItemId, entry: Entry) {
        match self.positions.get(&id).and_then(|at| self.entries.get_mut(*at)) {
            Some((_, known)) => *known = entry,
            None => {
                self.positions.insert(id.clone(), self.entries.len());
                self.entries.push((id, entry));
            }
        }
    }

    fn push_line(&mut self, line: &str) {
        self.unwritten.extend(line.bytes());
        self.unwritten.push(b'\n');
    }

    /// The known items, for recognising those of a document.
    pub fn known_items(&self, site: Option<u64>) -> KnownItems {
        let known =
            |(id, entry): &(ItemId, Entry)| KnownItem { id: id.clone(), fingerprint: entry.fingerprint.clone() };
        KnownItems { items: self.entries.iter().map(known).collect(), site }
    }

    /// Writes what was set, and waits until it is on disk. What could not be written is tried again with the next call.
    pub fn save(&mut self, fs: &dyn FileSystem) -> Result<(), StateError> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        if !self.is_whole {
            bytes.push(b'\n');
        }
        let is_new = self.size == 0;
        if is_new {
            bytes.extend(format!("{}\n", record::version_line()).bytes());
        }
        bytes.extend(&self.unwritten);
        // Half a line may be written.
        (self.is_whole, self.size) = (false, self.size.saturating_add(bytes.len()));
        let written = fs.write_all(&self.file, &bytes).and_then(|()| fs.sync(&self.file));
        written.map_err(StateError::io(&self.path))?;
        self.is_whole = true;
        self.unwritten.clear();
        // The name of a new file is on disk only once its folder is. Some file systems do not support this.
        if let Some(folder) = self.path.parent().filter(|_| is_new) {
            let _ = fs.sync_folder(folder);
        }
        Ok(())
    }

    /// Rewrites the file if it is damaged, or has more old lines than useful ones, and releases it. Everything must be saved.
    pub fn close(self, fs: &dyn FileSystem) -> Result<(), StateError> {
        let is_saved = self.unwritten.is_empty();
        // Without a lock, lines that another process appends meanwhile would be lost.
        if !self.has_lock || !is_saved || self.size == 0 {
            return Ok(());
        }
        if self.damaged.is_empty() && self.size < COMPACT_FROM {
            return Ok(());
        }
        let mut useful = format!("{}\n", record::version_line());
        // A line each, so that damage costs no more than one.
        for (key, value) in &self.fields {
            useful.push_str(&format!("{}\n", Value::Object(Map::from_iter([(key.clone(), value.clone())]))));
        }
        for (id, entry) in &self.entries {
            useful.push_str(&record::item_line(id, entry));
            useful.push('\n');
        }
        if self.damaged.is_empty() && self.size <= useful.len().saturating_mul(COMPACT_RATIO) {
            return Ok(());
        }
        if !self.damaged.is_empty() {
            let aside = self.path.with_extension("damaged");
            let file = fs.open(&aside).map_err(StateError::io(&aside))?;
            let written = fs.write_all(&file, &self.damaged).and_then(|()| fs.sync(&file));
            written.map_err(StateError::io(&aside))?;
        }
        // Only the process that has the lock writes it, so one that was left by a killed process is overwritten.
        let new = self.path.with_extension("new");
        if let Err(why) = fs.replace_through(&new, &self.path, useful.as_bytes(), true) {
            return Err(StateError::Io { path: self.path, why });
        }
        if let Some(folder) = self.path.parent() {
            let _ = fs.sync_folder(folder);
        }
        Ok(())
    }
}
