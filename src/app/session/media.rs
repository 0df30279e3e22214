//! Sound, films and other files of the article: playing and downloading them.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
use crate::feed::{Article, Enclosure, Link, SafeText, clean};
use crate::jobs::download::DownloadRequest;

/// Plays the sound or film of the article in the detail pane.
pub(super) fn play(app: &mut App) -> Effects {
    let Some(article) = app.article() else { return app.notify("No article selected") };
    match article.played() {
        Some(enclosure) => play_link(app, &enclosure.link),
        None if article.enclosures.is_empty() => app.notify("This article has no sound or film"),
        None => app.notify("This article has no sound or film, but other files; U lists its links"),
    }
}

/// Whether a link of the article leads to its sound or film.
pub(super) fn is_played(app: &App, link: &Link) -> bool {
    let is_of = |article: &Article| {
        article.enclosures.iter().any(|enclosure| enclosure.is_played() && enclosure.link.shown() == link.shown())
    };
    app.article().is_some_and(|article| is_of(&article))
}

/// Plays what a link leads to.
pub(super) fn play_link(app: &mut App, link: &Link) -> Effects {
    match link {
        // A key that is held starts one player.
        Link::Web(address) if !app.link_throttle.may_open(address, app.time.moment()) => {
            app.notices.restore();
            Effects::none()
        }
        Link::Web(address) => Effect::Play(address.clone()).into(),
        Link::Refused { shown, why } => app.notify_failure(&format!("Not played: {shown} ({why})")),
    }
}

/// Downloads the sound or film of the article in the detail pane, else its first other file.
pub(super) fn download(app: &mut App) -> Effects {
    if !cfg!(feature = "sync") {
        return app.notify("This build cannot download");
    }
    let Some(article) = app.article() else { return app.notify("No article selected") };
    let Some(enclosure) = article.played().or(article.enclosures.first()) else {
        return app.notify("This article has no sound, film or other file");
    };
    match DownloadRequest::of(&article, enclosure) {
        Some(request) => {
            app.push_notice(Notice::of(started(&article, enclosure)));
            Effect::Download(request).into()
        }
        None => app.notify_failure(&format!("Not downloaded: {}", enclosure.link.shown())),
    }
}

fn started(article: &Article, enclosure: &Enclosure) -> SafeText {
    clean::plain_line(&format!("Downloading ({}): {}", enclosure.description(), article.title))
}
