//! Support for the tests of the whole program.

pub mod command;
#[cfg(feature = "sync")]
pub mod download_thread;
pub mod external_data;
pub mod faulty_disk;
pub mod folder;
pub mod grid;
pub mod helper;
pub mod hostile;
#[cfg(feature = "sync")]
#[allow(dead_code)]
pub mod names;
pub mod output_check;
pub mod pty;
pub mod random;
pub mod reader;
pub mod rounds;
#[cfg(feature = "sync")]
pub mod tls_server;
#[cfg(feature = "sync")]
#[allow(dead_code)]
pub mod web_server;
