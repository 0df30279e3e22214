//! A tolerant XML reader: bytes of any encoding become events with line numbers, and what is wrong with a document is reported.

mod damage;
mod decoding;
mod entities;
mod reader;
mod tag;
#[cfg(test)]
mod tests;

pub use damage::{Damage, DamageKind, Damages};
pub use decoding::{Decoded, decode};
pub use reader::{Event, MAX_DEPTH, Reader};
pub use tag::{Attribute, Attributes, Element};
