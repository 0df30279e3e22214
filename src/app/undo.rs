//! Undo and redo: every change of marks in this session, each with what it takes to go back.
//!
//! Undo and redo leave out articles whose mark another instance, device or command changed later. Stamps tell: undo expects
//! the stamp of the change, redo the stamp from before it. Undo and redo set marks with new stamps themselves, so `again`
//! maps each new stamp to the old one whose mark it restored.

use std::collections::HashMap;

use crate::feed::{ArticleId, Mark, Marks, SafeText, Stamp};

/// A change of marks that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoStep {
    /// What it did: `12 marked read`.
    pub words: SafeText,
    /// What was set on which articles.
    pub mark: Mark,
    /// The stamp it was set with.
    pub stamp: Stamp,
    /// What it replaced, grouped by mark and stamp.
    pub before: Vec<PreviousMarks>,
}

/// A mark of some articles, and the change that set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousMarks {
    /// The mark.
    pub mark: Mark,
    /// The stamp of the change; `NEVER` if nothing set the mark.
    pub stamp: Stamp,
    /// The articles.
    pub articles: Vec<ArticleId>,
}

/// An undo or redo of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoPlan {
    /// The step.
    pub step: UndoStep,
    /// The marks to restore.
    pub set: Vec<PreviousMarks>,
    /// Number of articles that changed elsewhere since, and are left out.
    pub left_out: usize,
}

impl UndoStep {
    /// All articles that were changed.
    pub fn articles(&self) -> Vec<ArticleId> {
        self.before.iter().flat_map(|before| &before.articles).copied().collect()
    }
}

/// Changes to take back, and changes that were taken back. There is no limit.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    done: Vec<UndoStep>,
    undone: Vec<UndoStep>,
    /// The stamp of each change that undo or redo made, and the stamp whose mark it restored.
    again: HashMap<Stamp, Stamp>,
}

impl Undo {
    /// Remembers a change; what was taken back before cannot be made again.
    pub fn done(&mut self, step: UndoStep) {
        self.undone.clear();
        self.done.push(step);
    }

    /// The last change, to take back on the articles where nothing changed it since.
    pub fn undo(&mut self, marks: &Marks) -> Option<UndoPlan> {
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        let stands = |before: &PreviousMarks| self.with_stamp(before, step.stamp, marks);
        let set = step.before.iter().map(stands).collect();
        Some(UndoPlan::new(step, set))
    }

    /// The change taken back last, to make again on the articles where nothing changed since.
    pub fn redo(&mut self, marks: &Marks) -> Option<UndoPlan> {
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        let stands = |before: &PreviousMarks| self.with_stamp(before, before.stamp, marks).articles;
        let articles = step.before.iter().flat_map(stands).collect();
        let set = vec![PreviousMarks { mark: step.mark.clone(), stamp: step.stamp, articles }];
        Some(UndoPlan::new(step, set))
    }

    /// Articles are others now, with the marks that they had: pairs of the old identity and the new one.
    pub fn move_articles(&mut self, moved: &[(ArticleId, ArticleId)]) {
        let moved: HashMap<ArticleId, ArticleId> = moved.iter().copied().collect();
        let steps = self.done.iter_mut().chain(&mut self.undone);
        for id in steps.flat_map(|step| &mut step.before).flat_map(|before| &mut before.articles) {
            *id = moved.get(id).copied().unwrap_or(*id);
        }
    }

    /// The articles of `before` whose mark was last set with `stamp`.
    fn with_stamp(&self, before: &PreviousMarks, stamp: Stamp, marks: &Marks) -> PreviousMarks {
        let stands = |id: &&ArticleId| self.stamp(marks, **id, &before.mark) == stamp;
        PreviousMarks { articles: before.articles.iter().filter(stands).copied().collect(), ..before.clone() }
    }

    /// The stamp of the change that set the field of a mark, seen through undo and redo.
    pub fn stamp(&self, marks: &Marks, id: ArticleId, mark: &Mark) -> Stamp {
        let stamp = marks.stamp(id, mark);
        self.again.get(&stamp).copied().unwrap_or(stamp)
    }

    /// Takes note that the change with the stamp `again` restored what the one with `stamp` had set.
    pub fn link_stamps(&mut self, stamp: Stamp, again: Stamp) {
        let stamp = self.again.get(&stamp).copied().unwrap_or(stamp);
        self.again.insert(again, stamp);
    }
}

impl UndoPlan {
    fn new(step: UndoStep, mut set: Vec<PreviousMarks>) -> UndoPlan {
        set.retain(|before| !before.articles.is_empty());
        let count = |set: &[PreviousMarks]| set.iter().map(|before| before.articles.len()).sum::<usize>();
        let left_out = count(&step.before) - count(&set);
        UndoPlan { step, set, left_out }
    }
}
