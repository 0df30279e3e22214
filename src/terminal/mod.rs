//! The terminal user interface: the event loop, and all I/O that the session asks for.

mod agreed_widths;
pub mod bookmark_file;
mod capabilities;
mod clipboard;
mod config_watcher;
mod effect_context;
mod effects;
mod event_loop;
mod event_queue;
#[cfg(debug_assertions)]
mod fault_injection;
mod frame_extras;
pub mod guardian;
mod headless_ui;
mod input;
mod input_parser;
mod input_sequence;
mod library_switch;
mod marks_writer;
mod multiplexer;
mod notification;
mod panic_hook;
#[cfg(feature = "pictures")]
mod picture_encoding;
mod picture_protocol;
mod pictures;
#[cfg(feature = "pictures")]
mod placeholders;
mod programs;
#[cfg(test)]
mod recorded_output;
mod screen_diff;
#[cfg(feature = "pictures")]
mod screen_pictures;
mod signals;
mod sync_options;
mod sync_process;
pub mod terminal_guard;
mod terminal_query;
mod tty;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};

pub use capabilities::{Background, WidthQuirks};
pub use effect_context::ReadUserConfig;
pub use frame_extras::{FrameOptions, draw};
pub use headless_ui::HeadlessUi;
pub use input_parser::InputParser;
pub use input_sequence::InputEvent;
pub use screen_diff::Screen;
pub use signals::ignore_sigxfsz;
pub use sync_options::SyncOptions;
pub use terminal_guard::TerminalError;

use crate::app::{Event, SessionInit};
use crate::config::SymbolSet;
use crate::external_program::program;
use crate::feed::SafeText;
use crate::jobs::job_runner::JobRunner;
use crate::jobs::library_service::LibraryService;
use crate::jobs::similarity_index::IndexStore;
use crate::keymap::Keymap;
use crate::library::Library;
use crate::library::SiteAddress;
use crate::library::marks_log::MarksFolder;
use crate::subscriptions;
use capabilities::{background_from_env, env_variable};
use effect_context::EffectContext;
use event_loop::{EventLoop, cleared_screen};
use event_queue::EventQueue;
use input::TerminalInput;
use marks_writer::MarksWriter;
use pictures::TerminalPictures;
use terminal_guard::TerminalGuard;

/// What the terminal reader needs beside the state that its session starts with.
pub struct TerminalOptions {
    /// The library to read.
    pub library: Library,
    /// The file with the settings.
    pub settings: PathBuf,
    /// The file with the saved searches.
    pub searches: PathBuf,
    /// The folder of the subscriptions' articles, if it may join the library.
    pub subscription_articles: Option<PathBuf>,
    /// Reads the settings and the saved searches again.
    pub read_user_config: ReadUserConfig,
    /// Where marks are stored; `None` if the user has no home folder.
    pub marks: Option<MarksFolder>,
    /// The file that stores where the user was reading.
    pub bookmark: Option<PathBuf>,
    /// Where snapshots of libraries are stored.
    pub snapshots: Option<PathBuf>,
    /// The folder of the full texts of articles.
    pub full_texts: Option<PathBuf>,
    /// How subscriptions are fetched.
    pub sync: SyncOptions,
}

/// Runs the terminal reader until the user quits. `Ok(Some(reason))`: it ran, but some marks could not be saved. An error is an
/// error of the terminal; all others are shown on the screen.
pub fn run(
    mut init: SessionInit,
    keymap: Keymap,
    options: TerminalOptions,
    fixed_now: Option<DateTime<Utc>>,
) -> Result<Option<SafeText>, TerminalError> {
    let settings = init.user.settings.clone();
    let has_title = capabilities::supports_osc(env_variable);
    let title = (has_title && settings.terminal_title).then(|| capabilities::title(0, settings.symbols()));
    let guard = TerminalGuard::enter(settings.mouse, title.as_ref())?;
    let now = fixed_now.unwrap_or_else(Utc::now);
    // Users of plain screens get no emoji on the screen, not even the probes that measure widths.
    let is_plain = settings.symbols() == SymbolSet::Plain;
    let probes = capabilities::supports_osc(env_variable) && !is_plain;
    let mut screen = cleared_screen(&guard, probes)?;
    let widths = WidthQuirks::before_query(env_variable);
    screen.set_width_quirks(widths);
    let frame_options = FrameOptions {
        hyperlinks: settings.hyperlinks && capabilities::supports_hyperlinks(env_variable),
        shows_cursor: is_plain,
        underlines_italics: !capabilities::supports_italics(env_variable),
    };
    tty::update_extra_modes(|more| more.links = frame_options.hyperlinks)?;
    let last_background = init.bookmark.as_ref().and_then(|bookmark| bookmark.light).map(Background::of_light);
    let TerminalOptions { library, settings: settings_file, searches, read_user_config, sync, .. } = options;
    let subscription_articles = options.subscription_articles;
    let bookmarks = options.bookmark.as_deref().and_then(Path::parent).map(Path::to_owned);
    let events = EventQueue::new();
    let (report, send) = (events.sender(), events.sender());
    // No wake-up: while jobs run, the event loop polls this queue (`event_loop::BUSY_POLL`).
    let runner = JobRunner::new(move |job| report(Event::Job(job)));
    let send_and_wake = move |event| {
        send(event);
        signals::wake();
    };
    let sites = SiteAddress::of_settings(&settings.sites);
    let library_service = LibraryService::new(library.clone(), options.snapshots).with_sites(sites);
    let library_service = Arc::new(library_service.with_full_texts(options.full_texts));
    init.similar = init.similar.map(|_| IndexStore::of(library_service.clone()));
    let changed = send_and_wake.clone();
    library_service.watch(move |watching| changed(watching.into()));
    let subscriptions_file = subscriptions::path_beside(&settings_file);
    init.subscriptions_file.clone_from(&subscriptions_file);
    let watched = vec![settings_file.clone(), searches.clone(), subscriptions_file.clone()];
    let awaited = subscription_articles.clone().filter(|_| library == Library::BuiltIn);
    config_watcher::watch(watched, awaited, send_and_wake.clone());
    let marks_writer = options.marks.map(|marks| {
        let (log, device) = marks.open();
        init.device = device;
        MarksWriter::start(log, options.bookmark, send_and_wake)
    });
    let mut session = HeadlessUi::new(init, keymap, now);
    if let Some(background) = last_background.or_else(background_from_env) {
        session.set_background(background);
    }
    let writer = marks_writer.clone();
    terminal_guard::on_exit(move || {
        // At once, because the time is short.
        program::kill_all();
        drop(writer.as_ref().and_then(MarksWriter::finish));
    });
    let io = EffectContext {
        guard,
        events,
        runner,
        library_service,
        settings,
        settings_file,
        read_user_config,
        library,
        subscription_articles,
        bookmarks,
        searches,
        marks_writer,
        subscriptions_file,
        sync,
    };
    let mut event_loop = EventLoop {
        screen,
        options: frame_options,
        session,
        io,
        input: TerminalInput::new(),
        was_queried: false,
        reports_background: false,
        widths,
        has_title,
        probed_columns: Some(Vec::new()),
        pictures: TerminalPictures::new(),
        fixed_now,
        now,
        started: Instant::now(),
    };
    let ended = event_loop.run();
    event_loop.io.guard.leave();
    event_loop.end_sync();
    program::end_all();
    let unsaved = event_loop.io.marks_writer.as_ref().and_then(MarksWriter::finish);
    ended?;
    Ok(unsaved)
}
