//! Follows links of the article: to other articles, to headings and footnotes, and to the browser.

use super::{App, folds, media, pictures};
use crate::app::count::Count;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::link_target::LinkTarget;
use crate::app::notices::Notice;
use crate::app::overlays::Outline;
use crate::feed::{Article, Link, SafeText, TextPosition, anchors, article_links, clean};
use crate::text::hyperlinks::LinkSource;

/// Opens the original of the article. With a count, follows the link of the article that has this number in its text.
pub fn open(app: &mut App, count: Count) -> Effects {
    match count.typed() {
        Some(number) => follow_numbered(app, &number.to_string()),
        None => app.open_original(),
    }
}

/// Follows the link of the article with a number, from 1, as the user typed it.
pub fn follow_numbered(app: &mut App, number: &str) -> Effects {
    let Some((index, article)) = app.panes.article_index(app.feed()).zip(app.article()) else {
        return app.notify("No article selected");
    };
    let links = article_links::links_in_feed(app.feed(), index, &article);
    let at = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    match at.and_then(|at| links.get(at)) {
        Some(named) => {
            let target = LinkTarget::of(named, article.id, app.feed());
            follow(app, &named.link, &target)
        }
        None => {
            let s = if links.len() == 1 { "" } else { "s" };
            app.notify_failure(&format!("no link `{number}`: the article has {} link{s}", links.len()))
        }
    }
}

/// Follows a link of the article shown.
pub fn follow(app: &mut App, link: &Link, target: &LinkTarget) -> Effects {
    match target {
        LinkTarget::Browser if media::is_played(app, link) => media::play_link(app, link),
        LinkTarget::Browser => app.open_link(link),
        LinkTarget::Picture => pictures::show_link(app, link),
        LinkTarget::Missing => app.notify_failure(&format!("Not in this library: {}", link.shown())),
        LinkTarget::SamePage(heading) => {
            let Some(article) = app.article() else { return Effects::none() };
            match place_of(&article, heading) {
                Some(place) => jump_to(app, place),
                None => app.notify_failure(&format!("This article has no heading `{heading}`")),
            }
        }
        LinkTarget::Article { id, heading } => {
            // The list of links may be older than the feed.
            let Some((index, article)) = app.feed().index_of(*id).zip(app.feed().find(*id)) else {
                return app.notify_failure("The article is not in this library any more");
            };
            let effects = app.open_here(index);
            if let Some(heading) = heading {
                match place_of(&article, heading) {
                    Some(place) => {
                        folds::reveal(app, place);
                        app.panes.detail_mut().jump_within(place);
                    }
                    None => {
                        let words = format!("No heading `{heading}` in this article");
                        app.push_notice(Notice::of(clean::plain_line(&words)));
                    }
                }
            }
            effects
        }
    }
}

/// The place of an anchor in an article; its top for an empty one.
fn place_of(article: &Article, anchor: &SafeText) -> Option<TextPosition> {
    if anchor.is_empty() || anchor.as_str().eq_ignore_ascii_case("top") {
        return Some(TextPosition::default());
    }
    anchors::find(&article.body, article.syntax(), anchor.as_str()).map(TextPosition::in_body)
}

/// Scrolls the article to a byte of its body. The way back leads to the present place.
pub fn go_to(app: &mut App, at: usize) -> Effects {
    jump_to(app, TextPosition::in_body(at))
}

fn jump_to(app: &mut App, place: TextPosition) -> Effects {
    let was_read = app.panes.focus() == Focus::Detail;
    folds::reveal(app, place);
    app.panes.jump_within(place);
    if was_read { Effects::none() } else { app.article_opened() }
}

/// Follows a link on the screen, or goes from a footnote to its note and back.
pub fn click(app: &mut App, source: LinkSource, number: usize) -> Effects {
    // The click refers to the last frame, which may have shown another article.
    let seen = app.frame.detail.top.map(|(id, _)| id);
    let Some(article) = app.article().filter(|article| Some(article.id) == seen) else { return Effects::none() };
    let place = match source {
        LinkSource::Article => return follow_numbered(app, &number.to_string()),
        LinkSource::List => return Effects::none(),
        LinkSource::Picture => return pictures::show_number(app, number),
        LinkSource::Footnote => footnote(&article, number).and_then(|footnote| footnote.note),
        LinkSource::Note => footnote(&article, number).and_then(|footnote| footnote.reference),
    };
    match place {
        Some(place) => go_to(app, place),
        None if source == LinkSource::Note => app.notify("No text refers to this footnote"),
        None => app.notify("This footnote has no text"),
    }
}

fn footnote(article: &Article, number: usize) -> Option<anchors::Footnote> {
    anchors::footnotes(&article.body, article.syntax()).into_iter().find(|footnote| footnote.number == number)
}

/// Opens the list of footnotes, with the first one selected to which text on the screen or below refers.
pub fn list_footnotes(app: &mut App) -> Effects {
    let Some(article) = app.article() else { return app.notify("No article selected") };
    let footnotes = anchors::footnotes(&article.body, article.syntax());
    if footnotes.is_empty() {
        return app.notify("This article has no footnotes");
    }
    let here = app.panes.detail().scrolled().position.unwrap_or_default();
    let is_above =
        |footnote: &anchors::Footnote| footnote.reference.map(TextPosition::in_body).is_some_and(|at| at < here);
    let above = footnotes.iter().take_while(|footnote| is_above(footnote)).count();
    let list = Outline::of_footnotes(footnotes, above);
    app.push_overlay(list)
}
