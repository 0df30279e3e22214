//! Jobs in the session: the list of running jobs follows their reports, and each answer goes to the feature that takes it.

use super::App;
use crate::app::effect::Effects;
use crate::app::notices::Notice;
use crate::feed::SafeText;
use crate::jobs::running_jobs::RunningJobs;
use crate::jobs::{self, Answer, JobId, Kind, Loaded, Report, What};

/// Sends each answer to the method that the table of jobs names for it, else to the overlay that awaits it.
macro_rules! route {
    ($($(#[$doc:meta])* $kind:ident($answer:ty) $(=> $take:ident)?;)*) => {
        fn answered(&mut self, job: JobId, answer: Answer) -> Effects {
            match answer {
                $($(Answer::$kind(answer) => return self.$take(job, answer),)?)*
                answer => self.overlays.answer(job, answer),
            }
            Effects::none()
        }
    };
}

impl App {
    jobs::kinds!(route);

    /// The jobs in the background.
    pub fn jobs(&self) -> &RunningJobs {
        &self.jobs
    }

    /// True until the article files were read for the first time.
    pub fn is_loading(&self) -> bool {
        self.jobs.progress(Kind::Load).is_some()
    }

    /// Takes in what is told of a job. A failure is the failure of that job alone.
    pub(super) fn reported(&mut self, report: Report) -> Effects {
        self.jobs.note(&report);
        match report.what {
            What::Started | What::Progress(_) | What::Cancelled => Effects::none(),
            What::SoFar(answer) | What::Answer(answer) => self.answered(report.job, answer),
            What::Failed(words) => {
                self.tell(Notice::failure(words));
                self.job_failed(report.job, report.kind)
            }
        }
    }

    /// What waited for the answer waits no more.
    fn job_failed(&mut self, job: JobId, kind: Kind) -> Effects {
        match kind {
            Kind::Load => self.jobs.hide(Kind::Load),
            Kind::Rows => self.search.job_failed(job),
            Kind::Similar => self.panes.related_mut().similar_mut().found(job, &[], self.articles.feed()),
            Kind::Rules => return self.rules_failed(job),
            _ => {}
        }
        Effects::none()
    }

    /// Takes in what was read of the article files.
    fn take_load(&mut self, _: JobId, loaded: Option<Loaded>) -> Effects {
        let Some(Loaded { feed, problems, complete, lost, back }) = loaded else { return Effects::none() };
        let effects = self.take_feed(feed, problems, complete);
        lost.into_iter().for_each(|words| self.tell(Notice::failure(words)));
        back.into_iter().for_each(|words| self.tell(Notice::of(words)));
        effects
    }

    fn take_done(&mut self, _: JobId, words: SafeText) -> Effects {
        self.tell(Notice::of(words));
        Effects::none()
    }
}
