//! Handles reports of jobs: updates the list of running jobs, and sends each answer to its feature.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::{App, media, navigation, pictures};
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
use crate::feed::picture_facts::KnownPictures;
use crate::jobs::article_groups::GroupedArticles;
use crate::jobs::running_jobs::RunningJobs;
use crate::jobs::{self, Answer, Done, FeedUpdate, JobId, JobKind, JobReport, JobStatus, NotShown, RemotePicture};

/// Sends each answer to the method that the table of jobs names for it, or else to the overlay that awaits it.
macro_rules! route {
    ($($(#[$doc:meta])* $kind:ident($answer:ty) $(=> $take:ident)?;)*) => {
        fn answered(&mut self, job: JobId, answer: Answer) -> Effects {
            match answer {
                $($(Answer::$kind(answer) => return self.$take(job, answer),)?)*
                Answer::Player(player) => return Effect::StartPlayer(player).into(),
                Answer::Download(end) => return media::downloaded(self, end),
                Answer::PictureSizes(known) => pictures::found(self, job, *known),
                Answer::ArticlePicture(shown) => self.panes.detail_mut().pictures_mut().decoded.decoded(job, shown),
                answer @ Answer::FetchedPicture(_) => pictures::fetched(self, job, answer),
                answer => self.overlays.take_answer(job, answer),
            }
            Effects::none()
        }
    };
}

impl App {
    jobs::job_table!(route);

    /// Jobs in the background.
    pub fn jobs(&self) -> &RunningJobs {
        &self.jobs
    }

    /// True until the first load of the article files is complete.
    pub fn is_loading(&self) -> bool {
        self.jobs.progress(JobKind::Load).is_some()
    }

    /// Handles a report of a job. A failed job ends nothing else.
    pub(super) fn receive_report(&mut self, report: JobReport) -> Effects {
        // First: while they handle the answer, features ask `is_loading`.
        self.jobs.note(&report);
        let is_download_over = report.kind == JobKind::Download && report.is_end();
        let mut effects = match report.status {
            JobStatus::Started | JobStatus::Progress(_) | JobStatus::Cancelled => Effects::none(),
            JobStatus::Partial(answer) | JobStatus::Answer(answer) => self.answered(report.job, answer),
            JobStatus::Failed(error) => {
                self.push_notice(Notice::of_error(error));
                self.job_failed(report.job, report.kind)
            }
        };
        if is_download_over {
            effects.0.extend(media::download_over(self).0);
        }
        effects
    }

    /// Handles a failed job: the feature that requested it stops waiting.
    fn job_failed(&mut self, job: JobId, kind: JobKind) -> Effects {
        match kind {
            JobKind::Load => self.jobs.hide(JobKind::Load),
            JobKind::Rows => self.search.job_failed(job),
            // The empty result is cached: otherwise the next key would request the same failure again.
            JobKind::Similar => self.panes.related_mut().similar_mut().found(job, &[], self.loaded_feed.feed()),
            JobKind::Rules => return self.rules_failed(job),
            JobKind::PictureSizes => pictures::found(self, job, KnownPictures::default()),
            JobKind::ArticlePicture => {
                let why = NotShown("it could not be decoded".into());
                self.panes.detail_mut().pictures_mut().decoded.decoded(job, Err(why));
            }
            JobKind::Picture => {
                let why = NotShown("it could not be decoded".into());
                self.overlays.take_answer(job, Answer::Picture(Err(why)));
            }
            JobKind::CachedPicture | JobKind::FetchedPicture => {
                let why = NotShown("it could not be fetched".into());
                self.overlays.take_answer(job, Answer::FetchedPicture(RemotePicture::NotShown(why)));
            }
            JobKind::Groups => self.panes.navigation_mut().articles.job_failed(job),
            _ => {}
        }
        Effects::none()
    }

    /// Takes the groups of the navigation pane.
    #[expect(clippy::boxed_local, reason = "the answers of jobs come as the table of jobs declares them")]
    fn receive_groups(&mut self, job: JobId, answer: Box<GroupedArticles>) -> Effects {
        navigation::groups_made(self, job, *answer);
        Effects::none()
    }

    /// Takes what the saved searches of the navigation pane find.
    fn receive_saved_matches(&mut self, job: JobId, found: Vec<Arc<FixedBitSet>>) -> Effects {
        self.panes.navigation_mut().saved_found(job, found);
        Effects::none()
    }

    /// Applies a load, and notifies about folders that disappeared or are back.
    fn receive_feed_update(&mut self, _: JobId, loaded: Option<FeedUpdate>) -> Effects {
        let Some(FeedUpdate { feed, problems, is_complete, lost_folders, restored_folders }) = loaded else {
            return Effects::none();
        };
        let effects = self.replace_feed(feed, problems, is_complete);
        lost_folders.into_iter().for_each(|words| self.push_notice(Notice::failure(words)));
        restored_folders.into_iter().for_each(|words| self.push_notice(Notice::of(words)));
        effects
    }

    fn notify_done(&mut self, _: JobId, done: impl Into<Done>) -> Effects {
        let Done { words, folder } = done.into();
        if let Some(folder) = folder {
            self.history.set_folder(folder);
        }
        self.push_notice(Notice::of(words));
        Effects::none()
    }
}
