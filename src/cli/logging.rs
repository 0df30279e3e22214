//! The log, which is off unless `-v` asks for it: on stderr for commands, in a file for the reader, whose screen is in use.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use chrono::Utc;
use log::{LevelFilter, Log, Metadata, Record};

use crate::feed::{SafeText, clean};
use crate::library::file_system::{Disk, RealDisk};

/// The name of the file, in the folder of what belongs to this machine alone.
pub const FILE_NAME: &str = "frontpage.log";

/// Where lines go.
struct Logger(Mutex<Box<dyn Write + Send>>);

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata) -> bool {
        metadata.target().starts_with(env!("CARGO_PKG_NAME"))
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata())
            && let Ok(mut to) = self.0.lock()
        {
            // Cleaned: a log is looked at with `cat`. A line that cannot be written is lost.
            let _ = writeln!(to, "{}", line(&record.args().to_string()));
        }
    }

    fn flush(&self) {}
}

fn line(words: &str) -> SafeText {
    clean::plain_line(&format!("{} {words}", Utc::now().format("%Y-%m-%dT%H:%M:%S%.3fZ")))
}

/// Has lines written to stderr from now on.
pub fn to_stderr() {
    install(Box::new(io::stderr()));
}

/// Has lines written to the file from now on, behind those that are there.
pub fn to_file(folder: &Path) -> io::Result<()> {
    RealDisk.make_folder(folder)?;
    // Not blocking: what stands there may be a FIFO that nobody reads.
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
