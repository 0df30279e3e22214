//! The pictures of the article in the detail pane.

use super::App;
use crate::app::decoded_pictures::WantedPicture;
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
#[cfg(feature = "pictures")]
use crate::app::overlays::{PictureViewer, RemoteAccess};
#[cfg(feature = "pictures")]
use crate::feed::TextPosition;
use crate::feed::picture_facts::KnownPictures;
use crate::feed::{Article, Link, article_pictures};
#[cfg(feature = "pictures")]
use crate::jobs::show_picture::{self, PictureRequest};
use crate::jobs::{Answer, JobId};
#[cfg(feature = "pictures")]
use crate::library::picture_files;
#[cfg(feature = "pictures")]
use crate::picture::Ground;
use crate::query::unknown_name;

/// Looks for the pictures of the article, unless they are known.
pub(super) fn request(app: &mut App) -> Effects {
    let Some(id) = app.panes.detail().article().filter(|_| app.pictures.is_on()) else { return Effects::none() };
    let job = app.panes.detail_mut().pictures_mut().start_job(id, app.loaded_feed.feed(), app.pictures.cache());
    job.map(|job| Effect::RunJob(job).into()).unwrap_or_default()
}

/// Takes what is known of the pictures of an article. Lines of pictures may come or go: the text at the top of the screen stays there.
pub(super) fn found(app: &mut App, job: JobId, known: KnownPictures) {
    let detail = app.panes.detail_mut();
    if !known.is_empty() && detail.scroll() > 0 {
        detail.keep_top(&app.frame.detail);
    }
    detail.pictures_mut().found(job, known);
}

/// Takes the end of a fetch: the viewer shows it, and the caption says it.
pub(super) fn fetched(app: &mut App, job: JobId, answer: Answer) {
    app.overlays.take_answer(job, answer);
    if let Some(article) = app.panes.detail().article() {
        app.panes.detail_mut().pictures_mut().forget(article);
    }
}

/// Shows the first picture at or below the top of the article; the last one if all are above, and the first one if the article is not
/// on the screen.
#[cfg(feature = "pictures")]
pub(super) fn show(app: &mut App) -> Effects {
    let Some(article) = app.article() else { return app.notify("No article selected") };
    let is_read = app.panes.focus() == crate::app::focus::Focus::Detail;
    let top = app.panes.detail().scrolled().position.filter(|_| is_read).unwrap_or_default();
    let is_below = |at: Option<usize>| at.map_or(top == TextPosition::default(), |at| TextPosition::in_body(at) >= top);
    let pictures = article_pictures::pictures(&article);
    let at = pictures.iter().position(|picture| is_below(picture.at)).unwrap_or(pictures.len().saturating_sub(1));
    view(app, &article, pictures, at)
}

/// Shows the picture whose link has this number in the article.
pub(super) fn show_number(app: &mut App, number: usize) -> Effects {
    let Some(article) = app.article() else { return Effects::none() };
    let links = article.links();
    let link = number.checked_sub(1).and_then(|index| links.get(index));
    link.map(|named| show_link(app, &named.link)).unwrap_or_default()
}

/// Shows the picture of the article that has this link.
#[cfg(feature = "pictures")]
pub(super) fn show_link(app: &mut App, link: &Link) -> Effects {
    let Some(article) = app.article() else { return Effects::none() };
    let pictures = article_pictures::pictures(&article);
    let at = pictures.iter().position(|picture| picture.link.shown() == link.shown());
    view(app, &article, pictures, at.unwrap_or_default())
}

#[cfg(feature = "pictures")]
fn view(app: &mut App, article: &Article, pictures: Vec<article_pictures::ArticlePicture>, at: usize) -> Effects {
    if !app.pictures.is_on() {
        return app.notify("Pictures are off: `pictures on` in the palette shows them");
    }
    if pictures.is_empty() {
        return app.notify(PictureViewer::NOTHING);
    }
    let root = picture_files::root_of(&app.loaded_feed.feed().columns().roots, &article.path);
    let ground = if app.themes.shows_light() { Ground::Light } else { Ground::Dark };
    let remote = RemoteAccess { setting: app.settings.pictures.remote.clone(), cache: app.pictures.cache().cloned() };
    let mut viewer = PictureViewer::new((article.path.clone(), root), pictures, at, (ground, remote));
    let fetched = viewer.fetch();
    let effects = app.push_overlay(viewer);
    fetched.into_iter().fold(effects, Effects::and)
}

/// Decodes the first of the pictures that a frame has room for.
#[cfg(feature = "pictures")]
pub(super) fn decode(app: &mut App, wanted: &[WantedPicture]) -> Effects {
    let Some(article) = app.article().filter(|_| app.pictures.is_on()) else { return Effects::none() };
    let Some(next) = app.panes.detail().pictures().decoded.next(wanted) else { return Effects::none() };
    let pictures = article_pictures::pictures(&article);
    let picture = pictures.into_iter().find(|picture| *picture.link.shown() == next.address);
    let Some(file) = picture.filter(|_| article.id == next.article).and_then(|picture| picture.file) else {
        return Effects::none();
    };
    let root = picture_files::root_of(&app.loaded_feed.feed().columns().roots, &article.path);
    let ground = if app.themes.shows_light() { Ground::Light } else { Ground::Dark };
    let request = PictureRequest { article: article.path.clone(), root, file, most: next.most, ground };
    let job = show_picture::show_in_text(request);
    app.panes.detail_mut().pictures_mut().decoded.await_job(next.clone(), &job);
    Effect::RunJob(job).into()
}

/// This build cannot decode pictures.
#[cfg(not(feature = "pictures"))]
pub(super) fn decode(_: &mut App, _: &[WantedPicture]) -> Effects {
    Effects::none()
}

/// Closes the viewer if pictures are off.
pub(super) fn close_if_off(app: &mut App) {
    #[cfg(feature = "pictures")]
    if !app.pictures.is_on() {
        app.overlays.close::<PictureViewer>();
    }
    #[cfg(not(feature = "pictures"))]
    let _ = app;
}

/// Shows pictures, or none: `on`, `off`, or the other of both.
pub(super) fn switch(app: &mut App, to: Option<&str>) -> Effects {
    let is_on = match to {
        None => !app.pictures.is_on(),
        Some("on") => true,
        Some("off") => false,
        Some(other) => return app.notify_failure(&unknown_name("switch", other, ["on", "off"].into_iter())),
    };
    app.pictures.switch(is_on);
    close_if_off(app);
    app.push_notice(Notice::of(if is_on { "Pictures are on" } else { "Pictures are off" }.into()));
    Effects::none()
}

/// Whether an article has pictures that this build can show.
pub(super) fn has_any(article: &Article) -> bool {
    cfg!(feature = "pictures") && !article_pictures::pictures(article).is_empty()
}

/// This build cannot decode pictures.
#[cfg(not(feature = "pictures"))]
pub(super) fn show(app: &mut App) -> Effects {
    app.notify("This build cannot show pictures")
}

/// This build cannot decode pictures.
#[cfg(not(feature = "pictures"))]
pub(super) fn show_link(app: &mut App, _: &Link) -> Effects {
    show(app)
}
