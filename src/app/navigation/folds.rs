//! Which entries of the navigation pane are folded, as far as the user chose it.

use std::collections::BTreeMap;

/// Choices that are kept. More are made only by programs that press keys.
const MAX_CHOICES: usize = 1000;

/// The choices of the user by the keys of entries. Without a choice, the kind of entry decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    choices: BTreeMap<String, bool>,
}

impl Folds {
    /// Choices that an earlier session made.
    pub fn of(choices: impl IntoIterator<Item = (String, bool)>) -> Folds {
        Folds { choices: choices.into_iter().take(MAX_CHOICES).collect() }
    }

    /// The choices.
    pub fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        self.choices.iter().map(|(key, folded)| (key.as_str(), *folded))
    }

    /// Whether an entry is folded. `default` applies if the user never folded or unfolded it.
    pub fn is_folded(&self, key: &str, default: bool) -> bool {
        self.choices.get(key).copied().unwrap_or(default)
    }

    /// Folds or unfolds an entry.
    pub fn set(&mut self, key: &str, folded: bool) {
        if self.choices.len() < MAX_CHOICES || self.choices.contains_key(key) {
            self.choices.insert(key.to_owned(), folded);
        }
    }
}
