//! Runs jobs on threads. Each job ends with a report, even if it panics.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::{Answer, Job, JobId, JobKind, JobReport, JobStatus, Monitor, Progress, panic_message};
use crate::feed::clean;

type ReportFn = Arc<dyn Fn(JobReport) + Send + Sync>;

/// Starts jobs, and cancels them.
pub struct JobRunner {
    report: ReportFn,
    running: Vec<JobHandle>,
    /// Senders to the threads of kinds whose jobs run in turn.
    serial_threads: Vec<(JobKind, Sender<QueuedJob>)>,
}

/// A job that may still be running: its thread holds the other reference to the flag.
struct JobHandle {
    id: JobId,
    kind: JobKind,
    cancelled: Arc<AtomicBool>,
}

/// A job that is handed to a thread.
struct QueuedJob {
    job: Job,
    cancelled: Arc<AtomicBool>,
}

impl JobRunner {
    /// A runner without jobs. `report` receives the reports, on the threads of the jobs.
    pub fn new(report: impl Fn(JobReport) + Send + Sync + 'static) -> JobRunner {
        JobRunner { report: Arc::new(report), running: Vec::new(), serial_threads: Vec::new() }
    }

    /// Starts a job, and cancels the jobs that it supersedes. Returns the first report; `report` receives all others.
    pub fn run(&mut self, job: Job) -> JobReport {
        let (id, kind) = (job.id, job.kind());
        // Here, because jobs end on other threads, which cannot change this list.
        self.running.retain(|running| Arc::strong_count(&running.cancelled) > 1);
        if kind.supersedes() {
            self.running.iter().filter(|running| running.kind == kind).for_each(JobHandle::cancel);
        }
        let cancelled = Arc::new(AtomicBool::new(false));
        self.running.push(JobHandle { id, kind, cancelled: cancelled.clone() });
        let queued = QueuedJob { job, cancelled };
        let is_started = if kind.runs_in_turn() { self.enqueue(kind, queued) } else { self.start(queued) };
        if let Err(error) = is_started {
            let words = clean::plain_line(&format!("cannot start a thread: {error}"));
            // Through `report`, which queues it: the caller handles `Started`, returned below, first.
            (self.report)(JobReport { job: id, kind, status: JobStatus::Failed(words) });
        }
        JobReport { job: id, kind, status: JobStatus::Started }
    }

    /// Cancels a job if it is still running. It ends at its next check.
    pub fn cancel(&self, id: JobId) {
        self.running.iter().filter(|running| running.id == id).for_each(JobHandle::cancel);
    }

    /// Cancels all jobs of a kind that are still running.
    pub fn cancel_all(&self, kind: JobKind) {
        self.running.iter().filter(|running| running.kind == kind).for_each(JobHandle::cancel);
    }

    /// Whether a job of a kind was cancelled and is still running.
    pub fn is_ending(&self, kind: JobKind) -> bool {
        self.running.iter().any(|job| job.kind == kind && job.is_ending())
    }

    fn start(&self, queued: QueuedJob) -> io::Result<()> {
        let report = self.report.clone();
        // `thread::spawn` would panic if the system allows no more threads.
        thread::Builder::new().spawn(move || run(queued, &report)).map(drop)
    }

    /// Hands a job to the one thread of its kind.
    // One thread, because each new thread would allocate memory of its own, which others cannot reuse.
    fn enqueue(&mut self, kind: JobKind, queued: QueuedJob) -> io::Result<()> {
        let thread = match self.serial_threads.iter().find(|(other, _)| *other == kind) {
            Some((_, thread)) => thread,
            None => {
                let (sender, inbox) = channel();
                let report = self.report.clone();
                thread::Builder::new().name("serial jobs".to_owned()).spawn(move || run_queue(&inbox, &report))?;
                self.serial_threads.push((kind, sender));
                let Some((_, thread)) = self.serial_threads.last() else { return Ok(()) };
                thread
            }
        };
        thread.send(queued).map_err(|_| io::Error::other("the thread of its kind has ended"))
    }
}

impl JobHandle {
    fn is_ending(&self) -> bool {
        Arc::strong_count(&self.cancelled) > 1 && self.cancelled.load(Ordering::Relaxed)
    }

    fn cancel(&self) {
        // Relaxed: the flag guards no other data, and a job may see it at a later check.
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

/// Runs jobs as they come. Of several that wait only the last one runs: it sees all that the others would.
fn run_queue(inbox: &Receiver<QueuedJob>, report: &ReportFn) {
    while let Ok(mut next) = inbox.recv() {
        for later in inbox.try_iter() {
            let earlier = std::mem::replace(&mut next, later);
            // Without a report the list of running jobs would keep the job.
            report(JobReport { job: earlier.job.id, kind: earlier.job.kind(), status: JobStatus::Cancelled });
        }
        run(next, report);
    }
}

fn run(QueuedJob { job, cancelled }: QueuedJob, report: &ReportFn) {
    let (id, kind) = (job.id, job.kind());
    let monitor = ThreadMonitor { id, kind, started: Instant::now(), cancelled: &cancelled, report };
    // A task owns its input, shares it immutably or locks it: a panic leaves no half-changed data to others.
    let ended = catch_unwind(AssertUnwindSafe(|| job.run(&monitor)));
    report(ended.unwrap_or_else(|panic| JobReport {
        job: id,
        kind,
        status: JobStatus::Failed(panic_message::describe(&*panic)),
    }));
}

/// The monitor of a job on a thread: reports to the runner's `report`.
struct ThreadMonitor<'a> {
    id: JobId,
    kind: JobKind,
    started: Instant,
    cancelled: &'a AtomicBool,
    report: &'a ReportFn,
}

impl ThreadMonitor<'_> {
    fn report(&self, status: JobStatus) {
        (self.report)(JobReport { job: self.id, kind: self.kind, status });
    }
}

impl Monitor for ThreadMonitor<'_> {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn progress(&self, progress: Progress) {
        self.report(JobStatus::Progress(progress));
    }

    fn partial(&self, answer: Answer) {
        self.report(JobStatus::Partial(answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::library_service::LibraryService;
    use crate::jobs::load_library::load;
    use crate::jobs::{JobError, Task};
    use crate::library::Library;

    const LIMIT: Duration = Duration::from_secs(30);

    /// A task that runs a function.
    struct Scripted(JobKind, fn(&dyn Monitor) -> Result<Answer, JobError>);

    impl std::fmt::Debug for Scripted {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Scripted")
        }
    }

    impl Task for Scripted {
        fn kind(&self) -> JobKind {
            self.0
        }

        fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
            self.1(monitor)
        }
    }

    fn until_cancelled(monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let started = Instant::now();
        while started.elapsed() < LIMIT {
            monitor.check()?;
            thread::sleep(Duration::from_millis(1));
        }
        Err(JobError::Failed("it was never cancelled".into()))
    }

    fn runner() -> (JobRunner, Receiver<JobReport>) {
        let (sender, reports) = channel();
        (JobRunner::new(move |report| drop(sender.send(report))), reports)
    }

    fn end(reports: &Receiver<JobReport>) -> JobReport {
        reports.recv_timeout(LIMIT).expect("an end")
    }

    #[test]
    fn a_job_ends_with_an_answer_a_failure_or_a_panic() {
        let (mut runner, reports) = runner();
        let answers = Scripted(JobKind::Counts, |monitor| {
            monitor.progress(Progress::of(1, 2));
            Ok(Answer::Counts(vec![(1, 2)]))
        });
        let started = runner.run(Job::new(answers));
        assert!(matches!(started.status, JobStatus::Started));
        assert!(matches!(end(&reports).status, JobStatus::Progress(progress) if progress == Progress::of(1, 2)));
        let report = end(&reports);
        assert_eq!((report.job, report.kind), (started.job, JobKind::Counts));
        assert!(matches!(report.status, JobStatus::Answer(Answer::Counts(counts)) if counts == [(1, 2)]));
        let fails = Scripted(JobKind::Copy, |_| Err(JobError::Failed("no such program".into())));
        let failed = runner.run(Job::new(fails)).job;
        let report = end(&reports);
        assert!(
            report.job == failed
                && matches!(report.status, JobStatus::Failed(words) if words.as_str() == "no such program")
        );
        let panics = Scripted(JobKind::Index, |_| panic!("a bug\u{1b}[31m"));
        let failed = runner.run(Job::new(panics)).job;
        let report = end(&reports);
        let JobStatus::Failed(words) = report.status else { panic!("no failure") };
        assert!(report.job == failed && words.as_str().starts_with("internal error: a bug"), "{words}");
        assert!(!words.as_str().contains('\u{1b}'));
    }

    #[test]
    fn a_later_job_cancels_an_earlier_one_of_its_kind_and_no_other() {
        let (mut runner, reports) = runner();
        let mut run = |kind| runner.run(Job::new(Scripted(kind, until_cancelled))).job;
        let (rows, index, copy) = (run(JobKind::Rows), run(JobKind::Index), run(JobKind::Copy));
        let later = run(JobKind::Rows);
        run(JobKind::Copy);
        let report = end(&reports);
        assert!(report.job == rows && matches!(report.status, JobStatus::Cancelled));
        assert!(reports.recv_timeout(Duration::from_millis(20)).is_err(), "all others go on");
        for job in [copy, later, index] {
            runner.cancel(job);
            let report = end(&reports);
            assert!(report.job == job && matches!(report.status, JobStatus::Cancelled));
        }
        runner.cancel(rows);
    }

    #[test]
    fn an_answer_after_a_cancellation_is_dropped() {
        let (mut runner, reports) = runner();
        let job = runner.run(Job::new(Scripted(JobKind::Rows, |monitor| {
            let _ = until_cancelled(monitor);
            Ok(Answer::Counts(Vec::new()))
        })));
        runner.cancel(job.job);
        assert!(matches!(end(&reports).status, JobStatus::Cancelled));
    }

    #[test]
    fn every_load_ends_and_only_changes_are_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        #[allow(clippy::disallowed_methods)]
        std::fs::write(folder.path().join("a.md"), "# One").expect("a file");
        let service = Arc::new(LibraryService::new(Library::Paths(vec![folder.path().to_owned()]), None));
        let now: chrono::DateTime<chrono::Utc> = "2021-02-20T12:00:00Z".parse().expect("a time");
        let (mut runner, reports) = runner();
        let mut feeds = 0;
        for loads in [10, 1, 30] {
            let mut jobs: Vec<JobId> = (0..loads).map(|_| runner.run(load(&service, now.into())).job).collect();
            while !jobs.is_empty() {
                let report = end(&reports);
                feeds += usize::from(matches!(report.status, JobStatus::Answer(Answer::Load(Some(_)))));
                jobs.retain(|job| !report.is_end() || *job != report.job);
            }
        }
        assert_eq!(feeds, 1);
    }
}
