//! What a session begins with.

use super::marking::ReadWhen;
use super::place::Place;
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
    /// Where the reader was the last time.
    pub place: Option<Place>,
}
