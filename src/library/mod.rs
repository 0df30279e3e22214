//! The article folder: all reading of article files, which are never written, and the marks, which lie apart from them.

mod article_file;
mod body;
mod dates;
pub mod device;
pub mod disk;
mod fields;
mod front_matter;
pub mod marks_log;
mod marks_record;
mod native;
mod outline;
mod rules;
mod spelling;
mod walk;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use chrono::{DateTime, Utc};
use include_dir::{Dir, include_dir};

use crate::feed::{Article, Feed, Problem, Raw, Severity, clean};
use rules::ArticleFile;
use walk::{Entry, ReadError};

/// The built-in feed: the article files of `seeds/`.
static SEEDS: Dir = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// How long to wait before a file that was being written is read again.
const SECOND_READ: Duration = Duration::from_millis(100);

/// The folders and files that articles are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Library {
    /// These folders and files.
    Paths(Vec<PathBuf>),
    /// The article files compiled into the program.
    BuiltIn,
}

/// Why a library cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// A folder or file that is not there, or may not be looked into.
    #[error("cannot read {}: {why}", clean::path(.path))]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
}

/// What became of a directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An article.
    Loaded,
    /// An article of which something was left out or repaired.
    Warning,
    /// A file that cannot be read as an article.
    Rejected,
    /// Not an article.
    Ignored,
}

impl Outcome {
    /// The word for it, as on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Loaded => "loaded",
            Outcome::Warning => "warning",
            Outcome::Rejected => "rejected",
            Outcome::Ignored => "ignored",
        }
    }
}

/// A directory entry and what became of it.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// Where it is.
    pub path: PathBuf,
    /// Where it is below its library folder.
    pub below: PathBuf,
    /// What became of it.
    pub outcome: Outcome,
    /// What is wrong with it; why it was ignored.
    pub problems: Vec<Problem>,
    /// The article, when it is one.
    pub article: Option<Arc<Article>>,
}

/// A library that was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All articles.
    pub feed: Arc<Feed>,
    /// Every directory entry considered, in a fixed order.
    pub files: Vec<FileReport>,
}

impl Loaded {
    /// Everything that is wrong with the files, rejected files first.
    pub fn problems(&self) -> Vec<Problem> {
        let told = self.files.iter().filter(|file| file.outcome != Outcome::Ignored).flat_map(|file| &file.problems);
        let mut problems: Vec<Problem> = told.cloned().collect();
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
        problems
    }
}

/// How far a load has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Files read so far.
    pub done: usize,
    /// Files to read.
    pub total: usize,
    /// The articles read so far, in no order.
    pub articles: &'a [Arc<Article>],
}

impl Library {
    /// True when the folders and files of the library are there.
    pub fn check(&self) -> Result<(), LibraryError> {
        let Library::Paths(paths) = self else { return Ok(()) };
        for path in paths {
            if let Err(error) = std::fs::metadata(path) {
                return Err(LibraryError::Unreadable { path: path.clone(), why: words_for(&error) });
            }
        }
        Ok(())
    }

    /// Reads every article file, in parallel. `progress` is called as articles arrive; `now` tells dates in the future.
    pub fn load(&self, now: DateTime<Utc>, progress: impl FnMut(Progress)) -> Result<Loaded, LibraryError> {
        self.check()?;
        let files = match self {
            Library::BuiltIn => built_in(now, progress),
            Library::Paths(paths) => from_paths(paths, now, progress),
        };
        let articles = files.iter().filter_map(|file| file.article.clone()).collect();
        Ok(Loaded { feed: Arc::new(Feed::new(articles, now)), files })
    }
}

/// A line of a file, counted from 1, for quoting beside a problem; none when the file cannot be read as articles are.
pub fn line_of(path: &Path, line: u32) -> Option<Raw> {
    let (bytes, _) = walk::read_file(path).ok()?;
    let text = rules::with_lf(String::from_utf8_lossy(&bytes));
    text.split('\n').nth(line.checked_sub(1)? as usize).map(Raw::new)
}

/// The system's words for what went wrong, without its number.
fn words_for(error: &std::io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or_default().to_lowercase()
}

fn built_in(now: DateTime<Utc>, mut progress: impl FnMut(Progress)) -> Vec<FileReport> {
    let mut reports = Vec::new();
    for seed in SEEDS.files() {
        let path = Path::new("seeds").join(seed.path());
        let entry = Entry { path, below: seed.path().to_owned(), ignored: None };
        let file = ArticleFile { path: &entry.path, below: &entry.below, modified: None, bytes: seed.contents() };
        reports.push(report(&entry, read_safely(&file, now)));
    }
    reports.sort_by(|a, b| a.below.cmp(&b.below));
    let articles: Vec<_> = reports.iter().filter_map(|file| file.article.clone()).collect();
    progress(Progress { done: reports.len(), total: reports.len(), articles: &articles });
    reports
}

fn from_paths(paths: &[PathBuf], now: DateTime<Utc>, mut progress: impl FnMut(Progress)) -> Vec<FileReport> {
    let mut failed = Vec::new();
    let mut entries = Vec::new();
    for path in paths {
        if path.is_dir() {
            entries.extend(walk::walk(path, &mut failed));
        } else {
            let below = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
            entries.push(Entry { path: path.clone(), below, ignored: None });
        }
    }
    let mut reports = read_all(&entries, now, &mut progress);
    for (folder, error) in failed {
        let mut problem = Problem::error(
            None,
            &format!("the folder cannot be listed: {}", words_for(&error)),
            "chmod u+rx would allow it",
        );
        problem.path = folder.clone();
        let (path, below, problems) = (folder.clone(), folder, vec![problem]);
        reports.push(FileReport { path, below, outcome: Outcome::Rejected, problems, article: None });
    }
    reports
}

/// Reads files on as many threads as pay: while the disk is slow, threads are the depth of its queue, not cores.
fn read_all(entries: &[Entry], now: DateTime<Utc>, progress: &mut impl FnMut(Progress)) -> Vec<FileReport> {
    const THREADS: usize = 8;
    const BATCH: usize = 16;
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel::<(usize, Vec<Option<FileReport>>)>();
    let mut reports: Vec<Option<FileReport>> = vec![None; entries.len()];
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(entries.len().div_ceil(BATCH)) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let start = next.fetch_add(BATCH, Ordering::Relaxed);
                    let Some(batch) =
                        entries.get(start..entries.len().min(start + BATCH)).filter(|batch| !batch.is_empty())
                    else {
                        return;
                    };
                    let reports = batch.iter().map(|entry| read_entry(entry, now)).collect();
                    if sender.send((start, reports)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut done, mut articles) = (0, Vec::new());
        for (start, batch) in receiver {
            done += batch.len();
            for (slot, report) in reports.iter_mut().skip(start).zip(batch) {
                articles.extend(report.as_ref().and_then(|report| report.article.clone()));
                *slot = report;
            }
            progress(Progress { done, total: entries.len(), articles: &articles });
        }
    });
    reports.into_iter().flatten().collect()
}

/// What becomes of an entry; none when the file went away in the meantime.
fn read_entry(entry: &Entry, now: DateTime<Utc>) -> Option<FileReport> {
    if let Some(why) = entry.ignored {
        return Some(ignored(entry, why));
    }
    let mut again = true;
    loop {
        let (bytes, stamp) = match walk::read_file(&entry.path) {
            Ok(read) => read,
            Err(ReadError::Gone) => return None,
            Err(error) => {
                let problem =
                    Problem { path: entry.path.clone(), ..Problem::error(None, &error.to_string(), error.hint()) };
                return Some(report(entry, Err(problem)));
            }
        };
        let is_text = entry.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt"));
        if is_text && !article_file::begins_with_fence(&bytes) {
            return Some(ignored(entry, "a text file without front matter"));
        }
        let file = ArticleFile { path: &entry.path, below: &entry.below, modified: stamp.modified, bytes: &bytes };
        let read = read_safely(&file, now);
        if read.is_err() && again && walk::stamp(&entry.path) != Some(stamp) {
            // It is being written just now.
            again = false;
            std::thread::sleep(SECOND_READ);
            continue;
        }
        return Some(report(entry, read));
    }
}

/// A fault of ours in one file must not take the others with it.
fn read_safely(file: &ArticleFile, now: DateTime<Utc>) -> article_file::Read {
    catch_unwind(AssertUnwindSafe(|| article_file::read(file, now))).unwrap_or_else(|_| {
        let problem = Problem::error(None, "frontpage failed on this file", "please report it, with the file");
        Err(Problem { path: file.path.to_owned(), ..problem })
    })
}

fn report(entry: &Entry, read: article_file::Read) -> FileReport {
    let (outcome, problems, article) = match read {
        Ok(article) if article.problems.is_empty() => (Outcome::Loaded, Vec::new(), Some(Arc::new(article))),
        Ok(article) => (Outcome::Warning, article.problems.clone(), Some(Arc::new(article))),
        Err(problem) => (Outcome::Rejected, vec![problem], None),
    };
    FileReport { path: entry.path.clone(), below: entry.below.clone(), outcome, problems, article }
}

fn ignored(entry: &Entry, why: &str) -> FileReport {
    let problem = Problem { path: entry.path.clone(), severity: Severity::Warning, ..Problem::warning(None, why, "") };
    let (path, below) = (entry.path.clone(), entry.below.clone());
    FileReport { path, below, outcome: Outcome::Ignored, problems: vec![problem], article: None }
}
