//! Counts the days of the list, scrolls it by its sections, and jumps from day to day.

use super::App;
use crate::app::action::Action;
use crate::app::count::Count;
use crate::app::days::Days;
use crate::app::effect::Effects;
use crate::app::list_geometry::ListGeometry;
use crate::app::mouse_action::HitTarget;

/// Counts the days of the list, if its rows changed since.
pub fn update(app: &mut App) {
    if !app.panes.list().needs_days() {
        return;
    }
    let days = Days::of(app.panes.list(), app.loaded_feed.feed(), app.time.now());
    let summary = days.map(|days| days.summary(app.marks.all(), app.news.session_start())).unwrap_or_default();
    app.panes.list_mut().set_days(Some(summary));
}

/// The sections that lines separated in the last frame; `None` if it had no such lines.
fn shown(app: &App) -> Option<Days<'_>> {
    let height = app.frame.list.area.height;
    Days::shown(app.panes.list(), app.loaded_feed.feed(), app.time.now(), &app.settings, height)
}

/// Scrolls the list by rows.
pub fn scroll(app: &mut App, by: isize) -> Effects {
    let (list, frame) = (app.panes.list(), &app.frame.list);
    let days = shown(app);
    let starts = |row: usize| days.is_some_and(|days| days.starts(row));
    let geometry = ListGeometry {
        count: list.rows().len(),
        height: frame.area.height.into(),
        row_lines: frame.row_lines.max(1).into(),
        starts_section: if days.is_some() { Some(&starts) } else { None },
        has_top_line: days.is_some_and(|days| days.stay_visible()),
    };
    let to = geometry.scrolled((list.offset(), list.selected()), by);
    app.panes.scroll_list(to, app.loaded_feed.feed());
    Effects::none()
}

/// Selects the first row of the next day; or of this day, or if it is selected, of the day before. A count repeats it.
pub fn act(app: &mut App, action: Action, count: Count) -> Effects {
    let (list, feed) = (app.panes.list(), app.loaded_feed.feed());
    if list.rows().is_empty() {
        return app.notify("No articles");
    }
    // Without lines, and where only new articles have one, the days of the rows count.
    let days = shown(app).filter(|days| days.stay_visible()).or_else(|| Days::of(list, feed, app.time.now()));
    let Some(days) = days else { return app.notify("The list is not sorted by date: S changes the order") };
    let is_down = action == Action::NextDay;
    let step = |row: &usize| if is_down { days.next(*row) } else { days.previous(*row) };
    let steps = std::iter::successors(Some(list.selected()), step).skip(1);
    let Some(row) = steps.take(count.times()).last() else {
        return app.notify(if is_down { "No day below" } else { "No day above" });
    };
    app.panes.list_mut().select(row);
    app.panes.focus_list(app.loaded_feed.feed());
    Effects::none()
}

/// Selects the first row of the day of a row.
pub fn click(app: &mut App, row: usize) {
    let first = shown(app).map_or(row, |days| days.start(row));
    app.panes.click(HitTarget::Row(first), app.loaded_feed.feed());
}
