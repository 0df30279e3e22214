//! Undo and redo of changes of marks, for the whole session.
//!
//! Undo and redo leave out articles whose mark another instance, device or command changed later. They compare stamps: undo
//! expects the stamp of the change, redo the stamp before it. Undo and redo set marks with new stamps themselves, so
//! `restored_from` maps each new stamp to the old one whose mark it restored.

use std::collections::HashMap;

use crate::feed::{ArticleId, Mark, Marks, SafeText, Stamp};

/// A change of marks that can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoStep {
    /// What it did, for the notice: `12 marked read`.
    pub words: SafeText,
    /// The mark that was set.
    pub mark: Mark,
    /// The stamp of the change.
    pub stamp: Stamp,
    /// The marks that it replaced, grouped by mark and stamp.
    pub before: Vec<PreviousMarks>,
}

/// A mark that some articles had, and the stamp of the change that set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousMarks {
    /// The mark.
    pub mark: Mark,
    /// The stamp of the change; `NEVER` if no change set the mark.
    pub stamp: Stamp,
    /// The articles.
    pub articles: Vec<ArticleId>,
}

/// What an undo or redo of a step must set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoPlan {
    /// The step.
    pub step: UndoStep,
    /// The marks to restore.
    pub set: Vec<PreviousMarks>,
    /// Number of articles left out because they changed elsewhere since.
    pub left_out: usize,
}

impl UndoStep {
    /// All articles that the step changed.
    pub fn articles(&self) -> Vec<ArticleId> {
        self.before.iter().flat_map(|before| &before.articles).copied().collect()
    }
}

/// The steps to undo and to redo, without a limit.
#[derive(Clone, Debug, Default)]
pub struct UndoHistory {
    done: Vec<UndoStep>,
    undone: Vec<UndoStep>,
    /// For each change that undo or redo made: its stamp, and the stamp whose mark it restored.
    restored_from: HashMap<Stamp, Stamp>,
    /// Articles whose full text was fetched, each with the number of steps before it.
    full_texts: Vec<(usize, ArticleId)>,
}

impl UndoHistory {
    /// Adds a step and clears the steps to redo.
    pub fn push(&mut self, step: UndoStep) {
        self.undone.clear();
        self.done.push(step);
    }

    /// Notes that the full text of an article was fetched.
    pub fn full_text_fetched(&mut self, article: ArticleId) {
        self.full_texts.push((self.done.len(), article));
    }

    /// Notes that the full text of an article was removed: there is nothing to undo.
    pub fn full_text_removed(&mut self, article: ArticleId) {
        self.full_texts.retain(|(_, known)| *known != article);
    }

    /// The article whose full text was fetched after the last step. Undo forgets the text, and redo does not fetch it again.
    pub fn undo_full_text(&mut self) -> Option<ArticleId> {
        self.full_texts.pop_if(|(steps, _)| *steps >= self.done.len()).map(|(_, article)| article)
    }

    /// Removes the last step to undo, and plans its undo for the articles that did not change since.
    pub fn undo(&mut self, marks: &Marks) -> Option<UndoPlan> {
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        let unchanged = |before: &PreviousMarks| self.with_stamp(before, step.stamp, marks);
        let set = step.before.iter().map(unchanged).collect();
        Some(UndoPlan::new(step, set))
    }

    /// Removes the last step to redo, and plans its redo for the articles that did not change since.
    pub fn redo(&mut self, marks: &Marks) -> Option<UndoPlan> {
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        let unchanged = |before: &PreviousMarks| self.with_stamp(before, before.stamp, marks).articles;
        let articles = step.before.iter().flat_map(unchanged).collect();
        let set = vec![PreviousMarks { mark: step.mark.clone(), stamp: step.stamp, articles }];
        Some(UndoPlan::new(step, set))
    }

    /// Replaces the identities of articles in all steps: pairs of old and new identity.
    pub fn move_articles(&mut self, moved: &[(ArticleId, ArticleId)]) {
        let moved: HashMap<ArticleId, ArticleId> = moved.iter().copied().collect();
        let steps = self.done.iter_mut().chain(&mut self.undone);
        let texts = self.full_texts.iter_mut().map(|(_, article)| article);
        for id in steps.flat_map(|step| &mut step.before).flat_map(|before| &mut before.articles).chain(texts) {
            *id = moved.get(id).copied().unwrap_or(*id);
        }
    }

    /// The articles of `before` whose mark was last set with `stamp`.
    fn with_stamp(&self, before: &PreviousMarks, stamp: Stamp, marks: &Marks) -> PreviousMarks {
        let unchanged = |id: &&ArticleId| self.stamp(marks, **id, &before.mark) == stamp;
        PreviousMarks { articles: before.articles.iter().filter(unchanged).copied().collect(), ..before.clone() }
    }

    /// The stamp of the change that set this kind of mark, traced back through undo and redo.
    pub fn stamp(&self, marks: &Marks, id: ArticleId, mark: &Mark) -> Stamp {
        let stamp = marks.stamp(id, mark);
        self.restored_from.get(&stamp).copied().unwrap_or(stamp)
    }

    /// Records that the change with stamp `again` restored the mark that the change with `stamp` had set.
    pub fn link_stamps(&mut self, stamp: Stamp, again: Stamp) {
        // Resolved here, so that `stamp` needs one look-up, however often a step is undone and redone.
        let stamp = self.restored_from.get(&stamp).copied().unwrap_or(stamp);
        self.restored_from.insert(again, stamp);
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
