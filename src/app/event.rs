//! What happens outside: facts that reach the reading session.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::session_marks::MarksNotSaved;
use super::user_config::UserConfig;
use crate::feed::{Feed, Marks, Problem, SafeText};
use crate::jobs::library_service::WatchStatus;
use crate::jobs::{FeedUpdate, JobReport};
use crate::query::SavedSearches;

/// A fact from outside.
#[derive(Clone, Debug)]
pub enum Event {
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
    /// A job in the background has begun, goes on, or has ended.
    Job(JobReport),
    /// The saved searches were read.
    SavedSearchesLoaded(SavedSearches),
    /// The settings may have changed.
    SettingsChanged,
    /// The settings were read.
    SettingsLoaded(Box<UserConfig>),
    /// Marks were read from the disk: all that are there, or what is new since.
    MarksLoaded {
        /// The marks.
        marks: Marks,
        /// What is wrong with their files.
        problems: Vec<Problem>,
    },
    /// All marks are kept; or why not, and then they will be tried again.
    MarksSaved(Result<(), MarksNotSaved>),
    /// Something was done; words for the footer.
    Succeeded(SafeText),
    /// Something could not be done; words for the footer.
    Failed(SafeText),
    /// Time went on.
    Tick(DateTime<Utc>),
}

impl From<FeedUpdate> for Event {
    fn from(FeedUpdate { feed, problems, is_complete: complete, .. }: FeedUpdate) -> Event {
        Event::FeedLoaded { feed, problems, complete }
    }
}

impl From<WatchStatus> for Event {
    fn from(status: WatchStatus) -> Event {
        match status {
            WatchStatus::Changed => Event::FilesChanged,
            WatchStatus::Polls(words) => Event::Succeeded(words),
            WatchStatus::Fails(words) => Event::Failed(words),
        }
    }
}
