//! Locks files and folders, and waits for other processes.

use std::fs::File;
use std::io;
use std::time::{Duration, Instant};

use crate::file_system::FileSystem;

/// Time limit for locking. Another process has the lock while it writes the articles of a subscription.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
const RETRY_DELAY: Duration = Duration::from_millis(5);

/// Locks a file or folder until it is closed. False if its file system has no locks. Fails with `WouldBlock` if another process
/// keeps the lock for 10 seconds.
pub fn lock(fs: &dyn FileSystem, file: &File) -> io::Result<bool> {
    let begun = Instant::now();
    loop {
        match fs.lock(file) {
            Ok(true) => return Ok(true),
            Ok(false) if begun.elapsed() >= LOCK_TIMEOUT => return Err(io::ErrorKind::WouldBlock.into()),
            Ok(false) => std::thread::sleep(RETRY_DELAY),
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}
