//! What the system tells of changes in folders, through the crate `notify`, and where it does not tell all.

use std::io;
use std::path::{Path, PathBuf};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Config, ErrorKind, Event, EventKind, RecommendedWatcher, Watcher};

use super::folder_walk::io_error_text;

/// What was told of something in a folder, or of the folder itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FsEvent {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is a folder, where that is known.
    pub is_folder: Option<bool>,
    /// What is said of it.
    pub kind: FsEventKind,
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FsEventKind {
    /// It is there as it is to be: closed after writing, moved here, a folder was made, or its permissions are others.
    Finished,
    /// It is being written, was just made, or went away: more may follow at once.
    Unfinished,
    /// More happened than could be told.
    Overflow,
}

/// Who is told, on a thread of the system's.
pub type Listener = Box<dyn Fn(FsEvent) + Send>;

/// The way to what tells, which a test can have fail.
#[derive(Clone, Copy, Debug)]
pub struct WatchBackend {
    /// Opens what tells.
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
            listener(FsEvent { path: PathBuf::new(), is_folder: None, kind: FsEventKind::Overflow });
        }
    };
    Ok(Box::new(RecommendedWatcher::new(tell, Config::default())?))
}

/// What an event says of each of its paths. Reading is told too, and is nobody's concern: least of all that of the loader,
/// which reads.
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
        // Both ends of it are told by themselves.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => (None, None),
        EventKind::Remove(RemoveKind::Folder) => (Some(FsEventKind::Unfinished), Some(true)),
        EventKind::Remove(RemoveKind::File) => (Some(FsEventKind::Unfinished), Some(false)),
        _ => (Some(FsEventKind::Unfinished), None),
    };
    let paths = if event.paths.is_empty() { vec![PathBuf::new()] } else { event.paths };
    kind.into_iter().flat_map(move |kind| paths.clone().into_iter().map(move |path| FsEvent { path, is_folder, kind }))
}

/// Why nothing, or not everything, is told.
pub fn explain(error: &notify::Error) -> String {
    // EMFILE and ENFILE: too many open files, of which an instance is one.
    const NO_INSTANCE: [i32; 2] = [24, 23];
    match &error.kind {
        ErrorKind::MaxFilesWatch => "no inotify watch is left".to_owned(),
        ErrorKind::Io(error) if error.raw_os_error().is_some_and(|number| NO_INSTANCE.contains(&number)) => {
            "no inotify instance is left".to_owned()
        }
        ErrorKind::Io(error) => io_error_text(error),
        _ => error.to_string(),
    }
}

/// Whether a folder or file is not there any more, or none that can be watched: which is told where it was.
pub fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
        _ => false,
    }
}

/// Whether the system refuses it.
pub fn is_denied(error: &notify::Error) -> bool {
    matches!(&error.kind, ErrorKind::Io(error) if error.kind() == io::ErrorKind::PermissionDenied)
}

/// File systems that others write to, of whose changes nothing is told: NFS, SMB, CIFS, SMB2, FUSE, 9p, Ceph, AFS, Coda,
/// GFS2, OCFS2, Lustre, and the shared folders of VirtualBox, VMware and Parallels.
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

/// False for a folder that other machines write to as well, of whose changes nothing is told.
#[cfg(target_os = "linux")]
pub fn reports_remote_changes(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|system| !REMOTE_FILE_SYSTEMS.contains(&(system.f_type as u32)))
}

/// It makes no difference.
#[cfg(not(target_os = "linux"))]
pub fn reports_remote_changes(_: &Path) -> bool {
    true
}
