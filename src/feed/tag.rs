//! Tags: the user's own labels of articles, compared without case and shown as they were written.

use std::sync::Arc;

use super::clean::{self, SafeText};

/// Most characters of the name of a tag.
pub const MAX_TAG_NAME: usize = 100;

/// A label that the user gives articles. Tags with the same key are the same tag; they are equal only if they are spelt alike too,
/// and sorted by key, then by spelling. A change of many articles shares one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(Arc<Name>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name {
    key: Box<str>,
    shown: SafeText,
}

/// Error: a text is not the name of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagNameError {
    /// It has no visible characters.
    #[error("the name of the tag is missing")]
    Empty,
    /// It is longer than [`MAX_TAG_NAME`].
    #[error("the name of a tag has at most {MAX_TAG_NAME} characters")]
    TooLong,
}

impl Tag {
    /// The tag of this name. Control characters and blanks at the ends are removed.
    pub fn parse(name: &str) -> Result<Tag, TagNameError> {
        let shown = clean::plain_line(name);
        match shown.as_str().chars().take(MAX_TAG_NAME.saturating_add(1)).count() {
            0 => Err(TagNameError::Empty),
            length if length > MAX_TAG_NAME => Err(TagNameError::TooLong),
            _ => Ok(Tag(Arc::new(Name { key: key_of(shown.as_str()), shown }))),
        }
    }

    /// The name as it was written.
    pub fn shown(&self) -> &SafeText {
        &self.0.shown
    }

    /// The name in lower case, by which tags are compared, as topics are.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The name with the sign of tags, which tells them from topics: `+to read`.
    pub fn signed(&self) -> SafeText {
        clean::join(&["+".into(), self.0.shown.clone()], "")
    }
}

/// The key of a name.
fn key_of(shown: &str) -> Box<str> {
    shown.to_lowercase().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_compared_without_case() {
        for (text, shown, key) in [
            ("To Read", "To Read", "to read"),
            ("  später\u{7}\n lesen\u{1b}[31m ", "später lesen", "später lesen"),
            ("ÄRGER", "ÄRGER", "ärger"),
            ("日本 🔥, a", "日本 🔥, a", "日本 🔥, a"),
            ("a&amp;b", "a&amp;b", "a&amp;b"),
        ] {
            let tag = Tag::parse(text).expect(text);
            assert_eq!((tag.shown().as_str(), tag.key()), (shown, key), "{text:?}");
            // What is written to the journal reads as the same tag.
            assert_eq!(Tag::parse(tag.shown().as_str()), Ok(tag), "{text:?}");
        }
    }

    #[test]
    fn names_are_neither_empty_nor_long() {
        for empty in ["", " \t\n", "\u{1b}[0m", "\u{200b}\u{202e}"] {
            assert_eq!(Tag::parse(empty), Err(TagNameError::Empty), "{empty:?}");
        }
        assert!(Tag::parse(&"é".repeat(MAX_TAG_NAME)).is_ok());
        assert_eq!(Tag::parse(&"é".repeat(MAX_TAG_NAME + 1)), Err(TagNameError::TooLong));
        assert_eq!(Tag::parse(&"x".repeat(1 << 20)), Err(TagNameError::TooLong));
    }
}
