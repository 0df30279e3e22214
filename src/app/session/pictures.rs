//! The pictures of the article in the detail pane.

use super::App;
use crate::app::effect::Effects;
use crate::app::notices::Notice;
#[cfg(feature = "pictures")]
use crate::app::overlays::PictureViewer;
#[cfg(feature = "pictures")]
use crate::feed::TextPosition;
use crate::feed::{Article, article_pictures};
#[cfg(feature = "pictures")]
use crate::picture::Ground;
use crate::query::unknown_name;

/// Whether an article has pictures that this build can show.
pub(super) fn has_any(article: &Article) -> bool {
    cfg!(feature = "pictures") && !article_pictures::pictures(article).is_empty()
}

/// Shows the first picture at or below the top of the article; the last one if all are above, and the first one if the article is not
/// on the screen.
#[cfg(feature = "pictures")]
pub(super) fn show(app: &mut App) -> Effects {
    if !app.pictures.is_on() {
        return app.notify("Pictures are off: `pictures on` in the palette shows them");
    }
    let Some(article) = app.article() else { return app.notify("No article selected") };
    let pictures = article_pictures::pictures(&article);
    if pictures.is_empty() {
        return app.notify(PictureViewer::NOTHING);
    }
    let is_read = app.panes.focus() == crate::app::focus::Focus::Detail;
    let top = app.panes.detail().scrolled().position.filter(|_| is_read).unwrap_or_default();
    let is_below = |at: Option<usize>| at.map_or(top == TextPosition::default(), |at| TextPosition::in_body(at) >= top);
    let at = pictures.iter().position(|picture| is_below(picture.at)).unwrap_or(pictures.len() - 1);
    let roots = &app.loaded_feed.feed().columns().roots;
    let root = roots.iter().filter(|root| article.path.starts_with(root)).max_by_key(|root| root.as_os_str().len());
    let root = root.cloned().or_else(|| article.path.parent().map(Into::into)).unwrap_or_default();
    let ground = if app.themes.shows_light() { Ground::Light } else { Ground::Dark };
    app.push_overlay(PictureViewer::new((article.path.clone(), root), pictures, at, ground))
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

/// This build cannot decode pictures.
#[cfg(not(feature = "pictures"))]
pub(super) fn show(app: &mut App) -> Effects {
    app.notify("This build cannot show pictures")
}
