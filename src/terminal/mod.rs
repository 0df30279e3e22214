//! The world: the only room with a terminal, threads and a clock; the one loop of the reader.

mod aligned;
pub mod bookmark_file;
mod clipboard;
mod effects;
pub mod guard;
pub mod guardian;
mod input;
mod keeper;
mod panics;
mod session;
mod shelf;
mod signals;
mod tty;
mod workers;

use std::io;
#[cfg(debug_assertions)]
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::event::{self, Event as TerminalEvent};
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

pub use aligned::Aligned;
pub use guard::Refused;
pub use session::{Session, Start};
pub use signals::survive_large_files;

use crate::app::{App, Effects, Event};
use crate::browser::Browser;
use crate::feed::{Problem, Shown};
use crate::keymap::Keymap;
use crate::library::Library;
use crate::library::marks_log::MarksFolder;
use crate::ui;
use effects::{Performed, World};
use guard::{Guard, Output};
use keeper::Keeper;
use workers::Workers;

/// How long to wait for a key while jobs are running, before looking at what they report.
const WHILE_BUSY: Duration = Duration::from_millis(15);
/// How long to look for one more key before drawing. Not zero: crossterm (issue 839) then says no without looking.
const AT_ONCE: Duration = Duration::from_micros(50);

/// How long the first frame waits for the marks on the disk.
const MARKS_READ: Duration = Duration::from_millis(100);

/// How long a search is waited for before its key is drawn: so many times so long.
const MOMENTS: u32 = 10;
/// And how often when what rules hide would be seen until then.
const RULED: u32 = 100;
const MOMENT: Duration = Duration::from_millis(1);

/// What the reader reads, and which programs it may start.
pub struct Setup {
    /// What is read.
    pub library: Library,
    /// The command that opens links, when the settings name one.
    pub browser: Option<String>,
    /// The command that edits files, when the settings name one.
    pub editor: Option<String>,
    /// What is wrong with the settings.
    pub problems: Vec<Problem>,
    /// The file with the saved searches.
    pub searches: PathBuf,
    /// Where marks are kept; none when the user has no home.
    pub marks: Option<MarksFolder>,
    /// Where it is kept where the reader was.
    pub bookmark: Option<PathBuf>,
    /// Where snapshots of libraries are kept.
    pub snapshots: Option<PathBuf>,
    /// A time that stands still, for tests.
    pub now: Option<DateTime<Utc>>,
}

/// Runs the reader until it is quit. The words say why marks could not be kept. The error is one of the terminal;
/// everything else is told on the screen.
pub fn run(mut start: Start, keymap: Keymap, setup: Setup) -> Result<Option<Shown>, Refused> {
    let guard = Guard::enter()?;
    let now = setup.now.unwrap_or_else(Utc::now);
    let variable = std::env::var("BROWSER").ok();
    let browser = Browser::new(setup.browser.as_deref(), variable.as_deref());
    let screen = fresh(&guard)?;
    let Setup { editor, library, searches, .. } = setup;
    let workers = Workers::new(library.clone(), setup.snapshots, setup.problems);
    let report = workers.reporter();
    let tell = move |event| {
        report(event);
        signals::wake_for_news();
    };
    workers.watch(tell.clone());
    let keeper = setup.marks.map(|marks| {
        let (log, device) = marks.open();
        start.beginning.device = device;
        Keeper::start(log, setup.bookmark, tell)
    });
    let session = Session::new(start, keymap, now);
    if let Some(keeper) = keeper.clone() {
        guard::on_exit(move || drop(keeper.end()));
    }
    let world = World { guard, workers, browser, editor, library, searches, keeper };
    let mut reader = Reader { screen, session, world, fixed_now: setup.now, now };
    let ended = reader.run();
    reader.world.guard.leave();
    let unkept = reader.world.keeper.as_ref().and_then(Keeper::end);
    ended?;
    Ok(unkept)
}

/// The terminal that is drawn on.
type Screen = Terminal<Aligned<CrosstermBackend<Output>>>;

/// What an event came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Nothing looks different.
    Same,
    /// Something may look different.
    Changed,
    /// The program ends.
    End,
}

struct Reader {
    screen: Screen,
    session: Session,
    world: World,
    fixed_now: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl Reader {
    /// Wait, take in, draw once; and draw only when something may look different.
    fn run(&mut self) -> io::Result<()> {
        if let Some(known) = self.world.workers.known(self.now) {
            self.receive(vec![known])?;
        }
        // What is known is drawn before anything else is looked at; without it, reading cannot begin too early.
        let is_known = !self.session.app().feed().is_empty();
        if !is_known {
            self.load();
        }
        self.await_marks()?;
        self.draw()?;
        self.world.guard.watch();
        if is_known {
            self.load();
        }
        #[cfg(debug_assertions)]
        self.panic_for_a_test();
        loop {
            let mut changed = false;
            if event::poll(self.patience())? {
                loop {
                    match self.take_in(event::read()?)? {
                        Turn::End => return Ok(()),
                        Turn::Changed => changed = true,
                        Turn::Same => {}
                    }
                    if !event::poll(AT_ONCE)? {
                        break;
                    }
                }
                changed |= self.await_search()?;
            }
            if Guard::stop_requested() {
                let performed = effects::suspend(&mut self.world)?;
                self.after(performed)?;
                changed = true;
            }
            if self.world.guard.take_continued()? {
                self.repaint()?;
                changed = true;
            }
            let events = self.world.workers.events();
            changed |= self.receive(events)?;
            if self.session.app().needs_rules() {
                changed |= self.await_search()?;
            }
            changed |= self.tick()?;
            if changed {
                self.draw()?;
            }
            // What the snapshot does not have whole is read from the files.
            if self.session.app().feed().is_damaged() && !self.world.workers.are_busy() {
                self.load();
            }
        }
    }

    /// Takes in what jobs report. True when something may look different.
    fn receive(&mut self, events: Vec<Event>) -> io::Result<bool> {
        let mut any = false;
        for event in events {
            // What comes of looking at the files is told when it is news.
            any |= !matches!(event, Event::FilesChanged);
            let effects = self.session.receive(event);
            self.perform(effects)?;
        }
        Ok(any)
    }

    /// Gives the marks a moment, so that what was read does not look unread in the first frame, and the rules, so that what
    /// they hide is not seen in it.
    fn await_marks(&mut self) -> io::Result<()> {
        let begun = Instant::now();
        let waits = |app: &App| !app.has_marks() && (app.feed().is_empty() || !app.can_wait_for_marks());
        let keeps = self.world.keeper.is_some();
        let is_ready = |app: &App| (!keeps || !waits(app)) && (app.feed().is_empty() || !app.needs_rules());
        while !is_ready(self.session.app()) && begun.elapsed() < MARKS_READ {
            let events = self.world.workers.wait(MOMENT);
            self.receive(events)?;
        }
        Ok(())
    }

    /// Gives a search a moment, so that most are drawn in the same frame as the key; but a key never waits for it.
    fn await_search(&mut self) -> io::Result<bool> {
        let mut any = false;
        for moment in 0..RULED {
            let app = self.session.app();
            let waits = moment < MOMENTS && (app.is_searching() || app.awaits_rules());
            if !waits && !app.needs_rules() || event::poll(Duration::ZERO)? {
                break;
            }
            let events = self.world.workers.wait(MOMENT);
            any |= self.receive(events)?;
        }
        Ok(any)
    }

    fn perform(&mut self, effects: Effects) -> io::Result<Turn> {
        for effect in effects.0 {
            let performed = effects::perform(&mut self.world, effect)?;
            if self.after(performed)? == Turn::End {
                return Ok(Turn::End);
            }
        }
        Ok(Turn::Changed)
    }

    /// How long to wait for a key: until jobs may have reported, else until the article that is open counts as read, or the
    /// ages on the screen change. The keeper wakes the loop when it has news.
    fn patience(&self) -> Duration {
        if self.world.workers.are_busy() {
            return WHILE_BUSY;
        }
        let now = Utc::now();
        let minute = Duration::from_secs(60 - now.timestamp().rem_euclid(60) as u64);
        let until = |due: DateTime<Utc>| (due - self.fixed_now.unwrap_or(now)).to_std().unwrap_or_default();
        let due = self.session.app().due().map(until);
        due.map_or(minute, |due| due.min(minute))
    }

    fn take_in(&mut self, event: TerminalEvent) -> io::Result<Turn> {
        self.session.time_is(self.fixed_now.unwrap_or_else(Utc::now));
        match event {
            TerminalEvent::Key(key) => {
                let Some(key) = input::key(key) else { return Ok(Turn::Same) };
                let (effects, changed) = self.session.press(key);
                if self.perform(effects)? == Turn::End {
                    return Ok(Turn::End);
                }
                Ok(if changed { Turn::Changed } else { Turn::Same })
            }
            TerminalEvent::Paste(text) => {
                let effects = self.session.paste(input::pasted(&text));
                self.perform(effects)
            }
            // What looks like a resize may be the keeper, which has news.
            TerminalEvent::Resize(columns, rows) if signals::take_woken() && self.is_size(columns, rows) => {
                Ok(Turn::Same)
            }
            TerminalEvent::Resize(..) => {
                self.repaint()?;
                Ok(Turn::Changed)
            }
            _ => Ok(Turn::Same),
        }
    }

    fn is_size(&mut self, columns: u16, rows: u16) -> bool {
        let area = self.screen.get_frame().area();
        (area.width, area.height) == (columns.clamp(1, ui::LARGEST), rows.clamp(1, ui::LARGEST))
    }

    fn after(&mut self, performed: Performed) -> io::Result<Turn> {
        match performed {
            Performed::Done => {}
            Performed::Told(events) => drop(self.receive(events)?),
            Performed::Returned { told, edited } => {
                self.repaint()?;
                if edited {
                    self.receive(vec![Event::FilesChanged])?;
                }
                self.receive(told)?;
            }
            Performed::Reload => {
                self.load();
                return Ok(Turn::Same);
            }
            Performed::End => return Ok(Turn::End),
        }
        Ok(Turn::Changed)
    }

    /// True when a minute has gone by, so that ages may look different, or the article that is open counts as read now.
    fn tick(&mut self) -> io::Result<bool> {
        let now = self.fixed_now.unwrap_or_else(Utc::now);
        let due = self.session.app().due().is_some_and(|due| due <= now);
        let later = due || now.timestamp() / 60 != self.now.timestamp() / 60;
        if later {
            self.now = now;
            self.receive(vec![Event::Tick(now)])?;
        }
        Ok(later)
    }

    fn load(&mut self) {
        self.world.workers.load(self.now);
    }

    fn draw(&mut self) -> io::Result<()> {
        let session = &mut self.session;
        self.screen.draw(|frame| {
            session.draw(frame.area(), frame.buffer_mut());
        })?;
        if let Some(keeper) = &self.world.keeper {
            keeper.remember(self.session.app().bookmark());
        }
        Ok(())
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    fn repaint(&mut self) -> io::Result<()> {
        self.screen = fresh(&self.world.guard)?;
        Ok(())
    }

    #[cfg(debug_assertions)]
    fn panic_for_a_test(&mut self) {
        let wanted = std::env::var("FRONTPAGE_TEST_PANIC");
        if matches!(wanted.as_deref(), Ok("double" | "abort" | "overflow")) {
            while !matches!(event::read(), Ok(TerminalEvent::Key(_))) {} // the guardian is there by then
        }
        match wanted.as_deref() {
            Ok("main") => panic!("asked for by \u{1b}[31mFRONTPAGE_TEST_PANIC"),
            Ok("worker") => self.world.workers.panic_for_a_test(),
            Ok("double") => {
                struct Panics;
                impl Drop for Panics {
                    fn drop(&mut self) {
                        panic!("a panic while another one is told");
                    }
                }
                let _panics = Panics;
                panic!("asked for by FRONTPAGE_TEST_PANIC");
            }
            Ok("abort") => std::process::abort(),
            Ok("overflow") => {
                fn deeper(depth: u64) -> u64 {
                    std::hint::black_box(depth) + if depth == u64::MAX { 0 } else { deeper(depth + 1) }
                }
                deeper(0);
            }
            // Not a panic, but as bad: past the guard's output, so that the kernel blocks this thread in a full terminal.
            Ok("block") => while io::stdout().write_all(&[b' '; 4096]).is_ok() {},
            _ => {}
        }
    }
}

/// A cleared screen of the terminal's size, which remembers nothing. Sizes that no terminal has are not believed, and a
/// terminal is asked nothing.
fn fresh(guard: &Guard) -> io::Result<Screen> {
    let (columns, rows) = crossterm::terminal::size()?;
    let area = Rect::new(0, 0, columns.clamp(1, ui::LARGEST), rows.clamp(1, ui::LARGEST));
    let mut output = guard.output()?;
    execute!(output, Clear(ClearType::All))?;
    Terminal::with_options(Aligned(CrosstermBackend::new(output)), TerminalOptions { viewport: Viewport::Fixed(area) })
}
