//! Claims: before a request its time is noted in the record of the subscription, so that a program that was stopped does not ask
//! again at once, and two programs never ask the same.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::digest::lock_file;
use crate::file_system::FileSystem;
use crate::subscriptions::{self, FetchRecord, SubscriptionKey};

/// The lock of a periodic sync, in the folder of the states. One runs at a time.
const SYNC_LOCK: &str = "lock";
/// The lock for the moment in which a process decides to ask.
const REQUESTS_LOCK: &str = "requests.lock";
/// The lock of a process that subscribes, so that two of them do not ask the same.
const SUBSCRIBE_LOCK: &str = "subscribe.lock";
/// The lock of a process that fetches the full text of one article.
const FULL_TEXT_LOCK: &str = "full-text.lock";

/// The lock of a periodic sync, until it is dropped.
#[derive(Debug)]
pub struct SyncLock {
    _file: File,
}

/// Locks the folder of the states for a periodic sync, makes it if needed, and removes what an ended process has left there. `None` if
/// another sync runs. Without locks of the file system, two could run: the locks of each folder and claims still apply.
///
/// # Errors
///
/// The path that cannot be used, and why.
pub fn lock_for_sync(folder: &Path, fs: &dyn FileSystem) -> Result<Option<SyncLock>, (PathBuf, io::Error)> {
    fs.make_folder(folder).map_err(|error| (folder.to_owned(), error))?;
    let path = folder.join(SYNC_LOCK);
    let file = fs.open(&path).map_err(|error| (path.clone(), error))?;
    match fs.lock(&file) {
        Ok(false) => return Ok(None),
        Ok(true) => {}
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(error) => return Err((path, error)),
    }
    fs.sweep(folder);
    Ok(Some(SyncLock { _file: file }))
}

/// Reads the record of a subscription, asks `is_due` again, and notes the time of the request. Returns the record before that if the
/// caller may ask now, else what `is_due` says. The first sync has no record.
pub fn claim<N>(
    folder: &Path,
    key: SubscriptionKey,
    now: DateTime<Utc>,
    fs: &dyn FileSystem,
    is_due: impl FnOnce(&FetchRecord) -> Result<(), N>,
) -> io::Result<Result<FetchRecord, N>> {
    let _lock = lock(folder, REQUESTS_LOCK, fs)?;
    let (record, _) = subscriptions::read_record(folder, key, fs);
    let record = record.unwrap_or_default();
    if let Err(not_due) = is_due(&record) {
        return Ok(Err(not_due));
    }
    let claimed = FetchRecord { requested: Some(now), ..record.clone() };
    subscriptions::write_record(folder, key, &claimed, false, fs)?;
    Ok(Ok(record))
}

/// Changes the record of a subscription as it is on disk now, and returns it.
pub fn amend(
    folder: &Path,
    key: SubscriptionKey,
    fs: &dyn FileSystem,
    change: impl FnOnce(FetchRecord) -> FetchRecord,
) -> io::Result<FetchRecord> {
    let _lock = lock(folder, REQUESTS_LOCK, fs)?;
    let record = subscriptions::read_record(folder, key, fs).0.unwrap_or_default();
    let changed = change(record.clone());
    if changed != record {
        subscriptions::write_record(folder, key, &changed, false, fs)?;
    }
    Ok(changed)
}

/// Waits until no other process subscribes. Fails with `WouldBlock` after 10 seconds: then the server of the other one is slow, and
/// to go on is safe. The lock lasts until the file is dropped.
pub fn lock_for_subscribing(folder: &Path, fs: &dyn FileSystem) -> io::Result<File> {
    lock(folder, SUBSCRIBE_LOCK, fs)
}

/// Waits until no other process fetches the full text of an article, in the same way.
pub fn lock_for_full_text(folder: &Path, fs: &dyn FileSystem) -> io::Result<File> {
    lock(folder, FULL_TEXT_LOCK, fs)
}

fn lock(folder: &Path, name: &str, fs: &dyn FileSystem) -> io::Result<File> {
    fs.make_folder(folder)?;
    let file = fs.open(&folder.join(name))?;
    let busy = || io::Error::new(io::ErrorKind::WouldBlock, "another process keeps a lock of the sync");
    let is_busy = |error: &io::Error| error.kind() == io::ErrorKind::WouldBlock;
    lock_file(fs, &file).map_err(|error| if is_busy(&error) { busy() } else { error })?;
    Ok(file)
}
