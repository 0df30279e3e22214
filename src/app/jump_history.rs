//! Jumps: where one came from by following related articles, back and forward.

use super::scroll::Scrolled;
use crate::feed::ArticleId;

/// The most places that are remembered.
const MOST: usize = 1000;

/// A place in the reading: an article and how far it was scrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JumpEntry {
    /// The article.
    pub article: ArticleId,
    /// How far it was scrolled.
    pub scrolled: Scrolled,
    /// The selected related entry.
    pub related: usize,
}

/// A way to another spot from the present one, among those whose articles are there.
pub type JumpDirection = fn(&mut JumpHistory, Option<JumpEntry>, &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry>;

/// Spots behind and before the present one.
#[derive(Clone, Debug, Default)]
pub struct JumpHistory {
    back: Vec<JumpEntry>,
    forward: Vec<JumpEntry>,
}

impl JumpHistory {
    /// Spots that one can go back to.
    pub fn depth(&self) -> usize {
        self.back.len()
    }

    /// The articles that one can go back to, the last one first.
    pub fn back_articles(&self) -> impl Iterator<Item = ArticleId> {
        self.back.iter().rev().map(|spot| spot.article)
    }

    /// Leaves a spot for a new one.
    pub fn push(&mut self, spot: JumpEntry) {
        self.forward.clear();
        self.back.push(spot);
        if self.back.len() > MOST {
            self.back.remove(0);
        }
    }

    /// Goes back from the present spot, to the last one whose article is still there.
    pub fn back(&mut self, present: Option<JumpEntry>, is_there: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
        let spot = last(&mut self.back, is_there)?;
        self.forward.extend(present);
        Some(spot)
    }

    /// Goes forward again from the present spot.
    pub fn forward(&mut self, present: Option<JumpEntry>, is_there: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
        let spot = last(&mut self.forward, is_there)?;
        self.back.extend(present);
        Some(spot)
    }
}

/// Takes the last spot whose article is there, and those behind it.
fn last(spots: &mut Vec<JumpEntry>, is_there: &dyn Fn(ArticleId) -> bool) -> Option<JumpEntry> {
    let at = spots.iter().rposition(|spot| is_there(spot.article))?;
    let spot = spots.get(at).copied();
    spots.truncate(at);
    spot
}
