//! What the system tells of changes in folders: inotify on Linux. Elsewhere nothing, and folders are looked at from time to time.

use std::ffi::OsStr;
use std::io;
#[cfg(target_os = "linux")]
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
#[cfg(target_os = "linux")]
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

#[cfg(target_os = "linux")]
use rustix::fs::{
    inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags},
    statfs,
};
use rustix::io::Errno;

use super::walk::words_for;

/// What was told of something in a folder, or of the folder itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice<'a> {
    /// The number under which the folder is watched.
    pub number: i32,
    /// The name in the folder; none for the folder itself.
    pub name: Option<&'a OsStr>,
    /// The name is that of a folder.
    pub is_folder: bool,
    /// What is said of it.
    pub what: What,
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is there as it is to be: closed after writing, moved here, a folder was made, or its permissions are others.
    Done,
    /// It is being written, was just made, or went away: more may follow at once.
    Begun,
    /// The folder is not watched any more.
    Ended,
    /// More happened than could be told.
    Lost,
}

/// The calls to the system, each of which a test can have fail.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// Opens what tells.
    pub open: fn() -> io::Result<OwnedFd>,
    /// Has it tell of a folder or file, and gives that a number; always the same one, whatever its name is now.
    pub add: fn(BorrowedFd, &Path, Kind) -> io::Result<i32>,
}

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder, and what is directly in it.
    Folder,
    /// A file that a link leads to.
    File,
}

impl Default for System {
    fn default() -> System {
        System { open, add }
    }
}

/// Why nothing, or not everything, is told.
pub fn why(error: &io::Error) -> String {
    match Errno::from_io_error(error) {
        Some(Errno::MFILE | Errno::NFILE) => "no inotify instance is left".to_owned(),
        Some(Errno::NOSPC) => "no inotify watch is left".to_owned(),
        Some(Errno::NOSYS) => "this system does not tell of them".to_owned(),
        _ => words_for(error),
    }
}

/// File systems that others write to, of whose changes nothing is told: NFS, SMB, CIFS, SMB2, FUSE, 9p, Ceph, AFS, Coda,
/// GFS2, OCFS2, Lustre, and the shared folders of VirtualBox, VMware and Parallels.
#[cfg(target_os = "linux")]
const SHARED: [u32; 15] = [
    0x6969,
    0x517b,
    0xff53_4d42,
    0xfe53_4d42,
    0x6573_5546,
    0x0102_1997,
    0x00c3_6400,
    0x5346_414f,
    0x7375_7245,
    0x0116_1970,
    0x7461_636f,
    0x0bd0_0bd0,
    0x786f_4256,
    0xbacb_acbc,
    0x7c7c_6673,
];

/// Nothing is told of reading: a load that opens every file would otherwise drown all else.
#[cfg(target_os = "linux")]
const FILE: WatchFlags = WatchFlags::ATTRIB
    .union(WatchFlags::CLOSE_WRITE)
    .union(WatchFlags::MODIFY)
    .union(WatchFlags::DELETE_SELF)
    .union(WatchFlags::MOVE_SELF);
#[cfg(target_os = "linux")]
const FOLDER: WatchFlags = FILE
    .union(WatchFlags::CREATE)
    .union(WatchFlags::DELETE)
    .union(WatchFlags::MOVE)
    .union(WatchFlags::EXCL_UNLINK)
    .union(WatchFlags::ONLYDIR);

/// After these more may follow at once.
#[cfg(target_os = "linux")]
const BEGUN: ReadFlags = ReadFlags::MODIFY
    .union(ReadFlags::DELETE)
    .union(ReadFlags::MOVED_FROM)
    .union(ReadFlags::DELETE_SELF)
    .union(ReadFlags::MOVE_SELF);

#[cfg(target_os = "linux")]
fn open() -> io::Result<OwnedFd> {
    Ok(inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?)
}

#[cfg(target_os = "linux")]
fn add(teller: BorrowedFd, path: &Path, kind: Kind) -> io::Result<i32> {
    Ok(inotify::add_watch(teller, path, if kind == Kind::Folder { FOLDER } else { FILE })?)
}

/// Has it tell no more of a folder or file.
#[cfg(target_os = "linux")]
pub fn remove(teller: BorrowedFd, number: i32) {
    // That it is gone is as good.
    let _ = inotify::remove_watch(teller, number);
}

/// Hands on all that is told by now.
#[cfg(target_os = "linux")]
pub fn read(teller: BorrowedFd, take: &mut dyn FnMut(Notice)) -> io::Result<()> {
    let mut buffer = [MaybeUninit::uninit(); 16 * 1024];
    let mut reader = Reader::new(teller, &mut buffer);
    loop {
        let event = match reader.next() {
            Ok(event) => event,
            Err(Errno::AGAIN) => return Ok(()),
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        let events = event.events();
        let is_folder = events.contains(ReadFlags::ISDIR);
        let what = match events {
            _ if events.contains(ReadFlags::QUEUE_OVERFLOW) => What::Lost,
            _ if events.contains(ReadFlags::IGNORED) => What::Ended,
            _ if events.intersects(BEGUN) => What::Begun,
            _ if events.contains(ReadFlags::CREATE) && !is_folder => What::Begun,
            _ => What::Done,
        };
        let name = event.file_name().map(|name| OsStr::from_bytes(name.to_bytes()));
        take(Notice { number: event.wd(), name, is_folder, what });
    }
}

/// False for a folder that other machines write to as well, of whose changes nothing is told.
#[cfg(target_os = "linux")]
pub fn tells_of_others(folder: &Path) -> bool {
    statfs(folder).is_ok_and(|system| !SHARED.contains(&(system.f_type as u32)))
}

#[cfg(not(target_os = "linux"))]
fn open() -> io::Result<OwnedFd> {
    Err(Errno::NOSYS.into())
}

#[cfg(not(target_os = "linux"))]
fn add(_: BorrowedFd, _: &Path, _: Kind) -> io::Result<i32> {
    Err(Errno::NOSYS.into())
}

/// Nothing was told.
#[cfg(not(target_os = "linux"))]
pub fn remove(_: BorrowedFd, _: i32) {}

/// Nothing is told.
#[cfg(not(target_os = "linux"))]
pub fn read(_: BorrowedFd, _: &mut dyn FnMut(Notice)) -> io::Result<()> {
    Ok(())
}

/// It makes no difference.
#[cfg(not(target_os = "linux"))]
pub fn tells_of_others(_: &Path) -> bool {
    true
}
