//! Background jobs: what there is to do, how far it is, and what came of it; and the threads and processes that run jobs.
//!
//! A new job is a file here with its [`Task`], a row in the table below, and a method of the app that takes the answer.

pub mod apply_rules;
pub mod changed_articles;
pub mod copy_text;
pub mod insights;
pub mod job_runner;
pub mod label_counts;
pub mod library_service;
pub mod list_rows;
pub mod load_library;
pub mod mark_identities;
pub mod new_articles;
pub mod open_link;
pub mod panic_message;
pub mod process_job;
pub mod query_counts;
pub mod running_jobs;
pub mod similar_articles;
pub mod similarity_index;
pub mod throttle;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::feed::record::VisibleContentHash;
use crate::feed::{ArticleId, Feed, Identities, Problem, SafeText};
use crate::query::{Insights, RuleResults, SearchResult, SimilarArticle, SimilarityIndex};

/// The table of all jobs: kind, answer, and the method of the app that takes the answer. An answer without one goes to the
/// overlay that awaits it.
macro_rules! job_table {
    ($with:ident) => {
        $with! {
            /// Read the article files.
            Load(Option<FeedUpdate>) => receive_feed_update;
            /// Find the rows of the list.
            Rows(SearchResult) => receive_rows;
            /// Count the topics or the providers of what a query finds.
            Labels(Labels);
            /// Count what each of several queries finds.
            Counts(Vec<(usize, usize)>);
            /// Find articles that were never seen before.
            Arrivals(Vec<ArticleId>) => receive_arrivals;
            /// Find articles that read otherwise than before.
            Changes(WithFeed<ContentChanges>) => receive_changes;
            /// Make the index of similar articles.
            Index(Arc<SimilarityIndex>) => receive_similarity_index;
            /// Find articles that are like another.
            Similar(WithFeed<Vec<SimilarArticle>>) => receive_similar;
            /// Apply the rules.
            Rules(AppliedRules) => receive_rules;
            /// Count what a query finds, for the charts.
            Insights(Box<Insights>);
            /// Compare marks with the identities of articles.
            Identities(WithFeed<Box<Identities>>) => receive_identities;
            /// Hand a link to the browser.
            Open(SafeText) => notify_done;
            /// Pipe text into a clipboard tool.
            Copy(SafeText) => notify_done;
        }
    };
}
pub(crate) use job_table;

macro_rules! declare {
    ($($(#[$doc:meta])* $kind:ident($answer:ty) $(=> $take:ident)?;)*) => {
        /// A kind of job.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum JobKind {
            $($(#[$doc])* $kind,)*
        }

        /// The answer of a job.
        #[derive(Clone, Debug)]
        pub enum Answer {
            $($(#[$doc])* $kind($answer),)*
        }
    };
}
job_table!(declare);

impl JobKind {
    /// What the footer says while such a job runs. None: it takes a moment, or is not waited for.
    pub fn footer_label(self) -> Option<&'static str> {
        match self {
            JobKind::Load => Some("reading"),
            JobKind::Rows => Some("searching"),
            JobKind::Index => Some("indexing"),
            _ => None,
        }
    }

    /// Whether the footer says numbers: else it says percent.
    pub fn shows_counts(self) -> bool {
        self == JobKind::Load
    }

    /// Whether a later job of this kind cancels an earlier one.
    pub fn supersedes(self) -> bool {
        !matches!(self, JobKind::Load | JobKind::Open | JobKind::Copy)
    }

    /// Whether jobs of this kind run one after the other, on one thread. Of those that wait only the last one runs.
    pub fn runs_in_turn(self) -> bool {
        self == JobKind::Load
    }
}

/// What was read of the article files.
#[derive(Clone, Debug)]
pub struct FeedUpdate {
    /// The articles.
    pub feed: Arc<Feed>,
    /// What is wrong with the files; empty while reading.
    pub problems: Vec<Problem>,
    /// True when every file was read.
    pub is_complete: bool,
    /// Folders that went away since, in words.
    pub lost_folders: Vec<SafeText>,
    /// Folders that came back since, in words.
    pub restored_folders: Vec<SafeText>,
}

/// Topics or providers, each with how many articles are unread and how many there are; largest first.
pub type Labels = Vec<(SafeText, (usize, usize))>;

/// What was found in a feed, which may not be the present one any more.
#[derive(Clone, Debug)]
pub struct WithFeed<T> {
    /// The feed.
    pub feed: Arc<Feed>,
    /// What was found.
    pub found: T,
}

/// How articles that changed in this session read when they were first seen in it.
pub type FirstVersions = BTreeMap<ArticleId, VisibleContentHash>;

/// Articles that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentChanges {
    /// Articles that read otherwise than at first, and how they read then.
    pub changed: Vec<(ArticleId, VisibleContentHash)>,
    /// Articles that read as at first again.
    pub reverted: Vec<ArticleId>,
}

/// What the rules say.
#[derive(Clone, Debug)]
pub struct AppliedRules {
    /// By the present marks.
    pub present: RuleResults,
    /// By the marks by which rows are found, where these are others.
    pub view: Option<RuleResults>,
}

/// The number of a job, different for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct JobId(u64);

impl JobId {
    /// The id of a job that somebody else will start.
    pub const EXPECTED: JobId = JobId(0);

    /// An id that no other job has.
    pub fn next() -> JobId {
        static LAST: AtomicU64 = AtomicU64::new(0);
        JobId(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// How far a job is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is done.
    pub done: usize,
    /// What there is to do; 0 while that is not known.
    pub total: usize,
    /// What the job works on, where it says so.
    pub text: Option<SafeText>,
}

impl Progress {
    /// So much is done of so much.
    pub fn of(done: usize, total: usize) -> Progress {
        Progress { done, total, text: None }
    }
}

/// Why a job has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It was cancelled, or a later job took its place.
    #[error("cancelled")]
    Cancelled,
    /// It failed.
    #[error("{0}")]
    Failed(SafeText),
}

/// What a job tells while it runs, and asks.
pub trait Monitor {
    /// True when the answer is not wanted any more.
    fn is_cancelled(&self) -> bool;

    /// How long the job has been running.
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    /// Tells how far the job is.
    fn progress(&self, _progress: Progress) {}

    /// Tells what is found so far.
    fn partial(&self, _answer: Answer) {}

    /// Ends the job when its answer is not wanted any more.
    fn check(&self) -> Result<(), JobError> {
        if self.is_cancelled() { Err(JobError::Cancelled) } else { Ok(()) }
    }
}

/// A monitor that only says whether to stop.
impl<F: Fn() -> bool> Monitor for F {
    fn is_cancelled(&self) -> bool {
        self()
    }
}

/// Work that is done in the background. It has all that it looks at: nothing of it changes meanwhile.
pub trait Task: fmt::Debug + Send {
    /// Its kind.
    fn kind(&self) -> JobKind;

    /// Articles that have to be looked at.
    fn scope(&self) -> usize {
        0
    }

    /// Does the work. In between it asks whether the answer is still wanted.
    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError>;
}

/// A task with its id.
#[derive(Debug)]
pub struct Job {
    /// The id.
    pub id: JobId,
    task: Box<dyn Task>,
}

impl Job {
    /// A job that does a task.
    pub fn new(task: impl Task + 'static) -> Job {
        Job { id: JobId::next(), task: Box::new(task) }
    }

    /// Its kind.
    pub fn kind(&self) -> JobKind {
        self.task.kind()
    }

    /// Articles that have to be looked at.
    pub fn scope(&self) -> usize {
        self.task.scope()
    }

    /// Does it. Returns how it ended.
    pub fn run(self, monitor: &dyn Monitor) -> JobReport {
        let (job, kind) = (self.id, self.kind());
        let status = match self.task.run(monitor) {
            _ if monitor.is_cancelled() => JobStatus::Cancelled,
            Ok(answer) => JobStatus::Answer(answer),
            Err(JobError::Cancelled) => JobStatus::Cancelled,
            Err(JobError::Failed(words)) => JobStatus::Failed(words),
        };
        JobReport { job, kind, status }
    }

    /// Does it at once, where there is nothing else to do.
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

/// What is told of a job.
#[derive(Clone, Debug)]
pub struct JobReport {
    /// The job.
    pub job: JobId,
    /// Its kind.
    pub kind: JobKind,
    /// What there is to tell.
    pub status: JobStatus,
}

/// What there is to tell of a job.
#[derive(Clone, Debug)]
pub enum JobStatus {
    /// It has begun.
    Started,
    /// It is so far.
    Progress(Progress),
    /// It has found something, and goes on.
    Partial(Answer),
    /// It ended with an answer.
    Answer(Answer),
    /// It failed; words for the reader.
    Failed(SafeText),
    /// It was cancelled, or a later job took its place.
    Cancelled,
}

impl JobReport {
    /// Whether the job has ended by this.
    pub fn is_end(&self) -> bool {
        matches!(self.status, JobStatus::Answer(_) | JobStatus::Failed(_) | JobStatus::Cancelled)
    }
}
