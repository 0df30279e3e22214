//! Support for the tests of the whole program.

pub mod command;
pub mod dice;
pub mod emitted;
pub mod folder;
pub mod grid;
pub mod helper;
pub mod hostile;
pub mod outside;
pub mod pty;
pub mod reader;
pub mod rounds;
