//! Opens menus: of the selected article or entry, and of the program.

use super::{App, navigation, pictures};
use crate::app::action::Action;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::mouse_action::HitTarget;
use crate::app::navigation::EntryKind;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::overlays::{Menu, MenuEntry, MenuSubject};
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
    let entries = subject.entries().iter().copied().filter(|entry| is_useful(app, entry, subject));
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
fn is_useful(app: &App, entry: &MenuEntry, subject: MenuSubject) -> bool {
    let focus = app.panes.focus();
    match (entry.action, subject) {
        (_, MenuSubject::NavigationEntry) => is_useful_in_navigation(app, entry),
        (Action::Open, _) => {
            (focus == Focus::Detail) == (entry.words == MenuEntry::RELATED) && app.is_available(Action::Open)
        }
        (Action::Back, MenuSubject::Article) => focus != Focus::List,
        (Action::Search, MenuSubject::Article) => focus == Focus::Detail,
        (Action::Story, _) => {
            app.list().article_index().is_some_and(|row| app.feed().members_led_by(row).next().is_some())
        }
        (Action::Links, _) => app.article().is_some_and(|article| !article.links().is_empty()),
        (Action::Picture, _) => app.article().is_some_and(|article| pictures::has_any(&article)),
        (Action::Play, _) => app.article().is_some_and(|article| article.played().is_some()),
        (Action::RunCommand, _) => !app.settings.commands.is_empty(),
        (Action::Clear, _) => *app.query() != Query::default(),
        (Action::SaveSearch, _) => !app.query().is_everything(),
        (Action::Sync, _) => app.subscriptions.rows().next().is_some(),
        (Action::Problems, _) => !app.problems.all().is_empty(),
        (action, _) => app.is_available(action),
    }
}

/// Whether an entry would do something with the selected entry of the navigation pane.
fn is_useful_in_navigation(app: &App, entry: &MenuEntry) -> bool {
    let Some(selected) = app.panes.navigation().selected_entry() else { return false };
    let shows_problem = navigation::shows_problem(selected);
    let lists = selected.kind.lists_articles();
    match entry.action {
        Action::Open if entry.words == MenuEntry::PROBLEM => shows_problem,
        Action::Open => lists && !shows_problem,
        Action::Unfold => lists && shows_problem,
        Action::Story => selected.folded.is_some(),
        Action::ReadAll => !matches!(selected.kind, EntryKind::Section(_) | EntryKind::More(_)),
        Action::RenameSearch | Action::PinSearch | Action::DeleteSearch => matches!(selected.kind, EntryKind::Saved(_)),
        action => app.is_available(action),
    }
}
