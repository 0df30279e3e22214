//! Renames, deletes and pins saved searches, and says what else uses them.

use super::App;
use crate::app::action::Action;
use crate::app::commands::Command;
use crate::app::effect::{Effect, Effects};
use crate::app::focus::{Context, Focus};
use crate::app::navigation::EntryKind;
use crate::app::overlays::{Confirm, ConfirmedRequest, PromptState};
use crate::app::prompt_history::PromptKind;
use crate::config::LocatedText;
use crate::config::saved_searches_file::SearchChange;
use crate::feed::clean;
use crate::query::{Query, SavedSearches, unknown_name};

/// Most names of searches in a question.
const MAX_NAMED: usize = 3;

/// Renames, deletes or pins a saved search: `name`, else the one that is selected in the navigation pane.
pub fn act(app: &mut App, action: Action, name: Option<&str>) -> Effects {
    let selected = || {
        let navigation = app.panes.navigation();
        let has_focus = app.panes.focus() == Focus::Navigation && app.overlay().is_none();
        let entry = navigation.selected_entry().filter(|_| has_focus)?;
        let EntryKind::Saved(at) = entry.kind else { return None };
        navigation.saved.entries().get(at).map(|saved| saved.name.clone())
    };
    let Some(name) = name.map(str::to_owned).or_else(selected) else {
        // A list without searches ignores the keys.
        if app.overlay().is_some() {
            return Effects::none();
        }
        return app.notify("Select a saved search first: f lists them");
    };
    if app.search.saved().get(&name).is_none() {
        let known = app.search.saved().iter().map(|(name, _)| name);
        let error = unknown_name("saved search", &name, known);
        return app.notify_failure(&error);
    }
    match action {
        Action::RenameSearch => app.push_overlay(PromptState::for_search(PromptKind::NewName, &name, &name)),
        Action::PinSearch => {
            let keys = pinned_keys(app, &name).unwrap_or_default();
            app.push_overlay(PromptState::for_search(PromptKind::SearchKeys, &name, &keys))
        }
        _ => change(app, SearchChange::Delete { name }),
    }
}

/// Changes a saved search. Asks before one is deleted, and before one is renamed that files use which the program does not write.
pub fn change(app: &mut App, change: SearchChange) -> Effects {
    let saved = app.search.saved();
    let question = match &change {
        SearchChange::Delete { name } => {
            let by: Vec<String> = searches_with(saved, name).into_iter().chain(files_with(app, name)).collect();
            let by = if by.is_empty() { String::new() } else { format!(" It is used by {}.", by.join(", ")) };
            Some(format!("Delete the saved search {name}?{by} y/n"))
        }
        SearchChange::Rename { from, to } => {
            let by = files_with(app, from);
            let by = (!by.is_empty()).then(|| by.join(", "));
            by.map(|by| format!("Rename {from} to {to}? Change the name yourself in {by}. y/n"))
        }
        SearchChange::Save { .. } | SearchChange::Pin { .. } => None,
    };
    match question {
        Some(words) => {
            let then = ConfirmedRequest::ChangeSearch(change);
            app.push_overlay(Confirm { words: clean::plain_line(&words), then })
        }
        None => Effect::ChangeSearch(change).into(),
    }
}

/// The other saved searches that use a search, in words.
fn searches_with(saved: &SavedSearches, name: &str) -> Option<String> {
    let uses = |query: &str| Query::parse_with(query, saved).is_ok_and(|query| query.uses_saved(name));
    let found: Vec<&str> = saved.iter().filter(|(_, query)| uses(query)).map(|(name, _)| name).collect();
    let more = found.len().saturating_sub(MAX_NAMED);
    let named = found.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    match (found.len(), more) {
        (0, _) => None,
        (1, _) => Some(format!("the search {named}")),
        (_, 0) => Some(format!("the searches {named}")),
        (_, more) => Some(format!("the searches {named} and {more} more")),
    }
}

/// The keys that a search is pinned to, as they are shown.
fn pinned_keys(app: &App, name: &str) -> Option<String> {
    let shows = Command::shows_saved(name);
    let bound = app.programs.bound().of(Context::List).find(|bound| bound.command == shows)?;
    // Pins are bound after the keys of the settings.
    bound.keys.get(keys_in_settings(app, name).count()).cloned()
}

/// The commands of keys in the settings that show a search.
fn keys_in_settings<'a>(app: &'a App, name: &str) -> impl Iterator<Item = &'a LocatedText> {
    let shows = Command::shows_saved(name);
    let keys = app.settings.keys.bindings.iter().filter_map(|binding| binding.command.as_ref());
    keys.filter(move |written| Command::parse(&written.text).is_ok_and(|command| command == shows))
}

/// Where the settings and the subscriptions use a search, in words.
fn files_with(app: &App, name: &str) -> Vec<String> {
    let saved = app.search.saved();
    let uses = |query: &str| Query::parse_with(query, saved).is_ok_and(|query| query.uses_saved(name));
    let settings = &app.settings;
    let queries = settings.query.iter().chain(settings.rules.iter().map(|rule| &rule.when));
    let queries = queries.filter(|query| uses(&query.text)).map(|query| query.at.0);
    let mut lines: Vec<u32> = queries.chain(keys_in_settings(app, name).map(|written| written.at.0)).collect();
    lines.sort_unstable();
    lines.dedup();
    let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
    let mut by = Vec::new();
    match lines.as_slice() {
        [] => {}
        [line] => by.push(format!("the settings, line {line}")),
        lines => by.push(format!("the settings, lines {}", lines.join(" "))),
    }
    let only = app.subscriptions.rows().filter(|row| row.subscription.only.as_deref().is_some_and(uses));
    by.extend(only.take(MAX_NAMED).map(|row| format!("the subscription {}", row.title())));
    by
}

/// Follows a search that was renamed in its file: other searches and the list name it as before.
pub fn renamed(app: &mut App, from: &str, to: &str) -> Effects {
    let saved = app.search.saved().clone();
    let with_name = |query: &str| Query::text_with_renamed(query, (from, to), &saved);
    let query = with_name(&app.query().to_string());
    let searches = saved.iter().map(|(name, query)| {
        let name = if name == from { to } else { name };
        (name.to_owned(), with_name(query).unwrap_or_else(|| query.to_owned()))
    });
    let mut effects = app.set_saved_searches(SavedSearches::new(searches));
    if let Some(Ok(query)) = query.map(|query| app.search.parse(&query)) {
        effects.0.extend(app.replace_query(query).0);
    }
    effects
}
