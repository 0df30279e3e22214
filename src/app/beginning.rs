//! What a session begins with.

use super::bookmark::Bookmark;
use super::settings::Settings;
use super::themes::Themes;
use crate::feed::{Device, Shown};
use crate::query::Query;

/// What a session begins with.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    /// The query that the list starts with.
    pub query: Query,
    /// What the reader's own files say.
    pub settings: Settings,
    /// Words for a reader who has not said what to read, until the first key.
    pub welcome: Option<Shown>,
    /// The device on which marks are made.
    pub device: Device,
    /// Whether it is kept when articles arrive.
    pub notes_arrivals: bool,
    /// Whether the library is opened for the first time: what is in it was there before, also what no other library has shown.
    pub is_first_visit: bool,
    /// Whether similar articles are looked for.
    pub finds_similar: bool,
    /// Where the reader was the last time.
    pub bookmark: Option<Bookmark>,
    /// The themes, and which one is shown.
    pub themes: Themes,
}
