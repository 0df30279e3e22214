//! What the reader's own files say of a session; they may say something else while it runs.

use super::commands::Command;
use crate::config::ReadWhen;
use crate::dates::Zone;
use crate::feed::Problem;
use crate::query::{Rules, Saved};

/// What the settings and the saved searches say.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Saved searches.
    pub saved: Saved,
    /// What holds of articles that a query finds.
    pub rules: Rules,
    /// When an article counts as read.
    pub read_when: ReadWhen,
    /// What the list has of the screen until the reader says otherwise, in percent; none: what the screen gives it.
    pub list_share: Option<u16>,
    /// What keys are bound to that no action does alone.
    pub own_commands: Vec<Command>,
    /// The zone of the reader.
    pub zone: Zone,
    /// What is wrong with these files.
    pub problems: Vec<Problem>,
}
