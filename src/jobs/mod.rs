//! Background jobs: tasks, their progress and answers, and the threads and processes that run them.
//!
//! To add a job: a file here with its [`Task`], a row in the table below, and, if it has a recipient there, a method of the app
//! that receives the answer.

pub mod apply_rules;
pub mod article_groups;
pub mod changed_articles;
pub mod channel_counts;
pub mod complete_path;
pub mod copy_text;
pub mod download;
pub mod full_text;
#[cfg(feature = "sync")]
pub mod import_subscriptions;
pub mod insights;
pub mod job_runner;
pub mod label_counts;
pub mod library_service;
pub mod list_rows;
pub mod load_library;
pub mod mark_identities;
pub mod measure_pictures;
pub mod new_articles;
pub mod open_link;
pub mod own_command;
pub mod panic_message;
#[cfg(feature = "pictures")]
pub mod picture_decoder;
pub mod process_job;
pub mod query_counts;
#[cfg(feature = "pictures")]
pub mod remote_picture;
pub mod report_throttle;
pub mod run_program;
pub mod running_jobs;
pub mod saved_matches;
#[cfg(feature = "pictures")]
pub mod show_picture;
pub mod similar_articles;
pub mod similarity_index;
pub mod subscribe;
pub mod subscription_groups;
pub mod subscription_records;
pub mod sync_subscriptions;
pub mod unfollow;
pub mod write_articles;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fixedbitset::FixedBitSet;

use crate::feed::picture_facts::KnownPictures;
use crate::feed::record::VisibleContentHash;
use crate::feed::{ArticleId, Feed, Identities, Problem, SafeText};
use crate::picture::ShownPicture;
use crate::query::{Insights, RuleResults, SimilarArticle, SimilarityIndex};
use crate::subscriptions::FetchRecords;

/// Why a picture is not shown, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotShown(pub SafeText);

/// How far a picture on another computer is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemotePicture {
    /// It is here.
    Shown(ShownPicture),
    /// It was refused, or cannot be decoded.
    NotShown(NotShown),
    /// It was not fetched.
    NotFetched,
}

/// The table of all jobs: kind, answer, and the method of the app that receives the answer. Without a method, the answer goes to
/// the overlay that waits for it.
macro_rules! job_table {
    ($with:ident) => {
        $with! {
            /// Read the article files.
            Load(Option<FeedUpdate>) => receive_feed_update;
            /// Find the rows of the list.
            Rows(list_rows::FoundRows) => receive_rows;
            /// Count the topics or the providers of the articles that a query finds.
            Labels(Labels);
            /// Count the articles that each of several queries finds: unread, and all.
            Counts(Vec<(usize, usize)>);
            /// Find articles that no session has seen before.
            Arrivals(Vec<ArticleId>) => receive_arrivals;
            /// Find articles whose content has changed.
            Changes(WithFeed<ContentChanges>) => receive_changes;
            /// Build the index of similar articles.
            Index(Arc<SimilarityIndex>) => receive_similarity_index;
            /// Find articles that are similar to one.
            Similar(WithFeed<Vec<SimilarArticle>>) => receive_similar;
            /// Apply the rules.
            Rules(AppliedRules) => receive_rules;
            /// Count the articles that a query finds, for the charts.
            Insights(Box<Insights>);
            /// Match marks with the identities of the articles.
            Identities(WithFeed<Box<Identities>>) => receive_identities;
            /// Open a link in the browser.
            Open(SafeText) => notify_done;
            /// Find what plays a sound or film.
            Player(open_link::Player);
            /// Pipe text into a clipboard tool.
            Copy(SafeText) => notify_done;
            /// Run a program for the user.
            Program(run_program::ProgramEnd) => receive_program;
            /// Complete a path with the names in its folder.
            Paths(Vec<String>);
            /// Write articles to a file or a folder.
            Write(Done) => notify_done;
            /// Import a list of subscriptions.
            Import(SafeText) => notify_done;
            /// Fetch the subscriptions, in another process.
            Sync(sync_subscriptions::SyncEnd) => subscriptions_answered;
            /// Send marks to accounts, in another process.
            SendMarks(sync_subscriptions::MarksSent) => subscriptions_answered;
            /// Subscribe to an address, in another process.
            Subscribe(subscribe::SubscribeEnd) => subscriptions_answered;
            /// End following a feed of an account, in another process.
            Unfollow(unfollow::UnfollowEnd) => subscriptions_answered;
            /// Fetch the full text of an article, in another process.
            FullText(full_text::FullTextEnd) => receive_full_text;
            /// Download an enclosure, in another process.
            Download(download::DownloadEnd);
            /// Look for the pictures of an article, and read their sizes.
            PictureSizes(Box<KnownPictures>);
            /// Decode a picture of an article for the viewer.
            Picture(Result<ShownPicture, NotShown>);
            /// Decode a picture that is drawn in the text of its article.
            ArticlePicture(Result<ShownPicture, NotShown>);
            /// Decode a picture on another computer, if it was fetched before.
            CachedPicture(RemotePicture);
            /// Fetch a picture from another computer, in another process, and decode it.
            FetchedPicture(RemotePicture);
            /// Read what is known of the fetching of subscriptions.
            Records(FetchRecords) => subscriptions_answered;
            /// Count the articles of each channel.
            ChannelCounts(channel_counts::ChannelCounts);
            /// Group the articles for the navigation pane, and count the unread ones of each group.
            Groups(Box<article_groups::GroupedArticles>) => receive_groups;
            /// Find the articles of each saved search, for the navigation pane.
            SavedMatches(Vec<Arc<FixedBitSet>>) => receive_saved_matches;
        }
    };
}
pub(crate) use job_table;

macro_rules! declare {
    ($($(#[$doc:meta])* $kind:ident($answer:ty) $(=> $method:ident)?;)*) => {
        /// A kind of job.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum JobKind {
            $($(#[$doc])* $kind,)*
        }

        /// The answer of a job, by its kind.
        #[derive(Clone, Debug)]
        pub enum Answer {
            $($(#[$doc])* $kind($answer),)*
        }
    };
}
job_table!(declare);

impl JobKind {
    /// The label of such a job in the footer while it runs. `None` for jobs that are short or that the user does not wait for.
    pub fn footer_label(self) -> Option<&'static str> {
        match self {
            JobKind::Load => Some("reading"),
            JobKind::Rows => Some("searching"),
            JobKind::Index => Some("indexing"),
            JobKind::Program => Some("running"),
            JobKind::Write => Some("writing"),
            JobKind::Subscribe | JobKind::Import => Some("subscribing"),
            JobKind::Unfollow => Some("unsubscribing"),
            JobKind::FullText | JobKind::FetchedPicture => Some("fetching"),
            JobKind::Download => Some("downloading"),
            _ => None,
        }
    }

    /// Whether the footer shows the progress in numbers; else in percent.
    pub fn shows_counts(self) -> bool {
        self == JobKind::Load
    }

    /// Whether starting a job of this kind cancels the earlier ones.
    pub fn supersedes(self) -> bool {
        // The user asked for each link, copy and program, so a later one replaces none. Loads are merged in their queue.
        // A running sync is not interrupted, and each address is subscribed to.
        let are_kept = [
            JobKind::Load,
            JobKind::Open,
            JobKind::Player,
            JobKind::Copy,
            JobKind::Program,
            JobKind::Write,
            JobKind::Import,
            JobKind::Sync,
            JobKind::SendMarks,
            JobKind::Subscribe,
            JobKind::Unfollow,
            JobKind::FullText,
            JobKind::Download,
        ];
        !are_kept.contains(&self)
    }

    /// Whether jobs of this kind wait for another process. They may take minutes, and change nothing in the session while they run.
    pub fn is_remote(self) -> bool {
        matches!(
            self,
            JobKind::Sync
                | JobKind::SendMarks
                | JobKind::Subscribe
                | JobKind::Program
                | JobKind::FullText
                | JobKind::Download
                | JobKind::FetchedPicture
        )
    }

    /// Whether jobs of this kind run one after the other, on one thread. Of the jobs that wait, only the last one runs.
    pub fn runs_in_turn(self) -> bool {
        self == JobKind::Load
    }
}

/// What reading the article files has found.
#[derive(Clone, Debug)]
pub struct FeedUpdate {
    /// The articles.
    pub feed: Arc<Feed>,
    /// What is wrong with the files; empty while files are still being read.
    pub problems: Vec<Problem>,
    /// Whether all files were read.
    pub is_complete: bool,
    /// Messages about folders that have become unreadable.
    pub lost_folders: Vec<SafeText>,
    /// Messages about folders that are readable again.
    pub restored_folders: Vec<SafeText>,
}

/// What a job has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The notice.
    pub words: SafeText,
    /// The folder that was written to, as the user typed it.
    pub folder: Option<String>,
}

impl From<SafeText> for Done {
    fn from(words: SafeText) -> Done {
        Done { words, folder: None }
    }
}

/// Topics or providers, each with the number of unread articles and of all, largest first.
pub type Labels = Vec<(SafeText, (usize, usize))>;

/// A result, and the feed that it is about, which may have been replaced since.
#[derive(Clone, Debug)]
pub struct WithFeed<T> {
    /// The feed that was examined.
    pub feed: Arc<Feed>,
    /// The result.
    pub found: T,
}

/// For articles that changed in this session: hashes of their first content in it.
pub type FirstContentHashes = BTreeMap<ArticleId, VisibleContentHash>;

/// Articles whose visible content has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentChanges {
    /// Articles that differ from their first content in this session, and the hash of that content.
    pub changed: Vec<(ArticleId, VisibleContentHash)>,
    /// Articles that have their first content again.
    pub reverted: Vec<ArticleId>,
}

/// The results of the rules.
#[derive(Clone, Debug)]
pub struct AppliedRules {
    /// With the current marks.
    pub present: RuleResults,
    /// With the marks that the rows of the view were found by, if these differ.
    pub view: Option<RuleResults>,
}

/// Identifies a job; unique in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(u64);

impl JobId {
    /// The id of a job that is about to be started elsewhere.
    pub const EXPECTED: JobId = JobId(0);

    /// An id that no other job has.
    pub fn next() -> JobId {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // The first id is 1, because 0 is `EXPECTED`.
        JobId(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// The progress of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The work that is done, in the job's own unit.
    pub done: usize,
    /// All work; 0 while it is unknown.
    pub total: usize,
    /// What the job is working on, if it says so.
    pub text: Option<SafeText>,
}

impl Progress {
    /// `done` of `total`, without a text.
    pub fn of(done: usize, total: usize) -> Progress {
        Progress { done, total, text: None }
    }
}

/// Why a job has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It was cancelled, or superseded by a later job.
    #[error("cancelled")]
    Cancelled,
    /// It failed, with a message for the user.
    #[error("{0}")]
    Failed(SafeText),
}

/// How a running job reports, and finds out whether to continue.
pub trait Monitor {
    /// Whether the answer is no longer wanted.
    fn is_cancelled(&self) -> bool;

    /// How long the job has been running.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    /// Reports the progress.
    fn progress(&self, _progress: Progress) {}

    /// Reports what was found so far.
    fn partial(&self, _answer: Answer) {}

    /// Fails if the answer is no longer wanted, so that `?` ends the job.
    fn check(&self) -> Result<(), JobError> {
        if self.is_cancelled() { Err(JobError::Cancelled) } else { Ok(()) }
    }
}

/// A closure is a monitor that only says whether to stop.
impl<F: Fn() -> bool> Monitor for F {
    fn is_cancelled(&self) -> bool {
        self()
    }
}

/// Work for the background. It owns all its input, or shares it immutably.
pub trait Task: fmt::Debug + Send {
    /// The kind of job.
    fn kind(&self) -> JobKind;

    /// How many articles it has to examine.
    fn scope(&self) -> usize {
        0
    }

    /// Does the work. Long tasks call [`Monitor::check`] in between.
    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError>;
}

/// A task with its id.
#[derive(Debug)]
pub struct Job {
    /// Identifies the job in its reports.
    pub id: JobId,
    task: Box<dyn Task>,
}

impl Job {
    /// A job with a new id.
    pub fn new(task: impl Task + 'static) -> Job {
        Job { id: JobId::next(), task: Box::new(task) }
    }

    /// The kind of its task.
    pub fn kind(&self) -> JobKind {
        self.task.kind()
    }

    /// How many articles its task has to examine.
    pub fn scope(&self) -> usize {
        self.task.scope()
    }

    /// Runs the task on this thread, and returns the final report.
    pub fn run(self, monitor: &dyn Monitor) -> JobReport {
        let (job, kind) = (self.id, self.kind());
        let status = match self.task.run(monitor) {
            // First, because a task may finish before it sees the flag: such an answer is not wanted either.
            _ if monitor.is_cancelled() => JobStatus::Cancelled,
            Ok(answer) => JobStatus::Answer(answer),
            Err(JobError::Cancelled) => JobStatus::Cancelled,
            Err(JobError::Failed(words)) => JobStatus::Failed(words),
        };
        JobReport { job, kind, status }
    }

    /// Runs the task on this thread; it cannot be cancelled.
    pub fn run_now(self) -> JobReport {
        self.run(&|| false)
    }
}

impl PartialEq for Job {
    fn eq(&self, other: &Job) -> bool {
        self.id == other.id
    }
}

impl Eq for Job {}

/// A report about a job.
#[derive(Clone, Debug)]
pub struct JobReport {
    /// The job.
    pub job: JobId,
    /// Its kind.
    pub kind: JobKind,
    /// What happened.
    pub status: JobStatus,
}

/// What happened to a job.
#[derive(Clone, Debug)]
pub enum JobStatus {
    /// It was started.
    Started,
    /// It has made progress.
    Progress(Progress),
    /// It has found something, and continues.
    Partial(Answer),
    /// It ended with an answer.
    Answer(Answer),
    /// It failed, with a message for the user.
    Failed(SafeText),
    /// It was cancelled, or superseded by a later job.
    Cancelled,
}

impl JobReport {
    /// Whether this is the last report of its job.
    pub fn is_end(&self) -> bool {
        matches!(self.status, JobStatus::Answer(_) | JobStatus::Failed(_) | JobStatus::Cancelled)
    }
}
