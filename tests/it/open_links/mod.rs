//! Opening the original: which links, with which arguments, by which programs, and what those programs must not break.

mod by_key;
pub mod kinds;
#[cfg(target_os = "linux")]
mod misbehaving_openers;
pub mod recorder;
mod through_openers;
