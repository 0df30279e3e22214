//! The navigation pane: chooses entries, marks their articles, and keeps their counts.

use chrono::{DateTime, Utc};

use super::App;
use crate::app::action::Action;
use crate::app::count::Count;
use crate::app::effect::{Effect, Effects};
use crate::app::focus::Focus;
use crate::app::navigation::{Entry, EntryError, EntryKind, place};
use crate::app::overlays::{PromptState, SubscriptionList};
use crate::app::prompt_history::PromptKind;
use crate::feed::{ArticleId, Change, Mark};
use crate::jobs::JobId;
use crate::jobs::article_groups::{self, GroupedArticles};
use crate::query::{ArticleState, Query, SortKey};

/// The notice while it is not known which articles an entry has.
const STILL_COUNTING: &str = "Still counting the articles";

/// Switches the pane on and focuses it, or off if it is on the screen.
pub fn toggle(app: &mut App) -> Effects {
    // A screen that shows only the focused pane may not show it.
    let is_seen = app.panes.navigation().is_on() && !app.frame.navigation.area.is_empty();
    if is_seen {
        app.pane_layout.navigation = Some(false);
        app.panes.navigation_mut().set_on(false, &app.subscriptions);
        if app.panes.focus() == Focus::Navigation {
            app.panes.focus_list(app.loaded_feed.feed());
        }
        return Effects::none();
    }
    (app.pane_layout.navigation, app.pane_layout.zen) = (Some(true), false);
    app.panes.navigation_mut().set_on(true, &app.subscriptions);
    app.panes.focus_navigation(app.loaded_feed.feed());
    Effects::none()
}

/// Performs an action in the pane. `None` if it has no meaning of its own there.
pub fn act(app: &mut App, action: Action, count: Count) -> Option<Effects> {
    let selected = app.panes.navigation().selected();
    match action {
        Action::Fold => {
            let App { panes, subscriptions, .. } = app;
            let navigation = panes.navigation_mut();
            if !navigation.fold(selected, true, subscriptions)
                && let Some(around) = navigation.around(selected)
            {
                navigation.select(around);
            }
        }
        Action::Unfold => {
            let App { panes, subscriptions, .. } = app;
            if !panes.navigation_mut().fold(selected, false, subscriptions) {
                return Some(apply(app, selected));
            }
        }
        Action::Story => toggle_fold(app, selected),
        Action::Next | Action::Previous => {
            let by = if action == Action::Next { count.steps() } else { -count.steps() };
            if !app.panes.navigation_mut().step_to_unread(by) {
                return Some(app.notify(if by > 0 { "No unread articles below" } else { "No unread articles above" }));
            }
        }
        Action::Search => {
            let filter = app.panes.navigation().filter().to_owned();
            return Some(app.push_overlay(PromptState::new(PromptKind::Filter, &filter, Query::default(), None)));
        }
        Action::ReadAll => return Some(mark_read(app)),
        Action::Cancel if !app.panes.navigation().filter().is_empty() => {
            let App { panes, subscriptions, .. } = app;
            panes.navigation_mut().set_filter("", subscriptions);
        }
        // The article in the pane beside it is that of the list: zen shows the list.
        Action::Zen => {
            app.panes.focus_list(app.loaded_feed.feed());
            return None;
        }
        _ => return None,
    }
    Some(Effects::none())
}

/// Enter: shows what is wrong with a subscription, folds a heading, or lists the articles of the selected entry.
pub fn choose(app: &mut App) -> Effects {
    let navigation = app.panes.navigation();
    let selected = navigation.selected();
    match navigation.selected_entry().map(|entry| (entry.kind, shows_problem(entry))) {
        Some((EntryKind::Subscription(key, _) | EntryKind::Account(key, _), true)) => {
            let list = SubscriptionList::open_problem(key, &app.session_parts());
            app.push_overlay(list)
        }
        _ => apply(app, selected),
    }
}

/// Whether Enter shows what is wrong with an entry.
pub fn shows_problem(entry: &Entry) -> bool {
    entry.has_problem && matches!(entry.kind, EntryKind::Subscription(..) | EntryKind::Account(..))
}

/// A click on an entry: as Enter, but a subscription with a problem lists its articles too.
pub fn click(app: &mut App, at: usize) -> Effects {
    if at >= app.panes.navigation().entries().len() {
        return Effects::none();
    }
    app.panes.navigation_mut().select(at);
    app.panes.focus_navigation(app.loaded_feed.feed());
    apply(app, at)
}

/// Folds or unfolds an entry.
pub fn toggle_fold(app: &mut App, at: usize) {
    let App { panes, subscriptions, .. } = app;
    let navigation = panes.navigation_mut();
    if let Some(folded) = navigation.entries().get(at).and_then(|entry| entry.folded) {
        navigation.select(at);
        navigation.fold(at, !folded, subscriptions);
    }
}

/// Lists the articles of an entry and focuses the list; folds a heading.
fn apply(app: &mut App, at: usize) -> Effects {
    let Some(entry) = app.panes.navigation().entries().get(at) else { return Effects::none() };
    if !entry.kind.lists_articles() {
        toggle_fold(app, at);
        return Effects::none();
    }
    let query = match query(app, entry.kind) {
        Ok(query) => query,
        Err(error) => return app.notify_failure(&error.to_string()),
    };
    let App { panes, subscriptions, .. } = app;
    panes.navigation_mut().end_filter(subscriptions);
    panes.focus_list(app.loaded_feed.feed());
    app.set_query(query)
}

/// The query of an entry. A place keeps the order of the present query, and `is:unread` if the present query has it.
fn query(app: &App, kind: EntryKind) -> Result<Query, EntryError> {
    let query = place::query(kind, app.panes.navigation().place_sources(&app.subscriptions))?;
    if place::field(kind).is_none() {
        return Ok(query);
    }
    let present = app.query();
    let query = if present.wants_unread() { query.in_state(Some(ArticleState::Unread)) } else { query };
    // Only the history of reading has this order.
    let sort = present.own_sort().filter(|sort| sort.key != SortKey::ReadAt);
    Ok(sort.map_or_else(|| query.clone(), |sort| query.sorted(sort)))
}

/// Marks all articles of the selected entry read.
fn mark_read(app: &mut App) -> Effects {
    let navigation = app.panes.navigation();
    let Some(entry) = navigation.selected_entry() else { return Effects::none() };
    let (feed, groups, counts) = (app.loaded_feed.feed(), navigation.articles.groups(), navigation.articles.counts());
    if !navigation.articles.are_of(app.loaded_feed.generation()) {
        return app.notify(STILL_COUNTING);
    }
    let of_group = |group: Option<usize>| -> Vec<usize> {
        let Some(group) = group else { return Vec::new() };
        counts.unread().filter(|index| groups.contains(feed, *index, group)).collect()
    };
    let indices: Vec<usize> = match entry.kind {
        EntryKind::Section(_) | EntryKind::More(_) => return app.notify("This entry has no articles of its own"),
        EntryKind::All | EntryKind::Unread => counts.unread().collect(),
        EntryKind::Starred => counts.unread().filter(|index| counts.is_starred(*index)).collect(),
        EntryKind::Started => {
            let places = app.marks.all().places();
            let is_started = |index: &usize| feed.id(*index).is_some_and(|id| places.of(id).is_some());
            counts.unread().filter(is_started).collect()
        }
        EntryKind::Saved(at) => {
            let Some(saved) = navigation.saved.entries().get(at) else { return Effects::none() };
            match &saved.found {
                Some(found) => found.ones().filter(|index| counts.is_unread(*index)).collect(),
                // A search that is not valid finds nothing.
                None if saved.query.is_err() => Vec::new(),
                None => return app.notify(STILL_COUNTING),
            }
        }
        EntryKind::Tag(at) => counts.unread().filter(|index| navigation.articles.tags().contains(*index, at)).collect(),
        EntryKind::SubscriptionTopic(at) => of_group(at.map(|at| groups.of_topic(at))),
        EntryKind::Subscription(_, at) => of_group(at.map(|at| groups.of_subscription(at))),
        EntryKind::Account(_, at) => {
            let feeds = navigation.account_groups(at);
            let is_of_account =
                |index: &usize| groups.subscriptions.of_article(*index).is_some_and(|at| feeds.contains(&at));
            counts.unread().filter(is_of_account).collect()
        }
        EntryKind::Folder(at) => of_group(Some(groups.of_folder(at))),
        EntryKind::Provider(at) => of_group(Some(groups.of_provider(at))),
        EntryKind::Topic(at) => of_group(Some(groups.of_topic(at))),
    };
    let articles: Vec<ArticleId> = indices.into_iter().filter_map(|index| feed.id(index)).collect();
    let (kind, place) = (entry.kind, format!("in “{}”", entry.label));
    if articles.is_empty() {
        return app.notify(match kind {
            // They are counted although opening them has marked them read.
            EntryKind::Started => "All of them are read; each leaves the list at its end",
            _ => "Nothing unread there",
        });
    }
    app.mark_all_read(articles, &place)
}

// Counts.

/// Requests groups and counts that are missing, if the pane is on or may be on in the first frame.
pub fn request(app: &mut App) -> Effects {
    // Before the first frame, a wide screen is expected.
    let may_be_on =
        app.panes.navigation().is_on() || app.frame.body.is_empty() && app.pane_layout().has_navigation(u16::MAX);
    if !may_be_on || app.is_loading() || app.feed().is_empty() {
        return Effects::none();
    }
    let mut effects = Effects::none();
    let generation = app.loaded_feed.generation();
    if app.panes.navigation().articles.lacks(generation) {
        let job = article_groups::group(app.search_context(), app.subscriptions.addresses());
        app.panes.navigation_mut().articles.await_job(job.id, generation);
        effects.0.push(Effect::RunJob(job));
    }
    if app.panes.navigation().saved.are_due(app.time.moment()) {
        let context = app.search_context();
        let job = app.panes.navigation_mut().saved.start(&context);
        effects.0.push(Effect::RunJob(job));
    }
    effects
}

impl App {
    /// When groups and counts of the navigation pane have to be made: at once if it is on and they are missing.
    pub fn navigation_due(&self) -> Option<DateTime<Utc>> {
        let navigation = self.panes.navigation();
        if !navigation.is_on() || self.is_loading() || self.feed().is_empty() {
            return None;
        }
        let is_missing = navigation.articles.lacks(self.loaded_feed.generation());
        if is_missing { Some(DateTime::<Utc>::MIN_UTC) } else { navigation.saved.due() }
    }
}

/// Takes the groups that a job made, and the marks set since it began.
pub fn groups_made(app: &mut App, job: JobId, answer: GroupedArticles) {
    let generation = app.loaded_feed.generation();
    if app.panes.navigation_mut().articles.take(job, answer, generation) {
        follow_marks(app);
    }
}

/// Counts again after marks of many articles, or rules, changed.
pub fn follow_marks(app: &mut App) {
    let App { panes, loaded_feed, marks, unread, subscriptions, .. } = app;
    let navigation = panes.navigation_mut();
    navigation.saved.invalidate();
    if navigation.articles.are_of(loaded_feed.generation()) {
        navigation.articles.follow(unread.read(), loaded_feed.feed(), marks.all());
        navigation.saved.recount(navigation.articles.counts());
        navigation.rebuild(subscriptions);
    }
}

/// Counts the articles of changes again.
pub fn marks_changed(app: &mut App, changes: &[Change]) {
    let App { panes, loaded_feed, marks, time, subscriptions, .. } = app;
    let navigation = panes.navigation_mut();
    if !navigation.articles.are_of(loaded_feed.generation()) {
        return;
    }
    let mut has_other_entries = false;
    for change in changes {
        let saved = &mut navigation.saved;
        if matches!(change.mark, Mark::Read(_) | Mark::Hidden(_) | Mark::Starred(_) | Mark::Tagged(..)) {
            let parts = (&**loaded_feed.feed(), &**marks.all());
            has_other_entries |= navigation
                .articles
                .update(&change.articles, parts, &mut |index, is_unread| saved.update(index, is_unread));
        }
        // Searches also find notes, places and arrivals.
        navigation.saved.marks_changed(matches!(change.mark, Mark::Hidden(_)), time.moment());
    }
    if changes.iter().any(|change| matches!(change.mark, Mark::Hidden(_) | Mark::Place(_))) {
        has_other_entries |= navigation.articles.count_started(loaded_feed.feed(), marks.all());
    }
    if has_other_entries {
        navigation.rebuild(subscriptions);
    }
}

/// Takes over changed saved searches.
pub fn saved_changed(app: &mut App) {
    let App { panes, search, subscriptions, .. } = app;
    let navigation = panes.navigation_mut();
    navigation.saved.set(search.saved());
    navigation.rebuild(subscriptions);
}
