//! The log, which `-v` turns on: to stderr for commands, to a file for the terminal reader, whose screen is in use.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use chrono::Utc;
use log::{LevelFilter, Log, Metadata, Record};

use crate::feed::{SafeText, clean};
use crate::file_system::{FileSystem, RealFileSystem};

/// Name of the log file in the state folder.
pub const FILE_NAME: &str = "frontpage.log";

/// Writes log lines of this crate with a time.
struct Logger(Mutex<Box<dyn Write + Send>>);

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata) -> bool {
        // Crates that we use log through the same facade.
        metadata.target().starts_with(env!("CARGO_PKG_NAME"))
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata())
            && let Ok(mut to) = self.0.lock()
        {
            // Users look at logs with `cat`, so `line` removes control characters. Write errors are ignored.
            let _ = writeln!(to, "{}", line(&record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

fn line(words: &str) -> SafeText {
    clean::plain_line(&format!("{} {words}", Utc::now().format("%Y-%m-%dT%H:%M:%S%.3fZ")))
}

/// Starts logging to stderr.
pub fn to_stderr() {
    install(Box::new(io::stderr()));
}

/// Starts logging to [`FILE_NAME`] in a folder, which is created if needed. Existing lines stay.
pub fn to_file(folder: &Path) -> io::Result<()> {
    RealFileSystem.make_folder(folder)?;
    // The path may be a FIFO: opening one without a reader would block.
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let open =
        OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(flags).open(folder.join(FILE_NAME));
    let file: File = open?;
    install(Box::new(file));
    Ok(())
}

fn install(to: Box<dyn Write + Send>) {
    if log::set_boxed_logger(Box::new(Logger(Mutex::new(to)))).is_ok() {
        log::set_max_level(LevelFilter::Info);
    }
}
