//! File system events from the crate `notify`, reduced to what the watcher needs, and the cases where the system reports no
//! events.

use std::io;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Config, ErrorKind, Event, EventKind, RecommendedWatcher, Watcher};

use super::folder_walk::io_error_text;

/// An event about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FsEvent {
    /// The path; empty if unknown.
    pub path: PathBuf,
    /// Whether it is a folder; none if unknown.
    pub is_folder: Option<bool>,
    /// What happened.
    pub kind: FsEventKind,
}

/// What an event says about the state of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FsEventKind {
    /// Complete: closed after writing, moved here, a new folder, or changed permissions.
    Finished,
    /// Being written, just created or deleted: another event may follow.
    Unfinished,
    /// Events were lost.
    Overflow,
}

/// Called for each event on a thread of `notify`.
pub type Listener = Box<dyn Fn(FsEvent) + Send>;

/// Opens watchers. Tests replace it to make watching fail.
#[derive(Clone, Copy, Debug)]
pub struct WatchBackend {
    /// Opens a watcher that reports to the listener.
    pub open: fn(Listener) -> notify::Result<Box<dyn Watcher + Send>>,
}

impl Default for WatchBackend {
    fn default() -> WatchBackend {
        WatchBackend { open }
    }
}

fn open(listener: Listener) -> notify::Result<Box<dyn Watcher + Send>> {
    let tell = move |event: notify::Result<Event>| match event {
        Ok(event) => fs_events(event).for_each(&listener),
        Err(error) => {
            log::info!("watching: {error}");
            // The error does not say which events are missing, so the whole library must be scanned.
            listener(FsEvent { path: PathBuf::new(), is_folder: None, kind: FsEventKind::Overflow });
        }
    };
    Ok(Box::new(RecommendedWatcher::new(tell, Config::default())?))
}

/// The events for each path of a `notify` event. Reads are dropped, since our own scans would trigger further scans.
fn fs_events(event: Event) -> impl Iterator<Item = FsEvent> {
    let (kind, is_folder) = match event.kind {
        _ if event.need_rescan() => (Some(FsEventKind::Overflow), None),
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => (Some(FsEventKind::Finished), Some(false)),
        EventKind::Access(_) => (None, None),
        EventKind::Create(CreateKind::Folder) => (Some(FsEventKind::Finished), Some(true)),
        EventKind::Create(CreateKind::File) => (Some(FsEventKind::Unfinished), Some(false)),
        EventKind::Modify(ModifyKind::Data(_)) => (Some(FsEventKind::Unfinished), Some(false)),
        EventKind::Modify(ModifyKind::Metadata(_) | ModifyKind::Name(RenameMode::To)) => {
            (Some(FsEventKind::Finished), None)
        }
        // `notify` reports the old and the new name as events of their own, too.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => (None, None),
        EventKind::Remove(RemoveKind::Folder) => (Some(FsEventKind::Unfinished), Some(true)),
        EventKind::Remove(RemoveKind::File) => (Some(FsEventKind::Unfinished), Some(false)),
        _ => (Some(FsEventKind::Unfinished), None),
    };
    let paths = if event.paths.is_empty() { vec![PathBuf::new()] } else { event.paths };
    kind.into_iter().flat_map(move |kind| paths.clone().into_iter().map(move |path| FsEvent { path, is_folder, kind }))
}

/// Why watching fails, in words for the user.
pub fn explain(error: &notify::Error) -> String {
    // EMFILE and ENFILE, which have the same numbers on Linux, macOS and the BSDs: each inotify instance is an open file.
    const NO_INSTANCE: [i32; 2] = [24, 23];
    match &error.kind {
        ErrorKind::MaxFilesWatch => "no inotify watches are left".to_owned(),
        ErrorKind::Io(error) if error.raw_os_error().is_some_and(|number| NO_INSTANCE.contains(&number)) => {
            "no inotify instances are left".to_owned()
        }
        ErrorKind::Io(error) => io_error_text(error),
        _ => error.to_string(),
    }
}

/// True if the path no longer exists or cannot be watched. An event about its folder reports that.
pub fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
        _ => false,
    }
}

/// True if the system denies access.
pub fn is_denied(error: &notify::Error) -> bool {
    matches!(&error.kind, ErrorKind::Io(error) if error.kind() == io::ErrorKind::PermissionDenied)
}

/// Magic numbers of file systems that other machines write to without events here: NFS, SMB, CIFS, SMB2, FUSE, 9p, Ceph, AFS,
/// Coda, GFS2, OCFS2, Lustre, and the shared folders of VirtualBox, VMware and Parallels.
#[cfg(target_os = "linux")]
const REMOTE_FILE_SYSTEMS: [u32; 15] = [
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

/// False for a folder on a remote file system, where changes by other machines cause no events.
#[cfg(target_os = "linux")]
pub fn reports_remote_changes(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|system| !REMOTE_FILE_SYSTEMS.contains(&(system.f_type as u32)))
}

/// Always true: remote file systems are only detected on Linux.
#[cfg(not(target_os = "linux"))]
pub fn reports_remote_changes(_: &Path) -> bool {
    true
}
