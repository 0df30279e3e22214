//! Jumps among the headings of the article.

use super::{App, folds};
use crate::app::action::Action;
use crate::app::count::Count;
use crate::app::effect::Effects;
use crate::app::overlays::Outline;
use crate::feed::{TextPosition, outline};

/// Scrolls to the next heading or the one before, by a count to a further one; or opens the list of headings with the one of the
/// present place selected.
pub fn act(app: &mut App, action: Action, count: Count) -> Effects {
    let Some(article) = app.article() else { return app.notify("No article selected") };
    let headings = outline::headings(&article.body, article.syntax());
    if headings.is_empty() {
        return app.notify(Outline::NOTHING);
    }
    // The first line on the screen; after a jump the place that was asked for, which may be further down if the end of the
    // article is on the screen.
    let here = app.panes.detail().scrolled().position.unwrap_or_default();
    let (wanted, nothing) = match action {
        Action::NextHeading => {
            let below = headings.iter().filter(|heading| TextPosition::in_body(heading.at) > here);
            (below.take(count.times()).last(), "No heading below")
        }
        Action::PreviousHeading => {
            let above = headings.iter().rev().filter(|heading| TextPosition::in_body(heading.at) < here);
            (above.take(count.times()).last(), "No heading above")
        }
        _ => {
            let before = headings.iter().take_while(|heading| TextPosition::in_body(heading.at) <= here).count();
            return app.push_overlay(Outline::new(headings, before.saturating_sub(1)));
        }
    };
    match wanted {
        Some(heading) => show(app, heading.at),
        None => app.notify(nothing),
    }
}

/// Scrolls the article so that the heading at a byte of its body is at the top.
fn show(app: &mut App, at: usize) -> Effects {
    folds::reveal(app, TextPosition::in_body(at));
    app.panes.detail_mut().jump_within(TextPosition::in_body(at));
    if app.frame.detail.area.is_empty() {
        // A small screen shows one pane: switch to the article.
        app.panes.focus_detail();
        return app.article_opened();
    }
    Effects::none()
}
