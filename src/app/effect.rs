//! What the world must now do, as values; only one place performs them.

use std::path::PathBuf;

use crate::feed::{Address, Shown};

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Hand an address to the browser.
    OpenLink(Address),
    /// Put text on the clipboard.
    Copy {
        /// The text.
        text: Shown,
        /// What it is: "link".
        what: &'static str,
    },
    /// Lend the terminal to the editor, for a file at a line.
    Edit {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u32,
    },
    /// Stop until the shell continues us.
    Suspend,
    /// Draw the whole screen again.
    Redraw,
    /// End.
    Quit,
}

/// Effects in the order in which they are to be performed.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects(pub Vec<Effect>);

impl Effects {
    /// Nothing to do.
    pub fn none() -> Effects {
        Effects::default()
    }
}

impl From<Effect> for Effects {
    fn from(effect: Effect) -> Effects {
        Effects(vec![effect])
    }
}
