//! The configuration of the user: settings, saved searches, rules, bound commands, subscriptions, and the problems of these files.

use std::sync::Arc;

use super::bound_commands::BoundCommands;
use crate::config::Settings;
use crate::dates::Zone;
use crate::feed::Problem;
use crate::query::{Rules, SavedSearches};
use crate::subscriptions::{Found, SubscriptionsFile};

/// The settings and the saved searches, checked against each other. They may change during the session.
#[derive(Clone, Debug)]
pub struct UserConfig {
    /// The values of the settings.
    pub settings: Arc<Settings>,
    /// Saved searches.
    pub saved: SavedSearches,
    /// The rules of the settings whose queries are valid.
    pub rules: Rules,
    /// The commands that keys are bound to. Empty until `HeadlessUi` fills them in from the keymap.
    pub bound_commands: Arc<BoundCommands>,
    /// What the user follows, as `subscriptions.yaml` says.
    pub subscriptions: Arc<SubscriptionsFile>,
    /// The problems of these files.
    pub problems: Vec<Problem>,
}

impl UserConfig {
    /// The time zone of the user.
    pub fn zone(&self) -> Zone {
        self.settings.dates.zone
    }

    /// True if the user follows channels or has accounts. Also if the list is not usable for now: their articles must not vanish because of that.
    pub fn has_subscriptions(&self) -> bool {
        let SubscriptionsFile { subscriptions, accounts, .. } = &*self.subscriptions;
        !subscriptions.is_empty() || !accounts.is_empty() || self.subscriptions.found == Found::Unusable
    }
}

impl Default for UserConfig {
    /// The default settings in UTC, no saved searches, no rules.
    fn default() -> UserConfig {
        UserConfig::from(Settings::in_utc())
    }
}

impl From<Settings> for UserConfig {
    /// The settings alone, without saved searches and rules.
    fn from(settings: Settings) -> UserConfig {
        UserConfig {
            settings: Arc::new(settings),
            saved: SavedSearches::default(),
            rules: Rules::default(),
            bound_commands: Arc::default(),
            subscriptions: Arc::default(),
            problems: Vec::new(),
        }
    }
}
