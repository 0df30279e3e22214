//! What the user's own files say: the settings, and what they mean together with the saved searches.

use std::sync::Arc;

use super::commands::Command;
use crate::config::Settings;
use crate::dates::Zone;
use crate::feed::Problem;
use crate::query::{Rules, SavedSearches};

/// The settings and the saved searches, checked against each other. They may change while the reader runs.
#[derive(Clone, Debug)]
pub struct UserConfig {
    /// The values of the settings.
    pub settings: Arc<Settings>,
    /// Saved searches.
    pub saved: SavedSearches,
    /// The rules of the settings whose queries can be read.
    pub rules: Rules,
    /// Commands with an argument that the settings bind keys to.
    pub user_commands: Vec<Command>,
    /// What is wrong with these files.
    pub problems: Vec<Problem>,
}

impl UserConfig {
    /// The zone of the reader.
    pub fn zone(&self) -> Zone {
        self.settings.dates.zone
    }
}

impl Default for UserConfig {
    /// The default settings in UTC, no saved searches, no rules.
    fn default() -> UserConfig {
        UserConfig::from(Settings::in_utc())
    }
}

impl From<Settings> for UserConfig {
    /// These settings alone: no saved searches, and none of their rules.
    fn from(settings: Settings) -> UserConfig {
        UserConfig {
            settings: Arc::new(settings),
            saved: SavedSearches::default(),
            rules: Rules::default(),
            user_commands: Vec::new(),
            problems: Vec::new(),
        }
    }
}
