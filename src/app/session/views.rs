//! The views of the list: records them when the query changes, returns to them, and removes filters of the query.

use super::App;
use crate::app::count::Count;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::jump_history::{JumpDirection, JumpEntry, PresentPlace, ViewPlace};
use crate::app::overlays::PromptState;
use crate::query::Query;

/// The present view.
fn present(app: &App) -> ViewPlace {
    let is_read = matches!(app.panes.focus(), Focus::Detail | Focus::Related);
    let detail = app.panes.detail();
    let read = detail.article().filter(|_| is_read).map(|article| (article, detail.scrolled()));
    ViewPlace { query: app.query().clone(), selected: app.selected_article(), read }
}

/// Records the present view, which a change of the query leaves. While a query is typed, only the view before the prompt is recorded:
/// Esc restores the history together with the view.
pub fn record(app: &mut App) {
    let prompt = app.overlays.top_as::<PromptState>();
    let is_recorded = prompt.and_then(PromptState::query_before).is_some_and(|before| before != app.query());
    if !is_recorded {
        let view = present(app);
        app.panes.jumps_mut().push_view(view);
    }
}

/// Goes back or forward to another article, place or view, as many times as the count says, or as far as the history goes.
pub fn jump(app: &mut App, to: JumpDirection, count: Count, nothing: &'static str) -> Effects {
    let mut present = PresentPlace { article: app.panes.present_place(), view: present(app) };
    let (mut last_view, mut last_article) = (None, None);
    for _ in 0..count.times() {
        let App { panes, loaded_feed, .. } = app;
        match to(panes.jumps_mut(), present.clone(), &|id| loaded_feed.feed().index_of(id).is_some()) {
            None => break,
            Some(JumpEntry::Article(place)) => {
                (present.article, last_article) = (Some(place), Some(place));
                present.view.read = Some((place.article, place.scrolled));
            }
            Some(JumpEntry::View(view)) => {
                (present.view, last_view, last_article) = (view.clone(), Some(view), None);
            }
        }
    }
    if last_view.is_none() && last_article.is_none() {
        return app.notify(nothing);
    }
    let effects = last_view.map(|view| show(app, view)).unwrap_or_default();
    if let Some(place) = last_article {
        app.panes.return_to_place(place, app.loaded_feed.feed());
    }
    effects
}

/// Shows an earlier view, with the present marks.
fn show(app: &mut App, view: ViewPlace) -> Effects {
    app.update_view_marks();
    app.search.set_query(view.query);
    let feed = app.loaded_feed.feed();
    let read = view.read.filter(|(article, _)| feed.index_of(*article).is_some());
    app.panes.list_mut().end_range();
    app.panes.list_mut().follow_next_selection();
    match read {
        Some((article, scrolled)) => app.panes.read(article, scrolled),
        None => app.panes.focus_list(feed),
    }
    // An article that was read stays on the screen, also if the query does not find it any more.
    app.search_rows(view.selected, read.is_none())
}

/// Removes a filter of the query, by its index.
pub fn remove_filter(app: &mut App, at: usize) -> Effects {
    let filters = app.query().filters(&|_, _| None);
    match filters.into_iter().nth(at) {
        Some(filter) => set_wider(app, filter.without),
        None => Effects::none(),
    }
}

/// Sets the query to a wider one.
pub fn set_wider(app: &mut App, wider: Query) -> Effects {
    // Parse again: without the saved search, its sort order and limit go too.
    let wider = app.search.parse(&wider.to_string()).unwrap_or(wider);
    app.set_query(wider)
}
