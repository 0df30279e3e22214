//! The event loop: waits for input and events, hands them to the session, performs its effects, and draws.

use std::io;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType};
use ratatui::layout::Rect;

use super::capabilities::{self, Background, WidthQuirks, background_from_env, env_variable};
use super::effect_context::EffectContext;
use super::frame_extras::{self, FrameOptions};
use super::headless_ui::HeadlessUi;
use super::input::TerminalInput;
use super::input_sequence::InputEvent;
use super::multiplexer::Multiplexer;
use super::pictures::TerminalPictures;
use super::screen_diff::Screen;
use super::terminal_guard::{Output, TerminalGuard};
use super::{signals, terminal_query, tty};
use crate::app::{App, Bookmark, Event};
use crate::dates::Now;
use crate::jobs::load_library::load;
use crate::jobs::{Job, JobReport, JobStatus};
use crate::keymap::MouseInput;
use crate::ui;

/// How long to wait for input while jobs run, before their reports are read.
const BUSY_POLL: Duration = Duration::from_millis(15);
/// The same while jobs only wait for servers.
const REMOTE_POLL: Duration = Duration::from_millis(100);
/// How long the first frame waits for the marks to be read from the disk.
const MARKS_WAIT: Duration = Duration::from_millis(100);
/// How many [`WAIT_STEP`]s the frame after a key waits for the result of a search.
const SEARCH_STEPS: u32 = 10;
/// The same while rules are being applied, because articles that they hide would be visible in the frame.
const RULES_STEPS: u32 = 100;
const WAIT_STEP: Duration = Duration::from_millis(1);

/// What the loop does after an input or an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopOutcome {
    /// The screen is up to date.
    Unchanged,
    /// The screen may have to change.
    Changed,
    /// The program ends.
    Quit,
}

/// The session, and the screen, input and I/O that drive it.
pub struct EventLoop {
    pub screen: Screen<Output>,
    pub options: FrameOptions,
    pub session: HeadlessUi,
    pub io: EffectContext,
    pub input: TerminalInput,
    /// The terminal was asked for its capabilities.
    pub was_queried: bool,
    /// The terminal has reported its background, so it is worth asking again when the background may have changed.
    pub reports_background: bool,
    /// How the terminal counts columns.
    pub widths: WidthQuirks,
    /// The window of the terminal has a title.
    pub has_title: bool,
    /// Columns of the probe clusters that were reported so far; `None` after all replies have arrived.
    pub probed_columns: Option<Vec<u16>>,
    /// The pictures of the terminal.
    pub pictures: TerminalPictures,
    pub fixed_now: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
    pub started: Instant,
}

impl EventLoop {
    /// Runs until the user quits. Draws at most once for all input that is waiting, and only if the screen may change.
    pub fn run(&mut self) -> io::Result<()> {
        if let Some(snapshot) = self.io.library_service.open_snapshot(self.now) {
            self.receive(vec![snapshot.into()])?;
        }
        // A snapshot is drawn before any file is read. Without a snapshot, loading starts before the first frame.
        let has_snapshot = !self.session.app().feed().is_empty();
        if !has_snapshot {
            self.load()?;
        }
        self.await_marks()?;
        self.draw()?;
        self.io.guard.start_guardian();
        if has_snapshot {
            self.load()?;
        }
        let asked = self.query_terminal()?;
        let mut changed = match self.handle_pending(asked)? {
            LoopOutcome::Quit => return Ok(()),
            outcome => outcome == LoopOutcome::Changed,
        };
        #[cfg(debug_assertions)]
        super::fault_injection::inject(&mut self.io.runner, &mut self.input);
        if changed {
            self.draw()?;
        }
        loop {
            #[cfg(feature = "pictures")]
            self.pictures.send(self.io.guard.output()?, &mut self.input)?;
            self.input.wait(self.wait_timeout())?;
            // Before input is handled: a mouse press refers to what is drawn on the screen.
            changed = signals::take_resized();
            if changed {
                self.repaint()?;
            }
            changed = match self.handle_pending(changed)? {
                LoopOutcome::Quit => return Ok(()),
                outcome => outcome == LoopOutcome::Changed,
            };
            if TerminalGuard::stop_requested() {
                self.suspend()?;
                changed = true;
            }
            if self.io.guard.take_continued()? {
                self.redraw()?;
                changed = true;
            }
            let events = self.io.events.drain();
            changed |= self.receive(events)?;
            if self.session.app().needs_rules() {
                changed |= self.await_search()?;
            }
            changed |= self.tick()?;
            if changed {
                self.draw()?;
            }
            // Articles that cannot be read from the snapshot are read from their files.
            if self.session.app().feed().is_damaged() && self.session.app().jobs().is_idle() {
                self.load()?;
            }
        }
    }

    /// Hands events to the session, and performs the effects. Returns whether the screen may have to change.
    pub fn receive(&mut self, events: Vec<Event>) -> io::Result<bool> {
        let mut any = false;
        if !events.is_empty() {
            self.session.set_event_time(self.fixed_now.unwrap_or_else(Utc::now));
        }
        for event in events {
            // These two draw nothing: a reload is visible by its result, a job by its progress.
            let is_unseen =
                matches!(&event, Event::FilesChanged | Event::Job(JobReport { status: JobStatus::Started, .. }));
            any |= !is_unseen;
            let effects = self.session.receive(event);
            self.perform(effects)?;
        }
        Ok(any)
    }

    /// Waits up to 100 ms for the marks and the rules, so that the first frame shows no read article as unread, and no article that
    /// a rule hides.
    fn await_marks(&mut self) -> io::Result<()> {
        let started = Instant::now();
        let awaits_marks =
            |app: &App| !app.session_marks().are_read() && (app.feed().is_empty() || !app.can_wait_for_marks());
        let has_writer = self.io.marks_writer.is_some();
        let is_ready = |app: &App| (!has_writer || !awaits_marks(app)) && (app.feed().is_empty() || !app.needs_rules());
        while !is_ready(self.session.app()) && started.elapsed() < MARKS_WAIT {
            let events = self.io.events.wait(WAIT_STEP);
            self.receive(events)?;
        }
        Ok(())
    }

    /// Waits a few milliseconds for a search, so that most results are drawn in the same frame as the key. Stops waiting as soon as
    /// there is input.
    fn await_search(&mut self) -> io::Result<bool> {
        let mut any = false;
        for step in 0..RULES_STEPS {
            let app = self.session.app();
            let waits = step < SEARCH_STEPS && (app.search().is_running() || app.rules().is_pending());
            if !waits && !app.needs_rules() || self.input.has_event()? {
                break;
            }
            let events = self.io.events.wait(WAIT_STEP);
            any |= self.receive(events)?;
        }
        Ok(any)
    }

    /// How long to wait for input: until jobs may have reported, else until something is due, keys that may follow must be shown,
    /// or the ages on the screen change. The marks writer and other threads wake the loop.
    fn wait_timeout(&self) -> Duration {
        if self.pictures.is_pending() || !self.session.app().jobs().is_idle() {
            return BUSY_POLL;
        }
        let now = Utc::now();
        let minute = Duration::from_secs(60 - now.timestamp().rem_euclid(60) as u64);
        let until = |due: DateTime<Utc>| (due - self.fixed_now.unwrap_or(now)).to_std().unwrap_or_default();
        let continuations = self.session.shows_continuations_at().map(|due| (due - now).to_std().unwrap_or_default());
        let longest = if self.session.app().jobs().is_empty() { minute } else { REMOTE_POLL };
        let due = [next_due(self.session.app()), self.session.app().notices().due()].into_iter().flatten().map(until);
        due.chain(continuations).min().map_or(longest, |due| due.min(longest))
    }

    /// Asks the terminal for its capabilities. Returns whether the screen may have to change because no background was reported.
    fn query_terminal(&mut self) -> io::Result<bool> {
        if !capabilities::supports_osc(env_variable) {
            return Ok(false);
        }
        self.was_queried = true;
        let multiplexer = Multiplexer::of(|name| env_variable(name).is_some());
        let knows_background = terminal_query::query(self.io.guard.output()?, &mut self.input, multiplexer)?;
        let instead = background_from_env().filter(|_| !knows_background);
        Ok(instead.is_some_and(|background| self.session.set_background(background)))
    }

    /// Applies a reported background. From the first report on, the terminal reports when its background may have changed.
    fn handle_background(&mut self, background: Background) -> io::Result<LoopOutcome> {
        if !self.reports_background {
            self.reports_background = true;
            tty::update_extra_modes(|more| more.appearance = true)?;
        }
        Ok(if self.session.set_background(background) { LoopOutcome::Changed } else { LoopOutcome::Unchanged })
    }

    /// Applies the measured widths after the last reply.
    fn handle_probed_columns(&mut self) -> LoopOutcome {
        // If a reply is missing, no width applies: the others cannot be attributed to their clusters.
        let columns = self.probed_columns.take().and_then(|columns| columns.as_slice().try_into().ok());
        let Some(columns) = columns else { return LoopOutcome::Unchanged };
        self.widths = WidthQuirks::from_columns(columns).or(self.widths);
        if self.screen.set_width_quirks(self.widths) { LoopOutcome::Changed } else { LoopOutcome::Unchanged }
    }

    /// Asks for the background again, if the terminal has ever reported it. The reply arrives among the keys.
    pub fn query_background(&mut self) -> io::Result<()> {
        match self.reports_background {
            true => terminal_query::request_background(self.io.guard.output()?),
            false => Ok(()),
        }
    }

    /// Handles all waiting input. `changed`: the screen has to change already.
    fn handle_pending(&mut self, mut changed: bool) -> io::Result<LoopOutcome> {
        let mut any = false;
        while let Some(next) = self.input.next()? {
            any = true;
            if changed && next.is_press() {
                self.draw()?;
            }
            match self.handle_input(next)? {
                LoopOutcome::Quit => return Ok(LoopOutcome::Quit),
                LoopOutcome::Changed => changed = true,
                LoopOutcome::Unchanged => {}
            }
        }
        changed |= any && self.await_search()?;
        Ok(if changed { LoopOutcome::Changed } else { LoopOutcome::Unchanged })
    }

    fn handle_input(&mut self, event: InputEvent) -> io::Result<LoopOutcome> {
        let now = Utc::now();
        self.session.set_time(self.fixed_now.unwrap_or(now));
        self.session.set_key_time(now);
        match event {
            InputEvent::Key(key) => {
                let (effects, changed) = self.session.press(key);
                if self.perform(effects)? == LoopOutcome::Quit {
                    return Ok(LoopOutcome::Quit);
                }
                Ok(if changed { LoopOutcome::Changed } else { LoopOutcome::Unchanged })
            }
            InputEvent::Mouse(input) => self.handle_mouse(input),
            InputEvent::Paste(text) => {
                let effects = self.session.paste(&text);
                self.perform(effects)
            }
            InputEvent::Background(background) => self.handle_background(background),
            InputEvent::Focus(true) | InputEvent::ColourScheme(_) => {
                self.query_background()?;
                Ok(LoopOutcome::Unchanged)
            }
            InputEvent::KittyKeyboard if self.was_queried => {
                tty::update_extra_modes(|more| more.keys = true)?;
                Ok(LoopOutcome::Unchanged)
            }
            InputEvent::CursorPosition { row: terminal_query::PROBE_ROW, column } => {
                self.probed_columns.iter_mut().for_each(|columns| columns.push(column));
                Ok(LoopOutcome::Unchanged)
            }
            InputEvent::KittyGraphics(_)
            | InputEvent::TerminalName(_)
            | InputEvent::CellSize(_)
            | InputEvent::SixelColours(_)
            | InputEvent::DeviceAttributes { .. } => {
                let is_last = matches!(event, InputEvent::DeviceAttributes { .. });
                let is_redrawn = self.pictures.take_reply(event, &self.session, self.io.guard.output()?)?;
                let widths = if is_last { self.handle_probed_columns() } else { LoopOutcome::Unchanged };
                Ok(if is_redrawn { LoopOutcome::Changed } else { widths })
            }
            InputEvent::KittyKeyboard | InputEvent::Focus(false) | InputEvent::CursorPosition { .. } => {
                Ok(LoopOutcome::Unchanged)
            }
        }
    }

    /// Handles a mouse event. Waiting turns of the wheel and positions of a drag are merged into one event.
    fn handle_mouse(&mut self, mut input: MouseInput) -> io::Result<LoopOutcome> {
        while input.can_merge()
            && let Some(next) = self.input.next()?
        {
            let later = if let InputEvent::Mouse(later) = &next { input.merge(*later) } else { None };
            let Some(both) = later else {
                self.input.unread(next);
                break;
            };
            input = both;
        }
        let (effects, changed) = self.session.point(input, self.started.elapsed());
        if self.perform(effects)? == LoopOutcome::Quit {
            return Ok(LoopOutcome::Quit);
        }
        Ok(if changed { LoopOutcome::Changed } else { LoopOutcome::Unchanged })
    }

    /// Tells the session the time once a minute, when ages may change, and when something is due. Removes notices whose time is over.
    /// Returns whether the screen may have to change.
    fn tick(&mut self) -> io::Result<bool> {
        let real_now = Utc::now();
        let now = self.fixed_now.unwrap_or(real_now);
        let due = next_due(self.session.app()).is_some_and(|due| due <= now);
        let continuations = self.session.shows_continuations_at().is_some_and(|due| due <= real_now);
        if continuations {
            self.session.set_key_time(real_now);
        }
        let notices = self.session.app().notices().due().is_some_and(|due| due <= now);
        if notices {
            self.session.set_event_time(now);
        }
        let is_later = now.timestamp() / 60 != self.now.timestamp() / 60;
        if is_later {
            self.now = now;
            self.receive(vec![Event::Tick(now)])?;
        } else if due {
            self.receive(vec![Event::Due(now)])?;
        }
        Ok(is_later || due || continuations || notices)
    }

    /// Reloads the article files.
    pub fn load(&mut self) -> io::Result<()> {
        let now = Now { at: self.now, zone: self.session.app().zone() };
        self.start(load(&self.io.library_service, now))
    }

    /// Starts a job, and tells the session.
    pub fn start(&mut self, job: Job) -> io::Result<()> {
        let started = self.io.runner.run(job);
        self.send_event(Event::Job(started))
    }

    /// Hands one event to the session.
    pub fn send_event(&mut self, event: Event) -> io::Result<()> {
        self.receive(vec![event]).map(drop)
    }

    fn draw(&mut self) -> io::Result<()> {
        self.pictures.prepare(&mut self.session);
        frame_extras::compose(&mut self.screen, &mut self.session, self.options);
        #[cfg(feature = "pictures")]
        self.pictures.arrange(&mut self.screen, &self.session)?;
        // Before the frame is sent, because a signal may end the program as soon as the frame is visible.
        if let Some(marks_writer) = &self.io.marks_writer {
            let light = self.session.background().map(|background| background == Background::Light);
            marks_writer.set_bookmark(self.session.app().bookmark().map(|bookmark| Bookmark { light, ..bookmark }));
        }
        set_title(&self.session, self.has_title)?;
        self.screen.send()?;
        let wanted = self.session.wanted_pictures();
        if wanted.is_empty() { Ok(()) } else { self.send_event(Event::PicturesWanted(wanted.to_vec())) }
    }

    /// Clears the screen and forgets its contents, so that the next frame is sent as a whole.
    pub fn repaint(&mut self) -> io::Result<()> {
        self.screen = cleared_screen(&self.io.guard, false)?;
        self.screen.set_width_quirks(self.widths);
        Ok(())
    }
}

/// Sets the title of the window, if it has changed and the window has one.
fn set_title(session: &HeadlessUi, has_title: bool) -> io::Result<()> {
    let (app, settings) = (session.app(), session.app().settings());
    let title = || capabilities::title(app.unread().count(), settings.symbols());
    tty::set_title((has_title && settings.terminal_title).then(title).as_ref())
}

/// When the session must be told the time: the open article counts as read, a sync starts, or the navigation pane lacks counts.
fn next_due(app: &App) -> Option<DateTime<Utc>> {
    let due = [app.open_article_due(), app.subscriptions().due(app.settings().sync), app.navigation_due()];
    due.into_iter().flatten().min()
}

/// The smallest screen, in columns and rows, on which the probe clusters fit.
const PROBE_AREA: (u16, u16) = (12, 2);

/// Clears the terminal, and returns a screen of its size, limited to [`ui::MAX_SCREEN`]. With `probes`, widths are measured, and
/// the caller must read the replies.
pub fn cleared_screen(guard: &TerminalGuard, probes: bool) -> io::Result<Screen<Output>> {
    let (columns, rows) = crossterm::terminal::size()?;
    let area = Rect::new(0, 0, columns.clamp(1, ui::MAX_SCREEN), rows.clamp(1, ui::MAX_SCREEN));
    let mut output = guard.output()?;
    if probes && columns >= PROBE_AREA.0 && rows >= PROBE_AREA.1 {
        terminal_query::probe_widths(&mut output)?;
    }
    execute!(output, Clear(ClearType::All))?;
    Ok(Screen::new(output, area))
}
