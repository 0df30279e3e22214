//! Opens menus: of the selected article or entry, and of the program.

use super::App;
use crate::app::action::Action;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::mouse_action::HitTarget;
use crate::app::navigation::EntryKind;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::overlays::{Menu, MenuSubject};
use crate::query::Query;

/// Opens the menu of an action, beside the cell that was clicked.
pub fn open(app: &mut App, action: Action, at: Option<(u16, u16)>) -> Effects {
    let subject = match (action, app.panes.focus()) {
        (Action::MainMenu, _) => MenuSubject::Program,
        (_, Focus::Navigation) => MenuSubject::NavigationEntry,
        _ if !app.panes.list().range_rows().is_empty() => MenuSubject::Range,
        _ if app.panes.article_index(app.feed()).is_none() => MenuSubject::Program,
        _ => MenuSubject::Article,
    };
    let entries = subject.entries().iter().copied().filter(|entry| is_useful(app, entry.action, subject));
    let entries = entries.collect();
    app.push_overlay(Menu { subject, entries, cursor: OverlayCursor::default(), at })
}

/// The right button: selects the target and opens its menu. A row of the range means the whole range.
pub fn open_for(app: &mut App, target: HitTarget, at: (u16, u16)) -> Effects {
    let target = match target {
        HitTarget::ReadSign(row) | HitTarget::StarSign(row) => HitTarget::Row(row),
        target => target,
    };
    let is_in_range = matches!(target, HitTarget::Row(row) if app.panes.list().range_rows().contains(&row));
    let action = match target {
        HitTarget::Filter(_) | HitTarget::Day(_) | HitTarget::Pane(Focus::List | Focus::Navigation) => Action::MainMenu,
        _ => Action::Menu,
    };
    let chosen = match target {
        HitTarget::Topic(_) | HitTarget::Link(..) | HitTarget::Fold(_) => HitTarget::Pane(Focus::Detail),
        HitTarget::Filter(_) | HitTarget::Day(_) => HitTarget::Pane(Focus::List),
        target => target,
    };
    let mut effects = match chosen {
        HitTarget::Navigation(entry) | HitTarget::NavigationFold(entry) => {
            // A click would list the articles.
            let effects = app.click(HitTarget::Pane(Focus::Navigation));
            app.panes.navigation_mut().select(entry);
            effects
        }
        _ if is_in_range => Effects::none(),
        chosen => app.click(chosen),
    };
    if app.overlays.is_empty() {
        effects.0.extend(open(app, action, Some(at)).0);
    }
    effects
}

/// Whether an entry would do something.
fn is_useful(app: &App, action: Action, subject: MenuSubject) -> bool {
    let focus = app.panes.focus();
    match action {
        Action::Back => subject != MenuSubject::Article || focus != Focus::List,
        Action::Search if subject == MenuSubject::Article => focus == Focus::Detail,
        Action::Story => app.list().article_index().is_some_and(|row| app.feed().members_led_by(row).next().is_some()),
        Action::Links => app.article().is_some_and(|article| !article.links().is_empty()),
        Action::Clear => *app.query() != Query::default(),
        Action::SaveSearch => !app.query().is_everything(),
        Action::Sync => app.subscriptions.rows().next().is_some(),
        Action::RenameSearch | Action::PinSearch | Action::DeleteSearch => {
            matches!(app.panes.navigation().selected_entry().map(|entry| entry.kind), Some(EntryKind::Saved(_)))
        }
        action => app.is_available(action),
    }
}
