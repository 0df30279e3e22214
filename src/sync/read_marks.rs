//! The marks that a sync reads and writes: which articles are kept, and that older articles of a first sync are read.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::feed::{ArticleId, Change, DeviceId, HybridClock, Mark, Marks, Problem, Stamp, tags};
use crate::library::marks_log::{MarksLog, MarksSaveError, MarksUpdate};

/// The marks of all devices, which several threads use. They are read when they are needed first.
#[derive(Debug)]
pub struct ReadMarks(Mutex<State>);

#[derive(Debug)]
struct State {
    log: MarksLog,
    clock: HybridClock,
    marks: Marks,
    problems: Vec<Problem>,
}

impl State {
    fn read_new(&mut self) {
        let MarksUpdate { marks, problems } = self.log.read_new();
        self.marks.merge(&marks);
        self.clock.observe(self.marks.latest());
        self.problems.extend(problems);
    }
}

impl ReadMarks {
    /// The marks of a log, and the device that writes to it.
    pub fn new(log: MarksLog, device: DeviceId) -> ReadMarks {
        let (clock, marks, problems) = (HybridClock::new(device), Marks::default(), Vec::new());
        ReadMarks(Mutex::new(State { log, clock, marks, problems }))
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The marks as they are on disk now. A copy is cheap.
    pub fn current(&self) -> Marks {
        self.with(|state| {
            state.read_new();
            state.marks.clone()
        })
    }

    /// Marks articles as read at these times, if they have no such mark, and waits until that is on disk.
    pub fn mark_read(
        &self,
        articles: BTreeMap<DateTime<Utc>, Vec<ArticleId>>,
        now: DateTime<Utc>,
    ) -> Result<(), MarksSaveError> {
        self.with(|state| {
            state.read_new();
            let mut changes = Vec::new();
            for (read, articles) in articles {
                let mark = Mark::Read(Some(read));
                let articles: Vec<ArticleId> =
                    articles.into_iter().filter(|article| !state.marks.is_set(*article, &mark)).collect();
                if !articles.is_empty() {
                    changes.push(Change { stamp: state.clock.tick(now), mark, articles });
                }
            }
            if changes.is_empty() {
                return Ok(());
            }
            state.log.write(changes.clone())?;
            state.log.sync()?;
            changes.iter().for_each(|change| state.marks.apply(change));
            Ok(())
        })
    }

    /// A stamp of another device number that is later than all marks on disk now.
    pub fn stamp(&self, device: DeviceId, now: DateTime<Utc>) -> Stamp {
        self.with(|state| {
            state.read_new();
            let mut clock = HybridClock::new(device);
            clock.observe(state.marks.latest());
            clock.tick(now)
        })
    }

    /// Writes a change, and waits until it is on disk.
    pub fn write(&self, change: Change) -> Result<(), MarksSaveError> {
        self.with(|state| {
            state.log.write(vec![change.clone()])?;
            state.log.sync()?;
            state.marks.apply(&change);
            Ok(())
        })
    }

    /// Problems of the marks files that were found since the last call.
    pub fn take_problems(&self) -> Vec<Problem> {
        self.with(|state| std::mem::take(&mut state.problems))
    }
}

/// True if an article with these marks is never removed: it is unread or starred, or has a note or a tag.
pub fn is_protected(marks: &Marks, article: ArticleId) -> bool {
    let is_marked = marks.is_starred(article) || marks.note(article).is_some() || tags::has_any(marks, article);
    !marks.is_read(article) || is_marked
}
