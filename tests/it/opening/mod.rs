//! Opening the original: which links, with which words, by which programs, and what those programs may do to us.

mod kinds;
#[cfg(target_os = "linux")]
mod misbehaving;
mod pressing;
mod recorder;
mod through_openers;
