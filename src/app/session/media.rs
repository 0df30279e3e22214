//! Sound, films and other files of the article: playing and downloading them.

use std::sync::Arc;

use super::App;
use crate::app::downloads::Place;
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
use crate::app::overlays::{Confirm, ConfirmedRequest};
use crate::feed::{Article, Link, clean};
use crate::jobs::download::{DownloadEnd, DownloadRequest};
use crate::jobs::{JobKind, Progress};
use crate::text::{counted, progress_bar};

/// Plays the sound or film of the article in the detail pane; opens its only file if that is another one.
pub(super) fn play(app: &mut App) -> Effects {
    let Some(article) = app.article() else { return app.notify("No article selected") };
    match article.played() {
        Some(enclosure) => play_link(app, &enclosure.link),
        None => match article.enclosures.as_slice() {
            [] => app.notify("This article has no sound or film"),
            [file] => app.open_link(&file.link),
            _ => app.notify("This article has no sound or film, but other files; U lists its links"),
        },
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

/// Most files that are downloaded without a question.
const MOST_UNASKED: usize = 10;

/// Downloads the sound or film of each selected article, else its first other file.
pub(super) fn download(app: &mut App) -> Effects {
    if !cfg!(feature = "sync") {
        return app.notify("This build cannot download");
    }
    let selected = match app.targets().selected() {
        Ok(selected) => selected,
        Err(none) => return app.notify(none.words()),
    };
    let articles: Vec<Arc<Article>> = selected.iter().filter_map(|id| app.feed().find(*id)).collect();
    app.panes.list_mut().end_range();
    if let [article] = articles.as_slice() {
        return download_one(app, article);
    }
    let file = |article: &Arc<Article>| DownloadRequest::of(article, article.downloaded()?);
    let requests: Vec<DownloadRequest> = articles.iter().filter_map(file).collect();
    let without = articles.len() - requests.len();
    match requests.len() {
        0 => app.notify("These articles have no sound, film or other file"),
        count if count > MOST_UNASKED => {
            let words = clean::plain_line(&format!("Download {}? y/n", counted(count, "file")));
            app.push_overlay(Confirm { words, then: ConfirmedRequest::Download(requests) })
        }
        count => {
            let without =
                if without > 0 { format!("; {} without one", counted(without, "article")) } else { String::new() };
            let words = format!("Downloading {}, one after the other{without}", counted(count, "file"));
            app.push_notice(Notice::of(clean::plain_line(&words)));
            add(app, requests)
        }
    }
}

fn download_one(app: &mut App, article: &Article) -> Effects {
    let Some(enclosure) = article.downloaded() else {
        return app.notify("This article has no sound, film or other file");
    };
    let Some(request) = DownloadRequest::of(article, enclosure) else {
        return app.notify_failure(&format!("Not downloaded: {}", enclosure.link.shown()));
    };
    let title = &article.title;
    let words = match app.downloads.add(request) {
        Place::New(0) => format!("Downloading ({}): {title}", enclosure.description()),
        Place::New(before) => format!("Waits for {}: {title}", counted(before, "other download")),
        Place::Waits => format!("Waits already: {title}"),
        Place::Runs => match app.jobs.progress(JobKind::Download) {
            Some(Progress { done, total, .. }) if *total > 0 => {
                format!("Already downloading, {} %: {title}", progress_bar::percent(*done, *total))
            }
            _ => format!("Already downloading: {title}"),
        },
    };
    app.push_notice(Notice::of(clean::plain_line(&words)));
    start_next(app)
}

/// Adds downloads that the user has asked for.
pub(super) fn add(app: &mut App, requests: Vec<DownloadRequest>) -> Effects {
    for request in requests {
        app.downloads.add(request);
    }
    start_next(app)
}

fn start_next(app: &mut App) -> Effects {
    app.downloads.start_next().map(|request| Effect::Download(request).into()).unwrap_or_default()
}

/// Starts the next download after one has ended, in whatever way.
pub(super) fn download_over(app: &mut App) -> Effects {
    app.downloads.ended();
    start_next(app)
}

/// Says what was downloaded, or asks whether a server on a private network may be used.
pub(super) fn downloaded(app: &mut App, end: DownloadEnd) -> Effects {
    let (why, request) = match end {
        DownloadEnd::There(words) => {
            app.push_notice(Notice::of(words));
            return Effects::none();
        }
        DownloadEnd::Private(why, request) => (why, request),
    };
    // On top of another overlay the question would take the keys that the user types there.
    if !app.overlays.is_empty() {
        let words = format!("Not downloaded: {why}; download it again to permit it");
        app.push_notice(Notice::failure(clean::plain_line(&words)));
        return Effects::none();
    }
    let host = request.host();
    let same = app.downloads.take_same_host(&request);
    let requests = std::iter::once(request).chain(same).map(|one| DownloadRequest { is_private: true, ..one });
    let requests: Vec<DownloadRequest> = requests.collect();
    let what = if requests.len() == 1 { "it".to_owned() } else { counted(requests.len(), "file") };
    let words = clean::plain_line(&format!("{host} is on a private network. Download {what}? y/n"));
    app.push_overlay(Confirm { words, then: ConfirmedRequest::Download(requests) })
}

/// Stops the download that runs, and forgets those that wait.
pub(super) fn stop_downloads(app: &mut App) -> Effects {
    match app.downloads.stop() {
        true => {
            app.push_notice(Notice::of("Downloads stopped; the next download of the same file goes on".into()));
            Effect::StopDownloads.into()
        }
        false => app.notify("No download is running"),
    }
}
