//! The identity of an item within its subscription, and the identity of its article, which names both.

use sha2::{Digest, Sha256};

use crate::subscriptions::SubscriptionKey;

/// Longest id in bytes. Real ones are addresses and UUIDs; a longer text is replaced by its hash.
const MAX_BYTES: usize = 1_024;
/// Between an id that several items share and the hash that tells them apart.
const TWIN: &str = " twin:";
/// Hex digits of [`hash_of`].
const HASH_DIGITS: usize = 32;

/// The first 128 bits of SHA-256 over texts, as hex digits.
pub(super) fn hash_of(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // With its length before it, a part cannot run into the next.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(HASH_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// Identifies an item within a subscription. It is text of the document, so it is escaped wherever it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(Box<str>);

impl ItemId {
    /// The id with this text, or with its hash if it has more than 1,024 bytes.
    pub fn new(text: &str) -> ItemId {
        if text.len() <= MAX_BYTES {
            return ItemId(text.into());
        }
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        ItemId(format!("sha256:{hash}").into())
    }

    /// The id of one of several items whose own ids are equal, told apart by `parts`.
    pub fn of_twin(shared: &str, parts: &[&str]) -> ItemId {
        ItemId::new(&format!("{shared}{TWIN}{}", hash_of(parts)))
    }

    /// The id that the document gives the item, which several items may share.
    pub fn shared(&self) -> &str {
        let is_hash = |hash: &str| hash.len() == HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        match self.0.rsplit_once(TWIN) {
            Some((shared, hash)) if is_hash(hash) => shared,
            _ => &self.0,
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of `articleId` in the file of its article: the key of the subscription, `#`, and the id. All bytes except
    /// visible ASCII are percent-encoded, and so are `%`, `&`, `"` and `\`. No parser, editor or cleaning changes such a text.
    pub fn in_article_id(&self, subscription: SubscriptionKey) -> String {
        let mut written = format!("{subscription}#");
        for byte in self.0.bytes() {
            match byte {
                b'%' | b'&' | b'"' | b'\\' => written.push_str(&format!("%{byte:02X}")),
                b'!'..=b'~' => written.push(char::from(byte)),
                _ => written.push_str(&format!("%{byte:02X}")),
            }
        }
        written
    }

    /// The id in a value of `articleId`; `None` if it belongs to another subscription, or was not written by
    /// [`ItemId::in_article_id`].
    pub fn of_article_id(written: &str, subscription: SubscriptionKey) -> Option<ItemId> {
        let encoded = written.strip_prefix(&subscription.to_string())?.strip_prefix('#')?;
        let mut bytes = Vec::with_capacity(encoded.len());
        let mut rest = encoded.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'%' => {
                    let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
                    let (high, low) = (digit()?, digit()?);
                    u8::try_from(high * 16 + low).ok()?
                }
                byte => byte,
            });
        }
        let id = ItemId::new(&String::from_utf8(bytes).ok()?);
        (id.in_article_id(subscription) == written).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::feed::UntrustedText;

    fn key() -> SubscriptionKey {
        SubscriptionKey::of_address(&UntrustedText::new("https://example.org/feed.xml"))
    }

    #[test]
    fn a_twin_keeps_the_id_that_it_shares() {
        for shared in ["a", "", "a twin:b", "https://e.org/?a twin:0"] {
            let twin = ItemId::of_twin(shared, &["https://e.org/b"]);
            assert_eq!(twin.shared(), shared);
            assert_ne!(twin, ItemId::of_twin(shared, &["https://e.org/", "b"]));
            assert_eq!(ItemId::new(shared).shared(), shared);
        }
    }

    #[test]
    fn an_article_id_is_visible_ascii() {
        for (id, encoded) in [
            ("tag:example.org,2026:1", "tag:example.org,2026:1"),
            ("https://example.org/?p=1&q=%20#x", "https://example.org/?p=1%26q=%2520#x"),
            ("a \"b\" \\ \u{1b}[2J\n", "a%20%22b%22%20%5C%20%1B[2J%0A"),
            ("é", "%C3%A9"),
            ("", ""),
        ] {
            assert_eq!(ItemId::new(id).in_article_id(key()), format!("{}#{encoded}", key()));
        }
    }

    #[test]
    fn a_long_id_is_replaced_by_its_hash() {
        let long = |letter: &str| ItemId::new(&letter.repeat(MAX_BYTES + 1));
        assert_eq!(long("a").as_str().len(), "sha256:".len() + 64);
        assert_ne!(long("a"), long("b"));
        assert_eq!(ItemId::new(long("a").as_str()), long("a"));
    }

    #[test]
    fn an_article_id_that_was_not_written_so_has_no_item() {
        let key = key();
        for written in [
            "",
            "#",
            "x#1",
            &format!("{key}"),
            &format!("{key}#%"),
            &format!("{key}#%zz"),
            &format!("{key}#%ff"),
            &format!("{key}#a b"),
            &format!("{key}#%41"),
        ] {
            assert_eq!(ItemId::of_article_id(written, key), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn the_item_is_found_again(id in any::<String>()) {
            let id = ItemId::new(&id);
            let written = id.in_article_id(key());
            prop_assert!(written.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(ItemId::of_article_id(&written, key()), Some(id));
        }
    }
}
