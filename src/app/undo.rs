//! Undo and redo: every change of marks in this session, each with what it takes to go back.

use crate::feed::{ArticleId, Mark, Shown};

/// A change of marks that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it did: `12 marked read`.
    pub words: Shown,
    /// What was set on which articles.
    pub mark: Mark,
    /// What stood there before, by articles that had the same.
    pub before: Vec<(Mark, Vec<ArticleId>)>,
}

impl Step {
    /// All articles that were changed.
    pub fn articles(&self) -> Vec<ArticleId> {
        self.before.iter().flat_map(|(_, articles)| articles).copied().collect()
    }
}

/// Changes to take back, and changes that were taken back. There is no limit.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl Undo {
    /// Remembers a change; what was taken back before cannot be made again.
    pub fn done(&mut self, step: Step) {
        self.undone.clear();
        self.done.push(step);
    }

    /// The last change, which is to be taken back.
    pub fn undo(&mut self) -> Option<Step> {
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        Some(step)
    }

    /// The change taken back last, which is to be made again.
    pub fn redo(&mut self) -> Option<Step> {
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        Some(step)
    }
}
