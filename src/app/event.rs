//! Events: what happens outside and reaches the session.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::bookmark::Bookmark;
use super::session_marks::MarksNotSaved;
use super::undo::{FullTextChange, FullTextNotMoved};
use super::user_config::UserConfig;
use crate::app::decoded_pictures::WantedPicture;
use crate::feed::{ArticleId, Feed, Marks, Problem, SafeText};
use crate::jobs::library_service::WatchStatus;
use crate::jobs::write_articles::WriteRequest;
use crate::jobs::{FeedUpdate, JobReport};

/// How the library of a running session changed.
#[derive(Clone, Debug, PartialEq)]
pub enum LibraryChange {
    /// A folder joined it. The rest stays as it is.
    Joined,
    /// Another library took its place.
    Replaced {
        /// Where the user was when it was read last; `None` if it never was.
        bookmark: Option<Box<Bookmark>>,
        /// True if its articles have only now arrived: they count as new.
        arrives: bool,
    },
}

/// Something that happened outside the session.
#[derive(Clone, Debug)]
pub enum Event {
    /// A feed was loaded: all articles, or those read so far.
    FeedLoaded {
        /// The articles.
        feed: Arc<Feed>,
        /// Problems of the files; empty until the feed is complete.
        problems: Vec<Problem>,
        /// True if every file was read.
        complete: bool,
    },
    /// A frame had room for pictures that were not decoded yet.
    PicturesWanted(Vec<WantedPicture>),
    /// Article files may have changed.
    FilesChanged,
    /// The folder of the subscriptions' articles has its first article.
    ArticlesArrived,
    /// The library has changed, and is about to be loaded.
    LibraryChanged {
        /// Its name now.
        name: SafeText,
        /// What has changed.
        change: LibraryChange,
    },
    /// A background job started, made progress or ended.
    Job(JobReport),
    /// A saved search has another name now. The saved searches themselves are loaded next.
    SearchRenamed {
        /// Its name before.
        from: String,
        /// Its name now.
        to: String,
    },
    /// A saved search cannot be pinned to keys.
    PinRefused {
        /// Its name.
        name: String,
        /// The keys, as they were typed.
        keys: String,
        /// Why.
        why: SafeText,
    },
    /// The settings may have changed.
    SettingsChanged,
    /// The settings were loaded.
    SettingsLoaded(Box<UserConfig>),
    /// Marks were loaded from disk: all of them, or those written since the last load.
    MarksLoaded {
        /// The marks.
        marks: Marks,
        /// Problems of their files.
        problems: Vec<Problem>,
    },
    /// All marks are saved; or the reason why not, and the writer tries again.
    MarksSaved(Result<(), MarksNotSaved>),
    /// An effect succeeded; a notice for the footer.
    Succeeded(SafeText),
    /// An effect failed; a notice for the footer.
    Failed(SafeText),
    /// The full text of an article was set aside or restored: false if there was none; or why not.
    FullTextChanged(ArticleId, FullTextChange, Result<bool, FullTextNotMoved>),
    /// Articles were not written, because the file exists: the user decides.
    FileExists(Box<WriteRequest>),
    /// The time now, when something is due.
    Due(DateTime<Utc>),
    /// The time now; sent at intervals. Ages and dates may mean other articles than before, and everything that is due is done.
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
