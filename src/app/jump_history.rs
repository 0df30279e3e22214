//! The history of jumps to other articles and within an article, back and forward.

use super::scroll::ScrollPosition;
use crate::feed::ArticleId;

/// Limit of entries to go back to.
const MAX_BACK: usize = 1000;

/// An article and how it was shown when the user jumped away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JumpEntry {
    /// The article.
    pub article: ArticleId,
    /// Its scroll position.
    pub scrolled: ScrollPosition,
    /// The index of the selected related entry.
    pub related: usize,
}

/// A method that moves in the history: [`JumpHistory::back`] or [`JumpHistory::forward`]. Its arguments are the present
/// entry and a test whether an article is loaded.
pub type JumpDirection = fn(&mut JumpHistory, Option<JumpEntry>, &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry>;

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

    /// The articles to go back to, the nearest first.
    pub fn back_articles(&self) -> impl Iterator<Item = ArticleId> {
        self.back.iter().rev().map(|entry| entry.article)
    }

    /// Adds the entry that a jump within an article leaves, unless it is the last one, and clears the forward entries.
    pub fn push_place(&mut self, entry: JumpEntry) {
        match self.back.last() == Some(&entry) {
            true => self.forward.clear(),
            false => self.push(entry),
        }
    }

    /// Adds the entry that a jump to another article leaves, and clears the forward entries.
    pub fn push(&mut self, entry: JumpEntry) {
        self.forward.clear();
        self.back.push(entry);
        if self.back.len() > MAX_BACK {
            self.back.remove(0);
        }
    }

    /// Goes back to the nearest entry whose article is still loaded. Entries after it are dropped.
    pub fn back(&mut self, present: Option<JumpEntry>, is_loaded: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
        // First: if there is no entry, nothing may be added to the other direction.
        let entry = last(&mut self.back, is_loaded)?;
        self.forward.extend(present);
        Some(entry)
    }

    /// Goes forward to the nearest entry whose article is still loaded.
    pub fn forward(&mut self, present: Option<JumpEntry>, is_loaded: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
        let entry = last(&mut self.forward, is_loaded)?;
        self.back.extend(present);
        Some(entry)
    }
}

/// Removes and returns the last entry whose article is loaded; drops the entries after it.
fn last(entries: &mut Vec<JumpEntry>, is_loaded: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
    let at = entries.iter().rposition(|entry| is_loaded(entry.article))?;
    let entry = entries.get(at).copied();
    entries.truncate(at);
    entry
}
