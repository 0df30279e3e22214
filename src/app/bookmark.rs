//! The bookmark: what a session saves when it ends and the next session restores.

use super::navigation::Folds;
use super::pane_layout::PaneLayout;
use super::scroll::ScrollPosition;
use super::theme_choice::PickedTheme;
use crate::feed::{ArticleId, Mark};

/// The query, the selected article, the scroll positions, and what else the first frame needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bookmark {
    /// The query, as text.
    pub query: String,
    /// The selected article.
    pub article: Option<ArticleId>,
    /// Number of rows above it on the screen.
    pub above: usize,
    /// How far the article was scrolled.
    pub scrolled: ScrollPosition,
    /// Whether the article pane had the focus.
    pub reading: bool,
    /// The marks of the rows on the screen, and all hidden articles. With them the first frame looks right before all marks
    /// are loaded. `None` if they would be too many.
    pub marks: Option<Vec<(ArticleId, Mark)>>,
    /// Number of unread articles in the list.
    pub unread: usize,
    /// Whether all stories were unfolded.
    pub unfolded: bool,
    /// Zen, the navigation pane, and the width of the list.
    pub layout: PaneLayout,
    /// What is folded in the navigation pane.
    pub folds: Folds,
    /// Whether the background of the terminal was light, if the terminal reported it. The first frame of the next session
    /// uses it, before the terminal answers.
    pub light: Option<bool>,
    /// The theme that the user picked.
    pub theme: Option<PickedTheme>,
}
