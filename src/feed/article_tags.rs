//! The tags that the user set or removed on one article, each with the change that did.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::hybrid_clock::Stamp;
use super::tag::Tag;

/// The tags of one article. Each is a field of its own: a change of one tag leaves the others alone, and the latest change of a tag
/// wins. Removed tags are kept, so that they win over earlier changes of other devices.
#[derive(Clone, Debug, Default)]
pub struct ArticleTags(BTreeMap<ByKey, (Stamp, bool)>);

/// A tag, compared by its key alone: an article has a tag once, however it is spelt.
#[derive(Clone, Debug)]
struct ByKey(Tag);

impl PartialEq for ByKey {
    fn eq(&self, other: &ByKey) -> bool {
        self.0.key() == other.0.key()
    }
}

impl Eq for ByKey {}

impl PartialOrd for ByKey {
    fn partial_cmp(&self, other: &ByKey) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByKey {
    fn cmp(&self, other: &ByKey) -> Ordering {
        self.0.key().cmp(other.0.key())
    }
}

impl Borrow<str> for ByKey {
    fn borrow(&self) -> &str {
        self.0.key()
    }
}

/// Tags are equal only if they are spelt alike too.
impl PartialEq for ArticleTags {
    fn eq(&self, other: &ArticleTags) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for ArticleTags {}

impl ArticleTags {
    /// Sets or removes a tag, unless a later change did. Of equal stamps the greater value and spelling win, so that devices agree
    /// in whatever order they merge.
    pub fn set(&mut self, stamp: Stamp, tag: &Tag, is_on: bool) {
        if let Some((known, (known_stamp, was_on))) = self.0.get_key_value(tag.key()) {
            if (*known_stamp, *was_on, &known.0) >= (stamp, is_on, tag) {
                return;
            }
            // An insertion would keep the spelling of the key.
            self.0.remove(tag.key());
        }
        self.0.insert(ByKey(tag.clone()), (stamp, is_on));
    }

    /// Whether the user set a tag (true), or removed it (false); `None` if neither.
    pub fn get(&self, key: &str) -> Option<bool> {
        self.0.get(key).map(|(_, is_on)| *is_on)
    }

    /// The tag as it is spelt here, also if it is removed.
    pub fn spelt(&self, key: &str) -> Option<&Tag> {
        self.0.get_key_value(key).map(|(known, _)| &known.0)
    }

    /// The change that set or removed a tag last; `NEVER` if none did.
    pub fn stamp(&self, key: &str) -> Stamp {
        self.0.get(key).map_or(Stamp::NEVER, |(stamp, _)| *stamp)
    }

    /// All tags that were ever set or removed, by key.
    pub fn iter(&self) -> impl Iterator<Item = (Stamp, &Tag, bool)> {
        self.0.iter().map(|(known, (stamp, is_on))| (*stamp, &known.0, *is_on))
    }

    /// Number of tags that were ever set or removed.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Applies all changes of other tags.
    pub fn merge(&mut self, other: &ArticleTags) {
        other.iter().for_each(|(stamp, tag, is_on)| self.set(stamp, tag, is_on));
    }
}

/// Whether an article has a tag, by its own tags and those that rules add.
pub fn is_tagged(own: Option<&ArticleTags>, by_rules: &[Tag], key: &str) -> bool {
    let own = own.and_then(|own| own.get(key));
    own.unwrap_or_else(|| by_rules.iter().any(|tag| tag.key() == key))
}

/// A tag as it is spelt on an article, or as `tag` is if the article never had it.
pub fn spelt(own: Option<&ArticleTags>, by_rules: &[Tag], tag: &Tag) -> Tag {
    let own = own.and_then(|own| own.spelt(tag.key()));
    let known = own.or_else(|| by_rules.iter().find(|by_rule| by_rule.key() == tag.key()));
    known.unwrap_or(tag).clone()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::hybrid_clock::{DeviceId, HybridClock};
    use super::*;

    #[test]
    fn a_tag_is_there_once_however_it_is_spelt() {
        let mut clock = HybridClock::new(DeviceId(1));
        let mut tick = || clock.tick(DateTime::UNIX_EPOCH);
        let (early, late) = (tick(), tick());
        let tag = |name| Tag::parse(name).expect("a name");
        let mut tags = ArticleTags::default();
        tags.set(early, &tag("AI"), true);
        tags.set(late, &tag("ai"), true);
        tags.set(early, &tag("Ai"), false);
        assert_eq!((tags.len(), tags.get("ai"), tags.stamp("ai")), (1, Some(true), late));
        assert_eq!(tags.spelt("ai"), Some(&tag("ai")), "as the latest change spells it");
        let mut other = ArticleTags::default();
        other.set(late, &tag("AI"), true);
        let (mut one, mut two) = (tags.clone(), other.clone());
        one.merge(&other);
        two.merge(&tags);
        assert!(one.iter().eq(two.iter()), "also with the same stamp and other spellings");
    }

    #[test]
    fn ten_thousand_tags_are_merged_tag_by_tag() {
        let stamp = HybridClock::new(DeviceId(1)).tick(DateTime::UNIX_EPOCH);
        let mut tags = ArticleTags::default();
        for number in 0..10_000 {
            tags.set(stamp, &Tag::parse(&format!("tag {number}")).expect("a name"), number % 2 == 0);
        }
        let mut merged = tags.clone();
        merged.merge(&tags);
        assert_eq!((merged.len(), merged.get("tag 7"), merged.get("tag 9998")), (10_000, Some(false), Some(true)));
    }
}
