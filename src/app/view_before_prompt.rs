//! The view before a prompt changed it, which Esc restores.

use std::sync::Arc;

use super::frame_info::DetailInfo;
use super::panes::Panes;
use crate::feed::{Feed, Marks};
use crate::query::Query;

/// Query, rows, selection, scroll positions and focus before a prompt.
#[derive(Clone, Debug)]
pub struct ViewBeforePrompt {
    /// The query.
    pub query: Query,
    /// The panes with rows, selection, scroll positions and focus.
    pub panes: Panes,
    /// What the last frame showed of the article.
    pub frame: DetailInfo,
    /// The feed that the rows belong to.
    pub feed: Arc<Feed>,
    /// Whether the search for the rows was complete.
    pub settled: bool,
    /// The marks that the search used.
    pub view: Arc<Marks>,
    /// Number of answers of rules that had changed the list.
    pub rule_changes: u64,
}
