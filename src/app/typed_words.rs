//! The words that the user has typed to filter a list.

use super::text_input::TextInput;
use crate::query::fold;

/// Folded words. A row is shown if its text has all of them.
#[derive(Debug)]
pub struct TypedWords(Vec<String>);

impl TypedWords {
    /// The words of an input.
    pub fn of(input: &TextInput) -> TypedWords {
        TypedWords::of_text(input.text())
    }

    /// The words of a text.
    pub fn of_text(text: &str) -> TypedWords {
        TypedWords(fold(text).split_whitespace().map(str::to_owned).collect())
    }

    /// True if nothing is typed: then every row is listed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True if every word is in a folded text.
    pub fn are_in(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word))
    }
}
