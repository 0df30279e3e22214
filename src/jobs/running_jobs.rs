//! The list of running jobs, kept up to date by their reports.

use super::{JobId, JobKind, JobReport, JobStatus, Progress};

/// A job that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningJob {
    /// Identifies the job.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// Its progress, if it has reported any.
    pub progress: Option<Progress>,
}

/// The running jobs, the earliest first.
#[derive(Clone, Debug, Default)]
pub struct RunningJobs {
    jobs: Vec<RunningJob>,
}

impl RunningJobs {
    /// A list with a job that is about to start: the footer shows it already.
    pub fn expecting(kind: JobKind) -> RunningJobs {
        let job = RunningJob { id: JobId::EXPECTED, kind, progress: Some(Progress::default()) };
        RunningJobs { jobs: vec![job] }
    }

    /// The jobs, the earliest first.
    pub fn iter(&self) -> impl Iterator<Item = &RunningJob> {
        self.jobs.iter()
    }

    /// Whether no job runs, apart from those that wait for another process.
    pub fn is_idle(&self) -> bool {
        self.jobs.iter().all(|job| job.kind.is_remote())
    }

    /// Whether a job of a kind runs.
    pub fn has(&self, kind: JobKind) -> bool {
        self.jobs.iter().any(|job| job.kind == kind)
    }

    /// Whether no job runs.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// The progress of a job of a kind. `None` if no such job is running, or if it has not reported any.
    pub fn progress(&self, kind: JobKind) -> Option<&Progress> {
        self.jobs.iter().find(|job| job.kind == kind && job.progress.is_some())?.progress.as_ref()
    }

    /// Updates the list from a report. Reports about jobs that are not in the list are ignored, except for a start.
    pub fn note(&mut self, report: &JobReport) {
        match &report.status {
            JobStatus::Started => self.start(report.job, report.kind),
            JobStatus::Progress(progress) => {
                if let Some(job) = self.jobs.iter_mut().find(|job| job.id == report.job) {
                    job.progress = Some(progress.clone());
                }
            }
            JobStatus::Partial(_) => {}
            JobStatus::Answer(_) | JobStatus::Failed(_) | JobStatus::Cancelled => {
                self.jobs.retain(|job| job.id != report.job)
            }
        }
    }

    /// Adds a job, in the place of the one that it supersedes or that was expected. It takes over the progress, so that the bar in
    /// the footer does not flicker.
    fn start(&mut self, id: JobId, kind: JobKind) {
        let is_before = |job: &&mut RunningJob| job.kind == kind && (kind.supersedes() || job.id == JobId::EXPECTED);
        match self.jobs.iter_mut().find(is_before) {
            Some(job) => job.id = id,
            None => self.jobs.push(RunningJob { id, kind, progress: None }),
        }
    }

    /// Hides the jobs of a kind from the footer. They keep running.
    pub fn hide(&mut self, kind: JobKind) {
        let hidden = self.jobs.iter_mut().filter(|job| job.kind == kind);
        hidden.for_each(|job| job.progress = None);
        self.jobs.retain(|job| job.id != JobId::EXPECTED || job.progress.is_some());
    }

    /// Removes the jobs of a kind, whose answers are no longer wanted.
    pub fn drop_all(&mut self, kind: JobKind) {
        self.jobs.retain(|job| job.kind != kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::clean;

    fn report(jobs: &mut RunningJobs, job: JobId, kind: JobKind, status: JobStatus) {
        jobs.note(&JobReport { job, kind, status });
    }

    #[test]
    fn a_failure_does_not_affect_other_jobs() {
        let (index, copy) = (JobId::next(), JobId::next());
        let mut jobs = RunningJobs::default();
        report(&mut jobs, index, JobKind::Index, JobStatus::Started);
        report(&mut jobs, index, JobKind::Index, JobStatus::Progress(Progress::of(2, 5)));
        report(&mut jobs, copy, JobKind::Copy, JobStatus::Started);
        report(&mut jobs, copy, JobKind::Copy, JobStatus::Failed(clean::plain_line("no such program")));
        assert_eq!(jobs.progress(JobKind::Index), Some(&Progress::of(2, 5)));
        report(&mut jobs, index, JobKind::Index, JobStatus::Failed(clean::plain_line("internal error")));
        assert!(jobs.is_empty());
    }

    #[test]
    fn a_later_job_takes_the_place_of_the_one_that_it_supersedes() {
        let ids = [JobId::next(), JobId::next()];
        for (kind, count, progress) in [(JobKind::Index, 1, None), (JobKind::Copy, 2, Some(Progress::of(3, 5)))] {
            let mut jobs = RunningJobs::default();
            report(&mut jobs, ids[0], kind, JobStatus::Started);
            report(&mut jobs, ids[0], kind, JobStatus::Progress(Progress::of(1, 5)));
            report(&mut jobs, ids[1], kind, JobStatus::Started);
            assert_eq!((jobs.iter().count(), jobs.progress(kind)), (count, Some(&Progress::of(1, 5))), "{kind:?}");
            report(&mut jobs, ids[0], kind, JobStatus::Progress(Progress::of(3, 5)));
            assert_eq!(jobs.progress(kind), Some(&progress.unwrap_or(Progress::of(1, 5))), "{kind:?}");
            report(&mut jobs, ids[0], kind, JobStatus::Cancelled);
            assert_eq!(jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [ids[1]], "{kind:?}");
        }
    }

    #[test]
    fn an_expected_job_is_listed_before_it_starts() {
        let mut jobs = RunningJobs::expecting(JobKind::Load);
        assert_eq!(jobs.progress(JobKind::Load), Some(&Progress::default()));
        let load = JobId::next();
        report(&mut jobs, load, JobKind::Load, JobStatus::Started);
        assert_eq!(jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [load]);
        jobs.hide(JobKind::Load);
        assert_eq!((jobs.progress(JobKind::Load), jobs.is_empty()), (None, false), "it runs, hidden");
        let mut jobs = RunningJobs::expecting(JobKind::Load);
        jobs.hide(JobKind::Load);
        assert!(jobs.is_empty(), "a job that never started is removed");
    }
}
