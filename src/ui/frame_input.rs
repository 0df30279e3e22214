//! The input of a frame: the session, keymap, styles and time that it is drawn from, borrowed.

use super::styles::Styles;
use crate::app::App;
use crate::config::Settings;
use crate::dates::Zone;
use crate::keymap::{Keymap, PendingKeys};
use crate::picture::ScreenGraphics;
use crate::text::ascii;

/// Everything that a frame depends on. The same input gives the same frame.
#[derive(Clone, Copy)]
pub struct FrameInput<'a> {
    /// The session.
    pub app: &'a App,
    /// Key bindings, for hints and help.
    pub keymap: &'a Keymap,
    /// A typed count, and typed keys of an incomplete sequence.
    pub pending: &'a PendingKeys,
    /// Whether to show the possible next keys, because the sequence has been incomplete for a while.
    pub shows_continuations: bool,
    /// Styles of the theme.
    pub styles: &'a Styles,
    /// Counts changes of styles and settings. Cached lines of an older count are not used.
    pub styles_version: u64,
    /// Width and height of a cell in pixels, if the terminal draws pictures in the text.
    pub picture_cell: Option<(u16, u16)>,
    /// How the screen draws pictures.
    pub graphics: ScreenGraphics,
}

impl FrameInput<'_> {
    /// The settings.
    pub fn settings(&self) -> &Settings {
        self.app.settings()
    }

    /// The time zone of the user.
    pub fn zone(&self) -> Zone {
        self.settings().dates.zone
    }

    /// Key names in the signs of the settings: without arrows in ASCII.
    pub fn key_names(&self, names: &str) -> String {
        ascii::key_names(names, self.settings().symbols())
    }
}
