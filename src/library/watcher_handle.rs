//! Calls the watcher of `notify` so that its panics do no harm.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use notify::Watcher;

/// The watcher of `notify`, if it is open.
#[derive(Default)]
pub struct WatcherHandle {
    watcher: Option<Box<dyn Watcher + Send>>,
    /// How many were leaked after a panic.
    leaked: usize,
}

/// Limit for leaked watchers, since each keeps its inotify instance.
const MAX_LEAKED: usize = 3;

fn no_thread() -> notify::Error {
    notify::Error::generic("cannot start a thread")
}

impl WatcherHandle {
    /// True if there is a watcher.
    pub fn is_open(&self) -> bool {
        self.watcher.is_some()
    }

    /// Opens a watcher with `open` if there is none.
    pub fn ensure_open(
        &mut self,
        open: impl FnOnce() -> notify::Result<Box<dyn Watcher + Send>>,
    ) -> notify::Result<()> {
        if self.is_open() {
            return Ok(());
        }
        self.watcher = Some(if self.leaked < MAX_LEAKED { open() } else { Err(no_thread()) }?);
        Ok(())
    }

    /// Calls the watcher. `notify` panics if its thread has ended or could not be started, in its calls and again when the
    /// watcher is dropped. Such a watcher is leaked, and there is none from then on.
    pub fn call<T>(&mut self, call: impl FnOnce(&mut dyn Watcher) -> notify::Result<T>) -> notify::Result<T> {
        let Some(mut watcher) = self.watcher.take() else { return Err(no_thread()) };
        match catch_unwind(AssertUnwindSafe(|| call(&mut *watcher))) {
            Ok(answer) => {
                self.watcher = Some(watcher);
                answer
            }
            Err(_) => {
                std::mem::forget(watcher);
                self.leaked += 1;
                Err(no_thread())
            }
        }
    }
}

impl fmt::Debug for WatcherHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WatcherHandle")
    }
}
