//! What happens outside: facts that reach the reading session.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::request::Answer;
use super::user_config::UserConfig;
use crate::feed::{Feed, Marks, Problem, Shown};
use crate::query::Saved;

/// A fact from outside.
#[derive(Clone, Debug)]
pub enum Event {
    /// Article files are being read.
    Loading {
        /// Files read so far.
        done: usize,
        /// Files to read; 0 while that is not known.
        total: usize,
    },
    /// Articles are there: some of them while files are still being read, or all.
    FeedLoaded {
        /// The articles.
        feed: Arc<Feed>,
        /// What is wrong with the files; empty while reading.
        problems: Vec<Problem>,
        /// True when every file was read.
        complete: bool,
    },
    /// Article files may have changed.
    FilesChanged,
    /// A search has found something out.
    Found {
        /// The request that is answered.
        ticket: u64,
        /// What was found out.
        answer: Answer,
    },
    /// The saved searches were read.
    SearchesRead(Saved),
    /// The settings may have changed.
    SettingsChanged,
    /// The settings were read.
    SettingsRead(Box<UserConfig>),
    /// Marks were read from the disk: all that are there, or what is new since.
    MarksRead {
        /// The marks.
        marks: Marks,
        /// What is wrong with their files.
        problems: Vec<Problem>,
    },
    /// All marks are kept; or why not, and then they will be tried again.
    MarksKept(Result<(), Shown>),
    /// The article files could not be read; words for the footer.
    LoadFailed(Shown),
    /// Something was done; words for the footer.
    Done(Shown),
    /// Something could not be done; words for the footer.
    Failed(Shown),
    /// Time went on.
    Tick(DateTime<Utc>),
}
