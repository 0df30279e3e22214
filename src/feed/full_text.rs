//! The full text of an article: that of the page which the article links to, shown in place of the text of its file.

use super::clean::{self, SafeText, UntrustedText};
use super::link::Link;

/// What an article with a full text keeps besides: the text of its file, and where the full text is from.
#[derive(Clone, Debug, PartialEq)]
pub struct FullText {
    /// The body of the file.
    pub own_body: UntrustedText,
    /// Number of words in excerpt and body of the file.
    pub own_words: u32,
    /// The page from which the full text was taken.
    pub source: Link,
    /// Identifies the full text: another text of the same article has another stamp.
    pub stamp: u64,
}

impl FullText {
    /// What a line about the article says of it: that the text is not that of the file, and where it is from.
    pub fn fact(&self) -> SafeText {
        match self.source.address() {
            Some(address) => clean::plain_line(&format!("full text from {}", address.domain())),
            None => "full text".into(),
        }
    }
}
