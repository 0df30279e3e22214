//! The history of jumps to other articles and within an article, and of changes of the query: back and forward.

use super::scroll::ScrollPosition;
use crate::feed::ArticleId;
use crate::query::Query;

/// Limit of entries to go back to.
const MAX_BACK: usize = 1000;

/// Where the user was: in an article, or in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JumpEntry {
    /// In an article, and jumped away.
    Article(ArticlePlace),
    /// In a list, and changed its query.
    View(ViewPlace),
}

/// An article and how it was shown when the user jumped away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArticlePlace {
    /// The article.
    pub article: ArticleId,
    /// Its scroll position.
    pub scrolled: ScrollPosition,
    /// The index of the selected related entry.
    pub related: usize,
}

/// A list as it was before its query changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewPlace {
    /// The query.
    pub query: Query,
    /// The selected article.
    pub selected: Option<ArticleId>,
    /// The article that was read, if the list did not have the focus.
    pub read: Option<(ArticleId, ScrollPosition)>,
}

/// The place that a jump back or forward leaves: which of the two is remembered depends on where it leads.
#[derive(Clone, Debug)]
pub struct PresentPlace {
    /// The article shown.
    pub article: Option<ArticlePlace>,
    /// The list.
    pub view: ViewPlace,
}

/// A method that moves in the history: [`JumpHistory::back`] or [`JumpHistory::forward`]. Its arguments are the present
/// place and a test whether an article is loaded.
pub type JumpDirection = fn(&mut JumpHistory, PresentPlace, &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry>;

/// Entries to go back to and to go forward to, the nearest last.
#[derive(Clone, Debug, Default)]
pub struct JumpHistory {
    back: Vec<JumpEntry>,
    forward: Vec<JumpEntry>,
}

impl JumpHistory {
    /// Number of entries to go back to.
    pub fn depth(&self) -> usize {
        self.back.len()
    }

    /// The articles to go back to without another change of the list, the nearest first.
    pub fn back_articles(&self) -> impl Iterator<Item = ArticleId> {
        self.back.iter().rev().map_while(|entry| match entry {
            JumpEntry::Article(place) => Some(place.article),
            JumpEntry::View(_) => None,
        })
    }

    /// Adds the place that a jump within an article leaves, unless it is the last one, and clears the forward entries.
    pub fn push_place(&mut self, place: ArticlePlace) {
        let entry = JumpEntry::Article(place);
        match self.back.last() == Some(&entry) {
            true => self.forward.clear(),
            false => self.push(entry),
        }
    }

    /// Adds the view that a change of the query leaves, unless the last entry has the same query, and clears the forward entries.
    pub fn push_view(&mut self, view: ViewPlace) {
        let is_same = |entry: &JumpEntry| matches!(entry, JumpEntry::View(last) if last.query == view.query);
        match self.back.last().is_some_and(is_same) {
            true => self.forward.clear(),
            false => self.push(JumpEntry::View(view)),
        }
    }

    /// Adds an entry, and clears the forward entries.
    pub fn push(&mut self, entry: JumpEntry) {
        self.forward.clear();
        self.back.push(entry);
        if self.back.len() > MAX_BACK {
            self.back.remove(0);
        }
    }

    /// Goes back to the nearest entry that is another place: an article that is still loaded, or another query. Entries after it are
    /// dropped.
    pub fn back(&mut self, present: PresentPlace, is_loaded: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
        // First: if there is no entry, nothing may be added to the other direction.
        let entry = last(&mut self.back, &present, is_loaded)?;
        self.forward.extend(left(present, &entry));
        Some(entry)
    }

    /// Goes forward to the nearest entry that is another place.
    pub fn forward(&mut self, present: PresentPlace, is_loaded: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
        let entry = last(&mut self.forward, &present, is_loaded)?;
        self.back.extend(left(present, &entry));
        Some(entry)
    }
}

/// The entry for the present place when the user goes to `entry`.
fn left(present: PresentPlace, entry: &JumpEntry) -> Option<JumpEntry> {
    match entry {
        JumpEntry::Article(_) => present.article.map(JumpEntry::Article),
        JumpEntry::View(_) => Some(JumpEntry::View(present.view)),
    }
}

/// Removes and returns the last entry that is another place; drops the entries after it.
fn last(
    entries: &mut Vec<JumpEntry>,
    present: &PresentPlace,
    is_loaded: &dyn Fn(ArticleId) -> bool,
) -> Option<JumpEntry> {
    let is_place = |entry: &JumpEntry| match entry {
        JumpEntry::Article(place) => is_loaded(place.article),
        JumpEntry::View(view) => view.query != present.view.query,
    };
    let at = entries.iter().rposition(is_place)?;
    let entry = entries.get(at).cloned();
    entries.truncate(at);
    entry
}
