//! What effects are performed with: the terminal, the event queue, the job runner, and the user's files.

use std::path::PathBuf;
use std::sync::Arc;

use super::event_queue::EventQueue;
use super::marks_writer::MarksWriter;
use super::sync_options::SyncOptions;
use super::terminal_guard::TerminalGuard;
use crate::app::UserConfig;
use crate::config::Settings;
use crate::jobs::job_runner::JobRunner;
use crate::jobs::library_service::LibraryService;
use crate::keymap::Keymap;
use crate::library::Library;

/// Reads the user's files, and returns their contents and the keymap that follows from them.
pub type ReadUserConfig = Box<dyn Fn() -> (UserConfig, Keymap)>;

/// The parts of the outside that [effects](crate::app::Effect) act on.
pub struct EffectContext {
    pub guard: TerminalGuard,
    /// Events that threads sent.
    pub events: EventQueue,
    pub runner: JobRunner,
    /// Reads the article files.
    pub library_service: Arc<LibraryService>,
    pub settings: Arc<Settings>,
    pub settings_file: PathBuf,
    pub read_user_config: ReadUserConfig,
    pub library: Library,
    /// The folder of the subscriptions' articles, while it may still join the library.
    pub subscription_articles: Option<PathBuf>,
    /// The folder of the bookmarks.
    pub bookmarks: Option<PathBuf>,
    /// The file with the saved searches.
    pub searches: PathBuf,
    /// Writes marks to the disk; `None` if there is no folder for them.
    pub marks_writer: Option<MarksWriter>,
    /// The file of the subscriptions.
    pub subscriptions_file: PathBuf,
    /// How subscriptions are fetched.
    pub sync: SyncOptions,
}
