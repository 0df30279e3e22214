//! Records where the user stops reading articles, and returns there.

use super::App;
use crate::app::effect::Effects;
use crate::app::scroll::ScrollPosition;
use crate::feed::{ArticleId, Mark, Marks};

/// Notes the place of the article in the frame that was just drawn.
pub fn frame_drawn(app: &mut App) {
    let App { open, panes, frame, marks, time, .. } = app;
    let position = panes.detail().scrolled().position;
    open.places.frame_drawn(position, &frame.detail, time.moment(), |id| marks.all().places().of(id).is_some());
}

/// Records the places noted, as marks without an undo step.
pub fn save(app: &mut App) -> Effects {
    let mut effects = Effects::none();
    for (id, place) in app.open.places.take() {
        if app.marks().places().of(id) != place {
            effects.0.extend(app.set_mark_without_undo(Mark::Place(place), vec![id]).0);
        }
    }
    effects
}

/// Records the places noted if the article of the last frame was left: for another one, or, after reading, for the list.
pub fn save_left(app: &mut App, was_reading: bool) -> Effects {
    let is_closed = was_reading && app.panes.focus().shows_selected();
    match is_closed || app.open.places.is_left(app.panes.detail().article()) {
        true => save(app),
        false => Effects::none(),
    }
}

/// Takes over places from the disk: all of them when they are loaded first, later those of other instances and devices. The
/// article on the screen moves only at the first load.
pub fn receive(app: &mut App, loaded: &Marks, is_first: bool) {
    for id in loaded.places().ids() {
        let place = app.marks.all().places().of(id);
        app.panes.detail_mut().set_place_left(id, place);
    }
    if !is_first {
        return;
    }
    // The bookmark is newer than what this device recorded, but not than what another device did.
    let from_elsewhere = |app: &App, id: ArticleId| !app.marks.is_own(app.marks().stamp(id, &Mark::Place(None)));
    if let Some(id) = app.restored.bookmark().and_then(|bookmark| bookmark.article)
        && from_elsewhere(app, id)
        && let Some(place) = app.marks().places().of(id)
    {
        app.restored.continue_at(ScrollPosition::at(place));
    }
    let detail = app.panes.detail();
    if let Some(id) = detail.article()
        && let Some(place) = app.marks().places().of(id)
        && (detail.scrolled().line == 0 || app.restored.has_landed_on(id) && from_elsewhere(app, id))
    {
        app.panes.detail_mut().return_to(ScrollPosition::at(place));
    }
}
