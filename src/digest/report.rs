//! What writing the articles of a channel did, for the program and the user.

use std::path::PathBuf;

use crate::feed::{ArticleId, Problem};

/// A file of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleChange {
    /// The identity of the article.
    pub id: ArticleId,
    /// The file.
    pub path: PathBuf,
}

/// An item that has no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Position of the item in the channel.
    pub item: usize,
    /// Why it has none.
    pub why: LeftOutReason,
}

/// Why an item has no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOutReason {
    /// The document has it twice.
    Repeated,
    /// The user deleted the file.
    Deleted,
    /// The file was removed because of its age or number.
    Expired,
    /// The user's filter does not want it. It is not remembered: a changed filter brings it if the channel has it still.
    NotWanted,
}

/// What was done. Lists of articles have the order of the channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Articles that were written for the first time.
    pub new: Vec<ArticleChange>,
    /// Articles whose item has changed, and whose file was replaced.
    pub updated: Vec<ArticleChange>,
    /// Articles whose file was there already, but not in the state: another device wrote it, the state was lost, or the program
    /// was stopped after it wrote the file.
    pub found: Vec<ArticleChange>,
    /// Articles whose item has changed, or may have, but whose file was edited, or may have been: it was not touched.
    pub not_applied: Vec<ArticleChange>,
    /// Number of articles that did not change.
    pub unchanged: usize,
    /// Items without a file.
    pub left_out: Vec<LeftOut>,
    /// Articles that were removed because of their age or number.
    pub removed: Vec<ArticleChange>,
    /// What went wrong, and what the user can do. Articles that it concerns are tried again in the next run.
    pub problems: Vec<Problem>,
}
