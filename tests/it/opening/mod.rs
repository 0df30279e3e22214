//! Opening the original: which links, with which arguments, by which programs, and what those programs must not break.

mod kinds;
#[cfg(target_os = "linux")]
mod misbehaving;
mod pressing;
mod recorder;
mod through_openers;
