//! What the tests of the whole program stand on.

pub mod command;
pub mod dice;
pub mod emitted;
pub mod folder;
pub mod grid;
pub mod hostile;
pub mod pty;
pub mod reader;
