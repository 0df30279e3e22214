//! Reads one directory entry and reports its outcome. A failure in one file never affects another.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

use super::article_file::{self, UnreadableFile};
use super::article_parts::ArticleFile;
use super::folder_walk::{self, EntryName, FileStamp, Folder, ReadError};
use super::site::Sites;
use crate::dates::Now;
use crate::feed::{Article, Problem, Severity};

/// Delays in milliseconds before a file that is being written is read again.
const RETRY_DELAYS_MS: [u64; 5] = [10, 20, 40, 80, 160];

/// The outcome for a directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An article.
    Loaded,
    /// An article with parts that were ignored or repaired.
    Warning,
    /// A file that cannot be read as an article.
    Rejected,
    /// Not an article.
    Ignored,
}

impl Outcome {
    /// All outcomes, in the order of their numbers in the file index.
    pub const ALL: [Outcome; 4] = [Outcome::Loaded, Outcome::Warning, Outcome::Rejected, Outcome::Ignored];

    /// The name of the outcome in the output of `frontpage check`.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Loaded => "loaded",
            Outcome::Warning => "warning",
            Outcome::Rejected => "rejected",
            Outcome::Ignored => "ignored",
        }
    }
}

/// A directory entry and its outcome.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// Its path.
    pub path: PathBuf,
    /// Its path below the library folder.
    pub below: PathBuf,
    /// Its outcome.
    pub outcome: Outcome,
    /// What is wrong with it, or why it was ignored.
    pub problems: Vec<Problem>,
    /// The article, if it is one.
    pub article: Option<Arc<Article>>,
}

/// Most warnings about one file for what it names and does not exist.
const MAX_MISSING: usize = 20;

impl FileReport {
    /// Adds a warning for each thing that the file names and that does not exist, but at most 20; `more` says how many more there are.
    pub(super) fn add_missing<T>(
        &mut self,
        missing: &[T],
        more: impl FnOnce(usize) -> String,
        warning: impl Fn(&T) -> Problem,
    ) {
        let shown = missing.iter().take(MAX_MISSING).map(warning);
        let rest = missing.len().checked_sub(MAX_MISSING).filter(|rest| *rest > 0);
        let rest = rest.map(|rest| Problem::warning(None, &more(rest), ""));
        self.problems.extend(shown.chain(rest).map(|problem| Problem { path: self.path.clone(), ..problem }));
        self.outcome = Outcome::Warning;
    }
}

/// The result of reading an entry.
#[derive(Debug)]
pub struct EntryResult {
    /// Its outcome.
    pub outcome: Outcome,
    /// The article, if it is one.
    pub article: Option<Box<Article>>,
    /// What is wrong with it, or why it was ignored.
    pub problems: Vec<Problem>,
    /// The stamp of the file as it was read; none if it could not be read.
    pub stamp: Option<FileStamp>,
    /// Why the front matter cannot be read. The article then consists of the body only.
    pub broken: Option<Problem>,
}

impl EntryResult {
    /// The result for a file that was read.
    pub fn of(read: article_file::ReadResult, stamp: Option<FileStamp>) -> EntryResult {
        let (outcome, problems, article, broken) = match read {
            Ok(article) if article.problems.is_empty() => (Outcome::Loaded, Vec::new(), Some(article), None),
            Ok(article) => (Outcome::Warning, article.problems.clone(), Some(article), None),
            Err(UnreadableFile { problem, body: Some(article) }) => {
                (Outcome::Warning, article.problems.clone(), Some(article), Some(problem))
            }
            Err(UnreadableFile { problem, body: None }) => (Outcome::Rejected, vec![problem], None, None),
        };
        EntryResult { outcome, article, problems, stamp, broken }
    }

    fn rejected(problem: Problem) -> EntryResult {
        EntryResult::of(Err(UnreadableFile { problem, body: None }), None)
    }

    fn ignored(path: &Path, why: &str, stamp: Option<FileStamp>) -> EntryResult {
        let problem = Problem { path: path.to_owned(), severity: Severity::Warning, ..Problem::warning(None, why, "") };
        EntryResult { outcome: Outcome::Ignored, article: None, problems: vec![problem], stamp, broken: None }
    }

    /// The result with the links of its body to other articles.
    pub fn with_links(mut self) -> EntryResult {
        self.article.iter_mut().for_each(|article| read_links(article));
        self
    }

    /// True if the file may read differently next time with the same stamp: it is dated in the future, could not be read, or
    /// changed within the last 2 seconds.
    pub fn may_change(&self, now: Now) -> bool {
        let published = self.article.as_ref().and_then(|article| article.published);
        let in_future = published.is_some_and(|date| date.at(now.zone) > now.at);
        in_future || self.stamp.is_none_or(|stamp| stamp.is_fresh(SystemTime::now()))
    }
}

/// Reads an entry, using `bytes` as a buffer. Returns none if the file was deleted since it was listed. `was_article`: it was
/// an article before, so if it is empty now, another program is probably writing it.
pub fn read(
    folder: &Folder,
    name: &EntryName,
    bytes: &mut Vec<u8>,
    was_article: bool,
    sites: &Sites,
    now: DateTime<Utc>,
) -> Option<EntryResult> {
    let path = folder.path_of(name);
    if let Some(why) = name.ignored {
        return Some(EntryResult::ignored(&path, why, None));
    }
    let below = folder.below_of(name);
    let is_text = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
    let mut whole = None;
    let mut pauses = RETRY_DELAYS_MS.into_iter().map(Duration::from_millis);
    loop {
        let stamp = match folder_walk::read_file(folder, name, bytes) {
            Ok(stamp) => stamp,
            Err(ReadError::Gone) => return None,
            Err(error) => {
                let problem = Problem { path, ..Problem::error(None, &error.to_string(), error.hint()) };
                return Some(EntryResult::rejected(problem));
            }
        };
        if is_text && !article_file::begins_with_fence(bytes) {
            return Some(EntryResult::ignored(&path, "a text file without front matter", Some(stamp)));
        }
        let modified = Some(stamp.modified());
        let file = ArticleFile { path: &path, below: &below, modified, bytes, site: sites.of(folder.root, &below) };
        let read = read_safely(&file, now);
        // A program may be in the middle of writing a file that changed just now: it may be cut off, or a mix of two
        // versions.
        let is_fresh = stamp.is_fresh(SystemTime::now());
        let has_moved = || folder_walk::file_stamp(folder, name) != Some(stamp);
        // Many programs empty a file and then write it, within milliseconds.
        let is_emptied = was_article && bytes.is_empty() && is_fresh;
        if (read.is_err() || is_fresh)
            && let Some(pause) = pauses.next()
        {
            let moved = has_moved();
            if moved || is_emptied || (read.is_err() && is_fresh) {
                std::thread::sleep(pause);
            }
            if moved || is_emptied || (read.is_err() && has_moved()) {
                // An empty file reads as an article without text, which must not pass for the last good version.
                let article = read.ok().filter(|_| !is_emptied);
                whole = article.map(|article| EntryResult::of(Ok(article), Some(stamp))).or(whole);
                continue;
            }
        }
        // If the file keeps changing, use the last version that could be read. It is fresh, so the next scan reads it again.
        let is_whole = read.is_ok();
        let read = EntryResult::of(read, Some(stamp));
        return if is_whole { Some(read) } else { whole.or(Some(read)) };
    }
}

/// Reads an article from bytes. A panic becomes a problem of this file alone.
pub fn read_safely(file: &ArticleFile, now: DateTime<Utc>) -> article_file::ReadResult {
    catch_unwind(AssertUnwindSafe(|| article_file::read(file, now))).unwrap_or_else(|_| {
        let problem = Problem::error(None, "frontpage failed on this file", "report it as a bug and attach the file");
        Err(UnreadableFile { problem: Problem { path: file.path.to_owned(), ..problem }, body: None })
    })
}

/// Reads the links of an article unless that was done. A failure in its body leaves it without links.
pub fn read_links(article: &mut Article) {
    if catch_unwind(AssertUnwindSafe(|| article.read_local_links())).is_err() {
        article.local_links = Some(Vec::new());
    }
}

/// The problem of a folder that cannot be listed.
pub fn unlisted_folder(folder: &Path, error: &io::Error) -> Problem {
    let what = format!("the folder cannot be listed: {}", folder_walk::io_error_text(error));
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied => "allow it with chmod u+rx",
        io::ErrorKind::InvalidFilename => "the path is too long: move the folder up, or shorten names",
        _ => "try to list it with ls",
    };
    Problem { path: folder.to_owned(), ..Problem::error(None, &what, hint) }
}
