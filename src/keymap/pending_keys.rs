//! Keys that were typed and have not run a command yet: a count, and the start of a sequence.

use std::fmt;

use super::key::{Code, Key, print};
use crate::app::Count;

/// The typed part of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingKeys {
    /// The count, typed before the sequence.
    count: Count,
    /// The start of the sequence.
    keys: Vec<Key>,
}

impl PendingKeys {
    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        *self == PendingKeys::default()
    }

    /// The start of the sequence; empty after a count alone.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The count.
    pub fn count(&self) -> Count {
        self.count
    }

    /// Adds a key to the sequence.
    pub fn push(&mut self, key: Key) {
        self.keys.push(key);
    }

    /// Adds a key to the count. False if it cannot be part of it here: within a sequence, and a 0 at the start.
    pub fn push_digit(&mut self, key: Key) -> bool {
        let digit = match key {
            Key { code: Code::Char(c), ctrl: false } if self.keys.is_empty() => c.to_digit(10),
            _ => None,
        };
        let before = self.count;
        self.count = digit.map_or(before, |digit| before.with_digit(digit));
        digit.is_some() && self.count != Count::default()
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        *self = PendingKeys::default();
    }
}

/// As shown on the screen: `5 g`.
impl fmt::Display for PendingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.count.typed().map(|count| count.to_string());
        let keys = Some(print(&self.keys)).filter(|keys| !keys.is_empty());
        let parts: Vec<String> = count.into_iter().chain(keys).collect();
        f.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_before_a_sequence_are_a_count() {
        let mut pending = PendingKeys::default();
        let key = |c| Key::plain(Code::Char(c));
        assert!(!pending.push_digit(key('0')) && pending.is_empty());
        assert!(pending.push_digit(key('1')) && pending.push_digit(key('0')));
        assert_eq!((pending.to_string(), pending.count()), ("10".to_owned(), Count::of(10)));
        assert!(!pending.push_digit(key('g')) && !pending.push_digit(Key { code: Code::Char('3'), ctrl: true }));
        pending.push(key('g'));
        assert!(!pending.push_digit(key('3')));
        assert_eq!((pending.to_string(), pending.count()), ("10 g".to_owned(), Count::of(10)));
        pending.clear();
        assert!(pending.is_empty() && pending.to_string().is_empty());
    }
}
