//! Undo and redo of changes of marks, and of full texts that are switched on and off, for the whole session.
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

/// What happens to the full text of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullTextChange {
    /// It is set aside: the text of the file is shown.
    SetAside,
    /// It is shown in place of the text of the file.
    Restore,
}

/// Error: a full text was neither set aside nor restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the full text cannot be moved: {0}")]
pub struct FullTextNotMoved(pub SafeText);

impl FullTextChange {
    fn reverse(self) -> FullTextChange {
        match self {
            FullTextChange::SetAside => FullTextChange::Restore,
            FullTextChange::Restore => FullTextChange::SetAside,
        }
    }
}

/// A change that can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Marks(UndoStep),
    FullText(ArticleId, FullTextChange),
}

/// What an undo or redo must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undoing {
    /// Set marks.
    Marks(UndoPlan),
    /// Change the full text of an article.
    FullText(ArticleId, FullTextChange),
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
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Changes of full texts that the user asked for, and that have not ended yet.
    begun: Vec<(ArticleId, FullTextChange)>,
    /// For each change that undo or redo made: its stamp, and the stamp whose mark it restored.
    restored_from: HashMap<Stamp, Stamp>,
}

impl UndoHistory {
    /// Adds a step and clears the steps to redo.
    pub fn push(&mut self, step: UndoStep) {
        self.add(Step::Marks(step));
    }

    /// Adds a change of a full text that the user asked for some time ago. The steps to redo stay: the user may have undone something
    /// meanwhile.
    pub fn push_full_text(&mut self, article: ArticleId, change: FullTextChange) {
        self.done.push(Step::FullText(article, change));
    }

    /// Notes a change of a full text that the user asks for. It becomes a step only if it succeeds.
    pub fn begin_full_text(&mut self, article: ArticleId, change: FullTextChange) {
        self.begun.push((article, change));
    }

    /// Ends a change of a full text. If it is done and the user asked for it, it becomes a step, and the steps to redo are cleared. The
    /// changes that undo and redo make are steps already; one that failed is to be undone or redone again.
    pub fn end_full_text(&mut self, article: ArticleId, change: FullTextChange, is_done: bool) {
        match self.begun.iter().position(|begun| *begun == (article, change)) {
            Some(at) => {
                self.begun.remove(at);
                if is_done {
                    self.add(Step::FullText(article, change));
                }
            }
            None if !is_done => self.take_back(article, change),
            None => {}
        }
    }

    /// Moves the last step back whose undo or redo was to make this change of a full text, and could not.
    fn take_back(&mut self, article: ArticleId, change: FullTextChange) {
        let is_step = |step: Option<&Step>, of: FullTextChange| matches!(step, Some(Step::FullText(id, made)) if *id == article && *made == of);
        if is_step(self.undone.last(), change.reverse()) {
            self.done.extend(self.undone.pop());
        } else if is_step(self.done.last(), change) {
            self.undone.extend(self.done.pop());
        }
    }

    fn add(&mut self, step: Step) {
        self.undone.clear();
        self.done.push(step);
    }

    /// True if the last step changed the full text of an article.
    pub fn ends_with_text_of(&self, article: ArticleId) -> bool {
        matches!(self.done.last(), Some(Step::FullText(last, _)) if *last == article)
    }

    /// Removes the last step to undo, and plans its undo for the articles that did not change since.
    pub fn undo(&mut self, marks: &Marks) -> Option<Undoing> {
        let step = self.done.pop()?;
        self.undone.push(step.clone());
        Some(match step {
            Step::FullText(article, change) => Undoing::FullText(article, change.reverse()),
            Step::Marks(step) => {
                let unchanged = |before: &PreviousMarks| self.with_stamp(before, step.stamp, marks);
                let set = step.before.iter().map(unchanged).collect();
                Undoing::Marks(UndoPlan::new(step, set))
            }
        })
    }

    /// Removes the last step to redo, and plans its redo for the articles that did not change since.
    pub fn redo(&mut self, marks: &Marks) -> Option<Undoing> {
        let step = self.undone.pop()?;
        self.done.push(step.clone());
        Some(match step {
            Step::FullText(article, change) => Undoing::FullText(article, change),
            Step::Marks(step) => {
                let unchanged = |before: &PreviousMarks| self.with_stamp(before, before.stamp, marks).articles;
                let articles = step.before.iter().flat_map(unchanged).collect();
                let set = vec![PreviousMarks { mark: step.mark.clone(), stamp: step.stamp, articles }];
                Undoing::Marks(UndoPlan::new(step, set))
            }
        })
    }

    /// Replaces the identities of articles in all steps: pairs of old and new identity.
    pub fn move_articles(&mut self, moved: &[(ArticleId, ArticleId)]) {
        let moved: HashMap<ArticleId, ArticleId> = moved.iter().copied().collect();
        let new = |id: &mut ArticleId| *id = moved.get(id).copied().unwrap_or(*id);
        for step in self.done.iter_mut().chain(&mut self.undone) {
            match step {
                Step::FullText(article, _) => new(article),
                Step::Marks(step) => step.before.iter_mut().flat_map(|before| &mut before.articles).for_each(new),
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_text_that_could_not_be_moved_leaves_its_step_where_it_was() {
        let (marks, article) = (Marks::default(), ArticleId::of_number(7));
        let mut history = UndoHistory::default();
        history.push_full_text(article, FullTextChange::Restore);
        let undo = |history: &mut UndoHistory| match history.undo(&marks) {
            Some(Undoing::FullText(_, change)) => Some(change),
            _ => None,
        };
        let redo = |history: &mut UndoHistory| match history.redo(&marks) {
            Some(Undoing::FullText(_, change)) => Some(change),
            _ => None,
        };
        for is_done in [false, false, true] {
            assert_eq!(undo(&mut history), Some(FullTextChange::SetAside), "{is_done}");
            history.end_full_text(article, FullTextChange::SetAside, is_done);
        }
        assert_eq!(undo(&mut history), None);
        for is_done in [false, true] {
            assert_eq!(redo(&mut history), Some(FullTextChange::Restore), "{is_done}");
            history.end_full_text(article, FullTextChange::Restore, is_done);
        }
        assert_eq!((redo(&mut history), undo(&mut history)), (None, Some(FullTextChange::SetAside)));
    }
}
