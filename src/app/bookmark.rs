//! Where the reader was: kept when the session ends, and gone back to when the next one starts.

use super::pane_layout::PaneLayout;
use super::scroll::Scrolled;
use super::theme_choice::PickedTheme;
use crate::feed::{ArticleId, Mark};

/// A query, an article of what it finds, and how both stood on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bookmark {
    /// The query, as text.
    pub query: String,
    /// The selected article.
    pub article: Option<ArticleId>,
    /// Rows of the list above it on the screen.
    pub above: usize,
    /// How far it was scrolled.
    pub scrolled: Scrolled,
    /// Whether keys went to the article.
    pub reading: bool,
    /// The marks that were seen, and all articles that are hidden: the next session looks as this one did from its first
    /// frame on, before all marks are known. None when that would be too much.
    pub marks: Option<Vec<(ArticleId, Mark)>>,
    /// How many of the articles in the list were unread.
    pub unread: usize,
    /// Whether all stories were unfolded.
    pub unfolded: bool,
    /// The shape of the screen.
    pub shape: PaneLayout,
    /// Whether the ground of the terminal was light, when it said so: the next session begins with the right colours.
    pub light: Option<bool>,
    /// The theme that the reader picked.
    pub theme: Option<PickedTheme>,
}
