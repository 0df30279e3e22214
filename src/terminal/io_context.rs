//! What of the world effects are performed on.

use std::path::PathBuf;
use std::sync::Arc;

use super::event_queue::EventQueue;
use super::marks_writer::MarksWriter;
use super::terminal_guard::TerminalGuard;
use crate::app::UserConfig;
use crate::config::Settings;
use crate::jobs::job_runner::JobRunner;
use crate::jobs::library_service::LibraryService;
use crate::keymap::Keymap;
use crate::library::Library;

/// Reads the user's files: what they say, and what keys do then.
pub type ReadUserConfig = Box<dyn Fn() -> (UserConfig, Keymap)>;

/// What of the world effects are performed on.
pub struct IoContext {
    /// The terminal.
    pub guard: TerminalGuard,
    /// What threads tell.
    pub events: EventQueue,
    /// What runs jobs.
    pub runner: JobRunner,
    /// Reads the article files.
    pub library_service: Arc<LibraryService>,
    /// The values of the settings.
    pub settings: Arc<Settings>,
    /// The file with the settings.
    pub settings_file: PathBuf,
    /// Reads the user's files.
    pub read_user_config: ReadUserConfig,
    /// What is read.
    pub library: Library,
    /// The file with the saved searches.
    pub searches: PathBuf,
    /// What keeps marks; none when there is no place for them.
    pub marks_writer: Option<MarksWriter>,
}
