//! The world: the only room with a terminal, threads and a clock; the one loop of the reader.

pub mod bookmark_file;
mod capabilities;
mod clipboard;
mod cluster_widths;
mod config_watcher;
mod effects;
mod escape_sequence;
mod event_loop;
mod event_queue;
#[cfg(debug_assertions)]
mod fault_injection;
mod frame_extras;
pub mod guardian;
mod input;
mod input_parser;
mod io_context;
mod marks_writer;
mod panic_hook;
mod screen_diff;
mod signals;
pub mod terminal_guard;
mod terminal_query;
mod tty;
mod ui_session;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};

pub use capabilities::{Background, Widths};
pub use escape_sequence::InputEvent;
pub use frame_extras::{FrameOptions, draw};
pub use input_parser::InputParser;
pub use io_context::ReadUserConfig;
pub use screen_diff::Screen;
pub use signals::survive_large_files;
pub use terminal_guard::Refused;
pub use ui_session::Session;

use crate::app::{Event, SessionInit};
use crate::config::Signs;
use crate::feed::SafeText;
use crate::jobs::job_runner::JobRunner;
use crate::jobs::library_service::LibraryService;
use crate::keymap::Keymap;
use crate::library::Library;
use crate::library::marks_log::MarksFolder;
use capabilities::{background_of_variable, variable};
use event_loop::{Reader, fresh};
use event_queue::Inbox;
use input::Input;
use io_context::World;
use marks_writer::Keeper;
use terminal_guard::Guard;

/// What the reader on the terminal works with, beside what its session starts from.
pub struct ReaderFiles {
    /// The library to read.
    pub library: Library,
    /// The file with the settings.
    pub settings: PathBuf,
    /// The file with the saved searches.
    pub searches: PathBuf,
    /// Reads both files again.
    pub read_user_config: ReadUserConfig,
    /// Where marks are kept; none when the user has no home.
    pub marks: Option<MarksFolder>,
    /// The file that keeps where the reader was.
    pub bookmark: Option<PathBuf>,
    /// Where snapshots of libraries are kept.
    pub snapshots: Option<PathBuf>,
}

/// Runs the reader until it is quit. The words say why marks could not be kept. The error is one of the terminal;
/// everything else is told on the screen.
pub fn run(
    mut init: SessionInit,
    keymap: Keymap,
    files: ReaderFiles,
    fixed_now: Option<DateTime<Utc>>,
) -> Result<Option<SafeText>, Refused> {
    let settings = init.user.settings.clone();
    let title = capabilities::knows_commands(variable).then(|| capabilities::title(&init.library, settings.signs()));
    let guard = Guard::enter(settings.mouse, title.as_ref())?;
    let now = fixed_now.unwrap_or_else(Utc::now);
    // Who reads plain screens gets no emoji, not even to be measured.
    let is_plain = settings.signs() == Signs::Plain;
    let measures = capabilities::knows_commands(variable) && !is_plain;
    let mut screen = fresh(&guard, measures)?;
    let widths = Widths::unasked(variable);
    screen.widths_are(widths);
    let options = FrameOptions {
        hyperlinks: settings.hyperlinks && capabilities::may_have_links(variable),
        shows_cursor: is_plain,
        underlines_italics: !capabilities::has_italics(variable),
    };
    tty::take_more(|more| more.links = options.hyperlinks)?;
    let kept = init.bookmark.as_ref().and_then(|bookmark| bookmark.light).map(Background::of_light);
    let ReaderFiles { library, settings: settings_file, searches, read_user_config, .. } = files;
    let inbox = Inbox::new();
    let (report, told) = (inbox.teller(), inbox.teller());
    let runner = JobRunner::new(move |job| report(Event::Job(job)));
    let tell = move |event| {
        told(event);
        signals::wake();
    };
    let library_service = Arc::new(LibraryService::new(library.clone(), files.snapshots));
    let changed = tell.clone();
    library_service.watch(move |watching| changed(watching.into()));
    config_watcher::watch(vec![settings_file.clone(), searches.clone()], tell.clone());
    let keeper = files.marks.map(|marks| {
        let (log, device) = marks.open();
        init.device = device;
        Keeper::start(log, files.bookmark, tell)
    });
    let mut session = Session::new(init, keymap, now);
    if let Some(background) = kept.or_else(background_of_variable) {
        session.background_is(background);
    }
    if let Some(keeper) = keeper.clone() {
        terminal_guard::on_exit(move || drop(keeper.end()));
    }
    let world = World {
        guard,
        inbox,
        runner,
        library_service,
        settings,
        settings_file,
        read_user_config,
        library,
        searches,
        keeper,
    };
    let mut reader = Reader {
        screen,
        options,
        session,
        world,
        input: Input::new(),
        was_asked: false,
        tells_background: false,
        widths,
        measured: Some(Vec::new()),
        fixed_now,
        now,
        begun: Instant::now(),
    };
    let ended = reader.run();
    reader.world.guard.leave();
    let unkept = reader.world.keeper.as_ref().and_then(Keeper::end);
    ended?;
    Ok(unkept)
}
