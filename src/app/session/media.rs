//! Sound, films and other files of the article: playing them.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::feed::Link;

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
    let is_of = |article: &crate::feed::Article| {
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
