//! Stores marks in a folder with one file per device. Records are appended, and files merge without conflicts.
//!
//! A device writes only to its own file and reads all of them, so any program that copies files may synchronise the folder.
//! If it creates conflict copies, they are read too, and records found only there are appended to our own file, so that the
//! user may delete the copies. Instances on one device share a file: each writes its records with one system call under a
//! lock, at the end of the file that is at the path at that moment.
//!
//! A backup or another machine may overwrite our own file while we run. Then the records it contained before are written
//! again.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::device_id::DeviceName;
use super::folder_walk;
use super::marks_file::{MarksFileContents, RecordSet, RequiredRecords};
use super::marks_record::{self as record, Record};
use super::own_marks_file::OwnMarksFile;
use crate::feed::{Change, DeviceId, Marks, PLACES_KEPT, Problem, clean};
use crate::file_system::{FileId, FileSystem, RealFileSystem};

/// File extension of marks files.
const EXTENSION: &str = "marks";
/// Smaller files are never compacted, in bytes.
const COMPACT_FROM: u64 = 1 << 16;
/// A file is compacted when it is this many times as large as its useful records.
const COMPACT_RATIO: u64 = 4;
/// Age in seconds at which a temporary file is removed if its writer is gone.
const STALE_SECONDS: i64 = 3600;

/// Why marks could not be saved.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", clean::path(.path), folder_walk::io_error_text(.why))]
pub struct MarksSaveError {
    /// The file or folder.
    pub path: PathBuf,
    /// The error of the system.
    pub why: io::Error,
}

/// The marks files of all devices in a folder, and what is still to be written to ours.
#[derive(Debug)]
pub struct MarksLog {
    fs: Box<dyn FileSystem>,
    folder: PathBuf,
    own: OwnMarksFile,
    /// What was read of each file.
    read_states: HashMap<PathBuf, ReadState>,
    /// Records that are not written yet.
    unwritten: Vec<Record>,
    /// Records that are written, but perhaps not on disk yet.
    unsynced: Vec<Record>,
    /// Records that our file must contain; if it is overwritten, missing ones are written again.
    required: RequiredRecords,
    /// The name of this device.
    device: DeviceName,
    /// The file with that name; none if the name cannot change.
    name_file: Option<PathBuf>,
    /// Size in bytes from which our file may be compacted.
    compact_from: u64,
    /// Size in bytes from which our file is compacted.
    compact_above: u64,
    /// True if our file has damaged records, which must be moved out.
    needs_repair: bool,
}

/// What was read of a file.
#[derive(Clone, Copy, Debug, Default)]
struct ReadState {
    id: FileId,
    /// Number of bytes read, up to a line end.
    to: u64,
    /// CRC-32 of those bytes; only for our own file.
    sum: u32,
    /// True if its damage or failure was reported.
    reported: bool,
}

impl ReadState {
    /// True if a file still begins with the bytes that were read.
    fn is_start_of(&self, bytes: &[u8]) -> bool {
        bytes.get(..self.to as usize).is_some_and(|start| crc32fast::hash(start) == self.sum)
    }

    /// The checksum of the bytes read, followed by `more`.
    fn sum_with(&self, more: &[u8]) -> u32 {
        let mut sum = crc32fast::Hasher::new_with_initial(self.sum);
        sum.update(more);
        sum.finalize()
    }
}

/// The result of a read.
#[derive(Debug, Default)]
pub struct MarksUpdate {
    /// New marks; some may be known already.
    pub marks: Marks,
    /// Problems of marks files.
    pub problems: Vec<Problem>,
}

/// Where the marks are, and where the name of this device is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarksFolder {
    /// The folder with the marks files.
    pub folder: PathBuf,
    /// The file with the name of this device.
    pub device: PathBuf,
}

impl MarksFolder {
    /// Opens the marks without reading any, and returns the device. Generates a device name if there is none.
    pub fn open(&self) -> (MarksLog, DeviceId) {
        let named = DeviceName::load(&self.device);
        let log = MarksLog::new(RealFileSystem, &self.folder, &named);
        (MarksLog { name_file: Some(self.device.clone()), ..log }, named.device)
    }
}

/// Reads all marks in a folder, for programs that write none.
pub fn read(folder: &Path) -> MarksUpdate {
    let unnamed = DeviceName { name: String::new(), device: DeviceId::default() };
    MarksLog::new(RealFileSystem, folder, &unnamed).read_new()
}

impl MarksLog {
    /// Opens the marks in a folder without reading any. The folder need not exist.
    pub fn new(fs: impl FileSystem + 'static, folder: &Path, named: &DeviceName) -> MarksLog {
        MarksLog {
            fs: Box::new(fs),
            own: OwnMarksFile::new(marks_path(folder, named)),
            folder: folder.to_owned(),
            read_states: HashMap::new(),
            unwritten: Vec::new(),
            unsynced: Vec::new(),
            required: RequiredRecords::default(),
            device: named.clone(),
            name_file: None,
            compact_from: COMPACT_FROM,
            compact_above: COMPACT_FROM,
            needs_repair: false,
        }
    }

    /// Sets the size from which our file may be compacted, in bytes.
    pub fn compacting_from(self, bytes: u64) -> MarksLog {
        MarksLog { compact_from: bytes, compact_above: bytes, ..self }
    }

    /// Sets how long to wait for the lock of our file. For callers that do not try again later.
    pub fn with_lock_timeout(mut self, lock_timeout: Duration) -> MarksLog {
        self.own.lock_timeout = lock_timeout;
        self
    }

    /// Number of records that are not written yet.
    pub fn unwritten(&self) -> usize {
        self.unwritten.len()
    }

    // Reading.

    /// Reads what is new in the files of all devices. A missing folder has no marks.
    pub fn read_new(&mut self) -> MarksUpdate {
        let mut news = MarksUpdate::default();
        let mut paths = match self.fs.list(&self.folder) {
            Ok(paths) => paths,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                let what = format!("the marks cannot be read: {}", folder_walk::io_error_text(&error));
                news.problems.push(problem(&self.folder, &what, "marks made before are missing until it can be read"));
                return news;
            }
        };
        paths.retain(|path| path.extension().is_some_and(|ending| ending == EXTENSION));
        // Conflict copies are read last, since their records are compared with those of all devices.
        paths.sort_by_cached_key(|path| (self.is_copy(path), path.clone()));
        // Another program removed our file. The only copy of its records may be in memory, so they are written again.
        if self.read_states.contains_key(&self.own.path) && !paths.contains(&self.own.path) {
            self.read_states.remove(&self.own.path);
            self.restore_missing(&RecordSet::default(), None, &mut news.problems);
        }
        let mut found = RecordSet::default();
        for path in paths {
            self.read_file(&path, &mut found, &mut news.problems);
        }
        MarksUpdate { marks: found.marks, ..news }
    }

    /// True for conflict copies. Each program names them differently and in the user's language (`sync-conflict`, `conflicted
    /// copy`, ` (1)`), so every name that is not a device name counts.
    fn is_copy(&self, path: &Path) -> bool {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let version = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let device = name.rsplit_once("-v").filter(|(_, text)| version(text)).map_or(&*name, |(device, _)| device);
        path != self.own.path && !DeviceName::is_valid(device)
    }

    fn read_file(&mut self, path: &Path, found: &mut RecordSet, problems: &mut Vec<Problem>) {
        let is_own = path == self.own.path;
        let known = self.read_states.get(path).copied();
        // It may be gone since the folder was listed.
        let Ok(id) = self.fs.id(path) else { return };
        if known.is_some_and(|known| known.id == id) {
            return;
        }
        let reported = known.is_some_and(|known| known.reported);
        let bytes = match self.fs.read(path, 0) {
            Ok(bytes) => bytes,
            Err(error) => {
                if !reported {
                    let what = format!("the marks cannot be read: {}", folder_walk::io_error_text(&error));
                    problems.push(problem(path, &what, "the marks in all other files are used"));
                }
                if is_own {
                    self.own.set_read(None, false);
                }
                // The failure may be temporary: the empty state causes another attempt next time.
                self.read_states.insert(path.to_owned(), ReadState { reported: true, ..ReadState::default() });
                return;
            }
        };
        // We only append to our own file. If it no longer begins with what we read, it was overwritten.
        let from = known.filter(|known| is_own && known.is_start_of(&bytes)).map_or(0, |known| known.to as usize);
        let contents = MarksFileContents::of(&bytes[from..]);
        if is_own && from == 0 {
            // An estimate, in proportion to the number of fields; writing out all useful records to measure them takes too
            // long.
            let useful = id.size.saturating_mul(contents.marks.fields() as u64) / contents.fields.max(1);
            self.compact_above = self.compact_from.max(COMPACT_RATIO * useful);
            let mut there = RecordSet::default();
            there.add_file(&contents);
            self.restore_missing(&there, Some(id), problems);
        }
        // If the device name was changed, this is now the file of another device.
        let is_own = path == self.own.path;
        if is_own && !contents.is_newer() {
            self.required.add_file(&contents);
        }
        if self.is_copy(path) {
            self.adopt_copy(path, &contents, found, problems);
        }
        found.add_file(&contents);
        let damaged = !contents.damaged.is_empty();
        if damaged && !reported {
            let (count, s) = (contents.damaged.len(), if contents.damaged.len() == 1 { "" } else { "s" });
            let what = format!("{count} damaged record{s}; all others are used");
            let hint = match is_own {
                true => format!("damaged records are moved to {}", clean::path(&self.damaged_file())),
                false => "the device that writes this file repairs it".to_owned(),
            };
            problems.push(problem(path, &what, &hint));
        }
        self.needs_repair |= is_own && damaged;
        if is_own {
            self.own.set_read(Some(id), contents.is_newer());
        }
        let to = from + contents.length as usize;
        let sum = if is_own { crc32fast::hash(&bytes[..to]) } else { 0 };
        self.read_states.insert(path.to_owned(), ReadState { id, to: to as u64, sum, reported: reported || damaged });
    }

    /// Queues the records that our file contained and no longer contains, if `file` is our file now.
    fn restore_missing(&mut self, there: &RecordSet, file: Option<FileId>, problems: &mut Vec<Problem>) {
        if self.required.is_empty() {
            return;
        }
        let (held, mut there) = (self.required.records(), there.clone());
        let has_more = there.has_new_from(self.device.device, &held);
        self.unwritten.iter().for_each(|record| there.add(record));
        let mut missing = held.missing_in(&there);
        // Compacting leaves old places out.
        missing.retain(|record| !file.is_some_and(|file| record.is_place_before(oldest_place(file))));
        // Neither a backup nor another instance brings new changes with our device number into a file without our records.
        // Those come from another device with the same name.
        if has_more && !missing.is_empty() && self.change_device_name(problems) {
            return;
        }
        self.unwritten.extend(missing);
    }

    /// Queues the records of a conflict copy that no device's file contains, so that the user may delete the copy.
    fn adopt_copy(
        &mut self,
        copy: &Path,
        contents: &MarksFileContents,
        found: &RecordSet,
        problems: &mut Vec<Problem>,
    ) {
        let (mut records, mut there) = (RecordSet::default(), self.required.records());
        records.add_file(contents);
        there.merge(found);
        let mut missing = records.missing_in(&there);
        if missing.is_empty() {
            return;
        }
        // `found` has no records of files that did not change since, and those are not kept in memory.
        for path in self.read_states.keys().filter(|path| **path != self.own.path && !self.is_copy(path)) {
            self.fs.read(path, 0).iter().for_each(|bytes| there.add_file(&MarksFileContents::of(bytes)));
        }
        missing = records.missing_in(&there);
        // Only we write our file. If a conflict copy of it has new changes with our number, another device has the same name.
        let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name(copy).starts_with(&name(&self.own.path)) && records.has_new_from(self.device.device, &there) {
            self.change_device_name(problems);
        }
        self.required.extend(&missing);
        self.unwritten.extend(missing);
    }

    /// Changes the name of this device because another one has it, too, for example after a home folder was copied. All
    /// records of the old file go to the new one. Returns false if the name cannot be changed.
    fn change_device_name(&mut self, problems: &mut Vec<Problem>) -> bool {
        let named = self.name_file.as_ref().and_then(|file| DeviceName::replace(file, &self.device.name).ok());
        let Some(named) = named else { return false };
        let what = "another device has the same name and writes to this file, perhaps from a copied home folder";
        problems.push(problem(&self.own.path, what, &format!("this device is now called {}", named.name)));
        self.own.move_to(marks_path(&self.folder, &named));
        (self.device, self.needs_repair) = (named, false);
        self.unwritten = self.required.records().missing_in(&RecordSet::default());
        self.unsynced.clear();
        true
    }

    // Writing.

    /// Writes changes, and those that could not be written before. After a failure they stay queued.
    pub fn write(&mut self, changes: Vec<Change>) -> Result<(), MarksSaveError> {
        let records: Vec<Record> = changes.into_iter().map(Record::Change).collect();
        self.required.extend(&records);
        self.unwritten.extend(records);
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        self.unwritten.iter().for_each(|record| record.write(&mut bytes));
        let appended = self.append(&bytes);
        if appended.is_ok() {
            self.unsynced.append(&mut self.unwritten);
        } else {
            self.own.close();
        }
        appended.map_err(|why| self.save_error(why))
    }

    /// Waits until all writes are on disk. Those that may not be are written again.
    pub fn sync(&mut self) -> Result<(), MarksSaveError> {
        if self.unsynced.is_empty() {
            return Ok(());
        }
        let synced = self.own.sync(&*self.fs);
        if matches!(synced, Some(Ok(()))) {
            self.unsynced.clear();
            return Ok(());
        }
        // After a failed `fsync`, the system discards what it could not write, and a later one reports success. A closed file
        // has nothing to sync.
        let again = std::mem::take(&mut self.unsynced);
        self.unwritten.splice(..0, again);
        self.own.close();
        match synced {
            Some(Err(why)) => Err(self.save_error(why)),
            _ => self.write(Vec::new()).and_then(|()| self.sync()),
        }
    }

    fn save_error(&self, why: io::Error) -> MarksSaveError {
        MarksSaveError { path: self.own.path.clone(), why }
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = self.own.locked(&*self.fs)?;
        let appended = self.append_to(&file, bytes);
        self.own.release(&*self.fs, file);
        appended
    }

    fn append_to(&mut self, file: &File, bytes: &[u8]) -> io::Result<()> {
        let before = self.fs.id_of(file)?;
        let mut start = if before.size == 0 { record::header() } else { self.end_of_line(before)? };
        start.extend(bytes);
        self.fs.write_all(file, &start)?;
        // If all bytes before our records were read, ours need not be read. Otherwise read everything next time: if the file
        // is overwritten before that, it may begin with what we read, but lack what we have just written.
        let known = self.read_states.get(&self.own.path).copied();
        let is_current = known.map_or(before.size == 0, |known| (known.id, known.to) == (before, before.size));
        let known = known.unwrap_or_default();
        let after = self.fs.id_of(file).ok().filter(|id| is_current && id.size == before.size + start.len() as u64);
        let read = match after {
            Some(id) => ReadState { id, to: id.size, sum: known.sum_with(&start), ..known },
            None => ReadState { reported: known.reported, ..ReadState::default() },
        };
        self.read_states.insert(self.own.path.clone(), read);
        Ok(())
    }

    /// Bytes to write before a record: none after a line end. An incomplete line is marked and ended.
    fn end_of_line(&self, id: FileId) -> io::Result<Vec<u8>> {
        if self.fs.read(&self.own.path, id.size - 1)? == b"\n" {
            return Ok(Vec::new());
        }
        let bytes = self.fs.read(&self.own.path, 0)?;
        let start = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let ending: &[u8] = if record::is_whole(&bytes[start..]) { b"" } else { record::TORN };
        Ok([ending, b"\n"].concat())
    }

    // Compacting.

    /// Rewrites our file if most of it is superseded or some of it is damaged. Damaged records are moved to another file
    /// first. If anything fails, the old file stays.
    pub fn compact(&mut self) -> Result<(), MarksSaveError> {
        let Ok(id) = self.fs.id(&self.own.path) else { return Ok(()) };
        if !self.needs_repair && id.size < self.compact_above {
            return Ok(());
        }
        let file = self.own.locked(&*self.fs).map_err(|why| self.save_error(why))?;
        let compacted = if self.own.has_no_locks { Ok(()) } else { self.rewrite(oldest_place(id)) };
        // Other instances see by the inode that the file was replaced.
        self.own.release(&*self.fs, file);
        compacted.map_err(|why| self.save_error(why))
    }

    fn rewrite(&mut self, oldest_place: DateTime<Utc>) -> io::Result<()> {
        // If the path is a link, its target is replaced and the link stays.
        let target = std::fs::canonicalize(&self.own.path).unwrap_or_else(|_| self.own.path.clone());
        let bytes = self.fs.read(&target, 0)?;
        let mut contents = MarksFileContents::of(&bytes);
        if contents.is_newer() {
            return Ok(());
        }
        contents.marks.places_mut().drop_older_than(oldest_place);
        let mut new = record::header();
        contents.marks.changes().iter().for_each(|change| record::write(change, &mut new));
        contents.unknown.iter().for_each(|payload| record::line(payload, &mut new));
        self.compact_above = self.compact_from.max(COMPACT_RATIO * new.len() as u64);
        let has_damage = !contents.damaged.is_empty();
        // Another instance may have repaired it already.
        self.needs_repair = has_damage;
        if !has_damage && (bytes.len() as u64) < self.compact_above {
            return Ok(());
        }
        if has_damage {
            self.save_damaged(&contents.damaged)?;
        }
        let folder = target.parent().unwrap_or(&self.folder).to_owned();
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let temporary = folder.join(format!("{name}.tmp-{}", std::process::id()));
        self.fs.replace_through(&temporary, &target, &new, true)?;
        self.needs_repair = false;
        let synced = self.fs.sync_folder(&folder);
        // The new file contains these records, and is on disk.
        self.unsynced.clear();
        // It may contain records of other instances that we have not read.
        self.read_states.insert(self.own.path.clone(), ReadState::default());
        synced
    }

    /// The file for damaged records.
    fn damaged_file(&self) -> PathBuf {
        self.own.path.with_extension("damaged")
    }

    fn save_damaged(&self, damaged: &[&[u8]]) -> io::Result<()> {
        let file = self.fs.open(&self.damaged_file())?;
        let mut bytes = damaged.join(&b'\n');
        bytes.push(b'\n');
        self.fs.write_all(&file, &bytes)?;
        self.fs.sync(&file)
    }

    /// Removes temporary files whose writer has ended.
    pub fn remove_stale_temporaries(&self, now: i64) {
        for path in self.fs.list(&self.folder).unwrap_or_default() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some((_, writer)) = name.rsplit_once(&format!(".{EXTENSION}.tmp-")) else { continue };
            let old = self.fs.id(&path).is_ok_and(|id| id.modified.0 < now - STALE_SECONDS);
            // Without /proc, as on macOS, the age alone decides.
            let gone = !Path::new("/proc").join(writer).exists();
            if old && gone {
                let _ = self.fs.remove(&path);
            }
        }
    }
}

/// The time before which the places in our file are not kept: it was written last when the system's clock showed its time.
fn oldest_place(file: FileId) -> DateTime<Utc> {
    let written = DateTime::from_timestamp(file.modified.0, 0).unwrap_or_default();
    written.checked_sub_signed(PLACES_KEPT).unwrap_or_default()
}

/// The path of a device's marks file.
fn marks_path(folder: &Path, named: &DeviceName) -> PathBuf {
    folder.join(format!("{}.{EXTENSION}", named.name))
}

fn problem(path: &Path, what: &str, hint: &str) -> Problem {
    Problem { path: path.to_owned(), ..Problem::warning(None, what, hint) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;
    use crate::feed::{ArticleId, DeviceId, HybridClock, Mark};
    use crate::file_system::RealFileSystem;

    fn id(number: u64) -> ArticleId {
        format!("{number:016x}").parse().expect("an id")
    }

    struct Writer {
        log: MarksLog,
        clock: HybridClock,
    }

    impl Writer {
        fn new(folder: &Path, name: &str, device: u32) -> Writer {
            let named = DeviceName { name: format!("{name}-{device:08x}"), device: DeviceId(device) };
            Writer { log: MarksLog::new(RealFileSystem, folder, &named), clock: HybridClock::new(DeviceId(device)) }
        }

        fn change(&mut self, mark: Mark, article: u64) -> Change {
            let now = "2026-11-24T04:00:23Z".parse().expect("a time");
            Change { stamp: self.clock.tick(now), mark, articles: vec![id(article)] }
        }

        fn star(&mut self, article: u64) {
            let change = self.change(Mark::Starred(true), article);
            self.log.write(vec![change]).expect("kept");
        }
    }

    fn starred(news: &MarksUpdate) -> Vec<u64> {
        (0..100).filter(|number| news.marks.is_starred(id(*number))).collect()
    }

    fn all_of(folder: &Path) -> MarksUpdate {
        Writer::new(folder, "reader", 99).log.read_new()
    }

    #[test]
    fn instances_and_devices_see_marks_of_each_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("not/there/yet");
        let mut here = Writer::new(&folder, "laptop", 1);
        let (mut again, mut there) = (Writer::new(&folder, "laptop", 1), Writer::new(&folder, "phone", 2));
        assert_eq!(starred(&here.log.read_new()), [0u64; 0]);
        here.star(1);
        again.star(2);
        there.star(3);
        assert_eq!(starred(&here.log.read_new()), [2, 3], "without its own records");
        assert_eq!(starred(&here.log.read_new()), [0u64; 0], "nothing is read twice");
        again.star(4);
        assert_eq!(starred(&here.log.read_new()), [4]);
        assert_eq!(starred(&all_of(&folder)), [1, 2, 3, 4]);
        let mode =
            |path: &Path| std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("it is there").permissions());
        assert_eq!((mode(&folder) & 0o777, mode(&folder.join("laptop-00000001.marks")) & 0o777), (0o700, 0o600));
    }

    #[test]
    fn a_file_is_compacted_while_others_write_to_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut here, mut again) = (Writer::new(folder.path(), "laptop", 1), Writer::new(folder.path(), "laptop", 1));
        for round in 0..3000 {
            let change = here.change(Mark::Starred(round % 2 == 1), 1);
            here.log.write(vec![change]).expect("kept");
        }
        again.star(2);
        let size = || folder.path().join("laptop-00000001.marks").metadata().expect("a file").len();
        here.log.compact_from = 1000;
        here.log.compact_above = 1000;
        let before = size();
        here.log.compact().expect("compacted");
        assert!(before > 100_000 && size() < 300, "{before} to {}", size());
        // The other instance still has the old file open.
        again.star(3);
        here.star(4);
        assert_eq!(starred(&all_of(folder.path())), [1, 2, 3, 4]);
        assert_eq!(starred(&again.log.read_new()), [1, 2, 3, 4], "it reads the new file from its start");
        assert!(
            starred(&here.log.read_new()).contains(&2),
            "the instance that compacted the file reads the records of the other"
        );
    }

    #[test]
    fn damage_is_reported_and_moved_out_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop-00000001.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        (1..=3).for_each(|article| here.star(article));
        let text =
            std::fs::read_to_string(&path).expect("text").replacen("star 0000000000000002", "star 0000000000000007", 1);
        std::fs::write(&path, format!("{text}<<<<<<< ours\n")).expect("a file");
        let mut late = Writer::new(folder.path(), "laptop", 1);
        late.log.read_new();
        let mut here = Writer::new(folder.path(), "laptop", 1);
        let news = here.log.read_new();
        assert_eq!(starred(&news), [1, 3]);
        assert_eq!(news.problems[0].what.as_str(), "2 damaged records; all others are used");
        here.log.compact().expect("compacted");
        here.star(4);
        let aside = std::fs::read_to_string(path.with_extension("damaged")).expect("it was set aside");
        assert!(aside.contains("star 0000000000000007") && aside.ends_with("<<<<<<< ours\n"), "{aside}");
        let news = all_of(folder.path());
        assert_eq!((starred(&news), news.problems.len()), (vec![1, 3, 4], 0));
        // The other instance saw the damage, too. There is nothing left to repair, and it reads the file only once for that.
        late.log.compact().expect("compacted");
        assert!(!late.log.needs_repair);
    }

    #[test]
    fn an_incomplete_record_is_ended_and_ignored() {
        for torn in
            ["30 becf18c7 01a2", "3", "\0\0\0\0", "30 becf18c7 01a20bb63fd8.0000.000000fe star 0000000000000001"]
        {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("laptop-00000001.marks");
            Writer::new(folder.path(), "laptop", 1).star(2);
            let whole = std::fs::read_to_string(&path).expect("text");
            std::fs::write(&path, format!("{whole}{torn}")).expect("a file");
            Writer::new(folder.path(), "laptop", 1).star(3);
            let news = all_of(folder.path());
            let expected = if torn.len() > 20 { vec![1, 2, 3] } else { vec![2, 3] };
            assert_eq!((starred(&news), news.problems.len()), (expected, 0), "{torn:?}");
        }
    }

    #[test]
    fn a_stamp_near_the_maximum_is_damage_in_any_file() {
        for name in ["laptop-00000001.marks", "phone-00000002.marks", "phone-00000002 (1).marks"] {
            for stamp in ["7fffffffffff.ffff", "7fffffff0000.0001", "7f0000000000.0000"] {
                let folder = tempfile::tempdir().expect("a folder");
                let (mut bytes, star) = (record::header(), format!("{stamp}.00000002 star 0000000000000001"));
                record::line(star.as_bytes(), &mut bytes);
                std::fs::write(folder.path().join(name), bytes).expect("a file");
                let mut here = Writer::new(folder.path(), "laptop", 1);
                let news = here.log.read_new();
                assert_eq!((starred(&news).len(), news.problems.len()), (0, 1), "{stamp} in {name}");
                here.clock.observe(news.marks.latest());
                here.star(2);
                here.log.compact().expect("compacted");
                assert_eq!(starred(&all_of(folder.path())), [2], "{stamp} in {name}");
            }
        }
    }

    #[test]
    fn a_newer_format_is_read_and_never_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop-00000001.marks");
        let mut later = Vec::new();
        record::line(b"frontpage marks 2", &mut later);
        record::line(b"01a20bb63fd8.0000.000000fe star 0000000000000001", &mut later);
        later.extend(b"a line of another kind\n");
        std::fs::write(&path, &later).expect("a file");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        let news = here.log.read_new();
        assert_eq!((starred(&news), news.problems.len()), (vec![1], 0));
        here.star(2);
        here.log.compact_above = 1;
        here.log.compact().expect("compacted");
        assert_eq!(std::fs::read(&path).expect("a file"), later);
        assert_eq!(starred(&all_of(folder.path())), [1, 2]);
        Writer::new(folder.path(), "laptop", 1).star(3);
        assert_eq!(std::fs::read(&path).expect("a file"), later);
        assert_eq!(starred(&all_of(folder.path())), [1, 2, 3]);
    }

    #[test]
    fn a_file_is_not_written_after_a_newer_version_rewrote_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop-00000001.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        here.star(1);
        here.log.read_new();
        let mut later = Vec::new();
        record::line(b"frontpage marks 2", &mut later);
        later.extend(std::fs::read(&path).expect("a file"));
        std::fs::write(path.with_extension("new"), &later).expect("a file");
        std::fs::rename(path.with_extension("new"), &path).expect("a file");
        here.star(2);
        assert_eq!(std::fs::read(&path).expect("a file"), later);
        assert_eq!(starred(&all_of(folder.path())), [1, 2]);
    }

    #[test]
    fn unknown_records_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop-00000001.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        here.star(2);
        let mut unknown = std::fs::read(&path).expect("a file");
        record::line(b"01a20bb63fd8.0000.000000fe folded 0000000000000001", &mut unknown);
        std::fs::write(&path, &unknown).expect("a file");
        here.log.compact_above = 1;
        (0..5000).for_each(|_| here.star(2));
        here.log.compact().expect("compacted");
        let compacted = std::fs::read_to_string(&path).expect("text");
        assert!(compacted.len() < 1000 && compacted.contains("folded"), "{compacted}");
    }

    #[test]
    fn compacting_leaves_out_places_of_90_days_ago_and_no_instance_brings_them_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop-00000001.marks");
        let (mut here, mut again) = (Writer::new(folder.path(), "laptop", 1), Writer::new(folder.path(), "laptop", 1));
        for (days, article) in [(100, 1), (80, 2)] {
            let now = Utc::now() - chrono::TimeDelta::days(days);
            let mark = Mark::Place(Some(crate::feed::TextPosition::in_body(7)));
            let change = Change { stamp: here.clock.tick(now), mark, articles: vec![id(article)] };
            here.log.write(vec![change]).expect("kept");
        }
        again.log.read_new();
        here.log.compact_above = 1;
        here.log.compact_from = 1;
        (0..100).for_each(|_| here.star(3));
        here.log.compact().expect("compacted");
        let compacted = std::fs::read_to_string(&path).expect("text");
        assert_eq!(compacted.matches(" place body:7:0 ").count(), 1, "{compacted}");
        // Both instances read the new file before they write.
        for writer in [&mut again, &mut here] {
            writer.log.read_new();
            writer.star(4);
        }
        let marks = all_of(folder.path()).marks;
        assert_eq!((marks.places().of(id(1)), marks.places().of(id(2)).is_some()), (None, true));
        assert_eq!((marks.is_starred(id(4)), folder.path().read_dir().expect("a folder").count()), (true, 1));
    }

    /// Names that synchronisation programs give to conflict copies.
    const COPIES: [&str; 10] = [
        "phone-00000002.sync-conflict-20261124-040023-ABCDEFG.marks",
        "phone-00000002 (Anna's conflicted copy 2026-11-24).marks",
        "phone-00000002 (In Konflikt stehende Kopie von Anna 2026-11-24).marks",
        "phone-00000002 (SFConflict anna@example.org 2026-11-24-04-00-23).marks",
        "phone-00000002_Conflict.marks",
        "phone-00000002 (1).marks",
        "phone-00000002-DESKTOP.marks",
        "phone-00000002 2.marks",
        "laptop-00000001.sync-conflict-20261124-040023-ABCDEFG.marks",
        "backup of marks.marks",
    ];

    #[test]
    fn a_conflict_copy_can_be_deleted_after_it_was_read() {
        for name in COPIES {
            let folder = tempfile::tempdir().expect("a folder");
            let (copy, phone) = (folder.path().join(name), folder.path().join("phone-00000002.marks"));
            let mut here = Writer::new(folder.path(), "laptop", 1);
            here.star(1);
            Writer::new(folder.path(), "phone", 2).star(2);
            let mut bytes = std::fs::read(&phone).expect("a file");
            let mut only_there = Writer::new(folder.path(), "phone", 2);
            only_there.log.read_new();
            only_there.star(2);
            record::write(&only_there.change(Mark::Starred(true), 3), &mut bytes);
            record::line(b"01a20bb63fd8.0000.000000fe folded 0000000000000001", &mut bytes);
            bytes.extend(b"<<<<<<< ours\n");
            std::fs::write(&copy, &bytes).expect("a copy");
            let mut here = Writer::new(folder.path(), "laptop", 1);
            let news = here.log.read_new();
            assert_eq!((starred(&news), news.problems.len()), (vec![1, 2, 3], 1), "{name}: one damaged line");
            here.log.write(Vec::new()).expect("kept");
            std::fs::remove_file(&copy).expect("gone");
            assert_eq!(starred(&all_of(folder.path())), [1, 2, 3], "{name}");
            let own = || std::fs::read_to_string(folder.path().join("laptop-00000001.marks")).expect("text");
            let text = own();
            assert_eq!(
                (text.matches("folded").count(), text.matches("0000000000000002").count()),
                (1, 0),
                "{name}: {text}"
            );
            // A copy without new records queues nothing, in this session and in later ones.
            std::fs::write(&copy, &bytes).expect("a copy");
            for log in [&mut here.log, &mut Writer::new(folder.path(), "laptop", 1).log] {
                log.read_new();
                assert_eq!(log.unwritten(), 0, "{name}");
            }
        }
    }

    #[test]
    fn files_of_other_devices_are_not_conflict_copies() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut later = Vec::new();
        record::line(b"frontpage marks 2", &mut later);
        record::line(b"01a20bb63fd8.0000.000000fe star 0000000000000001", &mut later);
        for name in ["phone-00000002", "phone-00000002-v1", "the-old-one-0badcafe", "-00000003"] {
            std::fs::write(folder.path().join(name).with_extension("marks"), &later).expect("a file");
        }
        let mut here = Writer::new(folder.path(), "laptop", 1);
        assert_eq!((starred(&here.log.read_new()), here.log.unwritten()), (vec![1], 0));
    }

    /// At least `bytes` bytes of records about article 80.
    fn other_records(bytes: usize) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut other = Writer::new(folder.path(), "other", 9);
        let mut text = Vec::new();
        while text.len() < bytes {
            record::write(&other.change(Mark::Starred(true), 80), &mut text);
        }
        text
    }

    fn in_place(path: &Path, bytes: &[u8]) {
        let file = std::fs::OpenOptions::new().write(true).open(path).expect("a file");
        std::os::unix::fs::FileExt::write_all_at(&file, bytes, 0).expect("written");
    }

    /// Overwrites the file at a path, given an older state of it.
    type Overwrite = dyn Fn(&Path, &[u8]);

    #[test]
    fn records_from_before_the_session_are_restored() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop-00000001.marks");
        let mut before = Writer::new(folder.path(), "laptop", 1);
        before.star(1);
        let older = std::fs::read(&path).expect("a file");
        before.star(2);
        let note = before.change(Mark::Note(clean::line("a note")), 2);
        before.log.write(vec![note]).expect("kept");
        let mut unknown = std::fs::read(&path).expect("a file");
        record::line(b"01a20bb63fd8.0000.000000fe folded 0000000000000001", &mut unknown);
        std::fs::write(&path, &unknown).expect("a file");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        here.log.read_new();
        // Records appended by another instance are read from where they begin, and required as well.
        Writer::new(folder.path(), "laptop", 1).star(3);
        assert_eq!(starred(&here.log.read_new()), [3]);
        std::fs::write(&path, [&older, other_records(2000).as_slice()].concat()).expect("a file");
        assert_eq!(starred(&here.log.read_new()), [1, 80]);
        here.log.write(Vec::new()).expect("kept");
        let news = all_of(folder.path());
        assert_eq!((starred(&news), news.marks.note(id(2)).is_some()), (vec![1, 2, 3, 80], true));
        let text = std::fs::read_to_string(&path).expect("text");
        assert_eq!((text.matches("folded").count(), text.matches("0000000000000001\n").count()), (1, 2), "{text}");
        here.log.read_new();
        assert_eq!(here.log.unwritten(), 0);
    }

    #[test]
    fn of_two_devices_with_one_name_one_changes_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let marks = |home: &str| MarksFolder {
            folder: folder.path().join(home),
            device: folder.path().join("state").join(home).join("device"),
        };
        let open = |home: &str| {
            let (log, device) = marks(home).open();
            Writer { log, clock: HybridClock::new(device) }
        };
        let (here, copy) = (marks("here"), marks("copy"));
        let mut first = open("here");
        first.star(1);
        let name = first.log.device.name.clone();
        let own = |marks: &MarksFolder| marks.folder.join(format!("{name}.marks"));
        // A copied home folder from a version that made no claims.
        std::fs::create_dir_all(copy.device.parent().expect("a folder")).expect("a folder");
        std::fs::create_dir(&copy.folder).expect("a folder");
        std::fs::copy(&here.device, &copy.device).expect("a copy");
        std::fs::copy(own(&here), own(&copy)).expect("a copy");
        let mut second = open("copy");
        second.log.read_new();
        first.log.read_new();
        let mut again = open("here");
        again.log.read_new();
        first.star(2);
        second.star(3);
        // The program that synchronises the folder keeps the later file.
        std::fs::copy(own(&copy), own(&here)).expect("a copy");
        let news = first.log.read_new();
        assert_eq!(starred(&news), [1, 3]);
        assert_eq!(news.problems.len(), 1, "{:?}", news.problems);
        first.log.write(Vec::new()).expect("kept");
        assert_ne!(first.log.device.name, name);
        assert_eq!(starred(&all_of(&here.folder)), [1, 2, 3]);
        // The problem is reported once, the other instance changes its name when it sees the file, and later sessions use the
        // new name.
        assert!(first.log.read_new().problems.is_empty());
        let new = first.log.device.clone();
        again.star(4);
        std::fs::write(own(&here), std::fs::read(own(&copy)).expect("a file")).expect("a file");
        again.log.read_new();
        again.log.write(Vec::new()).expect("kept");
        assert_eq!(again.log.device, new);
        assert_eq!(open("here").log.device, new);
        assert_eq!(starred(&all_of(&here.folder)), [1, 2, 3, 4]);
        // If the file grows, its records belong to the other device.
        second.star(5);
        std::fs::copy(own(&copy), own(&here)).expect("a copy");
        assert_eq!((starred(&first.log.read_new()).contains(&5), first.log.unwritten()), (true, 0));
        first.star(6);
        assert_eq!(starred(&all_of(&here.folder)), [1, 2, 3, 4, 5, 6]);
        assert_eq!(std::fs::read(own(&copy)).expect("a file"), std::fs::read(own(&here)).expect("a file"));
    }

    #[test]
    fn a_conflict_copy_of_our_file_reveals_another_device_with_our_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let marks = MarksFolder { folder: folder.path().join("marks"), device: folder.path().join("device") };
        let (log, device) = marks.open();
        let mut here = Writer { log, clock: HybridClock::new(device) };
        here.star(1);
        here.log.read_new();
        let name = here.log.device.name.clone();
        let copy = |number| marks.folder.join(format!("{name}.sync-conflict-20261124-04002{number}-ABCDEFG.marks"));
        let path = marks.folder.join(format!("{name}.marks"));
        // An older state of our file is not evidence of another device.
        std::fs::copy(&path, copy(1)).expect("a copy");
        here.star(2);
        assert!(here.log.read_new().problems.is_empty() && here.log.unwritten() == 0);
        let mut there = std::fs::read(&path).expect("a file");
        record::write(&here.change(Mark::Starred(true), 3), &mut there);
        std::fs::write(copy(2), there).expect("a file");
        assert_eq!(here.log.read_new().problems.len(), 1);
        here.log.write(Vec::new()).expect("kept");
        assert_ne!(here.log.device.name, name);
        std::fs::remove_file(path).expect("gone");
        [1, 2].into_iter().for_each(|number| std::fs::remove_file(copy(number)).expect("gone"));
        assert_eq!(starred(&all_of(&marks.folder)), [1, 2, 3], "the new file contains all records");
    }

    #[test]
    fn records_missing_from_an_older_copy_are_restored() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop-00000001.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        here.star(1);
        let older = std::fs::read(&path).expect("a file");
        here.star(2);
        here.log.read_new();
        let replacements: [&Overwrite; 10] = [
            &|path, older| std::fs::write(path, older).expect("a file"),
            // Same size: the last records are missing, or some in the middle.
            &|path, older| {
                let length = path.metadata().expect("a file").len() as usize;
                let filled = [older.repeat(1 + length / older.len()), vec![b'\n'; length]].concat();
                in_place(path, &filled[..length]);
            },
            &|path, _| {
                let text = std::fs::read(path).expect("a file");
                let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
                in_place(path, &[&lines[..1], &lines[2..3], &lines[2..]].concat().concat());
            },
            // Longer, with records of another device; with the old mtime; with the same beginning.
            &|path, _| in_place(path, &other_records(500)),
            &|path, older| {
                let modified = path.metadata().and_then(|metadata| metadata.modified()).expect("a time");
                let length = path.metadata().expect("a file").len() as usize;
                std::fs::write(path, &[older, &other_records(length)].concat()[..length]).expect("a file");
                let file = std::fs::OpenOptions::new().write(true).open(path).expect("a file");
                file.set_modified(modified).expect("set");
            },
            &|path, older| in_place(path, &[older, &other_records(500)].concat()),
            &|path, older| {
                std::fs::write(path.with_extension("new"), older).expect("a file");
                std::fs::rename(path.with_extension("new"), path).expect("a file");
            },
            &|path, _| std::fs::remove_file(path).expect("a file"),
            &|path, _| std::fs::write(path, "").expect("a file"),
            &|path, _| std::fs::remove_dir_all(path.parent().expect("a folder")).expect("gone"),
        ];
        for (number, replace) in (10..).zip(replacements) {
            here.star(number);
            here.log.read_new();
            replace(&path, &older);
            // Alternately, the next read or the next mark comes first.
            let next = number + 20;
            if number % 2 == 1 {
                here.star(next);
            }
            here.log.read_new();
            here.log.write(Vec::new()).expect("kept");
            here.star(next);
            let all: Vec<u64> = [1, 2].into_iter().chain(10..=number).chain(30..=next).collect();
            let there = starred(&all_of(folder.path()));
            assert!(all.iter().all(|number| there.contains(number)), "{number}: {there:?}");
            assert_eq!(here.log.unwritten(), 0);
        }
    }

    #[test]
    fn compacting_through_a_link_keeps_the_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (link, target) = (folder.path().join("marks/laptop-00000001.marks"), folder.path().join("dotfiles"));
        std::fs::create_dir(folder.path().join("marks")).expect("a folder");
        std::fs::write(&target, "").expect("a file");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        let mut here = Writer::new(&folder.path().join("marks"), "laptop", 1);
        (0..5000).for_each(|_| here.star(2));
        here.log.compact_above = 1;
        here.log.compact().expect("compacted");
        here.star(3);
        assert!(link.symlink_metadata().expect("it is there").is_symlink());
        assert!(target.metadata().expect("it is there").len() < 1000);
        assert_eq!(starred(&all_of(&folder.path().join("marks"))), [2, 3]);
    }

    #[test]
    fn temporary_files_of_dead_writers_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |writer: u32| folder.path().join(format!("laptop-00000001.marks.tmp-{writer}"));
        let (dead, alive) = (of(u32::MAX), of(std::process::id()));
        [&dead, &alive].into_iter().for_each(|path| std::fs::write(path, "").expect("a file"));
        let here = Writer::new(folder.path(), "laptop", 1);
        let now = RealFileSystem.id(&dead).expect("it is there").modified.0;
        here.log.remove_stale_temporaries(now + STALE_SECONDS - 1);
        assert!(dead.exists());
        here.log.remove_stale_temporaries(now + STALE_SECONDS + 1);
        assert!(!dead.exists() && alive.exists());
    }
}
