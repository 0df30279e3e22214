//! The world: the only room with a terminal, threads and a clock; the one loop of the reader.

mod asking;
mod beyond;
pub mod bookmark_file;
mod capabilities;
mod clipboard;
mod effects;
#[cfg(debug_assertions)]
mod faults;
pub mod guard;
pub mod guardian;
mod input;
mod keeper;
mod own_files;
mod panics;
mod screen;
mod session;
mod shelf;
mod signals;
mod tty;
mod typed;
mod widths;
mod workers;

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::event::{self, Event as TerminalEvent, MouseEvent};
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType};
use ratatui::layout::Rect;

pub use beyond::{Looks, draw};
pub use capabilities::{Background, Capabilities, Widths};
pub use guard::Refused;
pub use screen::Screen;
pub use session::{Session, Settings, Start};
pub use signals::survive_large_files;

use crate::app::{App, Bookmark, Effects, Event};
use crate::browser::Browser;
use crate::feed::Shown;
use crate::keymap::Keymap;
use crate::library::Library;
use crate::library::marks_log::MarksFolder;
use crate::ui;
use asking::Late;
use capabilities::variable;
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
    /// The file with the settings.
    pub settings: PathBuf,
    /// Reads the settings again.
    pub read_settings: Box<dyn Fn() -> Settings>,
    /// The file with the saved searches.
    pub searches: PathBuf,
    /// Where marks are kept; none when the user has no home.
    pub marks: Option<MarksFolder>,
    /// Where it is kept where the reader was.
    pub bookmark: Option<PathBuf>,
    /// Where snapshots of libraries are kept.
    pub snapshots: Option<PathBuf>,
    /// Whether the mouse is ours, or the terminal's.
    pub mouse: bool,
    /// A time that stands still, for tests.
    pub now: Option<DateTime<Utc>>,
    /// Links on the screen can be opened with the mouse, where the terminal has that.
    pub hyperlinks: bool,
    /// The cursor is seen where the reader is, not only placed there.
    pub shows_cursor: bool,
}

/// Runs the reader until it is quit. The words say why marks could not be kept. The error is one of the terminal;
/// everything else is told on the screen.
pub fn run(mut start: Start, keymap: Keymap, setup: Setup) -> Result<Option<Shown>, Refused> {
    let guard = Guard::enter(setup.mouse)?;
    let now = setup.now.unwrap_or_else(Utc::now);
    let browser = Browser::new(setup.browser.as_deref(), variable("BROWSER").as_deref());
    let mut screen = fresh(&guard, capabilities::may_be_asked(variable))?;
    let capabilities = Capabilities { widths: Widths::unasked(variable), ..Capabilities::default() };
    screen.widths_are(capabilities.widths);
    let looks = Looks {
        hyperlinks: setup.hyperlinks && capabilities::may_have_links(variable),
        shows_cursor: setup.shows_cursor,
    };
    tty::take_more(|more| more.links = looks.hyperlinks)?;
    let kept = start.beginning.bookmark.as_ref().and_then(|bookmark| bookmark.light).map(Background::of_light);
    let Setup { editor, library, searches, settings, read_settings, .. } = setup;
    let workers = Workers::new(library.clone(), setup.snapshots);
    let report = workers.reporter();
    let tell = move |event| {
        report(event);
        signals::wake_for_news();
    };
    workers.watch(tell.clone());
    own_files::watch(vec![settings.clone(), searches.clone()], tell.clone());
    let keeper = setup.marks.map(|marks| {
        let (log, device) = marks.open();
        start.beginning.device = device;
        Keeper::start(log, setup.bookmark, tell)
    });
    let mut session = Session::new(start, keymap, now);
    if let Some(background) = kept.or_else(background_of_variable) {
        session.background_is(background);
    }
    if let Some(keeper) = keeper.clone() {
        guard::on_exit(move || drop(keeper.end()));
    }
    let world = World { guard, workers, browser, editor, settings, read_settings, library, searches, keeper };
    let late = Late::default();
    let mut reader = Reader {
        screen,
        looks,
        session,
        world,
        late,
        capabilities,
        fixed_now: setup.now,
        now,
        begun: Instant::now(),
        next: None,
    };
    let ended = reader.run();
    reader.world.guard.leave();
    let unkept = reader.world.keeper.as_ref().and_then(Keeper::end);
    ended?;
    Ok(unkept)
}

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
    screen: Screen<Output>,
    looks: Looks,
    session: Session,
    world: World,
    /// What looks out for an answer of the terminal that did not come in time.
    late: Late,
    capabilities: Capabilities,
    fixed_now: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    begun: Instant,
    /// What was read already and is next to be taken in.
    next: Option<TerminalEvent>,
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
        let mut changed = match self.ask()? {
            Turn::End => return Ok(()),
            turn => turn == Turn::Changed,
        };
        #[cfg(debug_assertions)]
        faults::happen(&mut self.world.workers);
        if changed {
            self.draw()?;
        }
        loop {
            changed = false;
            if event::poll(self.patience())? {
                loop {
                    let next = self.next.take().map_or_else(event::read, Ok)?;
                    if changed && input::is_press(&next) {
                        self.draw()?;
                    }
                    match self.take_in_all(next)? {
                        Turn::End => return Ok(()),
                        Turn::Changed => changed = true,
                        Turn::Same => {}
                    }
                    if self.next.is_none() && !event::poll(AT_ONCE)? {
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
        let hesitates = self.session.shows_continuations_at().map(|due| (due - now).to_std().unwrap_or_default());
        let due = self.session.app().due().map(until).into_iter().chain(hesitates);
        due.min().map_or(minute, |due| due.min(minute))
    }

    /// Asks the terminal what it can do, and takes in what was typed meanwhile.
    fn ask(&mut self) -> io::Result<Turn> {
        if !capabilities::may_be_asked(variable) {
            return Ok(Turn::Same);
        }
        let asked = asking::ask(self.world.guard.output()?)?;
        let widths = asked.capabilities.widths.or(self.capabilities.widths);
        (self.capabilities, self.late) = (Capabilities { widths, ..asked.capabilities }, asked.late);
        if asked.capabilities.kitty {
            tty::take_more(|more| more.keys = true)?;
        }
        let background = asked.capabilities.background.or_else(background_of_variable);
        let mut turn = Turn::Same;
        if background.is_some_and(|background| self.session.background_is(background)) {
            turn = Turn::Changed;
        }
        if self.screen.widths_are(widths) {
            turn = Turn::Changed;
        }
        self.take_in_each(asked.typed, turn)
    }

    /// Takes in what crossterm read, unless it belongs to an answer that comes late.
    fn take_in_all(&mut self, event: TerminalEvent) -> io::Result<Turn> {
        let (events, background) = self.late.take(event);
        let mut turn = Turn::Same;
        if let Some(background) = background {
            self.capabilities.background = Some(background);
            if self.session.background_is(background) {
                turn = Turn::Changed;
            }
        }
        self.take_in_each(events, turn)
    }

    fn take_in_each(&mut self, events: Vec<TerminalEvent>, mut turn: Turn) -> io::Result<Turn> {
        for event in events {
            match self.take_in(event)? {
                Turn::Same => {}
                Turn::End => return Ok(Turn::End),
                Turn::Changed => turn = Turn::Changed,
            }
        }
        Ok(turn)
    }

    fn take_in(&mut self, event: TerminalEvent) -> io::Result<Turn> {
        let now = Utc::now();
        self.session.time_is(self.fixed_now.unwrap_or(now));
        self.session.moment_is(now);
        match event {
            TerminalEvent::Key(key) => {
                let Some(key) = input::key(key) else { return Ok(Turn::Same) };
                let (effects, changed) = self.session.press(key);
                if self.perform(effects)? == Turn::End {
                    return Ok(Turn::End);
                }
                Ok(if changed { Turn::Changed } else { Turn::Same })
            }
            TerminalEvent::Mouse(mouse) => self.take_mouse(mouse),
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

    /// The turns of a wheel that wait, and the places of a drag, are one.
    fn take_mouse(&mut self, mouse: MouseEvent) -> io::Result<Turn> {
        let Some(mut pointer) = input::pointer(mouse) else { return Ok(Turn::Same) };
        while pointer.goes_on() && event::poll(AT_ONCE)? {
            let next = event::read()?;
            let later = if let TerminalEvent::Mouse(mouse) = next { input::pointer(mouse) } else { None };
            let Some(both) = later.and_then(|later| pointer.with(later)) else {
                self.next = Some(next);
                break;
            };
            pointer = both;
        }
        let (effects, changed) = self.session.point(pointer, self.begun.elapsed());
        if self.perform(effects)? == Turn::End {
            return Ok(Turn::End);
        }
        Ok(if changed { Turn::Changed } else { Turn::Same })
    }

    fn is_size(&self, columns: u16, rows: u16) -> bool {
        let area = self.screen.area();
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
            Performed::Settings(settings) => {
                let Settings { reading, keymap, themes, looks, mouse, .. } = *settings;
                tty::take_more(|more| more.mouse = mouse)?;
                let effects = self.session.adopt(reading, keymap, themes, looks);
                return self.perform(effects);
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
        let moment = Utc::now();
        let now = self.fixed_now.unwrap_or(moment);
        let due = self.session.app().due().is_some_and(|due| due <= now);
        let hesitates = self.session.shows_continuations_at().is_some_and(|due| due <= moment);
        if hesitates {
            self.session.moment_is(moment);
        }
        let later = due || now.timestamp() / 60 != self.now.timestamp() / 60;
        if later {
            self.now = now;
            self.receive(vec![Event::Tick(now)])?;
        }
        Ok(later || hesitates)
    }

    fn load(&mut self) {
        self.world.workers.load(self.now);
    }

    fn draw(&mut self) -> io::Result<()> {
        beyond::draw(&mut self.screen, &mut self.session, self.looks)?;
        if let Some(keeper) = &self.world.keeper {
            let light = self.session.background().map(|background| background == Background::Light);
            keeper.remember(self.session.app().bookmark().map(|bookmark| Bookmark { light, ..bookmark }));
        }
        Ok(())
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    fn repaint(&mut self) -> io::Result<()> {
        self.screen = fresh(&self.world.guard, false)?;
        self.screen.widths_are(self.capabilities.widths);
        Ok(())
    }
}

/// The background, for terminals that do not answer.
fn background_of_variable() -> Option<Background> {
    Background::of_variable(&variable("COLORFGBG")?)
}

/// The smallest screen, in columns and rows, on which columns are measured: where there is room for them.
const MEASURABLE: (u16, u16) = (12, 2);

/// A cleared screen of the terminal's size, which remembers nothing. Sizes that no terminal has are not believed. Whether
/// columns are measured meanwhile is for the caller to say, who must read the answers.
fn fresh(guard: &Guard, measures: bool) -> io::Result<Screen<Output>> {
    let (columns, rows) = crossterm::terminal::size()?;
    let area = Rect::new(0, 0, columns.clamp(1, ui::LARGEST), rows.clamp(1, ui::LARGEST));
    let mut output = guard.output()?;
    if measures && columns >= MEASURABLE.0 && rows >= MEASURABLE.1 {
        asking::measure_widths(&mut output)?;
    }
    execute!(output, Clear(ClearType::All))?;
    Ok(Screen::new(output, area))
}
