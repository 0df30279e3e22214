//! Marks on disk: no saved mark is lost, whichever process is killed, whatever the disk returns, and whatever happens to the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark, Marks};
use frontpage::file_system::{FileId, FileSystem, RealFileSystem};
use frontpage::library::device_id::DeviceName;
use frontpage::library::marks_log::{self, MarksLog};
use tempfile::TempDir;

use crate::harness::faulty_disk::{Fault, FaultyDisk, NO_SPACE};
use crate::harness::helper::helper;
use crate::harness::random::Random;
use crate::harness::reader::now;
use crate::rounds;

fn id(number: u64) -> ArticleId {
    format!("{number:016x}").parse().expect("an id")
}

fn named(number: u32) -> DeviceName {
    DeviceName { name: format!("test-{number:08x}"), device: DeviceId(number) }
}

fn star(clock: &mut HybridClock, number: u64) -> Change {
    Change { stamp: clock.tick(now()), mark: Mark::Starred(true), articles: vec![id(number)] }
}

fn starred(marks: &Marks) -> BTreeSet<u64> {
    let ids = marks.articles().into_iter().filter(|id| marks.is_starred(*id));
    ids.map(|id| u64::from_str_radix(&id.to_string(), 16).expect("a number")).collect()
}

// Killing.

/// A record as it is written in a file.
fn line_of(change: &Change) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let mut log = MarksLog::new(RealFileSystem, folder.path(), &named(1));
    log.write(vec![change.clone()]).unwrap();
    let text = std::fs::read(folder.path().join("test-00000001.marks")).unwrap();
    let start = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    text[start..].to_vec()
}

struct Writer {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    kept: Vec<u64>,
}

impl Writer {
    fn start(folder: &Path, first: u64, how: &str) -> Writer {
        let mut command = Command::new(helper());
        command.arg(how).arg(folder).arg(first.to_string()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Writer { child, out, kept: Vec::new() }
    }

    /// Reads a line. False at the end.
    fn hear(&mut self) -> bool {
        let mut line = String::new();
        if self.out.read_line(&mut line).unwrap() == 0 {
            return false;
        }
        // A line that was cut by the kill does not count.
        let whole = line.strip_suffix('\n').and_then(|line| line.rsplit_once("kept "));
        self.kept.extend(whole.and_then(|(_, number)| number.parse::<u64>().ok()));
        true
    }

    /// Waits until it has saved this many marks.
    fn await_kept(&mut self, marks: usize) {
        while self.kept.len() < marks {
            assert!(self.hear(), "the writer ended by itself");
        }
    }

    /// Kills it, and returns the marks that it reported as saved.
    fn kill(mut self) -> Vec<u64> {
        self.child.kill().unwrap();
        while self.hear() {}
        self.child.wait().unwrap();
        self.kept
    }
}

/// The result of killing writers.
#[derive(Debug, Default)]
struct Killed {
    rounds: u64,
    /// Marks that were reported as saved and are lost.
    lost: usize,
    /// Files that are damaged.
    damaged: usize,
    /// How often a file was rewritten.
    rewrites: usize,
}

/// Kills `writers` writers in each round and reads what they left, until files were rewritten `rewrites` times: in `rounds` rounds
/// at least, in four times as many at most.
fn kill_writers(rounds: u64, rewrites: usize, writers: u64, how: &str, seed: u64) -> Killed {
    let mut random = Random::new(seed);
    let mut killed = Killed::default();
    let mut folder = TempDir::new().unwrap();
    let mut kept: BTreeSet<u64> = BTreeSet::new();
    let mut inode = 0;
    for round in 0..4 * rounds {
        if round >= rounds && killed.rewrites >= rewrites {
            break;
        }
        killed.rounds += 1;
        if round % 40 == 0 {
            (folder, kept) = (TempDir::new().unwrap(), BTreeSet::new());
        }
        let first = |writer: u64| (round * writers + writer + 1) << 20;
        let mut started: Vec<Writer> =
            (0..writers).map(|writer| Writer::start(folder.path(), first(writer), how)).collect();
        // The kill comes after some marks, not after a time: the moment must not depend on the speed of the writer.
        let marks = 1 + random.roll(4);
        started.iter_mut().for_each(|writer| writer.await_kept(marks));
        std::thread::sleep(Duration::from_micros(random.roll(1500) as u64));
        kept.extend(started.into_iter().flat_map(Writer::kill));
        let news = marks_log::read(folder.path());
        let there = starred(&news.marks);
        killed.lost += kept.difference(&there).count();
        killed.damaged += news.problems.len();
        let own = RealFileSystem.id(&folder.path().join("test-00000001.marks")).unwrap().inode;
        killed.rewrites += usize::from(std::mem::replace(&mut inode, own) != own);
    }
    killed
}

#[track_caller]
fn assert_kills_lose_nothing(rounds: u64, writers: u64) {
    let rewrites = rounds as usize / 10;
    let killed = kill_writers(rounds, rewrites, writers, "write-marks", writers);
    println!("{killed:?}");
    assert_eq!((killed.lost, killed.damaged), (0, 0));
    assert!(killed.rewrites >= rewrites, "{killed:?}");
}

rounds!(a_kill_loses_no_saved_mark, 10, 2_000);

fn a_kill_loses_no_saved_mark(rounds: u64) {
    assert_kills_lose_nothing(rounds, 1);
}

rounds!(killing_two_writers_loses_no_saved_mark, 10, 1_000);

fn killing_two_writers_loses_no_saved_mark(rounds: u64) {
    assert_kills_lose_nothing(rounds, 2);
}

#[test]
fn the_checks_notice_marks_lost_by_writing_in_place() {
    let spoilt = |seed| {
        let killed = kill_writers(10, 0, 2, "write-marks-in-place", seed);
        killed.lost + killed.damaged > 0
    };
    assert!((0..20).any(spoilt), "a test that cannot fail proves nothing");
}

// Failing disks.

const FAULTS: [Fault; 6] = [
    Fault::Once(NO_SPACE),
    Fault::FromThenOn(NO_SPACE),
    Fault::Once(rustix::io::Errno::IO.raw_os_error()),
    Fault::FromThenOn(rustix::io::Errno::IO.raw_os_error()),
    Fault::Once(rustix::io::Errno::INTR.raw_os_error()),
    Fault::Short,
];

rounds!(any_failing_file_call_is_reported_and_loses_no_saved_mark, 1, FAULTS.len());

/// With this many of the faults.
fn any_failing_file_call_is_reported_and_loses_no_saved_mark(faults: usize) {
    let mut points = 0;
    for fault in FAULTS.into_iter().rev().take(faults) {
        for at in 1.. {
            let folder = TempDir::new().unwrap();
            let folder = folder.path().join("marks");
            let disk = FaultyDisk::new(fault, at);
            let mut log = MarksLog::new(disk.clone(), &folder, &named(1)).compacting_from(300);
            let mut clock = HybridClock::new(DeviceId(1));
            let (mut wanted, mut kept, mut told) = (BTreeSet::new(), BTreeSet::new(), false);
            let there = || starred(&marks_log::read(&folder).marks);
            told |= !log.read_new().problems.is_empty();
            for number in 1..=12 {
                wanted.insert(number);
                match log.write(vec![star(&mut clock, number), star(&mut clock, 99)]) {
                    Ok(()) => kept.extend(wanted.iter().copied()),
                    Err(_) => told = true,
                }
                told |= number % 3 == 0 && log.sync().is_err();
                told |= number % 4 == 0 && log.compact().is_err();
                told |= !log.read_new().problems.is_empty();
                let lost: Vec<u64> = kept.difference(&there()).copied().collect();
                assert!(lost.is_empty(), "{fault:?} at call {at}: lost {lost:?} after {number}");
            }
            wanted.insert(99);
            let fired = disk.has_fired();
            assert!(told || there() == wanted, "{fault:?} at call {at}: a mark is missing and no error was reported");
            disk.heal();
            log.write(Vec::new()).expect("the disk works again");
            log.sync().expect("the disk works again");
            log.compact().expect("the disk works again");
            let news = marks_log::read(&folder);
            assert_eq!(starred(&news.marks), wanted, "{fault:?} at call {at}");
            assert_eq!(news.problems, [], "{fault:?} at call {at}");
            if !fired {
                break;
            }
            points += 1;
        }
    }
    assert!(points > 500 * faults / FAULTS.len(), "{points} points of failure");
}

#[test]
fn without_locks_records_are_still_appended() {
    let folder = TempDir::new().unwrap();
    let disk = FaultyDisk::new(Fault::NoLocks, 0);
    let log = || MarksLog::new(disk.clone(), folder.path(), &named(1)).compacting_from(300);
    let (mut one, mut other) = (log(), log());
    let mut clock = HybridClock::new(DeviceId(1));
    for number in 1..=50 {
        one.write(vec![star(&mut clock, number), star(&mut clock, 99)]).unwrap();
        other.write(vec![star(&mut clock, 100 + number)]).unwrap();
        one.compact().unwrap();
    }
    assert_eq!(starred(&marks_log::read(folder.path()).marks).len(), 101);
}

// Power.

/// The calls to a disk in their order. Files are numbered in the order of their creation.
#[derive(Clone, Debug)]
enum Call {
    Name(PathBuf, usize),
    Write(usize, Vec<u8>),
    Sync(usize),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    SyncFolder,
    /// Not a call: all marks up to this one were reported to be on the disk.
    Said(u64),
}

/// A disk that records its calls.
#[derive(Clone, Debug, Default)]
struct Recorder {
    calls: Arc<Mutex<Vec<Call>>>,
    /// The inodes of the files by their numbers.
    inodes: Arc<Mutex<Vec<u64>>>,
}

impl Recorder {
    fn note(&self, call: Call) {
        self.calls.lock().unwrap().push(call);
    }

    fn made(&self, path: &Path, file: &File) {
        let mut inodes = self.inodes.lock().unwrap();
        inodes.push(RealFileSystem.id_of(file).unwrap().inode);
        self.note(Call::Name(path.to_owned(), inodes.len() - 1));
    }

    /// The number of an open file. An inode that is used again belongs to the newest.
    fn number(&self, file: &File) -> usize {
        let inode = RealFileSystem.id_of(file).unwrap().inode;
        self.inodes.lock().unwrap().iter().rposition(|known| *known == inode).unwrap()
    }
}

impl FileSystem for Recorder {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        RealFileSystem.make_folder(folder)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        RealFileSystem.list(folder)
    }

    fn id(&self, path: &Path) -> io::Result<FileId> {
        RealFileSystem.id(path)
    }

    fn id_of(&self, file: &File) -> io::Result<FileId> {
        RealFileSystem.id_of(file)
    }

    fn read(&self, path: &Path, from: u64) -> io::Result<Vec<u8>> {
        RealFileSystem.read(path, from)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        let is_new = !path.exists();
        let file = RealFileSystem.open(path)?;
        if is_new {
            self.made(path, &file);
        }
        Ok(file)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        let file = RealFileSystem.create(path)?;
        self.made(path, &file);
        Ok(file)
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        RealFileSystem.lock(file)
    }

    fn unlock(&self, file: &File) -> io::Result<()> {
        RealFileSystem.unlock(file)
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        self.note(Call::Write(self.number(file), bytes.to_vec()));
        RealFileSystem.write(file, bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.note(Call::Sync(self.number(file)));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Call::Rename(from.to_owned(), to.to_owned()));
        RealFileSystem.rename(from, to)
    }

    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        self.note(Call::SyncFolder);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note(Call::Remove(path.to_owned()));
        RealFileSystem.remove(path)
    }
}

/// A possible state of a disk after a power failure: the names, their files, and the contents of the files.
#[derive(Clone, Default)]
struct Found {
    names: BTreeMap<PathBuf, usize>,
    contents: Vec<Vec<u8>>,
}

impl Found {
    fn take(&mut self, call: &Call, safe: &mut Found) {
        match call {
            Call::Name(path, file) => {
                self.names.insert(path.clone(), *file);
                self.contents.push(Vec::new());
                safe.contents.push(Vec::new());
            }
            Call::Write(file, bytes) => self.contents[*file].extend(bytes),
            Call::Sync(file) => safe.contents[*file] = self.contents[*file].clone(),
            Call::Rename(from, to) => {
                let file = self.names.remove(from).unwrap();
                self.names.insert(to.clone(), file);
            }
            Call::Remove(path) => drop(self.names.remove(path)),
            Call::SyncFolder => safe.names = self.names.clone(),
            Call::Said(_) => {}
        }
    }

    /// The files that have names, written into a folder.
    fn write(&self, folder: &Path) {
        for (path, file) in &self.names {
            std::fs::write(folder.join(path.file_name().unwrap()), &self.contents[*file]).unwrap();
        }
    }
}

/// The calls to a disk while marks are saved, synced and rewritten.
fn calls() -> Vec<Call> {
    let home = TempDir::new().unwrap();
    let disk = Recorder::default();
    let mut log = MarksLog::new(disk.clone(), home.path(), &named(1)).compacting_from(300);
    let mut clock = HybridClock::new(DeviceId(1));
    for number in 1..=40 {
        let changes = [99, 99, 99, 99, 99, 99, 99, 99, number].map(|number| star(&mut clock, number)).to_vec();
        log.write(changes).unwrap();
        if number % 3 == 0 {
            log.sync().unwrap();
            disk.note(Call::Said(number));
        }
        if number % 4 == 0 {
            log.compact().unwrap();
            log.sync().unwrap();
            disk.note(Call::Said(number));
        }
        log.read_new();
    }
    let calls = disk.calls.lock().unwrap();
    calls.clone()
}

/// Simulates a power failure after each call, and reads the possible states. Returns the number of lost marks.
fn marks_lost_at_a_power_failure(calls: &[Call]) -> usize {
    let (mut now, mut safe, mut said, mut lost) = (Found::default(), Found::default(), 0, 0);
    for call in calls {
        now.take(call, &mut safe);
        if let Call::Said(number) = call {
            said = *number;
        }
        // Data that was not synced may be there, be missing, or be a file of the right length with zeros.
        let pad = |(safe, now): (&Vec<u8>, &Vec<u8>)| [safe.as_slice(), &vec![0; now.len() - safe.len()]].concat();
        let zeros: Vec<Vec<u8>> = safe.contents.iter().zip(&now.contents).map(pad).collect();
        for names in [&safe.names, &now.names] {
            for contents in [&safe.contents, &now.contents, &zeros] {
                let folder = TempDir::new().unwrap();
                Found { names: names.clone(), contents: contents.clone() }.write(folder.path());
                let news = marks_log::read(folder.path());
                let there = starred(&news.marks);
                lost += (1..=said).filter(|number| !there.contains(number)).count();
                assert_eq!(news.problems, [], "after {call:?}");
                let mut again = MarksLog::new(RealFileSystem, folder.path(), &named(1));
                again.write(vec![star(&mut HybridClock::new(DeviceId(1)), 77)]).unwrap();
                let again = marks_log::read(folder.path());
                assert!(starred(&again.marks).is_superset(&there) && again.problems.is_empty());
            }
        }
    }
    lost
}

#[test]
#[ignore = "heavy"]
fn a_power_failure_loses_no_mark_that_was_reported_as_saved() {
    let calls = calls();
    let rewrites = calls.iter().filter(|call| matches!(call, Call::Rename(..))).count();
    assert!(rewrites > 3, "the file was rewritten: {rewrites}");
    assert_eq!(marks_lost_at_a_power_failure(&calls), 0);
    // The test must be able to fail: without any one kind of sync marks are lost.
    let without = |forgotten: fn(&Call, Option<&Call>) -> bool| {
        let kept = calls.iter().enumerate().filter(|(n, call)| !forgotten(call, calls.get(n + 1)));
        marks_lost_at_a_power_failure(&kept.map(|(_, call)| call.clone()).collect::<Vec<_>>())
    };
    assert!(without(|call, next| matches!((call, next), (Call::Sync(_), Some(Call::Rename(..))))) > 0);
    assert!(without(|call, next| matches!((call, next), (Call::Sync(_), Some(Call::Said(_))))) > 0);
    assert!(without(|call, _| matches!(call, Call::SyncFolder)) > 0);
}

// Files that others change.

/// What happens to the file of a device under its writers, given an older state of it and records of others.
fn meddle(random: &mut Random, path: &Path, older: &[u8], others: &[u8]) {
    let now = std::fs::read(path).unwrap_or_default();
    let in_place = |bytes: &[u8]| {
        let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, bytes, 0).unwrap();
    };
    let longer = [older, others].concat();
    match random.roll(9) {
        0 => std::fs::write(path, older).unwrap(),
        1 => std::fs::write(path, b"").unwrap(),
        2 => std::fs::write(path, &now[..random.roll(now.len() + 1)]).unwrap(),
        3 => in_place(older),
        4 => in_place(&longer.repeat(1 + now.len() / longer.len().max(1))[..now.len()]),
        5 => in_place(&longer.repeat(2 + now.len() / longer.len().max(1))),
        6 => drop(std::fs::remove_file(path)),
        7 => {
            std::fs::write(path.with_extension("new"), &longer).unwrap();
            std::fs::rename(path.with_extension("new"), path).unwrap();
        }
        // Lines in another order, one of them twice.
        _ => {
            let mut lines: Vec<&[u8]> = now.split_inclusive(|byte| *byte == b'\n').collect();
            let by = random.roll(lines.len().max(1));
            lines.rotate_left(by);
            lines.extend(lines.first().copied());
            lines.pop();
            in_place(&lines.concat());
        }
    }
}

rounds!(instances_lose_no_marks_whatever_happens_to_the_file_of_their_device, 20, 200);

fn instances_lose_no_marks_whatever_happens_to_the_file_of_their_device(rounds: usize) {
    let mut random = Random::new(11);
    for round in 0..rounds {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("test-00000001.marks");
        let mut clocks = [HybridClock::new(DeviceId(1)), HybridClock::new(DeviceId(1)), HybridClock::new(DeviceId(7))];
        let log = || MarksLog::new(RealFileSystem, folder.path(), &named(1)).compacting_from(600);
        let mut logs = [log(), log()];
        let others: Vec<u8> = (900..910).flat_map(|number| line_of(&star(&mut clocks[2], number))).collect();
        let (mut states, mut wanted) = (vec![Vec::new()], BTreeSet::new());
        for number in 0..12 {
            let at = random.roll(2);
            logs[at].write(vec![star(&mut clocks[at], number), star(&mut clocks[at], 99)]).unwrap();
            wanted.insert(number);
            // Each looks before anything else happens, or only who has just written.
            if random.roll(2) == 0 {
                logs.iter_mut().for_each(|log| drop(log.read_new()));
            }
            states.push(std::fs::read(&path).unwrap_or_default());
            if random.roll(2) == 0 {
                let older = states[random.roll(states.len())].clone();
                meddle(&mut random, &path, &older, &others);
            }
            for log in &mut logs {
                log.read_new();
                log.write(Vec::new()).unwrap();
            }
            if random.roll(4) == 0 {
                logs[at].compact().unwrap();
            }
            let there = starred(&marks_log::read(folder.path()).marks);
            let lost: Vec<&u64> = wanted.difference(&there).collect();
            assert!(lost.is_empty(), "round {round}, mark {number}: lost {lost:?}");
        }
    }
}

// Damaged files.

rounds!(damage_costs_no_record_but_those_that_were_damaged, 60, 600);

fn damage_costs_no_record_but_those_that_were_damaged(rounds: usize) {
    let mut random = Random::new(5);
    let home = TempDir::new().unwrap();
    let mut log = MarksLog::new(RealFileSystem, home.path(), &named(1));
    let mut clock = HybridClock::new(DeviceId(1));
    (1..=30).for_each(|number| log.write(vec![star(&mut clock, number)]).unwrap());
    let good = std::fs::read(home.path().join("test-00000001.marks")).unwrap();
    let lines: Vec<&[u8]> = good.split_inclusive(|byte| *byte == b'\n').collect();
    for round in 0..rounds {
        let mut bytes = good.clone();
        for _ in 0..1 + random.roll(3) {
            let at = random.roll(bytes.len());
            match round % 6 {
                0 => bytes[at] ^= 1 << random.roll(8),
                1 => bytes.truncate(at.max(1)),
                2 => bytes[at..].fill(0),
                3 => drop(bytes.splice(at..at, *b"\n<<<<<<< HEAD\n=======\n\xff\xfe\x00 1 2 3\n")),
                4 => drop(bytes.drain(at..(at + random.roll(200)).min(bytes.len()))),
                _ => {
                    let from = random.roll(bytes.len());
                    let copy = bytes[from..(from + random.roll(300)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
            if bytes.is_empty() {
                bytes.push(b'x');
            }
        }
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("test-00000001.marks");
        std::fs::write(&path, &bytes).unwrap();
        let mut untouched: BTreeSet<u64> = (1..=30)
            .filter(|number| {
                let line = [b"\n", lines[*number as usize]].concat();
                bytes.windows(line.len()).any(|window| window == line)
            })
            .collect();
        let mut log = MarksLog::new(RealFileSystem, folder.path(), &named(1));
        let found = log.read_new();
        assert!(starred(&found.marks).is_superset(&untouched), "round {round}");
        assert!(starred(&found.marks).iter().all(|number| *number <= 30), "round {round}: nothing is made up");
        log.compact().unwrap();
        clock.observe(found.marks.latest());
        log.write(vec![star(&mut clock, 77)]).unwrap();
        untouched.insert(77);
        let again = marks_log::read(folder.path());
        assert!(starred(&again.marks).is_superset(&untouched), "round {round}, rewritten");
        assert_eq!(again.problems, [], "round {round}: what was damaged lies elsewhere");
        let aside = std::fs::read(path.with_extension("damaged")).unwrap_or_default();
        assert_eq!(aside.is_empty(), found.problems.is_empty(), "round {round}");
    }
}
