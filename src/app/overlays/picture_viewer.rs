//! The pictures of the article, one at a time on the whole screen.

use std::path::PathBuf;

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::focus::Context;
use crate::config::RemotePictures;
use crate::feed::article_pictures::ArticlePicture;
use crate::feed::{Address, Link, SafeText, UntrustedText, clean};
use crate::jobs::remote_picture::{self, RemoteRequest};
use crate::jobs::show_picture::{self, PictureRequest};
use crate::jobs::{Answer, Job, JobId, NotShown, RemotePicture};
use crate::picture::{Ground, ShownPicture, Size};
use crate::query::SearchContext;

/// The largest size that is decoded: more than any screen shows, so that a part of it can be enlarged.
const MOST: Size = Size::new(2_048, 2_048);
/// How much a picture can be enlarged: each step doubles it.
const MOST_STEPS: u32 = 5;
/// Share of the visible part by which a key moves it, as a divisor.
const MOVE: u32 = 4;

/// What is known of the picture that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewerState {
    /// Its file is being read and decoded.
    Loading,
    /// It is shown.
    Shown(ShownPicture),
    /// It cannot be shown, and why.
    Failed(SafeText),
    /// It is on another computer, and what can be done.
    Remote(SafeText),
    /// It is being fetched from this host.
    Fetching(SafeText),
}

/// The visible part of a picture: how much it is enlarged, and its centre in thousandths of the width and the height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureView {
    /// Each step doubles the picture.
    pub steps: u32,
    /// The centre, from left and top.
    pub centre: (u32, u32),
}

impl Default for PictureView {
    fn default() -> PictureView {
        PictureView { steps: 0, centre: (500, 500) }
    }
}

impl PictureView {
    /// Width and height of the visible part in thousandths.
    pub fn extent(self) -> u32 {
        (1_000 >> self.steps).max(1)
    }

    fn zoom(&mut self, steps: u32) {
        self.steps = steps.min(MOST_STEPS);
        self.shift(0, 0);
    }

    /// Moves the centre, as far as the visible part stays within the picture.
    fn shift(&mut self, right: i32, down: i32) {
        let (extent, half) = (self.extent(), self.extent() / 2);
        let by = (extent / MOVE).max(1).cast_signed();
        let moved = |centre: u32, steps: i32| {
            centre.saturating_add_signed(steps * by).clamp(half, 1_000_u32.saturating_sub(half))
        };
        self.centre = (moved(self.centre.0, right), moved(self.centre.1, down));
    }
}

/// What the viewer may do about pictures on other computers.
#[derive(Clone, Debug, Default)]
pub struct RemoteAccess {
    /// Which of them are fetched.
    pub setting: RemotePictures,
    /// The folder of those that were fetched.
    pub cache: Option<PathBuf>,
}

/// The viewer of pictures.
#[derive(Clone, Debug)]
pub struct PictureViewer {
    article: PathBuf,
    root: PathBuf,
    ground: Ground,
    pictures: Vec<ArticlePicture>,
    at: usize,
    state: ViewerState,
    view: PictureView,
    job: Option<JobId>,
    remote: RemoteAccess,
}

impl PictureViewer {
    /// The notice if an article has no pictures.
    pub const NOTHING: &'static str = "This article has no pictures";

    /// A viewer of the pictures of an article below `root`, with the one at an index. There must be a picture.
    pub fn new(
        (article, root): (PathBuf, PathBuf),
        pictures: Vec<ArticlePicture>,
        at: usize,
        (ground, remote): (Ground, RemoteAccess),
    ) -> PictureViewer {
        let state = ViewerState::Loading;
        let mut viewer = PictureViewer {
            article,
            root,
            ground,
            pictures,
            at,
            state,
            view: PictureView::default(),
            job: None,
            remote,
        };
        viewer.state = viewer.first_state();
        viewer
    }

    /// The picture, if there is one.
    pub fn picture(&self) -> Option<&ArticlePicture> {
        self.pictures.get(self.at)
    }

    /// Its number from 1, and the number of all.
    pub fn position(&self) -> (usize, usize) {
        (self.at.saturating_add(1).min(self.pictures.len()), self.pictures.len())
    }

    /// What is known of it.
    pub fn state(&self) -> &ViewerState {
        &self.state
    }

    /// The part of it that is visible.
    pub fn view(&self) -> PictureView {
        self.view
    }

    /// The link of the picture with its words, to open or to copy.
    pub fn link(&self) -> Option<(SafeText, Link)> {
        self.picture().map(|picture| (picture.caption.clone(), picture.link.clone()))
    }

    fn first_state(&self) -> ViewerState {
        match self.picture() {
            Some(ArticlePicture { file: None, link: Link::Refused { why, .. }, .. }) => {
                ViewerState::Failed(clean::plain_line(&why.to_string()))
            }
            _ => ViewerState::Loading,
        }
    }

    fn address(&self) -> Option<&Address> {
        self.picture().filter(|picture| picture.file.is_none())?.link.address()
    }

    /// The state of a picture that was not fetched, with what can be done.
    fn not_fetched(&self) -> ViewerState {
        let host = self.address().map(Address::domain).unwrap_or_default();
        ViewerState::Remote(clean::plain_line(&match self.remote.setting {
            _ if !cfg!(feature = "sync") => {
                format!("On {host}: this build does not fetch pictures; o opens it in the browser")
            }
            RemotePictures::Never => {
                format!("On {host}: pictures are not fetched (`remote: never`); o opens it in the browser")
            }
            _ => format!("On {host}: I fetches it, o opens it in the browser"),
        }))
    }

    fn request(&self, is_retry: bool) -> Option<RemoteRequest> {
        let address = UntrustedText::new(self.address()?.as_str());
        let (job, cache) = (JobId::next(), self.remote.cache.clone());
        Some(RemoteRequest { job, address, cache, is_retry, most: MOST, ground: self.ground })
    }

    /// Fetches the picture, if it is on another computer and may be fetched. The user has asked for it.
    pub fn fetch(&mut self) -> Option<Effect> {
        if !cfg!(feature = "sync") || self.remote.setting == RemotePictures::Never || !self.is_remote() {
            return None;
        }
        let request = self.request(matches!(self.state, ViewerState::Failed(_)))?;
        self.job = Some(request.job);
        self.state = ViewerState::Fetching(self.address().map(Address::domain).unwrap_or_default());
        Some(Effect::FetchPicture(request))
    }

    fn is_remote(&self) -> bool {
        self.address().is_some()
    }

    /// Whether the key that shows pictures fetches this one.
    fn can_fetch(&self) -> bool {
        self.is_remote() && matches!(self.state, ViewerState::Remote(_) | ViewerState::Failed(_))
    }

    /// What ends the fetching of this picture.
    fn stop(&self) -> Option<OverlayRequest> {
        matches!(self.state, ViewerState::Fetching(_)).then_some(OverlayRequest::Perform(Effect::StopPicture))
    }

    fn load(&mut self) -> Option<Job> {
        if self.is_remote() {
            let request = self.request(false)?;
            self.job = Some(request.job);
            return Some(remote_picture::look_up(request));
        }
        let file = self.picture()?.file.clone()?;
        let (article, root) = (self.article.clone(), self.root.clone());
        let job = show_picture::show(PictureRequest { article, root, file, most: MOST, ground: self.ground });
        self.job = Some(job.id);
        Some(job)
    }

    fn step_by(&mut self, by: isize) -> Outcome {
        let last = self.pictures.len().saturating_sub(1);
        let to = self.at.saturating_add_signed(by).min(last);
        if to == self.at {
            let words = if last == 0 {
                "The article has no other picture"
            } else if by < 0 {
                "This is the first picture"
            } else {
                "This is the last picture"
            };
            return Outcome::Stay(vec![OverlayRequest::Say(words)]);
        }
        let stopped = self.stop();
        (self.at, self.view, self.job) = (to, PictureView::default(), None);
        self.state = self.first_state();
        let is_unasked =
            self.address().is_some_and(|address| self.remote.setting.fetches_unasked(address.domain().as_str()));
        let fetched = if is_unasked { self.fetch() } else { None };
        let effect = fetched.or_else(|| self.load().map(Effect::RunJob)).map(OverlayRequest::Perform);
        Outcome::Stay(stopped.into_iter().chain(effect).collect())
    }

    fn change_view(&mut self, change: impl FnOnce(&mut PictureView)) -> Outcome {
        if matches!(self.state, ViewerState::Shown(_)) {
            change(&mut self.view);
        }
        Outcome::stay()
    }
}

impl OverlayBehaviour for PictureViewer {
    fn context(&self) -> Context {
        Context::Picture
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        let steps = self.view.steps;
        match action {
            Action::Next | Action::Open => self.step_by(1),
            Action::Previous => self.step_by(-1),
            Action::ZoomIn => self.change_view(|view| view.zoom(steps.saturating_add(1))),
            Action::ZoomOut => self.change_view(|view| view.zoom(steps.saturating_sub(1))),
            Action::ZoomReset => self.change_view(|view| *view = PictureView::default()),
            // Without a part to move, the same keys lead to the pictures before and after.
            Action::ScrollLeft | Action::Up if steps == 0 => self.step_by(-1),
            Action::ScrollRight | Action::Down if steps == 0 => self.step_by(1),
            Action::ScrollLeft => self.change_view(|view| view.shift(-1, 0)),
            Action::ScrollRight => self.change_view(|view| view.shift(1, 0)),
            Action::Up => self.change_view(|view| view.shift(0, -1)),
            Action::Down => self.change_view(|view| view.shift(0, 1)),
            Action::Picture if self.can_fetch() => match self.fetch() {
                Some(effect) => Outcome::Stay(vec![OverlayRequest::Perform(effect)]),
                None => Outcome::close(),
            },
            Action::Picture | Action::Back | Action::Cancel | Action::Quit => {
                Outcome::Close(self.stop().into_iter().collect())
            }
            _ => Outcome::Ignored,
        }
    }

    fn scroll(&mut self, by: isize, session: &SessionParts) {
        let action = if by < 0 { Action::Up } else { Action::Down };
        if self.view.steps > 0 {
            self.act(action, session);
        }
    }

    /// Hints of what would do nothing now are left out.
    fn is_available(&self, action: Action) -> bool {
        let is_shown = matches!(self.state, ViewerState::Shown(_));
        match action {
            Action::Next | Action::Previous => self.pictures.len() > 1,
            Action::ZoomIn => is_shown && self.view.steps < MOST_STEPS,
            Action::ZoomOut | Action::ZoomReset => is_shown && self.view.steps > 0,
            Action::OpenOriginal => self.link().is_some_and(|(_, link)| link.address().is_some()),
            Action::Picture => {
                cfg!(feature = "sync") && self.remote.setting != RemotePictures::Never && self.can_fetch()
            }
            _ => true,
        }
    }

    fn job(&mut self, _: &SearchContext) -> Option<Job> {
        // A picture that is being fetched is not looked up as well.
        if self.job.is_some() { None } else { self.load() }
    }

    fn awaited_job(&self) -> Option<JobId> {
        self.job
    }

    fn take_answer(&mut self, answer: Answer) {
        self.job = None;
        self.state = match answer {
            Answer::Picture(Ok(picture))
            | Answer::CachedPicture(RemotePicture::Shown(picture))
            | Answer::FetchedPicture(RemotePicture::Shown(picture)) => ViewerState::Shown(picture),
            Answer::Picture(Err(NotShown(why)))
            | Answer::CachedPicture(RemotePicture::NotShown(NotShown(why)))
            | Answer::FetchedPicture(RemotePicture::NotShown(NotShown(why))) => ViewerState::Failed(why),
            _ => self.not_fetched(),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_visible_part_stays_within_the_picture() {
        let mut view = PictureView::default();
        view.shift(-9, 9);
        assert_eq!((view.extent(), view.centre), (1_000, (500, 500)), "nothing to move");
        view.zoom(1);
        view.shift(-1, 0);
        assert_eq!((view.extent(), view.centre), (500, (375, 500)));
        (0..9).for_each(|_| view.shift(-1, 1));
        assert_eq!(view.centre, (250, 750));
        view.zoom(99);
        assert_eq!(view.steps, MOST_STEPS);
        (0..200).for_each(|_| view.shift(1, 1));
        assert_eq!(view.centre, (985, 985));
        view.zoom(0);
        assert_eq!(view.centre, (500, 500));
    }
}
