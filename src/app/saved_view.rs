//! The view as it was before a prompt changed it, for Esc.

use std::sync::Arc;

use super::frame_info::DetailInfo;
use super::panes::Panes;
use crate::feed::{Feed, Marks};
use crate::query::Query;

/// Query, rows, selection, scroll and focus before a search was typed.
#[derive(Clone, Debug)]
pub struct SavedView {
    /// The query.
    pub query: Query,
    /// Selection, scroll, focus.
    pub panes: Panes,
    /// What the last frame showed of the article.
    pub frame: DetailInfo,
    /// The articles that the rows are of.
    pub feed: Arc<Feed>,
    /// Whether all rows had been found.
    pub settled: bool,
    /// The marks by which the rows were found.
    pub view: Arc<Marks>,
    /// How often rules had changed the list.
    pub rule_changes: u64,
}
