//! Marks on disk: a folder with one file for each device, to which records are appended, and which merge without conflict.
//!
//! A device writes to its own file alone and reads all of them, so the folder may be carried from machine to machine by
//! anything that copies files; also copies that such a program made of a conflict are read. Instances on one device share
//! its file: each record is one write under a lock, at the end of the file that has the name at that moment.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::device::Named;
use super::disk::{Disk, FileId, RealDisk};
use super::marks_contents::Contents;
use super::marks_record as record;
use super::walk;
use crate::feed::{Change, Device, Marks, Problem, clean};

/// The ending of the files.
const ENDING: &str = "marks";
/// The size of a file that is not worth being written anew, in bytes.
const SMALL: u64 = 1 << 16;
/// A file is written anew when it is so many times as large as what is still of use in it.
const TOO_LARGE: u64 = 4;
/// How far apart the lock is asked for, and for how long: others have it for the time of a write, or while the file is written
/// anew, which on a busy disk takes a while.
const APART: Duration = Duration::from_millis(2);
const PATIENCE: Duration = Duration::from_secs(1);
/// After how long a temporary file whose writer is gone is removed, in seconds.
const STALE: i64 = 3600;

/// Why marks are not on disk.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", clean::path(.path), walk::words_for(.why))]
pub struct NotKept {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system says.
    pub why: io::Error,
}

/// The marks of a reader on disk.
#[derive(Debug)]
pub struct MarksLog {
    disk: Box<dyn Disk>,
    folder: PathBuf,
    own: PathBuf,
    open: Option<File>,
    /// How far each file was read.
    read: HashMap<PathBuf, Read>,
    /// Changes that are not written.
    waiting: Vec<Change>,
    /// Changes that are written, but may not be on the disk yet.
    written: Vec<Change>,
    /// All changes of this session: should our file be replaced by an older copy, they are written again.
    session: Vec<Change>,
    /// The size of our file that is not worth being written anew, in bytes.
    small: u64,
    /// The size from which on it is.
    too_large: u64,
    /// Bytes of our file were damaged, and are to be set aside.
    to_mend: bool,
    /// Our file was written by a later version.
    is_later: bool,
    /// The file system knows no locks.
    no_locks: bool,
    /// How long the lock is waited for.
    patience: Duration,
}

/// How far a file was read.
#[derive(Clone, Copy, Debug)]
struct Read {
    id: FileId,
    /// Bytes up to the last line end that was read.
    to: u64,
    /// It was said that the file is damaged.
    told: bool,
}

/// What reading brought.
#[derive(Debug, Default)]
pub struct News {
    /// Marks that were not known before; some of them may be.
    pub marks: Marks,
    /// What is wrong with files.
    pub problems: Vec<Problem>,
}

/// Where marks are, and which device writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarksFolder {
    /// The folder.
    pub folder: PathBuf,
    /// The file with the name of this device.
    pub device: PathBuf,
}

impl MarksFolder {
    /// The marks, of which nothing is read yet, and the device. A device that has no name gets one.
    pub fn open(&self) -> (MarksLog, Device) {
        let named = Named::find(&self.device);
        (MarksLog::new(RealDisk, &self.folder, &named), named.device)
    }
}

/// Reads the marks in a folder, without a thought of writing any.
pub fn read(folder: &Path) -> News {
    let nobody = Named { name: String::new(), device: Device::default() };
    MarksLog::new(RealDisk, folder, &nobody).news()
}

impl MarksLog {
    /// The marks in a folder, of which nothing is read yet, and which need not be there.
    pub fn new(disk: impl Disk + 'static, folder: &Path, device: &Named) -> MarksLog {
        let own = folder.join(format!("{}.{ENDING}", device.name));
        MarksLog {
            disk: Box::new(disk),
            folder: folder.to_owned(),
            own,
            open: None,
            read: HashMap::new(),
            waiting: Vec::new(),
            written: Vec::new(),
            session: Vec::new(),
            small: SMALL,
            too_large: SMALL,
            to_mend: false,
            is_later: false,
            no_locks: false,
            patience: PATIENCE,
        }
    }

    /// Has our file written anew already when it has so many bytes, and most of them are of no use.
    pub fn tidied_from(self, bytes: u64) -> MarksLog {
        MarksLog { small: bytes, too_large: bytes, ..self }
    }

    /// Waits so long for another instance that has our file locked: for those who do not try again later.
    pub fn patient(self, patience: Duration) -> MarksLog {
        MarksLog { patience, ..self }
    }

    /// Changes that are not written yet.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    // Reading.

    /// Reads what is new since the last time, in the files of all devices. A folder that is not there holds no marks.
    pub fn news(&mut self) -> News {
        let mut news = News::default();
        let mut paths = match self.disk.list(&self.folder) {
            Ok(paths) => paths,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                let what = format!("the marks cannot be read: {}", walk::words_for(&error));
                news.problems.push(problem(&self.folder, &what, "nothing is known of what was read before"));
                return news;
            }
        };
        paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
        paths.sort();
        if self.read.contains_key(&self.own) && !paths.contains(&self.own) {
            self.read.remove(&self.own);
            self.write_again(&Marks::default());
        }
        for path in paths {
            self.read_file(&path, &mut news);
        }
        news
    }

    fn read_file(&mut self, path: &Path, news: &mut News) {
        let is_own = path == self.own;
        let known = self.read.get(path).copied();
        let Ok(id) = self.disk.id(path) else { return };
        if known.is_some_and(|known| known.id == id) {
            return;
        }
        // To our own file records are only appended; what else happens to it, and to those of others, is not known.
        let grown = known.filter(|known| is_own && known.id.inode == id.inode && known.to <= id.size);
        let from = grown.map_or(0, |known| known.to);
        let told = known.is_some_and(|known| known.told);
        let bytes = match self.disk.read(path, from) {
            Ok(bytes) => bytes,
            Err(error) => {
                if !told {
                    let what = format!("the marks cannot be read: {}", walk::words_for(&error));
                    news.problems.push(problem(path, &what, "the marks in other files are known"));
                }
                // A failure is no state: it is tried again.
                self.read.insert(path.to_owned(), Read { id: FileId::default(), to: 0, told: true });
                return;
            }
        };
        let contents = Contents::of(&bytes);
        if is_own && from == 0 {
            // About as many bytes as fields are of use; to write all of them to know would take long.
            let useful = id.size.saturating_mul(contents.marks.fields() as u64) / contents.fields.max(1);
            self.too_large = self.small.max(TOO_LARGE * useful);
            self.write_again(&contents.marks);
        }
        news.marks.merge(&contents.marks);
        let damaged = !contents.damaged.is_empty();
        if damaged && !told {
            let (count, s) = (contents.damaged.len(), if contents.damaged.len() == 1 { "" } else { "s" });
            let what = format!("{count} damaged record{s}; all others are known");
            let hint = match is_own {
                true => format!("the damaged ones are set aside beside it, in {}", clean::path(&self.aside())),
                false => "the device that writes it sets them aside".to_owned(),
            };
            news.problems.push(problem(path, &what, &hint));
        }
        self.to_mend |= is_own && damaged;
        self.is_later |= is_own && contents.is_later();
        self.read.insert(path.to_owned(), Read { id, to: from + contents.length, told: told || damaged });
    }

    // Writing.

    /// Has those changes of this session written again that our file, as it is now, does not hold.
    fn write_again(&mut self, held: &Marks) {
        let missing = self.session.iter().filter(|change| !held.covers(change) && !self.waiting.contains(change));
        let missing: Vec<Change> = missing.cloned().collect();
        self.waiting.extend(missing);
    }

    /// Writes changes, and those that could not be written before. What cannot be written waits for the next time.
    pub fn keep(&mut self, changes: Vec<Change>) -> Result<(), NotKept> {
        self.session.extend_from_slice(&changes);
        self.waiting.extend(changes);
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        self.waiting.iter().for_each(|change| record::write(change, &mut bytes));
        let appended = self.append(&bytes);
        if appended.is_ok() {
            self.written.append(&mut self.waiting);
        } else {
            self.open = None;
        }
        appended.map_err(|why| self.not_kept(why))
    }

    /// Waits until all that was written is on the disk. What may not be is written again.
    pub fn sync(&mut self) -> Result<(), NotKept> {
        if self.written.is_empty() {
            return Ok(());
        }
        let synced = self.open.as_ref().map(|file| self.disk.sync(file));
        if matches!(synced, Some(Ok(()))) {
            self.written.clear();
            return Ok(());
        }
        // After a failure the system forgets what it could not write; and a file that was closed cannot be asked.
        let again = std::mem::take(&mut self.written);
        self.waiting.splice(..0, again);
        self.open = None;
        match synced {
            Some(Err(why)) => Err(self.not_kept(why)),
            _ => self.keep(Vec::new()).and_then(|()| self.sync()),
        }
    }

    fn not_kept(&self, why: io::Error) -> NotKept {
        NotKept { path: self.own.clone(), why }
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = self.locked()?;
        let appended = self.append_to(&file, bytes);
        self.release(file);
        appended
    }

    /// Gives the lock back. One that cannot be given back ends with the file.
    fn release(&mut self, file: File) {
        if self.no_locks || self.disk.unlock(&file).is_ok() {
            self.open = Some(file);
        }
    }

    fn append_to(&mut self, file: &File, bytes: &[u8]) -> io::Result<()> {
        let before = self.disk.id_of(file)?;
        let mut start = if before.size == 0 { record::header() } else { self.end_of_line(before)? };
        start.extend(bytes);
        self.write(file, &start)?;
        // What we wrote ourselves need not be read, when all before it was.
        let (to, told) = self.read.get(&self.own).map_or((0, false), |read| (read.to, read.told));
        if to == before.size
            && let Ok(id) = self.disk.id_of(file)
        {
            self.read.insert(self.own.clone(), Read { id, to: id.size, told });
        }
        Ok(())
    }

    /// Writes all of it: by one call, unless the disk takes less.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.disk.write(file, rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// What must stand before a record: nothing after a line end; else a line was not written whole, and is ended.
    fn end_of_line(&self, id: FileId) -> io::Result<Vec<u8>> {
        if self.disk.read(&self.own, id.size - 1)? == b"\n" {
            return Ok(Vec::new());
        }
        let bytes = self.disk.read(&self.own, 0)?;
        let start = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let ending: &[u8] = if record::is_whole(&bytes[start..]) { b"" } else { record::TORN };
        Ok([ending, b"\n"].concat())
    }

    /// Our file, open and locked, and surely the one that has its name.
    fn locked(&mut self) -> io::Result<File> {
        let begun = Instant::now();
        loop {
            let file = match self.open.take() {
                Some(file) => file,
                None => {
                    self.disk.make_folder(&self.folder)?;
                    self.choose_file()?;
                    let file = self.disk.open(&self.own)?;
                    // A new name is on the disk only with its folder. Some file systems cannot say so.
                    let _ = self.disk.sync_folder(&self.folder);
                    file
                }
            };
            let locked = match self.disk.lock(&file) {
                // Appending is safe enough without: the system writes at the end. Writing anew is not.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    self.no_locks = true;
                    true
                }
                locked => locked?,
            };
            if !locked {
                self.open = Some(file);
                if begun.elapsed() >= self.patience {
                    return Err(io::Error::new(io::ErrorKind::WouldBlock, "another instance keeps the file locked"));
                }
                std::thread::sleep(APART);
                continue;
            }
            let (held, named) = (self.disk.id_of(&file)?, self.disk.id(&self.own));
            if named.is_ok_and(|named| named.inode == held.inode) {
                return Ok(file);
            }
            // It was written anew meanwhile. Closing the old one gives its lock back.
            if begun.elapsed() >= self.patience {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "the file is replaced all the time"));
            }
        }
    }

    /// A file that a later version writes is read and never written: then ours has another name.
    fn choose_file(&mut self) -> io::Result<()> {
        let inode = self.disk.id(&self.own).map(|id| id.inode).ok();
        if self.read.get(&self.own).map(|read| read.id.inode) != inode {
            self.is_later = match self.disk.read(&self.own, 0) {
                Ok(bytes) => Contents::of(&bytes).is_later(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                Err(error) => return Err(error),
            };
        }
        if std::mem::take(&mut self.is_later) {
            let name = self.own.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            self.own = self.folder.join(format!("{name}-v{}.{ENDING}", record::VERSION));
        }
        Ok(())
    }

    // Writing anew.

    /// Writes our file anew when most of it is of no use any more, or some of it is damaged; what is damaged is set aside
    /// first. When that fails, the old file stays as it is.
    pub fn tidy(&mut self) -> Result<(), NotKept> {
        let Ok(id) = self.disk.id(&self.own) else { return Ok(()) };
        if !self.to_mend && id.size < self.too_large {
            return Ok(());
        }
        let file = self.locked().map_err(|why| self.not_kept(why))?;
        let tidied = if self.no_locks { Ok(()) } else { self.write_anew() };
        // The next to write sees by its inode when this is not the file any more.
        self.release(file);
        tidied.map_err(|why| self.not_kept(why))
    }

    fn write_anew(&mut self) -> io::Result<()> {
        // A link stays a link: what it leads to is replaced.
        let target = std::fs::canonicalize(&self.own).unwrap_or_else(|_| self.own.clone());
        let bytes = self.disk.read(&target, 0)?;
        let contents = Contents::of(&bytes);
        if contents.is_later() {
            return Ok(());
        }
        let mut new = record::header();
        contents.marks.changes().iter().for_each(|change| record::write(change, &mut new));
        contents.unknown.iter().for_each(|payload| record::line(payload, &mut new));
        self.too_large = self.small.max(TOO_LARGE * new.len() as u64);
        let mends = !contents.damaged.is_empty();
        // What another instance has mended since is not damaged any more.
        self.to_mend = mends;
        if !mends && (bytes.len() as u64) < self.too_large {
            return Ok(());
        }
        if mends {
            self.set_aside(&contents.damaged)?;
        }
        let folder = target.parent().unwrap_or(&self.folder).to_owned();
        let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let temporary = folder.join(format!("{name}.tmp-{}", std::process::id()));
        let written = self.write_whole(&temporary, &new).and_then(|()| self.disk.rename(&temporary, &target));
        if written.is_err() {
            let _ = self.disk.remove(&temporary);
            return written;
        }
        self.to_mend = false;
        let synced = self.disk.sync_folder(&folder);
        // What was written before is in the new file, which is synced.
        self.written.clear();
        // It may hold what others wrote and we have not read.
        self.read.remove(&self.own);
        synced
    }

    fn write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let file = match self.disk.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Ours, of an earlier try, or of a process that is gone and had our number.
                self.disk.remove(path)?;
                self.disk.create(path)?
            }
            created => created?,
        };
        self.write(&file, bytes)?;
        self.disk.sync(&file)
    }

    /// Where damaged records are kept.
    fn aside(&self) -> PathBuf {
        self.own.with_extension("damaged")
    }

    fn set_aside(&self, damaged: &[&[u8]]) -> io::Result<()> {
        let file = self.disk.open(&self.aside())?;
        let mut bytes = damaged.join(&b'\n');
        bytes.push(b'\n');
        self.write(&file, &bytes)?;
        self.disk.sync(&file)
    }

    /// Removes temporary files that processes left which are gone.
    pub fn sweep(&self, now: i64) {
        for path in self.disk.list(&self.folder).unwrap_or_default() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some((_, writer)) = name.rsplit_once(&format!(".{ENDING}.tmp-")) else { continue };
            let old = self.disk.id(&path).is_ok_and(|id| id.modified.0 < now - STALE);
            let gone = !Path::new("/proc").join(writer).exists();
            if old && gone {
                let _ = self.disk.remove(&path);
            }
        }
    }
}

fn problem(path: &Path, what: &str, hint: &str) -> Problem {
    Problem { path: path.to_owned(), ..Problem::warning(None, what, hint) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::super::disk::RealDisk;
    use super::*;
    use crate::feed::{ArticleId, Clock, Device, Mark};

    fn id(number: u64) -> ArticleId {
        format!("{number:016x}").parse().expect("an id")
    }

    struct Writer {
        log: MarksLog,
        clock: Clock,
    }

    impl Writer {
        fn new(folder: &Path, name: &str, device: u32) -> Writer {
            let named = Named { name: name.to_owned(), device: Device(device) };
            Writer { log: MarksLog::new(RealDisk, folder, &named), clock: Clock::new(Device(device)) }
        }

        fn change(&mut self, mark: Mark, article: u64) -> Change {
            let now = "2026-11-24T04:00:23Z".parse().expect("a time");
            Change { stamp: self.clock.tick(now), mark, articles: vec![id(article)] }
        }

        fn star(&mut self, article: u64) {
            let change = self.change(Mark::Starred(true), article);
            self.log.keep(vec![change]).expect("kept");
        }
    }

    fn starred(news: &News) -> Vec<u64> {
        (0..100).filter(|number| news.marks.is_starred(id(*number))).collect()
    }

    fn all_of(folder: &Path) -> News {
        Writer::new(folder, "reader", 99).log.news()
    }

    #[test]
    fn instances_and_devices_see_what_the_others_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("not/there/yet");
        let mut here = Writer::new(&folder, "laptop", 1);
        let (mut again, mut there) = (Writer::new(&folder, "laptop", 1), Writer::new(&folder, "phone", 2));
        assert_eq!(starred(&here.log.news()), [0u64; 0]);
        here.star(1);
        again.star(2);
        there.star(3);
        assert_eq!(starred(&here.log.news()), [2, 3], "not what it wrote itself");
        assert_eq!(starred(&here.log.news()), [0u64; 0], "nothing is read twice");
        again.star(4);
        assert_eq!(starred(&here.log.news()), [4]);
        assert_eq!(starred(&all_of(&folder)), [1, 2, 3, 4]);
        let mode =
            |path: &Path| std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("it is there").permissions());
        assert_eq!((mode(&folder) & 0o777, mode(&folder.join("laptop.marks")) & 0o777), (0o700, 0o600));
    }

    #[test]
    fn a_file_of_little_use_is_written_anew_while_others_write_to_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut here, mut again) = (Writer::new(folder.path(), "laptop", 1), Writer::new(folder.path(), "laptop", 1));
        for round in 0..3000 {
            let change = here.change(Mark::Starred(round % 2 == 1), 1);
            here.log.keep(vec![change]).expect("kept");
        }
        again.star(2);
        let size = || folder.path().join("laptop.marks").metadata().expect("a file").len();
        here.log.small = 1000;
        here.log.too_large = 1000;
        let before = size();
        here.log.tidy().expect("tidied");
        assert!(before > 100_000 && size() < 300, "{before} to {}", size());
        // The other one still holds the old file.
        again.star(3);
        here.star(4);
        assert_eq!(starred(&all_of(folder.path())), [1, 2, 3, 4]);
        assert_eq!(starred(&again.log.news()), [1, 2, 3, 4], "it reads the new file from its start");
        assert!(
            starred(&here.log.news()).contains(&2),
            "nor does the one that wrote it anew miss what the other wrote"
        );
    }

    #[test]
    fn damage_is_told_and_set_aside_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        (1..=3).for_each(|article| here.star(article));
        let text =
            std::fs::read_to_string(&path).expect("text").replacen("star 0000000000000002", "star 0000000000000007", 1);
        std::fs::write(&path, format!("{text}<<<<<<< ours\n")).expect("a file");
        let mut late = Writer::new(folder.path(), "laptop", 1);
        late.log.news();
        let mut here = Writer::new(folder.path(), "laptop", 1);
        let news = here.log.news();
        assert_eq!(starred(&news), [1, 3]);
        assert_eq!(news.problems[0].what.as_str(), "2 damaged records; all others are known");
        here.log.tidy().expect("tidied");
        here.star(4);
        let aside = std::fs::read_to_string(path.with_extension("damaged")).expect("it was set aside");
        assert!(aside.contains("star 0000000000000007") && aside.ends_with("<<<<<<< ours\n"), "{aside}");
        let news = all_of(folder.path());
        assert_eq!((starred(&news), news.problems.len()), (vec![1, 3, 4], 0));
        // An instance that saw the damage too has nothing to mend any more, and looks at the file no more than once.
        late.log.tidy().expect("tidied");
        assert!(!late.log.to_mend);
    }

    #[test]
    fn a_record_that_was_not_written_whole_is_ended_and_forgotten() {
        for torn in
            ["30 becf18c7 01a2", "3", "\0\0\0\0", "30 becf18c7 01a20bb63fd8.0000.000000fe star 0000000000000001"]
        {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("laptop.marks");
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
    fn a_later_format_is_read_and_never_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop.marks");
        let mut later = Vec::new();
        record::line(b"frontpage marks 2", &mut later);
        record::line(b"01a20bb63fd8.0000.000000fe star 0000000000000001", &mut later);
        later.extend(b"a line of another kind\n");
        std::fs::write(&path, &later).expect("a file");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        let news = here.log.news();
        assert_eq!((starred(&news), news.problems.len()), (vec![1], 0));
        here.star(2);
        here.log.too_large = 1;
        here.log.tidy().expect("tidied");
        assert_eq!(std::fs::read(&path).expect("a file"), later);
        assert_eq!(starred(&all_of(folder.path())), [1, 2]);
        Writer::new(folder.path(), "laptop", 1).star(3);
        assert_eq!(std::fs::read(&path).expect("a file"), later);
        assert_eq!(starred(&all_of(folder.path())), [1, 2, 3]);
    }

    #[test]
    fn a_file_that_a_later_version_takes_over_meanwhile_is_not_written_any_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        here.star(1);
        here.log.news();
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
    fn copies_of_a_conflict_are_read_and_what_is_unknown_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        here.star(1);
        std::fs::copy(&path, folder.path().join("laptop.sync-conflict-20261124-040023-ABCDEFG.marks")).expect("a copy");
        std::fs::remove_file(&path).expect("gone");
        here.star(2);
        assert_eq!(starred(&all_of(folder.path())), [1, 2]);
        let mut unknown = std::fs::read(&path).expect("a file");
        record::line(b"01a20bb63fd8.0000.000000fe folded 0000000000000001", &mut unknown);
        std::fs::write(&path, &unknown).expect("a file");
        here.log.too_large = 1;
        (0..5000).for_each(|_| here.star(2));
        here.log.tidy().expect("tidied");
        let tidied = std::fs::read_to_string(&path).expect("text");
        assert!(tidied.len() < 1000 && tidied.contains("folded"), "{tidied}");
    }

    #[test]
    fn what_an_older_copy_does_not_hold_is_written_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("laptop.marks");
        let mut here = Writer::new(folder.path(), "laptop", 1);
        here.star(1);
        let older = std::fs::read(&path).expect("a file");
        here.star(2);
        here.log.news();
        let replacements: [fn(&Path, &[u8]); 5] = [
            |path, older| std::fs::write(path, older).expect("a file"),
            |path, older| {
                std::fs::write(path.with_extension("new"), older).expect("a file");
                std::fs::rename(path.with_extension("new"), path).expect("a file");
            },
            |path, _| std::fs::remove_file(path).expect("a file"),
            |path, _| std::fs::write(path, "").expect("a file"),
            |path, _| std::fs::remove_dir_all(path.parent().expect("a folder")).expect("gone"),
        ];
        for (number, replace) in (10..).zip(replacements) {
            here.star(number);
            here.log.news();
            replace(&path, &older);
            here.log.news();
            here.log.keep(Vec::new()).expect("kept");
            let all: Vec<u64> = [1, 2].into_iter().chain(10..=number).collect();
            assert_eq!(starred(&all_of(folder.path())), all);
            assert_eq!(here.log.waiting(), 0);
        }
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (link, target) = (folder.path().join("marks/laptop.marks"), folder.path().join("dotfiles"));
        std::fs::create_dir(folder.path().join("marks")).expect("a folder");
        std::fs::write(&target, "").expect("a file");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        let mut here = Writer::new(&folder.path().join("marks"), "laptop", 1);
        (0..5000).for_each(|_| here.star(2));
        here.log.too_large = 1;
        here.log.tidy().expect("tidied");
        here.star(3);
        assert!(link.symlink_metadata().expect("it is there").is_symlink());
        assert!(target.metadata().expect("it is there").len() < 1000);
        assert_eq!(starred(&all_of(&folder.path().join("marks"))), [2, 3]);
    }

    #[test]
    fn what_dead_writers_left_is_swept_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let of = |writer: u32| folder.path().join(format!("laptop.marks.tmp-{writer}"));
        let (dead, alive) = (of(u32::MAX), of(std::process::id()));
        [&dead, &alive].into_iter().for_each(|path| std::fs::write(path, "").expect("a file"));
        let here = Writer::new(folder.path(), "laptop", 1);
        let now = RealDisk.id(&dead).expect("it is there").modified.0;
        here.log.sweep(now + STALE - 1);
        assert!(dead.exists());
        here.log.sweep(now + STALE + 1);
        assert!(!dead.exists() && alive.exists());
    }
}
