//! What the footer tells: a few words after an action, and how far a load has come.

use super::action::Action;
use crate::feed::Shown;

/// A few words for the reader, until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: Shown,
    /// True when something did not work.
    pub failed: bool,
    /// An action that is of use now, and what it does.
    pub offer: Option<(Action, &'static str)>,
}

impl Notice {
    /// What was done.
    pub fn of(text: Shown) -> Notice {
        Notice { text, failed: false, offer: None }
    }

    /// What could not be done.
    pub fn failure(text: Shown) -> Notice {
        Notice { failed: true, ..Notice::of(text) }
    }
}

/// Files read and files to read, while a load is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    /// Files read so far.
    pub done: usize,
    /// Files to read; 0 while that is not known.
    pub total: usize,
}
