//! The key of a subscription: the name under which its articles and its state are known.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::feed::UntrustedText;

/// Bytes of the hash that a key has.
const KEY_BYTES: usize = 8;

/// Identifies a subscription in article files and in the state: the first 64 bits of SHA-256 over the whole address with which
/// the user subscribed, printed as 16 hex digits. An address may contain a password, and the key does not reveal it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionKey([u8; KEY_BYTES]);

impl SubscriptionKey {
    /// The key of the subscription with this first address. White space around the address does not count.
    pub fn of_address(address: &UntrustedText) -> SubscriptionKey {
        let mut key = [0; KEY_BYTES];
        let hash = Sha256::digest(address.untrusted().trim());
        key.iter_mut().zip(hash).for_each(|(byte, of_hash)| *byte = of_hash);
        SubscriptionKey(key)
    }

    /// The key at the beginning of the value of `articleId` in an article file that was written for a subscription.
    pub fn of_article_id(written: &str) -> Option<SubscriptionKey> {
        written.split_once('#')?.0.parse().ok()
    }
}

impl fmt::Display for SubscriptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text is not the key of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a key; a key has 16 hex digits")]
pub struct NotAKey;

impl FromStr for SubscriptionKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<SubscriptionKey, NotAKey> {
        if text.len() != KEY_BYTES * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAKey);
        }
        let key = u64::from_str_radix(text, 16).map_err(|_| NotAKey)?;
        Ok(SubscriptionKey(key.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_hash_of_the_address() {
        let key = |address| SubscriptionKey::of_address(&UntrustedText::new(address)).to_string();
        // `printf %s https://example.org/feed.xml | sha256sum`
        assert_eq!(key("https://example.org/feed.xml"), "d74f9ca50683ebec");
        assert_eq!(
            "d74f9ca50683ebec".parse().map(|key: SubscriptionKey| key.to_string()),
            Ok("d74f9ca50683ebec".into())
        );
        for wrong in
            ["", "d74f9ca50683ebe", "d74f9ca50683ebecc", "+74f9ca50683ebec", "d74f9ca50683ebeg", "ä74f9ca50683ebe"]
        {
            assert_eq!(wrong.parse::<SubscriptionKey>(), Err(NotAKey), "{wrong}");
        }
        assert_eq!(key(" https://example.org/feed.xml\n"), "d74f9ca50683ebec");
        assert_ne!(key("https://user:secret@example.org/feed.xml"), key("https://example.org/feed.xml"));
    }
}
