//! The processes that fetch and parse: how they are started, asked, and restarted when they die.

use std::io::{self, Read, Write};
use std::process::Child;

use crate::net::NetworkSettings;

/// A process, or in tests a thread, that answers frames.
pub struct Connection {
    /// Where requests are written. Closing it ends the process.
    pub input: Box<dyn Write + Send>,
    /// Where answers are read.
    pub output: Box<dyn Read + Send>,
    /// The process; `None` for a thread.
    pub process: Option<Child>,
}

/// Starts the processes.
pub trait Workers: Sync {
    /// Starts a process that fetches.
    fn network(&self, settings: &NetworkSettings) -> io::Result<Connection>;

    /// Starts a process that parses one document after the other.
    fn parser(&self) -> io::Result<Connection>;
}
