//! One mark of articles, and the change that sets it.

use chrono::{DateTime, Utc};

use super::article::ArticleId;
use super::clean::SafeText;
use super::hybrid_clock::Stamp;
use super::last_seen_state::LastSeenState;
use super::tag::Tag;
use super::text_position::TextPosition;

/// A field of an article's marks with its value. Times are whole seconds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The time at which it was read; `None` for unread.
    Read(Option<DateTime<Utc>>),
    /// Starred or not.
    Starred(bool),
    /// Hidden or not.
    Hidden(bool),
    /// A note of one line; empty for no note.
    Note(SafeText),
    /// Has a tag or not. Each tag is a field of its own.
    Tagged(Tag, bool),
    /// When the user's devices first saw it.
    Arrived(DateTime<Utc>),
    /// Its last-seen state. The program records it for articles that have other marks.
    LastSeen(Box<LastSeenState>),
    /// Where the user stopped reading it; `None` at its top and at its end. The program records it.
    Place(Option<TextPosition>),
}

/// Sets a mark on one or more articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When and on which device the change was made.
    pub stamp: Stamp,
    /// The field and its new value.
    pub mark: Mark,
    /// The articles.
    pub articles: Vec<ArticleId>,
}
