//! Builds the index by which similar articles are found.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::library_service::LibraryService;
use super::report_throttle::ReportThrottle;
use super::{Answer, Job, JobError, JobKind, Monitor, Progress, Task};
use crate::feed::Feed;
use crate::query::SimilarityIndex;

/// When the progress is reported for the first time, and then how often. Late, because the user does not wait for the index.
const REPORT_DELAY: Duration = Duration::from_millis(500);
const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// Where the index is saved between sessions: with the snapshot of the library, or nowhere.
#[derive(Clone, Default)]
pub struct IndexStore(Option<Arc<LibraryService>>);

impl IndexStore {
    /// Saves it with the snapshots of a library.
    pub fn of(service: Arc<LibraryService>) -> IndexStore {
        IndexStore(Some(service))
    }

    fn open(&self) -> Option<SimilarityIndex> {
        self.0.as_ref()?.open_similarity_index()
    }

    fn must_save(&self, index: &SimilarityIndex) -> bool {
        self.0.is_some() && index.must_be_saved()
    }

    /// Saves an index. Returns the same index with its bytes in the file; `None` if it could not be saved.
    fn save(&self, index: &SimilarityIndex) -> Option<SimilarityIndex> {
        self.0.as_ref()?.save_similarity_index(index)
    }
}

impl fmt::Debug for IndexStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IndexStore").field(&self.0.is_some()).finish()
    }
}

#[derive(Debug)]
struct MakeIndex {
    before: Option<Arc<SimilarityIndex>>,
    feed: Arc<Feed>,
    store: IndexStore,
}

/// A job that builds the index of a feed, reusing the index of an earlier feed, or of an earlier session, if there is one. An index is
/// reported before it is saved.
pub fn make(before: Option<Arc<SimilarityIndex>>, feed: Arc<Feed>, store: IndexStore) -> Job {
    Job::new(MakeIndex { before, feed, store })
}

impl Task for MakeIndex {
    fn kind(&self) -> JobKind {
        JobKind::Index
    }

    fn scope(&self) -> usize {
        self.feed.len()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        // The index calls `stop` a known number of times, which serves as progress. Updating an earlier index is too short to
        // report.
        let before = self.before.clone().or_else(|| self.store.open().map(Arc::new));
        let total = before.is_none().then(|| SimilarityIndex::stop_checks(self.feed.len()));
        let (asked, throttle) = (Cell::new(0), ReportThrottle::new(REPORT_DELAY, REPORT_INTERVAL));
        let stop = || {
            asked.set(asked.get() + 1);
            let stops = monitor.is_cancelled();
            if let Some(total) = total.filter(|_| !stops) {
                let elapsed = monitor.elapsed();
                if throttle.is_due(elapsed) {
                    monitor.progress(Progress::of(asked.get(), total));
                    throttle.reported(elapsed);
                }
            }
            stops
        };
        let made =
            SimilarityIndex::of(&self.feed, before.as_deref(), &stop).map(Arc::new).ok_or(JobError::Cancelled)?;
        if !self.store.must_save(&made) {
            return Ok(Answer::Index(made));
        }
        monitor.partial(Answer::Index(made.clone()));
        Ok(Answer::Index(self.store.save(&made).map_or(made, Arc::new)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::sync::Mutex;

    use chrono::DateTime;

    use super::*;
    use crate::library::{Library, ScanOptions};

    /// Counts the indexes that a job reports before its end.
    #[derive(Default)]
    struct Partials(Mutex<usize>);

    impl Monitor for Partials {
        fn is_cancelled(&self) -> bool {
            false
        }

        fn partial(&self, _: Answer) {
            *self.0.lock().expect("no panic") += 1;
        }
    }

    #[test]
    fn the_index_of_an_earlier_session_is_used() {
        let (folder, snapshots) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let write = |number: usize, title: &str| {
            let text = format!("---\ntitle: {title} {number}\ndate: 2020-01-01\n---\n");
            std::fs::write(folder.path().join(format!("{number}.md")), text).expect("a file");
        };
        (0..1_100).for_each(|number| write(number, "Harbour gate"));
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let session = || {
            let options = ScanOptions::once(DateTime::from_timestamp(1_600_000_000, 0).expect("a time"));
            let feed = library.load_with(&options, |_| {}).expect("a folder").feed;
            let service = Arc::new(LibraryService::new(library.clone(), Some(snapshots.path().to_owned())));
            let partials = Partials::default();
            let task = MakeIndex { before: None, feed, store: IndexStore::of(service) };
            let Ok(Answer::Index(index)) = Box::new(task).run(&partials) else { panic!("no index") };
            (index.tokenized(), index.must_be_saved(), partials.0.into_inner().expect("no panic"))
        };
        assert_eq!(session(), (1_100, false, 1), "it is shown, saved, and used from the file");
        assert_eq!(session(), (0, false, 0), "nothing is read");
        write(7, "Museum of tides");
        assert_eq!(session(), (1, false, 0), "one article is read");
        let file = std::fs::read_dir(snapshots.path()).expect("the folder").next().expect("a file").expect("a file");
        assert!(file.file_name().to_string_lossy().ends_with(".similar"));
        std::fs::File::options().write(true).open(file.path()).and_then(|file| file.set_len(99)).expect("cut");
        assert_eq!(session(), (1_100, false, 1), "a damaged one is replaced");
    }
}
