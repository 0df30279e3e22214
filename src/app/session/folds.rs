//! Folds and unfolds details and callouts of the article.

use super::App;
use crate::app::action::Action;
use crate::app::effect::Effects;
use crate::feed::{Article, PagePart, TextPosition, folds};
use crate::text::PAGE_DETAILS;

/// Folds or unfolds the block on the screen that a key means, or all blocks of the article.
pub fn act(app: &mut App, action: Action) -> Effects {
    let Some(article) = app.article() else { return app.notify("No article selected") };
    if action == Action::Details {
        if app.frame.detail.area.is_empty() {
            // A small screen shows one pane: switch to the article.
            app.panes.focus_detail();
        }
        app.panes.detail_mut().toggle_details();
        return Effects::none();
    }
    if action != Action::FoldDetails {
        let is_open = action == Action::UnfoldAll;
        if folds::folds(&article.body, article.syntax()).is_empty() {
            return app.notify("This article has nothing to fold");
        }
        app.panes.detail_mut().keep_top(&app.frame.detail);
        app.panes.detail_mut().set_all_folds(is_open);
        return app.notify(if is_open { "Everything is unfolded" } else { "Everything is folded" });
    }
    match app.frame.detail.folds.chosen().filter(|_| is_shown(app, &article)) {
        Some((number, is_open)) => set(app, number, !is_open),
        None => app.notify("Nothing to fold or unfold on the screen"),
    }
}

/// Folds or unfolds the block whose title was clicked.
pub fn click(app: &mut App, number: u32) -> Effects {
    let Some(is_open) = app.frame.detail.folds.state(number) else { return Effects::none() };
    // The click refers to the last frame, which may have shown another article.
    match app.article().is_some_and(|article| is_shown(app, &article)) {
        true => set(app, number, !is_open),
        false => Effects::none(),
    }
}

fn is_shown(app: &App, article: &Article) -> bool {
    app.frame.detail.top.is_some_and(|(id, _)| id == article.id) && !app.frame.detail.area.is_empty()
}

fn set(app: &mut App, number: u32, is_open: bool) -> Effects {
    app.panes.detail_mut().keep_top(&app.frame.detail);
    match number {
        PAGE_DETAILS => app.panes.detail_mut().set_details(is_open),
        number => app.panes.detail_mut().set_fold(number, is_open),
    }
    Effects::none()
}

/// Unfolds what is around a place in the article shown, which is about to be jumped to.
pub fn reveal(app: &mut App, place: TextPosition) {
    let Some(article) = app.article().filter(|_| place.part == PagePart::Body) else { return };
    let folds = folds::folds(&article.body, article.syntax());
    let around = folds::around(&folds, place.block as usize);
    around.into_iter().for_each(|number| app.panes.detail_mut().set_fold(number, true));
}

/// Keeps what is on the screen unfolded when the search in the article ends, which has unfolded the blocks with hits.
pub fn keep_visible(app: &mut App) {
    let Some(article) = app.article().filter(|article| is_shown(app, article)) else { return };
    let visible = app.frame.detail.folds;
    let mut next = visible.around_top;
    if visible.lines.iter().next().is_none() && next.is_none() {
        return;
    }
    let open: Vec<u32> = visible.lines.iter().filter(|line| line.is_open).map(|line| line.number).collect();
    open.into_iter().for_each(|number| app.panes.detail_mut().set_fold(number, true));
    let folds = folds::folds(&article.body, article.syntax());
    // A title on the screen can be in a block whose own title is above.
    next = next.or_else(|| visible.lines.iter().next().and_then(|line| folds.get(line.number as usize)?.parent));
    while let Some(number) = next {
        app.panes.detail_mut().set_fold(number, true);
        next = folds.get(number as usize).and_then(|fold| fold.parent);
    }
}
