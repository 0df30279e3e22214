//! What the reader's own files say of a session; they may say something else while it runs.

use chrono::TimeDelta;

use super::commands::Command;
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

/// When an article that is opened counts as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadWhen {
    /// When it is opened.
    #[default]
    Opened,
    /// When one goes on to another, or back to the list.
    Left,
    /// When it has been open for a while.
    After(TimeDelta),
    /// When the reader says so.
    Never,
}
