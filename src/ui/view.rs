//! All that a frame may look at, borrowed.

use super::looks::Looks;
use super::styles::Styles;
use crate::app::App;
use crate::feed::Shown;
use crate::keymap::{Key, Keymap};

/// What a frame is drawn from. The same view gives the same frame.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The reading session.
    pub app: &'a App,
    /// What keys do, for hints and help.
    pub keymap: &'a Keymap,
    /// Keys that wait for the rest of their sequence.
    pub pending: &'a [Key],
    /// Whether they have waited so long that the reader is shown what may follow.
    pub shows_continuations: bool,
    /// How things look.
    pub styles: &'a Styles,
    /// How things are laid out and written.
    pub looks: &'a Looks,
    /// Another number when styles or looks are others: what is kept from frame to frame is made anew.
    pub look: u64,
    /// What is read: the name of the library.
    pub library: &'a Shown,
}
