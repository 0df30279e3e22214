//! All that a frame may look at, borrowed.

use super::styles::Styles;
use crate::app::App;
use crate::config::Settings;
use crate::dates::Zone;
use crate::keymap::{Key, Keymap};
use crate::text::ascii;

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
    /// Changes with styles and settings, so that what is kept from frame to frame is made again.
    pub look: u64,
}

impl View<'_> {
    /// The values of the settings.
    pub fn settings(&self) -> &Settings {
        self.app.settings()
    }

    /// The zone of the reader.
    pub fn zone(&self) -> Zone {
        self.settings().dates.zone
    }

    /// The names of keys, in the signs of the settings.
    pub fn key_names(&self, names: &str) -> String {
        ascii::key_names(names, self.settings().symbols())
    }
}
