//! What a session begins with.

use chrono::TimeDelta;

use super::bookmark::Bookmark;
use super::themes::Themes;
use crate::feed::{Device, Shown};
use crate::query::{Query, Saved};

/// What a session begins with.
#[derive(Clone, Debug, Default)]
pub struct Beginning {
    /// The query that the list starts with.
    pub query: Query,
    /// Saved searches.
    pub saved: Saved,
    /// Words for a reader who has not said what to read, until the first key.
    pub welcome: Option<Shown>,
    /// The device on which marks are made.
    pub device: Device,
    /// When an article counts as read.
    pub read_when: ReadWhen,
    /// Whether it is kept when articles arrive.
    pub notes_arrivals: bool,
    /// Whether similar articles are looked for.
    pub finds_similar: bool,
    /// Where the reader was the last time.
    pub bookmark: Option<Bookmark>,
    /// The themes, and which one is shown.
    pub themes: Themes,
}

/// When an article that is opened counts as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadWhen {
    /// When it is opened.
    #[default]
    Opened,
    /// When one goes on to another, or back to the list.
    Left,
    /// When it has been open for a while.
    After(TimeDelta),
    /// When the reader says so.
    Never,
}
