//! Applies changed settings, rules, saved searches and themes during the session.

use std::sync::Arc;

use super::{App, navigation, pictures};
use crate::app::effect::Effects;
use crate::app::overlays::ThemeList;
use crate::app::user_config::UserConfig;
use crate::config::Settings;
use crate::query::SavedSearches;

impl App {
    /// Applies changed files of the user. The list stays as it is, unless a saved search in its query changed.
    pub(super) fn apply_user_config(&mut self, user: UserConfig) -> Effects {
        let UserConfig { settings, saved, rules, bound_commands, problems, subscriptions } = user;
        let selected = self.selected_problem().cloned();
        self.problems.set_user(problems);
        self.select_problem(selected.as_ref());
        self.apply_themes(settings.clone());
        self.pictures.take_setting(settings.pictures.draw);
        self.settings = settings;
        pictures::close_if_off(self);
        self.programs.set_bound(bound_commands);
        let mut effects = self.rules_changed(rules);
        effects.0.extend(self.with_subscriptions(|known, _| known.set_file(subscriptions)).0);
        if *self.search.saved() != saved {
            effects.0.extend(self.set_saved_searches(saved).0);
        }
        if self.time.set_zone(self.settings.dates.zone) {
            // Queries and rules depend on the present day, and dates without a zone on the time zone: search and load again.
            self.search.clear_matches();
            effects.0.extend(self.reapply_time_rules().0);
            effects.0.extend(self.search_rows(self.selected_article(), false).0);
            effects.0.extend(self.files_changed().0);
        }
        effects
    }

    /// Replaces the saved searches, and sets the query again if it names a changed one.
    pub(super) fn set_saved_searches(&mut self, saved: SavedSearches) -> Effects {
        self.search.set_saved(saved);
        navigation::saved_changed(self);
        let mut effects = self.refresh_saved_list();
        // A query keeps the saved searches that it was parsed with: parse it again. If one is gone, it stays as it is.
        if let Ok(query) = self.search.parse(&self.query().to_string())
            && query != *self.query()
        {
            effects.0.extend(self.replace_query(query).0);
        }
        effects
    }

    /// Applies the themes of changed settings. An open list of themes keeps its selection by name.
    fn apply_themes(&mut self, settings: Arc<Settings>) {
        let before = self.themes.names().to_vec();
        self.themes.take_settings(settings);
        if let Some(list) = self.overlays.find_mut::<ThemeList>() {
            list.set_themes(&before, &self.themes);
        }
    }
}
